"""Plain text, as saved from a browser, as blocks: a line each, and a row where tabs part cells."""

from __future__ import annotations

from assets.documents.blocks import CELL, Block, Unreadable
from assets.documents.formats.decoding import normalise

MAX_LINE = 200_000
"""Characters of one line. The longest paragraph of a real document has a few thousand; a line of
this size is data, or an attack."""
MAX_LINES = 250_000
MAX_BLOCKS = 50_000
"""Lines of one file with words in them: five annual reports of 350 pages have fewer."""


def read(text: str) -> tuple[Block, ...]:
    """The lines of `text` that have words, in order; numbers and bullets of lists stay in them.

    A title that stands doubled at the top counts once. Raises Unreadable for a line or a number
    of lines beyond all measure.
    """
    text = normalise(text)
    if text.count("\n") > MAX_LINES:
        raise Unreadable(
            f"expected at most {MAX_LINES:,} lines, empty ones included, came {text.count(chr(10)):,}; "
            "save the page as text again"
        )
    lines = text.split("\n")
    made: list[Block] = []
    table = 0
    gap = True
    for place, line in enumerate(lines):
        if len(line) > MAX_LINE:
            raise Unreadable(
                f"expected lines of at most {MAX_LINE:,} characters, line {place + 1} has "
                f"{len(line):,}; save the page as text again, or split the line"
            )
        cells = _cells(line, lines[place - 1] if place else "", lines[place + 1 : place + 2])
        if not cells:
            gap = True
            continue
        if len(cells) == 1:
            block = Block("line", cells[0], gap=gap)
        else:
            goes_on = made and made[-1].kind == "row" and not gap
            table += 0 if goes_on else 1
            block = Block("row", CELL.join(cells), level=table, gap=gap)
        gap = False
        if len(made) == 1 and block.text == made[0].text and block.kind == "line":
            # Browsers save the name of a page above its heading, which is often the same.
            gap = True
            continue
        made.append(block)
        if len(made) > MAX_BLOCKS:
            raise Unreadable(
                f"expected at most {MAX_BLOCKS:,} lines, there are more; "
                "split the file into the documents that it holds"
            )
    return tuple(made)


def _cells(line: str, before: str, after: list[str]) -> list[str]:
    """The cells of a line; none of an empty one, one of a line without tabs in it.

    A tab in front is an indent, except in a table whose first column has an empty cell here:
    without it all cells of the row would stand under the heading of another column.
    """
    words = [" ".join(cell.split()) for cell in line.strip("\t ").split("\t")]
    if words == [""]:
        return []
    if len(words) > 1 and line.startswith("\t"):
        beside = [
            other.count("\t") + 1 for other in (before, *after) if other[:1] not in ("", "\t")
        ]
        if line.rstrip(" \t").count("\t") + 1 in beside:
            return [""] * (len(line) - len(line.lstrip("\t"))) + words
    return words
