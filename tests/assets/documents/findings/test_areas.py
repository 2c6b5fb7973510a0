from __future__ import annotations

import pytest

from assets.documents.findings import areas
from assets.documents.findings.areas import NOT_DUTCH, RANGE, RATE
from tests.assets.documents.words import section
from tests.cost import assert_linear
from warehouse.tables.findings import Quantity


def parts(text: str) -> tuple[list[float], list[float], list[float]]:
    """Parts, totals, and what is neither."""
    rows, _ = areas.find(section(text))
    return tuple(  # type: ignore[return-value]
        [row["value"] for row in rows if row["part"] == part]
        for part in ("part", "total", "single")
    )


FOUR = [7.5, 3.0, 0.8, 3.2]


@pytest.mark.parametrize(
    ("text", "total"),
    [
        (
            "Verkocht is ruim 14 ha: 7,5 ha aan een veiling, 3 ha aan een bakker, 0,8 ha aan een "
            "garage en 3,2 ha aan een vervoerder.",
            14.0,
        ),
        ("Verkocht is ruim 14 ha (7,5 ha, 3 ha, 0,8 ha en 3,2 hectare).", 14.0),
        (
            "Uitgegeven:\n- Noord: 7,5 ha\n- Zuid: 3 ha\n- West: 0,8 ha\n- Oost: 3,2 ha\nTotaal: 14,5 ha",
            14.5,
        ),
        ("Er is 14,5 ha uitgegeven:\nNoord 7,5 ha\nZuid 3 ha\nWest 0,8 ha\nOost 3,2 ha", 14.5),
        ("Kavel\tha\nNoord\t7,5\nZuid\t3\nWest\t0,8\nOost\t3,2\nTotaal\t14,5", 14.5),
        (
            "Kavel\tUitgifte\nNoord\t7,5 ha\nZuid\t3 ha\nWest\t0,8 ha\nOost\t3,2 ha\nTotaal\t14,5 ha",
            14.5,
        ),
        ("Verkocht zijn 7,5 ha, 3 ha, 0,8 ha en 3,2 ha. In totaal is dat ruim 14 ha.", 14.0),
        ("Ruim 14 ha is verkocht. Het gaat om 7,5 ha, 3 ha, 0,8 ha en 3,2 ha.", 14.0),
    ],
)
def test_parts_and_their_whole(text: str, total: float) -> None:
    assert parts(text) == (FOUR, [total], [])
    rows, unread = areas.find(section(text))
    assert not unread
    assert {row["concept"] for row in rows} <= {"issued", "not_stated"}
    assert len({row["statement_group"] for row in rows}) == 1 and rows[0]["statement_group"]
    assert set(rows[0]) == set(Quantity.__table__.columns.keys()) - {"quantity_id", "document_id"}
    for row in rows:
        number = f"{row['value']:g}".replace(".", ",")
        assert text[row["quote_start"] : row["quote_end"]].startswith(number)


@pytest.mark.parametrize(
    ("text", "single"),
    [
        (
            "Er is 14,5 ha uitgeefbaar, waarvan 3 ha in optie en 2 ha in voorbereiding.",
            [14.5, 3, 2],
        ),
        (
            "Er is 14,5 ha verkocht, onder andere: 3 ha aan een bakker en 2 ha aan een garage.",
            [14.5, 3, 2],
        ),
        ("Noord is 7,5 ha groot. Zuid is drie hectare groot.", [7.5, 3]),
        ("Noord: 7,5 ha\nZuid: 3 ha", [7.5, 3]),
        ("Kavel\tha\nNoord\t7,5\nZuid\t3", [7.5, 3]),
        ("Jaar\tUitgifte\n2020\t7,5 ha\n2021\t3 ha", [7.5, 3]),
    ],
)
def test_no_whole_where_the_words_do_not_say_that_all_parts_are_named(
    text: str, single: list[float]
) -> None:
    assert parts(text) == ([], [], single)


@pytest.mark.parametrize(
    ("text", "concept", "exactness", "name"),
    [
        ("Er is bijna 14 ha verkocht aan Testbedrijf.", "issued", "at_most", "Testbedrijf"),
        ("Nog circa 3 ha is beschikbaar.", "available", "about", None),
        ("Er is 2 hectare gereserveerd.", "reserved", "exact", None),
        ("Oostkavel: 3 ha", "not_stated", "exact", "Oostkavel"),
        ("Er ging 3 ha aan de bakker.", "not_stated", "exact", "de bakker"),
        ("Van de 2 ha is een deel verkocht en een deel beschikbaar.", "not_stated", "exact", None),
    ],
)
def test_what_is_said_of_an_area(text: str, concept: str, exactness: str, name: str | None) -> None:
    rows, _ = areas.find(section(text))
    assert [(row["concept"], row["exactness"], row["name"]) for row in rows] == [
        (concept, exactness, name)
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Er is 14.5 ha verkocht.", NOT_DUTCH),
        ("Er komt 5 tot 7 ha bij.", RANGE),
        ("Er komt 5 - 7 ha bij.", RANGE),
        ("Er gaat 3 ha per jaar uit.", RATE),
    ],
)
def test_what_is_no_area_is_reported(text: str, reason: str) -> None:
    rows, unread = areas.find(section(text))
    assert not rows
    assert [one.reason for one in unread] == [reason]


@pytest.mark.parametrize(
    "text",
    [
        "Grond kost 120 euro per ha.",
        "Haar 3 kinderen.",
        "3 haast",
        "12 m2",
        "€ 3 ha",
        "een hectare",
    ],
)
def test_other_numbers_are_no_areas(text: str) -> None:
    assert areas.find(section(text)) == ([], [])


@pytest.mark.parametrize(
    "unit",
    [
        "3 ha, ",
        "Noord: 3 ha\n",
        "3\tha\n",
        "totaal 3 ha. ",
        "a" * 60 + " ",
        "ha ",
        "3 ha: ",
        "3 ha: 2 ha ",
    ],
)
def test_no_text_has_a_worst_case(unit: str) -> None:
    def work(size: int) -> None:
        areas.find(section("Kavel\tha\n" + unit * (size // len(unit))))

    assert_linear(work, 100_000)
