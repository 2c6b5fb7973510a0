"""A place in an object store, with a folder of this machine that mirrors it.

The store is the truth; the folder holds copies, each known by the ETag of the object that it is a
copy of. Reading looks what there is and fetches what is newer; writing puts the finished file in the
store, where it appears whole, and only then in the folder. The folder may be lost at any time.

What a listing says counts for a while (`Mirror.look` ends that), and what this process itself writes
is added to it.

    <folder>/core/figure/cbs_kwb/2020.parquet          the copy
    <folder>/.seen/core/figure/cbs_kwb/2020.parquet    of which object, and what the copy looked like
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fnmatch import fnmatchcase
from io import BytesIO
from pathlib import Path
from typing import IO, TYPE_CHECKING

from warehouse.durable import part_of
from warehouse.objects import NO_BUCKET, StoreError, checked, open_store, telling
from warehouse.places import Place

if TYPE_CHECKING:
    from obstore.store import ObjectStore

SEEN = ".seen"
COUNTS = 5.0
"""Seconds for which a listing counts, at least."""
SHARE = 20
"""A listing counts as many times as long as it took: looking is at most this part of the work."""
FETCHERS = 8
"""Objects fetched side by side."""
TAIL = 65_536
"""Bytes at the end of a Parquet file in which its metadata is expected."""


@dataclass(frozen=True)
class Seen:
    """An object as it was seen."""

    e_tag: str
    size: int


@dataclass
class Listing:
    """What there was below one top folder, until when that counts."""

    until: float
    objects: dict[str, Seen]


class Mirror(Place):
    """A place at `url`, mirrored in `folder`.

    `guard`: called before anything is written; raises where this process may no longer write.
    """

    def __init__(
        self,
        url: str,
        folder: Path,
        *,
        guard: Callable[[], None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(folder)
        self.url = checked(url)
        self._guard, self._clock = guard, clock
        self._opened: ObjectStore | None = None
        self._listings: dict[str, Listing] = {}
        self._copies: dict[str, tuple[str, tuple[int, int, int]]] = {}
        self._footers: dict[tuple[str, str], bytes] = {}
        self._lock = threading.RLock()

    @property
    def _store(self) -> ObjectStore:
        if self._opened is None:
            self._opened = open_store(self.url)
        return self._opened

    def _name(self, path: Path) -> str:
        return path.relative_to(self.folder).as_posix()

    def _said(self, name: str) -> str:
        return f"{self.url}/{name}"

    # -- what there is ------------------------------------------------------------------------
    def look(self) -> None:
        """Forget the listings: somebody else may have written since."""
        with self._lock:
            self._listings.clear()

    def _listing(self, name: str) -> dict[str, Seen]:
        """What there is below the top folder of `name`; of a name without folder: beside it."""
        import obstore

        top = name.split("/", 1)[0] if "/" in name else ""
        with self._lock:
            known = self._listings.get(top)
            if known and self._clock() < known.until:
                return known.objects
            began = self._clock()
            with telling(f"listing {self._said(top)}"):
                if top:
                    found = [
                        meta for metas in obstore.list(self._store, f"{top}/") for meta in metas
                    ]
                else:
                    found = list(obstore.list_with_delimiter(self._store)["objects"])
            objects = {meta["path"]: Seen(meta["e_tag"] or "", meta["size"]) for meta in found}
            now = self._clock()
            self._listings[top] = Listing(now + max(COUNTS, SHARE * (now - began)), objects)
            return objects

    def _note(self, name: str, seen: Seen | None) -> None:
        """Add to what is known: an object was written, or is no longer there."""
        top = name.split("/", 1)[0] if "/" in name else ""
        with self._lock:
            listing = self._listings.get(top)
            if listing is None:
                return
            if seen is None:
                listing.objects.pop(name, None)
            else:
                listing.objects[name] = seen

    def holds(self, path: Path) -> bool:
        """Whether there is an object called `path`, asked of the store unless it was listed."""
        import obstore

        name = self._name(path)
        with self._lock:
            if name.split("/", 1)[0] in self._listings:
                return name in self._listing(name)
        try:
            with telling(self._said(name)):
                obstore.head(self._store, name)
        except FileNotFoundError:
            return False
        return True

    def names(self, folder: Path, pattern: str) -> list[Path]:
        """What there is below `folder` whose names fit `pattern` part by part; sorted."""
        below = "" if folder == self.folder else self._name(folder) + "/"
        parts = pattern.split("/")
        tops = [below] if below else self._tops() if len(parts) > 1 else [""]
        return sorted(
            self.folder / name
            for top in tops
            for name in list(self._listing(top))
            if name.startswith(below)
            and len(found := name[len(below) :].split("/")) == len(parts)
            and all(map(fnmatchcase, found, parts))
        )

    def _tops(self) -> list[str]:
        import obstore

        with telling(f"listing {self.url}"):
            return [
                "",
                *(f"{p}/" for p in obstore.list_with_delimiter(self._store)["common_prefixes"]),
            ]

    # -- reading ------------------------------------------------------------------------------
    def here(self, *paths: Path, lasting: bool = False) -> None:
        """Have the newest of each of `paths` in the folder, and nothing where there is none."""
        missing = [path for path in paths if not self._is_current(path, lasting)]
        if len(missing) < 2:
            for path in missing:
                self._fetch(path)
            return
        with ThreadPoolExecutor(min(FETCHERS, len(missing))) as pool:
            list(pool.map(self._fetch, missing))

    def all_here(self) -> None:
        """Have all that lies directly in the place in the folder, as it is now, and nothing else."""
        self.look()
        there = self.names(self.folder, "*")
        self.here(*there)
        kept = {path.name for path in there}
        for path in self.folder.iterdir() if self.folder.is_dir() else ():
            if path.is_file() and path.name not in kept:
                path.unlink(missing_ok=True)

    def _is_current(self, path: Path, lasting: bool) -> bool:
        if lasting:
            return path.exists()
        name = self._name(path)
        seen = self._listing(name).get(name)
        if seen is None:
            self._forget(path)
            return True
        return self._copy_of(path) == seen.e_tag

    def _copy_of(self, path: Path) -> str | None:
        """ETag of the object that the copy at `path` is one of, or None."""
        name = self._name(path)
        try:
            looks = _looks(path)
            known = self._copies.get(name)
            if known is None or known[1] != looks:
                said = json.loads((self.folder / SEEN / name).read_bytes())
                known = said["e_tag"], tuple(said["looks"])
                self._copies[name] = known
        except (FileNotFoundError, NotADirectoryError, ValueError, KeyError):
            return None
        return known[0] if known[1] == looks else None

    def _put_copy(self, part: Path, path: Path, e_tag: str) -> None:
        """Put a file in the folder as the copy of the object with `e_tag`."""
        name, looks = self._name(path), _looks(part)
        part.replace(path)
        beside = self.folder / SEEN / name
        beside.parent.mkdir(parents=True, exist_ok=True)
        aside = part_of(beside)
        aside.write_text(json.dumps({"e_tag": e_tag, "looks": looks}))
        aside.replace(beside)
        self._copies[name] = e_tag, looks

    def _forget(self, path: Path) -> None:
        name = self._name(path)
        if self._copies.pop(name, None) or path.exists():
            path.unlink(missing_ok=True)
            (self.folder / SEEN / name).unlink(missing_ok=True)

    def _fetch(self, path: Path) -> None:
        """Fetch an object into the folder; nothing is left there where it does not exist."""
        import obstore

        name = self._name(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        part = part_of(path)
        try:
            with telling(f"reading {self._said(name)}"):
                answer = obstore.get(self._store, name)
                meta = answer.meta
                with part.open("wb") as stream:
                    for chunk in answer.stream(min_chunk_size=1 << 20):
                        stream.write(chunk)
            size = part.stat().st_size
            if size != meta["size"]:
                raise StoreError(
                    f"reading {self._said(name)}: {size} of {meta['size']} bytes came; try again"
                )
            modified = meta["last_modified"].timestamp()
            os.utime(part, (modified, modified))
            self._put_copy(part, path, meta["e_tag"] or "")
            self._note(name, Seen(meta["e_tag"] or "", meta["size"]))
        except FileNotFoundError:
            self._note(name, None)
            self._forget(path)
        finally:
            part.unlink(missing_ok=True)

    def footer(self, path: Path) -> Path | IO[bytes] | None:
        """What the metadata of a Parquet file can be read from: of an object of which there is no
        copy just its end is fetched."""
        import obstore

        name = self._name(path)
        seen = self._listing(name).get(name)
        if seen is None:
            self._forget(path)
            return None
        if self._copy_of(path) == seen.e_tag:
            return path
        end = self._footers.get((name, seen.e_tag))
        if end is None:
            try:
                end = b""
                length = min(TAIL, seen.size)
                while len(end) < length:
                    with telling(f"reading {self._said(name)}"):
                        options = {"range": (seen.size - length, seen.size), "if_match": seen.e_tag}
                        end = bytes(obstore.get(self._store, name, options=options).bytes())  # type: ignore[arg-type]
                    needed = int.from_bytes(end[-8:-4], "little") + 8
                    length = min(needed, seen.size)
            except (FileNotFoundError, StoreError):
                # Replaced since it was listed.
                self.look()
                self.here(path)
                return path if path.exists() else None
            end = end[-length:]
            self._footers[name, seen.e_tag] = end
        return BytesIO(end)

    def doubt(self, path: Path) -> bool:
        """Throw a damaged copy away and fetch it again; whether there is one."""
        self._forget(path)
        self._fetch(path)
        return path.exists()

    # -- writing ------------------------------------------------------------------------------
    def replace(self, part: Path, path: Path) -> None:
        """Let the finished file `part` take the place of `path`, first in the store."""
        import obstore

        name = self._name(path)
        self._guard()
        size = part.stat().st_size
        try:
            with telling(f"writing {self._said(name)}", absent=NO_BUCKET):
                answer = obstore.put(self._store, name, part)
        except BaseException:
            self.look()  # it may have arrived for all we know
            raise
        self._put_copy(part, path, answer["e_tag"] or "")
        self._note(name, Seen(answer["e_tag"] or "", size))

    def write(self, path: Path, content: bytes) -> None:
        """Let `content` take the place of what is at `path`, first in the store."""
        path.parent.mkdir(parents=True, exist_ok=True)
        part = part_of(path)
        try:
            part.write_bytes(content)
            self.replace(part, path)
        finally:
            part.unlink(missing_ok=True)

    def link(self, path: Path, to: Path, *, lasting: bool = False) -> None:
        """Keep what is at `path` also as `to`: another object, and here the same file."""
        to.parent.mkdir(parents=True, exist_ok=True)
        part = part_of(to)
        part.unlink(missing_ok=True)
        try:
            try:
                os.link(path, part)
            except OSError:  # another disk
                shutil.copyfile(path, part)
            name = self._name(to)
            there = self._listing(name).get(name)
            if there and (lasting or there.e_tag == self._own_tag(path)):
                self._put_copy(part, to, there.e_tag)
            else:
                self.replace(part, to)
        finally:
            # Renaming onto another name of the same file does nothing, and leaves both names.
            part.unlink(missing_ok=True)

    def _own_tag(self, path: Path) -> str | None:
        return self._copy_of(path) if path.is_relative_to(self.folder) else None

    def remove(self, *paths: Path) -> None:
        """Remove objects and their copies, as far as they are there."""
        import obstore

        there = [name for path in paths if (name := self._name(path)) in self._listing(name)]
        if there:
            self._guard()
            with (
                contextlib.suppress(FileNotFoundError),
                telling(f"removing {self._said(there[0])}"),
            ):
                obstore.delete(self._store, there)
        for path in paths:
            self._note(self._name(path), None)
            self._forget(path)

    def settle(self, folders: Iterable[Path], *, above: bool = False) -> None:
        """What is in the store is there to stay; copies may be lost."""

    def give_way(self, other: Place) -> None:
        """Let all files of the folder `other` take the place of all that is here, those that name
        others last. Cut short, both are there in part; each file is whole and says what it is of."""
        files = [path for path in other.folder.rglob("*") if path.is_file()]
        new = {path: self.folder / path.relative_to(other.folder) for path in files}
        self.look()
        # The frame of a history names its segments, which lie in a folder beside it.
        for path in sorted(files, key=lambda path: (-len(path.parts), path)):
            self.link(path, new[path])
        stays = set(new.values())
        every = [self.folder / name for top in self._tops() for name in list(self._listing(top))]
        self.remove(*(path for path in every if path not in stays))
        shutil.rmtree(other.folder, ignore_errors=True)


def _looks(path: Path) -> tuple[int, int, int]:
    """What tells a file from one that took its place."""
    found = path.stat()
    return found.st_ino, found.st_size, found.st_mtime_ns
