"""A wrong boundary of a site is refused with file, line, field and what to write instead.

Not here: what makes a polygon wrong (`test_polygons.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assets.catalogue import load_catalogue
from assets.catalogue.loading import fingerprint

MEMBERS = """\
      members:
        - code: BU00010001
          weight: 1
          source: a list
"""
SECOND = "    - valid_from: 2020-01-01\n      source: another\n" + MEMBERS
CROSSING = (
    "{type: Polygon, coordinates: [[[255000, 472000], [256000, 473000], [256000, 472000], "
    "[255000, 473000], [255000, 472000]]]}"
)
SQUARE = (
    "{type: Polygon, coordinates: [[[255000, 472000], [256000, 472000], [256000, 473000], "
    "[255000, 473000], [255000, 472000]]]}"
)
Case = tuple[str, str, str, tuple[str, ...]]

CASES: dict[str, Case] = {
    "the form of before": (
        "  boundaries:\n    - valid_from: 2016-01-01\n      source: a decision\n" + MEMBERS,
        MEMBERS.replace("      ", "  ", 1),
        "  members:",
        ("sites first-park: members: unknown field", "allowed:", "boundaries"),
    ),
    "two at a time": (
        MEMBERS,
        MEMBERS + SECOND,
        "- id: first-park",
        ("boundaries 1 and 2 hold at the same time", "no end", "2020-01-01", "`valid_to`"),
    ),
    "ends as the other has begun": (
        "    - valid_from: 2016-01-01\n      source: a decision\n" + MEMBERS,
        "    - valid_from: 2016-01-01\n      valid_to: 2020-02-01\n      source: a decision\n"
        + MEMBERS
        + SECOND,
        "- id: first-park",
        ("hold at the same time: the first has valid_to 2020-02-01", "begins at 2020-01-01"),
    ),
    "ends before it begins": (
        "valid_from: 2016-01-01\n      source: a decision",
        "valid_from: 2016-01-01\n      valid_to: 2016-01-01\n      source: a decision",
        "- valid_from: 2016-01-01\n      valid_to",
        ("boundaries.0: valid_to 2016-01-01 is not after valid_from 2016-01-01",),
    ),
    "nothing in it": (
        MEMBERS,
        "",
        "- valid_from: 2016-01-01\n      source: a decision",
        ("boundaries.0: it is empty: write `members`, `postcodes` or a `polygon`",),
    ),
    "who says so is left out": (
        "      source: a decision\n",
        "",
        "- valid_from: 2016-01-01\n      members",
        ("boundaries.0.source: this field is required",),
    ),
    "two ways": (
        MEMBERS,
        f'      postcodes: ["7521"]\n      polygon: {{reference_system: EPSG:28992, geometry: {SQUARE}}}\n',
        "- valid_from: 2016-01-01\n      source: a decision",
        ("`polygon` and `postcodes` are both there; keep one",),
    ),
    "an area beside postcodes": (
        MEMBERS,
        MEMBERS + '      postcodes: ["7521"]\n',
        "- valid_from: 2016-01-01\n      source: a decision",
        ("BU00010001 stands beside a postcode", "register numbers"),
    ),
    "a member twice": (
        MEMBERS,
        MEMBERS + "".join(MEMBERS.splitlines(keepends=True)[1:]),
        "- valid_from: 2016-01-01\n      source: a decision",
        ("member BU00010001 is written twice",),
    ),
    "a postcode within another": (
        MEMBERS,
        '      postcodes: ["7521", 7521AB]\n',
        "- valid_from: 2016-01-01\n      source: a decision",
        ("7521AB lies in 7521, which is there too",),
    ),
    "a postcode with a space": (
        MEMBERS,
        "      postcodes: [7521 AB]\n",
        "postcodes: [7521 AB]",
        ("boundaries.0.postcodes.0: '7521 AB' does not have the form",),
    ),
    "a postcode that YAML takes for a number": (
        MEMBERS,
        "      postcodes: [7521]\n",
        "postcodes: [7521]",
        ("boundaries.0.postcodes.0: write text, between quotes", "(came: 7521)"),
    ),
    "a polygon that crosses itself": (
        MEMBERS,
        f"      polygon:\n        reference_system: EPSG:28992\n        geometry: {CROSSING}\n",
        "polygon:\n",
        ("boundaries.0.polygon: the outline crosses itself at [255500, 472500]",),
    ),
    "another reference system": (
        MEMBERS,
        f"      polygon: {{reference_system: EPSG:3857, geometry: {SQUARE}}}\n",
        "polygon: {",
        ("boundaries.0.polygon.reference_system: write one of 'EPSG:28992' or 'EPSG:4326'",),
    ),
    "no reference system": (
        MEMBERS,
        f"      polygon: {{geometry: {SQUARE}}}\n",
        "polygon: {",
        ("boundaries.0.polygon.reference_system: this field is required",),
    ),
    "a polygon without a geometry": (
        MEMBERS,
        "      polygon: {reference_system: EPSG:28992}\n",
        "polygon: {",
        ("boundaries.0.polygon: write a GeoJSON `geometry`, or the name of a `file`",),
    ),
    "a file that is not there": (
        MEMBERS,
        "      polygon: {reference_system: EPSG:28992, file: park.geojson}\n",
        "polygon: {",
        ("boundaries.0.polygon: park.geojson cannot be read", "put it in"),
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_wrong_boundary_is_refused_where_it_stands(
    case: Case, spoil: Callable[[str, str, str, str], tuple[str, str]]
) -> None:
    old, new, line_with, says = case
    message, place = spoil("sites.yaml", old, new, line_with)
    assert message.startswith(place)
    for words in says:
        assert words in message


def test_a_polygon_in_a_file_is_part_of_what_is_declared(
    sound: dict[str, str], write: Callable[[dict[str, str]], Path]
) -> None:
    said = sound["sites.yaml"].replace(
        MEMBERS,
        "      polygon: {reference_system: EPSG:28992, file: park.geojson}\n"
        "      members: [{code: RIN7, weight: 1, source: the register}]\n",
    )
    corners = [[255e3, 472e3], [256e3, 472e3], [256e3, 473e3], [255e3, 473e3], [255e3, 472e3]]
    drawn = f'{{"type": "Polygon", "coordinates": [{corners}]}}'
    once, again, moved = (
        load_catalogue(write(sound | {"sites.yaml": said, "park.geojson": text})).sites[
            "first-park"
        ]
        for text in (drawn, drawn, drawn.replace("473000", "473001"))
    )
    assert once.boundaries[0].kind == "polygon"
    assert fingerprint(once) == fingerprint(again) != fingerprint(moved)
