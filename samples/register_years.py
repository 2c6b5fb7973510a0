"""The invented register of a year earlier: the same firms, told backwards from today's rows.

Some establishments of today were not there yet (births), some of then are gone (deaths), some stood
elsewhere, were a little larger or smaller, or did something else. Whatever is the same establishment
keeps its number, but for a few that were registered anew when they moved.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from random import Random
from typing import NamedTuple

import polars as pl

from samples.chance import one_of, weighed
from samples.invented import (
    DIRT,
    SECTORS,
    SEED,
    Row,
    Trait,
    letters,
    persons_of,
    trait_of,
)

EARLIER_DATE = dt.date(2025, 4, 1)
EARLIER_NAME = f"synthetic_register_{EARLIER_DATE}.csv"
FIRST_GONE = 9_001
"""The first number of an establishment, and of a firm, that is gone today; today's are lower."""

BORN = {4: 0.06, 19: 0.045, 99: 0.015}
"""Working persons at most -> how many of that size were not there a year before; larger ones were."""
GONE = 0.045
"""Establishments of then that are gone now, beside each that is there."""
LARGEST_GONE = 60
MOVED = 0.045
"""Establishments that stood in another neighbourhood a year before."""
LARGEST_MOVED = 99
TO_ANOTHER_MUNICIPALITY = 0.3
"""Of those that moved."""
NEARBY = 0.015
"""Moved within the neighbourhood: another postcode, and no figure changes."""
REGISTERED_ANEW = 0.06
"""Of those that moved; only firms with one establishment."""
OTHER_ACTIVITY = 0.015


class Site(NamedTuple):
    """What happened in a neighbourhood that the sample is about."""

    born: float
    came: float
    left: float
    """For elsewhere in the municipality: a share of what is there now."""
    size: float
    """Working persons of then beside those of now."""


SITES = {
    "BU01530703": Site(born=0.10, came=0.10, left=0.005, size=0.96),  # Kennispark grows
    "BU01934040": Site(born=0.06, came=0.08, left=0.005, size=0.98),  # Hessenpoort
}
SIZE = 0.985


def year_before(rows: Sequence[Row], neighbourhoods: pl.DataFrame) -> list[Row]:
    """The register on `EARLIER_DATE`, in the order of neighbourhoods and numbers.

    `rows`: the register on `invented.REFERENCE_DATE`, as `invented.register` gives it; `neighbourhoods`: as
    `cuts.neighbourhoods`. Rows that are wrong on purpose were wrong then too: a row that is set
    aside on one date only would count as a birth or a death.
    """
    chance = Random(SEED + 2)
    told = _Earlier(rows, neighbourhoods, chance)
    earlier: list[Row] = []
    for number, row in enumerate(rows, start=1):
        if number in DIRT:
            earlier.append(dict(row))
        elif not told.born(row):
            earlier.append(told.as_it_was(row))
        if chance.random() < GONE:
            earlier.append(told.gone_from(row["buurtcode"]))
    for row in earlier:
        row["peildatum"] = EARLIER_DATE.isoformat()
    return sorted(earlier, key=lambda row: (row["buurtcode"], row["vestigingsnummer"]))


class _Earlier:
    """What became of each establishment, by chance."""

    def __init__(self, rows: Iterable[Row], neighbourhoods: pl.DataFrame, chance: Random) -> None:
        self.chance = chance
        self.areas = {area["code"]: area for area in neighbourhoods.iter_rows(named=True)}
        self.of_firm = Counter(row["kvk_nummer"] for row in rows)
        codes = [row["buurtcode"] for row in rows]
        # An area is moved from as often as there are establishments in it.
        self.everywhere = tuple(code for code in codes if code not in SITES)
        self.within: dict[str, tuple[str, ...]] = {
            municipality: tuple(c for c in self.everywhere if self._municipality(c) == municipality)
            for municipality in {self._municipality(code) for code in codes}
        }
        self.gone = FIRST_GONE - 1

    def _municipality(self, code: str) -> str:
        return str(self.areas[code]["municipality"])

    def _trait(self, code: str) -> Trait:
        area = self.areas[code]
        return trait_of(code, area["name"], area["inhabitants"], area["hectares"])

    def born(self, row: Row) -> bool:
        """Whether it was not there yet."""
        persons, site = int(row["werkzame_personen"]), SITES.get(row["buurtcode"])
        share = next((share for most, share in BORN.items() if persons <= most), 0.0)
        if site and share:
            share = site.born
        return self.chance.random() < share

    def as_it_was(self, row: Row) -> Row:
        """An establishment of today a year before."""
        chance, was = self.chance, dict(row)
        site = SITES.get(row["buurtcode"])
        was["werkzame_personen"] = str(
            self._persons(int(row["werkzame_personen"]), site.size if site else SIZE)
        )
        settled = int(row["werkzame_personen"]) > LARGEST_MOVED
        origin = None if settled else self._origin(row["buurtcode"])
        if origin is None:
            if chance.random() < NEARBY:
                was["postcode"] = row["postcode"][:4] + letters(chance)
            if chance.random() < OTHER_ACTIVITY:
                was["sbi_code"] = self._activity(row["buurtcode"])
            return was
        was |= self._place(origin)
        if self.of_firm[row["kvk_nummer"]] == 1 and chance.random() < REGISTERED_ANEW:
            was["vestigingsnummer"] = self._number()
        return was

    def gone_from(self, code: str) -> Row:
        """An establishment that was in that neighbourhood and is gone, with its firm."""
        trait, number = self._trait(code), self._number()
        company = self.gone
        return {
            "vestigingsnummer": number,
            "kvk_nummer": f"0000{company:04}",
            "handelsnaam": f"Synthetisch Bedrijf {company:05} B.V.",
            **self._place(code),
            "sbi_code": self._activity(code),
            "werkzame_personen": str(min(persons_of(trait, self.chance), LARGEST_GONE)),
        }

    def _number(self) -> str:
        self.gone += 1
        return f"0000{self.gone:08}"

    def _origin(self, code: str) -> str | None:
        """From which neighbourhood it came; None for most, which did not move."""
        chance, municipality = self.chance, self._municipality(code)
        site = SITES.get(code)
        if site is None:
            for name, other in SITES.items():
                if self._municipality(name) == municipality and chance.random() < other.left:
                    return name
        if chance.random() >= (site.came if site else MOVED):
            return None
        away = chance.random() < TO_ANOTHER_MUNICIPALITY
        found = one_of(self.everywhere if away else self.within[municipality], chance)
        return None if found == code else found

    def _place(self, code: str) -> Mapping[str, str]:
        area = self.areas[code]
        return {
            "postcode": area["postcode4"] + letters(self.chance),
            "plaats": area["place"],
            "gemeentecode": area["municipality"],
            "buurtcode": code,
        }

    def _activity(self, code: str) -> str:
        return one_of(SECTORS[weighed(self._trait(code).sectors, self.chance)], self.chance)

    def _persons(self, now: int, size: float) -> int:
        """Working persons of then: of small ones mostly as many, else up to a tenth more or less."""
        chance = self.chance
        if now >= 10:
            return max(1, round(now * (size - 0.1 + 0.2 * chance.random())))
        less, more = (0.16, 0.06) if now > 1 else (0.0, 0.03)
        drawn = chance.random()
        return now - 1 if drawn < less else now + 1 if drawn < less + more else now
