"""Pages become sections with paths; titles open performances, or only name them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.documents.blocks import Block
from assets.documents.formats import plain_text
from assets.documents.structure import sections
from tests.assets.documents.reading_of_text import (
    SEED_ARTICLE,
    SEED_PAGE,
    document,
    seed,
    wordings,
)
from tests.cost import assert_linear

PAGE = """5.1.2 Ontwikkeling van bijzondere parken

5.1.2 Ontwikkeling van bijzondere parken

Wij werken aan drie parken waar bedrijven van elkaar leren.

Context

Deze prestatie is dit jaar begonnen en loopt door tot…

Acties

  1. Wij maken een plan (zie prestatie 8.1.5).
  2. Wij voeren het plan uit.

Toelichting op voortgang

Het plan is vastgesteld.

Financiën

Toelichting op voortgang

Geen afwijking.

Basisinformatie

Rol provincie:

Wij brengen partijen bij elkaar.

Mijlpalen:

Statenvoorstel bijzondere parken
"""
PATHS = [
    "5.1.2",
    "5.1.2 > Context",
    "5.1.2 > Acties",
    "5.1.2 > Toelichting op voortgang",
    "5.1.2 > Financiën",
    "5.1.2 > Financiën > Toelichting op voortgang",
    "5.1.2 > Basisinformatie",
]
ROLES = ["intro", "context", "actions", "progress", "finance", "finance", "basics"]


def shape(made):
    return [(s.path, s.heading, s.role, s.code, s.text, s.truncated) for s in made.parsed.sections]


def test_the_same_heading_twice_has_two_paths_and_two_roles():
    made = document(PAGE)
    assert made.paths == PATHS
    assert [s.role for s in made.parsed.sections] == ROLES
    assert {s.code for s in made.parsed.sections} == {"5.1.2"}
    assert [s.position for s in made.parsed.sections] == list(range(1, 8))
    intro = made.section("5.1.2")
    assert intro.heading == "5.1.2 Ontwikkeling van bijzondere parken"
    assert intro.text.startswith("Wij werken aan drie parken")
    assert made.section("5.1.2 > Acties").text == (
        "1. Wij maken een plan (zie prestatie 8.1.5).\n2. Wij voeren het plan uit."
    )
    assert [s.path for s in made.parsed.sections if s.truncated] == ["5.1.2 > Context"]
    assert made.parsed.title == "5.1.2 Ontwikkeling van bijzondere parken"


def test_the_goal_follows_from_the_number_and_its_title_from_nothing():
    (outline,) = document(PAGE).parsed.performances
    assert (outline.code, outline.goal_code, outline.task_code) == ("5.1.2", "5.1", "5")
    assert outline.goal_title is None and outline.task_title is None
    assert document(PAGE).parsed.listed == ()


def test_a_marked_up_page_gives_the_same_sections_as_its_text():
    marked = [Block("heading", "5.1.2 Ontwikkeling van bijzondere parken", level=1)]
    known = {"Context", "Acties", "Financiën", "Toelichting op voortgang", "Basisinformatie"}
    for line in plain_text.read(PAGE)[1:]:
        if line.text in known:
            marked.append(Block("heading", line.text, level=2))
        elif line.text[:2] in ("1.", "2."):
            marked.append(Block("item", line.text, level=1, gap=False))
        else:
            marked.append(Block("paragraph", line.text))
    assert shape(document(marked)) == shape(document(PAGE))


@pytest.mark.parametrize(
    "title",
    [
        "Prestatie 5.1.2 Ontwikkeling van bijzondere parken",
        "5.1.2. Ontwikkeling van bijzondere parken",
        "Prestatie 5.1.2: Ontwikkeling van bijzondere parken",
    ],
)
def test_a_title_in_another_form_opens_the_same_performance(title):
    made = document(PAGE.replace("5.1.2 Ontwikkeling van bijzondere parken", title))
    (outline,) = made.parsed.performances
    assert (outline.code, outline.title) == ("5.1.2", "Ontwikkeling van bijzondere parken")
    assert made.paths == PATHS
    assert made.section("5.1.2").heading == title


def test_letters_from_a_wrong_charset_are_the_same_heading():
    made = document(PAGE.replace("Financiën", "Financiƫn"))
    assert made.section("5.1.2 > Financiƫn > Toelichting op voortgang").role == "finance"


def test_finances_told_directly_leave_a_later_progress_on_its_own():
    text = PAGE.replace("Toelichting op voortgang\n\nHet plan is vastgesteld.\n\n", "")
    text = text.replace("Financiën\n\nToelichting", "Financiën\n\nGeen afwijking.\n\nToelichting")
    made = document(text)
    assert made.section("5.1.2 > Financiën").text == "Geen afwijking."
    assert made.section("5.1.2 > Toelichting op voortgang").role == "progress"


def test_navigation_around_a_page_changes_nothing():
    around = (
        "Ga naar de inhoud van deze pagina.\nHome\nZoeken\nMenu\n\n"
        "Home > 5. Economie > 5.1 Vestigen > 5.1.2 Ontwikkeling van bijzondere parken\n\n"
        "5.1.1 Basis op orde\n5.1.2 Ontwikkeling van bijzondere parken\n5.1.3 Winkels\n\n"
    )
    foot = (
        "\nVorige\n5.1.1 Basis op orde\nVolgende\n5.1.3 Winkels\n\nDeel deze pagina\n\n"
        "Deze pagina is gebouwd op 02/18/2022 16:35:57 met de export van 12/23/2021 11:58:18\n\n"
        "Contact\n\nPostbus 12345\n"
    )
    made = document(around + PAGE + foot)
    assert shape(made) == shape(document(PAGE))
    assert made.parsed.listed == ()
    assert made.parsed.built_at == "2022-02-18T16:35:57"
    assert made.parsed.exported_at == "2021-12-23T11:58:18"
    assert [u.text for u in made.parsed.unread] == ["Postbus 12345"]


@pytest.mark.parametrize(
    "line",
    [
        "1. In het voorjaar volgt een besluit",
        "63.274",
        "1.550 Uitgaven (x1000)",
        "31.12.2018 Einde van het project",
        "7.5 ha is uitgegeven.",
        "Zie prestatie 8.1.5 voor het veld",
        "8.1.5 en 9.0.2 zijn samengevoegd.",
        "2.10.3 wordt geschrapt",
        "Artikel 3.1.2 Awb",
        "0.1.2 Nul bestaat niet",
        "3.1.2.4 Te diep",
    ],
)
def test_a_number_that_is_no_title_opens_nothing(line):
    made = document(
        PAGE.replace("Het plan is vastgesteld.", f"Het plan loopt.\n\n{line}\n\nEn door.")
    )
    assert made.paths == PATHS
    assert line in made.section("5.1.2 > Toelichting op voortgang").text


def test_a_title_that_a_line_points_to_opens_nothing():
    made = document(
        PAGE.replace("loopt door tot…", "loopt door.\n\nZie ook:\n\n8.1.5 Een vliegveld")
    )
    assert [o.code for o in made.parsed.performances] == ["5.1.2"]
    assert made.section("5.1.2 > Context").text.endswith("8.1.5 Een vliegveld")


PROGRAMME = """Status prestaties

