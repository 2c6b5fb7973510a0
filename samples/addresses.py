"""Lets a stand-in on loopback answer under the address of the publisher it stands in for."""

from __future__ import annotations

import hashlib

import httpx

from assets.sources.transport import SYNTHETIC

KEPT_HEADERS = ("content-type", "last-modified")


class UnderRealAddress(httpx.BaseTransport):
    """Asks `stand_in` what is asked of `real` (an origin, such as `https://opendata.cbs.nl`; the
    stand-in may be a folder below one).

    Wherever an answer names the stand-in, it names the publisher instead. An ETag is made anew
    from what the answer has become: the stand-in's own depends on the port it listens on.
    """

    def __init__(self, real: str, stand_in: str, *, synthetic: bool = False) -> None:
        self._real, self._stand_in = origin(real), stand_in.rstrip("/")
        self._synthetic = synthetic
        self._inner = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer `request`, which is for the publisher."""
        asked = str(request.url)
        if not asked.startswith(f"{self._real}/"):
            raise httpx.UnsupportedProtocol(f"{asked} is not at {self._real}", request=request)
        elsewhere = httpx.Request(
            request.method,
            self._stand_in + asked.removeprefix(self._real),
            headers={k: v for k, v in request.headers.items() if k.lower() != "host"},
        )
        answer = self._inner.handle_request(elsewhere)
        body = answer.read().replace(self._stand_in.encode(), self._real.encode())
        headers = {name: answer.headers[name] for name in KEPT_HEADERS if name in answer.headers}
        if "etag" in answer.headers:
            headers["etag"] = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        if self._synthetic:
            headers[SYNTHETIC] = "true"
        return httpx.Response(answer.status_code, headers=headers, content=body)

    def close(self) -> None:
        """Close the connections to the stand-in."""
        self._inner.close()


class ManyUnderRealAddresses(httpx.BaseTransport):
    """Asks `stand_in`, a folder a host, what is asked of hosts by name; all of it is invented."""

    def __init__(self, stand_in: str) -> None:
        self._stand_in = stand_in
        self._hosts: dict[str, UnderRealAddress] = {}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer `request`, which is for one of the hosts."""
        host, url = request.url.host, str(request.url)
        if host not in self._hosts:
            folder = f"{self._stand_in}/{host}"
            self._hosts[host] = UnderRealAddress(origin(url), folder, synthetic=True)
        return self._hosts[host].handle_request(request)

    def close(self) -> None:
        """Close the connections to the stand-in."""
        for transport in self._hosts.values():
            transport.close()


def origin(address: str) -> str:
    """Scheme, host and port of an address."""
    url = httpx.URL(address)
    return f"{url.scheme}://{url.netloc.decode()}"
