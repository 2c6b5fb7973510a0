"""Decides which lines of a page open a performance, and which only name one.

A title with nothing below it is an entry of a list or a menu. Where it is not certain that a title
has a text of its own, it does not get one: a text under the wrong number would be a wrong record.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from assets.documents.structure import headings
from assets.documents.structure.page_lines import Line, field_label, heading_label
from assets.documents.wordings import Wordings, fold

_PROSE = 100
"""Characters from which a line below a title is a text about it, not the next thing on a page."""


@dataclass(frozen=True, slots=True)
class Opening:
    """A performance that begins at a line."""

    code: str
    title: str
    has_line: bool
    """Whether the line is its title, or it begins without one."""


UNNUMBERED, UNTITLED = "zonder-nummer", "[zonder titel]"
"""Number and title of a performance whose page has neither."""


@dataclass
class Openings:
    """What the titles on a page turned out to be, by place of their line."""

    opened: dict[int, Opening] = field(default_factory=dict)
    named: dict[int, list[tuple[str, str]]] = field(default_factory=dict)
    """Lines of goal trees, site maps and lists: numbers and titles that they name."""
    listed_only: set[int] = field(default_factory=set)
    """Those of them that stand as a title of their own, without a text below it."""
    menu: set[int] = field(default_factory=set)
    """Titles of other pages, to go there."""
    untitled: str | None = None
    """The beginning of a page that is a performance's, without a number or title to know it by."""


def find(lines: Sequence[Line], address: str | None, wordings: Wordings) -> Openings:
    """The performances that the lines of one page open or name.

    The number in the page's address (sites of the first generation) goes before all else.
    """
    found = Openings()
    own = headings.of_address(address)
    titles = _titles(lines)
    tree = _tree_starts(lines, wordings)
    bodies = [] if own else _with_body(lines, titles, wordings)
    if own:
        bodies = [place for place in titles if titles[place][0] == own[0]][:1]
        if not bodies:
            _open_untitled(found, lines, own)
    for place in bodies:
        found.opened[place] = Opening(*titles[place], has_line=True)
    if not found.opened and not own:
        _open_unnumbered(found, lines, address, titles, wordings)
    goal: str | None = None
    for place, line in enumerate(lines):
        if not line.is_listed and (above := headings.goal_title(line.text, marked=line.marked)):
            goal = above[0]
        in_tree = tree is not None and place > tree
        # Below the heading of its goal a title belongs to the document's own list.
        if place in titles and goal == titles[place][0].rpartition(".")[0]:
            in_tree = True
        names = headings.listed(line.text) if in_tree or not found.opened else []
        if not names and place in titles:
            names = [titles[place]]
        if not names:
            continue
        if place in found.opened:
            if in_tree:
                found.named[place] = names
        elif in_tree or not found.opened:
            found.named[place] = names
            if place in titles and not _is_reference(lines, place):
                found.listed_only.add(place)
        elif place in titles and not _is_reference(lines, place):
            found.menu.add(place)
    return found


def _titles(lines: Sequence[Line]) -> dict[int, tuple[str, str]]:
    found = {}
    for place, line in enumerate(lines):
        if not line.is_listed:
            title = headings.performance_title(line.text, marked=line.marked)
            if title and len(headings.listed(line.text)) < 2:
                found[place] = title
    return found


def _tree_starts(lines: Sequence[Line], wordings: Wordings) -> int | None:
    """Place of the first heading of a goal tree or list of performances."""
    for place, line in enumerate(lines):
        label = heading_label(line.text, wordings)
        if label and label.means == "goal_tree":
            return place
    return None


def _is_reference(lines: Sequence[Line], place: int) -> bool:
    """Whether a title is what the line before it points to: `Zie ook:`."""
    before = lines[place - 1] if place else None
    if before is None or before.level:
        return False
    return (
        before.text.endswith(":")
        or fold(before.text[-60:]).endswith((" zie", " zie ook"))
        or (fold(before.text[:60]) in ("zie", "zie ook"))
    )


