"""Records the bundled sample: `python -m samples.record [--data DIR]`.

The project's own clients ask the stand-ins for the publishers, which serve cuts of published
tables, invented firms and invented documents, and archive what they get here, under the publishers' own addresses.
For maintainers: running on the sample needs neither the recorder nor the data it cuts from.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import sys
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import httpx

from assets.catalogue import Catalogue, load_catalogue
from assets.sources.inbox import BASE as INBOX
from assets.sources.inbox import InboxTransport
from assets.sources.intake import take_in
from assets.sources.survey import FetcherOf, news, survey_all
from assets.sources.transport import Fetcher, Policy
from pipelines.settings import Settings
from samples import cuts, documents, invented, register_years
from samples.addresses import ManyUnderRealAddresses, UnderRealAddress
from tests.publishers import Publishers, shared
from tests.publishers.server import Publisher
from warehouse.archive import Archive, Release

HERE = Path(__file__).resolve().parent
KEPT = ("blobs", "releases")
"""The folders that are the recording; the rest of this folder is how it is made."""

MOMENT = dt.datetime(2026, 11, 1, 3, 30, tzinfo=dt.UTC)
"""When everything counts as fetched, so that the same input gives the same recording."""
BULK_FILE_DAY = dt.date(2026, 10, 30)
DROPPED_AT = {
    register_years.EARLIER_NAME: dt.datetime(2025, 6, 16, 8, 0, tzinfo=dt.UTC),
    invented.REGISTER_NAME: dt.datetime(2026, 6, 15, 8, 0, tzinfo=dt.UTC),
}
"""When the registers count as dropped in the inbox."""

EDITIONS = frozenset(
    {
        *(("budget_sites", document.edition) for document in documents.DOCUMENTS),
        ("cbs_areas", "2022"),
        ("cbs_areas", "2026"),
        ("cbs_establishments", "current"),
        ("cbs_kwb", "2020"),
        ("establishment_register", "2025-04-01"),
        ("establishment_register", "2026-04-01"),
        ("ibis", "current"),
        ("iv3_provinces", "2013"),
        ("kvk_open_data", "current"),
    }
)
"""What the sample holds, by source."""
SYNTHETIC = frozenset({"budget_sites", "establishment_register", "kvk_open_data"})
"""Sources of which the sample holds invented data."""


class NotAsMeantError(RuntimeError):
    """The recording is not what the sample is meant to hold."""


def record(target: Path = HERE) -> list[Release]:
    """Make the recording anew in `target`, in place of the one there; what it holds.

    Nothing is replaced before all is recorded and read back. Raises NotAsMeantError.
    """
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target, prefix=".recording-") as name:
        work = Path(name)
        catalogue = load_catalogue()
        municipalities = catalogue.provinces[cuts.PROVINCE].municipalities
        inbox = work / "inbox"
        inbox.mkdir()
        with Publishers() as house, ExitStack() as open_fetchers:
            _fill(house, inbox, municipalities)
            fetcher_of = _under_real_addresses(house, inbox, open_fetchers)
            releases = _take_in_all(catalogue, Archive(work / "archive"), fetcher_of)
        _swap(work / "archive", target, aside=work)
    return releases


def _fill(house: Publishers, inbox: Path, municipalities: Sequence[str]) -> None:
    outlines = cuts.outlines(municipalities, cuts.YEAR_OF_OUTLINES)
    earlier = cuts.outlines(municipalities, cuts.EARLIER_OUTLINES)
    real = shared.establishments()
    house.cbs_v3.put(cuts.neighbourhoods_2020(municipalities))
    house.third_party.put(cuts.province_budget_2013())
    house.cbs_v4.put(cuts.establishments_2026(cuts.names_of(outlines)))
    house.geo.put_features("gemeente_gegeneraliseerd", cuts.YEAR_OF_OUTLINES, outlines)
    house.geo.put_features("gemeente_gegeneraliseerd", cuts.EARLIER_OUTLINES, earlier)
    house.ibis.put_features(shared.business_parks())
    bulk_time = dt.time(4, 0, tzinfo=dt.UTC)
    house.kvk.put_file(
        invented.bulk_file(BULK_FILE_DAY), dt.datetime.combine(BULK_FILE_DAY, bulk_time)
    )
    for document in documents.DOCUMENTS:
        pages = documents.pages(document)
        house.budget_sites.put_site(document.host, pages, document.modified)
    areas = cuts.neighbourhoods(municipalities)
    register = invented.register(areas, dict(real.select("RegioS", "Value").iter_rows()))
    earlier_register = register_years.year_before(register, areas)
    _drop(inbox / invented.REGISTER_NAME, register)
    _drop(inbox / register_years.EARLIER_NAME, earlier_register)


def _drop(path: Path, rows: Iterable[invented.Row]) -> None:
    path.write_bytes(invented.register_file(rows))
    moment = DROPPED_AT[path.name].timestamp()
    os.utime(path, (moment, moment))


def _under_real_addresses(house: Publishers, inbox: Path, open_fetchers: ExitStack) -> FetcherOf:
    """One fetcher a publisher; `open_fetchers` closes them."""
    # The defaults, whatever the environment of the maintainer says.
    settings = Settings.model_construct()
    stand_ins: dict[str, Publisher] = {
        "cbs_v3": house.cbs_v3,
        "cbs_third_party": house.third_party,
        "cbs_v4": house.cbs_v4,
        "kvk": house.kvk,
        "geo": house.geo,
        "ibis": house.ibis,
    }

    @cache
    def fetcher_of(publisher: str) -> Fetcher:
        transport: httpx.BaseTransport
        if publisher == "inbox":
            base, transport = INBOX, InboxTransport(inbox)
        elif publisher == "budget_documents":
            base = settings.address(publisher)
            transport = ManyUnderRealAddresses(house.budget_sites.url)
        else:
            base, at = settings.address(publisher), stand_ins[publisher].url
            transport = UnderRealAddress(base, at, synthetic=publisher == "kvk")
        fetcher = Fetcher(base, policy=Policy(tries=1), transport=transport, clock=lambda: MOMENT)
        return open_fetchers.enter_context(fetcher)

    return fetcher_of


def _take_in_all(catalogue: Catalogue, archive: Archive, fetcher_of: FetcherOf) -> list[Release]:
    """What a first night does, up to the archive. Raises NotAsMeantError, SourceError."""
    surveys = survey_all(catalogue, fetcher_of, archive)
    failures = {name: survey.failure for name, survey in surveys.items() if survey.failure}
    if failures:
        raise NotAsMeantError(f"stand-ins could not be asked: {failures}")
    found = news(surveys, archive)
    editions = {(listing.source, listing.edition) for listing in found}
    if editions != EDITIONS:
        raise NotAsMeantError(
            f"lacking {sorted(EDITIONS - editions)}, not meant {sorted(editions - EDITIONS)}"
        )
    releases = [
        take_in(
            catalogue.sources[listing.source],
            listing.edition,
            archive,
            fetcher_of,
            listing=listing,
            row_floor=catalogue.sources[listing.source].sample_row_floor,
        ).release
        for listing in sorted(found, key=lambda listing: (listing.source, listing.edition))
    ]
    marked = {release.source for release in releases if release.synthetic}
    if marked != SYNTHETIC:
        raise NotAsMeantError(
            f"marked synthetic: {sorted(marked)}, meant to be: {sorted(SYNTHETIC)}"
        )
    return releases


def _swap(fresh: Path, target: Path, aside: Path) -> None:
    """Put the new folders in the place of the old ones, which end up in `aside`."""
    for name in KEPT:
        if (target / name).exists():
            (target / name).rename(aside / name)
        (fresh / name).rename(target / name)


def main(arguments: Sequence[str] | None = None) -> int:
    """Record, and say what was recorded."""
    parser = argparse.ArgumentParser(prog="python -m samples.record", description=__doc__)
    parser.add_argument(
        "--data",
        type=Path,
        default=shared.folder(),
        help="folder with the published data to cut from (default: %(default)s)",
    )
    chosen = parser.parse_args(arguments)
    os.environ["LM_SHARED_DATA"] = str(chosen.data.resolve())
    if not shared.available():
        print(f"no published data in {shared.folder()}; name its folder with --data")
        return 2
    for release in record():
        mark = " (invented)" if release.synthetic else ""
        print(f"{release.source} {release.edition}: {release.rows} rows{mark}")
    size = sum(path.stat().st_size for name in KEPT for path in (HERE / name).rglob("*.*"))
    print(f"{size / 1024:.0f} kB in {HERE.name}/")
    return 0


if __name__ == "__main__":
    sys.exit(main())
