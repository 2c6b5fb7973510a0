"""Publishers released something: ask each, as cheaply as it allows, and take in what changed.

One request a publisher and tick for its catalogue. A publisher that is down is told of once, asked less
and less often, and keeps nobody else waiting.
"""

# No postponed annotations here: Dagster reads the types of assets' and ops' parameters.

from collections.abc import Collection, Sequence
from typing import Any

import dagster as dg

from assets.edges import Edges
from sensors.asking import Asked, ask, read_places, write_places
from sensors.intakes import wanted
from sensors.running import in_the_night, status
from sensors.telling import UNREACHABLE_AFTER, opened, over, send

EVERY = 3600
"""Seconds between ticks; a tick costs one request a publisher."""
ELSEWHERE = ("inbox", "budget_documents")
"""Publishers that have a sensor of their own."""


def release_sensor(jobs: Sequence[Any], *, running: bool = True) -> dg.SensorDefinition:
    """Takes in the editions that a publisher says are new or changed.

    `jobs`: the intake jobs; `running`: unless somebody switches it off.
    """

    @dg.sensor(
        name="releases",
        jobs=jobs,
        minimum_interval_seconds=EVERY,
        default_status=status(running=running),
        description="Asks every publisher of tables and files what is new, with one request each, and takes in "
        "every edition that is new or changed. A publisher that is down is told of once and asked less often.",
    )
    def releases(
        context: dg.SensorEvaluationContext, edges: dg.ResourceParam[Edges]
    ) -> dg.SensorResult:
        publishers = {source.publisher for source in edges.catalogue.sources.values()}
        return look(context, edges, publishers - set(ELSEWHERE))

    return releases


def look(
    context: dg.SensorEvaluationContext, edges: Edges, publishers: Collection[str]
) -> dg.SensorResult:
    """One tick: ask those of `publishers` that are due, and want a run for what is new."""
    from assets.sources.budget_site import UNASKED
    from assets.sources.survey import news

    if in_the_night(edges):
        return dg.SensorResult(skip_reason="a night is running, and asks by itself")
    asked = ask(edges, publishers, read_places(context.cursor))
    _tell(context, edges, asked)
    # What could not be asked is no news; the night tries to fetch it all the same.
    found = [item for item in news(asked.surveys, edges.archive) if item.fingerprint != UNASKED]
    want = wanted(edges, context.instance, found)
    cursor = write_places(asked.places)
    if not want.runs:
        return dg.SensorResult(skip_reason=_nothing(asked, want.on_their_way), cursor=cursor)
    return dg.SensorResult(
        run_requests=want.runs, dynamic_partitions_requests=want.partitions, cursor=cursor
    )


def _nothing(asked: Asked, on_their_way: Collection[str]) -> str:
    """Why nothing is started: that a publisher is down is said once, when it goes down."""
    said = ["nothing new"]
    if on_their_way:
        said = [f"on their way: {', '.join(on_their_way)}"]
    said += [f"could not ask {name}: {why}" for name, why in asked.fell_silent.items()]
    return "; ".join(said)


def _tell(context: dg.SensorEvaluationContext, edges: Edges, asked: Asked) -> None:
    from warehouse.incidents import Kind

    for publisher, why in asked.fell_silent.items():
        context.log.warning(f"{publisher} cannot be asked: {why}")
    for publisher, since in asked.back.items():
        context.log.info(f"{publisher} answers again; it could not be asked since {since} (UTC)")
    for publisher, survey in asked.surveys.items():
        if survey.failure:
            why = survey.failure
            opened(context, edges, Kind.UNREACHABLE, publisher, why, after=UNREACHABLE_AFTER)
        else:
            over(context, edges, Kind.UNREACHABLE, publisher)
    send(context, edges)
