"""The attack: over random countries nothing that is sensitive can be computed back from what is
published, through sectors, levels, overlapping sites and vintages.

`make attack` runs a thousand countries; this suite takes the first few of the same.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import polars as pl
import pytest

from assets.marts.disclosure.guarding import guarded
from tests.assets.marts.disclosure.attacker import Figure, Said, attack, sensitive, truth
from tests.assets.marts.disclosure.worlds import (
    MEASURES,
    PERIOD,
    World,
    a_year_of_corrections,
    catalogue_of,
    frames_of,
    name_of,
    world,
)

CATALOGUE = catalogue_of()
P = 0.10
COUNTRIES = int(os.environ.get("ATTACKED_COUNTRIES", "4"))
AT_ONCE = 2


def publish(
    here: World, earlier: pl.DataFrame | None = None, *, secondary: bool = True
) -> pl.DataFrame:
    """What is published of a world after what was published `earlier`."""
    frames = frames_of(here)
    found = guarded(
        CATALOGUE,
        frames.fed,
        frames.made,
        frames.locations,
        frames.members,
        earlier,
        secondary=secondary,
    )
    return pl.concat(list(found.values()))


def said_of(published: pl.DataFrame, measure: str) -> Said:
    """The published numbers of one measure by place, breakdown and part."""
    rows = published.filter(
        pl.col("indicator_id").str.starts_with(measure), pl.col("value").is_not_null()
    )
    return {
        (place, name.removeprefix(f"{measure}_"), part): number
        for place, name, *numbers in rows.select(
            "location_id", "indicator_id", "value", "lower", "upper"
        ).iter_rows()
        for part, number in zip(("value", "lower", "upper"), numbers, strict=True)
        if number is not None
    }


def numbers(here: World, measure: str) -> Said:
    """All that would be published without any control."""
    frames = frames_of(here)
    return said_of(pl.concat([frames.made[name_of(measure, b)] for b in here.breakdowns]), measure)


def known(vintages: list[tuple[World, pl.DataFrame]], at: int, measure: str) -> Said:
    """What is known of one vintage: what it says, and what others say of numbers that did not change."""
    true = numbers(vintages[at][0], measure)
    said = dict(said_of(vintages[at][1], measure))
    for number, (_, published) in enumerate(vintages):
        if number != at:
            other = said_of(published, measure)
            said |= {
                key: value
                for key, value in other.items()
                if key in true and abs(true[key] - value) < 1e-9
            }
    return said


def too_close(
    here: World, measure: str, said: Said, insider: int | None = None
) -> Iterator[tuple[Figure, float, float, float]]:
    """Sensitive figures that an attacker bounds closer than p, with the truth and his bounds."""
    aims = [figure for figure in sensitive(here, measure) if (*figure, "value") not in said]
    firm = here.firms[insider % len(here.firms)] if insider is not None and here.firms else None
    who = None
    if firm:
        area = firm.area or f"{firm.municipality}~"
        who = (area, firm.sector, float(firm.persons))
        # Of figures that he is part of he knows his own part: what others must be protected from
        # there is that of which he is not a part.
        aims = [a for a in aims if not here.inside(a[0])(firm)]
    against = attack(here, measure, said, insider=who, told_what_is_complete=True)
    for figure, (low, high) in zip(aims, against.bounds(aims), strict=True):
        true = truth(here, measure, figure)
        if low > (1 - P) * true + 1e-4 or high < (1 + P) * true - 1e-4:
            yield figure, true, low, high


def given_away(seed: int, *, secondary: bool = True) -> list[str]:
    """What an attacker finds in a country of two vintages."""
    first = world(seed)
    second = a_year_of_corrections(first, seed)
    was = publish(first, secondary=secondary)
    history = was.with_columns(period=pl.lit(PERIOD))
    vintages = [(first, was), (second, publish(second, history, secondary=secondary))]
    found = []
    for measure in MEASURES:
        for at, (here, published) in enumerate(vintages):
            own = said_of(published, measure)
            found += [
                f"{seed}: vintage {at} publishes {measure} of {figure}"
                for figure in sensitive(here, measure)
                if (*figure, "value") in own
            ]
            said = known(vintages, at, measure)
            told = {key: number for key, number in said.items() if key not in own}
            # What earlier vintages give away by themselves nobody can take back.
            lost = {figure for figure, *_ in too_close(here, measure, told)} if told else set()
            for insider in (None, seed):
                for figure, true, low, high in too_close(here, measure, said, insider):
                    if figure in lost:
                        continue
                    found.append(
                        f"{seed}: vintage {at}, {measure} of {figure} is {true:g}, an attacker"
                        f"{' who contributes' if insider is not None else ''} knows that it is "
                        f"between {low:g} and {high:g}"
                    )
    return found


@pytest.mark.parametrize("start", range(0, COUNTRIES, AT_ONCE))
def test_nothing_sensitive_can_be_bounded_closer_than_declared(start: int) -> None:
    found = [text for seed in range(start, start + AT_ONCE) for text in given_away(seed)]
    assert not found, "\n".join(found[:20])


def test_without_secondary_suppression_the_attacker_succeeds() -> None:
    given = [seed for seed in (1, 3) if given_away(seed, secondary=False)]
    assert given == [1, 3]
