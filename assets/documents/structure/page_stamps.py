"""The dates that a page states about itself: its publication, its making, the export behind it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field

_PUBLISHED = re.compile(r"^publicatiedatum\s?:?\s?(.{0,40})$", re.IGNORECASE)
_DAY = re.compile(r"^(\d{1,2})[-/](\d{1,2})[-/](\d{4})\.?$")
_DAY_IN_WORDS = re.compile(r"^(\d{1,2}) ([a-z]{3,9})\.? (\d{4})\.?$", re.IGNORECASE)
_BUILT = re.compile(r"^deze pagina is gebouwd op ", re.IGNORECASE)
_MOMENT = r"(\d{1,2})/(\d{1,2})/(\d{4}),? (\d{1,2}):(\d{2}):(\d{2})"
_BUILT_AT = re.compile(r"gebouwd op " + _MOMENT, re.IGNORECASE)
_EXPORTED_AT = re.compile(r"export van " + _MOMENT, re.IGNORECASE)
_LONGEST = 300
MONTHS = {
    "januari": 1,
    "februari": 2,
    "maart": 3,
    "april": 4,
    "mei": 5,
    "juni": 6,
    "juli": 7,
    "augustus": 8,
    "september": 9,
    "oktober": 10,
    "november": 11,
    "december": 12,
}
"""Dutch months by name."""


@dataclass
class Stamps:
    """What a page says of itself so far; `refused` has what it says that cannot be a date."""

    published_on: str | None = None
    built_at: str | None = None
    exported_at: str | None = None
    refused: list[tuple[str, str]] = field(default_factory=list)

    def take(self, text: str) -> bool:
        """Take a line that is a stamp, and say whether it was one. Of two the first counts."""
        if text[:1] not in "PpDd" or len(text) > _LONGEST:
            return False
        if said := _PUBLISHED.match(text):
            return self._published(text, said[1].strip())
        if _BUILT.match(text):
            built, exported = self._moment(_BUILT_AT, text), self._moment(_EXPORTED_AT, text)
            self.built_at = self.built_at or built
            self.exported_at = self.exported_at or exported
            return True
        return False

    def _published(self, text: str, said: str) -> bool:
        day = _day(said)
        if day is None and not said[:1].isdigit():
            return False
        if day is None:
            self.refused.append((text, "no such date (expected day-month-year)"))
        self.published_on = self.published_on or day
        return True

    def _moment(self, pattern: re.Pattern[str], text: str) -> str | None:
        found = pattern.search(text)
        if not found:
            if pattern is _BUILT_AT or "export van" in text.casefold():
                self.refused.append((text, "no moment as month/day/year hours:minutes:seconds"))
            return None
        month, day, year, hours, minutes, seconds = map(int, found.groups())
        try:
            return dt.datetime(year, month, day, hours, minutes, seconds).isoformat()
        except ValueError:
            self.refused.append((text, "no such moment (the publisher writes the month first)"))
            return None


def waits_for_date(text: str) -> bool:
    """Whether a line is the label `Publicatiedatum` alone: its date is the next line."""
    found = _PUBLISHED.match(text) if text[:1] in "Pp" and len(text) <= _LONGEST else None
    return found is not None and not found[1].strip()


def _day(text: str) -> str | None:
    try:
        if found := _DAY.match(text):
            return dt.date(int(found[3]), int(found[2]), int(found[1])).isoformat()
        if found := _DAY_IN_WORDS.match(text):
            month = MONTHS.get(found[2].casefold(), 0)
            return dt.date(int(found[3]), month, int(found[1])).isoformat()
    except ValueError:
        return None
    return None
