"""Dagster's records: a database that is written to line by line costs no checkpoint a line."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from pipelines import instance


@pytest.fixture(autouse=True)
def _let_go() -> Iterator[None]:
    instance.let_go()
    instance.spare_the_disk()
    yield
    instance.let_go()


def database(path: Path, mode: str = "wal") -> sa.Engine:
    """A database with one table, opened and closed for every line, as Dagster does."""
    with sqlite3.connect(path) as made:
        made.execute(f"PRAGMA journal_mode = {mode}")
        made.execute("CREATE TABLE line (said TEXT)")
    made.close()
    return sa.create_engine(f"sqlite:///{path}", poolclass=NullPool)


def write(engine: sa.Engine, said: str) -> None:
    with engine.begin() as connection:
        connection.execute(sa.text("INSERT INTO line VALUES (:said)"), {"said": said})


def test_lines_go_to_the_log_and_to_the_database_when_it_is_let_go(tmp_path: Path) -> None:
    path, log = tmp_path / "events.db", tmp_path / "events.db-wal"
    engine = database(path)
    for n in range(3):
        write(engine, str(n))
        assert log.stat().st_size > 0
    other = sqlite3.connect(path)
    assert other.execute("SELECT count(*) FROM line").fetchone() == (3,)
    other.close()
    instance.let_go()
    assert not log.exists()
    left = sqlite3.connect(path)
    assert left.execute("SELECT said FROM line").fetchall() == [("0",), ("1",), ("2",)]
    left.close()


def test_no_more_databases_are_kept_open_than_declared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(instance, "MOST_KEPT", 2)
    engines = [database(tmp_path / f"{n}.db") for n in range(4)]
    for engine in engines:
        write(engine, "x")
    assert [path.name for path in sorted(tmp_path.glob("*-wal"))] == ["2.db-wal", "3.db-wal"]


def test_a_database_without_such_a_log_is_left_alone(tmp_path: Path) -> None:
    write(database(tmp_path / "plain.db", "delete"), "x")
    assert not instance._kept
