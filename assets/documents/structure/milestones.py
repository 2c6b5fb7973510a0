"""Milestones: a line each of a list of milestones, when it is due, and how it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from assets.documents.records import Section
from assets.documents.structure.fields import Field
from assets.documents.structure.headings import without_marker
from assets.documents.structure.page_stamps import MONTHS
from assets.documents.wordings import Wordings, fold

_MONTH = "|".join(MONTHS)
_YEAR = r"((?:19|20)\d\d)"
_DUE = re.compile(
    r"(?<![\w/])(?:"
    rf"\d{{1,2}}[-/.]\d{{1,2}}[-/.]{_YEAR}"
    rf"|(?:Q|K|kw ?)[1-4][ -]{_YEAR}"
    rf"|{_YEAR}[ -](?:Q|K)[1-4]"
    rf"|(?:1e|2e|3e|4e|1ste|2de|3de|4de|eerste|tweede|derde|vierde) (?:kwartaal|kw\.?|helft|halfjaar)"
    rf"(?: van)? {_YEAR}"
    rf"|(?:(?:\d{{1,2}}|begin|medio|half|eind|einde) )?(?:{_MONTH}) {_YEAR}"
    rf"|(?:begin|medio|half|eind|einde|voorjaar|zomer|najaar|winter|voor|in|per|uiterlijk) {_YEAR}"
    r")(?![\w/])",
    re.IGNORECASE,
)
_BARE_YEAR = re.compile(rf"^\(?{_YEAR}\)?$|\({_YEAR}\)|[:,] {_YEAR}$|^{_YEAR}: ")
_ANY_YEAR = re.compile(r"(?<![\d/])((?:19|20)\d\d)(?![\d/])")
_DECISION = re.compile(r"\bPS/(\d{4})/(\d{1,8})\b")
_NUMBER = re.compile(r"^(?:\d{1,2}|[a-z])[.)] ")
_BRACKETS = re.compile(r"\(([^()]{1,60})\)")
_NOT = ("niet", "nog niet", "deels", "gedeeltelijk", "grotendeels", "bijna")
_NONE_STATED = frozenset(("geen", "nee", "nvt", "n.v.t", "niet van toepassing", "-", "--", "–"))
"""Answers that say that there is no milestone."""
_HEADERS = frozenset(("mijlpaal", "mijlpalen", "omschrijving", "planning", "status", "datum"))
_LONGEST = 600
"""Characters beyond which a line is prose about milestones, not one of them."""


def read(section: Section, fields: Sequence[Field], wordings: Wordings) -> list[dict[str, Any]]:
    """Milestones of a section: every line of one for milestones, and of its fields `Mijlpalen`.

    Rows have the columns of `warehouse.tables.documents.Milestone` but for `milestone_id` and
    `document_id`. `due` is as written, `due_year` the year in it; the status is `unknown` where
    the line does not say it in a declared word. Nothing is made of lines that only announce others
    (`In 2018:`), of answers such as `Geen.`, and of the heading of a table.
    """
    places: list[tuple[int, int]] = []
    own = [f for f in fields if f.means == "milestones"]
    if section.role == "milestones" and not own:
        taken = [(f.start, f.end) for f in fields]
        places += [p for p in _lines(section.text, 0, len(section.text)) if not _within(p, taken)]
    for found in own:
        places += _lines(section.text, found.value_start, found.end)
    words = wordings.of("milestone") if places else []
    rows = []
    for start, end in places:
        row = _milestone(section.text[start:end], words)
        if row:
            lead = row.pop("lead")
            rows.append(
                {
                    "performance_code": section.code,
                    **row,
                    "section": section.path,
                    "quote_start": start + lead,
                    "quote_end": end,
                }
            )
    return rows


def _within(place: tuple[int, int], spans: Iterable[tuple[int, int]]) -> bool:
    return any(start <= place[0] < end for start, end in spans)


def _lines(text: str, start: int, end: int) -> list[tuple[int, int]]:
    found = []
    place = start
    while place < end:
        stop = text.find("\n", place, end)
        stop = end if stop < 0 else stop
        line = text[place:stop]
        if line.strip():
            found.append((place + len(line) - len(line.lstrip()), place + len(line.rstrip())))
        place = stop + 1
    return found


def _milestone(line: str, words: Sequence[tuple[str, Any]]) -> dict[str, Any] | None:
    """One line as a milestone; `lead` is what stands before its words: a bullet or number."""
    bare = _NUMBER.sub("", without_marker(line), count=1)
    cells = bare.split("\t")
    title = cells[0].strip() or next((cell.strip() for cell in cells if cell.strip()), "")
    if fold(title) in _NONE_STATED or not any(c.isalpha() for c in title) or len(line) > _LONGEST:
        return None
    if title.endswith(":") and len(cells) == 1:
        return None
    if len(cells) > 1 and all(fold(cell) in _HEADERS for cell in cells if cell.strip()):
        return None
    due, year = _due(cells)
    decisions = list(dict.fromkeys(found[0] for found in _DECISION.finditer(bare)))
    return {
        "title": title,
        "due": due,
        "due_year": year,
        "status": _status(cells, words),
        # Of two it is not known which is the milestone's.
        "decision": decisions[0] if len(decisions) == 1 else None,
        "lead": len(line) - len(bare),
    }


def _due(cells: Sequence[str]) -> tuple[str | None, int | None]:
    """When it is due, as written, and the year in it: the first that a cell behind the title
    says, else the title; none where one text says two."""
    for cell in (*cells[1:], cells[0]):
        years = set(_ANY_YEAR.findall(cell))
        if len(years) > 1:
            return None, None
        if not years:
            continue
        found = list(_DUE.finditer(cell)) or list(_BARE_YEAR.finditer(cell.strip()))
        if len(found) == 1:
            year = next(int(part) for part in found[0].groups() if part)
            return found[0][0].strip("(): "), year
        if found:
            return None, None
    return None, None


def _status(cells: Sequence[str], words: Sequence[tuple[str, Any]]) -> str:
    """How it stands, where a whole cell, brackets, or an end of the line say so; else unknown."""
    said: set[str] = set()
    for place, cell in enumerate(cells):
        parts = [cell, *_BRACKETS.findall(cell)]
        for part in parts:
            text = fold(part).strip(" -–:;,")
            for word, label in words:
                if word not in text:
                    continue
                whole = text == word
                first = text.startswith((word + ":", word + " -", word + " –"))
                last = place == 0 and text.endswith(
                    (": " + word, "- " + word, "– " + word, ", " + word)
                )
                closing = text.endswith(" " + word) and not text.endswith(
                    tuple(f"{no} {word}" for no in _NOT)
                )
                if whole or first or last or (closing and (place > 0 or part is cell)):
                    said.add(label.means)
    return said.pop() if len(said) == 1 else "unknown"
