"""Mart assets: what BI reads, each behind the gate, made again only when something it reads changed."""

# No postponed annotations here: Dagster reads the types of assets' and ops' parameters.

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import dagster as dg

from assets import gated, stamps
from assets.catalogue import Catalogue
from assets.core import SUBJECTS
from assets.core_assets import key_of as core_key
from assets.edges import Edges
from assets.marts import budgets, indicators, locations, provenance, values
from assets.marts.vintages import revise
from expectations.rules import Evidence
from warehouse.frames import WHOLE, Key, Stamp
from warehouse.tables import mart
from warehouse.vocabulary import Table, polars_schema

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class MartTable:
    """One mart: what it reads of core and of other marts, and how it is made."""

    table: type[Table]
    make: Callable[[Edges], "pl.DataFrame"]
    core: tuple[str, ...] = ()
    marts: tuple[type[Table], ...] = ()
    declared: tuple[str, ...] = ()
    """Parts of the catalogue that it is made from."""

    @property
    def key(self) -> Key:
        """Asset key."""
        return "mart", self.table.__tablename__

    def inputs(self, catalogue: Catalogue) -> list[Key]:
        """Keys of everything it reads."""
        return core_keys(catalogue, *self.core) + [
            ("mart", other.__tablename__) for other in self.marts
        ]


def stamp_of(edges: Edges, declared: MartTable) -> Stamp:
    """The stamp that a mart would get if it were made now."""
    return stamps.of_inputs(
        edges.catalogue,
        edges.frames,
        declared.inputs(edges.catalogue),
        declared.declared,
        edges.code_version,
    )


def core_keys(catalogue: Catalogue, *tables: str) -> list[Key]:
    """Keys of all core assets that yield one of `tables`."""
    return [
        core_key(core.name, source.name)
        for source in catalogue.sources.values()
        for core in SUBJECTS[source.subject]
        if core.name in tables
    ]


def _scans(edges: Edges, table: str) -> dict[str, "pl.LazyFrame"]:
    """The frames of a core table by source, all editions together, as far as there are any."""
    scans = {key[-1]: edges.frames.scan(key) for key in core_keys(edges.catalogue, table)}
    return {source: scan for source, scan in scans.items() if scan is not None}


def _mart(edges: Edges, table: type[Table]) -> "pl.DataFrame":
    frame = edges.frames.read(("mart", table.__tablename__))
    if frame is None:
        raise dg.Failure(
            f"mart/{table.__tablename__} is not there yet; materialise it first",
            allow_retries=False,
        )
    return frame


def releases(edges: Edges) -> "pl.DataFrame":
    """`release_id`, `known_from`, `synthetic` of every archived release."""
    import polars as pl

    rows = [
        (release.release_id, release.known_from, release.synthetic)
        for release in edges.archive.releases()
    ]
    return pl.DataFrame(
        rows,
        schema={"release_id": pl.String, "known_from": pl.Datetime("us"), "synthetic": pl.Boolean},
        orient="row",
    )


def _indicator_values(edges: Edges) -> "pl.DataFrame":
    import polars as pl

    schema = polars_schema(mart.IndicatorValue)
    current = values.values(
        edges.catalogue,
        _scans(edges, "figure"),
        releases(edges),
        _mart(edges, mart.Location),
        _mart(edges, mart.LocationMember),
    )
    current = current.cast({name: kind for name, kind in schema.items() if name in current.columns})
    said = [
        name
        for name in schema.names()
        if name not in (*provenance.KEY, "known_from", "known_to", "release_id")
    ]
    history = edges.frames.read(("mart", mart.IndicatorValue.__tablename__))
    found = revise(
        history,
        current.with_columns(known_to=pl.lit(None, pl.Datetime("us"))).select(schema.names()),
        provenance.KEY,
        said,
        edges.now(),
    )
    return found.select(schema.names())


def _budget_amounts(edges: Edges) -> "pl.DataFrame":
    import polars as pl

    schema = polars_schema(mart.BudgetAmount)
    current = budgets.amounts(list(_scans(edges, "budget_line").values()), releases(edges))
    history = edges.frames.read(("mart", mart.BudgetAmount.__tablename__))
    current = current.with_columns(known_to=pl.lit(None, pl.Datetime("us"))).select(schema.names())
    return revise(history, current, budgets.KEY, budgets.SAID, edges.now()).select(schema.names())


