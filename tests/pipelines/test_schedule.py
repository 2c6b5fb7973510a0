"""The nightly schedule, by the clock of Dagster's daemon: one night a day, also where a day has 23 hours
or 25."""

from __future__ import annotations

import datetime as dt
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest
from dagster._utils.schedules import schedule_execution_time_iterator

from pipelines.jobs import nightly_schedule

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@pytest.mark.parametrize(
    ("changes", "hours"), [(dt.date(2026, 3, 29), 23), (dt.date(2026, 10, 25), 25)]
)
def test_a_change_of_the_clock_neither_skips_a_night_nor_makes_two(
    changes: dt.date, hours: int
) -> None:
    schedule = nightly_schedule()
    before = dt.datetime.combine(changes, dt.time(), AMSTERDAM) - dt.timedelta(days=2)
    nights = list(
        islice(
            schedule_execution_time_iterator(
                before.timestamp(), schedule.cron_schedule, schedule.execution_timezone
            ),
            5,
        )
    )
    local = [night.astimezone(AMSTERDAM) for night in nights]
    assert [night.date() for night in local] == [
        changes + dt.timedelta(days=day) for day in range(-2, 3)
    ]
    assert {night.time() for night in local} == {dt.time(3, 30)}
    elapsed = [b.timestamp() - a.timestamp() for a, b in pairwise(nights)]
    assert elapsed == [24 * 3600.0, hours * 3600.0, 24 * 3600.0, 24 * 3600.0]
