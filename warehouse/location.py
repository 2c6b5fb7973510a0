"""Where the warehouse is, from its SQLAlchemy URL."""

from __future__ import annotations

from pathlib import Path


def duckdb_path(url: str) -> Path:
    """The file behind a `duckdb:///...` URL.

    Raises ValueError for any other URL: publishing to a server comes with a later release.
    """
    import sqlalchemy as sa

    parsed = sa.make_url(url)
    if (
        parsed.get_backend_name() != "duckdb"
        or not parsed.database
        or parsed.database == ":memory:"
    ):
        raise ValueError(
            "LM_WAREHOUSE_URL: expected duckdb:///path/to/file.duckdb, came "
            f"{parsed.render_as_string(hide_password=True)!r}; "
            "publishing to PostgreSQL is not part of this release"
        )
    return Path(parsed.database)
