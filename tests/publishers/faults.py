"""Faults: what can be made to go wrong, and which request it hits.

Here: `Fault`, the queue of faults of one publisher, and the faults that replace or spoil the
content of an answer. Not here: faults in the delivery (`wire.py`), faults in the chain of pages
(`paging.py`).
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime
from threading import Lock
from typing import Final

from tests.publishers.wire import Answer, Request, cut_at

REQUIRED: Final = object()

HTML_PAGE: Final = (
    "<!DOCTYPE html><html lang='nl'><head><title>Storing</title></head><body><h1>Er is iets "
    "misgegaan</h1><p>De dienst is tijdelijk niet beschikbaar.</p></body></html>"
)

TRANSPORT_KINDS: Final[dict[str, dict[str, object]]] = {
    "status": {"code": 503, "retry_after": None, "body": ""},
    "redirect": {"location": None, "code": 302},
    "reset": {"after": None},
    "truncate": {"at": None, "content_length": "right"},
    "slow": {"bytes_per_second": 1.0, "delay": 0.0},
    "html": {"body": HTML_PAGE},
    "odata_error": {"message": "An error has occurred."},
    "bom": {},
    "charset": {"encoding": "latin-1"},
    "flip_bit": {"at": None},
}
"""Faults that any publisher can have, with the details each takes and their defaults."""

PAGE_KINDS: Final[dict[str, dict[str, object]]] = {
    "foreign_next": {"url": REQUIRED},
    "loop_next": {},
    "shift_next": {"rows": REQUIRED},
    "repeat_page": {},
    "drop_page": {},
}
"""Faults in the chain of pages; they hit only answers that hold rows."""

CHANGE_KINDS: Final[dict[str, dict[str, object]]] = {
    "change_modified_after": {"modified": None, "table": None},
}
"""Faults that need a catalogue; they hit only requests for observations."""

_ALL_KINDS: Final = TRANSPORT_KINDS | PAGE_KINDS | CHANGE_KINDS
_FRAMINGS: Final = ("right", "wrong", "absent", "chunked")


class Fault:
    """One thing to go wrong: `Fault("TypedDataSet", kind="status", code=429, retry_after=2)`.

    `match` is looked for in path and query (as sent, or decoded); `times` is how often it strikes,
    None for always. The kinds and their details:

    `status` code, retry_after (seconds, a text or a datetime), body · `redirect` location (None:
    the address asked itself), code · `reset` after (None: before any byte; n: after n bytes of the
    body) · `truncate` at (byte, or share of the body), content_length right|wrong|absent|chunked ·
    `slow` bytes_per_second (0: never), delay (seconds before the first byte) · `html` body ·
    `odata_error` message · `bom` · `charset` encoding (the header goes on saying utf-8) ·
    `flip_bit` at · `foreign_next` url · `loop_next` · `shift_next` rows (the next page starts so
    many rows late; below zero: too early) · `repeat_page` (the rows of the page before come again;
    on the first page: the next link leads to the first page once more) · `drop_page` ·
    `change_modified_after` modified (default: a day later), table (takes the place of the old).
    """

    def __init__(
        self, match: str = "", times: int | None = 1, *, kind: str, **details: object
    ) -> None:
        if kind not in _ALL_KINDS:
            raise ValueError(f"unknown fault {kind!r}; known: {', '.join(_ALL_KINDS)}")
        known = _ALL_KINDS[kind]
        if unknown := details.keys() - known.keys():
            raise ValueError(f"fault {kind!r} takes {sorted(known)}, not {sorted(unknown)}")
        self.match = match
        self.times = times
        self.kind = kind
        self.details: dict[str, object] = {**known, **details}
        missing = [name for name, value in self.details.items() if value is REQUIRED]
        if missing:
            raise ValueError(f"fault {kind!r} needs {', '.join(missing)}")
        if kind == "truncate" and self.details["content_length"] not in _FRAMINGS:
            raise ValueError(f"content_length is one of {', '.join(_FRAMINGS)}")

    def __repr__(self) -> str:
        return f"Fault({self.match!r}, times={self.times}, kind={self.kind!r})"

    def hits(self, request: Request, answer: Answer) -> bool:
        """Whether this fault is meant for this request."""
        if not request.mentions(self.match):
            return False
        if self.kind in PAGE_KINDS:
            return answer.status == 200 and "json" in answer.headers.get("Content-Type", "")
        if self.kind in CHANGE_KINDS:
            last = request.path.rstrip("/").rsplit("/", 1)[-1]
            return last in ("TypedDataSet", "UntypedDataSet", "Observations")
        return True


class FaultQueue:
    """The faults of one publisher, first in, first struck; safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: list[tuple[Fault, int | None]] = []

    def add(self, fault: Fault) -> None:
        """Put a fault at the end of the queue."""
        with self._lock:
            self._waiting.append((fault, fault.times))

    def clear(self) -> None:
        """Forget all faults that have not struck yet."""
        with self._lock:
            self._waiting.clear()

    def take(self, request: Request, answer: Answer) -> Fault | None:
        """The first fault that hits this request; one request suffers one fault at most."""
        with self._lock:
            for place, (fault, left) in enumerate(self._waiting):
                if left != 0 and fault.hits(request, answer):
                    if left is not None:
                        self._waiting[place] = (fault, left - 1)
                        if left == 1:
                            del self._waiting[place]
                    return fault
        return None


def error_document(message: str) -> bytes:
    """The error envelope of OData v3."""
    error = {"odata.error": {"code": "", "message": {"lang": "nl-NL", "value": message}}}
    return json.dumps(error, ensure_ascii=False).encode()


def spoil(answer: Answer, fault: Fault, request: Request) -> Answer:
    """The answer as it leaves after a fault in the content; other faults leave it as it is."""
    details = fault.details
    match fault.kind:
        case "status":
            return _status(details)
        case "redirect":
            location = details["location"] if details["location"] is not None else request.target
            return Answer(int(str(details["code"])), {"Location": str(location)})
        case "html":
            page = str(details["body"]).encode()
            return Answer(200, {"Content-Type": "text/html; charset=utf-8"}, (page,))
        case "odata_error":
            return replace(answer, status=200, parts=(error_document(str(details["message"])),))
        case "bom":
            return replace(answer, parts=(b"\xef\xbb\xbf", *answer.parts))
        case "charset":
            text = answer.body.decode("utf-8")
            return replace(answer, parts=(text.encode(str(details["encoding"]), "replace"),))
    return answer


def flip_bit(answer: Answer, fault: Fault) -> Answer:
    """One bit of the body turned over, after compression: what a bad line would do."""
    body = bytearray(answer.body)
    if body:
        body[cut_at(len(body), fault.details["at"])] ^= 0x04
    return replace(answer, parts=(bytes(body),))


def _status(details: dict[str, object]) -> Answer:
    """A bare status, with Retry-After in seconds or as a date."""
    headers = {"Content-Type": "text/plain; charset=utf-8"}
    after = details["retry_after"]
    if isinstance(after, datetime):
        headers["Retry-After"] = format_datetime(after.astimezone(UTC), usegmt=True)
    elif after is not None:
        headers["Retry-After"] = str(after)
    body = details["body"]
    return Answer(
        int(str(details["code"])),
        headers,
        (body if isinstance(body, bytes) else str(body).encode(),),
    )
