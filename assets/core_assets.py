"""Core assets: for every source the tables of its subject, each behind the gate."""

# No postponed annotations here: Dagster reads the types of assets' and ops' parameters.

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import dagster as dg

from assets import checks, column_lineage, described, gated, origins, pictures, raw, taken_in
from assets.catalogue.models import Source
from assets.core import SUBJECTS, CoreTable, key_of, of_two, tables_of
from assets.core.frames import Edition, Tidy
from assets.edges import Edges
from assets.origins import Origin
from assets.run_tags import tag_run
from assets.sources.errors import SourceError
from assets.sources.reading import RawTable, empty_codes, empty_columns
from expectations.quarantine import GUARDED
from expectations.rules import Evidence
from warehouse.frames import Key, kept_as
from warehouse.tables.core import Establishment, Figure, Outline

if TYPE_CHECKING:
    import polars as pl


def core_assets(source: Source) -> list[dg.AssetsDefinition]:
    """The core assets of `source`."""
    return [_core_asset(source, core) for core in SUBJECTS[source.subject]]


def _core_asset(source: Source, core: CoreTable) -> dg.AssetsDefinition:
    key = key_of(core.name, source.name)
    rules = checks.rules_for(core.table, source.name)
    upstream = ([raw.key_of(source.name)] if core.reads_raw else []) + [
        key_of(name, source.name) for name in core.needs
    ]

    @dg.asset(
        key=list(key),
        deps=[list(dependency) for dependency in upstream],
        partitions_def=raw.partitions_of(source),
        backfill_policy=dg.BackfillPolicy.single_run(),
        pool=source.name,
        group_name="core",
        kinds={"polars", "parquet"},
        owners=described.TEAM,
        description=described.core_description(core.table, source),
        tags=described.source_tags(source),
        metadata={"dagster/column_schema": described.column_schema(core.table)},
        check_specs=checks.check_specs(key, core.table, rules),
        code_version="1",
    )
    def core_table(
        context: dg.AssetExecutionContext, edges: dg.ResourceParam[Edges]
    ) -> Iterator[Any]:
        if not _reads_now(context, source):
            editions = list(context.partition_keys)
            releases = [raw.release_of(edges.frames, source.name, e) or "" for e in editions]
            tag_run(context, source.name, editions, releases)
        made = (
            _made(source, core, edition, edges, origin)
            for edition in context.partition_keys
            for origin in _origins(source, core, edition, edges)
        )
        yield from gated.pass_gate(context, edges, key, core.table, rules, made)

    return core_table


def _reads_now(context: dg.AssetExecutionContext, source: Source) -> bool:
    """Whether this run takes in the raw asset too, which then says of which release it is."""
    selected = context.run.asset_selection
    return selected is None or dg.AssetKey(list(raw.key_of(source.name))) in selected


def _picture(key: Key, core: CoreTable, edition: str, edges: Edges, frame: "pl.DataFrame") -> str:
    """Outlines as a map, anything else as rows by edition."""
    if core.table is Outline:
        return pictures.outlines(frame["geojson"].to_list(), f"{frame.height} areas, {edition}")
    return pictures.editions(taken_in.heights(edges, key), [edition])


def _origins(
    source: Source, core: CoreTable, edition: str, edges: Edges
) -> Sequence[Origin | None]:
    """Of what an edition is to be made now, in order of time: of the release that raw has (None), or
    of every pair of releases of which there is nothing yet, and at least of the newest."""
    if not of_two(edges.catalogue, source.name, core):
        return [None]
    found = origins.lacking(edges, source.name, core, edition)
    found = found or origins.wanted(edges, source.name, core, edition)[-1:]
    if not found:
        raise dg.Failure(
            f"core/{core.needs[0]}/{source.name} has no edition {edition} yet; materialise it first",
            allow_retries=False,
        )
    return found


