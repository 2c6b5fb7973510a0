"""Values of sites from their members: each indicator's own rule, bounds, and dates."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.catalogue import Catalogue
from assets.catalogue.site_models import Boundary, Site
from assets.marts import site_boundaries
from assets.marts.allocation import allocated
from assets.marts.values import values
from tests.assets.marts.test_shares import squares, table
from tests.assets.marts.test_values import figures, indicator, source
from warehouse.tables.mart import LocationMember
from warehouse.vocabulary import polars_schema

MOMENT = dt.datetime(2021, 3, 26)
LATER = dt.datetime(2025, 10, 1)
Row = dict[str, Any]


def fed(rows: list[tuple[str, str, float | None]], **how: Any) -> pl.DataFrame:
    """Figures from (area, period, value)."""
    base: Row = {
        "indicator_id": "n",
        "status": "definitive",
        "method": "published",
        "lower": None,
        "upper": None,
        "release_id": "figures",
        "known_from": MOMENT,
        "synthetic": False,
        "contributors": None,
    }
    return pl.DataFrame(
        [
            base
            | {
                "location_id": area,
                "region_code": area,
                "period": period,
                "value": value,
                "missing_reason": None if value is not None else "confidential",
                "level": "neighbourhood",
                "cut": int(period[:4]),
                "boundary_year": int(period[:4]),
            }
            | how
            for area, period, value in rows
        ],
        schema_overrides={
            "value": pl.Float64,
            "lower": pl.Float64,
            "upper": pl.Float64,
            "contributors": pl.Float64,
            "missing_reason": pl.String,
            "known_from": pl.Datetime("us"),
            "cut": pl.Int32,
            "boundary_year": pl.Int32,
        },
    )


def members(*rows: Row) -> pl.DataFrame:
    """Members of `park`, each a code and whatever is particular about it."""
    base: Row = {
        "location_id": "park",
        "boundary": 1,
        "edition": "all",
        "weight": 1.0,
        "source": "test",
    }
    made = []
    for row in rows:
        said = base | row
        exact = said["weight"] == 1.0
        made.append(
            {
                "weight_method": "exact" if exact else "area_share",
                "lower_weight": 1.0 if exact else 0.0,
                "upper_weight": 1.0,
            }
            | said
        )
    known = {"weights_known_from": pl.Datetime("us"), "weights_synthetic": pl.Boolean}
    return pl.DataFrame(made, schema=polars_schema(LocationMember) | known)


def rows_of(found: pl.DataFrame) -> dict[str, Row]:
    """Period -> row."""
    return {row["period"]: row for row in found.iter_rows(named=True)}


def said(row: Row) -> tuple[Any, ...]:
    return row["value"], row["method"], row["lower"], row["upper"], row["missing_reason"]


A, B, C = "BU00000000", "BU00000001", "BU00000002"


def test_a_sum_of_parts_lies_between_what_is_certain_and_what_is_touched() -> None:
    park = members({"member_code": A}, {"member_code": B, "weight": 0.25})
    found = allocated(indicator("n"), fed([(A, "2020", 100.0), (B, "2020", 40.0)]), park, None)
    assert said(rows_of(found)["2020"]) == (110.0, "area_share", 100.0, 140.0, None)


def test_a_decrease_in_a_part_is_bounded_from_below() -> None:
    park = members({"member_code": A}, {"member_code": B, "weight": 0.25})
    found = allocated(indicator("n"), fed([(A, "2020", 10.0), (B, "2020", -8.0)]), park, None)
    assert said(rows_of(found)["2020"]) == (8.0, "area_share", 2.0, 10.0, None)


def test_a_share_of_addresses_says_so() -> None:
    park = members({"member_code": A, "weight": 0.5, "weight_method": "address_share"})
    found = allocated(indicator("n"), fed([(A, "2020", 100.0)]), park, None)
    assert said(rows_of(found)["2020"]) == (50.0, "address_share", 0.0, 100.0, None)


def test_a_mean_is_weighted_by_its_indicator_times_the_share() -> None:
    park = members({"member_code": A}, {"member_code": B, "weight": 0.5})
    sizes, homes = (
        fed([(A, "2020", 2.0), (B, "2020", 4.0)]),
        fed([(A, "2020", 100.0), (B, "2020", 600.0)]),
    )
    mean = indicator("n", allocation="weighted_mean", weight="homes")
    found = allocated(mean, sizes, park, homes)
    assert said(rows_of(found)["2020"]) == (
        (2.0 * 100 + 4.0 * 300) / 400,
        "area_share",
        2.0,
        4.0,
        None,
    )
    one = allocated(mean, sizes, members({"member_code": B, "weight": 0.5}), homes)
    assert said(rows_of(one)["2020"]) == (4.0, "area_share", 4.0, 4.0, None)


def test_a_mean_without_all_its_weights_is_no_mean_of_the_rest() -> None:
    park = members({"member_code": A}, {"member_code": B})
    sizes, homes = fed([(A, "2020", 2.0), (B, "2020", 4.0)]), fed([(A, "2020", 100.0)])
    mean = indicator("n", allocation="weighted_mean", weight="homes")
    assert said(rows_of(allocated(mean, sizes, park, homes))["2020"])[0] is None


@pytest.mark.parametrize("allocation", ["not_allocatable", "ratio_of_sums"])
def test_a_median_is_not_allocated_but_stands_for_the_one_area_that_is_the_site(
    allocation: str,
) -> None:
    median = indicator("n").model_copy(update={"allocation": allocation})
    found = fed([(A, "2020", 31.5), (B, "2020", 20.0)])
    whole = allocated(median, found, members({"member_code": A}), None)
    assert said(rows_of(whole)["2020"]) == (31.5, "exact", None, None, None)
    part = allocated(median, found, members({"member_code": A, "weight": 0.9}), None)
    assert said(rows_of(part)["2020"]) == (None, "not_allocatable", None, None, "not_allocatable")
    two = allocated(median, found, members({"member_code": A}, {"member_code": B}), None)
    assert rows_of(two)["2020"]["missing_reason"] == "not_allocatable"


def test_neighbourhoods_come_before_register_numbers_and_are_not_added_to_them() -> None:
    park = members({"member_code": A}, {"member_code": "RIN1"})
    both = fed([(A, "2020", 10.0), ("RIN1", "2020", 7.0), ("RIN1", "2021", 7.0)])
    found = rows_of(allocated(indicator("n"), both, park, None))
    assert (found["2020"]["value"], found["2021"]["value"]) == (10.0, 7.0)


def test_a_municipality_and_a_neighbourhood_of_another_are_one_site() -> None:
    """No figure of the neighbourhood alone: a part is not the whole."""
    both = members({"member_code": "GM0001"}, {"member_code": A})
    found = rows_of(
        allocated(
            indicator("n"),
            fed([("GM0001", "2020", 500.0), (A, "2020", 10.0), (A, "2021", 10.0)]),
            both,
            None,
        )
    )
    assert (found["2020"]["value"], found["2020"]["method"]) == (510.0, "exact")
    assert (found["2021"]["value"], found["2021"]["missing_reason"]) == (None, "not_published")


def test_a_value_is_no_older_than_its_weights_and_invented_where_they_are() -> None:
    park = members(
        {
            "member_code": A,
            "weight": 0.5,
            "edition": "2020",
            "release_id": "outlines",
            "weights_known_from": LATER,
            "weights_synthetic": True,
        }
    )
    row = rows_of(allocated(indicator("n"), fed([(A, "2020", 10.0)]), park, None))["2020"]
    assert (row["release_id"], row["known_from"], row["synthetic"]) == ("outlines", LATER, True)


# -- dates ---------------------------------------------------------------------------------------
def test_the_boundary_of_a_period_is_the_one_of_its_first_day() -> None:
    day = dt.date(2021, 4, 1)
    park = members(
        {"member_code": A, "valid_to": day},
        {"member_code": A, "boundary": 2, "valid_from": day, "valid_to": dt.date(2023, 1, 1)},
        {"member_code": B, "boundary": 2, "valid_from": day, "valid_to": dt.date(2023, 1, 1)},
    )
    periods = ("2021", "2021Q1", "2021-03-31", "2021-04", "2021Q2", "2021-04-01", "2022", "2023")
    found = rows_of(
        allocated(
            indicator("n"),
            fed([(code, period, 1.0) for period in periods for code in (A, B)]),
            park,
            None,
        )
    )
    assert {period: row["value"] for period, row in found.items()} == {
        "2021": 1.0,
        "2021Q1": 1.0,
        "2021-03-31": 1.0,
        "2021-04": 2.0,
        "2021Q2": 2.0,
        "2021-04-01": 2.0,
        "2022": 2.0,
        "2023": None,
    }
    assert found["2023"]["missing_reason"] == "no_boundary"


def test_weights_are_those_of_the_cut_of_the_figure_else_of_the_newest_before() -> None:
    park = members(
        *(
            {"member_code": A, "edition": edition, "weight": weight}
            for edition, weight in (("2020", 0.2), ("2022", 0.4), ("2025", 0.8))
        )
    )
    years = [str(year) for year in (2018, 2020, 2021, 2022, 2024, 2026)]
    found = rows_of(allocated(indicator("n"), fed([(A, year, 10.0) for year in years]), park, None))
    assert [found[year]["value"] for year in years] == [2.0, 2.0, 2.0, 4.0, 4.0, 8.0]


def test_an_area_that_the_figure_does_not_have_is_not_left_out() -> None:
    """Recoded between the year of the weights and that of the figure: no figure, and no guess."""
    park = members(*({"member_code": code, "edition": "2025", "weight": 0.5} for code in (A, C)))
    found = rows_of(allocated(indicator("n"), fed([(A, "2020", 10.0)]), park, None))
    assert (found["2020"]["value"], found["2020"]["missing_reason"]) == (None, "not_published")


# -- a site that grows, from its declaration on --------------------------------------------------
DRAWN_65 = [[250_000, 470_000], [251_000, 470_000], [251_000, 470_650], [250_000, 470_650]]
DRAWN_100 = [[250_000, 470_000], [251_000, 470_000], [251_000, 471_000], [250_000, 471_000]]
GROWN = dt.date(2022, 1, 1)


def boundary(points: list[list[int]], **dates: Any) -> Boundary:
    """A polygon in RD."""
    geometry = {"type": "Polygon", "coordinates": [[*points, points[0]]]}
    drawn = {"reference_system": "EPSG:28992", "geometry": geometry}
    return Boundary.model_validate({"source": "test", "polygon": drawn} | dates)


def park(*boundaries: Boundary) -> Site:
    """A site with these boundaries."""
    return Site(
        id="park",
        name="park",
        name_en="park",
        municipality="GM0000",
        status="active",
        clusters=(),
        aliases=(),
        boundaries=boundaries,
        boundary_note="test",
    )


RELEASES = pl.DataFrame(
    {
        "release_id": ["r1", "outlines:2020", "postcodes:2025"],
        "known_from": [MOMENT, dt.datetime(2020, 9, 1), LATER],
        "synthetic": [False, False, True],
    },
    schema_overrides={"known_from": pl.Datetime("us")},
)


def published(site: Site, stats: list[tuple[str, str, str, float]], **how: Any) -> pl.DataFrame:
    """All values of a site, from (area, measure, period, value) and squares of 100 ha."""
    names = dict.fromkeys(measure for _, measure, _, _ in stats)
    share = indicator(
        "share",
        ratio={"numerator": ["people"], "denominator": ["area"], "factor": 1.0},
        allocation="ratio_of_sums",
        levels=("site",),
    )
    indicators = [indicator(name) for name in names] + ([share] if "area" in names else [])
    catalogue = Catalogue(
        sources={
            "stats": source(
                "stats",
                "figures",
                region="R",
                measures={
                    name: {"v4": name, "published_unit": ["x"], "unit": "x", "required": False}
                    for name in names
                },
            )
        },
        indicators={one.id: one for one in indicators},
        sites={site.id: site}
        | {name: park().model_copy(update={"id": name}) for name in how.get("further", [])},
        provinces={},
    )
    by_source = pl.concat(
        [
            figures([(area, measure, value)], period=period, edition=period[:4])
            for area, measure, period, value in stats
        ]
    )
    resolved = site_boundaries.members(
        catalogue, how.get("outlines", [squares(2, 2, "2020").lazy()]), how.get("addresses", [])
    )
    areas = pl.Series(sorted({area for area, _, _, _ in stats}))
    scope = dict.fromkeys(catalogue.indicators)
    return values(catalogue, scope, {"stats": by_source}, RELEASES, resolved, areas).filter(
        pl.col("location_id").is_in([site.id, *how.get("further", [])])
    )


YEARS = ("2020", "2021", "2022", "2023")
STATS = [
    (code, measure, year, value)
    for year in YEARS
    for code, people in ((A, 200.0), (B, 80.0))
    for measure, value in (("people", people), ("area", 100.0))
]


def test_a_site_that_grew_from_65_to_100_hectares() -> None:
    grown = park(
        boundary(DRAWN_65, valid_to=GROWN),
        boundary(DRAWN_100, valid_from=GROWN),
    )
    found = {
        (row["indicator_id"], row["period"]): row
        for row in published(grown, STATS).iter_rows(named=True)
    }
    assert [found["area", year]["value"] for year in YEARS] == [65.0, 65.0, 100.0, 100.0]
    assert [found["people", year]["value"] for year in YEARS] == [130.0, 130.0, 200.0, 200.0]
    before, after = found["people", "2021"], found["people", "2022"]
    assert (before["method"], before["lower"], before["upper"]) == ("area_share", 0.0, 200.0)
    assert (after["method"], after["lower"], after["upper"]) == ("exact", None, None)
    assert before["release_id"] == "r1", "the figures came after the outlines"
    ratio = found["share", "2021"]
    assert (ratio["value"], ratio["lower"], ratio["upper"]) == (2.0, 2.0, 2.0)
    assert found["share", "2022"]["lower"] is None


def test_a_ratio_of_parts_lies_between_those_of_the_areas_it_touches() -> None:
    across = [[250_500, 470_000], [251_250, 470_000], [251_250, 471_000], [250_500, 471_000]]
    found = {
        row["indicator_id"]: row
        for row in published(park(boundary(across)), STATS[:4]).iter_rows(named=True)
    }
    ratio = found["share"]
    assert ratio["value"] == pytest.approx((100 + 20) / 75)
    assert (ratio["lower"], ratio["upper"]) == (0.8, 2.0)


@settings(max_examples=8)
@given(
    st.integers(0, 3),
    st.lists(st.floats(0, 1e6), min_size=16, max_size=16),
    st.sampled_from([DRAWN_65, DRAWN_100]),
)
def test_a_new_boundary_leaves_the_periods_before_it_byte_for_byte(
    year: int, numbers: list[float], second: list[list[int]]
) -> None:
    day = dt.date(int(YEARS[year]), 1, 1)
    stats = [(*row[:3], number) for row, number in zip(STATS, numbers, strict=True)]
    old = published(park(boundary(DRAWN_65)), stats)
    new = published(park(boundary(DRAWN_65, valid_to=day), boundary(second, valid_from=day)), stats)
    before = pl.col("period") < YEARS[year]
    key = ["indicator_id", "period"]
    assert old.filter(before).sort(key).equals(new.filter(before).sort(key))
    if second == DRAWN_65:
        assert old.sort(key).equals(new.sort(key))
    assert set(new["period"]) == set(YEARS)


def test_a_polygon_without_outlines_is_known_and_not_allocatable() -> None:
    found = published(park(boundary(DRAWN_65)), STATS, outlines=[])
    assert set(found["missing_reason"]) == {"not_allocatable"}


def test_postcodes_are_allocated_by_addresses_and_marked_where_these_are_invented() -> None:
    by_postcode = Boundary(source="test", postcodes=("7521AA",))
    streets = table([("7521AA", A, 10), ("7521AB", A, 30)])
    found = published(park(by_postcode), STATS, addresses=[streets])
    row = found.row(
        by_predicate=(pl.col("indicator_id") == "people") & (pl.col("period") == "2020"), named=True
    )
    assert said(row) == (50.0, "address_share", 0.0, 200.0, None)
    assert (row["synthetic"], row["release_id"]) == (True, "postcodes:2025")


def test_how_one_site_is_shared_says_nothing_of_another_without_a_boundary() -> None:
    streets = [table([("7521AA", A, 10), ("7521AB", A, 30)])]
    shared_out = park(Boundary(source="test", postcodes=("7521AA",)))
    found = published(shared_out, STATS, addresses=streets, further=["zone"])
    rows = found.filter(location_id="zone", indicator_id="people")
    assert rows.select("missing_reason", "release_id", "synthetic").unique().rows() == [
        ("no_boundary", "r1", False)
    ]


# -- what is said of boundaries ------------------------------------------------------------------
def test_boundaries_say_how_they_were_resolved_and_what_is_missing() -> None:
    catalogue = Catalogue(
        sources={},
        indicators={},
        sites={
            site.id: site
            for site in (
                park(boundary(DRAWN_65, valid_to=GROWN), boundary(DRAWN_100, valid_from=GROWN)),
                park(Boundary(source="test", postcodes=("7521AA", "9999ZZ"))).model_copy(
                    update={"id": "streets"}
                ),
                park(boundary([[x + 9000, y] for x, y in DRAWN_65])).model_copy(
                    update={"id": "away"}
                ),
            )
        },
        provinces={},
    )
    streets = [table([("7521AA", A, 10), ("7521AB", A, 30)])]
    resolved = site_boundaries.members(catalogue, [squares(2, 2).lazy()], streets)
    found = site_boundaries.boundaries(catalogue, resolved, streets)
    assert found.select("location_id", "boundary", "kind", "weight_method", "area_ha").rows() == [
        ("park", 1, "polygon", "area_share", 65.0),
        ("park", 2, "polygon", "exact", 100.0),
        ("streets", 1, "postcodes", "address_share", None),
        ("away", 1, "polygon", "not_allocatable", 65.0),
    ]
    reasons = found["unresolved"].to_list()
    assert reasons[:2] == [None, None]
    assert "9999ZZ" in reasons[2] and "7521AA" not in reasons[2]
    assert "cbs_neighbourhoods" in reasons[3]
