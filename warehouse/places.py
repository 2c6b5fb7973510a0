"""A place where files lie that are replaced whole, never written in place: a folder on this disk.

The other kind of place is `warehouse.mirror`, an object store with a folder that mirrors it. Who
keeps files reads them as files of `folder`, after asking the place to have them `here`, and lets the
place put every finished file where it belongs; which kind it is, it need not know.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from warehouse import durable


class Place:
    """A folder on this disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def look(self) -> None:
        """Forget what was seen of the place: somebody else may have written since."""

    def here(self, *paths: Path, lasting: bool = False) -> None:
        """Have the newest of each of `paths` in the folder, and nothing where there is none.

        `lasting`: what has this name never changes, so a copy that is here is the newest.
        """

    def all_here(self) -> None:
        """Have all that lies directly in the place in the folder, as it is now, and nothing else."""

    def holds(self, path: Path) -> bool:
        """Whether there is something called `path`."""
        return path.exists()

    def names(self, folder: Path, pattern: str) -> list[Path]:
        """What there is below `folder` whose names fit `pattern` part by part; sorted."""
        return sorted(folder.glob(pattern))

    def footer(self, path: Path) -> Path | IO[bytes] | None:
        """What the metadata of a Parquet file can be read from, or None where there is none."""
        return path if path.exists() else None

    def replace(self, part: Path, path: Path) -> None:
        """Let the finished file `part` take the place of `path`; on failure both are as before."""
        part.replace(path)

    def write(self, path: Path, content: bytes) -> None:
        """Let `content` take the place of what is at `path`: old or new, never half."""
        durable.write_durably(path, content)

    def link(self, path: Path, to: Path, *, lasting: bool = False) -> None:
        """Keep what is at `path` also as `to`, which costs no space for as long as both stay.

        `lasting`: whatever is called `to` is this already.
        """
        to.parent.mkdir(parents=True, exist_ok=True)
        part = durable.part_of(to)
        part.unlink(missing_ok=True)
        try:
            os.link(path, part)
        except OSError:  # another disk
            shutil.copyfile(path, part)
        # Renaming onto another name of the same file does nothing, and leaves both names.
        part.replace(to)
        part.unlink(missing_ok=True)

    def remove(self, *paths: Path) -> None:
        """Remove files, as far as they are there."""
        for path in paths:
            path.unlink(missing_ok=True)

    def doubt(self, path: Path) -> bool:
        """Told that `path` is damaged: whether there is now another copy of it to read."""
        return False

    def settle(self, folders: Iterable[Path], *, above: bool = False) -> None:
        """Return when all that was put in `folders` outlives a power cut; with `above` also the
        folders themselves, up to the place's own."""
        if above:
            durable.sync_folders(folders, self.folder)
            return
        for folder in folders:
            durable.sync_folder(folder)

    def beside(self, suffix: str) -> Place:
        """An empty folder beside this one, for what may once take its place."""
        other = Place(self.folder.with_name(self.folder.name + suffix))
        shutil.rmtree(other.folder, ignore_errors=True)
        return other

    def give_way(self, other: Place) -> None:
        """Let all that is in the folder `other` take the place of all that is here."""
        before = self.folder.with_name(self.folder.name + ".before")
        shutil.rmtree(before, ignore_errors=True)
        for folder, to in ((self.folder, before), (other.folder, self.folder)):
            with contextlib.suppress(FileNotFoundError):
                folder.rename(to)
        durable.sync_folder(self.folder.parent)
        shutil.rmtree(before, ignore_errors=True)


def place_of(folder: Path | Place) -> Place:
    """The place that `folder` is."""
    return folder if isinstance(folder, Place) else Place(folder)
