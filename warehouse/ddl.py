"""From declaration to database: create statements and comments, for DuckDB and PostgreSQL.

Keys are judged by the gate before anything is loaded, so DuckDB gets no key constraints: they
would cost an index a table in a file that nobody writes to after it is published.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from warehouse.vocabulary import Table, columns, comment_of, name_of, schema_of

if TYPE_CHECKING:
    import sqlalchemy as sa


def quoted(text: str) -> str:
    """A string literal."""
    return "'" + text.replace("'", "''") + "'"


def create_table(table: type[Table], dialect: sa.Dialect, *, keys: bool) -> str:
    """CREATE TABLE for `table` in `dialect`, with its key only where `keys`."""
    import sqlalchemy as sa
    from sqlalchemy.schema import CreateTable

    made = sa.Table(
        table.__tablename__,
        sa.MetaData(),
        *(
            sa.Column(
                c.name,
                c.sql_type,
                primary_key=keys and c.is_key,
                nullable=c.nullable,
                autoincrement=False,
            )
            for c in columns(table)
        ),
        schema=schema_of(table),
    )
    return str(CreateTable(made).compile(dialect=dialect)).strip()


def comments(table: type[Table]) -> Iterator[str]:
    """COMMENT ON for a table and each of its columns."""
    yield f"COMMENT ON TABLE {name_of(table)} IS {quoted(comment_of(table))}"
    for column in columns(table):
        yield f"COMMENT ON COLUMN {name_of(table)}.{column.name} IS {quoted(column.comment)}"


def identifier(name: str) -> str:
    """A quoted identifier. Raises ValueError for a name that no declaration could have."""
    if not name.replace("_", "").isalnum() or not name.isascii():
        raise ValueError(
            f"{name!r} is not a name that a declaration may have (letters, digits, underscores)"
        )
    return f'"{name}"'
