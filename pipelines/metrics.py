"""How the house fares, as figures for Prometheus: a file for the text file collector of its node exporter.

Moments are given as moments, so that an age goes on growing when nothing writes here any more. No
label names a firm: labels are sources, assets, kinds and channels, all from declarations.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assets.edges import Edges
from warehouse.durable import write_durably
from warehouse.incident_store import IncidentsError
from warehouse.incidents import Kind
from warehouse.reading import NothingPublishedError, UnreadableError, reading

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

    from pipelines.night import Report
    from pipelines.settings import Settings

LAST_NIGHT = "last_night.json"
"""File below the state: when the last night ended, how long it took, how it ended."""
NAMESPACE = "locatiemonitor"


def remember_night(edges: Edges, report: Report | None) -> None:
    """Write down how a night ended; None where it broke off. Raises OSError."""
    said = {
        "ended": edges.now().isoformat(),
        "seconds": report.seconds if report else None,
        "exit_status": report.exit_status if report else 1,
        "published": bool(report and report.published),
    }
    write_durably(edges.home / LAST_NIGHT, json.dumps(said).encode())


def last_night(edges: Edges) -> dict[str, Any] | None:
    """What `remember_night` wrote; None where there was no night."""
    try:
        found: dict[str, Any] = json.loads((edges.home / LAST_NIGHT).read_bytes())
    except (FileNotFoundError, ValueError):
        return None
    return found


def measurer(settings: Settings, edges: Edges) -> Callable[[dt.datetime], list[str]]:
    """Writes the figures to the file that is set; a line where that fails."""

    def measure(at: dt.datetime) -> list[str]:
        if settings.metrics_file is None:
            return []
        try:
            write_metrics(settings, edges, settings.metrics_file, at)
        except OSError as error:
            return [f"LM_METRICS_FILE could not be written: {error}"]
        return []

    return measure


def write_metrics(settings: Settings, edges: Edges, path: Path, at: dt.datetime) -> None:
    """Write all figures as of `at` (UTC without zone) to `path`, in one rename. Raises OSError."""
    from prometheus_client import write_to_textfile

    path.parent.mkdir(parents=True, exist_ok=True)
    write_to_textfile(str(path), registry(settings, edges, at))


def metrics_text(settings: Settings, edges: Edges, at: dt.datetime) -> str:
    """All figures as of `at`, in Prometheus's text format."""
    from prometheus_client import generate_latest

    return generate_latest(registry(settings, edges, at)).decode()


def samples(settings: Settings, edges: Edges, at: dt.datetime) -> list[dict[str, Any]]:
    """All figures as of `at`: name, labels and value of each."""
    return [
        {"name": sample.name, "labels": sample.labels, "value": sample.value}
        for family in registry(settings, edges, at).collect()
        for sample in family.samples
    ]


def registry(settings: Settings, edges: Edges, at: dt.datetime) -> CollectorRegistry:
    """All figures as of `at`. What cannot be read is left out, and `readable` says so."""
    from prometheus_client import CollectorRegistry

    made = CollectorRegistry(auto_describe=False)
    _gauge(made, "metrics_written_timestamp_seconds", "When these figures were written.", _unix(at))
    _warehouse(made, edges, at)
    _told(made, settings, edges, at)
    _night(made, edges)
    existing = next(path for path in (edges.home, *edges.home.parents) if path.exists())
    free = shutil.disk_usage(existing).free
    _gauge(made, "state_free_bytes", "Room on the disk of the state.", free)
    return made


def _gauge(made: CollectorRegistry, name: str, text: str, value: float) -> None:
    from prometheus_client import Gauge

    Gauge(name, text, namespace=NAMESPACE, registry=made).set(value)


def _gauges(
    made: CollectorRegistry, name: str, text: str, label: str, values: dict[str, float]
) -> None:
    from prometheus_client import Gauge

    gauge = Gauge(name, text, [label], namespace=NAMESPACE, registry=made)
    for said, value in sorted(values.items()):
        gauge.labels(said).set(value)


