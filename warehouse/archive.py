"""The archive: what publishers sent, as they sent it, before anything reads it.

A blob is stored once under its sha256, compressed; a release is a manifest that names its
parts. A manifest is written last, after every blob is on disk, so a release that is not
complete and counted does not exist. `samples/` has this same layout.

    blobs/ab/abcdef....zst
    releases/<source>/<edition>/<release>.json
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import zstandard

from warehouse.places import Place, place_of

COMPRESSION_LEVEL = 1
"""JSON pages shrink some fifteenfold at level 1; higher levels cost more time than disk."""
WRITERS = 2
NAME = re.compile(r"\w[\w.-]*", re.ASCII)
"""What a source or edition is called: an edition may come out of a publisher's title."""
IN_FLIGHT = 6
"""Bodies held in memory while they wait to be hashed and written."""


@dataclass(frozen=True)
class Part:
    """One answer of a publisher: where it was asked and what came, by hash."""

    name: str
    url: str
    sha256: str
    bytes: int
    fetched_at: dt.datetime
    content_type: str | None = None
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True)
class Release:
    """One version of one edition of one source."""

    release_id: str
    source: str
    edition: str
    identifier: str
    url: str
    fingerprint: str
    """What the publisher said when asked whether there is something new."""
    sha256: str
    bytes: int
    rows: int | None
    fetched_at: dt.datetime
    modified_at: dt.datetime | None
    licence: str
    attribution: str
    synthetic: bool
    parts: tuple[Part, ...] = field(repr=False)

    @property
    def known_from(self) -> dt.datetime:
        """From when its figures count as known: the publisher's moment, or ours."""
        return self.modified_at or self.fetched_at

    @property
    def order(self) -> tuple[dt.datetime, dt.datetime, str]:
        """Its place in the publisher's order of release."""
        return self.known_from, self.fetched_at, self.release_id

    def part(self, name: str) -> Part:
        """The part called `name`. Raises KeyError."""
        for part in self.parts:
            if part.name == name:
                return part
        there = [part.name for part in self.parts]
        raise KeyError(f"release {self.release_id} has no part {name!r}; it has {there[:10]}")


def file_name(release_id: str) -> str:
    """What a release is called within the folder of its edition: its moment and its hash."""
    return release_id.split(":", 2)[2].replace(":", "-")


def utc(moment: dt.datetime) -> dt.datetime:
    """`moment` in UTC without zone, to the microsecond; a moment without zone counts as UTC."""
    return moment.astimezone(dt.UTC).replace(tzinfo=None) if moment.tzinfo else moment


