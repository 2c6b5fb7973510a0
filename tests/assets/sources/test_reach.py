"""Where a question may go: never to another origin, never to a private address that was not declared,
over real connections; and a password goes in a header and nowhere else."""

from __future__ import annotations

import base64
import contextlib
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.sources.errors import Refused, Unreachable
from assets.sources.reach import credentials, declares_private, is_public
from assets.sources.transport import Fetcher
from tests.assets.material import ONCE

PRIVATE = [
    "10.1.2.3",
    "127.0.0.1",
    "127.8.9.1",
    "169.254.169.254",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "0.0.0.0",  # noqa: S104 - judged, not bound to
    "224.0.0.1",
    "::1",
    "::",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1%eth0",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "2002:7f00:1::",
    "64:ff9b::a9fe:a9fe",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_a_private_address_is_known_in_every_dress(address: str) -> None:
    assert not is_public(address)


@given(st.ip_addresses(v=4))
def test_an_address_within_an_address_is_judged_as_that(inner: object) -> None:
    assert is_public(f"::ffff:{inner}") == is_public(str(inner))


@pytest.mark.parametrize("address", ["1.1.1.1", "185.3.211.1", "2a02:898::1", "64:ff9b::101:101"])
def test_a_public_address_is_known(address: str) -> None:
    assert is_public(address)


def test_only_a_literal_or_localhost_can_but_mean_a_private_address() -> None:
    assert all(
        map(declares_private, ("127.0.0.1", "[::1]", "10.0.0.8", "localhost", "x.localhost"))
    )
    assert not any(map(declares_private, ("cbs.nl", "127.1", "0x7f000001", "localhost.cbs.nl")))


class Site(BaseHTTPRequestHandler):
    """Answers with what it was asked; redirects where it is told to."""

    asked: list[tuple[str, str | None]]

    def do_GET(self) -> None:
        """Answer."""
        self.asked.append((self.path, self.headers.get("Authorization")))
        to = self.path.partition("?to=")[2]
        self.send_response(302 if to else 200)
        if to:
            self.send_header("Location", to)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *said: object) -> None:
        """Nothing on the terminal."""


