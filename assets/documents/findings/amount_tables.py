"""Amounts in tables (cells parted by tabs) and in figures beside labels (`Begroot 63.274`).

A figure counts only under or beside a declared name of an amount, and only where the text says
what it must be multiplied by; what fails either is reported, not guessed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assets.documents.blocks import CELL
from assets.documents.findings.numbers_nl import parse
from assets.documents.records import Section, Unread, identify
from assets.documents.wordings import Wordings

Place = tuple[int, int]
Factor = tuple[float, str]

FACTOR_NOT_STATED = "an amount whose factor is nowhere stated (euros, or thousands of them?)"
LIKE_A_YEAR = "four digits without a dot below the name of an amount: an amount, or a year?"
TEMPLATES = (("budgeted", "realised", "room"), ("budgeted", "spent_and_committed", "room"))
"""Figures that the publisher's template puts above a programme, always in thousands of euros."""
TEMPLATE_FACTOR: Factor = (1000.0, "template")
STATED, BY_TEMPLATE, SYMBOL = 0.95, 0.8, 0.9

CAPTION = re.compile(
    r"(?P<times>(?:€|\bEUR|\bbedragen|\()[ \u00a0]?[x×*][ \u00a0]?(?:€|EUR)?[ \u00a0]?"
    r"|\bbedragen in (?:€|EUR)[ \u00a0]|\b[x×][ \u00a0](?:€|EUR)[ \u00a0]?"
    r"|\b[x×][ \u00a0]?(?=[0-9.]{1,9}[ \u00a0](?:euro|EUR)))"
    r"(?P<by>1\.000\.000|1\.000|1000000|1000|(?:1[ \u00a0])?(?:mln|miljoen|mld|miljard|duizend))"
    r"(?![\w]|\.[0-9])(?! ?(?:ha|m2|m²|fte|inwoners|banen|stuks)\b)"
    r"|\bin (?P<words>duizend(?:en|tallen)?|miljoen(?:en)?|miljard(?:en)?)(?: euro's| euro’s| euro)"
    r"|\bbedragen in (?P<units>euro's|euro’s|euro|€)(?!\w|[ \u00a0]?[0-9])",
    re.IGNORECASE,
)
_IN_CAPTIONS = ("bedragen in ", "in duizend", "in miljoen", "in miljard")
_TIMES = re.compile(r"[x×*][ \u00a0]{0,2}(?:€|eur|[1md])")
"""One of these is in every caption: most texts need no closer look."""
_YEAR = re.compile(r"(?<![0-9/.,])(?:19|20)[0-9]{2}(?![0-9/.,]*[0-9])")
_NO_MONEY = re.compile(
    r"(?<!\w)(?:ha|hectare|m2|m²|km|fte|%|percentage|procent|aantal|banen|bedrijven|inwoners)(?!\w)",
    re.IGNORECASE,
)
_LABELLED = re.compile(
    r"(?P<label>[^\W\d][^\d€\n\t(]{1,60}?)[ :\u00a0]*(?P<figure>[-−–(]?[€\d].*)$"
)
_NUMBERS = re.compile(r"[-−–(]?[0-9][0-9.,]*\)?")
_LONGEST_LABELLED = 300
_PROGRAMME = re.compile(r"\b(?:programma|kerntaak)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a section, without blanks around it."""

    start: int
    text: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(slots=True)
class Figure:
    """A number with the name of what it is, not yet multiplied."""

    concept: str
    label: str
    value: float | None
    start: int
    end: int
    euro_sign: bool
    period: str | None = None
    row_label: str | None = None


def lines_of(text: str) -> list[Line]:
    """The lines of `text` that say something, with their places."""
    found, at = [], 0
    for line in text.split("\n"):
        said = line.strip(" \u00a0\r")
        if said.strip():
            found.append(Line(at + line.index(said), said))
        at += len(line) + 1
    return found


def may_state_factor(text: str) -> bool:
    """Whether there may be a caption in `text`: a cheap question, that most texts answer."""
    said = text.lower()
    return any(words in said for words in _IN_CAPTIONS) or bool(_TIMES.search(said))


def factor_in(text: str) -> float | None:
    """By how much a caption says that figures are multiplied; None where none or several do."""
    if not may_state_factor(text):
        return None
    found = {_by(caption) for caption in CAPTION.finditer(text)}
    return found.pop() if len(found) == 1 else None


def _by(caption: re.Match[str]) -> float:
    if caption["units"]:
        return 1.0
    said = (caption["words"] or caption["by"]).lower()
    if said.startswith("duizend") or "duizend" in said or said in ("1.000", "1000"):
        return 1e3
    return 1e9 if "mld" in said or "miljard" in said else 1e6


def scope_of(section: Section) -> str:
    """What figures outside of sentences cover, by the section they stand in."""
    if section.code:
        return "performance"
    return "programme" if _PROGRAMME.search(section.path) else "document"


def row(
    section: Section, figure: Figure, factor: Factor, group: str | None, confidence: float
) -> dict[str, Any]:
    """A row with the columns of `findings.Amount`, except for its id and document."""
    assert figure.value is not None
    return {
        "performance_code": section.code,
        "concept": figure.concept,
        "label": figure.label,
        "row_label": figure.row_label,
        "value": figure.value,
        "factor": factor[0],
        "factor_source": factor[1],
        "amount_eur": round(figure.value * factor[0], 2),
        "period": figure.period,
        "scope": scope_of(section),
        "statement_group": group,
        "confidence": confidence,
        "section": section.path,
        "quote_start": figure.start,
        "quote_end": figure.end,
    }


def _name(text: str, wordings: Wordings) -> tuple[str, str] | None:
    """Concept and label that a header or label is a declared wording of, its year aside."""
    bare = _YEAR.sub(" ", CAPTION.sub(" ", text)).strip(" ()€\u00a0")
    label = wordings.find("amount", bare) if bare else None
    return (label.means, text.strip(" :")) if label else None


def _period(text: str) -> str | None:
    years = set(_YEAR.findall(text))
    return years.pop() if len(years) == 1 else None


def _figure(text: str) -> tuple[bool, float | None, bool]:
    """Whether `text` is a figure or a dash, its number (None for a dash), and whether it has a
    sign of euros."""
    said = text.strip(" \u00a0")
    bare = re.sub(r"^([-−–(]?) ?(?:€|EUR) ?", r"\1", said)
    if bare in {"-", "–", "−"}:
        return True, None, False
    if not bare[:1] or not (bare[0].isdigit() or bare[0] in "-−–+("):
        return False, None, False
    value = parse(bare)
    return value is not None, value, bare != said


def _like_a_year(text: str) -> bool:
    return bool(re.fullmatch(r"(?:19|20)[0-9]{2}", text.strip(" \u00a0")))


# -- tables ------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Cell:
    text: str
    start: int


def _cells(line: Line) -> list[_Cell]:
    found, at = [], line.start
    for part in line.text.split(CELL):
        said = part.strip(" \u00a0")
        found.append(_Cell(said, at + part.index(said)))
        at += len(part) + 1
    return found


def _is_header(cells: Sequence[_Cell]) -> bool:
    figures = (_figure(cell.text) for cell in cells if not _like_a_year(cell.text))
    return not any(is_one and value is not None for is_one, value, _ in figures)


def read_table(
    section: Section, table: Sequence[Line], caption: float | None, wordings: Wordings
) -> tuple[list[dict[str, Any]], list[Unread]] | None:
    """Amounts of a table, its rows given as lines; None where no header or row is a declared name.

    `caption`: the factor stated above the table or in its section; one in its header comes first.
    """
    rows = [_cells(line) for line in table]
    top = 0
    while top < len(rows) and top < 3 and _is_header(rows[top]):
        top += 1
    head, body = rows[:top], rows[top:]
    width = len(head[0]) if head else max(len(cells) for cells in rows)
    columns = [[h[n].text for h in head if n < len(h)] for n in range(width)]
    names = [next((x for c in column if (x := _name(c, wordings))), None) for column in columns]
    by_row = [_name(cells[0].text, wordings) for cells in body]
    if not any(names) and not any(by_row):
        return None
    periods = [_period(" ".join(column)) for column in columns]
    stated = factor_in(" ".join(c for column in columns for c in column))
    factor = stated if stated is not None else caption
    figures: list[list[Figure]] = []
    unread: list[Unread] = []
    for line, cells, name in zip(table[top:], body, by_row, strict=True):
        if head and len(cells) != width:
            reason = f"a row of {len(cells)} cells below a header of {width}"
            unread.append(Unread(section.path, line.text[:200], reason))
            continue
        found = []
        for n, cell in enumerate(cells):
            known = names[n] or (name if n and not any(names) else None)
            is_one, value, sign = _figure(cell.text)
            units = " ".join((cells[0].text if n else "", *columns[n]))
            if known is None or not is_one or _NO_MONEY.search(units):
                continue
            if _like_a_year(cell.text):
                unread.append(Unread(section.path, line.text[:200], LIKE_A_YEAR))
                continue
            heading = (n and not _figure(cells[0].text)[0] and cells[0].text) or None
            end = cell.start + len(cell.text)
            found.append(
                Figure(known[0], known[1], value, cell.start, end, sign, periods[n], heading)
            )
        figures.append([f for f in found if f.value is not None])
    made, more = _made(section, figures, factor, table[0].text)
    return made, [*unread, *more]


def _made(
    section: Section, groups: Sequence[Sequence[Figure]], factor: float | None, said: str
) -> tuple[list[dict[str, Any]], list[Unread]]:
    """Rows of figures that stand together; those without any factor are reported once a table."""
    made: list[dict[str, Any]] = []
    left = False
    for figures in groups:
        by = [_factor(figure, factor) for figure in figures]
        concepts = tuple(figure.concept for figure in figures)
        template = factor is None and concepts in TEMPLATES and not any(by)
        group = identify(section.path, figures[0].start) if len(set(concepts)) > 1 else None
        for figure, known in zip(figures, by, strict=True):
            if template:
                made.append(row(section, figure, TEMPLATE_FACTOR, group, BY_TEMPLATE))
            elif known:
                confidence = STATED if known[1] == "caption" else SYMBOL
                made.append(row(section, figure, known, group, confidence))
            else:
                left = True
    return made, [Unread(section.path, said[:200], FACTOR_NOT_STATED)] if left else []


def _factor(figure: Figure, caption: float | None) -> Factor | None:
    if caption is not None:
        return caption, "caption"
    return (1.0, "symbol") if figure.euro_sign else None


# -- figures beside labels ---------------------------------------------------------------------
def labelled(line: Line, following: Line | None, wordings: Wordings) -> tuple[list[Figure], bool]:
    """Figures with their labels on this line (`Begroot 63.274 / Ruimte 1.550`), or on this and the
    next; the flag tells whether the next was used. Empty where the line is anything else."""
    if len(line.text) > _LONGEST_LABELLED:
        return [], False
    parts: list[tuple[str, int]] = []
    at = line.start
    for part in re.split(r"( / |\t\|\t| \| )", line.text):
        if part.strip() not in {"/", "|"}:
            parts.append((part, at))
        at += len(part)
    if CELL in line.text:
        parts = _pairs(line)
    found = [_beside(said, start, wordings) for said, start in parts]
    if found and all(found):
        return [figure for figure in found if figure], False
    name = _name(line.text, wordings) if len(line.text) <= 80 else None
    if name and following and CELL not in following.text:
        is_one, value, sign = _figure(following.text)
        if is_one:
            return [
                Figure(*name, value, following.start, following.end, sign, _period(line.text))
            ], True
    return [], False


def _pairs(line: Line) -> list[tuple[str, int]]:
    """Label and number by turns, in cells: each two as one text."""
    cells = line.text.split(CELL)
    if len(cells) % 2:
        return [(line.text, line.start)]
    found, at = [], line.start
    for n in range(0, len(cells), 2):
        said = f"{cells[n]}{CELL}{cells[n + 1]}"
        found.append((said, at))
        at += len(said) + 1
    return found


def _beside(said: str, start: int, wordings: Wordings) -> Figure | None:
    """`Begroot 63.274`, with a blank, colon or tab between."""
    if len(said) > 120:
        return None
    flat = said.replace(CELL, " ")
    parted = _LABELLED.match(flat.strip())
    if parted is None:
        return _dash_beside(flat, start, wordings)
    name = _name(parted["label"], wordings)
    is_one, value, sign = _figure(parted["figure"])
    if name is None or not is_one:
        year = re.match(r"((?:19|20)[0-9]{2})[ :]+(.+)$", parted["figure"])
        if name is None or year is None:
            return None
        is_one, value, sign = _figure(year[2])
        if not is_one:
            return None
    lead = len(flat) - len(flat.lstrip())
    period = _period(parted["figure"]) if not _like_a_year(parted["figure"]) else None
    end = start + lead + len(flat.strip())
    return Figure(*name, value, start + lead, end, sign, period)


def _dash_beside(flat: str, start: int, wordings: Wordings) -> Figure | None:
    """`Ruimte -`: the label is there, the amount is not."""
    said = flat.strip()
    if not said.endswith(("-", "–", "−")):
        return None
    name = _name(said[:-1].strip(), wordings)
    return Figure(*name, None, start, start + len(flat), False) if name else None


def read_labelled(
    section: Section, figures: Sequence[Figure], caption: float | None
) -> tuple[list[dict[str, Any]], list[Unread]]:
    """Rows of labelled figures that stand together; a name that comes again begins a new group."""
    groups: list[list[Figure]] = [[]]
    unread: list[Unread] = []
    for figure in figures:
        said = section.text[figure.start : figure.end]
        number = _NUMBERS.findall(said)
        if number and _like_a_year(number[-1]) and len(number) == 1 and not figure.euro_sign:
            unread.append(Unread(section.path, said, LIKE_A_YEAR))
            continue
        if any(other.concept == figure.concept for other in groups[-1]):
            groups.append([])
        groups[-1].append(figure)
    made: list[dict[str, Any]] = []
    for group in groups:
        whole = tuple(figure.concept for figure in group)
        stated = [figure for figure in group if figure.value is not None]
        if caption is None and whole in TEMPLATES and not any(f.euro_sign for f in stated):
            key = identify(section.path, stated[0].start) if len(stated) > 1 else None
            made += [row(section, f, TEMPLATE_FACTOR, key, BY_TEMPLATE) for f in stated]
        elif stated:
            said = section.text[stated[0].start : stated[-1].end]
            rows, left = _made(section, [stated], caption, said)
            made += rows
            unread += left
    return made, unread
