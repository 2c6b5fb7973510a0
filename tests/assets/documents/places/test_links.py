from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.documents.places.heading_links import Headings
from assets.documents.places.links import link
from assets.documents.places.readings import Reading
from assets.documents.places.sets import find_sets
from assets.documents.records import Mention, Role, Section, Span
from tests.assets.documents.place_material import gazetteer, organisations, references, section
from tests.cost import assert_linear
from warehouse.tables.findings import RELATIONS, SUBJECT_KINDS, Evidence

DEVENTER = "deventer-open-innovatie-centrum"
Links = set[tuple[str, str, str]]


def rows(
    text: str, role: Role = "progress", names: dict[str, str] | None = None, **more: Any
) -> list[dict[str, Any]]:
    one = section(text, role)
    locations = gazetteer().find(text)
    return link(
        "d",
        [one],
        {one.path: locations},
        {one.path: references(text)},
        {one.path: organisations(text, **(names or {}))},
        find_sets(one, locations),
        **more,
    )


def links(text: str, *args: Any, **more: Any) -> Links:
    return {(r["subject_id"], r["relation"], r["location_id"]) for r in rows(text, *args, **more)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            'Het besluit "TecBase Twente" (PS/2016/486) over XL park',
            {("PS/2016/486", "technology-base-twente")},
        ),
        (
            "Over TecBase (PS/2016/1) en over XL park (PS/2016/2).",
            {("PS/2016/1", "technology-base-twente"), ("PS/2016/2", "xl-businesspark-twente")},
        ),
        (
            "Besloten is over Hessenpoort (PS/2016/1 en PS/2016/2).",
            {("PS/2016/1", "hessenpoort"), ("PS/2016/2", "hessenpoort")},
        ),
        ("Hessenpoort groeit. Elders valt een besluit (PS/2016/1).", set()),
        ("Hessenpoort groeit. Hierover is besloten (PS/2016/1).", {("PS/2016/1", "hessenpoort")}),
        ("Hessenpoort en S/park groeien. Hierover is besloten (PS/2016/1).", set()),
        ("Hessenpoort groeit.\n\nHierover is besloten (PS/2016/1).", set()),
        ("Naast de weg bij Hessenpoort, besloten wij over een fonds (PS/2016/1).", set()),
        ("Naast Hessenpoort kiezen wij voor een fonds, zo luidt het besluit (PS/2016/1).", set()),
        ("PS/2016/1: Hessenpoort", {("PS/2016/1", "hessenpoort")}),
        ("Een besluit (PS/2016/1) van later raakt aan Hessenpoort.", set()),
        ("Hessenpoort\tin uitvoering\nS/park\tPS/2016/1", set()),
        ("S/park besluit PS/2016/1\tHessenpoort", {("PS/2016/1", DEVENTER)}),
    ],
)
def test_decision_belongs_to_the_location_right_before_it(
    text: str, expected: set[tuple[str, str]]
) -> None:
    assert {(s, where) for s, _, where in links(text)} == expected


def test_behind_zie_a_decision_is_also_seen() -> None:
    found = {r["relation"]: r["confidence"] for r in rows("Voorstel Hessenpoort, zie PS/2016/1")}
    assert found == {"see_also": 0.9, "subject_of": 0.6}


def test_performance_is_about_what_its_own_sections_name() -> None:
    performances = {"5.1.2": "top"}
    assert links("Hessenpoort", performances=performances) == {("top", "subject_of", "hessenpoort")}
    assert links("Hessenpoort", "context", performances=performances) == {
        ("top", "mentioned", "hessenpoort")
    }
    assert links("Zie ook Hessenpoort", performances=performances) == {
        ("top", "see_also", "hessenpoort")
    }
    assert links("Hessenpoort") == set()


def test_members_of_a_counted_set() -> None:
    text = "De twee toplocaties zijn Hessenpoort en S/park."
    found = links(text, performances={"5.1.2": "top"})
    assert {where for _, relation, where in found if relation == "member_of"} == {
        "hessenpoort",
        DEVENTER,
    }
    wrong = rows(text.replace("twee", "drie"), performances={"5.1.2": "top"})
    assert {r["confidence"] for r in wrong if r["relation"] == "member_of"} == {0.5}
    open_number = links(text.replace("twee", "enkele"), performances={"5.1.2": "top"})
    assert "member_of" not in {relation for _, relation, _ in open_number}


