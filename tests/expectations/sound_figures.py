"""Sound evidence for `core.figure`, a source at a time: small, invented, and right in everything.

The invented country of Kerncijfers has 300 municipalities made of equal units, so that every
sum and ratio holds by construction; two of them have districts and neighbourhoods.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from expectations.rules import Evidence
from expectations.suites.figure_establishments import SECTIONS
from warehouse.tables.core import Contribution, Figure, Region
from warehouse.vocabulary import polars_schema

UNIT: dict[str, tuple[float, str]] = {
    "inhabitants": (1000, "persons"),
    "men": (500, "persons"),
    "women": (500, "persons"),
    "age_0_15": (200, "persons"),
    "age_15_25": (200, "persons"),
    "age_25_45": (200, "persons"),
    "age_45_65": (200, "persons"),
    "age_65_plus": (200, "persons"),
    "households": (450, "households"),
    "households_single": (150, "households"),
    "households_without_children": (150, "households"),
    "households_with_children": (150, "households"),
    "dwellings": (440, "dwellings"),
    "benefits_social_assistance": (20, "persons"),
    "benefits_disability": (40, "persons"),
    "benefits_unemployment": (10, "persons"),
    "benefits_pension": (180, "persons"),
    "establishments": (160, "count"),
    "establishments_agriculture": (20, "count"),
    "establishments_industry": (20, "count"),
    "establishments_trade_hospitality": (20, "count"),
    "establishments_transport_information": (20, "count"),
    "establishments_finance_property": (20, "count"),
    "establishments_business_services": (20, "count"),
    "establishments_government_care": (20, "count"),
    "establishments_culture_other": (20, "count"),
    "cars": (520, "vehicles"),
    "motorcycles": (30, "vehicles"),
    "area_total": (240, "ha"),
    "area_land": (200, "ha"),
    "area_water": (40, "ha"),
}
"""What one unit (a neighbourhood) has of everything that adds up."""
SAME: dict[str, tuple[float, str]] = {
    "household_size": (2.2, "persons per household"),
    "population_density": (500, "persons per km2"),
    "home_value": (300_000, "euro"),
    "income_per_inhabitant": (28_000, "euro"),
    "cars_per_household": (1.2, "vehicles per household"),
    "distance_supermarket": (0.9, "km"),
    "distance_daycare": (0.7, "km"),
    "urbanity": (3, "class"),
    "address_density": (1200, "addresses per km2"),
    "owner_occupied": (57, "%"),
}
"""What every area has alike."""
UNITS_OF_MUNICIPALITY = 58


def figures(
    source: str, edition: str, rows: list[dict[str, Any]], release: str = ""
) -> pl.DataFrame:
    """Figures with the usual rest: definitive, in total, of one release."""
    usual = {
        "source": source,
        "edition": edition,
        "breakdown": "total",
        "status": "definitive",
        "missing_reason": None,
        "release_id": release or f"{source}:{edition}:2021-03-26T00:00:00",
    }
    return pl.DataFrame([usual | row for row in rows], schema=polars_schema(Figure))


def areas() -> dict[str, int]:
    """Area codes of the invented country, with the units that each is made of."""
    found: dict[str, int] = {}
    for number in range(1, 301):
        digits = f"{number:04}"
        if number > 2:
            found[f"GM{digits}"] = UNITS_OF_MUNICIPALITY
            continue
        found[f"GM{digits}"] = 6
        for district in ("00", "01"):
            found[f"WK{digits}{district}"] = 3
            found |= {f"BU{digits}{district}0{n}": 1 for n in range(3)}
    return {"NL00": sum(n for code, n in found.items() if code[:2] == "GM")} | found


def area_list(source: str, edition: str, codes: list[str]) -> pl.DataFrame:
    """The area list that goes with figures."""
    kinds = {"NL": "country", "GM": "municipality", "WK": "district", "BU": "neighbourhood"}
    rows = [
        {
            "source": source,
            "edition": edition,
            "region_code": code,
            "name": f"Gebied {code}",
            "kind": kinds.get(code[:2], "business_park"),
            "municipality_code": None if code[:2] in ("NL", "RI") else f"GM{code[2:6]}",
            "comparable": True if code[:2] in ("WK", "BU") else None,
            "release_id": f"{source}:{edition}:2021-03-26T00:00:00",
        }
        for code in codes
    ]
    return pl.DataFrame(rows, schema=polars_schema(Region))


def kwb() -> Evidence:
    """Kerncijfers of the invented country; one neighbourhood's home value is not known."""
    rows = [
        {
            "region_code": code,
            "period": "2020",
            "measure": measure,
            "value": amount * (units if measure in UNIT else 1),
            "unit": unit,
        }
        for code, units in areas().items()
        for measure, (amount, unit) in (UNIT | SAME).items()
    ]
    hidden = (pl.col("region_code") == "BU00010000") & (pl.col("measure") == "home_value")
    frame = figures("cbs_kwb", "2020", rows).with_columns(
        value=pl.when(~hidden).then("value"),
        missing_reason=pl.when(hidden).then(pl.lit("unknown")),
    )
    return Evidence(
        frame=frame,
        table=Figure,
        source="cbs_kwb",
        edition="2020",
        last_good=frame,
        others={"region": area_list("cbs_kwb", "2020", list(areas()))},
        facts={
            "measures": {name: unit for name, (_, unit) in (UNIT | SAME).items()},
            "row_floor": 300,
        },
    )


