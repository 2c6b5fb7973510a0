"""What processes that were killed left half written: never read by anybody, and taken away."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from warehouse.processes import lives

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
