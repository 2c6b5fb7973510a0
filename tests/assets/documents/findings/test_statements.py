from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.documents.findings import people, statements
from tests.assets.documents.words import given_text, named, organisations, section
from tests.cost import assert_linear
from warehouse.tables.findings import Statement

Rows = list[dict[str, Any]]
KEE = "Dat zegt Kee Fictief, directeur van Thales.\n\n"


def read(text: str) -> Rows:
    one = section(text)
    known = people.find([one], named(one), organisations().places).roles
    return statements.find([one], known, organisations().places)


def said(text: str) -> list[tuple[str, str | None, float]]:
    return [
        (r["text"], r["speaker"], r["confidence"]) for r in read(text) if r["kind"] == "quotation"
    ]


@pytest.mark.parametrize(
    ("text", "speaker", "confidence"),
    [
        ("‘Wij bouwen hier een hal’, zegt Kee Fictief.", "Kee Fictief", 0.95),
        ("“Wij bouwen hier een hal”, aldus Kee Fictief.", "Kee Fictief", 0.95),
        ('"Wij bouwen hier een hal", zegt Kee Fictief.', "Kee Fictief", 0.95),
        (KEE + "Fictief: ‘Wij bouwen hier een hal.’", "Kee Fictief", 0.95),
        (KEE + "Het gaat goed, vertelt Fictief. ‘Wij bouwen hier een hal.’", "Kee Fictief", 0.8),
        (KEE + "‘Wij bouwen hier een hal.’", "Kee Fictief", 0.6),
        ("‘Wij bouwen hier een hal.’ Het regent.", None, 0.5),
        (KEE + "‘Wij bouwen hier een hal’, zegt Bedacht.", None, 0.5),
    ],
)
def test_who_is_speaking(text: str, speaker: str | None, confidence: float) -> None:
    words = [row for row in said(text) if row[0].startswith("Wij bouwen hier een hal")]
    assert [(row[1], row[2]) for row in words] == [(speaker, confidence)]


def test_with_two_speakers_nobody_is_taken_for_granted() -> None:
    text = "Dat vindt Kee Fictief. Dat vindt Bo Bedacht.\n\n‘Wij bouwen hier een hal.’"
    assert said(text) == [("Wij bouwen hier een hal.", None, 0.5)]


def test_a_pronoun_is_who_was_named_last() -> None:
    text = "Kee Fictief: ‘Wij bouwen hier nu.’ ‘Dat is goed voor ons’, zegt hij."
    assert said(text)[1] == ("Dat is goed voor ons", "Kee Fictief", 0.7)


@pytest.mark.parametrize(
    "words",
    [
        "Zo’n foto’s maken we ’s avonds.",
        "De ondernemers’ plannen zijn klaar. Echt.",
        "Dit is ‘heel erg mooi’ voor ons. Ja.",
        "Wat een dag! Wat een weer?",
    ],
)
def test_apostrophes_and_nested_marks_are_part_of_the_quotation(words: str) -> None:
    assert said(f"Er is nieuws. ‘{words}’ Het regent.") == [(words, None, 0.5)]


@pytest.mark.parametrize(
    "text",
    [
        "Het rapport ‘Werken aan een beter park’ is klaar.",
        "De ‘basis op orde’ telt.",
        "Zo’n foto’s zijn er in zo’n park.",
        "Een ‘mark die nooit meer wordt gesloten.",
    ],
)
def test_titles_and_apostrophes_are_no_statements(text: str) -> None:
    assert read(text) == []


def test_a_paraphrase_is_the_sentence_without_who_said_it() -> None:
    text = (
        KEE
        + "Er komt in mei een nieuwe hal, voorspelt Fictief. Dat is heel mooi, zegt Fictief, want er is werk."
    )
    first, second = (r for r in read(text) if r["kind"] == "paraphrase")
    assert first["text"] == "Er komt in mei een nieuwe hal" and first["speaker"] == "Kee Fictief"
    assert (first["time"], first["time_precision"]) == ("mei", "month")
    assert first["speaker_role"] == "directeur"
    assert second["text"] == "Dat is heel mooi, zegt Fictief, want er is werk."


def test_an_organisation_is_no_speaker() -> None:
    assert (
        read("Het park groeit hard door, zegt de provincie Overijssel. Volgens Thales ook.") == []
    )


@given(st.text(alphabet='‘’“”"abc .,\n', max_size=120))
def test_a_statement_is_exactly_what_stands_there_and_none_twice(text: str) -> None:
    rows = read(KEE + text)
    for row in rows:
        assert row["text"] == (KEE + text)[row["quote_start"] : row["quote_end"]]
    places = [(row["quote_start"], row["quote_end"]) for row in rows]
    assert len(places) == len(set(places))


def test_the_columns_are_those_of_the_table() -> None:
    (row,) = read("‘Wij bouwen hier een hal’, zegt Kee Fictief.")
    without = {"statement_id", "document_id"}
    assert set(row) == set(Statement.__table__.columns.keys()) - without


def test_the_given_article() -> None:
    rows = read(given_text("000"))
    assert {row["speaker"] for row in rows} == {"Guus Balkema"}
    assert [row["confidence"] for row in rows if row["kind"] == "quotation"] == [
        0.95,
        0.95,
        0.8,
        0.6,
        0.8,
    ]
    assert (rows[0]["time"], rows[0]["time_precision"]) == ("over tien of twintig jaar", "period")
    assert sum(row["kind"] == "paraphrase" for row in rows) == 3


def test_no_statement_in_the_given_page() -> None:
    assert read(given_text("003")) == []


@pytest.mark.parametrize(
    "piece", ["‘", "‘a ", '"a b c d" ', "‘a b c d’ ", "zegt Kee Fictief ", "Kee: ‘", "zegt "]
)
def test_hostile_text_takes_linear_time(piece: str) -> None:
    assert_linear(lambda size: read(piece * (size // len(piece))), 200_000)
