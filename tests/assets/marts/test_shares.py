"""Which part of an area lies in a site: by surface, by addresses, and what holds of both."""

from __future__ import annotations

import json
from typing import Any

import polars as pl
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.marts.shares import address_shares, area_shares, unlisted
from tests.cost import assert_linear
from tests.publishers import shared

WEST, SOUTH, SIDE = 250_000.0, 470_000.0, 1000.0
PARK = ("park", 1)


def box(west: float, south: float, east: float, north: float) -> shapely.MultiPolygon:
    """A rectangle, in metres from the corner of the first square."""
    return shapely.MultiPolygon(
        [shapely.box(WEST + west, SOUTH + south, WEST + east, SOUTH + north)]
    )


def outline(code: str, shape: Any, edition: str = "2025") -> dict[str, str]:
    return {
        "edition": edition,
        "region_code": code,
        "geojson": shapely.to_geojson(shape),
        "release_id": f"outlines:{edition}",
    }


def squares(columns: int, rows: int, edition: str = "2025", side: float = SIDE) -> pl.DataFrame:
    """Neighbourhoods of one square kilometre each, numbered along rows."""
    return pl.DataFrame(
        [
            outline(
                f"BU{row:04}{column:04}",
                box(column * side, row * side, (column + 1) * side, (row + 1) * side),
                edition,
            )
            for row in range(rows)
            for column in range(columns)
        ]
    )


def weights(found: pl.DataFrame) -> dict[str, tuple[float, str, float, float]]:
    """Member -> weight, method and bounds."""
    return {
        row["member_code"]: (
            round(row["weight"], 6),
            row["weight_method"],
            row["lower_weight"],
            row["upper_weight"],
        )
        for row in found.iter_rows(named=True)
    }


def test_a_polygon_takes_whole_squares_and_parts_of_squares() -> None:
    found = area_shares({PARK: box(0, 0, 1500, 500 + 1000)}, squares(3, 3))
    assert weights(found) == {
        "BU00000000": (1.0, "exact", 1.0, 1.0),
        "BU00000001": (0.5, "area_share", 0.0, 1.0),
        "BU00010000": (0.5, "area_share", 0.0, 1.0),
        "BU00010001": (0.25, "area_share", 0.0, 1.0),
    }
    assert set(found["release_id"]) == {"outlines:2025"}


def test_a_line_drawn_twice_is_one_line() -> None:
    """Six metres over the line do not touch the next square, six short of it do not break one."""
    found = area_shares({PARK: box(-0.0, 6, 1006, 994)}, squares(3, 3))
    assert weights(found) == {"BU00000000": (1.0, "exact", 1.0, 1.0)}
    found = area_shares({PARK: box(0, 0, 1012, 1000)}, squares(3, 3))
    assert set(weights(found)) == {"BU00000000", "BU00000001"}


def test_what_areas_do_not_cover_is_not_resolved() -> None:
    """Figures of the part that is covered are not those of the site."""
    assert area_shares({PARK: box(-500, 0, 500, 1000)}, squares(3, 3)).is_empty()
    assert area_shares({PARK: box(0, 0, 500, 500)}, squares(1, 1).head(0)).is_empty()


def test_the_finest_areas_that_cover_it_are_taken() -> None:
    municipality = outline("GM0001", box(0, 0, 5000, 5000))
    district = outline("WK000100", box(0, 0, 2000, 2000))
    areas = pl.concat([squares(2, 2), pl.DataFrame([municipality, district])])
    drawn = {
        PARK: box(0, 0, 500, 500),
        ("far", 1): box(3000, 3000, 4000, 4000),
        ("out", 1): box(9000, 0, 9500, 500),
    }
    found = area_shares(drawn, areas)
    assert found.select("location_id", "member_code", "weight").rows() == [
        ("far", "GM0001", 0.04),
        ("park", "BU00000000", 0.25),
    ]


def test_every_year_of_cut_has_weights_of_its_own() -> None:
    both = pl.concat([squares(3, 3, "2024"), squares(3, 3, "2025", side=2000.0)])
    found = area_shares({PARK: box(0, 0, 1000, 1000)}, both)
    assert found.select("edition", "member_code", "weight", "weight_method").rows() == [
        ("2024", "BU00000000", 1.0, "exact"),
        ("2025", "BU00000000", 0.25, "area_share"),
    ]


