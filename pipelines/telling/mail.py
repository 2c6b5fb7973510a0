"""Sends a message by SMTP: `smtp://user:password@host:587` (STARTTLS), `smtps://...:465` (TLS from the
first byte). A password is never sent in the clear."""

from __future__ import annotations

import email.utils
import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from pipelines.telling.messages import Message
from pipelines.telling.webhook import NotSentError

PATIENCE = 10.0
"""Seconds for one answer of the server."""
EXPECTED = "smtp://user:password@host:587 or smtps://user:password@host:465"


@dataclass(frozen=True)
class Mail:
    """One server, one sender, and who is told."""

    url: str = field(repr=False)
    to: tuple[str, ...]
    sender: str
    patience: float = PATIENCE
    trusted: ssl.SSLContext | None = field(default=None, repr=False)
    """Whom TLS trusts; by default who the system does."""

    def send(self, message: Message) -> None:
        """Send one message. Raises NotSentError."""
        try:
            parts = urlsplit(self.url)
            host, port = parts.hostname, parts.port
        except ValueError:
            host, port = None, None
        if not host or parts.scheme not in ("smtp", "smtps"):
            raise NotSentError(f"LM_SMTP_URL: expected {EXPECTED}")
        try:
            self._send(message, parts.scheme, host, port, parts.username, parts.password)
        except smtplib.SMTPAuthenticationError as error:
            # What a server answers to a password may repeat it.
            raise NotSentError(
                f"{host}: it refuses the user or the password ({error.smtp_code})"
            ) from None
        except smtplib.SMTPRecipientsRefused:
            raise NotSentError(
                f"{host}: it refuses every recipient of LM_NOTIFY_EMAIL_TO"
            ) from None
        except smtplib.SMTPResponseException as error:
            raise NotSentError(f"{host}: SMTP {error.smtp_code}") from None
        except (smtplib.SMTPException, OSError) as error:
            raise NotSentError(f"{host}: {type(error).__name__}") from None

    def _send(
        self,
        message: Message,
        scheme: str,
        host: str,
        port: int | None,
        user: str | None,
        password: str | None,
    ) -> None:
        trusted = self.trusted or ssl.create_default_context()
        if scheme == "smtps":
            client: smtplib.SMTP = smtplib.SMTP_SSL(
                host, port or 465, timeout=self.patience, context=trusted
            )
        else:
            client = smtplib.SMTP(host, port or 587, timeout=self.patience)
        with client:
            client.ehlo()
            if scheme == "smtp" and client.has_extn("starttls"):
                client.starttls(context=trusted)
                client.ehlo()
            elif scheme == "smtp" and user:
                raise NotSentError(
                    f"{host}: offers no STARTTLS, and a password is not sent in the clear"
                )
            if user:
                client.login(unquote(user), unquote(password or ""))
            client.send_message(self._written(message), self.sender, list(self.to))

    def _written(self, message: Message) -> EmailMessage:
        written = EmailMessage()
        written["Subject"] = message.subject
        written["From"] = self.sender
        written["To"] = ", ".join(self.to)
        written["Date"] = email.utils.formatdate()
        # The same whenever it is sent again, by which mail programmes show it once.
        written["Message-ID"] = f"<{message.message_id}@locatiemonitor>"
        written["Auto-Submitted"] = "auto-generated"
        written.set_content(message.body)
        return written
