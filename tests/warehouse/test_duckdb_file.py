"""Publication to a DuckDB file: whole or not at all, readers undisturbed, readable by all."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import duckdb
import polars as pl
import pytest

from warehouse import duckdb_file
from warehouse.tables import core, mart
from warehouse.vocabulary import Table, columns, comment_of, polars_schema

DAY = dt.datetime(2026, 1, 1)


def contents(number: int = 1) -> dict[type[Table], pl.DataFrame]:
    """Every published table empty, with one publication in it."""
    tables = {
        table: pl.DataFrame(schema=polars_schema(table))
        for table in (*mart.TABLES, core.Figure, core.Region)
    }
    row = {
        "publication_id": f"{number:06}",
        "published_at": DAY,
        "code_version": "1",
        "content_hash": "0" * 64,
    }
    tables[mart.Publication] = pl.DataFrame([row], schema=polars_schema(mart.Publication))
    return dict(tables)


def numbers(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Publication ids that a reader sees."""
    return [
        row[0]
        for row in connection.execute("SELECT publication_id FROM mart.publication").fetchall()
    ]


def test_tables_columns_and_views_carry_their_comments(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    duckdb_file.publish(path, contents(), ["inhabitants"])
    with duckdb.connect(str(path), read_only=True) as connection:
        said = dict(
            connection.execute(
                "SELECT schema_name || '.' || table_name, comment FROM duckdb_tables()"
            ).fetchall()
        )
        for table in mart.TABLES:
            assert said[f"mart.{table.__tablename__}"] == comment_of(table)
        told = {
            (table, column): comment
            for table, column, comment in connection.execute(
                "SELECT table_name, column_name, comment FROM duckdb_columns() WHERE schema_name = 'mart'"
            ).fetchall()
        }
        for table in mart.TABLES:
            for column in columns(table):
                assert column.comment
                assert told[table.__tablename__, column.name] == column.comment
        views = dict(
            connection.execute(
                "SELECT view_name, comment FROM duckdb_views() WHERE schema_name = 'mart'"
            ).fetchall()
        )
        assert set(views) == {
            "indicator_change",
            "indicator_latest",
            "indicator_newest_boundaries",
            "location_benchmark",
            "location_dossier",
            "location_profile",
            "neighbourhood_series",
            "source_freshness",
        }
        assert all(views.values())


def test_a_reader_keeps_the_old_file_and_the_next_sees_the_new(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    duckdb_file.publish(path, contents(1), [])
    old = path.open("rb")
    before = old.read()
    duckdb_file.publish(path, contents(2), [])
    old.seek(0)
    assert old.read() == before
    with duckdb.connect(str(path), read_only=True) as connection:
        assert numbers(connection) == ["000002"]


def test_a_publication_that_fails_leaves_the_last_one_and_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    duckdb_file.publish(path, contents(1), [])
    broken = contents(2) | {mart.Location: pl.DataFrame({"location_id": ["x"]})}
    with pytest.raises(duckdb.Error):
        duckdb_file.publish(path, broken, [])
    with duckdb.connect(str(path), read_only=True) as connection:
        assert numbers(connection) == ["000001"]
    assert [p.name for p in tmp_path.iterdir()] == ["w.duckdb"]


def test_the_file_is_of_the_storage_version_that_every_duckdb_1_reads(tmp_path: Path) -> None:
    """Bytes 12 to 19 of a DuckDB file are its storage version; 64 is that of DuckDB 1.0 to 1.1."""
    path = tmp_path / "w.duckdb"
    duckdb_file.publish(path, contents(), [])
    head = path.read_bytes()[:20]
    assert head[8:12] == b"DUCK"
    assert int.from_bytes(head[12:20], "little") == 64


@pytest.mark.parametrize("name", ['x"; drop table t; --', "a b", "é"])
def test_an_identifier_that_no_declaration_has_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="not a name"):
        duckdb_file.publish(tmp_path / "w.duckdb", contents(), [name])
