"""What can be measured of an outline in GeoJSON, without a geometry library: extent and area."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

Ring = list[list[float]]


def measured(table: pl.DataFrame, key: str) -> pl.DataFrame:
    """A row each outline of `table` (columns `key`, `geojson`, `area_ha`), with what it encloses.

    `readable`: a Polygon or MultiPolygon of numbers; `closed`: every ring ends where it begins;
    `min_x`, `min_y`, `max_x`, `max_y`; `enclosed_ha`, holes taken out; `area_to_enclosed` and
    `area_to_box`, the declared area as a share of the enclosed one and of the extent.
    Measurements are null where the outline cannot be read.
    """
    import polars as pl

    rows = [_measure(text) for text in table["geojson"]]
    schema = {
        "readable": pl.Boolean,
        "closed": pl.Boolean,
        "min_x": pl.Float64,
        "min_y": pl.Float64,
        "max_x": pl.Float64,
        "max_y": pl.Float64,
        "enclosed_ha": pl.Float64,
    }
    measures = pl.DataFrame(rows, schema=schema, orient="row")
    box_ha = (pl.col("max_x") - pl.col("min_x")) * (pl.col("max_y") - pl.col("min_y")) / 1e4
    return pl.concat([table.select(key, "area_ha"), measures], how="horizontal").with_columns(
        area_to_enclosed=pl.col("area_ha") / pl.col("enclosed_ha"),
        area_to_box=pl.col("area_ha") / box_ha,
    )


def _measure(text: str) -> tuple[Any, ...]:
    """The measurements of one outline in the order of `measured`'s columns."""
    try:
        polygons = list(_polygons(json.loads(text)))
        points = [point for rings in polygons for ring in rings for point in ring]
        xs, ys = [float(point[0]) for point in points], [float(point[1]) for point in points]
        closed = all(ring[0] == ring[-1] for rings in polygons for ring in rings)
        square_metres = sum(_enclosed(rings) for rings in polygons)
        return True, closed, min(xs), min(ys), max(xs), max(ys), square_metres / 1e4
    except (ValueError, TypeError, KeyError, IndexError, AttributeError):
        return False, None, None, None, None, None, None


def _polygons(geometry: Any) -> Iterator[list[Ring]]:
    """The polygons of a geometry, each a list of rings, the outer one first."""
    if geometry["type"] == "Polygon":
        yield geometry["coordinates"]
    elif geometry["type"] == "MultiPolygon":
        yield from geometry["coordinates"]
    else:
        raise ValueError(f"not an area: {geometry['type']}")


def _enclosed(rings: list[Ring]) -> float:
    """Area of a polygon: its outer ring less its holes, by the shoelace formula."""
    sizes = [
        abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:] + ring[:1], strict=True)))
        / 2
        for ring in rings
    ]
    return sizes[0] - sum(sizes[1:])
