"""A backfill of ten editions, in which something is killed with -9: `make backfill` runs this, `make test`
does not.

What `make ui` starts is started on a house of its own, against publishers on loopback that take their
time. After the kill it is started again, as a service manager would, and the backfill must come to its
end: every edition there, each release once, and a dead run found within two minutes.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.publishers import Fault, Publishers, small_table
from tests.sensors.conftest import declared
from warehouse.archive import Archive
from warehouse.frames import FrameStore

EDITIONS = [str(year) for year in range(2026, 2036)]
PATIENCE = 420
"""Seconds for a backfill to come to its end: the daemon looks every half minute."""
FOUND_WITHIN = 5 * 120
"""Seconds in which a run whose process was killed is found: two minutes are promised, on a machine that
has nothing else to do."""


@dataclass
class Services:
    """Webserver, daemon and code server of one house, as `make ui` starts them."""

    home: Path
    env: dict[str, str]
    port: int = 0
    process: subprocess.Popen[bytes] | None = None
    log: Path = field(init=False)

    def __post_init__(self) -> None:
        self.log = self.home / "ui.log"

    def start(self) -> None:
        """Start, and wait until the definitions are there."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "pipelines.cli", "ui", "--port", str(self.port)],
                env=self.env,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.until(self._ready, "the definitions are loaded")

    def _ready(self) -> bool:
        assert self.process
        if self.process.poll() is not None:
            raise AssertionError(f"the UI stopped by itself:\n{self.log.read_text()[-3000:]}")
        said = self.ask(
            "{ workspaceOrError { ... on Workspace { locationEntries { loadStatus } } } }"
        )
        entries = (said.get("workspaceOrError") or {}).get("locationEntries") or []
        return bool(entries) and all(entry["loadStatus"] == "LOADED" for entry in entries)

    def stop(self) -> None:
        """Stop everything that was started, runs as well."""
        if not self.process:
            return
        for sign in (signal.SIGINT, signal.SIGKILL):
            try:
                os.killpg(self.process.pid, sign)
                self.process.wait(30)
            except (ProcessLookupError, subprocess.TimeoutExpired):
                continue

    def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        """Ask the webserver; nothing where it does not answer yet."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/graphql",
            json.dumps({"query": query, "variables": variables}).encode(),
            {"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                said = json.load(answer)
        except OSError:
            return {}
        assert "errors" not in said, said
        return dict(said["data"])

    def until(self, done: Any, what: str, seconds: float = PATIENCE) -> float:
        """Wait until `done()`; returns how long that took."""
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            if done():
                return time.monotonic() - began
            time.sleep(0.5)
        raise AssertionError(
            f"not within {seconds} s: {what}; {self.runs()}\n{self.log.read_text()[-4000:]}"
        )

    def launch(self) -> str:
        """Launch a backfill of all editions, as the page does."""
        said = self.ask(
            "mutation($p: LaunchBackfillParams!) { launchPartitionBackfill(backfillParams: $p) {"
            " __typename ... on LaunchBackfillSuccess { backfillId } } }",
            p={
                "assetSelection": [
                    {"path": ["raw", "yearly"]},
                    {"path": ["core", "region", "yearly"]},
                    {"path": ["core", "figure", "yearly"]},
                ],
                "partitionNames": EDITIONS,
            },
        )["launchPartitionBackfill"]
        return str(said["backfillId"])

    def backfill(self, backfill_id: str) -> str:
        """Status of a backfill."""
        said = self.ask(
            "query($i: String!) { partitionBackfillOrError(backfillId: $i) {"
            " ... on PartitionBackfill { status } } }",
            i=backfill_id,
        )
        return str((said.get("partitionBackfillOrError") or {}).get("status"))

    def runs(self) -> list[dict[str, Any]]:
        """Every run, the newest first."""
        said = self.ask(
            "{ runsOrError { ... on Runs { results { runId status startTime endTime } } } }"
        )
        return list((said.get("runsOrError") or {}).get("results") or [])


@pytest.fixture
def publishers() -> Iterator[Publishers]:
    """Ten editions, each of which takes half a second to come."""
    with Publishers() as house:
        for number in range(1, len(EDITIONS) + 1):
            house.cbs_v3.put(small_table(number, rows=4))
        house.cbs_v3.inject(
            Fault("TypedDataSet", times=None, kind="slow", bytes_per_second=10**6, delay=1.0)
        )
        yield house


@pytest.fixture
def services(tmp_path: Path, publishers: Publishers) -> Iterator[Services]:
    """A house that knows ten editions of one source besides the shipped ones."""
    source = declared("yearly", {e: n for n, e in enumerate(EDITIONS, 1)})
    catalogue = tmp_path / "catalogue"
    (catalogue / "sources").mkdir(parents=True)
    said = source.model_dump(mode="json", exclude_defaults=True, by_alias=True)
    (catalogue / "sources" / "yearly.yaml").write_text(yaml.safe_dump([said]))
    env = {name: value for name, value in os.environ.items() if not name.startswith("LM_")}
    env |= publishers.env | {
        "LM_HOME": str(tmp_path / "home"),
        "LM_SOURCES": "live",
        "LM_EVENTS": "off",
        "LM_CATALOGUE": str(catalogue),
        "LM_TRIES": "2",
    }
    served = Services(tmp_path, env)
    try:
        served.start()
        yield served
    finally:
        served.stop()


def archived(services: Services) -> dict[str, int]:
    """Releases by edition."""
    archive = Archive(services.home / "home" / "live" / "archive")
    return {edition: len(archive.release_ids("yearly", edition)) for edition in EDITIONS}


def children(pid: int) -> dict[int, str]:
    """The command line of every process below one."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(stat.parent.name)] = int(words[1])
    found: dict[int, str] = {}
    below = {pid}
    while further := {child for child, parent in parents.items() if parent in below} - below:
        below |= further
    for child in below:
        try:
            found[child] = Path(f"/proc/{child}/cmdline").read_text().replace("\0", " ")
        except OSError:
            continue
    return found


