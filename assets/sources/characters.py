"""Bytes as text, where a file is not in one encoding from its first line to its last.

An extract is often the sum of what several systems wrote: a file in UTF-8 with fields in cp1252
in it. What is UTF-8 is read as that; a field that is not is read as cp1252, and told of.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

FIELD_END = re.compile(rb"[;,\t|\r\n]")
UNREADABLE = "\ufffd"
"""Stands where a byte is of neither encoding."""


@dataclass
class Seen:
    """What was seen of encodings in a file so far."""

    lines: int = 0
    """Lines with fields in cp1252."""
    beyond_ascii: bool = False
    """Whether characters beyond ASCII were found in UTF-8."""
    unreadable: int = 0
    """Characters that are of neither encoding."""

    @property
    def encoding(self) -> str:
        """The encoding of the file: cp1252 where nothing in it needed UTF-8."""
        return "cp1252" if self.lines and not self.beyond_ascii else "utf-8"


def as_utf8(block: bytes, seen: Seen) -> bytes:
    """`block`, whole lines, in UTF-8; what was seen is added to `seen`.

    A field is the unit: from its first byte that is not UTF-8 to its end it is read as cp1252.
    """
    try:
        text = block.decode()
    except UnicodeDecodeError:
        return _repaired(block, seen)
    seen.beyond_ascii |= len(text) < len(block)
    return block


def _repaired(block: bytes, seen: Seen) -> bytes:
    last_line = -2  # the first line has no newline before it, which is found at -1
    made: list[bytes] = []
    done = 0

    def to_the_end_of_the_field(error: UnicodeError) -> tuple[str, int]:
        nonlocal last_line, done
        assert isinstance(error, UnicodeDecodeError)
        found = FIELD_END.search(block, error.start)
        end = found.start() if found else len(block)
        line = block.rfind(b"\n", 0, error.start)
        seen.lines += line != last_line
        last_line = line
        text = block[error.start : end].decode("cp1252", "replace")
        seen.unreadable += text.count(UNREADABLE)
        made.extend((block[done : error.start], text.encode()))
        done = end
        return "", end

    codecs.register_error("field in cp1252", to_the_end_of_the_field)
    text = block.decode("utf-8", "field in cp1252")
    seen.beyond_ascii = seen.beyond_ascii or not text.isascii()
    return b"".join((*made, block[done:]))
