"""Labels with their values, wherever the value stands, and whatever the label is closed with."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.documents.formats.plain_text import MAX_BLOCKS as MOST_LINES
from assets.documents.records import Section
from assets.documents.structure import fields
from tests.assets.documents.reading_of_text import SEED_PAGE, seed, wordings
from tests.cost import assert_linear


def section(text: str, role="basics") -> Section:
    return Section(1, "5.1.2 > X", "X", role, "5.1.2", text, False, 1, None)


def read(text: str, role="basics"):
    found, unread = fields.read(section(text, role), wordings())
    for one in found:
        assert text[one.value_start : one.end] == one.value
        assert text[one.start :].startswith(one.label)
    return found, [one.text for one in unread]


@pytest.mark.parametrize("sign", [":", "?", "?:", "", " :"])
@pytest.mark.parametrize("between", ["\n\n", "\n"])
def test_a_value_below_its_label(sign, between):
    (one,), unread = read(f"Looptijd prestatie{sign}{between}Tot en met 2019.")
    assert (one.label, one.means, one.value) == ("Looptijd prestatie", "term", "Tot en met 2019.")
    assert one.wording_id == "term" and unread == []


@pytest.mark.parametrize(
    "line", ["Looptijd prestatie: Structureel.", "Looptijd prestatie\tStructureel."]
)
def test_a_value_behind_its_label(line):
    (one,), unread = read(line)
    assert (one.means, one.value, unread) == ("term", "Structureel.", [])


@pytest.mark.parametrize(
    ("line", "reserve"),
    [
        ("Relatie met reserve Groen / Water?\n\nNee.", "Groen / Water"),
        ("Relatie met reserve Groen/Water: Nee.", "Groen/Water"),
        ("Relatie met reserve Groen / Water?: Nee.", "Groen / Water"),
        ("Relatie met reserve Groen / Water\nNee.", "Groen / Water"),
        ("Relatie met reserve?\nNee.", None),
    ],
)
def test_the_reserve_that_a_question_names(line, reserve):
    (one,), _ = read(line)
    assert (one.means, one.value, one.open) == ("reserve_relation", "Nee.", reserve)


def test_an_answer_that_announces_more_is_no_label():
    text = "Relatie met reserve Groen?\n\nJa. Bijbehorend voorstel:\n\nBesluit over groen.\n\nMijlpalen:"
    (one, last), unread = read(text)
    assert one.value == "Ja. Bijbehorend voorstel:\n\nBesluit over groen."
    assert (last.means, last.value, unread) == ("milestones", "", [])
    (role,), _ = read("Rol provincie:\n\nWij zijn hier:\n\nregisseur")
    assert role.value == "Wij zijn hier:\n\nregisseur"


def test_a_label_that_nobody_declared_is_kept_with_its_value():
    found, unread = read(
        "Rol provincie:\n\nRegisseur.\n\nBetrokken wijkraad:\n\nNoord\n\nProject website:\n\nX"
    )
    assert [(f.label, f.means, f.wording_id, f.value) for f in found] == [
        ("Rol provincie", "role", "role_of_province", "Regisseur."),
        ("Betrokken wijkraad", None, None, "Noord"),
        ("Project website", "websites", "project_website", "X"),
    ]
    assert unread == []


def test_a_line_after_a_value_of_one_line_belongs_to_no_label():
    found, unread = read("Looptijd prestatie:\n\nStructureel.\n\nPagina 3 van 8")
    assert [f.value for f in found] == ["Structureel."]
    assert unread == ["Pagina 3 van 8"]
    assert read("Zomaar iets\n\nRol provincie:\n\nGeen.")[1] == ["Zomaar iets"]


@pytest.mark.parametrize(
    "line",
    ["Inhoudelijke kleurscore G", "Inhoudelijke kleurscore: G", "Inhoudelijke kleurscore\n\nG"],
)
def test_a_colour_beside_or_below_its_label(line):
    (one,), _ = read(line)
    assert (one.means, one.value) == ("progress_colour", "G")


def test_what_changes_in_the_budget_is_a_value_where_it_has_a_label():
    (one,), _ = read(
        "Begrotingswijziging\n\nPS Begrotingswijziging\n\nVooraankondiging resultaatbestemming"
    )
    assert one.value == "PS Begrotingswijziging\n\nVooraankondiging resultaatbestemming"
    (colour, change), unread = read("Geld (indicator)\n\nO\n\nGS Begrotingswijziging", "actions")
    assert (colour.value, change.means, change.label) == (
        "O",
        "budget_change",
        "GS Begrotingswijziging",
    )
    assert unread == []


def test_outside_the_basics_only_declared_labels_count_and_prose_goes_on():
    text = (
        "Let op:\n\nWij bouwen.\n\nPortefeuillehouder\nKim Verzonnen\n\n"
        + "Daarna volgt meer. " * 9
    )
    found, unread = read(text, "actions")
    assert [(f.means, f.value) for f in found] == [("portfolio_holder", "Kim Verzonnen")]
    assert unread == []
    assert read("Wij werken aan de looptijd prestatie: goed zo.", "progress") == ([], [])


def test_the_seed_page_has_its_five_fields():
    made = seed(SEED_PAGE)
    means = [f.means for f in made.fields["5.1.2 > Basisinformatie"]]
    assert means == ["portfolio_holder", "role", "term", "reserve_relation", "milestones"]
    assert made.unread == []
    assert sum(map(len, made.fields.values())) == 5


LINES = st.sampled_from(
    [
        "Rol provincie:",
        "Looptijd prestatie: Kort.",
        "Onbekend label?",
        "",
        "Een waarde.",
        "\tX\tY",
        "Mijlpalen",
    ]
)


@given(st.lists(LINES, max_size=15), st.sampled_from(["basics", "actions", "intro"]))
def test_fields_follow_each_other_and_nothing_of_the_basics_is_lost(lines, role):
    text = "\n".join(lines)
    found, unread = read(text, role)
    for one, following in pairwise(found):
        assert one.end <= following.start
    if role == "basics":
        said = sum(1 for line in lines if line.strip())
        inside = sum(
            len([x for x in text[f.start : f.end].split("\n") if x.strip()]) for f in found
        )
        assert inside + len(unread) == said


@pytest.mark.parametrize(
    "unit", ["Rol provincie:\n", "a? b: ", "A:\n", "Relatie met reserve ", "?:", "\n\n"]
)
def test_a_megabyte_takes_linear_time(unit):
    def work(size: int) -> None:
        text = unit * min(size // len(unit), MOST_LINES if "\n" in unit else size)
        fields.read(section(text), wordings())

    assert_linear(work, 1_000_000)