NAMES = {"fonds": "Fonds Voorbeeld", "school": "Hogeschool Voorbeeld"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Fonds Voorbeeld is als partner betrokken bij Hessenpoort en S/park, hetgeen XL park helpt.",
            {("fonds", "hessenpoort"), ("fonds", DEVENTER)},
        ),
        (
            "Fonds Voorbeeld en Hogeschool Voorbeeld zijn betrokken bij Hessenpoort.",
            {("fonds", "hessenpoort"), ("school", "hessenpoort")},
        ),
        ("Samen met Fonds Voorbeeld werken wij aan Hessenpoort.", {("fonds", "hessenpoort")}),
        ("Samen met de weg bij Fonds Voorbeeld groeit Hessenpoort.", set()),
        (
            "Hessenpoort groeit. Fonds Voorbeeld is hierbij ook betrokken.",
            {("fonds", "hessenpoort")},
        ),
        ("Hessenpoort groeit. Fonds Voorbeeld is ook betrokken.", set()),
        ("Hessenpoort en S/park groeien. Fonds Voorbeeld is hierbij betrokken.", set()),
        ("Fonds Voorbeeld is niet betrokken bij Hessenpoort.", set()),
        ("Fonds Voorbeeld is geen partner in Hessenpoort.", set()),
        ("Fonds Voorbeeld spreekt. De buurt is betrokken bij Hessenpoort.", set()),
        ("Fonds Voorbeeld en Hessenpoort in een zin.", set()),
        ("Fonds Voorbeeld is betrokken; Hessenpoort groeit.", set()),
    ],
)
def test_partner_only_where_the_sentence_says_so(text: str, expected: set[tuple[str, str]]) -> None:
    found = {
        (s, where) for s, relation, where in links(text, names=NAMES) if relation == "partner_in"
    }
    assert found == expected


def test_an_organisation_beside_a_location_is_mentioned() -> None:
    text = "Kennispark Twente (campus bij de Hogeschool Voorbeeld) en Hessenpoort"
    assert links(text, names=NAMES) == {("school", "mentioned", "kennispark-twente")}


def test_a_name_inside_a_locations_name_is_no_organisation() -> None:
    assert (
        links("Samen met Thales campus Hengelo en Hessenpoort", names={"thales": "Thales"}) == set()
    )


def test_a_facility_and_the_firms_of_its_founders() -> None:
    text = "In Loods Nul, van Anna Verzonnen (Firma Nul), wordt gewerkt."
    place = {
        "document_id": "d",
        "section": "5.1.2 > A",
        "quote_start": 0,
        "quote_end": 11,
        "confidence": 0.9,
    }
    relations = [
        {
            "subject_kind": "person",
            "subject_id": "Anna Verzonnen",
            "predicate": "founder_of",
            "object_kind": "organisation",
            "object_id": "loods",
            **place,
        },
        {
            "subject_kind": "person",
            "subject_id": "Anna Verzonnen",
            "predicate": "works_for",
            "object_kind": "organisation",
            "object_id": "firma",
            **place,
        },
    ]
    found = links(
        text, names={"loods": "Loods Nul"}, sites={"loods": "spoorzone-zwolle"}, relations=relations
    )
    assert found == {
        ("loods", "located_in", "spoorzone-zwolle"),
        ("firma", "partner_in", "spoorzone-zwolle"),
    }


def amount(text: str) -> Links:
    [at] = [m.start() for m in re.finditer("€", text)]
    return links(text, subjects=[("amount", "a", Span("5.1.2 > A", at, at + 4))])


