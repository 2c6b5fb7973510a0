"""Builds the edges from the settings: archive, frames, ledger, publishers."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version

import httpx

from assets.catalogue import Catalogue
from assets.edges import Edges
from assets.sources.inbox import BASE as INBOX
from assets.sources.inbox import InboxTransport
from assets.sources.replay import ArchiveTransport
from assets.sources.survey import FetcherOf
from assets.sources.transport import Fetcher, Policy
from expectations.ledger import Ledger
from pipelines.settings import Settings
from warehouse.archive import Archive
from warehouse.frames import FrameStore


def build_edges(settings: Settings, catalogue: Catalogue) -> Edges:
    """The edges of one house. Touches neither the network nor, until used, the disk."""
    return Edges(
        catalogue=catalogue,
        archive=Archive(settings.state / "archive"),
        frames=FrameStore(settings.state / "assets"),
        ledger=Ledger(settings.state / "ledger"),
        fetcher_of=fetchers(settings),
        warehouse_url=settings.warehouse,
        home=settings.state,
        sample=settings.sources == "sample",
        code_version=version("locatiemonitor"),
    )


def fetchers(settings: Settings) -> FetcherOf:
    """One fetcher a publisher, made when first asked for; on the sample all answer from its archive."""
    policy = Policy(
        deadline=settings.deadline,
        tries=settings.tries,
        first_wait=settings.first_wait,
        # Nobody is spared by waiting between two pages of the sample.
        pause=0.0 if settings.sources == "sample" else settings.pause,
    )
    replay: httpx.BaseTransport | None = None
    if settings.sources == "sample":
        replay = ArchiveTransport(Archive(settings.samples))

    @cache
    def fetcher_of(publisher: str) -> Fetcher:
        if publisher == "inbox":
            return Fetcher(
                INBOX,
                policy=policy,
                transport=InboxTransport(settings.inbox_folder, beneath=replay),
            )
        return Fetcher(settings.address(publisher), policy=policy, transport=replay)

    return fetcher_of