@pytest.fixture
def port() -> Iterator[int]:
    """A site on the loopback address."""
    Site.asked = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """A name service: name -> addresses. Others resolve as they do."""
    known: dict[str, list[str]] = {}
    really = socket.getaddrinfo

    def resolve(host: str, port: int, *rest: object, **more: object) -> object:
        if host in known:
            if not known[host]:
                raise socket.gaierror(-2, "Name or service not known")
            return [e for a in known[host] for e in really(a, port, type=socket.SOCK_STREAM)]
        return really(host, port, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return known


@pytest.mark.parametrize("address", [a for a in PRIVATE if "%" not in a])
def test_a_name_at_a_private_address_is_refused_before_anything_is_sent(
    port: int, names: dict[str, list[str]], address: str
) -> None:
    for addresses in ([address], ["185.3.211.1", address]):
        names["publisher.example"] = addresses
        with (
            Fetcher(f"http://publisher.example:{port}", policy=ONCE) as fetcher,
            pytest.raises(Refused, match="LM_PRIVATE_HOSTS"),
        ):
            fetcher.get("x")
    assert Site.asked == []


@pytest.mark.parametrize("host", ["127.1", "2130706433", "0x7f.0.0.1", "017700000001"])
def test_other_spellings_of_loopback_are_no_declaration(port: int, host: str) -> None:
    with (
        Fetcher(f"http://{host}:{port}", policy=ONCE) as fetcher,
        pytest.raises((Refused, Unreachable)),
    ):
        fetcher.get("x")
    assert Site.asked == []


def test_a_private_host_that_is_declared_is_asked(port: int, names: dict[str, list[str]]) -> None:
    names["mirror.intern"] = ["127.0.0.1"]
    declared = replace(ONCE, private_hosts=frozenset({"mirror.intern"}))
    with Fetcher(f"http://mirror.intern:{port}", policy=declared) as fetcher:
        assert fetcher.get("x").content() == b"ok"
        # What is declared is that host, not the network it is in.
        names["other.intern"] = ["127.0.0.1"]
        with pytest.raises(Refused, match="another origin"):
            fetcher.get(f"http://other.intern:{port}/x")


def test_a_name_is_resolved_once_and_what_was_judged_is_asked(
    monkeypatch: pytest.MonkeyPatch, port: int
) -> None:
    """A name server that gives a public address first and a private one afterwards."""
    answers = iter(["192.0.2.1", "127.0.0.1", "127.0.0.1"])
    asked: list[str] = []

    def resolve(host: str, port: int, *rest: object, **more: object) -> object:
        asked.append(host)
        address = next(answers) if host == "rebinding.example" else host
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr("assets.sources.reach.is_public", lambda address: address == "192.0.2.1")
    brief = replace(ONCE, connect=0.3, deadline=1.0)
    with (
        Fetcher(f"http://rebinding.example:{port}", policy=brief) as fetcher,
        pytest.raises(Unreachable),
    ):
        fetcher.get("x")
    assert asked.count("rebinding.example") == 1
    assert Site.asked == []


@pytest.mark.parametrize(
    "to",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/x",
        "http://localhost/x",
        "https://127.0.0.1/x",
        "http://user:pw@127.0.0.1:{port}/x",
        "http://127.0.0.1:{other}/x",
        "//127.0.0.2:{port}/x",
        "ftp://127.0.0.1/x",
        "http://127.0.0.1:{port}@169.254.169.254/",
    ],
)
def test_neither_a_link_nor_a_redirect_leaves_the_origin(port: int, to: str) -> None:
    to = to.format(port=port, other=port + 1)
    with Fetcher(f"http://127.0.0.1:{port}", policy=ONCE) as fetcher:
        with pytest.raises((Refused, Unreachable)) as caught:
            fetcher.get(f"/go?to={to}")
        assert "pw@" not in str(caught.value)
        if "://" in to:
            with pytest.raises(Refused):
                fetcher.get(to)
    assert all(path.startswith("/go") for path, _ in Site.asked)


@pytest.mark.parametrize(
    "to", ["file:///etc/passwd", "http:\\\\169.254.169.254\\x", "data:,x", "http://[", ":"]
)
def test_what_names_no_host_is_a_path_of_the_publisher_or_refused(port: int, to: str) -> None:
    with Fetcher(f"http://127.0.0.1:{port}", policy=ONCE) as fetcher, contextlib.suppress(Refused):
        assert fetcher.get(f"/go?to={to}").content() == b"ok"
    assert Site.asked


def test_the_password_of_a_mirror_goes_in_a_header_and_in_no_message(port: int) -> None:
    with Fetcher(f"http://user:g%40heim@127.0.0.1:{port}/m", policy=ONCE) as fetcher:
        answer = fetcher.get("x")
        assert answer.url == f"http://127.0.0.1:{port}/m/x"
        # Of the same mirror at another folder, too.
        fetcher.at(f"{fetcher.base}/host").get("y")
        for wrong in ("http://169.254.169.254/", "/go?to=http://169.254.169.254/", "http://["):
            with pytest.raises(Refused) as caught:
                fetcher.get(wrong)
            assert "heim" not in str(caught.value) and "heim" not in repr(caught.value.__cause__)
    said = "Basic " + base64.b64encode(b"user:g@heim").decode()
    assert [auth for _, auth in Site.asked] == [said] * 3
    assert credentials("https://host/x") == ("https://host/x", None)


def test_a_name_that_is_none_cannot_be_asked(names: dict[str, list[str]]) -> None:
    names["gone.example"] = []
    with Fetcher("http://gone.example", policy=ONCE) as fetcher, pytest.raises(Unreachable):
        fetcher.get("x")
    assert httpx.URL("http://gone.example").host == "gone.example"
