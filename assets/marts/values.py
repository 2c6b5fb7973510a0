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
from assets.catalogue.models import Indicator
from assets.marts.allocation import allocated, touched
from assets.marts.disclosure.guarding import guarded
from assets.marts.locations import location_of
from assets.marts.provenance import VALUE, together
from assets.marts.ratios import ratio_of

if TYPE_CHECKING:
    import polars as pl

BEHIND = ("contributors", "largest", "second_largest")
METHOD_BY_SUBJECT = {"establishments": "counted", "companies": "counted", "budgets": "aggregated"}


def values(
    catalogue: Catalogue,
    figures: Mapping[str, pl.LazyFrame],
    releases: pl.DataFrame,
    locations: pl.DataFrame,
    members: pl.DataFrame,
    counted: Mapping[str, pl.DataFrame] = MappingProxyType({}),
    contributions: Mapping[str, pl.LazyFrame] = MappingProxyType({}),
    published: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Every indicator for every location and period, as known now.

    `figures`: core figures by source; `releases`: `release_id`, `known_from`, `synthetic`;
    `members`: `mart.location_member`; `counted`: values of indicators that are counted in documents;
    `contributions`: core contributions by source; `published`: all vintages so far, because what was
    published stays known.
    """
    import polars as pl

    fed = {
        indicator.id: _fed(catalogue, indicator, figures, contributions)
        for indicator in catalogue.indicators.values()
        if indicator.feeds
    }
    known = releases.select("release_id", "known_from", "synthetic")
    fed = {
        name: frame.join(known, on="release_id", how="left", maintain_order="left")
        for name, frame in fed.items()
    }
    members = members.join(
        known.select("release_id", weights_known_from="known_from", weights_synthetic="synthetic"),
        on="release_id",
        how="left",
        maintain_order="left",
    )
    made: dict[str, pl.DataFrame] = {}
    for name, frame in fed.items():
        indicator = catalogue.indicators[name]
        areas = frame.filter(pl.col("level").is_in(indicator.levels))
        parts = [
            _published(areas),
            *([_provinces(indicator, frame, locations)] if indicator.aggregate_to else []),
        ]
        if "site" in indicator.levels:
            parts.append(allocated(indicator, frame, members, fed.get(indicator.weight or "")))
        made[name] = pl.concat(parts)
    made = guarded(catalogue, fed, made, locations, members, published)
    for indicator in catalogue.indicators.values():
        if indicator.ratio:
            first = fed.get(indicator.ratio.numerator[0])
            made[indicator.id] = ratio_of(
                indicator,
                indicator.ratio,
                made,
                locations,
                touched(first, members) if first is not None else None,
            )
    made |= counted
    found = (
        pl.concat(list(made.values()))
        if made
        else pl.DataFrame(schema=dict.fromkeys(VALUE, pl.String))
    )
    found = pl.concat([found, _without_figures(catalogue, found)])
    return found.join(
        locations.select("location_id"), on="location_id", how="semi", maintain_order="left"
    )


def _fed(
    catalogue: Catalogue,
    indicator: Indicator,
    figures: Mapping[str, pl.LazyFrame],
    contributions: Mapping[str, pl.LazyFrame],
) -> pl.DataFrame:
    """The figures that feed an indicator: columns of `VALUE`, where they come from (`region_code`,
    `level`, `source`, `measure`, `breakdown`, and `cut`, the year in which the areas are cut) and who
    stands behind them (`BEHIND`)."""
    import polars as pl

    from assets.core.frames import kind_of

    parts = []
    for feed in indicator.feeds:
        if feed.source not in figures:
            continue
        source = catalogue.sources[feed.source]
        here = figures[feed.source].filter(pl.col("breakdown") == feed.breakdown)
        parts.append(
            here.filter(pl.col("measure") == feed.measure)
            .join(
                _behind(contributions.get(feed.source), feed.measure, feed.breakdown),
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
                cut=pl.coalesce(
                    pl.col("edition").str.extract(r"^(\d{4})", 1), pl.col("period").str.slice(0, 4)
                ).cast(pl.Int32),
                source=pl.lit(feed.source),
                measure=pl.lit(feed.measure),
                breakdown=pl.lit(feed.breakdown),
                **{name: pl.col(name) for name in BEHIND},
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
            "source",
            "measure",
            "breakdown",
        )
        numbers = ("value", "lower", "upper", *BEHIND)
        return pl.DataFrame(
            schema=dict.fromkeys(names, pl.String)
            | dict.fromkeys(numbers, pl.Float64)
            | {"cut": pl.Int32}
        )
    return pl.concat(parts).collect()


def _behind(contributions: pl.LazyFrame | None, measure: str, breakdown: str) -> pl.LazyFrame:
    """Who stands behind the figures of one feed, by area, period and edition; none for a source that
    is not counted by us."""
    import polars as pl

    place = ("region_code", "period", "edition")
    if contributions is None:
        schema = dict.fromkeys(place, pl.String) | dict.fromkeys(BEHIND, pl.Float64)
        return pl.LazyFrame(schema=schema)
    return contributions.filter(
        pl.col("measure") == measure, pl.col("breakdown") == breakdown
    ).select(*place, *(pl.col(name).cast(pl.Float64) for name in BEHIND))


def _valid(indicator: Indicator) -> pl.Expr:
    """Whether a period lies within those for which the definition holds."""
    import polars as pl

    year = pl.col("period").str.slice(0, 4)
    after = year >= indicator.valid_from[:4] if indicator.valid_from else pl.lit(True)
    return after & (year <= indicator.valid_to[:4] if indicator.valid_to else pl.lit(True))


def _published(areas: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    return areas.filter(pl.col("level") != "business_park").select(VALUE)


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
        )
    )


def _without_figures(catalogue: Catalogue, found: pl.DataFrame) -> pl.DataFrame:
    """For each site and indicator that has no row: one that says why, in the newest period there is.

    `no_boundary` where nobody has said what the site takes in, `not_allocatable` where it is known
    but not in areas for which the figure exists, `not_published` where no document speaks
    of it.
    """
    import polars as pl

    # Of official areas where there are any: how another site was shared says nothing of this one.
    official = ~pl.col("location_id").is_in(list(catalogue.sites))
    newest = (
        found.sort(official, "period", "known_from")
        .group_by("indicator_id", maintain_order=True)
        .agg(
            pl.col("period").last(),
            pl.col("release_id").last(),
            pl.col("known_from").last(),
            pl.col("synthetic").last(),
        )
    )
    pairs = pl.DataFrame(
        [
            (site.id, indicator.id, _why_none(indicator, bool(site.boundaries)))
            for site in catalogue.sites.values()
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


def _why_none(indicator: Indicator, has_boundary: bool) -> str:
    """Why a site has no row at all of an indicator."""
    if indicator.counted:
        return "not_published"
    return "not_allocatable" if has_boundary else "no_boundary"
