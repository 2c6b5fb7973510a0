"""What must hold of the figures of CBS Kerncijfers wijken en buurten (`cbs_kwb`).

Where sums are compared, tolerances come from the publisher's rounding and were checked on the
complete edition 2020 (17,341 areas, as of 26 March 2021): below the municipality every figure
is a multiple of 5, and small ones are moved further than to the nearest.
"""

from __future__ import annotations

from typing import NamedTuple

from expectations.claims import at_least, at_most, between, equal, holds, not_less
from expectations.rules import Rule, Severity
from expectations.suites.neighbourhood_views import (
    additive_against_country,
    country_rows,
    density,
    fractions,
    households_against_inhabitants,
    members_against_upper,
    municipal_ratio,
    neighbourhood_areas,
    of_measure,
    parents,
    parts_against_total,
    sectors_against_total,
    typical,
    urbanity_by_density,
)

CRITICAL, WARNING, ROW = Severity.CRITICAL, Severity.WARNING, Severity.ROW
KWB = ("cbs_kwb",)
FIGURE_KEY = ("region_code", "period", "measure", "breakdown")

SUMMED = ("inhabitants", "households")


class Identity(NamedTuple):
    """Parts that make up a total, and how far rounding takes them from it."""

    name: str
    total: str
    parts: tuple[str, ...]
    tolerance: float
    reason: str


IDENTITIES = (
    Identity(
        "sexes_make_inhabitants",
        "inhabitants",
        ("men", "women"),
        7.5,
        "Men and women together are the inhabitants, three figures rounded to 5 (seen in 2020: "
        "off by 5 at most).",
    ),
    Identity(
        "ages_make_inhabitants",
        "inhabitants",
        ("age_0_15", "age_15_25", "age_25_45", "age_45_65", "age_65_plus"),
        20,
        "The five age groups are the inhabitants; six figures rounded to 5 were off by 20 at most "
        "in 2020, in 115 of 17,341 areas.",
    ),
    Identity(
        "household_kinds_make_households",
        "households",
        ("households_single", "households_without_children", "households_with_children"),
        15,
        "Single, childless and other households are all households; four figures rounded to 5 "
        "were off by 15 at most in 2020.",
    ),
    Identity(
        "land_and_water_make_area",
        "area_total",
        ("area_land", "area_water"),
        1.5,
        "Area is land plus water, three figures in whole hectares (seen in 2020: off by 1 at "
        "most).",
    ),
)

