"""Runs take their turn: of one source one at a time, of several side by side, a publication alone."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import dagster as dg
import pytest

from pipelines.turns import takes
from warehouse.exclusive import is_held, only_writer, together

HOLD = """
import sys
from pathlib import Path
from warehouse.exclusive import together
with together(Path(sys.argv[1]), alone=sys.argv[2] == "alone"):
    print("held", flush=True)
    sys.stdin.read()
"""


def holding(folder: Path, how: str) -> subprocess.Popen[str]:
    """Another process that writes, alone or not, until its input ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder), how],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline() == "held\n"
    return process


@pytest.mark.parametrize(
    ("theirs", "ours", "waits"),
    [("shared", "shared", False), ("alone", "shared", True), ("shared", "alone", True)],
)
def test_who_waits_for_whom(tmp_path: Path, theirs: str, ours: str, waits: bool) -> None:
    process = holding(tmp_path, theirs)
    waiting, done = threading.Event(), threading.Event()

    def write() -> None:
        with together(tmp_path, waiting.set, alone=ours == "alone"):
            done.set()

    thread = threading.Thread(target=write)
    thread.start()
    assert (waiting if waits else done).wait(30)
    assert done.is_set() != waits
    process.communicate("")
    assert done.wait(30)
    thread.join()


def test_who_is_killed_lets_go(tmp_path: Path) -> None:
    process = holding(tmp_path, "alone")
    process.kill()
    process.communicate()
    with together(tmp_path, lambda: pytest.fail("nobody has it"), alone=True):
        pass


def test_whether_a_night_runs_can_be_seen(tmp_path: Path) -> None:
    assert not is_held(tmp_path)
    with only_writer(tmp_path):
        assert is_held(tmp_path)
    assert not is_held(tmp_path)


def run(job: str, *keys: str) -> dg.DagsterRun:
    selection = frozenset(dg.AssetKey(key.split("/")) for key in keys)
    return dg.DagsterRun(job_name=job, asset_selection=selection or None)


@pytest.mark.parametrize(
    ("job", "keys", "expected"),
    [
        ("intake_cbs_kwb", (), ({"cbs_kwb"}, False)),
        ("publication", (), (set(), True)),
        ("nightly", (), (set(), False)),
        ("__ASSET_JOB", ("raw/ibis", "core/figure/ibis"), ({"ibis"}, False)),
        ("__ASSET_JOB", ("core/figure/ibis", "mart/location"), ({"ibis"}, True)),
        ("publication", ("warehouse/publication",), (set(), True)),
    ],
)
def test_what_a_run_takes(job: str, keys: tuple[str, ...], expected: tuple[set[str], bool]) -> None:
    assert takes(run(job, *keys)) == expected
