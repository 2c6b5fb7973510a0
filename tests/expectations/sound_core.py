"""Sound evidence for the other tables of `core`: small, invented, and right in everything."""

from __future__ import annotations

import datetime as dt
import json

import polars as pl

from expectations.rules import Evidence
from tests.expectations.sound_figures import area_list
from warehouse.tables.core import (
    REPORTS,
    BudgetLine,
    Company,
    Contribution,
    Establishment,
    Outline,
    PostcodeArea,
    Region,
)
from warehouse.vocabulary import polars_schema

FUNCTIONS = {"7.0": 0.1, "7.1": 0.4, "0.9": 0.5}
"""Functions and the share of the money that goes to each."""
YEAR_SO_FAR = dict(zip(REPORTS, (1.0, 0.2, 0.45, 0.7, 1.1, 1.05), strict=True))
"""Each report as a share of the budget: quarters are cumulative."""


def region() -> Evidence:
    """The country and twenty municipalities of five neighbourhoods each."""
    codes = ["NL00"]
    for number in range(1, 21):
        digits = f"{number:04}"
        codes += [f"GM{digits}", f"WK{digits}00", *(f"BU{digits}000{n}" for n in range(5))]
    frame = area_list("cbs_kwb", "2020", codes)
    return Evidence(frame=frame, table=Region, source="cbs_kwb", edition="2020", last_good=frame)


def square(west: float, south: float, side: float) -> str:
    """A square as GeoJSON, its ring closed."""
    corners = [(0, 0), (side, 0), (side, side), (0, side), (0, 0)]
    ring = [[west + x, south + y] for x, y in corners]
    return json.dumps({"type": "Polygon", "coordinates": [ring]})


