"""Where incidents and deliveries are kept: three tables in a SQLite file, or in a database that machines share."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from warehouse.masking import masked

if TYPE_CHECKING:
    import sqlalchemy as sa

MAKING = 731927446018
"""Number of the advisory lock under which the tables are made in a database that is shared."""


class IncidentsError(RuntimeError):
    """The incidents cannot be read or written; the message says where and why."""


class IncidentStore:
    """A connection to the tables at `url` when one is needed, and none otherwise."""

    def __init__(self, url: str, secrets: Collection[str] = ()) -> None:
        self._url = url
        self.secrets = tuple(secrets)
        self._engine: sa.Engine | None = None

    def _file(self) -> Path | None:
        import sqlalchemy as sa

        url = sa.make_url(self._url)
        return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None

    def exists(self) -> bool:
        """Whether anything was ever written: to look makes no file."""
        file = self._file()
        return file is None or file.exists()

    @contextlib.contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        with self._connected() as connection, connection.begin():
            yield connection

    @contextlib.contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        with self._connected() as connection:
            yield connection

    @contextlib.contextmanager
    def _connected(self) -> Iterator[sa.Connection]:
        import sqlalchemy as sa

        shown = sa.make_url(self._url).render_as_string(hide_password=True)
        try:
            if self._engine is None:
                self._engine = self._made()
            with self._engine.connect() as connection:
                yield connection
        except (sa.exc.SQLAlchemyError, OSError) as error:
            said = masked(str(getattr(error, "orig", None) or error), self.secrets)
            raise IncidentsError(
                f"{shown}: the incidents cannot be read or written: {' '.join(said.split())}"
            ) from None

    def _made(self) -> sa.Engine:
        import sqlalchemy as sa
        from sqlalchemy.pool import NullPool

        file = self._file()
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
        # No connection is kept: what holds one open for days is one that was cut off.
        waits = {"timeout": 30} if file is not None else {"connect_timeout": 10}
        engine = sa.create_engine(self._url, poolclass=NullPool, connect_args=waits)
        if file is not None:
            # A transaction takes the right to write when it begins, so none fails in the middle.
            sa.event.listen(engine, "connect", _no_begin_of_its_own)
            sa.event.listen(engine, "begin", _begin_immediate)
        with engine.begin() as connection:
            if file is None:
                # Two that make the tables at one time: one waits for the other.
                connection.execute(sa.text(f"SELECT pg_advisory_xact_lock({MAKING})"))
            tables().metadata.create_all(connection)
        return engine


def _no_begin_of_its_own(connection: Any, record: object) -> None:
    connection.isolation_level = None


def _begin_immediate(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


@dataclass(frozen=True)
class Tables:
    metadata: sa.MetaData
    incident: sa.Table
    notice: sa.Table
    delivery: sa.Table


@cache
def tables() -> Tables:
    """The three tables, made when first asked for: nothing that only loads needs SQLAlchemy."""
    import sqlalchemy as sa

    metadata = sa.MetaData()
    incident = sa.Table(
        "locatiemonitor_incident",
        metadata,
        sa.Column("incident_id", sa.String, primary_key=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("subject", sa.String, nullable=False),
        sa.Column("text", sa.String, nullable=False),
        sa.Column("run", sa.String, nullable=False),
        sa.Column("since", sa.DateTime, nullable=False),
        sa.Column("ended", sa.DateTime),
    )
    open_ones = incident.c.ended.is_(None)
    sa.Index(
        "locatiemonitor_incident_once",
        incident.c.kind,
        incident.c.subject,
        unique=True,
        sqlite_where=open_ones,
        postgresql_where=open_ones,
    )
    notice = sa.Table(
        "locatiemonitor_notice",
        metadata,
        sa.Column("incident_id", sa.String, primary_key=True),
        sa.Column("phase", sa.String, primary_key=True),
        sa.Column("channel", sa.String, primary_key=True),
        sa.Column("due", sa.DateTime, nullable=False),
        sa.Column("next_try", sa.DateTime, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("sent", sa.DateTime),
        sa.Column("why", sa.String, nullable=False),
    )
    delivery = sa.Table(
        "locatiemonitor_delivery",
        metadata,
        sa.Column("receiver", sa.String, primary_key=True),
        sa.Column("last", sa.String),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("next_try", sa.DateTime, nullable=False),
        sa.Column("why", sa.String, nullable=False),
    )
    return Tables(metadata, incident, notice, delivery)
