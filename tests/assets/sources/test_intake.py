"""Taking in one edition: what is asked, what is committed, and which release counts."""

from __future__ import annotations

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import polars as pl
import pytest

from assets.sources import intake
from assets.sources.errors import Absent, Incomplete
from assets.sources.reading import Listing
from tests.assets.material import AREAS, World, areas_table, described


def test_without_asking_what_is_archived_is_read_again(world: World) -> None:
    world.house.cbs_v3.put(areas_table())
    first = world.take(AREAS)
    world.house.clear_requests()
    world.house.cbs_v3.put(areas_table().a_day_later())
    again = world.take(AREAS, ask=False)
    assert (again.release, again.fresh) == (first.release, False)
    assert again.table.rows.equals(first.table.rows)
    assert not world.house.cbs_v3.requests


def test_without_asking_what_is_not_archived_is_asked_all_the_same(world: World) -> None:
    world.house.cbs_v3.put(areas_table())
    assert world.take(AREAS, ask=False).fresh


def test_a_listing_that_was_just_given_is_not_asked_for_again(world: World) -> None:
    world.house.cbs_v3.put(areas_table())
    told = Listing("areas", "2020", "99020NED", "2021-03-26T02:00:00/24", url="")
    taken = world.take(AREAS, listing=told)
    assert taken.release.fingerprint == told.fingerprint
    assert taken.release.modified_at == dt.datetime(2021, 3, 26, 1), "of the table itself"
    assert taken.release.url.startswith(world.house.cbs_v3.url)
    catalogue = [r for r in world.house.cbs_v3.requests if r.path == "/ODataCatalog/Tables"]
    assert [r.query.get("$filter") for r in catalogue] == ["Identifier eq '99020NED'"] * 2


def test_a_listing_that_is_out_of_date_by_now_is_put_right_the_next_time(world: World) -> None:
    """The table is what it is when it is read; the next survey sees that it is newer."""
    told = Listing("areas", "2020", "99020NED", "2021-03-26T02:00:00/24", url="")
    world.house.cbs_v3.put(areas_table(Modified="2021-06-01T02:00:00"))
    first = world.take(AREAS, listing=told)
    assert first.release.modified_at == dt.datetime(2021, 6, 1, 0)
    second = world.take(AREAS)
    assert second.release.release_id == first.release.release_id
    assert [r.fingerprint for r in world.archive.releases("areas")] == ["2021-06-01T02:00:00/24"]
    world.house.clear_requests()
    assert not world.take(AREAS).fresh


def test_a_table_set_back_to_an_older_one_does_not_become_the_newest(world: World) -> None:
    """The publisher's order of release counts, or a rebuild would say something else."""
    older, newer = areas_table(Modified="2021-01-01T02:00:00"), areas_table(20)
    world.house.cbs_v3.put(newer)
    good = world.take(AREAS)
    world.house.cbs_v3.put(older)
    taken = world.take(AREAS)
    assert (taken.release, taken.fresh, taken.table.rows.height) == (good.release, False, 20)
    [remark] = taken.table.remarks
    assert remark.startswith("the publisher now gives a release of 2021-01-01 01:00:00, older")
    assert [r.rows for r in world.archive.releases("areas")] == [24, 20], "it is archived"
    assert world.take(AREAS, ask=False).release == good.release


def test_what_was_refused_is_read_again_once_the_declaration_is_right(world: World) -> None:
    world.house.cbs_v3.put(described(areas_table(), "AantalInwoners_5", Unit="x 10"))
    with pytest.raises(intake.ContractBroken):
        world.take(AREAS)
    world.house.clear_requests()
    inhabitants = AREAS.measures["inhabitants"].model_copy(
        update={"published_unit": ("aantal", "x 10")}
    )
    right = AREAS.model_copy(update={"measures": {**AREAS.measures, "inhabitants": inhabitants}})
    taken = world.take(right)
    assert (taken.fresh, taken.release.rows) == (False, 24)
    assert len(world.house.cbs_v3.requests) == 1, "no page of it was fetched again"


def test_nothing_is_archived_where_there_is_nothing(world: World) -> None:
    with pytest.raises(Absent):
        world.take(AREAS)
    assert not list(world.folder.rglob("*.json"))


def test_two_at_the_same_time_take_in_the_same(world: World) -> None:
    world.house.cbs_v3.put(areas_table())
    world.fetcher_of("cbs_v3")
    ready = threading.Barrier(4)

    def take(_: int) -> intake.Taken:
        ready.wait()
        return world.take(AREAS)

    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(take, range(4)))
    assert len({t.release.release_id for t in taken}) == 1
    assert all(t.table.rows.equals(taken[0].table.rows) for t in taken)
    [release] = world.archive.releases("areas")
    assert release.rows == 24
    for part in release.parts:
        world.archive.read(part)


def test_a_damaged_archive_is_told_of_and_mended_by_taking_in_again(world: World) -> None:
    world.house.cbs_v3.put(areas_table())
    release = world.take(AREAS).release
    page = release.part("TypedDataSet/00001")
    blob = world.archive.folder / "blobs" / page.sha256[:2] / f"{page.sha256}.zst"
    blob.write_bytes(blob.read_bytes()[:-20])
    with pytest.raises(ValueError, match="TypedDataSet/00001 is damaged"):
        world.take(AREAS)
    assert not world.take(AREAS, again=True).fresh, "the release is the same"
    assert world.take(AREAS).table.rows.height == 24


def test_an_archive_that_lost_a_row_of_its_table_is_not_believed(world: World) -> None:
    """A release is counted each time it is read, not only when it is fetched."""
    world.house.cbs_v3.put(areas_table())
    release = world.take(AREAS).release
    [manifest] = world.archive.folder.glob("releases/areas/2020/*.json")
    text = manifest.read_text()
    first, second = (release.part(f"TypedDataSet/{n:05}").sha256 for n in (0, 1))
    sizes = (release.part(f"TypedDataSet/{n:05}").bytes for n in (0, 1))
    assert len(set(sizes)) == 2
    manifest.write_text(text.replace(second, first))
    with pytest.raises(Incomplete, match="came twice"):
        world.take(AREAS, ask=False)


def test_dimensions_keep_their_codes_as_text(world: World) -> None:
    table = areas_table(3)
    zeros = pl.col("WijkenEnBuurten").str.replace("BU0153", "000153")
    world.house.cbs_v3.put(
        type(table)(
            **{
                name: getattr(table, name)
                for name in ("identifier", "catalog_row", "properties", "category_groups")
            },
            rows=table.rows.with_columns(zeros),
            dimensions={
                "WijkenEnBuurten": table.dimensions["WijkenEnBuurten"].with_columns(
                    Key=pl.col("Key").str.replace("BU0153", "000153")
                )
            },
        )
    )
    rows = world.take(AREAS).table.rows
    assert rows["WijkenEnBuurten"].cast(pl.String).to_list() == [
        "0001530000",
        "0001530001",
        "0001530002",
    ]
