"""Of which two releases something is told, and since when: whatever the order in which they came."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.catalogue import Catalogue
from assets.core import SUBJECTS, key_of, tables_of
from assets.core.reference_dates import year_before
from assets.edges import Edges
from assets.origins import Origin, kept, lacking, paired, stamp_for, wanted
from expectations.ledger import Ledger
from tests.assets.marts.test_values import source
from warehouse.archive import Archive, Release
from warehouse.frames import FrameStore, kept_as
from warehouse.incidents import Incidents

REGISTER = "register"
NOW, YEAR_BEFORE, NEARLY, TWO_BEFORE = "2026-04-01", "2025-04-01", "2025-04-20", "2024-04-01"
EDITIONS = (NOW, YEAR_BEFORE, NEARLY, TWO_BEFORE)
CATALOGUE = Catalogue(
    sources={
        REGISTER: source(
            REGISTER, "establishments", disclosure={"minimum_contributors": 3, "p_percent": 10}
        )
    },
    indicators={},
    sites={},
    provinces={},
)
TABLES = tables_of(CATALOGUE, REGISTER)


def release(edition: str, day: int, said: str = "00000000") -> Release:
    """A release of an edition on a day of 2026."""
    moment = dt.datetime(2026, 1, 1) + dt.timedelta(days=day)
    return Release(
        release_id=f"{REGISTER}:{edition}:{moment:%Y-%m-%dT%H%M%S}:{said}",
        source=REGISTER,
        edition=edition,
        identifier="x",
        url="https://register.test",
        fingerprint="",
        sha256="",
        bytes=0,
        rows=None,
        fetched_at=moment,
        modified_at=moment,
        licence="",
        attribution="",
        synthetic=True,
        parts=(),
    )


RELEASES = st.lists(
    st.builds(release, st.sampled_from(EDITIONS), st.integers(0, 12)),
    unique_by=lambda one: one.release_id,
    max_size=9,
)


def by_edition(releases: list[Release]) -> dict[str, list[Release]]:
    """The releases of each edition in order of time."""
    return {
        edition: sorted((one for one in releases if one.edition == edition), key=lambda r: r.order)
        for edition in {one.edition for one in releases}
    }


@given(RELEASES)
def test_at_every_moment_it_is_told_of_what_was_newest_then(releases: list[Release]) -> None:
    accepted = by_edition(releases)
    for edition in accepted:
        found = paired(edition, accepted)
        moments = [origin.known_from for origin in found]
        assert moments == sorted(set(moments))
        for day in range(14):
            moment = dt.datetime(2026, 1, 1) + dt.timedelta(days=day)
            known = {
                other: [one for one in those if one.known_from <= moment][-1]
                for other, those in accepted.items()
                if those[0].known_from <= moment
            }
            then = [origin for origin in found if origin.known_from <= moment][-1:]
            if edition not in known:
                assert then == []
                continue
            earlier = year_before(edition, known)
            assert then == [Origin(known[edition], known[earlier] if earlier else None)]


def test_a_correction_of_either_extract_is_a_moment_of_its_own() -> None:
    first, corrected = release(NOW, 1), release(NOW, 5)
    before, later = release(YEAR_BEFORE, 0), release(YEAR_BEFORE, 3)
    found = paired(NOW, by_edition([first, corrected, before, later]))
    assert found == [Origin(first, before), Origin(first, later), Origin(corrected, later)]
    assert [origin.later for origin in found] == [first, later, corrected]
    assert len({origin.id for origin in found}) == 3


def test_two_dates_that_are_no_year_apart_are_not_compared() -> None:
    [found] = paired(NOW, by_edition([release(NOW, 1), release(TWO_BEFORE, 0)]))
    assert found.before is None
    assert found.id == found.release.release_id


def edges(folder: Path) -> Edges:
    """The edges of a house that has one register."""
    return Edges(
        catalogue=CATALOGUE,
        archive=Archive(folder / "archive"),
        frames=FrameStore(folder / "frames"),
        ledger=Ledger(folder / "ledger"),
        incidents=Incidents(f"sqlite:///{folder / 'incidents.sqlite'}"),
        fetcher_of=lambda publisher: pytest.fail("nobody is asked"),
        warehouse_url="duckdb:///none",
        home=folder,
        sample=False,
        code_version="1",
    )


def accept(house: Edges, edition: str, day: int) -> Release:
    """Archive a release, and let its establishments pass."""
    with house.archive.draft(REGISTER, edition) as draft:
        moment = release(edition, day).known_from
        draft.add("table", "https://register.test", f"{edition} {day}".encode(), fetched_at=moment)
        made = draft.commit(
            draft.preview(
                identifier="x",
                url="https://register.test",
                fingerprint=str(day),
                modified_at=moment,
                licence="",
                attribution="",
            ),
            rows=1,
        )
    key = key_of("establishment", REGISTER)
    house.frames.write(key, edition, pl.DataFrame({"n": [day]}), {"release_id": made.release_id})
    house.frames.keep(key, edition, made.release_id)
    return made


def tell(house: Edges) -> int:
    """Make what is lacking of the tables of two releases, as the assets do; returns how much it was."""
    made = 0
    for edition in house.archive.editions(REGISTER):
        for table in SUBJECTS["establishments"][1:]:
            key = key_of(table.name, REGISTER)
            for origin in lacking(house, REGISTER, table, edition):
                frame, stamp = pl.DataFrame({"n": [1]}), stamp_for(house, origin)
                if origin == wanted(house, REGISTER, table, edition)[-1]:
                    house.frames.write(key, edition, frame, stamp)
                    house.frames.keep(key, edition, origin.id)
                else:
                    house.frames.write(*kept_as(key, origin.id), frame, stamp)
                made += 1
    return made


@settings(max_examples=15)
@given(
    st.permutations(
        [(NOW, 1), (NOW, 5), (YEAR_BEFORE, 0), (YEAR_BEFORE, 3), (NEARLY, 4), (TWO_BEFORE, 2)]
    )
)
def test_whatever_the_order_of_arrival_the_same_is_told(
    tmp_path_factory: pytest.TempPathFactory, order: list[tuple[str, int]]
) -> None:
    house = edges(tmp_path_factory.mktemp("house"))
    for edition, day in order:
        accept(house, edition, day)
        tell(house)
        assert tell(house) == 0
    for table in SUBJECTS["establishments"][1:]:
        found = kept(house, REGISTER, table)
        assert {
            edition: [
                (origin.known_from.timetuple().tm_yday - 1, origin.before and origin.before.edition)
                for origin in origins
            ]
            for edition, origins in found.items()
        } == {
            NOW: [(1, YEAR_BEFORE), (3, YEAR_BEFORE), (5, YEAR_BEFORE)],
            YEAR_BEFORE: [(0, None), (2, TWO_BEFORE), (3, TWO_BEFORE)],
            NEARLY: [(4, TWO_BEFORE)],
            TWO_BEFORE: [(2, None)],
        }


def test_what_was_refused_is_not_made_again_until_it_would_be_made_otherwise(
    tmp_path: Path,
) -> None:
    house = edges(tmp_path)
    accept(house, YEAR_BEFORE, 0)
    accept(house, NOW, 1)
    table = TABLES["contribution"]
    [origin] = lacking(house, REGISTER, table, NOW)
    key = key_of("contribution", REGISTER)
    house.frames.refuse_release(key, origin.id, stamp_for(house, origin), "odd", older=False)
    assert lacking(house, REGISTER, table, NOW) == []
    assert wanted(house, REGISTER, TABLES["figure"], NOW) == [], "there is nothing to count"
    assert lacking(replace(house, code_version="2"), REGISTER, table, NOW) == [origin]
    corrected = accept(house, YEAR_BEFORE, 3)
    assert lacking(house, REGISTER, table, NOW) == [Origin(origin.release, corrected)]
