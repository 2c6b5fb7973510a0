"""The last asset: the marts, and what the house says of itself, put before the readers in one swap.

If nothing that readers can see has changed there is no publication.
"""

# No postponed annotations here: Dagster reads the types of assets' and ops' parameters.

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg

from assets import described as words
from assets.catalogue import Catalogue
from assets.core import core_keys
from assets.edges import Edges
from assets.learning import history_of
from assets.mart_assets import POOL
from assets.mart_tables import MARTS, source_releases
from warehouse.dictionary import dictionary
from warehouse.frames import WHOLE, Key, content_hash
from warehouse.location import DuckDBFile, locate
from warehouse.publishing import PublicationError, Publishing, Seen, publishing
from warehouse.tables import mart, published
from warehouse.vocabulary import Table, key_of, polars_schema

if TYPE_CHECKING:
    import polars as pl

KEY: Key = ("warehouse", "publication")
STATUS: Key = ("warehouse", "source_status")
"""Frame that the night writes: how each source stands."""
PUBLISHED_CORE = published.CORE


def published_keys(catalogue: Catalogue, table: type[Table]) -> list[Key]:
    """Keys of the core assets that are published as `table`: not of a source whose figures are
    guarded, because they are only so in the marts."""
    return [
        key
        for key in core_keys(catalogue, table.__tablename__)
        if catalogue.sources[key[-1]].disclosure is None
    ]


def publication_asset(
    first: Callable[[Edges], object] = lambda edges: None,
) -> dg.AssetsDefinition:
    """The publication, downstream of every mart; `first` is done before it."""

    @dg.asset(
        key=list(KEY),
        deps=[list(declared.key) for declared in MARTS],
        pool=POOL,
        group_name="publication",
        kinds={"sql"},
        owners=words.TEAM,
        description="The warehouse as reports read it: all marts put in place in one swap, so that nobody sees "
        "half of it.\n\n**What a row is**: a publication is one row of `mart.publication`. Where nothing that "
        "readers can see has changed there is none, and the materialisation says `published: false`.\n\n"
        "**To publish** after taking something in: run the job `publication`. How to read it: `docs/bi.md`.",
        code_version="1",
    )
    def publication(
        context: dg.AssetExecutionContext, edges: dg.ResourceParam[Edges]
    ) -> dg.MaterializeResult[None]:
        first(edges)
        done = publish(edges, context.log.info)
        if done is None:
            context.log.info("nothing that readers can see has changed: not published")
            return dg.MaterializeResult(metadata={"published": False})
        return dg.MaterializeResult(metadata=done)

    return publication


def operational(edges: Edges, history: "pl.DataFrame") -> dict[type[Table], "pl.DataFrame"]:
    """The tables in which the house says how it fares."""
    import polars as pl

    status = edges.frames.read(STATUS)
    return {
        mart.SourceRelease: source_releases(edges),
        mart.SourceStatus: status
        if status is not None
        else pl.DataFrame(schema=polars_schema(mart.SourceStatus)),
        mart.ExpectationResult: edges.ledger.results(),
        mart.Quarantine: edges.ledger.set_aside(),
        mart.Publication: history,
        mart.Dictionary: described(edges),
    }


def described(edges: Edges) -> "pl.DataFrame":
    """`mart.dictionary`: what the published tables and views are."""
    return dictionary((*mart.TABLES, *PUBLISHED_CORE), edges.catalogue.indicators.values())


def marts_mark(edges: Edges) -> str:
    """Changes whenever a mart was made anew, whether or not with other rows, and whenever what is
    published is described otherwise."""
    stamps: dict[str, Any] = {
        "/".join(declared.key): edges.frames.stamp(declared.key) for declared in MARTS
    }
    stamps["dictionary"] = content_hash(described(edges), key_of(mart.Dictionary))
    return hashlib.sha256(json.dumps(stamps, sort_keys=True).encode()).hexdigest()


def owed(edges: Edges) -> bool:
    """Whether marts were made since the last publication, as after one that failed or was killed."""
    return (edges.frames.stamp(KEY) or {}).get("marts") != marts_mark(edges)


