"""For every rule of the `mart` tables a defect that it must find."""

from __future__ import annotations

import datetime as dt

import polars as pl

from tests.expectations import sound_mart as sound
from tests.expectations.damage import (
    dropping,
    in_other,
    keeping_share,
    repeating,
    setting,
    setting_first,
    without_in_other,
)
from tests.expectations.defects_figures import Defect
from warehouse.tables import mart
from warehouse.vocabulary import Table

PLACE = pl.col("location_id")
EARLIER = dt.datetime(2001, 1, 1)


def site(name: str) -> pl.Expr:
    """The rows of one location."""
    return name == PLACE


LOCATION: dict[str, Defect] = {
    "rows_against_last_good": (sound.location, keeping_share(0.7)),
    "rows_near_last_good": (sound.location, keeping_share(0.85)),
    "promised_sites_present": (sound.location, dropping(site("hessenpoort"))),
    "no_location_disappears": (sound.location, dropping(site("BU01931019"))),
    "kind_follows_id": (sound.location, setting(site("BU01931019"), kind="district")),
    "names_to_show": (sound.location, setting(site("hessenpoort"), name=" ")),
    "names_without_padding": (sound.location, setting(site("GM0193"), name="Zwolle    ")),
    "official_areas_have_official_boundaries": (
        sound.location,
        setting(site("hessenpoort"), boundary_status="official"),
    ),
    "missing_boundary_is_explained": (
        sound.location,
        setting(site(sound.WITHOUT_BOUNDARY), boundary_note=None),
    ),
    "sites_have_a_municipality": (
        sound.location,
        setting(site("hessenpoort"), municipality_code=None),
    ),
    "municipalities_are_locations": (
        sound.location,
        setting(site("hessenpoort"), municipality_code="GM1896"),
    ),
    "provinces_are_locations": (
        sound.location,
        setting(site("hessenpoort"), province_code="PV24"),
    ),
    "province_of_municipality": (
        sound.location,
        setting(site("hessenpoort"), province_code="PV24"),
    ),
    "one_country": (sound.location, dropping(site("NL"))),
}

LOCATION_ALIAS: dict[str, Defect] = {
    "rows_against_last_good": (sound.location_alias, keeping_share(0.7)),
    "rows_near_last_good": (sound.location_alias, keeping_share(0.85)),
    "one_location_an_alias": (
        sound.location_alias,
        setting(
            pl.col("alias") == "Nieuw hessenpoort",
            alias="NIEUW polymer-science-park",
        ),
    ),
    "alias_of_a_location": (
        sound.location_alias,
        setting(site("hessenpoort"), location_id="hessenpoort-2"),
    ),
    "alias_ends_after_it_begins": (
        sound.location_alias,
        setting(site("hessenpoort"), valid_to=dt.date(2001, 1, 1)),
    ),
    "alias_has_letters": (sound.location_alias, setting_first(1, alias="-")),
    "alias_without_blanks_around": (sound.location_alias, setting_first(1, alias=" Spoorzone")),
    "alias_source_given": (sound.location_alias, setting_first(1, source="")),
    "no_alias_disappears": (sound.location_alias, dropping(pl.col("alias") == "Oud hessenpoort")),
}

