"""What the materialisation of a raw asset shows: which release came, how much of it, and what in it
was not in the one before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dagster as dg

from assets import markdown, pictures
from assets.edges import Edges
from warehouse.frames import Key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assets.catalogue.models import Source
    from assets.sources.reading import RawTable
    from warehouse.archive import Release

PREVIEW = 5
STATISTICS = {"figures", "budgets", "outlines", "business_parks", "addresses"}
"""Subjects whose rows name no firm and no person: only of these are rows shown as they came."""
MOST_COLUMNS = 40
"""Of a wider table the list would push everything else off the screen; its `columns` are a number."""


def heights(edges: Edges, key: Key) -> dict[str, int]:
    """Rows by edition, read from the ends of the files."""
    return {edition: _height(edges, key, edition) for edition in edges.frames.editions(key)}


def before(edges: Edges, key: Key, edition: str) -> int | None:
    """Rows that stand now, to be told beside those that replace them; None where none do. Which rows
    changed is told of the tidy tables: raw rows have no key to be matched by."""
    return _height(edges, key, edition) if edition in edges.frames.editions(key) else None


def _height(edges: Edges, key: Key, edition: str) -> int:
    import polars as pl

    path = edges.frames.path(key, edition)
    return int(pl.scan_parquet(path).select(pl.len()).collect().item())


def metadata(source: Source, release: Release, table: RawTable, was: int | None) -> dict[str, Any]:
    """The metadata of one edition. `was`: rows before, where there were any."""
    found: dict[str, Any] = {"dagster/row_count": table.rows.height}
    if was is not None:
        found["rows before"] = was
    found |= {
        "columns": table.columns.height or table.rows.width,
        "lines that are no rows": 0 if table.set_aside is None else table.set_aside.height,
        "bytes": release.bytes,
        "release": release.release_id,
        "released": _moment(release.modified_at),
        "fetched": _moment(release.fetched_at),
        "url": dg.MetadataValue.url(release.url),
        "licence": release.licence,
        "synthetic": release.synthetic,
        "remarks": dg.MetadataValue.md(
            "\n".join(f"- {markdown.plain(said)}" for said in table.remarks) or "none"
        ),
    }
    if source.protocol in ("cbs_v3", "cbs_v4"):
        found["table at the publisher"] = release.identifier
    schema = _columns(table)
    if schema:
        found["dagster/column_schema"] = schema
    if source.subject in STATISTICS:
        found["preview"] = dg.MetadataValue.md(markdown.preview(table.rows, PREVIEW) or "no rows")
    return found


def picture(edges: Edges, key: Key, marked: Sequence[str]) -> dict[str, Any]:
    """Rows by edition, where there are several."""
    drawn = pictures.editions(heights(edges, key), marked)
    return {"picture": dg.MetadataValue.md(drawn)} if drawn else {}


def _columns(table: RawTable) -> dg.TableSchema | None:
    """The columns as the publisher describes them; none where it describes too many to read."""
    said = {row["name"]: row for row in table.columns.iter_rows(named=True)}
    if not 0 < table.rows.width <= MOST_COLUMNS:
        return None

    def described(name: str) -> str:
        row = said.get(name, {})
        words = [str(row[part]) for part in ("group", "title", "unit") if row.get(part)]
        return ", ".join(words)

    return dg.TableSchema(
        [
            dg.TableColumn(name, type=str(kind), description=described(name) or None)
            for name, kind in table.rows.schema.items()
        ]
    )


def _moment(moment: Any) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else "not stated by the publisher"
