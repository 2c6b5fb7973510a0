"""Lets a stand-in on loopback answer under the address of the publisher it stands in for."""

from __future__ import annotations

import hashlib

import httpx

from assets.sources.transport import SYNTHETIC

KEPT_HEADERS = ("content-type", "last-modified")


class UnderRealAddress(httpx.BaseTransport):
    """Asks `stand_in` what is asked of `real` (both origins, such as `https://opendata.cbs.nl`).

    Wherever an answer names the stand-in, it names the publisher instead. An ETag is made anew
    from what the answer has become: the stand-in's own depends on the port it listens on.
    """

    def __init__(self, real: str, stand_in: str, *, synthetic: bool = False) -> None:
        self._real, self._stand_in = origin(real), origin(stand_in)
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


def origin(address: str) -> str:
    """Scheme, host and port of an address."""
    url = httpx.URL(address)
    return f"{url.scheme}://{url.netloc.decode()}"
