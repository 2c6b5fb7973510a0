"""Revisions lead to the declared tables, from each of them and with rows in every table."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import dialect

from tests.postgres import fresh_database
from tests.warehouse.published import WHOLE, contents, expected, seen
from warehouse import ddl, migrations
from warehouse.location import PostgreSQL, locate
from warehouse.migrations.drafting import difference
from warehouse.parts import Copies
from warehouse.publishing import PublicationError, publishing
from warehouse.reading import reading
from warehouse.tables import published
from warehouse.vocabulary import Count, Mapped, Table, Text, field, key

CATALOGUE = """
SELECT n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, o.collname,
       col_description(c.oid, a.attnum), obj_description(c.oid), pg_get_expr(d.adbin, d.adrelid)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_collation o ON o.oid = a.attcollation
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE n.nspname IN ('mart', 'core', 'bookkeeping') AND c.relkind = 'r' AND c.relname <> 'alembic_version'
UNION ALL
SELECT n.nspname, c.relname, 'key', pg_get_constraintdef(k.oid), NULL, NULL, NULL, NULL, NULL
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname IN ('mart', 'core', 'bookkeeping') AND k.contype IN ('p', 'u') AND c.relname <> 'alembic_version'
"""
"""Everything that a declaration decides of a table, whatever the order of its columns."""


def server(url: str) -> PostgreSQL:
    place = locate(url)
    assert isinstance(place, PostgreSQL)
    return place


def test_the_newest_revision_is_what_is_declared(database: str, postgres: str) -> None:
    migrations.upgrade(server(database))
    made = fresh_database(postgres)
    with psycopg.connect(made) as connection:
        for schema in migrations.SCHEMAS:
            connection.execute(f"CREATE SCHEMA {schema}")  # type: ignore[call-overload]
        for table in published.TABLES:
            for statement in (ddl.create_table(table, dialect(), keys=True), *ddl.comments(table)):  # type: ignore[no-untyped-call]
                connection.execute(statement)
    found = []
    for url in (made, database):
        with psycopg.connect(url) as connection:
            found.append(set(connection.execute(CATALOGUE).fetchall()))
    assert found[0] == found[1], 'a table changed: make migration WHY="..."'


ROW = """
SELECT table_schema, table_name, column_name, data_type FROM information_schema.columns
WHERE table_schema IN ('mart', 'core', 'bookkeeping') AND table_name <> 'alembic_version'
ORDER BY table_schema, table_name, ordinal_position
"""
SOMETHING = {
    "character varying": "'it''s 5 %% ' || n",
    "double precision": "n + 0.5",
    "integer": "n",
    "bigint": "n",
    "boolean": "true",
    "date": "DATE '2026-01-01' + n",
    "timestamp without time zone": "TIMESTAMP '2026-01-01' + n * INTERVAL '1 day'",
}


def fill(url: str) -> dict[str, int]:
    """Put three rows in every table there is; rows by table."""
    tables: dict[str, list[tuple[str, str]]] = {}
    with psycopg.connect(url) as connection:
        for schema, table, column, kind in connection.execute(ROW).fetchall():
            tables.setdefault(f"{schema}.{table}", []).append((column, SOMETHING[kind]))
        for name, columns in tables.items():
            listed = ", ".join(f'"{column}"' for column, _ in columns)
            values = ", ".join(value.replace("%%", "%") for _, value in columns)
            connection.execute(
                f"INSERT INTO {name} ({listed}) SELECT {values} FROM generate_series(1, 3) n"  # type: ignore[call-overload]
            )
    return dict.fromkeys(tables, 3)


@pytest.mark.parametrize("revision", migrations.revisions())
def test_every_revision_leads_to_the_newest_and_keeps_its_rows(
    database: str, tmp_path: Path, revision: str
) -> None:
    assert migrations.upgrade(server(database), revision) == (None, revision)
    rows = fill(database)
    assert migrations.upgrade(server(database)) == (revision, migrations.head())
    with psycopg.connect(database) as connection:
        for table, number in rows.items():
            found = connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # type: ignore[call-overload]
            assert found == (number,), table
    # And what is published next takes the place of those rows.
    with publishing(database, Copies(tmp_path)) as target:
        target.replace(contents(4), ["inhabitants"], seen(4))
    with reading(database) as reader:
        assert reader.rows(WHOLE) == [expected(4)]


def test_tables_of_a_newer_release_are_left_alone(database: str, tmp_path: Path) -> None:
    migrations.upgrade(server(database))
    with psycopg.connect(database) as connection:
        connection.execute("UPDATE bookkeeping.alembic_version SET version_num = '9999'")
    with (
        pytest.raises(PublicationError, match=r"revision 9999.*newer"),
        publishing(database, Copies(tmp_path)),
    ):
        pass


class Before(Table):
    """A table as it was."""

    __tablename__ = "changing"
    __table_args__ = {"schema": "mart"}

    name: Mapped[Text] = key("The key.")
    count: Mapped[Count | None] = field("A number.")


class After(Table):
    """A table as it is now."""

    __tablename__ = "changing"
    __table_args__ = {"schema": "mart"}

    name: Mapped[Text] = key("The key, in other words.")
    count: Mapped[Count | None] = field("A number.")
    more: Mapped[Text] = key("New, and of the key.")
    number: Mapped[Count] = field("New too.")


def test_a_draft_fills_a_new_column_that_may_not_be_null_and_changes_a_key(database: str) -> None:
    with migrations.connected(server(database)) as connection:
        connection.execute(sa.text("CREATE SCHEMA mart"))
        for table in (Before, After):
            statements = difference(connection, [table])
            assert statements
            connection.execution_options(no_parameters=True).exec_driver_sql(statements)
            if table is Before:
                connection.execute(sa.text("INSERT INTO mart.changing VALUES ('a', 1)"))
        [row] = connection.execute(sa.text("SELECT * FROM mart.changing")).all()
        assert tuple(row) == ("a", 1, "", 0)
        assert not difference(connection, [After])
        key_now = sa.inspect(connection).get_pk_constraint("changing", schema="mart")
        assert key_now["constrained_columns"] == ["name", "more"]
