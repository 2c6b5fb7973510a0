"""Municipal figures in the boundaries of other years, against made truth."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.catalogue import Catalogue
from assets.catalogue.models import Indicator
from assets.catalogue.reorganisation_models import Reorganisation
from assets.marts.area_relations import relations
from assets.marts.cuts import Cuts
from assets.marts.recut import boundary_years, recut
from warehouse.tables.boundaries import AreaRelation, IndicatorRecut
from warehouse.tables.mart import IndicatorValue, LocationOutline
from warehouse.vocabulary import polars_schema

FIRST, SECOND = dt.datetime(2024, 3, 1), dt.datetime(2025, 3, 1)


def reorganisation(kind: str, date: str, pieces: dict[str, float | None], *creates: str) -> Any:
    """One, from pieces as `A>B`."""
    return Reorganisation.model_validate(
        {
            "id": f"{kind.replace('_', '-')}-{date}",
            "title": kind,
            "kind": kind,
            "date": dt.date.fromisoformat(date),
            "creates": tuple(code(name) for name in creates),
            "pieces": tuple(
                {"from_code": code(way[0]), "to_code": code(way[2]), "size": size}
                for way, size in pieces.items()
            ),
            "sizes": "invented",
            "source": "invented",
        }
    )


def code(letter: str) -> str:
    """A municipality by one letter."""
    return f"GM{ord(letter):04}"


A_CHAIN = (
    reorganisation("merger", "2019-01-01", {"A>C": 3.0, "B>C": 1.0}, "C"),
    reorganisation("split", "2022-01-01", {"C>D": 1.0, "C>E": 3.0, "D>D": 5.0}, "E"),
)
"""A and B become C in 2019; C is divided over D, which exists, and E, which begins, in 2022."""
OVER_FOUR = (
    reorganisation(
        "split",
        "2021-01-01",
        {"H>W": 4.0, "H>X": 3.0, "H>Y": 2.0, "H>Z": 1.0, **{f"{x}>{x}": 10.0 for x in "WXYZ"}},
    ),
)


def table(catalogue: Catalogue, *entries: Reorganisation) -> pl.DataFrame:
    """`mart.area_relation` of what is declared, without outlines."""
    declared = replace(catalogue, reorganisations={entry.id: entry for entry in entries})
    return relations(declared, [], [])


def years_of(known: pl.DataFrame) -> list[int]:
    """Boundary years where nothing is outlined."""
    return boundary_years(pl.DataFrame(schema=polars_schema(LocationOutline)), known)


def indicator(catalogue: Catalogue, name: str) -> dict[str, Indicator]:
    return {name: catalogue.indicators[name]}


def figures(name: str, period: str, amounts: dict[str, float | None], **said: Any) -> pl.DataFrame:
    """Municipal figures by letter, in the cut of their own year."""
    rows = [
        {
            "location_id": code(letter),
            "indicator_id": name,
            "period": period,
            "known_from": FIRST,
            "value": amount,
            "status": "definitive",
            "missing_reason": "confidential" if amount is None else None,
            "method": "published",
            "release_id": "a",
            "synthetic": False,
            **said,
        }
        for letter, amount in amounts.items()
    ]
    return pl.DataFrame(rows, schema=polars_schema(IndicatorValue)).with_columns(
        boundary_year=pl.col("period").str.slice(0, 4).cast(pl.Int32)
    )


def given_as(made: pl.DataFrame, letter: str, year: int) -> tuple[Any, ...]:
    """Value, bounds, method and reason of one municipality in one boundary year."""
    found = made.filter(pl.col("location_id") == code(letter), pl.col("boundary_year") == year)
    return found.select("value", "lower", "upper", "method", "missing_reason").rows()[0]


def test_a_merger_is_added_up_exactly(catalogue: Catalogue) -> None:
    known = table(catalogue, *A_CHAIN)
    made = recut(
        figures("inhabitants", "2018", {"A": 30.0, "B": 12.0, "D": 100.0, "Q": 7.0}),
        indicator(catalogue, "inhabitants"),
        known,
        years_of(known),
    )
    assert made.schema == polars_schema(IndicatorRecut)
    assert given_as(made, "C", 2019) == (42.0, None, None, "aggregated", None)
    assert given_as(made, "A", 2018) == (30.0, None, None, "unchanged", None)
    assert given_as(made, "Q", 2022) == (7.0, None, None, "unchanged", None)
    assert made.filter(location_id=code("A")).get_column("boundary_year").to_list() == [2018]


def test_a_split_is_estimated_with_what_is_certain_and_what_is_possible(
    catalogue: Catalogue,
) -> None:
    known = table(catalogue, *A_CHAIN)
    made = recut(
        figures("inhabitants", "2018", {"A": 30.0, "B": 10.0, "D": 100.0}),
        indicator(catalogue, "inhabitants"),
        known,
        [2018, 2022],
    )
    assert given_as(made, "D", 2022) == (110.0, 100.0, 140.0, "estimated", None)
    assert given_as(made, "E", 2022) == (30.0, 0.0, 40.0, "estimated", None)


def test_a_split_over_four_keeps_the_total_and_bounds_the_truth(catalogue: Catalogue) -> None:
    known = table(catalogue, *OVER_FOUR)
    before = {"H": 1000.0, "W": 100.0, "X": 100.0, "Y": 100.0, "Z": 100.0}
    made = recut(
        figures("inhabitants", "2020", before),
        indicator(catalogue, "inhabitants"),
        known,
        [2020, 2021],
    )
    after = made.filter(boundary_year=2021)
    assert sorted(after.get_column("location_id")) == [code(letter) for letter in "WXYZ"]
    assert after.get_column("value").sum() == pytest.approx(1400.0, abs=1e-9)
    value, *said = given_as(made, "W", 2021)
    assert value == pytest.approx(500.0, abs=1e-9)
    assert said == [100.0, 1100.0, "estimated", None]
    # Where everybody really went to Z the bounds still hold.
    assert given_as(made, "Z", 2021)[2] >= 1100.0


def test_back_in_time_is_an_estimate_by_the_shares_of_what_is(catalogue: Catalogue) -> None:
    known = table(catalogue, *A_CHAIN)
    made = recut(
        figures("inhabitants", "2020", {"C": 80.0, "D": 10.0}),
        indicator(catalogue, "inhabitants"),
        known,
        [2018, 2022],
    )
    assert given_as(made, "A", 2018) == (60.0, 0.0, 80.0, "estimated", None)
    assert given_as(made, "B", 2018) == (20.0, 0.0, 80.0, "estimated", None)
    assert given_as(made, "D", 2018) == (10.0, None, None, "unchanged", None)


def test_a_missing_part_makes_the_whole_missing(catalogue: Catalogue) -> None:
    known = table(catalogue, *A_CHAIN)
    for amounts, reason in (
        ({"A": 30.0, "B": None}, "confidential"),
        ({"A": 30.0}, "not_published"),
    ):
        made = recut(
            figures("inhabitants", "2018", amounts),  # type: ignore[arg-type]
            indicator(catalogue, "inhabitants"),
            known,
            [2018, 2019],
        )
        assert given_as(made, "C", 2019) == (None, None, None, "aggregated", reason)


def test_unknown_shares_are_not_made_up(catalogue: Catalogue) -> None:
    split = reorganisation("split", "2021-01-01", {"H>W": None, "H>X": None})
    known = table(catalogue, split)
    made = recut(
        figures("inhabitants", "2020", {"H": 10.0, "W": 1.0, "X": 2.0}),
        indicator(catalogue, "inhabitants"),
        known,
        [2020, 2021],
    )
    assert given_as(made, "W", 2021) == (None, None, None, "not_allocatable", "not_allocatable")


def test_each_vintage_is_cut_with_what_was_known_then(catalogue: Catalogue) -> None:
    known = table(catalogue, *A_CHAIN)
    revised = pl.concat(
        [
            figures("inhabitants", "2018", {"A": 30.0}, known_to=SECOND, status="provisional"),
            figures("inhabitants", "2018", {"A": 31.0}, known_from=SECOND),
            figures("inhabitants", "2018", {"B": 12.0}),
        ]
    )
    made = recut(revised, indicator(catalogue, "inhabitants"), known, [2018, 2019])
    rows = (
        made.filter(location_id=code("C")).select("vintage", "known_to", "value", "status").rows()
    )
    assert rows == [
        (FIRST, SECOND, 42.0, "provisional"),
        (SECOND, None, 43.0, "definitive"),
    ]


def test_a_figure_withdrawn_from_a_part_ends_the_whole(catalogue: Catalogue) -> None:
    known = table(catalogue, *A_CHAIN)
    gone = pl.concat(
        [figures("inhabitants", "2018", {letter: 1.0}, known_to=SECOND) for letter in "AB"]
    )
    made = recut(gone, indicator(catalogue, "inhabitants"), known, [2018, 2019])
    made = made.filter(boundary_year=2019)
    assert made.select("vintage", "known_to", "value").rows() == [(FIRST, SECOND, 2.0)]


def test_a_mean_is_weighted_by_its_own_weight(catalogue: Catalogue) -> None:
    mean = next(
        i for i in catalogue.indicators.values() if i.allocation == "weighted_mean" and i.weight
    )
    weight = catalogue.indicators[str(mean.weight)]
    known = table(catalogue, *A_CHAIN)
    values = pl.concat(
        [
            figures(mean.id, "2018", {"A": 10.0, "B": 40.0, "D": 5.0}),
            figures(weight.id, "2018", {"A": 1.0, "B": 2.0, "D": 3.0}),
        ]
    )
    made = recut(values, {mean.id: mean, weight.id: weight}, known, [2018, 2019, 2022]).filter(
        indicator_id=mean.id
    )
    assert given_as(made, "C", 2019) == (30.0, None, None, "aggregated", None)
    value, lower, upper, method, _ = given_as(made, "D", 2022)
    assert method == "estimated"
    assert value == pytest.approx((5 * 3 + 0.25 * 90) / (3 + 0.25 * 3))
    # C's part may have no weight, or all of it; D's own is certain.
    assert (lower, upper) == (15 / 6, 105 / 3)


def test_a_ratio_is_made_again_from_its_parts(catalogue: Catalogue) -> None:
    ratio = next(
        i
        for i in catalogue.indicators.values()
        if i.ratio
        and len(i.ratio.numerator) == len(i.ratio.denominator) == 1
        and i.ratio.period == "same"
        and "municipality" in i.levels
    )
    assert ratio.ratio
    top, bottom = ratio.ratio.numerator[0], ratio.ratio.denominator[0]
    chosen = {name: catalogue.indicators[name] for name in (top, bottom, ratio.id)}
    known = table(catalogue, *A_CHAIN)
    values = pl.concat(
        [
            figures(top, "2018", {"A": 10.0, "B": 20.0, "D": 4.0}),
            figures(bottom, "2018", {"A": 100.0, "B": 50.0, "D": 10.0}),
            figures(ratio.id, "2018", {"A": 1.0, "B": 2.0, "D": 3.0}),
        ]
    )
    made = recut(values, chosen, known, [2018, 2019, 2022]).filter(indicator_id=ratio.id)
    factor = ratio.ratio.factor
    assert given_as(made, "C", 2019) == (factor * 30 / 150, None, None, "aggregated", None)
    value, lower, upper, method, _ = given_as(made, "D", 2022)
    assert method == "estimated"
    assert value == pytest.approx(factor * (4 + 7.5) / (10 + 37.5))
    assert lower == pytest.approx(factor * 4 / 160)
    assert upper == pytest.approx(factor * 34 / 10)


def test_what_cannot_be_allocated_goes_on_under_a_new_code_only(catalogue: Catalogue) -> None:
    median = next(
        i
        for i in catalogue.indicators.values()
        if i.allocation == "not_allocatable" and "municipality" in i.levels
    )
    known = table(
        catalogue, *A_CHAIN, reorganisation("code_change", "2019-01-01", {"M>N": None}, "N")
    )
    made = recut(
        figures(median.id, "2018", {"A": 1.0, "B": 1.0, "M": 5.0}),
        {median.id: median},
        known,
        [2018, 2019],
    )
    assert given_as(made, "N", 2019) == (5.0, None, None, "aggregated", None)
    assert given_as(made, "C", 2019) == (None, None, None, "not_allocatable", "not_allocatable")


def test_old_codes_that_live_on_in_a_table_say_nothing(catalogue: Catalogue) -> None:
    known = table(catalogue, *A_CHAIN)
    rolling = pl.concat(
        [
            figures("inhabitants", "2018", {"A": 30.0, "B": 12.0, "C": None, "D": 1.0}),
            figures("inhabitants", "2020", {"A": None, "B": None, "C": 50.0, "D": 1.0}),
        ]
    )
    made = recut(rolling, indicator(catalogue, "inhabitants"), known, [2018, 2019, 2022])
    series = made.filter(location_id=code("C"), boundary_year=2019).sort("period")
    assert series.select("period", "value", "method").rows() == [
        ("2018", 42.0, "aggregated"),
        ("2020", 50.0, "unchanged"),
    ]


def test_a_series_that_its_publisher_cut_again_is_taken_in_that_cut(catalogue: Catalogue) -> None:
    known = table(catalogue, *A_CHAIN)
    made = recut(
        figures("inhabitants", "2018", {"C": 42.0}),
        indicator(catalogue, "inhabitants"),
        known,
        [2018, 2019],
    )
    assert given_as(made, "C", 2019) == (42.0, None, None, "unchanged", None)


def test_a_code_that_is_used_again_is_another_municipality(catalogue: Catalogue) -> None:
    known = table(
        catalogue,
        reorganisation("annexation", "2019-01-01", {"R>S": None}),
        reorganisation("split", "2022-01-01", {"T>T": 1.0, "T>R": 1.0}, "R"),
    )
    made = recut(
        pl.concat(
            [
                figures("inhabitants", "2018", {"R": 5.0, "S": 10.0, "T": 40.0}),
                figures("inhabitants", "2023", {"R": 21.0, "S": 16.0, "T": 22.0}),
            ]
        ),
        indicator(catalogue, "inhabitants"),
        known,
        [2018, 2023],
    )
    old = made.filter(period="2018")
    assert given_as(old, "S", 2023)[0] == 15.0
    assert given_as(old, "R", 2023)[:4] == (20.0, 0.0, 40.0, "estimated")
    assert given_as(old, "R", 2018)[3] == "unchanged"


def test_a_year_beyond_what_is_known_is_not_guessed(catalogue: Catalogue) -> None:
    known = table(catalogue, *A_CHAIN)
    made = recut(
        figures("inhabitants", "2030", {"Q": 1.0}),
        indicator(catalogue, "inhabitants"),
        known,
        years_of(known),
    )
    assert made.is_empty()


LETTERS = "ABCDEFGH"


@st.composite
def histories(draw: st.DrawFn) -> list[Reorganisation]:
    """Reorganisations among eight municipalities in three years: any pieces of any of them."""
    entries = []
    for year in ("2019", "2020", "2022"):
        givers = draw(st.lists(st.sampled_from(LETTERS), min_size=1, max_size=4, unique=True))
        pieces: dict[str, float | None] = {}
        for giver in givers:
            takers = draw(st.lists(st.sampled_from(LETTERS), min_size=1, max_size=3, unique=True))
            # Who gives stays too, so that every letter exists in every year.
            for taker in dict.fromkeys([giver, *takers]):
                pieces[f"{giver}>{taker}"] = draw(st.floats(0.001, 1000.0))
        if any(way[0] != way[2] for way in pieces):
            entries.append(reorganisation("border_correction", f"{year}-01-01", pieces))
    return entries


@settings(max_examples=25)
@given(entries=histories(), amounts=st.lists(st.floats(0, 1e6), min_size=8, max_size=8))
def test_totals_are_conserved_and_lie_between_their_bounds(
    catalogue: Catalogue, entries: list[Reorganisation], amounts: list[float]
) -> None:
    known = table(catalogue, *entries)
    named = dict(zip(LETTERS, amounts, strict=True))
    made = recut(
        figures("inhabitants", "2018", named),  # type: ignore[arg-type]
        indicator(catalogue, "inhabitants"),
        known,
        [2018, 2022],
    ).filter(boundary_year=2022)
    assert made.get_column("value").sum() == pytest.approx(sum(amounts), abs=1e-9, rel=1e-12)
    estimated = made.filter(method="estimated")
    assert (estimated["lower"] <= estimated["value"] + 1e-9).all()
    assert (estimated["upper"] >= estimated["value"] - 1e-9).all()


@settings(max_examples=25)
@given(entries=histories())
def test_the_way_through_a_year_in_between_is_the_direct_one(
    catalogue: Catalogue, entries: list[Reorganisation]
) -> None:
    cuts = Cuts(table(catalogue, *entries))
    first, second, whole = cuts.shares(2018, 2020), cuts.shares(2020, 2022), cuts.shares(2018, 2022)
    for source, targets in whole.items():
        for target, share in targets.items():
            along = sum(
                part.weight * second[middle][target].weight  # type: ignore[operator]
                for middle, part in first[source].items()
                if target in second[middle]
            )
            assert along == pytest.approx(share.weight, abs=1e-12)


def test_shares_of_an_area_add_up_to_exactly_one(catalogue: Catalogue) -> None:
    known = table(catalogue, *OVER_FOUR)
    assert known.schema == polars_schema(AreaRelation)
    assert known.group_by("from_code").agg(pl.col("weight").sum())["weight"].to_list() == [1.0] * 5
    assert (
        known.group_by("to_code").agg(pl.col("back_weight").sum())["back_weight"].to_list()
        == [1.0] * 4
    )
