from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.catalogue.document_models import OrganisationEntry
from assets.documents.findings.organisations import Organisations
from tests.assets.documents.words import given_text, organisations
from tests.cost import assert_linear

HMO = "herstructureringsmaatschappij-overijssel"


def ids(text: str) -> list[str]:
    return [mention.id for mention in organisations().find(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("De HMO en Thales doen mee.", [HMO, "thales"]),
        ("De Herstructureringsmaatschappij Overijssel", [HMO]),
        ("gemeente Almelo en Gemeente Borne", ["gemeente-almelo", "gemeente-borne"]),
        (
            "gemeenten Hengelo, Borne en Almelo",
            ["gemeente-hengelo", "gemeente-borne", "gemeente-almelo"],
        ),
        ("de gemeenten Hof van Twente en Losser", ["gemeente-hof-van-twente", "gemeente-losser"]),
        ("gemeenten Arnhem en Zwolle", ["gemeente-zwolle"]),
        ("gemeente Arnhem", []),
        ("Aera Development Twente", ["area-development-twente"]),
        ("PS en GS besluiten", ["provinciale-staten-overijssel", "gedeputeerde-staten-overijssel"]),
        ("PS/2016/486, PS 2016/486 en GS/2018/12", []),
        ("PS: tot morgen", []),
        ("Provinciale Staten van Gelderland", []),
        ("Provinciale Staten van Overijssel", ["provinciale-staten-overijssel"]),
        ("de Thales campus, het AkzoNobel-terrein en de AkzoNobel-locatie", []),
        ("in de regio Twente", []),
        ("hmo, tembo en awl", []),
        ("bij Regio Twente", ["regio-twente"]),
        ("een universiteit in Twente", []),
        ("Almelo, Deventer en Zwolle", []),
    ],
)
def test_organisations_in_a_text(text: str, expected: list[str]) -> None:
    assert ids(text) == expected


def test_the_longest_name_wins() -> None:
    (one,) = organisations().find("het ministerie van Economische Zaken en Klimaat zegt")
    assert one.name.endswith("Klimaat")


def test_doubt_lowers_the_confidence() -> None:
    said = {m.how: m.confidence for m in organisations().find("in Regio Twente met HMO-bijdrage")}
    assert said == {"may be the area": 0.6, "first part of a compound": 0.7}


def test_what_is_excluded_is_none() -> None:
    text = "Thales Veld en Thales"
    assert [m.start for m in organisations().find(text, [(0, 11)])] == [15]


@given(st.text(max_size=80), st.sampled_from(["HMO", "gemeente Raalte", "Universiteit Twente"]))
def test_mentions_are_in_order_and_apart(text: str, name: str) -> None:
    said = f"{text} {name} {text}"
    found = organisations().find(said)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
    assert all(0 <= m.start < m.end <= len(said) for m in found)


def test_the_given_texts() -> None:
    assert ids(given_text("000")) == ["perron038", "tembo", "awl", "perron038"]
    assert ids(given_text("003")) == [
        "universiteit-twente",
        "commissie-wientjes",
        HMO,
        "regio-twente",
        "akzonobel",
        "gemeente-deventer",
        "provincie-overijssel",
        HMO,
    ]


def test_time_does_not_depend_on_the_number_of_names() -> None:
    def known(names: int) -> Organisations:
        return Organisations(
            OrganisationEntry(id=f"firma-{n}", name=f"Firma Nummer{n}", kind="firm", source="made")
            for n in range(100, names + 100)
        )

    by_size = {names: known(names) for names in (312, 1250, 5000)}
    text = "Firma Nummer177 werkt hier. Dat gaat goed. " * 500

    def work(names: int) -> None:
        assert len(by_size[names].find(text)) == 500

    # Faster than the number of names grows, by far: a search name by name would take four times.
    assert_linear(work, 5000, at_most=3)
