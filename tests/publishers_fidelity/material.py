"""Small invented material that several tests put at a publisher, and the mark for real data."""

from __future__ import annotations

from typing import Any

import pytest

from tests.publishers.shared import available, folder

needs_shared = pytest.mark.skipif(
    not available(), reason=f"no shared data in {folder()}; LM_SHARED_DATA names another place"
)

ROW = ("19720516", "J", "", "BV", "89", "64210,68203", "64210", "NL")

ASK = {
    "service": "WFS",
    "version": "2.0.0",
    "request": "GetFeature",
    "typeNames": "WarmteAtlas:IBISbedrijventerreinen",
    "outputFormat": "application/json",
}
PARKS = [
    {"RIN_NUMMER": str(number), "PLAN_NAAM": f"PARK {number}", "HA_NETTO": number / 4,
     "geometry": {"type": "Point", "coordinates": [number, 0]}}
    for number in range(5)
]  # fmt: skip


def areas(year: int, count: int) -> list[dict[str, Any]]:
    """Invented municipalities: squares in a row."""
    return [
        {
            "type": "Feature",
            "id": f"gemeente_gegeneraliseerd.{year}-{place}",
            "properties": {
                "statcode": f"GM{place:04d}",
                "jrstatcode": f"{year}GM{place:04d}",
                "statnaam": f"Gemeente {place}",
                "rubriek": "gemeente",
                "id": place,
            },
            "bbox": [place, 0, place + 1, 1],
            "geometry": {"type": "Point", "coordinates": [place + 0.5, 0.5]},
        }
        for place in range(count)
    ]
