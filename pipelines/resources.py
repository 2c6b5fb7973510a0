"""Builds the edges from the settings: archive, frames, ledger, publishers."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING

from assets.catalogue import Catalogue
from assets.edges import Edges
from expectations.ledger import Ledger
from pipelines.settings import Settings
from pipelines.telling.sending import channels, teller
from warehouse.archive import Archive
from warehouse.frames import FrameStore
from warehouse.incidents import Incidents

if TYPE_CHECKING:
    from assets.sources.survey import FetcherOf
    from assets.sources.transport import Fetcher


def build_edges(settings: Settings, catalogue: Catalogue) -> Edges:
    """The edges of one house. Touches neither the network nor, until used, the disk."""
    incidents = Incidents(settings.incidents, channels(settings), settings.secrets())
    return Edges(
        catalogue=catalogue,
        archive=Archive(settings.state / "archive"),
        frames=FrameStore(settings.state / "assets"),
        ledger=Ledger(settings.state / "ledger"),
        incidents=incidents,
        fetcher_of=fetchers(settings),
        warehouse_url=settings.warehouse,
        home=settings.state,
        sample=settings.sources == "sample",
        code_version=version("locatiemonitor"),
        tell=teller(settings, incidents),
    )


def fetchers(settings: Settings) -> FetcherOf:
    """One fetcher a publisher, made when first asked for; on the sample all answer from its archive."""

    @cache
    def fetcher_of(publisher: str) -> Fetcher:
        # Imported when a publisher is asked: loading the definitions asks none.
        from assets.sources.inbox import BASE, InboxTransport
        from assets.sources.replay import ArchiveTransport
        from assets.sources.transport import Fetcher, Policy

        sample = settings.sources == "sample"
        policy = Policy(
            deadline=settings.deadline,
            tries=settings.tries,
            first_wait=settings.first_wait,
            # Nobody is spared by waiting between two pages of the sample.
            pause=0.0 if sample else settings.pause,
        )
        replay = ArchiveTransport(Archive(settings.samples)) if sample else None
        if publisher == "inbox":
            inbox = InboxTransport(settings.inbox_folder, beneath=replay)
            return Fetcher(BASE, policy=policy, transport=inbox)
        return Fetcher(settings.address(publisher), policy=policy, transport=replay)

    return fetcher_of
