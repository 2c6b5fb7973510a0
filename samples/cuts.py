"""Cuts of published tables: Overijssel out of the Netherlands, and figures without sentences.

Titles, codes, units and numbers are facts and are kept as published. What a publisher wrote
about them (descriptions, explanations, presentation) is not ours to pass on and is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import polars as pl
from pyproj import Transformer

from samples.outlines import simplified
from tests.publishers import V3Table, V4Table, shared

PROVINCE = "PV23"
CITIES = ("GM0141", "GM0150", "GM0153", "GM0164", "GM0193")
"""Almelo, Deventer, Enschede, Hengelo and Zwolle: with all their districts and neighbourhoods."""
YEAR_OF_OUTLINES = 2026
EARLIER_OUTLINES = 2022

WRITTEN = (
    "ShortDescription",
    "Summary",
    "ExplanatoryText",
    "SummaryAndLinks",
    "DefaultPresentation",
    "DefaultSelection",
)
"""Members of a catalogue row that a publisher wrote, or chose, rather than measured."""
OUR_SENTENCE = "Uitsnede van Overijssel. Bron: CBS, CC BY 4.0."


def neighbourhoods_2020(municipalities: Iterable[str]) -> V3Table:
    """84799NED: the country, the municipalities, and all districts and neighbourhoods of CITIES."""
    whole = [code.ljust(10) for code in ("NL00", *municipalities)]

    def kept(column: str) -> pl.Expr:
        below = pl.col(column).str.contains("^(WK|BU)")
        digits = [code.removeprefix("GM") for code in CITIES]
        in_cities = pl.col(column).str.slice(2, 4).is_in(digits)
        return pl.col(column).is_in(whole) | (below & in_cities)

    table = V3Table.from_shared("84799NED", keep=kept("WijkenEnBuurten"))
    areas = table.dimensions["WijkenEnBuurten"].filter(kept("Key"))
    return _without_sentences(replace(table, dimensions={"WijkenEnBuurten": areas}))


def province_budget_2013() -> V3Table:
    """45012NED: one province, every row of it, zeros too."""
    table = V3Table.from_shared("45012NED", keep=pl.col("Provincies").str.starts_with(PROVINCE))
    provinces = table.dimensions["Provincies"].filter(pl.col("Key").str.starts_with(PROVINCE))
    return _without_sentences(
        replace(table, dimensions={**table.dimensions, "Provincies": provinces})
    )


def _without_sentences(table: V3Table) -> V3Table:
    blank = pl.lit("").alias("Description")
    groups = table.category_groups
    return replace(
        table,
        catalog_row={
            **table.catalog_row,
            **dict.fromkeys(WRITTEN, ""),
            "ShortDescription": OUR_SENTENCE,
        },
        properties=table.properties.with_columns(blank),
        dimensions={name: codes.with_columns(blank) for name, codes in table.dimensions.items()},
        category_groups=None if groups is None else groups.with_columns(blank),
    )


def establishments_2026(names: Mapping[str, str]) -> V4Table:
    """81575NED: all sectors together, in the municipalities; `names` by code."""
    table = V4Table.establishments(shared.establishments(), titles=names)
    return replace(table, properties={**table.properties, "Summary": OUR_SENTENCE})


def outlines(municipalities: Iterable[str], year: int) -> list[dict[str, Any]]:
    """The municipalities' outlines of a year, in RD, with fewer points."""
    wanted = set(municipalities)
    features = [
        feature
        for feature in shared.municipalities(year)
        if feature["properties"]["statcode"] in wanted
    ]
    return simplified(in_rd(features) if year == EARLIER_OUTLINES else features)


def in_rd(features: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The same features with longitude and latitude turned into RD metres (within 0.2 m: borders
    that were not drawn anew differ by less from those published in RD)."""
    to_rd = Transformer.from_crs(4326, 28992, always_xy=True)

    def moved(place: Any) -> Any:
        if isinstance(place[0], int | float):
            return list(to_rd.transform(place[0], place[1]))
        return [moved(part) for part in place]

    return [
        {
            **feature,
            "geometry": {
                **feature["geometry"],
                "coordinates": moved(feature["geometry"]["coordinates"]),
            },
        }
        for feature in features
    ]


def names_of(outlines: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Code and name of the municipalities outlined."""
    return {o["properties"]["statcode"]: o["properties"]["statnaam"] for o in outlines}


def neighbourhoods(municipalities: Iterable[str]) -> pl.DataFrame:
    """The neighbourhoods of the municipalities in 2020 that have a postcode.

    Columns: code, name, municipality, place (its name), postcode4 (the most common one),
    inhabitants, hectares.
    """
    files = shared.v3_files("84799NED")
    digits = [re.sub(r"\D", "", code) for code in municipalities]
    titles = files.frame("WijkenEnBuurten").select("Key", name=pl.col("Title"))
    return (
        files.frame("TypedDataSet")
        .filter(
            pl.col("WijkenEnBuurten").str.starts_with("BU"),
            pl.col("WijkenEnBuurten").str.slice(2, 4).is_in(digits),
        )
        .join(titles, left_on="WijkenEnBuurten", right_on="Key")
        .select(
            code=pl.col("WijkenEnBuurten").str.strip_chars(),
            name="name",
            municipality="GM" + pl.col("WijkenEnBuurten").str.slice(2, 4),
            place=pl.col("Gemeentenaam_1").str.strip_chars(),
            postcode4=pl.col("MeestVoorkomendePostcode_113").str.extract(r"(\d{4})", 1),
            inhabitants=pl.col("AantalInwoners_5").fill_null(0),
            hectares=pl.col("OppervlakteTotaal_110").fill_null(0),
        )
        .drop_nulls("postcode4")
        .sort("code")
    )
