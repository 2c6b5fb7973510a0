"""A table in which nothing is overwritten, on disk: the rows that are open, and the closed ones in
segments by the moment at which they were closed.

A night reads and writes the open rows and adds a segment; what was closed before is not touched,
however much of it there is. A segment is named by its moment and content and never changes; the
file of the open rows names the segments that belong to it, and is put in place last. So a reader,
or a process that comes after a crash, sees one whole history: the old or the new.

    mart/indicator_value/all.parquet                                        open rows
    mart/indicator_value/closed/2021-03-26T02:00:00-1f2e3d4c5b6a.parquet    closed at that moment
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from warehouse.frames import WHOLE, FrameStore, Key, Stamp, content_hash

if TYPE_CHECKING:
    import polars as pl

CLOSED = "closed"
SEGMENTS = "segments"
"""Entry of the stamp: moment of closing -> name of the segment."""
CONTENT = "content"
"""Entry of the stamp: hash of the open rows."""


@dataclass(frozen=True)
class History:
    """The history of one table, below its key in the store.

    `order`: columns that name a row once, `known_from` among them.
    """

    frames: FrameStore
    key: Key
    order: tuple[str, ...]

    def stamp(self) -> Stamp | None:
        """What the history was made from, or None where there is none."""
        return self.frames.stamp(self.key)

    def segments(self) -> dict[dt.datetime, str]:
        """Names of the segments by the moment at which their rows were closed."""
        said = json.loads((self.stamp() or {}).get(SEGMENTS, "{}"))
        return {dt.datetime.fromisoformat(moment): name for moment, name in said.items()}

    def files(self) -> list[Path]:
        """The files that together hold the table."""
        if self.stamp() is None:
            return []
        return [self.frames.path(self.key), *map(self._path, self.segments().values())]

    def content_hash(self) -> str:
        """Hash of all rows, the same for the same rows however they came to be known."""
        stamp = self.stamp() or {}
        return f"{stamp.get(CONTENT)} {stamp.get(SEGMENTS)}"

    def read(self) -> pl.DataFrame | None:
        """All rows, or None where there is no history."""
        return self.since(None)

    def since(self, moment: dt.datetime | None) -> pl.DataFrame | None:
        """The open rows, and those closed at `moment` or later; all where it is None."""
        import polars as pl

        opened = self.frames.read(self.key)
        if opened is None:
            return None
        later = {at: name for at, name in self.segments().items() if not moment or at >= moment}
        return pl.concat([opened, *self._closed(later)])

    def commit(self, rows: pl.DataFrame, since: dt.datetime | None, stamp: Stamp) -> None:
        """Replace what `since(since)` gave by `rows`; everything closed earlier stays as it is.

        `rows` have `known_to`: null in open ones. Raises what writing raised; the history is then
        the one that it was.
        """
        import polars as pl

        kept = {at: name for at, name in self.segments().items() if since and at < since}
        closed = rows.filter(pl.col("known_to").is_not_null())
        for (moment,), segment in closed.partition_by("known_to", as_dict=True).items():
            assert isinstance(moment, dt.datetime)
            name = f"{moment.isoformat()}-{content_hash(segment, list(self.order))[:12]}"
            if not self.frames.holds((*self.key, CLOSED), name):
                self.frames.write((*self.key, CLOSED), name, segment.sort(self.order), {})
            kept[moment] = name
        opened = rows.filter(pl.col("known_to").is_null()).sort(self.order)
        named = {moment.isoformat(): name for moment, name in sorted(kept.items())}
        said = {
            SEGMENTS: json.dumps(named),
            CONTENT: content_hash(opened, list(self.order)),
        }
        self.frames.write(self.key, WHOLE, opened, stamp | said)
        # Segments that no longer belong to the history, or that a crash left behind.
        self.frames.discard((*self.key, CLOSED), keep=set(kept.values()))

    def _path(self, segment: str) -> Path:
        return self.frames.path((*self.key, CLOSED), segment)

    def _closed(self, segments: dict[dt.datetime, str]) -> list[pl.DataFrame]:
        import polars as pl

        return [pl.read_parquet(self._path(name)) for _, name in sorted(segments.items())]
