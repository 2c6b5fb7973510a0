"""Publication, whichever engine holds the warehouse: one publishes at a time, and readers see the
old or the new whole.

    with publishing(url, Copies(folder)) as target:
        target.history, target.seen          # what stands
        target.replace(contents, ids, seen)  # what shall stand, in one step
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from warehouse.location import DuckDBFile, locate
from warehouse.parts import Contents, Copies

if TYPE_CHECKING:
    import polars as pl

PATIENCE = 3600.0
"""Seconds that a publication waits for another one to end."""


class PublicationError(RuntimeError):
    """Nothing was published, what stood before stands; the message says why, without a password."""


@dataclass(frozen=True)
class Seen:
    """What readers see: hashes of the content and of the state that the house says it is in."""

    content: str
    state: str


@dataclass(frozen=True)
class Changes:
    """What a publication changed."""

    tables: dict[str, int]
    """Rows that were written or taken away, by table; tables that stayed as they were are left out."""
    remark: str | None = None
    """What could not be done yet and will be done by the next publication."""

    @property
    def rows(self) -> int:
        """Rows that were written or taken away."""
        return sum(self.tables.values())


class Publishing(Protocol):
    """The warehouse, held so that nobody else publishes."""

    @property
    def history(self) -> pl.DataFrame | None:
        """`mart.publication` as it stands; None where there is no warehouse yet."""

    @property
    def seen(self) -> Seen | None:
        """What readers see now; None where that is not known."""

    def replace(
        self, contents: Contents, indicator_ids: Iterable[str] | None, seen: Seen
    ) -> Changes:
        """Make the warehouse hold `contents`, in one step. Raises PublicationError, and on any
        failure what stood before stands.

        `contents`: every published table, `mart.publication` with its new last row among them.
        `indicator_ids` become columns of `location_profile`; None for a warehouse without views.
        """


def made_views(contents: Contents, indicator_ids: Iterable[str] | None, engine: str) -> list[str]:
    """The statements that make functions and views, each with its comments; none without
    `indicator_ids`."""
    from warehouse import ddl, views
    from warehouse.dictionary import comments_on_view_columns
    from warehouse.tables import mart

    if indicator_ids is None:
        return []
    described = contents.get(mart.Dictionary)
    on_columns = (
        []
        if isinstance(described, Path | list | None)
        else list(comments_on_view_columns(described))
    )
    return [*views.functions(engine), *ddl.create_views(views.views(indicator_ids)), *on_columns]


@contextlib.contextmanager
def publishing(
    url: str,
    copies: Copies,
    *,
    waiting: Callable[[], None] = lambda: None,
    patience: float = PATIENCE,
) -> Iterator[Publishing]:
    """Hold the warehouse at `url` for a publication; `waiting` is called once where another holds it.

    `copies`: where the parts that were published last are kept, so that only what differs is
    loaded; without them a publication is as good, and slower. Raises PublicationError where the
    warehouse cannot be reached, or where another still publishes after `patience` seconds.
    """
    place = locate(url)
    if isinstance(place, DuckDBFile):
        from warehouse import duckdb_file as engine
    else:
        from warehouse import postgresql as engine  # type: ignore[no-redef]
    with engine.hold(place, copies, waiting, patience) as target:  # type: ignore[arg-type]
        yield target