LOCATION_MEMBER: dict[str, Defect] = {
    "rows_against_last_good": (sound.location_member, keeping_share(0.7)),
    "rows_near_last_good": (sound.location_member, keeping_share(0.89)),
    "member_of_a_location": (sound.location_member, setting_first(1, location_id="nergens")),
    "only_sites_are_composed": (sound.location_member, setting_first(1, location_id="GM0193")),
    "no_boundary_no_members": (
        sound.location_member,
        repeating(site("kennispark-twente"), location_id=sound.WITHOUT_BOUNDARY),
    ),
    "composed_of_something": (sound.location_member, dropping(site("kennispark-twente"))),
    "weight_is_a_share": (sound.location_member, setting_first(1, weight=58.61)),
    "weight_within_its_bounds": (sound.location_member, setting_first(1, upper_weight=0.9)),
    "exact_is_whole": (sound.location_member, setting_first(1, weight=0.9, lower_weight=0.9)),
    "no_member_counted_twice": (
        sound.location_member,
        repeating(site("polymer-science-park"), location_id="bedrijvenpark-a1"),
    ),
    "member_code_form": (sound.location_member, setting_first(1, member_code="Kennispark")),
    "member_area_is_a_location": (
        sound.location_member,
        setting_first(1, member_code="BU01939999"),
    ),
    "member_in_municipality_of_site": (
        sound.location_member,
        setting_first(1, member_code="BU01531000"),
    ),
    "namesakes_kept_apart": (
        sound.location_member,
        setting(site("xl-businesspark-twente"), member_code="BU01412002"),
    ),
    "membership_ends_after_it_begins": (
        sound.location_member,
        setting_first(1, valid_to=dt.date(2001, 1, 1)),
    ),
    "member_source_given": (sound.location_member, setting_first(1, source=" ")),
}

DRAWN = pl.col("kind") == "polygon"
LOCATION_BOUNDARY: dict[str, Defect] = {
    "rows_against_last_good": (sound.location_boundary, keeping_share(0.7)),
    "rows_near_last_good": (sound.location_boundary, keeping_share(0.89)),
    "boundary_of_a_site": (sound.location_boundary, setting_first(2, location_id="GM0193")),
    "boundary_ends_after_it_begins": (
        sound.location_boundary,
        setting_first(1, valid_from=dt.date(2020, 1, 1)),
    ),
    "one_boundary_at_a_time": (
        sound.location_boundary,
        setting(pl.col("boundary") == 2, valid_from=dt.date(2019, 12, 31)),
    ),
    "polygon_is_drawn": (sound.location_boundary, setting(DRAWN, geojson=None)),
    "drawn_inside_the_netherlands": (
        sound.location_boundary,
        setting(DRAWN, geojson=sound.square(6.1, 52.5, 0.01)),
    ),
    "drawn_area_is_enclosed_area": (sound.location_boundary, setting(DRAWN, area_ha=65.0)),
    "boundary_resolved": (
        sound.location_boundary,
        setting(DRAWN, weight_method="not_allocatable", unresolved="no outlines"),
    ),
    "boundary_source_given": (sound.location_boundary, setting_first(1, source=" ")),
}

LOCATION_OUTLINE: dict[str, Defect] = {
    "rows_against_last_good": (sound.location_outline, keeping_share(0.7)),
    "rows_near_last_good": (sound.location_outline, keeping_share(0.85)),
    "outline_of_a_location": (sound.location_outline, setting_first(1, location_id="BU99999999")),
    "outline_inside_the_netherlands": (
        sound.location_outline,
        setting_first(1, geojson=sound.square(6.1, 52.5, 0.01)),
    ),
    "outline_area_is_enclosed_area": (sound.location_outline, setting_first(1, area_ha=160_000.0)),
    "outline_edition_is_a_year": (sound.location_outline, setting_first(1, edition="current")),
    "no_outline_disappears": (sound.location_outline, dropping(site("BU01931000"))),
}

