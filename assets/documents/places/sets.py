"""Sets of locations that a text counts and lists: `vier topwerklocaties in Twente`, and which.

A set is told where at least two locations are listed with the number, or one with an open number
(`een paar`, `enkele`). Where the text says that it names examples only, there is no list to count.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assets.documents.findings.sentences import Place, sentences
from assets.documents.records import Mention, Section, identify

NUMBERS = {
    word: number
    for number, word in enumerate(
        ("twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien", "elf", "twaalf"),
        2,
    )
}
_COUNT = re.compile(
    # the first sign before the words: most words of a text begin with another
    r"(?<![\w.,/-])(?=[\dadentvz])(?P<number>een paar|enkele|diverse|"
    + "|".join(NUMBERS)
    + r"|\d{1,2})[ \xa0]"
    r"(?P<called>(?P<adjectives>(?:[\w‘'’-]{2,30}[ \xa0]){0,2})[‘'\"]?(?:(?:top|werk|topwerk|kern|"
    r"ontwikkel|bedrijfs|innovatie)?locaties|bedrijventerreinen|bedrijvenparken|werkgebieden|"
    r"innovatiedistricten|kennisparken|campussen|innovatiecampussen))(?!\w)",
    re.IGNORECASE,
)
_NO_ADJECTIVE = frozenset(
    {
        "van",
        "de",
        "het",
        "in",
        "te",
        "bij",
        "voor",
        "op",
        "en",
        "of",
        "andere",
        "overige",
        "resterende",
        "met",
        "uit",
        "die",
        "dat",
    }
)
_AREA_AFTER = re.compile(
    r"['’\"]?[ \xa0](?:in|van|voor)[ \xa0](?:(?:de[ \xa0])?regio[ \xa0])?(?P<area>[A-Z][\w-]{2,40})"
)
_AREA_BEFORE = re.compile(r"(?<!\w)[Ii]n[ \xa0](?P<area>[A-Z][\w-]{2,40})")
_EXAMPLES = re.compile(
    r"(?<!\w)(?:zoals|waaronder|bijvoorbeeld|onder andere|onder meer|met name|vooral|bijv\.|o\.a\.)",
    re.IGNORECASE,
)
_LIST_FOLLOWS = re.compile(
    r"(?:dit|dat|deze|het)[ \xa0](?:zijn|gaat om|gaat hierbij om|betreft|betreffen)(?!\w)|te weten|namelijk",
    re.IGNORECASE,
)
_PART_FOLLOWS = re.compile(r"(?:hieronder|daaronder|hiertoe|daartoe)(?!\w)", re.IGNORECASE)
_NEAR = 200
"""Characters before a set in which its area is looked for."""
_ITEM = 60
"""Characters at the beginning of a list's item in which it names its location."""
_LINES = 40
"""Sentences below a set that are read as its list."""
_FEWEST = 2
"""Locations that make a list."""


@dataclass(frozen=True, slots=True)
class Set:
    """Locations that a text counts and lists."""

    section: str
    name: str
    """How the text calls them, without the number, with the area: `Topwerklocaties in Twente`."""
    declared_count: int | None
    """How many it says there are; None for `een paar`."""
    members: tuple[Mention, ...]
    """The first mention of each in the list."""
    start: int
    end: int
    """Of the sentence that counts."""

    @property
    def found_count(self) -> int:
        """How many different locations are listed."""
        return len(self.members)

    def row(self, document_id: str) -> dict[str, Any]:
        """As a row of `location_set`."""
        members = tuple(member.id for member in self.members)
        return {
            "location_set_id": identify(document_id, self.section, self.start, self.name),
            "document_id": document_id,
            "section": self.section,
            "name": self.name,
            "declared_count": self.declared_count,
            "found_count": self.found_count,
            "members": "; ".join(sorted(members)),
            "quote_start": self.start,
            "quote_end": self.end,
        }


