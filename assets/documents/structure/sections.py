"""Parts the pages of one document into sections with paths, and says which performances they are of.

What a line is, `page_lines` and `headings` say; which titles open a performance, `openings`. Here
they are walked in order: a heading opens a section, and what follows is its text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

from assets.documents.blocks import CUT_OFF, Block
from assets.documents.records import Outline, Parsed, Role, Section, Unread
from assets.documents.structure import headings, openings
from assets.documents.structure.page_lines import Line, field_label, heading_label, lines_of
from assets.documents.structure.page_stamps import Stamps
from assets.documents.structure.tree import Tree
from assets.documents.wordings import Wordings

PARTED = " > "
INTRO = "intro"
"""Path of the text of a first page that stands above any heading."""
_IN_PATH = 120
"""Characters of a heading that go into the path of what is below it: paths stay short."""
_NAVIGATION_LENGTH = 80
"""Characters up to which a line above the title of a performance can be part of a menu."""
_CLOSING = " \n\t\"'’”)]"


UNKNOWN_PERFORMANCE = (
    "a performance without number or title to know it by; name the file as its address ends "
    "(5-1-2-title.txt) and drop it again"
)


@dataclass
class _Open:
    """A section that is being filled."""

    path: tuple[str, ...]
    heading: str
    role: Role
    code: str | None
    level: int = 0
    lines: list[Line] = field(default_factory=list)
    marked: bool = True
    """Whether it has a heading, so that it is a section even without a text."""


class _Walk:
    """Walks the lines of one page after another; sections gather in `sections`."""

    def __init__(self, wordings: Wordings, first: int) -> None:
        self.wordings = wordings
        self._first = first
        self.sections: list[Section] = []
        self.unread: list[Unread] = []
        self.outlines: dict[str, Outline] = {}
        self.tree = Tree()
        self.titles: list[str] = []
        self._times: dict[str, int] = {}
        self._paths: set[str] = set()

    def page(self, number: int, address: str | None, lines: Sequence[Line]) -> None:
        """Read one page."""
        self._number, self._address = number, address
        found = openings.find(lines, address, self.wordings)
        self._note_title(lines, found)
        top = None if found.opened else openings.title_of_page(lines, self._address, self.wordings)
        prefix = () if number == self._first else (self.titles[-1][:_IN_PATH] or f"page {number}",)
        self._base, self._outside = prefix, prefix
        self._code: str | None = None
        self._known: _Open | None = None
        self._roles: set[str] = set()
        self._open = _Open(prefix or (INTRO,), "", "intro", None, marked=False)
        first = min(found.opened, default=0)
        for place, line in enumerate(lines):
            if place in found.named:
                self.tree.name(found.named[place], lines, place)
            if place in found.opened:
                self._begin(found.opened[place], line)
                if found.opened[place].has_line:
                    continue
            elif self._is_beside(place, line, found, first, top):
                continue
            elif place in found.listed_only and self._code is not None:
                # The list goes on: what follows is not of the performance before it.
                self._code, self._known = None, None
                self._start(prefix or (INTRO,), "", "goal_tree", 0)
                self._open.marked = False
            self._line(lines, place, line, in_list=place in found.named)
        self._close()
        if found.untitled is not None:
            self.unread.append(Unread(openings.UNNUMBERED, found.untitled, UNKNOWN_PERFORMANCE))

    def _note_title(self, lines: Sequence[Line], found: openings.Openings) -> None:
        place = openings.title_of_page(lines, self._address, self.wordings)
        opened = list(found.opened.items())
        if len(opened) == 1:
            at, opening = opened[0]
            self.titles.append(lines[at].text if opening.has_line else opening.title)
        else:
            project = headings.project_of_address(self._address) or ""
            self.titles.append(
                lines[place].text if place is not None else project.replace("-", " ")
            )

    def _is_beside(
        self, place: int, line: Line, found: openings.Openings, first: int, top: int | None
    ) -> bool:
        """Whether a line is no text: part of a menu, or the title of the page."""
        if place in found.menu:
            return True
        if place < first:
            # What is marked as a heading has a text below it, or is the name of the site.
            nameless = line.level > 0 and place + 1 in found.opened
            if nameless or (not line.marked and self._is_menu(line)):
                return True
        return place == top and not self._is_above(line)

    # -- what a line is ----------------------------------------------------------------------
    def _is_menu(self, line: Line) -> bool:
        """Whether a line above the title of a performance is part of the site, not of the text."""
        if headings.has_amount(line.text) or self._is_above(line):
            return False
        if heading_label(line.text, self.wordings) and not line.is_listed:
            return False
        short = len(line.text) <= _NAVIGATION_LENGTH
        return short and (line.is_listed or not line.text.endswith((".", "!", "…")))

    def _is_above(self, line: Line) -> bool:
        """Whether a line is the heading of a task or goal."""
        if line.is_listed:
            return False
        stands = line.marked or line.apart
        return bool(
            (headings.task_title(line.text, marked=line.marked))
            or (stands and headings.goal_title(line.text, marked=line.marked))
        )

    def _line(self, lines: Sequence[Line], place: int, line: Line, *, in_list: bool) -> None:
        text = line.text
        if self._is_above(line) and not (in_list and not line.marked):
            self.tree.above(text, marked=line.marked)
            self._code, self._known = None, None
            self._outside = (*self._base, text[:_IN_PATH])
            self._start(self._outside, text, "intro", line.level)
            return
        self.tree.look(line, in_tree=self._open.role == "goal_tree")
        if self._code is not None:
            same = headings.performance_title(text, marked=line.marked)
            if same and same[0] == self._code and not line.is_listed and not self._open.lines:
                return
        label = heading_label(text, self.wordings)
        if label and line.is_listed and label.means != "goal_tree":
            label = None
        in_basics = self._open.role in ("basics", "milestones") and self._code is not None
        if in_basics and field_label(text, self.wordings):
            label = None
        elif label:
            self._known_heading(line, cast(Role, label.means))
            return
        elif self._is_unknown_heading(lines, place, line, in_basics):
            self._unknown_heading(line)
            return
        if in_basics and self._leads_elsewhere(line):
            return
        self._open.lines.append(line)

    def _is_unknown_heading(
        self, lines: Sequence[Line], place: int, line: Line, in_basics: bool
    ) -> bool:
        if line.is_listed:
            return False
        if line.marked:
            # In the basics a marked `Label:` is a label: `fields` finds out whether it is known.
            return not (in_basics and line.text.endswith((":", "?")))
        if self._code is not None or not line.apart or not headings.reads_as_heading(line.text):
            return False
        if self._open.role == "goal_tree":
            return False
        below = lines[place + 1] if place + 1 < len(lines) else None
        if below is None or below.marked:
            return False
        return below.is_listed or (
            len(below.text) > len(line.text)
            and below.text.endswith((".", ":", "?", "!", "…", "’", "”"))
        )

    def _leads_elsewhere(self, line: Line) -> bool:
        """Whether an item is only a link to another page of the site, as in a menu or a foot."""
        return (
            line.is_item
            and bool(line.links)
            and all(headings.of_address(link) is not None for link in line.links)
        )

    # -- opening and closing -----------------------------------------------------------------
    def _begin(self, opening: openings.Opening, line: Line) -> None:
        self._code, self._known, self._roles = opening.code, None, set()
        heading = line.text if opening.has_line else ""
        self._start((opening.code,), heading, "intro", line.level)
        if opening.code not in self.outlines:
            self.outlines[opening.code] = Outline(opening.code, opening.title)

    def _known_heading(self, line: Line, role: Role) -> None:
        heading, here = line.text, line.text[:_IN_PATH]
        if self._code is None or role == "goal_tree":
            if role == "goal_tree":
                self._code = None
            self._start((*self._outside, here), heading, role, line.level)
            return
        finance = self._known if self._known and self._known.role == "finance" else None
        below = role == "progress" and finance is not None and self._is_below(line, finance)
        if below and finance is not None:
            self._start((*finance.path, here), heading, "finance", line.level)
            return
        self._start((self._code, here), heading, role, line.level)
        self._known = self._open
        self._roles.add(role)

    def _is_below(self, line: Line, finance: _Open) -> bool:
        """Whether an explanation of progress after the finances explains those: by the markup, or
        because the progress itself has been told already, or nothing else is said of finance."""
        if line.level and finance.level and line.level != finance.level:
            return line.level > finance.level
        return "progress" in self._roles or not finance.lines

    def _unknown_heading(self, line: Line) -> None:
        here = line.text[:_IN_PATH]
        if self._code is None:
            self._start((*self._outside, here), line.text, "other", line.level)
            return
        known = self._known
        if known and line.level and known.level and line.level > known.level:
            self._start((*known.path, here), line.text, known.role, line.level)
            return
        self._start((self._code, here), line.text, "other", line.level)
        self._known = None

    def _start(self, path: tuple[str, ...], heading: str, role: Role, level: int) -> None:
        self._close()
        self._open = _Open(path, heading, role, self._code, level)

    def _close(self) -> None:
        opened = self._open
        text = joined(opened.lines)
        if not text and not opened.marked:
            return
        role = opened.role
        if role == "intro" and opened.code and opened.lines and opened.lines[0].text[:3] == "1. ":
            # Lists of performances since 2023 have the actions directly below the title.
            role = "actions"
        self.sections.append(
            Section(
                position=len(self.sections) + 1,
                path=self._unique(PARTED.join(opened.path)),
                heading=opened.heading,
                role=role,
                code=opened.code,
                text=text,
                truncated=text.rstrip(_CLOSING).endswith(CUT_OFF),
                page=self._number,
                url=self._address,
                links=tuple(dict.fromkeys(link for line in opened.lines for link in line.links)),
            )
        )

    def _unique(self, path: str) -> str:
        chosen = path
        while chosen in self._paths:
            self._times[path] = self._times.get(path, 1) + 1
            chosen = f"{path} [{self._times[path]}]"
        self._paths.add(chosen)
        return chosen


def joined(lines: Sequence[Line]) -> str:
    """Lines as the text of a section: items and rows of one list, and lines that stand close, are
    parted by a line break, all else by an empty line."""
    said: list[str] = []
    before: Line | None = None
    for line in lines:
        if before is not None:
            together = (before.is_item and line.is_item) or (before.is_row and line.is_row)
            said.append("\n" if together or not line.gap else "\n\n")
        said.append(line.text)
        before = line
    return "".join(said)


def parse(pages: Sequence[tuple[int, str | None, Sequence[Block]]], wordings: Wordings) -> Parsed:
    """The sections, performances and stamps of one document.

    `pages` are numbered, with the address of each (or, where that is unknown, the name of its
    file, if it is made from the address) and its blocks. Marked-up pages and the same pages saved
    as plain text give the same sections; only headings inside the sections of a performance that
    nobody has declared are seen where the markup or the site announces them, and else stay text.
    """
    stamps, walk = Stamps(), _Walk(wordings, pages[0][0] if pages else 1)
    counts: list[int] = []
    for number, address, blocks in pages:
        read = lines_of(blocks, wordings, stamps)
        counts += [n for n in (headings.stated_count(x.text) for x in read.kept) if n is not None]
        if read.kept:
            walk.page(number, address, _without_double_head(read.kept))
        if read.foot:
            told = "\n".join(read.foot)[:300]
            walk.unread.append(Unread(f"page {number}", told, "stands in the foot of the page"))
    walk.unread += [Unread("stamps", text[:300], reason) for text, reason in stamps.refused]
    outlines = [walk.tree.placed(outline) for outline in walk.outlines.values()]
    return Parsed(
        title=next((title for title in walk.titles if title), ""),
        sections=tuple(walk.sections),
        performances=tuple(outlines),
        listed=tuple(walk.tree.listed()),
        # Lists that are filtered state how many are left; the whole list has most.
        stated_count=max(counts, default=None),
        published_on=stamps.published_on,
        built_at=stamps.built_at,
        exported_at=stamps.exported_at,
        unread=tuple(walk.unread),
    )


def _without_double_head(lines: list[Line]) -> list[Line]:
    """The lines without a head that is shown twice, above the title and again below it, as sites of
    the second generation do with the figures of a programme."""
    for size in range(1, min(12, len(lines) // 2) + 1):
        # The head, the title, and the head again: only then nothing is lost.
        head = [line.text for line in lines[:size]]
        if head == [line.text for line in lines[size + 1 : 2 * size + 1]]:
            return lines[size:]
    return lines
