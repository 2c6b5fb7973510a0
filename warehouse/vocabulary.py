"""The small vocabulary in which every table is declared, and what follows from a declaration.

A table is a class: its docstring is the table's comment, a column's type is a word from the
list below, and a column's comment stands beside it. DDL, the polars schema, the structural
expectations and the data dictionary are all derived from that one declaration.
"""

from __future__ import annotations

import datetime as dt
import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, mapped_column

if TYPE_CHECKING:
    import polars as pl

# -- words for columns -----------------------------------------------------------------------
LocationCode = Annotated[str, mapped_column(sa.String)]
"""A location: a CBS code (`GM0193`), `NL`, or the readable id of a site (`kennispark-twente`)."""
RegionCode = Annotated[str, mapped_column(sa.String)]
"""A code of an area as its publisher writes it, unpadded; register numbers as `RIN23202203`."""
Code = Annotated[str, mapped_column(sa.String)]
"""A code or identifier from a code list of ours or of a publisher."""
Text = Annotated[str, mapped_column(sa.String)]
"""Words for people."""
Period = Annotated[str, mapped_column(sa.String)]
"""What a figure is about: `2020`, `2020Q1`, `2020-04` or `2020-04-01`."""
Year = Annotated[int, mapped_column(sa.Integer)]
Count = Annotated[int, mapped_column(sa.BigInteger)]
Number = Annotated[float, mapped_column(sa.Double)]
"""A figure in the unit that its indicator or measure names, factor already applied."""
Euros = Annotated[float, mapped_column(sa.Double)]
"""Whole euros (not thousands)."""
Hectares = Annotated[float, mapped_column(sa.Double)]
Flag = Annotated[bool, mapped_column(sa.Boolean)]
Day = Annotated[dt.date, mapped_column(sa.Date)]
Instant = Annotated[dt.datetime, mapped_column(sa.DateTime)]
"""A moment in UTC, stored without a zone so that every DuckDB client can read it."""


class Table(DeclarativeBase):
    """Base of every declared table."""

    metadata = sa.MetaData()
    __many_rows__: ClassVar[bool] = False
    """Whether its texts are held as categories: a code that stands in half a million rows then
    costs four bytes there, not sixteen."""


def key(comment: str) -> Any:
    """A column of the table's key."""
    return mapped_column(primary_key=True, nullable=False, comment=comment)


def field(comment: str, *, choices: tuple[str, ...] = (), sensitive: bool = False) -> Any:
    """An ordinary column.

    `choices`: the only values allowed. `sensitive`: names a firm or a person, so the value is
    masked in quarantine and never leaves `core`.
    """
    return mapped_column(comment=comment, info={"choices": choices, "sensitive": sensitive})


# -- what follows from a declaration ---------------------------------------------------------
@dataclass(frozen=True)
class Column:
    """One declared column, as the rest of the house reads it."""

    name: str
    comment: str
    is_key: bool
    nullable: bool
    choices: tuple[str, ...]
    sensitive: bool
    sql_type: sa.types.TypeEngine[Any]


def columns(table: type[Table]) -> tuple[Column, ...]:
    """The columns of `table` in declared order."""
    return tuple(
        Column(
            name=column.name,
            comment=column.comment or "",
            is_key=bool(column.primary_key),
            nullable=bool(column.nullable),
            choices=tuple(column.info.get("choices", ())),
            sensitive=bool(column.info.get("sensitive", False)),
            sql_type=column.type,
        )
        for column in table.__table__.columns
    )


def key_of(table: type[Table]) -> list[str]:
    """Names of the key columns of `table`."""
    return [column.name for column in columns(table) if column.is_key]


def comment_of(table: type[Table]) -> str:
    """The table's comment: its docstring."""
    return inspect.cleandoc(table.__doc__ or "")


def name_of(table: type[Table]) -> str:
    """`schema.table`."""
    return f"{table.__table__.schema}.{table.__tablename__}"


def polars_schema(table: type[Table]) -> pl.Schema:
    """The polars schema of `table`, in declared order."""
    import polars as pl

    kinds: list[tuple[type[sa.types.TypeEngine[Any]], Any]] = [
        (sa.BigInteger, pl.Int64),
        (sa.Integer, pl.Int32),
        (sa.Double, pl.Float64),
        (sa.Boolean, pl.Boolean),
        (sa.DateTime, pl.Datetime("us")),
        (sa.Date, pl.Date),
        (sa.String, pl.Categorical() if table.__many_rows__ else pl.String),
    ]

    def polars_type(sql_type: sa.types.TypeEngine[Any]) -> Any:
        for kind, answer in kinds:
            if isinstance(sql_type, kind):
                return answer
        raise TypeError(f"no polars type declared for {sql_type!r}; add it to `kinds`")

    return pl.Schema({column.name: polars_type(column.sql_type) for column in columns(table)})
