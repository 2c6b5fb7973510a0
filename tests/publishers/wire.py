"""What goes over the wire: requests as read, answers as written, whole or broken on purpose.

Here: the value types `Headers`, `Request` and `Answer`, and `deliver`, which writes one answer to
a socket, including the broken deliveries (reset, truncate, slow) that a fault asks for.
Not here: sockets being listened to (`server.py`), which fault hits which request (`faults.py`).
"""

from __future__ import annotations

import contextlib
import fcntl
import gzip
import http
import socket
import struct
import termios
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from functools import cached_property
from threading import Event
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit

if TYPE_CHECKING:
    from tests.publishers.faults import Fault

SERVER_NAME = "publishers-stand-in"


class Headers(dict[str, str]):
    """Header fields of a request; names are looked up without regard to case."""

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()) -> None:
        super().__init__((name.lower(), value) for name, value in pairs)

    def __getitem__(self, name: str) -> str:
        return super().__getitem__(name.lower())

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and super().__contains__(name.lower())

    def get(self, name: str, default: str | None = None) -> str | None:  # type: ignore[override]
        """The value of a header field, or the default."""
        return super().get(name.lower(), default)


@dataclass(frozen=True)
class Request:
    """One request as it came in; `status` is what was answered, 0 where nothing was."""

    method: str
    path: str
    query: dict[str, str]
    headers: Headers
    status: int = 0
    target: str = ""
    pairs: tuple[tuple[str, str], ...] = ()

    @classmethod
    def read(cls, method: str, target: str, headers: Headers | None = None) -> Request:
        """Take a request target apart: the path and the query decoded, in the order sent."""
        parts = urlsplit(target)
        pairs = tuple(parse_qsl(parts.query, keep_blank_values=True))
        return cls(
            method=method,
            path=unquote(parts.path),
            query=dict(pairs),
            headers=headers if headers is not None else Headers(),
            target=target,
            pairs=pairs,
        )

    def mentions(self, text: str) -> bool:
        """Whether path and query contain this text, as sent or as decoded."""
        decoded = self.path + "?" + "&".join(f"{name}={value}" for name, value in self.pairs)
        return text in self.target or text in decoded


@dataclass(frozen=True)
class Answer:
    """A complete answer; the body is kept in parts, so that cached pages are never copied."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    parts: tuple[bytes, ...] = ()

    @property
    def body(self) -> bytes:
        """The whole body in one piece."""
        return self.parts[0] if len(self.parts) == 1 else b"".join(self.parts)

    @property
    def length(self) -> int:
        """Bytes in the body."""
        return sum(map(len, self.parts))

    @cached_property
    def gzipped(self) -> Answer:
        """The same answer with its body compressed; kept, because answers are cached."""
        packed = gzip.compress(self.body, compresslevel=5, mtime=0)
        return Answer(self.status, {**self.headers, "Content-Encoding": "gzip"}, (packed,))


def head(answer: Answer, *, close: bool, **framing: str | None) -> bytes:
    """Status line and header fields; framing is `length="12"`, `chunked="yes"` or nothing."""
    phrase = http.HTTPStatus(answer.status).phrase if answer.status in _STATUSES else "Unknown"
    lines = [
        f"HTTP/1.1 {answer.status} {phrase}",
        f"Date: {formatdate(usegmt=True)}",
        f"Server: {SERVER_NAME}",
        *(f"{name}: {value}" for name, value in answer.headers.items()),
    ]
    if framing.get("length") is not None:
        lines.append(f"Content-Length: {framing['length']}")
    if framing.get("chunked") is not None:
        lines.append("Transfer-Encoding: chunked")
    if close:
        lines.append("Connection: close")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


_STATUSES = frozenset(int(status) for status in http.HTTPStatus)


def deliver(
    sock: socket.socket,
    answer: Answer,
    fault: Fault | None,
    *,
    method: str,
    close: bool,
    closing: Event,
) -> bool:
    """Write the answer, broken as the fault says; True if the connection can be used again."""
    kind = fault.kind if fault is not None else ""
    if fault is not None and kind == "reset":
        _send_then_reset(sock, answer, fault.details["after"], method)
        return False
    if fault is not None and kind == "truncate" and method != "HEAD":
        _send_cut(sock, answer, fault.details["at"], str(fault.details["content_length"]))
        return False
    if fault is not None and kind == "slow":
        return _send_slowly(sock, answer, fault, method=method, close=close, closing=closing)
    sock.sendall(head(answer, close=close, length=_length(answer)))
    if method != "HEAD":
        for part in answer.parts:
            sock.sendall(part)
    return not close


def _length(answer: Answer) -> str | None:
    """Content-Length as text; 304 and 204 have none."""
    return None if answer.status in (204, 304) else str(answer.length)


def _send_then_reset(sock: socket.socket, answer: Answer, after: object, method: str) -> None:
    """Reset the connection: before anything was said, or after some bytes of the body."""
    if isinstance(after, int):
        sock.sendall(head(answer, close=False, length=_length(answer)))
        if method != "HEAD":
            sock.sendall(answer.body[:after])
        _wait_until_sent(sock)
    # With linger on and zero seconds, close() answers with RST in place of FIN.
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def _wait_until_sent(sock: socket.socket) -> None:
    """Wait (a second at most) till the peer has taken all; a reset throws away what is queued."""
    deadline = time.monotonic() + 1
    with contextlib.suppress(OSError):
        while time.monotonic() < deadline:
            queued = struct.unpack("i", fcntl.ioctl(sock, termios.TIOCOUTQ, b"\0\0\0\0"))[0]
            if queued == 0:
                return
            time.sleep(0.002)


def cut_at(length: int, at: object) -> int:
    """Where to cut: a byte, a share (float below 1), or half; always before the last byte."""
    if at is None:
        at = 0.5
    place = int(length * at) if isinstance(at, float) else int(str(at))
    return max(0, min(place, length - 1))


def _send_cut(sock: socket.socket, answer: Answer, at: object, content_length: str) -> None:
    """Send the first part of the body and hang up, under one of four framings."""
    body = answer.body
    cut = body[: cut_at(len(body), at)]
    if content_length == "right":
        sock.sendall(head(answer, close=True, length=str(len(body))) + cut)
    elif content_length == "wrong":
        # The header agrees with the cut body, so that only the content tells.
        sock.sendall(head(answer, close=True, length=str(len(cut))) + cut)
    elif content_length == "absent":
        sock.sendall(head(answer, close=True) + cut)
    else:
        chunks = b"".join(
            b"%x\r\n%b\r\n" % (len(chunk), chunk)
            for chunk in (cut[i : i + 16_384] for i in range(0, len(cut), 16_384))
        )
        sock.sendall(head(answer, close=True, chunked="yes") + chunks)


def _send_slowly(
    sock: socket.socket,
    answer: Answer,
    fault: Fault,
    *,
    method: str,
    close: bool,
    closing: Event,
) -> bool:
    """Wait, then send the head at once and the body at so many bytes a second (0: never)."""
    rate = float(str(fault.details["bytes_per_second"]))
    if closing.wait(float(str(fault.details["delay"]))):
        return False
    sock.sendall(head(answer, close=close, length=_length(answer)))
    if method == "HEAD":
        return not close
    if rate <= 0:
        closing.wait()
        return False
    step = max(1, int(rate / 20))
    body = memoryview(answer.body)
    for start in range(0, len(body), step):
        sock.sendall(body[start : start + step])
        if closing.wait(step / rate):
            return False
    return not close
