"""Publication to a DuckDB file: built aside, from what differs where that is little, and put in place
by one rename.

Readers keep the file they have open; whoever opens it next sees the new one. DuckDB 2.0 writes
a file that no DuckDB 1.x can open unless told otherwise, and BI drivers lag by years, so the
storage version is pinned to the oldest (`docs/decisions`).
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from warehouse import ddl, outbox
from warehouse.durable import sync_folder
from warehouse.location import DuckDBFile
from warehouse.parts import Contents, Copies, Delta, Part, difference, parts_frame
from warehouse.publishing import Changes, PublicationError, Seen, made_views
from warehouse.tables import bookkeeping, mart
from warehouse.vocabulary import Table, columns, key_of, name_of, polars_schema, schema_of

if TYPE_CHECKING:
    import duckdb
    import polars as pl

STORAGE_VERSION = "v1.0.0"
ASIDE = "w"

DRIFT = 0.25
"""Share of its rows that may be changed in copies of the file before it is written whole again, so
that what was deleted does not pile up in it."""
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
        self._stood: dict[str, dict[str, int]] = {}
        self._state: dict[str, Any] = {}
        self._outbox: pl.DataFrame | None = None
        self.history: pl.DataFrame | None = None
        if path.exists():
            self._read()

    @property
    def seen(self) -> Seen | None:
        return Seen(self._state["content"], self._state["state"]) if self._state else None

    def _read(self) -> None:
        import duckdb
        import polars as pl

        try:
            # Attached to an instance of its own: a reader in this process may have the file as it
            # was before the last rename, and DuckDB would give that one again.
            with duckdb.connect() as connection:
                file = ddl.quoted(str(self._path))
                connection.execute(f"ATTACH {file} AS {ASIDE} (READ_ONLY)")

                def rows(table: type[Table]) -> pl.DataFrame:
                    found = connection.sql(f"SELECT * FROM {ASIDE}.{name_of(table)}").pl()
                    return pl.DataFrame(found).cast(polars_schema(table))

                self.history = rows(mart.Publication).sort("publication_id")
                parts = rows(bookkeeping.PublishedPart)
                state = rows(bookkeeping.PublishedState)
                self._outbox = rows(bookkeeping.PublicationEvent)
        except (duckdb.CatalogException, pl.exceptions.PolarsError):
            return  # of a release before this bookkeeping: it is replaced whole
        for name, sha256, of_part in parts.iter_rows():
            self._stood.setdefault(name, {})[sha256] = of_part
        self._state = state.row(0, named=True) if state.height else {}

    def replace(
        self, contents: Contents, indicator_ids: Iterable[str] | None, seen: Seen
    ) -> Changes:
        import polars as pl

        made = contents[mart.Publication]
        assert isinstance(made, pl.DataFrame)
        parts = {table: self._copies.take(table, content) for table, content in contents.items()}
        shape = _shape(contents, indicator_ids)
        deltas = self._deltas(parts) if self._state.get("views") == shape else None
        drift = sum(delta.rows for delta in deltas.values()) if deltas is not None else 0
        state = {
            "publication_id": made["publication_id"].max(),
            "content": seen.content,
            "state": seen.state,
            "views": shape,
            "drift": drift + self._state.get("drift", 0) if deltas is not None else 0,
        }
        changed = (
            {name_of(table): sum(part.rows for part in ps) for table, ps in parts.items()}
            if deltas is None
            else {name_of(table): delta.rows for table, delta in deltas.items()}
        )
        remembered = {
            bookkeeping.PublishedPart: parts_frame(parts),
            bookkeeping.PublishedState: pl.DataFrame(
                [state], schema=polars_schema(bookkeeping.PublishedState)
            ),
            bookkeeping.PublicationEvent: outbox.with_event(
                self._outbox, outbox.event(made, changed)
            ),
        }
        if deltas is None:
            whole = {table: [part.path for part in of_table] for table, of_table in parts.items()}
            if mart.Dictionary in contents:
                whole[mart.Dictionary] = contents[mart.Dictionary]  # type: ignore[assignment]
            publish(self._path, {**whole, **remembered}, indicator_ids)
        else:
            _change(self._path, deltas, remembered)
        self._copies.prune(parts)
        return Changes({name: rows for name, rows in changed.items() if rows})

    def _deltas(self, parts: Mapping[type[Table], list[Part]]) -> dict[type[Table], Delta] | None:
        """What differs, by table; None where the file is better written whole."""
        total = sum(part.rows for of_table in parts.values() for part in of_table)
        drift = self._state["drift"]
        found = {}
        for table, of_table in parts.items():
            stood = self._stood.get(name_of(table), {})
            if stood.keys() == {part.sha256 for part in of_table}:
                continue
            # So many change at the least: where that is too much nothing need be compared.
            grown = abs(sum(part.rows for part in of_table) - sum(stood.values()))
            if drift + grown > DRIFT * total:
                return None
            delta = difference(self._copies, table, set(stood), of_table)
            if delta is None:
                return None
            drift += delta.rows
            found[table] = delta
        return found if drift <= DRIFT * total else None


def _shape(contents: Contents, indicator_ids: Iterable[str] | None) -> str:
    """Hash over every statement that makes the file, rows left out."""
    from duckdb_sqlalchemy import Dialect

    statements = [
        statement
        for table in contents
        for statement in (ddl.create_table(table, Dialect(), keys=False), *ddl.comments(table))
    ] + made_views(contents, indicator_ids, "duckdb")
    return hashlib.sha256("\n".join(statements).encode()).hexdigest()


@contextlib.contextmanager
def _put_in_place(path: Path, start: Path | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A file aside, a copy of `start` where given, that takes the place of the one at `path` when
    all went well and is thrown away when not."""
    import duckdb

    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}.part")
    _discard(aside)
    try:
        if start is not None:
            shutil.copyfile(start, aside)
        version = "" if start else f" (STORAGE_VERSION '{STORAGE_VERSION}')"
        with duckdb.connect() as connection:
            # A table has no order to keep; giving that up lets both cores load one table.
            connection.execute("SET preserve_insertion_order = false")
            connection.execute(f"ATTACH {ddl.quoted(str(aside))} AS {ASIDE}{version}")
            connection.execute(f"USE {ASIDE}")
            yield connection
            connection.execute("USE memory")
            connection.execute(f"DETACH {ASIDE}")
        with aside.open("rb") as stream:
            os.fsync(stream.fileno())
        aside.replace(path)
    except BaseException:
        _discard(aside)
        raise
    sync_folder(path.parent)