RULES: tuple[Rule, ...] = (
    *(
        Rule(
            name=identity.name,
            severity=WARNING,
            reason=identity.reason,
            expect=at_most("beyond", 0),
            over=parts_against_total(identity.total, identity.parts, identity.tolerance),
            sources=KWB,
        )
        for identity in IDENTITIES
    ),
    *(
        Rule(
            name=f"{identity.name}_nearly",
            severity=CRITICAL,
            reason="A part that is a fifth of its total away in a whole municipality is no "
            "rounding: a column was taken for another.",
            expect=at_most("share_off_in_municipalities", 0.2),
            over=parts_against_total(identity.total, identity.parts, identity.tolerance),
            sources=KWB,
        )
        for identity in IDENTITIES
    ),
    *(
        Rule(
            name=f"{what}_sum_to_{whole}",
            severity=WARNING,
            reason=f"Below the municipality CBS rounds to multiples of 5, so {what} are within 2.5 "
            f"a member and 2.5 of their {whole}; in 2020 this held for all but {exceptions} "
            "(people and households without a known neighbourhood count higher up only).",
            expect=at_most("beyond", 0),
            over=members_against_upper(member, upper, SUMMED, 2.5),
            sources=KWB,
        )
        for what, member, whole, upper, exceptions in (
            ("neighbourhoods", "BU", "municipality", "GM", "17 of 710 sums"),
            ("districts", "WK", "municipality", "GM", "42 of 710 sums"),
            ("neighbourhoods", "BU", "district", "WK", "20 of 6,354 sums"),
        )
    ),
    *(
        Rule(
            name=f"{what}_nearly_sum_to_municipality",
            severity=CRITICAL,
            reason=f"Rounding and unknown addresses took the sum of {what} 1.3 % from its "
            "municipality in 2020; 5 % means that some are missing or stand twice (hazard D8).",
            expect=at_most("share_beyond", 0.05),
            over=members_against_upper(member, "GM", SUMMED, 2.5),
            sources=KWB,
        )
        for what, member in (("neighbourhoods", "BU"), ("districts", "WK"))
    ),
    Rule(
        name="land_sums_to_municipality",
        severity=WARNING,
        reason="Neighbourhoods cover the land of their municipality, each rounded to a hectare "
        "(in 2020 all within 0.8 of the tolerance).",
        expect=at_most("beyond", 0),
        over=members_against_upper("BU", "GM", ("area_land",), 0.5),
        sources=KWB,
    ),
    Rule(
        name="land_nearly_sums_to_municipality",
        severity=CRITICAL,
        reason="A municipality whose neighbourhoods miss 5 % of its land has lost neighbourhoods.",
        expect=at_most("share_beyond", 0.05),
        over=members_against_upper("BU", "GM", ("area_land",), 0.5),
        sources=KWB,
    ),
    Rule(
        name="neighbourhood_areas_within_municipality",
        severity=WARNING,
        reason="CBS leaves open water out of neighbourhoods and not out of municipalities, so "
        "their areas add up to the municipality's or less.",
        expect=not_less("largest_sum", "sum"),
        over=neighbourhood_areas,
        sources=KWB,
    ),
    Rule(
        name="municipalities_sum_to_country",
        severity=CRITICAL,
        reason="The municipalities make up the country: in 2020 to the person, and within 0.06 % "
        "for figures that CBS rounds to tens.",
        expect=at_most("share_off", 0.005),
        over=additive_against_country,
        sources=KWB,
    ),
    Rule(
        name="country_is_there_once",
        severity=WARNING,
        reason="Every location is compared with the country, which the table has as `NL00`.",
        expect=between("country_rows", 1, 1),
        over=country_rows,
        sources=KWB,
    ),
    Rule(
        name="neighbourhoods_have_their_municipality",
        severity=CRITICAL,
        reason="The four digits after `BU` or `WK` are the municipality; without its own row the "
        "neighbourhood cannot be compared nor summed.",
        expect=holds("present"),
        over=parents,
        sources=KWB,
    ),
    Rule(
        name="urbanity_is_a_class",
        severity=ROW,
        reason="Urbanity is a class from 1 (2,500 addresses per km2 or more) to 5 (under 500), "
        "not a measure.",
        expect=lambda gxe: gxe.ExpectColumnValuesToBeInSet(
            column="value", value_set=[1.0, 2.0, 3.0, 4.0, 5.0]
        ),
        over=of_measure("urbanity"),
        rows_by=FIGURE_KEY,
        at_most=0.001,
        sources=KWB,
    ),
    Rule(
        name="urbanity_follows_address_density",
        severity=WARNING,
        reason="CBS cuts address density at 2,500, 1,500, 1,000 and 500 to get urbanity; in 2020 "
        "all 17,269 areas follow it.",
        expect=equal("urbanity", "class_by_density"),
        over=urbanity_by_density,
        sources=KWB,
    ),
    Rule(
        name="counts_are_whole",
        severity=WARNING,
        reason="Persons, households, dwellings, cars and establishments are counted: a fraction "
        "means a factor or another measure.",
        expect=at_most("fractions", 0),
        over=fractions,
        sources=KWB,
    ),
    Rule(
        name="households_not_above_inhabitants",
        severity=WARNING,
        reason="A household has a member; both figures are rounded to 5.",
        expect=at_least("inhabitants_less_households", -5),
        over=households_against_inhabitants,
        sources=KWB,
    ),
    Rule(
        name="household_size_plausible",
        severity=ROW,
        reason="Average household size lies between 1 and 10 (in 2020: 1.0 to 9.0).",
        expect=between("value", 1, 10),
        over=of_measure("household_size"),
        rows_by=FIGURE_KEY,
        at_most=0.001,
        sources=KWB,
    ),
    Rule(
        name="population_density_follows",
        severity=WARNING,
        reason="Density is inhabitants per km2 of land; for municipalities it agreed within 1.7 % "
        "in 2020, the rounding of hectares.",
        expect=between("ratio", 0.97, 1.03),
        over=density,
        sources=KWB,
    ),
    Rule(
        name="home_value_in_euros",
        severity=CRITICAL,
        reason="Home values are published in thousands and kept in euros; a municipality's median "
        "outside 50,000 to 2,000,000 means the factor is lost or applied twice (hazard D12).",
        expect=between("median", 50_000, 2_000_000),
        over=typical("home_value"),
        sources=KWB,
    ),
    Rule(
        name="income_in_euros",
        severity=CRITICAL,
        reason="Income per inhabitant is published in thousands and kept in euros; a median "
        "outside 10,000 to 150,000 means the factor is lost or applied twice (hazard D12).",
        expect=between("median", 10_000, 150_000),
        over=typical("income_per_inhabitant"),
        sources=KWB,
    ),
    Rule(
        name="cars_per_household_as_published",
        severity=WARNING,
        reason="CBS publishes cars per household only up to 2.5, because lease firms register "
        "thousands of cars at one address.",
        expect=between("value", 0, 2.5),
        over=of_measure("cars_per_household"),
        sources=KWB,
    ),
    Rule(
        name="distances_in_kilometres",
        severity=WARNING,
        reason="No one in the Netherlands lives 60 km by road from a supermarket or day care (in "
        "2020: 11.2 at most); a larger figure is in metres.",
        expect=between("value", 0, 60),
        over=of_measure("distance_supermarket", "distance_daycare"),
        sources=KWB,
    ),
    Rule(
        name="pensions_follow_age",
        severity=WARNING,
        reason="State pension goes to nearly all over 65 and to few others: 0.84 to 0.96 a head "
        "in the municipalities of 2020, lower since the pension age rises.",
        expect=between("ratio", 0.6, 1.1),
        over=municipal_ratio("benefits_pension", "age_65_plus"),
        sources=KWB,
    ),
    Rule(
        name="social_assistance_plausible",
        severity=WARNING,
        reason="Between 0.2 and 5.6 % of a municipality's inhabitants had social assistance in "
        "2020; above 15 % another benefit was taken for it.",
        expect=at_most("ratio", 0.15),
        over=municipal_ratio("benefits_social_assistance", "inhabitants"),
        sources=KWB,
    ),
    Rule(
        name="country_has_its_inhabitants",
        severity=CRITICAL,
        reason="The Netherlands has 16 to 20 million inhabitants in these editions (17,407,585 in "
        "2020): anything else is another column.",
        expect=between("value", 15e6, 25e6),
        over=of_measure("inhabitants", region="NL00"),
        sources=KWB,
    ),
    Rule(
        name="country_has_its_area",
        severity=CRITICAL,
        reason="The Netherlands measures 4.15 million hectares, water included; another size is "
        "in km2 or misses provinces.",
        expect=between("value", 4.0e6, 4.3e6),
        over=of_measure("area_total", region="NL00"),
        sources=KWB,
    ),
    Rule(
        name="sectors_make_establishments",
        severity=WARNING,
        reason="The sectors of an edition are all its establishments, each rounded to 5 (up to "
        "2020 government and care are in neither).",
        expect=at_most("beyond", 0),
        over=sectors_against_total,
        sources=KWB,
    ),
    Rule(
        name="establishments_in_fives",
        severity=WARNING,
        reason="CBS rounds establishments to multiples of 5; others are of another source or a "
        "weighted sum.",
        expect=at_most("remainder", 0),
        over=of_measure("establishments"),
        sources=KWB,
    ),
)
