"""What must hold of CBS establishments by sector and municipality (`cbs_establishments`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from expectations.claims import at_most, between, holds
from expectations.rules import Evidence, Rule, Severity, shared
from expectations.views import nothing

if TYPE_CHECKING:
    import polars as pl

WARNING = Severity.WARNING
CBS = ("cbs_establishments",)

ALL_SECTORS = ("T001081", "total")
"""All economic activities A to U, as CBS codes it and as our `total`."""
SECTIONS = (
    "301000",
    "305700",
    "307500",
    "346600",
    "348000",
    "350000",
    "354200",
    "383100",
    "389100",
    "391600",
    "396300",
    "402000",
    "403300",
    "410200",
    "417400",
    "419000",
    "422400",
    "428100",
    "435500",
)
"""CBS codes of the sections A to S of SBI 2008 (code list of table 83583NED); T and U, private
households and embassies, have no establishments in these tables."""


@shared
def totals(evidence: Evidence) -> pl.DataFrame:
    """A row a municipality and period with a figure for all sectors: `value`, `remainder`."""
    import polars as pl

    return evidence.frame.filter(
        pl.col("breakdown").is_in(ALL_SECTORS),
        pl.col("measure") == "establishments",
        pl.col("value").is_not_null(),
    ).select("region_code", "period", "value", remainder=pl.col("value") % 5)


def remainders(evidence: Evidence) -> pl.DataFrame:
    """A row each sector: how many of its figures are `not_in_fives`."""
    import polars as pl

    return evidence.frame.group_by("breakdown").agg(not_in_fives=(pl.col("value") % 5 > 0).sum())


def sections_against_total(evidence: Evidence) -> pl.DataFrame:
    """A row a municipality and period with all 19 sections: `sum` against `value`; `beyond` is how
    far the difference exceeds their rounding."""
    import polars as pl

    sums = (
        evidence.frame.filter(pl.col("breakdown").is_in(SECTIONS), pl.col("value").is_not_null())
        .group_by("region_code", "period")
        .agg(pl.col("value").sum().alias("sum"), pl.len().alias("sections"))
        .filter(pl.col("sections") == len(SECTIONS))
    )
    return (
        totals(evidence)
        .drop("remainder")
        .join(sums, on=["region_code", "period"])
        .with_columns(
            difference=pl.col("sum") - pl.col("value"),
        )
        .with_columns(beyond=pl.col("difference").abs() - 2.5 * (len(SECTIONS) + 1))
    )


@shared
def growth(evidence: Evidence) -> pl.DataFrame:
    """A row a period but the first: municipalities that have both, `ratio` to the one before."""
    import polars as pl

    values = totals(evidence).select("region_code", "period", "value")
    periods = values["period"].unique().sort()
    if periods.len() < 2:
        return nothing()
    following = pl.DataFrame({"period": periods[:-1], "next_period": periods[1:]})
    return (
        values.join(following, on="period")
        .join(
            values,
            left_on=["region_code", "next_period"],
            right_on=["region_code", "period"],
            suffix="_next",
        )
        .group_by("next_period")
        .agg(before=pl.col("value").sum(), now=pl.col("value_next").sum())
        .select(
            period="next_period",
            before="before",
            now="now",
            ratio=pl.col("now") / pl.col("before"),
        )
    )


def years(evidence: Evidence) -> pl.DataFrame:
    """A row each year from the first to the last in the table: is it `present`?"""
    import polars as pl

    found = evidence.frame["period"].str.extract(r"^(\d{4})").cast(pl.Int32).drop_nulls().unique()
    if not found.len():
        return nothing()
    low, high = sorted(found.to_list())[0], sorted(found.to_list())[-1]
    return pl.DataFrame({"year": range(low, high + 1)}).with_columns(
        present=pl.col("year").is_in(found.cast(pl.Int64).implode())
    )


RULES: tuple[Rule, ...] = (
    Rule(
        name="establishments_of_municipality_plausible",
        severity=WARNING,
        reason="From Schiermonnikoog, with some 200, to Amsterdam, with some 200,000: all sectors "
        "of a municipality lie between 50 and 300,000 establishments.",
        expect=between("value", 50, 300_000),
        over=totals,
        sources=CBS,
    ),
    Rule(
        name="sector_figures_in_fives",
        severity=WARNING,
        reason="CBS rounds establishments to multiples of 5; others are of another table or a "
        "weighted sum.",
        expect=at_most("not_in_fives", 0),
        over=remainders,
        sources=CBS,
    ),
    Rule(
        name="sections_make_all_sectors",
        severity=WARNING,
        reason="Sections A to S are all activities, twenty figures each rounded to 5.",
        expect=at_most("beyond", 0),
        over=sections_against_total,
        sources=CBS,
    ),
    Rule(
        name="establishments_grow_gradually",
        severity=WARNING,
        reason="The stock of establishments grows a few per cent a year; a quarter up or a tenth "
        "down is another definition or a table of another size class.",
        expect=between("ratio", 0.9, 1.25),
        over=growth,
        sources=CBS,
    ),
    Rule(
        name="no_year_is_skipped",
        severity=WARNING,
        reason="The stock is counted on every 1 January since 2007; a year in between that is "
        "absent is a filter gone wrong.",
        expect=holds("present"),
        over=years,
        sources=CBS,
    ),
)
