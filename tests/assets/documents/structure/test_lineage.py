"""The same performance through the years, whatever the order in which its documents come."""

from __future__ import annotations

import random
from collections import defaultdict
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from assets.catalogue.document_models import PerformanceEntry, Succession
from assets.catalogue.loading import HERE, _entries
from assets.documents.structure.lineage import Found, recognise
from warehouse.tables.documents import PerformanceName, PerformanceSuccession

OWN, OTHER = "provincie-een", "provincie-twee"
ENTRY = PerformanceEntry(
    id="parken",
    organisation=OWN,
    titles=("Ontwikkeling van parken", "Parken van * tot *"),
    codes=("5.1.2",),
    valid_from=2016,
    valid_to=2018,
    successions=(
        Succession(former_code="9.0.2", code="5.1.2", year=2016, kind="merged", source="monitor"),
    ),
)


def one(document, code, title, year=2017, organisation=OWN):
    return Found(document, organisation, year, code, title)


def keys(*found, entries=(ENTRY,)):
    return recognise(found, entries)[0]


def test_a_declared_title_goes_before_all_else():
    assert (
        keys(
            one("a", "5.1.2", "Ontwikkeling  van PARKEN"),
            one("b", "7.7.7", "Parken van noord tot zuid", 2030),
            one("c", "5.1.2", "Ontwikkeling van parken", None, None),
        )
        == ["parken"] * 3
    )


def test_a_declared_number_counts_in_its_years_and_for_its_organisation():
    found = [
        one("a", "5.1.2", "Iets heel anders", 2018),
        one("b", "5.1.2", "Weer iets anders", 2019),
        one("c", "5.1.2", "Nog iets", 2017, OTHER),
        one("d", "5.1.2", "Vierde", None),
        one("e", "5.1.2", "Vijfde", 2017, None),
    ]
    assert [key == "parken" for key in keys(*found)] == [True, False, False, False, False]


def test_two_of_one_document_never_become_one():
    first, second = keys(
        one("a", "5.1.2", "Ontwikkeling van parken"), one("a", "5.1.3", "Ontwikkeling van parken")
    )
    assert first == "parken" != second
    assert (
        len(
            set(
                keys(
                    one("a", "1.1.1", "Beleid"),
                    one("a", "2.1.1", "Beleid"),
                    one("b", "2.1.1", "Beleid"),
                )
            )
        )
        == 2
    )


def test_what_is_not_declared_is_known_by_title_or_by_number_and_a_similar_title():
    found = [
        one("a", "8.1.5", "Veld bij de haven", 2016),
        one("b", "8.2.1", "Veld bij de haven", 2017),
        one("c", "8.2.1", "Veld bij de oude haven", 2018),
        one("d", "8.2.1", "Iets volkomen nieuws", 2019),
        one("e", "8.1.5", "Veld bij de haven", 2017, OTHER),
    ]
    said = keys(*found)
    assert said[0] == said[1] == said[2]
    assert len(set(said)) == 3
    ids, names, successions = recognise(found[:4], ())
    assert ids[0] == "veld-bij-de-haven"
    assert {
        row["recognised_by"] for row in names if row["code"] == "8.2.1" and "oude" in row["title"]
    } == {"same number and similar title"}
    assert [(r["former_code"], r["code"], r["year"], r["kind"]) for r in successions] == [
        ("8.1.5", "8.2.1", 2017, "renumbered")
    ]


def test_a_document_of_unknown_organisation_joins_only_where_one_can_be_meant():
    known, unknown = one("a", "1.1.1", "Beleid"), one("b", "1.1.1", "Beleid", None, None)
    assert len(set(keys(known, unknown))) == 1
    assert len(set(keys(known, unknown, one("c", "1.1.1", "Beleid", 2017, OTHER)))) == 3


def test_rows_have_the_columns_of_their_tables():
    _, names, successions = recognise(
        [
            one("a", "5.1.2", "Ontwikkeling van parken", 2016),
            one("b", "5.1.2", "Ontwikkeling van parken", 2018),
        ],
        [ENTRY],
    )
    (name,) = names
    assert set(name) == {c.name for c in PerformanceName.__table__.columns}
    assert (name["first_year"], name["last_year"], name["documents"]) == (2016, 2018, 2)
    assert name["recognised_by"] == "declared title"
    (succession,) = successions
    assert set(succession) == {c.name for c in PerformanceSuccession.__table__.columns}
    assert (succession["former_code"], succession["kind"]) == ("9.0.2", "merged")


def test_the_declared_performances_of_overijssel():
    entries, _ = _entries(Path(HERE), "performances", PerformanceEntry, "id")
    owner = "provincie-overijssel"
    assert keys(
        one("a", "5.1.2", "Gebiedsgerichte ontwikkeling van topwerklocaties", 2016, owner),
        one("a", "8.1.5", "TecBase Twente", 2016, owner),
        one("b", "8.1.5", "Technology Base Twente", 2019, owner),
        one("c", "5.1.2", "gebiedsgerichte ontwikkeling van topwerklocaties", None, None),
        entries=entries.values(),
    ) == ["topwerklocaties", *["technology-base-twente-ontwikkeling"] * 2, "topwerklocaties"]


FOUND = st.builds(
    Found,
    document_id=st.sampled_from("abcd"),
    organisation=st.sampled_from([OWN, OTHER, None]),
    year=st.sampled_from([2016, 2017, 2019, None]),
    code=st.sampled_from(["5.1.2", "5.1.3", "8.1.5"]),
    title=st.sampled_from(
        [
            "Ontwikkeling van parken",
            "Ontwikkeling van nieuwe parken",
            "Veld",
            "veld",
            "Oud veld",
            "!",
        ]
    ),
)


@given(st.lists(FOUND, max_size=12), st.randoms(use_true_random=False))
def test_the_order_of_documents_makes_no_difference(found, shuffled: random.Random):
    ids, names, successions = recognise(found, [ENTRY])
    places = list(range(len(found)))
    shuffled.shuffle(places)
    again, names_again, successions_again = recognise([found[p] for p in places], [ENTRY])
    assert again == [ids[p] for p in places]
    assert (names_again, successions_again) == (names, successions)


@given(st.lists(FOUND, max_size=12))
def test_two_performances_of_one_document_have_two_keys(found):
    ids, names, _ = recognise(found, [ENTRY])
    known = defaultdict(set)
    for key, here in zip(ids, found, strict=True):
        known[here.document_id, key].add(here)
    assert all(len(members) == 1 for members in known.values())
    assert {(r["performance_id"], r["code"], r["title"]) for r in names} == {
        (key, here.code, here.title) for key, here in zip(ids, found, strict=True)
    }
