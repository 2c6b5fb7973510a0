"""The definitions that Dagster loads, and the wiring of everything to everything.

Loading them touches no network and imports neither Great Expectations nor pandas.
"""

from __future__ import annotations

import warnings

import dagster as dg

from assets.catalogue import Catalogue, load_catalogue
from assets.core_assets import core_assets
from assets.described import start_here
from assets.edges import Edges
from assets.mart_assets import mart_asset
from assets.mart_tables import MARTS
from assets.publication import publication_asset
from assets.raw import raw_asset
from pipelines.jobs import intake_job, nightly_job, nightly_schedule, publication_job
from pipelines.resources import build_edges
from pipelines.settings import Settings, load_settings
from sensors.messages import message_sensor
from sensors.releases import release_sensor


def build_definitions(
    settings: Settings | None = None, *, edges: Edges | None = None
) -> dg.Definitions:
    """All assets, jobs, schedules and sensors of one house; tests pass their own edges."""
    if edges is None:
        settings = settings or load_settings()
        catalogue: Catalogue = load_catalogue(further=settings.catalogue)
        edges = build_edges(settings, catalogue)
    with warnings.catch_warnings():
        # Single-run backfills are "beta" to Dagster, which would say so at every load, per asset.
        warnings.simplefilter("ignore", dg.BetaWarning)
        return _definitions(edges)


def _definitions(edges: Edges) -> dg.Definitions:
    sources = edges.catalogue.sources.values()
    return dg.Definitions(
        assets=[
            start_here(),
            *(raw_asset(source, edges.sample) for source in sources),
            *(asset for source in sources for asset in core_assets(source)),
            *(mart_asset(edges.catalogue, declared) for declared in MARTS),
            publication_asset(),
        ],
        jobs=[*(intake_job(source) for source in sources), publication_job(), nightly_job()],
        schedules=[nightly_schedule()],
        sensors=[release_sensor(), message_sensor()],
        resources={"edges": dg.ResourceDefinition(lambda _: _looking(edges))},
        executor=dg.in_process_executor,
    )


def _looking(edges: Edges) -> Edges:
    """The edges, for a step or tick that begins: what it reads may come from another machine."""
    edges.look()
    return edges


@dg.definitions
def defs() -> dg.Definitions:
    """What `workspace.yaml` points at."""
    return build_definitions()
