"""The marts: what each is made from and how, and what its rules compare it with."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import dagster as dg

from assets import stamps
from assets.catalogue import Catalogue
from assets.catalogue.loading import fingerprint
from assets.core import core_keys
from assets.edges import Edges
from assets.known import Known, releases
from assets.learning import NEVER, Learned, budget_amounts, history_of, indicator_values
from assets.marts import (
    activities,
    area_relations,
    comparability,
    document_counts,
    indicators,
    locations,
    recut,
    site_boundaries,
)
from assets.marts.disclosure import guarding
from warehouse.frames import Key, Stamp
from warehouse.tables import activities as activity_tables
from warehouse.tables import boundaries as boundary_tables
from warehouse.tables import documents as document_tables
from warehouse.tables import findings, mart
from warehouse.vocabulary import Table, polars_schema

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class MartTable:
    """One mart: what it reads of core and of other marts, and how it is made."""

    table: type[Table]
    make: Callable[[Edges], pl.DataFrame] | None
    core: tuple[str, ...] = ()
    marts: tuple[type[Table], ...] = ()
    declared: tuple[str, ...] = ()
    """Parts of the catalogue that it is made from."""
    unread: Callable[[Edges], pl.DataFrame] | None = None
    """What could not become a row of any table: `reason`, `record`."""
    learn: Callable[[Edges], Learned] | None = None
    """How it is made where it keeps history, instead of `make`."""

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


def _scans(edges: Edges, table: str) -> dict[str, pl.LazyFrame]:
    """The frames of a core table by source, all editions together, as far as there are any."""
    scans = {key[-1]: edges.frames.scan(key) for key in core_keys(edges.catalogue, table)}
    return {source: scan for source, scan in scans.items() if scan is not None}


def _mart(edges: Edges, table: type[Table]) -> pl.DataFrame:
    if any(declared.learn for declared in MARTS if declared.table is table):
        frame = history_of(edges, table).read()
    else:
        frame = edges.frames.read(("mart", table.__tablename__))
    if frame is None:
        raise dg.Failure(
            f"mart/{table.__tablename__} is not there yet; materialise it first",
            allow_retries=False,
        )
    return frame


def _indicator_values(edges: Edges) -> Learned:
    pages, blocks = Known(edges, "document_page"), Known(edges, "document_block")
    known = releases(edges)

    def counted_at(moment: dt.datetime) -> dict[str, pl.DataFrame]:
        found = _read(edges, pages.at(moment), blocks.at(moment), pages.newest(moment))
        return document_counts.counted(
            edges.catalogue,
            {table.__tablename__: found[table.__tablename__] for table in COUNTED_IN},
            known,
        )

    outlines, postcodes = Known(edges, "outline"), Known(edges, "postcode_area")

    resolved: dict[tuple[str, ...], pl.DataFrame] = {}

    def members_at(moment: dt.datetime) -> pl.DataFrame:
        of = (*outlines.newest(moment), *postcodes.newest(moment))
        if of not in resolved:
            resolved[of] = site_boundaries.members(
                edges.catalogue,
                list(outlines.at(moment).values()),
                list(postcodes.at(moment).values()),
            )
        return resolved[of]

    return indicator_values(edges, members_at, counted_at, _documents_read_by(edges))


READ_BY = ("sources", "sites", "labels", "organisations", "performances", "documents")
"""Parts of the catalogue by which documents are read."""
MUNICIPALITIES = "outlines/region"
"""Whence the names of municipalities by which places are told apart: the yearly list of areas, which
changes seldom, so that a new figure does not make all documents be read again."""


def _records(edges: Edges) -> dict[str, pl.DataFrame]:
    """All records of all documents by table, as they are known now."""
    return _read(
        edges,
        _scans(edges, "document_page"),
        _scans(edges, "document_block"),
        Known(edges, "document_page").newest(NEVER),
    )


def _read(
    edges: Edges,
    pages: Mapping[str, pl.LazyFrame],
    blocks: Mapping[str, pl.LazyFrame],
    of: Sequence[str],
) -> dict[str, pl.DataFrame]:
    """All records of documents by table. `of`: the releases that the documents come from.

    They come out of one reading of every text; it is kept with the edges for as long as nothing
    that it rests on changes, so that not each of these tables reads all texts again.
    """
    # Imported when documents are read: what reads them is a fifth of all our code.
    from assets.marts import documents

    stamp = json.dumps([_documents_read_by(edges), *of])
    if edges.memory.get("records", ("",))[0] != stamp:
        edges.memory["records"] = (
            stamp,
            documents.records(
                edges.catalogue,
                list(pages.values()),
                list(blocks.values()),
                releases(edges),
                list(_scans(edges, MUNICIPALITIES).values()),
            ),
        )
    found: dict[str, pl.DataFrame] = edges.memory["records"][1]
    return found


def _documents_read_by(edges: Edges) -> str:
    """Changes when documents would be read otherwise: what they are read by, and our code."""
    entries = [e for part in READ_BY for e in getattr(edges.catalogue, part).values()]
    areas = {
        "/".join(key): {
            edition: edges.frames.stamp(key, edition) for edition in edges.frames.editions(key)
        }
        for key in core_keys(edges.catalogue, MUNICIPALITIES)
    }
    return f"{fingerprint(*entries)} {json.dumps(areas, sort_keys=True)} {edges.code_version}"


def release_of_documents(edges: Edges, declared: MartTable) -> dict[str, str]:
    """Release by document, for the tables that are read out of documents; else nothing."""
    if declared not in DOCUMENTS:
        return {}
    said = _records(edges)[document_tables.Document.__tablename__]
    return dict(said.select("document_id", "release_id").iter_rows())


def _of_records(table: type[Table]) -> Callable[[Edges], pl.DataFrame]:
    return lambda edges: _records(edges)[table.__tablename__]


def _unread(edges: Edges) -> pl.DataFrame:
    from assets.marts.documents import UNREAD

    return _records(edges)[UNREAD]


DOCUMENTS: tuple[MartTable, ...] = tuple(
    MartTable(
        table,
        _of_records(table),
        core=("document_page", "document_block", MUNICIPALITIES),
        declared=READ_BY,
        # Quarantined once: with the sections, in which it stands.
        unread=_unread if table is document_tables.DocumentSection else None,
    )
    for table in (*document_tables.TABLES, *findings.TABLES)
)
"""Everything that is read out of documents."""

COUNTED_IN: tuple[type[Table], ...] = (
    document_tables.Document,
    document_tables.Performance,
    document_tables.Milestone,
    findings.Decision,
    findings.Evidence,
)
"""Tables out of which indicators are counted."""

CUT_AGAIN_FROM: tuple[type[Table], ...] = (
    mart.IndicatorValue,
    boundary_tables.AreaRelation,
    mart.LocationOutline,
    mart.Location,
)
"""What figures in the boundaries of other years are made from."""

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
        mart.LocationMember,
        lambda edges: site_boundaries.members(
            edges.catalogue,
            list(_scans(edges, "outline").values()),
            list(_scans(edges, "postcode_area").values()),
        ),
        core=("outline", "postcode_area"),
        declared=("sites",),
    ),
    MartTable(
        mart.LocationBoundary,
        lambda edges: site_boundaries.boundaries(
            edges.catalogue,
            _mart(edges, mart.LocationMember),
            list(_scans(edges, "postcode_area").values()),
        ),
        core=("postcode_area",),
        marts=(mart.LocationMember,),
        declared=("sites",),
    ),
    MartTable(
        mart.LocationOutline,
        lambda edges: locations.outlines(list(_scans(edges, "outline").values())),
        core=("outline",),
    ),
    MartTable(
        mart.Indicator,
        lambda edges: indicators.indicators(edges.catalogue),
        declared=("indicators", "sources"),
    ),
    *DOCUMENTS,
    MartTable(
        mart.IndicatorValue,
        None,
        learn=_indicator_values,
        core=("figure", "contribution", "region", "document_page", "outline", "postcode_area"),
        marts=(mart.Location, mart.LocationMember, mart.Indicator, *COUNTED_IN),
        declared=("indicators", "sites", "sources", "provinces"),
    ),
    MartTable(mart.BudgetAmount, None, learn=budget_amounts, core=("budget_line",)),
    MartTable(
        boundary_tables.AreaRelation,
        lambda edges: area_relations.relations(
            edges.catalogue,
            list(_scans(edges, "outline").values()),
            list(_scans(edges, "region").values()),
        ),
        core=("outline", "region"),
        declared=("reorganisations",),
    ),
    MartTable(
        activity_tables.ActivityConcordance,
        lambda edges: activities.concordances(edges.catalogue),
        declared=("concordances",),
    ),
    MartTable(
        boundary_tables.AreaComparable,
        lambda edges: comparability.comparable(list(_scans(edges, "region").values())),
        core=("region",),
    ),
    MartTable(
        boundary_tables.IndicatorRecut,
        lambda edges: recut.indicator_recut(
            edges.catalogue, *(_mart(edges, table) for table in CUT_AGAIN_FROM)
        ),
        marts=(*CUT_AGAIN_FROM, mart.Indicator),
        declared=("indicators",),
    ),
)
JUDGED_BESIDE: dict[type[Table], tuple[type[Table], ...]] = {
    mart.IndicatorValue: (mart.Location, mart.Indicator, mart.LocationMember),
    mart.LocationAlias: (mart.Location,),
    mart.LocationMember: (mart.Location,),
    mart.LocationBoundary: (mart.Location,),
    mart.LocationOutline: (mart.Location,),
    mart.BudgetAmount: (mart.Location,),
    boundary_tables.AreaComparable: (mart.Location,),
    boundary_tables.IndicatorRecut: (mart.Location, mart.Indicator),
    document_tables.DocumentSection: (document_tables.Document,),
    document_tables.Performance: (
        document_tables.Document,
        document_tables.DocumentSection,
        document_tables.PerformanceField,
    ),
    document_tables.PerformanceField: (document_tables.DocumentSection,),
    document_tables.PerformanceName: (document_tables.Performance,),
    document_tables.Milestone: (document_tables.DocumentSection, document_tables.Performance),
    findings.Decision: (document_tables.Document,),
    findings.Amount: (document_tables.DocumentSection, document_tables.Performance),
    findings.Quantity: (
        document_tables.DocumentSection,
        document_tables.Performance,
        findings.Organisation,
    ),
    findings.Organisation: (mart.Location,),
    findings.PersonRole: (document_tables.DocumentSection, findings.Organisation),
    findings.Relation: (document_tables.DocumentSection, findings.Organisation),
    findings.Statement: (document_tables.DocumentSection,),
    findings.Evidence: (
        mart.Location,
        document_tables.DocumentSection,
        document_tables.Performance,
        document_tables.Milestone,
        findings.Decision,
        findings.Amount,
        findings.Organisation,
        findings.Statement,
    ),
    findings.LocationSet: (mart.Location, document_tables.DocumentSection),
}
"""Marts that a mart's rules compare with."""
WITH_RELEASES = (mart.IndicatorValue, mart.BudgetAmount, boundary_tables.IndicatorRecut)
"""Marts whose rules compare with the archive's releases."""


