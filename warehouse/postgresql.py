"""Publication to PostgreSQL: what differs, in one transaction that neither waits for readers nor
makes them wait (`docs/decisions/0011`).

Only rows are written, and a row that is written or deleted is for other transactions what it was
until the commit. Nothing is dropped or renamed, so no lock is taken that a reader would notice;
only a view whose statement changed needs one, for a moment, and gives way to readers.
"""

from __future__ import annotations

import contextlib
import hashlib
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from warehouse import ddl, migrations, outbox, views
from warehouse.location import PostgreSQL
from warehouse.parts import Contents, Copies, Delta, Part, difference, parts_frame, rows_of
from warehouse.publishing import Changes, PublicationError, Seen, made_views
from warehouse.tables import bookkeeping, mart
from warehouse.vocabulary import Table, columns, key_of, name_of, polars_schema, schema_of

if TYPE_CHECKING:
    import polars as pl
    from adbc_driver_manager.dbapi import Connection, Cursor

LOCK = int.from_bytes(
    hashlib.sha256(b"locatiemonitor publication").digest()[:8], "big", signed=True
)
"""Number of the advisory lock that a publication holds; let go by the server when it ends, however."""
PAUSE = 0.2
"""Seconds between two tries for a lock."""
VIEW_TRIES = 25
"""Times that the lock on the views is asked for, each for `PAUSE` seconds at most."""
ANALYZE_ABOVE, ANALYZE_SHARE = 10_000, 0.1
"""Rows written to a table, and of how many a part, above which the planner's figures on it are made
anew: below that the server does so by itself, and a night does not pay for the length of a history."""


@contextlib.contextmanager
def hold(
    place: PostgreSQL, copies: Copies, waiting: Callable[[], None], patience: float
) -> Iterator[_Held]:
    """Hold the warehouse in the database at `place`; see `publishing.publishing`."""
    import adbc_driver_postgresql.dbapi as adbc

    try:
        with adbc.connect(place.libpq) as connection, connection.cursor() as cursor:
            _lock(cursor, place, waiting, patience)
            if _revision(cursor) != migrations.head():
                migrations.upgrade(place)
            _act_as_owner(cursor)
            yield _Held(place, connection, cursor, copies)
            connection.rollback()
    except (adbc.Error, migrations.MigrationError) as error:
        said = _plain(error)
        raise PublicationError(said if str(place) in said else f"{place}: {said}") from error


def _act_as_owner(cursor: Cursor) -> None:
    """Whoever may read the tables that are there may then read what is made anew."""
    owner = _one(cursor, migrations.OWNER.strip())
    if owner:
        cursor.execute(f"SET LOCAL ROLE {owner}")


def _revision(cursor: Cursor) -> str | None:
    """The revision of the tables, where the role may see it."""
    if not _one(cursor, "SELECT to_regclass('bookkeeping.alembic_version') IS NOT NULL"):
        return None
    return str(_one(cursor, "SELECT max(version_num) FROM bookkeeping.alembic_version"))


def _lock(cursor: Cursor, place: PostgreSQL, waiting: Callable[[], None], patience: float) -> None:
    """Take the advisory lock for the length of the transaction. Raises PublicationError."""
    end = time.monotonic() + patience
    told = False
    while not _one(cursor, f"SELECT pg_try_advisory_xact_lock({LOCK})"):
        if time.monotonic() > end:
            raise PublicationError(
                f"{place}: another pipeline still publishes after {patience:.0f} s; the next night tries again"
            )
        if not told:
            waiting()
            told = True
        time.sleep(PAUSE)


