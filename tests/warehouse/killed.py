"""Kills a publication at a random moment, again and again, while a reader looks on.

`KILLS` times a process publishes the next number and is killed with SIGKILL somewhere on the way. A
reader asks all the time and must see the old or the new number whole, never going back. What was
killed is then published again, and must end as it would have without the kill.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.warehouse.published import WHOLE, contents, expected, seen
from warehouse.parts import Copies
from warehouse.publishing import publishing
from warehouse.reading import reading

LOCATIONS = 400
IDS = ["inhabitants", "jobs"]
_FORKED = multiprocessing.get_context("forkserver")
# Imported once, before the fork: a process that has used polars must not be forked, one that has
# only imported it may.
_FORKED.set_forkserver_preload(
    [
        "tests.warehouse.killed",
        "polars",
        "duckdb",
        "duckdb_sqlalchemy",
        "sqlalchemy",
        "adbc_driver_postgresql.dbapi",
        "warehouse.postgresql",
        "warehouse.duckdb_file",
        "warehouse.dictionary",
    ]
)


@dataclass
class Outcome:
    """What the kills did."""

    before: int = 0
    """Kills after which the old publication stood."""
    after: int = 0
    """Kills that came after the commit: the new one stood."""
    ended: int = 0
    """Publications that were over before the kill."""
    looks: int = 0
    """Times that the reader looked meanwhile."""
    wrong: list[Any] = field(default_factory=list)
    """What the reader or the check afterwards saw and should not have."""


def publish(url: str, folder: str, number: int) -> None:
    """Publish contents `number`, as every process here does."""
    with publishing(url, Copies(Path(folder)), patience=60) as target:
        target.replace(contents(number, LOCATIONS), [*IDS, f"extra_{number % 4}"], seen(number))


def whole(url: str) -> dict[str, Any]:
    """What a reader sees."""
    with reading(url) as reader:
        [row] = reader.rows(WHOLE)
        return row


def killed(url: str, folder: Path, kills: int, seed: int) -> Outcome:
    """Kill `kills` publications at the moments that `seed` draws."""
    draw = random.Random(seed)
    outcome = Outcome()
    publish(url, str(folder), 1)
    _seconds(url, folder, 2)  # what is imported for the first one is there for the others
    taken = _seconds(url, folder, 3)
    number = 3
    for _ in range(kills):
        moment = draw.uniform(0, taken * 1.1)
        with _watched(url, number, outcome):
            process = _FORKED.Process(target=publish, args=(url, str(folder), number + 1))
            process.start()
            process.join(moment)
            if process.exitcode is None and process.pid:
                os.kill(process.pid, signal.SIGKILL)
            else:
                outcome.ended += 1
            process.join()
        found = whole(url)
        if found == expected(number, LOCATIONS):
            outcome.before += 1
        elif found == expected(number + 1, LOCATIONS):
            outcome.after += 1
        else:
            outcome.wrong.append(("after the kill", number, found))
        publish(url, str(folder), number + 1)
        if whole(url) != expected(number + 1, LOCATIONS):
            outcome.wrong.append(("after the re-run", number, whole(url)))
        number = number + 1 if number < 6 else _again(url, folder)
    return outcome


def _again(url: str, folder: Path) -> int:
    """Back to the second publication, so that the contents do not grow with the number of kills."""
    publish(url, str(folder), 2)
    return 2


def _seconds(url: str, folder: Path, number: int) -> float:
    """How long a publication takes in a process of its own."""
    start = time.monotonic()
    process = _FORKED.Process(target=publish, args=(url, str(folder), number))
    process.start()
    process.join()
    assert process.exitcode == 0
    return time.monotonic() - start


@contextmanager
def _watched(url: str, number: int, outcome: Outcome) -> Iterator[None]:
    """A reader that looks again and again: publication `number` or the next, and never back."""
    over = threading.Event()
    allowed = [expected(number, LOCATIONS), expected(number + 1, LOCATIONS)]

    def look() -> None:
        reached = 0
        while not over.is_set():
            found = whole(url)
            outcome.looks += 1
            if found not in allowed[reached:]:
                outcome.wrong.append(("while it was published", number, found))
                return
            reached = allowed.index(found)

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()
