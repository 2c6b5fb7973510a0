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
    before and is gone, one that several columns could be, a unit that is not declared, a
    dimension that is not there.
    """
    columns = _measures(table.columns)
    if not columns and not source.measures:
        return Resolved({}, ())
    faults = _lacking_dimensions(source, edition, table)
    found: dict[str, str] = {}
    for name, measure in source.measures.items():
        fitting = _columns_of(measure, columns)
        if not fitting:
            if measure.required:
                close = _closest(measure, columns)
                faults.append(f"measure `{name}` ({_called(measure)}) is not there{close}")
            continue
        if len(fitting) > 1:
            faults.append(
                f"measure `{name}` could be any of {', '.join(map(_shown, fitting))}; "
                "name its `group` beside its title"
            )
        faults += _wrong_unit(source, name, measure, fitting[0])
        found[name] = fitting[0]["name"]
    if before is not None:
        was = resolve_names(source, before)
        faults += [
            f"measure `{name}` ({_called(source.measures[name])}) was there in the last good "
            f"release and is gone{_closest(source.measures[name], columns)}"
            for name in sorted(was - set(found))
            if not source.measures[name].required
        ]
    if faults:
        raise ContractBroken(
            f"{source.name} {edition}: {'; '.join(faults)}. If the publisher renamed it, add the "
            f"new title to `measures` in the catalogue entry `{source.name}`"
        )
    taken = set(found.values())
    strangers = tuple(
        str(c["title"]) for c in columns if c["name"] not in taken and not _left_out(source, c)
    )
    return Resolved(found, strangers)


def resolve_names(source: Source, columns: pl.DataFrame) -> set[str]:
    """Our measures that occur among `columns`."""
    rows = _measures(columns)
    return {name for name, measure in source.measures.items() if _columns_of(measure, rows)}


def _measures(columns: pl.DataFrame) -> list[dict[str, str]]:
    return [row for row in columns.iter_rows(named=True) if row["kind"] == "measure"]


def _lacking_dimensions(source: Source, edition: str, table: RawTable) -> list[str]:
    """What is to be said of dimensions that figures need and the table does not have."""
    if source.subject != "figures":
        return []
    there = set(table.columns.filter(kind="dimension").get_column("name"))
    return [
        f"dimension `{name}` is not there; the table has {', '.join(sorted(there)) or 'none'}"
        for name in (source.region_of(edition), source.period, source.breakdown)
        if name and name not in there
    ]


def _wrong_unit(source: Source, name: str, measure: Measure, column: dict[str, str]) -> list[str]:
    """What is to be said of a unit that is not declared. Only statistical tables state units."""
    unit = column["unit"]
    if unit in measure.published_unit or (
        unit is None and source.protocol not in ("cbs_v3", "cbs_v4")
    ):
        return []
    return [
        f"measure `{name}` came {f'in unit {unit!r}' if unit else 'without a unit'}, declared is "
        f"{' or '.join(map(repr, measure.published_unit))}; check the factor before adding the unit"
    ]


def _columns_of(measure: Measure, columns: list[dict[str, str]]) -> list[dict[str, str]]:
    """The columns that a measure could be; more than one where a title does not tell."""
    by_code = [column for column in columns if measure.v4 and column["name"] == measure.v4]
    if by_code:
        return by_code
    for wanted in measure.titles:
        by_title = [
            column
            for column in columns
            if column["title"] == wanted.title and wanted.group in (None, column["group"])
        ]
        if by_title:
            return by_title
    return [column for column in columns if measure.field and column["name"] == measure.field]


def _shown(column: dict[str, str]) -> str:
    """A column as a message names it."""
    group = f"{column['group']} > " if column["group"] else ""
    return f"`{group}{column['title']}` ({column['name']})"


def _called(measure: Measure) -> str:
    names = [f"{t.group} > {t.title}" if t.group else t.title for t in measure.titles]
    return " or ".join(filter(None, [measure.v4, measure.field, *names]))


def _closest(measure: Measure, columns: list[dict[str, str]]) -> str:
    titles = [str(column["title"]) for column in columns]
    for wanted in (*(t.title for t in measure.titles), measure.field or ""):
        close = get_close_matches(wanted, titles, n=1)
        if close:
            return f"; closest is `{close[0]}`"
    return ""


def _left_out(source: Source, column: dict[str, str]) -> bool:
    called = {"*", column["title"], column["name"], f"{column['group']}: *"}
    return bool(called & set(source.not_taken))
