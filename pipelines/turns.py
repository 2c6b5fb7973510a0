"""Lets every run take its turn: one run a source at a time, and a publication alone.

The turn is the run's own, whoever started it: schedule, sensor, backfill, launchpad or command line.
Runs that wait in Dagster's queue are also kept apart by pools, which hold across machines; the turn
holds where there is no queue, on the machine that the state is on.
"""

# No postponed annotations here: Dagster reads the types of resources' parameters.

from collections.abc import Iterator

import dagster as dg

from assets.edges import Edges
from sensors.intakes import sources_of
from sensors.publication import JOB
from warehouse.exclusive import turn


def edges_in_turn(edges: Edges) -> dg.ResourceDefinition:
    """The resource `edges`, for a run that has its turn; for a sensor's tick at once."""

    @dg.resource(description="Archive, frames, ledger, publishers, clock and the catalogue.")
    def resource(context: dg.InitResourceContext) -> Iterator[Edges]:
        run = context.run
        if run is None:
            yield edges
            return
        sources, alone = takes(run)
        if not (sources or alone):
            yield edges
            return

        def waiting(what: str) -> None:
            if context.log:
                context.log.info(f"waiting for {what} to end")

        with turn(edges.home, sources, alone=alone, waiting=waiting):
            yield edges

    return resource


def takes(run: dg.DagsterRun) -> tuple[set[str], bool]:
    """The sources that a run takes in, and whether it makes marts or publishes.

    A night takes no turn: the runs that it starts do.
    """
    if not run.asset_selection:
        return sources_of(run), run.job_name == JOB
    return sources_of(run), any(key.path[0] not in ("raw", "core") for key in run.asset_selection)
