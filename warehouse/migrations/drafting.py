"""Drafts the next revision: what makes the tables that are there into those that are declared.

    python -m warehouse.migrations.drafting URL words_that_say_why

`URL` is a database that may be written to and holds nothing else; it is brought to the newest
revision and compared with the declarations. The draft is to be read before it is committed: a
column that may not be null is added with an empty value for the rows that are there, which stand
so until the next publication.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from warehouse import ddl, migrations
from warehouse.location import PostgreSQL, locate
from warehouse.vocabulary import Table

if TYPE_CHECKING:
    import sqlalchemy as sa

EMPTY = {"VARCHAR": "''", "BOOLEAN": "false", "DATE": "'epoch'", "TIMESTAMP": "'epoch'"}
"""What stands in a new column that may not be null until the next publication; a number is 0."""

REVISION = '''"""{why}"""

from warehouse.migrations.statements import run

revision = "{number}"
down_revision = {before}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The statements beside this file."""
    run(__file__)
'''


def declared(tables: Iterable[type[Table]]) -> sa.MetaData:
    """The declared tables as PostgreSQL has them."""
    import sqlalchemy as sa
    from sqlalchemy.dialects.postgresql import dialect

    metadata = sa.MetaData()
    for table in tables:
        ddl.as_made(table, metadata, dialect(), keys=True)  # type: ignore[no-untyped-call]
    return metadata


def difference(connection: sa.Connection, tables: Iterable[type[Table]]) -> str:
    """The SQL that makes the tables in the database into `tables`; empty where they are the same."""
    from alembic.autogenerate import produce_migrations
    from alembic.migration import MigrationContext
    from alembic.operations import Operations

    def ours(name: str | None, kind: str, parents: Any) -> bool:
        if kind == "schema":
            return name in migrations.SCHEMAS
        return not (kind == "table" and name == migrations.VERSION_TABLE)

    options = {
        "include_schemas": True,
        "include_name": ours,
        "compare_type": True,
        "compare_server_default": False,
    }
    context = MigrationContext.configure(connection, opts=options)
    target = declared(tables)
    found = produce_migrations(context, target).upgrade_ops
    said = io.StringIO()
    offline = MigrationContext.configure(
        dialect_name="postgresql", opts={"as_sql": True, "output_buffer": said}
    )
    operations = Operations(offline)
    keys = list(_changed_keys(connection, target))
    for name, constraint, _ in keys:
        said.write(f"ALTER TABLE {name} DROP CONSTRAINT {constraint};\n\n")
    for operation in _flat(found):
        _fill_new_column(operation)
        operations.invoke(operation)
        _forget_filling(operation, operations)
    for name, _, key in keys:
        if key:
            said.write(f"ALTER TABLE {name} ADD PRIMARY KEY ({', '.join(key)});\n\n")
    return said.getvalue().strip()


def _changed_keys(
    connection: sa.Connection, target: sa.MetaData
) -> Iterator[tuple[str, str, list[str]]]:
    """Table, constraint and new columns of every primary key that changes, which Alembic does not
    look at. No columns where the new key may be null: that is a unique constraint."""
    import sqlalchemy as sa

    inspector = sa.inspect(connection)
    for table in target.tables.values():
        if not inspector.has_table(table.name, schema=table.schema):
            continue
        there = inspector.get_pk_constraint(table.name, schema=table.schema)
        wanted = [column.name for column in table.primary_key.columns]
        if there["name"] and set(there["constrained_columns"]) != set(wanted):
            yield f"{table.schema}.{table.name}", str(there["name"]), wanted


def _flat(operation: Any) -> Iterator[Any]:
    for inner in operation.ops:
        if hasattr(inner, "ops"):
            yield from _flat(inner)
        else:
            yield inner


def _must_be_filled(operation: Any) -> bool:
    from alembic.operations.ops import AddColumnOp

    return isinstance(operation, AddColumnOp) and not operation.column.nullable


def _fill_new_column(operation: Any) -> None:
    import sqlalchemy as sa

    if _must_be_filled(operation):
        kind = type(operation.column.type.as_generic()).__name__.upper()
        kind = {"STRING": "VARCHAR", "DATETIME": "TIMESTAMP"}.get(kind, kind)
        operation.column.server_default = sa.DefaultClause(sa.text(EMPTY.get(kind, "0")))


def _forget_filling(operation: Any, operations: Any) -> None:
    if _must_be_filled(operation):
        operations.alter_column(
            operation.table_name,
            operation.column.name,
            schema=operation.schema,
            server_default=None,
        )


def draft(place: PostgreSQL, tables: Iterable[type[Table]], why: str, to: Path) -> Path | None:
    """Write the next revision into the folder `to`; None where nothing differs."""
    known = migrations.revisions()
    if known:
        migrations.upgrade(place)
    with migrations.connected(place) as connection:
        statements = difference(connection, tables)
    if not statements:
        return None
    number = f"{int(known[-1]) + 1 if known else 1:04}"
    path = to / f"v{number}_{'_'.join(why.lower().split())}.py"
    before = f'"{known[-1]}"' if known else "None"
    path.with_suffix(".sql").write_text(statements + "\n", encoding="utf-8")
    path.write_text(REVISION.format(why=f"{why.capitalize()}.", number=number, before=before))
    return path


def main() -> None:
    """Draft from the command line."""
    from warehouse.tables import published

    place = locate(sys.argv[1])
    assert isinstance(place, PostgreSQL), "a PostgreSQL database is needed"
    made = draft(place, published.TABLES, " ".join(sys.argv[2:]), migrations.HERE / "versions")
    sys.stdout.write(f"{made or 'nothing differs from the newest revision'}\n")


if __name__ == "__main__":
    main()
