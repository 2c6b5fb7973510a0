"""The small vocabulary in which every table is declared, and what follows from a declaration.

A table is a class: its docstring is the table's comment, a column's type is a word from the
list below, and a column's comment stands beside it. DDL, the polars schema, the structural
expectations and the data dictionary are all derived from that one declaration.
"""

from __future__ import annotations

import datetime as dt
import inspect
import typing
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Generic, TypeVar

if TYPE_CHECKING:
    import polars as pl
    import sqlalchemy as sa

T = TypeVar("T")


class Kind(Enum):
    """What a column holds, by the name that DuckDB gives it."""

    TEXT = "VARCHAR"
    INTEGER = "INTEGER"
    COUNT = "BIGINT"
    NUMBER = "DOUBLE"
    FLAG = "BOOLEAN"
    DAY = "DATE"
    INSTANT = "TIMESTAMP"


# -- words for columns -----------------------------------------------------------------------
LocationCode = Annotated[str, Kind.TEXT]
"""A location: a CBS code (`GM0193`), `NL`, or the readable id of a site (`kennispark-twente`)."""
RegionCode = Annotated[str, Kind.TEXT]
"""A code of an area as its publisher writes it, unpadded; register numbers as `RIN23202203`."""
Code = Annotated[str, Kind.TEXT]
"""A code or identifier from a code list of ours or of a publisher."""
Text = Annotated[str, Kind.TEXT]
"""Words for people."""
Period = Annotated[str, Kind.TEXT]
"""What a figure is about: `2020`, `2020Q1`, `2020-04` or `2020-04-01`."""
Year = Annotated[int, Kind.INTEGER]
Count = Annotated[int, Kind.COUNT]
Number = Annotated[float, Kind.NUMBER]
"""A figure in the unit that its indicator or measure names, factor already applied."""
Euros = Annotated[float, Kind.NUMBER]
"""Whole euros (not thousands)."""
Hectares = Annotated[float, Kind.NUMBER]
Flag = Annotated[bool, Kind.FLAG]
Day = Annotated[dt.date, Kind.DAY]
Instant = Annotated[dt.datetime, Kind.INSTANT]
"""A moment in UTC, stored without a zone so that every DuckDB client can read it."""


class Mapped(Generic[T]):
    """A column, in the declaration of a table: `name: Mapped[Code]`, `Mapped[Code | None]` where it
    may be null. Written as SQLAlchemy's own declarations are."""


@dataclass(frozen=True)
class Column:
    """One declared column, as the rest of the house reads it."""

    name: str
    comment: str
    is_key: bool
    nullable: bool
    choices: tuple[str, ...]
    sensitive: bool
    kind: Kind
    repeats: bool = False

    @property
    def sql_type(self) -> sa.types.TypeEngine[Any]:
        """Its type in SQLAlchemy."""
        import sqlalchemy as sa

        types: dict[Kind, type[sa.types.TypeEngine[Any]]] = {
            Kind.TEXT: sa.String,
            Kind.INTEGER: sa.Integer,
            Kind.COUNT: sa.BigInteger,
            Kind.NUMBER: sa.Double,
            Kind.FLAG: sa.Boolean,
            Kind.DAY: sa.Date,
            Kind.INSTANT: sa.DateTime,
        }
        return types[self.kind]()


@dataclass(frozen=True)
class _Said:
    """What stands behind the `=` of a column's declaration."""

    comment: str
    is_key: bool = False
    choices: tuple[str, ...] = ()
    sensitive: bool = False
    repeats: bool = False


def key(comment: str, *, repeats: bool = False) -> Any:
    """A column of the table's key. `repeats`: as for `field`."""
    return _Said(comment, is_key=True, repeats=repeats)


def field(
    comment: str,
    *,
    choices: tuple[str, ...] = (),
    sensitive: bool = False,
    repeats: bool = False,
) -> Any:
    """An ordinary column.

    `choices`: the only values allowed. `sensitive`: names a firm or a person, so the value is
    masked in quarantine and never leaves `core`. `repeats`: a text that stands in very many rows,
    held as a category there, as all texts of a table with `__many_rows__` are.
    """
    return _Said(comment, choices=choices, sensitive=sensitive, repeats=repeats)


