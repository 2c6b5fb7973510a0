"""References to decisions (`PS/2016/486`) and to other performances (`zie prestatie 8.1.5`).

A reference is known by its form alone; what kind of decision it is, is said by the words right
beside it. Where these leave doubt the kind is `unknown`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from assets.documents.findings.sentences import holding, sentences
from assets.documents.records import Reference, Section, Unread
from assets.documents.wordings import Wordings, fold

EARLIEST = 1990
"""Year before which no decision has a reference of this form."""
STRENGTH = (
    "investment_decision",
    "designation",
    "motion",
    "amendment",
    "budget_change",
    "proposal",
    "letter",
    "unknown",
)
"""Kinds of decision, the one that tells most first."""
_DECISION = re.compile(
    r"(?<![\w/])(PS|GS)[ \u00a0]?[/ \u00a0][ \u00a0]?([0-9]{4})[ \u00a0]?/[ \u00a0]?"
    r"([1-9][0-9]{0,7})(?![\w/]|[.,][0-9])"
)
_CODE = r"[1-9][0-9]?\.[0-9]{1,2}\.[0-9]{1,2}(?![0-9]|\.[0-9])"
_PERFORMANCE = re.compile(rf"\b(?:[Pp]restaties? |[Zz]ie (?:ook )?)({_CODE})")
_FURTHER = re.compile(rf"(?:, | en |, en | of |/| / )(?:prestaties? )?({_CODE})")
_MAYBE_DECISION = re.compile(r"[PG]S[ /\u00a0]")
_MAYBE_CODE = re.compile(r"[0-9]\.[0-9]")
"""Without one of these there is nothing that the whole patterns could find: a cheap question."""
_ZIE = re.compile(r"\b[Zz]ie\b")
_CLAUSE_END = re.compile(r"[;:!?\n\t]|\.(?=\s)|,(?=\s)")
_READ_ONCE = 20_000
"""Characters of a text up to which its references are remembered."""
_BESIDE = 160
"""Characters beside a reference in which words about it are looked for."""
_NEAR = 80
_DONE = re.compile(r"\bbesl(?:oten|uit|oot)\b")
_ENDING = re.compile(r"[\s(,:–-]{0,4}(?:\b[Zz]ie(?: ook)?)?[\s(:]{0,3}$")
_QUOTED = re.compile(r"[\"“‘„]([^\"“”‘’„\n]{2,100})[\"”’]$")
_QUOTED_AFTER = re.compile(r"\W{0,3}[\"“‘„]([^\"“”‘’„\n]{2,100})[\"”’]")
_WORDS_AFTER = re.compile(r"[\s:–-]{0,3}((?:[A-Z0-9][\w/-]{0,40} ?){1,8})")
_LEADS_TO_TITLE = frozenset({"over", "inzake", "betreffende", "voor", "van"})
_MOST_WORDS = 8


def find(text: str, *, latest: int | None = None) -> list[Reference]:
    """References in `text`, in order.

    `PS 2016/486` and `PS/2016/ 486` are read as `PS/2016/486`. A number of a performance counts
    only behind `prestatie` or `zie`, or in a list behind one. A decision of before `EARLIEST` or
    after `latest` is left out; `implausible` tells of it.
    """
    found = [r for r in _decisions(text) if _plausible(r, latest)]
    if _MAYBE_CODE.search(text):
        found += _performances(text)
        found.sort(key=lambda reference: reference.start)
    return found


def implausible(section: Section, *, latest: int | None = None) -> list[Unread]:
    """What has the form of a decision's reference, but a year that cannot be."""
    return [
        Unread(
            section.path,
            section.text[r.start : r.end],
            f"a decision of {r.year}: expected {EARLIEST} to {latest or 'now'}",
        )
        for r in _decisions(section.text)
        if not _plausible(r, latest)
    ]


def _plausible(reference: Reference, latest: int | None) -> bool:
    year = reference.year or 0
    return year >= EARLIEST and (latest is None or year <= latest)


def _decisions(text: str) -> Sequence[Reference]:
    """References to decisions, plausible or not; remembered, because three questions are asked of
    every section one after the other."""
    return _remembered(text) if len(text) <= _READ_ONCE else tuple(_decisions_in(text))


@lru_cache(maxsize=256)
def _remembered(text: str) -> tuple[Reference, ...]:
    return tuple(_decisions_in(text))


def _decisions_in(text: str) -> Iterator[Reference]:
    if not _MAYBE_DECISION.search(text):
        return
    for found in _DECISION.finditer(text):
        body, year, number = found.groups()
        yield Reference(
            "decision",
            f"{body}/{year}/{number}",
            int(year),
            body,
            found.start(),
            found.end(),
            _see_also(text, found.start()),
        )


def _performances(text: str) -> Iterator[Reference]:
    last = 0
    for found in _PERFORMANCE.finditer(text):
        code: re.Match[str] | None = found if found.start() >= last else None
        while code is not None:
            start, end = code.span(1)
            last = end
            see_also = _see_also(text, start)
            yield Reference("performance", code[1], None, None, start, end, see_also)
            code = _FURTHER.match(text, end)


def _see_also(text: str, start: int) -> bool:
    """Whether `zie` stands before the reference in its clause, other references aside."""
    low = max(0, start - _BESIDE)
    before = text[low:start]
    at = None
    for zie in _ZIE.finditer(before) if "ie" in before else ():
        at = zie.end()
    if at is None:
        return False
    between = _DECISION.sub("", before[at:])
    between = re.sub(rf"{_CODE}(?:, )?", "", between).lstrip(" ,")
    return not _CLAUSE_END.search(between) and ")" not in between


