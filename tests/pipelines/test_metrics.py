"""Health: what Prometheus reads, and what `doctor` says, of a house that is well and of one that is not."""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.definitions.run_request import InstigatorType
from dagster._core.remote_origin import (
    InProcessCodeLocationOrigin,
    RemoteInstigatorOrigin,
    RemoteRepositoryOrigin,
)
from dagster._core.scheduler.instigation import (
    InstigatorState,
    InstigatorStatus,
    ScheduleInstigatorData,
)
from dagster._core.types.loadable_target_origin import LoadableTargetOrigin
from prometheus_client.parser import text_string_to_metric_families
from typer.testing import CliRunner

from assets.catalogue import load_catalogue
from assets.edges import Edges
from pipelines.cli import app
from pipelines.definitions import build_definitions
from pipelines.doctor import Finding, examine
from pipelines.instance import open_instance
from pipelines.metrics import last_night, metrics_text, remember_night
from pipelines.night import Report
from pipelines.resources import build_edges
from pipelines.settings import Settings
from tests.receiver import Receiver, receiver
from tests.warehouse.published import contents, frame, seen
from warehouse.incidents import Kind
from warehouse.parts import Copies
from warehouse.publishing import publishing
from warehouse.tables import mart

NOON = dt.datetime(2026, 11, 22, 12)
RELEASED = dt.datetime(2026, 11, 12, 12)
NAME = "Kanarie B.V."


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A house whose warehouse says: one edition current, one blocked, two rows set aside."""
    home = tmp_path_factory.mktemp("house")
    release = {"release_id": "r1", "source": "cbs_kwb", "edition": "2024", "modified_at": RELEASED}
    status = [
        {"source": "cbs_kwb", "edition": "2024", "state": "current", "release_id": "r1"},
        {"source": "ibis", "edition": "current", "state": "blocked", "stale": True, "reason": NAME},
    ]
    aside = [
        {
            "quarantine_id": n,
            "asset": "core/establishment/x:2026",
            "release_id": "r1",
            "record": NAME,
        }
        for n in "ab"
    ]
    change = {
        mart.SourceRelease: frame(mart.SourceRelease, [release]),
        mart.SourceStatus: frame(
            mart.SourceStatus, [row | {"cadence_days": 366} for row in status]
        ),
        mart.Quarantine: frame(mart.Quarantine, aside),
    }
    settings = Settings(home=home)
    with publishing(settings.warehouse, Copies(settings.state / "copies")) as target:
        target.replace(contents(1, 2) | change, ["jobs"], seen(1))
    return home


@pytest.fixture
def there() -> Iterator[Receiver]:
    with receiver() as running:
        yield running


@pytest.fixture
def settings(home: Path, there: Receiver, tmp_path: Path) -> Settings:
    """The house, with somebody to tell; its incidents are of this test alone."""
    return Settings(
        home=home,
        incidents_url=f"sqlite:///{tmp_path / 'i.sqlite'}",
        notify_webhook_url=there.url,
        publication_webhook_url=there.url,
        metrics_file=tmp_path / "metrics" / "lm.prom",
    )


@pytest.fixture
def edges(settings: Settings) -> Edges:
    return replace(build_edges(settings, load_catalogue()), now=lambda: NOON)


def read(text: str) -> dict[tuple[str, ...], float]:
    """Every sample: name and the values of its labels -> value."""
    return {
        (sample.name.removeprefix("locatiemonitor_"), *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_prometheus_reads_how_the_house_fares(settings: Settings, edges: Edges) -> None:
    edges.incidents.opened(Kind.BLOCKED, "ibis current", NAME, at=NOON)
    remember_night(edges, Report(blocked={"ibis current": NAME}, seconds=12.5))
    assert edges.measure(NOON) == []
    assert settings.metrics_file is not None
    text = settings.metrics_file.read_text()
    found = read(text)
    assert found["source_age_seconds", "cbs_kwb"] == 10 * 86400
    released = RELEASED.replace(tzinfo=dt.UTC).timestamp()
    assert found["source_released_timestamp_seconds", "cbs_kwb"] == released
    assert found["source_expected_every_seconds", "cbs_kwb"] == 366 * 86400
    assert found["blocked_editions", "ibis"] == 1 and found["blocked_editions", "cbs_kwb"] == 0
    assert found["quarantined_rows",] == 2
    assert found["quarantined_rows_by_asset", "core/establishment/x"] == 2
    assert found["open_incidents", "source_blocked"] == 1
    assert found["open_incidents", "publication_failed"] == 0
    assert found["undelivered_messages", "webhook"] == 1
    assert found["undelivered_publications",] == 1
    assert found["last_night_exit_status",] == 1
    assert found["last_night_duration_seconds",] == 12.5
    assert found["warehouse_readable",] == 1
    assert found["last_publication_timestamp_seconds",] > 0
    assert NAME not in text and "Kanarie" not in text
    assert list(settings.metrics_file.parent.iterdir()) == [settings.metrics_file]
    assert edges.tell(NOON) == []
    after = read(metrics_text(settings, edges, NOON))
    assert after["undelivered_messages", "webhook"] == after["undelivered_publications",] == 0


def test_a_house_without_a_warehouse_says_that_it_cannot_be_read(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    edges = build_edges(settings, load_catalogue())
    found = read(metrics_text(settings, edges, NOON))
    assert found["warehouse_readable",] == 0
    assert ("last_publication_timestamp_seconds",) not in found
    assert last_night(edges) is None
    assert list(tmp_path.iterdir()) == [], "to look writes nothing"


def test_a_file_that_cannot_be_written_fails_no_night(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    wrong = settings.model_copy(update={"metrics_file": tmp_path / "file" / "lm.prom"})
    [line] = build_edges(wrong, load_catalogue()).measure(NOON)
    assert line.startswith("LM_METRICS_FILE could not be written")


def test_the_command_writes_prints_and_answers_in_json(home: Path, tmp_path: Path) -> None:
    env = {"LM_HOME": str(home)}
    to = tmp_path / "lm.prom"
    assert CliRunner().invoke(app, ["metrics", "--to", str(to)], env=env).exit_code == 0
    assert read(to.read_text())["warehouse_readable",] == 1
    printed = CliRunner().invoke(app, ["metrics"], env=env)
    assert read(printed.output)["warehouse_readable",] == 1
    said = json.loads(CliRunner().invoke(app, ["metrics", "--json"], env=env).output)
    assert {"name": "locatiemonitor_warehouse_readable", "labels": {}, "value": 1.0} in said


# -- doctor ----------------------------------------------------------------------------------
def finding(edges: Edges, settings: Settings, what: str) -> Finding:
    [found] = [one for one in examine(edges, settings) if one.what == what]
    return found


def test_doctor_says_what_is_wrong_and_what_could_not_be_told(
    settings: Settings, edges: Edges, there: Receiver
) -> None:
    assert finding(edges, settings, "incidents").sound
    assert finding(edges, settings, "announcements").sound
    edges.incidents.opened(Kind.BLOCKED, "ibis current", NAME, at=NOON)
    there.answers += [500, 502]
    edges.tell(NOON)
    wrong = finding(edges, settings, "incidents")
    assert not wrong.sound and "source_blocked ibis current since 2026-11-22 12:00" in wrong.said
    messages = finding(edges, settings, "messages")
    assert not messages.sound and "HTTP 500" in messages.said and "1 waiting" in messages.said
    events = finding(edges, settings, "announcements")
    assert not events.sound and "1 publications wait" in events.said and "HTTP 502" in events.said
    edges.tell(NOON + dt.timedelta(minutes=5))
    assert finding(edges, settings, "messages").sound
    assert finding(edges, settings, "announcements").sound
    assert NAME not in str(examine(edges, settings))
    quiet = settings.model_copy(update={"notify_webhook_url": ""})
    silent = finding(build_edges(quiet, load_catalogue()), quiet, "messages")
    assert silent.sound and "LM_NOTIFY_WEBHOOK_URL" in silent.said


def test_doctor_says_when_what_should_start_nights_is_gone(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    edges = build_edges(settings, load_catalogue())
    assert "nothing is switched on" in finding(edges, settings, "daemon").said
    with open_instance(settings) as instance:
        assert finding(edges, settings, "daemon").sound, "off, and nothing to start"
        schedule = next(iter(build_definitions(edges=edges).schedules or []))
        assert isinstance(schedule, dg.ScheduleDefinition)
        location = InProcessCodeLocationOrigin(
            LoadableTargetOrigin(module_name="pipelines.definitions"), location_name="house"
        )
        instance.add_instigator_state(
            InstigatorState(
                RemoteInstigatorOrigin(
                    RemoteRepositoryOrigin(location, "__repository__"), schedule.name
                ),
                InstigatorType.SCHEDULE,
                InstigatorStatus.RUNNING,
                ScheduleInstigatorData("30 3 * * *", start_timestamp=time.time()),
            )
        )
    gone = finding(edges, settings, "daemon")
    assert not gone.sound and "never" in gone.said and "nightly" in gone.said
