"""Tidy tables, one module a subject: pure functions from a release as read to a declared table.

`SUBJECTS` says which tables a source of a subject yields, from what; `gated` makes assets of
them. Nothing below this page knows Dagster, the network or the disk.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assets.core import (
    addresses,
    budgets,
    business_parks,
    companies,
    contributions,
    documents,
    establishments,
    figures,
    outlines,
    regions,
    register_figures,
)
from assets.core.frames import Edition, Tidy
from warehouse.tables.core import (
    BudgetLine,
    Company,
    Contribution,
    DocumentBlock,
    DocumentPage,
    Establishment,
    Figure,
    Outline,
    PostcodeArea,
    Region,
)
from warehouse.vocabulary import Table

if TYPE_CHECKING:
    import polars as pl

    from assets.catalogue import Catalogue
    from warehouse.frames import Key

Frames = Mapping[str, "pl.DataFrame"]


@dataclass(frozen=True)
class CoreTable:
    """One core table of a source: what it is made from besides the release, and how."""

    table: type[Table]
    make: Callable[[Edition, Frames], pl.DataFrame | Tidy]
    needs: tuple[str, ...] = ()
    """Other core tables of the same source and edition: to be made from, or judged against."""
    before: tuple[str, ...] = ()
    """Core tables of the same source that it also needs of the edition of a year before, where
    there is one (`reference_dates.year_before`); they are given as `<table>_before`."""
    reads_raw: bool = True

    @property
    def name(self) -> str:
        """Name of the table."""
        return str(self.table.__tablename__)


SUBJECTS: dict[str, tuple[CoreTable, ...]] = {
    "figures": (
        CoreTable(Region, lambda edition, _: regions.regions(edition)),
        CoreTable(Figure, lambda edition, _: figures.figures(edition), needs=("region",)),
    ),
    "budgets": (
        CoreTable(BudgetLine, lambda edition, _: budgets.budget_lines(edition)),
        CoreTable(
            Figure,
            lambda edition, made: budgets.figures(edition, made["budget_line"]),
            ("budget_line",),
            reads_raw=False,
        ),
    ),
    "establishments": (
        CoreTable(Establishment, lambda edition, _: establishments.establishments(edition)),
        CoreTable(
            Contribution,
            lambda edition, made: contributions.contributions(
                edition, made["establishment"], made.get("establishment_before")
            ),
            ("establishment",),
            before=("establishment",),
            reads_raw=False,
        ),
        CoreTable(
            Figure,
            lambda edition, made: register_figures.figures(
                edition, made["establishment"], made["contribution"]
            ),
            ("establishment", "contribution"),
            reads_raw=False,
        ),
    ),
    "companies": (
        CoreTable(Company, lambda edition, _: companies.companies(edition)),
        CoreTable(
            Figure,
            lambda edition, made: companies.figures(edition, made["company"]),
            ("company",),
            reads_raw=False,
        ),
    ),
    "business_parks": (
        CoreTable(Region, lambda edition, _: business_parks.regions(edition)),
        CoreTable(Figure, lambda edition, _: business_parks.figures(edition), needs=("region",)),
    ),
    "outlines": (
        CoreTable(Region, lambda edition, _: outlines.regions(edition)),
        CoreTable(Outline, lambda edition, _: outlines.outlines(edition), needs=("region",)),
    ),
    "addresses": (CoreTable(PostcodeArea, lambda edition, _: addresses.postcode_areas(edition)),),
    "documents": (
        CoreTable(DocumentPage, lambda edition, _: documents.pages(edition)),
        CoreTable(
            DocumentBlock,
            lambda edition, made: documents.blocks(edition, made["document_page"]),
            needs=("document_page",),
        ),
    ),
}


def key_of(table: str, source: str) -> Key:
    """Key of a core asset: layer, table, source."""
    return "core", table, source


def core_keys(catalogue: Catalogue, *tables: str) -> list[Key]:
    """Keys of all core assets that yield one of `tables`; `outlines/region`: of that subject only."""
    return [
        key_of(core.name, source.name)
        for source in catalogue.sources.values()
        for core in SUBJECTS[source.subject]
        if core.name in tables or f"{source.subject}/{core.name}" in tables
    ]


def tables_of(catalogue: Catalogue, source: str) -> dict[str, CoreTable]:
    """The core tables of a source by name, in the order in which they are made."""
    return {core.name: core for core in SUBJECTS[catalogue.sources[source].subject]}


def of_two(catalogue: Catalogue, source: str, core: CoreTable) -> bool:
    """Whether a table is made of two editions, or of another table that is."""
    tables = tables_of(catalogue, source)
    return bool(core.before) or any(of_two(catalogue, source, tables[name]) for name in core.needs)
