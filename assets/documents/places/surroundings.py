"""What the words around a name say of it: that it is part of another name, or where it lies."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assets.documents.places.names import ARTICLES, Hit, Scanned, key

if TYPE_CHECKING:
    import datetime as dt

_PART_OF_ORGANISATION = re.compile(
    r"(?:stichting|cooperatie|vereniging|parkmanagement|bedrijvenkring|^bv|^nv|^vof|maatschappij)$"
)
_LEGAL_FORM = re.compile(r"[ \xa0](?:[BNC]\.?V\.?|Holding|U\.A\.)(?!\w)")
_COMPOUND = (
    "terrein",
    "gebied",
    "locatie",
    "park",
    "campus",
    "ontwikkeling",
    "zone",
    "complex",
    "kavel",
    "deel",
    "fase",
    "uitbreiding",
)
"""Beginnings of words that may follow with a hyphen: `Hessenpoort-terrein` is still the place,
`Hessenpoort-ondernemers` is not."""
_PLACED = re.compile(
    r"[ \xa0]?(?:\((?:(?:te|in|bij)[ \xa0])?|(?:te|in|bij|van)[ \xa0])?(?:(?:de[ \xa0])?(?:gemeente|stad)[ \xa0])?"
)
"""What stands between a place and the municipality it is said to lie in."""
_BETWEEN_TOWNS = re.compile(r"[ \xa0]?(?:/|,|-|&|en)[ \xa0]?")
_REACH = 30
"""Characters after a place in which its municipality is looked for."""
TOWN = "town"
WIDE = frozenset(
    {
        "nederland",
        "nederlandse",
        "europa",
        "europese",
        "overijssel",
        "overijsselse",
        "oost",
        "twentse",
        "deze",
        "diverse",
    }
)
"""Capitalised words beside a place that say nothing of which municipality it lies in."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name of a location, as declared."""

    location_id: str
    alias: str
    municipality: str
    """Code, as GM0164."""
    also_in: tuple[str, ...] = ()
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    """First day on which it is called so no more."""
    ambiguous: bool = False
    """Whether other places are called so too."""


@dataclass(frozen=True, slots=True)
class Nearby:
    """A word that tells where a text is about: a municipality (`stands_for` its code), or what the
    full name of a location adds to a shared one (`stands_for` its id)."""

    stands_for: str
    town: bool


@dataclass(frozen=True, slots=True)
class Known:
    """All that one name may stand for, and what follows from it: worked out once, for texts ask it
    of each name that they hold."""

    names: tuple[Name, ...]
    near: frozenset[str]
    """Codes of the municipalities, and ids of the locations, by which a text tells where it is."""
    kinds: tuple[str, ...]
    """`TOWN` where a municipality is among them, and the ids of the locations."""
    tells: tuple[str, ...]
    """What the name says of where a text is about: `near`, and a location that it alone means."""
    shared: bool
    """Whether several declared locations are called so."""
    is_word: bool
    """Whether it is a word, too, that a sentence may begin with."""


def belongs_to_another_word(scanned: Scanned[Known], hit: Hit[Known]) -> bool:
    """Whether a name is part of a compound, an address, or the name of an organisation."""
    text, spans = scanned.text, scanned.words
    if hit.start and text[hit.start - 1] in "-@_‐‑":
        return True
    after = text[hit.end : hit.end + _REACH]
    if (
        after[:1] in tuple("-‐‑")
        and after[1:2].isalpha()
        and not after[1:].startswith(tuple(_COMPOUND))
    ):
        return True
    if after[:1] in (".", "@") and after[1:2].isalnum():
        return True
    if _LEGAL_FORM.match(after):
        return True
    at = hit.first - 1
    while at >= 0 and hit.first - at <= 3 and _is_article(text, spans[at]):
        at -= 1
    if at < 0:
        return False
    between = text[spans[at][1] : spans[hit.first][0]]
    if any(mark in between for mark in ".,;:()\n\t"):
        return False
    before = key(text[spans[at][0] : spans[at][1]])
    if _PART_OF_ORGANISATION.search(before):
        return True
    return (
        before == "lichaam"
        and at > 0
        and key(text[spans[at - 1][0] : spans[at - 1][1]]) == "openbaar"
    )


def _is_article(text: str, span: tuple[int, int]) -> bool:
    return key(text[span[0] : span[1]]) in ARTICLES


def placed_in(scanned: Scanned[Known], number: int) -> frozenset[str]:
    """Where the words right after hit `number` say that it lies, as codes of municipalities and
    ids of locations; empty where they do not say."""
    text, hits = scanned.text, scanned.hits
    found: set[str] = set()
    end, pattern = hits[number].end, _PLACED
    for at in range(number + 1, min(number + 7, len(hits))):
        between = text[end : hits[at].start] if hits[at].start - end <= _REACH else "."
        towns = hits[at].known.near
        if not towns or not pattern.fullmatch(between) or (not between and at == number + 1):
            break
        found |= towns
        end, pattern = hits[at].end, _BETWEEN_TOWNS
    return frozenset(found)


def beside_another(scanned: Scanned[Known], hit: Hit[Known]) -> bool:
    """Whether an unknown capitalised word right before or after makes a shared name another's:
    `Tilburgse Spoorzone`, `Spoorzone Tilburg`, `Spoorzone (Waalwijk)`."""
    return _followed_by_another(scanned, hit) or _adjective_of_another(scanned, hit)


def _followed_by_another(scanned: Scanned[Known], hit: Hit[Known]) -> bool:
    text, spans = scanned.text, scanned.words
    at, end, pattern = hit.last + 1, hit.end, " "
    if at + 1 < len(spans) and text[slice(*spans[at])] in ("in", "te", "bij"):
        at, pattern = at + 1, f" {text[slice(*spans[at])]} "
    if at >= len(spans):
        return False
    start, last = spans[at]
    word = text[start:last]
    if not word[0].isupper() or key(word) in WIDE:
        return False
    between = text[end:start]
    if between == " (":
        return not word.isupper() and text[last : last + 1] in tuple("),/")
    return between == pattern


def _adjective_of_another(scanned: Scanned[Known], hit: Hit[Known]) -> bool:
    if not hit.first:
        return False
    start, end = scanned.words[hit.first - 1]
    word = scanned.text[start:end]
    if scanned.text[end : hit.start] != " " or not (word[0].isupper() and word.endswith("se")):
        return False
    at = bisect_left(scanned.hits, start, key=lambda other: other.start)
    known = at < len(scanned.hits) and scanned.hits[at].start == start
    return not known and key(word) not in WIDE
