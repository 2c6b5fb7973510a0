"""Polygons as somebody drew them: what is refused, and why; what is good, in RD metres.

Every refusal shows what was expected, what came, and what to do about it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyproj
    import shapely

RD, WGS84 = "EPSG:28992", "EPSG:4326"
SYSTEMS = {
    RD: "x from 0 to 300000 and y from 300000 to 625000, metres",
    WGS84: "longitude from 3.1 to 7.4 and latitude from 50.6 to 53.7, degrees",
}
"""Reference systems in which a polygon may be drawn, and what coordinates look like there."""
BOX = {RD: (0.0, 300_000.0, 300_000.0, 625_000.0), WGS84: (3.1, 50.6, 7.4, 53.7)}
"""West, south, east, north of the Netherlands."""
WEB_MAP = (300_000.0, 6_500_000.0, 900_000.0, 7_200_000.0)
"""The same on the maps of the web (EPSG:3857), in which many programs export by themselves."""
COUNTRY = (
    *((6, 375), (13, 402), (44, 432), (52, 450), (67, 458), (82, 477), (94, 510), (103, 568)),
    *((114, 587), (137, 607), (230, 627), (258, 615), (283, 590), (286, 559), (277, 537)),
    *((273, 506), (277, 472), (265, 458), (257, 433), (232, 422), (220, 410), (221, 374)),
    *((212, 337), (212, 319), (205, 301), (171, 302), (165, 316), (168, 335), (164, 347)),
    *((123, 370), (99, 372), (50, 350), (14, 357), (7, 364)),
)
"""The Netherlands, coarsely, in RD kilometres: some 8 km wider than the municipalities of 2026."""
FEWEST_POINTS = 4
"""Of a ring: a triangle, with the first point again at the end."""

Point = tuple[float, float]
Ring = list[Point]


def drawn(geometry: Mapping[str, Any], system: str) -> shapely.MultiPolygon:
    """A GeoJSON Polygon or MultiPolygon in RD metres.

    `system`: the reference system of its coordinates, `EPSG:28992` or `EPSG:4326`. Raises
    ValueError for what is no such polygon: another type, an empty one, a ring with too few points
    or not closed, numbers that do not fit the reference system, axes the wrong way round, a place
    outside the Netherlands, an outline that crosses itself.
    """
    import shapely

    parts = list(_parts(geometry))
    _refuse_misplaced([point for part in parts for ring in part for point in ring], system)
    shape = shapely.MultiPolygon([shapely.Polygon(outer, holes) for outer, *holes in parts])
    if not shape.is_valid:
        raise ValueError(
            f"{_fault(shape)}; expected rings that neither touch nor cross themselves or each "
            "other: redraw it there"
        )
    if system == WGS84:
        transform = _to_rd().transform
        shape = shapely.transform(shape, lambda points: _transformed(transform, points))
    if not shapely.Polygon([(1000.0 * x, 1000.0 * y) for x, y in COUNTRY]).covers(shape):
        where = _where([point for part in parts for point in part[0]])
        raise ValueError(
            f"it lies outside the Netherlands, at least in part: it runs over {where}; check the "
            "coordinates and `reference_system`"
        )
    return shape


def _parts(geometry: Mapping[str, Any]) -> Iterator[list[Ring]]:
    """The polygons of a geometry, each its rings, outer one first. Raises ValueError."""
    kind = geometry.get("type")
    if kind not in ("Polygon", "MultiPolygon"):
        raise ValueError(
            f"expected a GeoJSON Polygon or MultiPolygon, came {kind or 'none'}; draw the site as "
            "a closed area"
        )
    said = geometry.get("coordinates")
    parts = [said] if kind == "Polygon" else said
    if not _is_list(parts) or not parts or not all(_is_list(part) and part for part in parts):
        raise ValueError(
            f"the {kind} is empty; expected `coordinates` with rings of points"
            + (", one level of lists deeper than of a Polygon" if kind == "MultiPolygon" else "")
        )
    for part_number, part in enumerate(parts, 1):
        of_part = f" of part {part_number}" if kind == "MultiPolygon" else ""
        yield [_ring(ring, f"ring {number}{of_part}") for number, ring in enumerate(part, 1)]


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _ring(said: Any, name: str) -> Ring:
    """The points of a ring; a height that stands beside them is left out. Raises ValueError."""
    points: Ring = []
    for point in said if _is_list(said) else [said]:
        pair = list(point[:2]) if _is_list(point) else []
        if len(pair) != 2 or not all(_is_number(number) for number in pair):
            raise ValueError(
                f"{name} holds {point!r:.60}; expected points of two numbers, [x, y] or "
                "[longitude, latitude]"
            )
        points.append((float(pair[0]), float(pair[1])))
    if len(points) < FEWEST_POINTS:
        raise ValueError(
            f"{name} has {len(points)} points; expected {FEWEST_POINTS} or more, the last one the "
            "same as the first"
        )
    if points[0] != points[-1]:
        raise ValueError(
            f"{name} is not closed: it begins at {_shown(points[0])} and ends at "
            f"{_shown(points[-1])}; write the first point again at the end"
        )
    return points


def _is_number(value: Any) -> bool:
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and math.isfinite(float(value))
    )


def _refuse_misplaced(points: Sequence[Point], system: str) -> None:
    """Raises ValueError where numbers do not look like the Netherlands in `system`, with what
    they do look like."""
    if _within(points, BOX[system]):
        return
    expected, came = SYSTEMS[system], _where(points)
    swapped = [(y, x) for x, y in points]
    other = WGS84 if system == RD else RD
    if _within(swapped, BOX[system]):
        order = "x before y" if system == RD else "longitude before latitude"
        raise ValueError(
            f"the axes are the wrong way round: expected {expected}, came {came}; swap the two "
            f"numbers of every point, {order}"
        )
    if _within(points, BOX[other]) or _within(swapped, BOX[other]):
        raise ValueError(
            f"these are no coordinates in {system} but look like {other}: expected {expected}, "
            f"came {came}; write `reference_system: {other}`, or draw it in {system}"
        )
    if _within(points, WEB_MAP):
        raise ValueError(
            f"these are no coordinates in {system} but look like those of web maps (EPSG:3857): "
            f"expected {expected}, came {came}; export it in {RD} or {WGS84}"
        )
    raise ValueError(
        f"it lies outside the Netherlands: expected {expected}, came {came}; check the "
        "coordinates and `reference_system`"
    )


def _within(points: Sequence[Point], box: tuple[float, float, float, float]) -> bool:
    west, south, east, north = box
    return all(west <= x <= east and south <= y <= north for x, y in points)


def _where(points: Sequence[Point]) -> str:
    """The extent of points in words."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return f"{_number(min(xs))} to {_number(max(xs))} and {_number(min(ys))} to {_number(max(ys))}"


