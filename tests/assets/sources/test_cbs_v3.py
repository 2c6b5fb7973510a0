"""OData 3: every row and value of a table, from several pages, padding gone, counted and hashed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace

import polars as pl
import pytest

from assets.catalogue import Catalogue
from assets.sources.errors import Absent, ContractBroken, Incomplete
from assets.sources.reading import RawTable
from tests.assets.conftest import RealTable
from tests.assets.material import AREAS, World, areas_table, needs_shared
from tests.publishers import V3Table


def stripped(frame: pl.DataFrame) -> pl.DataFrame:
    """Rows as they should be read: texts without padding, all numbers as floats, no row number."""
    return frame.drop("ID").select(
        pl.col(name).str.strip_chars() if dtype == pl.String else pl.col(name).cast(pl.Float64)
        for name, dtype in frame.drop("ID").schema.items()
    )


def as_text(table: RawTable) -> pl.DataFrame:
    """Rows as they were read, with categories as the texts that they stand for."""
    return table.rows.with_columns(pl.col(pl.Categorical).cast(pl.String))


def test_a_table_in_several_pages_comes_whole(world: World) -> None:
    table = world.house.cbs_v3.put(areas_table(24))
    taken = world.take(AREAS)

    assert as_text(taken.table).equals(stripped(table.rows))
    assert taken.table.remarks == (), "what is declared or left out is not remarked upon"
    assert (taken.fresh, taken.release.rows, taken.table.long) == (True, 24, False)
    asked = [request.query.get("$skip") for request in world.house.cbs_v3.requests]
    assert [skip for skip in asked if skip] == ["10", "20"] * 2, "areas, and rows, in pages of ten"


def test_columns_and_codes_are_told_of(world: World) -> None:
    world.house.cbs_v3.put(areas_table(2))
    table = world.take(AREAS).table
    assert table.columns.select("name", "title", "group", "unit", "kind", "datatype").rows() == [
        ("WijkenEnBuurten", "Wijken en buurten", None, None, "dimension", None),
        ("Gemeentenaam_1", "Gemeentenaam", "Regioaanduiding", "naam", "measure", "String"),
        (
            "IndelingswijzigingWijkenEnBuurten_4",
            "Indelingswijziging wijken en buurten",
            "Regioaanduiding",
            "code",
            "measure",
            "String",
        ),
        ("AantalInwoners_5", "Aantal inwoners", "Bevolking", "aantal", "measure", "Long"),
        (
            "GemiddeldeWoningwaarde_35",
            "Gemiddelde woningwaarde",
            "Bevolking",
            "x 1 000 euro",
            "measure",
            "Double",
        ),
        (
            "BedrijfsvestigingenTotaal_91",
            "Bedrijfsvestigingen totaal",
            "Bevolking",
            "aantal",
            "measure",
            "Long",
        ),
    ]
    assert table.codes.rows() == [
        ("WijkenEnBuurten", "BU01530000", "Büurt 0 ] é", None, "GM0153"),
        ("WijkenEnBuurten", "BU01530001", "Büurt 1 ] é", None, "GM0153"),
    ]


def test_the_release_says_where_every_byte_came_from(world: World) -> None:
    world.house.cbs_v3.put(areas_table(24))
    release = world.take(AREAS).release
    assert world.archive.releases("areas") == [release]
    assert release.release_id.startswith("areas:2020:2021-03-26T010000:"), "Dutch time, in UTC"
    assert (release.identifier, release.licence, release.attribution, release.synthetic) == (
        "99020NED",
        AREAS.licence,
        "CBS",
        False,
    )
    assert {part.name for part in release.parts} == {
        "Tables",
        "DataProperties/00000",
        "CategoryGroups/00000",
        *(f"WijkenEnBuurten/{n:05}" for n in range(3)),
        *(f"TypedDataSet/{n:05}" for n in range(3)),
    }
    for part in release.parts:
        body = world.archive.read(part)
        assert hashlib.sha256(body).hexdigest() == part.sha256
        assert len(body) == part.bytes
        assert part.url.startswith(world.house.cbs_v3.url)
        json.loads(body)
    said = "\n".join(f"{p.name} {p.sha256}" for p in sorted(release.parts, key=lambda p: p.name))
    assert release.sha256 == hashlib.sha256(said.encode()).hexdigest()
    assert release.bytes == sum(part.bytes for part in release.parts)


def test_what_has_not_changed_is_not_fetched_again(world: World) -> None:
    world.house.cbs_v3.put(areas_table(24))
    first = world.take(AREAS)
    world.house.clear_requests()
    [listing] = world.survey(AREAS).listings
    second = world.take(AREAS, listing=listing)
    assert listing.fingerprint == first.release.fingerprint
    assert (second.fresh, second.release) == (False, first.release)
    assert as_text(second.table).equals(as_text(first.table))
    assert len(world.house.cbs_v3.requests) == 1, "the catalogue, once"


def test_a_changed_cell_makes_a_new_release(world: World) -> None:
    table = world.house.cbs_v3.put(areas_table(24))
    first = world.take(AREAS)
    here = pl.col("WijkenEnBuurten") == "BU01530017"
    later = table.with_cell(here, "AantalInwoners_5", 4711).a_day_later()
    world.house.cbs_v3.put(later)
    second = world.take(AREAS)
    assert second.fresh
    assert second.release.release_id != first.release.release_id
    assert world.archive.latest("areas", "2020") == second.release
    assert len(world.archive.releases("areas")) == 2, "the old one stays"
    row = as_text(second.table).filter(pl.col("WijkenEnBuurten") == "BU01530017")
    assert row["AantalInwoners_5"].item() == 4711
    changed = as_text(first.table)["AantalInwoners_5"].ne_missing(
        as_text(second.table)["AantalInwoners_5"]
    )
    assert changed.sum() == 1


def test_a_correction_without_a_date_is_fetched_when_told_to(world: World) -> None:
    table = world.house.cbs_v3.put(areas_table(24))
    first = world.take(AREAS)
    here = pl.col("WijkenEnBuurten") == "BU01530017"
    world.house.cbs_v3.put(table.with_cell(here, "AantalInwoners_5", 4711))
    assert not world.take(AREAS).fresh
    second = world.take(AREAS, again=True)
    assert second.fresh
    assert world.archive.latest("areas", "2020") == second.release != first.release
    assert not world.take(AREAS, again=True).fresh, "the same bytes are the same release"


def test_numbered_columns_that_shift_are_still_the_right_ones(world: World) -> None:
    table = areas_table(24)
    for key, number in (("AantalInwoners", "_7"), ("BedrijfsvestigingenTotaal", "_5")):
        old = next(name for name in table.rows.columns if name.startswith(key))
        title = table.properties.filter(pl.col("Key") == old)["Title"].item()
        table = table.renamed(old, key + number, title)
    world.house.cbs_v3.put(table)
    taken = world.take(AREAS)
    assert taken.table.rows["AantalInwoners_7"].sum() == table.rows["AantalInwoners_7"].sum()
    assert taken.table.remarks == ()


@pytest.mark.parametrize(
    ("spoil", "error", "says"),
    [
        pytest.param(
            lambda t: replace(t, catalog_row={**t.catalog_row, "RecordCount": 25}),
            Incomplete,
            "counts 25 rows, 24 arrived",
            id="a row too few",
        ),
        pytest.param(
            lambda t: replace(t, catalog_row={**t.catalog_row, "RecordCount": "23"}),
            Incomplete,
            "counts 23 rows, 24 arrived",
            id="a row too many",
        ),
        pytest.param(
            lambda t: replace(t, rows=t.rows.with_columns(ID=pl.col("ID") % 23)),
            Incomplete,
            "1 rows came twice",
            id="a row twice",
        ),
        pytest.param(
            lambda t: replace(
                t,
                dimensions={k: frame.head(20) for k, frame in t.dimensions.items()},
            ),
            Incomplete,
            "code list of WijkenEnBuurten .* lacks .'BU01530020'",
            id="codes that are not listed",
        ),
        pytest.param(
            lambda t: replace(t, rows=t.rows.with_columns(Nieuw_6=pl.lit(1))),
            ContractBroken,
            "unknown .'Nieuw_6'",
            id="a column that nobody describes",
        ),
        pytest.param(
            lambda t: replace(t, rows=t.rows.drop("Gemeentenaam_1")),
            ContractBroken,
            "lacking .'Gemeentenaam_1'",
            id="a column that is not there",
        ),
        pytest.param(
            lambda t: replace(
                t, rows=t.rows.with_columns(pl.col("AantalInwoners_5").cast(pl.String))
            ),
            ContractBroken,
            "not of the type",
            id="texts for numbers",
        ),
        pytest.param(
            lambda t: replace(t, properties=t.properties.with_columns(Datatype=pl.lit("Complex"))),
            ContractBroken,
            "datatype 'Complex'; known: String, Long",
            id="a datatype that is not known",
        ),
    ],
)
def test_a_table_that_is_not_what_it_says_is_not_committed(
    world: World,
    spoil: Callable[[V3Table], V3Table],
    error: type[Exception],
    says: str,
) -> None:
    world.house.cbs_v3.put(spoil(areas_table(24)))
    with pytest.raises(error, match=says):
        world.take(AREAS)
    assert world.archive.latest("areas", "2020") is None


def test_a_table_that_was_withdrawn_is_absent(world: World) -> None:
    world.house.cbs_v3.put(areas_table(24))
    world.house.cbs_v3.put(areas_table(24, "99021NED", Title="Gebieden 2021"))
    world.house.cbs_v3.remove("99020NED")
    with pytest.raises(Absent, match="99020NED is not listed in the publisher's catalogue"):
        world.take(AREAS)


# --- real tables


@needs_shared
def test_a_cut_of_the_real_neighbourhoods(
    world: World, catalogue: Catalogue, five_municipalities: V3Table
) -> None:
    world.house.cbs_v3.page_size = 200
    world.house.cbs_v3.put(five_municipalities)
    taken = world.take(catalogue.sources["cbs_kwb"], "2020", row_floor=100)
    assert as_text(taken.table).equals(stripped(five_municipalities.rows))
    assert taken.release.rows == 416
    assert taken.table.codes.height == 17_341, "the code list is whole"
    assert taken.table.remarks == (), "every topic of the real table is declared or left out"


@needs_shared
@pytest.mark.parametrize(("identifier", "rows"), [("84799NED", 17_341), ("45012NED", 435_456)])
def test_a_whole_real_table(
    real_table: Callable[[str], RealTable], identifier: str, rows: int
) -> None:
    real = real_table(identifier)
    assert as_text(real.taken.table).equals(stripped(real.put.rows))
    assert real.taken.release.rows == rows
    assert real.taken.table.remarks == ()
