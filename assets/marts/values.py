"""Indicator values: published figures as they are, sites from their members, provinces from
their municipalities, ratios from their parts. Every value says how it was made; what cannot be
made says why.

All frames here have the columns of `VALUE`: a value, or the reason why there is none, with
status, method, bounds, the newest release behind it and since when that is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from assets.catalogue import Catalogue
from assets.catalogue.models import COUNTED_MEASURES, Indicator
from assets.marts.locations import location_of
from assets.marts.provenance import VALUE, together
from assets.marts.ratios import ratio_of

if TYPE_CHECKING:
    import polars as pl

METHOD_BY_SUBJECT = {"establishments": "counted", "companies": "counted", "budgets": "aggregated"}


def values(
    catalogue: Catalogue,
    figures: Mapping[str, pl.LazyFrame],
    releases: pl.DataFrame,
    locations: pl.DataFrame,
    members: pl.DataFrame,
    counted: Mapping[str, pl.DataFrame] = MappingProxyType({}),
) -> pl.DataFrame:
    """Every indicator for every location and period, as known now.

    `figures`: core figures by source; `releases`: `release_id`, `known_from`, `synthetic`;
    `counted`: values of indicators that are counted in documents.
    """
    import polars as pl

    fed = {
        indicator.id: _fed(catalogue, indicator, figures)
        for indicator in catalogue.indicators.values()
        if indicator.feeds
    }
    known = releases.select("release_id", "known_from", "synthetic")
    fed = {
        name: frame.join(known, on="release_id", how="left", maintain_order="left")
        for name, frame in fed.items()
    }
    made: dict[str, pl.DataFrame] = {}
    for name, frame in fed.items():
        indicator = catalogue.indicators[name]
        areas = frame.filter(pl.col("level").is_in(indicator.levels))
        parts = [
            _published(areas),
            *([_provinces(indicator, frame, locations)] if indicator.aggregate_to else []),
        ]
        if "site" in indicator.levels:
            parts.append(_sites(indicator, frame, members, fed.get(indicator.weight or "")))
        made[name] = _guarded(pl.concat(parts), indicator)
    for indicator in catalogue.indicators.values():
        if indicator.ratio:
            made[indicator.id] = ratio_of(indicator, indicator.ratio, made, locations)
    made |= counted
    found = (
        pl.concat(list(made.values()))
        if made
        else pl.DataFrame(schema=dict.fromkeys(VALUE, pl.String))
    )
    found = pl.concat([found, _without_members(catalogue, found, members)])
    return found.join(
        locations.select("location_id"), on="location_id", how="semi", maintain_order="left"
    )


def _fed(
    catalogue: Catalogue, indicator: Indicator, figures: Mapping[str, pl.LazyFrame]
) -> pl.DataFrame:
    """The figures that feed an indicator: columns of `VALUE` plus `region_code`, `level`, `contributors`."""
    import polars as pl

    from assets.core.frames import kind_of

    parts = []
    for feed in indicator.feeds:
        if feed.source not in figures:
            continue
        source = catalogue.sources[feed.source]
        here = figures[feed.source].filter(pl.col("breakdown") == feed.breakdown)
        counted = source.subject in COUNTED_MEASURES and source.subject == "establishments"
        contributors = (
            here.filter(pl.col("measure") == "establishments").select(
                "region_code", "period", "edition", contributors="value"
            )
            if counted
            else here.select(
                "region_code", "period", "edition", contributors=pl.lit(None, pl.Float64)
            ).head(0)
        )
        parts.append(
            here.filter(pl.col("measure") == feed.measure)
            .join(
                contributors,
                on=["region_code", "period", "edition"],
                how="left",
                maintain_order="left",
            )
            .with_columns(level=kind_of("region_code"))
            .filter(pl.col("level").is_in([*feed.levels, "business_park"]), _valid(indicator))
            # An older edition of a rolling table yields to a newer one of the same period.
            .sort("edition", descending=True, maintain_order=True)
            .unique(["region_code", "period"], keep="first", maintain_order=True)
            .select(
                location_id=location_of("region_code"),
                indicator_id=pl.lit(indicator.id),
                period="period",
                value="value",
                status="status",
                missing_reason="missing_reason",
                method=pl.lit(METHOD_BY_SUBJECT.get(source.subject, "published")),
                lower=pl.lit(None, pl.Float64),
                upper=pl.lit(None, pl.Float64),
                release_id="release_id",
                region_code="region_code",
                level="level",
                contributors="contributors",
            )
        )
    if not parts:
        names = (
            "location_id",
            "indicator_id",
            "period",
            "status",
            "missing_reason",
            "method",
            "release_id",
            "region_code",
            "level",
        )
        numbers = ("value", "lower", "upper", "contributors")
        return pl.DataFrame(
            schema=dict.fromkeys(names, pl.String) | dict.fromkeys(numbers, pl.Float64)
        )
    return pl.concat(parts).collect()


def _valid(indicator: Indicator) -> pl.Expr:
    """Whether a period lies within those for which the definition holds."""
    import polars as pl

    year = pl.col("period").str.slice(0, 4)
    after = year >= indicator.valid_from[:4] if indicator.valid_from else pl.lit(True)
    return after & (year <= indicator.valid_to[:4] if indicator.valid_to else pl.lit(True))


def _published(areas: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    return areas.filter(pl.col("level") != "business_park").select(*VALUE, "contributors")


def _provinces(indicator: Indicator, fed: pl.DataFrame, locations: pl.DataFrame) -> pl.DataFrame:
    """Sums over all municipalities of a province; missing as soon as one municipality is."""
    import polars as pl

    inside = locations.filter(
        pl.col("kind") == "municipality", pl.col("province_code").is_not_null()
    )
    expected = inside.group_by("province_code").agg(expected=pl.len())
    complete = (pl.col("value").is_not_null().sum() == pl.col("expected").first()).alias("complete")
    return (
        fed.filter(pl.col("level") == "municipality")
        .join(
            inside.select(region_code="location_id", province_code="province_code"),
            on="region_code",
            how="inner",
        )
        .join(expected, on="province_code")
        .group_by("province_code", "period", maintain_order=True)
        .agg(
            complete,
            pl.col("value").sum().alias("total"),
            pl.col("contributors").sum(),
            **together(),
        )
        .select(
            location_id="province_code",
            indicator_id=pl.lit(indicator.id),
            period="period",
            value=pl.when("complete").then("total"),
            status="status",
            missing_reason=pl.when(~pl.col("complete")).then(
                pl.coalesce("missing_reason", pl.lit("not_published"))
            ),
            method=pl.lit("aggregated"),
            lower=pl.lit(None, pl.Float64),
            upper=pl.lit(None, pl.Float64),
            release_id="release_id",
            known_from="known_from",
            synthetic="synthetic",
            contributors="contributors",
        )
    )


def _sites(
    indicator: Indicator, fed: pl.DataFrame, members: pl.DataFrame, weights: pl.DataFrame | None
) -> pl.DataFrame:
    """Values of sites from their members, by the indicator's own rule.

    Exact where every member lies wholly in the site; else estimated by the declared weights,
    with as bounds what the whole members and all members give. A mean is weighted; what cannot
    be allocated is given only where the site is exactly one area.
    """
    import polars as pl

    from assets.core.frames import kind_of

    # A site known in neighbourhoods and in register numbers has its figures from one sort or the other.
    expected = pl.len().over("location_id", "kind")
    joined = (
        members.with_columns(kind=kind_of("member_code"))
        .select(site="location_id", region_code="member_code", weight="weight", expected=expected)
        .join(fed, on="region_code", how="inner", maintain_order="left")
    )
    weighed = pl.lit(1.0)
    if indicator.allocation == "weighted_mean" and weights is not None:
        joined = joined.join(
            weights.select("region_code", "period", by=pl.col("value")),
            on=["region_code", "period"],
            how="left",
            maintain_order="left",
        )
        weighed = pl.col("by")
    value, weight = pl.col("value"), pl.col("weight")
    exact = (weight == 1.0).all()
    single = pl.len() == 1
    total = (value * weight).sum()
    mean = (value * weight * weighed).sum() / (weight * weighed).sum()
    if indicator.allocation == "sum":
        made = total
        lower, upper = value.filter(weight == 1.0).sum(), value.sum()
        possible = pl.lit(True)
    elif indicator.allocation == "weighted_mean":
        made = pl.when(single).then(value.first()).otherwise(mean)
        lower, upper = value.min(), value.max()
        possible = pl.lit(True)
    else:
        made, lower, upper = value.first(), value.first(), value.first()
        possible = single & exact
    grouped = joined.group_by("site", "period", maintain_order=True).agg(
        made=made,
        low=lower,
        high=upper,
        exact=exact,
        possible=possible,
        whole=value.is_not_null().all() & (pl.len() == pl.col("expected").first()),
        contributors=pl.col("contributors").sum(),
        any_contributors=pl.col("contributors").is_not_null().any(),
        **together(),
    )
    shown = pl.col("whole") & pl.col("possible") & pl.col("made").is_not_nan()
    return grouped.select(
        location_id="site",
        indicator_id=pl.lit(indicator.id),
        period="period",
        value=pl.when(shown).then("made"),
        status="status",
        missing_reason=pl.when(~pl.col("possible"))
        .then(pl.lit("not_allocatable"))
        .when(~shown)
        .then(pl.coalesce("missing_reason", pl.lit("not_published"))),
        method=pl.when(~pl.col("possible"))
        .then(pl.lit("not_allocatable"))
        .when("exact")
        .then(pl.lit("exact"))
        .otherwise(pl.lit("area_share")),
        lower=pl.when(shown & ~pl.col("exact")).then("low"),
        upper=pl.when(shown & ~pl.col("exact")).then("high"),
        release_id="release_id",
        known_from="known_from",
        synthetic="synthetic",
        contributors=pl.when("any_contributors").then("contributors"),
    )


def _guarded(found: pl.DataFrame, indicator: Indicator) -> pl.DataFrame:
    """Values behind which stand fewer contributors than the indicator's minimum cell are not shown."""
    import polars as pl

    few = (
        pl.col("contributors").is_between(1, indicator.minimum_cell - 1)
        if indicator.minimum_cell > 1
        else pl.lit(False)
    )
    few = few.fill_null(False)
    return found.with_columns(
        *(pl.when(~few).then(pl.col(name)).alias(name) for name in ("value", "lower", "upper")),
        missing_reason=pl.when(few).then(pl.lit("confidential")).otherwise("missing_reason"),
    ).select(VALUE)


