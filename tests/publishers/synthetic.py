"""Invented tables, for tests that need many of them or need them small; no real figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from tests.publishers.v3_table import V3Table


def small_table(number: int, rows: int = 40) -> V3Table:
    """A small v3 table, the same for the same number: two dimensions, two topics, some nulls."""
    identifier = f"9{number:04d}NED"
    regions = [f"GM{code:04d}" for code in range(1, max(2, rows // 2) + 1)]
    periods = ["2025JJ00", "2026JJ00"]
    pairs = [(region, period) for region in regions for period in periods][:rows]
    places = range(len(pairs))
    title = f"Proeftabel {number}"
    return V3Table(
        identifier=identifier,
        catalog_row=_catalog_row(identifier, number, title, len(pairs)),
        properties=_properties(),
        dimensions={
            "RegioS": _codes(regions, regions).with_columns(CategoryGroupID=pl.lit(1)),
            "Perioden": _codes(periods, [p[:4] for p in periods]).with_columns(
                Status=pl.Series(["Definitief", "Voorlopig"])
            ),
        },
        rows=pl.DataFrame(
            {
                "ID": places,
                "RegioS": [region for region, _ in pairs],
                "Perioden": [period for _, period in pairs],
                "Vestigingen_1": [
                    None if i % 7 == 3 else (i * 37 + number) % 5_000 for i in places
                ],
                "Aandeel_2": [None if i % 11 == 5 else round(i * 1.7 % 100, 1) for i in places],
            },
            schema={
                "ID": pl.Int64,
                "RegioS": pl.String,
                "Perioden": pl.String,
                "Vestigingen_1": pl.Int64,
                "Aandeel_2": pl.Float64,
            },
        ),
    )


def small_source(name: str, editions: Mapping[str, int]) -> dict[str, Any]:
    """A source of small tables, as YAML would declare it; `editions`: number of the table by edition."""
    return {
        "name": name,
        "title_nl": "Proeftabel",
        "title_en": "Trial table",
        "publisher": "cbs_v3",
        "protocol": "cbs_v3",
        "subject": "figures",
        "grain": "one row a municipality and year",
        "cadence_days": 365,
        "row_floor": 1,
        "row_ceiling": 1000,
        "licence": "CC0",
        "attribution": "invented",
        "editions": {edition: {"id": f"9{number:04d}NED"} for edition, number in editions.items()},
        "region": "RegioS",
        "period": "Perioden",
        "missing": {"signs": {}, "null": "unknown"},
        "measures": {
            "establishments": {
                "titles": [{"title": "Vestigingen"}],
                "published_unit": ["aantal"],
                "unit": "count",
                "required": True,
            }
        },
        "not_taken": ["Aandeel"],
    }


def _catalog_row(identifier: str, number: int, title: str, rows: int) -> dict[str, Any]:
    modified = "2026-01-15T02:00:00"
    return {
        "Updated": modified,
        "ID": 90_000 + number,
        "Identifier": identifier,
        "Title": title,
        "ShortTitle": title,
        "ShortDescription": "",
        "Summary": "Verzonnen cijfers",
        "Modified": modified,
        "MetaDataModified": modified,
        "ReasonDelivery": "Actualisering",
        "ExplanatoryText": "",
        "OutputStatus": "Regulier",
        "Source": "verzonnen",
        "Language": "nl",
        "Catalog": "CBS",
        "Frequency": "Perjaar",
        "Period": "2025 - 2026",
        "SummaryAndLinks": "",
        "ApiUrl": "",
        "FeedUrl": "",
        "DefaultPresentation": "",
        "DefaultSelection": "",
        "GraphTypes": "Table",
        "RecordCount": rows,
        "ColumnCount": 4,
        "SearchPriority": "2",
    }


def _codes(keys: Sequence[str], titles: Sequence[str]) -> pl.DataFrame:
    return pl.DataFrame({"Key": keys, "Title": titles, "Description": [""] * len(keys)})


def _properties() -> pl.DataFrame:
    """Columns as the saved tables have them; members that a kind lacks are null here."""
    columns: list[dict[str, Any]] = [
        {"Type": "GeoDimension", "Key": "RegioS", "Title": "Regio's", "MapYear": 2026},
        {"Type": "TimeDimension", "Key": "Perioden", "Title": "Perioden"},
        {"Type": "Topic", "Key": "Vestigingen_1", "Title": "Vestigingen", "Datatype": "Long",
         "Unit": "aantal", "Decimals": 0, "Default": "Impossible", "PresentationType": "Absolute"},
        {"Type": "Topic", "Key": "Aandeel_2", "Title": "Aandeel", "Datatype": "Double",
         "Unit": "%", "Decimals": 1, "Default": "Impossible", "PresentationType": "Relative"},
    ]  # fmt: skip
    return pl.DataFrame(
        [
            {
                "odata_type": f"Cbs.OData.{column['Type']}",
                "ID": place,
                "Position": place,
                "Description": "",
                **column,
            }
            for place, column in enumerate(columns)
        ],
        schema={
            "odata_type": pl.String,
            "ID": pl.Int64,
            "Position": pl.Int64,
            "ParentID": pl.Int64,
            "Type": pl.String,
            "Key": pl.String,
            "Title": pl.String,
            "Description": pl.String,
            "MapYear": pl.Int64,
            "ReleasePolicy": pl.Boolean,
            "Datatype": pl.String,
            "Unit": pl.String,
            "Decimals": pl.Int64,
            "Default": pl.String,
            "PresentationType": pl.String,
        },
    )
