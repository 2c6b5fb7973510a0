"""The catalogue that comes with the project: it loads, keeps its promises and says enough.

Not here: what is refused (`test_catalogue_refusals.py`), and whether it agrees with the
publishers' own tables (`test_catalogue_against_published.py`).
"""

from __future__ import annotations

import re
from datetime import date

import pytest

from assets.catalogue import Catalogue, load_catalogue
from assets.catalogue.loading import fingerprint
from assets.catalogue.models import COUNTED_MEASURES, Indicator

SOURCES = {
    "budget_sites",
    "cbs_areas",
    "cbs_establishments",
    "cbs_kwb",
    "cbs_neighbourhoods",
    "cbs_postcodes",
    "dropped_documents",
    "establishment_register",
    "ibis",
    "iv3_provinces",
    "kvk_open_data",
}
PROMISED_INDICATORS = {
    "inhabitants",
    "area_total",
    "area_land",
    "address_density",
    "urbanity",
    "households",
    "establishments",
    "jobs",
    "area_gross",
    "area_net",
    "area_available",
}
PROMISED_SITES = {
    "spoorzone-zwolle": "GM0193",
    "kennispark-twente": "GM0153",
    "high-tech-systems-park": "GM0164",
    "technology-base-twente": "GM0153",
    "xl-businesspark-twente": "GM0141",
    "deventer-open-innovatie-centrum": "GM0150",
    "polymer-science-park": "GM0193",
    "hessenpoort": "GM0193",
    "bedrijvenpark-a1": "GM0150",
    "tapijtcluster-genemuiden-hasselt": "GM1896",
}
MEMBERS = {
    "kennispark-twente": {"BU01530703", "RIN23202203"},
    "hessenpoort": {"BU01934040", "RIN4722", "RIN232016014", "RIN23202101"},
    "technology-base-twente": {"RIN23201203"},
    "xl-businesspark-twente": {"RIN130125"},
    "bedrijvenpark-a1": {"RIN230938"},
}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def resolves(catalogue: Catalogue, name: str) -> set[str]:
    """Sites that are called so."""
    return {
        site.id
        for site in catalogue.sites.values()
        if name.casefold() in {n.casefold() for n in (site.name, *(a.name for a in site.aliases))}
    }


def test_sources_are_the_eleven(catalogue: Catalogue) -> None:
    assert set(catalogue.sources) == SOURCES


def test_every_source_but_those_of_places_feeds_an_indicator(catalogue: Catalogue) -> None:
    idle = {name for name in catalogue.sources if not catalogue.indicators_fed_by(name)}
    # Documents feed indicators that are counted, not fed.
    assert idle == {
        "budget_sites",
        "cbs_areas",
        "cbs_neighbourhoods",
        "cbs_postcodes",
        "dropped_documents",
    }


def test_outlines_of_neighbourhoods_are_not_asked_for_nothing(catalogue: Catalogue) -> None:
    """No site of ours has a polygon yet: a quiet night asks no more than it did."""
    assert not catalogue.asks_for(catalogue.sources["cbs_neighbourhoods"])
    assert all(
        catalogue.asks_for(source)
        for name, source in catalogue.sources.items()
        if name != "cbs_neighbourhoods"
    )


def test_every_measure_is_used_or_a_part_of_a_check(catalogue: Catalogue) -> None:
    """A measure that feeds nothing must serve a check: men and women add up to inhabitants."""
    used = {(f.source, f.measure) for i in catalogue.indicators.values() for f in i.feeds}
    idle = {
        (source.name, measure)
        for source in catalogue.sources.values()
        for measure in source.measures
        if source.subject not in COUNTED_MEASURES and (source.name, measure) not in used
    }
    assert idle == {("cbs_kwb", "men"), ("cbs_kwb", "women"), ("cbs_kwb", "population_density")}


def test_key_figures_know_thirteen_editions(catalogue: Catalogue) -> None:
    ids = {edition: said.id for edition, said in catalogue.sources["cbs_kwb"].editions.items()}
    assert list(ids) == [str(year) for year in range(2013, 2026)]
    assert ids["2017"] == "83765NED" and ids["2020"] == "84799NED" and ids["2025"] == "86165NED"
    assert len(set(ids.values())) == 13


@pytest.mark.parametrize(
    ("source", "title", "edition"),
    [
        ("cbs_kwb", "Kerncijfers wijken en buurten 2026", "2026"),
        ("cbs_kwb", "Kerncijfers wijken en buurten 2004-2008", None),
        ("cbs_kwb", "Kerncijfers postcodes 2026", None),
        ("iv3_provinces", "Provincies 2014 onbewerkte Iv3-data", "2014"),
        ("iv3_provinces", "Gemeenten 2014 onbewerkte Iv3-data", None),
    ],
)
def test_titles_by_which_editions_are_discovered(
    catalogue: Catalogue, source: str, title: str, edition: str | None
) -> None:
    discovery = catalogue.sources[source].discovery
    assert discovery
    match = re.match(discovery.title_pattern, title)
    assert (match["edition"] if match else None) == edition


