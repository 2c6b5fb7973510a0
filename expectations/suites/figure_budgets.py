"""What must hold of the provincial totals that we make from Iv3 reports (`iv3_provinces`)."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from expectations.claims import at_most, matches
from expectations.rules import Evidence, Rule, Severity, View, shared
from expectations.views import distinct

if TYPE_CHECKING:
    import polars as pl

CRITICAL = Severity.CRITICAL
IV3 = ("iv3_provinces",)

ROUNDING_EUR = 1.0
"""Our own sums of amounts in tenths of a cent: off by less than a euro, floating point included."""


@shared
def by_level(evidence: Evidence) -> pl.DataFrame:
    """The figures with a value, their breakdown taken apart: `report`, `code` and its `level`."""
    import polars as pl

    parts = pl.col("breakdown").str.splitn("/", 2)
    code = parts.struct.field("field_1")
    return (
        evidence.frame.select("region_code", "period", "measure", "breakdown", "value")
        .drop_nulls("value")
        .with_columns(report=parts.struct.field("field_0"), code=code)
        .with_columns(
            level=pl.when(pl.col("code") == "total")
            .then(pl.lit("total"))
            .when(pl.col("code").str.contains(r"^\d+$"))
            .then(pl.lit("main"))
            .otherwise(pl.lit("function"))
        )
    )


@cache
def lower_against_upper(lower: str, upper: str) -> View:
    """A row each figure of level `upper` that has parts: its `value`, their `sum`, `distance`."""

    def view(evidence: Evidence) -> pl.DataFrame:
        import polars as pl

        figures = by_level(evidence)
        place = ["region_code", "period", "measure", "report"]
        main = pl.col("code").str.extract(r"^(\d+)\.") if lower == "function" else pl.lit("total")
        sums = (
            figures.filter(pl.col("level") == lower)
            .with_columns(code=main)
            .group_by(*place, "code")
            .agg(sum=pl.col("value").sum())
        )
        return (
            figures.filter(pl.col("level") == upper)
            .join(sums, on=[*place, "code"])
            .select(
                *("region_code", "period", "measure", "breakdown", "value", "sum"),
                distance=(pl.col("sum") - pl.col("value")).abs(),
            )
        )

    return view


RULES: tuple[Rule, ...] = (
    Rule(
        name="breakdowns_of_budgets",
        severity=CRITICAL,
        reason="A budget figure is broken down by report and function: `accounts/7.1`, "
        "`accounts/7` for the main function, `accounts/total`.",
        expect=matches(
            "breakdown", r"^(?:budget|quarter_[1-4]|accounts)/(?:total|\d{1,2}(?:\.\d{1,2})?)$"
        ),
        over=distinct("breakdown"),
        sources=IV3,
    ),
    Rule(
        name="functions_make_main_functions",
        severity=CRITICAL,
        reason="A main function is the sum of its functions, and we add both up ourselves.",
        expect=at_most("distance", ROUNDING_EUR),
        over=lower_against_upper("function", "main"),
        sources=IV3,
    ),
    Rule(
        name="main_functions_make_total",
        severity=CRITICAL,
        reason="The total of a report is the sum of its main functions 0 to 9.",
        expect=at_most("distance", ROUNDING_EUR),
        over=lower_against_upper("main", "total"),
        sources=IV3,
    ),
)
