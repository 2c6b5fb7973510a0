"""Who may write when: locks on the state folder, held by a process and let go when it ends.

A night, or a rebuild, has the folder's own lock for as long as it lasts, so there is one at a time. Runs
that take in sources share another, which a publication has alone. The locks are the kernel's: a process
that is killed lets go of them.
"""

from __future__ import annotations

import contextlib
import fcntl
from collections.abc import Callable, Iterator
from pathlib import Path

LOCK = "lock"
WRITERS = "writers"
"""Shared by all runs that take in sources; had alone by one that publishes."""


@contextlib.contextmanager
def only_writer(
    folder: Path,
    waiting: Callable[[], None] = lambda: None,
    *,
    name: str = LOCK,
    shared: bool = False,
) -> Iterator[None]:
    """Hold the lock `name` of `folder`; `waiting` is called once where another process holds it.

    `shared`: beside others who share it, but with nobody who has it alone.
    """
    folder.mkdir(parents=True, exist_ok=True)
    how = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
    with (folder / name).open("w") as handle:
        try:
            fcntl.flock(handle, how | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting()
            fcntl.flock(handle, how)
        yield


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
    folder: Path, waiting: Callable[[], None] = lambda: None, *, alone: bool
) -> contextlib.AbstractContextManager[None]:
    """Write beside all others who do, or `alone`: then whoever came first is waited for."""
    return only_writer(folder, waiting, name=WRITERS, shared=not alone)
