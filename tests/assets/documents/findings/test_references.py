from __future__ import annotations

import itertools

import pytest

from assets.documents.findings import references
from tests.assets.documents.words import given_text, section, wordings
from tests.cost import assert_linear
from warehouse.tables.findings import Decision


def found(text: str) -> list[tuple[str, bool]]:
    return [(r.reference, r.see_also) for r in references.find(text)]


def kinds(text: str) -> list[tuple[str, str, str | None]]:
    rows = references.decisions([section(text)], wordings(), latest=2026)
    return [(row["reference"], row["kind"], row["title"]) for row in rows]


@pytest.mark.parametrize(
    ("text", "references"),
    [
        ("Het besluit (PS/2016/486) loopt.", [("PS/2016/486", False)]),
        ("Zie ook PS 2017/798 en GS/2018/1234.", [("PS/2017/798", True), ("GS/2018/1234", True)]),
        ("Kenmerk PS/2016/ 486.", [("PS/2016/486", False)]),
        ("Zie prestatie 8.1.5 en 9.0.2.", [("8.1.5", True), ("9.0.2", True)]),
        ("prestatie 8.1.5 en prestatie 9.0.2", [("8.1.5", False), ("9.0.2", False)]),
        ("Zie hoofdstuk 2. Het besluit PS/2016/486 geldt.", [("PS/2016/486", False)]),
        ("APS/2016/486, PS/2016/486/2, PS/16/486, PS/2016/0", []),
        ("Op 1.1.2016 was versie 8.1.5 er; 63.274 en artikel 3.2.1.4.", []),
        ("zie prestatie 8.1.5.2", []),
    ],
)
def test_references(text: str, references: list[tuple[str, bool]]) -> None:
    assert found(text) == references


def test_places_and_parts() -> None:
    (one,) = references.find("Zo (PS 2016/486).")
    assert (one.kind, one.reference, one.year, one.body) == ("decision", "PS/2016/486", 2016, "PS")
    assert "Zo (PS 2016/486)."[one.start : one.end] == "PS 2016/486"


def test_a_year_that_cannot_be_is_reported() -> None:
    one = section("PS/1216/486 en PS/2031/1 en PS/2016/1")
    assert [r.reference for r in references.find(one.text, latest=2026)] == ["PS/2016/1"]
    assert [u.text for u in references.implausible(one, latest=2026)] == [
        "PS/1216/486",
        "PS/2031/1",
    ]


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ('het investeringsbesluit "Het Veld" (PS/2018/1)', ("investment_decision", "Het Veld")),
        ("Investeringsvoorstel Het Veld, zie PS/2018/1", ("proposal", None)),
        ("Statenvoorstel Veldpark Oost, zie PS/2018/1", ("proposal", "Veldpark Oost")),
        ("PS/2018/1 motie Veld Vooruit", ("motion", "Veld Vooruit")),
        ("motie PS/2018/1 “Veld Vooruit”", ("motion", "Veld Vooruit")),
        ("het park is aangewezen (PS/2018/1)", ("designation", None)),
        ("besluitvorming over Veldpark Oost (PS/2018/1)", ("unknown", "Veldpark Oost")),
        ("naar aanleiding van de motie is besloten tot aanleg (PS/2018/1)", ("unknown", None)),
        ("na de motie, die werd verworpen, kwam er geld (PS/2018/1)", ("unknown", None)),
        ("De motie is oud. Het plan (PS/2018/1) niet.", ("unknown", None)),
        ("de amendementbrieven (PS/2018/1)", ("unknown", None)),
    ],
)
def test_the_kind_comes_from_the_words_right_beside(text: str, row: tuple[str, str | None]) -> None:
    assert kinds(text)[0][1] == row[0]
    if row[1]:
        assert kinds(text)[0][2] == row[1]


def test_each_reference_has_its_own_words() -> None:
    text = "de motie Veld Vooruit (PS/2018/1) en het Statenvoorstel Veldpark (PS/2018/2)"
    assert kinds(text) == [
        ("PS/2018/1", "motion", "Veld Vooruit"),
        ("PS/2018/2", "proposal", "Veldpark"),
    ]


def test_merging_takes_the_strongest_kind_whatever_the_order() -> None:
    sections = [
        section("Statenvoorstel Veldpark, zie PS/2018/1", path="a"),
        section('het investeringsbesluit "Het Veld" (PS/2018/1)', path="b"),
        section('het investeringsbesluit "Het Veld" (PS/2018/1)', path="c"),
    ]
    rows = references.decisions(sections, wordings())
    for n, row in enumerate(rows):
        row["document_id"] = f"d{min(n, 1)}"
    for order in itertools.permutations(rows):
        (one,) = references.merge(order)
        assert one == {
            "reference": "PS/2018/1",
            "kind": "investment_decision",
            "body": "PS",
            "year": 2018,
            "title": "Het Veld",
            "documents": 2,
        }
    assert set(one) == set(Decision.__table__.columns.keys())


def test_the_given_page() -> None:
    text = given_text("003")
    assert kinds(text) == [
        ("PS/2016/486", "investment_decision", "TecBase Twente"),
        ("PS/2016/985", "unknown", "XL Businesspark Twente"),
        ("PS/2016/586", "unknown", None),
        ("PS/2016/486", "proposal", "TecBase Twente"),
    ]
    assert found(text)[0] == ("8.1.5", True)


@pytest.mark.parametrize("piece", ["PS/2016/", "PS/2016/1 ", "zie ", "prestatie 8.1.5 en "])
def test_hostile_text_takes_linear_time(piece: str) -> None:
    def work(size: int) -> None:
        references.decisions([section(piece * (size // len(piece)))], wordings())

    assert_linear(work, 200_000)
