"""Outlines: the area that they enclose, holes taken out, and refusal of what is no outline."""

from __future__ import annotations

import json
from typing import Any

import pytest

from assets.catalogue import Catalogue
from assets.core import outlines
from assets.sources.errors import ContractBroken
from tests.assets.material import OUTLINES, World, municipalities, needs_shared, square
from tests.publishers import geo, shared
from warehouse.tables.core import Outline, Region
from warehouse.vocabulary import polars_schema

X, Y = 250_000.0, 480_000.0
"""A corner in Twente, in RD metres."""


def shape(kind: str, coordinates: Any) -> str:
    """A geometry as GeoJSON."""
    return json.dumps({"type": kind, "coordinates": coordinates})


@pytest.mark.parametrize(
    ("geometry", "hectares"),
    [
        pytest.param(shape("Polygon", [square(X, Y, 100)]), 1, id="a hectare"),
        pytest.param(shape("Polygon", [square(X, Y, 1000)[::-1]]), 100, id="the other way round"),
        pytest.param(shape("Polygon", [square(X, Y, 1000)[:-1]]), 100, id="not closed"),
        pytest.param(shape("Polygon", [[[*p, 12.5] for p in square(X, Y, 100)]]), 1, id="height"),
        pytest.param(
            shape("Polygon", [square(X, Y, 1000), square(X + 100, Y + 100, 100)]), 99, id="a hole"
        ),
        pytest.param(
            shape(
                "Polygon",
                [square(X, Y, 1000), square(X + 100, Y, 100), square(X + 500, Y, 200)[::-1]],
            ),
            95,
            id="two holes",
        ),
        pytest.param(
            shape(
                "MultiPolygon",
                [[square(X, Y, 1000), square(X + 1, Y + 1, 100)], [square(0, 0, 100)]],
            ),
            100,
            id="a hole in one of two parts",
        ),
        pytest.param(shape("Polygon", [[[X, Y], [X + 200, Y], [X, Y + 100]]]), 1, id="a triangle"),
        pytest.param(shape("MultiPolygon", []), 0, id="no part"),
    ],
)
def test_hectares(geometry: str, hectares: float) -> None:
    assert outlines.hectares("GM0153", geometry) == pytest.approx(hectares, rel=1e-9)


@pytest.mark.parametrize(
    ("geometry", "says"),
    [
        (None, "came no geometry"),
        ("", "came no geometry"),
        ("null", "came no geometry"),
        ("{}", "came no geometry"),
        (shape("Point", [X, Y]), "came Point"),
        (shape("LineString", square(X, Y, 1)), "came LineString"),
        (shape("GeometryCollection", []), "came GeometryCollection"),
        (shape("Polygon", None), "rings of points"),
        (shape("Polygon", square(X, Y, 1)), "rings of points"),
        (shape("Polygon", [["a", "b"]]), "rings of points"),
        (shape("Polygon", []), "rings of points"),
        (shape("Polygon", [[[X]]]), "rings of points"),
        ('{"type": "Polygon"}', "rings of points"),
    ],
)
def test_what_is_no_outline_is_refused(geometry: str | None, says: str) -> None:
    with pytest.raises(ContractBroken, match=f"GM0153: .*{says}"):
        outlines.hectares("GM0153", geometry)


def test_outlines_and_the_areas_that_they_name(world: World) -> None:
    areas = municipalities(2026, 5)
    world.house.geo.put_features("gemeente_gegeneraliseerd", 2026, areas, geo.RD)
    edition = world.on_its_way(OUTLINES, "2026")
    made, regions = outlines.outlines(edition), outlines.regions(edition)
    assert made.schema == polars_schema(Outline)
    assert regions.schema == polars_schema(Region)
    assert made["area_ha"].to_list() == [100.0 * (n + 1) ** 2 for n in range(5)]
    assert [json.loads(text) for text in made["geojson"]] == [a["geometry"] for a in areas]
    assert regions.select("region_code", "name", "kind", "municipality_code").rows()[1] == (
        "GM0001",
        "Gemeente 1 é",
        "municipality",
        "GM0001",
    )


