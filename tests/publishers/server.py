"""One publisher's HTTP server on loopback: listening, one thread a connection, a log of requests.

Here: `Publisher`, which every publisher extends with `answer`. Not here: what is answered (one
module a publisher), how it is written to the socket (`wire.py`), what goes wrong (`faults.py`).

The standard library reads the requests; answers are written as prepared bytes straight to the
socket, because its own writer is slower than the clients that are measured against this.
"""

from __future__ import annotations

import contextlib
import selectors
import socket
import sys
import traceback
from dataclasses import replace
from email.utils import parsedate_to_datetime
from http.server import BaseHTTPRequestHandler
from threading import Event, Lock, Thread
from typing import Final, Self

from tests.publishers.faults import TRANSPORT_KINDS, Fault, FaultQueue, flip_bit, spoil
from tests.publishers.wire import Answer, Headers, Request, deliver

HOST: Final = "127.0.0.1"
TOO_LONG: Final = Fault(kind="reset")


class Publisher:
    """A server that answers as one publisher does; subclasses say what in `answer`."""

    kinds: frozenset[str] = frozenset(TRANSPORT_KINDS)
    """The faults that make sense here; `inject` refuses others."""

    longest_target: int | None = None
    """Requests with a longer target are reset without an answer."""

    def __init__(self, *, gzip: bool = False) -> None:
        self._gzip = gzip
        self._lock = Lock()
        self._log: list[Request] = []
        self._faults = FaultQueue()
        self._open: dict[socket.socket, Thread] = {}
        self._closing = Event()
        self._acceptor: Thread | None = None
        self._wake: socket.socket | None = None
        # The port is bound for as long as the publisher lives, also while it is down: a bound
        # socket that does not listen refuses connections and keeps others off the port.
        self._bound = self._bind(0)
        self.port: int = self._bound.getsockname()[1]

    @property
    def url(self) -> str:
        """Address of the root, without a slash at the end."""
        return f"http://{HOST}:{self.port}"

    def answer(self, request: Request) -> Answer:
        """The answer to a request when nothing goes wrong."""
        raise NotImplementedError

    # --- what tests see

    @property
    def requests(self) -> list[Request]:
        """The requests so far, in the order in which they came."""
        with self._lock:
            return list(self._log)

    def clear_requests(self) -> None:
        """Empty the log."""
        with self._lock:
            self._log.clear()

    def inject(self, *faults: Fault) -> None:
        """Queue faults; each strikes the first request that it matches."""
        for fault in faults:
            if fault.kind not in self.kinds:
                raise ValueError(f"{type(self).__name__} has no fault {fault.kind!r}")
            self._faults.add(fault)

    def clear_faults(self) -> None:
        """Forget the faults that have not struck yet."""
        self._faults.clear()

    # --- listening

    def up(self) -> Self:
        """Listen, on the port that it has had from the beginning."""
        if self._acceptor is None:
            self._closing = Event()
            self._bound.listen(128)
            self._bound.setblocking(False)
            self._wake, sleeper = socket.socketpair()
            self._acceptor = Thread(
                target=self._accept, args=(self._bound, sleeper, self._closing), daemon=True
            )
            self._acceptor.start()
        return self

    def down(self) -> None:
        """Stop listening and hang up on everybody; connecting is refused till `up`."""
        if self._acceptor is None:
            return
        self._hang_up()
        self._bound = self._bind(self.port)

    def stop(self) -> None:
        """Stop for good and give the port back."""
        if self._acceptor is not None:
            self._hang_up()
        self._bound.close()

    def _bind(self, port: int) -> socket.socket:
        sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((HOST, port))
        return sock

    def _hang_up(self) -> None:
        """Close the listening socket and every open connection, and wait for their threads."""
        acceptor, wake = self._acceptor, self._wake
        assert acceptor is not None
        assert wake is not None
        self._closing.set()
        wake.close()
        acceptor.join()
        self._acceptor = self._wake = None
        self._bound.close()
        with self._lock:
            still_open = dict(self._open)
        for sock, thread in still_open.items():
            with contextlib.suppress(OSError):  # the client may have been first
                sock.shutdown(socket.SHUT_RDWR)
            thread.join(timeout=2)

    def _accept(self, bound: socket.socket, sleeper: socket.socket, closing: Event) -> None:
        """Hand each new connection to a thread of its own, till the other end of sleeper closes."""
        with selectors.DefaultSelector() as selector, sleeper:
            selector.register(bound, selectors.EVENT_READ)
            selector.register(sleeper, selectors.EVENT_READ)
            while True:
                if any(key.fileobj is sleeper for key, _ in selector.select()):
                    return
                try:
                    sock, address = bound.accept()
                except OSError:
                    continue  # the client gave up between knocking and being let in
                thread = Thread(target=self._talk, args=(sock, address, closing), daemon=True)
                with self._lock:
                    self._open[sock] = thread
                thread.start()

    def _talk(self, sock: socket.socket, address: object, closing: Event) -> None:
        """Serve one connection till either side has had enough."""
        try:
            with sock:
                _Conversation(sock, address, self, closing)
        except OSError:
            pass  # the client hung up, or was hung up on
        finally:
            with self._lock:
                self._open.pop(sock, None)

    # --- answering

    def handle(self, request: Request) -> tuple[Answer, Fault | None]:
        """What to send, with the fault that has been or is to be applied to it."""
        try:
            answer = _if_changed(request, self.answer(request))
            fault = self._faults.take(request, answer)
            if fault is not None:
                answer = self.spoil(answer, fault, request)
        except Exception:  # a bug in the stand-in must be seen, not time out
            trace = traceback.format_exc()
            print(trace, file=sys.stderr)
            return Answer(500, {"Content-Type": "text/plain"}, (trace.encode(),)), None
        if self._gzip and answer.length:
            if "gzip" in (request.headers.get("Accept-Encoding") or ""):
                answer = answer.gzipped
            answer = replace(answer, headers={**answer.headers, "Vary": "Accept-Encoding"})
        if fault is not None and fault.kind == "flip_bit":
            answer = flip_bit(answer, fault)
        return answer, fault

    def spoil(self, answer: Answer, fault: Fault, request: Request) -> Answer:
        """Apply a fault in the content."""
        return spoil(answer, fault, request)

    def log(self, request: Request, status: int) -> None:
        """Note a request; done before the answer leaves, so that whoever has it can look."""
        with self._lock:
            self._log.append(replace(request, status=status))


