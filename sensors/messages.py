"""Messages that are owed: what could not be sent when it came to be is sent later, whatever runs."""

# No postponed annotations here: Dagster reads the types of assets' and ops' parameters.

import dagster as dg

from assets.edges import Edges

EVERY = 60
"""Seconds between ticks; where nothing is owed, a tick looks into one file."""


def message_sensor() -> dg.SensorDefinition:
    """Sends what is owed to people and to machines. Starts no run."""

    @dg.sensor(
        name="messages",
        minimum_interval_seconds=EVERY,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Sends messages on incidents, and announcements of publications, that are still owed.",
    )
    def messages(
        context: dg.SensorEvaluationContext, edges: dg.ResourceParam[Edges]
    ) -> dg.SkipReason:
        failed = edges.tell(edges.now())
        for line in failed:
            context.log.warning(line)
        return dg.SkipReason("; ".join(failed) or "nothing is owed any more")

    return messages
