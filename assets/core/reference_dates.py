"""Reference dates of a register, and which of them lie a year apart."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

YEAR, SLACK = 365, 31
"""Days; a register that is counted yearly is not always counted on the same day."""


def year_before(edition: str, editions: Iterable[str]) -> str | None:
    """Of `editions` the one that lies nearest to a year before `edition`, within a month; None
    where none does, or where `edition` is no date.

    What is born, dies and moves is told by the year: two dates that lie closer or further apart
    are not compared.
    """
    day = _day(edition)
    if day is None:
        return None
    distances = [
        (abs((day - other).days - YEAR), said) for said in editions if (other := _day(said))
    ]
    distance, found = min(distances, default=(SLACK + 1, None))
    return found if distance <= SLACK else None


def _day(edition: str) -> dt.date | None:
    digits = re.sub(r"\D", "", edition)
    try:
        return dt.date.fromisoformat(digits) if len(digits) == 8 else None
    except ValueError:
        return None
