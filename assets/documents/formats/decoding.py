"""From bytes to text: which charset, what of the characters is kept, and what looks garbled.

Nothing is repaired: text that was once read in a wrong charset is counted and left as it is.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from assets.documents.blocks import CharsetFrom
from assets.documents.wordings import MOJIBAKE

META_WITHIN = 4096
"""Bytes in which a page must name its charset; browsers look no further than 1,024."""
GUESS = "windows-1252"
"""What Dutch text is that is not UTF-8 and does not say what it is."""
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""Of UTF-32 before UTF-16: the one begins with the other."""
_TEXT = re.compile(
    r"(?:utf-(?:8|16|32)(?:-[lb]e)?|windows-125[0-8]|iso-8859-(?:[1-9]|1[0-6])|macintosh|cp850)"
)
"""Charsets that a publisher may declare. UTF-7, and codecs that are no charsets, are not."""
_LATIN = frozenset({"iso-8859-1", "latin-1", "latin1", "l1", "ascii", "us-ascii", "cp1252"})
"""Declared by who means windows-1252, as browsers know."""
_META = re.compile(
    rb"<meta\b[^>]{0,400}?charset\s{0,9}=\s{0,9}[\"']?\s{0,9}([\w.:-]{1,40})", re.IGNORECASE
)
_HEADER = re.compile(r"charset\s{0,9}=\s{0,9}[\"']?([\w.:-]{1,40})", re.IGNORECASE)

_BREAKS = re.compile("\r\n|[\r\v\x85\u2028\u2029]")
_BLANKS = re.compile("[\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_NOTHING = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffc"
    "\ufffe\uffff\U000e0000-\U000e007f]"
)
"""Control characters, soft hyphens, and what takes no room: a reader of the page sees none of it."""

_UNUSUAL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\xa0\xad\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000"
    "\ufeff\ufff9-\ufffc\ufffe\uffff\U000e0000-\U000e007f]"
)
"""Whatever the three above are for."""

_TRAILING = "".join(bytes([byte]).decode("cp1252", "ignore") for byte in range(0x80, 0xC0))
"""What the later bytes of a UTF-8 character are in windows-1252."""


def _garbled() -> re.Pattern[str]:
    """Matches what the table of wrongly read sequences has, and its like."""
    special = {"ƫ": r"(?<=[^\W\d_])ƫ", "Â ": "Â[ \xa0]"}
    trailing = f"[{re.escape(_TRAILING)}]"
    listed = [special.get(s) or re.escape(s) for s in sorted(MOJIBAKE, key=len, reverse=True)]
    return re.compile("|".join([f"â{trailing}{{2}}", *listed, f"[ÂÃ]{trailing}", "\ufffd"]))


_GARBLED = _garbled()
_MAYBE_GARBLED = re.compile("[" + "".join({sequence[0] for sequence in MOJIBAKE}) + "\ufffd]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, and in which charset it was read, on whose word."""

    text: str
    charset: str
    charset_from: CharsetFrom
    disregarded: tuple[str, ...] = ()
    """Charsets that were declared, and under which the bytes are invalid or that nobody knows."""


def decode(body: bytes, *, content_type: str | None = None, markup: bool = False) -> Decoded:
    """The text of `body`: by its byte order mark, else the charset in the HTTP `content_type`,
    else (of `markup`) that in a `<meta>` near the top, else UTF-8 where valid, else windows-1252.

    A charset under which the bytes are invalid is disregarded, and told. Never raises.
    """
    declared: list[tuple[str, CharsetFrom]] = []
    for mark, charset in _BOMS:
        if body.startswith(mark):
            declared.append((charset, "bom"))
            body = body[len(mark) :]
            break
    if said := _HEADER.search((content_type or "")[:1000]):
        declared.append((said[1], "http"))
    if markup and (found := _META.search(body[:META_WITHIN])):
        named = found[1].decode("ascii", "replace")
        # A page in UTF-16 could not have been read so far: browsers take this for UTF-8 as well.
        named = "utf-8" if named.lower().startswith(("utf-16", "utf-32")) else named
        declared.append((named, "meta"))
    disregarded: list[str] = []
    for name, source in (*declared, ("utf-8", "utf-8")):
        known = _charset(name)
        text = _decoded(body, known) if known else None
        if known and text is not None:
            return Decoded(text, known, source, tuple(disregarded))
        if source != "utf-8":
            disregarded.append(name)
    return Decoded(body.decode("cp1252", "replace"), GUESS, "guess", tuple(disregarded))


def _charset(name: str) -> str | None:
    """The charset that is declared as `name`; None for what is none, or not to be trusted."""
    low = name.strip().lower().replace("_", "-")
    if low in _LATIN:
        return GUESS
    if low == "utf8":
        return "utf-8"
    return low if _TEXT.fullmatch(low) else None


def _decoded(body: bytes, charset: str) -> str | None:
    if charset.startswith(("utf-16", "utf-32")) and b"\0" not in body:
        return None  # it would be Chinese from the first word to the last
    try:
        return body.decode(charset)
    except (UnicodeError, LookupError):
        return None


def normalise(text: str) -> str:
    """`text` with line feeds for all breaks (an empty line for a form feed), plain blanks, and
    without control characters, soft hyphens and characters of no width."""
    # Most texts are plain, and one look is cheaper than three.
    if _UNUSUAL.search(text):
        text = _BREAKS.sub("\n", text).replace("\f", "\n\n")
        text = _NOTHING.sub("", _BLANKS.sub(" ", text))
    return text


def in_one_line(text: str) -> str:
    """`text` without breaks or tabs, blanks collapsed, as a block has it."""
    return " ".join(normalise(text).split())


def mojibake(text: str) -> int:
    """How many places of `text` look like text that was once read in a wrong charset."""
    if text.isascii():
        return 0
    # Asked at the few signs that can begin one: the whole alternation at each character is dear.
    return sum(1 for at in _MAYBE_GARBLED.finditer(text) if _GARBLED.match(text, at.start()))
