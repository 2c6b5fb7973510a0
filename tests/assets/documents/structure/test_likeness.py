"""A page without number or title is recognised by its own sentences, or not at all."""

from __future__ import annotations

from assets.documents.structure.likeness import most_like, runs

PARKS = (
    "Wij werken met de partners in de regio aan de ontwikkeling van bijzondere parken, elk met een "
    "eigen aanpak en een eigen tempo, en wij maken daarvoor de komende jaren middelen vrij."
)
WATER = (
    "De dijken langs de rivier worden de komende jaren verhoogd, en de waterschappen betalen daaraan "
    "mee naar rato van het aantal inwoners dat achter de dijk woont en werkt in het gebied."
)


def test_a_page_that_repeats_the_sentences_is_that_performance() -> None:
    known = {"parken": runs([PARKS]), "dijken": runs([WATER])}
    assert most_like(
        runs([f"{PARKS} En er is een alinea bij gekomen over het vervolg."]), known
    ) == ("parken")


def test_little_in_common_is_no_likeness() -> None:
    known = {"parken": runs([PARKS]), "dijken": runs([WATER])}
    assert (
        most_like(runs(["Iets heel anders, over musea en de openbare bibliotheken."]), known)
        is None
    )
    assert most_like(runs([PARKS[:60]]), known) is None
    assert most_like(runs([]), known) is None
    assert most_like(runs([PARKS]), {}) is None


def test_between_two_that_are_as_near_none_is_chosen() -> None:
    known = {"parken": runs([PARKS]), "parken-oud": runs([PARKS])}
    assert most_like(runs([PARKS]), known) is None


def test_a_run_never_goes_over_the_end_of_a_text() -> None:
    assert runs(["een twee drie", "vier vijf zes"]) == frozenset()
    assert len(runs(["een twee drie vier vijf zes"])) == 2