class Archive:
    """Reads and extends one archive folder."""

    def __init__(self, folder: Path | Place) -> None:
        self.place = place_of(folder)
        self.folder = self.place.folder
        self._known: dict[tuple[Path, int], Release] = {}

    def _blob(self, sha256: str) -> Path:
        return self.folder / "blobs" / sha256[:2] / f"{sha256}.zst"

    def read(self, part: Part) -> bytes:
        """The bytes of a part. Raises ValueError where they are no longer what was archived."""
        blob = self._blob(part.sha256)
        self.place.here(blob, lasting=True)
        try:
            return self._read(blob, part)
        except ValueError:
            if not self.place.doubt(blob):
                raise
            return self._read(blob, part)

    def _read(self, blob: Path, part: Part) -> bytes:
        again = f"restore it from a copy, or take in {part.url:.200} again"
        try:
            content = zstandard.ZstdDecompressor().decompress(
                blob.read_bytes(), max_output_size=max(part.bytes, 1)
            )
        except FileNotFoundError as error:
            raise ValueError(f"{blob}: the bytes of {part.name} are gone; {again}") from error
        except zstandard.ZstdError as error:
            raise ValueError(f"{blob}: {part.name} is damaged ({error}); {again}") from error
        if hashlib.sha256(content).hexdigest() != part.sha256:
            raise ValueError(
                f"{blob}: {part.name} is no longer what was archived: expected {part.bytes} bytes "
                f"of that hash, found {len(content)} of another; {again}"
            )
        return content

    def holds(self, part: Part) -> bool:
        """Whether the blob of a part is there."""
        return self.place.holds(self._blob(part.sha256))

    def _sound(self, part: Part) -> bool:
        """Whether the blob of a part is there and what it should be."""
        try:
            return self.holds(part) and self.read(part) is not None
        except ValueError:
            return False

    def releases(self, source: str | None = None) -> list[Release]:
        """All releases (of `source`), in the publisher's order of release."""
        return self._manifests(f"{source}/*/*.json" if source else "*/*/*.json")

    def latest(self, source: str, edition: str) -> Release | None:
        """The newest release of an edition in the publisher's order, or None."""
        found = self._manifests(f"{source}/{edition}/*.json")
        return found[-1] if found else None

    def _manifests(self, pattern: str) -> list[Release]:
        """The releases whose manifests match, in the publisher's order of release.

        A manifest is read once, as long as it is not written anew.
        """
        paths = self.place.names(self.folder / "releases", pattern)
        self.place.here(*paths)
        return sorted(map(self._read_manifest, paths), key=lambda release: release.order)

    def _read_manifest(self, path: Path) -> Release:
        as_written = path, path.stat().st_mtime_ns
        if as_written not in self._known:
            self._known[as_written] = _manifest(path)
        return self._known[as_written]

    def release(self, release_id: str) -> Release:
        """The release called `release_id`. Raises KeyError where it is not archived."""
        source, edition, _ = release_id.split(":", 2)
        return self.named(source, edition, file_name(release_id))

    def named(self, source: str, edition: str, name: str) -> Release:
        """The release of an edition by its name there. Raises KeyError where it is not archived."""
        path = self.folder / "releases" / source / edition / f"{name}.json"
        self.place.here(path)
        try:
            return self._read_manifest(path)
        except FileNotFoundError:
            message = f"{source} {edition} {name} is not archived; restore {path} from a copy"
            raise KeyError(message) from None

    def release_ids(self, source: str, edition: str) -> list[str]:
        """Ids of all releases of an edition, oldest first, without reading them: their names begin
        with their moment."""
        paths = self.place.names(self.folder / "releases" / source / edition, "*.json")
        names = sorted(path.stem for path in paths)
        return [f"{source}:{edition}:{name[:-9]}:{name[-8:]}" for name in names]

    def editions(self, source: str) -> list[str]:
        """Editions of `source` with at least one release."""
        paths = self.place.names(self.folder / "releases" / source, "*/*.json")
        return sorted({path.parent.name for path in paths})

    def draft(self, source: str, edition: str) -> Draft:
        """A release in the making; nothing of it exists until it is committed.

        Raises ValueError for a name that is not that of one folder.
        """
        for name in (source, edition):
            if not NAME.fullmatch(name):
                raise ValueError(f"{name!r} cannot be archived: expected letters, digits, . _ -")
        return Draft(self, source, edition)


