"""`export` for a person: what was asked for in words, and what was written said in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from assets.edges import Edges


class NothingToExportError(ValueError):
    """What was asked for is wrong or not there; the message says what to write instead."""


class ExportFailedError(RuntimeError):
    """The files could not be written; the message says why and what stands."""


def export_to(
    edges: Edges,
    folder: Path,
    formats: Sequence[str] | None,
    tables: Sequence[str] | None,
    as_of: str | None,
    headings: str,
    *,
    bom: bool,
) -> dict[str, Any]:
    """Export the published warehouse to `folder`; returns the manifest.

    Raises NothingToExportError for wrong use, ExportFailedError where the warehouse cannot be read or
    the disk refuses.
    """
    from warehouse.exports.exporting import FORMATS, CannotExportError, Request, export
    from warehouse.exports.relations import NoSuchTableError
    from warehouse.reading import NothingPublishedError, UnreadableError, reading

    try:
        request = Request(
            formats=tuple(dict.fromkeys(formats or FORMATS)),
            tables=tuple(tables or ()),
            as_of=dt.date.fromisoformat(as_of) if as_of else None,
            bom=bom,
            headings=headings,
        )
    except CannotExportError as error:
        raise NothingToExportError(str(error)) from None
    except ValueError:
        raise NothingToExportError(
            f"--as-of: expected a day such as 2021-03-01, came {as_of!r}"
        ) from None
    try:
        with reading(edges.warehouse_url) as warehouse:
            return export(warehouse, folder, request)
    except (NothingPublishedError, NoSuchTableError, CannotExportError) as error:
        raise NothingToExportError(str(error)) from None
    except UnreadableError as error:
        raise ExportFailedError(str(error)) from None
    except OSError as error:
        raise ExportFailedError(
            f"the export to {folder} is not complete: {error}; files that are there are whole, and "
            "manifest.json says that some are missing. Run it again when that is put right"
        ) from None


def say_export(manifest: Mapping[str, Any], folder: Path) -> None:
    """What was written, in a few lines."""
    from rich.console import Console

    console = Console(highlight=False)
    files, publication = manifest["files"], manifest["publication"]
    size = sum(file["bytes"] for file in files) / 1e6
    count = f"{len(files)} {'file' if len(files) == 1 else 'files'}"
    known = f", as known on {manifest['as_of']}" if manifest["as_of"] else ""
    console.print(
        f"{count} ({size:,.1f} MB) of publication {publication['publication_id']}{known} in "
        f"{folder}; licences and terms: README.md",
        soft_wrap=True,
    )
    if invented := [s["source"] for s in manifest["sources"] if s["synthetic"]]:
        console.print(f"synthetic: {', '.join(invented)} hold invented data", soft_wrap=True)
    for file in files:
        if file["altered_cells"]:
            console.print(
                f"{file['file']}: {file['altered_cells']} cells did not fit a workbook and were cut; "
                "the other formats hold them whole",
                soft_wrap=True,
            )
    if manifest["left_out"]:
        console.print(
            f"left out, because they say what is known now: {', '.join(manifest['left_out'])}",
            soft_wrap=True,
        )
