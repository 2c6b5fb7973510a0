"""Several machines: Celery's workers on stores in S3, with PostgreSQL for Dagster and for readers.

`make cluster` runs this; Redis is Debian's. One of two workers is killed in the middle of a backfill.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from assets.core import SUBJECTS, key_of
from tests import object_store
from tests.postgres import fresh_database
from tests.warehouse.alike import differences
from warehouse.frames import FrameStore, content_hash
from warehouse.reading import reading
from warehouse.vocabulary import key_of as table_key

pytestmark = pytest.mark.timeout(3600)
PATIENCE = 900.0
"""Seconds for what takes a few, on the slowest machine."""
STEP_SECONDS = 30
BACKFILLED = {"budget_sites": 6, "cbs_areas": 2}
"""Sources of the sample and how many editions they have."""
BACKFILL = """
import sys
import dagster as dg
from dagster._core.definitions.reconstruct import ReconstructableRepository
from assets.catalogue import load_catalogue
from pipelines.instance import open_instance, register_editions
from pipelines.settings import load_settings

source = sys.argv[1]
with open_instance(load_settings()) as instance:
    editions = instance.get_dynamic_partitions(source)
    job = ReconstructableRepository.for_module("pipelines.definitions", "defs")
    result = dg.execute_job(
        job.get_reconstructable_job(f"intake_{source}"),
        instance,
        tags={
            "dagster/asset_partition_range_start": editions[0],
            "dagster/asset_partition_range_end": editions[-1],
        },
    )
    print("RUN", result.run_id, result.success, flush=True)
    sys.exit(not result.success)
"""
REGISTER = """
from pathlib import Path
from assets.sources.survey import survey_all
from assets.catalogue import load_catalogue
from pipelines.instance import open_instance, register_editions
from pipelines.resources import build_edges
from pipelines.settings import load_settings

settings = load_settings()
catalogue = load_catalogue()
edges = build_edges(settings, catalogue)
surveys = survey_all(catalogue, edges.fetcher_of, edges.archive)
with open_instance(settings) as instance:
    for survey in surveys.values():
        for listing in sorted(survey.listings, key=lambda listing: listing.edition):
            instance.add_dynamic_partitions(listing.source, [listing.edition])
"""


def wait_for(what: Callable[[], Any], why: str) -> Any:
    """The first true answer."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if found := what():
            return found
        time.sleep(0.1)
    raise AssertionError(f"waited in vain for {why}")


@contextmanager
def redis(folder: Path) -> Iterator[str]:
    """A Redis of its own; yields its URL."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        shutil.which("redis-server") or "redis-server",
        *("--port", str(port), "--bind", "127.0.0.1", "--requirepass", "canary-redis"),
        *("--save", "", "--appendonly", "no", "--dir", str(folder)),
    ]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:

        def up() -> bool:
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", port)) == 0

        wait_for(up, "Redis")
        yield f"redis://:canary-redis@127.0.0.1:{port}/0"
    finally:
        running.terminate()
        running.wait(30)


class Cluster:
    """Processes of several machines, each with a home of its own."""

    def __init__(self, folder: Path, env: dict[str, str]) -> None:
        self.folder, self.env = folder, env
        self.running: list[subprocess.Popen[bytes]] = []

    def start(self, machine: str, *command: str) -> subprocess.Popen[bytes]:
        """Start a process of a machine, as the head of a group."""
        log = (self.folder / f"{machine}-{len(self.running)}.log").open("wb")
        process = subprocess.Popen(
            [sys.executable, *command],
            env={**os.environ, **self.env, "LM_HOME": str(self.folder / machine)},
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self.running.append(process)
        return process

    def run(self, machine: str, *command: str) -> None:
        """Run a process of a machine to its end."""
        process = self.start(machine, *command)
        assert process.wait(PATIENCE) == 0, self.said()

    def worker(self, machine: str) -> subprocess.Popen[bytes]:
        """A worker of Celery."""
        return self.start(
            machine,
            *("-m", "celery", "-A", "pipelines.workers", "worker", "-Q", "dagster"),
            *("--concurrency", "1", "-n", f"{machine}@%h", "--loglevel", "WARNING"),
        )

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """As when a machine goes down: the process and all its children at once."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(30)

    def said(self) -> str:
        """The ends of all logs."""
        logs = sorted(self.folder.glob("*.log"))
        return "\n".join(
            f"== {log.name}\n{log.read_text(errors='replace')[-3000:]}" for log in logs
        )

    def stop(self) -> None:
        """Stop whatever still runs."""
        for process in self.running:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
        for process in self.running:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill(process)


