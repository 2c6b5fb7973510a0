"""The lines of one page that have something to say, alike for marked-up pages and plain text.

Navigation, stamps and the foot of the page are taken off here; what remains knows whether it
stands apart, is an item, or was announced as a heading.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from assets.catalogue.document_models import Label
from assets.documents.blocks import Block
from assets.documents.structure import clutter, headings
from assets.documents.structure.page_stamps import Stamps, waits_for_date
from assets.documents.wordings import Wordings, fold

_LONG = 150
"""Characters from which a line is prose, so that what stands above it is not the foot."""
_MARKED_LENGTH = 300
"""Characters beyond which a marked heading is read as text: nobody writes such a heading."""
_LABEL_LENGTH = 120
"""Characters beyond which a line is no label of a field."""


@dataclass(slots=True)
class Line:
    """One line of a page."""

    text: str
    is_item: bool
    is_row: bool
    level: int
    """Of a marked heading, from 1; 0 where the markup does not say that it is one."""
    gap: bool
    apart: bool
    """Whether it stands apart from the lines before and after."""
    announced: bool
    """Whether the site announces it as a heading (`Terug naar navigatie - ...`)."""
    links: tuple[str, ...]

    @property
    def marked(self) -> bool:
        """Whether the page itself says that it is a heading."""
        return self.level > 0 or self.announced

    @property
    def is_listed(self) -> bool:
        """Whether it is part of a list or a table."""
        return self.is_item or self.is_row


@dataclass
class Lines:
    """The lines of one page, and what was taken off."""

    kept: list[Line] = field(default_factory=list)
    foot: list[str] = field(default_factory=list)
    """Lines below the mark at which the foot of the page begins, navigation aside."""


def heading_label(text: str, wordings: Wordings) -> Label | None:
    """The declared heading that a whole line is; None where it is none."""
    if len(text) > headings.HEADING_LENGTH or text.endswith((".", ",", ";")):
        return None
    return wordings.find("heading", headings.without_count_or_year(text))


def field_label(text: str, wordings: Wordings) -> Label | None:
    """The declared label of a field that a whole line is; None where it is none."""
    if len(text) > _LABEL_LENGTH or text.endswith((".", ",", ";")):
        return None
    return wordings.find("field", text)


def lines_of(blocks: Sequence[Block], wordings: Wordings, stamps: Stamps) -> Lines:
    """The lines of a page in order; what it says of its own making goes to `stamps`."""
    announced = _announcements(blocks)
    last = _last_known(blocks, wordings)
    read = Lines()
    in_foot = False
    gap = False
    waiting = ""
    for place, block in enumerate(blocks):
        gap = gap or block.gap
        text = block.text.strip(" \n")
        if not text.strip() or clutter.announced(text) is not None:
            continue
        if waiting:
            dated, waiting = f"{waiting.rstrip(' :')}: {text}", ""
            if stamps.take(dated):
                continue
        if waits_for_date(text):
            waiting = text
            continue
        if stamps.take(text):
            gap = True
            continue
        if place not in announced and clutter.is_navigation(headings.without_marker(text)):
            in_foot = in_foot or (place > last and clutter.begins_foot(text))
            gap = True
            continue
        if in_foot:
            read.foot.append(text)
            continue
        line = _line(block, text, gap, place in announced)
        gap = False
        if not _is_doubled(read.kept, line):
            read.kept.append(line)
    for place, line in enumerate(read.kept):
        line.apart = line.gap and (place + 1 == len(read.kept) or read.kept[place + 1].gap)
    return read


def _line(block: Block, text: str, gap: bool, announced: bool) -> Line:
    bare = headings.without_marker(text)
    unmarked = block.kind in ("line", "paragraph")
    is_item = block.kind == "item" or (unmarked and (bare != text or headings.is_numbered(text)))
    level = block.level if block.kind == "heading" and len(text) <= _MARKED_LENGTH else 0
    if block.kind == "heading" and not block.level and level == 0 and len(text) <= _MARKED_LENGTH:
        level = 1
    return Line(
        text=bare if is_item else text,
        is_item=is_item and not announced,
        is_row=block.kind == "row",
        level=level,
        gap=gap or level > 0,
        apart=False,
        announced=announced,
        links=block.links,
    )


def _is_doubled(kept: list[Line], line: Line) -> bool:
    """Whether a line repeats the line before it, as pages do with their titles."""
    if not kept or line.is_listed or len(line.text) > headings.TITLE_LENGTH:
        return False
    before = kept[-1]
    if fold(before.text) != fold(line.text) or before.is_row:
        return False
    named = headings.performance_title(line.text) or headings.task_title(line.text)
    first = len(kept) == 1
    if not (named or first or line.marked or before.marked):
        return False
    if line.marked and not before.marked:
        kept[-1] = replace(line, gap=before.gap or line.gap)
    return True


def _announcements(blocks: Sequence[Block]) -> set[int]:
    """Places of the blocks that stand directly before or after an announcement of their words."""
    found = set()
    for place, block in enumerate(blocks):
        name = clutter.announced(block.text.strip())
        if name is None:
            continue
        for beside in (place - 1, place + 1):
            if 0 <= beside < len(blocks) and len(blocks[beside].text) <= _MARKED_LENGTH:
                bare = headings.without_marker(blocks[beside].text.strip())
                if fold(bare) == fold(name):
                    found.add(beside)
    return found


def _last_known(blocks: Sequence[Block], wordings: Wordings) -> int:
    """Place of the last block that surely belongs to the page itself; -1 where none does."""
    for place in range(len(blocks) - 1, -1, -1):
        text = blocks[place].text.strip()
        if (
            len(text) >= _LONG
            or headings.performance_title(text)
            or heading_label(text, wordings)
            or field_label(text, wordings)
            or clutter.announced(text) is not None
        ):
            return place
    return -1
