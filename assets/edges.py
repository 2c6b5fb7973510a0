"""The edges of the house: all that an asset reaches outside its frames goes through here.

Built once by `pipelines.resources` from the settings; tests build their own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assets.catalogue import Catalogue
from warehouse.archive import Archive
from warehouse.frames import FrameStore

if TYPE_CHECKING:
    from assets.sources.survey import FetcherOf
    from expectations.ledger import Ledger
    from warehouse.incidents import Incidents


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC).replace(tzinfo=None)


def _nobody(at: dt.datetime) -> list[str]:
    return []


@dataclass(frozen=True)
class Edges:
    """Archive, frames, ledger, incidents, publishers, clock and the catalogue."""

    catalogue: Catalogue
    archive: Archive
    frames: FrameStore
    ledger: Ledger
    incidents: Incidents
    """What is wrong, since when, and whom that was told."""
    fetcher_of: FetcherOf
    warehouse_url: str
    home: Path
    sample: bool
    """Whether the publishers are the bundled sample, a cut with fewer rows than the real tables."""
    code_version: str
    now: Callable[[], dt.datetime] = field(default=_now)
    """The clock, UTC without zone."""
    tell: Callable[[dt.datetime], list[str]] = _nobody
    """Sends what is owed to people and machines at a moment (UTC without zone), and returns lines on what
    could not be sent. Never raises: a message that fails is tried again at the next call."""
    memory: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)
    """What was computed in this process and several assets need."""

    def row_floor(self, source: str) -> int:
        """Fewest rows an edition of `source` may have here."""
        declared = self.catalogue.sources[source]
        return (
            declared.sample_row_floor or declared.row_floor if self.sample else declared.row_floor
        )
