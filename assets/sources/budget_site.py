"""Planning & control documents that are published as sites: a document is an edition, its pages
are the parts of a release.

The cheap question is one conditional request a document, for its first page, which has the goal
tree and the date of publication; where it comes again, what counts is whether it says the same.
Only then the site is crawled (`site_crawl`), and of pages that are archived only what has changed.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

from assets.catalogue.models import Source
from assets.sources import anchors
from assets.sources.errors import Absent, Refused, SourceError, Unreachable, Unstable
from assets.sources.reading import (
    Keep,
    LastRelease,
    Listing,
    RawTable,
    ReadPart,
    empty_codes,
    empty_columns,
)
from assets.sources.site_crawl import FIRST, HTML, ROBOTS, Crawl, Site, rules, site_of
from assets.sources.transport import USER_AGENT, Fetcher, last_modified
from warehouse.archive import Draft, Release

HOSTS_AT_ONCE = 4
UNASKED = "could not be asked"
"""Fingerprint of an edition whose site did not answer the cheap question. No release has it, so
that the edition is asked again by itself, and fails by itself where it still does not answer."""

_TOLD = 10
"""Pages named in one remark."""


# -- the cheap question ------------------------------------------------------------------------
def survey(
    sources: Sequence[Source], fetcher: Fetcher, last: LastRelease, keep: Keep
) -> tuple[list[Listing], dict[tuple[str, str], str]]:
    """The first page of each document, conditionally; a few hosts side by side.

    A site that cannot be asked keeps nobody else waiting: its editions are listed as `UNASKED`.
    Raises Unreachable where not one site answered, because then it is more likely us.
    """
    wanted = [(source, edition) for source in sources for edition in source.editions]
    by_host: dict[str, list[tuple[Source, str]]] = {}
    for source, edition in wanted:
        host = urlsplit(source.editions[edition].id).netloc
        by_host.setdefault(host, []).append((source, edition))
    said: dict[tuple[str, str], Listing | SourceError] = {}
    with ThreadPoolExecutor(HOSTS_AT_ONCE) as pool:
        for answers in pool.map(lambda asked: _ask_host(asked, fetcher, last), by_host.values()):
            said |= answers
    failures = [str(answer) for answer in said.values() if isinstance(answer, Unreachable)]
    if failures and len(failures) == len(said):
        raise Unreachable(f"none of {len(by_host)} sites could be asked; the first: {failures[0]}")
    found: list[Listing] = []
    absent: dict[tuple[str, str], str] = {}
    for source, edition in wanted:
        answer = said[source.name, edition]
        if isinstance(answer, Listing):
            found.append(answer)
        elif isinstance(answer, Absent):
            absent[source.name, edition] = str(answer)
        else:
            logging.getLogger(__name__).warning("%s %s: %s", source.name, edition, answer)
            identifier = source.editions[edition].id
            found.append(Listing(source.name, edition, identifier, UNASKED, identifier))
    return found, absent


def _ask_host(
    asked: Sequence[tuple[Source, str]], fetcher: Fetcher, last: LastRelease
) -> dict[tuple[str, str], Listing | SourceError]:
    """The documents of one host, one after the other; after it is found to be down no more."""
    said: dict[tuple[str, str], Listing | SourceError] = {}
    down: Unreachable | None = None
    for number, (source, edition) in enumerate(asked):
        if down:
            said[source.name, edition] = down
            continue
        if number:
            time.sleep(fetcher.policy.pause)
        try:
            known = last(source.name, edition)
            said[source.name, edition] = _ask(source, edition, fetcher, known)
        except Unreachable as error:
            down = said[source.name, edition] = error
        except SourceError as error:
            said[source.name, edition] = error
    return said


def _ask(source: Source, edition: str, fetcher: Fetcher, known: Release | None) -> Listing:
    site = site_of(source, edition)
    here = site.under(fetcher)
    old = known.part(FIRST) if known else None
    if old and old.url != here.address(site.path):
        old = None  # another address now, so what was said of that one is void
    answer = here.get(
        site.path,
        etag=old.etag if old else None,
        modified=old.last_modified if old else None,
        accept=HTML,
        hold=True,
    )
    unchanged = known.fingerprint if known and answer.body is None else None
    said = unchanged or fingerprint(site, answer.content())
    return Listing(
        source.name,
        edition,
        source.editions[edition].id,
        said,
        answer.url,
        last_modified(answer),
    )


def fingerprint(site: Site, page: bytes) -> str:
    """Hash of what a first page says: its words, and the pages of the document it leads to."""
    leads_to = sorted(site.pages(anchors.links(page, site.url(site.path))).values())
    said = "\n".join([anchors.words(page), *leads_to])
    return hashlib.sha256(said.encode()).hexdigest()[:32]


# -- the crawl ---------------------------------------------------------------------------------
def fetch(source: Source, listing: Listing, fetcher: Fetcher, draft: Draft) -> Listing:
    """The first page, and every page of the document that it or a page after it leads to.

    Pages that the site does not have or closes to robots are left out, and told of by `read`.
    Raises Refused (more pages than declared, closed by robots.txt), Incomplete (a page is cut
    off, fewer than half of the pages came), Unstable (published anew meanwhile), Unreachable.
    """
    site = site_of(source, listing.edition)
    # What did not answer a moment ago need not be waited for as long again.
    tries = 1 if listing.fingerprint == UNASKED else fetcher.policy.tries
    crawl = Crawl(site, site.under(fetcher), draft)
    first = crawl.take_first(site.under(fetcher, tries=tries))
    crawl.follow()
    said = fingerprint(site, first.content())
    now = crawl.here.get(site.path, etag=first.etag, modified=first.last_modified, accept=HTML)
    if now.body is not None and fingerprint(site, now.body) != said:
        raise Unstable(
            f"{site.url(site.path)}: the document was published anew while it was being read; "
            "the next night reads it again"
        )
    return Listing(
        source.name,
        listing.edition,
        source.editions[listing.edition].id,
        said,
        first.url,
        last_modified(first),
    )


# -- reading -----------------------------------------------------------------------------------
def read(source: Source, release: Release, part: ReadPart) -> RawTable:
    """One row a block, pages in the order of the crawl, each under its publisher's own address.

    What the pages lead to and is not there is remarked on, and so is a page that could not be
    read. Raises Refused where the first page is not one that can be read.
    """
    from assets.documents.blocks import Refusal, to_rows
    from assets.documents.formats.reading import read as read_page

    site = site_of(source, release.edition)
    robots = RobotFileParser()
    robots.parse([])
    pages, there, leads_to = [], set(), dict[str, str]()
    remarks: list[str] = []
    for item in release.parts:
        body = part(item)
        if item.name == ROBOTS:
            robots.parse(rules(body))
            continue
        url = _own_address(site, item.url)
        page = read_page(_last_name(site, url), body, url=url, content_type=item.content_type)
        if isinstance(page, Refusal):
            if item.name == FIRST:
                raise Refused(f"{url}: {page.reason}")
            remarks.append(f"{url} could not be read: {page.reason}")
        pages.append(page)
        there |= set(site.pages([url]))
        leads_to |= site.pages(anchors.links(body, url))
    lacking = sorted(site.url(path) for key, path in leads_to.items() if key not in there)
    closed = [url for url in lacking if not robots.can_fetch(USER_AGENT, url)]
    remarks += _remark("closed to us by robots.txt", closed)
    remarks += _remark("linked to, but not to be had", [u for u in lacking if u not in closed])
    return RawTable(
        rows=to_rows(pages),
        columns=empty_columns(),
        codes=empty_codes(),
        remarks=tuple(remarks),
    )


def _remark(what: str, urls: list[str]) -> list[str]:
    if not urls:
        return []
    more = f" and {len(urls) - _TOLD} more" if len(urls) > _TOLD else ""
    return [f"{len(urls)} pages {what}: {', '.join(urls[:_TOLD])}{more}"]


def _own_address(site: Site, asked: str) -> str:
    """The publisher's address of a page, also where a mirror was asked for it."""
    parts = urlsplit(asked)
    if parts.netloc == site.host:
        return site.url(parts.path)
    _, _, path = parts.path.partition(f"/{site.host}/")
    return site.url(f"/{path}")


def _last_name(site: Site, url: str) -> str:
    """The last part of an address; the host where it has none."""
    return urlsplit(url).path.rstrip("/").rpartition("/")[2] or site.host
