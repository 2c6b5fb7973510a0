"""Messages over real connections: a receiver over HTTP, a mail server over SMTP; when they fail too."""

from __future__ import annotations

import datetime as dt
import logging
import ssl
import time
from collections.abc import Iterator
from email.message import Message as Received
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as Handler
from aiosmtpd.smtp import AuthResult, LoginPassword

from pipelines.resources import build_edges
from pipelines.settings import Settings
from pipelines.telling.mail import Mail
from pipelines.telling.messages import Message, message
from pipelines.telling.sending import channels, send_notices
from pipelines.telling.signing import verified
from pipelines.telling.webhook import NotSentError, Webhook
from tests.receiver import Receiver, receiver
from warehouse.incidents import Incident, Incidents, Kind, Notice, Phase

NOON = dt.datetime(2026, 11, 22, 12)
MINUTE = dt.timedelta(minutes=1)
SAID = message(
    Notice(
        Incident("i1", Kind.BLOCKED, "a 2024", "x\r\nBcc: y@z", "r", NOON, None),
        Phase.OPENED,
        "",
        0,
        "",
    ),
    "http://ui",
)


@pytest.fixture
def there() -> Iterator[Receiver]:
    with receiver() as running:
        yield running


# -- webhooks --------------------------------------------------------------------------------
def test_a_post_is_signed_and_says_everything_and_is_logged_nowhere(
    there: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        Webhook(there.url + "T0K3N", "geheim").post("e1", SAID.data)
    assert "T0K3N" not in caplog.text and "geheim" not in caplog.text
    [post] = there.posts
    assert verified("geheim", post.headers, post.body, time.time()) == "e1"
    assert post.data["text"] == SAID.body
    assert post.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("answer", [500, 404, 301, "elsewhere", "silent"])
def test_what_is_no_2xx_did_not_arrive_and_is_told_without_the_address(
    there: Receiver, answer: int | str
) -> None:
    there.answers.append(answer)
    with pytest.raises(NotSentError) as caught:
        Webhook(there.url + "T0K3N/path", "geheim", deadline=0.5).post("e1", {})
    assert "T0K3N" not in str(caught.value) and "geheim" not in str(caught.value)
    assert there.url.split("/")[2] in str(caught.value)
    assert len(there.posts) == 1, "a redirect is not followed"
    assert caught.value.__context__ is None or caught.value.__suppress_context__


def test_an_answer_without_end_is_not_waited_for(there: Receiver) -> None:
    there.answers.append("endless")
    Webhook(there.url).post("e1", {})
    assert len(there.posts) == 1


@pytest.mark.parametrize("url", ["", "ftp://h/x", "no address", "http://[", "https://127.0.0.1:1/"])
def test_an_address_that_is_none_or_nobody_there(url: str) -> None:
    with pytest.raises(NotSentError):
        Webhook(url, "s").post("e1", {})


# -- mail ------------------------------------------------------------------------------------
class AnyPort(Controller):
    """A mail server on whichever port is free."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        super()._trigger_server()


class Box(Handler):
    """Keeps what was mailed."""

    def __init__(self) -> None:
        super().__init__()
        self.mails: list[Received] = []

    def handle_message(self, message: Received) -> None:
        self.mails.append(message)


def _allowed(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    right = isinstance(data, LoginPassword) and data.password == b"g@heim"
    return AuthResult(success=right, handled=right)


@pytest.fixture(scope="module")
def trusted_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for the loopback address, and its key."""
    from tests.assets.sources.test_transport_tls import certificate

    return certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def box(trusted_file: Path) -> Iterator[tuple[Box, int, ssl.SSLContext]]:
    """A mail server that wants STARTTLS and a password."""
    own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    own.load_cert_chain(trusted_file)
    kept = Box()
    server = AnyPort(
        kept,
        hostname="127.0.0.1",
        port=0,
        tls_context=own,
        require_starttls=True,
        auth_required=True,
        authenticator=_allowed,
    )
    server.start()
    port = server.port
    try:
        yield kept, port, ssl.create_default_context(cafile=trusted_file)
    finally:
        server.stop()


def test_a_mail_goes_over_tls_with_a_password(box: tuple[Box, int, ssl.SSLContext]) -> None:
    kept, port, trusted = box
    mail = Mail(
        f"smtp://user:g%40heim@127.0.0.1:{port}", ("a@x.nl", "b@x.nl"), "lm@x.nl", trusted=trusted
    )
    mail.send(SAID)
    [received] = kept.mails
    assert received["Subject"] == "[locatiemonitor] Source blocked: a 2024"
    assert received["To"] == "a@x.nl, b@x.nl"
    assert received["Bcc"] is None
    assert received["Message-ID"] == "<i1-opened@locatiemonitor>"
    assert "Sinds / Since" in received.get_payload(decode=True).decode()  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("smtp://user:wr0ng@127.0.0.1:{port}", "refuses the user or the password"),
        ("smtp://127.0.0.1:{port}", "SMTP"),
        ("smtp://user:wr0ng@127.0.0.1:1", "ConnectionRefusedError"),
        ("http://user:wr0ng@127.0.0.1", "expected smtp://"),
        ("smtps://user:wr0ng@127.0.0.1:{port}", "127.0.0.1: "),
        ("smtp://user:wr0ng@[", "expected smtp://"),
    ],
)
def test_a_mail_that_is_refused_says_why_without_the_password(
    box: tuple[Box, int, ssl.SSLContext], url: str, why: str
) -> None:
    kept, port, trusted = box
    with pytest.raises(NotSentError, match=why) as caught:
        Mail(url.format(port=port), ("a@x.nl",), "lm@x.nl", 1.0, trusted).send(SAID)
    assert "wr0ng" not in str(caught.value)
    assert kept.mails == []