def _change(
    path: Path,
    deltas: Mapping[type[Table], Delta],
    remembered: Mapping[type[Table], pl.DataFrame],
) -> None:
    """Replace the file at `path` by a copy of it in which `deltas` are applied."""
    import polars as pl

    with _put_in_place(path, path) as connection:
        for table, delta in deltas.items():
            key = key_of(table)
            away = pl.concat([delta.gone, delta.changed.select(key)])
            if away.height:
                same = " AND ".join(f"t.{name} = s.{name}" for name in key)
                connection.register("away", away.to_arrow())
                connection.execute(f"DELETE FROM {name_of(table)} t USING away s WHERE {same}")
                connection.unregister("away")
            _insert(connection, table, pl.concat([delta.changed, delta.fresh]).sort(key))
        for table, frame in remembered.items():
            connection.execute(f"DELETE FROM {name_of(table)}")
            _insert(connection, table, frame)


def publish(path: Path, contents: Contents, indicator_ids: Iterable[str] | None) -> None:
    """Replace the file at `path` by one that holds `contents`; on any failure it stays as it was.

    `indicator_ids` become columns of `location_profile`; None for a file without views.
    """
    with _put_in_place(path) as connection:
        _fill(connection, contents, indicator_ids)


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
        else:
            _insert(connection, table, content)
        for comment in ddl.comments(table):
            connection.execute(comment)
    for statement in made_views(contents, indicator_ids, "duckdb"):
        connection.execute(statement)


def _insert(connection: duckdb.DuckDBPyConnection, table: type[Table], frame: pl.DataFrame) -> None:
    if frame.height:
        names = ", ".join(column.name for column in columns(table))
        connection.register("content", frame.to_arrow())
        connection.execute(f"INSERT INTO {name_of(table)} SELECT {names} FROM content")
        connection.unregister("content")
