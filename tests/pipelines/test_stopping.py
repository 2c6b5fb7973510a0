"""A night that is asked to stop stops, whatever it waits for, and leaves nothing that seems to run."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.publishers import Fault, Publishers
from tests.sampled import serve_sample

COMMAND = "from pipelines.cli import main; main()"


@pytest.mark.parametrize(
    ("source", "page"), [("cbs_kwb", "TypedDataSet"), ("cbs_establishments", "Observations")]
)
def test_a_night_stops_while_a_publisher_keeps_it_waiting(
    source: str, page: str, tmp_path: Path
) -> None:
    with Publishers() as publishers:
        serve_sample(publishers)
        server = publishers.cbs_v3 if page == "TypedDataSet" else publishers.cbs_v4
        server.inject(*[Fault(page, kind="slow", bytes_per_second=0)] * 20)
        env = os.environ | publishers.env
        env |= {"LM_HOME": str(tmp_path), "LM_SOURCES": "live", "LM_DEADLINE": "600"}
        night = subprocess.Popen(
            [sys.executable, "-c", COMMAND, "nightly", "--source", source],
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            while not any(page in request.path for request in server.requests):
                assert night.poll() is None, night.communicate()
                time.sleep(0.05)
            night.send_signal(signal.SIGTERM)
            said, _ = night.communicate(timeout=60)  # it would wait for ten minutes
        finally:
            night.kill()
    assert night.returncode in (1, 143), said
    assert "BLOCKED" not in said
    if night.returncode == 1:
        assert "the last publication keeps serving" in said
        runs = tmp_path / "live" / "dagster" / "history" / "runs.db"
        with sqlite3.connect(runs) as connection:
            found = connection.execute("SELECT pipeline_name, status FROM runs").fetchall()
        assert dict(found) == {"nightly": "FAILURE", f"intake_{source}": "FAILURE"}


@pytest.mark.parametrize("how", ["SIG_DFL", "SIG_IGN"])
def test_what_does_not_listen_is_ended(how: str) -> None:
    """Also where Ctrl-C is ignored, as it is in the background of a script."""
    deaf = f"""
import signal
import time
signal.signal(signal.SIGINT, signal.{how})
from pipelines.stopping import stops_when_asked
with stops_when_asked(0.2):
    while True:
        try:
            print("in", flush=True)
            time.sleep(600)
        except KeyboardInterrupt:
            pass
"""
    process = subprocess.Popen([sys.executable, "-c", deaf], stdout=subprocess.PIPE)
    assert process.stdout and process.stdout.readline() == b"in\n"
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 143


def test_afterwards_signals_are_handled_as_before() -> None:
    from pipelines.stopping import stops_when_asked

    def handled() -> list[object]:
        return [signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)]

    before = handled()
    with stops_when_asked():
        assert all(map(callable, handled()))
    assert handled() == before