@pytest.mark.parametrize(
    ("source", "name", "supplier", "edition"),
    [
        ("establishment_register", "synthetic_register_2026-04-01.csv", "synthetic", "2026-04-01"),
        ("establishment_register", "synthetic_register_2026-04-01.zip", "synthetic", "2026-04-01"),
        ("establishment_register", "LISA_overijssel_2024-04-01.csv", "lisa", "2024-04-01"),
        ("establishment_register", "lisa_2024-04-01.zip", "lisa", "2024-04-01"),
        ("establishment_register", "kvk_extract_2026-04-01.csv", "kvk_extract", "2026-04-01"),
        ("establishment_register", "minutes_2026-04-01.csv", None, None),
        ("establishment_register", "synthetic_register_2026.csv", None, None),
        ("kvk_open_data", "kvk-open-dataset-basis-bedrijfsgegevens.csv", "kvk", ""),
        ("kvk_open_data", "basis_2026-08-04.CSV", "kvk", "2026-08-04"),
        ("kvk_open_data", "readme.txt", None, None),
    ],
)
def test_file_names_of_suppliers(
    catalogue: Catalogue, source: str, name: str, supplier: str | None, edition: str | None
) -> None:
    found = [
        (key, match["edition"])
        for key, said in catalogue.sources[source].suppliers.items()
        if (match := re.fullmatch(said.file_pattern, name))
    ]
    assert found == ([(supplier, edition)] if supplier else [])


def test_only_the_synthetic_supplier_is_invented(catalogue: Catalogue) -> None:
    suppliers = catalogue.sources["establishment_register"].suppliers
    assert {name for name, supplier in suppliers.items() if supplier.synthetic} == {
        "synthetic",
        "synthetic_extract",
    }


def test_no_source_takes_an_address(catalogue: Catalogue) -> None:
    taken = {
        column
        for source in catalogue.sources.values()
        for supplier in source.suppliers.values()
        for column in supplier.columns
    }
    assert not taken & {"street", "house_number", "address", "email", "phone"}


# -- indicators ------------------------------------------------------------------------------
def test_indicators_hold_the_promised_words_and_at_least_thirty(catalogue: Catalogue) -> None:
    assert set(catalogue.indicators) >= PROMISED_INDICATORS
    assert len(catalogue.indicators) >= 30


def test_themes_are_the_files(catalogue: Catalogue) -> None:
    themes = {indicator.theme for indicator in catalogue.indicators.values()}
    assert themes == {
        "jobs_and_firms",
        "land",
        "people_and_homes",
        "accessibility",
        "public_money",
        "decisions",
    }


def test_definitions_say_enough_in_two_languages(catalogue: Catalogue) -> None:
    for indicator in catalogue.indicators.values():
        assert indicator.name_nl.strip() and indicator.name_en.strip(), indicator.id
        for text in (indicator.definition_nl, indicator.definition_en):
            assert len(text) >= 40 and text.endswith("."), indicator.id
        assert indicator.definition_nl != indicator.definition_en, indicator.id
        assert indicator.rounding.endswith("."), indicator.id
        assert indicator.unit and indicator.licence and indicator.owner, indicator.id


def test_definitions_of_counts_by_sector_name_the_sbi_edition(catalogue: Catalogue) -> None:
    for indicator in catalogue.indicators.values():
        if indicator.sbi_edition:
            said = f"SBI {indicator.sbi_edition}"
            assert said in indicator.definition_nl and said in indicator.definition_en, indicator.id


def test_ratios_say_what_is_divided_by_what(catalogue: Catalogue) -> None:
    for indicator in catalogue.indicators.values():
        if indicator.ratio:
            assert indicator.numerator and indicator.denominator, indicator.id
            assert indicator.allocation == "ratio_of_sums", indicator.id
            assert indicator.unit != "%" or indicator.ratio.factor == 100, indicator.id


def test_ratios_stay_on_levels_where_their_parts_exist(catalogue: Catalogue) -> None:
    for indicator in catalogue.indicators.values():
        if indicator.ratio:
            parts = [
                catalogue.indicators[name]
                for name in (*indicator.ratio.numerator, *indicator.ratio.denominator)
            ]
            common = set.intersection(*(set(part.levels) for part in parts))
            assert set(indicator.levels) <= common, indicator.id


def test_shares_divide_a_part_by_its_whole(catalogue: Catalogue) -> None:
    """Numbers rounded one by one exceed 100 %, unless the whole is the sum of the parts."""
    for name in ("inhabitants_15_64_share", "single_household_share"):
        ratio = catalogue.indicators[name].ratio
        assert ratio and set(ratio.numerator) < set(ratio.denominator)


def test_factor_is_that_of_the_measures(catalogue: Catalogue) -> None:
    for indicator in catalogue.indicators.values():
        for feed in indicator.feeds:
            source = catalogue.sources[feed.source]
            if feed.measure in source.measures:
                measure = source.measures[feed.measure]
                assert (indicator.unit, indicator.unit_factor) == (measure.unit, measure.factor)


