"""An archive that answers in place of the publishers: what was recorded, and nothing else."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import httpx
import pytest

from assets.sources.errors import Absent
from assets.sources.intake import take_in
from assets.sources.replay import ArchiveTransport
from assets.sources.survey import survey
from assets.sources.transport import Fetcher, address
from tests.assets.material import (
    AREAS,
    COMPANIES,
    COMPANY,
    OUTLINES,
    PARKS,
    QUICK,
    SECTORS,
    SETTING,
    World,
    areas_table,
    municipalities,
    parks,
    sectors_table,
)
from tests.publishers import Fault
from warehouse.archive import Archive

MORNING = dt.datetime(2026, 8, 4, 4)


def record(
    archive: Archive,
    url: str,
    body: bytes,
    *,
    moment: dt.datetime = MORNING,
    synthetic: bool = False,
    etag: str | None = None,
) -> None:
    """Put one answer into an archive, as a release by itself."""
    with archive.draft("trial", "2020") as draft:
        draft.add("file", url, body, fetched_at=moment, synthetic=synthetic, etag=etag)
        release = draft.preview(
            identifier="x",
            url=url,
            fingerprint="",
            modified_at=moment,
            licence="",
            attribution="",
        )
        draft.commit(release, rows=None)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """An archive with one answer."""
    made = Archive(tmp_path / "archive")
    record(made, "https://cbs.test/Tables?$format=json&$filter=Id eq 'a b'", b"one", etag='"e1"')
    return made


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/Tables?$format=json&$filter=Id eq 'a b'", 200),
        ("/Tables?$filter=Id%20eq%20%27a%20b%27&%24format=json", 200),
        ("/Tables?%24filter=Id+eq+%27a+b%27&$format=json", 200),
        ("/Tables?$format=json", 404),
        ("/Tables?$format=json&$filter=Id eq 'a b'&x=", 404),
        ("/tables?$format=json&$filter=Id eq 'a b'", 404),
        ("/", 404),
    ],
)
def test_an_address_is_recognised_however_it_is_spelt(
    archive: Archive, path: str, status: int
) -> None:
    with httpx.Client(transport=ArchiveTransport(archive)) as client:
        assert client.get(f"https://cbs.test{path}").status_code == status
        assert client.get(f"https://other.test{path}").status_code == 404


def test_what_was_never_recorded_is_absent_and_says_so(archive: Archive) -> None:
    with (
        Fetcher("https://cbs.test", policy=QUICK, transport=ArchiveTransport(archive)) as fetcher,
        pytest.raises(Absent, match="HTTP 404"),
    ):
        fetcher.get("elsewhere")


def test_the_newest_answer_in_the_publishers_order_counts(archive: Archive) -> None:
    url = "https://cbs.test/file"
    for day, body in ((3, b"three"), (9, b"nine"), (5, b"five")):
        record(archive, url, body, moment=dt.datetime(2026, 9, day))
    with httpx.Client(transport=ArchiveTransport(archive)) as client:
        assert client.get(url).content == b"nine"


def test_conditional_questions(archive: Archive) -> None:
    record(archive, "https://cbs.test/untagged", b"two")
    with Fetcher("https://cbs.test", policy=QUICK, transport=ArchiveTransport(archive)) as fetcher:
        params = {"$format": "json", "$filter": "Id eq 'a b'"}
        assert fetcher.get("Tables", params=params).etag == '"e1"'
        assert fetcher.get("Tables", params=params, etag='"e1"').body is None
        assert fetcher.get("Tables", params=params, etag='"e2"').body == b"one"
        untagged = fetcher.get("untagged")
        assert untagged.etag, "one is made of the hash"
        assert fetcher.get("untagged", etag=untagged.etag).body is None


@pytest.mark.parametrize("synthetic", [True, False])
def test_invented_data_stays_marked(archive: Archive, synthetic: bool) -> None:
    record(archive, "https://cbs.test/made", b"x", synthetic=synthetic)
    with Fetcher("https://cbs.test", policy=QUICK, transport=ArchiveTransport(archive)) as fetcher:
        assert fetcher.get("made").synthetic is synthetic


def test_every_address_it_can_answer_is_told(archive: Archive) -> None:
    assert ArchiveTransport(archive).addresses() == [
        address("https://cbs.test/Tables?$filter=Id eq 'a b'&$format=json")
    ]


def test_a_replayed_archive_gives_the_same_tables_as_the_publishers(
    world: World, tmp_path: Path
) -> None:
    """Every protocol, with pages and a redirect on the way: the sample is read by the same path."""
    house = world.house
    house.cbs_v3.put(areas_table())
    house.cbs_v4.put(sectors_table())
    house.kvk.put_bulk([COMPANY] * 3)
    house.geo.put_features("gemeente_gegeneraliseerd", 2026, municipalities(2026, 10))
    house.ibis.put_features(parks(5))
    house.kvk.inject(Fault("download", kind="redirect"))
    house.cbs_v3.inject(Fault("TypedDataSet", kind="redirect"))
    sources = (AREAS, SECTORS, OUTLINES, PARKS, COMPANIES)
    taken = {}
    for source in sources:
        world.survey(source)
        taken[source.name] = world.take(source, max(source.editions))
    house.clear_requests()

    replay = ArchiveTransport(world.archive)
    again = Archive(tmp_path / "second")

    def fetcher_of(publisher: str) -> Fetcher:
        return Fetcher(house.env[SETTING[publisher]], policy=QUICK, transport=replay)

    for source in sources:
        answer = survey([source], fetcher_of(source.publisher), again)
        assert answer.failure is None
        second = take_in(source, max(source.editions), again, fetcher_of)
        first = taken[source.name]
        assert second.table.rows.equals(first.table.rows), source.name
        assert second.release.sha256 == first.release.sha256
        assert second.release.fingerprint == first.release.fingerprint
        assert not take_in(source, max(source.editions), again, fetcher_of).fresh
    assert not any(at.requests for at in house)
