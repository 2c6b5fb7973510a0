"""How figures are named while they are guarded."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

FIGURE = ("sheet", "breakdown", "place")
"""What a figure is known by here."""
SHEET = ("source", "measure", "period")
"""What a `sheet` is named after: figures of different ones are never added."""


def sheet_of(source: str | pl.Expr, measure: str | pl.Expr) -> pl.Expr:
    """The sheet of a row with these columns (or literals), and `period`."""
    import polars as pl

    return pl.format("{}|{}|{}", source, measure, "period")


def named_in_sheet() -> dict[str, pl.Expr]:
    """By name what the sheet of a row is named after."""
    import polars as pl

    parts = pl.col("sheet").str.splitn("|", len(SHEET))
    return {name: parts.struct[at] for at, name in enumerate(SHEET)}
