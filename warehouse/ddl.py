"""From declaration to database: create statements and comments, for DuckDB and PostgreSQL.

Keys are judged by the gate before anything is loaded, so DuckDB gets no key constraints: they
would cost an index a table in a file that nobody writes to after it is published. Texts have the
collation "C" on PostgreSQL, whatever that of the database is: DuckDB orders them by their bytes, and
both shall answer alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

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

    made = as_made(table, sa.MetaData(), dialect, keys=keys)
    return str(CreateTable(made).compile(dialect=dialect)).strip()


def as_made(
    table: type[Table], metadata: sa.MetaData, dialect: sa.Dialect, *, keys: bool
) -> sa.Table:
    """`table` as it is made in `dialect`, comments included, put in `metadata`."""
    import sqlalchemy as sa

    def kind(declared: sa.types.TypeEngine[Any]) -> sa.types.TypeEngine[Any]:
        if isinstance(declared, sa.String) and dialect.name == "postgresql":
            return sa.String(collation="C")
        return declared

    return sa.Table(
        table.__tablename__,
        metadata,
        *(
            sa.Column(
                c.name,
                kind(c.sql_type),
                primary_key=keys and c.is_key,
                nullable=c.nullable,
                autoincrement=False,
                comment=c.comment,
            )
            for c in columns(table)
        ),
        schema=schema_of(table),
        comment=comment_of(table),
    )


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


def create_views(views: Mapping[str, tuple[str, str]]) -> Iterator[str]:
    """CREATE VIEW for each of `views` (name -> comment, SELECT) in schema `mart`, with its comment."""
    for name, (comment, query) in views.items():
        yield f"CREATE VIEW mart.{name} AS {query.strip()}"
        yield f"COMMENT ON VIEW mart.{name} IS {quoted(comment)}"
