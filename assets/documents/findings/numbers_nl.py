"""Numbers as Dutch documents write them: a dot between groups of three, a comma before decimals.

Strict on purpose: `14.5` is decimals the English way and `-152.746.405-168.145.691` is a row of
cells that ran together; a reader that made something of these would invent money.
"""

from __future__ import annotations

import re

NUMBER_WORDS: dict[str, int] = {
    "nul": 0,
    "een": 1,
    "één": 1,
    "twee": 2,
    "drie": 3,
    "vier": 4,
    "vijf": 5,
    "zes": 6,
    "zeven": 7,
    "acht": 8,
    "negen": 9,
    "tien": 10,
    "elf": 11,
    "twaalf": 12,
    "twintig": 20,
}
"""Numbers that are written as words."""

NUMBER = r"(?:[1-9][0-9]{0,2}(?:\.[0-9]{3})+|0|[1-9][0-9]{0,14})(?:,[0-9]{1,6})?"
"""Regular expression of one number without its sign; what stands around it is for the user."""

_WHOLE = re.compile(NUMBER)
_MINUS = "-−–"
_LONGEST = 40
"""Characters beyond which a text is no number."""


def parse(text: str) -> float | None:
    """The number that `text`, as a whole, is in Dutch; None where it is none.

    `63.274` is 63274, `1.550,5` is 1550.5, `(1.234)` and `-1.234` are negative; number words up to
    twelve, and `twintig`, are read too. A dash alone stands for nothing and is None, not 0.
    """
    if len(text) > _LONGEST:
        return None
    said = text.strip()
    word = NUMBER_WORDS.get(said.casefold())
    if word is not None:
        return float(word)
    sign = 1.0
    if said.startswith("(") and said.endswith(")"):
        said, sign = said[1:-1].strip(), -1.0
    elif said[:1] and said[0] in _MINUS:
        said, sign = said[1:].lstrip(), -1.0
    elif said.startswith("+"):
        said = said[1:].lstrip()
    if not _WHOLE.fullmatch(said):
        return None
    value = float(said.replace(".", "").replace(",", "."))
    return sign * value if value else 0.0
