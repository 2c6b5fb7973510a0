"""Views that suites of several tables look at: distinct values, references, promises, periods.

Each function makes a view out of column names; the same names give the same view, so that
rules over it share one computation. `history` has the views against the last good frame.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from expectations.rules import Evidence, View

if TYPE_CHECKING:
    import polars as pl


def nothing() -> pl.DataFrame:
    """An empty view: what the rule speaks about is not there, so it holds."""
    import polars as pl

    return pl.DataFrame()


@cache
def distinct(*columns: str) -> View:
    """A row each combination of values that occurs in `columns`."""

    def view(evidence: Evidence) -> pl.DataFrame:
        return evidence.frame.select(columns).unique()

    return view


@cache
def projected(*columns: str) -> View:
    """The frame, row by row, in these columns only."""

    def view(evidence: Evidence) -> pl.DataFrame:
        return evidence.frame.select(columns)

    return view


@cache
def promised(column: str, values: tuple[str, ...]) -> View:
    """A row each promised value: `column`, `present`."""

    def view(evidence: Evidence) -> pl.DataFrame:
        import polars as pl

        there = set(evidence.frame[column].drop_nulls())
        return pl.DataFrame({column: values, "present": [value in there for value in values]})

    return view


@cache
def referred(column: str, other: str, other_column: str) -> View:
    """A row each value of `column`: whether it is `known` in `other_column` of the table `other`.

    Empty where the evidence has no such table.
    """

    def view(evidence: Evidence) -> pl.DataFrame:
        import polars as pl

        if other not in evidence.others:
            return nothing()
        known = evidence.others[other][other_column].drop_nulls().unique()
        return evidence.frame.select(
            pl.col(column).drop_nulls().unique().cast(pl.String)
        ).with_columns(known=pl.col(column).is_in(known.cast(pl.String).implode()))

    return view


@cache
def spans(start: str, end: str, *shown: str) -> View:
    """Rows in which both moments are filled: `shown`, `start`, `end`."""

    def view(evidence: Evidence) -> pl.DataFrame:
        return evidence.frame.select(*shown, start, end).drop_nulls([start, end])

    return view


@cache
def open_rows(key: tuple[str, ...], end: str) -> View:
    """A row each number of rows without an end that a key has: `open`, `keys`, and one such key."""

    def view(evidence: Evidence) -> pl.DataFrame:
        import polars as pl

        return (
            evidence.frame.group_by(key)
            .agg(open=pl.col(end).is_null().sum())
            .group_by("open")
            .agg(pl.len().alias("keys"), *(pl.col(name).min() for name in key))
        )

    return view


@cache
def overlaps(key: tuple[str, ...], start: str, end: str) -> View:
    """A row each length of overlap with the next period of the same key: `overlap` in seconds
    (0 where one ends as the next begins, negative with a gap), `times`, and one such key."""

    def view(evidence: Evidence) -> pl.DataFrame:
        import polars as pl

        ended = evidence.frame.filter(pl.col(end).is_not_null()).select(key).unique()
        if not ended.height:  # two open rows of one key are another rule's subject
            return nothing()
        following = pl.col(start).shift(-1).over(key)
        never = pl.lit("9999-12-31 00:00:00").str.to_datetime(time_unit="us")
        return (
            evidence.frame.select(*key, start, end)
            .join(ended, on=list(key), how="semi")
            .sort(*key, start)
            .with_columns(overlap=(pl.col(end).fill_null(never) - following).dt.total_seconds())
            .drop_nulls("overlap")
            .group_by("overlap")
            .agg(pl.len().alias("times"), *(pl.col(name).min() for name in key))
        )

    return view


@cache
def filled_shares(*columns: str) -> View:
    """A row each column: `column`, `rows`, `filled`, `share` of the rows that have a value."""

    def view(evidence: Evidence) -> pl.DataFrame:
        import polars as pl

        rows = evidence.frame.height
        if not rows:
            return nothing()
        filled = [rows - evidence.frame[column].null_count() for column in columns]
        return pl.DataFrame(
            {
                "column": columns,
                "rows": [rows] * len(columns),
                "filled": filled,
                "share": [count / rows for count in filled],
            }
        )

    return view
