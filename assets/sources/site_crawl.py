"""Walks along the site of one planning & control document: breadth first, never off its host,
nothing but pages of the document, one at a time with a pause, as its rules for robots allow.

What a page says is not read here, only where it leads.
"""

from __future__ import annotations

import logging
import re
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import quote, urlsplit
from urllib.robotparser import RobotFileParser

from assets.catalogue.models import Source
from assets.sources import anchors
from assets.sources.errors import Absent, Incomplete, Refused
from assets.sources.reading import add
from assets.sources.transport import USER_AGENT, Answer, Fetcher
from warehouse.archive import Draft, Part

HTML = "text/html, application/xhtml+xml"
ROBOTS = "robots.txt"
FIRST = "first"
"""Name of the part that is the first page."""
LARGEST_PAGE = 8 * 1024 * 1024
LARGEST_ROBOTS = 500 * 1024
"""Bytes; the standard asks that this much be read (RFC 9309, 2.5)."""
LONGEST_PAUSE = 10.0
"""Seconds; a site that asks for longer ones would take all night."""

_SLUG = r"[A-Za-z0-9._~%!$&'()*+,;=:@-]{1,200}"
_PAGES = {
    1: re.compile(rf"/(?P<key>p[0-9]{{1,9}})/{_SLUG}/?"),
    2: re.compile(
        rf"(?P<key>(?:programma|project|prestaties?)(?:/{_SLUG}){{1,3}}"
        r"|programma|projecten|prestaties?)/?"
    ),
}
"""Paths of pages of a document: of generation 1 on its host, of 2 below the first page. What is
the same by `key` is the same page."""
_UPWARDS = re.compile(r"%2e|%2f|%5c|/\.", re.IGNORECASE)
"""Parts of a path that may lead out of it: hidden dots, slashes and backslashes, and plain dots."""


@dataclass(frozen=True)
class Site:
    """Where one document is published."""

    host: str
    path: str
    """Of its first page, with a slash at the end."""
    generation: int
    max_pages: int

    def under(self, fetcher: Fetcher, **policy: float) -> Fetcher:
        """Asks this host and no other: itself, or its folder in the mirror that `fetcher` has."""
        base = f"{fetcher.base}/{self.host}" if fetcher.base else f"https://{self.host}"
        return fetcher.at(base, replace(fetcher.policy, max_bytes=LARGEST_PAGE, **policy))  # type: ignore[arg-type]

    def url(self, path: str) -> str:
        """The publisher's own address of a page."""
        return f"https://{self.host}{path}"

    def pages(self, links: Iterable[str]) -> dict[str, str]:
        """Of absolute addresses those that are pages of this document: key -> path."""
        found: dict[str, str] = {}
        for link in links:
            page = self._page(link)
            if page:
                found.setdefault(*page)
        return found

    def _page(self, link: str) -> tuple[str, str] | None:
        try:
            parts = urlsplit(link)
        except ValueError:
            return None
        # Where a query stands it filters what other pages have whole.
        if (parts.scheme, parts.netloc.lower(), parts.query) != ("https", self.host, ""):
            return None
        path = quote(parts.path, safe="/%!$&'()*+,;=:@~")
        if _UPWARDS.search(path):
            return None
        below = path
        if self.generation == 2:
            if not path.startswith(self.path):
                return None
            below = path.removeprefix(self.path)
        found = _PAGES[self.generation].fullmatch(below)
        return (found["key"], path) if found else None


def site_of(source: Source, edition: str) -> Site:
    """The site of an edition. Raises Refused where the catalogue does not say what is needed."""
    declared = source.editions.get(edition)
    if declared is None or declared.document is None:
        raise Refused(
            f"{source.name} {edition}: declare the document under `editions`, with the address of "
            "its first page as `id`"
        )
    parts = urlsplit(declared.id)
    plain = re.fullmatch(r"[a-z0-9.-]+", parts.netloc)
    if parts.scheme != "https" or not plain or parts.query or parts.fragment:
        raise Refused(
            f"{source.name} {edition}: id: expected an address such as "
            f"`https://overijssel.jaarverslag-2016.nl/`, came {declared.id!r:.200}"
        )
    path = parts.path if parts.path.endswith("/") else f"{parts.path}/"
    return Site(parts.netloc, path, declared.document.generation, declared.document.max_pages)


