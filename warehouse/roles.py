"""Makes a PostgreSQL database ready: schemas, tables, a role that reads and a role that publishes.

The role that publishes owns everything, so that it can make views anew and bring tables to a newer
revision. The role that reads sees `mart` and `core`, as far as that is published, and nothing else;
what the other makes later is readable for it too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from warehouse import migrations
from warehouse.ddl import identifier
from warehouse.location import PostgreSQL

if TYPE_CHECKING:
    import sqlalchemy as sa

READABLE = ("mart", "core")
"""Schemas that readers see."""
READER = "lm_reader"
WRITER = "lm_writer"

OWNED = """
SELECT CASE relkind WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END || ' ' || format('%I.%I', nspname, relname) AS what,
       pg_get_userbyid(relowner) AS owner
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE nspname = ANY(:schemas) AND relkind IN ('r', 'v', 'p', 'm')
UNION ALL
SELECT 'FUNCTION ' || p.oid::regprocedure, pg_get_userbyid(proowner)
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE nspname = ANY(:schemas)
ORDER BY 1
"""
"""Everything in the schemas, with its owner."""


def initialise(place: PostgreSQL, reader: str = READER, writer: str = WRITER) -> list[str]:
    """Make or complete schemas, tables, roles and rights at `place`; what was done, in words.

    What is there already stays; a second time changes nothing. Raises MigrationError where the
    role that is connected may not do this or the tables are of a newer release, ValueError for a
    name that no role should have.
    """
    import sqlalchemy as sa

    identifier(reader)
    identifier(writer)
    if reader == writer:
        raise ValueError(f"the role that reads and the one that publishes are both {reader!r}")
    try:
        with migrations.connected(place) as connection, connection.begin():
            said = [*_role(connection, reader), *_role(connection, writer)]
            _may_act_for(connection, writer)
        before, after = migrations.upgrade(place)
        said.append(
            f"tables: of revision {after}"
            if before == after
            else f"tables: from {f'revision {before}' if before else 'nothing'} to revision {after}"
        )
        with migrations.connected(place) as connection, connection.begin():
            said += _owned(connection, writer)
            _rights(connection, reader, writer)
    except sa.exc.DBAPIError as error:
        raise migrations.MigrationError(
            f"{place}: {' '.join(str(error.orig).split())}; run this as a role that may make roles and schemas "
            "(a superuser, or one with CREATEROLE that owns the database)"
        ) from error
    return [
        *said,
        f"{reader} reads {' and '.join(READABLE)}, and cannot write",
        f"{writer} publishes: let LM_WAREHOUSE_URL of the pipeline log in as it, or as a member of it",
    ]


def _role(connection: sa.Connection, name: str) -> Iterator[str]:
    import sqlalchemy as sa

    there = connection.execute(
        sa.text("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = :name)"), {"name": name}
    ).scalar()
    if there:
        yield f"role {name}: was there"
        return
    connection.execute(sa.text(f"CREATE ROLE {identifier(name)} LOGIN"))
    yield f"role {name}: made, without a password; give it one with \\password {name} in psql"


def _may_act_for(connection: sa.Connection, writer: str) -> None:
    """Let the role that is connected give things to `writer`."""
    import sqlalchemy as sa

    if not connection.execute(
        sa.text("SELECT pg_has_role(current_user, CAST(:writer AS name), 'MEMBER')"),
        {"writer": writer},
    ).scalar():
        connection.execute(sa.text(f"GRANT {identifier(writer)} TO CURRENT_USER"))


def _owned(connection: sa.Connection, writer: str) -> Iterator[str]:
    """Make `writer` the owner of the schemas and of everything in them."""
    import sqlalchemy as sa

    schemas = list(migrations.SCHEMAS)
    for schema in schemas:
        connection.execute(sa.text(f"ALTER SCHEMA {schema} OWNER TO {identifier(writer)}"))
    found = connection.execute(sa.text(OWNED), {"schemas": schemas}).all()
    others = [what for what, owner in found if owner != writer]
    for what in others:
        connection.execute(sa.text(f"ALTER {what} OWNER TO {identifier(writer)}"))
    if others:
        yield f"{len(others)} tables, views and functions: given to {writer}"


def _rights(connection: sa.Connection, reader: str, writer: str) -> None:
    import sqlalchemy as sa

    [database] = connection.execute(sa.text("SELECT quote_ident(current_database())")).one()
    read, write = identifier(reader), identifier(writer)
    statements = [
        f"GRANT CONNECT ON DATABASE {database} TO {read}",
        # What is to be loaded is staged in a temporary table.
        f"GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {write}",
        f"ALTER ROLE {read} SET default_transaction_read_only = on",
    ]
    for schema in READABLE:
        statements += [
            f"GRANT USAGE ON SCHEMA {schema} TO {read}",
            f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {read}",
            f"ALTER DEFAULT PRIVILEGES FOR ROLE {write} IN SCHEMA {schema} GRANT SELECT ON TABLES TO {read}",
        ]
    for statement in statements:
        connection.execute(sa.text(statement))
