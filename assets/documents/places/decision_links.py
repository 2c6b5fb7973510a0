"""Which location a decision is about: the one named right before its reference."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assets.documents.findings.sentences import Place
from assets.documents.places.readings import Reading, Row
from assets.documents.places.sets import Set
from assets.documents.records import Mention, Reference

BESIDE, CLAUSE, SENTENCE, POINTED_BACK = 0.95, 0.85, 0.6, 0.6
"""How sure: name and reference side by side; in one clause; in one sentence that names no other
location; and where the sentence points back with a word like `hierbij`."""
SEE_ALSO, BEHIND_SEE = 0.9, 0.6
"""How sure that a text which says `zie` points there, and that the decision is about the place."""

ANAPHOR = re.compile(
    r"(?<!\w)(?:hier(?:bij|voor|mee|over|toe|in|aan)|daar(?:bij|voor|mee|over|toe|in|aan)|"
    r"(?:deze|genoemde)[ \xa0](?:locatie|campus|ontwikkeling|gebiedsontwikkeling)|"
    r"dit[ \xa0](?:park|terrein|gebied|initiatief))(?!\w)",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    r"['’s]{0,2}[\s\"'”’)\],:(]{0,6}(?:zie(?:[ \xa0]ook)?[ \xa0]?)?(?:\(?(?:besluit|motie|statenvoorstel|"
    r"voorstel|statenbrief|kenmerk|GS-kenmerk|nr\.?)[ \xa0]?)?",
    re.IGNORECASE,
)
_JOINED = re.compile(r"[\s,;/&)(]{0,4}(?:en(?:[ \xa0]ook)?|resp\.)?[\s(]{0,3}", re.IGNORECASE)
_AFTER = re.compile(
    r"[\s:–(\"“‘'-]{1,4}(?:(?:het|de)[ \xa0])?(?:[\w-]{3,30}[ \xa0]){0,2}[\"“‘']?", re.IGNORECASE
)
_CONTRAST = re.compile(
    r"(?<!\w)(?:naast|behalve|evenals|net als|in tegenstelling tot|los van|anders dan|buiten)(?!\w)",
    re.IGNORECASE,
)
_REACH = 150
_SHORT = 60


_THESE = re.compile(
    r"(?<!\w)(?:deze|die|genoemde|bovengenoemde|bovenstaande)[ \xa0](?:[\w-]{1,20}[ \xa0])?"
    r"(?:top|werk|topwerk)?(?:locaties|terreinen|bedrijventerreinen)(?!\w)",
    re.IGNORECASE,
)
POINTED_BACK_TO_SET = 0.7
_LONGEST = 1000
"""Characters before a reference that are read for such words."""


def decision_rows(
    reading: Reading, references: Sequence[Reference], sets: Sequence[Set] = ()
) -> list[Row]:
    """Rows for the references to decisions in one section; `references` in order.

    A reference belongs to the location named nearest before it in its sentence (its cell, in a
    table), unless another reference stands between; several references in one row share theirs.
    Behind `zie` a reference gets two rows: that the text points there, and, less sure, that the
    decision is about the location. `deze locaties` points back to a set that the paragraph counts
    and lists in full, and belongs to each of its members.
    """
    rows: list[Row] = []
    before: tuple[Reference, tuple[Mention, float, str] | None] | None = None
    decisions = [reference for reference in references if reference.kind == "decision"]
    for number, reference in enumerate(decisions):
        following = decisions[number + 1] if number + 1 < len(decisions) else None
        found = _location(reading, reference, before, following)
        before = (reference, found)
        subject = ("decision", reference.reference)
        if found is None:
            rows += [
                reading.row(subject, "subject_of", member, POINTED_BACK_TO_SET, "these locations")
                for member in _these(reading, reference, sets)
            ]
            continue
        location, sure, reason = found
        if reference.see_also:
            rows.append(reading.row(subject, "see_also", location, min(sure, SEE_ALSO), reason))
            sure, reason = min(sure, BEHIND_SEE), f"{reason}, behind zie"
        rows.append(reading.row(subject, "subject_of", location, sure, reason))
    return rows


def _these(reading: Reading, reference: Reference, sets: Sequence[Set]) -> tuple[Mention, ...]:
    """The locations that a sentence without one means by `deze locaties`."""
    start, _ = reading.sentence(reference.start)
    since = max(start, reference.start - _LONGEST)
    if not sets or reading.between(start, reference.start):
        return ()
    if not _THESE.search(reading.text, since, reference.start):
        return ()
    paragraph, _ = reading.paragraph(reference.start)
    for counted in reversed(sets):
        whole = counted.declared_count == counted.found_count
        if paragraph <= counted.start < start:
            return counted.members if whole else ()
    return ()


def _location(
    reading: Reading,
    reference: Reference,
    before: tuple[Reference, tuple[Mention, float, str] | None] | None,
    following: Reference | None,
) -> tuple[Mention, float, str] | None:
    """The location of one reference, how sure, and why."""
    text = reading.text
    scope = reading.sentence(reference.start)
    cell = reading.cell(reference.start)
    if cell:
        scope = max(scope[0], cell[0]), min(scope[1], cell[1])
    since = scope[0]
    if before and before[0].end > scope[0]:
        gap = reference.start - before[0].end
        if gap <= _SHORT and _JOINED.fullmatch(text, before[0].end, reference.start):
            return before[1]
        since = before[0].end
    named = reading.last_before(since, reference.start)
    if named:
        return _named_before(reading, named, reference, scope)
    if reading.between(*scope):
        return _named_after(reading, reference, following, scope)
    if since == scope[0] and ANAPHOR.search(text, scope[0], min(scope[1], scope[0] + 1000)):
        spoken_of = reading.spoken_of(reference.start)
        if spoken_of:
            return spoken_of, POINTED_BACK, "sentence points back to the only location before"
    return None


def _named_before(
    reading: Reading, named: Mention, reference: Reference, scope: Place
) -> tuple[Mention, float, str] | None:
    text, gap = reading.text, reference.start - named.end
    if gap > _REACH:
        return None
    between = text[named.end : reference.start]
    if _BESIDE.fullmatch(between):
        return named, BESIDE, "name right before the reference"
    if _CONTRAST.search(text, max(scope[0], named.start - _SHORT), named.start):
        return None
    if not any(mark in between for mark in ",;:"):
        return named, CLAUSE, "name before the reference in the clause"
    if reading.only(*scope):
        return named, SENTENCE, "only location of the sentence, before the reference"
    return None


def _named_after(
    reading: Reading, reference: Reference, following: Reference | None, scope: Place
) -> tuple[Mention, float, str] | None:
    """`PS/2016/486 investeringsbesluit ...`: a line that begins with its reference."""
    text = reading.text
    if text[scope[0] : reference.start].strip(' -–•*"(.0123456789'):
        return None
    only = reading.only(*scope)
    if only is None:
        return None
    first = reading.locations[reading.between(*scope)[0]]
    if following and following.start < first.start:
        return None
    if first.start - reference.end <= _SHORT and _AFTER.fullmatch(text, reference.end, first.start):
        return first, CLAUSE, "name right after the reference that begins the line"
    return None
