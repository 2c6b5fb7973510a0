"""Small pictures for the screen: bars and outlines as SVG, inside the Markdown that Dagster shows.

An `img` with a data address is what Dagster's Markdown lets through (SVG written into it is taken
out). Drawn by hand, because a bar and a line are ten lines of SVG and a plotting library is a
hundred times what it would draw. Nothing in a picture is text of a publisher but labels, escaped.
"""

from __future__ import annotations

import base64
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    import polars as pl

WIDTH = 460
"""Pixels, as much as fits beside Dagster's columns of names and moments."""
BAR, GAP, MOST_BARS = 16, 5, 30
PLAIN, MARKED, LINE, TEXT = "#9fb4d1", "#2f5f9e", "#5b6b7f", "#6b7785"
MOST_AREAS = 600
"""Outlines in one map; more cannot be told apart and would fill the log of events."""
FONT = 'font-family="sans-serif" font-size="11"'


def bars(values: Mapping[str, int], what: str, marked: Collection[str] = ()) -> str:
    """A horizontal bar a label, longest is widest, as Markdown. `marked`: labels that stand out.

    Of more than `MOST_BARS` the last are drawn, and it says so. Empty where there is nothing.
    """
    if not values:
        return ""
    shown = list(values.items())[-MOST_BARS:]
    room = min(170, 14 + 7 * max(len(label) for label, _ in shown))
    longest = max(1, *(value for _, value in shown))
    lines = []
    for number, (label, value) in enumerate(shown):
        top = number * (BAR + GAP)
        length = round((WIDTH - room - 80) * value / longest, 1)
        lines.append(
            f'<text x="{room - 6}" y="{top + 12}" text-anchor="end" {FONT} fill="{TEXT}">'
            f"{escape(label[:24])}</text>"
            f'<rect x="{room}" y="{top}" width="{max(length, 1)}" height="{BAR}" '
            f'fill="{MARKED if label in marked else PLAIN}"/>'
            f'<text x="{room + length + 5}" y="{top + 12}" {FONT} fill="{TEXT}">{value:,}</text>'
        )
    left_out = len(values) - len(shown)
    more = f" (the last {len(shown)} of {len(values)})" if left_out else ""
    return _picture(lines, len(shown) * (BAR + GAP), f"{what}{more}")


def outlines(
    geojson: Sequence[str], what: str, marked: Collection[int] = (), labels: Mapping[int, str] = {}
) -> str:
    """Outlines of areas as a map, as Markdown.

    `geojson`: geometries in one metric projection (RD); `marked` and `labels`: by position in it.
    Empty where there are none or too many.
    """
    import shapely

    if not 0 < len(geojson) <= MOST_AREAS:
        return ""
    shapes = shapely.from_geojson(list(geojson))
    west, south, east, north = shapely.total_bounds(shapes)
    scale = WIDTH / max(east - west, (north - south) / 1.2, 1.0)
    # Detail smaller than a pixel is not seen and would be most of the picture.
    shapes = shapely.simplify(shapes, 0.8 / scale)

    def at(x: float, y: float) -> tuple[int, int]:
        return round((x - west) * scale), round((north - y) * scale)

    lines, words = [], []
    for position, shape in enumerate(shapes):
        rings = [
            "M" + "L".join("{},{}".format(*at(x, y)) for x, y in part.exterior.coords) + "Z"
            for part in shapely.get_parts(shape)
            if part.geom_type == "Polygon" and not part.is_empty
        ]
        fill = MARKED if position in marked else PLAIN
        lines.append(
            f'<path d="{"".join(rings)}" fill="{fill}" fill-opacity="0.7" stroke="{LINE}" '
            'stroke-width="0.6"/>'
        )
        if position in labels and not shape.is_empty:
            x, y = at(*shape.representative_point().coords[0])
            words.append(
                f'<text x="{x}" y="{y + 4}" text-anchor="middle" {FONT} fill="#ffffff" '
                f'stroke="{MARKED}" stroke-width="2.5" paint-order="stroke">'
                f"{escape(labels[position][:24])}</text>"
            )
    return _picture([*lines, *words], round((north - south) * scale), what)


def editions(heights: Mapping[str, int], marked: Collection[str]) -> str:
    """Rows by edition, where there is more than one to compare."""
    return bars(heights, "rows by edition", marked) if len(heights) > 1 else ""


def counted(frame: pl.DataFrame, by: str, what: str) -> str:
    """Rows by the value of a column, most first."""
    import polars as pl

    counts = (
        frame.group_by(pl.col(by).cast(pl.String)).len().sort("len", by, descending=[True, False])
    )
    return bars({str(name): count for name, count in counts.head(MOST_BARS).iter_rows()}, what)


def _picture(lines: Sequence[str], height: int, what: str) -> str:
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{max(height, 1)}" '
        f'viewBox="0 0 {WIDTH} {max(height, 1)}">{"".join(lines)}</svg>'
    )
    address = base64.b64encode(svg.encode()).decode()
    return f"{what}\n\n![{what}](data:image/svg+xml;base64,{address})"
