"""Who may have a share: parties that a sentence or a cell of a table names.

Declared organisations, municipalities by their bare name, the province whose document it is, and
other names with a capital.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assets.documents.findings.organisations import Organisations
from assets.documents.findings.sentences import Place
from assets.documents.records import Mention

DECLARED, NOT_DECLARED = 0.9, 0.75
_JOINT = re.compile(
    r"\s*(?:,|en|,\s*en|/|&|alsmede|evenals)\s*(?:(?:de|het)\s+)?(?:gemeenten?\s+)?"
)
_NAME = re.compile(
    r"[A-Z][\w&'’-]{0,30}(?:\.[A-Z]\.?)?(?:(?: van| de| der| den)?[ \u00a0][A-Z][\w&'’.-]{0,30}){0,5}"
)
_NO_NAME = re.compile(
    r"(?:De|Het|Een|Dit|Dat|Deze|Die|Er|In|Op|Aan|Aandeel|Aandelen|Belang|Circa|Ruim|Bijna|Totaal"
    r"|Samen|Elk|Ieder|Deelname|Deelnemers|Partners|Aandeelhouders|Gemeenten?)\b"
)
_IN_WHAT = re.compile(r"\b(?:in|binnen)(?: de| het)? $")
_OF_WHAT = re.compile(
    r"\b(?:aandelen|aandeelhouders|deelnemers|vennoten) (?:van|in)(?: de| het)? $"
)
_LONGEST_LEAD = 24
_PROVINCE = re.compile(r"\b[Pp]rovincie\b(?! [A-Z])")
_WORD = re.compile(r"[A-Z][\w-]{1,40}")


@dataclass(frozen=True, slots=True)
class Party:
    """A party by name; `id` where it is declared."""

    start: int
    end: int
    name: str
    id: str | None
    confidence: float


def parties(
    text: str,
    place: Place,
    mentions: Sequence[Mention],
    municipalities: Mapping[str, str],
    publisher: str | None,
) -> list[Party]:
    """Who may have a share in a sentence, in order and not overlapping. `mentions`: organisations, in order,
    without those before the place; `municipalities`: id by bare name."""
    start, end = place
    found = []
    for one in mentions:
        if one.start >= end:
            break
        if one.start >= start:
            found.append(Party(one.start, one.end, one.name, one.id, min(DECLARED, one.confidence)))
    province = _province(publisher)
    others: list[Party] = []
    for word in _WORD.finditer(text, start, end):
        if word[0] in municipalities:
            identifier = municipalities[word[0]]
            others.append(Party(word.start(), word.end(), word[0], identifier, DECLARED))
    if province:
        others += [
            Party(said.start(), said.end(), said[0], province, DECLARED)
            for said in _PROVINCE.finditer(text, start, end)
        ]
    found = _free(found, others)
    unknown = [
        Party(name.start(), name.end(), name[0].rstrip("."), None, NOT_DECLARED)
        for name in _NAME.finditer(text, start, end)
        if not _NO_NAME.match(name[0])
    ]
    return _free(found, unknown)


def id_of(name: str, organisations: Organisations, publisher: str | None) -> str | None:
    """The declared organisation that a cell names, as a whole."""
    if name in organisations.municipalities:
        return organisations.municipalities[name]
    if _PROVINCE.fullmatch(name.removeprefix("de ").removeprefix("De ")):
        return _province(publisher)
    for one in organisations.find(name):
        if one.end - one.start >= len(name) - 3:
            return one.id
    return None


def is_whole(text: str, party: Party) -> bool:
    """Whether it is said that others take part in this one: `in het RBT`, `aandeelhouders van RBT:`."""
    lead = text[max(0, party.start - _LONGEST_LEAD) : party.start]
    if _IN_WHAT.search(lead):
        return True
    return bool(_OF_WHAT.search(lead)) and text.startswith(":", party.end)


def _free(taken: Sequence[Party], more: Iterable[Party]) -> list[Party]:
    """`taken`, and those of `more` that overlap none of them; in order."""
    places = sorted((party.start, party.end) for party in taken)
    kept = list(taken)
    at = 0
    for party in sorted(more, key=lambda one: one.start):
        while at < len(places) and places[at][1] <= party.start:
            at += 1
        if at == len(places) or places[at][0] >= party.end:
            kept.append(party)
    return sorted(kept, key=lambda one: one.start)


def _province(publisher: str | None) -> str | None:
    return publisher if publisher and publisher.startswith("provincie-") else None


def listed(text: str, parties: Sequence[Party]) -> list[Party]:
    """The last of `parties` and those listed right before it."""
    found = [parties[-1]]
    for party in reversed(parties[:-1]):
        if not _JOINT.fullmatch(text, party.end, found[-1].start):
            break
        found.append(party)
    return found[::-1]
