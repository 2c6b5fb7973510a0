"""Tables of Markdown for the screen, in which others' texts are shown and never rendered."""

from __future__ import annotations

import html
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

LETTERS = 60
"""Of a value, at most."""
WIDEST = 8
"""Columns of a frame that are shown; of a wider one the first, and how many more there are."""
SEEN_AT_ONCE = 1000
"""Letters of Markdown that Dagster shows on the page; behind a click what is longer."""


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table of Markdown; empty where there are no columns."""
    if not columns:
        return ""
    lines = [" | ".join(map(cell, columns)), " | ".join("---" for _ in columns)]
    lines += [" | ".join(map(cell, row)) for row in rows]
    return "\n".join(f"| {line} |" for line in lines)


def preview(frame: pl.DataFrame, rows: int, left_out: Collection[str] = ()) -> str:
    """The first rows of a frame as a table, without columns that say the same in every row."""
    names = [name for name in frame.columns if name not in left_out]
    more = len(names) - WIDEST
    rest = f"\n\nand {more} more columns" if more > 0 else ""
    first = frame.select(names[:WIDEST]).head(rows).rows()
    while True:
        shown = table(names[:WIDEST], first) + rest
        if len(shown) < SEEN_AT_ONCE or len(first) < 2:
            return shown
        first = first[:-1]


def cell(value: object) -> str:
    """A value as it may stand in a table: no markup, no link, no line of its own."""
    if value is None:
        return ""
    shown = " ".join(str(value)[:LETTERS].split())
    return _inert(html.escape(shown)).replace("|", "&#124;")


def plain(text: str) -> str:
    """Words of ours with values of others in them, as they may stand in a line of Markdown."""
    return _inert(html.escape(text, quote=False))


def _inert(escaped: str) -> str:
    """Without the signs by which Markdown makes code, links and emphasis."""
    for sign in "`[*_~":
        escaped = escaped.replace(sign, f"&#{ord(sign)};")
    return escaped
