"""Who may write when: locks on the state folder, held by a process and let go when it ends.

A night, or a rebuild, has the folder's own lock for as long as it lasts, so there is one at a time. Runs
that take in sources share another, which a publication has alone. The locks are the kernel's: a process
that is killed lets go of them. It leaves a mark, though, and the next one is told.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from warehouse.processes import lives

LOCK = "lock"
WRITERS = "writers"
"""Shared by all runs that take in sources; had alone by one that publishes."""
RUNNING = "running"
"""Folder of a mark for each that holds a lock: `<process>-<thread>-<lock>`, taken away at its end."""


@contextlib.contextmanager
def only_writer(
    folder: Path,
    waiting: Callable[[], None] = lambda: None,
    after_a_kill: Callable[[], object] = lambda: None,
    *,
    name: str = LOCK,
    shared: bool = False,
) -> Iterator[None]:
    """Hold the lock `name` of `folder`; `waiting` is called once where another process holds it.

    `shared`: beside others who share it, but with nobody who has it alone. `after_a_kill` is called
    where a process that held a lock of this folder is no more and did not let go of it itself.
    """
    folder.mkdir(parents=True, exist_ok=True)
    how = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
    with (folder / name).open("w") as handle:
        try:
            fcntl.flock(handle, how | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting()
            fcntl.flock(handle, how)
        with _marked(folder / RUNNING, name, shared, after_a_kill):
            yield


@contextlib.contextmanager
def _marked(
    folder: Path, name: str, shared: bool, after_a_kill: Callable[[], object]
) -> Iterator[None]:
    folder.mkdir(exist_ok=True)
    killed = []
    for mark in folder.iterdir():
        process, _, held = mark.name.split("-", 2)
        # A mark goes before its lock does: one of a lock had alone is of a process that was killed,
        # even where the kernel, which frees the locks first, has not yet done away with the process.
        if (held == name and not shared) or not lives(int(process)):
            killed.append(mark)
    if killed:
        after_a_kill()
    for mark in killed:
        mark.unlink(missing_ok=True)
    own = folder / f"{os.getpid()}-{threading.get_ident()}-{name}"
    own.touch()
    try:
        yield
    finally:
        own.unlink(missing_ok=True)


def is_held(folder: Path, name: str = LOCK) -> bool:
    """Whether a process has the lock `name` of `folder` for itself at this moment."""
    try:
        with (folder / name).open() as handle:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def together(
    folder: Path,
    waiting: Callable[[], None] = lambda: None,
    after_a_kill: Callable[[], object] = lambda: None,
    *,
    alone: bool,
) -> contextlib.AbstractContextManager[None]:
    """Write beside all others who do, or `alone`: then whoever came first is waited for."""
    return only_writer(folder, waiting, after_a_kill, name=WRITERS, shared=not alone)
