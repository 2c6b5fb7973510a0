"""Periods and the days in them: which day decides what held in a period."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl


def first_day(period: str) -> pl.Expr:
    """The first day of the periods in a column: `2024` -> 1 January, `2020Q3` -> 1 July,
    `2020-04` -> 1 April, `2020-04-15` -> that day."""
    import polars as pl

    text = pl.col(period)
    quarter = text.str.extract(r"Q([1-4])$", 1).cast(pl.Int32)
    month = pl.coalesce(
        quarter * 3 - 2, text.str.extract(r"^\d{4}-(\d{2})", 1).cast(pl.Int32), pl.lit(1)
    )
    day = pl.coalesce(text.str.extract(r"^\d{4}-\d{2}-(\d{2})$", 1).cast(pl.Int32), pl.lit(1))
    return pl.date(text.str.slice(0, 4).cast(pl.Int32), month, day)