@pytest.fixture
def cluster(tmp_path: Path, postgres: str, s3: str) -> Iterator[Cluster]:
    """Stores, Redis and two databases; nothing runs on them yet."""
    bucket = object_store.fresh_bucket(s3)
    records, warehouse = (
        fresh_database(postgres).replace("postgresql://", f"postgresql+{driver}://")
        for driver in ("psycopg2", "psycopg")
    )
    with redis(tmp_path) as broker:
        made = Cluster(
            tmp_path,
            {
                **object_store.KEYS,
                "AWS_ENDPOINT_URL": s3,
                "LM_ARCHIVE_URL": f"{bucket}/archive",
                "LM_ASSETS_URL": f"{bucket}/state",
                "LM_INBOX": f"{bucket}/inbox",
                "LM_WAREHOUSE_URL": warehouse,
                "LM_DAGSTER_URL": records,
                "LM_EXECUTOR": "celery",
                "LM_CELERY_BROKER": broker,
                "LM_STEP_SECONDS": str(STEP_SECONDS),
            },
        )
        try:
            yield made
        finally:
            made.stop()


def test_a_backfill_outlives_one_of_its_workers(
    cluster: Cluster, sample_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in cluster.env.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("LM_HOME", str(cluster.folder / "onlooker"))
    from assets.catalogue import load_catalogue
    from pipelines.instance import open_instance
    from pipelines.resources import build_edges
    from pipelines.settings import load_settings

    cluster.run("control", "-c", REGISTER)
    workers = {name: cluster.worker(name) for name in ("one", "two")}
    backfills = [cluster.start("control", "-c", BACKFILL, source) for source in BACKFILLED]
    catalogue = load_catalogue()
    with open_instance(load_settings()) as instance:

        def executing() -> tuple[str, str, str] | None:
            """Run, step and worker of a step of the larger backfill that has begun."""
            assert all(process.poll() in (None, 0) for process in backfills), cluster.said()
            for run in instance.get_runs():
                if run.job_name != "intake_budget_sites":
                    continue
                for entry in instance.all_logs(run.run_id):
                    event = entry.dagster_event
                    if event and "in celery worker" in (event.message or ""):
                        assert event.step_key
                        host = event.event_specific_data.metadata["Celery worker"].value  # type: ignore[union-attr]
                        return run.run_id, event.step_key, str(host).split("@")[0]
            return None

        run_id, step, worker = wait_for(executing, "a worker that executes a step")
        cluster.kill(workers[worker])
        done = [
            entry.dagster_event.step_key
            for entry in instance.all_logs(run_id)
            if entry.dagster_event and entry.dagster_event.is_step_success
        ]
        assert step not in done, "killed in the middle of the step"
        for process in backfills:
            assert process.wait(PATIENCE) == 0, cluster.said()
        others = {
            str(entry.dagster_event.event_specific_data.metadata["Celery worker"].value)  # type: ignore[union-attr]
            for entry in instance.all_logs(run_id)
            if entry.dagster_event
            and entry.dagster_event.step_key == step
            and "in celery worker" in (entry.dagster_event.message or "")
        }
        assert len(others) == 2, f"begun by the one, done by the other: {others}"
    edges = build_edges(load_settings(), catalogue)
    alone = FrameStore(sample_home / "sample" / "assets")
    for source, editions in BACKFILLED.items():
        assert (
            len(edges.archive.releases(source)) == len(edges.archive.editions(source)) == editions
        )
        for table in SUBJECTS[catalogue.sources[source].subject]:
            key = key_of(table.name, source)
            assert edges.frames.editions(key) == alone.editions(key)
            for edition in alone.editions(key):
                here, there = edges.frames.read(key, edition), alone.read(key, edition)
                assert here is not None
                assert there is not None
                by = table_key(table.table)
                assert content_hash(here, by) == content_hash(there, by), (key, edition)
    # The rest in a night, whose runs are of one process, on a machine that has seen none of it.
    night = ("-c", "from pipelines.cli import app; app()", "nightly")
    cluster.run("elsewhere", *night)
    with reading(cluster.env["LM_WAREHOUSE_URL"]) as shared:
        of_cluster = shared.rows(VALUES)
    with reading(f"duckdb:///{sample_home / 'sample' / 'locatiemonitor.duckdb'}") as single:
        of_one = single.rows(VALUES)
    assert of_one
    assert not differences(of_cluster, of_one)
    # And a second machine has nothing to do: same state, no news.
    cluster.run("third", *night)
    assert "othing new" in cluster.said()
    said = cluster.said()
    for secret in ("canary-redis", object_store.KEYS["AWS_SECRET_ACCESS_KEY"]):
        assert secret not in said


def test_steps_may_be_processes_of_their_own(cluster: Cluster) -> None:
    """On one machine, with its state in folders: nothing is passed on in memory."""
    folder = cluster.folder / "single"
    stores = ("LM_ARCHIVE_URL", "LM_ASSETS_URL", "LM_INBOX", "LM_WAREHOUSE_URL")
    alone = {name: value for name, value in cluster.env.items() if name not in stores}
    cluster.env = alone | {"LM_EXECUTOR": "multiprocess"}
    cluster.run("single", "-c", REGISTER)
    cluster.run("single", "-c", BACKFILL, "cbs_areas")
    frames = FrameStore(folder / "sample" / "assets")
    assert frames.editions(key_of("region", "cbs_areas")) == ["2022", "2026"]
    assert frames.editions(key_of("outline", "cbs_areas")) == ["2022", "2026"]


VALUES = """
    SELECT location_id, indicator_id, period, value, lower, upper, missing_reason
    FROM mart.indicator_value
"""