MARTS: tuple[MartTable, ...] = (
    MartTable(
        mart.Location,
        lambda edges: locations.locations(edges.catalogue, list(_scans(edges, "region").values())),
        core=("region",),
        declared=("sites", "provinces"),
    ),
    MartTable(
        mart.LocationAlias, lambda edges: locations.aliases(edges.catalogue), declared=("sites",)
    ),
    MartTable(
        mart.LocationMember, lambda edges: locations.members(edges.catalogue), declared=("sites",)
    ),
    MartTable(
        mart.LocationOutline,
        lambda edges: locations.outlines(list(_scans(edges, "outline").values())),
        core=("outline",),
    ),
    MartTable(
        mart.Indicator,
        lambda edges: indicators.indicators(edges.catalogue),
        declared=("indicators",),
    ),
    MartTable(
        mart.IndicatorValue,
        _indicator_values,
        core=("figure",),
        marts=(mart.Location, mart.LocationMember, mart.Indicator),
        declared=("indicators", "sites"),
    ),
    MartTable(mart.BudgetAmount, _budget_amounts, core=("budget_line",)),
)
JUDGED_BESIDE: dict[type[Table], tuple[type[Table], ...]] = {
    mart.IndicatorValue: (mart.Location, mart.Indicator, mart.LocationMember),
    mart.LocationAlias: (mart.Location,),
    mart.LocationMember: (mart.Location,),
    mart.LocationOutline: (mart.Location,),
    mart.BudgetAmount: (mart.Location,),
    mart.Location: (),
    mart.Indicator: (),
}
"""Marts that a mart's rules compare with."""
WITH_RELEASES = (mart.IndicatorValue, mart.BudgetAmount)
"""Marts whose rules compare with the archive's releases."""


def _others(edges: Edges, table: type[Table]) -> "dict[str, pl.DataFrame]":
    """The frames that the rules of a mart compare with, by table name."""
    import polars as pl

    others = {other.__tablename__: _mart(edges, other) for other in JUDGED_BESIDE[table]}
    if table in WITH_RELEASES:
        others[mart.SourceRelease.__tablename__] = source_releases(edges)
    if table is mart.BudgetAmount:
        lines = list(_scans(edges, "budget_line").values())
        if lines:
            others["budget_line"] = pl.concat(lines).collect()
    return others


def source_releases(edges: Edges) -> "pl.DataFrame":
    """`mart.source_release`: every archived release of a source in the catalogue."""
    import polars as pl

    schema = polars_schema(mart.SourceRelease)
    rows = [
        {name: getattr(release, name) for name in schema.names()}
        for release in edges.archive.releases()
        if release.source in edges.catalogue.sources
    ]
    return pl.DataFrame(rows, schema=schema)


def mart_asset(catalogue: Catalogue, declared: MartTable) -> dg.AssetsDefinition:
    """The asset of one mart."""
    key, table = declared.key, declared.table
    rules = gated.rules_for(table)
    beside = [("mart", other.__tablename__) for other in JUDGED_BESIDE[table]]
    upstream = list(dict.fromkeys([*declared.inputs(catalogue), *beside]))

    @dg.asset(
        key=list(key),
        deps=[list(dependency) for dependency in upstream],
        group_name="mart",
        kinds={"polars", "parquet"},
        owners=["team:regional-economy"],
        description=gated.description(table),
        metadata={"dagster/column_schema": gated.column_schema(table)},
        check_specs=gated.check_specs(key, table, rules),
        code_version="1",
    )
    def mart_table(
        context: dg.AssetExecutionContext, edges: dg.ResourceParam[Edges]
    ) -> Iterator[Any]:
        frame = declared.make(edges)
        known = releases(edges)
        made = gated.Made(
            edition=WHOLE,
            evidence=Evidence(
                frame=frame,
                table=table,
                last_good=edges.frames.read(key),
                others=_others(edges, table),
                facts={
                    "synthetic_releases": known.filter("synthetic")
                    .get_column("release_id")
                    .to_list()
                },
            ),
            release_id="",
            stamp=stamp_of(edges, declared),
        )
        yield from gated.pass_gate(context, edges, key, table, rules, [made])

    return mart_table
