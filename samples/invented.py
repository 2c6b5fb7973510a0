"""Invented firms in two real layouts: a register of establishments, and the open bulk file.

No firm, number, address or person here exists. Only the areas are real: neighbourhoods with
their codes and most common postcode. What the register was a year earlier is in `register_years`.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from random import Random
from typing import NamedTuple

import polars as pl

from samples.chance import below, one_of, weighed
from tests.publishers.kvk import BULK_NAME, csv_of

SEED = 20260401
REFERENCE_DATE = dt.date(2026, 4, 1)
REGISTER_NAME = f"synthetic_register_{REFERENCE_DATE}.csv"
REGISTER_COLUMNS = (
    "vestigingsnummer",
    "kvk_nummer",
    "handelsnaam",
    "postcode",
    "plaats",
    "gemeentecode",
    "buurtcode",
    "sbi_code",
    "werkzame_personen",
    "peildatum",
)
ESTABLISHMENTS = 6_500

Row = dict[str, str]
"""A row of the register: column -> text."""


class Trait(NamedTuple):
    """What a kind of area is like."""

    sectors: Mapping[str, float]
    """Weight by sector of `SECTORS`."""
    sizes: tuple[float, ...]
    """Weight by class of `SIZES`."""


SECTORS: dict[str, tuple[str, ...]] = {
    # The first two digits are divisions of SBI; the others look like SBI 2025 and prove nothing.
    "agriculture": ("01110", "01410", "01420", "01460", "01610"),
    "food": ("10110", "10520", "10710", "10890"),
    "materials": ("13930", "16230", "18120", "22220", "23610", "31010"),
    "metal": ("24100", "25110", "25530", "25620", "33110", "33120"),
    "high_tech": ("26110", "26510", "26600", "27110", "27900", "28250", "28290", "29320", "30300"),
    "building": ("41000", "42110", "43210", "43220", "43320", "43410"),
    "wholesale": ("46210", "46310", "46470", "46640", "46690", "46730"),
    "shops": ("47110", "47240", "47520", "47710", "47780", "47910"),
    "logistics": ("49410", "49420", "52100", "52240", "52250", "53200"),
    "hospitality": ("55100", "56110", "56120", "56300"),
    "software": ("62100", "62200", "62900", "63100"),
    "finance": ("64210", "66220", "68203", "68320"),
    "advice": ("69200", "70200", "73110", "74100", "74200"),
    "engineering": ("71110", "71120", "71200"),
    "research": ("72100", "72110", "72190"),
    "support": ("77110", "78200", "81210", "81300", "82990"),
    "public": ("84110", "85200", "85310", "86210", "86920", "88910"),
    "personal": ("90110", "93110", "93130", "94990", "95310", "96210", "96220"),
}
SIZES = ((1, 1), (2, 4), (5, 9), (10, 49), (50, 99), (100, 320))
"""Classes of working persons."""

TOWN = Trait(
    {
        "building": 11, "wholesale": 4, "shops": 14, "logistics": 2, "hospitality": 6,
        "software": 6, "finance": 8, "advice": 16, "engineering": 4, "support": 6, "public": 12,
        "personal": 13, "food": 1, "materials": 1,
    },
    (52, 26, 12, 8.6, 1, 0.4),
)  # fmt: skip
COUNTRY = Trait(
    {
        "agriculture": 42, "building": 15, "wholesale": 5, "shops": 5, "logistics": 4,
        "hospitality": 5, "advice": 9, "engineering": 2, "support": 4, "public": 4, "personal": 5,
    },
    (48, 34, 12, 5.7, 0.3, 0),
)  # fmt: skip
INDUSTRY = Trait(
    {
        "food": 4, "materials": 10, "metal": 16, "high_tech": 13, "building": 13, "wholesale": 16,
        "shops": 4, "logistics": 9, "software": 2, "engineering": 4, "support": 5, "personal": 4,
    },
    (10, 22, 24, 35, 6, 3),
)  # fmt: skip
LOGISTICS = Trait(
    {
        "logistics": 60, "wholesale": 22, "metal": 7, "high_tech": 4, "food": 4, "materials": 4,
        "building": 6, "support": 6,
    },
    (4, 12, 18, 46, 12, 8),
)  # fmt: skip
SCIENCE = Trait(
    {
        "high_tech": 20, "software": 30, "engineering": 17, "research": 17, "advice": 8,
        "support": 3, "public": 3, "hospitality": 2,
    },
    (12, 26, 24, 31, 5, 2),
)  # fmt: skip


class Fixed(NamedTuple):
    """A neighbourhood of which the outcome is set, because the sample is about it."""

    trait: Trait
    establishments: int
    persons: int


FIXED = {
    "BU01530703": Fixed(SCIENCE, 70, 1_800),  # Kennispark
    "BU01934040": Fixed(LOGISTICS, 60, 3_000),  # Hessenpoort
}
WORK_AREA = re.compile(r"(?i)bedrij|industr|handelspark|haven|marssteden|kloosterlanden")

DIRT: dict[int, dict[str, str]] = {
    # Row of the file (from 1) -> what is wrong with it; checks on rows must set these aside.
    400: {"postcode": "7601A"},
    2_300: {"werkzame_personen": "ca. 12"},
    3_900: {"postcode": "0123 AB"},
    5_800: {"werkzame_personen": "onbekend"},
}


def register(neighbourhoods: pl.DataFrame, by_municipality: Mapping[str, int]) -> list[Row]:
    """The rows of the register, by column; those of `DIRT` are wrong.

    `neighbourhoods`: as `cuts.neighbourhoods`; `by_municipality`: real numbers of
    establishments, of which ours are a few per cent, in the same proportions.
    """
    chance = Random(SEED)
    companies = 0
    rows: list[Row] = []
    counts = _allotted(neighbourhoods, by_municipality, chance)
    for area in neighbourhoods.iter_rows(named=True):
        trait = trait_of(area["code"], area["name"], area["inhabitants"], area["hectares"])
        persons = [persons_of(trait, chance) for _ in range(counts[area["code"]])]
        if area["code"] in FIXED:
            persons = _scaled(persons, FIXED[area["code"]].persons)
        for working in persons:
            # One in twenty is a further establishment of a firm that is there already.
            new = not companies or chance.random() > 0.05
            company = companies + 1 if new else 1 + below(companies, chance)
            companies = max(companies, company)
            rows.append(
                {
                    "vestigingsnummer": f"0000{len(rows) + 1:08}",
                    "kvk_nummer": f"0000{company:04}",
                    "handelsnaam": f"Synthetisch Bedrijf {company:05} B.V.",
                    "postcode": area["postcode4"] + letters(chance),
                    "plaats": area["place"],
                    "gemeentecode": area["municipality"],
                    "buurtcode": area["code"],
                    "sbi_code": one_of(SECTORS[weighed(trait.sectors, chance)], chance),
                    "werkzame_personen": str(working),
                    "peildatum": REFERENCE_DATE.isoformat(),
                }
            )
    for number, fault in DIRT.items():
        rows[number - 1].update(fault)
    return rows


def register_file(rows: Iterable[Row]) -> bytes:
    """The register as a file of the supplier `synthetic`."""
    text = io.StringIO()
    writer = csv.DictWriter(text, REGISTER_COLUMNS, delimiter=";", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def trait_of(code: str, name: str, inhabitants: int, hectares: int) -> Trait:
    """What kind of area a neighbourhood is: by its name, else by how densely people live there."""
    if code in FIXED:
        return FIXED[code].trait
    if WORK_AREA.search(name):
        return INDUSTRY
    return COUNTRY if inhabitants < hectares else TOWN


def _allotted(
    neighbourhoods: pl.DataFrame, by_municipality: Mapping[str, int], chance: Random
) -> dict[str, int]:
    """Establishments by neighbourhood: municipalities as in reality, work areas by their size."""
    totals = _shared_out(ESTABLISHMENTS, {k: float(v) for k, v in by_municipality.items()})
    found: dict[str, int] = {}
    for (municipality,), areas in neighbourhoods.group_by("municipality", maintain_order=True):
        weights: dict[str, float] = {}
        for area in areas.iter_rows(named=True):
            if area["code"] in FIXED:
                found[area["code"]] = FIXED[area["code"]].establishments
            elif WORK_AREA.search(area["name"]):
                weights[area["code"]] = min(area["hectares"], 150) * (0.7 + 0.6 * chance.random())
            else:
                homes = area["inhabitants"] / 40 + min(area["hectares"], 1_500) / 150
                weights[area["code"]] = homes * (0.7 + 0.6 * chance.random())
        set_already = sum(found.get(code, 0) for code in areas["code"])
        found |= _shared_out(totals[str(municipality)] - set_already, weights)
    return found


def _shared_out(total: int, weights: Mapping[str, float]) -> dict[str, int]:
    """`total` in whole numbers by weight; what is left goes to the largest remainders."""
    whole = sum(weights.values())
    exact = {name: total * weight / whole for name, weight in weights.items()}
    shares = {name: int(value) for name, value in exact.items()}
    by_remainder = sorted(exact, key=lambda name: (shares[name] - exact[name], name))
    for name in by_remainder[: total - sum(shares.values())]:
        shares[name] += 1
    return shares


def persons_of(trait: Trait, chance: Random) -> int:
    """Working persons of an establishment in an area of that kind."""
    low, high = SIZES[weighed(dict(enumerate(trait.sizes)), chance)]
    # Small is more common than large within a class too.
    return low + int((high - low + 1) * chance.random() ** 1.6)


def _scaled(persons: list[int], total: int) -> list[int]:
    """The same establishments, larger or smaller, with `total` working persons together."""
    factor = total / sum(persons)
    made = [max(1, round(working * factor)) for working in persons]
    made[made.index(max(made))] += total - sum(made)
    return made


def bulk_file(day: dt.date, companies: int = 4_000) -> bytes:
    """The open bulk file as it would be on `day`: a zip around one CSV.

    The zip is stored, not deflated: how well a machine deflates must not change the sample.
    """
    packed = io.BytesIO()
    entry = zipfile.ZipInfo(f"{BULK_NAME}.csv", (day.year, day.month, day.day, 4, 0, 0))
    entry.create_system, entry.external_attr = 3, 0o644 << 16
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(entry, csv_of(_bulk_rows(day, companies)))
    return packed.getvalue()


def _bulk_rows(day: dt.date, companies: int) -> Iterator[tuple[str, ...]]:
    """Companies with the oddities of the real file: unknown parts of dates, old short codes."""
    chance = Random(SEED + 1)
    for _ in range(companies):
        start = _start_date(day, chance)
        active = chance.random() < 0.74
        # Dissolved before the conversion of September 2025: the four digits of SBI 2008 remain.
        ended_before = not active and start < "202409" and chance.random() < 0.9
        digits = 4 if ended_before else 5
        main, *others = (_activity(chance)[:digits] for _ in range(1 + below(3, chance)))
        codes = dict.fromkeys([main, *others])
        insolvency = {"": 985.0, "FAIL": 11.0, "SURS": 3.0, "SSAN": 1.0}
        yield (
            start,
            "J" if active else "N",
            weighed(insolvency, chance),
            "BV" if chance.random() < 0.985 else "NV",
            "" if chance.random() < 0.01 else str(10 + below(90, chance)),
            ",".join(codes),
            main,
            weighed({"NL": 97.0, "DE": 1.5, "BE": 1.0, "FR": 0.5}, chance),
        )


def _activity(chance: Random) -> str:
    return one_of(SECTORS[weighed({**TOWN.sectors, "finance": 30.0}, chance)], chance)


def _start_date(day: dt.date, chance: Random) -> str:
    """YYYYMMDD, mostly of recent years, never after `day`; of old dates parts may be 00."""
    if chance.random() < 0.004:
        return "00000000"
    days = int(76 * 365.25 * chance.random() ** 1.4)
    start = day - dt.timedelta(days=days)
    written = f"{start:%Y%m%d}"
    if start.year < 1990 and chance.random() < 0.25:
        return written[:4] + "0000" if chance.random() < 0.6 else written[:6] + "00"
    return written


def letters(chance: Random) -> str:
    """The two letters of a postcode; a few letters and three pairs are not given out."""
    while True:
        pair = one_of("ABCDEGHJKLMNPRSTVWXZ", chance) + one_of("ABCDEGHJKLMNPRSTVWXZ", chance)
        if pair not in ("SA", "SD", "SS"):
            return pair
