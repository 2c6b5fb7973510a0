"""Looks whether the house is sound, and says what to do about what is not."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import time
from dataclasses import dataclass

from assets.edges import Edges
from pipelines.metrics import last_night
from pipelines.settings import Settings, unknown_settings
from pipelines.telling.announcing import RECEIVER, owed_now
from warehouse.deliveries import Deliveries
from warehouse.incident_store import IncidentsError
from warehouse.location import DuckDBFile, locate
from warehouse.masking import masked
from warehouse.reading import NothingPublishedError, UnreadableError, reading

ENOUGH_DISK = 1024**3
QUIET_AFTER = 300
"""Seconds without a sign of life after which Dagster takes its daemon to be gone."""


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    what: str
    sound: bool
    said: str


def examine(edges: Edges, settings: Settings) -> list[Finding]:
    """Settings, catalogue, state, disk, archive and warehouse; what is wrong and who was told; whether
    what should run does. Asks no publisher and sends nothing."""
    return [
        _settings(),
        _catalogue(edges),
        _state(edges),
        _archive(edges),
        _warehouse(edges),
        _stale(edges),
        _night(edges),
        _incidents(edges),
        _messages(edges),
        _announcements(edges, settings),
        _daemon(settings),
    ]


def _settings() -> Finding:
    unknown = unknown_settings()
    said = (
        f"{', '.join(unknown)} mean nothing; see the settings in the README"
        if unknown
        else "all LM_ variables are known"
    )
    return Finding("settings", not unknown, said)


def _catalogue(edges: Edges) -> Finding:
    c = edges.catalogue
    return Finding(
        "catalogue",
        True,
        f"{len(c.sources)} sources, {len(c.indicators)} indicators, {len(c.sites)} sites",
    )


def _state(edges: Edges) -> Finding:
    existing = next(path for path in (edges.home, *edges.home.parents) if path.exists())
    if not os.access(existing, os.W_OK):
        return Finding(
            "state", False, f"{existing} cannot be written; change its rights or LM_HOME"
        )
    free = shutil.disk_usage(existing).free
    said = f"{edges.home}, {free / 1024**3:.0f} GiB free"
    return Finding(
        "state",
        free >= ENOUGH_DISK,
        said if free >= ENOUGH_DISK else f"{said}: make room, 1 GiB is needed",
    )


def _archive(edges: Edges) -> Finding:
    releases = edges.archive.releases()
    lost = [
        f"{release.release_id} {part.name}"
        for release in releases
        for part in release.parts
        if not edges.archive.holds(part)
    ]
    said = (
        f"{len(releases)} releases, every part there"
        if not lost
        else f"parts lost: {', '.join(lost[:5])}; take in these editions again"
    )
    return Finding("archive", not lost, said)


def _warehouse(edges: Edges) -> Finding:
    place = locate(edges.warehouse_url)
    try:
        with reading(edges.warehouse_url) as warehouse:
            [found] = warehouse.rows(
                "SELECT max(publication_id) AS number, max(published_at) AS moment FROM mart.publication"
            )
    except NothingPublishedError:
        return Finding("warehouse", False, f"nothing at {place}; run `locatiemonitor nightly`")
    except UnreadableError as error:
        what = (
            "remove it and run `locatiemonitor nightly`"
            if isinstance(place, DuckDBFile)
            else "see that the server runs and that the role may log in and read"
        )
        return Finding("warehouse", False, f"{error}; {what}")
    number, moment = found["number"] or "none", found["moment"]
    return Finding(
        "warehouse", True, f"{place}, publication {number} of {moment:%Y-%m-%d %H:%M} UTC"
    )


def _stale(edges: Edges) -> Finding:
    from pipelines.showing import status_rows

    try:
        rows = status_rows(edges)
    except UnreadableError:
        return Finding("sources", False, "not known, because the warehouse cannot be read")
    stale = [f"{row['source']} {row['edition']}" for row in rows if row["stale"]]
    said = (
        f"stale: {', '.join(stale)}; `locatiemonitor status` says why"
        if stale
        else "nothing is stale"
    )
    return Finding("sources", not stale, said)


def _night(edges: Edges) -> Finding:
    night = last_night(edges)
    if night is None:
        return Finding("last night", True, "there was none yet")
    said = f"ended {night['ended'][:16]} UTC with exit status {night['exit_status']}"
    return Finding("last night", True, said)


def _incidents(edges: Edges) -> Finding:
    try:
        wrong = edges.incidents.open()
    except IncidentsError as error:
        return Finding("incidents", False, f"{error}; see LM_INCIDENTS_URL")
    if not wrong:
        return Finding("incidents", True, "nothing is wrong")
    said = "; ".join(f"{i.kind} {i.subject} since {i.since:%Y-%m-%d %H:%M} UTC" for i in wrong[:5])
    more = f" and {len(wrong) - 5} more" if len(wrong) > 5 else ""
    return Finding("incidents", False, f"{said}{more}; docs/running.md says what to do")


def _messages(edges: Edges) -> Finding:
    channels = edges.incidents.channels
    if not channels:
        said = "nobody is told of incidents; set LM_NOTIFY_WEBHOOK_URL, or LM_NOTIFY_EMAIL_TO and LM_SMTP_URL"
        return Finding("messages", True, said)
    try:
        waiting = edges.incidents.undelivered(edges.now())
    except IncidentsError as error:
        return Finding("messages", False, str(error))
    failing = sorted({f"{notice.channel}: {notice.why}" for notice in waiting if notice.why})
    said = f"by {' and '.join(channels)}, {len(waiting)} waiting"
    if failing:
        said = f"{said}; the last try failed, by {'; '.join(failing)}"
    return Finding("messages", not failing, said)


def _announcements(edges: Edges, settings: Settings) -> Finding:
    what = "announcements"
    if not settings.publication_webhook_url:
        return Finding(what, True, "LM_PUBLICATION_WEBHOOK_URL is not set: no machine is told")
    deliveries = Deliveries(settings.incidents, settings.secrets())
    try:
        waiting, stands = owed_now(edges.warehouse_url, deliveries), deliveries.of(RECEIVER)
    except (IncidentsError, UnreadableError) as error:
        return Finding(what, False, f"not known: {error}")
    said = f"{len(waiting)} publications wait to be announced"
    if waiting and stands.why:
        return Finding(what, False, f"{said}; the last try failed: {stands.why}")
    return Finding(what, True, said)


def _daemon(settings: Settings) -> Finding:
    """Whether Dagster's daemon lives, where something is switched on that it should start."""
    if not (settings.dagster_home / "dagster.yaml").exists():
        return Finding("daemon", True, "none, and nothing is switched on that needs one")
    from dagster._core.definitions.run_request import InstigatorType
    from dagster._core.scheduler.instigation import InstigatorStatus

    from pipelines.instance import open_instance

    try:
        with open_instance(settings) as instance:
            beats = instance.get_daemon_heartbeats()
            running = [
                state.instigator_name
                for state in instance.all_instigator_state()
                if state.status == InstigatorStatus.RUNNING
                and state.instigator_type in (InstigatorType.SCHEDULE, InstigatorType.SENSOR)
            ]
    except Exception as error:  # Dagster's storage may be any database, with errors of its own
        said = masked(f"{type(error).__name__}: {error}", settings.secrets())
        return Finding("daemon", False, f"Dagster's records cannot be read: {said:.300}")
    last = max((beat.timestamp for beat in beats.values()), default=None)
    alive = last is not None and time.time() - last < QUIET_AFTER
    beat = (
        "never" if last is None else f"{dt.datetime.fromtimestamp(last, dt.UTC):%Y-%m-%d %H:%M} UTC"
    )
    on = f"switched on: {', '.join(sorted(running)) or 'nothing'}"
    if running and not alive:
        return Finding(
            "daemon", False, f"last sign of life {beat}, {on}; start `locatiemonitor ui`"
        )
    return Finding("daemon", True, f"last sign of life {beat}, {on}")


def say_findings(findings: list[Finding]) -> None:
    """Findings as lines."""
    for finding in findings:
        print(f"{'ok  ' if finding.sound else 'WRONG'} {finding.what}: {finding.said}")