def decisions(
    sections: Sequence[Section], wordings: Wordings, *, latest: int | None = None
) -> list[dict[str, Any]]:
    """Each mention of a decision: `reference, kind, body, year, title, section, start, end`.

    The kind comes from a declared wording in the same sentence, right before the reference or
    directly after it; the title from the words between quotation marks, or with capitals, that
    stand there.
    """
    kinds = {
        text: label.means for text, label in wordings.of("decision") if label.means != "unknown"
    }
    rows: list[dict[str, Any]] = []
    for section in sections:
        found = [r for r in _decisions(section.text) if _plausible(r, latest)]
        if not found:
            continue
        text, places, last = section.text, sentences(section.text), 0
        for n, reference in enumerate(found):
            begin, end = holding(places, reference.start) or (reference.start, reference.end)
            low = max(begin, last, reference.start - _BESIDE)
            high = min(end, found[n + 1].start if n + 1 < len(found) else end)
            before = text[low : reference.start]
            after = text[reference.end : min(high, reference.end + _BESIDE)]
            kind, title = _beside(before, after, kinds)
            rows.append(
                {
                    "reference": reference.reference,
                    "kind": kind,
                    "body": reference.body,
                    "year": reference.year,
                    "title": title,
                    "section": section.path,
                    "start": reference.start,
                    "end": reference.end,
                }
            )
            last = reference.end
    return rows


def _beside(before: str, after: str, kinds: Mapping[str, str]) -> tuple[str, str | None]:
    """Kind and title, from the words before and after a reference in its sentence."""
    ending = _ENDING.search(before)
    words = before[: ending.start()] if ending else before
    kind, said = _last_wording(words, kinds)
    title = _title_before(words, kinds)
    if kind != "unknown":
        if title is None and fold(words).endswith(said):
            title = _title_after(after)
        return kind, title
    kind, said = _first_wording(after, kinds)
    if title is None and said:
        title = _title_after(after[len(said) :])
    return kind, title


def _last_wording(words: str, kinds: Mapping[str, str]) -> tuple[str, str]:
    """The declared wording that stands nearest, unless something else comes between."""
    folded = fold(words[-_NEAR:])
    if not folded:
        return "unknown", ""
    best: tuple[int, int, str, str] | None = None
    for text, kind in kinds.items():
        at = _whole_word(folded, text)
        if at >= 0 and (best is None or (at + len(text), len(text)) > best[:2]):
            best = (at + len(text), len(text), kind, text)
    if best is None:
        return "unknown", ""
    between = folded[best[0] :]
    if "," in between or ";" in between or ")" in between or _DONE.search(between):
        return "unknown", ""
    return best[2], best[3]


def _whole_word(folded: str, text: str) -> int:
    """Where `text` stands for the last time as whole words; -1 where it does not."""
    at = folded.rfind(text)
    while at >= 0:
        end = at + len(text)
        apart = at == 0 or not (folded[at - 1].isalnum() or folded[at - 1] == "-")
        if apart and (end == len(folded) or not (folded[end].isalnum() or folded[end] == "-")):
            return at
        at = folded.rfind(text, 0, at + len(text) - 1)
    return -1


def _first_wording(after: str, kinds: Mapping[str, str]) -> tuple[str, str]:
    """A declared wording directly after the reference, and the text up to its end."""
    opening = re.match(r"[\s(:–-]{1,4}(?:(?:de|het) )?", after)
    if opening is None or ")" in opening[0]:
        return "unknown", ""
    rest = after[opening.end() :]
    folded = fold(rest[:60])
    if not folded:
        return "unknown", ""
    for text, kind in kinds.items():
        if folded.startswith(text) and not folded[len(text) : len(text) + 1].isalnum():
            return kind, after[: opening.end() + len(text)]
    return "unknown", ""


def _title_before(words: str, wordings: Collection[str]) -> str | None:
    quoted = _QUOTED.search(words[-120:])
    if quoted:
        return quoted[1].strip()
    said = words[-120:].split(" ")
    taken: list[str] = []
    while said and len(taken) < _MOST_WORDS and _begins_name(said[-1]):
        if fold(said[-1]) in wordings:
            break
        taken.insert(0, said.pop())
    if not taken or not said:
        return None
    lead = fold(said[-1].strip("(\"'“‘"))
    if lead in wordings or lead in _LEADS_TO_TITLE:
        return " ".join(taken)
    return None


def _begins_name(word: str) -> bool:
    return bool(word) and (word[0].isupper() or word[0].isdigit()) and word[-1] not in ".,;:)"


def _title_after(after: str) -> str | None:
    quoted = _QUOTED_AFTER.match(after)
    if quoted:
        return quoted[1].strip()
    run = _WORDS_AFTER.match(after)
    return run[1].strip() if run and run[1][0].isupper() else None


def merge(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """One row for each reference, with the columns of `findings.Decision`, in order of reference.

    The kind is the strongest that any mention gives (`STRENGTH`), the title the one given most
    often. `documents` counts the different `document_id` of the mentions; mentions without one
    count as one document together.
    """
    of: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        of[row["reference"]].append(row)
    return [
        {
            "reference": reference,
            "kind": min((m["kind"] for m in mentions), key=STRENGTH.index),
            "body": mentions[0]["body"],
            "year": mentions[0]["year"],
            "title": _usual(m["title"] for m in mentions),
            "documents": len({m.get("document_id") for m in mentions}),
        }
        for reference, mentions in sorted(of.items())
    ]


def _usual(titles: Iterable[str | None]) -> str | None:
    """The title given most often; of several the longest, then the first in the alphabet."""
    times: defaultdict[str, int] = defaultdict(int)
    for title in titles:
        if title:
            times[title] += 1
    if not times:
        return None
    return min(times, key=lambda title: (-times[title], -len(title), title))
