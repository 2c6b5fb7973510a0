"""The parts of which published tables are made, and what differs between two sets of parts.

A part is a Parquet file, known by the hash of its bytes. Of every part that stands in the
warehouse a copy is kept, a hard link, so that what a changed part changes can be told row by
row without asking the warehouse. Frames are replaced by renaming and never written in place:
a file that is the same inode as a copy has the hash that the copy is named after.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from warehouse.places import Place, place_of
from warehouse.tables.bookkeeping import PublishedPart
from warehouse.vocabulary import Table, key_of, name_of, polars_schema

if TYPE_CHECKING:
    import polars as pl

Contents = Mapping[type[Table], "Path | list[Path] | pl.DataFrame"]
"""What goes in each table: Parquet files, or a frame."""


@dataclass(frozen=True)
class Part:
    """One file of rows."""

    sha256: str
    path: Path
    rows: int


@dataclass(frozen=True)
class Delta:
    """What makes the rows of one set of parts into those of another, by key."""

    gone: pl.DataFrame
    """Keys that are no longer there."""
    changed: pl.DataFrame
    """Rows whose key was there with something else, as they are now."""
    fresh: pl.DataFrame
    """Rows whose key was not there."""

    @property
    def rows(self) -> int:
        """Rows touched."""
        return self.gone.height + self.changed.height + self.fresh.height


class Copies:
    """Keeps a copy of every part that was published, below one folder: `<table>/<sha256>.parquet`."""

    def __init__(self, folder: Path | Place) -> None:
        self.place = place_of(folder)
        self.folder = self.place.folder

    def take(self, table: type[Table], content: Path | list[Path] | pl.DataFrame) -> list[Part]:
        """The parts of `content`, a copy of each kept; those without rows are left out.

        Only files that are not among the copies yet are read.
        """
        import polars as pl

        folder = self.folder / name_of(table)
        folder.mkdir(parents=True, exist_ok=True)
        if isinstance(content, pl.DataFrame):
            aside = folder / f".{os.getpid()}.part"
            content.write_parquet(aside, compression="zstd", compression_level=1)
            paths, made = [aside], [aside]
        else:
            paths, made = [content] if isinstance(content, Path) else list(content), []
        known = {
            (found.st_dev, found.st_ino): path
            for path in folder.glob("*.parquet")
            for found in (path.stat(),)
        }
        parts = []
        for path in paths:
            with path.open("rb") as stream:
                found = os.fstat(stream.fileno())
                held = known.get((found.st_dev, found.st_ino))
                sha256 = held.stem if held else hashlib.file_digest(stream, "sha256").hexdigest()
            copy = folder / f"{sha256}.parquet"
            if not (copy.exists() and self.place.holds(copy)):
                self.place.link(path, copy, lasting=True)
            rows = pl.scan_parquet(copy).select(pl.len()).collect().item()
            if rows:
                parts.append(Part(sha256, copy, rows))
        for path in made:
            path.unlink()
        self.place.settle([folder])
        return parts

    def held(self, table: type[Table], sha256: str) -> Path | None:
        """The copy of a part, or None where it is lost."""
        path = self.folder / name_of(table) / f"{sha256}.parquet"
        self.place.here(path, lasting=True)
        return path if path.exists() else None

    def prune(self, parts: Mapping[type[Table], Iterable[Part]]) -> None:
        """Remove the copies of everything that is not one of `parts`."""
        keep = {
            self.folder / name_of(t) / f"{p.sha256}.parquet" for t, ps in parts.items() for p in ps
        }
        names = self.place.names(self.folder, "*/*")
        self.place.remove(*(path for path in names if path not in keep))


def parts_frame(parts: Mapping[type[Table], Iterable[Part]]) -> pl.DataFrame:
    """`bookkeeping.published_part` where `parts` are what stands in the tables."""
    import polars as pl

    return pl.DataFrame(
        [
            {"table_name": name_of(table), "sha256": part.sha256, "rows": part.rows}
            for table, of_table in parts.items()
            for part in of_table
        ],
        schema=polars_schema(PublishedPart),
    )


def difference(
    copies: Copies, table: type[Table], stood: set[str], parts: Sequence[Part]
) -> Delta | None:
    """What changes where the parts with the hashes `stood` make place for `parts`; parts that are
    in both are not read. None where a copy that is needed is lost."""
    now = {part.sha256 for part in parts}
    held = [copies.held(table, sha256) for sha256 in sorted(stood - now)]
    before = [path for path in held if path is not None]
    if len(before) < len(held):
        return None
    return delta(table, before, [part.path for part in parts if part.sha256 not in stood])


def rows_of(table: type[Table], parts: Sequence[Path]) -> pl.LazyFrame:
    """The rows of `parts` in the declared columns, texts as texts."""
    import polars as pl

    schema = {
        name: pl.String() if isinstance(kind, pl.Categorical) else kind
        for name, kind in polars_schema(table).items()
    }
    if not parts:
        return pl.LazyFrame(schema=schema)
    return pl.concat(
        pl.scan_parquet(part).select(pl.col(name).cast(kind) for name, kind in schema.items())
        for part in parts
    )


def delta(table: type[Table], before: Sequence[Path], after: Sequence[Path]) -> Delta:
    """What changes where the parts `before` make place for the parts `after`.

    Keys are unique within each, which the gate has made sure of.
    """
    import polars as pl

    key = key_of(table)
    was, now = rows_of(table, before).collect(), rows_of(table, after).collect()
    said = [name for name in was.columns if name not in key]
    marked = now.join(
        was.with_columns(pl.lit(True).alias("was there")),
        on=key,
        how="left",
        nulls_equal=True,
        suffix=" before",
        maintain_order="left",
    )
    there = pl.col("was there").is_not_null()
    other = pl.any_horizontal(
        [pl.col(name).ne_missing(pl.col(f"{name} before")) for name in said] or [pl.lit(False)]
    )
    return Delta(
        gone=was.join(now, on=key, how="anti", nulls_equal=True).select(key),
        changed=marked.filter(there & other).select(now.columns),
        fresh=marked.filter(~there).select(now.columns),
    )
