"""What is asked cheaply first gives the same as what is asked in full."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from assets.documents import wordings
from assets.documents.findings import amount_tables, references
from assets.documents.formats import decoding
from assets.documents.places.gazetteer import Gazetteer
from assets.documents.places.names import words
from assets.documents.places.surroundings import Name

GARBLED = st.text(alphabet="ÃĂâÂïƫ\ufffd«©¨€™˜œ¿½ \xa0ea.")
PARTS = "x|×|*|(|)|€|EUR|euro|'s|1.000|1000|1|12|in|de|mln|miljoen|miljard|duizend|bedragen| |\xa0"
CAPTIONS = st.lists(st.sampled_from(re.split(r"\|", PARTS))).map("".join)


@given(st.text(alphabet=st.characters(max_codepoint=127)))
def test_ascii_is_compared_like_any_text(text: str) -> None:
    assert text.lower() == wordings._plain(text)


@given(GARBLED)
def test_garbled_text_is_counted_where_it_can_begin(text: str) -> None:
    assert decoding.mojibake(text) == len(decoding._GARBLED.findall(text))


@given(CAPTIONS)
def test_no_caption_is_passed_over(text: str) -> None:
    if amount_tables.CAPTION.search(text):
        assert amount_tables.may_state_factor(text)


@given(st.text(alphabet="PGS/ \xa00123456789.,ziepresta "))
def test_no_reference_is_passed_over(text: str) -> None:
    if references._DECISION.search(text):
        assert references._MAYBE_DECISION.search(text)
    if references._PERFORMANCE.search(text):
        assert references._MAYBE_CODE.search(text)


@given(st.text(alphabet="abÃĂ«©é1_ -/.\n"))
def test_words_are_those_with_the_second_half_of_a_garbled_letter(text: str) -> None:
    whole = re.compile(r"\w+(?:(?<=[ÃĂ])[«©¨¯¶¼]\w*)*")
    assert words(text) == [found.span() for found in whole.finditer(text)]


def test_a_document_is_read_once_for_its_title_and_its_texts() -> None:
    names = [
        Name("zon", "Spoorpark", "GM0001", ambiguous=True),
        Name("maan", "Spoorpark", "GM0002", ambiguous=True),
    ]
    gazetteer = Gazetteer(names, {"GM0001": "Aastad", "GM0002": "Beedorp"})
    texts = ["Het Spoorpark groeit.", "De gemeente Beedorp bouwt."]
    title, found = gazetteer.document("Spoorpark in beweging", texts)
    assert [mention.id for mention in title] == ["maan"]
    assert title == gazetteer.find("Spoorpark in beweging", context=gazetteer.context(texts))
    assert [[mention.id for mention in here] for here in found] == [["maan"], []]
