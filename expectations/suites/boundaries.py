"""What must hold of `mart.area_relation` and `mart.area_comparable`.

Others of the first: `region`, the areas that any source lists; of the second: `location`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from expectations.claims import between, holds, matches
from expectations.rules import Evidence, Rule, Severity
from expectations.views import distinct, nothing, referred

if TYPE_CHECKING:
    import polars as pl

    from expectations.rules import View

CRITICAL, WARNING = Severity.CRITICAL, Severity.WARNING
EXACT = 1e-9
"""By how much shares may miss 1, and totals each other."""


def added_up(code: str, weight: str) -> View:
    """A row each area and reorganisation whose shares are known: their `sum`."""

    def view(evidence: Evidence) -> pl.DataFrame:
        import polars as pl

        return (
            evidence.frame.group_by(code, "to_year", "valid_from")
            .agg(pl.col(weight).sum().alias("sum"), unknown=pl.col(weight).is_null().any())
            .filter(~pl.col("unknown"))
            .select(code, "to_year", "sum")
        )

    return view


def bounds(evidence: Evidence) -> pl.DataFrame:
    """A row each pair: whether the shares lie within their `bounds`, and these between 0 and 1."""
    import polars as pl

    def sound(weight: str, lower: str, upper: str) -> pl.Expr:
        low, high = pl.col(lower), pl.col(upper)
        inside = pl.col(weight).is_between(low, high).fill_null(True)
        return inside & (low >= 0) & (high <= 1) & (low <= high)

    both = sound("weight", "lower", "upper") & sound("back_weight", "back_lower", "back_upper")
    return evidence.frame.select("from_code", "to_code", "to_year", bounded=both)


def moments(evidence: Evidence) -> pl.DataFrame:
    """A row each pair: whether the day lies after the old boundaries and not after the new ones."""
    import polars as pl

    day = pl.col("valid_from")
    return evidence.frame.select(
        "from_code",
        "to_code",
        in_order=(pl.col("from_year") < pl.col("to_year"))
        & (day > pl.date("from_year", 1, 1)).fill_null(True)
        & (day <= pl.date("to_year", 1, 1)).fill_null(True),
    )


def ended(evidence: Evidence) -> pl.DataFrame:
    """A row each municipality that a yearly list has and the next one of the same source has not:
    whether it is `accounted` for by a reorganisation in between."""
    import polars as pl

    regions = evidence.others.get("region")
    if regions is None:
        return nothing()
    listed = (
        regions.filter(pl.col("kind") == "municipality", pl.col("edition").str.contains(r"^\d{4}$"))
        .select("source", "region_code", year=pl.col("edition").cast(pl.Int32))
        .unique()
    )
    years = listed.select("source", "year").unique().sort("source", "year")
    following = years.with_columns(next=pl.col("year").shift(-1).over("source")).drop_nulls("next")
    gone = (
        listed.join(following, on=["source", "year"])
        .join(
            listed,
            left_on=["source", "region_code", "next"],
            right_on=["source", "region_code", "year"],
            how="anti",
        )
        .select("region_code", "year", "next")
        .unique()
    )
    told = gone.join(
        evidence.frame.select("from_code", "to_year"), left_on="region_code", right_on="from_code"
    ).filter(pl.col("to_year") > pl.col("year"), pl.col("to_year") <= pl.col("next"))
    return gone.with_columns(
        accounted=pl.col("region_code").is_in(told.get_column("region_code").implode())
    )


def first_years(evidence: Evidence) -> pl.DataFrame:
    """A row each area and first year: whether the area is there in that year, and not after."""
    import polars as pl

    there = evidence.frame.select("location_id", since="edition", known=pl.lit(True))
    return (
        evidence.frame.join(there, on=["location_id", "since"], how="left")
        .select(
            "location_id",
            "since",
            begins=pl.col("known").fill_null(False) & (pl.col("since") <= pl.col("edition")),
        )
        .unique()
    )


def breaks(evidence: Evidence) -> pl.DataFrame:
    """A row each area and year that its publisher calls changed: whether a series `starts_anew`."""
    import polars as pl

    return evidence.frame.filter(pl.col("comparable") == pl.lit(False)).select(
        "location_id", "edition", starts_anew=pl.col("since") == pl.col("edition")
    )


AREA_RELATION: tuple[Rule, ...] = (
    Rule(
        name="municipality_codes",
        severity=CRITICAL,
        reason="Reorganisations are of municipalities; another code joins with none.",
        expect=matches("from_code", r"^GM\d{4}$"),
        over=distinct("from_code"),
    ),
    Rule(
        name="shares_of_what_was_add_up",
        severity=CRITICAL,
        reason="All of a municipality went somewhere, so what is cut again keeps its total.",
        expect=between("sum", 1 - EXACT, 1 + EXACT),
        over=added_up("from_code", "weight"),
    ),
    Rule(
        name="shares_of_what_is_add_up",
        severity=CRITICAL,
        reason="All of a municipality came from somewhere; back in time totals are kept too.",
        expect=between("sum", 1 - EXACT, 1 + EXACT),
        over=added_up("to_code", "back_weight"),
    ),
    Rule(
        name="shares_within_bounds",
        severity=CRITICAL,
        reason="An estimated share lies between the least and the most that is possible.",
        expect=holds("bounded"),
        over=bounds,
    ),
    Rule(
        name="day_between_the_years",
        severity=CRITICAL,
        reason="New boundaries hold from a day after 1 January of the last year with the old ones, "
        "and on 1 January of the first year with the new ones.",
        expect=holds("in_order"),
        over=moments,
    ),
    Rule(
        name="ended_municipalities_went_somewhere",
        severity=WARNING,
        reason="A municipality that is no longer listed was reorganised; without a relation its "
        "series ends there. Declare it under reorganisations, or take in outlines of both years.",
        expect=holds("accounted"),
        over=ended,
    ),
)

AREA_COMPARABLE: tuple[Rule, ...] = (
    Rule(
        name="comparable_area_exists",
        severity=CRITICAL,
        reason="What is compared is a location that exists.",
        expect=holds("known"),
        over=referred("location_id", "location", "location_id"),
    ),
    Rule(
        name="comparable_edition_is_a_year",
        severity=CRITICAL,
        reason="Areas are cut by year, and a year is compared with the year before.",
        expect=matches("edition", r"^\d{4}$"),
        over=distinct("edition"),
    ),
    Rule(
        name="series_begins_with_a_year_of_its_own",
        severity=CRITICAL,
        reason="A series begins with a year in which the area is there, not after the year itself.",
        expect=holds("begins"),
        over=first_years,
    ),
    Rule(
        name="a_changed_area_begins_a_series",
        severity=CRITICAL,
        reason="An area that its publisher calls changed is not compared with what it was.",
        expect=holds("starts_anew"),
        over=breaks,
    ),
)
