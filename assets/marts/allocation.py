"""Values of sites from the areas that they take in, by each indicator's own rule.

A sum adds the members' values by weight; a mean is weighted by another indicator times the
weight; what cannot be allocated (a class, a median) is given only where the site is exactly one
area. Where every member lies wholly in the site the value is exact; else it is an estimate, and
its bounds are what the members wholly inside give, and what all that are touched give. The boundary
of a period is the one that holds on its first day; the weights are those of the year in which the
figure's areas are cut.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assets.catalogue.models import Indicator
from assets.marts.periods import first_day
from assets.marts.provenance import VALUE, together

if TYPE_CHECKING:
    import polars as pl

FINEST_FIRST = ("area", "business_park")
"""Sorts of members. The areas together are the site, of whatever kind each is, and so are the register
numbers; a site known in both has a figure from the first sort in which it is complete."""
REGISTERED = "RIN"
"""How register numbers of business parks begin."""


def allocated(
    indicator: Indicator, fed: pl.DataFrame, members: pl.DataFrame, weights: pl.DataFrame | None
) -> pl.DataFrame:
    """The values of sites: columns of `VALUE`.

    `fed`: columns of `VALUE`, `region_code` and `cut` (year in which the areas are cut); `members`:
    `mart.location_member` with `weights_known_from` and `weights_synthetic`; `weights`: figures of
    the same form by which a mean is weighted. A period in which no boundary of a site holds has the
    reason `no_boundary`.
    """
    import polars as pl

    joined = _joined(fed, members)
    if indicator.allocation == "weighted_mean" and weights is not None:
        by = weights.select("region_code", "period", by=pl.col("value"))
    else:
        by = fed.select("region_code", "period", by=pl.lit(1.0))
    by = by.unique(["region_code", "period"], keep="first", maintain_order=True)
    here = in_force(joined).join(
        by, on=["region_code", "period"], how="left", maintain_order="left"
    )
    value, weight, by_weight = pl.col("value"), pl.col("weight"), pl.col("weight") * pl.col("by")
    exact, single = (pl.col("weight_method") == "exact").all(), pl.len() == 1
    least, most = value * pl.col("lower_weight"), value * pl.col("upper_weight")
    weighed = single | pl.col("by").is_not_null().all()
    if indicator.allocation == "sum":
        made, possible = (value * weight).sum(), pl.lit(True)
        lower, upper = pl.min_horizontal(least, most).sum(), pl.max_horizontal(least, most).sum()
    elif indicator.allocation == "weighted_mean":
        mean = (value * by_weight).sum() / by_weight.sum()
        made, possible = pl.when(single).then(value.first()).otherwise(mean), pl.lit(True)
        lower, upper = value.min(), value.max()
    else:
        made, lower, upper, possible = value.first(), value.first(), value.first(), single & exact
    grouped = here.group_by("location_id", "period", "kind", maintain_order=True).agg(
        made=made,
        low=lower,
        high=upper,
        exact=exact,
        possible=possible,
        by_area=(pl.col("weight_method") == "area_share").any(),
        whole=value.is_not_null().all() & (pl.len() == pl.col("expected").first()) & weighed,
        **together(),
    )
    shown = pl.col("whole") & pl.col("possible") & pl.col("made").is_not_nan()
    found = (
        grouped.with_columns(shown=shown.fill_null(False), rank=_rank("kind"))
        .sort(~pl.col("shown"), "rank", maintain_order=True)
        .unique(["location_id", "period"], keep="first", maintain_order=True)
        .sort("location_id", "period")
    )
    bounded = pl.col("shown") & ~pl.col("exact")
    values = found.select(
        location_id="location_id",
        indicator_id=pl.lit(indicator.id),
        period="period",
        value=pl.when("shown").then("made"),
        status="status",
        missing_reason=pl.when(~pl.col("possible"))
        .then(pl.lit("not_allocatable"))
        .when(~pl.col("shown"))
        .then(pl.coalesce("missing_reason", pl.lit("not_published"))),
        method=pl.when(~pl.col("possible"))
        .then(pl.lit("not_allocatable"))
        .when("exact")
        .then(pl.lit("exact"))
        .when("by_area")
        .then(pl.lit("area_share"))
        .otherwise(pl.lit("address_share")),
        lower=pl.when(bounded).then("low"),
        upper=pl.when(bounded).then("high"),
        boundary_year="boundary_year",
        release_id="release_id",
        known_from="known_from",
        synthetic="synthetic",
    )
    return pl.concat([values, _outside(indicator, joined, values)])


def _joined(fed: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """The figures of members, whether or not their boundary holds in the figure's period.

    What is known of a figure becomes what is known of figure and weight together. `kind`: sort of
    member (`FINEST_FIRST`); `expected`: how many members of it the boundary has in that cut.
    """
    import polars as pl

    registered = pl.col("member_code").str.starts_with(REGISTERED)
    sort = pl.when(registered).then(pl.lit("business_park")).otherwise(pl.lit("area"))
    numbered = members.with_columns(kind=sort).select(
        "location_id",
        "boundary",
        "edition",
        "kind",
        "valid_from",
        "valid_to",
        "weight",
        "weight_method",
        "lower_weight",
        "upper_weight",
        "weights_known_from",
        "weights_synthetic",
        region_code="member_code",
        weights_release="release_id",
        expected=pl.len().over("location_id", "boundary", "edition", "kind"),
    )
    later = (pl.col("weights_known_from") > pl.col("known_from")).fill_null(False)
    return numbered.join(
        fed.drop("location_id"), on="region_code", how="inner", maintain_order="left"
    ).with_columns(
        release_id=pl.when(later).then("weights_release").otherwise("release_id"),
        known_from=pl.max_horizontal("known_from", "weights_known_from"),
        synthetic=pl.col("synthetic") | pl.col("weights_synthetic").fill_null(False),
    )


def in_force(joined: pl.DataFrame) -> pl.DataFrame:
    """The rows whose boundary holds on the first day of the period, by the weights of one year.

    That is the year in which the figure's areas are cut; where none were worked out for it, the
    newest before, else the first after.
    """
    import polars as pl

    year = pl.col("edition").cast(pl.Int32, strict=False)
    before = year.filter(year <= pl.col("cut")).max()
    chosen = pl.coalesce(before, year.min()).over("location_id", "boundary", "period", "kind")
    return joined.filter(_holds()).filter(year.is_null() | (year == chosen))


def _holds() -> pl.Expr:
    """Whether a boundary holds on the first day of the period."""
    import polars as pl

    day = first_day("period")
    begun = (pl.col("valid_from") <= day).fill_null(True)
    return begun & (day < pl.col("valid_to")).fill_null(True)


def _rank(kind: str) -> pl.Expr:
    import polars as pl

    order = {name: number for number, name in enumerate(FINEST_FIRST)}
    return pl.col(kind).replace_strict(order, default=len(order), return_dtype=pl.Int8)


def _outside(indicator: Indicator, joined: pl.DataFrame, values: pl.DataFrame) -> pl.DataFrame:
    """For each site and period with figures but without a boundary: a row that says so."""
    import polars as pl

    key = ["location_id", "period"]
    return (
        joined.join(values, on=key, how="anti", maintain_order="left")
        .group_by(key, maintain_order=True)
        .agg(**together())
        .sort(key)
        .select(
            location_id="location_id",
            indicator_id=pl.lit(indicator.id),
            period="period",
            value=pl.lit(None, pl.Float64),
            status=pl.lit("not_stated"),
            missing_reason=pl.lit("no_boundary"),
            method=pl.lit("not_allocatable"),
            lower=pl.lit(None, pl.Float64),
            upper=pl.lit(None, pl.Float64),
            boundary_year="boundary_year",
            release_id="release_id",
            known_from="known_from",
            synthetic="synthetic",
        )
        .select(VALUE)
    )


def weights(fed: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """By which weights the figures `fed` of areas are added up to sites: `location_id`, `period`,
    `region_code`, `kind`, and the weight with its bounds."""
    return in_force(_joined(fed, members)).select(
        "location_id", "period", "region_code", "kind", "weight", "lower_weight", "upper_weight"
    )


def touched(fed: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """Which areas a site's figures were estimated from: `site`, `period`, `location_id` of the area.

    Only sites and periods of which not every member lies wholly inside.
    """
    import polars as pl

    estimated = (pl.col("weight_method") != "exact").any().over("location_id", "period")
    return (
        in_force(_joined(fed, members))
        .filter(estimated)
        .select(site="location_id", period="period", location_id="region_code")
        .unique(maintain_order=True)
    )
