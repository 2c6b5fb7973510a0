"""Random small countries of invented establishments, and what would be published of them.

Everything here is counted from the single establishments, so a test knows the truth without asking
the code under test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

import polars as pl

from assets.catalogue import Catalogue
from assets.catalogue.models import Indicator, Source

SECTORS = ("sbi_a", "sbi_b", "sbi_c")
BREAKDOWNS = ("total", *SECTORS, "size_10_plus")
MEASURES = ("establishments", "jobs")
PERIOD = "2026-04-01"


@dataclass(frozen=True)
class Firm:
    """One establishment. `area` is empty where its neighbourhood is not known."""

    municipality: str
    area: str
    sector: str
    persons: int

    def counts_in(self, breakdown: str) -> bool:
        """Whether it is counted in a breakdown."""
        if breakdown == "size_10_plus":
            return self.persons >= 10
        return breakdown in ("total", self.sector)

    def adds(self, measure: str) -> float:
        """What it contributes."""
        return 1.0 if measure == "establishments" else float(self.persons)


@dataclass(frozen=True)
class World:
    """Places and establishments."""

    municipalities: dict[str, tuple[str, ...]]
    """Neighbourhoods by municipality."""
    provinces: dict[str, tuple[str, ...]]
    sites: dict[str, dict[str, float]]
    """Weights of neighbourhoods by site."""
    firms: tuple[Firm, ...]
    sectors: tuple[str, ...] = SECTORS
    """Sectors that are published; the others are what is left of the total."""
    country: bool = True
    coarse: bool = False
    """Whether sectors are counted for municipalities and larger areas only, as the real ones are."""

    def counts(self, place: str, breakdown: str) -> bool:
        """Whether a figure is counted at all."""
        small = place in self.sites or place.startswith("BU") or place.endswith("~")
        return not (self.coarse and small and breakdown in (*self.sectors, "*"))

    @property
    def breakdowns(self) -> tuple[str, ...]:
        """What is published."""
        return ("total", *self.sectors, "size_10_plus")

    def inside(self, place: str) -> Callable[[Firm], bool]:
        """Whether a firm lies in a place (`GM0001~`: in none of its neighbourhoods)."""
        if place == "NL":
            return lambda firm: True
        if place.startswith("PV"):
            return lambda firm: firm.municipality in self.provinces[place]
        if place.endswith("~"):
            return lambda firm: firm.municipality == place[:-1] and not firm.area
        if place.startswith("GM"):
            return lambda firm: firm.municipality == place
        return lambda firm: firm.area == place

    def contributions(self, place: str, measure: str, breakdown: str) -> list[float]:
        """What each establishment contributes to a figure, largest first."""
        here = self.inside(place)
        return sorted(
            (f.adds(measure) for f in self.firms if here(f) and f.counts_in(breakdown)),
            reverse=True,
        )

    @property
    def official(self) -> Iterator[str]:
        """The places of which figures are counted."""
        for municipality, areas in self.municipalities.items():
            yield municipality
            yield from areas
        yield from self.provinces
        if self.country:
            yield "NL"


def world(seed: int) -> World:
    """A country of one or two provinces; its sites overlap, and two of them nearly are the same."""
    random = Random(seed)
    provinces: dict[str, tuple[str, ...]] = {}
    municipalities: dict[str, tuple[str, ...]] = {}
    for p in range(random.randint(1, 2)):
        codes = tuple(f"GM{p}{g:03}" for g in range(random.randint(1, 3)))
        provinces[f"PV{20 + p}"] = codes
        for code in codes:
            municipalities[code] = tuple(f"BU{code[2:]}{n:04}" for n in range(random.randint(0, 5)))
    areas = [area for inside in municipalities.values() for area in inside]
    sites: dict[str, dict[str, float]] = {}
    if areas:
        for number in range(random.randint(1, 3)):
            members = random.sample(areas, random.randint(1, min(4, len(areas))))
            sites[f"site-{number}"] = {
                area: random.choice((1.0, 1.0, 1.0, 0.25, 0.5)) for area in members
            }
        near = dict(sites["site-0"])
        near[random.choice(areas)] = 1.0
        sites["site-near"] = near
    firms = tuple(
        f for code, inside in municipalities.items() for f in _firms(random, code, inside)
    )
    sectors = SECTORS if random.random() < 0.6 else SECTORS[:2]
    return World(municipalities, provinces, sites, firms, sectors, random.random() < 0.7)


def _firms(random: Random, municipality: str, areas: tuple[str, ...]) -> Iterator[Firm]:
    unknown = random.random() < 0.3
    for area in (*areas, *([""] if unknown or not areas else [])):
        for sector in SECTORS:
            for _ in range(random.choice((0, 0, 1, 2, 3, 5, 9))):
                size = random.choice((1, 1, 2, 3, 6, 12, 30, 400))
                yield Firm(municipality, area, sector, random.randint(max(1, size // 2), size))


def a_year_of_corrections(before: World, seed: int) -> World:
    """The same country after a later release: some firms corrected, some gone, some new."""
    random = Random(seed)
    firms = []
    for firm in before.firms:
        chance = random.random()
        if chance < 0.06:
            continue
        if chance < 0.12:
            firm = replace(firm, persons=max(1, firm.persons + random.choice((-3, -1, 2, 20))))
        elif chance < 0.15:
            firm = replace(firm, sector=random.choice(SECTORS))
        firms.append(firm)
    for municipality, areas in before.municipalities.items():
        if random.random() < 0.4:
            area = random.choice(areas) if areas else ""
            firms.append(
                Firm(municipality, area, random.choice(SECTORS), random.choice((1, 4, 50)))
            )
    return replace(before, firms=tuple(firms))


# -- what the code under test is given --------------------------------------------------------
def name_of(measure: str, breakdown: str) -> str:
    """The indicator that publishes a breakdown of a measure."""
    return f"{measure}_{breakdown}"


LEVELS = ("neighbourhood", "municipality", "province", "country")


def catalogue_of(within: Iterable[dict[str, Any]] = ()) -> Catalogue:
    """A register and its indicators; the sectors do not overlap."""
    register = Source.model_validate(
        {
            "name": "register",
            "title_nl": "Register",
            "title_en": "Register",
            "publisher": "inbox",
            "protocol": "inbox",
            "subject": "establishments",
            "grain": "invented",
            "cadence_days": 1,
            "row_floor": 1,
            "row_ceiling": 9,
            "licence": "CC0",
            "attribution": "invented",
            "editions": {},
            "missing": {"signs": {}, "null": "unknown"},
            "suppliers": {
                "s": {
                    "file_pattern": "(?P<edition>.*)",
                    "columns": {},
                    "sbi_edition": "2025",
                    "synthetic": True,
                }
            },
            "disclosure": {"minimum_contributors": 3, "p_percent": 10},
            "within": list(within) or [{"whole": ["total"], "parts": list(SECTORS)}],
        }
    )
    indicators = [
        Indicator.model_validate(
            {
                "id": name_of(measure, breakdown),
                "catalogue_code": None,
                "version": "1",
                "name_nl": "x",
                "name_en": "x",
                "definition_nl": "x",
                "definition_en": "x",
                "unit": "count",
                "unit_factor": 1.0,
                "direction": "neutral",
                "theme": "test",
                "feeds": [
                    {
                        "source": "register",
                        "measure": measure,
                        "breakdown": breakdown,
                        "levels": LEVELS,
                    }
                ],
                "allocation": "sum",
                "numerator": None,
                "denominator": None,
                "levels": ("site", *LEVELS),
                "minimum_cell": 3,
                "rounding": "none",
                "sbi_edition": None,
                "valid_from": None,
                "valid_to": None,
                "owner": "test",
                "licence": "CC0",
            }
        )
        for measure in MEASURES
        for breakdown in BREAKDOWNS
    ]
    return Catalogue(
        sources={"register": register},
        indicators={i.id: i for i in indicators},
        sites={},
        provinces={},
    )


@dataclass(frozen=True)
class Frames:
    """A world in the frames that the marts hand on."""

    fed: dict[str, pl.DataFrame]
    made: dict[str, pl.DataFrame]
    locations: pl.DataFrame
    members: pl.DataFrame = field(repr=False)


_VALUE = {
    "location_id": pl.String,
    "indicator_id": pl.String,
    "period": pl.String,
    "value": pl.Float64,
    "missing_reason": pl.String,
    "lower": pl.Float64,
    "upper": pl.Float64,
}


def _method(weight: float) -> str:
    return "exact" if weight == 1.0 else "area_share"


_MEMBER = {
    "location_id": pl.String,
    "boundary": pl.Int64,
    "member_code": pl.String,
    "edition": pl.String,
    "weight": pl.Float64,
    "weight_method": pl.String,
    "lower_weight": pl.Float64,
    "upper_weight": pl.Float64,
}


def frames_of(here: World) -> Frames:
    """The figures of a world before disclosure control."""
    fed, made = {}, {}
    for measure in MEASURES:
        for breakdown in here.breakdowns:
            counted = {
                place: here.contributions(place, measure, breakdown)
                for place in here.official
                if here.counts(place, breakdown)
            }
            name = name_of(measure, breakdown)
            fed[name] = pl.DataFrame(
                [
                    {
                        "source": "register",
                        "measure": measure,
                        "breakdown": breakdown,
                        "location_id": place,
                        "region_code": place,
                        "period": PERIOD,
                        "value": sum(behind),
                        "contributors": float(len(behind)),
                        "cut": 2026,
                        "known_from": None,
                        "synthetic": True,
                        "release_id": "r",
                        "largest": (*behind, 0.0)[0],
                        "second_largest": (*behind, 0.0, 0.0)[1],
                    }
                    for place, behind in counted.items()
                ],
                schema_overrides=dict.fromkeys(
                    ("value", "contributors", "largest", "second_largest"), pl.Float64
                )
                | {"known_from": pl.Datetime("us"), "cut": pl.Int32},
            )
            rows = [(place, sum(behind), None, None) for place, behind in counted.items()]
            for site, members in here.sites.items():
                if not here.counts(site, breakdown):
                    continue
                whole = {area: sum(counted[area]) for area in members}
                exact = all(weight == 1.0 for weight in members.values())
                rows.append(
                    (
                        site,
                        sum(whole[area] * weight for area, weight in members.items()),
                        None
                        if exact
                        else sum(whole[area] for area, weight in members.items() if weight == 1.0),
                        None if exact else sum(whole.values()),
                    )
                )
            made[name] = pl.DataFrame(
                [(place, name, PERIOD, value, None, low, high) for place, value, low, high in rows],
                schema=_VALUE,
                orient="row",
            )
    kinds = {"NL": "country", "PV": "province", "GM": "municipality", "BU": "neighbourhood"}
    province = {gm: pv for pv, inside in here.provinces.items() for gm in inside}
    places = []
    for place in [*here.official, *([] if here.country else ["NL"])]:
        municipality = f"GM{place[2:6]}" if place[:2] in ("GM", "BU") else None
        places.append(
            (
                place,
                kinds[place[:2]],
                municipality,
                place if place.startswith("PV") else province.get(municipality or ""),
            )
        )
    places += [(site, "site", None, None) for site in here.sites]
    return Frames(
        fed,
        made,
        pl.DataFrame(
            places,
            schema=dict.fromkeys(
                ("location_id", "kind", "municipality_code", "province_code"), pl.String
            ),
            orient="row",
        ),
        pl.DataFrame(
            [
                (site, 1, area, "all", weight, _method(weight), float(weight == 1.0), 1.0)
                for site, members in here.sites.items()
                for area, weight in members.items()
            ],
            schema=_MEMBER,
            orient="row",
        ).with_columns(
            valid_from=pl.lit(None, pl.Date),
            valid_to=pl.lit(None, pl.Date),
            release_id=pl.lit(None, pl.String),
            weights_known_from=pl.lit(None, pl.Datetime("us")),
            weights_synthetic=pl.lit(None, pl.Boolean),
        ),
    )
