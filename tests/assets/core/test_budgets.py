"""Provincial budgets: cells in euros, what each code is, and sums that count nothing twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl
import pytest

from assets.core import budgets
from assets.core.frames import Edition
from assets.sources.errors import ContractBroken
from tests.assets.conftest import RealTable
from tests.assets.material import edition_of, measure, needs_shared, source
from warehouse.tables.core import BudgetLine, Figure
from warehouse.vocabulary import key_of, polars_schema

IV3 = source(
    name="iv3",
    publisher="cbs_third_party",
    subject="budgets",
    measures={
        "first_placement": measure("1ste plaatsing", "1 000 euro", unit="euro", factor=1000),
        "second_placement": measure("2de plaatsing", "1 000 euro", unit="euro", factor=1000),
    },
)
Cell = tuple[str, str, str, str, float | None]
"""Province, report, function, category, amount (in thousands)."""


def iv3(
    cells: Sequence[Cell],
    *,
    functions: Sequence[str] = (),
    categories: Sequence[str] = (),
    reports: Sequence[str] = (),
    dimension: str = "FunctieKostenplaatsBalanspost",
) -> Edition:
    """An Iv3 table of these cells; code lists hold what occurs, and what is given besides."""
    columns = ["Provincies", "Verslagsoort", dimension, "Categorie", "2de plaatsing"]
    rows = pl.DataFrame(
        list(cells), schema=dict.fromkeys(columns[:4], pl.String) | {columns[4]: pl.Float64},
        orient="row",
    ).with_columns(pl.col("2de plaatsing").alias("1ste plaatsing"))  # fmt: skip
    lists = {
        dimension: {*functions, *rows[dimension]},
        "Categorie": {*categories, *rows["Categorie"]},
        "Verslagsoort": {*reports, *rows["Verslagsoort"]},
    }
    return edition_of(
        IV3,
        rows.with_columns(pl.col(pl.String).cast(pl.Categorical)),
        edition="2013",
        units=dict.fromkeys(("1ste plaatsing", "2de plaatsing"), "1 000 euro"),
        dimensions=columns[:4],
        codes=[
            {"dimension": name, "code": code, "title": f"Titel {code}"}
            for name, listed in lists.items()
            for code in sorted(listed)
        ],
    )


def figures(edition: Edition) -> dict[tuple[str, str, str], float | None]:
    """Province, side and breakdown -> value."""
    made = budgets.figures(edition, budgets.budget_lines(edition))
    assert made.schema == polars_schema(Figure)
    assert made.select(key_of(Figure)).is_duplicated().sum() == 0
    rows = made.select("region_code", "measure", "breakdown", "value").iter_rows()
    return {(region, side, breakdown): value for region, side, breakdown, value in rows}


# --- cells


def test_a_cell_is_in_euros_and_says_what_it_is() -> None:
    edition = iv3([("PV23", "2013X005", "7.1", "L2.3.1", 22_435.0)])
    made = budgets.budget_lines(edition)
    assert made.schema == polars_schema(BudgetLine)
    assert made.to_dicts() == [
        {
            "source": "iv3",
            "edition": "2013",
            "province_code": "PV23",
            "report": "accounts",
            "function_code": "7.1",
            "category_code": "L2.3.1",
            "function_name": "Titel 7.1",
            "function_kind": "function",
            "side": "costs",
            "amount_eur": 22_435_000.0,
            "first_amount_eur": 22_435_000.0,
            "placement": "second",
            "status": "not_stated",
            "missing_reason": None,
            "release_id": edition.release_id,
        }
    ]


@pytest.mark.parametrize(
    ("first", "second", "amount", "placement"),
    [
        (1.0, 2.0, 2_000.0, "second"),
        (1.0, None, 1_000.0, "first"),
        (None, 2.0, 2_000.0, "second"),
        (1.0, 0.0, 0.0, "second"),
        (0.0, None, 0.0, "first"),
        (-6.0, -6.0, -6_000.0, "second"),
        (None, None, None, None),
    ],
)
def test_the_second_placement_counts_where_there_is_one(
    first: float | None, second: float | None, amount: float | None, placement: str | None
) -> None:
    edition = iv3([("PV23", "2013X000", "7.1", "L1.1", None)])
    rows = edition.raw.rows.with_columns(
        pl.lit(first, pl.Float64).alias("1ste plaatsing"),
        pl.lit(second, pl.Float64).alias("2de plaatsing"),
    )
    object.__setattr__(edition.raw, "rows", rows)
    [row] = budgets.budget_lines(edition).to_dicts()
    assert (row["amount_eur"], row["placement"]) == (amount, placement)
    assert row["first_amount_eur"] == (None if first is None else first * 1000)


@pytest.mark.parametrize(
    ("code", "report"),
    [
        ("2013X000", "budget"),
        ("2013X001", "quarter_1"),
        ("2013X002", "quarter_2"),
        ("2013X003", "quarter_3"),
        ("2013X004", "quarter_4"),
        ("2013X005", "accounts"),
    ],
)
def test_reports(code: str, report: str) -> None:
    made = budgets.budget_lines(iv3([("PV23", code, "7.1", "L1.1", 1.0)]))
    assert made["report"].to_list() == [report]


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("7.1", "function"),
        ("0.10", "function"),
        ("6", "function"),
        ("kp_kpl", "cost_centre"),
        ("A111", "balance_item"),
        ("P29", "balance_item"),
    ],
)
def test_kinds_of_function(code: str, kind: str) -> None:
    made = budgets.budget_lines(iv3([("PV23", "2013X000", code, "L1.1", 1.0)]))
    assert made["function_kind"].to_list() == [kind]


@pytest.mark.parametrize(
    ("code", "side"),
    [
        ("L1.1", "costs"),
        ("L7.5", "costs"),
        ("B1.0.1", "revenues"),
        ("Primo", "balance"),
        ("Ultimo", "balance"),
    ],
)
def test_sides(code: str, side: str) -> None:
    made = budgets.budget_lines(iv3([("PV23", "2013X000", "7.1", code, 1.0)]))
    assert made["side"].to_list() == [side]


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        ({"functions": ["Q1"]}, r"FunctieKostenplaatsBalanspost has codes .* \['Q1'\]"),
        ({"functions": [""]}, "FunctieKostenplaatsBalanspost has codes"),
        ({"categories": ["X1"]}, r"Categorie has codes .* \['X1'\]"),
        ({"categories": ["Balans?"]}, None),
        ({"reports": ["2013X006"]}, r"Verslagsoort has codes .* \['2013X006'\]"),
        ({"reports": ["2013JJ00"]}, "Verslagsoort has codes"),
    ],
)
def test_a_code_of_another_form_stops_the_source(
    spoil: dict[str, list[str]], says: str | None
) -> None:
    edition = iv3([("PV23", "2013X000", "7.1", "L1.1", 1.0)], **spoil)  # type: ignore[arg-type]
    if says is None:
        assert budgets.budget_lines(edition).height == 1
        return
    with pytest.raises(ContractBroken, match=says):
        budgets.budget_lines(edition)


def test_task_fields_take_the_place_of_functions() -> None:
    edition = iv3([("PV23", "2013X000", "6.3", "L1.1", 1.0)], dimension="TaakveldBalanspost")
    assert budgets.budget_lines(edition)["function_code"].to_list() == ["6.3"]


def test_a_table_without_the_dimension_is_refused() -> None:
    edition = iv3([("PV23", "2013X000", "6.3", "L1.1", 1.0)], dimension="Onderwerp")
    with pytest.raises(ContractBroken, match="expected a dimension Functie or Taakveld"):
        budgets.budget_lines(edition)


# --- sums


def test_sums_by_function_main_function_and_all_of_them() -> None:
    cells: list[Cell] = [
        ("PV23", "2013X000", "7.0", "L1.1", 1.0),
        ("PV23", "2013X000", "7.1", "L1.1", 10.0),
        ("PV23", "2013X000", "7.1", "L2.1", 100.0),
        ("PV23", "2013X000", "7.1", "B1.1", 1_000.0),
        ("PV23", "2013X000", "0.1", "L1.1", -4.0),
        ("PV23", "2013X005", "7.1", "L1.1", 7.0),
        ("PV24", "2013X000", "7.1", "L1.1", 8.0),
        # Never added to spending: internal charges, and the balance.
        ("PV23", "2013X000", "kp_kpl", "L1.1", 1e6),
        ("PV23", "2013X000", "A111", "Primo", 1e6),
        ("PV23", "2013X000", "A111", "L1.1", 1e6),
        ("PV23", "2013X000", "7.1", "Primo", 1e6),
    ]
    assert figures(iv3(cells)) == {
        ("PV23", "costs", "budget/7.0"): 1_000,
        ("PV23", "costs", "budget/7.1"): 110_000,
        ("PV23", "costs", "budget/7"): 111_000,
        ("PV23", "costs", "budget/0.1"): -4_000,
        ("PV23", "costs", "budget/0"): -4_000,
        ("PV23", "costs", "budget/total"): 107_000,
        ("PV23", "revenues", "budget/7.1"): 1_000_000,
        ("PV23", "revenues", "budget/7"): 1_000_000,
        ("PV23", "revenues", "budget/total"): 1_000_000,
        ("PV23", "costs", "accounts/7.1"): 7_000,
        ("PV23", "costs", "accounts/7"): 7_000,
        ("PV23", "costs", "accounts/total"): 7_000,
        ("PV24", "costs", "budget/7.1"): 8_000,
        ("PV24", "costs", "budget/7"): 8_000,
        ("PV24", "costs", "budget/total"): 8_000,
    }


def test_ten_is_not_one() -> None:
    """0.10 and 0.1 are two task fields, and 10.1 does not belong to 1."""
    cells: list[Cell] = [
        ("PV23", "2013X000", code, "L1.1", amount)
        for code, amount in (("0.1", 1.0), ("0.10", 2.0), ("1.1", 4.0), ("10.1", 8.0))
    ]
    found = figures(iv3(cells, dimension="TaakveldBalanspost"))
    assert {key[2]: value for key, value in found.items()} == {
        "budget/0.1": 1_000,
        "budget/0.10": 2_000,
        "budget/1.1": 4_000,
        "budget/10.1": 8_000,
        "budget/0": 3_000,
        "budget/1": 4_000,
        "budget/10": 8_000,
        "budget/total": 15_000,
    }


def test_a_sum_of_cells_that_cannot_occur_is_no_zero() -> None:
    cells: list[Cell] = [
        ("PV23", "2013X000", "7.1", "L1.1", None),
        ("PV23", "2013X000", "7.2", "L1.1", None),
        ("PV23", "2013X000", "8.1", "L1.1", 0.0),
        ("PV23", "2013X000", "8.1", "L2.1", None),
        ("PV24", "2013X000", "7.1", "L1.1", None),
    ]
    edition = iv3(cells)
    made = budgets.figures(edition, budgets.budget_lines(edition))
    said = {
        (row["region_code"], row["breakdown"]): (row["value"], row["missing_reason"])
        for row in made.to_dicts()
    }
    assert said == {
        ("PV23", "budget/7.1"): (None, "unknown"),
        ("PV23", "budget/7.2"): (None, "unknown"),
        ("PV23", "budget/7"): (None, "unknown"),
        ("PV23", "budget/8.1"): (0.0, None),
        ("PV23", "budget/8"): (0.0, None),
        ("PV23", "budget/total"): (0.0, None),
        ("PV24", "budget/7.1"): (None, "unknown"),
        ("PV24", "budget/7"): (None, "unknown"),
        ("PV24", "budget/total"): (None, "unknown"),
    }


def test_a_sum_is_as_final_as_the_least_final_of_its_cells() -> None:
    edition = iv3(
        [("PV23", "2013X000", "7.1", "L1.1", 1.0), ("PV23", "2013X000", "7.2", "L1.1", 2.0)]
    )
    status = pl.when(pl.col("name") == "1ste plaatsing").then(pl.lit("provisional"))
    columns = edition.raw.columns.with_columns(
        status=status.when(pl.col("kind") == "measure").then(pl.lit("definitive"))
    )
    second = pl.when(pl.col("FunctieKostenplaatsBalanspost") == "7.1").then("2de plaatsing")
    object.__setattr__(edition.raw, "columns", columns)
    object.__setattr__(
        edition.raw, "rows", edition.raw.rows.with_columns(second.alias("2de plaatsing"))
    )
    lines = budgets.budget_lines(edition)
    assert lines.select("function_code", "placement", "status").rows() == [
        ("7.1", "second", "definitive"),
        ("7.2", "first", "provisional"),
    ]
    made = budgets.figures(edition, lines).filter(pl.col("value").is_not_null())
    assert dict(made.select("breakdown", "status").iter_rows()) == {
        "budget/7.1": "definitive",
        "budget/7.2": "provisional",
        "budget/7": "provisional",
        "budget/total": "provisional",
    }


# --- the real table


@pytest.fixture(scope="module")
def real_lines(real_table: Callable[[str], RealTable]) -> pl.DataFrame:
    """All cells of 2013."""
    return budgets.budget_lines(real_table("45012NED").on_its_way)


@needs_shared
def test_the_real_cells(real_lines: pl.DataFrame) -> None:
    assert real_lines.height == 435_456
    assert real_lines.select(key_of(BudgetLine)).is_duplicated().sum() == 0
    assert real_lines["amount_eur"].null_count() == 8_808
    missing = real_lines.filter(pl.col("amount_eur").is_null())
    assert missing["missing_reason"].unique().to_list() == ["impossible"]
    assert real_lines["placement"].drop_nulls().unique().to_list() == ["second"]
    assert real_lines["amount_eur"].equals(real_lines["first_amount_eur"])
    assert real_lines["status"].unique().to_list() == ["definitive"], "so its description says"
    for column in ("function_name", "function_kind", "side", "report"):
        assert real_lines[column].null_count() == 0
    kinds = real_lines.group_by("function_kind").agg(pl.col("function_code").n_unique())
    assert dict(kinds.iter_rows()) == {"function": 59, "cost_centre": 2, "balance_item": 47}


@needs_shared
@pytest.mark.parametrize(
    ("report", "function", "category", "thousands"),
    [
        ("budget", "1.0", "L1.1", 715),
        ("accounts", "1.0", "L1.1", 741),
        ("budget", "7.1", "L2.3.1", 22_435),
        ("accounts", "7.0", "L4.0.2", -6),
    ],
)
def test_real_cells_of_overijssel(
    real_lines: pl.DataFrame, report: str, function: str, category: str, thousands: float
) -> None:
    [row] = real_lines.filter(
        province_code="PV23", report=report, function_code=function, category_code=category
    ).to_dicts()
    assert row["amount_eur"] == thousands * 1_000


@needs_shared
def test_real_sums(real_table: Callable[[str], RealTable], real_lines: pl.DataFrame) -> None:
    """Costs and revenues of Overijssel agree, as the publisher's own totals do."""
    made = budgets.figures(real_table("45012NED").on_its_way, real_lines)
    assert made.select(key_of(Figure)).is_duplicated().sum() == 0
    said = {
        (row["region_code"], row["measure"], row["breakdown"]): row["value"]
        for row in made.to_dicts()
    }
    for side in ("costs", "revenues"):
        assert said["PV23", side, "budget/total"] == 864_061_000
        assert said["PV23", side, "accounts/total"] == 1_460_159_000
    assert said["PV23", "costs", "budget/7.1"] == 36_088_000
    assert said["PV23", "costs", "accounts/7.1"] == 40_115_000
    assert said["PV23", "revenues", "accounts/7.1"] == 844_000
    for province in {key[0] for key in said}:
        for side in ("costs", "revenues"):
            parts = sum(said[province, side, f"budget/{n}"] or 0 for n in range(10))
            assert parts == pytest.approx(said[province, side, "budget/total"])
