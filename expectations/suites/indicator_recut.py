"""What must hold of `mart.indicator_recut`: figures in the boundaries of other years.

Others: `location`, `indicator`, `source_release`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from expectations.claims import at_most, holds
from expectations.rules import Evidence, Rule, Severity
from expectations.suites.boundaries import EXACT
from expectations.views import nothing, open_rows, overlaps, referred

if TYPE_CHECKING:
    import polars as pl

CRITICAL, WARNING = Severity.CRITICAL, Severity.WARNING
PLACE = ("location_id", "indicator_id", "period", "boundary_year")


def _ends_later(gxe: Any) -> Any:
    return gxe.ExpectColumnPairValuesAToBeGreaterThanB(column_A="known_to", column_B="vintage")


def closed(evidence: Evidence) -> pl.DataFrame:
    """A row each pair of moments between which something was known."""
    return evidence.frame.select("vintage", "known_to").drop_nulls().unique()


def bounds(evidence: Evidence) -> pl.DataFrame:
    """A row each estimate that has a bound: whether the value lies within them."""
    import polars as pl

    value = pl.col("value")
    near = 1e-9 * (1 + value.abs())
    return evidence.frame.filter(
        pl.col("lower").is_not_null() | pl.col("upper").is_not_null()
    ).select(
        *PLACE,
        within=(pl.col("lower").fill_null(value) <= value + near)
        & (pl.col("upper").fill_null(value) >= value - near),
    )


def sums_estimated(evidence: Evidence) -> pl.DataFrame:
    """A row each estimate of a sum: whether it has both bounds."""
    import polars as pl

    indicators = evidence.others.get("indicator")
    if indicators is None:
        return nothing()
    sums = indicators.filter(pl.col("allocation") == "sum").select("indicator_id")
    return (
        evidence.frame.filter(pl.col("method") == "estimated", pl.col("value").is_not_null())
        .join(sums, on="indicator_id", how="semi")
        .select(*PLACE, bounded=pl.col("lower").is_not_null() & pl.col("upper").is_not_null())
    )


def exact(evidence: Evidence) -> pl.DataFrame:
    """A row each figure added up from whole areas: whether it is without bounds."""
    import polars as pl

    return evidence.frame.filter(pl.col("method") == "aggregated").select(
        *PLACE, unbounded=pl.col("lower").is_null() & pl.col("upper").is_null()
    )


def explained(evidence: Evidence) -> pl.DataFrame:
    """A row each combination of having a value and having a reason: whether it is `one_of_both`."""
    import polars as pl

    return evidence.frame.select(
        one_of_both=pl.col("value").is_null() == pl.col("missing_reason").is_not_null()
    ).unique()


def own_cut(evidence: Evidence) -> pl.DataFrame:
    """Sums and means in the boundaries of their own year: those `as_published` and those that are not,
    a row each with one such figure. A ratio may be to a figure of another year, in whose boundaries
    the area was another."""
    import polars as pl

    indicators = evidence.others.get("indicator")
    if indicators is None:
        return nothing()
    own = indicators.filter(pl.col("allocation").is_in(["sum", "weighted_mean"]))
    return (
        evidence.frame.filter(pl.col("boundary_year") == pl.col("own_boundary_year"))
        .join(own.select("indicator_id"), on="indicator_id", how="semi")
        .group_by(as_published=pl.col("method") == "unchanged")
        .agg(pl.col(name).first() for name in PLACE)
    )


def totals(evidence: Evidence) -> pl.DataFrame:
    """A row each sum, period and own boundary year of which nothing is missing: how far its totals
    in the boundaries of the several years lie apart (`spread`, as a share)."""
    import polars as pl

    indicators = evidence.others.get("indicator")
    if indicators is None:
        return nothing()
    sums = indicators.filter(pl.col("allocation") == "sum").select("indicator_id")
    group = ["indicator_id", "period", "own_boundary_year"]
    total = pl.col("total")
    return (
        evidence.frame.filter(pl.col("known_to").is_null())
        .join(sums, on="indicator_id", how="semi")
        .group_by(*group, "boundary_year")
        .agg(total=pl.col("value").sum(), missing=pl.col("value").is_null().any())
        .group_by(group)
        .agg(
            spread=(total.max() - total.min()) / pl.max_horizontal(total.abs().max(), 1.0),
            missing=pl.col("missing").any(),
            years=pl.len(),
        )
        .filter(~pl.col("missing"), pl.col("years") > 1)
        .select(*group, "spread")
    )


RULES: tuple[Rule, ...] = (
    Rule(
        name="recut_location_exists",
        severity=CRITICAL,
        reason="A figure is about a location that exists.",
        expect=holds("known"),
        over=referred("location_id", "location", "location_id"),
    ),
    Rule(
        name="recut_indicator_exists",
        severity=CRITICAL,
        reason="A figure is defined: its indicator is in the table of indicators.",
        expect=holds("known"),
        over=referred("indicator_id", "indicator", "indicator_id"),
    ),
    Rule(
        name="recut_release_exists",
        severity=CRITICAL,
        reason="A figure can be traced to the release behind it.",
        expect=holds("known"),
        over=referred("release_id", "source_release", "release_id"),
    ),
    Rule(
        name="known_to_after_vintage",
        severity=CRITICAL,
        reason="What was known was known for a while: the vintage is half-open.",
        expect=_ends_later,
        over=closed,
    ),
    Rule(
        name="one_open_recut_at_most",
        severity=CRITICAL,
        reason="One figure is true now in the boundaries of one year.",
        expect=at_most("open", 1),
        over=open_rows(PLACE, "known_to"),
    ),
    Rule(
        name="recut_vintages_do_not_overlap",
        severity=CRITICAL,
        reason="`What did we say on 1 March, in today's boundaries?` has one answer.",
        expect=at_most("overlap", 0),
        over=overlaps(PLACE, "vintage", "known_to"),
    ),
    Rule(
        name="recut_value_or_reason",
        severity=CRITICAL,
        reason="There is a value, or the reason why there is none; never a partial sum.",
        expect=holds("one_of_both"),
        over=explained,
    ),
    Rule(
        name="recut_within_bounds",
        severity=CRITICAL,
        reason="An estimate lies between what is certain and what is possible.",
        expect=holds("within"),
        over=bounds,
    ),
    Rule(
        name="estimated_sums_have_bounds",
        severity=CRITICAL,
        reason="What went with a part of a municipality is between nothing and all of it.",
        expect=holds("bounded"),
        over=sums_estimated,
    ),
    Rule(
        name="aggregated_is_exact",
        severity=CRITICAL,
        reason="Municipalities that were joined whole are added up exactly; bounds mean that one "
        "was divided, and the figure is an estimate.",
        expect=holds("unbounded"),
        over=exact,
    ),
    Rule(
        name="own_boundaries_as_published",
        severity=CRITICAL,
        reason="In the boundaries of its own year a figure is what was published.",
        expect=holds("as_published"),
        over=own_cut,
    ),
    Rule(
        name="totals_are_conserved",
        severity=WARNING,
        reason="Nothing is won or lost by cutting again: shares add up to 1. Another total in "
        "another year means that a municipality is not among the locations.",
        expect=at_most("spread", EXACT),
        over=totals,
    ),
)
