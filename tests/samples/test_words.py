"""Nothing that a publisher wrote is in the sample: names and figures, no sentences."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from samples.cuts import OUR_SENTENCE, WRITTEN
from warehouse.archive import Archive

LONGEST_NAME = 80


def _texts(value: Any, member: str = "") -> Iterator[tuple[str, str]]:
    """Every text in a document, with the name of the member it stands under."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _texts(item, name)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item, member)
    elif isinstance(value, str):
        yield member, value


@pytest.fixture(scope="module")
def texts(sample: Archive) -> set[tuple[str, str]]:
    """Every text in every JSON answer."""
    found: set[tuple[str, str]] = set()
    for release in sample.releases():
        for part in release.parts:
            if "json" in (part.content_type or ""):
                found.update(_texts(json.loads(sample.read(part))))
    return found


def test_no_text_is_longer_than_a_name(texts: set[tuple[str, str]]) -> None:
    assert len(texts) > 1_000
    assert not [t for t in texts if len(t[1]) > LONGEST_NAME and "://" not in t[1]]


def test_descriptions_are_empty_or_ours(texts: set[tuple[str, str]]) -> None:
    members = {"Description", "LongDescription", "VersionNotes", *WRITTEN}
    said = {text for member, text in texts if member in members}
    assert said == {"", OUR_SENTENCE}


def test_our_own_sentence_names_whom_the_figures_are_from() -> None:
    assert "CBS" in OUR_SENTENCE
    assert "CC BY 4.0" in OUR_SENTENCE
