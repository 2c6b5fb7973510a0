"""Performances as rows: what the sections and fields of each say, and what that comes to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from assets.documents.records import Parsed, Section
from assets.documents.structure.fields import Field
from assets.documents.wordings import Wordings

_SENTENCE_ENDS = re.compile(r"[.!?](?=\s)|\n")
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>\"'()\[\]]+", re.IGNORECASE)
_EXTERNAL = re.compile(r"^https?://", re.IGNORECASE)


def read(
    parsed: Parsed, fields_by_section: Mapping[str, Sequence[Field]], wordings: Wordings
) -> list[dict[str, Any]]:
    """One row a performance, in the document's order: the columns of
    `warehouse.tables.documents.Performance` but for `document_id` and `performance_id`.

    `fields_by_section` has what `fields.read` found, by the path of the section. Values are as
    written; only the name of a portfolio holder loses a closing full stop. A field that is absent
    is None, and its status `unknown`.
    """
    sections: dict[str, list[Section]] = {}
    for section in parsed.sections:
        if section.code is not None:
            sections.setdefault(section.code, []).append(section)
    rows = []
    for outline in parsed.performances:
        own = sections.get(outline.code, [])
        said = _Said(own, fields_by_section)
        progress = said.text("progress", "progress_text")
        finance = said.text("finance", "finance_text")
        reserve = said.field("reserve_relation")
        holder = said.value("portfolio_holder")
        rows.append(
            {
                "code": outline.code,
                "title": outline.title,
                "goal_code": outline.goal_code,
                "goal_title": outline.goal_title,
                "task_code": outline.task_code,
                "task_title": outline.task_title,
                "actions": said.text("actions", None),
                "progress": progress,
                "progress_status": _either(said.value("progress_colour"), progress, wordings),
                "finance": finance,
                "finance_status": _either(said.value("finance_colour"), finance, wordings),
                "portfolio_holder": holder.rstrip(" .") or None if holder else None,
                "role": said.value("role"),
                "term": said.value("term"),
                "reserve_relation": said.value("reserve_relation"),
                "reserve": reserve.open if reserve else None,
                "websites": said.websites(),
                "url": own[0].url if own else None,
            }
        )
    return rows


def status(text: str | None, wordings: Wordings) -> str:
    """What a text comes to: `on_track`, `deviation`, or `unknown` where it is empty, or neither the
    text nor its first sentence is a wording that the catalogue declares."""
    said = (text or "").strip()
    if not said:
        return "unknown"
    if label := wordings.find("status", said):
        return label.means
    ends = _SENTENCE_ENDS.search(said)
    label = wordings.find("status", said[: ends.start()]) if ends else None
    return label.means if label else "unknown"


def _either(colour: str | None, text: str | None, wordings: Wordings) -> str:
    """The colour, where the publisher gives one; else what the text comes to."""
    return status(colour, wordings) if colour else status(text, wordings)


class _Said:
    """What the sections of one performance say."""

    def __init__(self, sections: Sequence[Section], found: Mapping[str, Sequence[Field]]) -> None:
        self._sections = [(section, found.get(section.path, ())) for section in sections]

    def field(self, means: str) -> Field | None:
        """The first field of a meaning that has a value; else the first without one."""
        fields = [f for _, found in self._sections for f in found if f.means == means]
        return next((f for f in fields if f.value), fields[0] if fields else None)

    def value(self, means: str) -> str | None:
        found = self.field(means)
        return found.value or None if found else None

    def text(self, role: str, means: str | None) -> str | None:
        """The sections of a role, without the fields that stand in them, and the fields of a
        meaning; None where nothing is said. What a second page repeats is not said twice."""
        parts = [_without(s.text, found) for s, found in self._sections if s.role == role]
        if means:
            parts += [f.value for _, found in self._sections for f in found if f.means == means]
        return "\n\n".join(dict.fromkeys(part for part in parts if part)) or None

    def websites(self) -> str | None:
        """Addresses in the fields for websites; where these have names only, the one address that
        their section leads to, if there is only one, else those names as written."""
        found: list[str] = []
        for section, fields in self._sections:
            named = [f for f in fields if f.means == "websites" and f.value]
            written = [a.rstrip(".,;:") for f in named for a in _ADDRESS.findall(f.value)]
            external = [link for link in section.links if _EXTERNAL.match(link)]
            if named and not written and len(external) == 1:
                written = external
            found += written or [f.value for f in named]
        return " ".join(dict.fromkeys(found)) or None


def _without(text: str, fields: Iterable[Field]) -> str:
    """A text without its fields."""
    kept, place = [], 0
    for one in sorted(fields, key=lambda f: f.start):
        kept.append(text[place : one.start])
        place = max(place, one.end)
    kept.append(text[place:])
    return "\n\n".join(part.strip() for part in kept if part.strip())
