"""Lets every run take its turn: one run a source at a time, and a publication alone.

The turn is the run's own, whoever started it: schedule, sensor, backfill, launchpad or command line.
Turns are taken in one order, by name, so that no two runs can wait for each other. Runs that wait in
Dagster's queue are also kept apart by pools; the turn holds where there is no queue.
"""

# No postponed annotations here: Dagster reads the types of resources' parameters.

from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial

import dagster as dg

from assets.edges import Edges
from sensors.intakes import sources_of
from sensors.publication import JOB
from warehouse.exclusive import together


def edges_in_turn(edges: Edges) -> dg.ResourceDefinition:
    """The resource `edges`, for a run that has its turn; for a sensor's tick at once."""

    @dg.resource(description="Archive, frames, ledger, publishers, clock and the catalogue.")
    def resource(context: dg.InitResourceContext) -> Iterator[Edges]:
        edges.look()  # what is read may come from another machine
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

        with ExitStack() as held:
            for source in sorted(sources):
                held.enter_context(
                    edges.alone(partial(waiting, f"another run of {source}"), f"source-{source}")
                )
            if alone:
                held.enter_context(edges.alone(partial(waiting, "a publication"), "publication"))
            held.enter_context(together(edges.home, partial(waiting, "others"), alone=alone))
            yield edges

    return resource


def takes(run: dg.DagsterRun) -> tuple[set[str], bool]:
    """The sources that a run takes in, and whether it makes marts or publishes.

    A night takes no turn: the runs that it starts do.
    """
    if not run.asset_selection:
        return sources_of(run), run.job_name == JOB
    return sources_of(run), any(key.path[0] not in ("raw", "core") for key in run.asset_selection)
