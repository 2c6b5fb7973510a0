"""Budget amounts: the Iv3 cells of every province and year, as BI reads them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from warehouse.tables.mart import BudgetAmount
from warehouse.vocabulary import polars_schema

if TYPE_CHECKING:
    import polars as pl

KEY = ("province_code", "year", "report", "function_code", "category_code")
SAID = ("function_name", "side", "amount_eur", "missing_reason")


def amounts(lines: Sequence[pl.LazyFrame], releases: pl.DataFrame) -> pl.DataFrame:
    """One row a cell of a report, as known now; every cell, also those that are zero or missing."""
    import polars as pl

    schema = polars_schema(BudgetAmount)
    if not lines:
        return pl.DataFrame(schema=schema).drop("known_to")
    known = releases.lazy().select(pl.col("release_id").cast(pl.Categorical), "known_from")
    return (
        pl.concat(list(lines))
        .join(known, on="release_id", how="left", maintain_order="left")
        .with_columns(year=pl.col("edition").cast(pl.String).cast(pl.Int32))
        .select([name for name in schema.names() if name != "known_to"])
        .collect()
        .cast({name: kind for name, kind in schema.items() if name != "known_to"})
    )
