"""Which words in a text may be the name of a person: a first name, `van der` and the like, a last.

Two words with capitals are as often a firm or a plan as a person. So a name counts only where the
words around it say so (see `people`), and never with a word in it that no person has.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field

_CAPITAL = r"[A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ]{1,24}(?:-[A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ]{1,24})?"
_INITIALS = r"(?:[A-Z]\.){1,5}"
_INFIX = (
    r"(?:[Vv]an (?:der |den |de |het |['’]t )?|[Dd]e |[Dd]er |[Dd]en |[Tt]er |[Tt]en |[Tt]e |['’]t "
    r"|[Oo]p (?:de |den )?)"
)
_FULL = re.compile(
    rf"(?P<first>{_INITIALS}|{_CAPITAL}) (?:(?P<second>{_CAPITAL}) (?={_INFIX}?{_CAPITAL}(?![\w-])))?"
    rf"(?P<infix>{_INFIX})?(?P<last>{_CAPITAL})(?![\w-])"
)
_SURNAME = re.compile(rf"(?P<infix>{_INFIX})?(?P<last>{_CAPITAL})(?![\w-])")
_SECOND_GIVEN = frozenset(
    {"Jan", "Peter", "Pieter", "Willem", "Hein", "Paul", "Dirk", "Marie", "Anne", "Kees", "Piet"}
)
"""First names that often come second: `Jan Peter van Dijk` is no Jan Peter of the firm Dijk."""
_OF = frozenset({"van ", "van de ", "van het "})
_NO_PERSON_IN = """
    aanpak advies agenda akkoord almelo bank begroting bestuur brabant bureau bv campus centrum
    college commissie deal den europa gedeputeerde gemeente gemeenten gemeenteraad groep groningen
    hogeschool hof instituut kamer kennispark kerntaak ministerie ministeries nederland
    nederlandse nv onderzoek overijssel park partners plan prestatie programma project provincie
    provinciale provincies raad regio regionale rijk rijkswaterstaat staten stichting techniek
    tweede twente twentse universiteit vereniging visie wet europese economische economie ruimte
    het een deze dit die dat wij ons onze hun haar zijn maar want ook als dan toch zo volgens met
    voor van tot op in bij uit door na om over onder ik jij hij zij ze je er hier daar en of
    innovatie technologie topwerklocatie topwerklocaties bedrijventerrein bedrijvenpark haven
    luchthaven station spoorzone stad zuid noord oost west sint nieuwe oude grote
"""
_NO_PERSON = frozenset(_NO_PERSON_IN.split())
_NO_FIRST = ("lijke", "ische", "ing", "heid", "tie", "schap", "zaken", "beleid", "park", "werken")
"""Endings of words that begin the name of a department or a plan, and no person's."""


@dataclass(frozen=True, slots=True)
class Name:
    """A full name and where it stands."""

    full: str
    surname: str
    """With what comes before it: `van der Sluis`."""
    start: int
    end: int


@dataclass
class Known:
    """People whom a document has named in full, to be recognised by their last name."""

    full: dict[str, Name] = field(default_factory=dict)
    _by_surname: dict[str, set[str]] = field(default_factory=dict)

    def add(self, name: Name) -> None:
        """Remembers a person named in full."""
        self.full.setdefault(name.full, name)
        self._by_surname.setdefault(name.surname.casefold(), set()).add(name.full)

    def by_surname(self, surname: str) -> str | None:
        """The one person of that last name; None where there is none, or several."""
        found = self._by_surname.get(surname.casefold(), set())
        return next(iter(found)) if len(found) == 1 else None


def may_be_named(word: str) -> bool:
    """Whether `word` may begin a name, and is none that merely has a capital."""
    return word.casefold() not in _NO_PERSON


def full_name_at(text: str, at: int, never: Collection[str] = ()) -> Name | None:
    """The full name that begins at `at`, or None. `never`: words that no person's name has, such
    as municipalities."""
    found = _FULL.match(text, at)
    if found is None:
        return None
    first, second, last = found["first"], found["second"], found["last"]
    infix, end = found["infix"] or "", found.end()
    if second and infix in _OF and second not in _SECOND_GIVEN:
        # "Piet Mosterd van Tembo": what follows on `van` is an organisation, not the last name
        second, infix, last, end = None, "", second, found.end("second")
    words = [word for word in (first, second, last) if word]
    if any(word.casefold() in _NO_PERSON or word in never for word in words):
        return None
    if first.casefold().endswith(_NO_FIRST):
        return None
    return Name(text[at:end], f"{infix}{last}", at, end)


def surname_at(text: str, at: int) -> tuple[str, int] | None:
    """The last name that may begin at `at`, with its end."""
    found = _SURNAME.match(text, at)
    return (found[0], found.end()) if found else None
