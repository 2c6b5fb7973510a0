"""Holds a table as read against its declaration: which column is which measure, in what unit.

Added columns are told; renamed, removed and rescaled ones stop the source, because a figure
read from the wrong column is worse than none.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from assets.catalogue.models import Measure, Source
from assets.sources.errors import ContractBroken
from assets.sources.reading import RawTable

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Resolved:
    """What a table's columns turned out to be."""

    measures: dict[str, str]
    """Our measure -> the publisher's column name (v3) or measure code (v4)."""
    strangers: tuple[str, ...]
    """Titles of columns that nobody has declared, neither taken nor left out."""


def resolve(
    source: Source, edition: str, table: RawTable, *, before: pl.DataFrame | None = None
) -> Resolved:
    """Which column is which measure, by code or title, never by its number.

    `before`: the `columns` of the edition's last good release. Raises ContractBroken, naming
    every column at fault: a required measure that is not there, a measure that was there
    before and is gone, a unit that is not declared, a dimension that is not there.
    """
    columns = [row for row in table.columns.iter_rows(named=True) if row["kind"] == "measure"]
    if not columns:
        return Resolved({}, ())
    dimensions = (
        set(table.columns.filter(kind="dimension").get_column("name"))
        if table.columns.height
        else set()
    )
    faults = [
        f"dimension `{name}` is not there; the table has {', '.join(sorted(dimensions))}"
        for name in (source.region_of(edition), source.period, source.breakdown)
        if name and source.subject == "figures" and name not in dimensions
    ]
    found: dict[str, str] = {}
    for name, measure in source.measures.items():
        column = _column_of(measure, columns)
        if column is None:
            if measure.required:
                faults.append(
                    f"measure `{name}` ({_called(measure)}) is not there{_closest(measure, columns)}"
                )
            continue
        if column["unit"] is not None and column["unit"] not in measure.published_unit:
            faults.append(
                f"measure `{name}` came in unit {column['unit']!r}, declared is {' or '.join(map(repr, measure.published_unit))}; "
                "check the factor before adding the unit"
            )
        found[name] = column["name"]
    if before is not None:
        was = resolve_names(source, before)
        faults += [
            f"measure `{name}` ({_called(source.measures[name])}) was there in the last good release and is gone"
            f"{_closest(source.measures[name], columns)}"
            for name in sorted(was - set(found))
            if not source.measures[name].required
        ]
    if faults:
        raise ContractBroken(
            f"{source.name} {edition}: {'; '.join(faults)}. If the publisher renamed it, add the new title to "
            f"`measures` in the catalogue entry `{source.name}`"
        )
    taken = set(found.values())
    strangers = tuple(
        str(c["title"]) for c in columns if c["name"] not in taken and not _left_out(source, c)
    )
    return Resolved(found, strangers)


def resolve_names(source: Source, columns: pl.DataFrame) -> set[str]:
    """Our measures that occur among `columns`."""
    rows = [row for row in columns.iter_rows(named=True) if row["kind"] == "measure"]
    return {name for name, measure in source.measures.items() if _column_of(measure, rows)}


def _column_of(measure: Measure, columns: list[dict[str, str]]) -> dict[str, str] | None:
    for column in columns:
        if measure.v4 and column["name"] == measure.v4:
            return column
    for wanted in measure.titles:
        for column in columns:
            if column["title"] == wanted.title and wanted.group in (None, column["group"]):
                return column
    for column in columns:
        if measure.field and column["name"] == measure.field:
            return column
    return None


def _called(measure: Measure) -> str:
    names = [f"{t.group} > {t.title}" if t.group else t.title for t in measure.titles]
    return " or ".join(
        [*([measure.v4] if measure.v4 else []), *([measure.field] if measure.field else []), *names]
    )


def _closest(measure: Measure, columns: list[dict[str, str]]) -> str:
    titles = [str(column["title"]) for column in columns]
    for wanted in (*(t.title for t in measure.titles), measure.field or ""):
        close = get_close_matches(wanted, titles, n=1)
        if close:
            return f"; closest is `{close[0]}`"
    return ""


def _left_out(source: Source, column: dict[str, str]) -> bool:
    return bool({column["title"], column["name"], f"{column['group']}: *"} & set(source.not_taken))
