"""A section as links are read from it: its sentences, and which locations stand where."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import Any

from assets.documents.blocks import CELL
from assets.documents.findings.sentences import Place, holding, paragraphs, sentences
from assets.documents.records import Mention, Section, identify

Row = dict[str, Any]
"""One row of `evidence`."""


class Reading:
    """One section with its locations. Every question is answered in time that does not depend on
    how many locations there are."""

    def __init__(self, document_id: str, section: Section, locations: Sequence[Mention]) -> None:
        self.document_id, self.section, self.text = document_id, section, section.text
        self.locations = locations
        self._starts = [location.start for location in locations]
        self._same_until = _runs(locations)
        self._breaks = [found.start() for found in re.finditer("\n", section.text)]
        self._tabs = [found.start() for found in re.finditer(CELL, section.text)]
        self._sentences: list[Place] | None = None
        self._paragraphs: list[Place] | None = None

    @property
    def sentences(self) -> list[Place]:
        """Sentences of the section."""
        if self._sentences is None:
            self._sentences = sentences(self.text)
        return self._sentences

    def sentence(self, position: int) -> Place:
        """The sentence that a character is in; nothing where it is a blank between two."""
        return holding(self.sentences, position) or (position, position)

    def paragraph(self, position: int) -> Place:
        """The paragraph that a character is in."""
        if self._paragraphs is None:
            self._paragraphs = paragraphs(self.text)
        return holding(self._paragraphs, position) or (position, position)

    def line(self, position: int) -> Place:
        """The line (item of a list, row of a table) that a character is in."""
        return self._part(self._breaks, position, (0, len(self.text)))

    def cell(self, position: int) -> Place | None:
        """The cell of a table that a character is in; None outside tables."""
        line = self.line(position)
        found = self._part(self._tabs, position, line)
        return None if found == line else found

    @staticmethod
    def _part(marks: list[int], position: int, within: Place) -> Place:
        """What stands around `position` between two of `marks`, inside `within`."""
        at = bisect_left(marks, position)
        start = max(within[0], marks[at - 1] + 1) if at else within[0]
        return start, min(within[1], marks[at]) if at < len(marks) else within[1]

    def between(self, start: int, end: int) -> range:
        """Numbers of the locations that begin from `start` and before `end`."""
        return range(bisect_left(self._starts, start), bisect_left(self._starts, end))

    def last_before(self, start: int, end: int) -> Mention | None:
        """The last location between two places."""
        found = self.between(start, end)
        return self.locations[found[-1]] if found else None

    def only(self, start: int, end: int) -> Mention | None:
        """The last mention of the one location between two places; None for none or several."""
        found = self.between(start, end)
        if not found or self._same_until[found[0]] < found[-1]:
            return None
        return self.locations[found[-1]]

    def spoken_of(self, position: int) -> Mention | None:
        """The location that `hierbij` and the like, at `position`, points back to: the only one
        named in the nearest earlier sentence of the paragraph that names any."""
        start, _ = self.paragraph(position)
        named = self.last_before(start, self.sentence(position)[0])
        return self.only(*self.sentence(named.start)) if named else None

    def row(
        self,
        subject: tuple[str, str],
        relation: str,
        location: Mention,
        confidence: float,
        reason: str,
        *,
        in_heading: bool = False,
    ) -> Row:
        """A row of evidence that quotes the words which name the location, in the text of the section
        or in its heading; no surer than that these words mean it."""
        return evidence(
            self.document_id,
            self.section,
            subject,
            relation,
            location.id,
            (location.start, location.end),
            min(confidence, location.confidence),
            reason,
            in_heading=in_heading,
        )


def evidence(
    document_id: str,
    section: Section,
    subject: tuple[str, str],
    relation: str,
    location_id: str,
    quote: Place,
    confidence: float,
    reason: str,
    *,
    in_heading: bool = False,
) -> Row:
    """One row of evidence; `subject` is its kind and id."""
    kind, identity = subject
    start, end = quote
    place = (document_id, section.path, *(["heading"] if in_heading else []), start, end)
    said = section.heading if in_heading else section.text
    return {
        "evidence_id": identify(*place, kind, identity, location_id, relation),
        "subject_kind": kind,
        "subject_id": identity,
        "location_id": location_id,
        "relation": relation,
        "document_id": document_id,
        "section": section.path,
        "quote_start": start,
        "quote_end": end,
        "quote": said[start:end],
        "in_heading": in_heading,
        "confidence": round(confidence, 3),
        "reason": reason,
    }


def _runs(locations: Sequence[Mention]) -> list[int]:
    """For each mention the number of the last one in the row of mentions of the same location."""
    until = list(range(len(locations)))
    for at in range(len(locations) - 2, -1, -1):
        if locations[at].id == locations[at + 1].id:
            until[at] = until[at + 1]
    return until
