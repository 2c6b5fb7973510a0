"""A wording is recognised however it is spelled, and nothing else is."""

from __future__ import annotations

import pytest

from assets.catalogue.document_models import Label, Wording
from assets.documents.wordings import Wordings, fold
from tests.assets.documents.reading_of_text import wordings


@pytest.mark.parametrize(
    "text",
    [
        "Financiën",
        "FINANCIËN",
        "Financien",
        "Financiën:",
        "Financiƫn",
        "FinanciÃ«n",
        " Financiën ",
        "Financie\u0308n",
    ],
)
def test_spellings_of_one_heading(text):
    label = wordings().find("heading", text)
    assert label is not None and label.means == "finance"


@pytest.mark.parametrize(
    "text", ["Financiën en beheer", "De financiën", "", "x" * 400, "Acties ondernemen"]
)
def test_no_heading(text):
    assert wordings().find("heading", text) is None


def test_a_kind_is_not_another():
    assert wordings().find("status", "Mijlpalen") is None
    assert wordings().find("field", "Mijlpalen").means == "milestones"
    assert wordings().find("heading", "Mijlpalen").means == "milestones"


def label(name, *texts):
    said = tuple(Wording(text=text, source="here") for text in texts)
    return Label(id=name, kind="field", means="ignored", wordings=said)


def test_a_star_stands_for_whole_words():
    known = Wordings([label("reserve", "Relatie met reserve *"), label("both", "Van begin tot *")])
    assert known.find("field", "Relatie met reserve Groen / Blauw?").id == "reserve"
    assert known.find("field", "Relatie met reserve").id == "reserve"
    assert known.find("field", "Relatie met reserves van ons") is None
    assert known.open_part("field", "relatie  met Reserve Groen / Blauw?:") == "Groen / Blauw"
    assert known.open_part("field", "Relatie met reserve?") is None
    assert known.open_part("field", "Iets anders") is None


def test_the_wording_that_says_most_is_meant():
    known = Wordings([label("wide", "Relatie *"), label("narrow", "Relatie met reserve *")])
    assert known.find("field", "Relatie met reserve Groen").id == "narrow"
    assert known.find("field", "Relatie tot wat ook").id == "wide"
    whole = Wordings([label("wide", "Relatie *"), label("whole", "Relatie met reserve Groen")])
    assert whole.find("field", "Relatie met reserve Groen").id == "whole"
    assert whole.open_part("field", "Relatie met reserve Groen") is None


def test_wordings_of_a_kind_are_longest_first():
    found = [text for text, _ in wordings().of("field")]
    assert found == sorted(found, key=lambda text: (-len(text), text))
    assert "inhoudelijke kleurscore" in found


def test_folding_twice_is_folding_once():
    for text in ("Financiƫn:", "A /  B ?", "É’s", "x."):
        assert fold(fold(text)) == fold(text)
