"""What sections and records are made of, before they become rows of the warehouse.

A `Span` names a place by section and characters: half-open, counted in characters (code points)
of the section's text from 0, so that `section.text[span.start:span.end]` is the quotation.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

Role = Literal[
    "intro",
    "context",
    "actions",
    "progress",
    "finance",
    "basics",
    "milestones",
    "indicators",
    "goal_tree",
    "other",
]
"""What a section is for. `finance` is also the explanation of progress below it: the path tells
it from `progress`, not the heading, which is the same."""


@dataclass(frozen=True, slots=True)
class Section:
    """One section: its heading, and the text below it up to the next heading."""

    position: int
    """In the document, from 1."""
    path: str
    """Headings from the top, parted by ` > `; a second with the same path gets ` [2]`. Unique in
    its document. Of a performance it begins with its number: `5.1.2 > Financiën`."""
    heading: str
    """As written; empty for text before the first heading."""
    role: Role
    code: str | None
    """Of the performance it belongs to; None outside performances."""
    text: str
    """Paragraphs parted by an empty line; items and table rows by a line break; cells by a tab.
    Nothing of the wording is changed."""
    truncated: bool
    """Whether the text breaks off with an ellipsis, as publishers do with long texts."""
    page: int
    url: str | None
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """A place in a document: characters `start` to `end` (not included) of a section's text."""

    section: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Outline:
    """One performance as the page places it: its number or slug, title, and what it serves."""

    code: str
    title: str
    goal_code: str | None = None
    goal_title: str | None = None
    task_code: str | None = None
    task_title: str | None = None


@dataclass(frozen=True, slots=True)
class Unread:
    """Something that a page says and we could not place, and why."""

    section: str
    text: str
    reason: str


@dataclass(frozen=True)
class Parsed:
    """One document, parted into sections."""

    title: str
    sections: tuple[Section, ...]
    performances: tuple[Outline, ...]
    """Those of which there is a page or a section, in order."""
    listed: tuple[Outline, ...]
    """Those that the goal tree or a list of performances names, whether or not they are there."""
    stated_count: int | None
    """How many performances the document says it has: `Prestaties (26)`."""
    published_on: str | None
    """`Publicatiedatum`, as 2018-04-24."""
    built_at: str | None
    """Build stamp of the page, as 2022-02-18T16:35:57; the publisher writes the month first."""
    exported_at: str | None
    unread: tuple[Unread, ...] = ()


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a text that leads to something known: a location or an organisation."""

    id: str
    name: str
    """The alias that was recognised, as declared."""
    start: int
    end: int
    confidence: float
    how: str
    """In a few words: `as declared`, `spelling`, `municipality near by`, ..."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference to a decision or to another performance."""

    kind: Literal["decision", "performance"]
    reference: str
    """`PS/2016/486`, `8.1.5`."""
    year: int | None
    body: str | None
    """`PS` (Provinciale Staten) or `GS` (Gedeputeerde Staten)."""
    start: int
    end: int
    see_also: bool
    """Whether it follows on `zie` or `zie ook`."""


def identify(*parts: object) -> str:
    """A short id of what has none: the same for the same parts."""
    said = "\x1f".join(["" if part is None else str(part) for part in parts])
    return hashlib.sha256(said.encode()).hexdigest()[:16]