class Crawl:
    """One walk along a site."""

    def __init__(self, site: Site, here: Fetcher, draft: Draft) -> None:
        self.site, self.here, self._draft = site, here, draft
        last = draft.last()
        self._known = {part.url: part for part in last.parts} if last else {}
        self._robots, self._pause = RobotFileParser(), here.policy.pause
        self._waiting: deque[str] = deque()
        self._seen: set[str] = set()
        self._came = self._lacking = self._closed = 0

    def take_first(self, here: Fetcher) -> Answer:
        """The rules for robots, the first page, and what it leads to; both are asked of `here`."""
        url = self.site.url(self.site.path)
        self._ask_robots(here)
        if not self._open(self.site.path):
            raise Refused(
                f"{url}: closed to us by {self.site.url('/' + ROBOTS)}; ask its owner, or take the "
                "document out of the catalogue"
            )
        time.sleep(self._pause)
        answer = here.get(self.site.path, accept=HTML)
        _must_be_whole(url, answer.content())
        add(self._draft, FIRST, answer)
        self._look_for_more(answer.content(), self.site.path)
        if not self._waiting:
            raise Incomplete(
                f"{url}: the first page leads to no page of the document "
                f"(generation {self.site.generation}; {self._closed} closed by robots.txt)"
            )
        return answer

    def follow(self) -> None:
        """The pages that are waiting, and those that they lead to, one at a time."""
        while self._waiting:
            path = self._waiting.popleft()
            time.sleep(self._pause)
            try:
                body = self._bring(path)
            except (Absent, Refused) as error:
                self._lacking += 1
                logging.getLogger(__name__).warning("left out: %s", error)
                continue
            self._came += 1
            self._look_for_more(body, path)
        if self._lacking > self._came:
            raise Incomplete(
                f"{self.site.url(self.site.path)}: of {self._lacking + self._came} pages that it "
                f"leads to only {self._came} came; the release before goes on counting"
            )

    def _look_for_more(self, page: bytes, path: str) -> None:
        found = self.site.pages(anchors.links(page, self.site.url(path)))
        for key, further in found.items():
            if key in self._seen:
                continue
            self._seen.add(key)
            if not self._open(further):
                self._closed += 1
                continue
            self._waiting.append(further)
            pages = 1 + self._came + self._lacking + len(self._waiting)
            if pages > self.site.max_pages:
                raise Refused(
                    f"{self.site.url(self.site.path)}: the document has at least {pages} pages, "
                    f"at most {self.site.max_pages} are allowed; raise `max_pages` in the "
                    "catalogue if it is that long"
                )

    def _bring(self, path: str) -> bytes:
        """One page: as it is archived where the site says that it has not changed."""
        old = self._known.get(self.here.address(path))
        archived = self._archived(old) if old else None
        if old is None or archived is None:
            answer = self.here.get(path, accept=HTML)
        else:
            answer = self.here.get(path, etag=old.etag, modified=old.last_modified, accept=HTML)
            if answer.body is None:
                self._draft.synthetic |= answer.synthetic
                self._draft.keep(old)
                return archived
        _must_be_whole(self.site.url(path), answer.content())
        add(self._draft, path.strip("/"), answer)
        return answer.content()

    def _archived(self, part: Part) -> bytes | None:
        """The bytes of a part; None where they are gone or damaged, so that they come anew."""
        try:
            return self._draft.read(part)
        except ValueError:
            return None

    def _ask_robots(self, here: Fetcher) -> None:
        try:
            answer = here.get(ROBOTS, accept="text/plain")
        except Absent:
            self._robots.parse([])
            return
        body = answer.content()
        if len(body) > LARGEST_ROBOTS:
            raise Refused(
                f"{self.site.url('/' + ROBOTS)}: more than {LARGEST_ROBOTS} bytes of rules"
            )
        self._robots.parse(rules(body))
        add(self._draft, ROBOTS, answer)
        asked_for = float(self._robots.crawl_delay(USER_AGENT) or 0)
        if asked_for > LONGEST_PAUSE:
            raise Refused(
                f"{self.site.url('/' + ROBOTS)}: asks for {asked_for:g} s between two pages, "
                f"at most {LONGEST_PAUSE:g} s are waited"
            )
        self._pause = max(self._pause, asked_for)

    def _open(self, path: str) -> bool:
        return self._robots.can_fetch(USER_AGENT, self.site.url(path))


def rules(robots: bytes) -> list[str]:
    """The lines of a robots.txt, in UTF-8 with or without its mark."""
    return robots.decode("utf-8-sig", "replace").splitlines()


def _must_be_whole(url: str, page: bytes) -> None:
    if not anchors.whole(page):
        raise Incomplete(
            f"{url}: the page breaks off after {len(page)} bytes; asked again next night"
        )
