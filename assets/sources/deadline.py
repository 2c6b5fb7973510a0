"""A deadline over a whole exchange, beneath httpx.

httpx has a time-out for each read, and starts it anew with every byte: a publisher that sends a
byte a second, of its headers or of its body, is waited for without end. Here every connect,
read and write gets what is left until the deadline and no more.
"""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import httpcore
import httpx


class Deadline:
    """How long the exchange of the present thread may still take."""

    def __init__(self) -> None:
        self._until = threading.local()

    @contextmanager
    def of(self, seconds: float) -> Iterator[None]:
        """Everything inside the `with` together may take this long."""
        self._until.moment = time.monotonic() + seconds
        try:
            yield
        finally:
            del self._until.moment

    def within(self, timeout: float | None) -> float | None:
        """The time-out of one step. Raises ReadTimeout where no time is left."""
        until = getattr(self._until, "moment", None)
        if until is None:
            return timeout
        left: float = until - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the deadline has passed")
        return left if timeout is None else min(timeout, left)

    def bind(self, client: httpx.Client) -> None:
        """Hold the client's connections to the deadline.

        httpx takes no network backend, so it is put into the pools that it has made. A client
        without pools (its transport is not the network) is left as it is.
        """
        for transport in (client._transport, *client._mounts.values()):
            if isinstance(transport, httpx.HTTPTransport):
                pool = transport._pool
                pool._network_backend = _Backend(pool._network_backend, self)


class _Backend(httpcore.NetworkBackend):
    """Connects within the deadline."""

    def __init__(self, inner: httpcore.NetworkBackend, deadline: Deadline) -> None:
        self._inner, self._deadline = inner, deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect, and hold what is sent and received to the deadline as well."""
        left = self._deadline.within(timeout)
        stream = self._inner.connect_tcp(host, port, left, local_address, socket_options)
        return _Stream(stream, self._deadline)


class _Stream(httpcore.NetworkStream):
    """Reads and writes within the deadline."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._inner, self._deadline = inner, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """What has come."""
        return self._inner.read(max_bytes, self._deadline.within(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send."""
        self._inner.write(buffer, self._deadline.within(timeout))

    def close(self) -> None:
        """Hang up."""
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """The encrypted stream, under the same deadline."""
        left = self._deadline.within(timeout)
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, left), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        """What httpcore asks of the socket beneath."""
        return self._inner.get_extra_info(info)
