"""Numbers with a unit that is no money: percentages and hectares, as a text writes them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from assets.documents.findings.numbers_nl import NUMBER_WORDS, parse
from assets.documents.records import Section

Row = dict[str, Any]

_B = r"[ \u00a0]?"
_DIGITS = r"[0-9](?:[0-9.,]{0,24}[0-9])?"
_WORDS = "|".join(
    sorted((w for w in NUMBER_WORDS if w not in ("een", "één", "nul")), key=len, reverse=True)
)
PERCENT = re.compile(rf"(?<![\w.,/€-])(?P<number>{_DIGITS}){_B}(?:%|procent\b)", re.IGNORECASE)
HECTARES = re.compile(
    rf"(?<![\w.,/€-])(?<!€[ \u00a0])(?P<number>{_DIGITS}|(?:{_WORDS})(?=[ \u00a0])){_B}(?:ha|hectaren?|hectares)"
    rf"(?![\w²])",
    re.IGNORECASE,
)
_ABOUT = (
    ("at_least", re.compile(r"\b(?:ruim|meer dan|minstens|minimaal|ten minste)\s$", re.I)),
    ("at_most", re.compile(r"\b(?:bijna|maximaal|max\.|hooguit|ten hoogste)\s$", re.I)),
    ("about", re.compile(r"\b(?:circa|ca\.|ongeveer|zo['’]n|rond de|rond)\s$", re.I)),
)
_LONGEST_WORD_BEFORE = 14
MOST = 2_000
"""Measures of one section that are read; beyond is no section of a document."""
TOO_MANY = f"from here on not read: more than {MOST} shares or areas in one section"


@dataclass(frozen=True, slots=True)
class Measure:
    """One number with its unit, and where it stands in the text of its section."""

    value: float
    decimals: int
    exactness: str
    """`exact`, or what `ruim`, `bijna` and `circa` make of it: `at_least`, `at_most`, `about`."""
    start: int
    end: int


def measures(
    text: str, pattern: re.Pattern[str], start: int = 0, end: int | None = None
) -> Iterator[Measure | re.Match[str]]:
    """Numbers that `pattern` finds between two places of `text`, in order; the match itself where
    its number is none that Dutch documents write (`14.5`)."""
    for found in pattern.finditer(text, start, len(text) if end is None else end):
        read = measure(found["number"], text, found.start(), found.end())
        yield found if read is None else read


def measure(number: str, text: str, start: int, end: int) -> Measure | None:
    """The number that is written as `number` at a place of `text`; None where it is none."""
    value = parse(number)
    if value is None:
        return None
    before = text[max(0, start - _LONGEST_WORD_BEFORE) : start]
    exactness = next((word for word, said in _ABOUT if said.search(before)), "exact")
    return Measure(value, len(number.partition(",")[2]), exactness, start, end)


def row(section: Section, one: Measure, **said: Any) -> Row:
    """A row with the columns of `findings.Quantity`, except for its id and document; `said`: what
    a share or an area says beside its number."""
    return {
        "performance_code": section.code,
        "concept": "not_stated",
        "name": None,
        "organisation_id": None,
        "of_organisation_id": None,
        "part": "single",
        "statement_group": None,
        "value": one.value,
        "decimals": one.decimals,
        "exactness": one.exactness,
        "section": section.path,
        "quote_start": one.start,
        "quote_end": one.end,
        **said,
    }
