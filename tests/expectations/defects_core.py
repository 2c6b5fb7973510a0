"""For every rule of the other `core` tables a defect that it must find."""

from __future__ import annotations

import datetime as dt

import polars as pl

from tests.expectations import sound_core as sound
from tests.expectations.damage import (
    all_of,
    dropping,
    in_other,
    keeping_share,
    repeating,
    setting,
    setting_first,
    with_fact,
)
from tests.expectations.defects_figures import Defect
from warehouse.tables.core import (
    BudgetLine,
    Company,
    Contribution,
    Establishment,
    Outline,
    PostcodeArea,
    Region,
)
from warehouse.vocabulary import Table

REGION, OUTLINE, BUDGET = sound.region, sound.outline, sound.budget_line
ESTABLISHMENT, COMPANY, BEHIND = sound.establishment, sound.company, sound.contribution
POSTCODE_AREA = sound.postcode_area

AREA = pl.col("region_code")
ROW = pl.col("row_number")
FLOOR = with_fact("row_floor", 10_000_000)


def report(province: str, name: str) -> pl.Expr:
    """The cells of one report."""
    return (pl.col("province_code") == province) & (pl.col("report") == name)


FUNCTION_COSTS = (pl.col("function_kind") == "function") & (pl.col("side") == "costs")
ALL_COSTS = pl.col("side") == "costs"
EMPTIED = {"amount_eur": None, "first_amount_eur": None, "missing_reason": "not_published"}

REGIONS: dict[str, Defect] = {
    "rows_against_last_good": (REGION, keeping_share(0.7)),
    "rows_near_last_good": (REGION, keeping_share(0.85)),
    "municipalities_against_last_good": (REGION, keeping_share(0.5)),
    "municipalities_near_last_good": (REGION, keeping_share(0.85)),
    "region_code_form": (REGION, setting(AREA == "BU00010000", region_code="BU1")),
    "kind_follows_code": (REGION, setting(AREA == "BU00010000", kind="district")),
    "codes_without_padding": (
        REGION,
        setting(AREA == "BU00010000", region_code="BU00010000  "),
    ),
    "names_without_padding": (
        REGION,
        setting(AREA == "GM0001", name="Gebied GM0001                           "),
    ),
    "names_not_empty": (REGION, setting(AREA == "GM0001", name="")),
    "names_readable": (REGION, setting(AREA == "GM0001", name="S\u00c3\u00badwest-Frysl\ufffdn")),
    "area_lies_in_its_municipality": (
        REGION,
        setting(AREA == "BU00010000", municipality_code="GM0002"),
    ),
    "municipality_code_form": (REGION, setting(AREA == "BU00010000", municipality_code="GM0000")),
    "municipality_is_listed": (REGION, dropping(AREA == "GM0001")),
    "district_is_listed": (REGION, dropping(AREA == "WK000100")),
    "municipality_has_neighbourhoods": (REGION, dropping(AREA.str.starts_with("BU0001"))),
    "most_areas_comparable": (REGION, setting(AREA.str.contains("^(BU|WK)000"), comparable=False)),
    "no_area_disappears": (REGION, dropping(AREA == "BU00010000")),
}

OUTLINES: dict[str, Defect] = {
    "rows_against_last_good": (OUTLINE, keeping_share(0.7)),
    "rows_near_last_good": (OUTLINE, keeping_share(0.85)),
    "rows_above_floor": (OUTLINE, FLOOR),
    "outlines_readable": (OUTLINE, setting_first(1, geojson='{"type": "Point"}')),
    "rings_closed": (
        OUTLINE,
        setting_first(
            1,
            geojson='{"type": "Polygon", "coordinates": [[[20000, 310000], [30500, 310000], '
            "[30500, 320500], [20000, 320500]]]}",
        ),
    ),
    "inside_the_netherlands": (
        OUTLINE,
        setting_first(1, geojson=sound.square(6.8, 52.2, 0.1)),
    ),
    "municipality_area_plausible": (OUTLINE, setting_first(1, area_ha=110_250_000.0)),
    "area_is_enclosed_area": (OUTLINE, setting_first(1, area_ha=10_500.0)),
    "area_fits_extent": (OUTLINE, setting_first(1, area_ha=12_000.0)),
    "municipality_count_plausible": (OUTLINE, keeping_share(0.01)),
    "country_area_plausible": (OUTLINE, setting(pl.lit(True), area_ha=100.0)),
    "outline_code_form": (OUTLINE, setting_first(1, region_code="0001")),
    "outlined_areas_are_listed": (OUTLINE, in_other("region", AREA == "GM0001", region_code="GM1")),
    "sizes_near_last_good": (OUTLINE, setting_first(1, area_ha=8_000.0)),
    "outlines_have_a_surface": (
        OUTLINE,
        setting_first(1, geojson=sound.square(20_000, 310_000, 1.0)),
    ),
}

