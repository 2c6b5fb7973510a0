"""Where a value comes from: the columns that every value carries, and what is known of one that is
made from several."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

KEY = ("location_id", "indicator_id", "period")
VALUE = (
    *KEY,
    "value",
    "status",
    "missing_reason",
    "method",
    "lower",
    "upper",
    "boundary_year",
    "release_id",
    "known_from",
    "synthetic",
)
LEAST_FINAL_FIRST = ("provisional", "revised", "not_stated", "definitive")
"""A value made from several is no more final than the least final of them."""


def least_final() -> pl.Expr:
    import polars as pl

    order = {status: number for number, status in enumerate(LEAST_FINAL_FIRST)}
    return (
        pl.col("status")
        .sort_by(pl.col("status").replace_strict(order, return_dtype=pl.Int8))
        .first()
    )


def together() -> dict[str, pl.Expr]:
    """How what is known of several figures becomes what is known of one made from them."""
    import polars as pl

    return {
        "status": least_final(),
        "missing_reason": pl.col("missing_reason").drop_nulls().first(),
        "boundary_year": pl.col("boundary_year").max(),
        "release_id": pl.col("release_id").sort_by("known_from").last(),
        "known_from": pl.col("known_from").max(),
        "synthetic": pl.col("synthetic").any(),
    }
