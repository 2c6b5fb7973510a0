"""What a new frame says otherwise than the last good one: rows added, changed and removed, by key.

A publisher mostly sends the same rows in the same order, some with other figures. So the rows that stand
at the same place from the top, and from the bottom, under the same key are compared where they stand,
column by column; only what lies between is matched by a hash of its key. Of frames of more than
`MOST_COMPARED` rows nothing is compared: an intake must not wait for a number that is only looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

MOST_COMPARED = 5_000_000
SAYS_WHENCE = ("release_id", "known_from", "known_to", "opened_by", "row_number")
"""Columns that say where and when a row was said, and not what: no change by themselves."""


@dataclass(frozen=True)
class Changes:
    """Numbers of rows by what became of them since the last good frame."""

    added: int
    changed: int
    removed: int

    @property
    def together(self) -> int:
        """All rows that are not as they were."""
        return self.added + self.changed + self.removed


def changes(before: pl.DataFrame | None, after: pl.DataFrame, key: Sequence[str]) -> Changes | None:
    """What became of the rows of `before` in `after`, frames of one table with key columns `key`.

    All rows are added where there was no frame before, or one with other columns. None where the
    frames are too large to be compared.
    """

    if before is None or before.schema != after.schema:
        return Changes(after.height, 0, 0)
    if max(before.height, after.height) > MOST_COMPARED:
        return None
    said = [name for name in after.columns if name not in SAYS_WHENCE or name in key]
    identity = [name for name in key if name not in SAYS_WHENCE] or list(key)
    old, new = before.select(said), after.select(said)
    length = min(old.height, new.height)
    top = _alike(old.head(length), new.head(length), identity)
    length -= top
    bottom = _alike(old.tail(length).reverse(), new.tail(length).reverse(), identity)
    figures = [name for name in said if name not in identity]
    changed = _differ(old.head(top), new.head(top), figures)
    changed += _differ(old.tail(bottom), new.tail(bottom), figures)
    between = _matched(
        old.slice(top, old.height - top - bottom),
        new.slice(top, new.height - top - bottom),
        identity,
    )
    return Changes(between.added, between.changed + changed, between.removed)


def _alike(one: pl.DataFrame, other: pl.DataFrame, names: Sequence[str]) -> int:
    """How many rows from the top have the same values in these columns."""
    alike = one.height
    for name in names:
        differ = one[name].head(alike).ne_missing(other[name].head(alike)).arg_max()
        if differ is not None and one[name][differ] != other[name][differ]:
            alike = differ
    return alike


def _differ(one: pl.DataFrame, other: pl.DataFrame, names: Sequence[str]) -> int:
    """How many rows of two frames, row by row, say something else in these columns."""
    import polars as pl

    if not one.height or not names:
        return 0
    apart = [one[name].ne_missing(other[name]) for name in names]
    return int(pl.DataFrame(apart).select(pl.any_horizontal(pl.all()).sum()).item())


def _matched(old: pl.DataFrame, new: pl.DataFrame, identity: Sequence[str]) -> Changes:
    """The same for rows that stand at other places, matched by the hash of their key."""
    import polars as pl

    if not old.height or not new.height:
        return Changes(new.height, 0, old.height)

    def hashed(frame: pl.DataFrame, name: str) -> pl.DataFrame:
        return pl.DataFrame({"row": frame.select(identity).hash_rows(), name: frame.hash_rows()})

    both = hashed(old, "was").join(hashed(new, "is"), on="row", how="inner")
    changed = int((both["was"] != both["is"]).sum())
    return Changes(new.height - both.height, changed, old.height - both.height)
