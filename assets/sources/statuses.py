"""How final figures are, where a publisher says so in words and not in a field.

CBS writes it in three places: a code list of periods has a field for it (read elsewhere); the
description of a topic ends in `Het betreft voorlopige cijfers.`; the description of a table has a
paragraph `Status van de cijfers`. Words that only look like it (`de (voorlopig) gemiddelde
woningwaarde`, `definitieve versie` of a register) say nothing of figures, and a paragraph that
tells years apart is not taken apart: what cannot be read with certainty is not stated.
"""

from __future__ import annotations

import re

STATUSES = {
    "definitief": "definitive",
    "definitieve": "definitive",
    "nader voorlopig": "revised",
    "nader voorlopige": "revised",
    "voorlopig": "provisional",
    "voorlopige": "provisional",
}
_WORDS = "|".join(sorted(STATUSES, key=len, reverse=True))
TOPIC = (
    rf"\b(?:het betreft|dit zijn|betreft) ({_WORDS}) cijfers\b",
    rf"\b(?:de|deze) cijfers zijn ({_WORDS})\b",
)
"""Forms in the description of a topic."""
TABLE = (
    rf"^({_WORDS})(?:[.,]| tenzij|$)",
    rf"^(?:de|alle) cijfers(?: in deze tabel)? zijn(?: bij publicatie)? ({_WORDS})\b",
)
"""Forms at the start of the paragraph on status in the description of a table."""
PARAGRAPH = re.compile(
    r"status van de cijfers\s*:?\s*(.*?)(?:\n\s*\n|$)", re.IGNORECASE | re.DOTALL
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
MARKS = (("**", "revised"), ("*", "provisional"))
"""Signs behind the title of a period: `2020**`, `2021*`."""


def of_topic(description: str | None) -> str | None:
    """How final the figures of a topic are by its description; None where it does not say."""
    return _only(TOPIC, description or "")


def of_table(description: str | None) -> str | None:
    """How final the figures of a table are where no topic says otherwise; None where it does not say,
    or tells years apart."""
    said = PARAGRAPH.search((description or "").replace("\r\n", "\n"))
    if not said or _YEAR.search(said[1]):
        return None
    return _only(TABLE, said[1].strip())


def of_title(title: str | None) -> str | None:
    """How final a period is by the sign behind its title; None where there is none."""
    words = (title or "").rstrip()
    return next((status for mark, status in MARKS if words.endswith(mark)), None)


def _only(forms: tuple[str, ...], words: str) -> str | None:
    """The one status that the words say in any of the forms; None where they say none, or several."""
    flat = " ".join(words.split())
    found = {
        STATUSES[match[1].casefold()]
        for form in forms
        for match in re.finditer(form, flat, re.IGNORECASE)
    }
    return found.pop() if len(found) == 1 else None