def _without_members(
    catalogue: Catalogue, found: pl.DataFrame, members: pl.DataFrame
) -> pl.DataFrame:
    """For each site and indicator that has no row: one that says why, in the newest period there is.

    `no_boundary` where nobody has said what the site is composed of, `not_allocatable` where it
    is known but not in areas for which the figure exists, `not_published` where no document speaks
    of it.
    """
    import polars as pl

    newest = (
        found.sort("period", "known_from")
        .group_by("indicator_id", maintain_order=True)
        .agg(
            pl.col("period").last(),
            pl.col("release_id").last(),
            pl.col("known_from").last(),
            pl.col("synthetic").last(),
        )
    )
    with_members = set(members.get_column("location_id"))
    pairs = pl.DataFrame(
        [
            (site, indicator.id, _why_none(indicator, site in with_members))
            for site in catalogue.sites
            for indicator in catalogue.indicators.values()
            if "site" in indicator.levels
        ],
        schema=dict.fromkeys(("location_id", "indicator_id", "missing_reason"), pl.String),
        orient="row",
    )
    return (
        pairs.join(found, on=["location_id", "indicator_id"], how="anti", maintain_order="left")
        .join(newest, on="indicator_id", how="inner", maintain_order="left")
        .with_columns(
            value=pl.lit(None, pl.Float64),
            status=pl.lit("not_stated"),
            method=pl.when(pl.col("missing_reason") == "not_published")
            .then(pl.lit("from_documents"))
            .otherwise(pl.lit("not_allocatable")),
            lower=pl.lit(None, pl.Float64),
            upper=pl.lit(None, pl.Float64),
        )
        .select(VALUE)
    )


def _why_none(indicator: Indicator, composed: bool) -> str:
    """Why a site has no row at all of an indicator."""
    if indicator.counted:
        return "not_published"
    return "not_allocatable" if composed else "no_boundary"
