"""Names in a text become locations: dated aliases, drifting spelling, and the municipality near by.

How sure a mention is, from 0 to 1:

* 0.95 a name as declared; 0.9 another spelling of it, or a genitive;
* a name that other places have too is known by its municipality (or by the rest of its full
  name): 0.9 in the same sentence, 0.8 in the paragraph, 0.75 in the title, 0.7 elsewhere in the
  document;
* times 0.8 where the document is of before or after the years of the name. A name of 2016 is
  still used in 2019, so dates never reject.

A mention is dropped where the text places it in another municipality, where it is part of another
name or of an organisation's, and where a shared name has nothing near by to tell it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from assets.documents.findings import sentences
from assets.documents.places.names import (
    FUNCTION_WORDS,
    Hit,
    Names,
    Scanned,
    gathered,
    key,
    squash,
    words,
)
from assets.documents.places.surroundings import (
    TOWN,
    Known,
    Name,
    Nearby,
    belongs_to_another_word,
    beside_another,
    placed_in,
)
from assets.documents.records import Mention

if TYPE_CHECKING:
    import datetime as dt

    from assets.catalogue import Catalogue

DECLARED, SPELLING = 0.95, 0.9
NEAR = {"sentence": 0.9, "paragraph": 0.8, "title": 0.75, "document": 0.7}
OUTSIDE_ITS_YEARS = 0.8

GENERIC = frozenset(
    {
        "bedrijventerrein",
        "bedrijventerreinen",
        "bedrijvenpark",
        "bedrijvenparken",
        "businesspark",
        "campus",
        "campussen",
        "centrum",
        "gebied",
        "innovatiecampus",
        "innovatiedistrict",
        "innovatiedistricten",
        "innovatiepark",
        "kennisparken",
        "locatie",
        "locaties",
        "park",
        "parken",
        "regio",
        "technologiepark",
        "terrein",
        "terreinen",
        "toplocatie",
        "toplocaties",
        "topwerklocatie",
        "topwerklocaties",
        "werklocatie",
        "werklocaties",
    }
)
"""Words that never are a name, though an alias should consist of nothing else."""
_ALSO_WORDS = frozenset({"best", "bergen", "buren", "echt", "goes", "leiden", "putten", "weert"})
"""Municipalities that are words at the beginning of a sentence."""


@dataclass(frozen=True)
class Context:
    """What a whole document names: codes of municipalities, and ids of locations named in full."""

    named: frozenset[str] = frozenset()


@dataclass
class _Text:
    """A scanned text with what is needed to judge a name in it, made once."""

    scanned: Scanned[Known]
    named: dict[int, frozenset[str]] = field(default_factory=dict)
    """What each paragraph names, by where it begins."""
    sentences: list[tuple[int, int]] = field(default_factory=list)
    paragraphs: list[tuple[int, int]] = field(default_factory=list)
    free: dict[str, list[int]] = field(default_factory=dict)
    """Numbers of the hits that are a municipality (below `TOWN`) or tell one location (below its
    id), and that are not said of the place right before them."""


class Gazetteer:
    """All names of all locations, and all municipalities by which they are told apart."""

    def __init__(self, names: Iterable[Name], municipalities: Mapping[str, str]) -> None:
        """`municipalities`: code to name as CBS writes it; `(O.)` and the like are left out."""
        self._names = [name for name in names if not _is_generic(name.alias)]
        known: list[tuple[str, Name | Nearby]] = [
            (spelling, name) for name in self._names for spelling in {name.alias, _bare(name.alias)}
        ]
        for code, name in municipalities.items():
            known += [
                (said, Nearby(code, town=True)) for said in (_bare(name), *_adjectives(_bare(name)))
            ]
        rest = sorted(_rest_of_full_names(self._names))
        known += [(word, Nearby(site, town=False)) for site, word in rest]
        self._towns = frozenset(municipalities)
        self._finder: Names[Known] = Names(
            {squashed: _meaning(squashed, of) for squashed, of in gathered(known).items()}
        )

    @classmethod
    def of_catalogue(cls, catalogue: Catalogue, municipalities: Mapping[str, str]) -> Gazetteer:
        """The names and aliases of all declared sites."""
        found = []
        for site in catalogue.sites.values():
            aliases = {squash(alias.name) for alias in site.aliases}
            found += [
                Name(
                    site.id,
                    alias.name,
                    site.municipality,
                    site.also_in,
                    alias.valid_from,
                    alias.valid_to,
                    alias.ambiguous,
                )
                for alias in site.aliases
            ]
            found += [
                Name(site.id, _bare(name), site.municipality, site.also_in)
                for name in dict.fromkeys((site.name, site.name_en))
                if squash(_bare(name)) not in aliases
            ]
        return cls(found, municipalities)

    def find(
        self,
        text: str,
        *,
        on: dt.date | None = None,
        title: str = "",
        context: Context | None = None,
    ) -> list[Mention]:
        """Locations named in `text`, in order, not overlapping.

        `on` is a day of the document, `title` its title, `context` what the whole document names
        (see `context`); without it only `text` and `title` tell shared names apart.
        """
        scanned = self._finder.scan(text)
        whole = context or Context(self._named_in(scanned, text))
        return self._resolve(scanned, on, Context(self._named(title)), whole)

    def context(self, texts: Iterable[str]) -> Context:
        """What a document names, from the texts of all its sections."""
        return Context(frozenset().union(*(self._named(text) for text in texts)))

    def find_all(
        self, texts: Sequence[str], *, on: dt.date | None = None, title: str = ""
    ) -> list[list[Mention]]:
        """`find` for every text of one document: each is read once."""
        return self.document(title, texts, on=on)[1]

    def document(
        self, title: str, texts: Sequence[str], *, on: dt.date | None = None
    ) -> tuple[list[Mention], list[list[Mention]]]:
        """Locations in the title of a document, and in each of the texts of its sections: as
        `find` with the `context` of the texts, and `find_all`, but each text is read once."""
        scanned = [self._finder.scan(text) for text in texts]
        named = frozenset().union(*(self._named_in(one, one.text) for one in scanned))
        of_title = Context(self._named(title))
        whole = Context(named | of_title.named)
        return (
            self.find(title, on=on, context=Context(named)),
            [self._resolve(one, on, of_title, whole) for one in scanned],
        )

    def _named(self, text: str) -> frozenset[str]:
        return self._named_in(self._finder.scan(text), text) if text else frozenset()

    def _named_in(self, scanned: Scanned[Known], text: str) -> frozenset[str]:
        """Municipalities that a text names, and locations by a name no other place has."""
        return frozenset(
            said for hit in scanned.hits if not _is_word(text, hit) for said in hit.known.tells
        )

    def _resolve(
        self, scanned: Scanned[Known], on: dt.date | None, title: Context, whole: Context
    ) -> list[Mention]:
        found: list[Mention] = []
        here = _Text(scanned)
        for number, hit in enumerate(scanned.hits):
            names = hit.known.names
            if not names or belongs_to_another_word(scanned, hit):
                continue
            placed = placed_in(scanned, number)
            options = [
                mention
                for name in names
                if (mention := self._judge(here, hit, name, placed, on, title, whole))
            ]
            best = max((option.confidence for option in options), default=0.0)
            chosen = {o.id: o for o in reversed(options) if o.confidence == best}
            if len(chosen) == 1:
                found += chosen.values()
        return found

    def _judge(
        self,
        here: _Text,
        hit: Hit[Known],
        name: Name,
        placed: frozenset[str],
        on: dt.date | None,
        title: Context,
        whole: Context,
    ) -> Mention | None:
        """The mention of one name, or None where the text says that it is another place."""
        own = {name.municipality, *name.also_in, name.location_id}
        if placed & self._towns and not placed & own:
            return None
        written = here.scanned.text[hit.start : hit.end]
        declared = _plain(written) == _plain(name.alias)
        confidence = DECLARED if declared else SPELLING
        how = "as declared" if declared else "genitive" if hit.genitive else "spelling"
        if name.ambiguous or hit.known.shared:
            near = (
                "sentence"
                if placed & own
                else _nearest(here, hit, name.location_id, own, title, whole)
            )
            if near is None:
                return None
            confidence, how = min(confidence, NEAR[near]), f"{how}, municipality in {near}"
        if on and (
            (name.valid_from and on < name.valid_from) or (name.valid_to and on >= name.valid_to)
        ):
            confidence, how = confidence * OUTSIDE_ITS_YEARS, f"{how}, outside its years"
        return Mention(name.location_id, name.alias, hit.start, hit.end, round(confidence, 3), how)


def _plain(name: str) -> str:
    """A name with its article in small letters: `De Spoorzone` is `de Spoorzone` in a sentence."""
    said = " ".join(name.split())
    return said[0].lower() + said[1:] if said.startswith(("De ", "Het ")) else said


def _bare(name: str) -> str:
    """A name without what it has in brackets: `Hengelo (O.)`, `S/park (Deventer)`."""
    return name.partition("(")[0].strip()


def _is_generic(alias: str) -> bool:
    said = [key(alias[start:end]) for start, end in words(alias)]
    return all(word in GENERIC or word in FUNCTION_WORDS for word in said)


def _adjectives(municipality: str) -> set[str]:
    """How texts call what is of a municipality: Zwolse, Zwols, Enschedese, Leidse."""
    if not municipality.isalpha() or len(municipality) <= 4:
        return set()
    stem = re.sub(r"(?:en|e)$", "", municipality)
    stem = stem[:-1] if stem[-1] == stem[-2] else stem
    return {municipality + "se", stem + "se"} | ({stem + "s"} if len(stem) > 3 else set())


def _rest_of_full_names(names: Sequence[Name]) -> set[tuple[str, str]]:
    """Location and word: what a fuller name adds to a shared name of the same location."""
    full: dict[str, list[list[str]]] = {}
    for name in names:
        said = [name.alias[start:end] for start, end in words(name.alias)]
        full.setdefault(name.location_id, []).append(said)
    found = set()
    for name in names:
        if name.ambiguous:
            short = {
                key(name.alias[start:end]) for start, end in words(name.alias)
            } - FUNCTION_WORDS
            for said in full[name.location_id]:
                if short < {key(word) for word in said}:
                    found |= {
                        (name.location_id, word)
                        for word in said
                        if key(word) not in short | FUNCTION_WORDS | GENERIC and word[0].isupper()
                    }
    return found


def _meaning(squashed: str, known: Iterable[Name | Nearby]) -> Known:
    """All that the name may stand for."""
    those = tuple(known)
    names = tuple(one for one in those if isinstance(one, Name))
    nearby = [one for one in those if isinstance(one, Nearby)]
    shared = len({name.location_id for name in names}) > 1
    alone = [name.location_id for name in names if not name.ambiguous and not shared]
    return Known(
        names=names,
        near=frozenset(one.stands_for for one in nearby),
        kinds=tuple(dict.fromkeys(TOWN if one.town else one.stands_for for one in nearby)),
        tells=(*(one.stands_for for one in nearby), *alone),
        shared=shared,
        is_word=not _ALSO_WORDS.isdisjoint({squashed, squashed + "s"}),
    )


def _is_word(text: str, hit: Hit[Known]) -> bool:
    """Whether what looks like a municipality is the first word of a sentence."""
    if not hit.known.is_word or text[hit.start : hit.end].lower() not in _ALSO_WORDS:
        return False
    before = text[max(0, hit.start - 4) : hit.start].rstrip(" \xa0\"'‘“(")
    return not before or before[-1] in ".!?\n"


def _nearest(
    here: _Text, hit: Hit[Known], location: str, own: set[str], title: Context, whole: Context
) -> str | None:
    """How near the text says which place a shared name is; None where it says nothing, or where
    another municipality is nearer in the same sentence."""
    if not here.sentences:
        _prepare(here)
    if beside_another(here.scanned, hit):
        return None
    start, end = sentences.holding(here.sentences, hit.start) or (hit.start, hit.end)
    hits = here.scanned.hits
    beside = []
    for kind in (TOWN, location):
        free = here.free.get(kind, [])
        at = bisect_left(free, hit.start, key=lambda number: hits[number].start)
        if at > 0 and hits[free[at - 1]].start >= start:
            beside.append((hit.start - hits[free[at - 1]].end, free[at - 1]))
        if at < len(free) and hits[free[at]].start < end:
            beside.append((hits[free[at]].start - hit.end, free[at]))
    if beside:
        return "sentence" if own.intersection(hits[min(beside)[1]].known.tells) else None
    paragraph = sentences.holding(here.paragraphs, hit.start)
    if paragraph and own & here.named.get(paragraph[0], frozenset()):
        return "paragraph"
    if own & title.named:
        return "title"
    return "document" if own & whole.named else None


def _prepare(here: _Text) -> None:
    """Sentences, paragraphs and what each names: once for a text, where a shared name is in it."""
    text, hits = here.scanned.text, here.scanned.hits
    here.sentences, here.paragraphs = sentences.sentences(text), sentences.paragraphs(text)
    tied = -1
    named: dict[int, set[str]] = {}
    for number, hit in enumerate(hits):
        if _is_word(text, hit):
            continue
        paragraph = sentences.holding(here.paragraphs, hit.start)
        if paragraph:
            named.setdefault(paragraph[0], set()).update(hit.known.tells)
        if hit.known.names:
            tied = number + 1 if placed_in(here.scanned, number) else -1
        elif number == tied:
            tied = -1
        else:
            for kind in hit.known.kinds:
                here.free.setdefault(kind, []).append(number)
    here.named = {start: frozenset(said) for start, said in named.items()}