@settings(max_examples=20)
@given(
    st.lists(st.floats(50, 2950), min_size=1, max_size=3, unique=True),
    st.lists(st.floats(50, 2950), min_size=1, max_size=3, unique=True),
)
def test_sites_that_divide_the_land_divide_every_neighbourhood(
    across: list[float], along: list[float]
) -> None:
    """Whatever the lines, the parts of each neighbourhood add up to it, and surface is kept."""
    xs, ys = sorted([0.0, *across, 3000.0]), sorted([0.0, *along, 3000.0])
    parts = {
        (f"{i}-{j}", 1): box(xs[i], ys[j], xs[i + 1], ys[j + 1])
        for i in range(len(xs) - 1)
        for j in range(len(ys) - 1)
        if xs[i + 1] - xs[i] > 20 and ys[j + 1] - ys[j] > 20
    }
    found = area_shares(parts, squares(3, 3))
    assert found["weight"].is_between(0, 1).all()
    together = found.group_by("member_code").agg(pl.col("weight").sum())["weight"]
    # A strip along a line that is no wider than the tolerance is left to the neighbour.
    assert together.is_between(0.9, 1.0 + 0.05).all()
    if len(parts) == (len(xs) - 1) * (len(ys) - 1) and not _near_a_line([*across, *along]):
        assert together.is_between(1 - 1e-9, 1 + 1e-9).all()
        for key, shape in parts.items():
            of_site = found.filter(pl.col("location_id") == key[0])["weight"].sum() * SIDE**2
            assert of_site == pytest.approx(shape.area, rel=1e-9)


def _near_a_line(cuts: list[float]) -> bool:
    return any(min(cut % SIDE, SIDE - cut % SIDE) <= 11 for cut in cuts)


def test_an_area_that_begins_far_away_is_found_where_the_near_ones_do_not_cover() -> None:
    long = outline("BU00990000", box(-60_000, 4000, 3000, 5000))
    areas = pl.concat([squares(3, 3), pl.DataFrame([long])])
    found = area_shares({PARK: box(0, 4000, 1000, 5000), ("b", 1): box(0, 0, 500, 500)}, areas)
    assert found.select("location_id", "member_code").rows() == [
        ("b", "BU00000000"),
        ("park", "BU00990000"),
    ]


def test_among_fourteen_thousand_neighbourhoods_sites_are_found_without_trying_each() -> None:
    areas = {rows: squares(140, rows) for rows in (6, 25, 100)}
    sites = {(f"s{n}", 1): box(9_300 * n, 700, 9_300 * n + 1500, 2600) for n in range(10)}

    def work(rows: int) -> None:
        assert area_shares(sites, areas[rows])["location_id"].n_unique() == 10

    assert_linear(work, 100)


def test_real_municipalities_a_polygon_over_the_line_of_two() -> None:
    path = shared.path("geo/gemeenten_overijssel_2026_rd.geojson")
    areas = pl.DataFrame(
        [
            outline(
                feature["properties"]["statcode"],
                shapely.from_geojson(json.dumps(feature["geometry"])),
                "2026",
            )
            for feature in json.loads(path.read_text("utf-8"))["features"]
        ]
    )
    shapes = dict(
        zip(areas["region_code"], shapely.from_geojson(areas["geojson"].to_numpy()), strict=True)
    )
    hengelo, enschede = shapes["GM0164"], shapes["GM0153"]
    middle = shapely.intersection(hengelo, enschede).interpolate(0.5, normalized=True)
    site = shapely.MultiPolygon([middle.buffer(900.0)])
    found = area_shares({PARK: site}, areas)
    surface = {
        row["member_code"]: row["weight"] * shapes[row["member_code"]].area
        for row in found.iter_rows(named=True)
    }
    assert {"GM0164", "GM0153"} <= set(surface)
    assert sum(surface.values()) == pytest.approx(site.area, rel=0.01)


# -- by addresses --------------------------------------------------------------------------------
def table(rows: list[tuple[str, str, int]], edition: str = "2025") -> pl.LazyFrame:
    """Postcode, neighbourhood, addresses."""
    return pl.DataFrame(
        [(edition, *row, f"postcodes:{edition}") for row in rows],
        schema=["edition", "postcode", "neighbourhood_code", "addresses", "release_id"],
        orient="row",
    ).lazy()


STREETS = [
    ("7521AA", "BU00000000", 10),
    ("7521AB", "BU00000000", 30),
    ("7521AB", "BU00000001", 5),
    ("7522AA", "BU00000001", 15),
    ("7523AA", "BU00000002", 7),
]


def test_postcodes_take_their_share_of_the_addresses() -> None:
    found = address_shares({PARK: ("7521AB",)}, table(STREETS))
    assert weights(found) == {
        "BU00000000": (0.75, "address_share", 0.0, 1.0),
        "BU00000001": (0.25, "address_share", 0.0, 1.0),
    }


def test_four_positions_stand_for_all_that_begin_so() -> None:
    found = address_shares({PARK: ("7521", "7523AA"), ("b", 1): ("7522AA",)}, table(STREETS))
    assert weights(found.filter(pl.col("location_id") == "park")) == {
        "BU00000000": (1.0, "exact", 1.0, 1.0),
        "BU00000001": (0.25, "address_share", 0.0, 1.0),
        "BU00000002": (1.0, "exact", 1.0, 1.0),
    }
    assert weights(found.filter(pl.col("location_id") == "b"))["BU00000001"][0] == 0.75


def test_a_postcode_that_no_table_has_is_told_and_gives_nothing() -> None:
    assert address_shares({PARK: ("9999ZZ",)}, table(STREETS)).is_empty()
    assert unlisted(("9999ZZ", "7521AB", "7523", "9999"), table(STREETS)) == ["9999ZZ", "9999"]