def test_what_is_counted_from_single_establishments_is_guarded(catalogue: Catalogue) -> None:
    def is_guarded(indicator: Indicator) -> bool:
        # An extract may cover a part of a province: one is only the sum of all its municipalities.
        fed = {level for feed in indicator.feeds for level in feed.levels}
        return indicator.minimum_cell >= 3 and "province" not in fed

    counted = {i.id: i for i in catalogue.indicators_fed_by("establishment_register")}
    assert "jobs" in counted and all(map(is_guarded, counted.values()))
    for indicator in catalogue.indicators.values():
        if indicator.ratio and set(indicator.ratio.numerator) & set(counted):
            assert is_guarded(indicator), indicator.id


def test_establishments_keep_two_concepts_apart(catalogue: Catalogue) -> None:
    """81575NED holds all sections; the key figures leave out O-Q up to and including 2020."""
    levels = {f.source: set(f.levels) for f in catalogue.indicators["establishments"].feeds}
    assert levels == {"cbs_establishments": {"municipality"}}
    one_series = catalogue.indicators["establishments_kwb"]
    assert {f.source for f in one_series.feeds} == {"cbs_kwb"}
    share = catalogue.indicators["business_services_share"].ratio
    assert share and share.denominator == ("establishments_kwb",)


# -- locations -------------------------------------------------------------------------------
def test_sites_are_the_ten_in_their_municipality(catalogue: Catalogue) -> None:
    assert {s.id: s.municipality for s in catalogue.sites.values()} == PROMISED_SITES


def test_members_only_where_an_area_is_the_site(catalogue: Catalogue) -> None:
    members = {s.id: {m.code for m in s.members} for s in catalogue.sites.values() if s.members}
    assert members == MEMBERS
    for site in catalogue.sites.values():
        if not site.members:
            assert site.boundary_note.startswith("No boundary"), site.id


def test_neighbourhood_members_lie_in_the_municipality_of_the_site(catalogue: Catalogue) -> None:
    for site in catalogue.sites.values():
        for member in site.members:
            if member.code.startswith("BU"):
                assert member.code[2:6] == site.municipality[2:], (site.id, member.code)


def test_bedrijvenpark_twente_is_not_xl_businesspark(catalogue: Catalogue) -> None:
    taken = {m.code for site in catalogue.sites.values() for m in site.members}
    assert not taken & {"BU01412002", "RIN230901", "RIN688"}
    assert not resolves(catalogue, "Bedrijvenpark Twente")


@pytest.mark.parametrize(
    ("site", "names"),
    [
        (
            "high-tech-systems-park",
            ["High Systems Park Twente", "High Tech Systemspark", "HTSM-park"],
        ),
        ("high-tech-systems-park", ["Thales campus Hengelo", "htsm-park"]),
        ("technology-base-twente", ["TecBase Twente", "TecBase", "Technology Base"]),
        ("xl-businesspark-twente", ["XL Businesspark", "XL Businesspark Twente", "XL park"]),
        ("deventer-open-innovatie-centrum", ["S/park", "Deventer Open Innovatie Centrum"]),
        ("spoorzone-zwolle", ["De Spoorzone", "Zwolse Spoorzone", "Spoorzone-Hanzeland"]),
    ],
)
def test_names_resolve_to_one_site_and_say_who_uses_them(
    catalogue: Catalogue, site: str, names: list[str]
) -> None:
    for name in names:
        assert resolves(catalogue, name) == {site}, name
    assert all(len(alias.source) > 10 for alias in catalogue.sites[site].aliases)


def test_names_change_with_the_years(catalogue: Catalogue) -> None:
    def alias(site: str, name: str) -> tuple[date | None, date | None]:
        [found] = [a for a in catalogue.sites[site].aliases if a.name == name]
        return found.valid_from, found.valid_to

    assert alias("technology-base-twente", "TecBase Twente") == (date(2016, 1, 1), date(2019, 1, 1))
    assert alias("deventer-open-innovatie-centrum", "S/park") == (date(2019, 1, 1), None)


def test_provinces_are_twelve_and_overijssel_has_25_municipalities(catalogue: Catalogue) -> None:
    assert set(catalogue.provinces) == {f"PV{number}" for number in range(20, 32)}
    listed = {p.code: len(p.municipalities) for p in catalogue.provinces.values()}
    assert {code: n for code, n in listed.items() if n} == {"PV23": 25}
    assert {catalogue.province_of(s.municipality) for s in catalogue.sites.values()} == {"PV23"}
    assert catalogue.province_of("GM0014") is None


def test_fingerprint_changes_exactly_with_what_is_said(catalogue: Catalogue) -> None:
    source = catalogue.sources["cbs_kwb"]
    assert fingerprint(source) == fingerprint(load_catalogue().sources["cbs_kwb"])
    assert fingerprint(source) != fingerprint(source.model_copy(update={"row_floor": 1}))
