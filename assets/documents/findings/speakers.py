"""Who a text says is speaking: `zegt Balkema`, `volgens Jan Jansen`, `Balkema: ‘...’`."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from assets.documents.findings.person_names import Known, full_name_at, surname_at

_VERBS = (
    "zegt",
    "zei",
    "aldus",
    "vertelt",
    "vertelde",
    "stelt",
    "stelde",
    "voorspelt",
    "voorspelde",
    "volgens",
    "vindt",
    "benadrukt",
    "concludeert",
    "verwacht",
    "meent",
)
_FIRST_LETTERS = "".join(sorted({verb[0] for verb in _VERBS}))
_VERB_FIRST = re.compile(rf"\b(?=[{_FIRST_LETTERS}])(?:{'|'.join(_VERBS)}) ", re.IGNORECASE)
"""The first letter is asked for before the words: most begin with another."""
_PRONOUN = re.compile(r"(?:hij|zij|ze)(?!\w)")
_NAME_FIRST = re.compile(r":(?= ?[‘“\"„])")
_BEFORE_COLON = 60


@dataclass(frozen=True, slots=True)
class Attribution:
    """Words that say who is speaking."""

    start: int
    end: int
    speaker: str | None
    """Full name; None where it is somebody whom the document does not name in full."""
    pronoun: bool = False


def attributions(text: str, known: Known, never: Collection[str] = ()) -> list[Attribution]:
    """Attributions in `text`, in order; those to what is no name of a person are left out.

    A person named in full is added to `known`; a last name alone is that of the one person known
    by it. `never` as for `person_names.full_name_at`.
    """
    found = []
    for verb in _VERB_FIRST.finditer(text):
        at = verb.end()
        name = full_name_at(text, at, never)
        if name:
            known.add(name)
            found.append(Attribution(verb.start(), name.end, name.full))
            continue
        surname = surname_at(text, at)
        if surname and surname[0] not in never:
            person = known.by_surname(surname[0])
            said = verb[0].strip().casefold()
            if person or said in {"zegt", "zei", "aldus", "vertelt", "vertelde"}:
                found.append(Attribution(verb.start(), surname[1], person))
        elif pronoun := _PRONOUN.match(text, at):
            found.append(Attribution(verb.start(), pronoun.end(), None, pronoun=True))
    for colon in _NAME_FIRST.finditer(text):
        person_before = _name_before(text, colon.start(), known, never)
        if person_before:
            found.append(person_before)
    return sorted(found, key=lambda attribution: attribution.start)


def _name_before(text: str, end: int, known: Known, never: Collection[str]) -> Attribution | None:
    """The name that ends right before a colon."""
    low = max(0, end - _BEFORE_COLON)
    for capital in re.finditer(
        r"(?<![\w-])(?:[Vv]an |[Dd]e |[Tt]er |[Tt]en )?[A-Z]", text[low:end]
    ):
        at = low + capital.start()
        name = full_name_at(text, at, never)
        if name and name.end == end:
            known.add(name)
            return Attribution(at, end, name.full)
        surname = surname_at(text, at)
        if surname and surname[1] == end and (person := known.by_surname(surname[0])):
            return Attribution(at, end, person)
    return None
