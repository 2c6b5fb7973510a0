"""Core assets: for every source the tables of its subject, each behind the gate."""

# No postponed annotations here: Dagster reads the types of assets' and ops' parameters.

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import dagster as dg

from assets import gated, raw, stamps
from assets.catalogue.models import Source
from assets.core import SUBJECTS, CoreTable
from assets.core.frames import Edition
from assets.edges import Edges
from assets.sources.errors import SourceError
from assets.sources.reading import RawTable, empty_codes, empty_columns
from expectations.rules import Evidence
from warehouse.frames import Key
from warehouse.tables.core import Establishment

if TYPE_CHECKING:
    import polars as pl


def key_of(table: str, source: str) -> Key:
    """Key of a core asset: layer, table, source."""
    return "core", table, source


def core_assets(source: Source) -> list[dg.AssetsDefinition]:
    """The core assets of `source`."""
    return [_core_asset(source, core) for core in SUBJECTS[source.subject]]


def _core_asset(source: Source, core: CoreTable) -> dg.AssetsDefinition:
    key = key_of(core.name, source.name)
    rules = gated.rules_for(core.table, source.name)
    upstream = ([raw.key_of(source.name)] if core.reads_raw else []) + [
        key_of(name, source.name) for name in core.needs
    ]

    @dg.asset(
        key=list(key),
        deps=[list(dependency) for dependency in upstream],
        partitions_def=raw.partitions_of(source),
        backfill_policy=dg.BackfillPolicy.single_run(),
        group_name="core",
        kinds={"polars", "parquet"},
        owners=["team:regional-economy"],
        description=gated.description(core.table, f"From {source.title_en}; {source.attribution}."),
        metadata={"dagster/column_schema": gated.column_schema(core.table)},
        check_specs=gated.check_specs(key, core.table, rules),
        code_version="1",
    )
    def core_table(
        context: dg.AssetExecutionContext, edges: dg.ResourceParam[Edges]
    ) -> Iterator[Any]:
        made = (_made(source, core, edition, edges) for edition in context.partition_keys)
        yield from gated.pass_gate(context, edges, key, core.table, rules, made)

    return core_table


def _made(source: Source, core: CoreTable, edition: str, edges: Edges) -> gated.Made:
    """Compute one edition of a core table, with the evidence to judge it by."""
    needed = {name: _needed(source, name, edition, edges) for name in core.needs}
    release_id, table = _release(source, core, edition, edges)
    key = key_of(core.name, source.name)
    stamp = stamps.of_release(edges.catalogue, source.name, release_id, edges.code_version)
    try:
        frame = core.make(Edition(source, edition, release_id, table), needed)
    except SourceError as error:
        edges.frames.refuse(key, edition, stamp, str(error))
        raise dg.Failure(str(error), allow_retries=False) from error
    return gated.Made(
        edition=edition,
        evidence=Evidence(
            frame=frame,
            table=core.table,
            source=source.name,
            edition=edition,
            last_good=edges.frames.read(key, edition),
            others=_listed_areas(core, edges) | needed,
            facts={
                "measures": {name: measure.unit for name, measure in source.measures.items()},
                "row_floor": edges.row_floor(source.name),
                "sample": edges.sample,
            },
        ),
        release_id=release_id,
        stamp=stamp,
    )


def _listed_areas(core: CoreTable, edges: Edges) -> "dict[str, pl.DataFrame]":
    """For tables that name areas of other sources: all areas that any source lists by now."""
    import polars as pl

    if core.table is not Establishment:
        return {}
    keys = [key_of("region", source) for source in edges.catalogue.sources]
    scans = [scan for key in keys if (scan := edges.frames.scan(key)) is not None]
    return {"region": pl.concat(scans).collect()} if scans else {}


def _needed(source: Source, table: str, edition: str, edges: Edges) -> "pl.DataFrame":
    frame = edges.frames.read(key_of(table, source.name), edition)
    if frame is None:
        raise dg.Failure(
            f"core/{table}/{source.name} has no edition {edition} yet; materialise it first",
            allow_retries=False,
        )
    return frame


def _release(source: Source, core: CoreTable, edition: str, edges: Edges) -> tuple[str, RawTable]:
    """The release to make the table from; tables made from other core tables need only its id."""
    import polars as pl

    if core.reads_raw:
        found = raw.read(edges.frames, source.name, edition)
        if found is None:
            raise dg.Failure(
                f"raw/{source.name} has no edition {edition} yet; materialise it first",
                allow_retries=False,
            )
        return found
    stamp = edges.frames.stamp(key_of(core.needs[0], source.name), edition) or {}
    return stamp["release_id"], RawTable(pl.DataFrame(), empty_columns(), empty_codes())
