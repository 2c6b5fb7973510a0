"""Measures a piece of work in a process of its own: seconds, and memory above what stood before."""

from __future__ import annotations

import contextlib
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RUNS = 5


@dataclass(frozen=True)
class Row:
    """One line of the table: what was done, median seconds, peak megabytes above the start."""

    what: str
    seconds: float
    spread: str
    megabytes: float | None
    promise: str = ""

    @property
    def cells(self) -> tuple[str, str, str, str, str]:
        """As it is printed."""
        memory = "" if self.megabytes is None else f"{self.megabytes:.0f}"
        return self.what, f"{self.seconds:.2f}", self.spread, memory, self.promise


def _kilobytes(field: str) -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(field):
            return int(line.split()[1])
    raise LookupError(field)


@dataclass
class Measured:
    """Filled in when the work is done."""

    seconds: float = 0.0
    megabytes: float = 0.0


@contextlib.contextmanager
def measured() -> Iterator[Measured]:
    """Seconds and the peak of resident memory above where it stood at the start (Linux)."""
    found = Measured()
    Path("/proc/self/clear_refs").write_text("5")  # sets the peak back to what is resident now
    before, start = _kilobytes("VmRSS"), time.perf_counter()
    yield found
    found.seconds = time.perf_counter() - start
    found.megabytes = (_kilobytes("VmHWM") - before) / 1024


def in_own_process(
    module: str, *arguments: str, runs: int = RUNS, warm: int = 1
) -> list[dict[str, float]]:
    """What `python -m module` prints as JSON, `runs` times, after `warm` runs that do not count."""
    found = []
    for _ in range(runs + warm):
        said = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        if said.returncode:
            raise RuntimeError(f"{module} failed:\n{said.stderr[-3000:]}")
        found.append(json.loads(said.stdout.splitlines()[-1]))
    return found[warm:]


def row(what: str, runs: list[dict[str, float]], promise: str = "") -> Row:
    """A line of the table from several runs."""
    seconds = [run["seconds"] for run in runs]
    memory = [run["megabytes"] for run in runs if "megabytes" in run]
    return Row(
        what,
        statistics.median(seconds),
        f"{min(seconds):.2f} - {max(seconds):.2f}",
        statistics.median(memory) if memory else None,
        promise,
    )