def _shown(point: Point) -> str:
    return f"[{_number(point[0])}, {_number(point[1])}]"


def _number(value: float) -> str:
    """A coordinate as people read it: metres to a tenth, degrees to a metre."""
    return f"{value:.1f}".removesuffix(".0") if abs(value) > 1000 else f"{value:.5f}".rstrip("0")


def _fault(shape: shapely.MultiPolygon) -> str:
    """What makes a shape invalid, and where."""
    import shapely

    what, _, where = shapely.is_valid_reason(shape).partition("[")
    at = [float(number) for number in where.removesuffix("]").split()]
    named = {
        "Self-intersection": "the outline crosses itself",
        "Ring Self-intersection": "a ring touches itself",
        "Hole lies outside shell": "a hole lies outside the outline",
        "Nested shells": "one part lies inside another",
        "Interior is disconnected": "the holes cut the area into pieces",
        "Too few points in geometry component": "a ring has fewer than three different points",
    }.get(what.strip(), what.strip().lower())
    return f"{named} at {_shown((at[0], at[1]))}" if len(at) == 2 else named


@cache
def _to_rd() -> pyproj.Transformer:
    """WGS84 to RD, without the correction grid: within half a metre."""
    import pyproj

    # What a machine can or cannot fetch may not move a boundary.
    pyproj.network.set_network_enabled(False)
    return pyproj.Transformer.from_crs(WGS84, RD, always_xy=True)


def _transformed(transform: Any, points: Any) -> Any:
    import numpy as np

    return np.column_stack(transform(points[:, 0], points[:, 1]))
