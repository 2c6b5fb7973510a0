"""Brings the tables of a PostgreSQL warehouse from whatever revision they have to the newest.

A revision is a file of SQL in `versions/`, run by Alembic in one transaction with its number; so a
migration happens whole or not at all. DuckDB needs none: its file is written anew.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from warehouse.location import PostgreSQL

if TYPE_CHECKING:
    import sqlalchemy as sa

HERE = Path(__file__).parent
SCHEMAS = ("mart", "core", "bookkeeping")
"""Schemas of a warehouse; readers see the first two."""
VERSION_TABLE = "alembic_version"
TRIES = 12
WAIT = "5s"
"""For how long a migration asks for its locks before it lets waiting readers pass."""


OWNER = """
SELECT quote_ident(pg_get_userbyid(nspowner)) FROM pg_namespace
WHERE nspname = 'mart' AND pg_has_role(current_user, nspowner, 'MEMBER')
"""
"""The owner of the tables, where the role that is connected may act as it: what is made in its name
can be read by whoever may read what it made before."""


class MigrationError(RuntimeError):
    """The tables cannot be brought to the newest revision; the message says why and what to do."""


def revisions() -> list[str]:
    """Every revision, oldest first."""
    return sorted(path.stem[1:5] for path in (HERE / "versions").glob("v[0-9]*.py"))


def head() -> str:
    """The newest revision: that of the declared tables."""
    return revisions()[-1]


def current(connection: sa.Connection) -> str | None:
    """The revision of the tables that are there; None where there are none."""
    import sqlalchemy as sa

    if not connection.execute(
        sa.text(f"SELECT to_regclass('bookkeeping.{VERSION_TABLE}') IS NOT NULL")
    ).scalar():
        return None
    found = connection.execute(sa.text(f"SELECT version_num FROM bookkeeping.{VERSION_TABLE}"))
    return found.scalar()


def upgrade(place: PostgreSQL, to: str = "head") -> tuple[str | None, str]:
    """Bring the tables at `place` up to revision `to`; the revisions before and after.

    Raises MigrationError where the tables are of a newer release, where the role may not change
    them, or where readers hold them for too long.
    """
    import sqlalchemy as sa

    try:
        with connected(place) as connection:
            before = current(connection)
            connection.rollback()
            if before is not None and before not in revisions():
                raise MigrationError(
                    f"{place} is of revision {before}, this release knows {head()} as the newest; "
                    "install the release that made it, or a newer one"
                )
            if before != (head() if to == "head" else to):
                _run(connection, to)
            return before, current(connection) or ""
    except sa.exc.DBAPIError as error:
        raise MigrationError(
            f"{place}: the tables cannot be brought to revision {head()}: {' '.join(str(error.orig).split())}; "
            "run `locatiemonitor warehouse init` as a role that may"
        ) from error


@contextlib.contextmanager
def connected(place: PostgreSQL) -> Iterator[sa.Connection]:
    """A connection for changing tables and roles, of its own and closed at the end."""
    import sqlalchemy as sa

    engine = sa.create_engine(place.url, poolclass=sa.pool.NullPool, hide_parameters=True)
    with engine.connect() as connection:
        yield connection


def _run(connection: sa.Connection, to: str) -> None:
    """Run what is missing. A table that a reader's transaction holds is asked for again, so that
    readers who come meanwhile need not queue behind the migration."""
    import sqlalchemy as sa
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(HERE).replace("%", "%%"))
    config.attributes["connection"] = connection
    for tried in range(TRIES):
        try:
            with connection.begin():
                connection.execute(sa.text(f"SET LOCAL lock_timeout = '{WAIT}'"))
                for schema in SCHEMAS:
                    # Asked first: to make a schema that is there needs a right all the same.
                    if not connection.execute(
                        sa.text("SELECT to_regnamespace(:schema) IS NOT NULL"), {"schema": schema}
                    ).scalar():
                        connection.execute(sa.text(f"CREATE SCHEMA {schema}"))
                owner = connection.execute(sa.text(OWNER)).scalar()
                if owner:
                    connection.execute(sa.text(f"SET LOCAL ROLE {owner}"))
                command.upgrade(config, to)
        except sa.exc.OperationalError as error:
            if getattr(error.orig, "sqlstate", "") != "55P03" or tried == TRIES - 1:
                raise
            time.sleep(1)
        else:
            return
