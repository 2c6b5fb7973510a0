"""Ratios: indicators calculated from the sums of others, for the same place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from assets.catalogue.calculations import Ratio
from assets.catalogue.models import Indicator
from assets.core.frames import LEAST_FINAL_FIRST
from assets.marts.locations import level_of
from assets.marts.periods import first_day
from assets.marts.provenance import together

if TYPE_CHECKING:
    import polars as pl


def ratio_of(
    indicator: Indicator,
    ratio: Ratio,
    made: Mapping[str, pl.DataFrame],
    touched: pl.DataFrame | None = None,
    *,
    of_all_kinds: bool = False,
) -> pl.DataFrame:
    """A ratio of sums of other indicators, for the places and periods where all parts are spoken of.

    The period is the numerator's. With `period: as_of` the denominator is the newest one that is
    not later (jobs of April 2026 per hectare registered in 2024). `touched`: the areas from which
    sites are estimated (`allocation.touched`); such a ratio lies between theirs;
    `of_all_kinds`: whether places of any kind are meant, and not those for which the indicator exists.
    """
    import polars as pl

    level = level_of("location_id")
    places = pl.lit(True) if of_all_kinds else level.is_in(indicator.levels)
    if touched is not None and touched.height:
        places |= level != "site"

    def side(names: tuple[str, ...]) -> pl.DataFrame:
        parts = pl.concat([made[name] for name in dict.fromkeys(names)])
        return (
            parts.filter(places)
            .group_by("location_id", "period", maintain_order=True)
            .agg(
                there=pl.col("indicator_id").n_unique(),
                whole=pl.col("value").is_not_null().all(),
                total=pl.col("value").sum(),
                **together(),
            )
            .filter(pl.col("there") == len(set(names)))
            .with_columns(moment=first_day("period"))
            .sort("moment")
        )

    top, bottom = side(ratio.numerator), side(ratio.denominator)
    if ratio.period == "as_of":
        both = top.join_asof(
            bottom.drop("period"),
            on="moment",
            by="location_id",
            suffix="_below",
            check_sortedness=False,
        )
        both = both.filter(pl.col("there_below").is_not_null())
    else:
        both = top.join(bottom, on=["location_id", "period"], how="inner", suffix="_below")
    both = _with_apportioned(both, ratio, made)
    possible = pl.col("whole") & pl.col("whole_below") & (pl.col("total_below") != 0)
    later = pl.col("known_from_below") > pl.col("known_from")
    final = {status: number for number, status in enumerate(LEAST_FINAL_FIRST)}
    less_final = pl.col("status_below").replace_strict(final, return_dtype=pl.Int8) < pl.col(
        "status"
    ).replace_strict(final, return_dtype=pl.Int8)

    def over(total: str) -> pl.Expr:
        return pl.when(possible).then(ratio.factor * pl.col(total) / pl.col("total_below"))

    found = both.select(
        location_id="location_id",
        indicator_id=pl.lit(indicator.id),
        period="period",
        value=over("total"),
        status=pl.when(less_final).then("status_below").otherwise("status"),
        missing_reason=pl.when(~possible).then(
            pl.coalesce("missing_reason", "missing_reason_below", pl.lit("impossible"))
        ),
        method=pl.lit("calculated"),
        lower=over("least"),
        upper=over("most"),
        boundary_year=pl.col("boundary_year"),
        release_id=pl.when(later).then("release_id_below").otherwise("release_id"),
        known_from=pl.max_horizontal("known_from", "known_from_below"),
        synthetic=pl.col("synthetic") | pl.col("synthetic_below"),
    )
    if touched is None or touched.is_empty():
        return found
    return _bounded(found, touched).filter(level_of("location_id").is_in(indicator.levels))


def _with_apportioned(
    both: pl.DataFrame, ratio: Ratio, made: Mapping[str, pl.DataFrame]
) -> pl.DataFrame:
    """`both` with what falls to several sectors added to the `total` above the line by its weight, and
    the `least` and the `most` that this may be, where there is any; null where the total is certain."""
    import polars as pl

    nothing = pl.lit(None, pl.Float64)
    said = ratio.apportioned
    if said is None or not said.weight:
        return both.with_columns(least=nothing, most=nothing)
    key = ["location_id", "period"]
    several = pl.col("several")
    found = both.join(
        made[said.of].select(
            *key,
            several="value",
            why="missing_reason",
            since="known_from",
            whence="release_id",
            invented="synthetic",
        ),
        on=key,
        maintain_order="left",
    )
    later = pl.col("since") > pl.col("known_from")
    some = several > 0
    return found.with_columns(
        whole=pl.col("whole") & several.is_not_null(),
        total=pl.col("total") + said.weight * several,
        least=pl.when(some).then("total"),
        most=pl.when(some).then(pl.col("total") + several),
        missing_reason=pl.coalesce("missing_reason", "why"),
        release_id=pl.when(later).then("whence").otherwise("release_id"),
        known_from=pl.max_horizontal("known_from", "since"),
        synthetic=pl.col("synthetic") | pl.col("invented"),
    )


def _bounded(found: pl.DataFrame, touched: pl.DataFrame) -> pl.DataFrame:
    """Ratios of sites between the lowest and the highest of the areas they are estimated from.

    A ratio of sums of parts of these areas lies between their own ratios, whatever the parts are,
    as long as both sums take the same parts. Without bounds where one of the areas has no ratio.
    """
    import polars as pl

    key = ["location_id", "period"]
    every = pl.col("value").is_not_null().all()
    bounds = (
        touched.join(
            found.select(*key, "value", "lower", "upper"), on=key, how="left", maintain_order="left"
        )
        .group_by("site", "period", maintain_order=True)
        .agg(
            low=pl.when(every).then(pl.coalesce("lower", "value").min()),
            high=pl.when(every).then(pl.coalesce("upper", "value").max()),
        )
        .rename({"site": "location_id"})
        .with_columns(estimated=pl.lit(True))
    )
    there = pl.col("value").is_not_null()
    own = pl.col("estimated").is_null()
    return (
        found.join(bounds, on=key, how="left", maintain_order="left")
        .with_columns(
            lower=pl.when(own).then("lower").otherwise(pl.when(there).then("low")),
            upper=pl.when(own).then("upper").otherwise(pl.when(there).then("high")),
        )
        .select(found.columns)
    )
