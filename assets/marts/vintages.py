"""Since when and until when a figure was what is known.

A revision closes the old value and opens a new one; nothing is ever overwritten. The moment is
the publisher's, so it does not matter in which order our runs happened to finish.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl


def revise(
    history: pl.DataFrame | None,
    current: pl.DataFrame,
    key: Sequence[str],
    said: Sequence[str],
    moment: dt.datetime,
) -> pl.DataFrame:
    """`history` (with `known_from`, `known_to`) after learning `current` (with `known_from`).

    A row of `current` that says the same as the open one (columns `said`) changes nothing. One
    that differs closes the open one at its own `known_from`, or at `moment` where that is not
    later: the publisher released nothing, our declaration changed. An open row that `current`
    no longer has is closed at `moment`. Closed rows are returned as they were.
    """
    import polars as pl

    key = list(key)
    opened = current.with_columns(known_to=pl.lit(None, pl.Datetime("us")))
    if history is None or history.is_empty():
        return opened
    order = history.columns
    closed = history.filter(pl.col("known_to").is_not_null())
    open_rows = history.filter(pl.col("known_to").is_null())
    before = open_rows.select(
        *key,
        pl.col("known_from").alias("was_from"),
        *(pl.col(name).alias(f"was_{name}") for name in said),
    )
    matched = opened.join(before, on=key, how="left", maintain_order="left")
    same = pl.all_horizontal([pl.col(name).eq_missing(pl.col(f"was_{name}")) for name in said])
    known_before = pl.col("was_from").is_not_null()
    later = (
        pl.when(pl.col("known_from") > pl.col("was_from"))
        .then("known_from")
        .otherwise(pl.lit(moment))
    )
    new = (
        matched.filter(~(known_before & same))
        .with_columns(known_from=pl.when(known_before).then(later).otherwise("known_from"))
        .select(order)
    )
    ends = new.select(*key, ends=pl.col("known_from"))
    gone = open_rows.join(opened, on=key, how="anti").select(
        *key, ends=pl.lit(moment, pl.Datetime("us"))
    )
    kept = (
        open_rows.join(pl.concat([ends, gone]), on=key, how="left", maintain_order="left")
        .with_columns(known_to=pl.coalesce("known_to", "ends"))
        .select(order)
    )
    return pl.concat([closed, kept, new])
