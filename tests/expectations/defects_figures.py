"""For every rule of `core.figure` a defect that it must find: rule -> sound evidence and damage."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import polars as pl

from expectations.rules import Evidence
from tests.expectations import sound_figures as sound
from tests.expectations.damage import (
    Damage,
    dropping,
    keeping_share,
    setting,
    setting_first,
    with_fact,
    without_in_other,
)

Defect = tuple[Callable[[], Evidence], Damage]

KWB, CBS, REGISTER = sound.kwb, sound.municipal_establishments, sound.register
IV3, IBIS, KVK = sound.provincial_budgets, sound.business_parks, sound.companies


def of(measure: str, region: str | None = None) -> pl.Expr:
    """The figures of a measure, of one area or of all."""
    where = pl.col("measure") == measure
    return where if region is None else where & (pl.col("region_code") == region)


def figure(measure: str, region: str, value: float) -> Damage:
    """Another value for one figure."""
    return setting(of(measure, region), value=value)


def times(measure: str, factor: float) -> Damage:
    """All figures of a measure times a factor."""
    return setting(of(measure), value=pl.col("value") * factor)


def without_value(where: pl.Expr) -> Damage:
    """No value, and a reason why."""
    return setting(where, value=None, missing_reason="unknown")


def half_missing(evidence: Evidence) -> Evidence:
    """More than half of the inhabitants no longer known."""
    number = int(evidence.frame.filter(of("inhabitants")).height * 0.6)
    rows = of("inhabitants") & (of("inhabitants").cum_sum() <= number)
    return without_value(rows)(evidence)


def first_region(value: str) -> Damage:
    """Another code for one figure."""
    return setting_first(1, region_code=value)


def padded(code: str, times: int) -> Damage:
    """Another code for the first figure of a frame that stands below itself, so that it is one
    row in a hundred."""

    def damage(evidence: Evidence) -> Evidence:
        first = first_region(code)(evidence).frame
        return replace(evidence, frame=pl.concat([first, *[evidence.frame] * (times - 1)]))

    return damage


def fewer_sectors(evidence: Evidence) -> Evidence:
    """One sector counted for two in one neighbourhood."""
    return figure("establishments_industry", "BU00010000", 60.0)(evidence)


def of_breakdown(breakdown: str, measure: str, region: str) -> pl.Expr:
    """One figure of a breakdown."""
    return of(measure, region) & (pl.col("breakdown") == breakdown)


def percentage_of(value: float) -> Damage:
    """A share in one area."""
    return figure("owner_occupied", "GM0003", value)


def fewer_regions(share: float) -> Damage:
    """The figures of a share of all areas."""

    def damage(evidence: Evidence) -> Evidence:
        codes = evidence.frame["region_code"].unique().sort()
        kept = codes.head(int(codes.len() * share)).implode()
        return replace(evidence, frame=evidence.frame.filter(pl.col("region_code").is_in(kept)))

    return damage


DEFECTS: dict[str, Defect] = {
    "rows_against_last_good": (KWB, keeping_share(0.7)),
    "rows_near_last_good": (KWB, keeping_share(0.85)),
    "regions_against_last_good": (KWB, fewer_regions(0.7)),
    "regions_near_last_good": (KWB, fewer_regions(0.85)),
    "rows_above_floor": (KWB, with_fact("row_floor", 10_000_000)),
    "source_and_edition_as_asked": (KWB, setting_first(1, edition="2019")),
    "no_measure_emptied": (KWB, without_value(of("cars"))),
    "no_measure_half_emptied": (KWB, half_missing),
    "no_measure_zeroed": (KWB, setting(of("motorcycles"), value=0.0)),
    "measures_are_declared": (KWB, setting(of("motorcycles"), measure="mopeds")),
    "unit_is_declared_unit": (KWB, setting(of("home_value"), unit="x 1 000 euro")),
    "regions_are_listed": (
        KWB,
        without_in_other("region", pl.col("region_code") == "BU00010000"),
    ),
    "region_codes_of_cbs_kwb": (KWB, first_region("NL00      ")),
    "region_codes_of_cbs_establishments": (CBS, first_region("0141")),
    "region_codes_of_iv3_provinces": (IV3, padded("PV23     ", times=3)),
    "region_codes_of_ibis": (IBIS, first_region("23200000")),
    "region_codes_of_establishment_register": (REGISTER, padded("153", times=7)),
    "region_codes_of_kvk_open_data": (KVK, padded("NL01", times=8)),
    "periods_have_a_known_form": (KWB, setting_first(1, period="2020JJ00")),
    "periods_not_ahead_of_edition": (KWB, setting_first(1, period="2022")),
    "no_negative_figures": (KWB, figure("cars", "GM0003", -99997.0)),
    "percentages_within_0_and_100": (KWB, percentage_of(5700.0)),
    "sexes_make_inhabitants": (KWB, figure("men", "BU00010000", 510.0)),
    "ages_make_inhabitants": (KWB, figure("age_0_15", "BU00010000", 230.0)),
    "household_kinds_make_households": (KWB, figure("households_single", "BU00010000", 170.0)),
    "land_and_water_make_area": (KWB, figure("area_water", "BU00010000", 42.0)),
    "sexes_make_inhabitants_nearly": (KWB, times("men", 2)),
    "ages_make_inhabitants_nearly": (KWB, times("age_65_plus", 3)),
    "household_kinds_make_households_nearly": (KWB, times("households_single", 2)),
    "land_and_water_make_area_nearly": (KWB, times("area_water", 3)),
    "neighbourhoods_sum_to_municipality": (KWB, figure("inhabitants", "GM0001", 6030.0)),
    "districts_sum_to_municipality": (KWB, figure("inhabitants", "WK000100", 3015.0)),
    "neighbourhoods_sum_to_district": (KWB, figure("households", "WK000100", 1365.0)),
    "neighbourhoods_nearly_sum_to_municipality": (
        KWB,
        dropping(pl.col("region_code") == "BU00010000"),
    ),
    "districts_nearly_sum_to_municipality": (KWB, dropping(pl.col("region_code") == "WK000100")),
    "land_sums_to_municipality": (KWB, figure("area_land", "GM0001", 1205.0)),
    "land_nearly_sums_to_municipality": (KWB, figure("area_land", "BU00010000", 20.0)),
    "neighbourhood_areas_within_municipality": (KWB, figure("area_total", "GM0001", 1400.0)),
    "municipalities_sum_to_country": (KWB, figure("inhabitants", "NL00", 17_800_000.0)),
    "country_is_there_once": (KWB, dropping(pl.col("region_code") == "NL00")),
    "neighbourhoods_have_their_municipality": (
        KWB,
        dropping(pl.col("region_code") == "GM0001"),
    ),
    "urbanity_is_a_class": (KWB, figure("urbanity", "GM0003", 1200.0)),
    "urbanity_follows_address_density": (KWB, figure("urbanity", "GM0003", 1.0)),
    "counts_are_whole": (KWB, figure("cars", "GM0003", 30_160.5)),
    "households_not_above_inhabitants": (KWB, figure("households", "BU00010000", 1010.0)),
    "household_size_plausible": (KWB, figure("household_size", "GM0003", 22.0)),
    "population_density_follows": (KWB, figure("population_density", "GM0003", 50_000.0)),
    "home_value_in_euros": (KWB, times("home_value", 0.001)),
    "income_in_euros": (KWB, times("income_per_inhabitant", 1000)),
    "cars_per_household_as_published": (KWB, figure("cars_per_household", "GM0003", 12.0)),
    "distances_in_kilometres": (KWB, figure("distance_daycare", "GM0003", 700.0)),
    "pensions_follow_age": (KWB, figure("benefits_pension", "GM0003", 500.0)),
    "social_assistance_plausible": (KWB, figure("benefits_social_assistance", "GM0003", 20_000.0)),
    "country_has_its_inhabitants": (KWB, figure("inhabitants", "NL00", 17_296.0)),
    "country_has_its_area": (KWB, figure("area_total", "NL00", 41_510.0)),
    "sectors_make_establishments": (KWB, fewer_sectors),
    "establishments_in_fives": (KWB, figure("establishments", "GM0003", 9283.0)),
    "establishments_of_municipality_plausible": (
        CBS,
        setting(of_breakdown("T001081", "establishments", "GM0141"), value=5.0),
    ),
    "sector_figures_in_fives": (CBS, setting_first(1, value=1903.0)),
    "sections_make_all_sectors": (
        CBS,
        setting(of_breakdown("T001081", "establishments", "GM0141"), value=2300.0),
    ),
    "establishments_grow_gradually": (
        CBS,
        setting(pl.col("period") == "2026", value=pl.col("value") * 2),
    ),
    "no_year_is_skipped": (CBS, dropping(pl.col("period") == "2025")),
    "breakdowns_of_register": (REGISTER, setting_first(1, breakdown="htsm")),
    "breakdown_within_total": (
        REGISTER,
        setting(of_breakdown("sbi_htsm", "establishments", "GM0153"), value=61.0),
    ),
    "ten_plus_has_ten_jobs_each": (
        REGISTER,
        setting(of_breakdown("size_10_plus", "jobs", "GM0153"), value=150.0),
    ),
    "neighbourhood_counts_within_municipality": (
        REGISTER,
        setting(of_breakdown("total", "establishments", "GM0153"), value=54.0),
    ),
    "size_classes_make_total": (
        REGISTER,
        setting(of_breakdown("size_2_9", "establishments", "GM0153"), value=19.0),
    ),
    "sections_of_register_make_total": (
        REGISTER,
        dropping(of_breakdown("section_C", "jobs", "BU01530703")),
    ),
    "sectors_of_register_make_total": (
        REGISTER,
        dropping(of_breakdown("sector_ambiguous", "jobs", "GM0153")),
    ),
    "changes_make_stock": (REGISTER, figure("births", "BU01530703", 5.0)),
    "net_relocation_is_in_less_out": (REGISTER, figure("net_relocation", "GM0153", -1.0)),
    "every_figure_has_its_contribution": (
        REGISTER,
        dropping(of_breakdown("sbi_htsm", "jobs", "BU01530000")),
    ),
    "contributions_fit_in_figure": (
        REGISTER,
        setting(of_breakdown("sbi_htsm", "jobs", "GM0153"), value=92.0),
    ),
    "establishments_are_their_contributors": (
        REGISTER,
        setting(of_breakdown("sbi_htsm", "establishments", "GM0153"), value=14.0),
    ),
    "breakdowns_of_budgets": (IV3, setting_first(1, breakdown="2013X000/7.0")),
    "functions_make_main_functions": (
        IV3,
        setting(of_breakdown("budget/7.1", "costs", "PV23"), value=38e6),
    ),
    "main_functions_make_total": (
        IV3,
        setting(of_breakdown("accounts/total", "revenues", "PV24"), value=101e6),
    ),
    "net_within_gross": (IBIS, figure("area_net", "RIN23200000", 60.0)),
    "available_within_gross": (IBIS, figure("area_available", "RIN23200000", 60.0)),
    "park_areas_in_hectares": (IBIS, figure("area_gross", "RIN23200000", 586_000.0)),
    "active_companies_counted": (KVK, figure("companies_active", "NL", 0.0)),
    "starts_change_gradually": (
        KVK,
        setting(pl.col("period") == "2025", value=500.0),
    ),
}
