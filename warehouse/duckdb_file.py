"""Publication to a DuckDB file: built aside, checked, and put in place by one rename.

Readers keep the file they have open; whoever opens it next sees the new one. DuckDB 2.0 writes
a file that no DuckDB 1.x can open unless told otherwise, and BI drivers lag by years, so the
storage version is pinned to the oldest (`docs/decisions`).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from warehouse import ddl, views
from warehouse.archive import sync_folder
from warehouse.dictionary import comments_on_view_columns
from warehouse.tables import mart
from warehouse.vocabulary import Table, columns, name_of, schema_of

if TYPE_CHECKING:
    import duckdb
    import polars as pl

STORAGE_VERSION = "v1.0.0"
ASIDE = "w"

Contents = Mapping[type[Table], "Path | list[Path] | pl.DataFrame"]
"""What goes in each table: Parquet files, which DuckDB reads itself, or a frame."""


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
    if indicator_ids is None:
        return
    for name, (comment, query) in views.views(indicator_ids).items():
        connection.execute(f"CREATE VIEW mart.{name} AS {query}")
        connection.execute(f"COMMENT ON VIEW mart.{name} IS {ddl.quoted(comment)}")
    described = contents.get(mart.Dictionary)
    if not isinstance(described, Path | list | None):
        for comment in comments_on_view_columns(described):
            connection.execute(comment)
