"""The publishers as the bundled sample knows them, served over real HTTP: for tests of the whole house.

The frames are rebuilt from the sample's own wire bytes, so these tests need nothing but a clone.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import polars as pl

from tests.publishers import Publishers, V3Table, V4Table
from warehouse.archive import Archive, Release

SAMPLES = Path(__file__).resolve().parents[1] / "samples"
_V4_PARTS = ("MeasureCodes", "MeasureGroups", "Dimensions", "Observations")


def serve_sample(house: Publishers) -> None:
    """Put every release of the sample with its publisher."""
    archive = Archive(SAMPLES)
    house.cbs_v3.put(v3_table(archive, _latest(archive, "cbs_kwb", "2020")))
    house.third_party.put(v3_table(archive, _latest(archive, "iv3_provinces", "2013")))
    house.cbs_v4.put(v4_table(archive, _latest(archive, "cbs_establishments", "current")))
    kvk = _latest(archive, "kvk_open_data", "current")
    house.kvk.put_file(archive.read(kvk.part("file")), dt.datetime(2026, 10, 30, tzinfo=dt.UTC))
    for year in archive.editions("cbs_areas"):
        outlines = _latest(archive, "cbs_areas", year)
        house.geo.put_features("gemeente_gegeneraliseerd", int(year), _features(archive, outlines))
    parks = _latest(archive, "ibis", "current")
    house.ibis.put_features([feature["properties"] for feature in _features(archive, parks)])


def register_file(at: int = -1) -> tuple[str, bytes]:
    """Name and content of one of the sample's synthetic register extracts, in order of date; the last."""
    archive = Archive(SAMPLES)
    edition = sorted(archive.editions("establishment_register"))[at]
    release = _latest(archive, "establishment_register", edition)
    return release.identifier, archive.read(release.part("file"))


def _latest(archive: Archive, source: str, edition: str) -> Release:
    found = archive.latest(source, edition)
    assert found, f"the sample has no {source} {edition}"
    return found


def _values(archive: Archive, release: Release, name: str) -> list[dict[str, Any]]:
    return [
        entry
        for part in release.parts
        if part.name.split("/")[0] == name
        for entry in json.loads(archive.read(part))["value"]
    ]


def _features(archive: Archive, release: Release) -> list[dict[str, Any]]:
    return [f for part in release.parts for f in json.loads(archive.read(part))["features"]]


def _frame(rows: list[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame(rows, infer_schema_length=None)


def v3_table(archive: Archive, release: Release) -> V3Table:
    """A v3 table out of the bytes of its release."""
    [row] = [
        t for t in _values(archive, release, "Tables") if t["Identifier"] == release.identifier
    ]
    properties = _frame(_values(archive, release, "DataProperties")).rename(
        {"odata.type": "odata_type"}
    )
    dimensions = {
        p["Key"]: _frame(_values(archive, release, p["Key"]))
        for p in properties.iter_rows(named=True)
        if p["Type"] in ("Dimension", "TimeDimension", "GeoDimension", "GeoDetail")
    }
    rows = _frame(_values(archive, release, "TypedDataSet"))
    wanted = {
        p["Key"]: p["Datatype"] for p in properties.iter_rows(named=True) if p["Type"] == "Topic"
    }
    # A topic that is empty in the sample still has its own type.
    types = {"Long": pl.Int64, "Integer": pl.Int64, "Double": pl.Float64, "String": pl.String}
    rows = rows.with_columns(pl.col(key).cast(types[kind]) for key, kind in wanted.items())
    groups = _values(archive, release, "CategoryGroups")
    return V3Table(
        release.identifier,
        row,
        properties,
        dimensions,
        rows,
        category_groups=_frame(groups) if groups else None,
    )


def v4_table(archive: Archive, release: Release) -> V4Table:
    """A v4 table out of the bytes of its release."""
    said = json.loads(archive.read(release.part("Properties")))
    properties = {name: value for name, value in said.items() if not name.startswith("@")}
    frames = {name: _frame(_values(archive, release, name)) for name in _V4_PARTS}
    names = frames["Dimensions"].get_column("Identifier").to_list()
    return V4Table(
        release.identifier,
        properties,
        frames["Dimensions"].rename({"@odata.type": "odata_type"}, strict=False),
        frames["MeasureCodes"],
        frames["MeasureGroups"],
        {name: _frame(_values(archive, release, f"{name}Codes")) for name in names},
        {name: _frame(_values(archive, release, f"{name}Groups")) for name in names},
        frames["Observations"],
    )
