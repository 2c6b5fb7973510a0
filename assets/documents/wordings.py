"""Recognises what a publisher writes as one of the declared wordings, whatever its spelling.

Capitals, accents, doubled blanks, blanks around a slash and a closing colon or question mark
make no difference, nor do letters that came through a wrong charset: they are read as what they
were for the comparison only.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from assets.catalogue.document_models import Label

MOJIBAKE = {
    "ƫ": "ë",
    "Ă«": "ë",
    "Ã«": "ë",
    "Ã©": "é",
    "Ã¨": "è",
    "Ã¯": "ï",
    "Ã¶": "ö",
    "Ã¼": "ü",
    "â€˜": "‘",
    "â€™": "’",
    "â€œ": "“",
    "â€": "”",
    "â‚¬": "€",
    "Â ": " ",
    "ï¿½": "�",
}
"""Sequences seen where text was read in a wrong charset, and what they were."""
_GARBLED = re.compile("|".join(map(re.escape, sorted(MOJIBAKE, key=len, reverse=True))))
_LONGEST = 300
"""Characters beyond which a text is no label; also what keeps a comparison cheap."""


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """`text` as it is compared."""
    # Most texts are ASCII, where capitals and blanks are all that differs.
    words = " ".join((text.lower() if text.isascii() else _plain(text)).split())
    return words.replace(" /", "/").replace("/ ", "/").rstrip(" :?.")


def _plain(text: str) -> str:
    said = _GARBLED.sub(lambda found: MOJIBAKE[found[0]], text)
    plain = unicodedata.normalize("NFKD", said).casefold()
    letters = "".join([c for c in plain if c.isascii() or not unicodedata.combining(c)])
    return letters.replace("’", "'").replace("‘", "'")


def _stands_between(said: str, before: str, after: str) -> bool:
    """Whether `said` is `before`, any words, `after`; all folded, and cut between words only."""
    if len(said) < len(before) + len(after):
        return False
    rest = said[len(before) : len(said) - len(after)] if after else said[len(before) :]
    opens = not before or (said.startswith(before) and rest[:1] in ("", " "))
    closes = not after or (said.endswith(after) and rest[-1:] in ("", " "))
    return opens and closes


class Wordings:
    """All declared labels, to be looked up by kind and wording."""

    def __init__(self, labels: Iterable[Label]) -> None:
        self._whole: dict[tuple[str, str], Label] = {}
        self._open: dict[str, list[tuple[str, str, Label]]] = {}
        for label in labels:
            for wording in label.wordings:
                if "*" in wording.text:
                    before, _, after = wording.text.partition("*")
                    self._open.setdefault(label.kind, []).append((fold(before), fold(after), label))
                else:
                    self._whole.setdefault((label.kind, fold(wording.text)), label)
        for openings in self._open.values():
            # The wording that says most is the one that is meant.
            openings.sort(key=lambda opening: -len(opening[0]) - len(opening[1]))
        self._of: dict[str, list[tuple[str, Label]]] = {}
        for (kind, text), label in self._whole.items():
            self._of.setdefault(kind, []).append((text, label))
        for pairs in self._of.values():
            pairs.sort(key=lambda pair: (-len(pair[0]), pair[0]))

    def find(self, kind: str, text: str) -> Label | None:
        """The label of `kind` that `text`, as a whole, is a wording of; None where it is none."""
        if len(text) > _LONGEST:
            return None
        said = fold(text)
        exact = self._whole.get((kind, said))
        if exact:
            return exact
        for before, after, label in self._open.get(kind, ()):
            if _stands_between(said, before, after):
                return label
        return None

    def open_part(self, kind: str, text: str) -> str | None:
        """The words of `text`, as written, for which the `*` of its wording stands; None where no
        wording with a `*` fits, or nothing stands for it."""
        if len(text) > _LONGEST or (kind, fold(text)) in self._whole:
            return None
        said = fold(text)
        for before, after, _ in self._open.get(kind, ()):
            if _stands_between(said, before, after):
                words = text.split()
                kept = words[len(before.split()) : len(words) - len(after.split())]
                return " ".join(kept).rstrip(" :?") or None
        return None

    def of(self, kind: str) -> list[tuple[str, Label]]:
        """Every whole wording of `kind`, folded, longest first: for looking inside a sentence.
        The list is shared: not to be changed."""
        return self._of.get(kind, [])
