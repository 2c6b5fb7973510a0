"""What every protocol gives: a listing when asked cheaply, a release when fetched, a raw table
when read. The protocols themselves are `cbs_v3`, `cbs_v4`, `features`, `bulk` and `inbox`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import polars as pl

    from assets.catalogue.models import Source
    from assets.sources.transport import Answer, Fetcher
    from warehouse.archive import Archive, Draft, Part, Release

ReadPart = Callable[["Part"], bytes]
"""Gives a part whole. `Parts` gives it piece by piece as well."""
LastRelease = Callable[[str, str], "Release | None"]
Keep = Callable[[str, "Answer"], None]
"""Receives every answer to a cheap question, by name, so that it can be archived."""


@dataclass(frozen=True)
class Listing:
    """An edition that a publisher has, and what it says of its state."""

    source: str
    edition: str
    identifier: str
    fingerprint: str
    """Changes exactly when the publisher says, or shows, that something changed."""
    url: str
    modified_at: dt.datetime | None = None
    rows: int | None = None
    """The publisher's own count, where it states one."""


@dataclass(frozen=True)
class RawTable:
    """One release as read: everything the publisher sent, padding stripped, nothing interpreted.

    `rows`: wide (a column a topic) or long (columns `Measure`, `Value`, `ValueAttribute`, ...).
    `columns`: one row a dimension or measure: `name` (key or code), `title`, `group`, `unit`,
    `kind` (`dimension` or `measure`), `datatype`, `status` (how final its figures are, where words
    say so). `codes`: `dimension`, `code`, `title`,
    `status`, `parent`.
    """

    rows: pl.DataFrame
    columns: pl.DataFrame
    codes: pl.DataFrame
    set_aside: pl.DataFrame | None = None
    """Lines of a file that are no rows: `row_number`, `reason`; None where none are."""
    long: bool = False
    remarks: tuple[str, ...] = field(default=())
    """What was seen and is worth telling, such as topics nobody has declared."""


@dataclass(frozen=True)
class Parts:
    """Reads parts of an archive: whole where it is called, piece by piece what is of registry size."""

    archive: Archive

    def __call__(self, part: Part) -> bytes:
        """A part, whole."""
        return self.archive.read(part)


def pieces(part: ReadPart, which: Part) -> Iterator[bytes]:
    """A part piece by piece, where `part` can do that; else in one."""
    if not isinstance(part, Parts):
        return iter([part(which)])
    from warehouse.large_parts import pieces as pieces_of

    return pieces_of(part.archive, which)


class Reader(Protocol):
    """One protocol. A reader holds no state: the network is the fetcher's, the disk the
    archive's."""

    def survey(
        self, sources: Sequence[Source], fetcher: Fetcher, last: LastRelease, keep: Keep
    ) -> tuple[list[Listing], dict[tuple[str, str], str]]:
        """Ask as cheaply as the protocol allows what each edition's state is.

        Returns the editions that the publisher has, and for declared editions that it does not
        have the reason in words. Raises SourceError where the publisher cannot be asked.
        """

    def fetch(self, source: Source, listing: Listing, fetcher: Fetcher, draft: Draft) -> Listing:
        """Bring every part of an edition into `draft`; returns the listing as it was at the end."""

    def read(self, source: Source, release: Release, part: ReadPart) -> RawTable:
        """Read a release from its bytes alone. Raises Incomplete, Refused or ContractBroken."""


def add(draft: Draft, name: str, answer: Answer) -> None:
    """Put one answer into a draft, under a name of its own."""
    draft.add(
        name,
        answer.url,
        answer.content(),
        fetched_at=answer.fetched_at,
        content_type=answer.content_type,
        etag=answer.etag,
        last_modified=answer.last_modified,
        synthetic=answer.synthetic,
    )


def empty_columns() -> pl.DataFrame:
    """A `columns` frame without rows."""
    import polars as pl

    names = ("name", "title", "group", "unit", "kind", "datatype", "status")
    return pl.DataFrame(schema=dict.fromkeys(names, pl.String))


def empty_codes() -> pl.DataFrame:
    """A `codes` frame without rows."""
    import polars as pl

    return pl.DataFrame(
        schema=dict.fromkeys(("dimension", "code", "title", "status", "parent"), pl.String)
    )


def text(value: Any) -> str | None:
    """A publisher's text without padding; None for what is not there."""
    return None if value is None else str(value).strip()
