from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.documents.findings import amounts
from assets.documents.findings.amount_tables import FACTOR_NOT_STATED, LIKE_A_YEAR, factor_in
from assets.documents.records import Unread
from tests.assets.documents.words import given_text, section, wordings
from tests.cost import assert_linear
from warehouse.tables.findings import Amount

Rows = list[dict[str, Any]]


def read(text: str, code: str | None = None, path: str = "tekst") -> tuple[Rows, list[Unread]]:
    return amounts.find(section(text, code, path), wordings())


def euros(text: str) -> list[tuple[str, float]]:
    return [(row["concept"], row["amount_eur"]) for row in read(text)[0]]


TRIPLE = [("budgeted", 63_274_000), ("realised", 61_724_000), ("room", 1_550_000)]


@pytest.mark.parametrize(
    "text",
    [
        "Begroot 63.274 / Gerealiseerd 61.724 / Ruimte 1.550",
        "Begroot 63.274\nGerealiseerd 61.724\nRuimte 1.550",
        "Begroot\n\n63.274\n\nGerealiseerd\n\n61.724\n\nRuimte\n\n1.550",
        "Begroot\t63.274\nGerealiseerd\t61.724\nRuimte\t1.550",
        "Begroot\t63.274\tGerealiseerd\t61.724\tRuimte\t1.550",
        "Begroot\tGerealiseerd\tRuimte\n63.274\t61.724\t1.550",
    ],
)
def test_figures_above_a_programme_however_they_are_laid_out(text: str) -> None:
    rows, unread = read(text)
    assert euros(text) == TRIPLE and not unread
    assert {row["factor_source"] for row in rows} == {"template"}
    assert {row["confidence"] for row in rows} == {0.8}
    assert len({row["statement_group"] for row in rows}) == 1 and rows[0]["statement_group"]
    for row in rows:
        assert str(int(row["value"]))[-3:] in text[row["quote_start"] : row["quote_end"]]


@pytest.mark.parametrize(
    ("budgeted", "spent", "room"),
    [(63_274, 61_724, 1_550), (205_976, 169_956, 36_020), (39_459, 25_236, 14_223)],
)
def test_spent_and_committed_is_another_concept(budgeted: int, spent: int, room: int) -> None:
    said = [f"{n:,}".replace(",", ".") for n in (budgeted, spent, room)]
    text = "Begrote lasten: {}\nBesteed en verplicht: {}\nRuimte: {}".format(*said)
    assert euros(text) == [
        ("budgeted", budgeted * 1000),
        ("spent_and_committed", spent * 1000),
        ("room", room * 1000),
    ]
    assert budgeted - spent == room


def test_a_figure_without_a_factor_is_reported_and_not_guessed() -> None:
    assert read("Begroot 63.274") == ([], [Unread("tekst", "Begroot 63.274", FACTOR_NOT_STATED)])
    rows, unread = read("Programma\tRealisatie\tVerschil\nEconomie\t1.200\t100")
    assert not rows and [u.reason for u in unread] == [FACTOR_NOT_STATED]


@pytest.mark.parametrize(
    ("caption", "factor"),
    [
        ("(bedragen x € 1.000)", 1e3),
        ("Bedragen x 1.000 euro", 1e3),
        ("in duizenden euro's", 1e3),
        ("x € 1 mln", 1e6),
        ("(x € 1.000.000)", 1e6),
        ("bedragen in miljoenen euro’s", 1e6),
        ("bedragen in euro's", 1),
        ("bedragen in € 1.000", 1e3),
        ("x 1.000 ha", None),
        ("ruim x 1.000 inwoners", None),
        ("(x € 1.000) en (x € 1 mln)", None),
    ],
)
def test_the_factor_of_a_caption(caption: str, factor: float | None) -> None:
    assert factor_in(caption) == factor


def test_a_table_by_its_cells() -> None:
    text = (
        "Bedragen x € 1.000\n\nOnderdeel\tRealisatie 2017\tBegroting 2018\t"
        "Begroting 2018 na wijziging\tVerschil\nWegen\t1.200\t1.300\t1.400\t-100\n"
        "Uitgegeven (ha)\t5\t6\t7\t8\nTotaal\t–\t2.300\t2018\tonbekend"
    )
    rows, unread = read(text, "5.1.2")
    assert [(r["concept"], r["row_label"], r["period"], r["amount_eur"]) for r in rows] == [
        ("realised", "Wegen", "2017", 1_200_000),
        ("budgeted", "Wegen", "2018", 1_300_000),
        ("revised_budget", "Wegen", "2018", 1_400_000),
        ("difference", "Wegen", None, -100_000),
        ("budgeted", "Totaal", "2018", 2_300_000),
    ]
    assert {(r["factor_source"], r["scope"], r["performance_code"]) for r in rows} == {
        ("caption", "performance", "5.1.2")
    }
    assert [text[r["quote_start"] : r["quote_end"]] for r in rows][3] == "-100"
    assert [u.reason for u in unread] == [LIKE_A_YEAR]
    assert rows[0]["statement_group"] == rows[3]["statement_group"]