def municipal_establishments() -> Evidence:
    """Establishments of twenty municipalities in three years, by section and in all."""
    codes = [f"GM{n:04}" for n in range(141, 161)]
    rows = [
        {
            "region_code": code,
            "period": str(year),
            "measure": "establishments",
            "breakdown": sector,
            "value": float(each + 5 * (year - 2024) * (19 if sector == "T001081" else 1)),
            "unit": "count",
        }
        for code in codes
        for year in (2024, 2025, 2026)
        for sector, each in [("T001081", 1900), *((section, 100) for section in SECTIONS)]
    ]
    frame = figures(
        "cbs_establishments",
        "current",
        rows,
        release="cbs_establishments:current:2026-02-01T00:00:00",
    )
    return Evidence(
        frame=frame,
        table=Figure,
        source="cbs_establishments",
        edition="current",
        last_good=frame,
        others={"region": area_list("cbs_establishments", "current", codes)},
        facts={"measures": {"establishments": "count"}, "row_floor": 1000},
    )


STOCK = {
    "GM0153": {
        "total": (60, 900), "size_0_1": (20, 20), "size_2_9": (20, 180), "size_10_49": (16, 320),
        "size_50_99": (3, 220), "size_100_plus": (1, 160), "size_10_plus": (20, 700),
        "section_C": (15, 400), "section_G": (45, 500), "sbi_htsm": (15, 400),
        "sector_industry": (15, 400), "sector_trade_hospitality": (40, 450),
        "sector_ambiguous": (5, 50),
    },
    "BU01530703": {
        "total": (40, 700), "size_0_1": (10, 10), "size_2_9": (15, 90), "size_10_49": (11, 220),
        "size_50_99": (3, 220), "size_100_plus": (1, 160), "size_10_plus": (15, 600),
        "section_C": (15, 400), "section_G": (25, 300), "sbi_htsm": (15, 400),
    },
    "BU01530000": {
        "total": (15, 150), "size_0_1": (5, 5), "size_2_9": (5, 45), "size_10_49": (5, 100),
        "size_50_99": (0, 0), "size_100_plus": (0, 0), "size_10_plus": (5, 100),
        "section_G": (15, 150), "sbi_htsm": (0, 0),
    },
}  # fmt: skip
"""Area and breakdown -> establishments and jobs."""
CHANGES = {
    "GM0153": (58, 6, 5, 3, 2, 1, 1, 1),
    "BU01530703": (38, 4, 3, 2, 1, 0, 0, 1),
    "BU01530000": (15, 1, 1, 1, 1, 0, 0, 0),
}
"""By area in the order of `MEASURES_OF_CHANGE`."""
MEASURES_OF_CHANGE = ("previous_establishments", "births", "deaths", "moves_in", "moves_out",
                      "other_in", "other_out", "net_relocation")  # fmt: skip


