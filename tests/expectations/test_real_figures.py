"""The rules on published tables: nothing blocks them, and the oddities they have are found."""

from __future__ import annotations

import json
from functools import cache
from itertools import pairwise

import polars as pl

from expectations.gate import judge
from expectations.rules import Evidence, Outcome, Rule
from expectations.suites import suite
from tests.expectations.real_figures import (
    DATA,
    UNITS,
    budget_lines_2013,
    needs_data,
    neighbourhood_figures_2020,
    regions_2020,
)
from warehouse.tables.core import BudgetLine, Figure, Outline, Region

pytestmark = needs_data


def applicable(evidence: Evidence) -> list[Rule]:
    """The rules of the table that apply to the source."""
    rules = suite(evidence.table)
    return [rule for rule in rules if not rule.sources or evidence.source in rule.sources]


@cache
def judged(table: str) -> tuple[dict[str, Outcome], bool, int]:
    """Outcomes of a published table by rule, whether it was accepted, and rows set aside."""
    evidence = {
        "figure": lambda: Evidence(
            frame=neighbourhood_figures_2020(),
            table=Figure,
            source="cbs_kwb",
            edition="2020",
            others={"region": regions_2020()},
            facts={"measures": UNITS, "row_floor": 14_000},
        ),
        "region": lambda: Evidence(regions_2020(), Region, "cbs_kwb", "2020"),
        "budget_line": lambda: Evidence(
            budget_lines_2013(),
            BudgetLine,
            "iv3_provinces",
            "2013",
            facts={"row_floor": 100_000},
        ),
        "outline": lambda: Evidence(outlines_2026(), Outline, "cbs_areas", "2026"),
    }[table]()
    verdict = judge(evidence, applicable(evidence))
    return (
        {outcome.rule: outcome for outcome in verdict.outcomes},
        verdict.accepted is not None,
        verdict.set_aside.height,
    )


def outlines_2026() -> pl.DataFrame:
    """Municipalities of 2026, their area by the shoelace formula."""
    text = (DATA / "geo" / "gemeenten_2026_rd.geojson").read_text()
    rows = []
    for feature in json.loads(text)["features"]:
        geometry = feature["geometry"]
        single = geometry["type"] == "Polygon"
        polygons = [geometry["coordinates"]] if single else geometry["coordinates"]
        area = 0.0
        for rings in polygons:
            for number, ring in enumerate(rings):
                pairs = pairwise(ring)
                size = abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs)) / 2e4
                area += size if number == 0 else -size
        rows.append(
            {
                "source": "cbs_areas",
                "edition": "2026",
                "region_code": feature["properties"]["statcode"],
                "geojson": json.dumps(geometry),
                "area_ha": area,
                "release_id": "cbs_areas:2026:2026-03-01T00:00:00",
            }
        )
    return pl.DataFrame(rows)


def failed(table: str) -> dict[str, int]:
    """Rules that failed, with the number of rows that did not meet them."""
    outcomes, _, _ = judged(table)
    return {rule: o.unexpected_count for rule, o in outcomes.items() if not o.success}


def test_key_figures_of_2020_are_accepted_whole() -> None:
    _, accepted, aside = judged("figure")
    assert accepted
    assert aside == 0


def test_key_figures_of_2020_show_where_sums_are_beyond_rounding() -> None:
    assert failed("figure") == {
        "neighbourhoods_sum_to_municipality": 17,
        "districts_sum_to_municipality": 42,
        "neighbourhoods_sum_to_district": 20,
    }


def test_the_area_list_of_2020_is_sound() -> None:
    assert failed("region") == {}


def test_outlines_of_2026_are_sound() -> None:
    assert failed("outline") == {}


def test_iv3_of_2013_is_accepted_whole() -> None:
    _, accepted, aside = judged("budget_line")
    assert accepted
    assert aside == 0


def test_iv3_of_2013_shows_its_oddities() -> None:
    assert failed("budget_line") == {
        "costs_equal_revenues": 5,
        "quarters_cumulative_over_all_codes": 1,
        "quarter_costs_not_negative": 1,
        "balance_sheet_balances": 2,
    }
    outcomes, _, _ = judged("budget_line")
    groningen = outcomes["quarters_cumulative_over_all_codes"].observed
    assert "province_code=PV20 report=quarter_4 costs=519811314" in groningen
    assert "costs_quarter_before=587582614" in groningen
    flevoland = outcomes["quarter_costs_not_negative"].observed
    assert "province_code=PV24 report=quarter_1 costs=-5256000" in flevoland
    assert "cells_twice=426648 differing=0" in outcomes["placements_differ_little"].observed
