"""Every way in which a value can be missing, from the wire to core: its reason, never a zero.

And never a null without a reason, nor a reason beside a value.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assets.catalogue.models import Missing
from assets.core import budgets, business_parks, establishments, figures
from assets.sources.errors import ContractBroken
from tests.assets.material import (
    AREAS,
    PARKS,
    SECTORS,
    SIGNS,
    World,
    areas_table,
    described,
    edition_of,
    measure,
    source,
)
from tests.publishers import Publishers, V4Table

STEADY = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def reasons(frame: pl.DataFrame) -> list[tuple[float | None, str | None]]:
    """Value and reason of each figure, with what must hold for every one of them."""
    assert frame.filter(pl.col("value").is_null() == pl.col("missing_reason").is_null()).is_empty()
    assert frame.filter(pl.col("value").is_nan()).is_empty()
    return frame.select("value", "missing_reason").rows()


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A world for many tables, one after the other."""
    with Publishers(v3_page_size=10, v4_page_size=10) as house:
        made = World(house, tmp_path_factory.mktemp("world"))
        yield made
        made.close()


# --- v3: null stands for every sign


@STEADY
@given(
    values=st.lists(
        st.tuples(
            st.none() | st.integers(-(10**9), 10**9),
            st.none() | st.floats(-1e6, 1e6, allow_nan=False),
        ),
        min_size=1,
        max_size=25,
    )
)
def test_v3_nulls_anywhere(lasting: World, values: list[tuple[int | None, float | None]]) -> None:
    table = areas_table(len(values))
    counts, prices = (pl.Series([pair[n] for pair in values], strict=False) for n in (0, 1))
    object.__setattr__(
        table,
        "rows",
        table.rows.with_columns(
            AantalInwoners_5=counts.cast(pl.Int64),
            GemiddeldeWoningwaarde_35=prices.cast(pl.Float64),
        ),
    )
    lasting.house.cbs_v3.put(table)
    made = figures.figures(lasting.on_its_way(AREAS, again=True))
    reasons(made)
    for name, said, factor in (("inhabitants", counts, 1), ("home_value", prices, 1000)):
        here = made.filter(measure=name)
        empty = said.null_count() == len(said)
        assert here["value"].to_list() == [None if v is None else v * factor for v in said]
        assert here["missing_reason"].to_list() == [
            None if v is not None else "not_published" if empty else "unknown" for v in said
        ]


@pytest.mark.parametrize(
    ("said", "value", "reason"),
    [
        (".", None, "unknown"),
        ("        .", None, "unknown"),
        ("", None, "impossible"),
        ("         ", None, "impossible"),
        ("x", None, "confidential"),
        ("-99997", None, "unknown"),
        (None, None, "unknown"),
        ("12", 12.0, None),
        ("     0", 0.0, None),
        ("-3,5", -3.5, None),
        ("12.25", 12.25, None),
    ],
)
def test_v3_signs_in_a_column_of_texts(
    world: World, said: str | None, value: float | None, reason: str | None
) -> None:
    """A topic that is turned into texts, as the untyped set has them, is read by its signs."""
    table = described(areas_table(3), "AantalInwoners_5", Datatype="String")
    texts = pl.Series("AantalInwoners_5", ["1", said, "3"], pl.String)
    object.__setattr__(table, "rows", table.rows.with_columns(texts))
    world.house.cbs_v3.put(table)
    made = figures.figures(world.on_its_way(AREAS)).filter(measure="inhabitants")
    assert reasons(made) == [(1.0, None), (value, reason), (3.0, None)]


@pytest.mark.parametrize("said", ["geheim", "*", "1 234", "1.234,5", "nan", "inf", "-"])
def test_a_sign_that_nobody_declared_stops_the_source(world: World, said: str) -> None:
    table = described(areas_table(2), "AantalInwoners_5", Datatype="String")
    texts = pl.Series("AantalInwoners_5", ["1", said], pl.String)
    object.__setattr__(table, "rows", table.rows.with_columns(texts))
    world.house.cbs_v3.put(table)
    with pytest.raises(ContractBroken, match=r"add them to `missing.signs` of `areas`") as caught:
        figures.figures(world.on_its_way(AREAS))
    assert repr(said) in str(caught.value)


# --- v4: the attribute says why, and a cell may not be there at all

ATTRIBUTES = ("None", "Impossible", "Confidential", "NotAvailable")
cells = st.lists(
    st.none() | st.sampled_from(ATTRIBUTES[1:]) | st.integers(0, 10**6).map(float),
    min_size=12,
    max_size=12,
)
"""Per cell: absent from the table, an attribute in place of a value, or a value."""


def v4_table(said: list[Any]) -> V4Table:
    """Three areas by two years by two sectors, one cell each."""
    places = [
        (f"GM{area:04}", f"{year}JJ00", sector)
        for area in range(1, 4)
        for year in (2024, 2025)
        for sector in ("T001081", "301000")
    ]
    rows = [
        {
            "RegioS": area,
            "Perioden": period,
            "BedrijfstakkenBranchesSBI2008": sector,
            "Value": what if isinstance(what, float) else None,
            "ValueAttribute": what if isinstance(what, str) else "None",
        }
        for (area, period, sector), what in zip(places, said, strict=True)
        if what is not None
    ]
    return V4Table.establishments(pl.DataFrame(rows, schema_overrides={"Value": pl.Float64}))