def kill(services: Services, what: str) -> None:
    """Kill what is told, with -9."""
    assert services.process
    for pid, command in children(services.process.pid).items():
        hit = {
            "run": "multiprocessing.spawn" in command and "resource_tracker" not in command,
            "code server": "api grpc" in command or "code-server" in command,
            "daemon": "_daemon" in command or "daemon run" in command,
            "everything": True,
        }[what]
        if hit:
            os.kill(pid, signal.SIGKILL)


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("what", ["run", "code server", "daemon", "everything"])
def test_a_backfill_comes_to_its_end(services: Services, what: str) -> None:
    backfill_id = services.launch()
    services.until(lambda: sum(archived(services).values()) >= 3, "three editions are archived")
    assert sum(archived(services).values()) < len(EDITIONS), (
        "it was over before anything was killed"
    )
    [run] = services.runs()
    assert services.process
    before = children(services.process.pid)
    kill(services, what)
    killed = time.time()

    def over() -> bool:
        """Whether the backfill is over; meanwhile what a service manager does for services that ended,
        which may take them a while: it stops what is left of them, and starts them again."""
        nonlocal killed
        assert services.process
        if services.process.poll() is not None:
            for pid in before:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            killed = time.time()  # nobody could look before
            services.start()
        return services.backfill(backfill_id).startswith("COMPLETED")

    services.until(over, "the backfill is over")
    said = {r["runId"]: r for r in services.runs()}
    lasted = {run_id: r["status"] for run_id, r in said.items()}
    print(f"\n{what} killed: {services.backfill(backfill_id)}, runs {sorted(lasted.values())}")
    assert services.backfill(backfill_id) == "COMPLETED_SUCCESS", services.runs()
    assert archived(services) == dict.fromkeys(EDITIONS, 1)
    frames = FrameStore(services.home / "home" / "live" / "assets")
    assert frames.editions(("core", "figure", "yearly")) == EDITIONS
    first = said[run["runId"]]
    if first["status"] == "FAILURE":
        found = first["endTime"] - killed
        print(f"the dead run was found after {found:.0f} s")
        assert found < FOUND_WITHIN
        assert len(said) == 2
