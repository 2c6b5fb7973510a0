"""Declared tables: what a declaration means, what is refused, and that SQLAlchemy says the same."""

from __future__ import annotations

import polars as pl
import pytest
import sqlalchemy as sa

from warehouse.tables import core, mart
from warehouse.vocabulary import (
    Code,
    Count,
    Instant,
    Kind,
    Mapped,
    Number,
    Table,
    columns,
    field,
    key,
    key_of,
    name_of,
    polars_schema,
)


class Sample(Table):
    """One sample."""

    __tablename__ = "sample"
    __table_args__ = {"schema": "core"}

    code: Mapped[Code] = key("Its code.", repeats=True)
    taken_at: Mapped[Instant] = field("When.")
    found: Mapped[Count | None] = field("How many.")
    share: Mapped[Number | None] = field("How much.", sensitive=True)


def test_a_declaration_says_what_its_columns_are() -> None:
    assert [(c.name, c.kind, c.nullable, c.is_key, c.sensitive) for c in columns(Sample)] == [
        ("code", Kind.TEXT, False, True, False),
        ("taken_at", Kind.INSTANT, False, False, False),
        ("found", Kind.COUNT, True, False, False),
        ("share", Kind.NUMBER, True, False, True),
    ]
    assert (name_of(Sample), key_of(Sample)) == ("core.sample", ["code"])
    assert dict(polars_schema(Sample)) == {
        "code": pl.Categorical(),
        "taken_at": pl.Datetime("us"),
        "found": pl.Int64,
        "share": pl.Float64,
    }


@pytest.mark.parametrize("table", [*core.TABLES, *mart.TABLES], ids=lambda t: t.__tablename__)
def test_sqlalchemy_is_told_the_same(table: type[Table]) -> None:
    made = table.__table__
    assert isinstance(made, sa.Table) and made is table.__table__
    assert f"{made.schema}.{made.name}" == name_of(table)
    assert [
        (c.name, c.comment, bool(c.primary_key), c.nullable, type(c.type)) for c in made.columns
    ] == [(c.name, c.comment, c.is_key, c.nullable, type(c.sql_type)) for c in columns(table)]


def test_every_kind_has_a_type() -> None:
    by_kind = {c.kind: c for table in (*core.TABLES, *mart.TABLES) for c in columns(table)}
    assert set(by_kind) == set(Kind)
    assert all(isinstance(c.sql_type, sa.types.TypeEngine) for c in by_kind.values())


def test_a_column_of_no_declared_kind_is_refused() -> None:
    body = {
        "__annotations__": {"name": Mapped[str]},
        "name": field("A name."),
        "__module__": __name__,
    }
    with pytest.raises(TypeError, match="expected `Mapped"):
        type(Table)("Wrong", (Table,), body)
