"""Of which releases a core frame is made: of one; or, where it tells what changed in a year, of two.

A frame that is made of two releases is known from the later of the two on, and until either is
followed by another. Which frames there should be follows from the releases alone, so that those of
an extract that came late are made for the stretch of time to which they belong.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from assets import stamps
from assets.core import CoreTable, key_of, of_two, tables_of
from assets.core.reference_dates import year_before
from assets.edges import Edges
from warehouse.archive import Release, file_name
from warehouse.frames import Stamp, kept_as


@dataclass(frozen=True)
class Origin:
    """The release that a core frame is made of, and the one of the edition of a year `before` that
    was read beside it, where it was made of two."""

    release: Release
    before: Release | None = None

    @property
    def later(self) -> Release:
        """Of the two the one that was released last."""
        return max(filter(None, (self.release, self.before)), key=lambda release: release.order)

    @property
    def known_from(self) -> dt.datetime:
        """From when what it says is known."""
        return self.later.known_from

    @property
    def id(self) -> str:
        """What the frame is kept as: the id of the release, with the one before after it."""
        if self.before is None:
            return self.release.release_id
        return f"{self.release.release_id}+{self.before.release_id.split(':', 1)[1]}"


def kept(edges: Edges, source: str, core: CoreTable) -> dict[str, list[Origin]]:
    """Of what the frames were made that count, by edition and in order of time.

    A frame of two releases that were never the newest at the same time, because a third came late,
    does not count; it stays where it is.
    """
    key = key_of(core.name, source)
    names = edges.frames.releases_kept(key)
    if of_two(edges.catalogue, source, core):
        return {
            edition: [
                origin
                for origin in wanted(edges, source, core, edition)
                if file_name(origin.id) in names[edition]
            ]
            for edition in names
        }
    releases = {
        edition: [edges.archive.named(source, edition, name) for name in here]
        for edition, here in names.items()
    }
    return {
        edition: [Origin(release) for release in sorted(here, key=lambda one: one.order)]
        for edition, here in releases.items()
    }


def wanted(edges: Edges, source: str, core: CoreTable, edition: str) -> list[Origin]:
    """Of what there should be frames of an edition of a table of two releases, in order of time: as
    far as the tables that it is made from were accepted."""
    tables = tables_of(edges.catalogue, source)
    if core.before:
        [name] = core.before
        accepted = kept(edges, source, tables[name])
        return paired(edition, {e: [one.release for one in said] for e, said in accepted.items()})
    [name] = [name for name in core.needs if of_two(edges.catalogue, source, tables[name])]
    return kept(edges, source, tables[name]).get(edition, [])


def paired(edition: str, accepted: dict[str, list[Release]]) -> list[Origin]:
    """What was the newest of an edition together with what was the newest of the one that lies a
    year before it, whenever either changed.

    `accepted`: by edition the releases, in the publisher's order.
    """
    moments = {release.known_from for releases in accepted.values() for release in releases}
    found: list[Origin] = []
    for moment in sorted(moments):
        newest = {
            other: known[-1]
            for other, releases in accepted.items()
            if (known := [one for one in releases if one.known_from <= moment])
        }
        if edition not in newest:
            continue
        earlier = year_before(edition, newest)
        origin = Origin(newest[edition], newest[earlier] if earlier else None)
        if origin not in found[-1:]:
            found.append(origin)
    return found


def stamp_of(edges: Edges, source: str, core: CoreTable, edition: str, release_id: str) -> Stamp:
    """The stamp that the frame which serves would get if it were made now, of `release_id`."""
    stamp = stamps.of_release(edges.catalogue, source, release_id, edges.code_version)
    if of_two(edges.catalogue, source, core):
        for origin in wanted(edges, source, core, edition)[-1:]:
            stamp |= _beside(origin)
    return stamp


def stamp_for(edges: Edges, origin: Origin) -> Stamp:
    """The stamp that the frame of `origin` would get if it were made now."""
    release = origin.release
    return stamps.of_release(
        edges.catalogue, release.source, release.release_id, edges.code_version
    ) | _beside(origin)


def _beside(origin: Origin) -> Stamp:
    return {"before": origin.before.release_id} if origin.before else {}


def lacking(edges: Edges, source: str, core: CoreTable, edition: str) -> list[Origin]:
    """Of what frames of a table of two releases are still to be made, in order of time: those that
    are not kept, and the one that serves where it was made otherwise. Not what was refused, and
    nothing of a table of one release."""
    if not of_two(edges.catalogue, source, core):
        return []
    key = key_of(core.name, source)
    names = edges.frames.releases_kept(key).get(edition, [])
    every = wanted(edges, source, core, edition)
    serving = edges.frames.stamp(key, edition)
    return [
        origin
        for origin in every
        if (
            file_name(origin.id) not in names
            or (origin is every[-1] and serving != stamp_for(edges, origin))
        )
        and not edges.frames.refused(*kept_as(key, origin.id), stamp_for(edges, origin))
    ]
