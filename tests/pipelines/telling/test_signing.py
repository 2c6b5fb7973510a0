"""Signatures: those of the specification's own example, and nothing but those."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.telling.signing import WINDOW, SignatureError, key_of, signed, verified

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
NOW = 1_614_265_330


def test_the_example_of_the_specification() -> None:
    headers = signed(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", NOW, b'{"test": 2432232314}')
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert headers["webhook-timestamp"] == str(NOW)


@given(st.binary(), st.integers(-WINDOW, WINDOW), st.text(min_size=1))
def test_what_is_signed_is_verified_within_the_window(body: bytes, off: int, secret: str) -> None:
    if secret.startswith("whsec_"):
        return
    try:
        headers = signed(secret, "e1", NOW, body)
    except UnicodeEncodeError:
        return
    assert verified(secret, headers, body, NOW + off) == "e1"


@pytest.mark.parametrize("off", [-WINDOW - 1, WINDOW + 1])
def test_sent_again_by_somebody_else_it_is_too_old(off: int) -> None:
    with pytest.raises(SignatureError, match="300 s"):
        verified(SECRET, signed(SECRET, "e1", NOW, b"x"), b"x", NOW + off)


@pytest.mark.parametrize(
    "change",
    [
        {"webhook-id": "e2"},
        {"webhook-timestamp": str(NOW + 1)},
        {"webhook-timestamp": "now"},
        {"webhook-signature": "v1,AAAA"},
        {"webhook-signature": ""},
        {"webhook-signature": "v1,é"},
    ],
)
def test_a_changed_header_is_refused(change: dict[str, str]) -> None:
    with pytest.raises(SignatureError):
        verified(SECRET, signed(SECRET, "e1", NOW, b"x") | change, b"x", NOW)


def test_another_body_or_another_secret_is_refused() -> None:
    headers = signed(SECRET, "e1", NOW, b"x")
    with pytest.raises(SignatureError):
        verified(SECRET, headers, b"y", NOW)
    with pytest.raises(SignatureError):
        verified("another", headers, b"x", NOW)
    with pytest.raises(ValueError, match="Base64"):
        key_of("whsec_no base64!")
    assert "webhook-signature" not in signed("", "e1", NOW, b"x")
