"""Outlines of areas of statistics, with the area they enclose, and the areas that they name."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from assets.core.frames import Edition, kind_of
from assets.core.regions import municipality_of
from assets.sources.errors import ContractBroken
from warehouse.tables.core import Outline, Region
from warehouse.vocabulary import polars_schema

if TYPE_CHECKING:
    import polars as pl

SQUARE_METRES = 10_000
"""In a hectare."""
NAMED_BY = {
    "statcode": "statnaam",
    "buurtcode": "buurtnaam",
    "wijkcode": "wijknaam",
    "gemeentecode": "gemeentenaam",
}
"""The property with an area's name, by the one with its code: each layer has its own."""
ABROAD = "Buitenland"
"""Name of what fills the map beyond the border; no area of statistics."""


def regions(edition: Edition) -> pl.DataFrame:
    """One row an outlined area, under its statistical code."""
    import polars as pl

    return (
        _areas(edition)
        .select("region_code", "name")
        .unique("region_code", keep="first", maintain_order=True)
        .with_columns(
            kind=kind_of("region_code"),
            municipality_code=municipality_of("region_code"),
            comparable=pl.lit(None, pl.Boolean),
            source=pl.lit(edition.source.name),
            edition=pl.lit(edition.edition),
            release_id=pl.lit(edition.release_id),
        )
        .select(polars_schema(Region).names())
        .cast(polars_schema(Region))
    )


def outlines(edition: Edition) -> pl.DataFrame:
    """One row an area: its geometry as published, in RD metres, and hectares enclosed.

    An area that came in several features (its land, its water) is one, of all their parts. Raises
    ContractBroken for an area without an outline.
    """
    import polars as pl

    parts: dict[str, list[str | None]] = {}
    for code, geometry in _areas(edition).select("region_code", "geometry").iter_rows():
        parts.setdefault(code, []).append(geometry)
    together = {code: _together(code, geometries) for code, geometries in parts.items()}
    rows = [
        {
            "source": edition.source.name,
            "edition": edition.edition,
            "region_code": code,
            "geojson": geometry,
            "area_ha": hectares(code, geometry),
            "release_id": edition.release_id,
        }
        for code, geometry in together.items()
    ]
    return pl.DataFrame(rows, schema=polars_schema(Outline))


def _areas(edition: Edition) -> pl.DataFrame:
    """`region_code`, `name`, `geometry` of the features that are areas of statistics.

    Raises ContractBroken where the layer has not the properties that say so.
    """
    import polars as pl

    code = edition.source.region or "statcode"
    rows, name = edition.raw.rows, NAMED_BY.get(code, "")
    if missing := {code, name, "geometry"} - set(rows.columns):
        raise ContractBroken(
            f"{edition.source.name} {edition.edition}: expected features with the properties "
            f"{code} and {name or 'a name'}, {sorted(missing)} are not there; check `region` in the "
            f"catalogue: it may be {', '.join(NAMED_BY)}"
        )
    areas = rows.select(pl.col(code).alias("region_code"), pl.col(name).alias("name"), "geometry")
    return areas.filter(pl.col("name").fill_null("") != ABROAD)


def _together(code: str, geometries: list[str | None]) -> str | None:
    """One geometry of several polygons. Raises ContractBroken for what is none."""
    if len(geometries) == 1:
        return geometries[0]
    parts: list[Any] = []
    for geometry in geometries:
        hectares(code, geometry)
        shape = json.loads(geometry or "")
        is_one = shape["type"] == "Polygon"
        parts += [shape["coordinates"]] if is_one else shape["coordinates"]
    return json.dumps({"type": "MultiPolygon", "coordinates": parts})


def hectares(code: str, geometry: str | None) -> float:
    """Area of a polygon or multipolygon in RD metres, holes taken out (the shoelace formula).

    Raises ContractBroken for what is no outline.
    """
    shape: dict[str, Any] = (json.loads(geometry) if geometry else None) or {}
    kind = shape.get("type")
    if kind not in ("Polygon", "MultiPolygon"):
        raise ContractBroken(
            f"{code}: expected a Polygon or MultiPolygon, came {kind or 'no geometry'}"
        )
    try:
        parts = shape["coordinates"] if kind == "MultiPolygon" else [shape["coordinates"]]
        area = 0.0
        for outer, *holes in parts:
            area += _enclosed(outer) - sum(_enclosed(hole) for hole in holes)
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise ContractBroken(
            f"{code}: the outline is not made of rings of points ({error!r:.80})"
        ) from error
    return area / SQUARE_METRES


def _enclosed(ring: list[list[float]]) -> float:
    pairs = zip(ring, ring[1:] + ring[:1], strict=True)
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs)) / 2
