from __future__ import annotations

from typing import Any

import pytest

from assets.documents.findings import people, references, relations
from tests.assets.documents.words import given_text, named, organisations, section
from tests.cost import assert_linear
from warehouse.tables.findings import PREDICATES, Relation

HMO = "herstructureringsmaatschappij-overijssel"
RBT = "openbaar-lichaam-regionaal-bedrijventerrein-twente"


def read(text: str, code: str | None = None) -> list[dict[str, Any]]:
    one = section(text, code)
    mentions = named(one)
    who = people.find([one], mentions, organisations().places)
    for path, more in who.mentions.items():
        mentions[path] = sorted([*mentions[path], *more], key=lambda mention: mention.start)
    return relations.find([one], mentions, who.roles, {one.path: references.find(text)})


def triples(text: str, code: str | None = None) -> set[tuple[str, str, str]]:
    return {(r["subject_id"], r["predicate"], r["object_id"]) for r in read(text, code)}


def test_founders_and_their_firms() -> None:
    text = (
        "Het plan van ondernemers Bo Bedacht van Tembo en Kee Fictief van AWL om het lab "
        "Perron038 op te richten, slaagde."
    )
    assert triples(text) == {
        (who, "founder_of", "perron038") for who in ("Bo Bedacht", "Kee Fictief", "tembo", "awl")
    }
    assert all(r["quote"].startswith("Bo Bedacht van Tembo") for r in read(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Perron038 is opgericht door Tembo en AWL.",
            {("tembo", "founder_of", "perron038"), ("awl", "founder_of", "perron038")},
        ),
        (
            "Saxion werkt nauw samen met de Universiteit Twente.",
            {("saxion", "partner_of", "universiteit-twente")},
        ),
        (
            "Thales en HMO zijn partners.",
            {("thales", "partner_of", HMO)},
        ),
        (
            "AkzoNobel en Thales zijn aandeelhouders van HMO.",
            {("akzonobel", "shareholder_of", HMO), ("thales", "shareholder_of", HMO)},
        ),
        (
            "Aandeelhouders van RBT zijn gemeente Almelo en de gemeente Borne.",
            {("gemeente-almelo", "shareholder_of", RBT), ("gemeente-borne", "shareholder_of", RBT)},
        ),
        ("De HMO is als partner betrokken bij het park. Thales ook.", set()),
        ("HMO en Thales bouwen een hal naast Saxion.", set()),
        ("Tembo werkt niet samen met Thales.", set()),
        ("Samen met Thales bouwen wij, zei Saxion.", set()),
        ("Tembo wil met het lab Perron038 iets op te zetten.", set()),
        ("Perron038 is opgericht door anderen; Tembo keek toe.", set()),
    ],
)
def test_only_what_the_words_say(text: str, expected: set[tuple[str, str, str]]) -> None:
    assert triples(text) == expected


def test_a_performance_refers_to_another_once() -> None:
    text = "Zie prestatie 8.1.5. En nog eens: zie prestatie 8.1.5 en prestatie 5.1.2."
    assert triples(text, "5.1.2") == {("5.1.2", "refers_to", "8.1.5")}
    assert len(read(text, "5.1.2")) == 1 and not read(text)


def test_the_columns_and_quotations() -> None:
    text = "AkzoNobel en Thales zijn aandeelhouders van HMO."
    for row in read(text):
        assert set(row) == set(Relation.__table__.columns.keys()) - {"relation_id", "document_id"}
        assert row["predicate"] in PREDICATES
        assert row["quote"] == text[row["quote_start"] : row["quote_end"]]


def test_the_given_texts() -> None:
    assert triples(given_text("000")) == {
        (who, "founder_of", "perron038")
        for who in ("Arend van der Sluis", "Piet Mosterd", "tembo", "awl")
    }
    assert triples(given_text("003"), "5.1.2") == {
        ("5.1.2", "refers_to", "8.1.5"),
        ("akzonobel", "partner_of", "gemeente-deventer"),
        ("akzonobel", "partner_of", "provincie-overijssel"),
    }


@pytest.mark.parametrize(
    "piece",
    ["Tembo samen met ", "Tembo en ", "aandeelhouders van ", "om het ", "zie prestatie 1.1.1 "],
)
def test_hostile_text_takes_linear_time(piece: str) -> None:
    assert_linear(lambda size: read(piece * (size // len(piece)), "5.1.2"), 200_000)
