"""The text of a PDF as blocks, one a paragraph, read in a process of its own.

A PDF says where letters stand, not what belongs together: lines are joined to paragraphs where
their places show that they were broken for want of room, and left as they are elsewhere. Tables
are lines too: which number stands in which column cannot be known from them.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from assets.documents.blocks import Block, Unreadable
from assets.documents.formats import pdf_worker
from assets.documents.formats.decoding import in_one_line

MEGABYTES = 200
"""Memory of the reading process beside the file itself. A report of 350 pages takes 60."""
SECONDS = 0.8
"""Processor time for any file, however small: what a page of ten thousand signs takes tenfold."""
SECONDS_A_MEGABYTE = 8.0
"""Processor time for what is long: 350 full pages, half a megabyte at least,
take three seconds."""
MOST_SECONDS = 60.0
MAX_BLOCKS = 50_000
MAX_TEXT = 200_000
"""Characters of one paragraph."""
_ON_ALL = 0.4
"""Share of pages on which a line at the top or bottom repeats to be their header or footer:
left and right pages can have one each."""
_EDGE = 3
"""Lines that a header or footer has at most."""
_OPEN = 1.9
"""Heights of a letter that lie between a header and the text at least: without an open space
between, a line that repeats is text."""
_LONG_ENOUGH = 30
"""Characters of a line that may have been broken for want of room; shorter ones are labels and
cells."""
_NEXT_LINE = 1.55
"""Distance to the next line of a paragraph, at most, in heights of a letter with its room."""
_ENDS = re.compile(r"[.!?:;…][\"'”’)\]]?$")
_BEGINS_ANEW = re.compile(
    r"(?:[•●▪■–—*o-]|\d{1,3}[.)]|[a-zA-Z][.)])\s|\d{1,3}(?:\.\d{1,3}){1,3}\.?\s"
)
"""How an item of a list, or a numbered heading, begins."""
_NUMBER = re.compile(r"[€(+-]{0,3}\d[\d.,]{0,20}[%)]{0,2}")
_HYPHENATED = re.compile(r"[^\W\d_]-$")
_KEEPS_HYPHEN = re.compile(r"(?:en|of|tot|als|dan)\b")
"""What follows on a hyphen that stands for a part of a word: `woon- en werkgebied`."""
_DIGITS = re.compile(r"\d+")
_FROM_A_FILE = re.compile(r"^Microsoft |\.(?:docx?|indd|pdf|pptx?|xlsx?)$", re.IGNORECASE)

_REASONS = {
    "encrypted": "expected a PDF that can be read, this one asks for a password; "
    "drop a copy without one",
    "damaged": "expected a PDF, this one is damaged or cut off; fetch it again, or print it anew",
    "long": f"expected at most {pdf_worker.MAX_PAGES:,} pages and "
    f"{pdf_worker.MAX_CHARACTERS:,} characters in paragraphs of a usual length, it has more; "
    "drop it in parts",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page; places in points from the lower left corner."""

    text: str
    left: float
    right: float
    baseline: float
    height: float
    """Of the letters, with the room above and below."""
    bold: bool
    wide: bool
    """Whether it has a blank in it as wide as between columns."""

    @property
    def placed(self) -> bool:
        """Whether its place is known; on a page that is turned it is not."""
        return self.height > 0


def read(body: bytes) -> tuple[str | None, tuple[Block, ...]]:
    """The title that a PDF gives, and its paragraphs as blocks of kind `line`.

    Raises Unreadable for one that is encrypted, damaged, without text, or takes too much.
    """
    answer = _asked(body)
    pages = [[Line(*said) for said in page] for page in answer]
    if not any(pages):
        raise Unreadable(
            f"expected text, the {len(pages)} pages of this PDF have none: it is probably scanned; "
            "have the text recognised (OCR) and drop the result"
        )
    return answer.title, paragraphs(pages)


class _Answer(list[list[list[Any]]]):
    """Pages of lines, as the worker gives them."""

    title: str | None = None


def _asked(body: bytes) -> _Answer:
    """What the worker says of `body`. Raises Unreadable."""
    seconds = min(SECONDS + SECONDS_A_MEGABYTE * len(body) / 2**20, MOST_SECONDS)
    try:
        done = subprocess.run(  # noqa: S603 - our own program, without a shell
            [sys.executable, "-I", str(Path(pdf_worker.__file__)), str(seconds), str(MEGABYTES)],
            input=body,
            capture_output=True,
            check=False,
            # The clock of the processor is the bound; this is for what waits and does nothing.
            timeout=30 + 10 * seconds,
        )
    except subprocess.TimeoutExpired:
        raise _too_much(seconds) from None
    if done.returncode != 0:
        raise _too_much(seconds)
    said: dict[str, Any] = json.loads(done.stdout)
    if refused := said.get("refused"):
        raise Unreadable(_REASONS[refused])
    answer = _Answer(said["pages"])
    title = in_one_line(str(said["title"] or ""))[:1000]
    answer.title = title if title and not _FROM_A_FILE.search(title) else None
    return answer


def _too_much(seconds: float) -> Unreadable:
    return Unreadable(
        f"expected a PDF that can be read in {seconds:.1f} s of processor time and {MEGABYTES} MB, "
        "this one takes more or breaks the reader; print it to a new PDF, or save it as text"
    )


