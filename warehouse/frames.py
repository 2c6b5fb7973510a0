"""The last good frame of every asset, as Parquet, with a stamp that says what it was made from.

A frame is written to a part file, fsynced and renamed, so a reader sees the old or the new
one. The stamp travels inside the file: it cannot be newer or older than the rows.

    <folder>/core/figure/cbs_kwb/2020.parquet

Core frames are kept of every release, so that what was known at any moment can be told again:

    <folder>/releases/core/figure/cbs_kwb/2020/2021-03-26T020000-1f2e3d4c.parquet
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from warehouse.archive import file_name, sync_folder, write_durably

if TYPE_CHECKING:
    import polars as pl

STAMP = "locatiemonitor"
KEPT = "releases"
WHOLE = "all"
"""The edition of an asset that has none."""

ROW_GROUP = 122_880
"""Rows in a Parquet row group: as many as in one of DuckDB's, which loads them side by side."""

Stamp = dict[str, str]
Key = tuple[str, ...]


class FrameStore:
    """Reads and replaces frames below one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, key: Key, edition: str = WHOLE) -> Path:
        """Where the frame of an asset and edition lies."""
        return self.folder.joinpath(*key) / f"{edition}.parquet"

    def write(
        self, key: Key, edition: str, frame: pl.DataFrame | pl.LazyFrame, stamp: Stamp
    ) -> None:
        """Replace the frame of `key` and `edition` with `frame`, stamped."""
        path = self.path(key, edition)
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{path.name}.{os.getpid()}-{threading.get_ident()}.part")
        # Computed before it is written: a plan that fails half way could still create its file
        # after the failure was told.
        whole = frame.lazy().collect()
        try:
            whole.write_parquet(
                part,
                compression="zstd",
                compression_level=1,
                row_group_size=ROW_GROUP,
                metadata={STAMP: json.dumps(stamp)},
            )
            with part.open("rb") as stream:
                os.fsync(stream.fileno())
            part.replace(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        self._refusal(key, edition).unlink(missing_ok=True)
        sync_folder(path.parent)

    def path_of_release(self, key: Key, release_id: str) -> Path:
        """Where the frame that was made of one release lies, whether or not it is the newest."""
        return self.path(*kept_as(key, release_id))

    def keep(self, key: Key, edition: str, release_id: str) -> None:
        """Keep the frame of `key` and `edition` also as that of the release that it was made of.

        It is the same file under a second name: keeping costs no space until a newer release comes.
        """
        kept = self.path_of_release(key, release_id)
        kept.parent.mkdir(parents=True, exist_ok=True)
        part = kept.with_name(f"{kept.name}.{os.getpid()}-{threading.get_ident()}.part")
        part.unlink(missing_ok=True)
        os.link(self.path(key, edition), part)
        # Renaming onto another name of the same file does nothing, and leaves both names.
        part.replace(kept)
        part.unlink(missing_ok=True)
        sync_folder(kept.parent)

    def releases_kept(self, key: Key) -> dict[str, list[str]]:
        """By edition the names of the releases of which a frame is kept, oldest first."""
        found = sorted(self.folder.joinpath(KEPT, *key).glob("*/*.parquet"))
        kept: dict[str, list[str]] = {}
        for path in found:
            kept.setdefault(path.parent.name, []).append(path.stem)
        return kept

    def refuse(self, key: Key, edition: str, stamp: Stamp, reason: str) -> None:
        """Remember that what `stamp` stands for was refused for `key`: it is not tried again.

        The last good frame stays; the next frame that is written takes the refusal away.
        """
        write_durably(
            self._refusal(key, edition), json.dumps({"stamp": stamp, "reason": reason}).encode()
        )

    def refuse_release(
        self, key: Key, release_id: str, stamp: Stamp, reason: str, *, older: bool
    ) -> None:
        """Remember that what a release gave was refused, also when it is no longer the newest.

        `older`: whether a newer release of its edition serves, of which this says nothing.
        """
        self.refuse(*kept_as(key, release_id), stamp, reason)
        if not older:
            self.refuse(key, release_id.split(":", 2)[1], stamp, reason)

    def refused(self, key: Key, edition: str, stamp: Stamp) -> str | None:
        """Why just this was refused before, or None."""
        path = self._refusal(key, edition)
        if not path.exists():
            return None
        said = json.loads(path.read_bytes())
        return str(said["reason"]) if said["stamp"] == stamp else None

    def _refusal(self, key: Key, edition: str) -> Path:
        return self.path(key, edition).with_suffix(".refused.json")

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

        try:
            # By a path polars opens the file twice, for its rows and for where they stand in it;
            # a frame that is replaced in between would be read with the map of the other.
            with self.path(key, edition).open("rb") as stream:
                return pl.read_parquet(stream)
        except FileNotFoundError:
            return None

    def scan(self, key: Key) -> pl.LazyFrame | None:
        """All editions of an asset together, or None where there are none."""
        import polars as pl

        paths = [self.path(key, edition) for edition in self.editions(key)]
        return pl.scan_parquet(paths) if paths else None


def kept_as(key: Key, release_id: str) -> tuple[Key, str]:
    """Key and edition under which the frame of one release is kept."""
    return (KEPT, *key, release_id.split(":", 2)[1]), file_name(release_id)


def content_hash(frame: pl.DataFrame, by: list[str]) -> str:
    """sha256 of the rows of `frame`, whatever their order was and however they lie in memory.

    `by`: columns that together name a row once; it is sorted by them. What stands in memory
    beneath a null is no part of the content, and so is taken out of what is hashed.
    """
    import polars as pl

    # The order of categories depends on what the process has seen; that of their texts does not.
    frame = frame.with_columns(pl.col(pl.Categorical).cast(pl.String))
    sha256 = hashlib.sha256(repr(list(frame.schema.items())).encode())
    ordered = frame.sort(by, nulls_last=True)
    for column in ordered.iter_columns():
        sha256.update(column.is_null().cast(pl.UInt8).to_numpy().tobytes())
        if column.dtype == pl.Boolean:
            sha256.update(column.cast(pl.UInt8).fill_null(0).to_numpy().tobytes())
        elif column.dtype.is_numeric() or column.dtype.is_temporal():
            sha256.update(column.to_physical().fill_null(0).to_numpy().tobytes())
        else:
            words = column.cast(pl.String).fill_null("")
            sha256.update(words.str.len_bytes().to_numpy().tobytes())
            sha256.update(words.str.join("").item().encode() if words.len() else b"")
    return sha256.hexdigest()