def _made(
    source: Source, core: CoreTable, edition: str, edges: Edges, origin: Origin | None = None
) -> gated.Made:
    """Compute one edition of a core table, with the evidence to judge it by."""
    if origin:
        table = _no_raw()
    else:
        release_id, table = _release(source, core, edition, edges)
        origin = Origin(edges.archive.release(release_id))
    key = key_of(core.name, source.name)
    needed = {name: _needed(source, name, edition, origin, edges) for name in core.needs}
    if origin.before:
        for name in core.before:
            earlier = kept_as(key_of(name, source.name), origin.before.release_id)
            frame_before = edges.frames.read(*earlier)
            assert frame_before is not None
            needed[f"{name}_before"] = frame_before
    release_id, stamp = origin.release.release_id, origins.stamp_for(edges, origin)
    older = _is_older(source, core, edition, origin, edges)
    try:
        made = core.make(
            Edition(source, edition, release_id, table, told_by=origin.later.release_id), needed
        )
    except SourceError as error:
        edges.frames.refuse_release(key, origin.id, stamp, str(error), older=older)
        raise dg.Failure(str(error), allow_retries=False) from error
    frame, unread = (made.frame, made.unread) if isinstance(made, Tidy) else (made, None)
    return gated.Made(
        edition=edition,
        unread=unread,
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
                GUARDED: source.disclosure is not None,
            },
        ),
        release_id=release_id,
        stamp=stamp,
        origin=origin.id,
        older=older,
        picture=None if older else partial(_picture, key, core, edition, edges),
        shown=column_lineage.of_figures(source, edition, raw.key_of(source.name), table)
        if source.subject == "figures" and core.table is Figure
        else {},
    )


def _is_older(source: Source, core: CoreTable, edition: str, origin: Origin, edges: Edges) -> bool:
    """Whether the frame that serves is of a newer release: that one goes on serving."""
    if of_two(edges.catalogue, source.name, core):
        return origin != origins.wanted(edges, source.name, core, edition)[-1]
    release_id = origin.release.release_id
    serving = (edges.frames.stamp(key_of(core.name, source.name), edition) or {}).get("release_id")
    if serving in (None, release_id):
        return False
    return edges.archive.release(release_id).order < edges.archive.release(serving).order


def _listed_areas(core: CoreTable, edges: Edges) -> "dict[str, pl.DataFrame]":
    """For tables that name areas of other sources: all areas that any source lists by now."""
    import polars as pl

    if core.table is not Establishment:
        return {}
    keys = [key_of("region", source) for source in edges.catalogue.sources]
    scans = [scan for key in keys if (scan := edges.frames.scan(key)) is not None]
    return {"region": pl.concat(scans).collect()} if scans else {}


def _needed(
    source: Source, table: str, edition: str, origin: Origin, edges: Edges
) -> "pl.DataFrame":
    """A core table of the same release, or of the same two."""
    core = tables_of(edges.catalogue, source.name)[table]
    same = origin.id if of_two(edges.catalogue, source.name, core) else origin.release.release_id
    frame = edges.frames.read(*kept_as(key_of(table, source.name), same))
    if frame is None:
        raise dg.Failure(
            f"core/{table}/{source.name} has nothing of {same} yet; materialise edition "
            f"{edition} of it first",
            allow_retries=False,
        )
    return frame


def _release(source: Source, core: CoreTable, edition: str, edges: Edges) -> tuple[str, RawTable]:
    """The release to make the table from; tables made from other core tables need only its id."""
    if core.reads_raw:
        found = raw.read(edges.frames, source.name, edition)
        if found:
            return found
    elif release_id := raw.release_of(edges.frames, source.name, edition):
        return release_id, _no_raw()
    raise dg.Failure(
        f"raw/{source.name} has no edition {edition} yet; materialise it first",
        allow_retries=False,
    )


def _no_raw() -> RawTable:
    """What stands in the place of raw for a table that is made from other core tables."""
    import polars as pl

    return RawTable(pl.DataFrame(), empty_columns(), empty_codes())
