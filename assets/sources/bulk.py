"""Files that a publisher puts up whole for download, such as the registry's open bulk file.

The cheap question is a conditional GET: 304 and no body where nothing changed. An edition of
such a file is what it is now; the rows are read by `delimited`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from assets.catalogue.models import Source
from assets.sources import delimited
from assets.sources.errors import Absent
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
from warehouse.archive import Draft, Release

FILE = "file"
ANYTHING = "*/*"


def survey(
    sources: Sequence[Source], fetcher: Fetcher, last: LastRelease, keep: Keep
) -> tuple[list[Listing], dict[tuple[str, str], str]]:
    """A conditional GET for each file."""
    found: list[Listing] = []
    absent: dict[tuple[str, str], str] = {}
    for source in sources:
        for edition, declared in source.editions.items():
            known = last(source.name, edition)
            old = known.part(FILE) if known else None
            if old and old.url != fetcher.address(source.path or ""):
                old = None  # another file is asked for now, so what was said of that one is void
            try:
                answer = fetcher.get(
                    source.path or "",
                    etag=old.etag if old else None,
                    modified=old.last_modified if old else None,
                    accept=ANYTHING,
                    hold=True,
                )
            except Absent as error:
                absent[source.name, edition] = str(error)
                continue
            said = known.fingerprint if known and answer.body is None else fingerprint(answer)
            found.append(
                Listing(source.name, edition, declared.id, said, answer.url, last_modified(answer))
            )
    return found, absent


def fingerprint(answer: Answer) -> str:
    """Hash of the file."""
    return hashlib.sha256(answer.content()).hexdigest()[:32]


def fetch(source: Source, listing: Listing, fetcher: Fetcher, draft: Draft) -> Listing:
    """The file, whole."""
    answer = fetcher.get(source.path or "", accept=ANYTHING)
    add(draft, FILE, answer)
    return Listing(
        source.name,
        listing.edition,
        listing.identifier,
        fingerprint(answer),
        answer.url,
        last_modified(answer),
    )


def read(source: Source, release: Release, part: ReadPart) -> RawTable:
    """One row a line, all text, under our column names."""
    [supplier] = source.suppliers.values()
    rows, remarks = delimited.read(
        f"{source.name} {release.edition}", part(release.part(FILE)), supplier
    )
    return RawTable(rows=rows, columns=empty_columns(), codes=empty_codes(), remarks=tuple(remarks))
