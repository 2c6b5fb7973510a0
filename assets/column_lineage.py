"""Which column came from which, where that is so: taken over as it was, or read from a named column.

Where a column is calculated, matched or chosen among several tables nothing is said: a line in a graph
would say "comes from" of what rests on a rule. Those columns are explained in the data dictionary.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import dagster as dg

from warehouse.tables import mart
from warehouse.vocabulary import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from assets.catalogue.models import Source
    from assets.sources.reading import RawTable
    from warehouse.frames import Key

LINEAGE = "dagster/column_lineage"
TAKEN_OVER: dict[type[Table], tuple[str, dict[str, str]]] = {
    mart.LocationOutline: (
        "outline",
        {
            "location_id": "region_code",
            "edition": "edition",
            "geojson": "geojson",
            "area_ha": "area_ha",
            "release_id": "release_id",
        },
    ),
    mart.BudgetAmount: (
        "budget_line",
        {"year": "edition"}
        | {
            name: name
            for name in (
                "province_code",
                "report",
                "function_code",
                "category_code",
                "function_name",
                "side",
                "amount_eur",
                "missing_reason",
                "release_id",
            )
        },
    ),
}
"""Marts whose columns are those of one core table: that table, and by column the one it was."""


def of_mart(table: type[Table], inputs: Iterable[Key]) -> dict[str, dg.TableColumnLineage]:
    """As metadata of a mart; `inputs`: the keys of what it reads. Empty where nothing is taken over."""
    if table not in TAKEN_OVER:
        return {}
    core, names = TAKEN_OVER[table]
    from_keys = [key for key in inputs if key[:2] == ("core", core)]
    return _lineage({ours: [(key, theirs) for key in from_keys] for ours, theirs in names.items()})


def of_figures(
    source: Source, edition: str, raw_key: Key, table: RawTable
) -> dict[str, dg.TableColumnLineage]:
    """As metadata of the figures of a statistical table: values come from the columns that hold its
    measures, area, period and breakdown from its dimensions."""
    from assets.sources import contract

    found: dict[str, list[tuple[Key, str]]] = {}
    dimensions: Mapping[str, str | None] = {
        "region_code": source.region_of(edition),
        "period": source.period,
        "breakdown": source.breakdown,
    }
    found |= {
        ours: [(raw_key, theirs)]
        for ours, theirs in dimensions.items()
        if theirs and theirs in table.rows.columns
    }
    if table.long:
        found |= {"measure": [(raw_key, "Measure")], "value": [(raw_key, "Value")]}
    else:
        measures = contract.resolve(source, edition, table).measures.values()
        found["value"] = [(raw_key, theirs) for theirs in measures]
    return _lineage(found)


def _lineage(found: Mapping[str, list[tuple[Key, str]]]) -> dict[str, dg.TableColumnLineage]:
    by_column = {
        ours: [
            dg.TableColumnDep(asset_key=dg.AssetKey(list(key)), column_name=name)
            for key, name in theirs
        ]
        for ours, theirs in found.items()
        if theirs
    }
    return {LINEAGE: dg.TableColumnLineage(by_column)} if by_column else {}