class _Held:
    """The database, with the lock of publications held and one transaction open."""

    def __init__(
        self, place: PostgreSQL, connection: Connection, cursor: Cursor, copies: Copies
    ) -> None:
        self._place, self._connection, self._cursor = place, connection, cursor
        self._copies = copies

    @property
    def history(self) -> pl.DataFrame | None:
        found = _rows(self._cursor, mart.Publication)
        return None if found.is_empty() else found.sort("publication_id")

    @property
    def _state(self) -> dict[str, str]:
        found = _rows(self._cursor, bookkeeping.PublishedState)
        return found.row(0, named=True) if found.height else {}

    @property
    def seen(self) -> Seen | None:
        state = self._state
        return Seen(state["content"], state["state"]) if state else None

    def replace(
        self, contents: Contents, indicator_ids: Iterable[str] | None, seen: Seen
    ) -> Changes:
        import polars as pl

        cursor = self._cursor
        stood: dict[str, set[str]] = {}
        for row in _rows(cursor, bookkeeping.PublishedPart).iter_rows(named=True):
            stood.setdefault(row["table_name"], set()).add(row["sha256"])
        # Memory for one sort or one table of keys in this transaction; the default spills early.
        cursor.execute("SET LOCAL work_mem = '128MB'")
        parts: dict[type[Table], list[Part]] = {}
        changed: dict[str, int] = {}
        for table, content in contents.items():
            parts[table] = self._copies.take(table, content)
            rows = _bring(
                cursor, self._copies, table, stood.get(name_of(table), set()), parts[table]
            )
            if rows:
                changed[name_of(table)] = rows
        made, remark = self._views(contents, indicator_ids)
        _write_over(cursor, bookkeeping.PublishedPart, parts_frame(parts))
        number = _one(cursor, "SELECT max(publication_id) FROM mart.publication")
        said = {
            "publication_id": number,
            "content": seen.content,
            "state": seen.state,
            "views": made,
            "drift": 0,
        }
        _write_over(
            cursor,
            bookkeeping.PublishedState,
            pl.DataFrame([said], schema=polars_schema(bookkeeping.PublishedState)),
        )
        self._announce(contents[mart.Publication], changed)
        self._connection.commit()
        self._copies.prune(parts)
        return Changes(changed, remark)

    def _announce(self, publications: Any, changed: dict[str, int]) -> None:
        """Put the event in the outbox, and have the server send it to who listens when it commits."""
        new = outbox.event(publications, changed)
        stood = _rows(self._cursor, bookkeeping.PublicationEvent)
        _write_over(self._cursor, bookkeeping.PublicationEvent, outbox.with_event(stood, new))
        said = ddl.quoted(outbox.notification(new))
        self._cursor.execute(f"SELECT pg_notify('{outbox.CHANNEL}', {said})")

    def _views(
        self, contents: Contents, indicator_ids: Iterable[str] | None
    ) -> tuple[str, str | None]:
        """Make the views anew where their statements changed; the hash of those that stand, and a
        remark where readers held the old ones for so long that these stay."""
        import adbc_driver_postgresql.dbapi as adbc

        before = self._state.get("views", "")
        if indicator_ids is None:
            return before, None
        names = list(views.views(indicator_ids))
        statements = made_views(contents, indicator_ids, "postgresql")
        wanted = hashlib.sha256("\n".join(statements).encode()).hexdigest()
        if wanted == before:
            return before, None
        cursor = self._cursor
        cursor.execute(f"SET LOCAL lock_timeout = '{PAUSE * 1000:.0f}ms'")
        for tried in range(VIEW_TRIES):
            cursor.execute("SAVEPOINT views")
            try:
                for name in reversed(names):
                    cursor.execute(f"DROP VIEW IF EXISTS mart.{name}")
                for statement in statements:
                    cursor.execute(statement)
            except adbc.Error as error:
                cursor.execute("ROLLBACK TO SAVEPOINT views")
                if "55P03" not in _code(error):  # lock_not_available
                    raise
                time.sleep(PAUSE * (tried % 5))
            else:
                cursor.execute("SET LOCAL lock_timeout = 0")
                return wanted, None
        return before, (
            "the views stay as they were, because a reader's transaction holds them; the next publication tries again"
        )


# -- rows ------------------------------------------------------------------------------------
def _bring(
    cursor: Cursor, copies: Copies, table: type[Table], stood: set[str], parts: list[Part]
) -> int:
    """Make `table` hold `parts`, where the parts with the hashes `stood` stand; rows touched."""
    if stood == {part.sha256 for part in parts}:
        return 0
    found = difference(copies, table, stood, parts) if stood else None
    if found is not None:
        _apply(cursor, table, found)
        rows = found.rows
    elif not _one(cursor, f"SELECT EXISTS (SELECT FROM {name_of(table)})"):
        fresh = rows_of(table, [part.path for part in parts]).sort(key_of(table)).collect()
        _copy(cursor, table, fresh)
        rows = fresh.height
    else:
        rows = _compare(cursor, table, rows_of(table, [part.path for part in parts]).collect())
    if rows > ANALYZE_ABOVE and rows > ANALYZE_SHARE * _estimated(cursor, table):
        cursor.execute(f"ANALYZE {name_of(table)}")
    return rows


