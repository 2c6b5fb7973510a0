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


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC).replace(tzinfo=None)


@dataclass(frozen=True)
class Edges:
    """Archive, frames, ledger, publishers, clock and the catalogue."""

    catalogue: Catalogue
    archive: Archive
    frames: FrameStore
    ledger: Ledger
    fetcher_of: FetcherOf
    warehouse_url: str
    home: Path
    sample: bool
    """Whether the publishers are the bundled sample, a cut with fewer rows than the real tables."""
    code_version: str
    now: Callable[[], dt.datetime] = field(default=_now)
    """The clock, UTC without zone."""
    memory: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)
    """What was computed in this process and several assets need."""

    def row_floor(self, source: str) -> int:
        """Fewest rows an edition of `source` may have here."""
        declared = self.catalogue.sources[source]
        return (
            declared.sample_row_floor or declared.row_floor if self.sample else declared.row_floor
        )
