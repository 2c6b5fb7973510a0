"""What is archived and not yet read as it would be read now is read: the rest of a run that was killed,
of a range in which one edition failed, or everything that a changed declaration or a new release is about.

Decided from what frames are stamped with; publishers are not asked. What failed is not tried again
until something changes: the night does that.
"""

# No postponed annotations here: Dagster reads the types of assets' and ops' parameters.

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import dagster as dg

from assets.edges import Edges
from assets.raw import key_of
from sensors.intakes import EVERY_EDITION, job_of, unfinished
from sensors.running import in_the_night, status
from warehouse.frames import Key

EVERY = 120
"""Seconds between ticks; a tick reads the stamps of all frames."""


@dataclass(frozen=True)
class Unread:
    """An edition of which something archived is to be read again."""

    source: str
    edition: str
    keys: tuple[Key, ...]
    """The assets to run."""
    reason: str
    mark: str
    """What it is to be read as: other when the release, its declaration or the code is."""


Reading = Callable[[Edges], Iterable[Unread]]


def catching_up_sensor(
    jobs: Sequence[Any], reading: Reading, *, running: bool = True
) -> dg.SensorDefinition:
    """Reads what is archived and not read.

    `jobs`: the intake jobs; `running`: unless somebody switches it off.
    """

    @dg.sensor(
        name="catching_up",
        jobs=jobs,
        minimum_interval_seconds=EVERY,
        default_status=status(running=running),
        description="Reads what is archived and not yet read: after a run that was killed or failed half way, or when "
        "a declaration or the code changed. Asks no publisher.",
    )
    def catching_up(
        context: dg.SensorEvaluationContext, edges: dg.ResourceParam[Edges]
    ) -> dg.SensorResult:
        if in_the_night(edges):
            return dg.SensorResult(skip_reason="a night is running, and catches up by itself")
        found = list(reading(edges))
        busy = unfinished(context.instance) if found else set()
        free = [
            item
            for item in found
            if not {(item.source, item.edition), (item.source, EVERY_EDITION)} & busy
        ]
        if not free:
            why = "on its way" if found else "everything archived has been read"
            return dg.SensorResult(skip_reason=why)
        return dg.SensorResult(
            run_requests=[_run(item) for item in free],
            dynamic_partitions_requests=_partitions(edges, context.instance, free),
        )

    return catching_up


def _run(item: Unread) -> dg.RunRequest:
    raw = key_of(item.source)
    config = {"ops": {"__".join(raw): {"config": {"ask": False}}}} if raw in item.keys else {}
    return dg.RunRequest(
        run_key=f"{item.source}:{item.edition}:{item.mark}",
        job_name=job_of(item.source),
        partition_key=item.edition,
        asset_selection=[dg.AssetKey(list(key)) for key in item.keys],
        run_config=config,
        tags={"source": item.source, "edition": item.edition, "reason": item.reason},
    )


def _partitions(
    edges: Edges, instance: dg.DagsterInstance, items: Sequence[Unread]
) -> list[dg.AddDynamicPartitionsRequest]:
    from assets.raw import partitions_of

    found = []
    for source in sorted({item.source for item in items}):
        known = instance.get_dynamic_partitions(source)
        new = [x.edition for x in items if x.source == source and x.edition not in known]
        if new:
            found.append(partitions_of(edges.catalogue.sources[source]).build_add_request(new))
    return found
