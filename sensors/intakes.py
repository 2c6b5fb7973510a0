"""Asks for a run an edition that has something new, and never for one that is on its way already."""

# No postponed annotations here: Dagster reads the types of assets' and ops' parameters.

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import dagster as dg

from assets.edges import Edges
from assets.raw import key_of, partitions_of

if TYPE_CHECKING:
    from assets.sources.reading import Listing

EVERY_EDITION = "*"
UNFINISHED = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]
PARTITION = "dagster/partition"


@dataclass(frozen=True)
class Wanted:
    """What a tick asks Dagster for."""

    runs: list[dg.RunRequest] = field(default_factory=list)
    partitions: list[dg.AddDynamicPartitionsRequest] = field(default_factory=list)
    on_their_way: list[str] = field(default_factory=list)
    """`source edition` that have something new, and a run that is not over."""


INTAKE = "intake_"


def job_of(source: str) -> str:
    """Name of the intake job of a source."""
    return f"{INTAKE}{source}"


def sources_of(run: dg.DagsterRun) -> set[str]:
    """The sources that a run takes in, whichever way it was started."""
    if run.asset_selection:
        return {key.path[-1] for key in run.asset_selection if key.path[0] in ("raw", "core")}
    return {run.job_name.removeprefix(INTAKE)} if run.job_name.startswith(INTAKE) else set()


def unfinished(instance: dg.DagsterInstance) -> set[tuple[str, str]]:
    """Source and edition of every intake that waits or runs; `*` for all editions of a source."""
    found: set[tuple[str, str]] = set()
    for run in instance.get_runs(dg.RunsFilter(statuses=UNFINISHED)):
        edition = run.tags.get(PARTITION, EVERY_EDITION)
        found |= {(source, edition) for source in sources_of(run)}
    return found


def wanted(edges: Edges, instance: dg.DagsterInstance, listings: "Iterable[Listing]") -> Wanted:
    """A run for each of `listings`, and a partition for each edition that is new to Dagster.

    The run key is source, edition, what the publisher said of it and what it replaces: the same news
    starts nothing twice, and a publisher that goes back to what it had before is news again.
    """
    found = Wanted()
    busy: set[tuple[str, str]] | None = None
    known: dict[str, set[str]] = {}
    for listing in listings:
        if busy is None:
            busy = unfinished(instance)
        if {(listing.source, listing.edition), (listing.source, EVERY_EDITION)} & busy:
            found.on_their_way.append(f"{listing.source} {listing.edition}")
            continue
        if listing.source not in known:
            known[listing.source] = set(instance.get_dynamic_partitions(listing.source))
        if listing.edition not in known[listing.source]:
            known[listing.source].add(listing.edition)
            partitions = partitions_of(edges.catalogue.sources[listing.source])
            found.partitions.append(partitions.build_add_request([listing.edition]))
        found.runs.append(_run(edges, listing))
    return found


def _run(edges: Edges, listing: "Listing") -> dg.RunRequest:
    last = edges.archive.latest(listing.source, listing.edition)
    said = f"{listing.source}:{listing.edition}:{listing.fingerprint}"
    config: dict[str, Any] = {
        "identifier": listing.identifier,
        "fingerprint": listing.fingerprint,
    }
    return dg.RunRequest(
        run_key=f"{said}:after:{last.release_id if last else 'nothing'}",
        job_name=job_of(listing.source),
        partition_key=listing.edition,
        run_config={"ops": {"__".join(key_of(listing.source)): {"config": config}}},
        tags={
            "source": listing.source,
            "edition": listing.edition,
            "release": f"{listing.identifier} {listing.fingerprint}",
            "reason": "changed" if last else "new",
        },
    )
