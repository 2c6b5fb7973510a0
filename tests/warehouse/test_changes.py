"""A made chain of releases with known truth: what changed, when, by how much and by which release,
as both engines tell it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import polars as pl
import pytest

from assets.edges import Edges
from pipelines.differences import differences, say_differences
from tests.warehouse.published import contents, frame, seen
from warehouse.parts import Copies
from warehouse.publishing import publishing
from warehouse.reading import reading
from warehouse.tables import mart


def day(number: int) -> dt.datetime:
    """A day of March 2026, at seven in the morning."""
    return dt.datetime(2026, 3, number, 7)


CHAIN: list[tuple[str, int, int | None, float | None, str]] = [
    # place, known from, known to, value, status
    ("L00001", 1, 5, 130.3, "provisional"),
    ("L00001", 5, 9, 156.9, "revised"),
    ("L00001", 9, None, 156.9, "definitive"),
    ("L00002", 1, 9, 10.0, "provisional"),  # withdrawn by the release of the 9th
    ("L00003", 1, 5, None, "provisional"),
    ("L00003", 5, None, 4.0, "revised"),
    ("L00004", 1, None, 7.0, "provisional"),
    ("L00005", 1, 5, 3.0, "provisional"),
    ("L00005", 9, None, 3.0, "definitive"),  # withdrawn on the 5th, back on the 9th
]


def history() -> pl.DataFrame:
    """The chain as rows of `mart.indicator_value`."""
    return frame(
        mart.IndicatorValue,
        [
            {
                "location_id": place,
                "indicator_id": "inhabitants",
                "period": "2020",
                "known_from": day(start),
                "known_to": day(end) if end else None,
                "value": value,
                "missing_reason": None if value is not None else "confidential",
                "status": status,
                "method": "published",
                "opened_by": "release",
                "release_id": f"stats:2020:{start}",
                "synthetic": True,
            }
            for place, start, end, value, status in CHAIN
        ],
    )


@pytest.fixture(params=["duckdb", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A published warehouse of either engine that holds the chain."""
    if request.param == "duckdb":
        found = f"duckdb:///{tmp_path / 'warehouse' / 'w.duckdb'}"
    else:
        found = str(request.getfixturevalue("database"))
    releases = [
        {
            "release_id": f"stats:2020:{number}",
            "source": "stats",
            "fetched_at": day(28),
            "modified_at": day(number),
        }
        for number in (1, 5, 9)
    ]
    whole = contents(1) | {
        mart.IndicatorValue: history(),
        mart.SourceRelease: frame(mart.SourceRelease, releases),
        mart.Indicator: frame(
            mart.Indicator, [{"indicator_id": "inhabitants", "name_en": "Inhabitants"}]
        ),
    }
    with publishing(found, Copies(tmp_path / "copies")) as target:
        target.replace(whole, ["inhabitants"], seen(1))
    return found


def asked(url: str, query: str) -> list[dict[str, Any]]:
    """The answer of the warehouse."""
    with reading(url) as reader:
        return reader.rows(query)


def test_every_vintage_is_answered_as_of_its_time(url: str) -> None:
    for moment, expected in {
        0: [],
        4: [("L00001", 130.3), ("L00002", 10.0), ("L00003", None), ("L00004", 7.0), ("L00005", 3.0)],
        7: [("L00001", 156.9), ("L00002", 10.0), ("L00003", 4.0), ("L00004", 7.0)],
        20: [("L00001", 156.9), ("L00003", 4.0), ("L00004", 7.0), ("L00005", 3.0)],
    }.items():  # fmt: skip
        at = day(moment) if moment else dt.datetime(2026, 2, 1)
        rows = asked(
            url,
            f"SELECT location_id, value FROM mart.indicator_as_of(TIMESTAMP '{at}') ORDER BY 1",
        )
        assert [(row["location_id"], row["value"]) for row in rows] == expected


def test_every_change_is_told_with_the_release_that_made_it(url: str) -> None:
    rows = asked(
        url, "SELECT * FROM mart.indicator_change ORDER BY location_id, changed_at, change"
    )
    told = [(r["location_id"], r["changed_at"].day, r["change"], r["release_id"]) for r in rows]
    first = [(f"L0000{place}", 1, "first", "stats:2020:1") for place in range(1, 6)]
    assert told == sorted(
        [
            *first,
            ("L00001", 5, "revised", "stats:2020:5"),
            ("L00001", 9, "restated", "stats:2020:9"),
            ("L00002", 9, "withdrawn", "stats:2020:9"),
            ("L00003", 5, "appeared", "stats:2020:5"),
            ("L00005", 5, "withdrawn", "stats:2020:5"),
            ("L00005", 9, "returned", "stats:2020:9"),
        ]
    )
    [revised] = [row for row in rows if row["change"] == "revised"]
    assert (revised["value_before"], revised["value_after"]) == (130.3, 156.9)
    assert revised["difference"] == pytest.approx(26.6)
    [restated] = [row for row in rows if row["change"] == "restated"]
    assert (restated["status_before"], restated["status_after"]) == ("revised", "definitive")


def edges(url: str) -> Edges:
    """As much of a house as asks for differences."""
    return cast(Edges, SimpleNamespace(warehouse_url=url, now=lambda: day(28)))


def test_a_difference_is_between_the_ends_of_two_days(
    url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    rows = differences(edges(url), "2026-03-01", "2026-03-08")
    assert [(r["location_id"], r["change"], r["release_id"]) for r in rows] == [
        ("L00001", "revised", "stats:2020:5"),
        ("L00003", "appeared", "stats:2020:5"),
        ("L00005", "withdrawn", "stats:2020:5"),
    ]
    assert rows[0]["difference"] == pytest.approx(26.6)
    # What went and came back in between, and says the same, is told by its status alone.
    rows = differences(edges(url), "2026-03-04", None)
    assert [(r["location_id"], r["change"]) for r in rows] == [
        ("L00001", "revised"),
        ("L00002", "withdrawn"),
        ("L00003", "appeared"),
        ("L00005", "restated"),
    ]
    say_differences(rows, "2026-03-04", None)
    said = capsys.readouterr().out
    assert "+26.6" in said and "stats:2020:9" in said and "1 revised" in said
    assert differences(edges(url), "2026-03-10", "2026-03-20") == []


@pytest.mark.parametrize(
    ("start", "stop", "message"),
    [
        ("yesterday", None, "--from: expected a day such as 2021-03-01, came 'yesterday'"),
        ("2026-03-01", "2026-13-01", "--to: expected a day"),
        ("2026-03-09", "2026-03-01", "write the earlier day first"),
    ],
)
def test_a_wrong_day_is_refused_with_what_to_write(
    start: str, stop: str | None, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        differences(edges("duckdb:///none"), start, stop)