class _Conversation(BaseHTTPRequestHandler):
    """The requests of one connection, one after the other."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def __init__(
        self, sock: socket.socket, address: object, publisher: Publisher, closing: Event
    ) -> None:
        self.publisher = publisher
        self.closing = closing
        super().__init__(sock, address, publisher)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """Answer, and keep the connection unless the delivery broke it."""
        request = Request.read(self.command, self.path, Headers(self.headers.items()))
        longest = self.publisher.longest_target
        fault: Fault | None
        if longest is not None and len(self.path) > longest:
            answer, fault = Answer(), TOO_LONG
        else:
            answer, fault = self.publisher.handle(request)
        silent = fault is not None and fault.kind == "reset" and fault.details["after"] is None
        self.publisher.log(request, 0 if silent else answer.status)
        reusable = deliver(
            self.connection,
            answer,
            fault,
            method=self.command,
            close=self.close_connection,
            closing=self.closing,
        )
        self.close_connection = not reusable

    do_HEAD = do_GET  # noqa: N815 - the standard library asks for this name

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is printed; `Publisher.requests` is the log."""


def _if_changed(request: Request, answer: Answer) -> Answer:
    """304 in place of an answer that the client says it has (If-None-Match goes first)."""
    if answer.status != 200:
        return answer
    kept = {
        name: value
        for name, value in answer.headers.items()
        if name in ("ETag", "Last-Modified", "Cache-Control")
    }
    etag, modified = answer.headers.get("ETag"), answer.headers.get("Last-Modified")
    asked_tag = request.headers.get("If-None-Match")
    asked_since = request.headers.get("If-Modified-Since")
    if asked_tag is not None:
        tags = [tag.strip().removeprefix("W/") for tag in asked_tag.split(",")]
        same = etag is not None and (etag.removeprefix("W/") in tags or "*" in tags)
        return Answer(304, kept) if same else answer
    if asked_since is not None and modified is not None:
        try:
            unchanged = parsedate_to_datetime(modified) <= parsedate_to_datetime(asked_since)
        except ValueError:
            unchanged = False  # a date that cannot be read is ignored, as the standard says
        return Answer(304, kept) if unchanged else answer
    return answer
