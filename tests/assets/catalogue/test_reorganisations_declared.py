"""Declared reorganisations: what contradicts itself is refused with its place and what to write."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assets.catalogue.loading import HERE, load_catalogue
from assets.marts.area_relations import relations

Write = Callable[[dict[str, str]], Path]
Refusal = Callable[..., str]
SOUND = """
- id: oud-2021
  title: Oud divided over Nieuw and Ander
  kind: split
  date: 2021-01-01
  creates: [GM8002]
  sizes: inhabitants, invented
  source: invented
  pieces:
    - {from_code: GM8001, to_code: GM8002, size: 30}
    - {from_code: GM8001, to_code: GM8003, size: 10}
- id: nieuw-2022
  title: Nieuw joins Ander
  kind: annexation
  date: 2022-03-24
  source: invented
  pieces:
    - {from_code: GM8002, to_code: GM8003}
"""


def test_shares_follow_from_the_sizes(write: Write) -> None:
    catalogue = load_catalogue(further=write({"reorganisations.yaml": SOUND}))
    made = relations(catalogue, [], [])
    made = made.filter(made["from_code"].str.starts_with("GM800"))
    said = made.select("from_code", "to_code", "to_year", "weight", "back_weight", "method").rows()
    assert said == [
        ("GM8001", "GM8002", 2021, 0.75, 1.0, "size_share"),
        ("GM8001", "GM8003", 2021, 0.25, None, "size_share"),
        # Who receives and existed before stays where it is; how large it was nobody says.
        ("GM8003", "GM8003", 2021, 1.0, None, "whole"),
        # On 24 March: the boundaries of 1 January 2023 are the first to show it.
        ("GM8002", "GM8003", 2023, 1.0, None, "whole"),
        ("GM8003", "GM8003", 2023, 1.0, None, "whole"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "line_with", "says"),
    [
        ("kind: split", "kind: fusion", "kind: split", "write one of 'merger', 'annexation'"),
        ("size: 30", "size: 0", "size: 30", "greater than 0"),
        ("from_code: GM8001", "from_code: 1", "from_code: GM8001", "write text, between quotes"),
        ("to_code: GM8003, size: 10", "to_code: GM8002, size: 10", "- id: oud", "written twice"),
        ("creates: [GM8002]", "creates: [GM8009]", "- id: oud", "nothing goes to ['GM8009']"),
        ("creates: [GM8002]", "creates: [GM8001, GM8002]", "- id: oud", "nothing goes to"),
        ("  sizes: inhabitants, invented\n", "", "- id: oud", "say in `sizes` what"),
        ("size: 10}", "size: 10, lower: 0.5, upper: 0.2}", "- id: oud", "lower is above upper"),
        ("kind: annexation", "kind: rename", "- id: nieuw", "a rename keeps its code"),
        (
            "from_code: GM8002, to_code: GM8003}",
            "from_code: GM8001, to_code: GM8003}",
            "- id: nieuw",
            "GM8001 ended on 2021-01-01 (oud-2021); a code that is used again is named in `creates`",
        ),
    ],
)
def test_what_contradicts_itself_is_refused(
    old: str,
    new: str,
    line_with: str,
    says: str,
    write: Write,
    refusal: Refusal,
) -> None:
    assert old in SOUND
    text = SOUND.replace(old, new, 1)
    folder = write({"reorganisations.yaml": text})
    line = 1 + SOUND[: SOUND.index(line_with)].count("\n")
    message = refusal(HERE, folder)
    assert says in message
    assert f"{folder / 'reorganisations.yaml'}:{line}" in message


def test_two_that_divide_one_municipality_on_a_day_are_refused(
    write: Write, refusal: Refusal
) -> None:
    text = SOUND.replace("2022-03-24", "2021-01-01").replace("code: GM8002, to", "code: GM8001, to")
    message = refusal(HERE, write({"reorganisations.yaml": text}))
    assert "GM8001 is divided on 2021-01-01 by nieuw-2022 too; write all its pieces" in message
