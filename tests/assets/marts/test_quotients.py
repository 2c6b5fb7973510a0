"""Location quotients, indices of specialisation, and shares with what cannot be told apart."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.catalogue import load_catalogue
from assets.catalogue.models import Indicator
from assets.marts.provenance import VALUE
from assets.marts.quotients import index_of, quotient_of, surroundings
from assets.marts.ratios import ratio_of
from warehouse.tables.mart import IndicatorValue
from warehouse.vocabulary import polars_schema

CATALOGUE = load_catalogue()
MOMENT = dt.datetime(2026, 6, 15)
PERIOD = "2026-04-01"
SECTORS = tuple(CATALOGUE.sources["establishment_register"].sectors)
PLACES = surroundings(
    CATALOGUE,
    pl.DataFrame(
        [("GM0193", "GM0193", "PV23"), ("PV23", None, "PV23"), ("hessenpoort", None, None)],
        schema=["location_id", "municipality_code", "province_code"],
        orient="row",
    ),
)


def told(indicator: str, numbers: dict[str, Any]) -> pl.DataFrame:
    """Values of an indicator by place: a number, a number with bounds, or the reason why none."""
    rows = []
    for place, said in numbers.items():
        value, lower, upper = said if isinstance(said, tuple) else (said, None, None)
        missing = value if isinstance(value, str) else None
        rows.append(
            {
                "location_id": place,
                "indicator_id": indicator,
                "period": PERIOD,
                "value": None if missing else float(value),
                "status": "not_stated",
                "missing_reason": missing,
                "method": "counted",
                "lower": lower,
                "upper": upper,
                "boundary_year": 2026,
                "release_id": f"release of {place}",
                "known_from": MOMENT + dt.timedelta(days=place == "PV23"),
                "synthetic": place == "PV23",
            }
        )
    schema = polars_schema(IndicatorValue)
    return pl.DataFrame(rows, schema={name: schema.get(name, pl.Datetime("us")) for name in VALUE})


def only(frame: pl.DataFrame, place: str) -> dict[str, Any]:
    (row,) = frame.filter(pl.col("location_id") == place).to_dicts()
    return row


def quotient(here: Any, around: Any, place: str = "GM0193") -> dict[str, Any]:
    indicator = CATALOGUE.indicators["location_quotient_jobs_htsm"]
    assert indicator.quotient
    made = {indicator.quotient.share: told(indicator.quotient.share, {place: here, "PV23": around})}
    return only(quotient_of(indicator, indicator.quotient, made, PLACES), place)


@pytest.mark.parametrize("place", ["GM0193", "hessenpoort"])
def test_a_quotient_is_the_share_over_that_of_the_province(place: str) -> None:
    row = quotient(10.0, 6.6, place)
    assert row["value"] == pytest.approx(10.0 / 6.6)
    assert (row["lower"], row["upper"], row["missing_reason"]) == (None, None, None)
    assert row["method"] == "calculated" and row["synthetic"]
    assert row["release_id"] == "release of PV23", "the newest of what it is made from"
    assert row["known_from"] == MOMENT + dt.timedelta(days=1)


def test_a_quotient_of_estimates_lies_between_the_extremes() -> None:
    row = quotient((10.0, 8.0, 12.0), (5.0, 4.0, 6.0))
    assert (row["value"], row["lower"], row["upper"]) == (2.0, 8 / 6, 3.0)
    assert quotient((10.0, 8.0, 12.0), (5.0, 0.0, 6.0))["upper"] is None, "no bound above"


@pytest.mark.parametrize(
    ("here", "around", "why"),
    [
        ("confidential", 6.6, "confidential"),
        (10.0, "confidential", "confidential"),
        (10.0, 0.0, "impossible"),
        ("not_published", "confidential", "not_published"),
    ],
)
def test_without_both_shares_there_is_no_quotient(here: Any, around: Any, why: str) -> None:
    row = quotient(here, around)
    assert (row["value"], row["lower"], row["upper"]) == (None, None, None)
    assert row["missing_reason"] == why


def test_where_the_province_is_not_spoken_of_there_is_no_row() -> None:
    indicator = CATALOGUE.indicators["location_quotient_jobs_htsm"]
    assert indicator.quotient
    made = {indicator.quotient.share: told(indicator.quotient.share, {"GM0193": 10.0})}
    assert quotient_of(indicator, indicator.quotient, made, PLACES).is_empty()


def index(name: str, here: list[Any], around: list[Any]) -> dict[str, Any]:
    indicator = CATALOGUE.indicators[name]
    assert indicator.index
    made = {
        share: told(share, {"GM0193": mine, "PV23": theirs})
        for share, mine, theirs in zip(indicator.index.shares, here, around, strict=True)
    }
    return only(index_of(indicator, indicator.index, made, PLACES), "GM0193")


def test_indices_at_their_ends() -> None:
    one, alike = [100.0] + [0.0] * 7, [12.5] * 8
    other = [0.0] * 7 + [100.0]
    assert index("jobs_concentration", one, alike)["value"] == 1.0
    assert index("jobs_concentration", alike, alike)["value"] == pytest.approx(0.125)
    assert index("jobs_specialisation", one, other)["value"] == 1.0
    assert index("jobs_specialisation", alike, alike)["value"] == 0.0
    assert index("jobs_specialisation", [50.0, 50.0] + [0.0] * 6, one)["value"] == 0.5


@pytest.mark.parametrize("name", ["jobs_concentration", "jobs_specialisation"])
def test_an_index_needs_every_share(name: str) -> None:
    lacking = ["confidential"] + [10.0] * 7
    row = index(name, lacking, [12.5] * 8)
    assert row["value"] is None and row["missing_reason"] == "confidential"
    if name == "jobs_specialisation":
        row = index(name, [12.5] * 8, lacking)
        assert row["value"] is None and row["missing_reason"] == "confidential"


shares = st.lists(st.integers(0, 50), min_size=8, max_size=8).filter(any)


@settings(deadline=None, max_examples=15)
@given(shares, shares, st.integers(0, 10))
def test_indices_lie_within_their_bounds_and_their_range(
    mine: list[int], theirs: list[int], off: int
) -> None:
    here = [100 * n / sum(mine) for n in mine]
    around = [100 * n / sum(theirs) for n in theirs]
    loose = [(n, max(0.0, n - off), n + off) for n in here]
    for name in ("jobs_concentration", "jobs_specialisation"):
        exact, estimated = index(name, here, around), index(name, loose, around)
        assert -1e-12 <= exact["value"] <= 1 + 1e-12
        assert exact["value"] == pytest.approx(estimated["value"])
        assert estimated["lower"] - 1e-9 <= exact["value"] <= estimated["upper"] + 1e-9


def share_of(sector: str, certain: float, ambiguous: Any, total: float) -> dict[str, Any]:
    indicator: Indicator = CATALOGUE.indicators[f"jobs_share_{sector}"]
    assert indicator.ratio
    made = {
        f"jobs_{sector}": told(f"jobs_{sector}", {"GM0193": certain}),
        "jobs_ambiguous": told("jobs_ambiguous", {"GM0193": ambiguous}),
        "jobs": told("jobs", {"GM0193": total}),
    }
    return only(ratio_of(indicator, indicator.ratio, made), "GM0193")


@settings(deadline=None, max_examples=15)
@given(
    st.lists(st.integers(0, 1000), min_size=len(SECTORS), max_size=len(SECTORS)),
    st.integers(0, 1000),
)
def test_shares_by_sector_are_all_whatever_is_ambiguous(certain: list[int], ambiguous: int) -> None:
    total = sum(certain) + ambiguous
    if not total:
        return
    found = [
        share_of(sector, number, ambiguous, total)
        for sector, number in zip(SECTORS, certain, strict=True)
    ]
    assert sum(row["value"] for row in found) == pytest.approx(100.0, abs=1e-7)
    for row, number in zip(found, certain, strict=True):
        if row["lower"] is not None:
            assert row["lower"] == pytest.approx(100 * number / total)
            assert row["upper"] == pytest.approx(100 * (number + ambiguous) / total)
            assert row["lower"] - 1e-9 <= row["value"] <= row["upper"] + 1e-9


def test_only_sectors_that_it_may_be_are_uncertain_for_what_is_ambiguous() -> None:
    assert share_of("trade_hospitality", 50, 10, 100)["upper"] == 60.0
    assert share_of("industry", 50, 10, 100)["upper"] is None
    assert share_of("trade_hospitality", 50, 0, 100)["upper"] is None


def test_what_is_ambiguous_and_held_back_holds_back_what_it_may_be_part_of() -> None:
    row = share_of("trade_hospitality", 50, "confidential", 100)
    assert row["value"] is None and row["missing_reason"] == "confidential"
    assert share_of("industry", 50, "confidential", 100)["value"] == 50.0
