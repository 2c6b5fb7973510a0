from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.documents.findings.sentences import holding, paragraphs, sentences
from tests.cost import assert_linear


def said(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Het park groeit. De weg is af.", ["Het park groeit.", "De weg is af."]),
        (
            "Dit geldt o.a. Almelo en bijv. Borne. Meer niet.",
            ["Dit geldt o.a. Almelo en bijv. Borne.", "Meer niet."],
        ),
        ("Besluit nr. 12 kost 1.000 euro. Klaar.", ["Besluit nr. 12 kost 1.000 euro.", "Klaar."]),
        ("G. Voorbeeld sprak. Hij bleef.", ["G. Voorbeeld sprak.", "Hij bleef."]),
        ("1. Een plan maken.\n2. Bouwen.", ["1. Een plan maken.", "2. Bouwen."]),
        (
            "Het begon in 2016. Daarna ging het snel.",
            ["Het begon in 2016.", "Daarna ging het snel."],
        ),
        ("‘Doen we het?’ vraagt zij. Ja!", ["‘Doen we het?’ vraagt zij.", "Ja!"]),
        ("Zie prestatie 8.1.5 (PS/2016/1). Nee.", ["Zie prestatie 8.1.5 (PS/2016/1).", "Nee."]),
        ("Wegen, bruggen enz. Later meer.", ["Wegen, bruggen enz.", "Later meer."]),
        ("Een kop\n\nDe tekst", ["Een kop", "De tekst"]),
        ("De bouw van m.n. Zuid gaat door.", ["De bouw van m.n. Zuid gaat door."]),
        ("", []),
        (" \n \n", []),
    ],
)
def test_where_sentences_end(text: str, expected: list[str]) -> None:
    assert said(text) == expected


def test_paragraphs_are_parted_by_empty_lines_and_keep_their_lines() -> None:
    text = "\nEen.\nTwee.\n \n  Drie.\n\n\nVier"
    assert [text[a:b] for a, b in paragraphs(text)] == ["Een.\nTwee.", "Drie.", "Vier"]


WORDS = st.text(alphabet='aB1. \n\t!?…)’"€', max_size=200)


@given(WORDS)
def test_sentences_hold_all_but_blanks_once_in_order(text: str) -> None:
    """Law: sentences are in order, do not overlap, and only blanks stand outside them."""
    last, kept = 0, ""
    for start, end in sentences(text):
        assert last <= start < end
        assert not text[last:start].strip()
        assert text[start:end].strip() == text[start:end] and "\n" not in text[start:end]
        kept, last = kept + text[start:end], end
    assert not text[last:].strip()


@given(WORDS)
def test_every_sentence_is_in_one_paragraph(text: str) -> None:
    there = paragraphs(text)
    for start, end in sentences(text):
        paragraph = holding(there, start)
        assert paragraph and paragraph[0] <= start and end <= paragraph[1]


@pytest.mark.parametrize("bit", [".", ".)", ". ", "\n", " \n", "a. ", "\t", "o.a. ", "…’"])
def test_a_million_characters_take_no_time(bit: str) -> None:
    def work(size: int) -> None:
        text = bit * (size // len(bit))
        sentences(text)
        paragraphs(text)

    assert_linear(work, 400_000)
