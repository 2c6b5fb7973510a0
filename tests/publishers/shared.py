"""Where real published data lies, and reading it as it was saved.

The folder is not part of the project and may be absent: tests that need it ask `available` and
skip, saying so. `LM_SHARED_DATA` overrides the place.
Not here: turning what is read into tables that can be served (`v3_table.py`, `v4_table.py`).
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

ROOT = Path(__file__).resolve().parents[2]


class SharedDataAbsentError(FileNotFoundError):
    """The shared data, or a file of it, is not on this machine."""


def folder() -> Path:
    """The folder of the shared data, whether it exists or not."""
    place = os.environ.get("LM_SHARED_DATA")
    return Path(place) if place else (ROOT / ".." / "shared" / "data").resolve()


def available() -> bool:
    """Whether there is any shared data on this machine."""
    return (folder() / "INDEX.md").is_file()


def path(name: str) -> Path:
    """A file of the shared data; `SharedDataAbsentError` says where it was looked for."""
    found = folder() / name
    if not found.is_file():
        raise SharedDataAbsentError(
            f"no {found}; set LM_SHARED_DATA to the folder that holds {name}"
        )
    return found


@dataclass(frozen=True)
class TableFiles:
    """The saved files of one table, all with the same beginning of their name."""

    prefix: Path

    def has(self, name: str) -> bool:
        """Whether the set of this name was saved."""
        return Path(f"{self.prefix}_{name}.parquet").is_file()

    def frame(self, name: str) -> pl.DataFrame:
        """One entity set."""
        return pl.read_parquet(f"{self.prefix}_{name}.parquet")

    def record(self, name: str) -> dict[str, Any]:
        """One JSON document."""
        document: dict[str, Any] = json.loads(Path(f"{self.prefix}_{name}.json").read_text("utf-8"))
        return document


def _table_files(identifier: str, version: str) -> TableFiles:
    here = folder() / "cbs" / identifier
    found = sorted(here.glob(f"*.{version}.{identifier}_Metadata.json"))
    if not found:
        raise SharedDataAbsentError(f"no saved {version} table {identifier} under {here.parent}")
    return TableFiles(Path(str(found[0]).removesuffix("_Metadata.json")))


def v3_files(identifier: str) -> TableFiles:
    """The files of a table saved from OData v3."""
    return _table_files(identifier, "v3")


def v4_files(identifier: str) -> TableFiles:
    """The files of a table saved from OData v4."""
    return _table_files(identifier, "v4")


def establishments() -> pl.DataFrame:
    """RegioS, Perioden, BedrijfstakkenBranchesSBI2008, Value: Overijssel in 2026, all sectors."""
    return pl.read_csv(path("cbs/cbs_81575NED_T001081_2026JJ00_overijssel.csv"))


def municipalities(year: int) -> list[dict[str, Any]]:
    """The generalised municipalities of 2022 (lon/lat) or 2026 (EPSG:28992), as features."""
    crs = {2022: "wgs84", 2026: "rd"}[year]
    document = json.loads(path(f"geo/gemeenten_{year}_{crs}.geojson").read_text("utf-8"))
    features: list[dict[str, Any]] = document["features"]
    return features


def kvk_bulk_csv() -> bytes:
    """The header and first rows of the anonymous bulk file of the trade register."""
    return path("kvk/kvk-open-dataset-basis-bedrijfsgegevens.sample.csv").read_bytes()


def business_parks() -> list[dict[str, Any]]:
    """75 business parks of Overijssel with the field names of the WFS."""
    frame = pl.read_csv(
        path("ibis/ibis_2024_overijssel_subset.csv"),
        schema_overrides={"rin": pl.String, "gemeentecode": pl.String},
    )
    return frame.select(
        RIN_NUMMER="rin",
        JAAR="jaar",
        PLAN_NAAM="plan_naam",
        GEM_CODES=pl.format("GM{}", "gemeentecode"),
        HA_BRUTO="ha_bruto",
        HA_NETTO="ha_netto",
        HA_TOTTUIT="ha_uitgeefbaar",
        WLOC_TYPE="wloc_type",
    ).to_dicts()
