from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.documents.places.gazetteer import Gazetteer
from assets.documents.places.names import squash
from assets.documents.places.surroundings import Name
from tests.assets.documents.place_material import MUNICIPALITIES, gazetteer, ids, quotes
from tests.cost import assert_linear
from tests.publishers import shared

HENGELO, TECHNOLOGY, XL = (
    "high-tech-systems-park",
    "technology-base-twente",
    "xl-businesspark-twente",
)
KENNISPARK, DEVENTER, ZWOLLE = (
    "kennispark-twente",
    "deventer-open-innovatie-centrum",
    "spoorzone-zwolle",
)
TAPIJT = "tapijtcluster-genemuiden-hasselt"


@pytest.mark.parametrize(
    ("name", "location"),
    [
        ("High Tech Systems Park", HENGELO),
        ("High Tech Systems Park Twente", HENGELO),
        ("High Systems Park Twente", HENGELO),
        ("High Tech Systemspark", HENGELO),
        ("Hightech Systems Park", HENGELO),
        ("High Tech Systempark", HENGELO),
        ("HTSM-park", HENGELO),
        ("HTSM park", HENGELO),
        ("Thales campus Hengelo", HENGELO),
        ("TecBase", TECHNOLOGY),
        ("TecBase-Twente", TECHNOLOGY),
        ("Technology Base Twente", TECHNOLOGY),
        ("Technology Base (Twente)", TECHNOLOGY),
        ("XL Businesspark", XL),
        ("XL Business Park Twente", XL),
        ("XL park", XL),
        ("Kennispark Twente", KENNISPARK),
        ("AkzoNobel-locatie in Deventer", DEVENTER),
        ("Akzo Nobel-locatie te Deventer", DEVENTER),
        ("Deventer Open Innovatie Center", DEVENTER),
        ("Deventer open innovatie centre", DEVENTER),
        ("Deventer Open Innovatie Centra", DEVENTER),
        ("S/park", DEVENTER),
        ("Polymer Science Park", "polymer-science-park"),
        ("Hessenpoort", "hessenpoort"),
        ("bedrijvenpark A1", "bedrijvenpark-a1"),
        ("Tapijtcluster Genemuiden/Hasselt", TAPIJT),
        ("Tapijtcluster (Genemuiden/Hasselt)", TAPIJT),
        ("Zwolse Spoorzone", ZWOLLE),
    ],
)
def test_every_spelling_seen_resolves_in_a_sentence(name: str, location: str) -> None:
    assert ids(f"De aanleg van {name} is begonnen.") == [location]


@pytest.mark.parametrize(
    "text",
    [
        "Spoorzone Tilburg krijgt woningen; ook Zwolle bouwt.",
        "Spoorzone (Raalte) en Zwolle",
        "De Tilburgse Spoorzone trekt bezoekers uit Zwolle.",
        "De Dordrechtse Spoorzone, zoals in Zwolle",
        "Het Kennispark in Leiden werkt samen met Enschede.",
        "Kennispark Leiden, en niet Enschede",
        "Hessenpoort (Deventer)",
        "Stichting Kennispark Twente",
        "de Coöperatie XL Businesspark Twente",
        "Openbaar lichaam XL Businesspark",
        "Parkmanagement Hessenpoort",
        "Technology Base Twente B.V.",
        "Hessenpoort-ondernemers",
        "www.Hessenpoort.nl",
        "info@Hessenpoort.nl",
        "de A1 bij Deventer",
        "Luchthaven Twente in Enschede",
        "een kennispark en een spoorzone in Zwolle en Enschede",
        "de spoorzone in de stad Zwolle",
        "Kennisparken in Enschede",
        "De topwerklocaties, de toplocaties, het park, de campus en het Innovatiedistrict",
        "Topwerklocaties. Bedrijvenpark. Campus.",
        "Spark en s/park",
        "Polymer Science. Park",
        "Polymer Science\n\nPark",
        "De Spoorzone, zonder plaats",
        "Gemeente Tilburg legt een Spoorzone aan.\n\nDat doet Zwolle niet.",
    ],
)
def test_what_is_not_one_of_our_places(text: str) -> None:
    assert ids(text) == []


def test_a_shared_name_is_the_surer_the_nearer_its_municipality() -> None:
    find = gazetteer().find
    near = [
        find("De Spoorzone van nu, hier in Zwolle.")[0].confidence,
        find("De Spoorzone groeit. Zwolle ook.")[0].confidence,
        find("De Spoorzone groeit.", title="Plannen van Zwolle")[0].confidence,
        find("De Spoorzone groeit.\n\nZwolle ook.")[0].confidence,
    ]
    assert near == [0.9, 0.8, 0.75, 0.7]