Begroot 12.400

Gerealiseerd 11.150

Ruimte 1.250
Kerntaak 4: Wegen en water

Kerntaak 4: Wegen en water

Status prestaties

Begroot 12.400

Gerealiseerd 11.150

Ruimte 1.250

Dit is hoe wij denken

Terug naar navigatie - Dit is hoe wij denken

Wegen zijn er voor iedereen.

Onze plannen

Terug naar navigatie - Onze plannen

Onze plannen

Terug naar navigatie - Onze plannen

4.1 Slim combineren

Terug naar navigatie - 4.1 Slim combineren

Wij voegen samen wat bij elkaar hoort.

Terug naar navigatie - 4.1.1 Fietsen

4.1.1 Fietsen

Acties

1. Wij leggen paden aan.

2. Wij houden ze heel.

Status

Inhoudelijke kleurscore

G

4.1.2 Varen

Acties

 1. Wij baggeren.

4.2 Veilig op weg

Wij maken kruispunten veilig.

4.2.1 Rotondes

4.2.2 Bruggen
"""


def test_a_programme_of_the_second_generation():
    made = document(PROGRAMME)
    assert made.parsed.title == "Kerntaak 4: Wegen en water"
    assert made.paths == [
        "Kerntaak 4: Wegen en water",
        "Kerntaak 4: Wegen en water > Dit is hoe wij denken",
        "Kerntaak 4: Wegen en water > Onze plannen",
        "4.1 Slim combineren",
        "4.1.1",
        "4.1.1 > Acties",
        "4.1.1 > Status",
        "4.1.2",
        "4.1.2 > Acties",
        "4.2 Veilig op weg",
    ]
    head = made.section("Kerntaak 4: Wegen en water")
    assert head.text == "Begroot 12.400\n\nGerealiseerd 11.150\n\nRuimte 1.250"
    first, second = made.parsed.performances
    assert (first.goal_title, first.task_title) == ("Slim combineren", "Wegen en water")
    assert second.code == "4.1.2"
    assert [o.code for o in made.parsed.listed] == ["4.1.1", "4.1.2", "4.2.1", "4.2.2"]
    assert made.section("4.2 Veilig op weg").text.startswith("Wij maken kruispunten veilig.")
    assert "Terug naar navigatie" not in "".join(s.text for s in made.parsed.sections)


def test_a_list_of_names_is_listed_and_no_performance():
    made = document("Prestaties (3)\n\n1.1.1 Beleid\n\n1.1.2 Uitvoering\n\n2.1.1 Toezicht\n")
    assert made.parsed.performances == ()
    assert [(o.code, o.title) for o in made.parsed.listed] == [
        ("1.1.1", "Beleid"),
        ("1.1.2", "Uitvoering"),
        ("2.1.1", "Toezicht"),
    ]
    assert made.parsed.stated_count == 3


def test_a_list_with_texts_gives_performances_and_says_which_have_none():
    made = document(
        "Prestaties (3)\n\n1.1.1 Beleid\n\n 1. Wij schrijven.\n 2. Wij lezen.\n\n"
        "Inhoudelijk (indicator)\n\nG\n\n1.1.2 Uitvoering\n\n 1. Wij doen.\n\n1.1.3 Toezicht\n"
    )
    assert [o.code for o in made.parsed.performances] == ["1.1.1", "1.1.2"]
    assert [o.code for o in made.parsed.listed] == ["1.1.1", "1.1.2", "1.1.3"]
    # Without a heading of their own, actions stand directly below the title.
    assert made.section("1.1.1").role == "actions"
    assert made.section("1.1.2").text == "1. Wij doen."


HOME = """Jaarverslag 2017

