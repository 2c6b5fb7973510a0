"""Dagster's own records, under `LM_HOME`: the instance that the command line and the UI share."""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import os
import sqlite3
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assets.raw import partitions_of
from pipelines.settings import Settings
from warehouse.archive import Archive
from warehouse.durable import write_durably

if TYPE_CHECKING:
    import dagster as dg

    from assets.catalogue import Catalogue

INSTANCE = b"""\
# Written by locatiemonitor when it is not there; yours to change.
telemetry:
  enabled: false
# No invitation to a mailing list over the first page.
nux:
  enabled: false
# A run whose process is gone is found within a minute and tried again from the step that failed.
run_launcher:
  module: pipelines.launcher
  class: WatchfulRunLauncher
run_monitoring:
  enabled: true
  start_timeout_seconds: 120
  cancel_timeout_seconds: 60
  poll_interval_seconds: 30
# Only what crashed is tried again: a source that is refused would be refused again.
run_retries:
  enabled: true
  max_retries: 2
  retry_on_asset_or_op_failure: false
concurrency:
  runs:
    max_concurrent_runs: 1
  # One run a source at a time, should more runs be let in.
  pools:
    granularity: run
    default_limit: 1
# What the sensors saw and did not act on is not kept for ever.
retention:
  schedule:
    purge_after_days: 90
  sensor:
    purge_after_days:
      skipped: 2
      failure: 30
      success: 90
"""

EARLIER = frozenset({"815f66cfa40a99c0b38b0451838a29ef237f5a4728c45a1f48e4112002152546"})
"""sha256 of what earlier versions wrote: where nobody changed that, it is replaced."""
ON_POSTGRESQL = b"""\
storage:
  postgres:
    postgres_url:
      env: LM_DAGSTER_URL
"""
"""What is added where Dagster's records are in PostgreSQL, for several machines or many runs at once."""


MOST_KEPT = 64
"""Databases that are kept open at one time: Dagster has one for each run, and a few for all."""
_kept: OrderedDict[str, sqlite3.Connection] = OrderedDict()


def spare_the_disk() -> None:
    """Let SQLite sync at checkpoints instead of at every one of a run's thousand log lines.

    In WAL mode that cannot corrupt a database; what a power cut may cost is the last lines of
    Dagster's log, never data of ours. Dagster opens and closes a database for every line, and
    SQLite makes a checkpoint, and throws the log away, whenever the last connection closes: so one
    that does nothing is kept open to each.
    """
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    if not event.contains(Engine, "connect", _opened):
        event.listen(Engine, "connect", _opened)
        atexit.register(let_go)


def let_go() -> None:
    """Close what is kept open: SQLite then puts its logs into the databases."""
    while _kept:
        _kept.popitem()[1].close()


def _opened(connection: Any, record: object) -> None:
    if type(connection).__module__.startswith("sqlite3"):
        connection.execute("PRAGMA synchronous = NORMAL")
        _keep(connection)


def _keep(connection: sqlite3.Connection) -> None:
    """Keep a connection of our own open to the database, where it is a file in WAL mode."""
    path = connection.execute("PRAGMA database_list").fetchone()[2]
    if not path or path in _kept:
        return
    if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        return
    while len(_kept) >= MOST_KEPT:
        _kept.popitem(last=False)[1].close()
    kept = sqlite3.connect(path, check_same_thread=False)
    # It counts as a user of the log from its first read on; the read is over at once.
    kept.execute("SELECT count(*) FROM sqlite_master").fetchone()
    _kept[path] = kept


def records_url(url: str) -> str:
    """Where Dagster keeps its records, with the one driver that it works with. Raises ValueError."""
    if not url or url.startswith("postgresql+psycopg2://"):
        return url
    scheme, found, rest = url.partition("://")
    if scheme not in ("postgresql", "postgres", "postgresql+psycopg") or not found:
        raise ValueError(
            "LM_DAGSTER_URL: expected postgresql+psycopg2://user:password@host:5432/database"
        )
    # By another driver Dagster's connections end under its hands.
    return f"postgresql+psycopg2://{rest}"


def configure(path: Path, *, on_postgresql: bool = False) -> None:
    """Write Dagster's configuration where there is none, or one that we wrote and nobody changed
    since. Raises ValueError where one that somebody changed does not use the PostgreSQL that the
    settings name."""
    wanted = INSTANCE + ON_POSTGRESQL if on_postgresql else INSTANCE
    there = path.read_bytes() if path.exists() else INSTANCE
    if hashlib.sha256(there).hexdigest() in EARLIER or there in (
        INSTANCE,
        INSTANCE + ON_POSTGRESQL,
    ):
        if there != wanted or not path.exists():
            write_durably(path, wanted)
    elif on_postgresql and b"LM_DAGSTER_URL" not in there:
        raise ValueError(
            f"LM_DAGSTER_URL is set and {path}, which you changed, does not use it; add to it:\n"
            + ON_POSTGRESQL.decode()
        )


def prepare(settings: Settings) -> None:
    """Let whatever opens Dagster's instance in this process or its children open that of the settings."""
    if settings.dagster_url:
        os.environ["LM_DAGSTER_URL"] = records_url(settings.dagster_url)
    configure(settings.dagster_home / "dagster.yaml", on_postgresql=bool(settings.dagster_url))
    os.environ["DAGSTER_HOME"] = str(settings.dagster_home)
    # Checks that are planned are written to the log together, not one by one.
    os.environ.setdefault("DAGSTER_EVENT_BATCH_SIZE", "500")
    spare_the_disk()


def open_instance(settings: Settings) -> dg.DagsterInstance:
    """The instance under `LM_HOME`, made on first use. Raises ValueError for settings that are wrong."""
    import dagster as dg

    prepare(settings)
    return dg.DagsterInstance.get()


@contextlib.contextmanager
def open_with_editions(settings: Settings, catalogue: Catalogue) -> Iterator[dg.DagsterInstance]:
    """The instance, with every edition that there may be as a partition. Raises as `open_instance`."""
    with open_instance(settings) as instance:
        register_editions(instance, catalogue, _samples_of(settings))
        yield instance


def _samples_of(settings: Settings) -> Archive | None:
    """The bundled sample, where it stands in for the publishers."""
    return Archive(settings.samples) if settings.sources == "sample" else None


def register_editions(
    instance: dg.DagsterInstance, catalogue: Catalogue, sample: Archive | None = None
) -> None:
    """Make every declared edition a partition, so that the UI offers them before the first night.

    `sample`: the bundled sample, where that is all that the publishers have: then only what it holds,
    because a backfill of anything else can but fail.
    """
    for source in catalogue.sources.values():
        name = partitions_of(source).name
        known = set(instance.get_dynamic_partitions(name)) if name else set()
        there = sample.editions(source.name) if sample else source.editions
        further = [edition for edition in sorted(there) if edition not in known]
        if name and further:
            instance.add_dynamic_partitions(name, further)
