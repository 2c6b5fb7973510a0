"""A source has had nothing new for longer than it should: told once, and once when it has.

Starts no run: what a publisher does not release cannot be fetched.
"""

# No postponed annotations here: Dagster reads the types of assets' and ops' parameters.

import datetime as dt

import dagster as dg

from assets.edges import Edges
from assets.raw import key_of
from sensors.running import status
from sensors.telling import opened, over, send

EVERY = 3600
"""Seconds between ticks; a tick reads the newest manifest of every edition."""


def freshness_sensor(*, running: bool = True) -> dg.SensorDefinition:
    """Tells of sources that are older than declared; `running`: unless somebody switches it off."""

    @dg.sensor(
        name="freshness",
        minimum_interval_seconds=EVERY,
        default_status=status(running=running),
        description="Tells once of a source that has had nothing new for longer than its declared cadence, and once "
        "when it has. Starts no run.",
    )
    def freshness(
        context: dg.SensorEvaluationContext, edges: dg.ResourceParam[Edges]
    ) -> dg.SensorResult:
        from warehouse.incidents import Kind

        late = {} if edges.sample else overdue(edges)
        observed = []
        for source in edges.catalogue.sources:
            if why := late.get(source):
                if opened(context, edges, Kind.OVERDUE, source, why):
                    context.log.warning(f"{source}: {why}")
                    observed.append(dg.AssetObservation(list(key_of(source)), description=why))
            elif over(context, edges, Kind.OVERDUE, source):
                context.log.info(f"{source} is no longer overdue")
        send(context, edges)
        said = f"overdue: {', '.join(late)}" if late else "every source is as fresh as declared"
        if edges.sample:
            said = "the bundled sample does not grow older"
        return dg.SensorResult(skip_reason=said, asset_events=observed)

    return freshness


def overdue(edges: Edges) -> dict[str, str]:
    """Source -> since when and by how much, of those whose newest release is older than their
    declared cadence. Of what was never taken in, or is not asked for, nothing is said."""
    found = {}
    for source in edges.catalogue.sources.values():
        if not edges.catalogue.asks_for(source):
            continue
        newest = [
            release.known_from
            for edition in edges.archive.editions(source.name)
            if (release := edges.archive.latest(source.name, edition))
        ]
        if not newest:
            continue
        age = edges.now() - max(newest)
        if age > dt.timedelta(days=source.cadence_days):
            found[source.name] = (
                f"nothing new since {max(newest):%Y-%m-%d}; something new is expected every "
                f"{source.cadence_days} days. Look at the publisher whether it comes elsewhere now, under "
                "another name, or no more"
            )
    return found
