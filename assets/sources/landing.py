"""What lies in the inbox, at a glance: names, sizes and marks, without reading a file.

A folder here, a bucket elsewhere: whoever can list names, sizes and a mark that changes with the
content can be watched for files that land.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Landed:
    """One file as it lies there."""

    name: str
    size: int
    """Bytes."""
    mark: str
    """Changes when the file is written: the moment of writing, or a store's ETag."""


Landing = Callable[[], list[Landed]]
"""Lists what lies there now, by name; raises OSError where it cannot be looked at."""


def nothing() -> list[Landed]:
    """An inbox in which nothing ever lands."""
    return []


def in_folder(folder: Path) -> Landing:
    """The files of a folder; no links, hidden files or folders, nor what goes away meanwhile."""

    def landed() -> list[Landed]:
        if not folder.is_dir():
            return []
        found = []
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.startswith(".") or not entry.is_file(follow_symlinks=False):
                    continue
                try:
                    state = entry.stat(follow_symlinks=False)
                except FileNotFoundError:
                    continue
                found.append(Landed(entry.name, state.st_size, str(state.st_mtime_ns)))
        return sorted(found, key=lambda file: file.name)

    return landed


def in_bucket(url: str) -> Landing:
    """The objects directly below a prefix of an object store, such as `s3://bucket/inbox`."""

    def landed() -> list[Landed]:
        import obstore

        from warehouse.objects import open_store, telling

        with telling("listing the inbox"):
            objects = obstore.list_with_delimiter(open_store(url))["objects"]
        found = [
            Landed(o["path"], o["size"], o["e_tag"] or o["last_modified"].isoformat())
            for o in objects
            if not o["path"].startswith(".")
        ]
        return sorted(found, key=lambda file: file.name)

    return landed
