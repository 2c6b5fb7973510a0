"""Who founded what, who is whose partner or shareholder, which performance refers to which.

Only what the words say: two organisations in one sentence are not partners for that.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from assets.documents.findings.sentences import holding, sentences
from assets.documents.records import Mention, Reference, Section

Row = dict[str, Any]
Place = tuple[int, int]
Thing = tuple[str, str]
"""Kind and id."""

FOUNDING, PARTNERS, SHARES, REFERENCE = 0.8, 0.85, 0.9, 0.95
_TO_FOUND = re.compile(
    r"\bom (?:het |de |een )?(?:[a-zà-ÿ-]{3,30} ){0,3}(?=[A-Z0-9])", re.IGNORECASE
)
_FOUNDED = re.compile(r" (?:op te (?:zetten|richten)|te (?:stichten|beginnen))\b")
_FOUNDED_BY = re.compile(r" (?:(?:is|werd|wordt|,) )?(?:in [0-9]{4} )?opgericht door ")
_TOGETHER = re.compile(
    r" (?:(?:werkt|werken) )?(?:[a-z]{3,12} )?samen met | (?:is|zijn) (?:een )?partners? van "
    r"|, partner van "
)
_BOTH = re.compile(r" zijn (?:elkaars )?partners(?! van)(?: van elkaar)?\b")
_SHARES = re.compile(
    r" (?:is|zijn|blijft|blijven) (?:ook |mede|een |enig |groot)?aandeelhouders? (?:van|in) "
)
_SHAREHOLDERS = re.compile(r"\b[Aa]andeelhouders van ")
_ARE = re.compile(r" zijn ")
_JOINT = re.compile(r"(?:,|,? en|;)? (?:ook )?(?:de |het |met )?$|^(?:,|,? en) (?:de |het )?$")
_ARTICLE = re.compile(r"(?:de |het )?$")
_NOT = re.compile(r"\b(?:niet|geen|nooit)\b")
_MOST = 12
_MOST_NAMED = 200
"""Organisations or people in one sentence, beyond which it is none of which anything is read."""


def find(
    sections: Sequence[Section],
    organisations: Mapping[str, Sequence[Mention]],
    people: Sequence[Row],
    references: Mapping[str, Sequence[Reference]],
) -> list[Row]:
    """Relations of one document with the columns of `findings.Relation`, except for `relation_id`
    and `document_id`; each relation once for each section, with the first words that say it.

    `organisations` and `references` by path of section, the first including those that
    `people.find` added; `people`: its roles. A person's id is the full name.
    """
    made: list[Row] = []
    for section in sections:
        named = sorted(organisations.get(section.path, ()), key=lambda mention: mention.start)
        those = sorted(
            (row for row in people if row["section"] == section.path),
            key=lambda row: int(row["quote_start"]),
        )
        made += _references(section, references.get(section.path, ()))
        if not named:
            continue
        places = sentences(section.text)
        of: dict[Place, list[Mention]] = {}
        for mention in named:
            place = holding(places, mention.start)
            if place:
                of.setdefault(place, []).append(mention)
        for place, mentions in of.items():
            text = section.text[place[0] : place[1]]
            here = _within(those, place)
            if len(mentions) > _MOST_NAMED or len(here) > _MOST_NAMED or _NOT.search(text):
                continue
            made += _founders(section, place, mentions, here)
            made += _partners(section, place, mentions)
            made += _shareholders(section, place, mentions)
    seen: set[tuple[object, ...]] = set()
    return [row for row in made if _first(row, seen)]


def _within(people: Sequence[Row], place: Place) -> Sequence[Row]:
    """Those of `people`, which are in order of place, that stand in one sentence."""
    low = bisect_left(people, place[0], key=lambda row: int(row["quote_start"]))
    return people[low : bisect_left(people, place[1], lo=low, key=lambda r: int(r["quote_start"]))]


def _first(row: Row, seen: set[tuple[object, ...]]) -> bool:
    key = tuple(
        row[name] for name in ("subject_kind", "subject_id", "predicate", "object_id", "section")
    )
    if key in seen:
        return False
    seen.add(key)
    return True


def _row(
    section: Section, place: Place, subject: Thing, predicate: str, object_: Thing, sure: float
) -> Row:
    return {
        "subject_kind": subject[0],
        "subject_id": subject[1],
        "predicate": predicate,
        "object_kind": object_[0],
        "object_id": object_[1],
        "section": section.path,
        "quote_start": place[0],
        "quote_end": place[1],
        "quote": section.text[place[0] : place[1]],
        "confidence": sure,
    }


def _references(section: Section, references: Sequence[Reference]) -> Iterator[Row]:
    """A performance that refers to another by its number."""
    for reference in references:
        if section.code and reference.kind == "performance" and reference.reference != section.code:
            yield _row(
                section,
                (reference.start, reference.end),
                ("performance", section.code),
                "refers_to",
                ("performance", reference.reference),
                REFERENCE,
            )


def _founders(
    section: Section, place: Place, mentions: Sequence[Mention], here: Sequence[Row]
) -> Iterator[Row]:
    """`ondernemers A van X en B van Y om het lab Z op te zetten`, `Z is opgericht door X en A`."""
    text = section.text
    for founded in mentions:
        object_ = ("organisation", founded.id)
        low = max(place[0], founded.start - 120)
        openings = [
            opening
            for opening in _TO_FOUND.finditer(text, low, founded.end)
            if opening.end() == founded.start
        ]
        if openings and _FOUNDED.match(text, founded.end):
            end = _FOUNDED.match(text, founded.end)
            begin = openings[-1].start()
            near = _adjoining(text, here, begin)
            for row in near:
                quote = (min(r["quote_start"] for r in near), end.end() if end else founded.end)
                yield from _by_person(section, quote, row, object_)
        by = _FOUNDED_BY.match(text, founded.end)
        if by:
            listed = _listed(text, mentions, by.end())
            quote = (founded.start, listed[-1].end if listed else by.end())
            for mention in listed:
                subject = ("organisation", mention.id)
                yield _row(section, quote, subject, "founder_of", object_, FOUNDING)
            for row in here:
                if row["quote_start"] - by.end() in range(30):
                    yield from _by_person(section, (founded.start, row["quote_end"]), row, object_)


def _adjoining(text: str, people: Sequence[Row], end: int) -> list[Row]:
    """Those of `people` that are listed right before `end`, with `,` and `en` between them."""
    found: list[Row] = []
    for row in sorted(people, key=lambda row: -int(row["quote_end"])):
        if row["quote_end"] <= end and text[row["quote_end"] : end].strip() in {"", ",", "en"}:
            found.append(row)
            end = row["quote_start"]
    return found


def _by_person(section: Section, quote: Place, row: Row, object_: Thing) -> Iterator[Row]:
    yield _row(section, quote, ("person", row["person"]), "founder_of", object_, FOUNDING)
    if row["organisation_id"] and row["organisation_id"] != object_[1]:
        subject = ("organisation", row["organisation_id"])
        yield _row(section, quote, subject, "founder_of", object_, FOUNDING)


def _listed(text: str, mentions: Sequence[Mention], at: int) -> list[Mention]:
    """Organisations that are listed from `at` on: `de X, Y en Z`."""
    found: list[Mention] = []
    for mention in mentions:
        if mention.start < at:
            continue
        between = text[at : mention.start]
        joint = _JOINT if found else _ARTICLE
        if len(between) > _MOST or not joint.fullmatch(between):
            break
        found.append(mention)
        at = mention.end
    return found


def _listed_before(text: str, mentions: Sequence[Mention], last: Mention) -> list[Mention]:
    """`last` and the organisations listed right before it."""
    found = [last]
    for mention in reversed([m for m in mentions if m.end <= last.start]):
        between = text[mention.end : found[-1].start]
        if len(between) > _MOST or not _JOINT.fullmatch(between):
            break
        found.append(mention)
    return found[::-1]


def _partners(section: Section, place: Place, mentions: Sequence[Mention]) -> Iterator[Row]:
    """`X samen met Y en Z`, `X is partner van Y`, `X en Y zijn partners`."""
    text = section.text
    for subject in mentions:
        joined = _TOGETHER.match(text, subject.end)
        if joined:
            others = _listed(text, mentions, joined.end())
            for other in others:
                quote = (subject.start, others[-1].end)
                yield from _pair(section, quote, subject, "partner_of", other, PARTNERS)
        both = _BOTH.match(text, subject.end)
        if both:
            listed = _listed_before(text, mentions, subject)
            for other in listed[:-1]:
                quote = (listed[0].start, both.end())
                yield from _pair(section, quote, other, "partner_of", subject, PARTNERS)


def _shareholders(section: Section, place: Place, mentions: Sequence[Mention]) -> Iterator[Row]:
    """`X en Y zijn aandeelhouders van Z`, `aandeelhouders van Z zijn X en Y`."""
    text = section.text
    for mention in mentions:
        shares = _SHARES.match(text, mention.end)
        if shares:
            owned = _listed(text, mentions, shares.end())
            for subject in _listed_before(text, mentions, mention) if owned else ():
                quote = (subject.start, owned[0].end)
                yield from _pair(section, quote, subject, "shareholder_of", owned[0], SHARES)
    for opening in _SHAREHOLDERS.finditer(text, place[0], place[1]):
        owned = _listed(text, mentions, opening.end())
        are = _ARE.match(text, owned[0].end) if owned else None
        for subject in _listed(text, mentions, are.end()) if are else ():
            quote = (opening.start(), subject.end)
            yield from _pair(section, quote, subject, "shareholder_of", owned[0], SHARES)


def _pair(
    section: Section, quote: Place, subject: Mention, predicate: str, object_: Mention, sure: float
) -> Iterator[Row]:
    if subject.id != object_.id:
        sure = min(sure, subject.confidence, object_.confidence)
        one, other = ("organisation", subject.id), ("organisation", object_.id)
        yield _row(section, quote, one, predicate, other, sure)
