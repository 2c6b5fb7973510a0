"""Reorganisations read off outlines: made ones, and those that there were between 2022 and 2026."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from assets.catalogue import Catalogue
from assets.marts.area_relations import relations
from assets.marts.reorganisations import Change, changes
from tests.assets.material import needs_shared
from tests.publishers import shared
from warehouse.tables.core import Outline, Region
from warehouse.vocabulary import polars_schema

Box = tuple[float, float, float, float]
"""West, south, east, north, in kilometres."""


def outlines(year: int, areas: dict[str, Box]) -> pl.DataFrame:
    """`core.outline` of rectangles."""
    rows = []
    for code, (west, south, east, north) in areas.items():
        corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
        ring = [[x * 1000 + 100_000, y * 1000 + 400_000] for x, y in corners]
        rows.append(_outline(year, code, {"type": "Polygon", "coordinates": [ring]}))
    return pl.DataFrame(rows, schema=polars_schema(Outline))


def _outline(year: int, code: str, geometry: Any) -> dict[str, Any]:
    return {
        "source": "cbs_areas",
        "edition": str(year),
        "region_code": code,
        "geojson": json.dumps(geometry),
        "area_ha": 1.0,
        "release_id": f"cbs_areas:{year}",
    }


def names(year: int, named: dict[str, str]) -> pl.LazyFrame:
    """`core.region` of municipalities."""
    return pl.LazyFrame(
        [
            {
                "source": "cbs_areas",
                "edition": str(year),
                "region_code": code,
                "name": name,
                "kind": "municipality",
                "municipality_code": code,
            }
            for code, name in named.items()
        ],
        schema=polars_schema(Region),
    )


def between(old: dict[str, Box], new: dict[str, Box]) -> list[Change]:
    """What changed from 2020 to 2021."""
    return changes(pl.concat([outlines(2020, old), outlines(2021, new)]), [])


SQUARES: dict[str, Box] = {"GM0001": (0, 0, 10, 10), "GM0002": (10, 0, 20, 10)}


def test_nothing_changed() -> None:
    assert between(SQUARES, SQUARES) == []


def test_a_border_drawn_anew_is_no_change() -> None:
    # 10 km of border, 150 m off: 150 hectares.
    redrawn: dict[str, Box] = {"GM0001": (0, 0, 10.15, 10), "GM0002": (10.15, 0, 20, 10)}
    assert between(SQUARES, redrawn) == []


def test_a_border_that_is_moved_is_a_correction() -> None:
    moved: dict[str, Box] = {"GM0001": (0, 0, 10.5, 10), "GM0002": (10.5, 0, 20, 10)}
    (change,) = between(SQUARES, moved)
    assert change.kind == "border_correction"
    assert change.pieces == {
        ("GM0001", "GM0001"): 10_000.0,
        ("GM0002", "GM0001"): 500.0,
        ("GM0002", "GM0002"): 9_500.0,
    }


def test_a_merger_and_an_annexation() -> None:
    (merged,) = between(SQUARES, {"GM0003": (0, 0, 20, 10)})
    assert (merged.kind, merged.begins) == ("merger", {"GM0003"})
    (joined,) = between(SQUARES, {"GM0002": (0, 0, 20, 10)})
    assert (joined.kind, joined.begins) == ("annexation", set())
    assert joined.pieces == {("GM0001", "GM0002"): 10_000.0, ("GM0002", "GM0002"): 10_000.0}


def test_a_split_and_another_code() -> None:
    (split,) = between(
        {"GM0001": (0, 0, 10, 10)}, {"GM0002": (0, 0, 4, 10), "GM0003": (4, 0, 10, 10)}
    )
    assert split.kind == "split"
    assert split.pieces == {("GM0001", "GM0002"): 4_000.0, ("GM0001", "GM0003"): 6_000.0}
    (coded,) = between({"GM0001": (0, 0, 10, 10)}, {"GM0009": (0, 0, 10, 10)})
    assert (coded.kind, coded.begins) == ("code_change", {"GM0009"})


def test_a_code_that_is_used_again_elsewhere_is_another_municipality() -> None:
    swapped = {"GM0001": SQUARES["GM0002"], "GM0002": SQUARES["GM0001"]}
    first, second = between(SQUARES, swapped)
    assert {*first.pieces, *second.pieces} == {("GM0001", "GM0002"), ("GM0002", "GM0001")}
    assert first.begins | second.begins == {"GM0001", "GM0002"}


def test_a_rename_and_what_only_tells_namesakes_apart() -> None:
    found = changes(
        pl.concat([outlines(2020, SQUARES), outlines(2021, SQUARES)]),
        [
            names(2020, {"GM0001": "Hengelo", "GM0002": "De Friese Meren"}),
            names(2021, {"GM0001": "Hengelo (O.)", "GM0002": "De Fryske Marren"}),
        ],
    )
    assert [(change.kind, list(change.pieces)) for change in found] == [
        ("rename", [("GM0002", "GM0002")])
    ]


def test_an_edition_that_breaks_off_at_a_border_says_nothing_of_what_lies_beyond() -> None:
    assert between(SQUARES, {"GM0001": SQUARES["GM0001"]}) == []
    # Half of it lies in what is outlined: the other half went nobody knows where.
    (change,) = between({"GM0001": (0, 0, 10, 10)}, {"GM0002": (0, 0, 5, 10)})
    assert change.pieces == {("GM0001", "GM0002"): None}


def in_rd(geometries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Longitude and latitude as RD metres (within 0.2 m: the borders that are the same in both
    years differ by less)."""
    import numpy as np
    import shapely
    from pyproj import Transformer

    to_rd = Transformer.from_crs(4326, 28992, always_xy=True)
    shapes = shapely.from_geojson([json.dumps(geometry) for geometry in geometries])
    moved = shapely.transform(shapes, lambda xy: np.column_stack(to_rd.transform(*xy.T)))
    return [dict(json.loads(text)) for text in shapely.to_geojson(moved)]


