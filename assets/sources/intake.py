"""Takes in one edition of one source: ask, fetch what is new, archive it, read it, hold it
against its declaration.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assets.catalogue.models import Source
from assets.sources import contract
from assets.sources.errors import Absent, ContractBroken
from assets.sources.reading import Listing, Parts, RawTable
from assets.sources.survey import READERS, FetcherOf
from assets.sources.transport import Fetcher
from warehouse.archive import Archive, Release

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Taken:
    """One edition, taken in."""

    release: Release
    table: RawTable
    fresh: bool
    """Whether the release was fetched now."""


def locate(source: Source, edition: str, fetcher: Fetcher, archive: Archive) -> Listing:
    """Where one edition is now. Raises Absent, or what asking raised."""
    answer: tuple[list[Listing], dict[tuple[str, str], str]]
    answer = READERS[source.protocol].survey(
        [source], fetcher, archive.latest, lambda name, answer: None
    )
    found, absent = answer
    for listing in found:
        if listing.edition == edition:
            return listing
    reason = absent.get((source.name, edition), "it is neither declared nor discovered")
    raise Absent(f"{source.name} {edition}: the publisher does not have this edition: {reason}")


def take_in(
    source: Source,
    edition: str,
    archive: Archive,
    fetcher_of: FetcherOf,
    *,
    ask: bool = True,
    again: bool = False,
    listing: Listing | None = None,
    before: pl.DataFrame | None = None,
    row_floor: int | None = None,
    release: Release | None = None,
) -> Taken:
    """The newest release of an edition, fetched if the publisher has a newer one.

    `ask`: whether to ask the publisher at all (else the newest archived release is read again);
    `again`: fetch even what is not new; `listing`: what the publisher said of the edition, where
    it has just been asked; `before`: `columns` of the last good release, to see what disappeared;
    `release`: an archived release to read again, instead of the newest. A release is committed once
    it is complete and counted, before it is held against the declaration: what a publisher sent is
    kept also when it is refused.

    Raises SourceError of every kind; then nothing was committed, or only the bytes.
    """
    if release:
        table = READERS[source.protocol].read(source, release, archive.read)
        held = _held_against_declaration(source, edition, table, before, row_floor)
        return Taken(release, held, fresh=False)
    last = archive.latest(source.name, edition)
    fetched = None
    if ask or last is None:
        fetcher = fetcher_of(source.publisher)
        listing = listing or locate(source, edition, fetcher, archive)
        if again or last is None or listing.fingerprint != last.fingerprint:
            fetched = _fetched(source, listing, fetcher, archive, last)
    taken = fetched or _read_again(source, edition, archive)
    if fetched and last and fetched.release.known_from < last.known_from:
        # What counts is the publisher's order of release: a rebuild would take the other one.
        taken = _read_again(source, edition, archive)
        remark = (
            f"the publisher now gives a release of {fetched.release.known_from}, older than "
            f"{last.known_from}; it is archived, and the newer one goes on counting"
        )
        taken = replace(taken, table=replace(taken.table, remarks=(*taken.table.remarks, remark)))
    return replace(
        taken, table=_held_against_declaration(source, edition, taken.table, before, row_floor)
    )


def _read_again(source: Source, edition: str, archive: Archive) -> Taken:
    """The newest archived release of an edition. Raises Absent where there is none."""
    last = archive.latest(source.name, edition)
    if last is None:
        raise Absent(f"{source.name} {edition}: nothing of it is archived")
    return Taken(last, READERS[source.protocol].read(source, last, Parts(archive)), fresh=False)


def _fetched(
    source: Source, listing: Listing, fetcher: Fetcher, archive: Archive, last: Release | None
) -> Taken:
    reader = READERS[source.protocol]
    with archive.draft(source.name, listing.edition) as draft:
        final = reader.fetch(source, listing, fetcher, draft)
        release = draft.preview(
            identifier=final.identifier,
            url=final.url,
            fingerprint=final.fingerprint,
            modified_at=final.modified_at,
            licence=source.licence,
            attribution=source.attribution,
        )
        table = reader.read(source, release, Parts(archive))
        if last and release.sha256 == last.sha256 and release.fingerprint == last.fingerprint:
            return Taken(last, table, fresh=False)
        return Taken(draft.commit(release, rows=table.rows.height), table, fresh=True)


def _held_against_declaration(
    source: Source,
    edition: str,
    table: RawTable,
    before: pl.DataFrame | None,
    row_floor: int | None,
) -> RawTable:
    floor = source.row_floor if row_floor is None else row_floor
    if table.rows.height < floor:
        raise ContractBroken(
            f"{source.name} {edition}: {table.rows.height} rows came, at least {floor} are "
            "expected; look at what the publisher did before lowering `row_floor` in the catalogue"
        )
    remarks = list(table.remarks)
    if table.rows.height > source.row_ceiling:
        remarks.append(f"{table.rows.height} rows came, at most {source.row_ceiling} were expected")
    resolved = contract.resolve(source, edition, table, before=before)
    if resolved.strangers:
        remarks.append(
            f"columns that nobody has declared, kept in raw: {', '.join(resolved.strangers)}"
        )
    return replace(table, remarks=tuple(remarks))
