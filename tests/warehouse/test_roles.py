"""`warehouse init`: a reader reads what is published and nothing else, a writer publishes."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from tests.warehouse.published import WHOLE, contents, expected, seen
from warehouse.location import PostgreSQL, locate
from warehouse.migrations import head
from warehouse.parts import Copies
from warehouse.publishing import publishing
from warehouse.reading import reading
from warehouse.roles import initialise


def as_role(url: str, role: str) -> str:
    """The same database, logged in as another."""
    return url.replace("postgres:@", f"{role}:@")


def server(url: str) -> PostgreSQL:
    place = locate(url)
    assert isinstance(place, PostgreSQL)
    return place


@pytest.fixture
def ready(database: str) -> str:
    """A database that was made ready."""
    said = initialise(server(database), "bi", "pipeline")
    assert f"tables: from nothing to revision {head()}" in said
    return database


def publish(url: str, folder: Path, number: int, ids: list[str]) -> None:
    with publishing(url, Copies(folder)) as target:
        target.replace(contents(number), ids, seen(number))


def test_a_second_time_changes_nothing(ready: str) -> None:
    again = initialise(server(ready), "bi", "pipeline")
    assert again[:3] == [
        "role bi: was there",
        "role pipeline: was there",
        f"tables: of revision {head()}",
    ]
    assert not any("given to" in line for line in again)


def test_the_writer_publishes_and_the_reader_reads_also_what_is_made_anew(
    ready: str, tmp_path: Path
) -> None:
    for number, ids in ((1, ["inhabitants"]), (2, ["inhabitants", "jobs"])):
        publish(as_role(ready, "pipeline"), tmp_path, number, ids)
        with reading(as_role(ready, "bi")) as reader:
            [row] = reader.rows("SELECT * FROM mart.location_profile ORDER BY location_id LIMIT 1")
            assert set(ids) <= row.keys()
            assert reader.rows("SELECT count(*) AS n FROM core.figure") == [{"n": 0}]
            at = "CAST('2026-01-02 12:00' AS TIMESTAMP)"
            [known] = reader.rows(f"SELECT count(*) AS n FROM mart.indicator_as_of({at})")
            assert known["n"] == 40


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM bookkeeping.published_part",
        "DELETE FROM mart.location",
        "SET default_transaction_read_only = off; INSERT INTO mart.location_alias VALUES ('a', 'b')",
        "SET default_transaction_read_only = off; CREATE TABLE mart.mine (one integer)",
        "SET default_transaction_read_only = off; CREATE SCHEMA mine",
        "SET default_transaction_read_only = off; TRUNCATE core.figure",
    ],
)
def test_the_reader_cannot_do_anything_else(ready: str, query: str) -> None:
    with psycopg.connect(as_role(ready, "bi"), autocommit=True) as connection:
        *before, last = query.split("; ")
        for statement in before:
            connection.execute(statement)  # type: ignore[call-overload]
        with pytest.raises(
            (psycopg.errors.InsufficientPrivilege, psycopg.errors.ReadOnlySqlTransaction)
        ):
            connection.execute(last)  # type: ignore[call-overload]


def test_what_an_earlier_pipeline_made_as_another_role_is_taken_over(
    database: str, tmp_path: Path
) -> None:
    publish(database, tmp_path, 1, ["inhabitants"])
    said = initialise(server(database), "bi", "pipeline")
    assert any("given to pipeline" in line for line in said)
    publish(as_role(database, "pipeline"), tmp_path, 2, ["inhabitants", "jobs"])
    publish(database, tmp_path, 3, ["inhabitants"])  # as its superuser again
    with reading(as_role(database, "bi")) as reader:
        assert reader.rows(
            WHOLE.replace("bookkeeping.published_state", "(SELECT NULL AS content) s")
        )[0] == expected(3) | {"content": None}


@pytest.mark.parametrize(("reader", "writer"), [("bi", "bi"), ('a"b', "c")])
def test_names_that_no_roles_should_have_are_refused(
    database: str, reader: str, writer: str
) -> None:
    with pytest.raises(ValueError, match=r"both 'bi'|not a name"):
        initialise(server(database), reader, writer)
