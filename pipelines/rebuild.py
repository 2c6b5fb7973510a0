"""Makes everything again from the archive alone: what was lived night by night, in one go.

Every archived release is read in the publishers' order, into frames beside those that serve; the
marts are learned from them, published, and only then put in place. As long as declarations and code
are those by which the nights were lived, the content is the same to the byte; otherwise it is what
the present ones say of the past.
"""

from __future__ import annotations

import time
from dataclasses import replace

import dagster as dg

from assets.core import SUBJECTS
from assets.core import key_of as core_key
from assets.edges import Edges
from assets.mart_tables import MARTS
from assets.publication import KEY as PUBLICATION
from assets.publication import STATUS
from assets.raw import key_of as raw_key
from expectations.ledger import Ledger
from pipelines import plan
from pipelines.night import Report, Say, Step, publish_marts, take_in
from warehouse.exclusive import together
from warehouse.frames import WHOLE, FrameStore

REBUILDING = ".rebuilding"


def rebuild(
    edges: Edges,
    instance: dg.DagsterInstance,
    *,
    log: Say = lambda line: None,
    step: Step = lambda what, done, of: None,
) -> Report:
    """Read all archived releases again and publish what they say, if it is not what is published.

    Until it is done the frames that are there go on serving; on any failure they stay.
    """
    from pipelines.definitions import build_definitions

    with edges.alone(lambda: log("another run is writing on this state; waiting")):
        start = time.monotonic()
        report = Report(warehouse=edges.warehouse_url)
        anew = _beside(edges)
        definitions = build_definitions(edges=anew)
        releases = [r for r in edges.archive.releases() if r.source in edges.catalogue.sources]
        newest = {(release.source, release.edition): release for release in releases}
        for number, release in enumerate(releases):
            step(f"{release.release_id}", number, len(releases) + 1)
            subject = edges.catalogue.sources[release.source].subject
            keys = (
                raw_key(release.source),
                *(core_key(table.name, release.source) for table in SUBJECTS[subject]),
            )
            item = plan.Intake(
                release.source, release.edition, False, "rebuild", keys, release=release.release_id
            )
            serves = newest[release.source, release.edition] is release
            _take_in(definitions, instance, item, report, log, serves=serves)
            for beside in plan.half_told(anew, release.source):
                _take_in(definitions, instance, beside, report, log, serves=True)
        for key in (STATUS, PUBLICATION):
            _carry_over(edges, anew, key)
        step("making and publishing the marts", len(releases), len(releases) + 1)
        publish_marts(lambda: definitions, instance, list(MARTS), report, "", log)
        if report.publication_failure is None:
            with together(edges.home, alone=True):
                _put_in_place(edges, anew)
        report.seconds = time.monotonic() - start
        return report


def _take_in(
    definitions: dg.Definitions,
    instance: dg.DagsterInstance,
    item: plan.Intake,
    report: Report,
    log: Say,
    *,
    serves: bool,
) -> None:
    """Read a release, or an edition beside another, and note what blocked it. `serves`: whether it
    is the newest, without which its edition is not up to date."""
    taken = take_in(definitions, instance, item, "")
    report.taken.append(taken)
    if taken.blocked:
        log(f"{item.release or f'{item.source} {item.edition}'}: BLOCKED: {taken.blocked}")
        if serves:
            report.blocked[f"{item.source} {item.edition}"] = taken.blocked


def _beside(edges: Edges) -> Edges:
    """The same house with empty frames and ledger, beside those that serve."""
    frames = FrameStore(edges.frames.place.beside(REBUILDING))
    ledger = Ledger(edges.ledger.place.beside(REBUILDING))
    return replace(edges, frames=frames, ledger=ledger, memory={})


def _carry_over(edges: Edges, anew: Edges, key: tuple[str, ...]) -> None:
    """What is no reading of the archive: how sources stand, and what was published when."""
    frame, stamp = edges.frames.read(key), edges.frames.stamp(key)
    if frame is not None:
        anew.frames.write(key, WHOLE, frame, stamp or {})


def _put_in_place(edges: Edges, anew: Edges) -> None:
    """Let the new frames serve. Where this is cut short the next night reads the archive again."""
    edges.frames.place.give_way(anew.frames.place)
    edges.ledger.place.give_way(anew.ledger.place)
