"""Who may write when: locks on the state folder, held by a process and let go when it ends.

A night, or a rebuild, has the folder's own lock for as long as it lasts, so there is one at a time. Each
run takes its turn besides: one run a source, several sources side by side, and a publication alone.
The locks are the kernel's: a process that is killed lets go of them.
"""

from __future__ import annotations

import contextlib
import fcntl
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

LOCK = "lock"
TURNS = "turns"
"""Folder, below the state, with a file a source and one for all of them together."""
ALL = ".all"


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


@contextlib.contextmanager
def turn(
    folder: Path,
    sources: Iterable[str],
    *,
    alone: bool = False,
    waiting: Callable[[str], None] = lambda what: None,
) -> Iterator[None]:
    """Take in `sources`, or with `alone` publish: whoever comes second waits for the first to end.

    `waiting` is told once what is waited for. The turns are taken in one order, by name, so that no
    two runs can wait for each other.
    """
    turns = folder / TURNS
    with contextlib.ExitStack() as held:
        for name in sorted(set(sources)):
            held.enter_context(
                only_writer(turns, lambda n=name: waiting(f"another run of {n}"), name=name)  # type: ignore[misc]
            )
        everything = only_writer(
            turns,
            lambda: waiting("a publication" if not alone else "the runs that take in sources"),
            name=ALL,
            shared=not alone,
        )
        held.enter_context(everything)
        yield
