"""What must hold of the national counts of companies from the open bulk file (`kvk_open_data`)."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from expectations.claims import at_least, between
from expectations.rules import Evidence, Rule, Severity, View

if TYPE_CHECKING:
    import polars as pl

CRITICAL, WARNING = Severity.CRITICAL, Severity.WARNING
KVK = ("kvk_open_data",)
ENOUGH = 100
"""Companies started in a year from which its change says anything."""


@cache
def counted(measure: str) -> View:
    """The figures of one measure in total."""

    def view(evidence: Evidence) -> pl.DataFrame:
        import polars as pl

        return evidence.frame.filter(
            pl.col("measure") == measure, pl.col("breakdown") == "total"
        ).select("region_code", "period", "measure", "value")

    return view


def starts_by_year(evidence: Evidence) -> pl.DataFrame:
    """A row each year of company starts: `value`, and its share of the year before, `ratio`."""
    import polars as pl

    return (
        counted("company_starts")(evidence)
        .drop_nulls("value")
        .filter(pl.col("value") >= ENOUGH)
        .sort("period")
        .with_columns(ratio=pl.col("value") / pl.col("value").shift(1))
    )


RULES: tuple[Rule, ...] = (
    Rule(
        name="active_companies_counted",
        severity=CRITICAL,
        reason="A file without one active company is a file whose `Actief` column we misread.",
        expect=at_least("value", 1),
        over=counted("companies_active"),
        sources=KVK,
    ),
    Rule(
        name="starts_change_gradually",
        severity=WARNING,
        reason="The number of companies started differs little from year to year; a third of it "
        "or three times as many is a year that was cut or counted twice.",
        expect=between("ratio", 0.33, 3.0),
        over=starts_by_year,
        sources=KVK,
    ),
)
