"""A published DuckDB file as an export reads it: rows, and frames that are streamed."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from warehouse.ddl import quoted
from warehouse.location import duckdb_path

if TYPE_CHECKING:
    import duckdb
    import polars as pl

ROWS_AT_ONCE = 50_000
MEMORY = "512MB"
"""What DuckDB may hold; otherwise it takes most of the machine's memory to sort in."""


class NothingPublishedError(LookupError):
    """There is no warehouse yet; the message says where it should be and what to do."""


class Asked:
    """An open DuckDB file."""

    engine = "duckdb"

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def rows(self, query: str, **values: Any) -> list[dict[str, Any]]:
        """The answer to `query`, a dict a row."""
        found = self._connection.execute(query.replace(":moment", "$moment"), values)
        names = [column[0] for column in found.description or []]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def batches(
        self, query: str, schema: Mapping[str, Any], **values: Any
    ) -> Iterator[pl.DataFrame]:
        """The answer to `query` in frames of `schema`. What does not fit in `MEMORY` is sorted on disk,
        beside the file."""
        import polars as pl

        self._connection.execute(f"SET memory_limit = {quoted(MEMORY)}")
        found = self._connection.sql(query.replace(":moment", "$moment"), params=values)
        for batch in found.to_arrow_reader(ROWS_AT_ONCE):
            yield pl.DataFrame(pl.from_arrow(batch)).cast(pl.Schema(schema))


@contextlib.contextmanager
def asking(url: str) -> Iterator[Asked]:
    """The warehouse at `url`. Raises NothingPublishedError."""
    import duckdb

    path = duckdb_path(url)
    if not path.exists():
        raise NothingPublishedError(
            f"there is no warehouse at {path} yet; run `locatiemonitor nightly` first"
        )
    with duckdb.connect(str(path), read_only=True) as connection:
        yield Asked(connection)
