"""The outbox: an event with every publication and none without, on either engine."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.warehouse.published import few, seen
from warehouse import outbox
from warehouse.outbox import CHANNEL, KEPT, LONGEST, events, notification, owed, with_event
from warehouse.parts import Copies
from warehouse.publishing import PublicationError, publishing
from warehouse.tables import bookkeeping, mart
from warehouse.vocabulary import polars_schema

FIRST = dt.datetime(2026, 1, 1)


@pytest.fixture(params=["duckdb", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A warehouse in which nothing is yet, of either engine."""
    if request.param == "duckdb":
        return f"duckdb:///{tmp_path / 'warehouse' / 'w.duckdb'}"
    return str(request.getfixturevalue("database"))


@pytest.fixture
def publish(url: str, tmp_path: Path) -> Callable[..., dict[str, int]]:
    """Publishes the invented contents of a number; rows changed by table."""

    def once(number: int, change: dict[Any, Any] | None = None) -> dict[str, int]:
        with publishing(url, Copies(tmp_path / "copies")) as target:
            return target.replace(few(number) | (change or {}), None, seen(number)).tables

    return once


def test_every_publication_has_one_event_that_says_what_changed(
    url: str, publish: Callable[..., dict[str, int]]
) -> None:
    assert events(url) == []
    changed = [publish(number) for number in (1, 2, 3)]
    found = events(url)
    assert [one["tables"] for one in found] == changed
    assert [one["publication"] for one in found] == sorted({one["publication"] for one in found})
    assert len({one["id"] for one in found}) == 3
    assert found[2]["rows_changed"] == sum(changed[2].values()) > 0
    assert found[2]["published_at"].endswith("Z")


def test_publications_may_count_on_from_an_earlier_one(
    url: str, publish: Callable[..., dict[str, int]]
) -> None:
    """As after state that was put back from a copy: the same numbers, and maybe the same contents."""
    for number in (1, 2, 3):
        publish(number)
    told = [one["id"] for one in events(url)]
    publish(2)
    assert [one["id"] for one in events(url)] == told[:2]
    # Who heard of the third hears of everything again, rather than of too little.
    assert [one["id"] for one in owed(events(url), told[2])] == told[:2]
    publish(3)
    assert [one["id"] for one in events(url)] == told


def test_a_publication_that_fails_leaves_no_event(
    url: str, publish: Callable[..., dict[str, int]], tmp_path: Path
) -> None:
    publish(1)
    with pytest.raises((PublicationError, OSError, pl.exceptions.PolarsError)):
        publish(2, {mart.Location: [tmp_path / "gone.parquet"]})
    assert len(events(url)) == 1
    publish(2)
    assert len(events(url)) == 2


def test_the_server_tells_who_listens_when_it_commits_and_not_before(
    database: str, tmp_path: Path
) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(f"LISTEN {CHANNEL}")
        place, places = Copies(tmp_path / "copies"), few(2)[mart.Location]

        def publish(number: int, change: dict[Any, Any]) -> None:
            with publishing(database, place) as target:
                target.replace(few(number) | change, None, seen(number))

        publish(1, {})
        [heard] = connection.notifies(timeout=20, stop_after=1)
        assert heard.channel == CHANNEL
        assert [json.loads(heard.payload)] == events(database)
        with pytest.raises(PublicationError):
            publish(2, {mart.Location: pl.concat([places, places])})
        assert list(connection.notifies(timeout=0.2, stop_after=1)) == []


def row(number: int, tables: str = "{}") -> pl.DataFrame:
    said = {
        "event_id": f"publication-{number:06}-abc",
        "publication_id": f"{number:06}",
        "published_at": FIRST,
        "code_version": "1",
        "content_hash": "abc",
        "tables": tables,
    }
    return pl.DataFrame([said], schema=polars_schema(bookkeeping.PublicationEvent))


def test_what_is_too_long_for_the_server_is_told_without_the_tables() -> None:
    long = json.dumps({f"mart.table_{n:04}": n for n in range(600)})
    told = notification(row(1, long))
    assert len(told.encode()) <= LONGEST
    assert json.loads(told)["tables"] is None
    assert json.loads(told)["rows_changed"] == sum(range(600))


@given(st.integers(1, KEPT + 20), st.data())
def test_what_is_owed_is_what_came_after_the_last_that_arrived(
    published: int, data: st.DataObject
) -> None:
    """Also where the last that arrived has left the outbox, or the warehouse was lost and counts anew."""
    kept = [
        {"id": f"publication-{n:06}-abc", "publication": f"{n:06}"}
        for n in range(max(1, published - KEPT + 1), published + 1)
    ]
    arrived = data.draw(st.integers(1, published))
    found = [int(one["publication"]) for one in owed(kept, f"publication-{arrived:06}-abc")]
    assert found == [n for n in range(arrived + 1, published + 1) if n > published - KEPT]
    assert owed(kept, None) == kept
    assert owed(kept, f"publication-{published + 5:06}-old") == kept


def test_the_outbox_keeps_the_newest_events() -> None:
    stood: pl.DataFrame | None = None
    for number in range(1, KEPT + 4):
        stood = with_event(stood, row(number))
    assert stood is not None
    assert stood.height == KEPT
    assert stood["publication_id"].to_list()[-1] == f"{KEPT + 3:06}"
    assert outbox.said(stood.row(-1, named=True))["publication"] == f"{KEPT + 3:06}"
