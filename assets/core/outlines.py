"""Outlines of municipalities, with the area they enclose, and the areas that they name."""

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


def regions(edition: Edition) -> pl.DataFrame:
    """One row an outlined area, under its statistical code."""
    import polars as pl

    return (
        edition.raw.rows.select(region_code="statcode", name="statnaam")
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

    Raises ContractBroken for an area without an outline.
    """
    import polars as pl

    rows = [
        {
            "source": edition.source.name,
            "edition": edition.edition,
            "region_code": code,
            "geojson": geometry,
            "area_ha": hectares(code, geometry),
            "release_id": edition.release_id,
        }
        for code, geometry in edition.raw.rows.select("statcode", "geometry").iter_rows()
    ]
    return pl.DataFrame(rows, schema=polars_schema(Outline))


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
