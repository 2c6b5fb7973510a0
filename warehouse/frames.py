"""The last good frame of every asset, as Parquet, with a stamp that says what it was made from.

A frame is written to a part file, fsynced and renamed, so a reader sees the old or the new
one. The stamp travels inside the file: it cannot be newer or older than the rows.

    <folder>/core/figure/cbs_kwb/2020.parquet

Core frames are kept of every release, so that what was known at any moment can be told again:

    <folder>/releases/core/figure/cbs_kwb/2020/2021-03-26T020000-1f2e3d4c.parquet

The name of a frame that was made of two releases has both of them (`assets.origins`).
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from warehouse.archive import file_name
from warehouse.durable import part_of
from warehouse.places import Place, place_of

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

    def __init__(self, folder: Path | Place) -> None:
        self.place = place_of(folder)
        self.folder = self.place.folder

    def path(self, key: Key, edition: str = WHOLE) -> Path:
        """Where the frame of an asset and edition lies, as a file of this machine."""
        path = self._path(key, edition)
        self.place.here(path)
        return path

    def paths(self, key: Key) -> list[Path]:
        """Where the frames of all editions of an asset lie, as files of this machine."""
        paths = self.place.names(self.folder.joinpath(*key), "*.parquet")
        self.place.here(*paths)
        return paths

    def _path(self, key: Key, edition: str) -> Path:
        return self.folder.joinpath(*key) / f"{edition}.parquet"

    def write(
        self, key: Key, edition: str, frame: pl.DataFrame | pl.LazyFrame, stamp: Stamp
    ) -> None:
        """Replace the frame of `key` and `edition` with `frame`, stamped."""
        path = self._path(key, edition)
        path.parent.mkdir(parents=True, exist_ok=True)
        part = part_of(path)
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
            self.place.replace(part, path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        self.place.remove(self._refusal(key, edition))
        self.place.settle([path.parent])

    def path_of_release(self, key: Key, release_id: str) -> Path:
        """Where the frame that was made of one release lies, whether or not it is the newest."""
        return self.path(*kept_as(key, release_id))

    def keep(self, key: Key, edition: str, release_id: str) -> None:
        """Keep the frame of `key` and `edition` also as that of the release that it was made of.

        It is the same file under a second name: keeping costs no space until a newer release comes.
        """
        kept = self._path(*kept_as(key, release_id))
        self.place.link(self.path(key, edition), kept)
        self.place.settle([kept.parent])

    def releases_kept(self, key: Key) -> dict[str, list[str]]:
        """By edition the names of the releases of which a frame is kept, oldest first."""
        found = self.place.names(self.folder.joinpath(KEPT, *key), "*/*.parquet")
        kept: dict[str, list[str]] = {}
        for path in found:
            kept.setdefault(path.parent.name, []).append(path.stem)
        return kept

    def refuse(self, key: Key, edition: str, stamp: Stamp, reason: str) -> None:
        """Remember that what `stamp` stands for was refused for `key`: it is not tried again.

        The last good frame stays; the next frame that is written takes the refusal away.
        """
        self.place.write(
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
        self.place.here(path)
        if not path.exists():
            return None
        said = json.loads(path.read_bytes())
        return str(said["reason"]) if said["stamp"] == stamp else None

    def _refusal(self, key: Key, edition: str) -> Path:
        return self._path(key, edition).with_suffix(".refused.json")

    def stamp(self, key: Key, edition: str = WHOLE) -> Stamp | None:
        """What the frame was made from, or None where there is none."""
        import polars as pl

        footer = self.place.footer(self._path(key, edition))
        if footer is None:
            return None
        said = pl.read_parquet_metadata(footer).get(STAMP)
        return dict(json.loads(said)) if said else {}

    def editions(self, key: Key) -> list[str]:
        """Editions of which there is a frame."""
        paths = self.place.names(self.folder.joinpath(*key), "*.parquet")
        return sorted(path.stem for path in paths)

    def holds(self, key: Key, edition: str) -> bool:
        """Whether there is a frame of an asset and edition."""
        return self.place.holds(self._path(key, edition))

    def discard(self, key: Key, *, keep: set[str]) -> None:
        """Remove the frames of all editions of an asset but those to keep."""
        paths = self.place.names(self.folder.joinpath(*key), "*.parquet")
        self.place.remove(*(path for path in paths if path.stem not in keep))

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

        paths = self.paths(key)
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
