"""Sites of planning & control documents: many hosts behind one address, a folder a host.

Here: pages as they were put, with their validators, and rules for robots. Not here: what is on
the pages.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Final

from tests.publishers.server import Publisher
from tests.publishers.wire import Answer, Request

_WHEN: Final = datetime(2020, 11, 2, 8, 0, tzinfo=UTC)
_NOT_FOUND: Final = (
    "<!DOCTYPE html><html lang='nl'><head><title>404</title></head><body><h1>Pagina niet gevonden"
    "</h1><p><a href='/p1/deze-telt-niet'>Terug</a></p></body></html>"
)


class BudgetSites(Publisher):
    """All sites together: `https://HOST/path` is served at `/HOST/path`."""

    def __init__(self, *, gzip: bool = False) -> None:
        super().__init__(gzip=gzip)
        self._pages: dict[str, Answer] = {}

    def put_site(
        self, host: str, pages: Mapping[str, str | bytes], modified: datetime = _WHEN
    ) -> None:
        """Publish the pages of a host (path -> HTML), in place of all it had."""
        self.remove(host)
        for path, page in pages.items():
            self.put_page(host, path, page, modified)

    def put_page(
        self,
        host: str,
        path: str,
        page: str | bytes,
        modified: datetime | None = _WHEN,
        *,
        etag: bool = True,
        content_type: str = "text/html; charset=utf-8",
    ) -> None:
        """Publish one page; without `etag` and `modified` it has nothing to recognise it by."""
        body = page if isinstance(page, bytes) else page.encode()
        headers = {"Content-Type": content_type}
        if etag:
            headers["ETag"] = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        if modified:
            headers["Last-Modified"] = format_datetime(modified.astimezone(UTC), usegmt=True)
        self._pages[f"/{host}{path}"] = Answer(200, headers, (body,))

    def put_robots(self, host: str, rules: str) -> None:
        """Publish rules for robots."""
        self.put_page(host, "/robots.txt", rules, content_type="text/plain")

    def remove(self, host: str, path: str = "") -> None:
        """Take away all pages of a host below a path: 404 from then on."""
        for place in [place for place in self._pages if place.startswith(f"/{host}{path or '/'}")]:
            del self._pages[place]

    def answer(self, request: Request) -> Answer:
        """The page, or 404."""
        found = self._pages.get(request.path)
        if found is not None and not request.pairs:
            return found
        return Answer(404, {"Content-Type": "text/html; charset=utf-8"}, (_NOT_FOUND.encode(),))