CODE = pl.col("indicator_id")
INDICATOR: dict[str, Defect] = {
    "rows_against_last_good": (sound.indicator, keeping_share(0.7)),
    "rows_near_last_good": (sound.indicator, keeping_share(0.85)),
    "promised_indicators_present": (sound.indicator, dropping(CODE == "jobs")),
    "no_indicator_disappears": (sound.indicator, dropping(CODE == "htsm_jobs_share")),
    "indicator_id_form": (sound.indicator, setting(CODE == "jobs", indicator_id="Jobs (LISA)")),
    "unit_given": (sound.indicator, setting_first(1, unit="")),
    "source_given": (sound.indicator, setting_first(1, source="")),
    "licence_given": (sound.indicator, setting_first(1, licence="")),
    "owner_given": (sound.indicator, setting_first(1, owner="")),
    "formula_given": (sound.indicator, setting_first(1, formula=" ")),
    "unit_factor_positive": (sound.indicator, setting_first(1, unit_factor=0.0)),
    "dutch_definition_says_something": (sound.indicator, setting_first(1, definition_nl="Aantal.")),
    "english_definition_says_something": (
        sound.indicator,
        setting_first(1, definition_en="Number."),
    ),
    "definitions_are_translated": (
        sound.indicator,
        setting_first(1, definition_en=pl.col("definition_nl")),
    ),
    "ratio_has_both_sides": (
        sound.indicator,
        setting(CODE == "htsm_jobs_share", denominator=None),
    ),
    "levels_are_kinds_of_location": (sound.indicator, setting_first(1, levels="site; wijk")),
    "counts_of_firms_are_guarded": (
        sound.indicator,
        setting(CODE == "htsm_jobs_share", minimum_cell=0),
    ),
    "catalogue_code_form": (sound.indicator, setting_first(1, catalogue_code="H1")),
    "names_in_both_languages": (sound.indicator, setting_first(1, name_en="")),
}


def value(place: str, indicator: str) -> pl.Expr:
    """The rows of one figure."""
    return site(place) & (indicator == CODE)


def closed(place: str, indicator: str) -> pl.Expr:
    """The closed row of one figure."""
    return value(place, indicator) & pl.col("known_to").is_not_null()


VALUES = sound.indicator_value
INDICATOR_VALUE: dict[str, Defect] = {
    "rows_against_last_good": (VALUES, keeping_share(0.7)),
    "rows_near_last_good": (VALUES, keeping_share(0.85)),
    "location_exists": (VALUES, setting_first(1, location_id="nergens")),
    "indicator_exists": (VALUES, setting_first(1, indicator_id="happiness")),
    "release_exists": (VALUES, setting_first(1, release_id="none")),
    "promised_indicators_have_rows": (VALUES, dropping(CODE == "jobs")),
    "no_indicator_disappears": (VALUES, dropping(CODE == "htsm_jobs_share")),
    "period_form": (VALUES, setting_first(1, period="2020JJ00")),
    "known_to_after_known_from": (VALUES, setting(closed("GM0193", "jobs"), known_to=EARLIER)),
    "one_open_row_at_most": (VALUES, setting(closed("GM0193", "jobs"), known_to=None)),
    "vintages_do_not_overlap": (
        VALUES,
        setting(closed("GM0193", "jobs"), known_to=dt.datetime(2022, 6, 1)),
    ),
    "history_is_kept": (VALUES, dropping(closed("GM0193", "jobs"))),
    "history_is_unchanged": (VALUES, setting(closed("GM0193", "jobs"), value=1.0)),
    "estimates_have_bounds": (VALUES, setting(value("hessenpoort", "jobs"), upper=None)),
    "value_not_below_lower": (VALUES, setting(value("hessenpoort", "jobs"), lower=101.0)),
    "value_not_above_upper": (VALUES, setting(value("hessenpoort", "jobs"), upper=99.0)),
    "not_allocatable_has_no_value": (
        VALUES,
        setting(value("kennispark-twente", "jobs"), method="not_allocatable"),
    ),
    "no_boundary_no_figures": (
        VALUES,
        setting(value(sound.WITHOUT_BOUNDARY, "jobs"), value=1.0, missing_reason=None),
    ),
    "official_areas_have_a_boundary": (
        VALUES,
        setting(value("GM0193", "jobs"), value=None, missing_reason="no_boundary"),
    ),
    "invented_data_is_marked": (
        VALUES,
        setting(pl.col("release_id") == sound.INVENTED, synthetic=False),
    ),
    "percentages_within_0_and_100": (VALUES, setting(CODE == "htsm_jobs_share", value=1250.0)),
    "counts_not_negative": (VALUES, setting(value("kennispark-twente", "jobs"), value=-5.0)),
    "urbanity_within_classes": (VALUES, setting(value("GM0193", "urbanity"), value=80.0)),
    "net_area_within_gross": (VALUES, setting(value("hessenpoort", "area_net"), value=61.0)),
    "land_within_area": (VALUES, setting(value("hessenpoort", "area_land"), value=300.0)),
    "households_within_inhabitants": (
        VALUES,
        setting(value("hessenpoort", "households"), value=2000.0),
    ),
    "site_within_municipality": (VALUES, setting(value("hessenpoort", "jobs"), value=99_999.0)),
    "few_contributors_are_not_shown": (
        VALUES,
        in_other("guarded_figure", CODE == "jobs", contributors=2.0),
    ),
    "dominant_contributors_are_not_shown": (
        VALUES,
        in_other("guarded_figure", CODE == "jobs", largest=3_500.0),
    ),
    "what_is_held_back_has_no_number": (
        VALUES,
        setting(value("hessenpoort", "jobs"), value=None, missing_reason="confidential"),
    ),
    "what_is_held_back_was_not_shown_before": (
        VALUES,
        setting(
            value("GM0193", "jobs") & pl.col("known_to").is_null(),
            value=None,
            missing_reason="confidential",
        ),
    ),
}

