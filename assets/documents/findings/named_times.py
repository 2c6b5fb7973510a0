"""Times that a text names, and how precisely: `sinds april 2019`, `eind november`, `over tien jaar`."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Literal

Precision = Literal["day", "month", "part_of_month", "year", "period", "undated"]
MONTHS = (
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
)
_MONTH = "|".join(MONTHS)
_COUNT = r"(?:[0-9]{1,3}|een|één|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|twaalf|twintig)"
_TIME = re.compile(
    # the first sign before the words: most words of a text begin with another
    r"\b(?=[0-9abdefhijkmnostv])(?:"
    rf"(?:(?P<day>[0-3]?[0-9]) )?(?:(?P<part>begin|medio|half|eind) )?(?P<month>{_MONTH})"
    r"(?: (?P<year>(?:19|20)[0-9]{2}))?\b"
    r"|(?:in|sinds|vanaf|tot|voor|na|eind|begin|medio) (?P<alone>(?:19|20)[0-9]{2})(?![\w/.]\d)\b"
    rf"|over (?P<period>{_COUNT}(?: (?:of|tot|à) {_COUNT})? jaar)\b"
    r"|(?P<coming>(?:de )?(?:komende|afgelopen|volgende) (?:jaren|maanden|periode|decennia))\b)",
    re.IGNORECASE,
)
_IN_TIMES = (*MONTHS, "19", "20", "jaar", "jaren", "maanden", "periode", "decennia")
"""One of these is in every time: most texts need no closer look."""
_FIRST_DAY = {"begin": 1, "half": 11, "medio": 11, "eind": 21}
"""First day that `eind november` allows: the third part of a month begins on the 21st."""


@dataclass(frozen=True, slots=True)
class NamedTime:
    """A time as written, how precise it is, and the first day that the words allow."""

    text: str
    precision: Precision
    first_day: dt.date | None


def first_time(text: str) -> NamedTime | None:
    """The first time that `text` names; None where it names none.

    Without a year there is no first day: it is not guessed from the document.
    """
    said = text.lower()
    found = _TIME.search(text) if any(word in said for word in _IN_TIMES) else None
    if found is None:
        return None
    if found["period"] or found["coming"]:
        return NamedTime(found[0], "period", None)
    if found["alone"]:
        return NamedTime(found["alone"], "year", dt.date(int(found["alone"]), 1, 1))
    part = (found["part"] or "").lower()
    precision: Precision = "part_of_month" if part else "month"
    if found["day"] and not part:
        precision = "day"
    if found["month"].lower() == "mei" and not found["month"][0].islower():
        return None
    day = int(found["day"] or 0) or _FIRST_DAY.get(part, 1)
    return NamedTime(found[0], precision, _day(found["year"], found["month"], day))


def _day(year: str | None, month: str, day: int) -> dt.date | None:
    if year is None:
        return None
    try:
        return dt.date(int(year), MONTHS.index(month.lower()) + 1, day)
    except ValueError:
        return None
