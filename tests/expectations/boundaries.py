"""Sound evidence for `mart.area_relation`, `mart.indicator_recut` and `mart.area_comparable`, and for
each of their rules a defect that it must find.

A, B and D are in Overijssel, as far as anyone knows: A and B became C in 2021, C is divided over D,
which stays, and E in 2024.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl

from expectations.rules import Evidence
from tests.expectations.damage import dropping, repeating, setting, setting_first
from tests.expectations.defects_figures import Defect
from tests.expectations.sound_mart import (
    LATER,
    MOMENT,
    RELEASE,
    evidence,
    indicators,
    releases,
    table_of,
)
from warehouse.tables import mart
from warehouse.tables.boundaries import AreaComparable, AreaRelation, IndicatorRecut
from warehouse.tables.core import Region
from warehouse.vocabulary import Table

A, B, C, D, E = (f"GM900{n}" for n in range(1, 6))


def _relation(source: str, target: str, year: int, **said: Any) -> dict[str, Any]:
    whole = dict.fromkeys(("weight", "lower", "upper"), 1.0)
    back = dict.fromkeys(("back_weight", "back_lower", "back_upper"), 1.0)
    return {
        "from_code": source,
        "to_code": target,
        "from_year": year - 1,
        "to_year": year,
        "valid_from": dt.date(year, 1, 1),
        "kind": "merger" if year == 2021 else "split",
        "title": "An invented reorganisation",
        "begins": target in (C, E),
        "method": "whole",
        "source": "catalogue",
        **whole,
        **back,
        **said,
    }


def _share(weight: float, side: str = "") -> dict[str, Any]:
    return {f"{side}weight": weight, f"{side}lower": 0.0, f"{side}upper": 1.0}


def regions() -> pl.DataFrame:
    """The municipalities of 2020, 2021 and 2024."""
    listed = {"2020": (A, B, D), "2021": (C, D), "2024": (D, E)}
    return table_of(
        Region,
        [
            {"source": "cbs_areas", "edition": year, "region_code": code, "kind": "municipality"}
            for year, codes in listed.items()
            for code in codes
        ],
    )


def area_relation() -> Evidence:
    """A merger and a split."""
    rows = [
        _relation(A, C, 2021, **_share(0.25, "back_")),
        _relation(B, C, 2021, **_share(0.75, "back_")),
        _relation(C, D, 2024, method="size_share", **_share(0.4), **_share(0.2, "back_")),
        _relation(C, E, 2024, method="size_share", **_share(0.6)),
        _relation(D, D, 2024, **_share(0.8, "back_")),
    ]
    frame = table_of(AreaRelation, rows)
    return evidence(AreaRelation, frame, region=regions())


def locations() -> pl.DataFrame:
    """The municipalities."""
    return table_of(
        mart.Location, [{"location_id": code, "kind": "municipality"} for code in (A, B, C, D, E)]
    )


def indicator_recut() -> Evidence:
    """Inhabitants of 2020 in the boundaries of three years, revised once."""
    whole = {A: 100.0, B: 300.0, D: 50.0}
    rows: list[dict[str, Any]] = []

    def row(year: int, code: str, value: float | None, method: str, **said: Any) -> None:
        usual = {
            "location_id": code,
            "indicator_id": "inhabitants",
            "period": "2020",
            "boundary_year": year,
            "vintage": MOMENT,
            "value": value,
            "method": method,
            "status": "definitive",
            "own_boundary_year": 2020,
            "known_to": LATER,
            "release_id": RELEASE,
            "synthetic": False,
        }
        rows.append(usual | said)
        rows.append(usual | said | {"vintage": LATER, "known_to": None})

    for code, value in whole.items():
        row(2020, code, value, "unchanged")
    row(2021, C, 400.0, "aggregated")
    row(2021, D, 50.0, "unchanged")
    row(2024, D, 210.0, "estimated", lower=50.0, upper=450.0)
    row(2024, E, 240.0, "estimated", lower=0.0, upper=400.0)
    none = {"indicator_id": "urbanity", "missing_reason": "not_allocatable"}
    row(2024, E, None, "not_allocatable", **none)
    frame = table_of(IndicatorRecut, rows)
    return evidence(
        IndicatorRecut,
        frame,
        location=locations(),
        indicator=indicators(),
        source_release=releases(),
    )


def area_comparable() -> Evidence:
    """Four neighbourhoods in three years, one of them changed in the second."""
    rows = [
        {
            "location_id": f"BU9001000{n}",
            "edition": str(year),
            "comparable": not (n == 0 and year == 2021),
            "since": "2021" if n == 0 and year >= 2021 else "2020",
            "release_id": RELEASE,
        }
        for n in range(4)
        for year in (2020, 2021, 2022)
    ]
    known = table_of(mart.Location, [{"location_id": f"BU9001000{n}"} for n in range(4)])
    return evidence(AreaComparable, table_of(AreaComparable, rows), location=known)


FROM, TO = pl.col("from_code"), pl.col("to_code")
ESTIMATED, METHOD = pl.col("method") == "estimated", pl.col("method")
CHANGED = pl.col("comparable") == pl.lit(False)
DEFECTS: dict[type[Table], dict[str, Defect]] = {
    AreaRelation: {
        "municipality_codes": (area_relation, setting_first(1, from_code="9001")),
        "shares_of_what_was_add_up": (area_relation, setting(E == TO, weight=0.5)),
        "shares_of_what_is_add_up": (area_relation, setting(A == FROM, back_weight=0.5)),
        "shares_within_bounds": (area_relation, setting(E == TO, upper=0.5)),
        "day_between_the_years": (
            area_relation,
            setting_first(1, valid_from=dt.date(2022, 3, 24)),
        ),
        "ended_municipalities_went_somewhere": (area_relation, dropping(A == FROM)),
    },
    IndicatorRecut: {
        "recut_location_exists": (indicator_recut, setting_first(1, location_id="GM9999")),
        "recut_indicator_exists": (indicator_recut, setting_first(1, indicator_id="none")),
        "recut_release_exists": (indicator_recut, setting_first(1, release_id="none")),
        "known_to_after_vintage": (indicator_recut, setting_first(1, known_to=MOMENT)),
        "one_open_recut_at_most": (indicator_recut, setting_first(1, known_to=None)),
        "recut_vintages_do_not_overlap": (
            indicator_recut,
            setting_first(1, known_to=LATER + dt.timedelta(days=1)),
        ),
        "recut_value_or_reason": (indicator_recut, setting_first(1, value=None)),
        "recut_within_bounds": (indicator_recut, setting(ESTIMATED, upper=1.0)),
        "estimated_sums_have_bounds": (indicator_recut, setting(ESTIMATED, upper=None)),
        "aggregated_is_exact": (indicator_recut, setting(METHOD == "aggregated", upper=500.0)),
        "own_boundaries_as_published": (indicator_recut, setting_first(1, method="aggregated")),
        "totals_are_conserved": (
            indicator_recut,
            setting(METHOD == "aggregated", value=401.0),
        ),
    },
    AreaComparable: {
        "comparable_area_exists": (area_comparable, setting_first(1, location_id="BU99999999")),
        "comparable_edition_is_a_year": (area_comparable, setting_first(1, edition="current")),
        "series_begins_with_a_year_of_its_own": (
            area_comparable,
            repeating(pl.row_index() == 0, edition="2019", since="2020"),
        ),
        "a_changed_area_begins_a_series": (area_comparable, setting(CHANGED, since="2020")),
    },
}