def seen(edges: Edges, tables: dict[type[Table], "pl.DataFrame"]) -> Seen:
    """Hashes of content and state, the same for the same rows whenever and in whatever order made."""
    said: dict[str, Any] = {}
    for declared in MARTS:
        stamp = edges.frames.stamp(declared.key)
        if stamp is None:
            raise dg.Failure(
                f"{'/'.join(declared.key)} is not there yet; materialise it first",
                allow_retries=False,
            )
        frame = None if declared.learn else edges.frames.read(declared.key)
        said["/".join(declared.key)] = (
            history_of(edges, declared.table).content_hash()
            if frame is None
            else content_hash(frame, key_of(declared.table))
        )
    for table in PUBLISHED_CORE:
        for key in published_keys(edges.catalogue, table):
            said["/".join(key)] = {
                edition: edges.frames.stamp(key, edition) for edition in edges.frames.editions(key)
            }
    content = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
    state = hashlib.sha256(
        "".join(
            content_hash(tables[table], key_of(table))
            for table in (
                mart.SourceRelease,
                mart.SourceStatus,
                mart.Quarantine,
                mart.Dictionary,
            )
        ).encode()
    ).hexdigest()
    return Seen(content, state)


def _judged(edges: Edges, tables: dict[type[Table], "pl.DataFrame"]) -> None:
    """The operational tables pass a gate too. Raises dg.Failure."""
    from expectations.gate import judge
    from expectations.rules import Evidence
    from expectations.suites import suite

    for table, frame in tables.items():
        others = {mart.SourceRelease.__tablename__: tables[mart.SourceRelease]}
        verdict = judge(Evidence(frame=frame, table=table, others=others), suite(table))
        if verdict.accepted is None:
            why = "; ".join(f"{o.rule}: {o.error or o.observed}" for o in verdict.blocking)
            raise dg.Failure(
                f"mart.{table.__tablename__} was blocked at the gate: {why}", allow_retries=False
            )


def publish(edges: Edges, say: Callable[[str], None] = lambda line: None) -> dict[str, Any] | None:
    """Publish if readers would see something else than they see; returns metadata, or None.

    Another pipeline that publishes to the same warehouse is waited for, and what it published is
    looked at afterwards. Raises dg.Failure where a mart is not there, an operational table is
    refused or the warehouse cannot be written.
    """
    place = locate(edges.warehouse_url)
    try:
        with publishing(
            edges.warehouse_url,
            edges.published_parts,
            waiting=lambda: say(f"another pipeline publishes to {place}; waiting for it to end"),
        ) as target:
            edges.look()
            return _publish(edges, target)
    except PublicationError as error:
        raise dg.Failure(str(error), allow_retries=False) from error


def _publish(edges: Edges, target: Publishing) -> dict[str, Any] | None:
    import polars as pl

    schema = polars_schema(mart.Publication)
    # The warehouse itself knows how often it was published, by whichever pipeline; where it was
    # lost, this one goes on from what it remembers.
    history = target.history
    if history is None:
        history = edges.frames.read(KEY)
    if history is None:
        history = pl.DataFrame(schema=schema)
    tables = operational(edges, history)
    now_seen = seen(edges, tables)
    stamp = {"content": now_seen.content, "state": now_seen.state, "marts": marts_mark(edges)}
    if target.seen == now_seen:
        if edges.frames.stamp(KEY) != stamp:  # made anew and the same: that was seen
            edges.frames.write(KEY, WHOLE, history, stamp)
        return None
    last = history["publication_id"].cast(pl.Int64).max()
    number = (int(str(last)) if last is not None else 0) + 1
    row = pl.DataFrame(
        [
            {
                "publication_id": f"{number:06}",
                "published_at": edges.now(),
                "code_version": edges.code_version,
                "content_hash": now_seen.content,
            }
        ],
        schema=schema,
    )
    tables[mart.Publication] = pl.concat([history, row])
    _judged(edges, tables)
    changes = target.replace(contents(edges) | tables, list(edges.catalogue.indicators), now_seen)
    edges.frames.write(KEY, WHOLE, tables[mart.Publication], stamp)
    place = locate(edges.warehouse_url)
    said = {
        "published": True,
        "publication": number,
        "content_hash": now_seen.content,
        "warehouse": str(place),
        "rows_changed": changes.rows,
    }
    if changes.remark:
        said["remark"] = changes.remark
    if isinstance(place, DuckDBFile):
        said["bytes"] = place.path.stat().st_size
    return said


def contents(edges: Edges) -> dict[type[Table], Any]:
    """What goes in each published table that is an asset: the files of its frames."""

    def files(keys: Sequence[Key]) -> list[Path]:
        return [path for key in keys for path in edges.frames.paths(key)]

    found: dict[type[Table], Any] = {
        declared.table: history_of(edges, declared.table).files()
        if declared.learn
        else files([declared.key])
        for declared in MARTS
    }
    for table in PUBLISHED_CORE:
        found[table] = files(published_keys(edges.catalogue, table))
    return found
