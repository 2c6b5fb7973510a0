"""What must hold of the national counts of companies from the open bulk file (`kvk_open_data`)."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from expectations.claims import at_least, at_most
from expectations.rules import Evidence, Rule, Severity, View

if TYPE_CHECKING:
    import polars as pl

CRITICAL, WARNING = Severity.CRITICAL, Severity.WARNING
KVK = ("kvk_open_data",)


@cache
def counted(measure: str) -> View:
    """The figures of one measure in total."""

    def view(evidence: Evidence) -> pl.DataFrame:
        import polars as pl

        return evidence.frame.filter(
            pl.col("measure") == measure, pl.col("breakdown") == "total"
        ).select("region_code", "period", "measure", "value")

    return view


def starts_of_the_edition(evidence: Evidence) -> pl.DataFrame:
    """The years of company starts, as `years_ahead` of the edition."""
    import polars as pl

    def year(column: str) -> pl.Expr:
        return pl.col(column).str.extract(r"^(\d{4})").cast(pl.Int32)

    return (
        evidence.frame.filter(pl.col("measure") == "company_starts")
        .select("period", "value", years_ahead=year("period") - year("edition"))
        .drop_nulls("years_ahead")
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
        name="starts_not_in_the_future",
        severity=WARNING,
        reason="A company may be registered ahead of its start, but not for a year after the file.",
        expect=at_most("years_ahead", 0),
        over=starts_of_the_edition,
        sources=KVK,
    ),
)
