"""What came less what left: a figure that may be below zero, and that is known to be nothing of all
areas together, because a move that leaves the extract is not seen."""

from __future__ import annotations

from random import Random

import numpy as np
import polars as pl
import pytest
from scipy.optimize import linprog

from assets.catalogue import Catalogue
from assets.catalogue.models import Feed
from assets.marts.disclosure.guarding import guarded
from tests.assets.marts.disclosure.attacker import _smallest
from tests.assets.marts.disclosure.worlds import (
    PERIOD,
    World,
    catalogue_of,
    frames_of,
    name_of,
    world,
)

MEASURE, NET = "net_relocation", "net"
LEVELS = ("neighbourhood", "municipality")
Moves = list[tuple[str, str]]
"""From one smallest area to another (`GM0001~`: in no neighbourhood of it)."""


def _catalogue() -> Catalogue:
    like = catalogue_of()
    feed = Feed(source="register", measure=MEASURE, breakdown="total", levels=LEVELS)
    net = like.indicators[name_of("jobs", "total")].model_copy(
        update={"id": NET, "feeds": (feed,), "levels": LEVELS, "allocation": "not_allocatable"}
    )
    return Catalogue(sources=like.sources, indicators={NET: net}, sites={}, provinces={})


CATALOGUE = _catalogue()


def moves_in(here: World, seed: int) -> Moves:
    """Who moved within a country, by chance; many areas see one or two."""
    random = Random(seed)
    areas = [a for gm in here.municipalities for a in _smallest(here, gm)]
    return [
        (random.choice(areas), random.choice(areas))
        for _ in range(random.randint(3, 4 + 2 * len(areas)))
    ]


def told(here: World, moves: Moves) -> dict[str, tuple[int, int]]:
    """By municipality and neighbourhood what came less what left, and how many both are."""
    found = {}
    for place in (p for p in here.official if p.startswith(("GM", "BU"))):
        inside = set(_smallest(here, place))
        came = sum(to in inside and was not in inside for was, to in moves)
        left = sum(was in inside and to not in inside for was, to in moves)
        found[place] = came - left, came + left
    return found


def publish(here: World, moves: Moves) -> dict[str, float]:
    """What is shown of it."""
    frames = frames_of(here)
    places = told(here, moves)
    fed = pl.DataFrame(
        {
            "source": "register",
            "measure": MEASURE,
            "breakdown": "total",
            "location_id": list(places),
            "region_code": list(places),
            "period": PERIOD,
            "value": [float(net) for net, _ in places.values()],
            "contributors": [float(many) for _, many in places.values()],
            "cut": 2026,
            "known_from": None,
            "synthetic": True,
            "release_id": "r",
            "largest": [float(many > 0) for _, many in places.values()],
            "second_largest": [float(many > 1) for _, many in places.values()],
        },
        schema_overrides={"known_from": pl.Datetime("us"), "cut": pl.Int32},
    )
    made = fed.select(
        "location_id",
        "period",
        "value",
        indicator_id=pl.lit(NET),
        missing_reason=pl.lit(None, pl.String),
        lower=pl.lit(None, pl.Float64),
        upper=pl.lit(None, pl.Float64),
    )
    shown = guarded(CATALOGUE, {NET: fed}, {NET: made}, frames.locations, frames.members)[NET]
    return dict(shown.drop_nulls("value").select("location_id", "value").iter_rows())


def bounds(here: World, shown: dict[str, float], place: str) -> tuple[float, float]:
    """Between what an attacker knows a figure to lie."""
    areas = [a for gm in here.municipalities for a in _smallest(here, gm)]
    number = {area: at for at, area in enumerate(areas)}

    def line(of: str) -> np.ndarray:
        row = np.zeros(len(areas))
        row[[number[area] for area in _smallest(here, of)]] = 1.0
        return row

    # Nobody comes from outside the extract or leaves for it: together it is nothing.
    equations = np.array([np.ones(len(areas)), *(line(of) for of in shown)])
    numbers = [0.0, *shown.values()]
    found = []
    for sign in (1.0, -1.0):
        aim = sign * line(place)
        solved = linprog(aim, A_eq=equations, b_eq=numbers, bounds=(None, None), method="highs")
        assert solved.status in (0, 3, 4), solved.message
        found.append(sign * float(solved.fun) if solved.status == 0 else -sign * np.inf)
    return found[0], found[1]


@pytest.mark.parametrize("seed", range(12))
def test_nobody_learns_where_the_few_who_moved_came_or_went(seed: int) -> None:
    here = world(seed)
    moves = moves_in(here, seed)
    shown = publish(here, moves)
    for place, (net, many) in told(here, moves).items():
        if place in shown:
            assert shown[place] == net
        if not 0 < many < 3:
            continue
        assert place not in shown
        lowest, highest = bounds(here, shown, place)
        assert lowest <= net - 1 + 1e-6, (place, lowest, net)
        assert highest >= net + 1 - 1e-6, (place, highest, net)


@pytest.mark.parametrize("way", [1, -1], ids=["gained", "lost"])
def test_what_an_area_gains_is_shown_as_what_it_loses(way: int) -> None:
    """Where many moved nobody is given away, however little is left of it."""
    here = World({"GM0001": (), "GM0002": ()}, {}, {}, (), country=False)
    moves = [("GM0001~", "GM0002~")] * 5 + [("GM0002~", "GM0001~")] * (5 - way)
    assert publish(here, moves) == {"GM0001": -way, "GM0002": way}
