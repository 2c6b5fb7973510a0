"""Nights on a disk that fills up beneath them, at one point after another.

Run as a process that may mount (`unshare -rm python -m tests.full_disk`): it makes a file system of
just the size it wants, which nobody else sees. Prints a line of JSON a point.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.nights_apart import readers_see, whole_night
from warehouse.leftovers import PART

PLENTY = 512 * 1024
MOUNT, UMOUNT = (str(shutil.which(word)) for word in ("mount", "umount"))


def points(lived: Path, disk: Path, env: dict[str, str], number: int) -> list[dict[str, Any]]:
    """What a night did at `number` sizes of the disk, from full at once to nearly enough, and what
    the next one did when there was room again. `lived`: a house that has news to find."""
    home = _mounted(lived, disk, PLENTY)
    used = _kilobytes(disk)
    _, ended = whole_night(home, env)
    before, after = readers_see(lived), readers_see(home)
    # A publication writes the warehouse anew beside the old one before it takes its place.
    peak = _kilobytes(disk) - used + sum(p.stat().st_size for p in home.rglob("*.duckdb")) // 1024
    assert ended == [0, True, None], ended
    found = []
    for point in range(number):
        home = _mounted(lived, disk, used + peak * point // number)
        _, ended = whole_night(home, env)
        seen = readers_see(home)
        _remount(disk, PLENTY)
        _, healed = whole_night(home, env)
        found.append(
            {
                "kilobytes": peak * point // number,
                "of": peak,
                "ended": ended,
                "seen": "old" if seen == before else "new" if seen == after else "neither",
                "healed": healed,
                "as expected": readers_see(home) == after,
                "left over": [str(p) for p in home.rglob("*") if PART.search(p.name)],
            }
        )
        print(json.dumps(found[-1]), flush=True)
    return found


def _mounted(lived: Path, disk: Path, kilobytes: int) -> Path:
    """A house like `lived` on a disk of so many kilobytes."""
    subprocess.run([UMOUNT, str(disk)], check=False, stderr=subprocess.DEVNULL)
    subprocess.run([MOUNT, "-t", "tmpfs", "-o", f"size={PLENTY}k", "none", str(disk)], check=True)
    shutil.copytree(lived, disk / "house")
    _remount(disk, kilobytes)
    return disk / "house"


def _remount(disk: Path, kilobytes: int) -> None:
    subprocess.run([MOUNT, "-o", f"remount,size={kilobytes}k", "none", str(disk)], check=True)


def _kilobytes(disk: Path) -> int:
    return -(-shutil.disk_usage(disk).used // 1024)


if __name__ == "__main__":
    lived, disk, env, number = sys.argv[1:]
    points(Path(lived), Path(disk), json.loads(env), int(number))