BUDGETS: dict[str, Defect] = {
    "rows_against_last_good": (BUDGET, keeping_share(0.7)),
    "rows_near_last_good": (BUDGET, keeping_share(0.85)),
    "rows_above_floor": (BUDGET, FLOOR),
    "no_province_disappears": (BUDGET, dropping(pl.col("province_code") == "PV31")),
    "twelve_provinces": (BUDGET, dropping(pl.col("province_code") == "PV31")),
    "province_codes": (BUDGET, setting(pl.col("province_code") == "PV31", province_code="PV31  ")),
    "six_reports": (BUDGET, dropping(report("PV23", "accounts"))),
    "every_function_in_every_report": (
        BUDGET,
        dropping(report("PV23", "budget") & (pl.col("function_code") == "7.1")),
    ),
    "same_cells_in_every_report": (
        BUDGET,
        dropping(report("PV23", "budget") & (pl.col("category_code") == "L2.3.1")),
    ),
    "delivered_reports": (BUDGET, setting(report("PV23", "quarter_1"), **EMPTIED)),
    "no_report_emptied": (BUDGET, setting(report("PV23", "accounts"), amount_eur=0.0)),
    "reports_not_emptied_together": (
        BUDGET,
        setting(pl.col("report") == "accounts", amount_eur=0.0),
    ),
    "costs_equal_revenues": (
        BUDGET,
        setting(
            report("PV28", "accounts") & FUNCTION_COSTS, amount_eur=pl.col("amount_eur") * 1.034
        ),
    ),
    "reports_balance_together": (
        BUDGET,
        setting(
            FUNCTION_COSTS & (pl.col("category_code") == "L2.3.1"),
            amount_eur=0.0,
            first_amount_eur=0.0,
        ),
    ),
    "quarters_cumulative_over_functions": (
        BUDGET,
        setting(report("PV20", "quarter_4") & FUNCTION_COSTS, amount_eur=1e6),
    ),
    "quarters_cumulative_over_all_codes": (
        BUDGET,
        setting(report("PV20", "quarter_4") & ALL_COSTS, amount_eur=1e6),
    ),
    "quarter_costs_not_negative": (
        BUDGET,
        setting(report("PV24", "quarter_1") & ALL_COSTS, amount_eur=-1e6),
    ),
    "placements_differ_little": (
        BUDGET,
        setting(pl.col("province_code") == "PV23", first_amount_eur=1.0),
    ),
    "amounts_in_euros": (
        BUDGET,
        setting(pl.lit(True), amount_eur=pl.col("amount_eur") / 1000),
    ),
    "amounts_within_bounds": (BUDGET, setting_first(1, amount_eur=1e12)),
    "kind_follows_code": (
        BUDGET,
        setting(pl.col("function_code") == "kp_ovg", function_kind="function"),
    ),
    "side_follows_category": (BUDGET, setting(pl.col("category_code") == "B2.3", side="costs")),
    "one_name_a_function": (
        BUDGET,
        setting(report("PV23", "budget"), function_name="Iets anders"),
    ),
    "balance_sheet_balances": (
        BUDGET,
        setting(report("PV29", "accounts") & (pl.col("function_code") == "P111"), amount_eur=508e6),
    ),
    "accounts_near_budget": (
        BUDGET,
        setting(report("PV23", "accounts"), amount_eur=pl.col("amount_eur") * 3),
    ),
    "costs_near_last_good": (
        BUDGET,
        setting(report("PV23", "quarter_2"), amount_eur=pl.col("amount_eur") * 1.3),
    ),
}

FIRST = ROW == 1
ESTABLISHMENTS: dict[str, Defect] = {
    "rows_against_last_good": (ESTABLISHMENT, keeping_share(0.7)),
    "rows_near_last_good": (ESTABLISHMENT, keeping_share(0.85)),
    "rows_above_floor": (ESTABLISHMENT, FLOOR),
    "establishment_number_form": (ESTABLISHMENT, setting(FIRST, establishment_id="vestiging 1")),
    "establishment_numbers_of_one_length": (
        ESTABLISHMENT,
        setting(FIRST, establishment_id="100001"),
    ),
    "company_number_form": (ESTABLISHMENT, setting(FIRST, company_id="9000001")),
    "postcode_form": (ESTABLISHMENT, setting(FIRST, postcode="0521AG")),
    "postcode4_agrees": (ESTABLISHMENT, setting(FIRST, postcode4="7500")),
    "no_exact_copies": (ESTABLISHMENT, repeating(FIRST, row_number=1201)),
    "no_contradicting_rows": (
        ESTABLISHMENT,
        repeating(FIRST, row_number=1201, working_persons=999),
    ),
    "reference_date_is_edition": (
        ESTABLISHMENT,
        setting(FIRST, reference_date=dt.date(1, 1, 1)),
    ),
    "dates_readable": (ESTABLISHMENT, setting(FIRST, start_date=dt.date(1, 1, 1))),
    "ends_after_it_starts": (
        ESTABLISHMENT,
        setting(ROW == 50, end_date=dt.date(1999, 12, 31), end_known_to="day"),
    ),
    "starts_not_long_ahead": (ESTABLISHMENT, setting(FIRST, start_date=dt.date(2062, 1, 1))),
    "sbi_2008_form": (ESTABLISHMENT, setting(FIRST, sbi_2008="62")),
    "working_persons_plausible": (ESTABLISHMENT, setting(FIRST, working_persons=-1)),
    "sbi_code_form": (ESTABLISHMENT, setting(FIRST, sbi_code="62.01")),
    "sbi_digits_fit_edition": (ESTABLISHMENT, setting(FIRST, sbi_code="6201")),
    "municipality_code_form": (ESTABLISHMENT, setting(FIRST, municipality_code="0153")),
    "neighbourhood_lies_in_municipality": (
        ESTABLISHMENT,
        setting(FIRST, neighbourhood_code="BU01640500"),
    ),
    "municipalities_exist": (ESTABLISHMENT, setting(FIRST, municipality_code="GM9999")),
    "establishments_are_placed": (ESTABLISHMENT, setting(ROW <= 60, municipality_code=None)),
    "activities_are_known": (ESTABLISHMENT, setting(ROW <= 120, sbi_code=None)),
    "some_working_persons": (ESTABLISHMENT, setting(pl.lit(True), working_persons=0)),
    "working_persons_known": (ESTABLISHMENT, setting(ROW <= 300, working_persons=None)),
    "few_without_working_persons": (ESTABLISHMENT, setting(ROW <= 700, working_persons=0)),
    "jobs_near_last_good": (
        ESTABLISHMENT,
        setting(pl.lit(True), working_persons=pl.col("working_persons") * 2),
    ),
    "no_municipality_disappears": (
        ESTABLISHMENT,
        setting(pl.lit(True), municipality_code="GM0164"),
    ),
    "activities_are_varied": (ESTABLISHMENT, setting(pl.lit(True), sbi_code="62010")),
}

