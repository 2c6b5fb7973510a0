"""Indicator values: published figures as they are, sites from their members, provinces from
their municipalities, ratios from their parts. Every value says how it was made; what cannot be
made says why.

All frames here have the columns of `VALUE`: a value, or the reason why there is none, with
status, method, bounds, the newest release behind it and since when that is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from assets.catalogue import Catalogue
from assets.catalogue.models import Indicator
from assets.marts.absences import unexplained
from assets.marts.allocation import allocated, touched
from assets.marts.disclosure.guarding import BEHIND, guarded
from assets.marts.locations import known_places, location_of
from assets.marts.provenance import VALUE, together
from assets.marts.quotients import index_of, quotient_of, surroundings
from assets.marts.ratios import ratio_of
from assets.marts.reach import needed
from assets.marts.vintages import Scope
from warehouse.tables.mart import IndicatorValue
from warehouse.vocabulary import polars_schema

if TYPE_CHECKING:
    import polars as pl

METHOD_BY_SUBJECT = {"establishments": "counted", "companies": "counted", "budgets": "aggregated"}


def values(
    catalogue: Catalogue,
    scope: Scope,
    figures: Mapping[str, pl.LazyFrame],
    releases: pl.DataFrame,
    members: pl.DataFrame,
    areas: pl.Series,
    counted: Mapping[str, pl.DataFrame] = MappingProxyType({}),
    contributions: Mapping[str, pl.LazyFrame] = MappingProxyType({}),
    published: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """The indicators and periods of `scope` for every location, from what is known.

    `figures`: core figures by source; `releases`: `release_id`, `known_from`, `synthetic`;
    `members`: `mart.location_member`; `areas`: codes of the areas that are listed by then: of others
    nothing is said; `counted`: values of indicators that are counted in documents; `contributions`:
    core contributions by source; `published`: all vintages so far, because what was published stays
    known.
    """
    import polars as pl

    wanted = {
        catalogue.indicators[name]: periods for name, periods in needed(catalogue, scope).items()
    }
    known = releases.select("release_id", "known_from", "synthetic")
    fed = {
        indicator.id: _fed(catalogue, indicator, figures, contributions, periods).join(
            known, on="release_id", how="left", maintain_order="left"
        )
        for indicator, periods in wanted.items()
        if indicator.feeds
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
        parts = [
            _published(frame.filter(pl.col("level").is_in(indicator.levels))),
            *([_provinces(catalogue, indicator, frame)] if indicator.aggregate_to else []),
        ]
        if "site" in indicator.levels:
            parts.append(allocated(indicator, frame, members, fed.get(indicator.weight or "")))
        made[name] = pl.concat(parts)
    places = known_places(catalogue, areas)
    made = guarded(catalogue, fed, made, places, members, published)
    made |= {name: frame for name, frame in counted.items() if name in scope}
    around = surroundings(catalogue, places)
    for indicator in _in_order(wanted):
        if indicator.quotient:
            made[indicator.id] = quotient_of(indicator, indicator.quotient, made, around)
        elif indicator.index:
            made[indicator.id] = index_of(indicator, indicator.index, made, around)
        elif indicator.ratio:
            first = fed.get(indicator.ratio.numerator[0])
            made[indicator.id] = ratio_of(
                indicator,
                indicator.ratio,
                made,
                touched(first, members) if first is not None else None,
            )
    found = [made[name].filter(_in_periods(periods)) for name, periods in scope.items()]
    all_of_it = (pl.concat(found) if found else _none()).join(
        places.select("location_id"), on="location_id", how="semi", maintain_order="left"
    )
    return pl.concat([all_of_it, unexplained(catalogue, all_of_it, fed, members)])


def _in_order(indicators: Iterable[Indicator]) -> list[Indicator]:
    """What is calculated after what it is calculated from."""
    asked = {indicator.id: indicator for indicator in indicators}
    order: dict[str, Indicator] = {}

    def place(indicator: Indicator) -> None:
        below = indicator.ratio.denominator if indicator.ratio else ()
        if indicator.id not in order:
            for part in (*indicator.made_of, *below):
                place(asked[part])
        order.setdefault(indicator.id, indicator)

    for indicator in asked.values():
        place(indicator)
    return list(order.values())


def _in_periods(periods: frozenset[str] | None) -> pl.Expr:
    import polars as pl

    return pl.lit(True) if periods is None else pl.col("period").is_in(sorted(periods))


def _none() -> pl.DataFrame:
    """No values."""
    import polars as pl

    schema = polars_schema(IndicatorValue)
    return pl.DataFrame(schema={name: schema[name] for name in VALUE})


def _fed(
    catalogue: Catalogue,
    indicator: Indicator,
    figures: Mapping[str, pl.LazyFrame],
    contributions: Mapping[str, pl.LazyFrame],
    periods: frozenset[str] | None,
) -> pl.DataFrame:
    """The figures that feed an indicator in `periods`: columns of `VALUE`, where they come from
    (`region_code`, `level`, `source`, `measure`, `breakdown`, and `cut`, the year in which the areas
    are cut, as far as can be told) and who stands behind them (`BEHIND`)."""
    import polars as pl

    from assets.core.frames import kind_of

    parts = []
    for feed in indicator.feeds:
        if feed.source not in figures:
            continue
        source = catalogue.sources[feed.source]
        here = figures[feed.source].filter(
            pl.col("breakdown") == feed.breakdown, _in_periods(periods)
        )
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
                boundary_year=pl.col("edition").str.extract(r"^(\d{4})", 1).cast(pl.Int32),
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
            | {"boundary_year": pl.Int32, "cut": pl.Int32}
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


def _provinces(catalogue: Catalogue, indicator: Indicator, fed: pl.DataFrame) -> pl.DataFrame:
    """Sums over all declared municipalities of a province; missing as soon as one municipality is."""
    import polars as pl

    inside = pl.DataFrame(
        [
            (code, province.code, len(province.municipalities))
            for province in catalogue.provinces.values()
            for code in province.municipalities
        ],
        schema={"region_code": pl.String, "province_code": pl.String, "expected": pl.UInt32},
        orient="row",
    )
    complete = (pl.col("value").is_not_null().sum() == pl.col("expected").first()).alias("complete")
    return (
        fed.filter(pl.col("level") == "municipality")
        .join(inside, on="region_code", how="inner", maintain_order="left")
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
            boundary_year="boundary_year",
            release_id="release_id",
            known_from="known_from",
            synthetic="synthetic",
        )
    )
