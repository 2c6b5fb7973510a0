"""What earlier vintages said: a figure once published stays known, one once held back stays back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assets.marts.disclosure.sheets import FIGURE, sheet_of

if TYPE_CHECKING:
    import polars as pl

CONFIDENTIAL = "confidential"


def earlier_of(published: pl.DataFrame | None, names: pl.DataFrame) -> pl.DataFrame:
    """What earlier vintages said of a figure: each value and bound, and whether it was held back."""
    import polars as pl

    if published is None or published.is_empty():
        schema = dict.fromkeys((*FIGURE, "part"), pl.String)
        return pl.DataFrame(schema=schema | {"said": pl.Float64, "kept": pl.Boolean})
    rows = published.with_columns(
        kept=pl.col("missing_reason").eq_missing(pl.lit(CONFIDENTIAL))
    ).join(names, on="indicator_id")
    return (
        rows.with_columns(sheet=sheet_of("source", "measure"), place="location_id")
        .unpivot(
            on=["value", "lower", "upper"],
            index=[*FIGURE, "kept"],
            variable_name="part",
            value_name="said",
        )
        .filter(pl.col("said").is_not_null() | pl.col("kept"))
        .unique()
    )


def with_earlier(rows: pl.DataFrame, earlier: pl.DataFrame) -> pl.DataFrame:
    """`rows` with `known` (an earlier vintage says the same) and `held` (one holds it back).

    What was held back stays so, also where it would no longer be: its vintage would be computed
    back from what is published now.
    """
    import polars as pl

    key = [*FIGURE, "part"]
    found = (
        rows.select(*key, "value")
        .join(earlier, on=key)
        .group_by(key)
        .agg(
            known=((pl.col("said") - pl.col("value")).abs() < 1e-9).any(),
            held=pl.col("kept").any(),
        )
    )
    return rows.join(found, on=key, how="left", maintain_order="left").with_columns(
        pl.col("known", "held").fill_null(False)
    )
