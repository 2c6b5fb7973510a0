"""One writer at a time, told when the one before it was killed; and what that one left is cleared."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
from pathlib import Path

from warehouse.exclusive import only_writer
from warehouse.leftovers import clear_away, remove

HOLDER = """
import sys, time
from pathlib import Path
from warehouse.exclusive import only_writer
with only_writer(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(600)
"""


def test_a_second_writer_waits_for_the_first(tmp_path: Path) -> None:
    first = subprocess.Popen([sys.executable, "-c", HOLDER, str(tmp_path)], stdout=subprocess.PIPE)
    assert first.stdout and first.stdout.readline() == b"held\n"
    told = []

    def waiting() -> None:
        told.append("waits")
        first.kill()

    with only_writer(tmp_path, waiting, lambda: told.append("after a kill")):
        assert told == ["waits", "after a kill"]
        assert first.wait(60) == -signal.SIGKILL


def test_a_mark_outlives_its_lock_only_after_a_kill(tmp_path: Path) -> None:
    """The kernel frees the locks of a killed process before the process itself is gone: to whoever
    gets the lock in between, it seems to live."""
    (tmp_path / "running").mkdir()
    mark = tmp_path / "running" / f"{os.getppid()}-1-lock"
    mark.touch()
    told: list[str] = []
    with only_writer(tmp_path, after_a_kill=lambda: told.append("other lock"), name="other"):
        assert mark.exists()  # its owner lives, and may hold `lock`
    with only_writer(tmp_path, after_a_kill=lambda: told.append("killed")):
        assert not mark.exists()
    assert told == ["killed"]


def test_after_one_that_ended_nothing_is_told(tmp_path: Path) -> None:
    told: list[str] = []
    for _ in range(2):
        with only_writer(tmp_path, lambda: told.append("waits"), lambda: told.append("killed")):
            pass
    assert told == []


def test_what_the_dead_left_half_written_goes_and_nothing_else(tmp_path: Path) -> None:
    gone = multiprocessing.get_context("spawn").Process()
    gone.start()
    gone.join()
    dead = gone.pid
    (tmp_path / "deep" / "deeper").mkdir(parents=True)
    half = [
        tmp_path / f"figure.parquet.{dead}-140001.part",
        tmp_path / "deep" / f".w.duckdb.{dead}.part",
        tmp_path / "deep" / f".w.duckdb.{dead}.part.wal",
        tmp_path / "deep" / "deeper" / f".{dead}.link",
    ]
    whole = [
        tmp_path / "figure.parquet",
        tmp_path / f"figure.parquet.{os.getpid()}-1.part",  # of one that lives
        tmp_path / "deep" / f"2020.{dead}.parquet",
        tmp_path / "deep" / "a.part",
    ]
    for path in (*half, *whole):
        path.write_bytes(b"x")
    assert remove(tmp_path.glob("*")) == half[:1]
    assert sorted(clear_away(tmp_path)) == sorted(half[1:])
    assert all(path.exists() for path in whole)
