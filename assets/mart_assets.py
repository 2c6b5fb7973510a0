"""Mart assets: what BI reads, each behind the gate, made again only when something it reads changed."""

# No postponed annotations here: Dagster reads the types of assets' and ops' parameters.

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import dagster as dg

from assets import checks, column_lineage, described, drawn, gated
from assets.catalogue import Catalogue
from assets.edges import Edges
from assets.learning import history_of
from assets.mart_tables import (
    JUDGED_BESIDE,
    MartTable,
    facts,
    others,
    release_of_documents,
    stamp_of,
)
from expectations.rules import Evidence
from warehouse.frames import WHOLE

if TYPE_CHECKING:
    import polars as pl


POOL = "publication"
"""What makes marts or publishes does so alone."""


def mart_asset(catalogue: Catalogue, declared: MartTable) -> dg.AssetsDefinition:
    """The asset of one mart."""
    key, table = declared.key, declared.table
    rules = checks.rules_for(table)
    judged_beside = [("mart", other.__tablename__) for other in JUDGED_BESIDE.get(table, ())]
    upstream = list(dict.fromkeys([*declared.inputs(catalogue), *judged_beside]))

    @dg.asset(
        key=list(key),
        deps=[list(dependency) for dependency in upstream],
        pool=POOL,
        group_name=described.group_of(table),
        kinds={"polars", "parquet"},
        owners=described.TEAM,
        description=described.mart_description(table),
        metadata={"dagster/column_schema": described.column_schema(table)},
        check_specs=checks.check_specs(key, table, rules),
        code_version="1",
    )
    def mart_table(
        context: dg.AssetExecutionContext, edges: dg.ResourceParam[Edges]
    ) -> Iterator[Any]:
        stamp = stamp_of(edges, declared)
        learned = declared.learn(edges) if declared.learn else None
        if learned:
            frame, last_good = learned.rows, learned.before
        else:
            assert declared.make
            frame, last_good = declared.make(edges), edges.frames.read(key)

        def commit(accepted: "pl.DataFrame") -> None:
            assert learned
            history_of(edges, table).commit(accepted, learned.since, stamp | learned.marks)

        beside = others(edges, table)
        made = gated.Made(
            edition=WHOLE,
            evidence=Evidence(
                frame=frame,
                table=table,
                last_good=last_good,
                others=beside,
                facts=facts(table, beside),
            ),
            release_id="",
            stamp=stamp,
            store=commit if learned else None,
            unread=declared.unread(edges) if declared.unread else None,
            release_of=release_of_documents(edges, declared),
            picture=drawn.drawer(edges, table),
            shown=column_lineage.of_mart(table, upstream),
        )
        yield from gated.pass_gate(context, edges, key, table, rules, [made])

    return mart_table
