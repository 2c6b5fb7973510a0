"""What processes that were killed left half written: never read by anybody, and taken away."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

PART = re.compile(r"\.(?P<pid>\d+)(?:-\d+)?\.(?:part|link)(?:\.wal)?$")
"""Every file is written under a name that ends so, and renamed when it is whole."""


def clear_away(folder: Path) -> list[Path]:
    """Remove the half-written files anywhere below `folder` of processes that are no more; returns
    them. Walks the whole folder: for after a kill, not for every night."""
    return remove(folder.rglob("*"))


def remove(paths: Iterable[Path]) -> list[Path]:
    """Remove those of `paths` that are half-written files of processes that are no more; returns them.

    A file of a process that lives, on this machine, is left: it may still be written.
    """
    gone = []
    for path in paths:
        named = PART.search(path.name)
        if named and not lives(int(named["pid"])):
            path.unlink(missing_ok=True)
            gone.append(path)
    return gone


def lives(pid: int) -> bool:
    """Whether a process of this number runs on this machine; one that ended and whose parent has not
    asked for it yet does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        said = Path(f"/proc/{pid}/stat").read_text()
    except OSError:  # a system that tells it otherwise
        return True
    return said.rpartition(")")[2].split()[0] != "Z"
