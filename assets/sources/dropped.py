"""Documents that somebody drops in the inbox: pages and articles, as HTML, text or PDF.

What was dropped once stays: a release holds every document so far, so that one that is taken out
of the folder again is not lost, and one that is dropped twice is there once.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath
from urllib.parse import quote

from assets.catalogue.models import Source
from assets.documents.blocks import Page, Refusal, to_rows
from assets.documents.formats import reading
from assets.sources.errors import Absent, Refused
from assets.sources.inbox import BASE
from assets.sources.reading import (
    Keep,
    LastRelease,
    Listing,
    RawTable,
    ReadPart,
    add,
    empty_codes,
    empty_columns,
)
from assets.sources.transport import Answer, Fetcher, last_modified
from warehouse.archive import Draft, Part, Release, utc

EDITION = "all"
"""The one edition: everything that was dropped."""


def survey(
    sources: Sequence[Source], fetcher: Fetcher, last: LastRelease, keep: Keep
) -> tuple[list[Listing], dict[tuple[str, str], str]]:
    """One listing a source: all documents taken in so far, and those that lie in the inbox now.

    None where there are neither: nobody has to drop a document.
    """
    answer = fetcher.get("")
    keep("documents", answer)
    files = _documents(answer)
    found = []
    for source in sources:
        known = last(source.name, EDITION)
        hashes = {part.sha256 for part in known.parts} if known else set()
        hashes |= {file["sha256"] for file in files}
        moments = [dt.datetime.fromisoformat(file["modified"]) for file in files]
        if hashes:
            found.append(_listing(source, hashes, _newest(known, moments)))
    return found, {}


def _documents(answer: Answer) -> list[dict[str, str]]:
    """The files of the inbox's listing that are documents by their suffix, oldest first."""
    files: list[dict[str, str]] = json.loads(answer.content())
    ours = [f for f in files if PurePosixPath(f["name"]).suffix.lower() in reading.SUFFIXES]
    return sorted(ours, key=lambda file: (str(file["modified"]), file["name"]))


def _listing(source: Source, hashes: Iterable[str], modified_at: dt.datetime | None) -> Listing:
    said = hashlib.sha256("\n".join(sorted(hashes)).encode()).hexdigest()[:32]
    return Listing(source.name, EDITION, "inbox", said, BASE, modified_at)


def _newest(known: Release | None, moments: Iterable[dt.datetime]) -> dt.datetime | None:
    """When the newest document was last written; a release is never older than the one before."""
    before = [known.modified_at] if known and known.modified_at else []
    # The archive has whole seconds, as HTTP has.
    return max([*before, *(utc(moment).replace(microsecond=0) for moment in moments)], default=None)


def fetch(source: Source, listing: Listing, fetcher: Fetcher, draft: Draft) -> Listing:
    """The documents taken in before, out of the archive, and those that are new, from the inbox.

    A file that has gone since it was listed is not missed. Raises Refused where a document is
    damaged in the archive and no longer in the inbox, Absent where there is nothing at all.
    """
    files = _documents(fetcher.get(""))
    known = draft.last()
    held: set[str] = set()
    for part in known.parts if known else ():
        try:
            draft.keep(part)
        except ValueError as error:
            if part.sha256 not in {file["sha256"] for file in files}:
                raise Refused(f"{source.name}: {error}; or drop the document once more") from error
        else:
            held.add(part.sha256)
    draft.synthetic |= bool(known and known.synthetic)
    moments = []
    for file in files:
        if file["sha256"] in held:
            continue
        try:
            answer = fetcher.get(quote(file["name"]))
        except Absent:
            continue
        said = hashlib.sha256(answer.content()).hexdigest()  # it may be another than was listed
        if said not in held:
            held.add(said)
            add(draft, f"{said[:16]}/{file['name']}", answer)
            moments += [moment] if (moment := last_modified(answer)) else []
    if not held:
        raise Absent(f"{source.name}: there is no document in the inbox any more")
    return _listing(source, held, _newest(known, moments))


def read(source: Source, release: Release, part: ReadPart) -> RawTable:
    """One row a block, pages in the order in which they arrived; a page that cannot be read is one
    row, and told."""
    pages = [
        # The address at which the inbox has it is not where it was published.
        reading.read(_name(its), part(its), url=None, content_type=None)
        for its in sorted(release.parts, key=lambda its: (its.fetched_at, _name(its), its.sha256))
    ]
    remarks = tuple(remark for page in pages if (remark := _remark(page)))
    return RawTable(to_rows(pages), empty_columns(), empty_codes(), remarks=remarks)


def _name(part: Part) -> str:
    """Name of the file, under which it was dropped."""
    return part.name.partition("/")[2]


def _remark(page: Page | Refusal) -> str | None:
    """What is worth telling of a page."""
    if isinstance(page, Refusal):
        return f"{page.name} cannot be read: {page.reason}"
    if page.mojibake:
        return (
            f"{page.name}: {page.mojibake} places look as if read in a wrong charset before; read "
            f"in {page.charset} ({page.charset_from}), left as they are"
        )
    return None
