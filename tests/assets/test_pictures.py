"""Pictures are drawn from the numbers, are well-formed SVG, and carry no markup of others."""

from __future__ import annotations

import base64
import json
import re
import xml.etree.ElementTree as ET

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from assets import pictures

SVG = "{http://www.w3.org/2000/svg}"


def drawn(markdown: str) -> ET.Element:
    found = re.search(r"\(data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)\)", markdown)
    assert found, markdown
    return ET.fromstring(base64.b64decode(found[1]))  # noqa: S314 - our own


def square(x: float, y: float, side: float = 1000) -> str:
    ring = [[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]
    return json.dumps({"type": "Polygon", "coordinates": [ring]})


@given(
    st.dictionaries(
        st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=40),
        st.integers(0, 10**9),
        min_size=1,
        max_size=40,
    )
)
def test_a_bar_a_label_as_long_as_its_number(values: dict[str, int]) -> None:
    bars = drawn(pictures.bars(values, "rows")).findall(f"{SVG}rect")
    shown = list(values.values())[-pictures.MOST_BARS :]
    assert len(bars) == len(shown)
    lengths = [float(bar.attrib["width"]) for bar in bars]
    for (one, length), (other, longer) in zip(
        sorted(zip(shown, lengths, strict=True)),
        sorted(zip(shown, lengths, strict=True))[1:],
        strict=False,
    ):
        assert one == other or length <= longer
    assert all(0 < length <= pictures.WIDTH for length in lengths)


def test_nothing_is_drawn_of_nothing() -> None:
    assert pictures.bars({}, "rows") == ""
    assert pictures.outlines([], "areas") == ""
    assert pictures.editions({"2020": 3}, ["2020"]) == ""
    assert pictures.outlines([square(0, 0)] * (pictures.MOST_AREAS + 1), "areas") == ""


def test_the_edition_that_was_taken_in_stands_out() -> None:
    picture = drawn(pictures.editions({"2019": 10, "2020": 20}, ["2020"]))
    assert [bar.attrib["fill"] for bar in picture.findall(f"{SVG}rect")] == [
        pictures.PLAIN,
        pictures.MARKED,
    ]


def test_a_map_has_an_outline_an_area_north_up() -> None:
    south, north = square(0, 0), square(0, 5000)
    picture = drawn(pictures.outlines([south, north], "two areas", {1}, {1: "A <b>&</b>"}))
    paths = picture.findall(f"{SVG}path")
    assert [path.attrib["fill"] for path in paths] == [pictures.PLAIN, pictures.MARKED]
    heights = [max(int(y) for y in re.findall(r",(\d+)", path.attrib["d"])) for path in paths]
    assert heights[1] < heights[0]
    [label] = picture.findall(f"{SVG}text")
    assert label.text == "A <b>&</b>"


def test_detail_below_a_pixel_is_left_out() -> None:
    ring = [[i * 0.01, (i % 2) * 0.01] for i in range(20_000)] + [[200, 1000], [0, 1000], [0, 0]]
    jagged = json.dumps({"type": "Polygon", "coordinates": [ring]})
    assert len(pictures.outlines([jagged, square(0, 0, 100_000)], "areas")) < 5_000


def test_rows_are_counted_by_a_column() -> None:
    frame = pl.DataFrame({"kind": ["site", "municipality", "municipality"]})
    texts = [
        text.text for text in drawn(pictures.counted(frame, "kind", "by kind")).iter(f"{SVG}text")
    ]
    assert texts == ["municipality", "2", "site", "1"]