CELLS = sound.budget_amount
BUDGET_AMOUNT: dict[str, Defect] = {
    "rows_against_last_good": (CELLS, keeping_share(0.7)),
    "rows_near_last_good": (CELLS, keeping_share(0.85)),
    "no_province_disappears": (CELLS, dropping(pl.col("province_code") == "PV31")),
    "no_year_disappears": (CELLS, dropping(pl.col("year") == 2014)),
    "province_exists": (CELLS, without_in_other("location", site("PV23"))),
    "province_code_form": (CELLS, setting_first(1, province_code="PV23     ")),
    "release_exists": (CELLS, setting_first(1, release_id="none")),
    "year_plausible": (CELLS, setting_first(1, year=1900)),
    "known_to_after_known_from": (
        CELLS,
        setting(pl.col("known_to").is_not_null(), known_to=EARLIER),
    ),
    "one_open_row_at_most": (CELLS, setting(pl.col("known_to").is_not_null(), known_to=None)),
    "vintages_do_not_overlap": (
        CELLS,
        setting(pl.col("known_to").is_not_null(), known_to=dt.datetime(2022, 6, 1)),
    ),
    "history_is_kept": (CELLS, dropping(pl.col("known_to").is_not_null())),
    "every_core_cell_is_here": (
        CELLS,
        dropping(
            (pl.col("province_code") == "PV24")
            & (pl.col("report") == "accounts")
            & (pl.col("function_code") == "7.1")
        ),
    ),
    "amounts_are_conserved": (
        CELLS,
        setting(
            (pl.col("province_code") == "PV24") & (pl.col("function_code") == "7.1"),
            amount_eur=pl.col("amount_eur") + 10,
        ),
    ),
    "side_follows_category": (CELLS, setting(pl.col("category_code") == "B2.3", side="costs")),
    "amounts_in_euros": (
        CELLS,
        setting(pl.lit(True), amount_eur=pl.col("amount_eur") / 1000),
    ),
    "function_names_given": (CELLS, setting_first(1, function_name=" ")),
}

RELEASES = sound.source_release
SOURCE_RELEASE: dict[str, Defect] = {
    "rows_against_last_good": (RELEASES, keeping_share(0.7)),
    "rows_near_last_good": (RELEASES, keeping_share(0.85)),
    "no_release_disappears": (RELEASES, dropping(pl.col("release_id") == sound.INVENTED)),
    "licence_given": (RELEASES, setting_first(1, licence="")),
    "attribution_given": (RELEASES, setting_first(1, attribution="")),
    "sha256_form": (RELEASES, setting_first(1, sha256="d41d8cd98f00b204e9800998ecf8427e")),
    "release_has_bytes": (RELEASES, setting_first(1, bytes=0)),
    "release_has_rows": (RELEASES, setting_first(1, rows=0)),
    "url_form": (RELEASES, setting_first(1, url="somewhere")),
    "modified_before_fetched": (RELEASES, setting_first(1, modified_at=dt.datetime(2030, 1, 1))),
    "same_bytes_one_source": (
        RELEASES,
        setting_first(2, sha256="0" * 64, source=pl.col("release_id")),
    ),
}