def test_a_server_whose_certificate_is_not_trusted_gets_no_password(
    box: tuple[Box, int, ssl.SSLContext],
) -> None:
    kept, port, _ = box
    with pytest.raises(NotSentError, match="SSLCertVerificationError"):
        Mail(f"smtp://user:g%40heim@127.0.0.1:{port}", ("a@x.nl",), "lm@x.nl").send(SAID)
    assert kept.mails == []


def test_a_password_is_not_sent_in_the_clear() -> None:
    kept = Box()
    server = AnyPort(kept, hostname="127.0.0.1", port=0)
    server.start()
    try:
        port = server.port
        with pytest.raises(NotSentError, match="no STARTTLS"):
            Mail(f"smtp://user:p@127.0.0.1:{port}", ("a@x.nl",), "lm@x.nl").send(SAID)
        Mail(f"smtp://127.0.0.1:{port}", ("a@x.nl",), "lm@x.nl").send(SAID)
    finally:
        server.stop()
    assert len(kept.mails) == 1


# -- owed ------------------------------------------------------------------------------------
def test_what_fails_stays_owed_and_arrives_once(there: Receiver, tmp_path: Path) -> None:
    settings = Settings(
        home=tmp_path,
        notify_webhook_url=there.url,
        notify_email_to="a@x.nl",
        smtp_url="smtp://127.0.0.1:1",
    )
    assert channels(settings) == ["email", "webhook"]
    from assets.catalogue import load_catalogue

    edges = build_edges(settings, load_catalogue())
    there.answers += [500, 503]
    edges.incidents.opened(Kind.BLOCKED, "a 2024", "x", at=NOON)
    edges.incidents.opened(Kind.BLOCKED, "b 2024", "x", at=NOON)
    told = edges.tell(NOON)
    assert len(told) == 2 and "HTTP 500" in " ".join(told) and "email" in " ".join(told)
    assert len(there.posts) == 1, "a channel that fails is left alone for a while"
    edges.tell(NOON + MINUTE / 2)
    edges.tell(NOON + 2 * MINUTE)
    edges.tell(NOON + 60 * MINUTE)
    arrived = [post.headers["webhook-id"] for post in there.posts if post.data]
    subjects = [post.data["subject"] for post in there.posts]
    assert subjects.count("a 2024") + subjects.count("b 2024") == len(arrived) == 4
    edges.tell(NOON + 61 * MINUTE)
    assert len(there.posts) == 4
    assert {n.channel for n in edges.incidents.undelivered(NOON + 61 * MINUTE)} == {"email"}


def test_a_process_killed_between_sending_and_marking_sends_again_with_the_same_id(
    there: Receiver, tmp_path: Path
) -> None:
    class Killed(BaseException):
        """Nothing catches this, as nothing catches a kill."""

    hook = Webhook(there.url)

    def killed(said: Message) -> None:
        hook.post(said.message_id, said.data)
        raise Killed

    incidents = Incidents(f"sqlite:///{tmp_path / 'i.sqlite'}", ("webhook",))
    incidents.opened(Kind.BLOCKED, "a 2024", "x", at=NOON)
    with pytest.raises(Killed):
        send_notices(incidents, {"webhook": killed}, "", NOON)
    whole = {"webhook": lambda said: hook.post(said.message_id, said.data)}
    send_notices(incidents, whole, "", NOON)
    assert len(there.posts) == 1, "it may still be on its way"
    send_notices(incidents, whole, "", NOON + 5 * MINUTE)
    send_notices(incidents, whole, "", NOON + 50 * MINUTE)
    assert [post.headers["webhook-id"] for post in there.posts] == [
        there.posts[0].headers["webhook-id"]
    ] * 2


def test_incidents_that_cannot_be_read_fail_nothing(tmp_path: Path) -> None:
    (tmp_path / "i.sqlite").write_bytes(b"no database at all" * 100)
    incidents = Incidents(f"sqlite:///{tmp_path / 'i.sqlite'}", ("webhook",))
    [line] = send_notices(incidents, {}, "", NOON)
    assert "could not be sent" in line
