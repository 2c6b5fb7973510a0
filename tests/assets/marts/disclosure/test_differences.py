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
from tests.assets.marts.disclosure.attacker import smallest
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
    areas = [a for gm in here.municipalities for a in smallest(here, gm)]
    return [
        (random.choice(areas), random.choice(areas))
        for _ in range(random.randint(3, 4 + 2 * len(areas)))
    ]


def told(here: World, moves: Moves) -> dict[str, tuple[int, int]]:
    """By municipality and neighbourhood what came less what left, and how many both are."""
    found = {}
    for place in (p for p in here.official if p.startswith(("GM", "BU"))):
        inside = set(smallest(here, place))
        came = sum(to in inside and was not in inside for was, to in moves)
        left = sum(was in inside and to not in inside for was, to in moves)
        found[place] = came - left, came + left
    return found


def publish(here: World, moves: Moves) -> dict[str, float]:
    """What is shown of it."""
    frames = frames_of(here)
    fed = fed_of(CATALOGUE, NET, told(here, moves), PERIOD)
    made = made_of(NET, fed)
    shown = guarded(CATALOGUE, {NET: fed}, {NET: made}, frames.locations, frames.members)[NET]
    return dict(shown.drop_nulls("value").select("location_id", "value").iter_rows())


def fed_of(
    catalogue: Catalogue, name: str, places: dict[str, tuple[int, int]], period: str
) -> pl.DataFrame:
    """The figures of areas that feed an indicator: what each counts, and how many stand behind it."""
    return pl.DataFrame(
        {
            "source": "register",
            "measure": catalogue.indicators[name].feeds[0].measure,
            "breakdown": "total",
            "location_id": list(places),
            "region_code": list(places),
            "period": period,
            "value": [float(count) for count, _ in places.values()],
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


def made_of(name: str, fed: pl.DataFrame) -> pl.DataFrame:
    """The values of an indicator before disclosure control."""
    return fed.select(
        "location_id",
        "period",
        "value",
        indicator_id=pl.lit(name),
        missing_reason=pl.lit(None, pl.String),
        lower=pl.lit(None, pl.Float64),
        upper=pl.lit(None, pl.Float64),
    )


def bounds(here: World, shown: dict[str, float], place: str) -> tuple[float, float]:
    """Between what an attacker knows a figure to lie."""
    areas = [a for gm in here.municipalities for a in smallest(here, gm)]
    number = {area: at for at, area in enumerate(areas)}

    def line(of: str) -> np.ndarray:
        row = np.zeros(len(areas))
        row[[number[area] for area in smallest(here, of)]] = 1.0
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


# -- what binds two reference dates ---------------------------------------------------------------
YEAR = ("then", "births", "deaths", "net", "now")
"""Then + births - deaths + net relocation is now."""
SIGNS = (1.0, 1.0, -1.0, 1.0)
Story = dict[str, dict[str, tuple[int, int]]]
"""By term and place what it counts, and how many establishments stand behind it."""


def _catalogue_of_a_year() -> Catalogue:
    like, net = catalogue_of(), CATALOGUE.indicators[NET]
    wide = (*LEVELS, "province", "country")
    measures = {"then": "establishments", "births": "births", "deaths": "deaths"}
    counted = {
        name: net.model_copy(
            update={
                "id": name,
                "feeds": (
                    Feed(source="register", measure=measure, breakdown="total", levels=wide),
                ),
                "levels": wide,
                "allocation": "sum",
            }
        )
        for name, measure in measures.items()
    }
    indicators = counted | {NET: net}
    return Catalogue(sources=like.sources, indicators=indicators, sites={}, provinces={})


OF_A_YEAR = _catalogue_of_a_year()


def a_year_in(here: World, seed: int) -> Story:
    """What became of the establishments of a country, of which all stocks are large."""
    random = Random(seed)
    moves = told(here, moves_in(here, seed))
    areas = [a for gm in here.municipalities for a in smallest(here, gm)]
    count = {
        "then": {area: random.randint(20, 60) for area in areas},
        "births": {area: random.choice((0, 0, 1, 1, 2, 3, 5, 9)) for area in areas},
        "deaths": {area: random.choice((0, 0, 1, 1, 2, 3, 5, 9)) for area in areas},
    }
    found: Story = {NET: moves}
    for name, by_area in count.items():
        sums = {p: sum(by_area[a] for a in smallest(here, p)) for p in here.official}
        found[name] = {place: (total, total) for place, total in sums.items()}
    found["now"] = {
        place: (now, now)
        for place in moves
        for now in [sum(int(s) * found[n][place][0] for n, s in zip(YEAR, SIGNS, strict=False))]
    }
    return found


def publish_a_year(here: World, story: Story) -> dict[tuple[str, str], float]:
    """What is shown of it, by term and place."""
    frames = frames_of(here)
    fed = {
        name: fed_of(OF_A_YEAR, name, story[name], period)
        for name, period in (
            (NET, PERIOD),
            ("births", PERIOD),
            ("deaths", PERIOD),
            ("then", "2025"),
        )
    }
    stocks = pl.concat([fed["then"], fed_of(OF_A_YEAR, "then", story["now"], PERIOD)])
    fed["then"] = stocks
    made = {name: made_of(name, frame) for name, frame in fed.items()}
    found = guarded(OF_A_YEAR, fed, made, frames.locations, frames.members)
    shown = pl.concat([frame.drop_nulls("value") for frame in found.values()])
    return {
        ("now" if name == "then" and period == PERIOD else name, place): value
        for name, period, place, value in shown.select(
            "indicator_id", "period", "location_id", "value"
        ).iter_rows()
    }


@pytest.mark.parametrize("seed", [s for s in range(18) if len(world(s).municipalities) > 1])
def test_what_was_and_what_is_do_not_tell_who_was_born_or_ended(seed: int) -> None:
    """To whoever knows that nothing but births, deaths and moves happened. (In an extract of one
    municipality nobody moves, so the stocks of two dates tell births by deaths.)"""
    here = world(seed)
    story = a_year_in(here, seed)
    shown = publish_a_year(here, story)
    areas = [a for gm in here.municipalities for a in smallest(here, gm)]
    number = {
        (term, area): at for at, (term, area) in enumerate((t, a) for t in YEAR[:4] for a in areas)
    }

    def line(term: str, place: str) -> np.ndarray:
        row = np.zeros(len(number))
        for name, sign in zip(YEAR, SIGNS, strict=False):
            if term in (name, "now"):
                at = [number[name, area] for area in smallest(here, place)]
                row[at] = sign if term == "now" else 1.0
        return row

    equations = [sum(line(NET, gm) for gm in here.municipalities), *(line(*of) for of in shown)]
    floor = [(None, None) if term == NET else (0, None) for term, _ in number]
    for term in ("births", "deaths"):
        for place, (count, many) in story[term].items():
            if not 0 < many < 3:
                continue
            assert (term, place) not in shown
            for sign in (1.0, -1.0):
                solved = linprog(
                    sign * line(term, place),
                    A_eq=np.array(equations),
                    b_eq=[0.0, *shown.values()],
                    bounds=floor,
                    method="highs",
                )
                assert solved.status in (0, 3, 4), solved.message
                bound = sign * float(solved.fun) if solved.status == 0 else -sign * np.inf
                assert sign * bound <= sign * count - 1 + 1e-6, (term, place, count, bound)
