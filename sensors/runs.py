"""A run ended: what failed is told once, and once when it is over.

Runs of Dagster's daemon only; what a night takes in by itself it tells of by itself.
"""

# No postponed annotations here: Dagster reads the types of assets' and ops' parameters.

from collections.abc import Callable
from typing import TYPE_CHECKING

import dagster as dg

from assets.edges import Edges
from assets.publication import KEY
from sensors.intakes import PARTITION, sources_of
from sensors.publication import JOB as PUBLICATION
from sensors.running import status
from sensors.telling import opened, over, send

if TYPE_CHECKING:
    from sensors.telling import Ticking

Refusal = Callable[[Edges, str, str], str | None]
"""Why the newest release of an edition (source, edition) is not served, where it was refused."""
EVERY = 30
FIRST, LAST = "dagster/asset_partition_range_start", "dagster/asset_partition_range_end"
WILL_RETRY = "dagster/will_retry"


def failed_run_sensor(refusal: Refusal, *, running: bool = True) -> dg.SensorDefinition:
    """Opens incidents for failed runs; `running`: unless somebody switches it off."""

    @dg.run_failure_sensor(
        name="run_failed",
        minimum_interval_seconds=EVERY,
        default_status=status(running=running),
        description="Tells once of every run that failed and is not tried again: what was blocked and why, or that "
        "the run broke off.",
    )
    def run_failed(context: dg.RunFailureSensorContext, edges: dg.ResourceParam[Edges]) -> None:
        if context.dagster_run.tags.get(WILL_RETRY) == "true":
            return
        said = [
            why_failed(event)
            for event in context.get_step_failure_events()
            if event.is_step_failure and not event.is_step_up_for_retry
        ]
        failed(context, edges, context.instance, context.dagster_run, said, refusal)
        send(context, edges)

    return run_failed


def succeeded_run_sensor(refusal: Refusal, *, running: bool = True) -> dg.SensorDefinition:
    """Closes what succeeded; `running`: unless somebody switches it off."""

    @dg.run_status_sensor(
        name="run_succeeded",
        run_status=dg.DagsterRunStatus.SUCCESS,
        minimum_interval_seconds=EVERY,
        default_status=status(running=running),
        description="Tells once of what is over when a run succeeds: a blocked source, a failed publication.",
    )
    def run_succeeded(context: dg.RunStatusSensorContext, edges: dg.ResourceParam[Edges]) -> None:
        succeeded(context, edges, context.instance, context.dagster_run, refusal)
        send(context, edges)

    return run_succeeded


def failed(
    context: "Ticking",
    edges: Edges,
    instance: dg.DagsterInstance,
    run: dg.DagsterRun,
    said: list[str],
    refusal: Refusal,
) -> None:
    """Open what a failed run leaves wrong. `said`: why its steps failed; nothing where it broke off."""
    from warehouse.incidents import Kind

    source, editions = taken_in(instance, run)
    why = "; ".join(said)
    if not said:
        text = "the run broke off before its end: its process is gone, or was stopped"
        opened(context, edges, Kind.RUN_FAILED, subject(run), text, run=run.run_id)
    elif source:
        for edition in editions:
            if refused := refusal(edges, source, edition):
                opened(context, edges, Kind.BLOCKED, f"{source} {edition}", refused, run=run.run_id)
            elif f"{source} {edition}" in why or len(editions) == 1:
                opened(context, edges, Kind.BLOCKED, f"{source} {edition}", why, run=run.run_id)
            else:
                over(context, edges, Kind.BLOCKED, f"{source} {edition}")
    elif _publishes(run):
        opened(context, edges, Kind.NOT_PUBLISHED, PUBLICATION, why, run=run.run_id)
    else:
        opened(context, edges, Kind.RUN_FAILED, subject(run), why, run=run.run_id)


def succeeded(
    context: "Ticking",
    edges: Edges,
    instance: dg.DagsterInstance,
    run: dg.DagsterRun,
    refusal: Refusal,
) -> None:
    """Close what a run that succeeded puts right."""
    from warehouse.incidents import Kind

    over(context, edges, Kind.RUN_FAILED, subject(run))
    source, editions = taken_in(instance, run)
    for edition in editions:
        if source and not refusal(edges, source, edition):
            over(context, edges, Kind.BLOCKED, f"{source} {edition}")
    if _publishes(run):
        over(context, edges, Kind.NOT_PUBLISHED, PUBLICATION)


def taken_in(instance: dg.DagsterInstance, run: dg.DagsterRun) -> tuple[str | None, list[str]]:
    """The source that a run takes in, and its editions; None and none of another run."""
    sources = sources_of(run)
    if len(sources) != 1:
        return None, []
    [source] = sources
    if edition := run.tags.get(PARTITION):
        return source, [edition]
    first = run.tags.get(FIRST)
    last = run.tags.get(LAST)
    known = list(instance.get_dynamic_partitions(source))
    if first in known and last in known:
        return source, known[known.index(str(first)) : known.index(str(last)) + 1]
    return source, []


def subject(run: dg.DagsterRun) -> str:
    """What an incident of a run is about: its job, or the source of a backfill, and its editions."""
    tags = run.tags
    first = tags.get(PARTITION) or tags.get(FIRST)
    last = tags.get(LAST, first)
    what = ", ".join(sorted(sources_of(run))) or run.job_name
    return f"{what} {first}..{last}" if first != last else f"{what} {first}" if first else what


def _publishes(run: dg.DagsterRun) -> bool:
    keys = [key.path for key in run.asset_selection or ()]
    return run.job_name == PUBLICATION or list(KEY) in keys


def why_failed(event: dg.DagsterEvent) -> str:
    """Why a step failed, in the words of whoever failed it."""
    data = event.step_failure_data
    if data.user_failure_data and data.user_failure_data.description:
        return str(data.user_failure_data.description)
    error = data.error
    return (error.cause or error).message.strip() if error else "unknown failure"
