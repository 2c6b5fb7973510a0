"""Writing so that a crash leaves the old or the new, never half: part file, fsync, rename, fsync."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable
from pathlib import Path


def part_of(path: Path) -> Path:
    """Where to write what will take the place of `path`: beside it, a name of this thread's own."""
    return path.with_name(f"{path.name}.{os.getpid()}-{threading.get_ident()}.part")


def write_durably(path: Path, content: bytes) -> None:
    """Write to a part file beside `path`, fsync, rename: after a crash `path` is old or new, never
    half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = part_of(path)
    try:
        with part.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def sync_folders(folders: Iterable[Path], top: Path) -> None:
    """Make renames in `folders` durable, and these folders themselves, up to `top`."""
    for folder in sorted({above for f in folders for above in (f, *f.parents)}, reverse=True):
        if folder.is_relative_to(top):
            sync_folder(folder)


def sync_folder(folder: Path) -> None:
    """Make renames in `folder` durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
