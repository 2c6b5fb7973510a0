"""Links of what a document reports to locations, each with the words it rests on.

The nearer the words, the surer: the same cell of a table or the same bracket, then the sentence,
the paragraph, the performance. What covers several locations is linked to none of them, and where
a text leaves a link open none is made.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from assets.documents.findings.sentences import Place
from assets.documents.places.decision_links import decision_rows
from assets.documents.places.heading_links import Headings
from assets.documents.places.partner_links import facility_rows, organisation_rows
from assets.documents.places.readings import Reading, Row
from assets.documents.places.sets import Set
from assets.documents.records import Mention, Reference, Section, Span

SUBJECT_OF = {"intro": 0.95, "actions": 0.9, "progress": 0.9, "milestones": 0.9}
"""Sections of a performance that say what it is about, by role, and how sure that is."""
MENTIONED = 0.7
SEE_ALSO = 0.8
COUNTED, MISCOUNTED = 0.9, 0.5
"""A member of a set: where as many are listed as the text says there are, and where not."""
COUNTED_IN_CONTEXT = 0.8
CELL, LINE, SENTENCE, TITLE = 0.95, 0.9, 0.85, 0.6

_SEE = re.compile(
    r"(?<!\w)zie(?:[ \xa0]ook)?[ \xa0:](?:[\w.-]{1,20}[ \xa0]){0,3}[\"“‘'(]?$", re.IGNORECASE
)
_BEFORE = 60
_COVERS_MORE = re.compile(
    r"(?<!\w)(?:waaronder|onder andere|onder meer|o\.a\.|zoals|bijvoorbeeld|in totaal|gezamenlijk|"
    r"totale?|alle)(?!\w)",
    re.IGNORECASE,
)
"""Words by which an amount is of more than the one location that is named."""
_LONGEST = 200
"""Characters of a sentence on both sides of an amount that are read for such words."""


def link(
    document_id: str,
    sections: Sequence[Section],
    locations: Mapping[str, Sequence[Mention]],
    references: Mapping[str, Sequence[Reference]],
    organisations: Mapping[str, Sequence[Mention]],
    sets: Iterable[Set] = (),
    *,
    performances: Mapping[str, str] | None = None,
    subjects: Iterable[tuple[str, str, Span]] = (),
    sites: Mapping[str, str] | None = None,
    relations: Sequence[Mapping[str, Any]] = (),
    title: Sequence[Mention] = (),
    headings: Mapping[str, Sequence[Mention]] | None = None,
) -> list[Row]:
    """All links of one document, as rows of `evidence`, each once, in the order of the text.

    `locations`, `references` and `organisations`: what each section names, by its path, in order.
    `performances`: our own key by `Section.code`. `subjects`: kind (`milestone`, `amount`,
    `statement`), id and place. `sites`: site by id of organisation, for facilities that lie in
    one. `relations`: rows of `relation` of this document. `title`: locations in its title;
    `headings`: those in the heading of each section, by its path.
    """
    readings = {
        section.path: Reading(document_id, section, locations.get(section.path, ()))
        for section in sections
    }
    sets = list(sets)
    above = Headings(readings, headings or {})
    rows: list[Row] = []
    of_performances: dict[str, list[Section]] = {}
    for section in sections:
        reading = readings[section.path]
        own_sets = [counted for counted in sets if counted.section == section.path]
        decided = decision_rows(reading, references.get(section.path, ()), own_sets)
        rows += decided + above.of_decisions(
            section.path,
            references.get(section.path, ()),
            {row["subject_id"] for row in decided},
        )
        rows += organisation_rows(reading, organisations.get(section.path, ()))
        performance = (performances or {}).get(section.code) if section.code else None
        if performance:
            rows += _performance_rows(reading, performance)
            of_performances.setdefault(performance, []).append(section)
    rows += _set_rows(readings, sets, performances or {})
    rows += _heading_rows(above, of_performances, rows)
    about = _about(title, sections, locations)
    for kind, identity, span in subjects:
        rows += _subject_rows(
            readings[span.section], (kind, identity), span, readings, about, above
        )
    rows += facility_rows(document_id, sections, organisations, sites or {}, relations)
    order = {section.path: section.position for section in sections}
    once = {row["evidence_id"]: row for row in reversed(rows)}
    return sorted(
        once.values(),
        key=lambda row: (order[row["section"]], row["quote_start"], row["evidence_id"]),
    )


def _performance_rows(reading: Reading, performance: str) -> list[Row]:
    """A performance is about the locations that its own sections name; those that it sees in the
    context, or points to with `zie`, are mentioned."""
    rows = []
    role, text = reading.section.role, reading.text
    for location in reading.locations:
        relation, sure, reason = "mentioned", MENTIONED, f"named in its section {role}"
        if _SEE.search(text[max(0, location.start - _BEFORE) : location.start]):
            relation, sure, reason = "see_also", SEE_ALSO, "named behind zie"
        elif role in SUBJECT_OF:
            relation, sure = "subject_of", SUBJECT_OF[role]
        rows.append(reading.row(("performance", performance), relation, location, sure, reason))
    return rows


def _heading_rows(
    above: Headings, of_performances: Mapping[str, Sequence[Section]], rows: Sequence[Row]
) -> list[Row]:
    """What the title and the headings of a performance name, and its texts do not say it is about."""
    said: dict[str, set[str]] = {}
    for row in rows:
        if row["subject_kind"] == "performance" and row["relation"] == "subject_of":
            said.setdefault(row["subject_id"], set()).add(row["location_id"])
    return [
        row
        for performance, sections in of_performances.items()
        for row in above.of_performance(
            performance, [s.path for s in sections], SUBJECT_OF, said.get(performance, set())
        )
    ]


def _set_rows(
    readings: Mapping[str, Reading], sets: Iterable[Set], performances: Mapping[str, str]
) -> list[Row]:
    rows = []
    for counted in sets:
        reading = readings[counted.section]
        performance = performances.get(reading.section.code or "")
        if performance is None or counted.declared_count is None:
            continue
        agrees = counted.declared_count == counted.found_count
        sure = COUNTED if agrees else MISCOUNTED
        reason = f"listed among {counted.declared_count} {counted.name}"
        if not agrees:
            reason += f", of which {counted.found_count} found"
        subject = ("performance", performance)
        rows += [
            reading.row(subject, "member_of", member, sure, reason) for member in counted.members
        ]
        if agrees and reading.section.role == "context":
            # What is counted and listed there is what the performance is about, elsewhere or not.
            rows += [
                reading.row(subject, "subject_of", member, COUNTED_IN_CONTEXT, reason)
                for member in counted.members
            ]
    return rows


def _subject_rows(
    reading: Reading,
    subject: tuple[str, str],
    span: Span,
    readings: Mapping[str, Reading],
    about: tuple[str, Mention] | None,
    above: Headings,
) -> list[Row]:
    """A milestone, amount or statement belongs to the one location of its cell, its own words, its
    line or its sentence. Where the nearest of these names several, it belongs to none; where they
    name none, to that of the heading above it."""
    kind, _ = subject
    sentence = reading.sentence(span.start)
    cell = reading.cell(span.start)
    scopes = [(cell, CELL, "only location of the cell")] if cell else []
    scopes.append(((span.start, span.end), CELL, "only location in its words"))
    if cell:
        scopes.append((reading.line(span.start), LINE, "only location of the row"))
    scopes.append(
        ((sentence[0], max(sentence[1], span.end)), SENTENCE, "only location of the sentence")
    )
    for scope, sure, reason in scopes:
        if not reading.between(*scope):
            continue
        only = reading.only(*scope)
        if only is None or _covers_more(reading, kind, span, sentence):
            return []
        return [reading.row(subject, "subject_of", only, sure, reason)]
    below = above.of_section(span.section, subject)
    if below and not _covers_more(reading, kind, span, sentence):
        return below
    if kind == "statement" and about:
        path, location = about
        reason = "title and whole document name this location only"
        return [readings[path].row(subject, "mentioned", location, TITLE, reason)]
    return []


def _covers_more(reading: Reading, kind: str, span: Span, sentence: Place) -> bool:
    """Whether the sentence of an amount says that it is of more than one location."""
    near = max(sentence[0], span.start - _LONGEST), min(sentence[1], span.end + _LONGEST)
    return kind == "amount" and bool(_COVERS_MORE.search(reading.text, *near))


def _about(
    title: Sequence[Mention],
    sections: Sequence[Section],
    locations: Mapping[str, Sequence[Mention]],
) -> tuple[str, Mention] | None:
    """The one location that the title names, where the document names no other: the section that
    names it first, and the mention there."""
    first: tuple[str, Mention] | None = None
    named = {mention.id for mention in title}
    for section in sections:
        for mention in locations.get(section.path, ()):
            first = first or (section.path, mention)
            named.add(mention.id)
    return first if title and len(named) == 1 else None
