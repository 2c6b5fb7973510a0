"""Files that somebody drops: the inbox as one more publisher, at `inbox://local`.

`InboxTransport` lets a folder answer the same requests as a server, so that extracts take the
same way as everything else: listed cheaply, archived first, read from the archive.
"""

from __future__ import annotations

import datetime as dt
import email.utils
import hashlib
import json
import math
import os
import re
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

import httpx

from assets.catalogue.models import Source, Supplier
from assets.sources import address_list, delimited
from assets.sources.errors import Refused
from assets.sources.reading import (
    Keep,
    LastRelease,
    Listing,
    RawTable,
    ReadPart,
    add,
    empty_codes,
    empty_columns,
    pieces,
)
from assets.sources.transport import Fetcher, last_modified
from warehouse.archive import Draft, Release, utc
from warehouse.places import Place, place_of

BASE = "inbox://local"
FILE = "file"
SETTLED = 2.0
"""Seconds a file must have lain still before it counts as whole."""


def survey(
    sources: Sequence[Source], fetcher: Fetcher, last: LastRelease, keep: Keep
) -> tuple[list[Listing], dict[tuple[str, str], str]]:
    """One listing of the folder. Of several files for one edition the newest counts.

    A file that is older than the one taken in before is not news: it is told of as absent.
    """
    answer = fetcher.get("")
    keep("listing", answer)
    files = json.loads(answer.content())
    found: dict[tuple[str, str], Listing] = {}
    for file in sorted(files, key=lambda file: str(file["modified"])):
        for source in sources:
            match = matching(source, file["name"])
            if match:
                _, edition = match
                found[source.name, edition] = Listing(
                    source.name,
                    edition,
                    file["name"],
                    file["sha256"][:32],
                    f"{BASE}/{quote(file['name'])}",
                    dt.datetime.fromisoformat(file["modified"]),
                )
    absent = {
        key: f"{listing.identifier} is older than {known.identifier}, which was taken in before; "
        "touch it if it is to count"
        for key, listing in found.items()
        if (known := last(*key)) and _older(listing, known)
    }
    return [listing for key, listing in found.items() if key not in absent], absent


def _older(listing: Listing, known: Release) -> bool:
    """Whether a file is another than the one archived last, and from before it."""
    if listing.fingerprint == known.fingerprint or not listing.modified_at or not known.modified_at:
        return False
    return utc(listing.modified_at) < known.modified_at  # the archive has whole seconds


def matching(source: Source, name: str) -> tuple[Supplier, str] | None:
    """The supplier whose pattern a file name has, and the edition in it."""
    for supplier in source.suppliers.values():
        match = re.fullmatch(supplier.file_pattern, name)
        if match:
            return supplier, match["edition"]
    return None


def fetch(source: Source, listing: Listing, fetcher: Fetcher, draft: Draft) -> Listing:
    """The file, whole; marked synthetic where its supplier is."""
    answer = fetcher.get(quote(listing.identifier))
    add(draft, FILE, answer)
    match = matching(source, listing.identifier)
    draft.synthetic |= bool(match and match[0].synthetic)
    said = hashlib.sha256(answer.content()).hexdigest()[:32]
    return Listing(
        source.name, listing.edition, listing.identifier, said, answer.url, last_modified(answer)
    )


def read(source: Source, release: Release, part: ReadPart) -> RawTable:
    """One row a line, all text, under our column names, plus the supplier's SBI edition; of a list
    of addresses one row a postcode and neighbourhood."""
    import polars as pl

    match = matching(source, release.identifier)
    if match is None:
        raise Refused(
            f"{source.name}: no supplier in the catalogue has a file pattern that fits "
            f"{release.identifier!r}"
        )
    if source.subject == "addresses":
        counted, remarks = address_list.read(
            release.identifier, release.edition, part(release.part(FILE)), match[0]
        )
        return RawTable(counted, empty_columns(), empty_codes(), remarks=tuple(remarks))
    found = delimited.read_lines(release.identifier, pieces(part, release.part(FILE)), match[0])
    return RawTable(
        rows=found.rows.with_columns(sbi_edition=pl.lit(match[0].sbi_edition)),
        columns=empty_columns(),
        codes=empty_codes(),
        set_aside=found.set_aside if found.set_aside.height else None,
        remarks=found.remarks,
    )


class InboxTransport(httpx.BaseTransport):
    """Lets a folder answer: `/` lists it, `/<name>` is a file; `beneath` answers for the rest."""

    def __init__(self, folder: Path | Place, beneath: httpx.BaseTransport | None = None) -> None:
        self._place, self._beneath = place_of(folder), beneath
        self._folder = self._place.folder

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer `request`. Names with a folder in them, links and hidden files are not served."""
        name = request.url.path.strip("/")
        try:
            self._place.all_here()
            if not name:
                return httpx.Response(200, json=self._listing(request))
            path = self._folder / name
            if "/" not in name and "\0" not in name and _served(path):
                return _file(path)
        except OSError as error:
            raise httpx.ReadError(f"{name or 'the inbox'}: {error}", request=request) from error
        return self._beneath.handle_request(request) if self._beneath else httpx.Response(404)

    def _listing(self, request: httpx.Request) -> list[dict[str, str]]:
        beneath: list[dict[str, str]] = []
        if self._beneath:
            answer = self._beneath.handle_request(request)
            beneath = json.loads(answer.content) if answer.status_code == 200 else []
        paths = sorted(self._folder.iterdir()) if self._folder.is_dir() else []
        return beneath + [entry for path in paths if (entry := _entry(path))]


def _file(path: Path) -> httpx.Response:
    """A file, or the request to come back while somebody is still writing it."""
    before = path.stat()
    content = path.read_bytes()
    after = path.stat()
    same = (before.st_mtime_ns, before.st_size) == (after.st_mtime_ns, len(content))
    if not same or not _settled(after):
        return httpx.Response(503, headers={"Retry-After": str(math.ceil(SETTLED))})
    modified = dt.datetime.fromtimestamp(after.st_mtime, dt.UTC)
    return httpx.Response(
        200, content=content, headers={"Last-Modified": email.utils.format_datetime(modified)}
    )


def _served(path: Path) -> bool:
    return path.is_file() and not path.is_symlink() and not path.name.startswith(".")


def _settled(state: os.stat_result) -> bool:
    return time.time() - state.st_mtime >= SETTLED


def _entry(path: Path) -> dict[str, str] | None:
    """What the listing says of a file; None for what is not served, or no longer there."""
    try:
        if not _served(path) or not _settled(state := path.stat()):
            return None
        with path.open("rb") as stream:
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    except FileNotFoundError:
        return None
    modified = dt.datetime.fromtimestamp(state.st_mtime, dt.UTC)
    return {"name": path.name, "sha256": sha256, "modified": modified.isoformat()}