def outline() -> Evidence:
    """A square of 10 by 11 km (as two rows of 110) for each of 320 municipalities."""
    codes = [f"GM{n:04}" for n in range(1, 321)]
    side = 10_500.0
    rows = [
        {
            "source": "cbs_areas",
            "edition": "2026",
            "region_code": code,
            "geojson": square(20_000 + n % 20 * 11_000, 310_000 + n // 20 * 11_000, side),
            "area_ha": side**2 / 1e4,
            "release_id": "cbs_areas:2026:2026-03-01T00:00:00",
        }
        for n, code in enumerate(codes)
    ]
    frame = pl.DataFrame(rows, schema=polars_schema(Outline))
    return Evidence(
        frame=frame,
        table=Outline,
        source="cbs_areas",
        edition="2026",
        last_good=frame,
        others={"region": area_list("cbs_areas", "2026", codes)},
        facts={"row_floor": 300},
    )


def postcode_area() -> Evidence:
    """Two thousand postcodes of twenty addresses in twenty neighbourhoods."""
    rows = [
        {
            "source": "cbs_postcodes",
            "edition": "2025",
            "postcode": f"{8000 + n // 20}{'ABCDEFGHJKLMNPRSTVWX'[n % 20]}A",
            "neighbourhood_code": f"BU019300{n % 20:02}",
            "addresses": 20,
            "release_id": "cbs_postcodes:2025:2025-11-01T00:00:00",
        }
        for n in range(2000)
    ]
    frame = pl.DataFrame(rows, schema=polars_schema(PostcodeArea))
    return Evidence(
        frame=frame, table=PostcodeArea, source="cbs_postcodes", edition="2025", last_good=frame
    )


def budget_line() -> Evidence:
    """All reports of twelve provinces: functions that balance, a cost centre, a balance sheet."""
    rows = []
    for province in (f"PV{n}" for n in range(20, 32)):
        for report in REPORTS:
            money = 800e6 * YEAR_SO_FAR[report]
            for code, share in FUNCTIONS.items():
                kind, name = "function", f"Functie {code}"
                for category, side, amount in (
                    ("L1.1", "costs", money * share / 2),
                    ("L2.3.1", "costs", money * share / 2),
                    ("B2.3", "revenues", money * share),
                    ("Ultimo", "balance", None),
                ):
                    rows.append((province, report, code, name, kind, category, side, amount))
            for code, kind, category, side, amount in (
                ("kp_ovg", "cost_centre", "L1.1", "costs", 2e6),
                ("A23", "balance_item", "L7.1", "costs", money / 10),
                ("A23", "balance_item", "Ultimo", "balance", 500e6),
                ("P111", "balance_item", "Ultimo", "balance", 500e6),
            ):
                rows.append((province, report, code, f"Post {code}", kind, category, side, amount))
    frame = pl.DataFrame(
        [
            {
                "source": "iv3_provinces",
                "edition": "2013",
                "province_code": province,
                "report": report,
                "function_code": code,
                "category_code": category,
                "function_name": name,
                "function_kind": kind,
                "side": side,
                "amount_eur": amount,
                "first_amount_eur": amount,
                "placement": None if amount is None else "second",
                "status": "definitive",
                "missing_reason": "impossible" if amount is None else None,
                "release_id": "iv3_provinces:2013:2015-09-24T00:00:00",
            }
            for province, report, code, name, kind, category, side, amount in rows
        ],
        schema=polars_schema(BudgetLine),
    )
    return Evidence(
        frame=frame,
        table=BudgetLine,
        source="iv3_provinces",
        edition="2013",
        last_good=frame,
        facts={"row_floor": 500},
    )


def establishment() -> Evidence:
    """An extract of 1,200 invented firms in one municipality."""
    sectors = [f"{division}{rest}" for division in range(10, 40) for rest in ("100", "201")]
    rows = [
        {
            "source": "establishment_register",
            "edition": "2026-04-01",
            "establishment_id": f"{n:012}",
            "row_number": n,
            "company_id": f"{90_000_000 + n:08}",
            "trade_name": f"Bedrijf {n}",
            "postcode": "7521AG" if n % 2 else "7522NB",
            "postcode4": "7521" if n % 2 else "7522",
            "place": "Enschede",
            "municipality_code": "GM0153",
            "neighbourhood_code": "BU01530703" if n % 2 else "BU01530000",
            "sbi_code": sectors[n % len(sectors)],
            "sbi_edition": "2025",
            "sbi_2008": sectors[n % len(sectors)][:4],
            "working_persons": n % 40,
            "start_date": dt.date(2001 + n % 20, 1, 1),
            "start_known_to": "day" if n % 3 else "year",
            "end_date": dt.date(2026, 1, 1) if n % 50 == 0 else None,
            "end_known_to": "month" if n % 50 == 0 else None,
            "reference_date": dt.date(2026, 4, 1),
            "release_id": "establishment_register:2026-04-01:2026-06-01T00:00:00",
        }
        for n in range(1, 1201)
    ]
    frame = pl.DataFrame(rows, schema=polars_schema(Establishment))
    return Evidence(
        frame=frame,
        table=Establishment,
        source="establishment_register",
        edition="2026-04-01",
        last_good=frame,
        others={"region": area_list("cbs_kwb", "2026", ["GM0153", "BU01530703", "BU01530000"])},
        facts={"row_floor": 10},
    )


def contribution() -> Evidence:
    """What stands behind the establishments and jobs of ten neighbourhoods, the first empty."""
    rows = []
    for n in range(10):
        tops = {"establishments": (float(n > 0), float(n > 1))}
        tops["jobs"] = (20.0 * n, 10.0 * (n > 1))
        for measure, (largest, second) in tops.items():
            rows.append(
                {
                    "source": "establishment_register",
                    "edition": "2026-04-01",
                    "region_code": f"BU0153000{n}",
                    "period": "2026-04-01",
                    "measure": measure,
                    "breakdown": "total",
                    "contributors": n,
                    "largest": largest,
                    "second_largest": second,
                    "release_id": "establishment_register:2026-04-01:2026-06-01T00:00:00",
                }
            )
    frame = pl.DataFrame(rows, schema=polars_schema(Contribution))
    return Evidence(
        frame=frame,
        table=Contribution,
        source="establishment_register",
        edition="2026-04-01",
        last_good=frame,
    )


def company() -> Evidence:
    """A file of 1,200 anonymous companies, two in three active."""
    rows = [
        {
            "source": "kvk_open_data",
            "edition": "current",
            "row_number": n,
            "start_year": 1972 + n % 54,
            "start_date": dt.date(1972 + n % 54, 5, 16),
            "active": n % 3 > 0,
            "insolvency": "FAIL" if n % 50 == 0 else None,
            "legal_form": "NV" if n % 20 == 0 else "BV",
            "postcode_region": str(10 + n % 90),
            "main_sbi": "64210" if n % 3 else "6420",
            "release_id": "kvk_open_data:current:2026-08-04T06:00:00",
        }
        for n in range(1, 1201)
    ]
    frame = pl.DataFrame(rows, schema=polars_schema(Company))
    return Evidence(
        frame=frame,
        table=Company,
        source="kvk_open_data",
        edition="current",
        last_good=frame,
        facts={"row_floor": 1000},
    )
