"""What people say in a document: quotations, and what the writer puts in his own words.

An apostrophe is no quotation mark, a quoted title of a few words no statement, and a speaker whom
the text leaves open stays open.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from assets.documents.findings.named_times import first_time
from assets.documents.findings.person_names import Known, full_name_at
from assets.documents.findings.sentences import paragraphs, sentences
from assets.documents.findings.speakers import Attribution, attributions
from assets.documents.records import Section

SAME_SENTENCE, NEXT_TO_IT, BY_PRONOUN, ONLY_SPEAKER, OPEN = 0.95, 0.8, 0.7, 0.6, 0.5
FEWEST_WORDS = 4
_MOST_UNCLOSED = 20
"""Marks without their counterpart after which a paragraph is not searched further."""
_MOST_WITHIN = 400
"""Marks within one quotation, apostrophes among them, after which it is taken as not closed."""
_MARK = re.compile('[‘’“”„"]')
_CLOSING = {"‘": "’", "“": "”", "„": "”“", '"': '"'}
_CONJUNCTION = re.compile(r", (?:want|maar|omdat|dat|en|waardoor|zodat|als)\b")
_END = re.compile(r"[.!?…]$")
Place = tuple[int, int]


def find(
    sections: Sequence[Section],
    people: Sequence[dict[str, Any]],
    never: Collection[str] = (),
) -> list[dict[str, Any]]:
    """Statements of one document, with the columns of `findings.Statement` except for
    `statement_id` and `document_id`; `text` is exactly what stands from `quote_start` on.

    `people`: rows of `people.find(...).roles`. Confidence in the speaker: 0.95 where the sentence
    names one, 0.8 where the sentence before or after does, 0.7 by a pronoun, 0.6 for the only
    speaker of the document, 0.5 where it is left open (`speaker` is then null).
    """
    known = Known()
    roles: dict[str, str] = {}
    for row in people:
        roles.setdefault(row["person"], row["role"])
        if name := full_name_at(row["person"], 0):
            known.add(name)
    made: list[dict[str, Any]] = []
    speakers: set[str] = set()
    for section in sections:
        if not _MARK.search(section.text) and not known.full and "egt " not in section.text:
            continue
        for low, high in paragraphs(section.text):
            rows, named = _in_paragraph(section, low, high, known, never)
            made += rows
            speakers |= named
    only = next(iter(speakers)) if len(speakers) == 1 else None
    for row in made:
        if row["speaker"] is None and row.pop("open") and only:
            row["speaker"], row["confidence"] = only, ONLY_SPEAKER
        row.pop("open", None)
        row["speaker_role"] = roles.get(row["speaker"] or "")
    return made


def quotations(text: str) -> list[Place]:
    """Places of what stands between quotation marks in a paragraph, the marks not included.

    Quotations within a quotation are part of it. A mark that is not closed begins none.
    """
    marks = list(_MARK.finditer(text))
    found: list[Place] = []
    n, unclosed = 0, 0
    while n < len(marks) and unclosed < _MOST_UNCLOSED:
        mark = marks[n]
        if mark[0] in _CLOSING and _opens(text, mark.start()):
            last = _closed(text, marks, n)
            if last is None:
                unclosed += 1
            else:
                found.append((mark.end(), marks[last].start()))
                n = last
        n += 1
    return found


def _opens(text: str, at: int) -> bool:
    if text[at + 1 : at + 3] in {"s ", "t ", "n "}:
        return False  # "‘s ochtends": an apostrophe that a word processor turned round
    before, after = text[max(0, at - 1) : at], text[at + 1 : at + 2]
    return (not before or before.isspace() or before in '([:–-“‘"') and bool(after.strip())


def _closed(text: str, marks: Sequence[re.Match[str]], first: int) -> int | None:
    """Number of the mark that closes the quotation that mark `first` opens."""
    opening, closing = marks[first][0], _CLOSING[marks[first][0]]
    depth, doubtful = 1, None
    for n in range(first + 1, min(len(marks), first + _MOST_WITHIN)):
        mark, at = marks[n][0], marks[n].start()
        if mark == opening and mark != closing and _opens(text, at):
            depth += 1
        elif mark in closing and not text[at + 1 : at + 2].isalnum() and not text[at - 1].isspace():
            if mark == "’" and _plural_genitive(text, at):
                doubtful = n if doubtful is None and depth == 1 else doubtful
                continue
            depth -= 1
            if depth == 0:
                return n
    return doubtful


def _plural_genitive(text: str, at: int) -> bool:
    """Whether `’` may be that of `ondernemers’ plannen`."""
    return (
        text[at - 1] in "sxz" and text[at + 1 : at + 2] == " " and text[at + 2 : at + 3].islower()
    )


def _in_paragraph(
    section: Section, low: int, high: int, known: Known, never: Collection[str]
) -> tuple[list[dict[str, Any]], set[str]]:
    """Statements of one paragraph, and the speakers it names."""
    text = section.text[low:high]
    places = quotations(text)
    # every quotation as blanks, so that what it says names no speaker and ends no sentence
    masked, last = [], 0
    for start, end in places:
        masked += [text[last:start], "_" * (end - start)]
        last = end
    outside = "".join([*masked, text[last:]])
    said = attributions(outside, known, never)
    if not said and not places:
        return [], set()
    parts = sentences(outside)
    rows = [
        _quotation(section, low, text, place, outside, said, parts)
        for place in places
        if len(text[place[0] : place[1]].split()) >= FEWEST_WORDS
    ]
    made = [row for row in rows if row is not None]
    made += _paraphrases(section, low, outside, places, said, parts)
    made.sort(key=lambda row: row["quote_start"])
    return made, {a.speaker for a in said if a.speaker}


def _quotation(
    section: Section,
    low: int,
    text: str,
    place: Place,
    outside: str,
    said: Sequence[Attribution],
    parts: Sequence[Place],
) -> dict[str, Any] | None:
    start, end = place
    whole = bool(_END.search(text[start:end].rstrip()))
    own, before, after = _neighbours(parts, start, end, whole, outside)
    found, confidence = _speaks(said, own, start), SAME_SENTENCE
    if found is None and not whole:
        return None  # a title, or words picked out of what somebody said
    if found is None:
        found, confidence = _speaks(said, before, start), NEXT_TO_IT
    if found is None:
        found, confidence = _speaks(said, after, end), NEXT_TO_IT
    if found is None:
        return _row(section, low, place, "quotation", None, OPEN, open_=True)
    if found.pronoun:
        earlier = _speaker_before(said, found)
        if earlier:
            return _row(section, low, place, "quotation", earlier, BY_PRONOUN)
        return _row(section, low, place, "quotation", None, OPEN, open_=True)
    if found.speaker is None:
        confidence = OPEN
    return _row(section, low, place, "quotation", found.speaker, confidence)


def _neighbours(
    parts: Sequence[Place], start: int, end: int, whole: bool, outside: str
) -> tuple[Place | None, Place | None, Place | None]:
    """The sentence that a quotation is in, cut where it is one of its own, and those beside it."""
    at = bisect_right(parts, (start, len(outside))) - 1
    if at < 0 or not (parts[at][0] <= start and end <= parts[at][1] + 1):
        return None, None, None
    own: Place = parts[at]
    before = parts[at - 1] if at else None
    after = parts[at + 1] if at + 1 < len(parts) else None
    rest = outside[end + 1 : min(own[1], end + 9)].lstrip()
    if whole and rest and rest[0] not in ",-–" and not rest[0].islower():
        after, own = (end + 1, own[1]), (own[0], end + 1)
    return own, before, after


def _speaks(said: Sequence[Attribution], place: Place | None, near: int) -> Attribution | None:
    """The attribution in `place` that stands nearest to the quotation."""
    if place is None:
        return None
    at = bisect_left(said, near, key=lambda a: a.start)
    beside = [a for a in said[max(0, at - 1) : at + 1] if place[0] <= a.start < place[1]]
    return min(beside, key=lambda a: abs(a.start - near)) if beside else None


def _within(said: Sequence[Attribution], place: Place) -> Sequence[Attribution]:
    """Those of `said`, which are in order, that begin in `place`."""
    low = bisect_left(said, place[0], key=lambda a: a.start)
    return said[low : bisect_left(said, place[1], lo=low, key=lambda a: a.start)]


def _speaker_before(said: Sequence[Attribution], pronoun: Attribution) -> str | None:
    """Who was named last before a `zegt hij`."""
    for n in range(bisect_left(said, pronoun.start, key=lambda a: a.start) - 1, -1, -1):
        if said[n].speaker:
            return said[n].speaker
    return None


def _paraphrases(
    section: Section,
    low: int,
    outside: str,
    places: Sequence[Place],
    said: Sequence[Attribution],
    parts: Sequence[Place],
) -> Iterator[dict[str, Any]]:
    """Sentences that say who says so, without a quotation in them."""
    for start, end in parts:
        inside = _within(said, (start, end))
        nearest = bisect_right(places, (end - 1, end)) - 1
        if not inside or (nearest >= 0 and places[nearest][1] > start):
            continue
        first = inside[0]
        speaker, confidence = first.speaker, SAME_SENTENCE
        if first.pronoun:
            speaker, confidence = _speaker_before(said, first), BY_PRONOUN
        if speaker is None or len({a.speaker for a in inside if a.speaker}) > 1:
            continue
        stop = end
        rest = _beyond_addition(outside[first.end : end]).strip(" .!?…")
        if not rest and first.start > start:
            stop = start + len(outside[start : first.start].rstrip(" ,"))
        if len(outside[start : first.start].split()) + len(rest.split()) >= FEWEST_WORDS:
            yield _row(section, low, (start, stop), "paraphrase", speaker, confidence)


def _beyond_addition(after: str) -> str:
    """What follows on a speaker, without what says who that is: `, directeur van X`."""
    if not after.startswith(", ") or _CONJUNCTION.match(after):
        return after
    return after[2:].partition(",")[2]


def _row(
    section: Section,
    low: int,
    place: Place,
    kind: str,
    speaker: str | None,
    confidence: float,
    *,
    open_: bool = False,
) -> dict[str, Any]:
    start, end = low + place[0], low + place[1]
    said = section.text[start:end]
    time = first_time(said)
    return {
        "kind": kind,
        "speaker": speaker,
        "speaker_role": None,
        "text": said,
        "time": time.text if time else None,
        "time_precision": time.precision if time else "undated",
        "section": section.path,
        "quote_start": start,
        "quote_end": end,
        "confidence": confidence,
        "open": open_,
    }