Publicatiedatum: 24-04-2018

  • Home
    • 1. Ruimte
  • Doelenboom

    1. Ruimte

    Zuinig met ruimte, in stad en land.

    Belangen afwegen
    1.1.1 Een actuele visie 1.1.2 Goede plannen 1.1.3 Wonen in balans

    Mooie steden
    1.2.1 Binnensteden 1.2.2 Dorpen
"""


def test_the_goal_tree_of_a_home_page():
    made = document(HOME)
    assert made.parsed.published_on == "2018-04-24"
    assert made.parsed.performances == ()
    assert [(o.code, o.goal_title, o.task_title) for o in made.parsed.listed] == [
        ("1.1.1", "Belangen afwegen", "Ruimte"),
        ("1.1.2", "Belangen afwegen", "Ruimte"),
        ("1.1.3", "Belangen afwegen", "Ruimte"),
        ("1.2.1", "Mooie steden", "Ruimte"),
        ("1.2.2", "Mooie steden", "Ruimte"),
    ]
    assert made.section("Doelenboom").role == "goal_tree"


def test_titles_of_the_goal_tree_serve_the_other_pages():
    made = document(HOME, PAGE.replace("5.1.2", "1.2.1"))
    (outline,) = made.parsed.performances
    assert (outline.goal_title, outline.task_title) == ("Mooie steden", "Ruimte")
    assert [s.page for s in made.parsed.sections if s.code] == [2] * 7


def test_a_site_map_names_performances():
    made = document(
        "1. Blz. 15 Kerntaak 1: Ruimte\n  1. Blz. 19 1.1 Goede ordening\n"
        "    1. Blz. 20 1.1.1 Een actuele visie\n    2. Blz. 21 1.1.2 Uitvoering\n"
    )
    assert [(o.code, o.title, o.goal_title, o.task_title) for o in made.parsed.listed] == [
        ("1.1.1", "Een actuele visie", "Goede ordening", "Ruimte"),
        ("1.1.2", "Uitvoering", "Goede ordening", "Ruimte"),
    ]


def test_the_address_gives_number_and_title_where_the_text_does_not():
    text = PAGE.split("leren.\n\n")[1]
    made = document(text, address="https://voorbeeld.begroting-2018.nl/p19/5-1-2-bijzondere-parken")
    (outline,) = made.parsed.performances
    assert (outline.code, outline.title) == ("5.1.2", "bijzondere parken")
    assert made.paths == PATHS


def test_a_title_without_number_gets_it_from_the_address():
    text = PAGE.replace("5.1.2 Ontwikkeling van bijzondere", "Bijzondere")
    made = document(text, address="https://voorbeeld.begroting-2018.nl/p19/5-1-2-bijzondere-parken")
    (outline,) = made.parsed.performances
    assert (outline.code, outline.title) == ("5.1.2", "Bijzondere parken")


def test_a_title_without_number_or_address_makes_a_key_of_its_words():
    made = document(PAGE.replace("5.1.2 Ontwikkeling van bijzondere", "Bijzondere"))
    (outline,) = made.parsed.performances
    assert (outline.code, outline.goal_code) == ("bijzondere-parken", None)
    assert made.paths[1] == "bijzondere-parken > Context"


def test_a_page_without_title_number_and_address_is_a_performance_without_number_and_reported():
    made = document(PAGE.split("leren.\n\n")[1])
    (outline,) = made.parsed.performances
    assert (outline.code, outline.title) == ("zonder-nummer", "[zonder titel]")
    assert made.paths[:2] == ["zonder-nummer", "zonder-nummer > Context"]
    (told,) = made.parsed.unread
    assert told.reason.startswith("a performance without number or title to know it by; name the")


def test_a_page_twice_in_a_document_gives_paths_of_its_own():
    made = document(PAGE, PAGE)
    assert len(made.parsed.performances) == 1
    assert len(set(made.paths)) == 14
    assert "5.1.2 > Context [2]" in made.paths


def test_an_article_has_headings_and_no_performances():
    made = document(
        "Het plein als hart van de stad\n\nHet plein als hart van de stad\n\n"
        "Het plein wordt groener. ‘Dat is nodig’, zegt Kim Verzonnen.\n\n"
        "Een goed begin\n\nEr is al veel gedaan, en er komt nog meer.\n\n"
        "Wat komt er nu?\n\nEerst komen de bomen aan de beurt.\n"
    )
    assert made.parsed.title == "Het plein als hart van de stad"
    assert made.paths == ["intro", "Een goed begin", "Wat komt er nu?"]
    assert made.parsed.performances == ()


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("Publicatiedatum: 31-02-2018", "Publicatiedatum: 31-02-2018"),
        (
            "Deze pagina is gebouwd op 18/02/2022 16:35:57 met de export van 12/23/2021 11:58:18",
            "Deze pagina is gebouwd op 18/02/2022",
        ),
    ],
)
def test_an_impossible_date_is_reported_and_not_guessed(line, text):
    parsed = document(f"Jaarverslag 2017\n\n{line}\n\nEen verslag over een jaar.").parsed
    assert parsed.published_on is None and parsed.built_at is None
    assert [u.text[: len(text)] for u in parsed.unread] == [text]


def test_a_date_on_the_next_line_and_in_words():
    assert document("Verslag\n\nPublicatiedatum\n24 april 2018\n\nTekst.").parsed.published_on == (
        "2018-04-24"
    )


def test_the_seed_page():
    made = seed(SEED_PAGE)
    assert made.paths == PATHS
    assert [s.path for s in made.parsed.sections if s.truncated] == ["5.1.2 > Context"]
    assert made.parsed.unread == ()


def test_the_seed_article():
    made = seed(SEED_ARTICLE)
    assert made.parsed.performances == () and made.parsed.listed == ()
    assert made.paths[0] == "intro" and len(made.paths) == 5
    assert "\n" not in made.parsed.title


LINES = st.sampled_from(
    [
        *PAGE.split("\n"),
        *PROGRAMME.split("\n"),
        "8.1.5 Een vliegveld",
        "Contact",
        "Zie ook:",
        "Prestaties (2)",
        "Een kop",
        "Kerntaak 5 Economie",
    ]
)


@given(st.lists(LINES, max_size=30))
def test_paths_are_unique_and_texts_are_from_the_page(lines):
    made = document("\n".join(lines))
    assert len(made.paths) == len(set(made.paths))
    known = {line.strip() for line in lines}
    for section in made.parsed.sections:
        for line in section.text.split("\n"):
            assert not line or line in known or f"• {line}" in known
        if section.code:
            assert section.path.startswith(section.code)
    codes = [o.code for o in made.parsed.performances]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize(
    "line",
    [
        "5.1.2 A",
        "1.1.1 " * 20,
        "Relatie met reserve " * 6,
        "Context",
        "a: " * 30,
        "Home > " * 10,
        "Terug naar navigatie - Context",
        "…" * 60,
        "Zie ook:",
    ],
)
def test_a_megabyte_of_anything_takes_linear_time(line):
    def work(count: int) -> None:
        blocks = [Block("line", line.strip()) for _ in range(count)]
        parsed = sections.parse([(1, None, blocks)], wordings())
        assert len(parsed.sections) <= count + 1

    assert_linear(work, 20_000)


@pytest.mark.parametrize("unit", ["1.1.1 A ", "x ", ": ", "(", "1.", "…"])
def test_one_line_of_a_megabyte(unit):
    def work(size: int) -> None:
        sections.parse([(1, None, [Block("line", unit * (size // len(unit)))])], wordings())

    assert_linear(work, 1_000_000)
