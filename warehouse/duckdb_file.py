"""Publication to a DuckDB file: built aside, checked, and put in place by one rename.

Readers keep the file they have open; whoever opens it next sees the new one. DuckDB 2.0 writes
a file that no DuckDB 1.x can open unless told otherwise, and BI drivers lag by years, so the
storage version is pinned to the oldest (`docs/decisions`).
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from warehouse import ddl
from warehouse.archive import sync_folder
from warehouse.location import DuckDBFile
from warehouse.parts import Contents, Copies
from warehouse.publishing import Changes, PublicationError, Seen, made_views
from warehouse.tables import bookkeeping, mart
from warehouse.vocabulary import columns, name_of, polars_schema, schema_of

if TYPE_CHECKING:
    import duckdb
    import polars as pl

STORAGE_VERSION = "v1.0.0"
ASIDE = "w"

PAUSE = 0.2
"""Seconds between two tries for the lock."""


@contextlib.contextmanager
def hold(
    place: DuckDBFile, copies: Copies, waiting: Callable[[], None], patience: float
) -> Iterator[_Held]:
    """Hold the warehouse in the file at `place`; see `publishing.publishing`.

    The lock is the kernel's, on the folder, so a publication that is killed lets go of it.
    """
    import duckdb

    folder = place.path.absolute().parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise PublicationError(f"{place} cannot be written: {error}") from error
    try:
        _lock(handle, place, waiting, patience)
        # Whoever made these was killed: it does not hold the lock.
        for left in folder.glob(f".{place.path.name}.*.part*"):
            left.unlink()
        yield _Held(place.path, copies)
    except (duckdb.Error, OSError) as error:
        raise PublicationError(f"{place}: {' '.join(str(error).split())}") from error
    finally:
        os.close(handle)


def _lock(handle: int, place: DuckDBFile, waiting: Callable[[], None], patience: float) -> None:
    end = time.monotonic() + patience
    told = False
    while True:
        try:
            return fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > end:
                raise PublicationError(
                    f"{place}: another pipeline still publishes after {patience:.0f} s; the next night tries again"
                ) from None
        if not told:
            waiting()
            told = True
        time.sleep(PAUSE)


class _Held:
    """The file, with the lock of publications held."""

    def __init__(self, path: Path, copies: Copies) -> None:

        self._path, self._copies = path, copies
        self.history: pl.DataFrame | None = None
        self.seen: Seen | None = None
        if path.exists():
            self._read()

    def _read(self) -> None:
        import duckdb
        import polars as pl

        try:
            # Attached to an instance of its own: a reader in this process may have the file as it
            # was before the last rename, and DuckDB would give that one again.
            with duckdb.connect() as connection:
                file = ddl.quoted(str(self._path))
                connection.execute(f"ATTACH {file} AS {ASIDE} (READ_ONLY)")
                found = connection.sql(f"SELECT * FROM {ASIDE}.mart.publication").pl()
                schema = polars_schema(mart.Publication)
                self.history = found.cast(schema).sort("publication_id")
                stands = connection.sql(
                    f"SELECT content, state FROM {ASIDE}.bookkeeping.published_state"
                )
                for content, state in stands.fetchall():
                    self.seen = Seen(content, state)
        except (duckdb.CatalogException, pl.exceptions.PolarsError):
            # Of a release before this bookkeeping: it is replaced whole.
            return

    def replace(
        self, contents: Contents, indicator_ids: Iterable[str] | None, seen: Seen
    ) -> Changes:
        import polars as pl

        made = contents[mart.Publication]
        assert isinstance(made, pl.DataFrame)
        number = made["publication_id"].max()
        state = {
            "publication_id": number,
            "content": seen.content,
            "state": seen.state,
            "views": "",
        }
        kept = pl.DataFrame([state], schema=polars_schema(bookkeeping.PublishedState))
        publish(self._path, {**contents, bookkeeping.PublishedState: kept}, indicator_ids)
        return Changes({name_of(table): 0 for table in contents})


def publish(path: Path, contents: Contents, indicator_ids: Iterable[str] | None) -> None:
    """Replace the file at `path` by one that holds `contents`; on any failure it stays as it was.

    `indicator_ids` become columns of `location_profile`; None for a file without views.
    """
    import duckdb

    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}.part")
    _discard(aside)
    try:
        with duckdb.connect() as connection:
            # A table has no order to keep; giving that up lets both cores load one table.
            connection.execute("SET preserve_insertion_order = false")
            connection.execute(
                f"ATTACH {ddl.quoted(str(aside))} AS {ASIDE} (STORAGE_VERSION '{STORAGE_VERSION}')"
            )
            connection.execute(f"USE {ASIDE}")
            _fill(connection, contents, indicator_ids)
            connection.execute("USE memory")
            connection.execute(f"DETACH {ASIDE}")
        with aside.open("rb") as stream:
            os.fsync(stream.fileno())
        aside.replace(path)
    except BaseException:
        _discard(aside)
        raise
    sync_folder(path.parent)


def _discard(aside: Path) -> None:
    for left in (aside, aside.with_name(f"{aside.name}.wal")):
        left.unlink(missing_ok=True)


def _fill(
    connection: duckdb.DuckDBPyConnection, contents: Contents, indicator_ids: Iterable[str] | None
) -> None:
    from duckdb_sqlalchemy import Dialect

    dialect = Dialect()
    for schema in sorted({schema_of(table) for table in contents}):
        connection.execute(f"CREATE SCHEMA {schema}")
    for table, content in contents.items():
        connection.execute(ddl.create_table(table, dialect, keys=False))
        names = ", ".join(column.name for column in columns(table))
        if isinstance(content, Path | list):
            files = [str(file) for file in ([content] if isinstance(content, Path) else content)]
            if files:
                listed = ", ".join(ddl.quoted(file) for file in files)
                connection.execute(
                    f"INSERT INTO {name_of(table)} SELECT {names} FROM read_parquet([{listed}])"
                )
        elif content.height:
            connection.register("content", content.to_arrow())
            connection.execute(f"INSERT INTO {name_of(table)} SELECT {names} FROM content")
            connection.unregister("content")
        for comment in ddl.comments(table):
            connection.execute(comment)
    for statement in made_views(contents, indicator_ids, "duckdb"):
        connection.execute(statement)