def _unix(moment: dt.datetime) -> float:
    return moment.replace(tzinfo=dt.UTC).timestamp()


def _warehouse(made: CollectorRegistry, edges: Edges, at: dt.datetime) -> None:
    try:
        with reading(edges.warehouse_url) as warehouse:
            rows = warehouse.rows("SELECT * FROM mart.source_freshness")
            [published] = warehouse.rows(
                "SELECT max(publication_id) AS number, max(published_at) AS moment FROM mart.publication"
            )
            aside = warehouse.rows(
                "SELECT asset, count(*) AS rows FROM mart.quarantine GROUP BY asset"
            )
    except (NothingPublishedError, UnreadableError):
        _gauge(made, "warehouse_readable", "1 where the warehouse can be read.", 0)
        return
    _gauge(made, "warehouse_readable", "1 where the warehouse can be read.", 1)
    moment = "last_publication_timestamp_seconds"
    _gauge(made, moment, "When was last published.", _unix(published["moment"]))
    released: dict[str, dt.datetime] = {}
    for row in rows:
        known = row["modified_at"] or row["fetched_at"]
        if known:
            released[row["source"]] = max(known, released.get(row["source"], known))
    _gauges(
        made,
        "source_released_timestamp_seconds",
        "When the newest release of a source that is served came out.",
        "source",
        {name: _unix(known) for name, known in released.items()},
    )
    _gauges(
        made,
        "source_age_seconds",
        "How old that release was when this was written.",
        "source",
        {name: (at - known).total_seconds() for name, known in released.items()},
    )
    _gauges(
        made,
        "source_expected_every_seconds",
        "How often a new release of a source is expected.",
        "source",
        {row["source"]: row["cadence_days"] * 86400.0 for row in rows},
    )
    for state in ("blocked", "unreachable"):
        found = Counter(row["source"] for row in rows if row["state"] == state)
        _gauges(
            made,
            f"{state}_editions",
            f"Editions of a source that are {state}.",
            "source",
            {row["source"]: float(found[row["source"]]) for row in rows},
        )
    by_asset: Counter[str] = Counter()
    for row in aside:
        by_asset[row["asset"].partition(":")[0]] += row["rows"]
    _gauge(made, "quarantined_rows", "Rows set aside.", float(by_asset.total()))
    _gauges(
        made,
        "quarantined_rows_by_asset",
        "Rows set aside, by the asset they were meant for.",
        "asset",
        {name: float(rows) for name, rows in by_asset.items()},
    )


def _told(made: CollectorRegistry, settings: Settings, edges: Edges, at: dt.datetime) -> None:
    from pipelines.telling.announcing import owed_now
    from warehouse.deliveries import Deliveries

    try:
        wrong = Counter(str(incident.kind) for incident in edges.incidents.open())
        waiting = Counter(notice.channel for notice in edges.incidents.undelivered(at))
        events = 0
        if settings.publication_webhook_url:
            deliveries = Deliveries(settings.incidents, settings.secrets())
            events = len(owed_now(edges.warehouse_url, deliveries))
    except (IncidentsError, UnreadableError):
        return
    kinds = {str(kind): float(wrong[str(kind)]) for kind in Kind}
    _gauges(made, "open_incidents", "What is wrong now.", "kind", kinds)
    channels = {name: float(waiting[name]) for name in edges.incidents.channels}
    _gauges(made, "undelivered_messages", "Messages to people that wait.", "channel", channels)
    _gauge(made, "undelivered_publications", "Publications not announced yet.", float(events))


def _night(made: CollectorRegistry, edges: Edges) -> None:
    night = last_night(edges)
    if night is None:
        return
    ended = _unix(dt.datetime.fromisoformat(night["ended"]))
    _gauge(made, "last_night_timestamp_seconds", "When the last night ended.", ended)
    _gauge(made, "last_night_exit_status", "0 where nothing was wrong.", night["exit_status"])
    if night["seconds"] is not None:
        _gauge(made, "last_night_duration_seconds", "How long it took.", night["seconds"])