def test_another_section_tells_a_shared_name_apart() -> None:
    [first, second] = gazetteer().find_all(["De Spoorzone groeit.", "De gemeente Zwolle bouwt."])
    assert [m.id for m in first] == [ZWOLLE] and second == []
    context = gazetteer().context(["De gemeente Zwolle bouwt."])
    assert gazetteer().find("De Spoorzone groeit.", context=context) == first


def test_the_full_name_elsewhere_tells_the_short_one() -> None:
    text = "Kennispark Twente is vol.\n\nHet Kennispark wil groeien."
    assert quotes(text) == ["Kennispark Twente", "Kennispark"]


def test_a_municipality_said_of_another_place_does_not_count_against_this_one() -> None:
    text = "Tussen XL Businesspark (Almelo) en het Kennispark.\n\nEnschede betaalt mee."
    assert ids(text) == [XL, KENNISPARK]
    assert ids("Almelo wil ook het Kennispark.\n\nEnschede betaalt mee.") == []


def test_longest_name_wins_and_brackets_begin_a_new_one() -> None:
    text = "High Systems Park Twente (Thales campus Hengelo), de Spoorzone Zwolle"
    assert quotes(text) == ["High Systems Park Twente", "Thales campus Hengelo", "Spoorzone Zwolle"]


def test_a_genitive_and_a_place_word_behind_a_hyphen_are_still_the_place() -> None:
    assert quotes("Hessenpoorts ligging, Hessenpoort's ligging, het Hessenpoort-terrein") == [
        "Hessenpoorts",
        "Hessenpoort",
        "Hessenpoort",
    ]


def test_dates_lower_and_never_reject() -> None:
    def sure(day: dt.date | None) -> float:
        [mention] = gazetteer().find("De TecBase Twente", on=day)
        return mention.confidence

    assert sure(None) == sure(dt.date(2018, 12, 31)) == 0.95
    assert sure(dt.date(2019, 1, 1)) == sure(dt.date(2015, 12, 31)) == 0.76


def test_a_name_that_two_declared_places_share_needs_its_municipality() -> None:
    both = Gazetteer(
        [Name("a", "Stadspark", "GM0193"), Name("b", "Stadspark", "GM0150")], MUNICIPALITIES
    )
    assert [m.id for m in both.find("Het Stadspark in Deventer")] == ["b"]
    assert both.find("Het Stadspark") == []
    assert both.find("Het Stadspark.\n\nZwolle en Deventer") == []


def test_an_alias_of_generic_words_only_is_never_found() -> None:
    assert Gazetteer([Name("a", "De Campus", "GM0193")], MUNICIPALITIES).find("De Campus") == []


@given(
    st.text(alphabet="AkZo Nobel-locatie in\xa0Dvr/.,()\n Spoorzone Zwolle TecBase", max_size=300)
)
def test_mentions_are_in_order_and_inside_the_text(text: str) -> None:
    last = 0
    for mention in gazetteer().find(text):
        assert last <= mention.start < mention.end <= len(text)
        assert 0 < mention.confidence <= 0.95
        assert "\n" not in text[mention.start : mention.end]
        last = mention.end


@given(
    st.sampled_from(["XL Businesspark Twente", "Polymer Science Park", "Technology Base Twente"]),
    st.data(),
)
def test_blank_hyphen_and_capitals_make_no_difference(name: str, data: st.DataObject) -> None:
    words = name.split()
    joined = words[0] + "".join(data.draw(st.sampled_from(" -\xa0")) + word for word in words[1:])
    spelt = data.draw(st.sampled_from([joined, joined.upper()]))
    assert squash(spelt) == squash(name)
    assert len(ids(spelt)) == 1


@pytest.mark.parametrize(
    "bit",
    [
        "Spoorzone ",
        "Spoorzone Zwolle en ",
        "Zwolle, Spoorzone, ",
        "High in te de Tech ",
        "S/",
        "A",
        "Ã«",
        "Kennispark (in de gemeente ",
    ],
)
def test_cost_is_linear_in_the_text(bit: str) -> None:
    found = gazetteer()
    assert_linear(lambda size: found.find(bit * (size // len(bit))), 80_000)


def test_the_published_page_names_what_it_names() -> None:
    seeds = shared.folder().parent / "seeds"
    if not seeds.is_dir():
        pytest.skip(f"no {seeds}; set LM_SHARED_DATA")
    [page] = seeds.glob("003_*.txt")
    text = page.read_text(encoding="utf-8")
    found = gazetteer().find(text, on=dt.date(2016, 12, 31))
    assert {m.id for m in found} == {HENGELO, TECHNOLOGY, XL, KENNISPARK, DEVENTER}
    assert len({text[m.start : m.end] for m in found if m.id == HENGELO}) == 4
    assert len(found) == 18
    [article] = seeds.glob("000_*.txt")
    assert {m.id for m in gazetteer().find(article.read_text(encoding="utf-8"))} == {ZWOLLE}
