"""How taking in a source can fail, parted once and for all into what may pass and what will not."""
# ruff: noqa: N818 - they are named for what happened, as a reader of the log needs it

from __future__ import annotations


class SourceError(Exception):
    """A source could not be taken in; the message says what was expected, what came, what to do."""


class TransientError(SourceError):
    """May pass by itself: no connection, a time-out, 408, 429, a server error."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        """Seconds the publisher asked us to wait, where it did."""


class Unreachable(SourceError):
    """Still failing after all tries; the next night tries again."""


class Refused(SourceError):
    """The publisher's answer will be the same next time: a 4xx, a foreign link, not the format."""


class Absent(SourceError):
    """The publisher does not have it (404 or 410)."""


class Incomplete(SourceError):
    """What arrived is not the whole: a page cut off, a count that does not agree."""


class Unstable(SourceError):
    """The table changed while it was being read, twice in a row."""


class ContractBroken(SourceError):
    """The publisher's columns, units or codes are not what is declared for the source."""


PASSING = (TransientError, Unreachable, Incomplete, Unstable)
"""What may be over in a few minutes; everything else will be the same until somebody does something."""
