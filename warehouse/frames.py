"""The last good frame of every asset, as Parquet, with a stamp that says what it was made from.

A frame is written to a part file, fsynced and renamed, so a reader sees the old or the new
one. The stamp travels inside the file: it cannot be newer or older than the rows.

    <folder>/core/figure/cbs_kwb/2020.parquet
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from warehouse.archive import sync_folder

if TYPE_CHECKING:
    import polars as pl

STAMP = "locatiemonitor"
WHOLE = "all"
"""The edition of an asset that has none."""

Stamp = dict[str, str]
Key = tuple[str, ...]


class FrameStore:
    """Reads and replaces frames below one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, key: Key, edition: str = WHOLE) -> Path:
        """Where the frame of an asset and edition lies."""
        return self.folder.joinpath(*key) / f"{edition}.parquet"

    def write(self, key: Key, edition: str, frame: pl.DataFrame | pl.LazyFrame, stamp: Stamp) -> None:
        """Replace the frame of `key` and `edition` with `frame`, stamped."""
        path = self.path(key, edition)
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{path.name}.{os.getpid()}.part")
        try:
            frame.lazy().sink_parquet(
                part, compression="zstd", compression_level=1, metadata={STAMP: json.dumps(stamp)}, statistics=True
            )
            with part.open("rb") as stream:
                os.fsync(stream.fileno())
            part.replace(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        sync_folder(path.parent)

    def stamp(self, key: Key, edition: str = WHOLE) -> Stamp | None:
        """What the frame was made from, or None where there is none."""
        import polars as pl

        path = self.path(key, edition)
        if not path.exists():
            return None
        said = pl.read_parquet_metadata(path).get(STAMP)
        return dict(json.loads(said)) if said else {}

    def editions(self, key: Key) -> list[str]:
        """Editions of which there is a frame."""
        return sorted(path.stem for path in self.folder.joinpath(*key).glob("*.parquet"))

    def read(self, key: Key, edition: str = WHOLE) -> pl.DataFrame | None:
        """The last good frame, or None."""
        import polars as pl

        path = self.path(key, edition)
        return pl.read_parquet(path) if path.exists() else None

    def scan(self, key: Key) -> pl.LazyFrame | None:
        """All editions of an asset together, or None where there are none."""
        import polars as pl

        paths = [self.path(key, edition) for edition in self.editions(key)]
        return pl.scan_parquet(paths) if paths else None


def content_hash(frame: pl.DataFrame, by: list[str]) -> str:
    """sha256 of the rows of `frame`, whatever their order was: sorted by `by`, as Arrow IPC."""
    import polars as pl

    class Hashing:
        """A file that keeps nothing but the hash of what is written to it."""

        def __init__(self) -> None:
            self.sha256 = hashlib.sha256()

        def write(self, content: bytes) -> int:
            self.sha256.update(content)
            return len(content)

        def flush(self) -> None:
            """Nothing to flush."""

    sink = Hashing()
    frame.sort(by, nulls_last=True).rechunk().write_ipc_stream(
        sink,  # type: ignore[arg-type]
        compat_level=pl.CompatLevel.oldest(),
    )
    return sink.sha256.hexdigest()
