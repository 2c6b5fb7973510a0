"""The definitions that Dagster loads, and the wiring of everything to everything.

Loading them touches no network and imports neither Great Expectations nor pandas.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable

import dagster as dg

from assets.catalogue import Catalogue, load_catalogue
from assets.core_assets import core_assets
from assets.described import start_here
from assets.edges import Edges
from assets.mart_assets import mart_asset
from assets.mart_tables import MARTS
from assets.publication import publication_asset
from assets.raw import raw_asset
from pipelines.executors import executor_of
from pipelines.jobs import intake_job, nightly_job, nightly_schedule, publication_job
from pipelines.resources import build_edges
from pipelines.settings import Settings, load_settings
from pipelines.turns import edges_in_turn
from sensors.catching_up import Unread, catching_up_sensor
from sensors.documents import document_sensor
from sensors.freshness import freshness_sensor
from sensors.inbox import inbox_sensor
from sensors.messages import message_sensor
from sensors.publication import Owed, publication_sensor
from sensors.releases import release_sensor
from sensors.runs import failed_run_sensor, succeeded_run_sensor


def build_definitions(
    settings: Settings | None = None, *, edges: Edges | None = None
) -> dg.Definitions:
    """All assets, jobs, schedules and sensors of one house; tests pass their own edges."""
    executor: dg.ExecutorDefinition = dg.in_process_executor
    if edges is None:
        settings = settings or load_settings()
        executor = executor_of(settings)
        catalogue: Catalogue = load_catalogue(further=settings.catalogue)
        edges = build_edges(settings, catalogue)
    with warnings.catch_warnings():
        # Single-run backfills are "beta" to Dagster, which would say so at every load, per asset.
        warnings.simplefilter("ignore", dg.BetaWarning)
        running = settings is None or settings.events == "on"
        return _definitions(edges, executor, running=running)


def _definitions(edges: Edges, executor: dg.ExecutorDefinition, *, running: bool) -> dg.Definitions:
    sources = edges.catalogue.sources.values()
    intakes = [intake_job(source) for source in sources]
    return dg.Definitions(
        assets=[
            start_here(),
            *(raw_asset(source, edges.sample) for source in sources),
            *(asset for source in sources for asset in core_assets(source)),
            *(mart_asset(edges.catalogue, declared) for declared in MARTS),
            publication_asset(_status_up_to_date),
        ],
        jobs=[*intakes, publication_job(), nightly_job()],
        schedules=[nightly_schedule(running=running)],
        sensors=[
            release_sensor(intakes, running=running),
            document_sensor(intakes, running=running),
            inbox_sensor(intakes, running=running),
            catching_up_sensor(intakes, _unread, running=running),
            publication_sensor(_owing, running=running),
            message_sensor(),
            freshness_sensor(running=running),
            failed_run_sensor(_refusal, running=running),
            succeeded_run_sensor(_refusal, running=running),
        ],
        resources={"edges": edges_in_turn(edges)},
        executor=executor,
    )


# What runs and ticks need of the plan is imported in them: loading the definitions asks no publisher.
def _status_up_to_date(edges: Edges) -> None:
    from pipelines.standing import refresh

    refresh(edges)


def _owing(edges: Edges) -> Owed | None:
    from pipelines.owing import owing

    return owing(edges)


def _unread(edges: Edges) -> Iterable[Unread]:
    from pipelines.owing import unread

    return unread(edges)


def _refusal(edges: Edges, source: str, edition: str) -> str | None:
    from pipelines.plan import standing_refusal

    return standing_refusal(edges, source, edition)


@dg.definitions
def defs() -> dg.Definitions:
    """What `workspace.yaml` points at."""
    return build_definitions()
