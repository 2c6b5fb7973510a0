"""Organisations, committees and facilities that a text names, by their declared names.

A name counts only as an actor: `AkzoNobel-locatie` and `Thales campus` are places, `PS/2016/486` is
a reference, and the `Provinciale Staten van Gelderland` are not those of the catalogue.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from assets.catalogue.document_models import OrganisationEntry
from assets.documents.places.names import Names, gathered, words
from assets.documents.records import Mention

PROVINCES = frozenset(
    {
        "Groningen",
        "Friesland",
        "Fryslân",
        "Drenthe",
        "Overijssel",
        "Flevoland",
        "Gelderland",
        "Utrecht",
        "Noord-Holland",
        "Zuid-Holland",
        "Zeeland",
        "Noord-Brabant",
        "Brabant",
        "Limburg",
    }
)
DECLARED, MAY_BE_AN_AREA, IN_A_COMPOUND, ABBREVIATED = 0.95, 0.6, 0.7, 0.9
_PLACE = r"(?:bedrijven)?(?:locatie|terrein|campus|park|gebied|complex|site|vestiging)s?\b"
_IS_A_PLACE = re.compile(rf"[- \u2011](?:{_PLACE})", re.IGNORECASE)
_COMPOUND = re.compile(r"-[a-z]")
_REFERENCE = re.compile(r"[\s\u00a0]?[/-][\s\u00a0]?[0-9]|[\s\u00a0][0-9]{4}\s?/|\s?:")
"""After `PS` or `GS`: the rest of a reference; or a colon, as after a postscript."""
_OF_PROVINCE = re.compile(r" (?:van )?(?:de )?(?:provincie )?([A-Z][\w-]{2,20})")
_GEMEENTEN = re.compile(r"\b[Gg]emeenten ")
_LIST_WORD = re.compile(r"(, | en |, en )")
_CAPITALISED = re.compile(
    r"[A-Z][a-z]{1,25}(?:-[A-Z][a-z]{1,25})?(?: van [A-Z][a-z]{1,25})?(?![\w-])"
)
_SHORTEST_ABBREVIATION, _LONGEST_ABBREVIATION = 2, 5
_GEMEENTE = "gemeente"


class Organisations:
    """Declared organisations, to be found in any number of texts.

    The cost of finding is that of the text; it hardly depends on how many names are declared.
    """

    def __init__(self, entries: Iterable[OrganisationEntry]) -> None:
        declared = list(entries)
        self._names: Names[tuple[tuple[str, str], ...]] = Names(
            gathered(
                (name, (entry.id, name))
                for entry in declared
                for name in (entry.name, *entry.aliases)
            )
        )
        self._province_of = {
            entry.id: province
            for entry in declared
            for province in PROVINCES
            if entry.id.endswith(f"-{province.lower()}")
        }
        self.municipalities = {
            entry.name.removeprefix("Gemeente "): entry.id
            for entry in declared
            if entry.name.startswith("Gemeente ")
        }
        """Id of each declared municipality by its bare name."""
        self.places = frozenset(self.municipalities) | PROVINCES
        """Municipalities and provinces by name: words that are never part of a person's name."""

    def find(self, text: str, excluded: Sequence[tuple[int, int]] = ()) -> list[Mention]:
        """Organisations that `text` names, in order, not overlapping.

        `excluded`: places (characters `start` to `end`) that are something else, such as the names
        of locations: what overlaps one is none. A list `gemeenten Hengelo, Borne en Almelo` gives
        the municipalities that are declared. Confidence 0.95; 0.9 for an abbreviation; 0.7 for the
        first part of a compound (`HMO-bijdrage`); 0.6 where `in` before `Regio ...` may make it an
        area.
        """
        found = self._municipalities_listed(text)
        for hit in self._names.scan(text).hits:
            for identifier, alias in hit.known:
                mention = self._judged(text, hit.start, hit.end, identifier, alias)
                if mention is not None:
                    found.append(mention)
                    break
        found.sort(key=lambda m: (m.start, -m.end))
        return _apart(found, sorted(excluded))

    def _judged(
        self, text: str, start: int, end: int, identifier: str, alias: str
    ) -> Mention | None:
        """The mention, or None where what stands around it says that it is none."""
        if not _written_alike(alias, text[start:end]) or _IS_A_PLACE.match(text, end):
            return None
        short = alias.isupper() and _SHORTEST_ABBREVIATION <= len(alias) <= _LONGEST_ABBREVIATION
        if short and (_REFERENCE.match(text, end) or text[max(0, start - 1) : start] == "/"):
            return None
        own = self._province_of.get(identifier)
        if own and own not in alias:
            of = _OF_PROVINCE.match(text, end)
            if of and of[1] in PROVINCES and of[1] != own:
                return None
        how, confidence = "as declared", DECLARED
        if _COMPOUND.match(text, end):
            how, confidence = "first part of a compound", IN_A_COMPOUND
        elif alias.startswith("Regio ") and text[max(0, start - 3) : start].lower() == "in ":
            how, confidence = "may be the area", MAY_BE_AN_AREA
        elif short:
            how, confidence = "abbreviation", ABBREVIATED
        return Mention(identifier, alias, start, end, confidence, how)

    def _municipalities_listed(self, text: str) -> list[Mention]:
        """Those of `gemeenten A, B en C`; the list ends at what is no name with a capital."""
        found = []
        for opening in _GEMEENTEN.finditer(text):
            at = opening.end()
            while name := _CAPITALISED.match(text, at):
                said, end = name[0], name.end()
                if said not in self.municipalities and " van " in said:
                    said = said.partition(" ")[0]
                    end = at + len(said)
                identifier = self.municipalities.get(said)
                if identifier:
                    mention = Mention(identifier, said, at, end, ABBREVIATED, "in a list")
                    found.append(mention)
                comma = _LIST_WORD.match(text, end)
                if not comma:
                    break
                at = comma.end()
        return found


def _written_alike(alias: str, said: str) -> bool:
    """Whether `said` has as many words as `alias`, and a capital wherever that has one."""
    if said == alias or alias.isupper():
        return said == alias
    declared, written = words(alias), words(said)
    return len(declared) == len(written) and all(
        not alias[a].isupper() or said[b].isupper() or said[b].isdigit()
        for (a, _), (b, _) in zip(declared, written, strict=True)
    )


def _apart(found: list[Mention], excluded: Sequence[tuple[int, int]]) -> list[Mention]:
    """Those that overlap neither one before nor an excluded place; both come in order."""
    kept: list[Mention] = []
    at, last = 0, 0
    for mention in found:
        while at < len(excluded) and excluded[at][1] <= mention.start:
            at += 1
        taken = at < len(excluded) and excluded[at][0] < mention.end
        if mention.start >= last and not taken:
            kept.append(mention)
            last = mention.end
    return kept