def test_one_area_without_an_outline_refuses_them_all(world: World) -> None:
    areas = municipalities(2026, 5)
    areas[3]["geometry"] = None
    world.house.geo.put_features("gemeente_gegeneraliseerd", 2026, areas, geo.RD)
    edition = world.on_its_way(OUTLINES, "2026")
    with pytest.raises(ContractBroken, match=r"GM0003: .*came no geometry"):
        outlines.outlines(edition)


def neighbourhood(code: str, name: str, west: float, **said: Any) -> dict[str, Any]:
    """A square of 100 hectares in the layer of neighbourhoods, with one of its many figures."""
    return {
        "type": "Feature",
        "properties": {"buurtcode": code, "buurtnaam": name, "aantal_inwoners": -99997} | said,
        "geometry": {"type": "Polygon", "coordinates": [square(west, Y, 1000)]},
    }


def test_neighbourhoods_with_their_water_and_nothing_from_abroad(
    world: World, catalogue: Catalogue
) -> None:
    source = catalogue.sources["cbs_neighbourhoods"]
    features = [
        neighbourhood("BU01530703", "Kennispark", X, water="NEE"),
        neighbourhood("BU01530703", "Kennispark", X + 5000, water="JA"),
        neighbourhood("BU0153070B", "Campus", X + 1000),
        neighbourhood("BU99990000", "Buitenland", X + 9000),
    ]
    world.house.geo.put_features("buurten", 2026, features, geo.RD)
    world.house.geo.put_features("buurten", 2025, features[:1], geo.RD)
    edition = world.on_its_way(source, "2026", row_floor=1)
    assert edition.raw.remarks == (), "its figures are known and come from elsewhere"
    made, regions = outlines.outlines(edition), outlines.regions(edition)
    assert made.select("region_code", "area_ha").rows() == [
        ("BU01530703", 200.0),
        ("BU0153070B", 100.0),
    ]
    assert json.loads(made["geojson"][0])["type"] == "MultiPolygon"
    assert regions.select("region_code", "name", "kind", "municipality_code").rows() == [
        ("BU01530703", "Kennispark", "neighbourhood", "GM0153"),
        ("BU0153070B", "Campus", "neighbourhood", "GM0153"),
    ]


def test_a_layer_with_other_properties_is_refused_with_those_that_are_known(world: World) -> None:
    areas = municipalities(2026, 2)
    world.house.geo.put_features("gemeente_gegeneraliseerd", 2026, areas, geo.RD)
    declared = OUTLINES.model_copy(update={"region": "buurtcode"})
    edition = world.on_its_way(declared, "2026")
    with pytest.raises(
        ContractBroken, match=r"buurtcode and buurtnaam, .*check `region`.*statcode"
    ):
        outlines.outlines(edition)


@needs_shared
def test_the_real_areas_are_as_large_as_the_country(world: World, catalogue: Catalogue) -> None:
    world.house.geo.put_features(
        "gemeente_gegeneraliseerd", 2026, shared.municipalities(2026), geo.RD
    )
    edition = world.on_its_way(catalogue.sources["cbs_areas"], "2026")
    made = dict(outlines.outlines(edition).select("region_code", "area_ha").iter_rows())
    assert len(made) == 342
    overijssel = catalogue.provinces["PV23"].municipalities
    assert len(overijssel) == 25
    # 3,421 km2 by the land register, water included; the outlines are generalised.
    assert sum(made[code] for code in overijssel) == pytest.approx(342_100, rel=0.02)
    assert made["GM0153"] == pytest.approx(14_272, rel=0.02), "Enschede, as in Kerncijfers 2020"
    assert 3_300_000 < sum(made.values()) < 4_200_000
