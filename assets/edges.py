"""The edges of the house: all that an asset reaches outside its frames goes through here.

Built once by `pipelines.resources` from the settings; tests build their own.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assets.catalogue import Catalogue
from assets.sources.landing import Landing, nothing
from warehouse.archive import Archive
from warehouse.exclusive import only_writer
from warehouse.frames import FrameStore
from warehouse.leftovers import clear_away
from warehouse.parts import Copies

if TYPE_CHECKING:
    from assets.sources.survey import FetcherOf
    from expectations.ledger import Ledger
    from warehouse.incidents import Incidents
    from warehouse.leases import Leases


COPIES = "copies"
"""Folder, below the state, of the parts that were published last."""


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
    copies: Copies | None = None
    """Copies of the parts that were published last; by default below `home`."""
    leases: Leases | None = None
    """Where the state is in an object store: by which machines wait for each other."""
    measure: Callable[[dt.datetime], list[str]] = _nobody
    """Writes down for machines how the house fares at a moment; returns lines on what could not be
    written. Never raises."""
    landed: Landing = nothing
    """What lies in the inbox, at a glance."""
    memory: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)
    """What was computed in this process and several assets need."""

    @property
    def published_parts(self) -> Copies:
        """Copies of the parts that were published last."""
        return self.copies or Copies(self.home / COPIES)

    def look(self) -> None:
        """Forget what was seen of archive and assets: others may have written since."""
        for kept in (self.archive, self.frames, self.ledger, self.published_parts):
            kept.place.look()

    @contextlib.contextmanager
    def alone(self, waiting: Callable[[], None], name: str = "state") -> Iterator[None]:
        """Hold the lock `name` of this state, on this machine and among machines.

        `waiting` is called where another process holds it. What a process that was killed had written
        half is taken away. Raises what asking for a lease raises.
        """
        folder = self.home if name == "state" else self.home / "locks" / name
        with only_writer(folder, waiting, lambda: clear_away(self.home)):
            held = self.leases.hold(name, waiting) if self.leases else contextlib.nullcontext()
            with held:
                self.look()
                yield

    def row_floor(self, source: str) -> int:
        """Fewest rows an edition of `source` may have here."""
        declared = self.catalogue.sources[source]
        return (
            declared.sample_row_floor or declared.row_floor if self.sample else declared.row_floor
        )
