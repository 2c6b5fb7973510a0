"""Since when and until when a figure was what is known: a history is learned moment by moment.

A revision closes the old value and opens a new one; nothing is ever overwritten. The moments are
the publishers': a release is learned at its own place in their order of release, whenever our runs
happened to finish. So the same releases give the same history, in whatever order they were learned.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

Scope = Mapping[str, "frozenset[str] | None"]
"""The rows that something can change: subject (an indicator, a budget year) -> periods, or None
for all of them."""


@dataclass(frozen=True)
class Moment:
    """A moment at which more came to be known, and the rows that it can have changed."""

    at: dt.datetime
    scope: Scope
    new: bool = True
    """Whether it is still to be learned; else it was, and only matters to what comes before it."""
    declared: bool = False
    """Whether we declared something otherwise, and no publisher released anything."""


Current = Callable[[dt.datetime, Scope, "pl.DataFrame"], "pl.DataFrame"]
"""What is known at a moment of the rows of a scope, without `known_from` and `known_to`, where the
history so far is given as well."""
Within = Callable[[Scope], "pl.Expr"]
"""Whether a row of the table lies in a scope."""


def together(scopes: Iterable[Scope]) -> dict[str, frozenset[str] | None]:
    """The rows that lie in any of `scopes`."""
    found: dict[str, frozenset[str] | None] = {}
    for scope in scopes:
        for subject, periods in scope.items():
            before = found.get(subject, frozenset())
            found[subject] = None if periods is None or before is None else before | periods
    return found


def shared(one: Scope, other: Scope) -> dict[str, frozenset[str] | None]:
    """The rows that lie in both."""
    found: dict[str, frozenset[str] | None] = {}
    for subject in one.keys() & other.keys():
        mine, theirs = one[subject], other[subject]
        both = theirs if mine is None else mine if theirs is None else mine & theirs
        if both is None or both:
            found[subject] = both
    return found


def first(moments: Iterable[Moment]) -> dt.datetime | None:
    """The earliest moment that is still to be learned: what was closed before it stays as it is."""
    return min((moment.at for moment in moments if moment.new), default=None)


def forget(rows: pl.DataFrame, moments: Iterable[Moment], within: Within) -> pl.DataFrame:
    """`rows` as they would be if nothing were known yet from each new moment on, in its scope.

    What began at or after it goes; what was closed at or after it is open again.
    """
    import polars as pl

    for moment in moments:
        if not moment.new or moment.declared:
            continue
        concerned = within(moment.scope)
        rows = rows.filter(~(concerned & (pl.col("known_from") >= moment.at))).with_columns(
            known_to=pl.when(
                ~(concerned & (pl.col("known_to") >= moment.at)).fill_null(False)
            ).then("known_to")
        )
    return rows


def learn(
    rows: pl.DataFrame,
    moments: Sequence[Moment],
    current: Current,
    within: Within,
    key: Sequence[str],
    said: Sequence[str],
) -> pl.DataFrame:
    """`rows` (what `forget` left) after every moment, in the order of their moments.

    `key`: columns of a figure; `said`: what it says. At each moment the rows that can have changed
    are those of its own scope and of scopes that were learned anew before it.
    """
    scope: dict[str, frozenset[str] | None] = {}
    for at in sorted({moment.at for moment in moments}):
        here = [moment for moment in moments if moment.at == at]
        scope = together([scope, *(moment.scope for moment in here if moment.new)])
        concerned = shared(scope, together(moment.scope for moment in here))
        if concerned:
            rows = _revised(
                rows, current(at, concerned, rows), within(concerned), at, key, said, here
            )
    return rows


def _revised(
    rows: pl.DataFrame,
    current: pl.DataFrame,
    concerned: pl.Expr,
    at: dt.datetime,
    key: Sequence[str],
    said: Sequence[str],
    moments: Sequence[Moment],
) -> pl.DataFrame:
    """`rows` after learning at `at` that `current` is all there is among the rows `concerned`."""
    import polars as pl

    opened = rows.filter(pl.col("known_to").is_null() & concerned)
    rest = rows.filter(~(pl.col("known_to").is_null() & concerned))
    why = "declaration" if all(moment.declared for moment in moments) else "release"
    learned = current.with_columns(
        known_from=pl.lit(at, pl.Datetime("us")),
        known_to=pl.lit(None, pl.Datetime("us")),
        opened_by=pl.lit(why).cast(rows.schema["opened_by"]),
    ).select(rows.columns)
    return pl.concat([rest, revise(opened, learned, key, said, at)])


def revise(
    opened: pl.DataFrame,
    learned: pl.DataFrame,
    key: Sequence[str],
    said: Sequence[str],
    at: dt.datetime,
) -> pl.DataFrame:
    """The open rows `opened` and those of `learned`, after learning at `at` that these hold.

    A row that says the same as the open one of its key (columns `said`) changes nothing. One that
    differs closes it. An open row of which `learned` says nothing is closed: it was withdrawn.
    """
    import polars as pl

    keys = list(key)
    before = opened.select(*keys, *(pl.col(name).alias(f"was_{name}") for name in said), was=True)
    same = pl.all_horizontal([pl.col(name).eq_missing(pl.col(f"was_{name}")) for name in said])
    compared = learned.join(before, on=keys, how="left", nulls_equal=True, maintain_order="left")
    compared = compared.with_columns(same=pl.col("was").fill_null(False) & same)
    unchanged = compared.filter("same").select(keys)
    stays = opened.join(unchanged, on=keys, how="semi", maintain_order="left")
    ends = opened.join(unchanged, on=keys, how="anti", maintain_order="left").with_columns(
        known_to=pl.lit(at, pl.Datetime("us"))
    )
    return pl.concat([stays, ends, compared.filter(~pl.col("same")).select(opened.columns)])
