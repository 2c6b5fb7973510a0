"""Launches runs on this machine, as Dagster's own launcher does, and can tell whether one still lives.

Dagster's launcher cannot: a run whose process is killed is only noticed by the code server that
started it, and by nobody where that was killed too or the machine went down. Then it would count as
running for ever. With this launcher run monitoring finds it at its next look and has it tried again.
"""

from __future__ import annotations

import json
import os
import socket
import time
from pathlib import Path
from typing import TYPE_CHECKING

from dagster._core.launcher.base import CheckRunHealthResult, WorkerStatus
from dagster._core.launcher.default_run_launcher import DefaultRunLauncher
from dagster._core.storage.tags import GRPC_INFO_TAG

from warehouse.processes import started

if TYPE_CHECKING:
    from dagster import DagsterRun

PROCESS = "locatiemonitor/process"
"""Tag of runs that were started without a launcher: `<host> <pid> <start>`, see `this_process`."""
HERE = ("localhost", "127.0.0.1", "::1")
ADJUSTED = 60.0
"""Seconds by which the clock may have been set while a run runs."""


class WatchfulRunLauncher(DefaultRunLauncher):
    """Dagster's default launcher, and a look at the process of a run."""

    @property
    def supports_check_run_worker_health(self) -> bool:
        return True

    def check_run_worker_health(self, run: DagsterRun) -> CheckRunHealthResult:
        """Whether the process of a run is there; one on another machine is taken to be."""
        process = run.tags.get(PROCESS) or self._process_of(run)
        if process is None or lives(process):
            return CheckRunHealthResult(WorkerStatus.RUNNING)
        self._announce_retry(run)
        return CheckRunHealthResult(
            WorkerStatus.FAILED, f"the process of the run is gone ({process.split()[1]})"
        )

    def _announce_retry(self, run: DagsterRun) -> None:
        """Say of a run that will count as failed, before it does, whether it will be tried again.

        Dagster says so just after, and in between the daemon of backfills may look: it would find
        a backfill whose runs are all over, call it failed, and then nothing is tried again. Both
        look at once when the daemon starts.
        """
        from dagster import DagsterRunStatus
        from dagster._core.execution.retries import auto_reexecution_should_retry_run
        from dagster._core.storage.tags import WILL_RETRY_TAG

        if self._instance.run_retries_enabled:
            failed = run.with_status(DagsterRunStatus.FAILURE)
            will = auto_reexecution_should_retry_run(self._instance, failed, None)
            self._instance.add_run_tags(run.run_id, {WILL_RETRY_TAG: str(will).lower()})

    def _process_of(self, run: DagsterRun) -> str | None:
        """The process in which a launched run runs, as it said itself when it began; None where
        that cannot be known."""
        from dagster import DagsterEventType

        said = json.loads(run.tags.get(GRPC_INFO_TAG, "{}"))
        if said.get("host") not in HERE:
            return None
        for entry in self._instance.all_logs(run.run_id, of_type=DagsterEventType.ENGINE_EVENT):
            event = entry.dagster_event
            pid = event.event_specific_data.metadata.get("pid") if event else None  # type: ignore[union-attr]
            if pid is not None:
                return f"{socket.gethostname()} {pid.value} before:{entry.timestamp}"
        return None


def this_process() -> str:
    """This process, so that another that gets its number later is not taken for it."""
    return f"{socket.gethostname()} {os.getpid()} {started(os.getpid())}"


def lives(process: str) -> bool:
    """Whether a process is still there; one of another machine is taken to be.

    `process`: host, number and the moment it started, as the kernel counts it, or `before:` with
    the Unix time at which it was there already.
    """
    host, pid, start = process.split()
    if host != socket.gethostname() or not Path("/proc/self/stat").exists():
        return True
    since = started(int(pid))
    if since is None:
        return False
    if not start.startswith("before:"):
        return str(since) == start
    boot = time.time() - time.clock_gettime(time.CLOCK_BOOTTIME)
    began = boot + since / os.sysconf("SC_CLK_TCK")
    return began <= float(start.removeprefix("before:")) + ADJUSTED
