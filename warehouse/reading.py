"""Reads the published warehouse, whichever engine holds it: rows and streams of frames, by named
parameters.

All that is read in one `reading` is of one publication: a file that is open stays what it was,
and a transaction on the server sees what it saw at its first question.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from warehouse.location import DuckDBFile, PostgreSQL, locate

if TYPE_CHECKING:
    import polars as pl
    import sqlalchemy as sa

ROWS_AT_ONCE = 50_000
"""Rows of a frame that is streamed."""
MEMORY = "512MB"
"""What DuckDB may hold while it streams; otherwise it takes most of the machine's memory to sort."""


class NothingPublishedError(LookupError):
    """There is no warehouse yet; the message says where it should be and what to do."""


class UnreadableError(RuntimeError):
    """The warehouse cannot be opened or asked; the message says why, without a password."""


class Reader:
    """An open warehouse, read only."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def rows(self, query: str, **values: Any) -> list[dict[str, Any]]:
        """The answer to `query`, a dict a row; `:name` in it stands for the value of that name.

        Raises sqlalchemy.exc.DBAPIError where the engine refuses the query.
        """
        import sqlalchemy as sa

        found = self._connection.execute(sa.text(query), values)
        return [dict(row) for row in found.mappings()]

    @property
    def engine(self) -> str:
        """`duckdb` or `postgresql`."""
        return self._connection.dialect.name

    def batches(
        self, query: str, schema: Mapping[str, Any], **values: Any
    ) -> Iterator[pl.DataFrame]:
        """The answer to `query` in frames of `schema`, of `ROWS_AT_ONCE` rows at most.

        What DuckDB cannot sort in `MEMORY` is sorted on disk, beside the file.
        Raises as `rows`, or duckdb.Error.
        """
        import polars as pl
        import sqlalchemy as sa

        if self.engine == "duckdb":
            # Frames as DuckDB makes them: rows through Python would cost fifty times as much.
            connection: Any = self._connection.connection.driver_connection
            connection.execute(f"SET memory_limit = '{MEMORY}'")
            named = re.sub(r"(?<!:):(\w+)", r"$\1", query)
            for batch in connection.sql(named, params=values).to_arrow_reader(ROWS_AT_ONCE):
                yield pl.DataFrame(pl.from_arrow(batch)).cast(pl.Schema(schema))
            return
        found = self._connection.execute(
            sa.text(query),
            values,
            execution_options={"stream_results": True, "yield_per": ROWS_AT_ONCE},
        )
        for rows in found.partitions():
            yield pl.DataFrame([tuple(row) for row in rows], schema=pl.Schema(schema), orient="row")


@contextlib.contextmanager
def reading(url: str) -> Iterator[Reader]:
    """A reader of the warehouse at `url`.

    Raises NothingPublishedError where nothing was published there yet, UnreadableError where it
    cannot be opened, ValueError for a URL that is no warehouse's.
    """
    import sqlalchemy as sa

    place = locate(url)
    if isinstance(place, DuckDBFile) and not place.path.exists():
        raise _nothing(place)
    try:
        # No pool: DuckDB gives a second connection of the same process the file as it was when
        # the first was opened, so a handle that is kept open would show an old publication.
        engine = sa.create_engine(
            place.url if isinstance(place, PostgreSQL) else f"duckdb:///{place.path}",
            poolclass=sa.pool.NullPool,
            hide_parameters=True,
            **_options(place),
        )
        connection = engine.connect()
    except sa.exc.DBAPIError as error:
        raise UnreadableError(f"{place} cannot be read: {_plain(error)}") from None
    with connection:
        if isinstance(place, PostgreSQL):
            there = connection.execute(
                sa.text("SELECT to_regclass('mart.publication') IS NOT NULL")
            ).scalar()
            if not there or not _published(connection):
                raise _nothing(place)
        yield Reader(connection)


def is_published(url: str) -> bool:
    """Whether there is a publication for readers at `url`. Raises UnreadableError."""
    place = locate(url)
    if isinstance(place, DuckDBFile):
        return place.path.exists()
    try:
        with reading(url):
            return True
    except NothingPublishedError:
        return False


def _options(place: DuckDBFile | PostgreSQL) -> dict[str, Any]:
    if isinstance(place, DuckDBFile):
        return {"connect_args": {"read_only": True}}
    return {
        "connect_args": {"connect_timeout": 10, "application_name": "locatiemonitor"},
        "isolation_level": "REPEATABLE READ",
        "execution_options": {"postgresql_readonly": True},
    }


def _published(connection: sa.Connection) -> bool:
    import sqlalchemy as sa

    return bool(
        connection.execute(sa.text("SELECT EXISTS (SELECT FROM mart.publication)")).scalar()
    )


def _nothing(place: DuckDBFile | PostgreSQL) -> NothingPublishedError:
    return NothingPublishedError(
        f"there is no warehouse at {place} yet; run `locatiemonitor nightly` first"
    )


def _plain(error: sa.exc.DBAPIError) -> str:
    """What the driver says, on one line, without SQLAlchemy's frame around it."""
    return " ".join(str(error.orig).split())
