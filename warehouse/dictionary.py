"""The data dictionary: what every published table, view and column is, made from the declarations.

It is one frame. It is published as `mart.dictionary`, the comments on views in the database are
written from it, and so is the page of the documentation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from warehouse import dutch, view_columns, views
from warehouse.ddl import identifier, quoted
from warehouse.tables import mart
from warehouse.view_columns import Named
from warehouse.vocabulary import Column, Table, columns, comment_of, polars_schema, schema_of

if TYPE_CHECKING:
    import polars as pl

WHOLE = "*"
"""Stands in `column_name` for the table or view itself."""
UNITS: tuple[tuple[str, str], ...] = (
    ("_eur", "euro"),
    ("_pct", "%"),
    ("_ha", "ha"),
    ("_days", "days"),
    ("bytes", "bytes"),
)
"""A unit stands in the name of its column; that of a figure stands in `mart.indicator.unit`."""


def dictionary(tables: Sequence[type[Table]], indicators: Iterable[Named]) -> pl.DataFrame:
    """The rows of `mart.dictionary`: of each of `tables` and of every view one row for itself and
    one a column, in declared order."""
    import polars as pl

    found = {one.id: one for one in indicators}
    described = view_columns.of_views(found.values())
    rows = [
        row
        for table in tables
        for row in _rows(
            schema_of(table),
            table.__tablename__,
            "table",
            comment_of(table),
            columns(table),
            {},
        )
    ]
    for name, (comment, _) in views.views(found).items():
        rows += _rows("mart", name, "view", comment, described.get(name, ()), found)
    return pl.DataFrame(rows, schema=polars_schema(mart.Dictionary), orient="row")


def _rows(
    schema: str,
    name: str,
    kind: str,
    comment: str,
    declared: Iterable[Column],
    indicators: dict[str, Named],
) -> Iterator[dict[str, Any]]:
    whole = {"schema_name": schema, "table_name": name, "kind": kind}
    yield whole | {
        "column_name": WHOLE,
        "position": 0,
        "is_key": False,
        "nullable": False,
        "comment_en": " ".join(comment.split()),
        "label_nl": dutch.label(name, WHOLE),
    }
    for position, column in enumerate(declared, 1):
        one = indicators.get(column.name)
        unit = next((unit for end, unit in UNITS if column.name.endswith(end)), None)
        yield whole | {
            "column_name": column.name,
            "position": position,
            "type": column.kind.value,
            "is_key": column.is_key,
            "nullable": column.nullable,
            "comment_en": column.comment,
            "label_nl": one.name_nl if one else dutch.label(name, column.name),
            "choices": "; ".join(column.choices) or None,
            "unit": one.unit if one else unit,
        }


def comments_on_view_columns(frame: pl.DataFrame) -> Iterator[str]:
    """COMMENT ON COLUMN for every column of a view in `frame` (rows of `mart.dictionary`), as DuckDB
    and PostgreSQL both take it."""
    columns_of_views = frame.filter((frame["kind"] == "view") & (frame["column_name"] != WHOLE))
    for row in columns_of_views.iter_rows(named=True):
        name = ".".join(
            identifier(row[part]) for part in ("schema_name", "table_name", "column_name")
        )
        yield f"COMMENT ON COLUMN {name} IS {quoted(row['comment_en'])}"
