"""Publication on either engine: whole or not at all, only what differs, one pipeline at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import sqlalchemy as sa

from tests.warehouse.published import WHOLE, contents, expected, seen
from warehouse import postgresql
from warehouse.parts import Copies
from warehouse.publishing import Changes, PublicationError, publishing
from warehouse.reading import NothingPublishedError, is_published, reading
from warehouse.tables import mart

IDS = ["inhabitants", "jobs"]


@pytest.fixture(params=["duckdb", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A warehouse in which nothing is yet, of either engine."""
    if request.param == "duckdb":
        return f"duckdb:///{tmp_path / 'warehouse' / 'w.duckdb'}"
    return str(request.getfixturevalue("database"))


@pytest.fixture
def copies(tmp_path: Path) -> Copies:
    return Copies(tmp_path / "copies")


Publish = Callable[..., Changes]


@pytest.fixture
def publish(url: str, copies: Copies) -> Publish:
    """Publishes the invented contents of a number."""

    def once(number: int, of: Copies = copies, **other: Any) -> Changes:
        with publishing(url, of) as target:
            return target.replace(contents(number) | other.get("change", {}), IDS, seen(number))

    return once


def whole(url: str) -> dict[str, Any]:
    """What a reader sees."""
    with reading(url) as reader:
        [row] = reader.rows(WHOLE)
        return row


def test_each_publication_replaces_the_one_before(url: str, publish: Publish) -> None:
    assert not is_published(url)
    with pytest.raises(NothingPublishedError, match="run `locatiemonitor nightly`"), reading(url):
        pass
    for number in (1, 2, 3):
        publish(number)
        assert whole(url) == expected(number)
        with publishing(url, Copies(Path("/nonexistent"))) as target:
            assert target.history is not None
            assert target.history.height == number
            assert target.seen == seen(number)


@pytest.mark.parametrize("lost", ["no copies", "one copy"])
def test_without_its_copies_a_publication_is_as_good(
    url: str, publish: Publish, copies: Copies, tmp_path: Path, lost: str
) -> None:
    publish(1)
    if lost == "no copies":
        publish(2, Copies(tmp_path / "another machine"))
    else:
        for copy in (copies.folder / "mart.indicator_value").glob("*"):
            copy.unlink()
        publish(2)
    assert whole(url) == expected(2)
    publish(3)
    assert whole(url) == expected(3)


def test_what_fails_half_way_leaves_what_stood(url: str, publish: Publish) -> None:
    publish(1)
    wrong = contents(2)[mart.Location].with_columns(name=pl.lit(None, pl.String))
    with pytest.raises(PublicationError, match="name"):
        publish(2, change={mart.Location: wrong})
    assert whole(url) == expected(1)
    publish(2)
    assert whole(url) == expected(2)


def test_a_reader_sees_one_publication_for_as_long_as_it_reads(url: str, publish: Publish) -> None:
    publish(1)
    with reading(url) as reader:
        assert reader.rows(WHOLE) == [expected(1)]
        publish(2)  # does not wait for the reader
        assert reader.rows(WHOLE) == [expected(1)]
    assert whole(url) == expected(2)


def test_a_second_pipeline_waits_and_goes_on_from_what_the_first_published(
    url: str, publish: Publish, tmp_path: Path
) -> None:
    publish(1)
    told, heights = threading.Event(), []

    def second() -> None:
        with publishing(url, Copies(tmp_path / "second"), waiting=told.set) as target:
            assert target.history is not None
            heights.append(target.history.height)
            target.replace(contents(3), IDS, seen(3))

    with publishing(url, Copies(tmp_path / "copies")) as target:
        other = threading.Thread(target=second)
        other.start()
        assert told.wait(20)
        target.replace(contents(2), IDS, seen(2))
    other.join(20)
    assert heights == [2]
    assert whole(url) == expected(3)


def test_a_pipeline_that_waits_too_long_yields(url: str, copies: Copies) -> None:
    with (
        publishing(url, copies),
        pytest.raises(PublicationError, match="another pipeline"),
        publishing(url, copies, patience=0.1),
    ):
        pass


def test_nobody_can_write_through_a_reader(url: str, publish: Publish) -> None:
    publish(1)
    with (
        reading(url) as reader,
        pytest.raises(sa.exc.DBAPIError, match=r"read-only|read only"),
    ):
        reader.rows("CREATE TABLE mart.mine AS SELECT 1 AS one")


def test_a_night_that_changes_little_does_not_pay_for_the_whole_table(
    database: str, copies: Copies, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planner's figures are made anew after a large part of a table was written, not after each
    night: that costs more the longer the history is."""
    monkeypatch.setattr(postgresql, "ANALYZE_ABOVE", 0)
    whole = contents(1)
    values = whole[mart.IndicatorValue]

    def planned(number: int, rows: pl.DataFrame) -> float:
        with publishing(database, copies) as target:
            target.replace(whole | {mart.IndicatorValue: rows}, IDS, seen(number))
        with reading(database) as reader:
            [row] = reader.rows(
                "SELECT reltuples AS n FROM pg_class WHERE oid = 'mart.indicator_value'::regclass"
            )
        return float(row["n"])

    few = values.head(values.height - 1)
    assert planned(1, few) == few.height
    assert planned(2, values) == few.height
    assert planned(3, values.head(values.height // 2)) == values.height // 2