class Draft:
    """Collects the parts of a release: bodies are hashed, compressed and written while the
    next ones arrive, at most `IN_FLIGHT` of them in memory."""

    def __init__(self, archive: Archive, source: str, edition: str) -> None:
        self._archive, self.source, self.edition = archive, source, edition
        self._pool = ThreadPoolExecutor(WRITERS, thread_name_prefix="archive")
        self._room = threading.Semaphore(IN_FLIGHT)
        self._parts: list[Future[Part]] = []
        self.synthetic = False
        """Whether any part is invented data."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def add(
        self,
        name: str,
        url: str,
        body: bytes,
        *,
        fetched_at: dt.datetime,
        content_type: str | None = None,
        etag: str | None = None,
        last_modified: str | None = None,
        synthetic: bool = False,
    ) -> None:
        """Hand over one body; returns as soon as there is room for it."""
        self.synthetic |= synthetic
        self._room.acquire()

        def store() -> Part:
            try:
                sha256 = hashlib.sha256(body).hexdigest()
                part = Part(
                    name, url, sha256, len(body), utc(fetched_at), content_type, etag, last_modified
                )
                if not self._archive._sound(part):  # a damaged blob is written anew
                    self._archive.place.write(
                        self._archive._blob(sha256),
                        zstandard.ZstdCompressor(level=COMPRESSION_LEVEL).compress(body),
                    )
                return part
            finally:
                self._room.release()

        self._parts.append(self._pool.submit(store))

    def last(self) -> Release | None:
        """The newest release of this edition so far, or None."""
        return self._archive.latest(self.source, self.edition)

    def keep(self, part: Part) -> None:
        """Take over a part of an earlier release, as it was fetched then, without asking for it.

        Raises ValueError where its bytes are no longer what was archived.
        """
        self._archive.read(part)
        kept: Future[Part] = Future()
        kept.set_result(part)
        self._parts.append(kept)

    def clear(self) -> None:
        """Forget the parts so far; their blobs stay, unreferenced."""
        self.parts()
        self._parts.clear()

    def parts(self) -> tuple[Part, ...]:
        """The parts so far, each on disk. Raises what writing one raised."""
        return tuple(future.result() for future in self._parts)

    def read(self, part: Part) -> bytes:
        """The bytes of a part that has been added."""
        return self._archive.read(part)

    def preview(
        self,
        *,
        identifier: str,
        url: str,
        fingerprint: str,
        modified_at: dt.datetime | None,
        licence: str,
        attribution: str,
    ) -> Release:
        """The release as it will be, rows still to be counted; not yet in the archive."""
        parts = self.parts()
        said = "\n".join(
            f"{part.name} {part.sha256}" for part in sorted(parts, key=lambda part: part.name)
        )
        sha256 = hashlib.sha256(said.encode()).hexdigest()
        fetched_at = max(part.fetched_at for part in parts)
        moment = utc(modified_at) if modified_at else fetched_at
        return Release(
            release_id=f"{self.source}:{self.edition}:{moment:%Y-%m-%dT%H%M%S}:{sha256[:8]}",
            source=self.source,
            edition=self.edition,
            identifier=identifier,
            url=url,
            fingerprint=fingerprint,
            sha256=sha256,
            bytes=sum(part.bytes for part in parts),
            rows=None,
            fetched_at=fetched_at,
            modified_at=utc(modified_at) if modified_at else None,
            licence=licence,
            attribution=attribution,
            synthetic=self.synthetic,
            parts=parts,
        )

    def commit(self, release: Release, *, rows: int | None) -> Release:
        """Write the manifest, last of all: from here on the release exists."""
        counted = replace(release, rows=rows)
        place, folder = self._archive.place, self._archive.folder
        blobs = [self._archive._blob(part.sha256) for part in counted.parts]
        place.settle((blob.parent for blob in blobs), above=True)
        name = file_name(counted.release_id)
        path = folder / "releases" / self.source / self.edition / f"{name}.json"
        place.write(path, json.dumps(_plain(asdict(counted)), indent=1).encode())
        place.settle([path.parent], above=True)
        return counted


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def _moment(text: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if text else None


def _manifest(path: Path) -> Release:
    """The release of a manifest. Raises ValueError where it cannot be read."""
    try:
        manifest = json.loads(path.read_bytes())
        parts = tuple(
            Part(**{**part, "fetched_at": dt.datetime.fromisoformat(part["fetched_at"])})
            for part in manifest["parts"]
        )
        return Release(
            **{
                **manifest,
                "fetched_at": dt.datetime.fromisoformat(manifest["fetched_at"]),
                "modified_at": _moment(manifest["modified_at"]),
                "parts": parts,
            }
        )
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(
            f"{path}: not the manifest of a release ({error!r:.200}); restore it from a copy, or "
            "move it away and take the edition in again"
        ) from error