@STEADY
@given(said=cells.filter(lambda said: any(what is not None for what in said)))
def test_v4_attributes_and_absent_cells_anywhere(lasting: World, said: list[Any]) -> None:
    lasting.house.cbs_v4.put(v4_table(said))
    edition = lasting.on_its_way(SECTORS, again=True)
    made = figures.figures(edition)
    reasons(made)
    there = edition.raw.rows
    areas = there["RegioS"].unique()
    kinds = there.select("Perioden", "BedrijfstakkenBranchesSBI2008").unique()
    assert made.height == len(areas) * kinds.height, "each cell once, the absent ones as well"
    assert made.select("region_code", "period", "breakdown").is_duplicated().sum() == 0

    empty = not any(isinstance(what, float) for what in said)
    found = {row[:3]: row[3:] for row in made.select(
        "region_code", "period", "breakdown", "value", "missing_reason").iter_rows()}  # fmt: skip
    for number, what in enumerate(said):
        place = (
            f"GM{number // 4 + 1:04}",
            str(2024 + number // 2 % 2),
            ("T001081", "301000")[number % 2],
        )
        if isinstance(what, float):
            assert found[place] == (what, None)
        elif isinstance(what, str):
            assert found[place] == (None, SIGNS[what])
        elif place in found:
            assert found[place] == (None, "withdrawn" if empty else "not_published")


@pytest.mark.parametrize("attribute", ["Geheim", "impossible", "", "NONE"])
def test_an_attribute_that_nobody_declared_stops_the_source(world: World, attribute: str) -> None:
    world.house.cbs_v4.put(v4_table([1.0] * 11 + [attribute]))
    signs = Missing(signs={"Impossible": "impossible"}, null="unknown")
    edition = world.on_its_way(SECTORS.model_copy(update={"missing": signs}))
    with pytest.raises(ContractBroken, match=r"signs .* stand where a number should"):
        figures.figures(edition)


def test_an_attribute_beside_a_value_takes_nothing_from_it(world: World) -> None:
    table = v4_table([1.0] * 12)
    provisional = pl.when(pl.col("Id") == 3).then(pl.lit("NotAvailable")).otherwise(pl.lit("None"))
    object.__setattr__(
        table, "observations", table.observations.with_columns(ValueAttribute=provisional)
    )
    world.house.cbs_v4.put(table)
    assert reasons(figures.figures(world.on_its_way(SECTORS))) == [(1.0, None)] * 12


@pytest.mark.parametrize(
    ("said", "value", "reason"),
    [
        ("4   ", 4.0, None),
        ("  4,5", 4.5, None),
        (".   ", None, "unknown"),
        ("    ", None, "impossible"),
        ("x", None, "confidential"),
        (None, None, "not_published"),
    ],
)
def test_v4_signs_in_a_measure_that_is_a_text(
    world: World, said: str | None, value: float | None, reason: str | None
) -> None:
    table = v4_table(["None"] * 12)
    words = pl.when(pl.col("Id") == 7).then(pl.lit(said, pl.String)).otherwise(pl.lit("1  "))
    object.__setattr__(table, "observations", table.observations.with_columns(StringValue=words))
    world.house.cbs_v4.put(table)
    made = figures.figures(world.on_its_way(SECTORS))
    assert sorted(reasons(made), key=str) == sorted([(1.0, None)] * 11 + [(value, reason)], key=str)


# --- the other sources


@pytest.mark.parametrize(
    ("said", "value", "reason"),
    [
        (None, None, "impossible"),
        ("", None, "not_published"),
        ("  ", None, "not_published"),
        (".", None, "confidential"),
        (-99997, None, "unknown"),
        (-99997.0, None, "unknown"),
        ("-99997", None, "unknown"),
        ("-99997.0", None, "unknown"),
        (0, 0.0, None),
        ("0", 0.0, None),
        (58.61, 58.61, None),
        ("58,61", 58.61, None),
    ],
)
def test_features(world: World, said: Any, value: float | None, reason: str | None) -> None:
    rows = [
        {"RIN_NUMMER": "1", "JAAR": 2024, "PLAN_NAAM": "A", "GEM_CODES": "GM0153",
         "HA_BRUTO": said, "HA_NETTO": 1.0},
    ]  # fmt: skip
    world.house.ibis.put_features(rows)
    made = business_parks.figures(world.on_its_way(PARKS))
    assert reasons(made.filter(measure="area_gross")) == [(value, reason)]


@pytest.mark.parametrize("said", ["onbekend", "-99999", "NaN", "1.000,5"])
def test_a_property_that_is_neither_a_number_nor_a_declared_sign(world: World, said: str) -> None:
    rows = [{"RIN_NUMMER": "1", "JAAR": 2024, "PLAN_NAAM": "A", "GEM_CODES": "GM0153",
             "HA_BRUTO": said, "HA_NETTO": 1.0}]  # fmt: skip
    world.house.ibis.put_features(rows)
    edition = world.on_its_way(PARKS)
    if said == "-99999":
        assert reasons(business_parks.figures(edition).filter(measure="area_gross")) == [
            (-99999.0, None)
        ], "a number is a number; the gate refuses a negative area"
        return
    with pytest.raises(ContractBroken, match="stand where a number should"):
        business_parks.figures(edition)


IV3 = source(
    name="iv3",
    subject="budgets",
    missing=Missing(
        signs={".": "not_published", "": "impossible", "x": "confidential"}, null="impossible"
    ),
    measures={
        "first_placement": measure("1ste", "1 000 euro", factor=1000),
        "second_placement": measure("2de", "1 000 euro", factor=1000),
    },
)


def cell(province: str, report: str, first: Any, second: Any) -> dict[str, Any]:
    """A row of an Iv3 table."""
    return {
        "Functie": "7.1",
        "Categorie": "L1.1",
        "Provincies": province,
        "Verslagsoort": f"2013X00{report}",
        "1ste": first,
        "2de": second,
    }


@pytest.mark.parametrize("numbers", [True, False], ids=["numbers", "texts"])
def test_budgets(numbers: bool) -> None:
    """A cell that cannot occur, and a report that was not delivered, are told apart."""
    cells = [
        (cell("PV23", "0", 5.0, 6.0), (6000.0, None)),
        (cell("PV23", "0", 5.0, None), (5000.0, None)),
        (cell("PV23", "0", None, None), (None, "impossible")),
        (cell("PV23", "0", 0.0, 0.0), (0.0, None)),
        (cell("PV23", "4", None, None), (None, "not_published")),
        (cell("PV24", "0", None, None), (None, "not_published")),
    ]
    rows = pl.DataFrame(
        [row for row, _ in cells], schema_overrides={"1ste": pl.Float64, "2de": pl.Float64}
    )
    if not numbers:
        rows = rows.with_columns(pl.col("1ste", "2de").cast(pl.String))
    edition = edition_of(
        IV3,
        rows,
        edition="2013",
        units={"1ste": "1 000 euro", "2de": "1 000 euro"},
        dimensions=("Functie", "Categorie", "Provincies", "Verslagsoort"),
        codes=[
            {"dimension": "Functie", "code": "7.1", "title": "Economie"},
            {"dimension": "Categorie", "code": "L1.1", "title": "Salarissen"},
            *({"dimension": "Verslagsoort", "code": f"2013X00{n}", "title": ""} for n in range(6)),
        ],
    )
    made = budgets.budget_lines(edition)
    assert made.select("amount_eur", "missing_reason").rows() == [said for _, said in cells]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (".", ".", (None, "not_published")),
        ("", "", (None, "impossible")),
        ("5", ".", (5000.0, None)),
        (".", "5", (5000.0, None)),
        ("x", None, (None, "confidential")),
        (None, "x", (None, "confidential")),
    ],
)
def test_budgets_with_signs(
    first: str | None, second: str | None, expected: tuple[float | None, str | None]
) -> None:
    edition = edition_of(
        IV3,
        pl.DataFrame(
            [cell("PV23", "0", first, second)],
            schema_overrides={"1ste": pl.String, "2de": pl.String},
        ),
        edition="2013",
        units={"1ste": "1 000 euro", "2de": "1 000 euro"},
        dimensions=("Functie", "Categorie", "Provincies", "Verslagsoort"),
        codes=[
            {"dimension": "Functie", "code": "7.1", "title": "Economie"},
            {"dimension": "Categorie", "code": "L1.1", "title": "Salarissen"},
            {"dimension": "Verslagsoort", "code": "2013X000", "title": ""},
        ],
    )
    made = budgets.budget_lines(edition)
    assert made.select("amount_eur", "missing_reason").rows() == [expected]


def test_an_establishment_without_a_number_of_people_has_none() -> None:
    """A blank is unknown and stays null; what cannot be read is told apart from it."""
    register = source(
        name="register",
        protocol="inbox",
        publisher="inbox",
        subject="establishments",
        editions={},
        suppliers={"x": {"file_pattern": "(?P<edition>x)", "columns": {}, "sbi_edition": "2025",
                         "synthetic": True}},
        disclosure={"minimum_contributors": 3, "p_percent": 10},
    )  # fmt: skip
    rows = pl.DataFrame(
        {
            "row_number": [1, 2, 3],
            "establishment_id": ["1", "2", "3"],
            "sbi_code": ["26110"] * 3,
            "sbi_edition": ["2025"] * 3,
            "working_persons": [None, "0", "veel"],
            "reference_date": [None, "2026-04-01", "1 april"],
        }
    )
    made = establishments.establishments(edition_of(register, rows, edition="2026-04-01")).frame
    assert made["working_persons"].to_list() == [None, 0, establishments.UNREADABLE]
    assert made["reference_date"].to_list()[2] == establishments.NO_DATE