def find_sets(section: Section, mentions: Sequence[Mention]) -> list[Set]:
    """Sets told in one section, in order; `mentions` are its locations, in order."""
    text = section.text
    if not mentions:
        return []
    counts = [count for count in _COUNT.finditer(text) if _counts(count)]
    if not counts:
        return []
    found = []
    places = sentences(text)
    starts = [place[0] for place in places]
    for number, count in enumerate(counts):
        at = bisect_left(starts, count.start() + 1) - 1
        start, end = places[at]
        alone_from = start
        if number and counts[number - 1].start() >= start:
            alone_from = count.start()
        alone_to = end
        if number + 1 < len(counts) and counts[number + 1].start() < end:
            alone_to = counts[number + 1].start()
        is_open = count["number"].lower() not in NUMBERS and not count["number"].isdigit()
        members = _different(mentions, alone_from, alone_to)
        if _EXAMPLES.search(text, alone_from, alone_to):
            members = members if is_open else ()
        elif not members:
            members = _listed_after(text, places, at, mentions, is_open)
        if len(members) >= (1 if is_open else _FEWEST):
            name = count["called"].strip("‘'’\"") + _area(text, count, start, mentions)
            declared = None if is_open else _number(count["number"])
            found.append(Set(section.path, name, declared, members, start, end))
    return found


def _number(said: str) -> int:
    return int(said) if said.isdigit() else NUMBERS[said.lower()]


def _counts(count: re.Match[str]) -> bool:
    """Whether a number goes with the noun: not `twee van de locaties`, not `drie andere`."""
    words = count["adjectives"].lower().split()
    several = not count["number"].isdigit() or int(count["number"]) >= _FEWEST
    return several and not _NO_ADJECTIVE.intersection(words)


def _different(mentions: Sequence[Mention], start: int, end: int) -> tuple[Mention, ...]:
    """The first mention of each location between two places."""
    found: dict[str, Mention] = {}
    at = bisect_left(mentions, start, key=lambda mention: mention.start)
    while at < len(mentions) and mentions[at].end <= end:
        found.setdefault(mentions[at].id, mentions[at])
        at += 1
    return tuple(found.values())


def _listed_after(
    text: str, places: list[Place], at: int, mentions: Sequence[Mention], is_open: bool
) -> tuple[Mention, ...]:
    """What is listed right after a sentence that counts and names none: in the next sentence of
    the line where that says so, else in the lines below, as long as each begins with a location."""
    if at + 1 >= len(places):
        return ()
    end, (start, stop) = places[at][1], places[at + 1]
    if "\n" not in text[end:start]:
        opening = _PART_FOLLOWS if is_open else _LIST_FOLLOWS
        return _different(mentions, start, stop) if opening.match(text, start) else ()
    found: dict[str, Mention] = {}
    for below in range(at + 1, min(len(places), at + 1 + _LINES)):
        start, stop = places[below]
        if below > at + 1 and "\n" not in text[places[below - 1][1] : start]:
            continue
        items = _different(mentions, start, min(stop, start + _ITEM))
        if not items:
            break
        found.setdefault(items[0].id, items[0])
    return tuple(found.values())


def _area(text: str, count: re.Match[str], start: int, mentions: Sequence[Mention]) -> str:
    """` in Twente`, from right after the set or from before it in the sentence."""
    after = _AREA_AFTER.match(text, count.end())
    if after:
        return f" in {after['area']}" if not _inside(mentions, after.start("area")) else ""
    near = max(start, count.start() - _NEAR)
    before = list(_AREA_BEFORE.finditer(text, near, count.start()))[-1:]
    return "".join(
        f" in {area['area']}" for area in before if not _inside(mentions, area.start("area"))
    )


def _inside(mentions: Sequence[Mention], position: int) -> bool:
    at = bisect_left(mentions, position + 1, key=lambda mention: mention.start) - 1
    return at >= 0 and position < mentions[at].end
