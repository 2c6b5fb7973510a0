"""Where a publisher may be: on public addresses, unless a private one was declared.

A name is resolved once, what it resolves to is judged, and that is what is connected to: a name that
is pointed elsewhere a moment later gets nowhere. TLS still asks for a certificate of the name.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Collection, Iterable
from typing import Any

import httpcore
import httpx

from assets.sources.errors import Refused


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public network, also where it wraps another."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


NAT64 = ipaddress.ip_network("64:ff9b::/96")
"""IPv6 addresses that a network turns into the IPv4 address in their last four bytes."""


def declares_private(host: str) -> bool:
    """Whether whoever wrote `host` as a publisher's address can only have meant a private one."""
    try:
        return not is_public(host.strip("[]"))
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def credentials(base: str) -> tuple[str, httpx.BasicAuth | None]:
    """A base address without its user and password, and these: they go in a header, where no message
    quotes them."""
    url = httpx.URL(base)
    if not url.userinfo:
        return base, None
    auth = httpx.BasicAuth(url.username, url.password)
    return str(url.copy_with(username=None, password=None)).rstrip("/"), auth


def only_public(client: httpx.Client, private: Collection[str]) -> None:
    """Let `client` connect to public addresses only, and to those of the hosts `private`.

    httpx takes no network backend, so it is put into the pool that it has made. A proxy is not judged:
    whoever set it trusts it, and it resolves names itself.
    """
    transport = client._transport
    if isinstance(transport, httpx.HTTPTransport):
        pool = transport._pool
        pool._network_backend = _Public(pool._network_backend, frozenset(private))


class _Public(httpcore.NetworkBackend):
    """Connects to what a name resolves to, where that is allowed."""

    def __init__(self, beneath: httpcore.NetworkBackend, private: frozenset[str]) -> None:
        self._beneath, self._private = beneath, private

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of `host` that answers. Raises Refused where one is private."""
        if host in self._private or declares_private(host):
            return self._beneath.connect_tcp(host, port, timeout, local_address, socket_options)
        failed: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in _addresses(host, port):
            try:
                return self._beneath.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
        raise failed

    def sleep(self, seconds: float) -> None:
        """Wait."""
        self._beneath.sleep(seconds)


def _addresses(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpcore.ConnectError(str(error)) from error
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    private = [address for address in addresses if not is_public(address)]
    if private:
        raise Refused(
            f"refused to connect to {host}: it is at the private address {private[0]}; expected a public one. "
            f"Where that is meant, name the host in LM_PRIVATE_HOSTS"
        )
    return addresses
