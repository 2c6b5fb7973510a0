"""Links that rest on a heading: what it names, the text below it need not say again.

A text has the last word. What it names itself is linked by its own words, and a heading adds
nothing to a section that speaks of another location.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from assets.documents.places.readings import Reading, Row
from assets.documents.records import Mention, Reference

TITLE, SECTION, MENTIONED = 0.9, 0.8, 0.7
"""How sure: that a performance is about what its title names; that something below a heading is
about what the heading names; that a performance has to do with what one of its headings names."""

_NAMES_MORE = re.compile(r"[,;/&+]|(?<!\w)(?:en|of|overige?|andere?|diverse|o\.a\.)(?!\w)", re.I)
"""Signs that a heading is of more than the location that it names."""


class Headings:
    """The headings of one document with the locations that each names."""

    def __init__(
        self, readings: Mapping[str, Reading], named: Mapping[str, Sequence[Mention]]
    ) -> None:
        self._readings, self._named = readings, named
        # Told once a section: as many amounts and decisions as it has will ask.
        self._of_one = {
            path: mention
            for path, here in named.items()
            if (mention := _alone(readings[path], here)) is not None
        }

    def of_performance(
        self,
        performance: str,
        paths: Iterable[str],
        about: Mapping[str, float],
        said: Collection[str],
    ) -> list[Row]:
        """A performance is about what its title names, and what the headings of those of its sections
        name that say what it is about (`about`: how sure, by role); other headings mention.

        `paths`: its sections; `said`: locations that it is about by its texts already.
        """
        rows = []
        for path in paths:
            section = self._readings[path].section
            for mention in self._named.get(path, ()):
                if mention.id in said:
                    continue
                relation, sure = "mentioned", MENTIONED
                if section.role in about:
                    relation, sure = "subject_of", min(TITLE, about[section.role])
                reason = f"named in a heading of its section {section.role}"
                if section.role == "intro":
                    reason = "named in its title"
                rows.append(
                    self._row(path, ("performance", performance), relation, mention, sure, reason)
                )
        return rows

    def of_section(self, path: str, subject: tuple[str, str]) -> list[Row]:
        """A milestone, amount, statement or decision that stands below a heading of one location."""
        mention = self._of_one.get(path)
        if mention is None:
            return []
        reason = "only location of the heading above it"
        return [self._row(path, subject, "subject_of", mention, SECTION, reason)]

    def of_decisions(
        self, path: str, references: Sequence[Reference], linked: Collection[str]
    ) -> list[Row]:
        """The decisions of a section that its text leads to no location: not in `linked`."""
        rows = []
        for reference in references:
            if reference.kind == "decision" and reference.reference not in linked:
                rows += self.of_section(path, ("decision", reference.reference))
        return rows

    def _row(
        self,
        path: str,
        subject: tuple[str, str],
        relation: str,
        mention: Mention,
        sure: float,
        reason: str,
    ) -> Row:
        return self._readings[path].row(subject, relation, mention, sure, reason, in_heading=True)


def _alone(reading: Reading, here: Sequence[Mention]) -> Mention | None:
    """The one location of which all of a section is: named alone in its heading (`here`: what that
    names), and by nothing else in its text than itself."""
    if len(here) != 1:
        return None
    [mention] = here
    heading = reading.section.heading
    if _NAMES_MORE.search(heading[: mention.start] + heading[mention.end :]):
        return None
    said = reading.only(0, len(reading.text))
    spoken_of = said is not None and said.id == mention.id
    return mention if spoken_of or not reading.locations else None
