"""Amounts of money that a section states: in tables, beside labels, and in sentences.

Absent is not zero: `Geen afwijking` gives no amount at all. What looks like money and cannot be
read for certain (a range, a price per square metre, numbers that ran together) is reported.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

from assets.documents.blocks import CELL
from assets.documents.findings.amount_tables import (
    CAPTION,
    Figure,
    Line,
    factor_in,
    labelled,
    lines_of,
    may_state_factor,
    read_labelled,
    read_table,
)
from assets.documents.findings.numbers_nl import NUMBER_WORDS, parse
from assets.documents.records import Section, Unread
from assets.documents.wordings import Wordings, fold

Row = dict[str, Any]

_DIGITS = r"[0-9](?:[0-9.,]{0,24}[0-9])?"
_WORDS = "|".join(sorted(NUMBER_WORDS, key=len, reverse=True))
_SCALE = r"(?:miljoen|mln\.?|miljard|mld\.?|duizend|ton)(?!\w)"
_EURO = r"(?:€|\b(?:EUR|euro)(?!\w))"
_B = r"[ \u00a0]?"
_MONEY = re.compile(
    rf"(?P<sign>{_EURO}){_B}(?P<first>-?{_DIGITS})(?:,-+)?(?:{_B}(?P<first_by>{_SCALE}))?"
    rf"|(?<![\w.,/-])(?P<then>{_DIGITS})(?:{_B}(?P<then_by>{_SCALE}))?{_B}(?:€|(?:EUR|euro)(?!\w))(?!{_B}[0-9])"
    rf"|\b(?P<word>{_WORDS}) (?P<word_by>miljoen|miljard|mln|mld) euro(?!\w)",
    re.IGNORECASE,
)
_RANGE = re.compile(
    rf"(?:\btussen (?:de )?)?{_EURO}?{_B}(?<![\w.,/-]){_DIGITS}(?:{_B}{_SCALE})?(?:{_B}euro)?"
    rf"(?:{_B}[-–à]{_B}| tot(?: en met)? | à | en )(?:maximaal )?{_EURO}?{_B}{_DIGITS}"
    rf"(?:{_B}{_SCALE})?(?:{_B}(?:euro|€))?",
    re.IGNORECASE,
)
_FACTORS = {"miljoen": 1e6, "mln": 1e6, "miljard": 1e9, "mld": 1e9, "duizend": 1e3, "ton": 1e5}
_ABOUT = re.compile(
    r"\b(?:ruim|circa|ca\.|ongeveer|bijna|zo['’]n|maximaal|max\.|minimaal|minstens|meer dan|tot)\s$",
    re.IGNORECASE,
)
_PRICE = re.compile(r"[ \u00a0]?(?:per|/)[ \u00a0]?(?!jaar|saldo|[0-9])\w", re.IGNORECASE)
_A_YEAR = re.compile(r"[ \u00a0](?:per jaar|jaarlijks)\b", re.IGNORECASE)
_CLAUSE = re.compile(r"[.,;:!?](?=\s)|[()\n\t]")
_CLAUSE_AFTER = re.compile(r"[.,;:!?](?=\s|$)|[()\n\t€]| en | waarvan | naast | terwijl | maar ")
_NEGATED = re.compile(r"\b(?:geen|niet|zonder)\b")
_YEAR_NAMED = re.compile(
    r"\b(?:[Ii]n|[Oo]ver|[Vv]oor) (?:het jaar )?((?:19|20)[0-9]{2})(?![\w/.]|-[0-9])"
)
_DIGIT = re.compile(r"[0-9]")
_ANY_MONEY = re.compile(r"€|\beuro?\b", re.IGNORECASE)
_RUN_ON = re.compile(r"[0-9.]{1,12}\.[0-9]{3}(?:-[0-9]|[0-9]{1,3}\.[0-9]{3})")
_TOKEN = re.compile(r"(?<![\w.,-])-?[0-9][0-9.,-]{8,}[0-9]")
_NAMED_BESIDE = frozenset(
    {
        "budgeted",
        "primitive_budget",
        "revised_budget",
        "spent_and_committed",
        "reserve",
        "investment",
        "contribution",
        "result",
    }
)
"""Concepts whose names say in a sentence, too, what an amount is; `rekening` and `ruimte` do not."""
_SHORTEST_NAME = 5
_BESIDE, _BEHIND = 160, 80
EXACT, NAMELESS, ABOUT = 0.9, 0.85, 0.7
RUN_TOGETHER = "numbers that ran together; the cells of the table are needed"
RANGE = "a range of amounts, not one"
MOST_LINES = 10_000
"""Lines, or amounts in sentences, of one section that are read: beyond is no section of a document."""
TOO_MANY = f"from here on not read: more than {MOST_LINES} lines or amounts in one section"
PRICE = "a price for each of something, not an amount"


def find(section: Section, wordings: Wordings) -> tuple[list[Row], list[Unread]]:
    """Amounts of one section with the columns of `findings.Amount`, except for `amount_id` and
    `document_id`, and what looked like one and was not read.

    `statement_group` is unique in its document only. Confidence: 0.95 where a caption states the
    factor, 0.9 with a sign of euros or in a sentence that says what the amount is, 0.85 in one
    that does not, 0.8 by the publisher's template, 0.7 for `ruim`, `circa`, `per jaar`.
    """
    text = section.text
    if not _DIGIT.search(text) and "euro" not in text:
        return [], []
    made: list[Row] = []
    unread: list[Unread] = []
    left: list[Line] = []
    lines = lines_of(text)
    if len(lines) > MOST_LINES:
        unread.append(Unread(section.path, lines[MOST_LINES].text[:200], TOO_MANY))
        lines = lines[:MOST_LINES]
    headed = f"{section.heading}\n{text}"
    captions = may_state_factor(headed)
    whole = factor_in(headed) if captions else None
    pending: list[Figure] = []
    at, above = 0, whole
    while at < len(lines):
        line = lines[at]
        stated = factor_in(line.text) if captions else None
        if stated is not None and stated != above:
            _flush(section, pending, above, made, unread)
            above = stated
        figures, used = labelled(line, lines[at + 1] if at + 1 < len(lines) else None, wordings)
        if figures:
            pending += figures
            at += 1 + used
            continue
        _flush(section, pending, above, made, unread)
        end = at
        while end < len(lines) and CELL in lines[end].text and _joined(text, lines, at, end):
            end += 1
        read = read_table(section, lines[at:end], above, wordings) if end > at else None
        if read:
            made += read[0]
            unread += read[1]
        else:
            left += lines[at : max(end, at + 1)]
        at = max(end, at + 1)
    _flush(section, pending, above, made, unread)
    for line in left:
        unread += _run_together(section, line)
    rows, more = _in_sentences(section, left, wordings)
    made = sorted([*made, *rows], key=lambda row: row["quote_start"])
    return made, [*unread, *more]


def _flush(
    section: Section,
    pending: list[Figure],
    caption: float | None,
    made: list[Row],
    unread: list[Unread],
) -> None:
    """Reads the labelled figures seen so far, which stand together, and begins anew."""
    if pending:
        rows, more = read_labelled(section, pending, caption)
        made += rows
        unread += more
        pending.clear()


def _joined(text: str, lines: Sequence[Line], first: int, line: int) -> bool:
    """Whether a line belongs to the table that begins at `first`: no empty line between."""
    return line == first or "\n\n" not in text[lines[line - 1].end : lines[line].start + 1]


def _run_together(section: Section, line: Line) -> list[Unread]:
    return [
        Unread(section.path, token[0][:200], RUN_TOGETHER)
        for token in _TOKEN.finditer(line.text)
        if parse(token[0]) is None and _RUN_ON.search(token[0][:200])
    ]


# -- in sentences ------------------------------------------------------------------------------
def _in_sentences(
    section: Section, lines: Sequence[Line], wordings: Wordings
) -> tuple[list[Row], list[Unread]]:
    """Amounts in running text, each with what its clause says that it is."""
    lines = [line for line in lines if _ANY_MONEY.search(line.text)]
    if not lines:
        return [], []
    names = [
        (text, label.means)
        for text, label in wordings.of("amount")
        if label.means in _NAMED_BESIDE and len(text) > 3
    ]
    made: list[Row] = []
    unread: list[Unread] = []
    for line in lines:
        captions = CAPTION.finditer(line.text) if may_state_factor(line.text) else ()
        masked = [caption.span() for caption in captions]
        for found in _RANGE.finditer(line.text):
            if _is_range(line.text, found):
                masked.append(found.span())
                unread.append(Unread(section.path, found[0].strip(), RANGE))
        masked.sort()
        starts = [start for start, _ in masked]
        last = 0
        for money in _MONEY.finditer(line.text):
            if "€" in money[0] or "eur" in money[0].lower():
                near = bisect_right(starts, money.end() - 1) - 1
                if near >= 0 and masked[near][1] > money.start():
                    continue
                read = _read(section, line, money, last, names)
                last = money.end()
                if len(made) + len(unread) >= MOST_LINES:
                    unread.append(Unread(section.path, money[0], TOO_MANY))
                    return made, unread
                if isinstance(read, Unread):
                    unread.append(read)
                elif read is not None:
                    made.append(read)
    return made, unread


def _is_range(text: str, found: re.Match[str]) -> bool:
    """Whether two numbers with a joint between them are the ends of a range of money."""
    said = found[0].lower()
    money = "€" in said or "eur" in said or text[max(0, found.start() - 1)] == "€"
    if not money:
        return False
    return " en " not in said or said.startswith("tussen")


def _read(
    section: Section,
    line: Line,
    money: re.Match[str],
    last: int,
    names: Sequence[tuple[str, str]],
) -> Row | Unread | None:
    """One amount of a sentence; Unread where it is none, None where it is no number at all."""
    text = line.text
    if _PRICE.match(text, money.end()):
        return Unread(section.path, text[money.start() : money.end() + 20], PRICE)
    number = money["first"] or money["then"] or money["word"]
    by = money["first_by"] or money["then_by"] or money["word_by"]
    value = parse(number)
    if value is None:
        return Unread(section.path, money[0], "not a number as Dutch documents write them")
    if by is None and re.fullmatch(r"-?[0-9.]+,[0-9]", number):
        return Unread(section.path, money[0], "one decimal and no factor: a word may be missing")
    factor = _FACTORS[by.lower().rstrip(".")] if by else 1.0
    before = text[max(last, money.start() - _BESIDE) : money.start()]
    after = text[money.end() : money.end() + _BEHIND]
    cut = [stop.end() for stop in _CLAUSE.finditer(before)]
    stop = _CLAUSE_AFTER.search(after)
    clause = before[cut[-1] if cut else 0 :]
    trailing = after[: stop.start()] if stop else after
    label, concept = _concept(clause, trailing, names)
    about = _ABOUT.search(before) or _A_YEAR.match(text, money.end())
    years = set(_YEAR_NAMED.findall(f"{clause} {trailing}"))
    sure = NAMELESS if concept == "not_stated" else EXACT
    start, end = line.start + money.start(), line.start + money.end()
    return {
        "performance_code": section.code,
        "concept": concept,
        "label": label,
        "row_label": None,
        "value": value,
        "factor": factor,
        "factor_source": "word" if by else "symbol",
        "amount_eur": round(value * factor, 2),
        "period": years.pop() if len(years) == 1 else None,
        "scope": "sentence",
        "statement_group": None,
        "confidence": ABOUT if about else sure,
        "section": section.path,
        "quote_start": start,
        "quote_end": end,
    }


def _concept(before: str, after: str, names: Sequence[tuple[str, str]]) -> tuple[str | None, str]:
    """What the clause calls the amount; what stands before it counts first, and two different
    names count as none."""
    for part in (before, after):
        if len(part) < _SHORTEST_NAME:
            continue
        said = f" {re.sub(r'[^a-z]+', ' ', fold(part))} "
        found = [(name, means) for name, means in names if f" {name} " in said]
        if found:
            if len({means for _, means in found}) > 1 or _NEGATED.search(said):
                return None, "not_stated"
            at = part.casefold().find(found[0][0])
            return part[at : at + len(found[0][0])] if at >= 0 else found[0][0], found[0][1]
    return None, "not_stated"
