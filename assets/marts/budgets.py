"""Budget amounts: the Iv3 cells of every province and year, as BI reads them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from warehouse.tables.mart import BudgetAmount
from warehouse.vocabulary import polars_schema

if TYPE_CHECKING:
    import polars as pl

CHRONICLE = ("known_from", "known_to", "opened_by")
"""Columns that its history adds."""


def amounts(lines: Sequence[pl.LazyFrame], years: Collection[str]) -> pl.DataFrame:
    """One row a cell of a report of `years`; every cell, also those that are zero or missing."""
    import polars as pl

    schema = polars_schema(BudgetAmount)
    said = {name: kind for name, kind in schema.items() if name not in CHRONICLE}
    if not lines:
        return pl.DataFrame(schema=said)
    return (
        pl.concat(list(lines))
        .filter(pl.col("edition").cast(pl.String).is_in(sorted(years)))
        .with_columns(year=pl.col("edition").cast(pl.String).cast(pl.Int32))
        .select(list(said))
        .collect()
        .cast(said)  # type: ignore[arg-type]
    )
