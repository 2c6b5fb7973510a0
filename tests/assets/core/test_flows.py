"""What became of establishments in a year: everything that was there and is there is accounted for."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.core import contributions, register_figures
from assets.core.flows import flows
from assets.core.reference_dates import year_before
from expectations.rules import Evidence
from expectations.suites.figure_register import changes, parts_of_total
from tests.assets.material import REGISTER, edition_of
from warehouse.tables.core import Establishment, Figure
from warehouse.vocabulary import polars_schema

NOW, BEFORE = "2026-04-01", "2025-04-01"
HOME = {"municipality_code": "GM0153", "neighbourhood_code": "BU01530001", "postcode": "7521AA"}
ELSEWHERE = {
    "municipality_code": "GM0164",
    "neighbourhood_code": "BU01640001",
    "postcode": "7551AA",
}
NEAR = {"municipality_code": "GM0153", "neighbourhood_code": "BU01530002", "postcode": "7522BB"}


def register(edition: str, *rows: dict[str, Any]) -> pl.DataFrame:
    """Establishments of an edition; what a row does not say is filled in."""
    usual = {
        "source": "register",
        "edition": edition,
        "release_id": "register:1",
        "sbi_code": "26110",
        "sbi_edition": "2025",
        "working_persons": 5,
        "reference_date": dt.date.fromisoformat(edition),
        "start_known_to": "day",
    }
    filled = [
        {"row_number": number, "company_id": f"C{row['establishment_id']}", **usual, **HOME, **row}
        for number, row in enumerate(rows, start=1)
    ]
    return pl.DataFrame(filled, schema=polars_schema(Establishment))


def told(before: list[dict[str, Any]], now: list[dict[str, Any]]) -> dict[tuple[str, str], int]:
    """Area and measure -> count, without those of 0."""
    table = flows(register(BEFORE, *before), register(NOW, *now))
    return {
        (area, measure): count
        for area, measure, count in table.select("region_code", "measure", "contributors").rows()
        if count and measure != "previous_establishments" and area.startswith("GM")
    }


ONE, OTHER = {"establishment_id": "1"}, {"establishment_id": "9"}
STORIES = [
    pytest.param([ONE], [ONE], {}, id="nothing"),
    pytest.param([], [ONE], {("GM0153", "births"): 1}, id="born"),
    pytest.param([ONE], [], {("GM0153", "deaths"): 1}, id="gone from the register"),
    pytest.param(
        [ONE], [ONE | {"end_date": dt.date(2025, 9, 1)}], {("GM0153", "deaths"): 1}, id="ended"
    ),
    pytest.param(
        [OTHER],
        [OTHER, ONE | {"start_date": dt.date(2019, 1, 1)}],
        {("GM0153", "other_in"): 1},
        id="registered late",
    ),
    pytest.param(
        [],
        [ONE | {"start_date": dt.date(2025, 1, 1), "start_known_to": "year"}],
        {("GM0153", "births"): 1},
        id="a start that may lie in the year",
    ),
    pytest.param(
        [ONE],
        [ONE | ELSEWHERE],
        {
            ("GM0153", "moves_out"): 1,
            ("GM0164", "moves_in"): 1,
            ("GM0153", "net_relocation"): 1,
            ("GM0164", "net_relocation"): 1,
        },
        id="moved",
    ),
    pytest.param([ONE], [ONE | NEAR], {}, id="moved within the municipality"),
    pytest.param(
        [ONE],
        [ONE | ELSEWHERE | {"postcode": HOME["postcode"]}],
        {("GM0153", "other_out"): 1, ("GM0164", "other_in"): 1},
        id="its area was coded anew",
    ),
    pytest.param(
        [ONE | {"company_id": "A"}],
        [ONE | {"establishment_id": "2", "company_id": "A"}],
        {},
        id="registered again under another number",
    ),
    pytest.param(
        [ONE | {"company_id": "A"}],
        [ONE | ELSEWHERE | {"establishment_id": "2", "company_id": "A"}],
        {
            ("GM0153", "moves_out"): 1,
            ("GM0164", "moves_in"): 1,
            ("GM0153", "net_relocation"): 1,
            ("GM0164", "net_relocation"): 1,
        },
        id="moved and got another number",
    ),
    pytest.param(
        [ONE | {"company_id": "A"}],
        [ONE | {"establishment_id": "2", "company_id": "A", "sbi_code": "56110"}],
        {("GM0153", "deaths"): 1, ("GM0153", "births"): 1},
        id="the same firm does something else",
    ),
    pytest.param(
        [ONE], [ONE | {"working_persons": 0}], {("GM0153", "other_out"): 1}, id="nobody works there"
    ),
    pytest.param(
        [ONE | {"working_persons": 0}],
        [ONE],
        {("GM0153", "other_in"): 1},
        id="somebody works there again",
    ),
]


@pytest.mark.parametrize(("before", "now", "expected"), STORIES)
def test_what_became_of_an_establishment(
    before: list[dict[str, Any]], now: list[dict[str, Any]], expected: dict[tuple[str, str], int]
) -> None:
    assert told(before, now) == expected


AREAS = st.sampled_from([HOME, ELSEWHERE, NEAR])
ROW = st.builds(
    lambda number, company, area, persons, started, ended: {
        "establishment_id": str(number),
        "company_id": company,
        "working_persons": persons,
        "start_date": started,
        "end_date": ended,
        **area,
    },
    st.integers(1, 8),
    st.sampled_from(["A", "B", None]),
    AREAS,
    st.sampled_from([None, 0, 1, 12]),
    st.sampled_from([None, dt.date(2019, 1, 1), dt.date(2025, 6, 1)]),
    st.sampled_from([None, None, dt.date(2025, 1, 1), dt.date(2026, 1, 1)]),
)
EXTRACT = st.lists(ROW, max_size=8, unique_by=lambda row: row["establishment_id"])


@settings(max_examples=30)
@given(before=EXTRACT, now=EXTRACT, order=st.randoms(use_true_random=False))
def test_whatever_happens_the_sum_is_exact_and_the_order_of_rows_is_nothing(
    before: list[dict[str, Any]], now: list[dict[str, Any]], order: Any
) -> None:
    edition = edition_of(REGISTER, pl.DataFrame(), edition=NOW)
    was = register(BEFORE, *before)
    here = register(NOW, *now)
    behind = contributions.contributions(edition, here, was)
    figures = register_figures.figures(edition, here, behind)
    evidence = Evidence(figures, Figure, REGISTER.name, NOW)
    told = changes(evidence)
    if told.width:
        assert told["establishments"].to_list() == told["sum"].to_list()
        assert told["net"].to_list() == told["relocated"].to_list()
    for form in ("^size_.*[0-9]$|^size_100_plus$", "^section_"):
        parts = parts_of_total(form)(evidence)
        assert parts["sum"].to_list() == parts["value"].to_list()
    shuffled = here.sample(fraction=1, shuffle=True, seed=order.randrange(1000))
    again = contributions.contributions(edition, shuffled, was.reverse())
    by = ["region_code", "measure", "breakdown"]
    assert again.sort(by).equals(behind.sort(by))
    assert register_figures.figures(edition, shuffled, again).sort(by).equals(figures.sort(by))


@pytest.mark.parametrize(
    ("edition", "editions", "expected"),
    [
        ("2026-04-01", ["2025-04-01", "2024-04-01", "2026-04-01"], "2025-04-01"),
        ("2026-04-01", ["20250415", "2025-04-01"], "2025-04-01"),
        ("2026-04-01", ["2025-05-15", "2026-01-01"], None),
        ("2026-04-01", [], None),
        ("current", ["2025-04-01"], None),
        ("2026-04-01", ["current", "2025-03-20"], "2025-03-20"),
    ],
)
def test_editions_are_compared_a_year_apart(
    edition: str, editions: list[str], expected: str | None
) -> None:
    assert year_before(edition, editions) == expected
