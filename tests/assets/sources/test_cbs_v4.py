"""OData 4: every observation, from pages asked side by side, and the codes that explain them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from assets.catalogue import Catalogue
from assets.catalogue.models import EditionOf
from assets.sources.errors import ContractBroken, Incomplete, SourceError
from tests.assets.material import (
    SECTORS,
    World,
    measure,
    needs_shared,
    sectors_table,
    source,
)
from tests.publishers import Answer, Publishers, Request, V4Table, shared

DIMENSIONS = ["BedrijfstakkenBranchesSBI2008", "RegioS", "Perioden"]


def expected(table: V4Table) -> pl.DataFrame:
    """Observations as they should be read: no row number, a column for texts, no padding."""
    texts = pl.col("StringValue") if "StringValue" in table.observations.columns else pl.lit(None)
    names = [str(name) for name in table.dimensions["Identifier"]]
    return table.observations.select(
        "Measure", "ValueAttribute", "Value", texts.cast(pl.String).alias("StringValue"), *names
    ).with_columns(pl.col(pl.String).str.strip_chars())


def observations(world: World) -> list[Request]:
    """The requests for observations, in the order in which they came."""
    asked = world.house.cbs_v4.requests
    return [request for request in asked if request.path.endswith("/Observations")]


def test_a_table_in_several_pages_comes_whole(world: World) -> None:
    table = world.house.cbs_v4.put(sectors_table(years=6, areas=7, sectors=3))
    taken = world.take(SECTORS)
    assert taken.table.rows.equals(expected(table))
    assert (taken.release.rows, taken.table.long, taken.table.remarks) == (126, True, ())
    skips = sorted(int(request.query.get("$skip", 0)) for request in observations(world))
    assert skips == list(range(0, 126, 10)), "every page once"


def test_columns_and_codes_are_told_of(world: World) -> None:
    world.house.cbs_v4.put(sectors_table(years=2, areas=1, sectors=1))
    table = world.take(SECTORS).table
    assert table.columns.select("name", "title", "unit", "kind").rows() == [
        ("M000200_2", "Vestigingen", "aantal", "measure"),
        *((name, name, None, "dimension") for name in DIMENSIONS),
    ]
    assert table.codes.select("dimension", "code", "title", "status").rows() == [
        (DIMENSIONS[0], "T001080", "T001080", None),
        ("RegioS", "GM0001", "Eén", None),
        ("Perioden", "2020JJ00", "2020", "Definitief"),
        ("Perioden", "2021JJ00", "2021", "Voorlopig"),
    ]


def test_pages_are_asked_side_by_side(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four at a time: the publisher answers none of them before it has been asked for four."""
    world.house.cbs_v4.put(sectors_table(years=9, areas=5, sectors=2))
    usual, together = world.house.cbs_v4.answer, threading.Barrier(4)

    def answer(request: Request) -> Answer:
        if "$skip" in request.query:
            together.wait(timeout=10)
        return usual(request)

    monkeypatch.setattr(world.house.cbs_v4, "answer", answer)
    assert world.take(SECTORS).release.rows == 90
    assert len(observations(world)) == 9
    assert world.policy.connections == 4