def test_years_above_the_columns_and_the_concept_before_the_row() -> None:
    rows, _ = read("Lasten (x € 1.000)\t2017\t2018\nRealisatie\t1.200\t1.300")
    assert [(r["concept"], r["period"], r["amount_eur"]) for r in rows] == [
        ("realised", "2017", 1_200_000),
        ("realised", "2018", 1_300_000),
    ]
    assert {r["statement_group"] for r in rows} == {None}


def test_a_row_of_another_width_is_reported() -> None:
    rows, unread = read("(x € 1.000)\n\nDeel\tBegroot\tRuimte\nWeg\t1\nPad\t2.000\t3")
    assert [r["row_label"] for r in rows] == ["Pad", "Pad"]
    assert ["cells below a header" in u.reason for u in unread] == [True]


def test_a_table_about_something_else_gives_nothing() -> None:
    assert read("Park\tHectare\tBanen\nOost\t12\t1.200") == ([], [])


def test_amounts_in_sentences() -> None:
    rows, unread = read(
        "De investering bedraagt € 7,7 miljoen en de subsidie is 7,5 mln euro. Verder EUR 14 "
        "miljoen, ruim € 2 mld en € 1.250.000. In 2018 kwam er € 2.500,- bij; twee miljoen euro."
    )
    assert [(r["concept"], r["amount_eur"], r["period"], r["confidence"]) for r in rows] == [
        ("investment", 7.7e6, None, 0.9),
        ("contribution", 7.5e6, None, 0.9),
        ("not_stated", 14e6, None, 0.85),
        ("not_stated", 2e9, None, 0.7),
        ("not_stated", 1_250_000, None, 0.85),
        ("not_stated", 2500, "2018", 0.85),
        ("not_stated", 2e6, None, 0.85),
    ]
    assert not unread and {r["scope"] for r in rows} == {"sentence"}


@pytest.mark.parametrize(
    "text",
    [
        "Tussen € 5 en € 7 miljoen.",
        "Van € 5 tot € 7 mln.",
        "Het kost 5-7 mln euro.",
        "Het kost € 5 à 6 miljoen.",
        "Het kost € 14.5 miljoen.",
        "Het kost € 7,7.",
        "De grond kost € 150 per m2.",
        "Lasten -152.746.405-168.145.691-180.427.432-183.389.3812.961.949",
    ],
)
def test_what_looks_like_money_and_is_not_certain_is_reported(text: str) -> None:
    rows, unread = read(text)
    assert not rows and len(unread) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Geen afwijking.",
        "Van de 14,5 ha is 20% uitgegeven aan 35 bedrijven met 1.200 banen in 2018.",
        "Er wonen 5 miljoen mensen.",
        "Zie PS/2016/486 en prestatie 8.1.5.",
        "Zij houdt rekening met de ruimte.",
        "",
    ],
)
def test_what_is_no_money_gives_nothing(text: str) -> None:
    assert read(text) == ([], [])


def test_two_names_in_a_clause_leave_the_concept_open() -> None:
    assert euros("De bijdrage aan de investering is € 5 mln.") == [("not_stated", 5e6)]
    assert euros("Er is geen bijdrage van € 5 mln.") == [("not_stated", 5e6)]
    assert euros("Er gaat € 5 mln subsidie heen.") == [("contribution", 5e6)]


def test_scope_follows_the_section() -> None:
    text = "Begroot 63.274 / Gerealiseerd 61.724 / Ruimte 1.550"
    scopes = {read(text, None, path)[0][0]["scope"] for path in ("Programma Wonen", "intro")}
    assert scopes == {"programme", "document"}


def test_the_columns_are_those_of_the_table() -> None:
    rows, _ = read("De investering is € 5 mln.")
    assert set(rows[0]) == set(Amount.__table__.columns.keys()) - {"amount_id", "document_id"}


@given(st.text(alphabet="€ 0123456789.,-\n\tBegrotRuimte mln", max_size=200))
def test_every_amount_stands_where_it_says(text: str) -> None:
    for row in read(text)[0]:
        quote = text[row["quote_start"] : row["quote_end"]]
        assert any(c.isdigit() for c in quote)
        assert row["amount_eur"] == pytest.approx(row["value"] * row["factor"], abs=0.01)


@pytest.mark.parametrize("beginning", ["000", "003"])
def test_no_amount_in_the_given_texts(beginning: str) -> None:
    assert read(given_text(beginning), "5.1.2") == ([], [])


@pytest.mark.parametrize(
    "piece", ["€ 1 ", "1.000", "1 en ", "Begroot 1\n", "a\t1.000\n", "x € ", "1-1-", "tussen "]
)
def test_hostile_text_takes_linear_time(piece: str) -> None:
    assert_linear(lambda size: read(piece * (size // len(piece))), 200_000)
