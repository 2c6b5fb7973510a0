"""Publishers that answer page by page: where a page lies, what the next one is called.

Here: `PagedPublisher` and the faults in the chain of pages. Not here: the pages themselves.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from tests.publishers.faults import PAGE_KINDS, TRANSPORT_KINDS, Fault
from tests.publishers.server import Publisher
from tests.publishers.wire import Answer, Headers, Request


class PagedPublisher(Publisher):
    """A publisher whose JSON answers hold rows and an address of the rows that follow."""

    kinds = frozenset(TRANSPORT_KINDS | PAGE_KINDS)

    rows_member = "value"
    """The member of the JSON document that holds the rows."""

    def page(self, request: Request) -> tuple[int, int]:
        """Where this page starts and how many rows it has at most."""
        raise NotImplementedError

    def target_at(self, request: Request, start: int) -> str:
        """Path and query of the page of the same question that starts at another row."""
        raise NotImplementedError

    def point_to(self, document: dict[str, Any], url: str) -> None:
        """Set the address of the next page in a document."""
        raise NotImplementedError

    def spoil(self, answer: Answer, fault: Fault, request: Request) -> Answer:
        """Apply a fault in the chain of pages, or leave it to the other kinds."""
        if fault.kind not in PAGE_KINDS:
            return super().spoil(answer, fault, request)
        document = json.loads(answer.body)
        start, size = self.page(request)
        match fault.kind:
            case "foreign_next":
                self.point_to(document, str(fault.details["url"]))
            case "loop_next":
                self.point_to(document, self.url + request.target)
            case "shift_next":
                moved = max(0, start + size + int(str(fault.details["rows"])))
                self.point_to(document, self.url + self.target_at(request, moved))
            case "drop_page":
                document[self.rows_member] = []
            case "repeat_page" if start == 0:
                self.point_to(document, self.url + self.target_at(request, 0))
            case "repeat_page":
                before = Request.read("GET", self.target_at(request, max(0, start - size)))
                document[self.rows_member] = self._rows(before, request.headers)
        body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
        return replace(answer, parts=(body,))

    def _rows(self, request: Request, headers: Headers) -> list[Any]:
        page = json.loads(self.answer(replace(request, headers=headers)).body)
        rows: list[Any] = page[self.rows_member]
        return rows


def target(path: str, pairs: list[tuple[str, str]]) -> str:
    """Path and query as the publishers write them in links: `$` and quotes left readable."""
    query = "&".join(
        f"{quote(name, safe='$')}={quote(value, safe='$(),:/*' + _Q)}" for name, value in pairs
    )
    return quote(path, safe="/$") + (f"?{query}" if query else "")


_Q = "'"
