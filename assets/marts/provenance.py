"""Where a value comes from: the columns that every value carries, and what is known of one that is
made from several."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assets.core.frames import least_final

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
