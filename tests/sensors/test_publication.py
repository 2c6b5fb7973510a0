"""The publication sensor: one publication for all that came, when nothing is coming any more."""

from __future__ import annotations

import datetime as dt

import dagster as dg
import pytest

from assets.edges import Edges
from sensors.publication import LONGEST, Owed, publication_sensor
from tests.living import Life


class Owing:
    """What the house owes, as the test has it."""

    def __init__(self) -> None:
        self.owed: Owed | None = None

    def __call__(self, edges: Edges) -> Owed | None:
        return self.owed


@pytest.fixture
def owing() -> Owing:
    """Nothing, at first."""
    return Owing()


@pytest.fixture
def house(small: Life, owing: Owing, monkeypatch: pytest.MonkeyPatch) -> Life:
    """A house whose publication sensor asks `owing`."""
    sensor = publication_sensor(owing)
    monkeypatch.setattr(type(small.definitions), "resolve_sensor_def", lambda self, name: sensor)
    return small


def asked(house: Life) -> list[str | None]:
    return [request.run_key for request in house.ask("publication").run_requests or []]


def test_what_is_owed_is_published_and_nothing_else(house: Life, owing: Owing) -> None:
    assert asked(house) == []
    owing.owed = Owed([("mart", "location")], "one")
    [request] = house.ask("publication").run_requests or []
    assert [key.to_user_string() for key in request.asset_selection or []] == [
        "mart/location",
        "warehouse/publication",
    ]
    assert request.run_key == "one"


def test_thirty_editions_are_one_publication(house: Life, owing: Owing) -> None:
    owing.owed = Owed([], "after one of thirty")
    job = house.definitions.resolve_job_def("intake_yearly")
    run = house.instance.create_run_for_job(job, status=dg.DagsterRunStatus.STARTED)
    for number in range(30):
        owing.owed = Owed([], f"after {number}")
        house.clock.now += dt.timedelta(minutes=1)
        assert asked(house) == []
    house.instance.report_run_failed(run)
    assert asked(house) == ["after 29"]


def test_what_is_ready_does_not_wait_for_ever(house: Life, owing: Owing) -> None:
    owing.owed = Owed([], "one")
    job = house.definitions.resolve_job_def("intake_yearly")
    house.instance.create_run_for_job(job, status=dg.DagsterRunStatus.STARTED)
    assert asked(house) == []
    house.clock.now += LONGEST
    assert asked(house) == ["one"]


def test_what_is_told_of_two_editions_waits_for_both(house: Life, owing: Owing) -> None:
    owing.owed = Owed([], "one", half_told=True)
    assert asked(house) == []
    owing.owed = Owed([], "both")
    assert asked(house) == ["both"]


def test_one_publication_at_a_time(house: Life, owing: Owing) -> None:
    owing.owed = Owed([], "one")
    job = house.definitions.resolve_job_def("publication")
    house.instance.create_run_for_job(job, status=dg.DagsterRunStatus.STARTED)
    house.clock.now += dt.timedelta(days=1)
    assert asked(house) == []


def test_the_same_that_failed_has_the_same_key(house: Life, owing: Owing) -> None:
    owing.owed = Owed([], "one")
    assert asked(house) == asked(house) == ["one"]
