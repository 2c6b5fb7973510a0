"""Recognises a performance by its own sentences, where its page gives neither number nor title.

A publisher repeats most of a performance's words from one document to the next. Runs of five words
that a page shares with the documents of one performance, and with hardly any other, say whose page
it is; where two are as near, or little is shared, none is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

RUN = 5
"""Words in a run: four words of officialese recur by chance, five seldom do."""
FEWEST, SHARE, AHEAD = 20, 0.25, 2.0
"""Runs that must be shared, the share of the page's runs that they must be, and how many times as
many as with the next performance."""
_WORD = re.compile(r"[^\W\d_]+")


def runs(texts: Iterable[str]) -> frozenset[int]:
    """Runs of words in `texts`, each by its hash; none runs over the end of a text."""
    found: set[int] = set()
    for text in texts:
        words = _WORD.findall(text.casefold())
        found.update(hash(tuple(words[n : n + RUN])) for n in range(len(words) - RUN + 1))
    return frozenset(found)


def most_like(page: frozenset[int], known: Mapping[str, frozenset[int]]) -> str | None:
    """The performance whose documents share most runs with `page`; None where that is not clear."""
    shared = sorted(((len(page & its), key) for key, its in known.items()), reverse=True)
    if not shared:
        return None
    best, key = shared[0]
    following = shared[1][0] if len(shared) > 1 else 0
    enough = best >= FEWEST and best >= SHARE * len(page)
    return key if enough and best >= AHEAD * max(following, 1) else None
