"""Whether a process of this machine is still there."""

from __future__ import annotations

import os
from pathlib import Path

ENDED = ("Z", "X")
"""How the kernel marks a process that has ended and after which nobody has asked."""


def started(pid: int) -> int | None:
    """When a process started, in the kernel's ticks since boot; None where there is none, or it has
    ended and nobody has asked after it."""
    try:
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if words[0] in ENDED else int(words[19])


def lives(pid: int) -> bool:
    """Whether a process of this number runs on this machine."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    # A system that tells it otherwise has no such folder.
    return not Path("/proc/self/stat").exists() or started(pid) is not None
