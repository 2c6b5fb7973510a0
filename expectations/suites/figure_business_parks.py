"""What must hold of the areas in the national register of business parks (`ibis`)."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from expectations.claims import at_most, not_less
from expectations.rules import Evidence, Rule, Severity, View, shared

if TYPE_CHECKING:
    import polars as pl

WARNING, ROW = Severity.WARNING, Severity.ROW
IBIS = ("ibis",)


@shared
def parks(evidence: Evidence) -> pl.DataFrame:
    """A row a park and period, with a column each measure."""
    import polars as pl

    measures = ("area_gross", "area_net", "area_available")
    table = evidence.frame.filter(pl.col("measure").is_in(measures)).pivot(
        on="measure",
        index=["region_code", "period"],
        values="value",
        aggregate_function="first",
    )
    return table.with_columns(
        pl.lit(None, dtype=pl.Float64).alias(m) for m in measures if m not in table.columns
    )


@cache
def pair(larger: str, smaller: str) -> View:
    """The parks that have both areas."""

    def view(evidence: Evidence) -> pl.DataFrame:
        return parks(evidence).drop_nulls([larger, smaller])

    return view


def park_areas(evidence: Evidence) -> pl.DataFrame:
    """The areas with their key."""
    return evidence.frame.select("region_code", "period", "measure", "value").drop_nulls("value")


RULES: tuple[Rule, ...] = (
    Rule(
        name="net_within_gross",
        severity=WARNING,
        reason="Net area is what can be issued of the gross area, roads and green left out (all "
        "75 parks of the Overijssel list of 2024 agree).",
        expect=not_less("area_gross", "area_net"),
        over=pair("area_gross", "area_net"),
        sources=IBIS,
    ),
    Rule(
        name="available_within_gross",
        severity=WARNING,
        reason="What is still to be issued is part of the park; more than the park means another "
        "unit or another year.",
        expect=not_less("area_gross", "area_available"),
        over=pair("area_gross", "area_available"),
        sources=IBIS,
    ),
    Rule(
        name="park_areas_in_hectares",
        severity=ROW,
        reason="The largest parks, harbours included, are some thousands of hectares; more is an "
        "area in square metres, as in old extracts of the register.",
        expect=at_most("value", 10_000),
        over=park_areas,
        rows_by=("region_code", "period", "measure"),
        at_most=0.02,
        sources=IBIS,
    ),
)
