"""Ratios: indicators calculated from the sums of others, for the same place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from assets.catalogue.models import Indicator, Ratio
from assets.marts.provenance import LEAST_FINAL_FIRST, together

if TYPE_CHECKING:
    import polars as pl


def ratio_of(
    indicator: Indicator, ratio: Ratio, made: Mapping[str, pl.DataFrame], locations: pl.DataFrame
) -> pl.DataFrame:
    """A ratio of sums of other indicators, for the places and periods where all parts are spoken of.

    The period is the numerator's. With `period: as_of` the denominator is the newest one that is
    not later (jobs of April 2026 per hectare registered in 2024).
    """
    import polars as pl

    kinds = locations.filter(pl.col("kind").is_in(indicator.levels)).select("location_id")

    def side(names: tuple[str, ...]) -> pl.DataFrame:
        parts = pl.concat([made[name] for name in dict.fromkeys(names)])
        return (
            parts.join(kinds, on="location_id", how="semi", maintain_order="left")
            .group_by("location_id", "period", maintain_order=True)
            .agg(
                there=pl.col("indicator_id").n_unique(),
                whole=pl.col("value").is_not_null().all(),
                total=pl.col("value").sum(),
                **together(),
            )
            .filter(pl.col("there") == len(set(names)))
            .with_columns(moment=_moment_of("period"))
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
    possible = pl.col("whole") & pl.col("whole_below") & (pl.col("total_below") != 0)
    later = pl.col("known_from_below") > pl.col("known_from")
    final = {status: number for number, status in enumerate(LEAST_FINAL_FIRST)}
    less_final = pl.col("status_below").replace_strict(final, return_dtype=pl.Int8) < pl.col(
        "status"
    ).replace_strict(final, return_dtype=pl.Int8)
    return both.select(
        location_id="location_id",
        indicator_id=pl.lit(indicator.id),
        period="period",
        value=pl.when(possible).then(ratio.factor * pl.col("total") / pl.col("total_below")),
        status=pl.when(less_final).then("status_below").otherwise("status"),
        missing_reason=pl.when(~possible).then(
            pl.coalesce("missing_reason", "missing_reason_below", pl.lit("impossible"))
        ),
        method=pl.lit("calculated"),
        lower=pl.lit(None, pl.Float64),
        upper=pl.lit(None, pl.Float64),
        release_id=pl.when(later).then("release_id_below").otherwise("release_id"),
        known_from=pl.max_horizontal("known_from", "known_from_below"),
        synthetic=pl.col("synthetic") | pl.col("synthetic_below"),
    )


def _moment_of(period: str) -> pl.Expr:
    """A period as a number that sorts by its first day: 2024 -> 20240101, 2020Q3 -> 20200701."""
    import polars as pl

    text = pl.col(period)
    year = text.str.slice(0, 4).cast(pl.Int32)
    quarter = text.str.extract(r"Q([1-4])$", 1).cast(pl.Int32)
    month = pl.coalesce(
        quarter * 3 - 2, text.str.extract(r"^\d{4}-(\d{2})", 1).cast(pl.Int32), pl.lit(1)
    )
    day = pl.coalesce(text.str.extract(r"^\d{4}-\d{2}-(\d{2})$", 1).cast(pl.Int32), pl.lit(1))
    return year * 10_000 + month * 100 + day
