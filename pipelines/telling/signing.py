"""Signatures of webhooks, as the Standard Webhooks specification writes them, so that receivers need
no code of ours (libraries in a dozen languages: https://www.standardwebhooks.com).

Three headers: `webhook-id` (the same whenever it is sent again), `webhook-timestamp` (seconds since
1970) and `webhook-signature` (`v1,` and the Base64 of HMAC-SHA256 over `<id>.<timestamp>.<body>`).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping

WINDOW = 300
"""Seconds that a receiver allows between the moment of signing and its own clock."""
PREFIX = "whsec_"


class SignatureError(ValueError):
    """Not from whom it says, or not of now; the message says which."""


def key_of(secret: str) -> bytes:
    """The key in a secret: Base64 after `whsec_`, else its characters. Raises ValueError."""
    if not secret.startswith(PREFIX):
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        raise ValueError(f"a secret that starts with {PREFIX} goes on in Base64") from None


def signed(secret: str, message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The headers that go with `body`; without a secret they carry no signature."""
    headers = {"webhook-id": message_id, "webhook-timestamp": str(timestamp)}
    if secret:
        headers["webhook-signature"] = f"v1,{_signature(secret, message_id, str(timestamp), body)}"
    return headers


def verified(
    secret: str, headers: Mapping[str, str], body: bytes, now: float, window: int = WINDOW
) -> str:
    """The id of a message that is genuine and not older or newer than `window` seconds.

    What a receiver does; it then leaves out an id that it has seen. Raises SignatureError.
    """
    lower = {name.lower(): value for name, value in headers.items()}
    message_id, said = lower.get("webhook-id", ""), lower.get("webhook-timestamp", "")
    if not (said.isascii() and said.isdigit()):
        raise SignatureError("there is no webhook-timestamp in seconds")
    wanted = _signature(secret, message_id, said, body)
    given = [
        value
        for version, _, value in (
            x.partition(",") for x in lower.get("webhook-signature", "").split()
        )
        if version == "v1"
    ]
    if not any(hmac.compare_digest(wanted.encode(), one.encode()) for one in given):
        raise SignatureError("the signature is not that of this body, id and moment")
    if abs(now - int(said)) > window:
        raise SignatureError(f"signed more than {window} s from now: sent again by somebody else")
    return message_id


def _signature(secret: str, message_id: str, timestamp: str, body: bytes) -> str:
    content = f"{message_id}.{timestamp}.".encode() + body
    return base64.b64encode(hmac.new(key_of(secret), content, hashlib.sha256).digest()).decode()
