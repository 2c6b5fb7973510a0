"""The reason of a run, from what Dagster says of how it was started."""

from __future__ import annotations

import pytest

from assets.run_tags import _named, reason


@pytest.mark.parametrize(
    ("tags", "why"),
    [
        ({"reason": "forced", "dagster/backfill": "x"}, "forced"),
        ({"dagster/backfill": "abc"}, "backfill"),
        ({"dagster/sensor_name": "releases"}, "sensor releases"),
        ({"dagster/schedule_name": "nightly"}, "schedule nightly"),
        ({"dagster/partition": "2020"}, "started by hand"),
    ],
)
def test_why_a_run_was_started(tags: dict[str, str], why: str) -> None:
    assert reason(tags) == why


def test_many_editions_are_named_by_the_first_and_the_last() -> None:
    years = [str(year) for year in range(2013, 2026)]
    assert _named(years) == "2013 .. 2025 (13)"
    assert _named(["2019", "2020", "2019"]) == "2019, 2020"