def test_an_amount_goes_to_the_one_location_of_its_cell_row_or_sentence() -> None:
    to_hessenpoort = {("a", "subject_of", "hessenpoort")}
    assert amount("Hessenpoort krijgt € 5.") == to_hessenpoort
    assert amount("Hessenpoort\t€ 5\nS/park\t6") == to_hessenpoort
    assert amount("S/park groeit. Hessenpoort krijgt € 5.") == to_hessenpoort
    assert amount("Hessenpoort en S/park krijgen € 5.") == set()
    assert amount("De parken, waaronder Hessenpoort, krijgen € 5.") == set()
    assert amount("Hessenpoort groeit. Er is € 5.") == set()


def test_a_statement_takes_the_location_of_a_title_that_names_one_only() -> None:
    text = "‘Wij bouwen door’, zegt zij.\n\nHessenpoort is groot."
    subject = [("statement", "s", Span("5.1.2 > A", 1, 15))]
    title = gazetteer().find("Over Hessenpoort")
    assert links(text, subjects=subject, title=title) == {("s", "mentioned", "hessenpoort")}
    assert links(text, subjects=subject) == set()
    assert links(text + " S/park ook.", subjects=subject, title=title) == set()


WORDS = [
    "Hessenpoort",
    "S/park",
    "PS/2016/1",
    "zie",
    "Fonds Voorbeeld",
    "betrokken bij",
    "hierbij",
    ".",
    "\n\n",
    "\t",
    "€",
    ",",
    "(",
    ")",
    "twee toplocaties",
]


@given(st.lists(st.sampled_from(WORDS), max_size=40))
def test_every_row_fits_the_table_and_quotes_its_words(words: Sequence[str]) -> None:
    text = " ".join(words)
    subjects = [
        ("amount", str(m.start()), Span("5.1.2 > A", m.start(), m.end()))
        for m in re.finditer("€", text)
    ]
    found = rows(text, names=NAMES, performances={"5.1.2": "top"}, subjects=subjects)
    named = {(m.start, m.end): m.id for m in gazetteer().find(text)}
    assert len({r["evidence_id"] for r in found}) == len(found)
    for row in found:
        assert set(row) == {column.name for column in Evidence.__table__.columns}
        assert row["quote"] == text[row["quote_start"] : row["quote_end"]] != ""
        assert named[row["quote_start"], row["quote_end"]] == row["location_id"]
        assert row["relation"] in RELATIONS and row["subject_kind"] in SUBJECT_KINDS
        assert 0 < row["confidence"] <= 0.95 and row["reason"]


def below(heading: str, text: str, *, role: Role = "other", **more: Any) -> list[dict[str, Any]]:
    """Links of one section of a performance below a heading."""
    one = Section(1, "5.1.2 > A", heading, role, "5.1.2", text, False, 1, None)
    return link(
        "d",
        [one],
        {one.path: gazetteer().find(text)},
        {one.path: references(text)},
        {},
        headings={one.path: gazetteer().find(heading)},
        performances={"5.1.2": "top"},
        subjects=[
            ("amount", str(m.start()), Span(one.path, m.start(), m.end()))
            for m in re.finditer("€", text)
        ],
        **more,
    )


@pytest.mark.parametrize(
    ("heading", "text", "expected"),
    [
        ("Hessenpoort", "Wij gaven € 3 miljoen uit.", "hessenpoort"),
        ("Bedrijventerrein Hessenpoort (Zwolle)", "De bijdrage is € 3 miljoen.", "hessenpoort"),
        ("Hessenpoort", "Met XL park wordt gesproken. De bijdrage is € 3 miljoen.", None),
        ("Hessenpoort", "In XL park is € 3 miljoen besteed.", "xl-businesspark-twente"),
        ("Hessenpoort en overige terreinen", "De bijdrage is € 3 miljoen.", None),
        ("Hessenpoort / XL park", "De bijdrage is € 3 miljoen.", None),
        ("Hessenpoort", "In totaal gaven wij € 3 miljoen uit.", None),
        ("Aanpak", "De bijdrage is € 3 miljoen.", None),
    ],
)
def test_what_stands_below_the_heading_of_one_location_is_about_it(
    heading: str, text: str, expected: str | None
) -> None:
    found = [row for row in below(heading, text) if row["subject_kind"] == "amount"]
    assert [row["location_id"] for row in found] == ([expected] if expected else [])


