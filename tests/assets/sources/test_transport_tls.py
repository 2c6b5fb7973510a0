"""Over TLS as in earnest: only a certificate that is trusted, and under the same deadline."""

from __future__ import annotations

import datetime as dt
import ipaddress
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from assets.sources.errors import Refused, Unreachable
from assets.sources.transport import Fetcher
from tests.assets.material import ONCE

x509 = pytest.importorskip("cryptography.x509", reason="cryptography makes the certificate")


def certificate(folder: Path) -> Path:
    """A certificate for 127.0.0.1, signed by nobody but itself, with its key."""
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "publisher")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(hours=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    path = folder / "publisher.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


class Dripping(BaseHTTPRequestHandler):
    """Answers at once, or a byte at a time where that is asked."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer ten bytes."""
        self.send_response(200)
        self.send_header("Content-Length", "10")
        self.end_headers()
        for _ in range(10):
            time.sleep(0.5 if "slow" in self.path else 0)
            self.wfile.write(b"x")

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is printed."""


@pytest.fixture(scope="module")
def publisher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A publisher over TLS: its address, and the certificate to trust."""
    path = certificate(tmp_path_factory.mktemp("tls"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Dripping)
    server.handle_error = lambda request, address: None  # type: ignore[method-assign]
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"https://127.0.0.1:{server.server_port}", path
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_trusted_publisher_is_read_and_held_to_the_deadline(
    publisher: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, trusted = publisher
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    with Fetcher(url, policy=replace(ONCE, deadline=0.4)) as fetcher:
        assert fetcher.get("one").content() == b"x" * 10
        assert fetcher.get("two").content() == b"x" * 10, "over the same connection"
        start = time.monotonic()
        with pytest.raises(Unreachable, match=r"not complete within 0\.4 s"):
            fetcher.get("slow")
        assert time.monotonic() - start < 15
        assert fetcher.get("three").content() == b"x" * 10


def test_a_publisher_that_nobody_vouches_for_is_not_read(publisher: tuple[str, Path]) -> None:
    with (
        Fetcher(publisher[0], policy=ONCE) as fetcher,
        pytest.raises(Unreachable, match="CERTIFICATE_VERIFY_FAILED"),
    ):
        fetcher.get("one")


def test_no_link_leads_from_https_to_http(publisher: tuple[str, Path]) -> None:
    plain = publisher[0].replace("https:", "http:")
    with Fetcher(publisher[0], policy=ONCE) as fetcher, pytest.raises(Refused, match="another ori"):
        fetcher.get(f"{plain}/one")