@pytest.fixture(scope="module")
def published() -> tuple[pl.DataFrame, list[pl.LazyFrame]]:
    """The outlines of the whole country in 2022 and 2026, in RD, and the names."""
    rows, named = [], []
    for year in (2022, 2026):
        features = shared.municipalities(year)
        codes = [feature["properties"]["statcode"] for feature in features]
        geometries = [feature["geometry"] for feature in features]
        geometries = in_rd(geometries) if year == 2022 else geometries
        rows += [_outline(year, *each) for each in zip(codes, geometries, strict=True)]
        named.append(
            names(
                year, {f["properties"]["statcode"]: f["properties"]["statnaam"] for f in features}
            )
        )
    return pl.DataFrame(rows, schema=polars_schema(Outline)), named


EXPECTED = {
    # Weesp was added to Amsterdam on 24 March 2022; the outlines are of 1 January.
    "annexation": {("GM0363", "GM0363"), ("GM0457", "GM0363")},
    # Brielle, Hellevoetsluis and Westvoorne became Voorne aan Zee on 1 January 2023.
    "merger": {("GM0501", "GM1992"), ("GM0530", "GM1992"), ("GM0614", "GM1992")},
    # Hilversum and Gooise Meren exchanged some 35 hectares (Gemeenteblad 2022, 200379).
    "border_correction": {
        ("GM0402", "GM0402"),
        ("GM0402", "GM1942"),
        ("GM1942", "GM0402"),
        ("GM1942", "GM1942"),
    },
}


@needs_shared
def test_the_reorganisations_from_2022_to_2026_and_no_more(
    published: tuple[pl.DataFrame, list[pl.LazyFrame]],
) -> None:
    found = changes(*published)
    assert {change.kind: set(change.pieces) for change in found} == EXPECTED
    assert len(found) == 3, "of 345 municipalities all others are the same"
    exchange = next(change for change in found if change.kind == "border_correction")
    for pair in (("GM0402", "GM1942"), ("GM1942", "GM0402")):
        assert exchange.pieces[pair] == pytest.approx(35, abs=1.5), "as the municipalities say"


@needs_shared
def test_outlines_alone_and_the_catalogue_tell_the_same(
    catalogue: Catalogue, published: tuple[pl.DataFrame, list[pl.LazyFrame]]
) -> None:
    frames, named = published
    alone = relations(replace(catalogue, reorganisations={}), [frames.lazy()], named)
    both = relations(catalogue, [frames.lazy()], named)
    declared = both.filter(pl.col("to_year") > 2022)
    assert declared["source"].unique().to_list() == ["catalogue"], "it has them all"
    pair = ["from_code", "to_code"]
    assert set(alone.select(pair).rows()) == set(declared.select(pair).rows())
    assert (
        alone.filter(method="whole")
        .select(pair)
        .sort(pair)
        .equals(declared.filter(method="whole").select(pair).sort(pair))
    )
    near = alone.join(declared, on=pair).select(pl.col("weight") - pl.col("weight_right"))
    assert near.to_series().abs().max() < 0.0001


@needs_shared
def test_declared_reorganisations_account_for_every_code(catalogue: Catalogue) -> None:
    """Codes of 2017, 2020, 2022 and 2026: what was declared leads from each to the next."""

    def outlined(year: int) -> set[str]:
        return {feature["properties"]["statcode"] for feature in shared.municipalities(year)}

    def listed(column: pl.Series) -> set[str]:
        return {code.strip() for code in column if code.startswith("GM")}

    lists = {
        2017: listed(shared.v4_files("83765NED").frame("WijkenEnBuurtenCodes")["Identifier"]),
        2020: listed(shared.v3_files("84799NED").frame("WijkenEnBuurten")["Key"]),
        2022: outlined(2022),
        2026: outlined(2026),
    }
    assert [len(codes) for codes in lists.values()] == [388, 355, 345, 342]
    known = relations(catalogue, [], [])
    codes = set(lists[2017])
    for year in range(2018, 2027):
        here = known.filter(to_year=year)
        gave = set(here["from_code"])
        assert gave <= codes, f"{year}: who gave was there"
        codes = (codes - gave) | set(here["to_code"])
        if year in lists:
            assert codes == lists[year]
