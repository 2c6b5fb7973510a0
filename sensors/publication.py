"""Core changed: the marts that are out of date are made and published, once what is on its way is in.

Decided from what frames are stamped with, not from what ran: nothing is missed when a run is killed or
the daemon was down, and what changed nothing starts nothing.
"""

# No postponed annotations here: Dagster reads the types of assets' and ops' parameters.

import datetime as dt
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import dagster as dg

from assets.edges import Edges
from assets.publication import KEY
from sensors.intakes import UNFINISHED, unfinished
from sensors.running import in_the_night, status
from warehouse.frames import Key

EVERY = 60
"""Seconds between ticks; a tick reads the stamps of all frames."""
LONGEST = dt.timedelta(hours=1)
"""For which what is ready waits for what is on its way: thirty editions are one publication, but a
day of backfills does not keep a new figure from its readers."""
JOB = "publication"


@dataclass(frozen=True)
class Owed:
    """What readers do not have yet."""

    marts: Sequence[Key]
    """Marts that are out of date."""
    mark: str
    """Other for everything else that is owed, and after every publication."""
    half_told: bool = False
    """Whether an edition is still to be read again beside one that came: what is told of both
    contradicts it until then."""


Owing = Callable[[Edges], Owed | None]
"""Looks what is owed to readers; None where they have everything."""


def publication_sensor(owing: Owing, *, running: bool = True) -> dg.SensorDefinition:
    """Publishes what changed; `running`: unless somebody switches it off."""

    @dg.sensor(
        name="publication",
        job_name=JOB,
        minimum_interval_seconds=EVERY,
        default_status=status(running=running),
        description="Makes the marts that are out of date and publishes, when nothing is being taken in any more.",
    )
    def publication(
        context: dg.SensorEvaluationContext, edges: dg.ResourceParam[Edges]
    ) -> dg.SensorResult:
        if in_the_night(edges):
            return dg.SensorResult(skip_reason="a night is running, and publishes by itself")
        owed = owing(edges)
        if owed is None:
            return dg.SensorResult(skip_reason="readers have everything", cursor="")
        since = _since(context.cursor) or edges.now()
        cursor = json.dumps({"since": since.isoformat()})
        if _publishing(context.instance):
            return dg.SensorResult(skip_reason="a publication is running", cursor=cursor)
        coming = owed.half_told or unfinished(context.instance) or _backfills(context.instance)
        if coming and edges.now() - since < LONGEST:
            why = f"waits since {since:%H:%M} (UTC) for what is being taken in"
            return dg.SensorResult(skip_reason=why, cursor=cursor)
        keys = [*owed.marts, KEY]
        run = dg.RunRequest(
            run_key=owed.mark,
            asset_selection=[dg.AssetKey(list(key)) for key in keys],
            tags={"reason": "changed"},
        )
        return dg.SensorResult(run_requests=[run], cursor=cursor)

    return publication


def _since(cursor: str | None) -> dt.datetime | None:
    """Since when something is owed, by the cursor; None where nothing was."""
    try:
        return dt.datetime.fromisoformat(json.loads(cursor or "{}")["since"])
    except (ValueError, KeyError, TypeError):
        return None


def _publishing(instance: dg.DagsterInstance) -> bool:
    return bool(instance.get_runs(dg.RunsFilter(job_name=JOB, statuses=UNFINISHED), limit=1))


def _backfills(instance: dg.DagsterInstance) -> bool:
    """Whether a backfill is under way, also one that waits for its next run."""
    from dagster._core.execution.backfill import BulkActionsFilter, BulkActionStatus

    wanted = BulkActionsFilter(statuses=[BulkActionStatus.REQUESTED])
    return bool(instance.get_backfills(filters=wanted, limit=1))
