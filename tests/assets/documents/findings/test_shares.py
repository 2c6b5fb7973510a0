from __future__ import annotations

import pytest

from assets.documents.findings.shares import NOT_DUTCH, OF_NOBODY, OF_SEVERAL, Shares
from assets.documents.records import Unread
from tests.assets.documents.words import organisations, section
from tests.cost import assert_linear
from warehouse.tables.findings import Quantity

PROVINCE = "provincie-overijssel"
RBT = "openbaar-lichaam-regionaal-bedrijventerrein-twente"
FIVE = [
    ("gemeente-almelo", 23.0),
    ("gemeente-borne", 23.0),
    ("gemeente-enschede", 23.0),
    ("gemeente-hengelo", 23.0),
    (PROVINCE, 8.0),
]


def read(
    text: str, title: str = "", publisher: str | None = PROVINCE
) -> tuple[list[dict[str, object]], list[Unread]]:
    return Shares(organisations()).find(section(text), organisations().find(text), title, publisher)


def shares(text: str, title: str = "") -> list[tuple[object, object]]:
    rows, _ = read(text, title)
    return [(row["organisation_id"] or row["name"], row["value"]) for row in rows]


@pytest.mark.parametrize(
    "text",
    [
        "In het RBT nemen de gemeenten Almelo, Borne, Enschede en Hengelo deel, elk voor 23%, en de "
        "provincie voor 8%.",
        "Deelnemers in het RBT zijn gemeente Almelo (23%), gemeente Borne (23%), gemeente Enschede "
        "(23%), gemeente Hengelo (23%) en de provincie Overijssel (8%).",
        "Aandeelhouders van RBT:\n- Almelo: 23%\n- Borne: 23%\n- Enschede: 23%\n- Hengelo: 23%\n"
        "- provincie Overijssel: 8%",
        "De aandelen van RBT: 23% Almelo, 23% Borne, 23% Enschede, 23% Hengelo en 8% provincie.",
        "De gemeenten Almelo, Borne, Enschede en Hengelo hebben elk een aandeel van 23 procent in "
        "het RBT. De provincie heeft een aandeel van 8 procent.",
        "Deelnemer\tAandeel\nAlmelo\t23%\nBorne\t23\nEnschede\t23%\nHengelo\t23%\nProvincie\t8%",
        "Partij\tStemmen\tIn %\nAlmelo\t3\t23\nBorne\t3\t23\nEnschede\t3\t23\nHengelo\t3\t23\n"
        "Provincie\t1\t8",
    ],
)
def test_the_same_five_parties_however_they_are_written(text: str) -> None:
    rows, unread = read(text)
    assert shares(text) == FIVE and not unread
    assert {row["part"] for row in rows} == {"part"}
    assert len({row["statement_group"] for row in rows}) == 1 and rows[0]["statement_group"]
    assert set(rows[0]) == set(Quantity.__table__.columns.keys()) - {"quantity_id", "document_id"}
    for row in rows:
        start, end = row["quote_start"], row["quote_end"]
        assert isinstance(start, int) and isinstance(end, int)
        assert text[start:end].startswith(str(int(float(str(row["value"])))))


def test_in_what_they_take_part_is_said_where_one_organisation_is_named() -> None:
    rows, _ = read("De provincie heeft een aandeel van 8% in het RBT.")
    assert [(row["of_organisation_id"], row["part"]) for row in rows] == [(RBT, "single")]
    titled = "De deelnemers zijn:\nAlmelo 50%\nBorne 50%"
    rows, _ = read(titled, "Openbaar lichaam Regionaal Bedrijventerrein Twente (RBT)")
    assert {row["of_organisation_id"] for row in rows} == {RBT}


def test_a_name_that_nobody_declared_is_less_sure() -> None:
    rows, _ = read("Aandeelhouders zijn Proefbedrijf Holding (60%) en Thales (40%).")
    assert [(row["name"], row["organisation_id"], row["confidence"]) for row in rows] == [
        ("Proefbedrijf Holding", None, 0.75),
        ("Thales", "thales", 0.9),
    ]


def test_a_total_row_is_the_whole() -> None:
    rows, _ = read("Deelnemer\tAandeel\nAlmelo\t60%\nBorne\t40%\nTotaal\t100%")
    assert [(row["name"], row["part"]) for row in rows][-1] == ("Totaal", "total")


def test_another_list_of_the_same_parties_is_another_whole() -> None:
    text = "Aandeelhouders:\nAlmelo 60%\nBorne 40%\nAlmelo 30%\nBorne 70%"
    rows, _ = read(text)
    assert len({row["statement_group"] for row in rows}) == 2


@pytest.mark.parametrize(
    "text",
    [
        "Het aantal banen groeide in Almelo met 23% en in Borne met 8%.",
        "Het aandeel banen in Almelo is 23%, in Borne 8%.",
        "Almelo (23%) en Borne (8%) groeien.",
        "De aandelen stegen met 8%.",
        "De arbeidsdeelname in Almelo is 72%.",
        "Almelo heeft geen aandeel van 8% in het RBT.",
        "De gemeente Almelo neemt deel in het RBT. De uitstoot daalt. In Almelo daalt die met 8%.",
        "De provincie heeft een aandeel in het RBT.",
        "Kavel\tAandeel\nNoord\t23%\nZuid\t77%",
    ],
)
def test_other_percentages_are_no_shares(text: str) -> None:
    assert shares(text) == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Almelo en Borne hebben 46% van de aandelen in het RBT.", OF_SEVERAL),
        ("Almelo en Borne houden samen 46% van de aandelen in het RBT.", OF_SEVERAL),
        ("Aandeelhouders zijn Almelo (60%) en een nog te zoeken partner (40%).", OF_NOBODY),
        ("Aandeelhouders zijn Almelo (60.5%) en Borne (39,5%).", NOT_DUTCH),
    ],
)
def test_what_cannot_be_told_is_reported(text: str, reason: str) -> None:
    assert [one.reason for one in read(text)[1]] == [reason]


@pytest.mark.parametrize(
    "unit",
    [
        "Almelo (23%), ",
        "23% ",
        "aandelen A ",
        "Almelo 8%\n",
        "A\taandeel\n",
        "Aandeel\t23%\n",
        "gemeenten A, ",
    ],
)
def test_no_text_has_a_worst_case(unit: str) -> None:
    known = organisations()
    shares = Shares(known)

    def work(size: int) -> None:
        text = "Deelnemers in het RBT: " + unit * (size // len(unit))
        shares.find(section(text), known.find(text), "", PROVINCE)

    assert_linear(work, 100_000)
