"""Hectares that a section states, and which of them are said to be the parts of a whole.

An area counts as a part only where the words say so: a table or list with a row `Totaal`, a whole
with its parts in brackets or behind a colon, `in totaal` beside an enumeration. `Waarvan 3 ha` names
some of the parts and is none. Square metres are not read: beside hectares they are lots and floors.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from assets.documents.blocks import CELL
from assets.documents.findings.amount_tables import Line, lines_of
from assets.documents.findings.measures import (
    HECTARES,
    MOST,
    TOO_MANY,
    Measure,
    Row,
    measure,
    measures,
    row,
)
from assets.documents.findings.sentences import Place, sentences
from assets.documents.records import Section, Unread, identify

IN_A_TABLE, IN_A_LIST, IN_A_SENTENCE, ROUGHLY = 0.95, 0.9, 0.85, 0.7
MOST_TOGETHER = 60
"""Sentences and lines that are looked at together, for parts and their whole."""
NOT_DUTCH = "not a number as Dutch documents write them"
RANGE = "a range of areas, not one"
RATE = "an area for each of something, not an area"

_UNIT_SAID = re.compile(r"ha(?![\w²])|hectare")
_UNIT_WITH_A_CAPITAL = ("Hectare", "HECTARE", "HA", "Ha")
"""Without one of these there is no area: a cheap question, that most texts answer."""
_TOTAL = re.compile(r"\b(?:totaal|totale|gezamenlijk|opgeteld|samen|bij elkaar)\b", re.I)
_TOTAL_ROW = re.compile(r"\s*(?:sub)?totaa?l\b", re.I)
_PARTS_FOLLOW = re.compile(
    r"[^,;.(]{0,60}?(?::|\(|\bte weten\b|\bnamelijk\b|\bbestaande uit\b|\b(?:onder)?verdeeld (?:over|in)\b)",
    re.I,
)
_THESE_ARE = re.compile(r"(?:Het (?:gaat|betreft)|Dit (?:betreft|zijn)|Dat zijn)\b")
_SOME_OF = re.compile(r"\b(?:waarvan|daarvan|onder andere|onder meer|o\.a\.|zoals)\b", re.I)
_RANGE = re.compile(
    r"[0-9][ \u00a0]?(?:ha|hectare)?[ \u00a0]?(?:[-–à]|tot(?: en met)?|à)[ \u00a0]?$"
)
_RATE = re.compile(r"[ \u00a0]?(?:/|per (?:jaar|bedrijf|kavel|inwoner))", re.I)
_OF = re.compile(
    r" (?:is |zijn )?(?:uitgegeven |verkocht |netto |bruto )?(?:aan|voor|door|van|op|bij) "
    r"(?P<name>[^,;:.()\n0-9]{2,60}?)(?=,|;|\.|\)|\n|$| en (?:nog )?[0-9])"
)
_LABEL = re.compile(
    r"(?:[-•*–] )?(?P<name>[^\W\d][^\n\t:]{1,80}?)(?<! is)(?<! zijn)(?<! was)(?<! van)(?<! met)"
    r"[ \u00a0]?(?::|[-–] )?[ \u00a0]?$"
)
_UNIT = re.compile(r"(?:^|[\s(/])(?:ha|hectaren?)(?=$|[\s).])", re.I)
_NUMBER = re.compile(r"-?[0-9][0-9.,]*")
_CONCEPTS = (
    (
        "available",
        re.compile(
            r"\b(?:uitgeefba(?:ar|re)|beschikba(?:ar|re)|nog uit te geven|terstond)\b", re.I
        ),
    ),
    (
        "issued",
        re.compile(
            r"\b(?:uitgegeven|uitgifte|verkocht|verkochte|verkoop|afgenomen|gegund)\b", re.I
        ),
    ),
    ("reserved", re.compile(r"\b(?:gereserveerd|in optie|opties?|reservering(?:en)?)\b", re.I)),
)


@dataclass(slots=True)
class _Area:
    """One area, and what its place says of it."""

    measure: Measure
    name: str | None
    concept: str
    confidence: float
    total: bool = False


def find(section: Section) -> tuple[list[Row], list[Unread]]:
    """Areas of one section with the columns of `findings.Quantity`, except for `quantity_id` and
    `document_id`, and what looked like one and was not read.

    Confidence: 0.95 in a table, 0.9 in a list, 0.85 in a sentence, 0.7 for `ruim`, `circa`.
    """
    text = section.text
    if not _UNIT_SAID.search(text) and not any(said in text for said in _UNIT_WITH_A_CAPITAL):
        return [], []
    made: list[Row] = []
    unread: list[Unread] = []
    tables, rest = _parted(text)
    for table in tables:
        made += _table(section, table, unread)
    made += _prose(section, rest, unread)
    return sorted(made, key=lambda one: one["quote_start"]), unread


def _parted(text: str) -> tuple[list[list[Line]], list[Place]]:
    """Tables, as lines of cells that follow on each other; and the sentences outside of them."""
    tables: list[list[Line]] = []
    taken: list[Place] = []
    last: Line | None = None
    for line in lines_of(text):
        if CELL in line.text:
            if last is None or text[last.end : line.start].count("\n") > 1:
                tables.append([])
            tables[-1].append(line)
            taken.append((line.start, line.end))
            last = line
        else:
            last = None
    starts = {start for start, _ in taken}
    if not starts:
        return tables, sentences(text)
    return tables, [place for place in sentences(text) if not _inside(place, taken)]


def _inside(place: Place, taken: Sequence[Place]) -> bool:
    at = bisect_right(taken, (place[0], float("inf"))) - 1
    return at >= 0 and place[0] < taken[at][1]


def _concept(*said: str) -> str:
    """What is said of the land; two different things count as none."""
    for words in said:
        found = {concept for concept, pattern in _CONCEPTS if pattern.search(words)}
        if found:
            return found.pop() if len(found) == 1 else "not_stated"
    return "not_stated"


# -- tables ------------------------------------------------------------------------------------
def _table(section: Section, table: Sequence[Line], unread: list[Unread]) -> list[Row]:
    """Areas of a table: in a column whose header has the unit, or in cells that have it."""
    rows = [line.text.split(CELL) for line in table]
    header = rows[0] if not any(_NUMBER.fullmatch(cell.strip()) for cell in rows[0][1:]) else []
    made: list[Row] = []
    for column in range(1, max(len(cells) for cells in rows)):
        heading = header[column] if column < len(header) else ""
        found: list[_Area] = []
        for line, cells in zip(table, rows, strict=True):
            if column >= len(cells) or cells is header:
                continue
            said = cells[column].strip(" \u00a0")
            start = line.start + sum(len(cell) + 1 for cell in cells[:column])
            start += cells[column].index(said)
            whole = HECTARES.fullmatch(said)
            in_unit = _UNIT.search(heading) or _UNIT.search(cells[0]) or whole
            number = whole["number"] if whole else said
            if not in_unit or not (whole or _NUMBER.fullmatch(said)):
                continue
            read = measure(number, section.text, start, start + len(said))
            if read is None:
                unread.append(Unread(section.path, line.text[:200], NOT_DUTCH))
                continue
            name = cells[0].strip(" \u00a0:") or None
            concept = _concept(heading, cells[0], section.heading)
            total = bool(_TOTAL_ROW.match(cells[0]))
            found.append(_Area(read, name, concept, IN_A_TABLE, total))
        made += _rows(section, found, together=sum(one.total for one in found) == 1)
    return made


# -- sentences and lists -----------------------------------------------------------------------
def _prose(section: Section, places: Sequence[Place], unread: list[Unread]) -> list[Row]:
    """Areas in sentences and lists, a line of a list being a sentence."""
    text = section.text
    made: list[Row] = []
    said: list[tuple[Place, list[_Area]]] = []
    for place in places:
        if len(made) + len(said) + len(unread) > MOST:
            unread.append(Unread(section.path, text[place[0] : place[1]][:200], TOO_MANY))
            break
        here = _sentence(section, place, unread)
        if not here:
            made += _flushed(section, said)
            said = []
            continue
        said.append((place, here))
        # A blank line ends what belongs together, but for a list below its opening line.
        if text.startswith("\n\n", place[1]) and not text[place[0] : place[1]].endswith(":"):
            made += _flushed(section, said)
            said = []
    return [*made, *_flushed(section, said)]


def _sentence(section: Section, place: Place, unread: list[Unread]) -> list[_Area]:
    """The areas of one sentence or line of a list."""
    text, (start, end) = section.text, place
    found: list[_Area] = []
    last = start
    concept: str | None = None
    for one in islice(measures(text, HECTARES, start, end), MOST):
        if not isinstance(one, Measure):
            unread.append(Unread(section.path, one[0], NOT_DUTCH))
            continue
        before = text[last : one.start]
        if _RANGE.search(text[max(start, one.start - 24) : one.start]):
            unread.append(Unread(section.path, text[max(start, one.start - 12) : one.end], RANGE))
        elif _RATE.match(text, one.end):
            unread.append(Unread(section.path, text[one.start : one.end + 12], RATE))
        else:
            of = _OF.match(text, one.end, end)
            label = _LABEL.fullmatch(before) if last == start and not of else None
            sure = ROUGHLY if one.exactness != "exact" else IN_A_SENTENCE
            concept = concept or _concept(text[start:end], section.heading)
            area = _Area(one, of["name"].strip() if of else None, concept, sure)
            if label and one.end >= end - 1:  # a line of a list: what, and how much
                area.name = label["name"].strip()
                area.confidence = min(IN_A_LIST, sure) if sure == ROUGHLY else IN_A_LIST
            area.total = bool(_TOTAL.search(before)) or bool(_TOTAL_ROW.match(before))
            found.append(area)
        last = one.end
    return found


def _flushed(section: Section, said: Sequence[tuple[Place, list[_Area]]]) -> list[Row]:
    """Rows of areas that stand close together, parts and whole where the words say so."""
    text = section.text
    made: list[Row] = []
    at = 0
    while at < len(said):
        used, whole, parts = _belonging(text, said[at : at + MOST_TOGETHER])
        if whole is not None:
            whole.total = True
            for one in (whole, *parts):
                if one.concept == "not_stated":
                    one.concept = whole.concept
            made += _rows(section, [whole, *parts], together=True)
            belonging = {id(one) for one in (whole, *parts)}
            left = [
                one for _, here in said[at : at + used] for one in here if id(one) not in belonging
            ]
            made += _rows(section, left, together=False)
        else:
            made += _rows(section, said[at][1], together=False)
        at += used
    return made


def _belonging(
    text: str, said: Sequence[tuple[Place, list[_Area]]]
) -> tuple[int, _Area | None, list[_Area]]:
    """Of the sentences from here on: how many belong together, the whole, and its parts; no whole
    where the words do not say that all parts are named."""
    (start, end), here = said[0]
    if _SOME_OF.search(text, start, end):
        return 1, None, []
    whole = [one for one in here if one.total]
    follows = [one for one in here[:1] if _PARTS_FOLLOW.match(text, one.measure.end, end)]
    if len(here) >= 3 and (len(whole) == 1 or follows):
        of = whole[0] if len(whole) == 1 else follows[0]
        return 1, of, [one for one in here if one is not of]
    # `Uitgegeven is 14 ha:` and a list; or a list and its `Totaal`.
    lines = 0
    while 1 + lines < len(said) and len(said[1 + lines][1]) == 1:
        lines += 1
    below = [said[n][1][0] for n in range(1, 1 + lines)]
    if len(here) == 1 and text.endswith(":", start, end) and lines >= 2:
        parts = [one for one in below if not one.total]
        return 1 + lines, here[0], parts
    if len(here) == 1 and not here[0].total:
        ends = next((n for n, one in enumerate(below) if one.total), None)
        if ends is not None and ends >= 1:
            return 2 + ends, below[ends], [here[0], *below[:ends]]
    if len(said) > 1:
        (next_start, next_end), following = said[1]
        names_some = _SOME_OF.search(text, next_start, next_end)
        if len(here) >= 2 and not whole and len(following) == 1 and following[0].total:
            return 2, following[0], list(here)
        opens = bool(whole) or bool(_THESE_ARE.match(text, next_start))
        if len(here) == 1 and len(following) >= 2 and opens and not names_some:
            return 2, here[0], list(following)
    return 1, None, []


def _rows(section: Section, found: Sequence[_Area], *, together: bool) -> list[Row]:
    group = None
    if together and len(found) >= 3:
        group = identify(section.path, min(one.measure.start for one in found), "area")
    return [
        row(
            section,
            one.measure,
            kind="area",
            unit="ha",
            concept=one.concept,
            name=one.name,
            part=("total" if one.total else "part") if group else "single",
            statement_group=group,
            confidence=one.confidence,
        )
        for one in found
    ]