def paragraphs(pages: list[list[Line]]) -> tuple[Block, ...]:
    """The lines of all pages as paragraphs, without headers and footers that repeat.

    A line is joined to the one before where the place shows that it goes on: same letters, next
    line, and its first word would not have fitted there. Not after the end of a sentence or a
    label, not where a list item or a numbered heading begins, not in tables.
    """
    made: list[Block] = []
    words: list[str] = []
    margins = [_margins(page) for page in pages]
    usual = _usual(margins)
    before: Line | None = None
    margin_before = 0.0
    gap = True

    def finish() -> None:
        text = in_one_line("".join(words))
        words.clear()
        if text:
            made.append(Block("line", text, gap=gap))
        if len(made) > MAX_BLOCKS or len(text) > MAX_TEXT:
            raise Unreadable(_REASONS["long"])

    for page, its in zip(_without_edges(pages), margins, strict=True):
        first = True
        for line in page:
            margin = max(_reach(its, line), _reach(usual, line))
            if before and _goes_on(before, line, margin_before, turned_page=first):
                _join(words, line.text)
            else:
                finish()
                gap = before is None or first or _apart(before, line)
                words.append(line.text)
            before, margin_before, first = line, margin, False
    finish()
    return tuple(made)


def _join(words: list[str], text: str) -> None:
    broken = _HYPHENATED.search(words[-1]) and text[:1].islower()
    if broken and not _KEEPS_HYPHEN.match(text):
        words[-1] = words[-1][:-1]
    else:
        words.append(" ")
    words.append(text)


def _goes_on(before: Line, line: Line, margin: float, *, turned_page: bool) -> bool:
    """Whether `line` is the rest of what `before` began."""
    if not (before.placed and line.placed) or before.wide or line.wide:
        return False
    if abs(before.height - line.height) > 0.5 or before.bold != line.bold:
        return False
    if len(before.text) < _LONG_ENOUGH or _ENDS.search(before.text[-3:]):
        return False
    if _BEGINS_ANEW.match(line.text) or _ends_in_numbers(before.text):
        return False
    first_word = line.text.split(None, 1)[0]
    a_letter = (line.right - line.left) / len(line.text)
    if before.right + a_letter * (len(first_word) + 1) < margin - 1:
        return False
    down = before.baseline - line.baseline
    if turned_page or down < 0:  # the next page or column
        return line.text[0].islower()
    return down <= _NEXT_LINE * line.height and abs(before.left - line.left) < 3 * line.height


def _ends_in_numbers(text: str) -> bool:
    """Whether a line is one of a table: its last two words are numbers."""
    last = text[-60:].split()[-2:]
    return len(last) == 2 and all(_NUMBER.fullmatch(word) for word in last)


def _apart(before: Line, line: Line) -> bool:
    """Whether more than the usual room lies between two lines, or their letters differ."""
    if not (before.placed and line.placed):
        return False
    down = before.baseline - line.baseline
    differ = abs(before.height - line.height) > 0.5 or before.bold != line.bold
    return differ or down < -line.height or down > _NEXT_LINE * line.height


def _column(line: Line) -> int:
    """Lines that begin at about the same distance from the edge stand in one column."""
    return round(line.left / 60)


def _margins(page: list[Line]) -> dict[int, float]:
    """Of each column how far its lines reach to the right."""
    reach: dict[int, float] = {}
    for line in page:
        if line.placed and not line.wide:
            reach[_column(line)] = max(reach.get(_column(line), 0.0), line.right)
    return reach


def _reach(margins: dict[int, float], line: Line) -> float:
    """The margin of the column of `line`: lists and quotations begin further in."""
    here = _column(line)
    return max(margins.get(column, 0.0) for column in (here - 1, here, here + 1))


def _usual(margins: list[dict[int, float]]) -> dict[int, float]:
    """The margin that a column has on half of the pages, for pages with short lines only."""
    reaches: dict[int, list[float]] = {}
    for page in margins:
        for column, right in page.items():
            reaches.setdefault(column, []).append(right)
    return {column: median(rights) for column, rights in reaches.items()}


def _without_edges(pages: list[list[Line]]) -> list[list[Line]]:
    """Pages without the lines at top and bottom that repeat on most of them, numbers aside."""
    if len(pages) < 3:
        return pages
    edges = [_edges(page) for page in pages]
    seen = Counter(
        said
        for page, its in zip(pages, edges, strict=True)
        for said in {_same(page[i]) for i in its}
    )
    enough = max(3.0, _ON_ALL * len(pages))
    return [
        [line for place, line in enumerate(page) if place not in its or seen[_same(line)] < enough]
        for page, its in zip(pages, edges, strict=True)
    ]


def _edges(page: list[Line]) -> set[int]:
    """Places in `page` of the lines at its top and bottom that stand apart from the rest."""
    placed = (place for place, line in enumerate(page) if line.placed)
    order = sorted(placed, key=lambda place: -page[place].baseline)
    return _apart_at_the_start(page, order) | _apart_at_the_start(page, order[::-1])


def _apart_at_the_start(page: list[Line], order: list[int]) -> set[int]:
    """The first few places of `order` after which an open space comes."""
    for count in range(1, min(_EDGE, len(order) - 1) + 1):
        last, following = page[order[count - 1]], page[order[count]]
        if abs(last.baseline - following.baseline) > _OPEN * last.height:
            return set(order[:count])
    return set()


def _same(line: Line) -> str:
    """A line as it repeats: page numbers make no difference, the height on the page does."""
    return f"{round(line.baseline / 12)} {_DIGITS.sub('#', in_one_line(line.text))}"