def _with_body(
    lines: Sequence[Line], titles: dict[int, tuple[str, str]], wordings: Wordings
) -> list[int]:
    """Places of the titles that have a text of their own."""
    found: list[int] = []
    run: set[str] = set()
    for place, (code, _) in titles.items():
        if place - 1 not in titles:
            run = set()
        below = lines[place + 1] if place + 1 < len(lines) else None
        if below is None or _is_reference(lines, place):
            run.add(code)
            continue
        if place + 1 in titles or _names_something(below):
            run.add(code)
            continue
        sure = (
            code in run
            or lines[place].marked
            or headings.is_numbered(below.text)
            or below.is_row
            or len(below.text) >= _PROSE
            or heading_label(below.text, wordings) is not None
            or field_label(below.text, wordings) is not None
        )
        if sure or not run:
            found.append(place)
            run = set()
        else:
            run.add(code)
    return found


def _names_something(line: Line) -> bool:
    """Whether a line is a heading above the level of performances, or names several."""
    if headings.stated_count(line.text) is not None or headings.listed(line.text):
        return True
    if headings.task_title(line.text):
        return True
    return bool(not line.is_listed and headings.goal_title(line.text, marked=line.marked))


def _open_untitled(found: Openings, lines: Sequence[Line], own: tuple[str, str]) -> None:
    """A page of which only the address has the number; its title may stand there without it."""
    code, said = own
    wanted = headings.slug(said)
    for place, line in enumerate(lines[:20]):
        here = headings.slug(line.text) if len(line.text) <= headings.TITLE_LENGTH else ""
        # Addresses are cut after some eighty characters.
        if here and (here == wanted or (len(wanted) >= 60 and here.startswith(wanted))):
            found.opened[place] = Opening(code, line.text, has_line=True)
            return
    if lines:
        found.opened[0] = Opening(code, said, has_line=False)


def _open_unnumbered(
    found: Openings,
    lines: Sequence[Line],
    address: str | None,
    titles: dict[int, tuple[str, str]],
    wordings: Wordings,
) -> None:
    """A page with the sections of a performance and a title, but no number anywhere; or, of texts
    saved without their head, not even a title."""
    labels = [heading_label(line.text, wordings) for line in lines if not line.is_listed]
    roles = {label.means for label in labels if label}
    project = headings.project_of_address(address)
    has_fields = any(field_label(line.text, wordings) for line in lines)
    of_project = project is not None and ("actions" in roles or has_fields)
    of_page = "basics" in roles and bool(roles & {"actions", "progress", "finance", "context"})
    bare = "actions" in roles and has_fields
    if titles or not (of_project or of_page or bare):
        return
    place = title_of_page(lines, address, wordings)
    if place is not None:
        text = lines[place].text
        if headings.goal_title(text, marked=True) or headings.task_title(text, marked=True):
            return
        code = project or headings.slug(text)
        if code:
            found.opened[place] = Opening(code, text, has_line=True)
    elif project:
        found.opened[0] = Opening(project, project.replace("-", " "), has_line=False)
    elif lines:
        found.untitled = lines[0].text[:200]
        found.opened[0] = Opening(UNNUMBERED, UNTITLED, has_line=False)


def title_of_page(lines: Sequence[Line], address: str | None, wordings: Wordings) -> int | None:
    """Place of the title of a page: among its first lines, the first that is marked as a heading or
    reads as one, and has no role of its own; None where a text begins without.

    The page of a project has its title in its address: no other line of it is the title.
    """
    project = headings.project_of_address(address)
    if project is not None:
        wanted = project.replace("-", "")
        said = [headings.slug(line.text[:300]).replace("-", "") for line in lines[:10]]
        return said.index(wanted) if wanted in said else None
    for place, line in enumerate(lines[:10]):
        if line.is_listed or headings.has_amount(line.text):
            continue
        known = heading_label(line.text, wordings)
        if (known and known.means != "goal_tree") or field_label(line.text, wordings):
            return None
        if line.marked or headings.performance_title(line.text) or headings.task_title(line.text):
            return place
        reads = headings.reads_as_heading(line.text) or (
            # Titles of articles run longer than headings, and may end with a sign.
            len(line.text) <= headings.TITLE_LENGTH and not line.text.endswith((".", ":", ";", ","))
        )
        return place if reads and len(lines) > 1 and lines[place + 1 : place + 2] else None
    return None
