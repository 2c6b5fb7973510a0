"""What must run tonight, and why: decided from what publishers say and what frames are stamped with.

Everything here is a pure function of the surveys, the archive and the stamps; nothing runs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assets import origins, raw, stamps
from assets.core import key_of as core_key
from assets.core import of_two, tables_of
from assets.edges import Edges
from assets.mart_tables import MARTS, MartTable, stamp_of
from assets.origins import stamp_of as core_stamp_of
from assets.sources.reading import Listing
from assets.sources.survey import Survey
from warehouse.archive import file_name
from warehouse.frames import Key, kept_as

BEFORE = "the edition of a year before changed"
"""Reason of an intake of what is read beside another edition: it is half told until then."""
OLDER = "older release"
"""Reason of an intake of a release that is not the newest."""


@dataclass(frozen=True)
class Intake:
    """One edition to take in."""

    source: str
    edition: str
    ask: bool
    """Whether the publisher has something newer; else what is archived is read again."""
    reason: str
    keys: tuple[Key, ...]
    """The assets to run."""
    listing: Listing | None = None
    """What the publisher said of it, where it is to be fetched."""
    release: str = ""
    """The archived release to read, where it is not the newest."""


def intakes(
    edges: Edges,
    surveys: Mapping[str, Survey],
    *,
    only: str | None = None,
    editions: Sequence[str] | None = None,
    force: bool = False,
) -> list[Intake]:
    """Editions to take in, in order of source and edition.

    `surveys`: by publisher. `only`: just this source; `editions`: just these; `force`: all that
    the publisher has, whether or not it changed.
    """
    found = []
    for source in edges.catalogue.sources.values():
        if only and source.name != only:
            continue
        survey = surveys.get(source.publisher)
        listed = (
            {x.edition: x for x in survey.listings if x.source == source.name} if survey else {}
        )
        for edition in sorted({*listed, *edges.archive.editions(source.name)}):
            if editions is not None and edition not in editions:
                continue
            intake = _intake(edges, source.name, edition, listed.get(edition), force)
            if intake:
                found.append(intake)
    return found


def _intake(
    edges: Edges, source: str, edition: str, listing: Listing | None, force: bool
) -> Intake | None:
    last = edges.archive.latest(source, edition)
    raw_key = raw.key_of(source)
    tables = tables_of(edges.catalogue, source).values()
    core = tuple(core_key(table.name, source) for table in tables)
    everything = (raw_key, *core)
    if listing and (last is None or listing.fingerprint != last.fingerprint):
        return Intake(
            source, edition, True, "new" if last is None else "changed", everything, listing
        )
    if listing and force:
        return Intake(source, edition, True, "forced", everything, listing)
    if last is None:
        return None
    wanted = stamps.of_release(edges.catalogue, source, last.release_id, edges.code_version)
    rows = (*raw_key, raw.ROWS)
    raw_stamp = edges.frames.stamp(rows, edition) or {}
    if {name: raw_stamp.get(name) for name in wanted} != wanted:
        if edges.frames.refused(rows, edition, wanted):
            return _half_told(edges, source, edition)
        return Intake(source, edition, False, _why(raw_stamp, wanted), everything)
    for place, (key, table) in enumerate(zip(core, tables, strict=True)):
        wanted = core_stamp_of(edges, source, table, edition, last.release_id)
        stamp = edges.frames.stamp(key, edition) or {}
        if stamp != wanted:
            if edges.frames.refused(key, edition, wanted):
                break
            return Intake(source, edition, False, _why(stamp, wanted), core[place:])
    return _half_told(edges, source, edition)


def half_told(edges: Edges, only: str | None = None) -> list[Intake]:
    """Editions (of one source) to be read again beside another: what changed in a year is told anew
    when the earlier extract comes late or is corrected."""
    return [
        item
        for source in ([only] if only else edges.catalogue.sources)
        for edition in edges.archive.editions(source)
        if (item := _half_told(edges, source, edition))
    ]


def _half_told(edges: Edges, source: str, edition: str) -> Intake | None:
    tables = tables_of(edges.catalogue, source).values()
    keys = tuple(core_key(table.name, source) for table in tables)
    for place, table in enumerate(tables):
        if origins.lacking(edges, source, table, edition):
            return Intake(source, edition, False, BEFORE, keys[place:])
    return None


def unread(
    edges: Edges, *, only: str | None = None, editions: Sequence[str] | None = None
) -> list[Intake]:
    """Archived releases older than the one that serves of which core has nothing: a publisher went
    back to one, or an archive was filled from elsewhere. After those of an edition its newest is
    read again, because raw holds one release at a time."""
    found = []
    for source in edges.catalogue.sources.values():
        if only not in (None, source.name):
            continue
        tables = tables_of(edges.catalogue, source.name).values()
        alone = [table for table in tables if not of_two(edges.catalogue, source.name, table)]
        keys = [core_key(table.name, source.name) for table in alone]
        kept = [edges.frames.releases_kept(key) for key in keys]
        core = [core_key(table.name, source.name) for table in tables]
        everything = (raw.key_of(source.name), *core)
        for edition in edges.archive.editions(source.name):
            if editions is not None and edition not in editions:
                continue
            older = [
                release_id
                for release_id in edges.archive.release_ids(source.name, edition)[:-1]
                if not all(file_name(release_id) in names.get(edition, ()) for names in kept)
                and not _refused(edges, source.name, release_id, keys)
            ]
            found += [
                Intake(source.name, edition, False, OLDER, everything, release=release_id)
                for release_id in older
            ]
            if older:
                found.append(Intake(source.name, edition, False, "newest again", everything[:1]))
    return found


def _refused(edges: Edges, source: str, release_id: str, keys: Sequence[Key]) -> bool:
    """Whether an older release was refused before, as it would be read now."""
    stamp = stamps.of_release(edges.catalogue, source, release_id, edges.code_version)
    places: list[Key] = [(*raw.key_of(source), raw.ROWS), *keys]
    return any(edges.frames.refused(*kept_as(key, release_id), stamp) for key in places)


def standing_refusal(edges: Edges, source: str, edition: str) -> str | None:
    """Why the newest archived release of an edition is not served, where it was refused; else None."""
    last = edges.archive.latest(source, edition)
    if last is None:
        return None
    wanted = stamps.of_release(edges.catalogue, source, last.release_id, edges.code_version)
    stamped = [((*raw.key_of(source), raw.ROWS), wanted)] + [
        (
            core_key(table.name, source),
            core_stamp_of(edges, source, table, edition, last.release_id),
        )
        for table in tables_of(edges.catalogue, source).values()
    ]
    for key, stamp in stamped:
        reason = edges.frames.refused(key, edition, stamp)
        if reason:
            return reason
    return None


def _why(stamp: Mapping[str, str], wanted: Mapping[str, str]) -> str:
    """In words, why a frame is out of date."""
    if not stamp:
        return "not accepted yet"
    changed = [name for name in {**wanted, **stamp} if stamp.get(name) != wanted.get(name)]
    said = {
        "release_id": "release not accepted yet",
        "declaration": "declaration changed",
        "code": "new version of the code",
        "before": BEFORE,
    }
    return ", ".join(said[name] for name in changed if name in said)


def marts(edges: Edges) -> list[MartTable]:
    """Marts that are out of date or read one that is, in the order in which they are made."""
    stale: list[MartTable] = []
    for declared in MARTS:
        wanted = stamp_of(edges, declared)
        reads_stale = any(other.key in declared.inputs(edges.catalogue) for other in stale)
        there = edges.frames.stamp(declared.key) or {}
        if reads_stale or {name: there.get(name) for name in wanted} != wanted:
            stale.append(declared)
    return stale
