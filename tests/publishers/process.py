"""The publishers in a process of their own, so that a benchmark does not share its interpreter.

Here: `publishers_process`, which starts `python -m tests.publishers` and waits until it is ready.
Not here: what that program does (`__main__.py`).
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.publishers.shared import ROOT


@contextlib.contextmanager
def publishers_process(
    shared: Sequence[str] = (), *, tables: int = 0, gzip: bool = False, patience: float = 60
) -> Iterator[dict[str, str]]:
    """Serve from another process while the `with` lasts; gives the settings that point at it.

    `shared` names what to serve of the shared data (see `python -m tests.publishers --help`),
    `tables` is a number of invented v3 tables. Every page is rendered before this returns.
    """
    with tempfile.TemporaryDirectory() as folder:
        ready = Path(folder) / "ready.json"
        command = [sys.executable, "-m", "tests.publishers", "--ready-file", str(ready)]
        for name in shared:
            command += ["--shared", name]
        command += ["--tables", str(tables)] + (["--gzip"] if gzip else [])
        with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE) as process:
            try:
                yield _wait(process, ready, patience)
            finally:
                assert process.stdin is not None
                process.stdin.close()  # the program stops when its input ends
                try:
                    process.wait(timeout=10)
                except subprocess.TimeoutExpired:
                    process.kill()


def _wait(process: subprocess.Popen[bytes], ready: Path, patience: float) -> dict[str, str]:
    deadline = time.monotonic() + patience
    while not ready.exists():
        if process.poll() is not None:
            raise RuntimeError(f"the publishers stopped with status {process.returncode}")
        if time.monotonic() > deadline:
            raise TimeoutError(f"the publishers were not ready after {patience} s")
        time.sleep(0.02)
    settings: dict[str, str] = json.loads(ready.read_text("utf-8"))
    return settings
