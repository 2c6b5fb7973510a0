"""Secrets taken out of words before they are shown, logged or sent.

Secrets are kept out of messages where these are made. This is the net beneath: whatever leaves the
house or is written down for people passes through it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus, unquote

MASK = "***"
USERINFO = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.\-]*://)[^\s/?#'\"<>]+@(?=[^\s/?#])")
"""What stands before the host of an address: a user, and mostly a password."""
PARAMETER = re.compile(
    r"(?P<name>\b(?:password|passwd|pwd|passfile|sslpassword|secret|token|api_?key|access_?key|"
    r"secret_?access_?key|signature|sig)=)[^&\s'\"<>;]+",
    re.IGNORECASE,
)
"""A secret as the parameter of an address, or of a connection written as `name=value`."""
SHORTEST = 4
"""Characters; a shorter secret is no secret, and taking it out would eat words."""


def masked(text: str, secrets: Iterable[str] = ()) -> str:
    """`text` with `***` where a secret stands: each of `secrets`, also as an address writes it, the
    user and password of any address, and the value of any parameter that is named as one."""
    spelled = {
        form
        for secret in secrets
        if len(secret) >= SHORTEST
        for form in (
            secret,
            quote(secret, safe=""),
            quote(secret),
            quote_plus(secret),
            unquote(secret),
        )
        if len(form) >= SHORTEST
    }
    # The longest first: one may stand inside another.
    for form in sorted(spelled, key=lambda form: (-len(form), form)):
        text = text.replace(form, MASK)
    text = USERINFO.sub(rf"\g<scheme>{MASK}@", text)
    return PARAMETER.sub(rf"\g<name>{MASK}", text)


def secrets_in(url: str) -> list[str]:
    """The secrets in an address: its password, a user that stands alone (a token), and parameters that
    are named as secrets. As they stand there, and as they are meant."""
    found = [said.group(0).partition("=")[2] for said in PARAMETER.finditer(url)]
    for said in USERINFO.finditer(url):
        user, colon, password = said.group(0)[len(said["scheme"]) : -1].partition(":")
        found.append(password if colon else user)
    return [form for one in found for form in dict.fromkeys((one, unquote(one))) if form]