def others(edges: Edges, table: type[Table]) -> dict[str, pl.DataFrame]:
    """The frames that the rules of a mart compare with, by table name."""
    import polars as pl

    others = {other.__tablename__: _mart(edges, other) for other in JUDGED_BESIDE.get(table, ())}
    if table in WITH_RELEASES:
        others[mart.SourceRelease.__tablename__] = source_releases(edges)
    if table is boundary_tables.AreaRelation and (regions := _scans(edges, "region")):
        others["region"] = pl.concat(list(regions.values())).collect()
    if table is mart.IndicatorValue:
        others["guarded_figure"] = guarding.guarded_figures(
            edges.catalogue, _scans(edges, "contribution")
        )
    if table is mart.BudgetAmount:
        lines = list(_scans(edges, "budget_line").values())
        if lines:
            others["budget_line"] = pl.concat(lines).collect()
    return others


def facts(table: type[Table], beside: Mapping[str, pl.DataFrame]) -> dict[str, Any]:
    """What else the rules of a mart go by. `beside`: what `others` gave for it."""
    if table not in WITH_RELEASES:
        return {}
    known = beside[mart.SourceRelease.__tablename__]
    return {"synthetic_releases": known.filter("synthetic").get_column("release_id").to_list()}


def source_releases(edges: Edges) -> pl.DataFrame:
    """`mart.source_release`: every archived release of a source in the catalogue."""
    import polars as pl

    schema = polars_schema(mart.SourceRelease)
    rows = [
        {name: getattr(release, name) for name in schema.names()}
        for release in edges.archive.releases()
        if release.source in edges.catalogue.sources
    ]
    return pl.DataFrame(rows, schema=schema)
