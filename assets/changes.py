"""What a new frame says otherwise than the last good one: rows added, changed and removed, by key.

Rows are compared by hash, so the cost is that of hashing both frames once and joining two columns of
numbers. Of a frame of more than `MOST_COMPARED` rows only the number of rows is compared: an
analyst looks at counts here, and an intake must not wait for them.
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
    import polars as pl

    if before is None or before.schema != after.schema:
        return Changes(after.height, 0, 0)
    if max(before.height, after.height) > MOST_COMPARED:
        return None
    said = [name for name in after.columns if name not in SAYS_WHENCE or name in key]
    identity = [name for name in key if name not in SAYS_WHENCE] or list(key)

    def hashed(frame: pl.DataFrame, name: str) -> pl.DataFrame:
        # A category's number depends on what the process has seen; the hash of its text does not,
        # and texts are few where they are held as categories.
        plain = frame.select(said)
        return pl.DataFrame(
            {"row": plain.select(identity).hash_rows(), name: plain.hash_rows()}
        ).unique("row", keep="last")

    old, new = hashed(before, "was"), hashed(after, "is")
    both = old.join(new, on="row", how="inner")
    changed = int((both["was"] != both["is"]).sum())
    return Changes(new.height - both.height, changed, old.height - both.height)