JOBS = (pl.col("measure") == "jobs") & (AREA == "BU01530005")
CONTRIBUTIONS: dict[str, Defect] = {
    "contributors_not_negative": (BEHIND, setting(JOBS, contributors=-1)),
    "largest_first": (BEHIND, setting(JOBS, largest=5.0)),
    "tops_fit_contributors": (BEHIND, setting(JOBS, second_largest=0.0)),
}

COMPANIES: dict[str, Defect] = {
    "rows_against_last_good": (COMPANY, keeping_share(0.7)),
    "rows_near_last_good": (COMPANY, keeping_share(0.85)),
    "rows_above_floor": (COMPANY, FLOOR),
    "only_bv_and_nv": (COMPANY, setting(FIRST, legal_form="Eenmanszaak")),
    "start_year_plausible": (COMPANY, setting(FIRST, start_year=1066)),
    "start_year_not_ahead": (COMPANY, setting(FIRST, start_year=2062)),
    "start_date_in_start_year": (COMPANY, setting(FIRST, start_date=dt.date(1999, 1, 1))),
    "start_years_known": (
        COMPANY,
        all_of(setting(ROW <= 120, start_year=None), setting(ROW <= 120, start_date=None)),
    ),
    "companies_started_every_year": (COMPANY, setting(pl.lit(True), start_year=1999)),
    "main_sbi_form": (COMPANY, setting(FIRST, main_sbi="642")),
    "active_have_activity": (COMPANY, setting(ROW <= 300, main_sbi=None)),
    "active_have_new_codes": (COMPANY, setting(ROW <= 300, main_sbi="6420")),
    "postcode_region_form": (COMPANY, setting(FIRST, postcode_region="7521")),
    "postcode_regions_known": (COMPANY, setting(ROW <= 300, postcode_region=None)),
    "active_share_plausible": (COMPANY, setting(pl.lit(True), active=True)),
    "few_insolvent": (COMPANY, setting(ROW <= 300, insolvency="FAIL")),
}

PLACE = pl.col("postcode")
POSTCODES: dict[str, Defect] = {
    "rows_against_last_good": (POSTCODE_AREA, keeping_share(0.7)),
    "rows_near_last_good": (POSTCODE_AREA, keeping_share(0.85)),
    "neighbourhoods_against_last_good": (
        POSTCODE_AREA,
        dropping(pl.col("neighbourhood_code") > "BU01930011"),
    ),
    "neighbourhoods_near_last_good": (
        POSTCODE_AREA,
        dropping(pl.col("neighbourhood_code") > "BU01930016"),
    ),
    "addresses_positive": (POSTCODE_AREA, setting(PLACE == "8000AA", addresses=0)),
    "addresses_a_postcode_plausible": (POSTCODE_AREA, setting(pl.lit(True), addresses=1)),
    "postcode_form": (POSTCODE_AREA, setting(PLACE == "8000AA", postcode="8000 aa")),
    "neighbourhood_code_form": (
        POSTCODE_AREA,
        setting(PLACE == "8000AA", neighbourhood_code="BU1930000"),
    ),
}

DEFECTS: dict[type[Table], dict[str, Defect]] = {
    Region: REGIONS,
    Outline: OUTLINES,
    PostcodeArea: POSTCODES,
    BudgetLine: BUDGETS,
    Establishment: ESTABLISHMENTS,
    Contribution: CONTRIBUTIONS,
    Company: COMPANIES,
}
