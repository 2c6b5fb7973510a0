"""Business parks: one area a register number, hectares by year, and the register's own traps."""

from __future__ import annotations

from typing import Any

import pytest

from assets.catalogue import Catalogue
from assets.core import business_parks
from assets.core.frames import Edition
from tests.assets.material import PARKS, World, needs_shared
from tests.publishers import shared
from warehouse.tables.core import Figure, Region
from warehouse.vocabulary import key_of, polars_schema


def park(number: str = "23202203", **said: Any) -> dict[str, Any]:
    """A park of the register."""
    usual = {"JAAR": 2024, "PLAN_NAAM": "KENNISPARK", "GEM_CODES": "GM0153", "HA_BRUTO": 58.61,
             "HA_NETTO": 38.58}  # fmt: skip
    return {"RIN_NUMMER": number} | usual | said


@pytest.fixture
def on_its_way(world: World) -> Any:
    """Takes these parks in."""

    def on_its_way(*parks: dict[str, Any]) -> Edition:
        world.house.ibis.put_features(parks)
        return world.on_its_way(PARKS)

    return on_its_way


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("GM0153", "GM0153"),
        (" GM0153 ", "GM0153"),
        ("GM0000", None),
        ("GM0153,GM0164", None),
        ("0153", None),
        ("", None),
        (None, None),
    ],
)
def test_the_municipality_of_a_park(on_its_way: Any, said: str | None, expected: Any) -> None:
    made = business_parks.regions(on_its_way(park(GEM_CODES=said)))
    assert made.schema == polars_schema(Region)
    assert made["municipality_code"].to_list() == [expected]
    assert made.select("region_code", "kind").rows() == [("RIN23202203", "business_park")]


@pytest.mark.parametrize(
    ("said", "period"),
    [(2024, "2024"), ("2024", "2024"), ("v1900", "1900"), (2024.0, "2024"), ("2024-01-01", "2024"),
     ("?", None), (None, None)],
)  # fmt: skip
def test_survey_years(on_its_way: Any, said: Any, period: str | None) -> None:
    made = business_parks.figures(on_its_way(park(JAAR=said)))
    assert made["period"].unique().to_list() == [period], "without a year the gate refuses it"


def test_a_park_has_its_newest_name_and_a_figure_a_year(on_its_way: Any) -> None:
    edition = on_its_way(
        park(JAAR=2022, PLAN_NAAM="Business & Science Park", HA_NETTO=30.0),
        park(JAAR=2024, PLAN_NAAM="KENNISPARK"),
        park(JAAR="v1900", PLAN_NAAM="Oud"),
        park("688", PLAN_NAAM="SPOORZONE", GEM_CODES="GM0177"),
    )
    regions = business_parks.regions(edition)
    assert sorted(regions.select("region_code", "name", "municipality_code").rows()) == [
        ("RIN23202203", "KENNISPARK", "GM0153"),
        ("RIN688", "SPOORZONE", "GM0177"),
    ]
    net = business_parks.figures(edition).filter(measure="area_net", region_code="RIN23202203")
    assert sorted(net.select("period", "value").rows()) == [
        ("1900", 38.58),
        ("2022", 30.0),
        ("2024", 38.58),
    ]


def test_a_park_that_is_listed_twice_alike_counts_once(on_its_way: Any) -> None:
    """Also where the decimals, or the shape, are written otherwise."""
    made = business_parks.figures(
        on_its_way(
            park(),
            park(),
            park(HA_BRUTO="58,610", HA_NETTO="38.580", PLAN_NAAM="Kennispark"),
            park(geometry={"type": "Point", "coordinates": [1, 2]}),
        )
    )
    assert made.schema == polars_schema(Figure)
    assert made.select(key_of(Figure)).is_duplicated().sum() == 0
    assert made.select("measure", "value", "unit").rows() == [
        ("area_gross", 58.61, "ha"),
        ("area_net", 38.58, "ha"),
    ]


def test_two_parks_under_one_number_that_differ_are_left_for_the_gate(on_its_way: Any) -> None:
    made = business_parks.figures(on_its_way(park(), park(HA_NETTO=40.0)))
    assert made.filter(measure="area_net")["value"].to_list() == [38.58, 40.0]
    assert made.select(key_of(Figure)).is_duplicated().any()


@needs_shared
def test_the_real_parks_of_overijssel(world: World, catalogue: Catalogue) -> None:
    world.house.ibis.put_features(shared.business_parks())
    edition = world.on_its_way(catalogue.sources["ibis"], row_floor=75)
    regions, made = business_parks.regions(edition), business_parks.figures(edition)
    assert (regions.height, made.height) == (75, 225)
    assert made.select(key_of(Figure)).is_duplicated().sum() == 0
    said = {
        (row["region_code"], row["measure"]): row["value"]
        for row in made.filter(period="2024").to_dicts()
    }
    assert said["RIN23202203", "area_gross"] == 58.61, "Kennispark"
    assert said["RIN23202203", "area_net"] == 38.58
    assert said["RIN23201203", "area_gross"] == 218.29, "Technology Base"
    assert said["RIN130125", "area_available"] == 13.99, "XL Businesspark Twente"
    municipality = dict(regions.select("region_code", "municipality_code").iter_rows())
    assert municipality["RIN688"] == "GM0177", "SPOORZONE is in Raalte"
    assert municipality["RIN4722"] == "GM0193", "Hessenpoort"