def test_a_publisher_that_pages_otherwise_is_followed_link_by_link(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first link shows a stride; where a page then names another next one, that one counts."""
    at = world.house.cbs_v4
    table = at.put(sectors_table(years=6, areas=5, sectors=2))
    at.page_size = 20
    first = at.answer(Request.read("GET", "/odata/v1/CBS/81575NED/Observations"))
    at.page_size = 7
    usual = at.answer

    def answer(request: Request) -> Answer:
        return first if request.target.endswith("/Observations") else usual(request)

    monkeypatch.setattr(at, "answer", answer)
    assert world.take(SECTORS).table.rows.equals(expected(table))


def test_what_has_not_changed_is_not_fetched_again(world: World) -> None:
    table = world.house.cbs_v4.put(sectors_table())
    first = world.take(SECTORS)
    world.house.clear_requests()
    assert world.take(SECTORS).release == first.release
    assert len(world.house.cbs_v4.requests) == 1, "the list of data sets, once"

    changed = table.with_cell(pl.col("Id") == 4, "Value", 4711.0).a_day_later()
    world.house.cbs_v4.put(changed)
    second = world.take(SECTORS)
    assert second.fresh
    assert second.table.rows["Value"][4] == 4711
    assert world.archive.latest("sectors", "current") == second.release
    assert first.release in world.archive.releases("sectors")


TEXTS = source(
    name="texts",
    publisher="cbs_v4",
    protocol="cbs_v4",
    editions={"2026": EditionOf(id="86247NED")},
    region="RegioS",
    measures={"urbanity": measure("Mate van stedelijkheid", "code")},
    not_taken=("Naam",),
)


def texts_table() -> V4Table:
    """A table with texts, as Gebieden in Nederland has: padded, in a column of their own."""
    table = V4Table.establishments(
        pl.DataFrame(
            {
                "RegioS": ["GM0153", "GM0193", "GM0141"],
                "Perioden": ["2026JJ00"] * 3,
                "BedrijfstakkenBranchesSBI2008": ["T001081"] * 3,
                "Value": [None, None, None],
                "ValueAttribute": ["None", "None", "None"],
            },
            schema_overrides={"Value": pl.Float64},
        ),
        identifier="86247NED",
    )
    words = pl.Series("StringValue", ["4    ", ".    ", "     "])
    measures = table.measures.with_columns(
        Title=pl.lit("Mate van stedelijkheid"), Unit=pl.lit("code"), DataType=pl.lit("String")
    )
    return replace(table, observations=table.observations.with_columns(words), measures=measures)


def test_texts_lose_their_padding(world: World) -> None:
    world.house.cbs_v4.put(texts_table())
    rows = world.take(TEXTS).table.rows
    assert rows["StringValue"].to_list() == ["4", ".", ""]
    assert rows["Value"].to_list() == [None] * 3


@pytest.mark.parametrize("count", ["30", 30, None])
def test_the_stated_count_may_be_a_number_a_text_or_absent(world: World, count: Any) -> None:
    table = sectors_table(years=3, areas=5, sectors=2)
    # The stand-in makes the count agree; a saver, or another service, may write it otherwise.
    object.__setattr__(table, "properties", {**table.properties, "ObservationCount": count})
    world.house.cbs_v4.put(table)
    assert world.take(SECTORS).release.rows == 30


def spoilt_count(table: V4Table, count: int) -> V4Table:
    """A copy of a table that says it has another number of observations."""
    copy = replace(table)
    object.__setattr__(copy, "properties", {**copy.properties, "ObservationCount": count})
    return copy


@pytest.mark.parametrize(
    ("spoil", "error", "says"),
    [
        pytest.param(
            lambda t: spoilt_count(t, 31), Incomplete, "counts 31 .* 30 arrived", id="one too few"
        ),
        pytest.param(
            lambda t: spoilt_count(t, 12), Incomplete, "counts 12 .* 30 arrived", id="many too many"
        ),
        pytest.param(
            lambda t: replace(t, observations=t.observations.with_columns(Id=pl.col("Id") // 2)),
            Incomplete,
            "15 observations came twice",
            id="came twice",
        ),
        pytest.param(
            lambda t: replace(t, codes={**t.codes, "RegioS": t.codes["RegioS"].head(4)}),
            Incomplete,
            "code list of RegioS .* lacks .'GM0005'",
            id="codes that are not listed",
        ),
        pytest.param(
            lambda t: replace(t, codes={**t.codes, "RegioS": t.codes["RegioS"].head(0)}),
            Incomplete,
            "code list of RegioS",
            id="an empty code list",
        ),
        pytest.param(
            lambda t: replace(t, measures=t.measures.head(0)),
            Incomplete,
            "code list of Measure .* lacks .'M000200_2'",
            id="measures that are not listed",
        ),
        pytest.param(
            lambda t: replace(t, measures=t.measures.drop("Title")),
            ContractBroken,
            "an entry without Title",
            id="measures without a title",
        ),
        pytest.param(
            lambda t: replace(
                t, observations=t.observations.with_columns(pl.col("Value").cast(pl.String))
            ),
            ContractBroken,
            "not of the type",
            id="texts for numbers",
        ),
        pytest.param(
            lambda t: replace(t, observations=t.observations.with_columns(Nieuw=pl.lit(1))),
            ContractBroken,
            "unknown .'Nieuw'",
            id="a dimension that is not described",
        ),
    ],
)
def test_a_table_that_is_not_what_it_says_is_not_committed(
    world: World,
    spoil: Callable[[V4Table], V4Table],
    error: type[SourceError],
    says: str,
) -> None:
    world.house.cbs_v4.put(spoil(sectors_table(years=3, areas=5, sectors=2)))
    with pytest.raises(error, match=says):
        world.take(SECTORS)
    assert world.archive.latest("sectors", "current") is None


# --- real tables


@needs_shared
def test_real_establishments_of_overijssel(world: World, catalogue: Catalogue) -> None:
    table = world.house.cbs_v4.put(V4Table.establishments(shared.establishments()))
    taken = world.take(catalogue.sources["cbs_establishments"], "current", row_floor=25)
    assert taken.table.rows.equals(expected(table))
    assert taken.release.rows == 25
    assert taken.table.remarks == ()
    rows = taken.table.rows
    assert rows.filter(RegioS="GM0193")["Value"].item() == 18_240, "Zwolle"
    assert rows["Value"].sum() == shared.establishments()["Value"].sum()


@needs_shared
def test_real_metadata_with_sixteen_thousand_areas(tmp_path: Path, catalogue: Catalogue) -> None:
    """Kerncijfers 2017 in v4: measures by code, two to an area, in pages of 5,000."""
    kwb = catalogue.sources["cbs_kwb"].model_copy(
        update={"protocol": "cbs_v4", "publisher": "cbs_v4"}
    )
    areas = shared.v4_files("83765NED").frame("WijkenEnBuurtenCodes")["Identifier"]
    codes = [m.v4 for m in kwb.measures.values() if m.v4 and m.required]
    made = pl.DataFrame({"WijkenEnBuurten": areas}).join(
        pl.DataFrame({"Measure": codes[:2]}), how="cross"
    )
    table = V4Table.from_shared_metadata(
        "83765NED", made.with_columns(Value=pl.int_range(pl.len()).cast(pl.Float64))
    )
    with Publishers(v4_page_size=5_000) as house:
        house.cbs_v4.put(table)
        world = World(house, tmp_path)
        taken = world.take(kwb, "2017")
        world.close()
    assert taken.table.rows.equals(expected(table))
    assert taken.table.codes.filter(dimension="WijkenEnBuurten").height == 16_667
