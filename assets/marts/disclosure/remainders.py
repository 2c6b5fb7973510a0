"""What is left of a total when its parts are taken off: nobody publishes it, anybody can compute it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from assets.marts.disclosure.certificates import NOTHING
from assets.marts.disclosure.differences import at_least_so_many, something

if TYPE_CHECKING:
    import polars as pl
    from scipy.sparse import csr_array

REST = "~"
"""Ends the name of what is left of an area when its smaller areas are taken off."""

Relation = tuple[tuple[str, ...], tuple[str, ...]]
"""The sum of the second breakdowns is at most that of the first."""


def two_largest() -> dict[str, pl.Expr]:
    """Contributors and the two largest contributions of several figures together."""
    import polars as pl

    ranked = pl.col("largest").append(pl.col("second_largest")).sort(descending=True)
    return {
        "contributors": pl.when(pl.col("contributors").is_not_null().all()).then(
            pl.col("contributors").sum()
        ),
        "largest": ranked.get(0, null_on_oob=True),
        "second_largest": ranked.get(1, null_on_oob=True),
    }


def rests_of(areas: pl.DataFrame, above: pl.DataFrame) -> pl.DataFrame:
    """What is left of each area when its nearest smaller areas are taken off; `row` is the area's."""
    import polars as pl

    nearest = above.sort("row", "step").unique("row", keep="first", maintain_order=True)
    parts = (
        nearest.join(
            areas.select("row", "value", "contributors", "largest", "second_largest"), on="row"
        )
        .group_by("over")
        .agg(pl.col("value").sum(), **two_largest())
        .rename({"over": "row"})
    )
    both = areas.join(parts, on="row", suffix="_of_parts", how="inner").sort("row")
    return (
        _difference(both)
        .filter(something(NOTHING))
        .with_columns(
            place=pl.col("place") + REST,
            contributors=at_least_so_many(),
            figure=pl.lit(-1, pl.Int64),
        )
    )


def _difference(both: pl.DataFrame) -> pl.DataFrame:
    """A total less its parts (columns `*_of_parts`). Who is the largest of what is left is not known
    where a part's largest is the total's: then bounds are taken that make it more sensitive."""
    import polars as pl

    left = pl.col("value") - pl.col("value_of_parts")
    ahead = pl.col("largest") > pl.col("largest_of_parts") + NOTHING
    largest = pl.min_horizontal(
        left, pl.when(ahead).then(pl.col("largest")).otherwise(pl.col("second_largest"))
    )
    return (
        both.with_columns(
            value=left,
            contributors=pl.col("contributors") - pl.col("contributors_of_parts"),
            largest=largest,
            second_largest=pl.min_horizontal(largest, pl.col("second_largest"), left - largest),
            published=pl.lit(False),
            known=pl.lit(False),
            held=pl.lit(False),
        )
        .drop([name for name in both.columns if name.endswith("_of_parts")])
        .with_columns(part=pl.lit("rest"))
    )


def remainders_of(
    listed: pl.DataFrame, relations: Sequence[Relation]
) -> tuple[pl.DataFrame, csr_array]:
    """What is left of totals when declared parts are taken off, and how it is made of the rows."""
    import numpy as np
    import polars as pl

    rows = listed.with_row_index("row").filter(pl.col("part") == "value")
    made, at, of, by = [], [], [], []
    lines = 0
    for whole, parts in relations:
        place = ["sheet", "place"]
        total = (
            rows.filter(pl.col("breakdown").is_in(whole))
            .sort("row")
            .group_by(place, maintain_order=True)
            .agg(
                pl.col("value").sum(),
                pl.col("minimum").max(),
                pl.col("percent").max(),
                wholes=pl.col("row"),
                there=pl.len(),
                **two_largest(),
            )
            .filter(pl.col("there") == len(whole))
        )
        less = (
            rows.filter(pl.col("breakdown").is_in(parts))
            .sort("row")
            .group_by(place, maintain_order=True)
            .agg(pl.col("value").sum(), parts=pl.col("row"), **two_largest())
        )
        both = total.join(less, on=place, suffix="_of_parts", maintain_order="left")
        if not both.height:
            continue
        if (low := both.filter(pl.col("value") - pl.col("value_of_parts") < -1e-6)).height:
            raise ValueError(
                f"{' + '.join(parts)} is more than {' + '.join(whole)} at {low.height} places, such "
                f"as {low.get_column('place')[0]}: they overlap, or are counted otherwise; declare in "
                "`within` of the source only what is a part"
            )
        line = np.arange(lines, lines + both.height)
        for column, sign in (("wholes", 1.0), ("parts", -1.0)):
            lengths = both.get_column(column).list.len().to_numpy()
            at.append(np.repeat(line, lengths))
            of.append(both.get_column(column).explode().to_numpy())
            by.append(np.full(int(lengths.sum()), sign))
        lines += both.height
        made.append(
            _difference(both.drop("wholes", "parts", "there")).with_columns(
                breakdown=pl.lit(None, pl.String), figure=pl.lit(-1, pl.Int64)
            )
        )
    empty = np.empty(0)
    made_of = sparse(
        np.concatenate([empty, *at]).astype(np.int64),
        np.concatenate([empty, *of]).astype(np.int64),
        np.concatenate([empty, *by]),
        (lines, listed.height),
    )
    return pl.concat(made) if made else listed.clear(), made_of


def sparse(row: Any, column: Any, by: Any, shape: tuple[int, int]) -> csr_array:
    import numpy as np
    from scipy.sparse import csr_array

    return csr_array((np.ones(len(row)) if by is None else by, (row, column)), shape=shape)