SOURCE = pl.col("source")
SOURCE_STATUS: dict[str, Defect] = {
    "rows_against_last_good": (sound.source_status, keeping_share(0.7)),
    "rows_near_last_good": (sound.source_status, keeping_share(0.85)),
    "no_source_disappears": (sound.source_status, dropping(SOURCE == "source_1")),
    "stale_has_a_reason": (sound.source_status, setting(SOURCE == "source_9", reason=None)),
    "current_has_a_release": (sound.source_status, setting_first(1, release_id=None)),
    "release_exists": (sound.source_status, setting_first(1, release_id="none")),
    "cadence_positive": (sound.source_status, setting_first(1, cadence_days=0)),
}

EXPECTATION_RESULT: dict[str, Defect] = {
    "count_fits_success": (sound.expectation_result, setting_first(1, unexpected_count=0)),
    "unexpected_count_not_negative": (
        sound.expectation_result,
        setting_first(1, unexpected_count=-1),
    ),
    "failure_says_what_was_seen": (sound.expectation_result, setting_first(1, observed=None)),
    "rule_has_a_reason": (sound.expectation_result, setting_first(1, reason="because")),
}

QUARANTINE: dict[str, Defect] = {
    "quarantine_id_form": (sound.quarantine, setting_first(1, quarantine_id="1")),
    "quarantine_reason_given": (sound.quarantine, setting_first(1, reason="bad")),
    "quarantine_record_whole": (sound.quarantine, setting_first(1, record='{"value": -9')),
    "quarantine_release_exists": (sound.quarantine, setting_first(1, release_id="none")),
}

NUMBER = pl.col("publication_id")
PUBLICATION: dict[str, Defect] = {
    "no_publication_disappears": (sound.publication, dropping(NUMBER == "000005")),
    "publications_counted_from_one": (sound.publication, dropping(NUMBER == "000002")),
    "one_publication_an_id": (
        sound.publication,
        setting(NUMBER == "000002", publication_id="000001"),
    ),
    "published_in_order": (sound.publication, setting(NUMBER == "000003", published_at=EARLIER)),
    "content_hash_form": (sound.publication, setting_first(1, content_hash="abc")),
    "code_version_given": (sound.publication, setting_first(1, code_version="")),
}

COLUMN = pl.col("column_name")
DICTIONARY: dict[str, Defect] = {
    "columns_in_a_row": (sound.data_dictionary, dropping(COLUMN == "period")),
    "columns_described": (
        sound.data_dictionary,
        dropping((pl.col("kind") == "view") & (COLUMN != "*")),
    ),
    "comment_is_a_sentence": (sound.data_dictionary, setting_first(1, comment_en="")),
    "dutch_label_given": (sound.data_dictionary, setting_first(1, label_nl=None)),
}

DEFECTS: dict[type[Table], dict[str, Defect]] = {
    mart.Location: LOCATION,
    mart.LocationAlias: LOCATION_ALIAS,
    mart.LocationBoundary: LOCATION_BOUNDARY,
    mart.LocationMember: LOCATION_MEMBER,
    mart.LocationOutline: LOCATION_OUTLINE,
    mart.Indicator: INDICATOR,
    mart.IndicatorValue: INDICATOR_VALUE,
    mart.BudgetAmount: BUDGET_AMOUNT,
    mart.SourceRelease: SOURCE_RELEASE,
    mart.SourceStatus: SOURCE_STATUS,
    mart.ExpectationResult: EXPECTATION_RESULT,
    mart.Quarantine: QUARANTINE,
    mart.Publication: PUBLICATION,
    mart.Dictionary: DICTIONARY,
}
