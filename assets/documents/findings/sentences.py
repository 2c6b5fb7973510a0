"""Where sentences and paragraphs of a section's text begin and end.

A sentence never goes over a line break: items of a list and rows of a table are lines.
Both functions look at every character a fixed number of times.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache

ABBREVIATIONS = frozenset(
    {
        "afd",
        "art",
        "bijv",
        "blz",
        "ca",
        "dhr",
        "dr",
        "drs",
        "evt",
        "excl",
        "fig",
        "gem",
        "hfst",
        "incl",
        "ing",
        "inw",
        "ir",
        "jhr",
        "max",
        "mevr",
        "min",
        "mr",
        "mw",
        "nl",
        "nr",
        "nrs",
        "par",
        "pag",
        "prof",
        "prov",
        "resp",
        "st",
        "vgl",
        "vlg",
        "zgn",
    }
)
"""Words that are cut short with a full stop, in front of what they go with."""
CLOSING_ABBREVIATIONS = frozenset(
    {
        "bv",
        "cs",
        "cv",
        "dd",
        "ed",
        "enz",
        "etc",
        "ha",
        "jl",
        "jr",
        "mld",
        "mln",
        "nv",
        "b.v",
        "c.s",
        "c.v",
        "d.d",
        "e.a",
        "e.d",
        "n.v",
    }
)
"""Those after which a sentence may well be over: it is where a capital follows."""
_LINE = re.compile(r"[^\n]+")
_STOP = re.compile(r"(?<![.!?…])[.!?…]++[\"'’”»)\]]*+(?=\s)")
"""Begins where a run of stops begins and gives nothing back, so that a text of stops only is looked
at once."""
_REMEMBERED = 20_000
"""Characters of a text beyond which its sentences are not remembered: names, sets and links of
one section all ask for them."""
_WORD_BEFORE = 20
"""Characters before a full stop in which an abbreviation is looked for."""

Place = tuple[int, int]
"""Characters `start` to `end`, the end not included."""


def paragraphs(text: str) -> list[Place]:
    """Paragraphs of `text`: what stands between empty lines, without blanks around it."""
    found: list[Place] = []
    last = -1
    for line in _LINE.finditer(text):
        start, end = _trimmed(line)
        if start == end:
            last = -1
        else:
            if found and line.start() == last + 1:
                found[-1] = (found[-1][0], end)
            else:
                found.append((start, end))
            last = line.end()
    return found


def sentences(text: str) -> list[Place]:
    """Sentences of `text`, in order, without blanks around them.

    A full stop ends none after an abbreviation, an initial or the number of a list's item, nor
    where the next word begins with a small letter. The list is shared: not to be changed.
    """
    return _sentences(text) if len(text) > _REMEMBERED else _remembered(text)


@lru_cache(maxsize=256)
def _remembered(text: str) -> list[Place]:
    return _sentences(text)


def _sentences(text: str) -> list[Place]:
    found: list[Place] = []
    for line in _LINE.finditer(text):
        start, end = _trimmed(line)
        begin = start
        for stop in _STOP.finditer(text, start, end):
            if stop.end() < end and _ends(text, begin, stop, end):
                found.append((begin, stop.end()))
                begin = _after_blanks(text, stop.end(), end)
        if begin < end:
            found.append((begin, end))
    return found


def holding(places: Sequence[Place], position: int) -> Place | None:
    """Which of `places` (in order, not overlapping) the character at `position` is in."""
    at = bisect_right(places, (position, float("inf"))) - 1
    return places[at] if at >= 0 and position < places[at][1] else None


def _trimmed(line: re.Match[str]) -> Place:
    """A line without the blanks around it; one of blanks only has no length."""
    said = line[0].strip()
    start = line.start() + (len(line[0]) - len(line[0].lstrip()) if said else 0)
    return start, start + len(said)


def _after_blanks(text: str, start: int, end: int) -> int:
    while start < end and text[start].isspace():
        start += 1
    return start


def _ends(text: str, begin: int, stop: re.Match[str], end: int) -> bool:
    """Whether the sentence that began at `begin` ends with the stop."""
    follows = _opening(text, stop.end(), end)
    if follows.islower():
        return False
    if stop[0] != ".":
        return True
    before = text[max(begin, stop.start() - _WORD_BEFORE) : stop.start()]
    word = before.rsplit(None, 1)[-1] if before.strip() else ""
    word = word.rpartition("/")[2].lstrip("([\"'‘“").lower()
    if word.isdigit() and stop.start() - len(word) == begin:
        return False
    if word in CLOSING_ABBREVIATIONS:
        return True
    if word in ABBREVIATIONS or (len(word) == 1 and word.isalpha()):
        return False
    parts = word.split(".")
    return not (len(parts) > 1 and all(len(part) == 1 and part.isalpha() for part in parts))


def _opening(text: str, start: int, end: int) -> str:
    """The first letter or digit of the next word; empty where it begins with neither."""
    for position in range(start + 1, min(end, start + 8)):
        if text[position].isalnum():
            return text[position]
    return ""
