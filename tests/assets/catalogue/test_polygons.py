"""Polygons: what is refused, with what was expected and what came, and what becomes of a good one."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from assets.catalogue.polygons import RD, WGS84, drawn
from assets.catalogue.site_models import FOLDER, Polygon
from tests.publishers import shared

Points = list[list[float]]


def polygon(*rings: Points) -> dict[str, Any]:
    """A GeoJSON Polygon."""
    return {"type": "Polygon", "coordinates": list(rings)}


def rectangle(west: float, south: float, width: float, height: float) -> Points:
    """A closed ring."""
    east, north = west + width, south + height
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


HERE = rectangle(255_000, 472_000, 1000, 650)
IN_DEGREES = rectangle(6.85, 52.23, 0.01, 0.01)


@pytest.mark.parametrize(
    ("geometry", "system", "says"),
    [
        (
            {"type": "LineString", "coordinates": HERE},
            RD,
            ["Polygon or MultiPolygon", "came LineString", "closed area"],
        ),
        ({"coordinates": [HERE]}, RD, ["came none"]),
        (polygon(), RD, ["the Polygon is empty"]),
        ({"type": "MultiPolygon", "coordinates": [[]]}, RD, ["the MultiPolygon is empty"]),
        (polygon(HERE[:2] + HERE[:1]), RD, ["ring 1 has 3 points", "4 or more"]),
        (
            polygon(HERE[:-1]),
            RD,
            ["ring 1 is not closed", "[255000, 472000]", "[255000, 472650]", "at the end"],
        ),
        (polygon([[1.0], *HERE]), RD, ["ring 1 holds [1.0]", "two numbers"]),
        (polygon([["a", "b"], *HERE]), RD, ["ring 1 holds ['a', 'b']"]),
        (polygon([[math.nan, 1.0], *HERE]), RD, ["ring 1 holds [nan"]),
        ({"type": "MultiPolygon", "coordinates": [HERE]}, RD, ["ring 1 of part 1 holds"]),
        (
            polygon([[y, x] for x, y in HERE]),
            RD,
            ["axes are the wrong way round", "x from 0 to 300000", "472000 to 472650", "swap"],
        ),
        (
            polygon([[y, x] for x, y in IN_DEGREES]),
            WGS84,
            ["axes are the wrong way round", "52.23 to 52.24", "longitude before latitude"],
        ),
        (
            polygon(IN_DEGREES),
            RD,
            ["no coordinates in EPSG:28992", "look like EPSG:4326", "6.85 to 6.86", "metres"],
        ),
        (polygon([[y, x] for x, y in IN_DEGREES]), RD, ["look like EPSG:4326"]),
        (polygon(HERE), WGS84, ["look like EPSG:28992", "`reference_system: EPSG:28992`"]),
        (polygon(rectangle(762_000, 6_840_000, 900, 900)), RD, ["web maps (EPSG:3857)"]),
        (
            polygon(rectangle(13.4, 52.5, 0.01, 0.01)),
            WGS84,
            ["outside the Netherlands", "longitude from 3.1 to 7.4", "13.4 to 13.41"],
        ),
        (
            polygon(rectangle(6.95, 50.93, 0.01, 0.01)),
            WGS84,
            ["outside the Netherlands, at least in part", "6.95 to 6.96"],
        ),
        (
            polygon(
                [[255e3, 472e3], [256e3, 473e3], [256e3, 472e3], [255e3, 473e3], [255e3, 472e3]]
            ),
            RD,
            ["the outline crosses itself at [255500, 472500]", "redraw it there"],
        ),
        (
            polygon(
                [
                    [6.85, 52.23],
                    [6.86, 52.24],
                    [6.86, 52.23],
                    [6.85, 52.24],
                    [6.85, 52.23],
                ]
            ),
            WGS84,
            ["crosses itself at [6.855, 52.235]"],
        ),
        (
            polygon(HERE, rectangle(257_000, 472_000, 100, 100)),
            RD,
            ["a hole lies outside the outline at [257000, 472"],
        ),
    ],
)
def test_what_is_no_polygon_in_the_netherlands_is_refused_with_what_was_expected(
    geometry: dict[str, Any], system: str, says: list[str]
) -> None:
    with pytest.raises(ValueError, match=r"\w") as caught:
        drawn(geometry, system)
    for words in says:
        assert words in str(caught.value)


def test_a_polygon_in_metres_is_what_it_is_and_heights_are_left_out() -> None:
    hole = rectangle(255_100, 472_100, 100, 100)
    shape = drawn(polygon([[*point, 12.5] for point in HERE], hole), RD)
    assert shape.area == 1000 * 650 - 100 * 100
    assert shape.bounds == (255_000, 472_000, 256_000, 472_650)


def test_degrees_become_metres_where_the_church_of_amersfoort_stands() -> None:
    """The origin of RD: 155000, 463000 at 5.387206 east, 52.155172 north."""
    shape = drawn(polygon(rectangle(5.387206, 52.155172, 0.01, 0.01)), WGS84)
    assert shape.bounds[:2] == pytest.approx((155_000, 463_000), abs=1.0)
    width, height = 0.01 * 111_320 * math.cos(math.radians(52.16)), 0.01 * 111_270
    assert shape.area == pytest.approx(width * height, rel=0.01)


@settings(max_examples=25)
@given(st.floats(100_000, 250_000), st.floats(400_000, 550_000), st.floats(0.1, 3.0), st.booleans())
def test_swapped_axes_never_pass(x: float, y: float, km: float, in_parts: bool) -> None:
    ring = rectangle(x, y, 1000 * km, 1000 * km)
    swapped = [[second, first] for first, second in ring]
    geometry = (
        {"type": "MultiPolygon", "coordinates": [[swapped]]} if in_parts else polygon(swapped)
    )
    with pytest.raises(ValueError, match="swap the two numbers"):
        drawn(geometry, RD)


def test_all_municipalities_lie_in_the_netherlands() -> None:
    path = shared.path("geo/gemeenten_2026_rd.geojson")
    box = shapely.union_all(
        [
            shapely.make_valid(shapely.from_geojson(json.dumps(feature["geometry"])))
            for feature in json.loads(path.read_text("utf-8"))["features"]
        ]
    )
    for part in shapely.get_parts(box):
        outer = shapely.geometry.mapping(shapely.Polygon(part.exterior))
        assert drawn(outer, RD).area > 0


# -- in a file ---------------------------------------------------------------------------------
def read(folder: Any, content: Any, **how: Any) -> Polygon:
    (folder / "park.geojson").write_text(
        content if isinstance(content, str) else json.dumps(content), encoding="utf-8"
    )
    said = {"reference_system": RD, "file": "park.geojson"} | how
    return Polygon.model_validate(said, strict=True, context={FOLDER: folder})


@pytest.mark.parametrize("wrapped", ["geometry", "feature", "collection"])
def test_a_file_gives_its_one_geometry_and_its_content_is_declared(
    tmp_path: Any, wrapped: str
) -> None:
    geometry = polygon(HERE)
    feature = {"type": "Feature", "properties": {}, "geometry": geometry}
    content = {
        "geometry": geometry,
        "feature": feature,
        "collection": {"type": "FeatureCollection", "features": [feature]},
    }[wrapped]
    found = read(tmp_path, content)
    assert found.drawn().area == 650_000
    assert found.model_dump(mode="json")["geometry"] == geometry


@pytest.mark.parametrize(
    ("content", "how", "says"),
    [
        ("{", {}, "park.geojson is not GeoJSON"),
        ({"type": "FeatureCollection", "features": []}, {}, "holds 0 features"),
        ({"type": "Feature", "geometry": None}, {}, "holds no geometry"),
        ([1], {}, "holds no geometry"),
        (polygon(HERE[:-1]), {}, "park.geojson: ring 1 is not closed"),
        (
            polygon(HERE) | {"crs": {"properties": {"name": "urn:ogc:def:crs:EPSG::4258"}}},
            {},
            "says that it is in urn:ogc:def:crs:EPSG::4258, declared is EPSG:28992",
        ),
        (polygon(HERE), {"file": "../park.geojson"}, "not the name of a file beside this one"),
        (polygon(HERE), {"file": "other.geojson"}, "other.geojson cannot be read"),
        (polygon(HERE), {"geometry": polygon(HERE)}, "`geometry` and `file` are both there"),
    ],
)
def test_a_file_that_holds_no_area_is_refused(
    tmp_path: Any, content: Any, how: dict[str, Any], says: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        read(tmp_path, content, **how)
    assert says in str(caught.value)
