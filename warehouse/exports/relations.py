"""What can be exported: the published tables and views, as the published dictionary describes them.

The dictionary is read from the warehouse and not from the declarations, so that a warehouse of
another version is exported as it is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Protocol

from warehouse.ddl import identifier

if TYPE_CHECKING:
    import polars as pl

DEFAULT_SCHEMA = "mart"


class Warehouse(Protocol):
    """A published warehouse that is read."""

    @property
    def engine(self) -> str:
        """`duckdb` or `postgresql`."""

    def rows(self, query: str, **values: Any) -> list[dict[str, Any]]:
        """The answer to `query`, a dict a row."""

    def batches(
        self, query: str, schema: Mapping[str, Any], **values: Any
    ) -> Iterator[pl.DataFrame]:
        """The answer to `query` in frames of `schema`, of so many rows that a few fit in memory."""


class NoSuchTableError(LookupError):
    """There is no such table or view; the message says what there is."""


@dataclass(frozen=True)
class Described:
    """A column of a relation, as the dictionary describes it."""

    name: str
    type: str
    is_key: bool
    comment: str
    label_nl: str | None


@dataclass(frozen=True)
class Relation:
    """A published table or view."""

    schema: str
    name: str
    is_view: bool
    comment: str
    label_nl: str | None
    columns: tuple[Described, ...]

    @property
    def full_name(self) -> str:
        """`schema.table`."""
        return f"{self.schema}.{self.name}"

    @property
    def file_name(self) -> str:
        """Name of its files without ending: that of a table of `mart`, else with its schema."""
        return self.name if self.schema == DEFAULT_SCHEMA else f"{self.schema}-{self.name}"

    @property
    def has_vintages(self) -> bool:
        """Whether its rows say from when until when they were known."""
        return not self.is_view and {"known_from", "known_to"} <= {c.name for c in self.columns}

    def polars_schema(self) -> dict[str, Any]:
        """Polars type by column. Raises ValueError for a type that no dictionary has."""
        import polars as pl

        kinds: dict[str, Any] = {
            "VARCHAR": pl.String,
            "BIGINT": pl.Int64,
            "INTEGER": pl.Int32,
            "DOUBLE": pl.Float64,
            "BOOLEAN": pl.Boolean,
            "DATE": pl.Date,
            "TIMESTAMP": pl.Datetime("us"),
        }
        unknown = {column.type for column in self.columns} - set(kinds)
        if unknown:
            raise ValueError(
                f"mart.dictionary: {self.full_name} has columns of type {', '.join(sorted(unknown))}; "
                f"expected {', '.join(kinds)}"
            )
        return {column.name: kinds[column.type] for column in self.columns}

    def query(self, engine: str, as_of: dt.datetime | None) -> tuple[str, dict[str, Any]]:
        """SELECT of all its rows, in an order that is the same on every engine, and its values.

        `as_of`: of a table with vintages only what was known just before that moment.
        """
        names = ", ".join(identifier(column.name) for column in self.columns)
        where, values = "", {}
        if as_of is not None and self.has_vintages:
            where = " WHERE known_from < :moment AND (known_to IS NULL OR known_to >= :moment)"
            values = {"moment": as_of}
        # A database may be made with the order of a language; that of code points is the same everywhere.
        binary = ' COLLATE "C"' if engine == "postgresql" else ""
        order = ", ".join(
            identifier(column.name) + (binary if column.type == "VARCHAR" else "")
            for column in ([c for c in self.columns if c.is_key] or self.columns)
        )
        return (
            f"SELECT {names} FROM {identifier(self.schema)}.{identifier(self.name)}{where} "
            f"ORDER BY {order}",
            values,
        )


def relations(warehouse: Warehouse) -> dict[str, Relation]:
    """Every published table and view with described columns, by `schema.table`.

    Raises NoSuchTableError where the warehouse has no dictionary.
    """
    if not warehouse.rows(
        "SELECT table_name FROM information_schema.tables "
        "WHERE table_schema = 'mart' AND table_name = 'dictionary'"
    ):
        raise NoSuchTableError(
            "there is no table mart.dictionary: an older version published this warehouse; "
            "run `locatiemonitor nightly` first"
        )
    found: dict[str, list[dict[str, Any]]] = {}
    for row in warehouse.rows(
        "SELECT * FROM mart.dictionary ORDER BY schema_name DESC, table_name, position"
    ):
        found.setdefault(f"{row['schema_name']}.{row['table_name']}", []).append(row)
    return {
        name: Relation(
            schema=whole["schema_name"],
            name=whole["table_name"],
            is_view=whole["kind"] == "view",
            comment=whole["comment_en"],
            label_nl=whole["label_nl"],
            columns=tuple(
                Described(
                    column["column_name"],
                    column["type"],
                    column["is_key"],
                    column["comment_en"],
                    column["label_nl"],
                )
                for column in columns
            ),
        )
        for name, (whole, *columns) in found.items()
        if columns
    }


def chosen(found: Mapping[str, Relation], wanted: Iterable[str]) -> list[Relation]:
    """The relations named in `wanted`, `mart` being understood; all of `mart` where none is named.

    Raises NoSuchTableError.
    """
    names = list(dict.fromkeys(n if "." in n else f"{DEFAULT_SCHEMA}.{n}" for n in wanted))
    if not names:
        return [relation for relation in found.values() if relation.schema == DEFAULT_SCHEMA]
    unknown = [name for name in names if name not in found]
    if unknown:
        close = get_close_matches(unknown[0], found, n=1)
        meant = f"did you mean {close[0]}? " if close else ""
        raise NoSuchTableError(
            f"there is no table or view {', '.join(unknown)}; {meant}there are: {', '.join(found)}"
        )
    return [found[name] for name in names]