def _estimated(cursor: Cursor, table: type[Table]) -> float:
    """How many rows the server took a table to have when it last looked; below 0 where it never did."""
    return float(
        _one(cursor, f"SELECT reltuples FROM pg_class WHERE oid = '{name_of(table)}'::regclass")
    )


def _apply(cursor: Cursor, table: type[Table], found: Delta) -> None:
    """Take away what is gone or changed, and load what is new or changed.

    A changed row is deleted and loaded, not updated: measured on a million rows, COPY is three
    times as fast as UPDATE. In the order of the key, in which an index grows fastest.
    """
    import polars as pl

    name, key = name_of(table), key_of(table)
    away = pl.concat([found.gone, found.changed.select(key)])
    if away.height:
        with _staged(cursor, table, away) as staged:
            cursor.execute(f"DELETE FROM {name} t USING {staged} s WHERE {_same(table, key)}")
    _copy(cursor, table, pl.concat([found.changed, found.fresh]).sort(key))


def _compare(cursor: Cursor, table: type[Table], whole: pl.DataFrame) -> int:
    """Make `table` hold `whole`, whatever stood there: what differs is found by the server."""
    name, names = name_of(table), [column.name for column in columns(table)]
    listed = ", ".join(map(ddl.identifier, names))
    with _staged(cursor, table, whole) as staged:
        before = _one(cursor, f"SELECT count(*) FROM {name}")
        cursor.execute(
            f"DELETE FROM {name} t WHERE NOT EXISTS (SELECT FROM {staged} s WHERE {_same(table, key_of(table))} "
            f"AND {_same(table, names, nulls=True)})"
        )
        kept = _one(cursor, f"SELECT count(*) FROM {name}")
        cursor.execute(
            f"INSERT INTO {name} ({listed}) SELECT {listed} FROM {staged} s "
            f"WHERE NOT EXISTS (SELECT FROM {name} t WHERE {_same(table, key_of(table))})"
        )
    return int(before - kept + whole.height - kept)


def _same(table: type[Table], names: list[str], *, nulls: bool = False) -> str:
    """The condition that a row of the table `t` and one of the stage `s` agree in `names`."""
    may_be_null = {column.name for column in columns(table) if column.nullable}
    return " AND ".join(
        f"t.{ddl.identifier(name)} IS NOT DISTINCT FROM s.{ddl.identifier(name)}"
        if nulls or name in may_be_null
        else f"t.{ddl.identifier(name)} = s.{ddl.identifier(name)}"
        for name in names
    )


@contextlib.contextmanager
def _staged(cursor: Cursor, table: type[Table], frame: pl.DataFrame) -> Iterator[str]:
    """`frame`, some columns of `table`, as a table that only this transaction sees."""
    listed = ", ".join(map(ddl.identifier, frame.columns))
    cursor.execute(
        f"CREATE TEMPORARY TABLE staged ON COMMIT DROP AS SELECT {listed} FROM {name_of(table)} WITH NO DATA"
    )
    cursor.adbc_ingest("staged", _arrow(frame), mode="append", db_schema_name="pg_temp")
    cursor.execute("ANALYZE staged")
    yield "pg_temp.staged"
    cursor.execute("DROP TABLE pg_temp.staged")


def _copy(cursor: Cursor, table: type[Table], frame: pl.DataFrame) -> None:
    """Load `frame` into `table` by binary COPY."""
    if frame.height:
        cursor.adbc_ingest(
            table.__tablename__,
            _arrow(frame),
            mode="append",
            db_schema_name=schema_of(table),
        )


def _write_over(cursor: Cursor, table: type[Table], frame: pl.DataFrame) -> None:
    cursor.execute(f"DELETE FROM {name_of(table)}")
    _copy(cursor, table, frame)


def _arrow(frame: pl.DataFrame) -> Any:
    import polars as pl

    return frame.with_columns(pl.col(pl.Categorical).cast(pl.String)).to_arrow()


def _rows(cursor: Cursor, table: type[Table]) -> pl.DataFrame:
    import polars as pl

    schema = polars_schema(table)
    cursor.execute(f"SELECT {', '.join(map(ddl.identifier, schema))} FROM {name_of(table)}")
    found = pl.DataFrame(cursor.fetch_arrow_table())
    return found.cast(schema)


def _one(cursor: Cursor, query: str) -> Any:
    cursor.execute(query)
    row = cursor.fetchone()
    return row[0] if row else None


def _code(error: Exception) -> str:
    return str(getattr(error, "sqlstate", "") or "")


def _plain(error: Exception) -> str:
    """What the server says, on one line."""
    return " ".join(str(error).split())
