"""Simpler outlines: Douglas-Peucker over the stretches of border between the points where three
areas (or two and the outside) meet, so that neighbours keep one and the same border.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

from assets.core.outlines import hectares

Point = tuple[int, int]
Ring = list[Point]

TOLERANCE = 50.0
"""Metres by which a border may move."""
LARGEST_CHANGE = 0.005
"""Share of its area that an outline may win or lose."""


def simplified(features: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same features (MultiPolygon, RD metres) with fewer points, all at whole metres.

    Properties and ids are kept, `bbox` is made anew. Raises ValueError for a ring of which less
    than a triangle is left, and for an outline whose area changes too much.
    """
    shapes = [
        [[_snapped(ring) for ring in polygon] for polygon in feature["geometry"]["coordinates"]]
        for feature in features
    ]
    nodes = _nodes(ring for shape in shapes for polygon in shape for ring in polygon)
    made = []
    for feature, shape in zip(features, shapes, strict=True):
        polygons = [[_simpler(ring, nodes) for ring in polygon] for polygon in shape]
        points = [point for polygon in polygons for ring in polygon for point in ring]
        simpler = {"type": "MultiPolygon", "coordinates": polygons}
        _refuse_other_area(feature, simpler)
        made.append({**feature, "bbox": _box(points), "geometry": simpler})
    return made


def _refuse_other_area(feature: dict[str, Any], simpler: dict[str, Any]) -> None:
    code = feature["properties"]["statcode"]
    before = hectares(code, json.dumps(feature["geometry"]))
    now = hectares(code, json.dumps(simpler))
    if abs(now / before - 1) > LARGEST_CHANGE:
        raise ValueError(f"{code}: {now:.0f} ha is left of {before:.0f}; use a smaller tolerance")


def _snapped(ring: Iterable[Sequence[float]]) -> Ring:
    """The ring at whole metres, without its closing point and without a point twice in a row."""
    points: Ring = []
    for x, y in ring:
        point = (round(x), round(y))
        if not points or point != points[-1]:
            points.append(point)
    if len(points) > 1 and points[0] == points[-1]:
        points.pop()
    return points


def _nodes(rings: Iterable[Ring]) -> frozenset[Point]:
    """Points from which border goes in more than two directions; they stay where they are."""
    neighbours: dict[Point, set[Point]] = defaultdict(set)
    for ring in rings:
        for before, point, after in zip(
            [ring[-1], *ring], ring, [*ring[1:], ring[0]], strict=False
        ):
            neighbours[point] |= {before, after}
    return frozenset(point for point, others in neighbours.items() if len(others) > 2)


def _simpler(ring: Ring, nodes: frozenset[Point]) -> Ring:
    """The ring, closed, each stretch between nodes simplified."""
    points = [point for arc in _arcs(ring, nodes) for point in _of_arc(arc)[:-1]]
    if len(points) < 3:
        raise ValueError(f"a ring at {ring[0]} has {len(points)} points left, fewer than three")
    return [*points, points[0]]


def _arcs(ring: Ring, nodes: frozenset[Point]) -> Iterator[Ring]:
    """The ring cut at its nodes; one without nodes at its first point in order of x and y."""
    cuts = [place for place, point in enumerate(ring) if point in nodes] or [ring.index(min(ring))]
    turned = ring[cuts[0] :] + ring[: cuts[0] + 1]
    places = [cut - cuts[0] for cut in cuts] + [len(ring)]
    for start, end in pairwise(places):
        yield turned[start : end + 1]


def _of_arc(arc: Ring) -> Ring:
    """The arc simplified, with the same outcome from whichever side it is walked."""
    back = arc[::-1]
    return _thinned(arc) if arc <= back else _thinned(back)[::-1]


def _thinned(line: Ring) -> Ring:
    """Douglas-Peucker: both ends, and whatever lies further than the tolerance from the chord."""
    first, last = line[0], line[-1]
    inner = range(1, len(line) - 1)
    if not inner:
        return line
    furthest = max(inner, key=lambda place: _distance(line[place], first, last))
    if _distance(line[furthest], first, last) <= TOLERANCE:
        return [first, last]
    return _thinned(line[: furthest + 1])[:-1] + _thinned(line[furthest:])


def _distance(point: Point, start: Point, end: Point) -> float:
    """From a point to the stretch from start to end, which may be a single point."""
    along = (end[0] - start[0], end[1] - start[1])
    off = (point[0] - start[0], point[1] - start[1])
    square = along[0] ** 2 + along[1] ** 2
    share = (off[0] * along[0] + off[1] * along[1]) / square if square else 0.0
    share = min(1.0, max(0.0, share))
    x, y = off[0] - share * along[0], off[1] - share * along[1]
    return float((x * x + y * y) ** 0.5)


def _box(points: Sequence[Point]) -> list[int]:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return [min(xs), min(ys), max(xs), max(ys)]
