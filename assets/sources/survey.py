"""The cheap question: what has each publisher, and is it newer than what is archived?

Here the protocols are told apart, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import ModuleType

from assets.catalogue import Catalogue
from assets.catalogue.models import Source
from assets.sources import budget_site, bulk, cbs_v3, cbs_v4, dropped, features, inbox
from assets.sources.errors import SourceError
from assets.sources.reading import Listing, add
from assets.sources.transport import Answer, Fetcher
from warehouse.archive import Archive, Draft

READERS: dict[str, ModuleType] = {
    "cbs_v3": cbs_v3,
    "cbs_v4": cbs_v4,
    "ogc_features": features,
    "wfs": features,
    "bulk_file": bulk,
    "inbox": inbox,
    "dropped_documents": dropped,
    "budget_site": budget_site,
}
"""Each is a `reading.Reader`."""

FetcherOf = Callable[[str], Fetcher]
"""Gives the fetcher of a publisher."""
CATALOGUE = "catalogue"
"""Under this name the answers to cheap questions are archived, an edition a publisher."""


@dataclass(frozen=True)
class Survey:
    """What one publisher said when asked what is new."""

    listings: tuple[Listing, ...]
    absent: dict[tuple[str, str], str]
    """Declared editions that it does not have, with the reason."""
    failure: str | None = None
    """Why it could not be asked; then nothing else is known."""


def survey_all(
    catalogue: Catalogue, fetcher_of: FetcherOf, archive: Archive, *, only: str | None = None
) -> dict[str, Survey]:
    """Ask every publisher (of source `only`), side by side, each once for all its sources.

    A source that is there for drawn sites only is asked where there are any, or by name.
    """
    by_publisher: dict[str, list[Source]] = {}
    for source in catalogue.sources.values():
        if only == source.name or (only is None and catalogue.asks_for(source)):
            by_publisher.setdefault(source.publisher, []).append(source)
    with ThreadPoolExecutor(max(len(by_publisher), 1)) as pool:
        answers = pool.map(
            lambda publisher: survey(by_publisher[publisher], fetcher_of(publisher), archive),
            by_publisher,
        )
        return dict(zip(by_publisher, answers, strict=True))


def news(surveys: Mapping[str, Survey], archive: Archive) -> list[Listing]:
    """The listings that the archive does not have yet."""
    found = []
    for answer in surveys.values():
        for listing in answer.listings:
            last = archive.latest(listing.source, listing.edition)
            if last is None or last.fingerprint != listing.fingerprint:
                found.append(listing)
    return found


def survey(sources: list[Source], fetcher: Fetcher, archive: Archive) -> Survey:
    """Ask one publisher, once, about all its sources. Never raises a SourceError: see `failure`.

    The answers are archived under `catalogue/<publisher>` when they differ from the last ones.
    """
    listings: list[Listing] = []
    absent: dict[tuple[str, str], str] = {}
    publisher = sources[0].publisher
    with archive.draft(CATALOGUE, publisher) as draft:
        kept: list[str] = []

        def keep(name: str, answer: Answer) -> None:
            kept.append(name)
            add(draft, name, answer)

        try:
            for protocol in dict.fromkeys(source.protocol for source in sources):
                here = [source for source in sources if source.protocol == protocol]
                found, missing = READERS[protocol].survey(here, fetcher, archive.latest, keep)
                listings += found
                absent |= missing
        except SourceError as error:
            return Survey((), {}, failure=str(error))
        if kept:
            _keep(archive, draft, publisher, fetcher.base)
    return Survey(tuple(listings), absent)


def _keep(archive: Archive, draft: Draft, publisher: str, url: str) -> None:
    release = draft.preview(
        identifier=publisher, url=url, fingerprint="", modified_at=None, licence="", attribution=""
    )
    known = archive.latest(CATALOGUE, publisher)
    if known is None or known.sha256 != release.sha256:
        draft.commit(release, rows=None)
