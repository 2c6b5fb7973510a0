"""The jobs: one intake a source, one publication, and the night that runs them in turn.

Intake and publication are separate runs on purpose: a source that is blocked fails its own run,
red and with its reason, and everything else goes on to be published.
"""

# No postponed annotations here: Dagster reads the types of assets' and ops' parameters.

from collections.abc import Callable
from typing import Any

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from assets.catalogue.models import Source
from assets.core import SUBJECTS
from assets.core import key_of as core_key
from assets.described import PUBLICATION_DESCRIPTION, intake_description
from assets.edges import Edges
from assets.mart_tables import MARTS
from assets.publication import KEY as PUBLICATION
from assets.raw import key_of as raw_key
from sensors.intakes import job_of
from sensors.publication import JOB as PUBLICATION_JOB

TIME_ZONE = "Europe/Amsterdam"
HOUR = "30 3 * * *"
"""After CBS's releases of the day before have settled, before anybody is at work."""


NIGHTLY_JOB = "nightly"


def intake_job(source: Source) -> UnresolvedAssetJobDefinition:
    """Raw and core of one source, an edition a run."""
    keys = [
        raw_key(source.name),
        *(core_key(core.name, source.name) for core in SUBJECTS[source.subject]),
    ]
    return dg.define_asset_job(
        job_of(source.name),
        selection=dg.AssetSelection.assets(*[list(key) for key in keys]),
        description=intake_description(source),
        tags={"source": source.name},
    )


def publication_job() -> UnresolvedAssetJobDefinition:
    """All marts, and the swap."""
    keys = [*(declared.key for declared in MARTS), PUBLICATION]
    return dg.define_asset_job(
        PUBLICATION_JOB,
        selection=dg.AssetSelection.assets(*[list(key) for key in keys]),
        description=PUBLICATION_DESCRIPTION,
    )


class Night(dg.Config):
    """What a night does; what is seen in the launchpad."""

    force: bool = False
    """Take in everything that publishers have, changed or not."""
    source: str = ""
    """Only this source."""
    editions: list[str] = []
    """Only these editions."""


def nightly_job(run_night: Callable[..., Any] | None = None) -> dg.JobDefinition:
    """Ask every publisher, take in what changed, publish. The schedule and the command line run this.

    `run_night`: stands in for `night.run_night`, for a caller that wants to watch.
    """

    @dg.op(
        out=dg.Out(dg.Nothing),
        description="Ask every publisher what is new, take it in source by source, publish what changed.",
    )
    def night(
        context: dg.OpExecutionContext, config: Night, edges: dg.ResourceParam[Edges]
    ) -> None:
        how: dict[str, Any] = {
            "only": config.source or None,
            "editions": config.editions or None,
            "force": config.force,
            "parent_run": context.run_id,
        }
        if run_night:
            run_night(**how)
        else:
            from pipelines import night as nights

            nights.run_night(edges, context.instance, log=context.log.info, **how)

    @dg.job(
        name=NIGHTLY_JOB,
        description="Asks every publisher what is new, takes in what changed (each source in a run of its own), "
        "then publishes. *Launchpad* runs it now; `source` and `editions` there narrow it down.",
    )
    def nightly() -> None:
        night()

    return nightly


def nightly_schedule(*, running: bool = True) -> dg.ScheduleDefinition:
    """Every night, Dutch time; `running`: unless somebody switches it off."""
    return dg.ScheduleDefinition(
        name=NIGHTLY_JOB,
        job_name=NIGHTLY_JOB,
        default_status=dg.DefaultScheduleStatus.RUNNING
        if running
        else dg.DefaultScheduleStatus.STOPPED,
        cron_schedule=HOUR,
        execution_timezone=TIME_ZONE,
        description="Every night at 03:30, Dutch time, the job `nightly`: whatever the sensors missed is "
        "taken in then. A night in which nothing changed runs nothing more.",
    )
