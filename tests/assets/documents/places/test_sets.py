from __future__ import annotations

import pytest

from assets.documents.places.sets import Set, find_sets
from tests.assets.documents.place_material import gazetteer, section
from tests.cost import assert_linear

FOUR = {
    "kennispark-twente",
    "high-tech-systems-park",
    "technology-base-twente",
    "xl-businesspark-twente",
}


def sets(text: str) -> list[Set]:
    return find_sets(section(text), gazetteer().find(text))


def members(text: str) -> list[tuple[str, int | None, set[str]]]:
    return [(s.name, s.declared_count, {m.id for m in s.members}) for s in sets(text)]


def test_listed_behind_the_number() -> None:
    text = (
        "In Twente kozen wij vier toplocaties: Kennispark Twente, HTSM-park (Thales campus Hengelo), "
        "TecBase Twente en XL park."
    )
    assert members(text) == [("toplocaties in Twente", 4, FOUR)]


def test_one_of_the_four_beside_the_others() -> None:
    text = "TecBase is een van de vier Topwerklocaties in Twente, naast XL park, HTSM-park en Kennispark Twente."
    assert members(text) == [("Topwerklocaties in Twente", 4, FOUR)]


def test_fewer_than_declared_is_told_as_it_is() -> None:
    [found] = sets("De 4 regionale toplocaties zijn Hessenpoort, S/park en het HTSM-park.")
    assert (found.declared_count, found.found_count) == (4, 3)
    assert found.name == "regionale toplocaties"
    row = found.row("d")
    assert row["members"] == "deventer-open-innovatie-centrum; hessenpoort; high-tech-systems-park"


def test_two_sets_in_one_sentence_take_their_own() -> None:
    text = (
        "Wij steunen twee toplocaties in Twente (XL park en TecBase) en twee toplocaties in "
        "West-Overijssel (Hessenpoort en S/park)."
    )
    assert members(text) == [
        ("toplocaties in Twente", 2, {"xl-businesspark-twente", "technology-base-twente"}),
        ("toplocaties in West-Overijssel", 2, {"hessenpoort", "deventer-open-innovatie-centrum"}),
    ]


@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_a_list_right_below(between: str) -> None:
    listed = "- Hessenpoort, sinds lang\n- S/park\n- XL park\n"
    text = f"Er zijn drie topwerklocaties:{between}{listed}Dat was het.\nTecBase volgt later."
    [(_, count, found)] = members(text)
    assert count == 3 and found == {
        "hessenpoort",
        "deventer-open-innovatie-centrum",
        "xl-businesspark-twente",
    }


def test_an_open_number_has_no_count() -> None:
    text = "Er zijn een paar kansrijke locaties. Hieronder valt ook Hessenpoort."
    assert members(text) == [("kansrijke locaties", None, {"hessenpoort"})]


@pytest.mark.parametrize(
    "text",
    [
        "Er zijn vier topwerklocaties in Twente.",
        "Hessenpoort is een van de vijf topwerklocaties.",
        "De vier topwerklocaties, zoals Hessenpoort en S/park.",
        "Naast Hessenpoort en S/park zijn er drie andere topwerklocaties.",
        "Twee van de topwerklocaties zijn Hessenpoort en S/park.",
        "Vier bedrijven op Hessenpoort en S/park.",
        "Hessenpoort en S/park. Er zijn vier topwerklocaties.",
        "Op 1.200 locaties, ook Hessenpoort en S/park",
        "enkele locaties. Ook groeit Hessenpoort.",
        "",
    ],
)
def test_what_counts_or_lists_nothing(text: str) -> None:
    assert sets(text) == []


@pytest.mark.parametrize(
    "bit",
    [
        "vier toplocaties\nHessenpoort\n",
        "vier toplocaties Hessenpoort S/park ",
        "vier ",
        "in Twente ",
    ],
)
def test_cost_is_linear(bit: str) -> None:
    def work(size: int) -> None:
        text = (bit * (size // len(bit))) + "Hessenpoort"
        find_sets(section(text), names.find(text))

    names = gazetteer()
    assert_linear(work, 100_000)
