"""What LM_WAREHOUSE_URL may be, and that a password in it is never shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from warehouse.location import DuckDBFile, PostgreSQL, duckdb_path, locate


@pytest.mark.parametrize("url", ["duckdb:////srv/w.duckdb", "duckdb:///w.duckdb"])
def test_a_file(url: str) -> None:
    assert locate(url) == DuckDBFile(Path(url.removeprefix("duckdb:///")))


@pytest.mark.parametrize("driver", ["postgresql", "postgresql+psycopg"])
def test_a_server_under_either_name_is_one_place_and_hides_its_password(driver: str) -> None:
    found = locate(f"{driver}://u:s%40cret@h:5433/d?sslmode=require")
    assert isinstance(found, PostgreSQL)
    assert found.url.drivername == "postgresql+psycopg"
    assert str(found) == "postgresql://u:***@h:5433/d?sslmode=require"
    assert "cret" not in repr(found)
    assert found.libpq == "postgresql://u:s%40cret@h:5433/d?sslmode=require"


@pytest.mark.parametrize(
    "url",
    [
        "duckdb://",
        "duckdb:///:memory:",
        "postgresql://u:secret@h",
        "postgresql+psycopg2://u:secret@h/d",
        "mysql://u:secret@h/d",
        "secret",
        "postgresql://u:secret@h:port/d",
        "mysql://u@h/d?password=secret",
    ],
)
def test_anything_else_is_refused_with_what_was_expected(url: str) -> None:
    with pytest.raises(ValueError, match="expected duckdb:///") as refused:
        locate(url)
    assert "secret" not in str(refused.value)
    with pytest.raises(ValueError, match="expected duckdb:///"):
        duckdb_path("postgresql://u:secret@h/d")
