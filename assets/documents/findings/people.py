"""People in a role, as running text says it: `Jan Jansen, directeur van X`, `wethouder Jan Jansen`.

By patterns only: a name that is in none of them is nobody. Portfolio holders come from fields,
not from here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from assets.documents.findings.named_times import first_time
from assets.documents.findings.person_names import Name, full_name_at, may_be_named
from assets.documents.findings.sentences import paragraphs, sentences
from assets.documents.records import Mention, Section

ROLES = (
    "maker",
    "manager",
    "leider",
    "directeur",
    "adviseur",
    "voorzitter",
    "bestuurder",
    "ondernemer",
    "wethouder",
    "gedeputeerde",
    "coördinator",
    "hoogleraar",
    "lector",
    "onderzoeker",
    "eigenaar",
    "oprichter",
    "burgemeester",
    "woordvoerder",
    "commissaris",
    "secretaris",
    "regisseur",
    "ontwikkelaar",
)
"""Nouns of roles; a compound (`kwartiermaker`, `projectleider`) ends with one."""
_PLURALS = {
    "directeuren": "directeur",
    "hoogleraren": "hoogleraar",
    "gedeputeerden": "gedeputeerde",
    "lectoren": "lector",
    "adviseurs": "adviseur",
    "eigenaren": "eigenaar",
    "coördinatoren": "coördinator",
}
_NOUNS = (*ROLES, *_PLURALS)
BY_ROLE, BY_ADDITION, NEW_ORGANISATION = 0.9, 0.9, 0.7
_WORD = re.compile(r"[^\W\d_]{3,40}+")
_BEFORE_CAPITAL = re.compile(r"(?<!\w)[^\W\d_]{5,40}+(?= [A-ZÀ-Þ])")
_ADDITION = re.compile(r", (?:(?:de|een) )?(?=[a-zà-ÿ])")
_OF = re.compile(r" (?:van|bij|voor) (?:de |het |een )?")
_CONJUNCTION = re.compile(r"(?:, | en |, en )")
_ROLE_END = re.compile(r"[,.;:!?()\n\t‘’“”\"]| (?:en|die|dat|is|was|heeft|wordt|om|met|op|zegt) ")
_NEW_NAME = re.compile(r"[A-Z][\w&-]{1,30}(?: [A-Z][\w&-]{1,30}){0,2}(?![\w-])")
_SINCE = re.compile(r"\b[Ss]inds ")
_PRONOUN = re.compile(r"\b(?:[Hh]ij|[Zz]ij|[Zz]e)\b")
_BRACKET = re.compile(r" \(")
_MOST_IN_A_LIST, _WORDS_OF_A_ROLE = 10, 3
_LONGEST_ROLE = 60
_MOST_DATED = 500
"""People of one document beyond which it is a register, and no `sinds` is looked for."""


@dataclass(slots=True)
class People:
    """What was found: who has which role, and organisations that only these words name."""

    roles: list[dict[str, Any]] = field(default_factory=list)
    """Columns of `findings.PersonRole`, except for `person_role_id`, `document_id` and
    `location_id`."""
    organisations: list[dict[str, Any]] = field(default_factory=list)
    """Columns of `findings.Organisation`, except for `source`: that is the document."""
    mentions: dict[str, list[Mention]] = field(default_factory=dict)
    """Where those organisations are named, by path of the section."""
    _seen: set[tuple[str | None, ...]] = field(default_factory=set)

    def is_new(self, *parts: str | None) -> bool:
        """Whether it is the first time that this is asked of `parts`."""
        known = parts in self._seen
        self._seen.add(parts)
        return not known


@dataclass(frozen=True, slots=True)
class _Here:
    """One section, and what is known to stand in it."""

    section: Section
    named: Mapping[int, Mention]
    """Organisations by where they begin."""
    located: frozenset[int]
    """Where names of locations begin."""
    never: Collection[str]
    taken: set[int] = field(default_factory=set)
    """Where the names begin that have a role already."""

    def overlaps(self, name: Name) -> bool:
        """Whether a known organisation or location stands where the name would."""
        places = range(name.start, name.end)
        return any(position in self.named or position in self.located for position in places)


def find(
    sections: Sequence[Section],
    organisations: Mapping[str, Sequence[Mention]],
    never: Collection[str] = (),
    locations: Mapping[str, Sequence[Mention]] | None = None,
) -> People:
    """People with their roles in one document, one row for each person, role and organisation.

    `organisations`: mentions by path of section. `never`: words that are in no person's name, such
    as municipalities (`Organisations.places`). `locations`: mentions of these by path of section,
    which are no new organisations. A role counts before a full name, or behind it and
    a comma; `van`, `bij` and `voor` lead to the organisation, or are part of the role.
    """
    found = People()
    for section in sections:
        said = section.text.lower()
        if not any(noun in said for noun in _NOUNS):
            continue
        here = _Here(
            section,
            {mention.start: mention for mention in organisations.get(section.path, ())},
            frozenset(m.start for m in (locations or {}).get(section.path, ())),
            never,
        )
        for word in _BEFORE_CAPITAL.finditer(section.text):
            role = _role(word[0])
            if role and word.start() not in here.named:
                _before_name(here, word, role, found)
        _behind_name(here, found)
    _date(sections, found.roles)
    return found


@lru_cache(maxsize=4096)
def _role(word: str) -> str | None:
    """The role that `word` is a noun of, as one person has it; None where it is none."""
    said = word.lower()
    single = _PLURALS.get(said) or (said[:-1] if said.endswith(("ers", "rs")) else said)
    return single if single.endswith(ROLES) else None


def _before_name(here: _Here, word: re.Match[str], role: str, found: People) -> None:
    """`ondernemers A van X en B van Y`."""
    text, at = here.section.text, word.end() + 1
    for _ in range(_MOST_IN_A_LIST):
        name = full_name_at(text, at, here.never)
        if name is None or here.overlaps(name):
            return
        organisation, end = _organisation(here, name.end, found)
        here.taken.add(name.start)
        confidence = min(BY_ROLE, organisation.confidence if organisation else 1)
        _add(found, here.section, name, role, organisation, (name.start, end), confidence)
        further = _CONJUNCTION.match(text, end)
        if further is None:
            return
        at = further.end()


def _behind_name(here: _Here, found: People) -> None:
    """`A, directeur van X` and `A, kwartiermaker van het gebied`."""
    text = here.section.text
    for addition in _ADDITION.finditer(text):
        word, role = _noun_of_role(text, addition.end())
        if word is None or role is None or not (of := _OF.match(text, word.end())):
            continue
        name = _name_before(text, addition.start(), here.never)
        if name is None or name.start in here.taken or here.overlaps(name):
            continue
        organisation, end = _organisation(here, word.end(), found)
        if organisation is None:
            stop = _ROLE_END.search(text, of.end(), of.end() + _LONGEST_ROLE)
            end = stop.start() if stop else min(len(text), of.end() + _LONGEST_ROLE)
            if end < len(text) and stop is None:
                end = word.end()
            said = text[addition.end() : end].strip()
        else:
            said = text[addition.end() : word.end()]
        confidence = min(BY_ADDITION, organisation.confidence if organisation else 1)
        _add(found, here.section, name, said, organisation, (name.start, end), confidence)


def _noun_of_role(text: str, at: int) -> tuple[re.Match[str] | None, str | None]:
    """The noun of a role among the next three words: `algemeen directeur`."""
    for _ in range(_WORDS_OF_A_ROLE):
        word = _WORD.match(text, at)
        if word is None or not word[0].islower():
            break
        role = _role(word[0])
        if role:
            return word, role
        if text[word.end() : word.end() + 1] != " ":
            break
        at = word.end() + 1
    return None, None


def _name_before(text: str, end: int, never: Collection[str]) -> Name | None:
    """The longest full name that ends at `end`."""
    low = max(0, end - _LONGEST_ROLE)
    for capital in re.finditer(r"(?<![\w.-])[A-ZÀ-Þ]", text[low:end]):
        name = full_name_at(text, low + capital.start(), never)
        if name and name.end == end:
            return name
    return None


def _organisation(here: _Here, at: int, found: People) -> tuple[Mention | None, int]:
    """The organisation behind `van`, `bij` or `voor` at `at`, or in brackets; and where it ends."""
    section, text = here.section, here.section.text
    of = _OF.match(text, at) or _BRACKET.match(text, at)
    if of is None:
        return None, at
    known = here.named.get(of.end())
    if known:
        closed = text[known.end : known.end + 1] == ")" and of[0] == " ("
        return known, known.end + closed
    new = (
        None
        if of[0].rstrip().endswith(("de", "het", "een", "("))
        else _NEW_NAME.match(text, of.end())
    )
    if new is None or of.end() in here.located or not _may_be_new(new[0], here.never):
        return None, at
    identifier = _slug(new[0])
    mention = Mention(
        identifier, new[0], new.start(), new.end(), NEW_ORGANISATION, "named with a person"
    )
    if found.is_new(identifier):
        found.organisations.append(
            {
                "organisation_id": identifier,
                "name": new[0],
                "kind": "other",
                "aliases": None,
                "location_id": None,
            }
        )
    found.mentions.setdefault(section.path, []).append(mention)
    return mention, new.end()


def _may_be_new(name: str, never: Collection[str]) -> bool:
    """Whether a name is not that of an area, nor a word that merely begins with a capital."""
    return name not in never and all(w not in never and may_be_named(w) for w in name.split()[:1])


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def _add(
    found: People,
    section: Section,
    name: Name,
    role: str,
    organisation: Mention | None,
    quote: tuple[int, int],
    confidence: float,
) -> None:
    identifier = organisation.id if organisation else None
    if not found.is_new(name.full, role, identifier):
        return
    found.roles.append(
        {
            "person": name.full,
            "role": role,
            "organisation_id": identifier,
            "performance_code": section.code,
            "since": None,
            "since_precision": None,
            "valid_from": None,
            "section": section.path,
            "quote_start": quote[0],
            "quote_end": quote[1],
            "confidence": confidence,
        }
    )


def _date(sections: Sequence[Section], roles: list[dict[str, Any]]) -> None:
    """Adds since when, where a sentence says `sinds` of the one person whom it, or the sentence
    right before it in the paragraph, names."""
    if not roles or len(roles) > _MOST_DATED:
        return
    last_names: dict[str, str] = {}
    for row in roles:
        name = full_name_at(row["person"], 0)
        if name:
            last_names[row["person"]] = name.surname
    for section in sections:
        if "inds " not in section.text:
            continue
        for low, high in paragraphs(section.text):
            text = section.text[low:high]
            if not _SINCE.search(text):
                continue
            before: set[str] = set()
            for start, end in sentences(text):
                said = text[start:end]
                here = {person for person, last in last_names.items() if last in said}
                since = _SINCE.search(said)
                about = here or (before if _PRONOUN.search(said) else set())
                time = first_time(said[since.start() : since.end() + 40]) if since else None
                if time and len(about) == 1 and time.precision != "period":
                    _since(roles, next(iter(about)), time.text, time.precision, time.first_day)
                before = here or before


def _since(
    roles: list[dict[str, Any]], person: str, text: str, precision: str, first_day: object
) -> None:
    for row in roles:
        if row["person"] == person and row["since"] is None:
            row |= {"since": text, "since_precision": precision, "valid_from": first_day}
