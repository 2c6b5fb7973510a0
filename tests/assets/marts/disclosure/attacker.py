"""An attacker who reads everything that is published, of every vintage, and solves linear programmes.

Written apart from the code that it attacks: it knows the establishments only through what is
published, and that people and firms are not fewer than none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import block_diag, csr_array

from tests.assets.marts.disclosure.worlds import World

Figure = tuple[str, str]
"""Place and breakdown. `*` is what is left of the total when the sectors are taken off, `-10` those
with fewer than ten persons."""
Said = Mapping[tuple[str, str, str], float]
"""Published numbers by place, breakdown and part (`value`, `lower`, `upper`)."""

TOGETHER = 12
"""Programmes that are solved as one, which saves most of the solver's own costs."""


def sensitive(world: World, measure: str, minimum: int = 3, p: float = 10.0) -> Iterator[Figure]:
    """What nobody may learn, from the establishments themselves: figures behind which stand few or
    one that is dominant, published or to be computed."""
    for place in (*world.official, *(f"{gm}~" for gm in world.municipalities)):
        for breakdown in (*world.breakdowns, "*", "-10"):
            if not world.counts(place, breakdown):
                continue
            behind = sorted(_behind(world, place, measure, breakdown), reverse=True)
            few = 0 < len(behind) < minimum
            if few or (len(behind) >= minimum and sum(behind[2:]) < p / 100 * behind[0] - 1e-9):
                yield place, breakdown


def _behind(world: World, place: str, measure: str, breakdown: str) -> list[float]:
    if breakdown == "*":
        here = world.inside(place)
        return [f.adds(measure) for f in world.firms if here(f) and f.sector not in world.sectors]
    if breakdown == "-10":
        here = world.inside(place)
        return [f.adds(measure) for f in world.firms if here(f) and f.persons < 10]
    return world.contributions(place, measure, breakdown)


def truth(world: World, measure: str, figure: Figure) -> float:
    """What a figure really is."""
    return sum(_behind(world, figure[0], measure, figure[1]))


@dataclass(frozen=True)
class Attack:
    """What the attacker knows, as linear equations and bounds over the figures of smallest areas."""

    variables: dict[Figure, int]
    equations: csr_array
    numbers: np.ndarray
    highest: list[float | None]
    lowest: np.ndarray
    world: World

    def bounds(self, figures: list[Figure]) -> Iterator[tuple[float, float]]:
        """Lowest and highest that each of `figures` can be, as far as the attacker knows."""
        aims = [sign * self._sum(figure) for figure in figures for sign in (1.0, -1.0)]
        found: list[float] = []
        for start in range(0, len(aims), TOGETHER):
            some = aims[start : start + TOGETHER]
            many = len(some)
            solved = linprog(
                np.concatenate(some),
                A_eq=block_diag([self.equations] * many, format="csr"),
                b_eq=np.tile(self.numbers, many),
                bounds=list(zip(self.lowest, self.highest, strict=True)) * many,
                method="highs",
            )
            if solved.status == 0:
                width = len(self.variables)
                found += [
                    float(aim @ solved.x[at * width : (at + 1) * width])
                    for at, aim in enumerate(some)
                ]
                continue
            for aim in some:
                one = linprog(
                    aim,
                    A_eq=self.equations,
                    b_eq=self.numbers,
                    bounds=list(zip(self.lowest, self.highest, strict=True)),
                    method="highs",
                )
                assert one.status in (0, 3, 4), one.message
                found.append(float(one.fun) if one.status == 0 else -np.inf)
        for at in range(0, len(found), 2):
            yield found[at], -found[at + 1]

    def _sum(self, figure: Figure) -> np.ndarray:
        row = np.zeros(len(self.variables))
        place, breakdown = figure
        for area in smallest(self.world, place):
            row[self.variables[area, breakdown]] += 1.0
        return row


def smallest(world: World, place: str) -> list[str]:
    if place == "NL":
        return [a for gm in world.municipalities for a in smallest(world, gm)]
    if place.startswith("PV"):
        return [a for gm in world.provinces[place] for a in smallest(world, gm)]
    if place.startswith("GM") and not place.endswith("~"):
        return [*world.municipalities[place], f"{place}~"]
    return [place]


def attack(
    world: World,
    measure: str,
    said: Said,
    *,
    insider: tuple[str, str, float] | None = None,
    told_what_is_complete: bool = False,
    ratios: Sequence[tuple[Figure, Figure, float]] = (),
) -> Attack:
    """The attack on one measure of one vintage.

    `insider`: neighbourhood, sector and number of the one establishment that the attacker is;
    `told_what_is_complete`: whether he knows where nothing is left of a total; `ratios`: what is told
    of two figures by their quotient, as numerator, denominator and quotient.
    """
    areas = [a for gm in world.municipalities for a in smallest(world, gm)]
    kinds = (*world.breakdowns, "*", "-10")
    variables = {(a, b): at for at, (a, b) in enumerate((a, b) for a in areas for b in kinds)}
    rows: list[dict[int, float]] = []
    numbers: list[float] = []
    for area in areas:
        for parts in ((*world.sectors, "*"), ("size_10_plus", "-10")):
            rows.append(
                {variables[area, "total"]: 1.0} | {variables[area, part]: -1.0 for part in parts}
            )
            numbers.append(0.0)
    for (place, breakdown, part), number in said.items():
        row: dict[int, float] = {}
        if place in world.sites:
            for area, weight in world.sites[place].items():
                by = {"value": weight, "lower": float(weight == 1.0), "upper": 1.0}[part]
                row[variables[area, breakdown]] = by
        else:
            for area in smallest(world, place):
                row[variables[area, breakdown]] = 1.0
        rows.append(row)
        numbers.append(number)
    for above, below, quotient in ratios:
        row = {}
        for (place, breakdown), factor in ((above, 1.0), (below, -quotient)):
            shares = world.sites.get(place) or dict.fromkeys(smallest(world, place), 1.0)
            for area, weight in shares.items():
                at_column = variables[area, breakdown]
                row[at_column] = row.get(at_column, 0.0) + factor * weight
        rows.append(row)
        numbers.append(0.0)
    lowest = np.zeros(len(variables))
    highest: list[float | None] = [None] * len(variables)
    if told_what_is_complete:
        for (area, breakdown), at in variables.items():
            # What nobody counts of a small area nobody tells him of either: of its municipality.
            place = area if world.counts(area, breakdown) else f"GM{area[2:6]}"
            left = place.endswith("~") or breakdown in ("*", "-10")
            if left and not truth(world, measure, (place, breakdown)):
                highest[at] = 0.0
    if insider:
        area, sector, persons = insider
        own = 1.0 if measure == "establishments" else persons
        for breakdown in (
            "total",
            sector if sector in world.sectors else "*",
            "size_10_plus" if persons >= 10 else "-10",
        ):
            lowest[variables[area, breakdown]] = own
    at = [(line, column, by) for line, row in enumerate(rows) for column, by in row.items()]
    line, column, by = zip(*at, strict=True)
    return Attack(
        variables,
        csr_array((by, (line, column)), shape=(len(rows), len(variables))),
        np.array(numbers),
        highest,
        lowest,
        world,
    )
