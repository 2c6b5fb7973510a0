"""Exports the published warehouse to a folder: each file whole or not at all, the manifest last."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from warehouse.exports import csv_file, manifest, parquet_file, workbook
from warehouse.exports.relations import Relation, Warehouse, chosen, relations

if TYPE_CHECKING:
    import polars as pl

FORMATS = (parquet_file.ENDING, csv_file.ENDING, workbook.ENDING)
HEADINGS = ("names", "nl")
"""What stands above the columns of a workbook: their names, or their Dutch labels."""


class CannotExportError(ValueError):
    """What was asked for cannot be exported, or not there; the message says what to write instead."""


class TableFile(Protocol):
    """A file that takes the rows of a table frame by frame."""

    def write(self, frame: pl.DataFrame) -> None:
        """Add the rows of `frame`."""

    def close(self) -> None:
        """Finish the file."""


@dataclass(frozen=True)
class Request:
    """What is to be exported. `tables` empty: all of `mart`. `as_of`: a day, its end included."""

    formats: tuple[str, ...] = FORMATS
    tables: tuple[str, ...] = ()
    as_of: dt.date | None = None
    bom: bool = False
    headings: str = HEADINGS[0]

    def __post_init__(self) -> None:
        """Raises CannotExportError for a format or headings that there are not."""
        for said, known in ((self.formats, FORMATS), ((self.headings,), HEADINGS)):
            unknown = sorted(set(said) - set(known))
            if unknown:
                raise CannotExportError(f"expected {', '.join(known)}; came {', '.join(unknown)}")

    @property
    def moment(self) -> dt.datetime | None:
        """The moment before which something was known."""
        if self.as_of is None:
            return None
        return dt.datetime.combine(self.as_of + dt.timedelta(days=1), dt.time())


def export(warehouse: Warehouse, folder: Path, request: Request) -> dict[str, Any]:
    """Write the files that `request` asks for to `folder`; returns the manifest.

    A folder holds one export: files of an earlier one that are not in this one are removed when this
    one is complete. Raises NoSuchTableError, CannotExportError, OSError; whatever is raised, every
    file there is whole, and the manifest says that the export is not complete.
    """
    found = chosen(relations(warehouse), request.tables)
    left_out = [r for r in found if request.as_of and r.is_view]
    if left_out and request.tables:
        raise CannotExportError(
            f"{', '.join(r.full_name for r in left_out)} says what is known now; with a day only tables "
            "can be exported, such as indicator_value"
        )
    publication = warehouse.rows("SELECT * FROM mart.publication ORDER BY publication_id DESC")[0]
    sources = manifest.terms(warehouse.rows("SELECT * FROM mart.source_release"))

    def said(files: Sequence[Mapping[str, Any]], *, complete: bool) -> dict[str, Any]:
        return manifest.manifest(
            publication,
            request.as_of.isoformat() if request.as_of else None,
            files,
            [relation.full_name for relation in left_out],
            sources,
            complete=complete,
        )

    before = _prepared(folder)
    _put(folder / manifest.NAME, manifest.written(said(before, complete=False)))
    files = [
        file
        for relation in found
        if relation not in left_out
        for file in _export_one(warehouse, relation, folder, request, said([], complete=True))
    ]
    whole = said(files, complete=True)
    _put(folder / manifest.README, manifest.readme(whole))
    for name in {file["file"] for file in before} - {file["file"] for file in files}:
        (folder / Path(name).name).unlink(missing_ok=True)
    _put(folder / manifest.NAME, manifest.written(whole))
    return whole


def _prepared(folder: Path) -> list[dict[str, Any]]:
    """Makes `folder`, or clears what a killed export left in it; the files of the export it holds.

    Raises CannotExportError where it holds something else.
    """
    if folder.exists() and not folder.is_dir():
        raise CannotExportError(f"{folder} is a file; name a folder")
    folder.mkdir(parents=True, exist_ok=True)
    if not any(folder.iterdir()):
        return []
    try:
        told = json.loads((folder / manifest.NAME).read_text("utf-8"))
        ours = told.get("kind") == manifest.KIND
    except (OSError, ValueError, AttributeError):
        ours = False
    if not ours:
        raise CannotExportError(
            f"{folder} holds other files; name a new or empty folder, or that of an earlier export"
        )
    for left in folder.glob(".*.part"):
        left.unlink()
    return list(told["files"])


def _export_one(
    warehouse: Warehouse,
    relation: Relation,
    folder: Path,
    request: Request,
    about: Mapping[str, Any],
) -> list[dict[str, Any]]:
    """Reads `relation` once and writes its file in every format; what the manifest says of them."""
    import polars as pl

    from warehouse.exports.defusing import defused, is_active

    schema = relation.polars_schema()
    query, values = relation.query(warehouse.engine, request.moment)
    texts = pl.col([name for name, kind in schema.items() if kind == pl.String])
    parts = {
        ending: folder / f".{relation.file_name}.{ending}.{os.getpid()}.part"
        for ending in request.formats
    }
    rows = marks = 0
    open_files: dict[str, TableFile] = {}
    try:
        for ending, part in parts.items():
            open_files[ending] = _opened(ending, part, relation, request, about)
        for frame in warehouse.batches(query, schema, **values):
            safe = frame.with_columns(defused(texts))
            marks += sum(int(column.sum()) for column in frame.select(is_active(texts)))
            rows += frame.height
            for ending, file in open_files.items():
                file.write(frame if ending == parquet_file.ENDING else safe)
        for file in open_files.values():
            file.close()
        return [
            {
                "file": _settled(part, folder / f"{relation.file_name}.{ending}").name,
                "table": relation.full_name,
                "format": ending,
                "rows": rows,
                "bytes": (folder / f"{relation.file_name}.{ending}").stat().st_size,
                "sha256": _sha256(folder / f"{relation.file_name}.{ending}"),
                "sheets": getattr(open_files[ending], "sheets", []),
                "defused_cells": 0 if ending == parquet_file.ENDING else marks,
                "altered_cells": getattr(open_files[ending], "altered", 0),
            }
            for ending, part in parts.items()
        ]
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)


def _opened(
    ending: str, part: Path, relation: Relation, request: Request, about: Mapping[str, Any]
) -> TableFile:
    publication = about["publication"]
    if ending == csv_file.ENDING:
        return csv_file.CsvFile(part, relation.polars_schema(), bom=request.bom)
    if ending == parquet_file.ENDING:
        facts = {"publication_id", "published_at", "content_hash"}
        return parquet_file.ParquetFile(part, relation, {f: publication[f] for f in sorted(facts)})
    return workbook.Workbook(
        part,
        relation.file_name,
        _headings(relation, request.headings),
        [column.type for column in relation.columns],
        _about(relation, about),
        dt.datetime.fromisoformat(publication["published_at"]),
    )


def _headings(relation: Relation, headings: str) -> list[str]:
    names = [column.name for column in relation.columns]
    if headings == HEADINGS[0]:
        return names
    labels = [column.label_nl or column.name for column in relation.columns]
    return [
        f"{label} ({name})" if labels.count(label) > 1 else label
        for label, name in zip(labels, names, strict=True)
    ]


def _about(relation: Relation, about: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """What the second sheet of a workbook says."""
    return [
        (relation.full_name, relation.comment, relation.label_nl or ""),
        *((name, text) for name, text in about["publication"].items()),
        ("as_of", about["as_of"] or "now"),
        ("texts", manifest.DEFUSING),
        ("",),
        ("source", "licence", "name as", ""),
        *(
            (s["source"], s["licence"], s["attribution"], "invented" if s["synthetic"] else "")
            for s in about["sources"]
        ),
        ("",),
        ("column", "what it is", "Nederlands"),
        *((c.name, c.comment, c.label_nl or "") for c in relation.columns),
    ]


def _settled(part: Path, path: Path) -> Path:
    """`part` under its own name, on disk before it is seen."""
    with part.open("rb") as stream:
        os.fsync(stream.fileno())
    part.replace(path)
    return path


def _put(path: Path, text: str) -> None:
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    part.write_text(text, "utf-8")
    _settled(part, path)


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
