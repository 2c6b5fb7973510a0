"""Finds many declared names in a text at once, at a cost that hardly depends on how many they are.

A name is known by its squashed form: letters and digits only, without capitals and accents, so
that `HTSM-park`, `HTSM park` and `HTSMpark` are one. Words of the text are strung together as long
as what results begins some name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, compress
from typing import Generic, TypeVar

from assets.documents.wordings import fold

Known = TypeVar("Known")

FUNCTION_WORDS = frozenset({"in", "te", "bij", "van", "de", "het"})
"""Words that a text may put inside a name: `AkzoNobel-locatie in Deventer`."""
ARTICLES = frozenset({"de", "het"})
_WORD = re.compile(r"(\w+)")
_GARBLED_WORD = re.compile(r"(\w+(?:(?<=[ÃĂ])[«©¨¯¶¼]\w*)*)")
"""A word, with the second half of a letter that came through a wrong charset."""
_WITHIN = frozenset({" ", "\xa0", "-", "\u2010", "\u2011", "\xad", "/", " /", "/ ", " / "})
"""What may stand between two words of one name."""
_CENTRE = re.compile(r"cent(?:er|re|ra)$")
_SYSTEM = re.compile(r"system(?=park$|$)")
_LONGEST_WORD = 60
"""Letters beyond which a word is part of no name."""
_REMEMBERED = 50_000
_READ_ONCE = 10_000
"""Characters of a text up to which its words are remembered: locations and organisations are
looked for in the same sections, one after the other."""


class _Keys(dict[str, str]):
    """Words to the form they are compared in, remembered."""

    def __missing__(self, word: str) -> str:
        if len(word) > _LONGEST_WORD:
            return ""
        said = word.lower() if word.isascii() else fold(word)
        said = _CENTRE.sub("centrum", said)
        said = _SYSTEM.sub("systems", said)
        if len(self) >= _REMEMBERED:
            self.clear()
        self[word] = said
        return said


_KEYS = _Keys()


def words(text: str) -> list[tuple[int, int]]:
    """Where the words of `text` are; no hyphen, slash or apostrophe is part of one."""
    return _words_and_keys(text)[0]


def _parted(text: str) -> tuple[list[tuple[int, int]], list[str]]:
    """Places of the words of `text`, and their keys with an empty one behind them. Both lists are
    shared: not to be changed."""
    return _words_and_keys(text) if len(text) > _READ_ONCE else _remembered(text)


@lru_cache(maxsize=128)
def _remembered(text: str) -> tuple[list[tuple[int, int]], list[str]]:
    return _words_and_keys(text)


def _words_and_keys(text: str) -> tuple[list[tuple[int, int]], list[str]]:
    garbled = "Ã" in text or "Ă" in text
    # by turns what is between words and a word, so that every second end is where a word begins
    parts = (_GARBLED_WORD if garbled else _WORD).split(text)
    ends = list(accumulate(map(len, parts)))
    keys = list(map(_KEYS.__getitem__, parts[1::2]))
    keys.append("")
    return list(zip(ends[0::2], ends[1::2], strict=False)), keys


def key(word: str) -> str:
    """One word as it is compared: no capitals, no accents, `center` and `centre` as `centrum`."""
    return _KEYS[word]


def squash(name: str) -> str:
    """A whole name as it is compared; empty where it holds no letter or digit."""
    said, last = "", 0
    for start, end in words(name):
        said += _joint(name[last:start], start - last, said, end - start) + key(name[start:end])
        last = end
    return said


def _joint(between: str, gap: int, before: str, length: int) -> str:
    """What of the characters between two words counts: a slash beside a single letter, because
    `S/park` is no `spark`."""
    if gap and before and "/" in between and (len(before) == 1 or length == 1):
        return "/"
    return ""


@dataclass(frozen=True, slots=True)
class Hit(Generic[Known]):
    """A name found: which words of the text it takes, and what it may stand for."""

    first: int
    last: int
    """Numbers of its first and last word."""
    start: int
    end: int
    known: Known
    genitive: bool


@dataclass(frozen=True, slots=True)
class Scanned(Generic[Known]):
    """A text with the names in it, in order, not overlapping."""

    text: str
    words: list[tuple[int, int]]
    hits: list[Hit[Known]]


def gathered(names: Iterable[tuple[str, Known]]) -> dict[str, tuple[Known, ...]]:
    """What each name may stand for by its squashed form: names as declared, with one thing that
    they stand for; one name may come several times."""
    found: dict[str, list[Known]] = {}
    for name, known in names:
        squashed = squash(name)
        if squashed:
            found.setdefault(squashed, []).append(known)
    return {squashed: tuple(known) for squashed, known in found.items()}


class Names(Generic[Known]):
    """Declared names, each with what it stands for."""

    def __init__(self, names: Mapping[str, Known]) -> None:
        """`names`: what each may stand for, by its squashed form (see `gathered`)."""
        self._whole = dict(names)
        self._genitive = {
            squashed + "s": known
            for squashed, known in self._whole.items()
            if squashed[-1].isalpha() and squashed[-1] != "s"
        }
        self._alone = self._whole.keys() | self._genitive.keys()
        self._begun = {
            squashed[:n]
            for squashed in (*self._whole, *self._genitive)
            for n in range(1, len(squashed) + 1)
        }

    def scan(self, text: str) -> Scanned[Known]:
        """The longest names in `text`, from left to right.

        A name has a capital or a digit in one of its words other than articles and prepositions;
        where it is one word, at its beginning. Words of one name are parted by a blank, hyphen or
        slash only, or by one or two function words.
        """
        spans, keys = _parted(text)
        hits: list[Hit[Known]] = []
        alone, last = self._alone, -1
        # few words begin any name: the others are passed over without a step of the loop
        for at in compress(range(len(spans)), map(self._begun.__contains__, keys)):
            said = keys[at]
            if at > last and (said in alone or self._goes_on(said, keys[at + 1])):
                hit = self._longest(text, spans, keys, at)
                if hit is not None and said in ARTICLES:
                    # "de Spoorzone Zwolle" is the longer name, though "De Spoorzone" begins first
                    inner = self._longest(text, spans, keys, at + 1)
                    hit = inner if inner is not None and inner.last > hit.last else hit
                if hit is not None:
                    hits.append(hit)
                    last = hit.last
        return Scanned(text, spans, hits)

    def _goes_on(self, said: str, following: str) -> bool:
        """Whether two words may begin a name: most that might do by the first do not."""
        return (
            said + following in self._begun
            or following in FUNCTION_WORDS
            or len(said) == 1
            or len(following) == 1
        )

    def _longest(
        self, text: str, spans: list[tuple[int, int]], keys: list[str], first: int
    ) -> Hit[Known] | None:
        """The longest name that begins with word `first`."""
        found: Hit[Known] | None = None
        said, at, skipped, bridged = keys[first], first, 0, False
        named = _is_name(text, spans[first], keys[first])
        start = spans[first][0]
        while True:
            known = self._whole.get(said) or self._genitive.get(said)
            # "een spoorzone in Zwolle" is a description: what is bridged begins as a name does
            proper = (at > first and not bridged) or _begins_name(text[start])
            if known and named and proper and not skipped:
                found = Hit(first, at, start, spans[at][1], known, said not in self._whole)
            at += 1
            if at >= len(spans):
                break
            between = text[spans[at - 1][1] : spans[at][0]]
            if between not in _WITHIN:
                break
            joint = "/" if "/" in between else ""
            if joint and not (len(said) == 1 or len(keys[at]) == 1):
                joint = ""
            longer = said + joint + keys[at]
            if longer in self._begun:
                bridged = bridged or skipped > 0
                said, skipped = longer, 0
                named = named or _is_name(text, spans[at], keys[at])
            elif keys[at] in FUNCTION_WORDS and between == " " and skipped < 2:
                skipped += 1
            else:
                break
        return found


def _begins_name(letter: str) -> bool:
    return letter.isupper() or letter.isdigit()


def _is_name(text: str, span: tuple[int, int], said: str) -> bool:
    """Whether a word is written as (part of) a name."""
    if said in FUNCTION_WORDS:
        return False
    word = text[span[0] : span[1]]
    return not (word.islower() and word.isalpha())
