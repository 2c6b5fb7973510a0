"""What is held back of a country whose sectors are counted for municipalities, and a set of activities
that lies across sectors for neighbourhoods too, as of the real register."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from assets.marts.disclosure import suppression
from assets.marts.disclosure.certificates import Wanted, judge
from assets.marts.disclosure.grid import Grid
from assets.marts.disclosure.programme import certificate
from assets.marts.disclosure.rules import doubt
from assets.marts.disclosure.sums import grid_of
from assets.marts.disclosure.suppression import DOMINANCE, suppress

RELATIONS = [
    (("total",), ("a", "b")),
    (("total",), ("set",)),
    (("a", "b"), ("set",)),
    (("total",), ("big",)),
    (("total",), ("small", "large")),
    (("big",), ("large",)),
]
"""`big` is `large` alone, so what is left of the total without it is `small`."""
MEMBERS = {"sheet": pl.String, "place": pl.String, "member": pl.String} | dict.fromkeys(
    ("value", "lower", "upper"), pl.Float64
)


def country(*areas: list[int]) -> Grid:
    """Two municipalities of the same neighbourhoods, each with these establishments of jobs: those at
    even places are of sector `a`, of which those of 10 jobs and more are of `set`; no neighbourhood
    has a figure of a sector."""
    cells: dict[tuple[str, str], list[int]] = {}
    chain = []
    for municipality in ("GM0001", "GM0002"):
        for number, jobs in enumerate(areas):
            area = f"BU{municipality[2:]}{number:04}"
            chain += [(area, 1, municipality), (area, 3, "NL")]
            for at, size in enumerate(jobs):
                large = size >= 10
                kinds = ["total", "large", "big"] if large else ["total", "small"]
                kinds += ["set"] if large and at % 2 == 0 else []
                for place in (area, municipality, "NL"):
                    sector = [] if place == area else ["ab"[at % 2]]
                    for kind in kinds + sector:
                        cells.setdefault((place, kind), []).append(size)
        chain += [(municipality, 3, "NL")]
    rows = []
    for number, ((place, kind), sizes) in enumerate(cells.items()):
        first, second = [*sorted(sizes, reverse=True), 0][:2]
        rows.append((kind, place, float(sum(sizes)), len(sizes), first, second, number))
    columns = ("breakdown", "place", "value", "contributors", "largest", "second_largest", "figure")
    frame = pl.DataFrame(rows, schema=columns, orient="row").with_columns(
        pl.col("contributors", "largest", "second_largest").cast(pl.Float64),
        sheet=pl.lit("register|jobs|2026"),
        minimum=pl.lit(3.0),
        percent=pl.lit(10.0),
        published=pl.lit(True),
        known=pl.lit(False),
        held=pl.lit(False),
    )
    return grid_of(
        frame,
        frame.clear().with_columns(part=pl.lit("value")),
        pl.DataFrame(schema=MEMBERS),
        pl.DataFrame(chain, schema=["place", "step", "above"], orient="row"),
        RELATIONS,
    )


DOMINATED = [489, 10, 10, 10, 10, 9, 8]
"""All but 17 are of a few large establishments: a change of the total needs one of the set with it."""
OTHERS = [200, 200, 200, 200, 9, 9, 9, 9]


def test_a_neighbourhood_without_figures_of_sectors_is_protected_by_exchange(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Linear programmes take seconds each in a country of 14,000 neighbourhoods."""
    monkeypatch.setattr(suppression, "PROGRAMMES", 0)
    monkeypatch.setattr(suppression, "certificate", None)
    grid = country(DOMINATED, OTHERS, OTHERS)
    outcome = suppress(grid)
    why = [outcome.why(row) for row in range(len(grid.rows.value))]
    assert why.count(DOMINANCE) >= 4
    assert not outcome.exposed.any()


def test_a_change_for_less_counts_as_one_for_more() -> None:
    """Solvers move a hair less than asked, of a large doubt more than of a small one."""
    grid = country(DOMINATED, OTHERS, OTHERS)
    doubts = doubt(grid.rows.value, grid.rows.percent)
    row = int(np.flatnonzero((doubts > 40) & (grid.rows.contributors < 8))[0])
    atom = grid.sums.indices[grid.sums.indptr[row]]
    wanted = Wanted(
        np.array([row]),
        grid.atoms.area[[atom]],
        grid.atoms.breakdown[[atom]],
        doubts[[row]],
        doubts[[row]],
    )
    nothing = np.zeros(len(doubts), dtype=bool)
    for way in (1, -1):
        found = certificate(grid, wanted, nothing, nothing, insiders=False, way=way)
        assert found is not None
        assert judge(grid, found, wanted, nothing, insiders=False, one_way=True).sound.all()


def test_a_programme_protects_an_establishment_alone() -> None:
    """The doubt that it needs is all that there is of it: there is no hair to spare."""
    grid = country([1], OTHERS, OTHERS)
    doubts = doubt(grid.rows.value, grid.rows.percent)
    alone = np.flatnonzero((grid.rows.value == 1) & (doubts == 1) & grid.rows.published)
    assert len(alone)
    nothing = np.zeros(len(doubts), dtype=bool)
    for row in alone:
        [atom] = grid.sums.indices[grid.sums.indptr[row] : grid.sums.indptr[row + 1]]
        area, breakdown = grid.atoms.area[[atom]], grid.atoms.breakdown[[atom]]
        wanted = Wanted(np.array([row]), area, breakdown, doubts[[row]], doubts[[row]])
        found = certificate(grid, wanted, nothing, nothing, insiders=False)
        assert found is not None
        assert judge(grid, found, wanted, nothing, insiders=False).sound.all()