def test_decisions_below_a_heading_are_about_its_location_where_the_text_leads_to_none() -> None:
    found = below("Hessenpoort", "Zie de besluiten PS/2016/1 en PS/2016/2.")
    decided = [row for row in found if row["subject_kind"] == "decision"]
    assert {(r["subject_id"], r["location_id"], r["in_heading"]) for r in decided} == {
        ("PS/2016/1", "hessenpoort", True),
        ("PS/2016/2", "hessenpoort", True),
    }
    both = below("Hessenpoort", "Over XL park is besloten (PS/2016/1). Later volgde PS/2016/2.")
    assert {
        (r["subject_id"], r["location_id"]) for r in both if r["subject_kind"] == "decision"
    } == {("PS/2016/1", "xl-businesspark-twente")}


@pytest.mark.parametrize(
    ("heading", "role", "text", "relation", "in_heading"),
    [
        ("5.1.2 Ontwikkeling Hessenpoort", "intro", "Wij bouwen.", "subject_of", True),
        (
            "5.1.2 Ontwikkeling Hessenpoort",
            "intro",
            "Op Hessenpoort wordt gebouwd.",
            "subject_of",
            False,
        ),
        ("Voortgang Hessenpoort", "progress", "Er is gebouwd.", "subject_of", True),
        ("Hessenpoort", "other", "Er is gebouwd.", "mentioned", True),
    ],
)
def test_a_performance_is_about_what_its_title_names(
    heading: str, role: Role, text: str, relation: str, in_heading: bool
) -> None:
    [row] = below(heading, text, role=role)
    assert (row["relation"], row["location_id"]) == (relation, "hessenpoort")
    assert row["in_heading"] is in_heading
    said = heading if in_heading else text
    assert said[row["quote_start"] : row["quote_end"]] == row["quote"] == "Hessenpoort"


def test_rows_do_not_depend_on_other_sections() -> None:
    one, two = (
        section("Hessenpoort (PS/2016/1)"),
        Section(2, "B", "B", "other", None, "S/park (PS/2016/2)", False, 1, None),
    )
    texts: dict[str, list[Mention]] = {s.path: gazetteer().find(s.text) for s in (one, two)}
    both = link("d", [one, two], texts, {s.path: references(s.text) for s in (one, two)}, {})
    assert {(r["subject_id"], r["location_id"]) for r in both} == {
        ("PS/2016/1", "hessenpoort"),
        ("PS/2016/2", DEVENTER),
    }


@pytest.mark.parametrize(
    "bit",
    [
        "Hessenpoort PS/2016/1 ",
        "PS/2016/1 ",
        "hierbij PS/2016/1 ",
        "Fonds Voorbeeld is partner in Hessenpoort ",
        "Fonds Voorbeeld, ",
        "€ S/park Hessenpoort ",
        "\t€",
    ],
)
def test_cost_is_linear(bit: str) -> None:
    def work(size: int) -> None:
        text = bit * (size // len(bit))
        subjects = [
            ("amount", str(m.start()), Span("5.1.2 > A", m.start(), m.end()))
            for m in re.finditer("€", text)
        ]
        rows(text, names=NAMES, subjects=subjects, performances={"5.1.2": "top"})

    assert_linear(work, 48_000)


@pytest.mark.parametrize("long", ["text", "heading"])
def test_cost_below_a_heading_is_linear(long: str) -> None:
    """As many questions as there are names in the text, or words in the heading."""

    def work(size: int) -> None:
        name, word = "Hessenpoort", "Terrein "
        text = f"{name} " * (size if long == "text" else 1)
        heading = word * (size if long == "heading" else 1) + name
        one = Section(1, "A", heading, "other", None, text, False, 1, None)
        step, begins = len(name) + 1, len(heading) - len(name)
        named = [
            Mention("hessenpoort", name, at, at + len(name), 0.95, "as declared")
            for at in (*range(0, len(text), step), begins)
        ]
        above = Headings({"A": Reading("d", one, named[:-1])}, {"A": named[-1:]})
        for number in range(size):
            assert above.of_section("A", ("amount", str(number)))

    assert_linear(work, 4_000)
