"""A row a performance; absent is None, and what it comes to is said in declared words only."""

from __future__ import annotations

import pytest

from assets.documents.structure.performances import status
from tests.assets.documents.reading_of_text import SEED_PAGE, document, seed, wordings
from warehouse.tables.documents import Performance

PAGE = """5.1.2 Bijzondere parken

Acties

1. Wij bouwen.

Toelichting op voortgang

Er wordt gebouwd.

Financiën

Toelichting op voortgang

{finance}

Basisinformatie

Verantwoordelijk portefeuillehouder:

Kim Verzonnen.

Relatie met reserve Groen/Water?

Nee.

Project website:

{website}
"""


def page(finance="Geen afwijking.", website="https://parken.example/plan."):
    (row,) = document(PAGE.format(finance=finance, website=website)).rows
    return row


def test_a_row_has_the_columns_of_its_table():
    expected = {c.name for c in Performance.__table__.columns} - {"document_id", "performance_id"}
    assert set(page()) == expected


def test_values_are_as_written_but_for_the_full_stop_of_a_name():
    row = page()
    assert row["portfolio_holder"] == "Kim Verzonnen"
    assert (row["reserve"], row["reserve_relation"]) == ("Groen/Water", "Nee.")
    assert (row["actions"], row["progress"]) == ("1. Wij bouwen.", "Er wordt gebouwd.")
    assert (row["role"], row["term"], row["url"]) == (None, None, None)
    assert row["websites"] == "https://parken.example/plan"
    assert page(website="Site van het park")["websites"] == "Site van het park"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Geen afwijking.", "on_track"),
        ("geen  afwijking", "on_track"),
        ("Geen afwijking. Er is wel € 3 miljoen verschoven.", "on_track"),
        ("Geen afwijking van belang.", "unknown"),
        ("Er is een afwijking van € 3 miljoen.", "unknown"),
        ("Wij verwachten € 3 miljoen meer. Geen afwijking.", "unknown"),
        ("G", "on_track"),
        ("O", "deviation"),
        ("R", "deviation"),
        ("", "unknown"),
        (None, "unknown"),
        ("  ", "unknown"),
    ],
)
def test_what_a_text_comes_to(text, expected):
    assert status(text, wordings()) == expected


def test_an_empty_finance_is_unknown_and_absent():
    row = page(finance="")
    assert (row["finance"], row["finance_status"]) == (None, "unknown")
    row = page(finance="Voor de toelichting, zie het doel.")
    assert row["finance"] == "Voor de toelichting, zie het doel."
    assert row["finance_status"] == "unknown"


def test_colours_say_what_a_performance_comes_to():
    (row,) = document(
        "5.1.2 Parken\n\nActies\n\n1. Wij bouwen.\n\nStatus\n\nInhoudelijke kleurscore\n\nG\n\n"
        "Financiële kleurscore\n\nO\n\nBegrotingswijziging\n\nGeen\n"
    ).rows
    assert (row["progress_status"], row["finance_status"]) == ("on_track", "deviation")
    assert row["progress"] is None and row["finance"] is None


def test_fields_that_stand_below_the_actions_are_no_actions():
    (row,) = document(
        "5.1.2 Parken\n\n 1. Wij bouwen.\n 2. Wij beheren.\n\nInhoudelijk (indicator)\n\nR\n"
    ).rows
    assert row["actions"] == "1. Wij bouwen.\n2. Wij beheren."
    assert row["progress_status"] == "deviation"


def test_what_two_pages_say_alike_is_said_once():
    text = PAGE.format(finance="Geen afwijking.", website="x")
    (row,) = document(text, text).rows
    assert row["progress"] == "Er wordt gebouwd."


def test_the_seed_page():
    (row,) = seed(SEED_PAGE).rows
    assert (row["code"], row["finance"], row["finance_status"]) == (
        "5.1.2",
        "Geen afwijking.",
        "on_track",
    )
    assert row["progress_status"] == "unknown"
    assert row["reserve"] == "Ecologische Hoofdstructuur/Kwaliteit van Overijssel"
    assert row["term"] == "Structureel." and row["websites"] is None
