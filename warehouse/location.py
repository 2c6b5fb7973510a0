"""Where the warehouse is: a DuckDB file or a PostgreSQL database, from one SQLAlchemy URL."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlalchemy as sa

EXPECTED = "duckdb:///path/to/file.duckdb or postgresql+psycopg://user:password@host:5432/database"
"""What LM_WAREHOUSE_URL may be."""


@dataclass(frozen=True)
class DuckDBFile:
    """A warehouse in one file."""

    path: Path

    def __str__(self) -> str:
        return str(self.path)


@dataclass(frozen=True, repr=False)
class PostgreSQL:
    """A warehouse in a database of a server. Written as text it never shows its password."""

    url: sa.URL

    def __str__(self) -> str:
        return _shown(self.url.set(drivername="postgresql"))

    def __repr__(self) -> str:
        return f"PostgreSQL({self})"

    @property
    def libpq(self) -> str:
        """The address as the server's own client library reads it, password included: not to be
        shown or logged."""
        return self.url.set(drivername="postgresql").render_as_string(hide_password=False)


def locate(url: str) -> DuckDBFile | PostgreSQL:
    """The warehouse behind a SQLAlchemy URL.

    Raises ValueError, without the password, for what is neither a DuckDB file nor PostgreSQL.
    """
    import sqlalchemy as sa

    try:
        parsed = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError):
        # What cannot be read may hold a password anywhere, so it is not repeated.
        raise ValueError(
            f"LM_WAREHOUSE_URL: expected {EXPECTED}, came something that is no URL"
        ) from None
    backend = parsed.get_backend_name()
    if backend == "duckdb" and parsed.database and parsed.database != ":memory:":
        return DuckDBFile(Path(parsed.database))
    if parsed.drivername in ("postgresql", "postgresql+psycopg") and parsed.database:
        return PostgreSQL(parsed.set(drivername="postgresql+psycopg"))
    why = {
        "duckdb": "; a file is needed, readers cannot see what lies in memory",
        "postgresql": "; the driver is psycopg, and the name of the database is needed",
    }.get(backend, "")
    raise ValueError(f"LM_WAREHOUSE_URL: expected {EXPECTED}, came {_shown(parsed)!r}{why}")


def _shown(url: sa.URL) -> str:
    """Without a password, wherever in the URL it stands."""
    hidden = url.difference_update_query(["password", "passfile", "sslpassword"])
    return hidden.render_as_string(hide_password=True)


def duckdb_path(url: str) -> Path:
    """The file behind a `duckdb:///...` URL. Raises ValueError for a warehouse that is no file."""
    found = locate(url)
    if isinstance(found, DuckDBFile):
        return found.path
    raise ValueError(f"LM_WAREHOUSE_URL: expected duckdb:///path/to/file.duckdb here, came {found}")
