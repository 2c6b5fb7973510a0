"""Invented contents of a warehouse, in which every row tells of which publication it is."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl

from warehouse.publishing import Seen
from warehouse.tables import mart, published
from warehouse.vocabulary import Kind, Table, columns, polars_schema

EMPTY: dict[Kind, Any] = {
    Kind.TEXT: "",
    Kind.INTEGER: 0,
    Kind.COUNT: 0,
    Kind.NUMBER: 0.0,
    Kind.FLAG: False,
    Kind.DAY: dt.date(1970, 1, 1),
    Kind.INSTANT: dt.datetime(1970, 1, 1),
}
FIRST = dt.datetime(2026, 1, 1)
LOCATIONS = 40


def frame(table: type[Table], rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Rows of `table`; what a row does not say is null, or empty where it must be something."""
    empty: dict[str, Any] = {
        column.name: None if column.nullable else EMPTY[column.kind] for column in columns(table)
    }
    return pl.DataFrame([empty | row for row in rows], schema=polars_schema(table))


def values(number: int, locations: int = LOCATIONS) -> pl.DataFrame:
    """Figures of publication `number`: every one of them another than before, and each earlier one
    kept as a closed row."""
    rows = []
    for of in range(1, number + 1):
        known = FIRST + dt.timedelta(days=of)
        rows += [
            {
                "location_id": f"L{place:05}",
                "indicator_id": "inhabitants",
                "period": "2020",
                "known_from": known,
                "value": float(of * 1000 + place),
                "status": "definitive",
                "method": "published",
                "known_to": known + dt.timedelta(days=1) if of < number else None,
                "release_id": f"release-{of}",
                "synthetic": True,
            }
            for place in range(locations)
        ]
    return frame(mart.IndicatorValue, rows)


def places(number: int, locations: int = LOCATIONS) -> pl.DataFrame:
    """Locations under names that say the number; one comes and another goes each time."""
    return frame(
        mart.Location,
        [
            {
                "location_id": f"L{place:05}",
                "name": f"Plaats {number}",
                "kind": "site",
                "status": "active",
                "boundary_status": "none",
            }
            for place in range(number % 3, locations)
        ],
    )


def contents(number: int, locations: int = LOCATIONS) -> dict[type[Table], Any]:
    """Every published table as publication `number` leaves it, most of them empty."""
    history = [
        {
            "publication_id": f"{of:06}",
            "published_at": FIRST + dt.timedelta(days=of),
            "code_version": "1",
            "content_hash": f"{of:064}",
        }
        for of in range(1, number + 1)
    ]
    empty = {table: pl.DataFrame(schema=polars_schema(table)) for table in published.READABLE}
    return {
        **empty,
        mart.Location: places(number, locations),
        mart.IndicatorValue: values(number, locations),
        mart.Publication: frame(mart.Publication, history),
    }


def few(number: int) -> dict[type[Table], Any]:
    """The same of two tables only, which is quickly published."""
    whole = contents(number)
    return {table: whole[table] for table in (mart.Location, mart.Publication)}


def seen(number: int) -> Seen:
    """The hashes of publication `number`."""
    return Seen(f"{number:064}", f"state {number}")


WHOLE = """
SELECT (SELECT max(publication_id) FROM mart.publication) AS number,
       (SELECT max(content) FROM bookkeeping.published_state) AS content,
       (SELECT count(*) FROM mart.location) AS locations,
       (SELECT string_agg(DISTINCT name, '; ') FROM mart.location) AS names,
       (SELECT count(*) FROM mart.indicator_value) AS figures,
       (SELECT sum(value) FROM mart.indicator_value) AS total,
       (SELECT count(*) FROM mart.indicator_value WHERE known_to IS NULL) AS open
"""
"""What a reader can tell of all of it in one question."""


def expected(number: int, locations: int = LOCATIONS) -> dict[str, Any]:
    """The answer to `WHOLE` after publication `number`."""
    figures = values(number, locations)
    return {
        "number": f"{number:06}",
        "content": f"{number:064}",
        "locations": locations - number % 3,
        "names": f"Plaats {number}",
        "figures": figures.height,
        "total": figures["value"].sum(),
        "open": locations,
    }