class _InSqlAlchemy:
    """A declared table as SQLAlchemy's, made when first asked for: importing SQLAlchemy takes a
    third of the time in which all definitions load, and loading them needs none of it."""

    def __get__(self, _: object, table: type[Table]) -> sa.Table:
        import sqlalchemy as sa

        if "_made" not in vars(table):
            table._made = sa.Table(
                table.__tablename__,
                sa.MetaData(),
                *(
                    sa.Column(
                        column.name,
                        column.sql_type,
                        primary_key=column.is_key,
                        nullable=column.nullable,
                        autoincrement=False,
                        comment=column.comment,
                    )
                    for column in columns(table)
                ),
                schema=schema_of(table),
                comment=comment_of(table),
            )
        made: sa.Table = table._made
        return made


def _declared(table: type) -> typing.Iterator[Column]:
    for name, hint in typing.get_type_hints(table, include_extras=True).items():
        said = inspect.getattr_static(table, name, None)
        if not isinstance(said, _Said):
            continue
        words = typing.get_args(hint)
        given = typing.get_args(words[0]) if words else ()
        nullable = type(None) in given
        word = next((w for w in given if w is not type(None)), None) if nullable else words[0]
        kinds = [kind for kind in getattr(word, "__metadata__", ()) if isinstance(kind, Kind)]
        if len(kinds) != 1:
            raise TypeError(
                f"{table.__name__}.{name}: expected `Mapped[Word]` or `Mapped[Word | None]` with a "
                f"word of warehouse.vocabulary, got {hint!r}"
            )
        yield Column(
            name=name,
            comment=said.comment,
            is_key=said.is_key,
            nullable=nullable and not said.is_key,
            choices=said.choices,
            sensitive=said.sensitive,
            repeats=said.repeats,
            kind=kinds[0],
        )


class Declared(type):
    """What a table's class is: declared when it is made."""

    def __init__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> None:
        """Reads the declaration. Raises TypeError for a column of no declared kind."""
        super().__init__(name, bases, body)
        cls._columns: tuple[Column, ...] = tuple(_declared(cls))


class Table(metaclass=Declared):
    """Base of every declared table."""

    __tablename__: ClassVar[str]
    __table_args__: ClassVar[dict[str, str]]
    """`schema`: the schema it lies in."""
    __many_rows__: ClassVar[bool] = False
    """Whether its texts are held as categories: a code that stands in half a million rows then
    costs four bytes there, not sixteen."""
    __table__: ClassVar[_InSqlAlchemy] = _InSqlAlchemy()
    """The table in SQLAlchemy, comments included."""
    _made: ClassVar[Any]


# -- what follows from a declaration ---------------------------------------------------------
def columns(table: type[Table]) -> tuple[Column, ...]:
    """The columns of `table` in declared order."""
    return table._columns


def schema_of(table: type[Table]) -> str:
    """Schema in which `table` lies."""
    return table.__table_args__["schema"]


def key_of(table: type[Table]) -> list[str]:
    """Names of the key columns of `table`."""
    return [column.name for column in columns(table) if column.is_key]


def comment_of(table: type[Table]) -> str:
    """The table's comment: its docstring."""
    return inspect.cleandoc(table.__doc__ or "")


def name_of(table: type[Table]) -> str:
    """`schema.table`."""
    return f"{schema_of(table)}.{table.__tablename__}"


def polars_schema(table: type[Table]) -> pl.Schema:
    """The polars schema of `table`, in declared order."""
    import polars as pl

    kinds: dict[Kind, Any] = {
        Kind.TEXT: pl.String,
        Kind.INTEGER: pl.Int32,
        Kind.COUNT: pl.Int64,
        Kind.NUMBER: pl.Float64,
        Kind.FLAG: pl.Boolean,
        Kind.DAY: pl.Date,
        Kind.INSTANT: pl.Datetime("us"),
    }

    def polars_type(column: Column) -> Any:
        repeats = column.repeats or table.__many_rows__
        return pl.Categorical() if column.kind is Kind.TEXT and repeats else kinds[column.kind]

    return pl.Schema({column.name: polars_type(column) for column in columns(table)})