def register() -> Evidence:
    """Counts of a registry extract, for one municipality and two of its neighbourhoods."""
    told: list[tuple[str, str, str, float, int, float, float]] = []
    for code, breakdowns in STOCK.items():
        for breakdown, (count, jobs) in breakdowns.items():
            largest = min(50, max(0, jobs - count + 1))
            second = min(30, jobs - largest - count + 2) if count > 1 else 0
            ones = (float(count > 0), float(count > 1))
            told.append((code, breakdown, "establishments", count, count, *ones))
            told.append((code, breakdown, "jobs", jobs, count, largest, second))
    for code, changes in CHANGES.items():
        for measure, value in zip(MEASURES_OF_CHANGE, changes, strict=True):
            count = 5 if measure == "net_relocation" else value
            ones = (float(count > 0), float(count > 1))
            told.append((code, "total", measure, value, count, *ones))
    rows = [
        {
            "region_code": code,
            "period": "2026-04-01",
            "measure": measure,
            "breakdown": breakdown,
            "value": float(value),
            "unit": "persons" if measure == "jobs" else "count",
        }
        for code, breakdown, measure, value, *_ in told
    ]
    frame = figures("establishment_register", "2026-04-01", rows)
    behind = [
        {
            "region_code": code,
            "breakdown": breakdown,
            "measure": measure,
            "contributors": count,
            "largest": float(largest),
            "second_largest": float(second),
        }
        for code, breakdown, measure, _, count, largest, second in told
    ]
    contribution = pl.DataFrame(behind).with_columns(
        source=pl.lit("establishment_register"),
        edition=pl.lit("2026-04-01"),
        period=pl.lit("2026-04-01"),
        release_id=pl.lit(frame["release_id"].first()),
    )
    return Evidence(
        frame=frame,
        table=Figure,
        source="establishment_register",
        edition="2026-04-01",
        last_good=frame,
        others={
            "establishment": pl.DataFrame(),
            "contribution": contribution.select(polars_schema(Contribution).names()),
        },
        facts={"measures": {}, "row_floor": 10_000},
    )


def provincial_budgets() -> Evidence:
    """Costs and revenues of two provinces: functions, main functions and the total."""
    amounts = {"7.0": 1e6, "7.1": 39e6, "0.5": 60e6, "7": 40e6, "0": 60e6, "total": 100e6}
    rows = [
        {
            "region_code": province,
            "period": "2013",
            "measure": measure,
            "breakdown": f"{report}/{code}",
            "value": value,
            "unit": "euro",
        }
        for province in ("PV23", "PV24")
        for report in ("budget", "quarter_1", "accounts")
        for measure in ("costs", "revenues")
        for code, value in amounts.items()
    ]
    frame = figures("iv3_provinces", "2013", rows)
    return Evidence(
        frame=frame,
        table=Figure,
        source="iv3_provinces",
        edition="2013",
        last_good=frame,
        others={"budget_line": pl.DataFrame()},
        facts={"measures": {"first_placement": "euro"}, "row_floor": 100_000},
    )


def business_parks() -> Evidence:
    """Areas of 120 parks."""
    codes = [f"RIN{23200000 + n}" for n in range(120)]
    rows = [
        {"region_code": code, "period": "2024", "measure": measure, "value": value, "unit": "ha"}
        for code in codes
        for measure, value in (("area_gross", 58.6), ("area_net", 38.6), ("area_available", 3.5))
    ]
    frame = figures("ibis", "current", rows, release="ibis:current:2026-10-10T00:00:00")
    return Evidence(
        frame=frame,
        table=Figure,
        source="ibis",
        edition="current",
        last_good=frame,
        others={"region": area_list("ibis", "current", codes)},
        facts={
            "measures": {"area_gross": "ha", "area_net": "ha", "area_available": "ha"},
            "row_floor": 100,
        },
    )


def companies() -> Evidence:
    """Active companies on the day of the file, and those started in fifteen years."""
    rows: list[dict[str, Any]] = [
        {
            "region_code": "NL",
            "period": "2026-08-04",
            "measure": "companies_active",
            "value": 400_000.0,
            "unit": "count",
        }
    ]
    rows += [
        {
            "region_code": "NL",
            "period": str(year),
            "measure": "company_starts",
            "value": 20_000.0 + 100 * (year - 2011),
            "unit": "count",
        }
        for year in range(2011, 2026)
    ]
    frame = figures(
        "kvk_open_data", "current", rows, release="kvk_open_data:current:2026-08-04T06:00:00"
    )
    return Evidence(
        frame=frame,
        table=Figure,
        source="kvk_open_data",
        edition="current",
        last_good=frame,
        others={"company": pl.DataFrame()},
        facts={"measures": {}, "row_floor": 100_000},
    )
