"""Builds the edges from the settings: archive, frames, ledger, publishers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from assets.catalogue import Catalogue
from assets.edges import COPIES, Edges
from assets.sources.landing import Landing, in_bucket, in_folder
from expectations.ledger import Ledger
from pipelines.metrics import measurer
from pipelines.settings import Settings
from pipelines.telling.sending import channels, teller
from warehouse.archive import Archive
from warehouse.frames import FrameStore
from warehouse.incidents import Incidents
from warehouse.objects import checked, is_object_url
from warehouse.parts import Copies
from warehouse.places import Place

if TYPE_CHECKING:
    from assets.sources.survey import FetcherOf
    from assets.sources.transport import Fetcher
    from warehouse.leases import Leases


def build_edges(settings: Settings, catalogue: Catalogue) -> Edges:
    """The edges of one house. Touches neither the network nor, until used, the disk.

    Raises ValueError for an address that is no place to keep state.
    """
    incidents = Incidents(settings.incidents, channels(settings), settings.secrets())
    leases = leases_of(settings)
    guard = leases.check if leases else None
    archive = place(settings, settings.archive_url, "archive", guard)
    assets, ledger, copies = (
        place(settings, settings.assets_url, part, guard, part)
        for part in ("assets", "ledger", COPIES)
    )
    edges = Edges(
        catalogue=catalogue,
        archive=Archive(archive),
        frames=FrameStore(assets),
        ledger=Ledger(ledger),
        copies=Copies(copies),
        leases=leases,
        incidents=incidents,
        fetcher_of=fetchers(settings),
        warehouse_url=settings.warehouse,
        home=settings.state,
        sample=settings.sources == "sample",
        code_version=version("locatiemonitor"),
        tell=teller(settings, incidents),
        landed=landing_of(settings),
    )
    return replace(edges, measure=measurer(settings, edges))


def place(
    settings: Settings,
    url: str,
    named: str,
    guard: Callable[[], None] | None = None,
    part: str = "",
) -> Place:
    """The place at `url`, or the folder `named` below the state where there is none.

    Beneath a URL the sample and what is live are apart, as they are below `LM_HOME`. `part`: a
    folder further down, where several places share a URL.
    """
    if not url:
        return Place(settings.state / named)
    if not is_object_url(url):
        return Place(Path(url).expanduser().absolute() / settings.sources / part)
    whole = f"{checked(url)}/{settings.sources}" + (f"/{part}" if part else "")
    from warehouse.mirror import Mirror

    return Mirror(whole, settings.mirror(whole) / named, guard=guard or (lambda: None))


def leases_of(settings: Settings) -> Leases | None:
    """By which machines wait for each other, where the assets are in an object store."""
    if not is_object_url(settings.assets_url):
        return None
    from warehouse.leases import Leases

    return Leases(f"{checked(settings.assets_url)}/{settings.sources}", settings.state)


def inbox_of(settings: Settings) -> Place:
    """Where files are dropped."""
    if not settings.inbox_bucket:
        return Place(settings.inbox_folder)
    from warehouse.mirror import Mirror

    return Mirror(settings.inbox_bucket, settings.inbox_folder)


def landing_of(settings: Settings) -> Landing:
    """Lists what is dropped."""
    if settings.inbox_bucket:
        return in_bucket(settings.inbox_bucket)
    return in_folder(settings.inbox_folder)


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
            private_hosts=frozenset(
                host.strip().lower() for host in settings.private_hosts.split(",") if host.strip()
            ),
            # Nobody is spared by waiting between two pages of the sample.
            pause=0.0 if sample else settings.pause,
        )
        replay = ArchiveTransport(Archive(settings.samples)) if sample else None
        if publisher == "inbox":
            inbox = InboxTransport(inbox_of(settings), beneath=replay)
            return Fetcher(BASE, policy=policy, transport=inbox)
        return Fetcher(settings.address(publisher), policy=policy, transport=replay)

    return fetcher_of
