"""A run whose process is gone is told from one that lives, and from one of which nothing can be known."""

from __future__ import annotations

import json
import logging
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import dagster as dg
import pytest
from dagster._core.launcher.base import WorkerStatus
from dagster._core.storage.tags import GRPC_INFO_TAG

from pipelines.launcher import PROCESS, WatchfulRunLauncher, lives, this_process


@pytest.fixture
def launcher() -> Iterator[WatchfulRunLauncher]:
    """A launcher with an instance."""
    with dg.DagsterInstance.ephemeral() as instance:
        launcher = WatchfulRunLauncher()
        launcher.register_instance(instance)
        yield launcher


@pytest.fixture
def gone() -> int:
    """The number of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_this_process_lives_and_one_that_ended_does_not(gone: int) -> None:
    assert lives(this_process())
    assert not lives(f"{socket.gethostname()} {gone} 12345")


def test_a_number_that_another_process_got_is_not_taken_for_it() -> None:
    host, pid, start = this_process().split()
    assert not lives(f"{host} {pid} {int(start) - 100}")
    assert lives(f"{host} {pid} before:{time.time()}")
    assert not lives(f"{host} {pid} before:{time.time() - 10 * 24 * 3600}")


def test_a_process_that_nobody_asked_after_is_gone() -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    while lives(f"{socket.gethostname()} {process.pid} before:{time.time()}"):
        time.sleep(0.01)
    process.wait()


def test_one_of_another_machine_is_taken_to_live(gone: int) -> None:
    assert lives(f"elsewhere {gone} 12345")


def status(launcher: WatchfulRunLauncher, tags: dict[str, str], pid: int | None) -> WorkerStatus:
    """What the launcher says of a run with these tags that said its number."""
    from dagster._core.events import EngineEventData

    run = launcher._instance.create_run_for_job(_job(), tags=tags)
    if pid is not None:
        launcher._instance.report_engine_event(
            "Started process for run", run, EngineEventData.in_process(pid)
        )
    return launcher.check_run_worker_health(run).status


def _job() -> dg.JobDefinition:
    @dg.job
    def empty() -> None:
        pass

    return empty


def test_a_launched_run_is_looked_at_by_the_number_it_said(
    launcher: WatchfulRunLauncher, gone: int
) -> None:
    here = {GRPC_INFO_TAG: json.dumps({"host": "localhost", "socket": "x"})}
    assert launcher.supports_check_run_worker_health
    assert status(launcher, here, os.getpid()) is WorkerStatus.RUNNING
    assert status(launcher, here, gone) is WorkerStatus.FAILED
    assert status(launcher, here, None) is WorkerStatus.RUNNING
    elsewhere = {GRPC_INFO_TAG: json.dumps({"host": "code-server", "port": 4000})}
    assert status(launcher, elsewhere, gone) is WorkerStatus.RUNNING


def test_that_a_run_is_tried_again_is_said_before_it_counts_as_failed(gone: int) -> None:
    """A backfill all of whose runs are over and not to be tried again is called failed for good."""
    from dagster._core.execution.asset_backfill import backfill_runs_are_complete
    from dagster._core.storage.tags import BACKFILL_ID_TAG, MAX_RETRIES_TAG

    settings = {"run_retries": {"enabled": True, "max_retries": 2}}
    with dg.instance_for_test(overrides=settings) as instance:
        launcher = WatchfulRunLauncher()
        launcher.register_instance(instance)
        for most, over in (("2", False), ("0", True)):
            tags = {
                PROCESS: f"{socket.gethostname()} {gone} 12345",
                BACKFILL_ID_TAG: f"backfill{most}",
                MAX_RETRIES_TAG: most,
            }
            run = instance.create_run_for_job(_job(), tags=tags)
            assert launcher.check_run_worker_health(run).status is WorkerStatus.FAILED
            # What is stored of it a moment before Dagster says whether it is tried again.
            failed = dg.DagsterEvent(dg.DagsterEventType.RUN_FAILURE.value, run.job_name)
            instance.run_storage.handle_run_event(run.run_id, failed)
            log = logging.getLogger(__name__)
            assert backfill_runs_are_complete(tags[BACKFILL_ID_TAG], instance, log) is over


def test_a_run_of_the_command_line_is_looked_at_by_its_tag(
    launcher: WatchfulRunLauncher, gone: int
) -> None:
    assert status(launcher, {PROCESS: this_process()}, None) is WorkerStatus.RUNNING
    ended = f"{socket.gethostname()} {gone} 12345"
    assert status(launcher, {PROCESS: ended}, None) is WorkerStatus.FAILED
    assert status(launcher, {}, None) is WorkerStatus.RUNNING
