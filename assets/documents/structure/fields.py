"""The labelled fields of a performance: `Looptijd prestatie:` and what stands behind or below it.

Which labels there are is declared in the catalogue. What looks like a label among the basic
information and is not declared becomes a field without a meaning, for an analyst to resolve.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assets.catalogue.document_models import Label
from assets.documents.records import Section, Unread
from assets.documents.structure.page_lines import field_label
from assets.documents.wordings import Wordings, fold

NO_LABEL = "belongs to no label"
_LABEL_LENGTH = 120
"""Characters up to which the part of a line before a colon can be a declared label."""
_UNKNOWN_LENGTH = 90
"""Characters up to which a line with a closing colon can be a label that nobody declared."""
_STRAY_LENGTH = 80
"""Characters up to which a line after the fields of a section without basics is reported: what is
longer is prose, which stands in the section all the same."""
_SENTENCE_INSIDE = re.compile(r"[.;!] ")
_SENTENCE_OPENS = frozenset(
    (
        "wij",
        "we",
        "ja",
        "nee",
        "het",
        "hierbij",
        "hiervoor",
        "dit",
        "deze",
        "daarnaast",
        "in",
        "voor",
        "op",
        "bij",
        "met",
        "om",
        "daarbij",
        "zie",
    )
)
"""First words of a sentence or an answer that announces something, and so is no label."""
_COLOURS = ("progress_colour", "finance_colour")


@dataclass(frozen=True, slots=True)
class Field:
    """A label with its value; positions count the characters of the section's text."""

    label: str
    """As written, without closing colon or question mark."""
    means: str | None
    """One of `warehouse.tables.documents.FIELDS`; None where nobody has declared the label."""
    wording_id: str | None
    """The entry of the catalogue that says so."""
    value: str
    """As written: `text[value_start:end]`; empty where nothing follows."""
    start: int
    """Where the label begins."""
    end: int
    """Where the value ends, or the label where there is none."""
    value_start: int
    open: str | None = None
    """What the `*` of the label's wording stood for: the name of a reserve."""


@dataclass(slots=True)
class _Taking:
    """A label whose value is being read."""

    said: str
    label: Label | None
    start: int
    ends: int
    open: str | None
    value_start: int | None = None
    lines: int = 0

    def take(self, start: int, end: int) -> None:
        self.value_start = start if self.value_start is None else self.value_start
        self.ends = end
        self.lines += 1

    def same_as(self, other: _Taking) -> bool:
        """Whether both mean the same by other entries: then one is a value of the other."""
        mine, its = self.label, other.label
        return mine is not None and its is not None and mine.means == its.means and mine != its

    def made(self, text: str) -> Field:
        start = self.ends if self.value_start is None else self.value_start
        return Field(
            label=self.said.rstrip(" :?\t"),
            means=self.label.means if self.label else None,
            wording_id=self.label.id if self.label else None,
            value=text[start : self.ends],
            start=self.start,
            end=self.ends,
            value_start=start,
            open=self.open,
        )


def read(section: Section, wordings: Wordings) -> tuple[list[Field], list[Unread]]:
    """The fields of a section, in order, and the lines that belong to no label.

    Among the basic information every line is a label or part of a value. In other sections only
    declared labels count, and a value is the rest of its line or the line after it, for what goes
    on below may be prose again.
    """
    basics = section.role == "basics"
    found: list[Field] = []
    unread: list[Unread] = []
    taking: _Taking | None = None
    ended = False
    for start, end in _lines(section.text):
        line = section.text[start:end]
        begun = _label(line, start, wordings, basics=basics)
        if begun is not None:
            if taking and begun.same_as(taking):
                # `Begrotingswijziging` has values that stand without it elsewhere.
                taking.take(start, end)
                continue
            if taking:
                found.append(taking.made(section.text))
            taking, ended = begun, True
            continue
        if taking is None:
            if basics or (ended and len(line) <= _STRAY_LENGTH):
                unread.append(Unread(section.path, line, NO_LABEL))
            continue
        one = (taking.label is not None and taking.label.lines == "one") or not basics
        if one and taking.lines:
            found.append(taking.made(section.text))
            taking = None
            if basics or len(line) <= _STRAY_LENGTH:
                unread.append(Unread(section.path, line, NO_LABEL))
            continue
        taking.take(start, end)
    if taking:
        found.append(taking.made(section.text))
    return found, unread


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """Where the lines of a text begin and end, empty ones and blanks at their ends left out."""
    start = 0
    while start < len(text):
        stop = text.find("\n", start)
        stop = len(text) if stop < 0 else stop
        line = text[start:stop]
        if line.strip():
            lead = len(line) - len(line.lstrip())
            yield start + lead, start + len(line.rstrip())
        start = stop + 1


def _label(line: str, start: int, wordings: Wordings, *, basics: bool) -> _Taking | None:
    """The label that a line is, or begins with."""
    end = start + len(line)
    if label := field_label(line, wordings):
        return _Taking(line, label, start, end, wordings.open_part("field", line))
    for cut in _cuts(line):
        said = line[:cut]
        if label := field_label(said, wordings):
            taking = _Taking(said, label, start, start + cut, wordings.open_part("field", said))
            value = line[cut:]
            lead = len(value) - len(value.lstrip(" :?\t"))
            if value[lead:]:
                taking.take(start + cut + lead, end)
            return taking
    if coloured := _colour_behind(line, start, wordings):
        return coloured
    if basics and _looks_like_label(line):
        return _Taking(line, None, start, end, None)
    return None


def _cuts(line: str) -> list[int]:
    """Where a line may part into label and value: at its first question mark, colon or tab."""
    head = line[: _LABEL_LENGTH + 1]
    places = [head.find(sign) for sign in "?:\t"]
    return sorted(place for place in places if place > 0)


def _colour_behind(line: str, start: int, wordings: Wordings) -> _Taking | None:
    """`Inhoudelijke kleurscore G`: a label and a declared colour without a sign between."""
    said, _, colour = line.rpartition(" ")
    if not said or len(colour) > 1 or wordings.find("status", colour) is None:
        return None
    label = field_label(said, wordings)
    if label is None or label.means not in _COLOURS:
        return None
    taking = _Taking(said, label, start, start + len(said), None)
    taking.take(start + len(line) - len(colour), start + len(line))
    return taking


def _looks_like_label(line: str) -> bool:
    """Whether a line reads as a label: short, with a capital, closed by a colon or question mark,
    and no sentence inside."""
    return (
        line.endswith((":", "?"))
        and 3 <= len(line) <= _UNKNOWN_LENGTH
        and line[0].isupper()
        and len(line.split()) <= 10
        and fold(line.split()[0]) not in _SENTENCE_OPENS
        and not _SENTENCE_INSIDE.search(line)
    )
