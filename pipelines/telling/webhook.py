"""Posts JSON to one address, signed, within a deadline.

The address of a webhook is a secret itself (whoever knows it may post), so of it only the host is
ever named. It is the operator's own: it may be on a private network, and is never left by a redirect.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from typing import Any

from pipelines.telling.signing import signed

DEADLINE = 10.0
"""Seconds for one post, from the connection to the status."""


class NotSentError(RuntimeError):
    """It did not arrive; the message says why, without address or secret."""


@dataclass(frozen=True)
class Webhook:
    """One address, and the secret that signs what is sent there (none: unsigned)."""

    url: str = field(repr=False)
    secret: str = field(default="", repr=False)
    deadline: float = DEADLINE

    @property
    def host(self) -> str:
        """What of the address may be shown."""
        import httpx

        try:
            parsed = httpx.URL(self.url)
        except httpx.InvalidURL:
            return "an address that is none"
        return parsed.host if not parsed.port else f"{parsed.host}:{parsed.port}"

    def post(self, message_id: str, data: dict[str, Any]) -> None:
        """Post `data`, signed with the present moment. Raises NotSentError for all but a 2xx."""
        import httpx

        from assets.sources.deadline import Deadline

        body = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
        try:
            headers = signed(self.secret, message_id, int(time.time()), body)
        except ValueError as error:
            raise NotSentError(f"the secret of {self.host} is wrong: {error}") from None
        deadline = Deadline()
        try:
            with httpx.Client(
                trust_env=False,
                timeout=self.deadline,
                headers={"User-Agent": "locatiemonitor", "Content-Type": "application/json"},
            ) as client:
                deadline.bind(client)
                request = client.build_request("POST", self.url, content=body, headers=headers)
                with deadline.of(self.deadline):
                    # Beneath the client, which logs every address that it asks, and follows
                    # redirects. Of the answer only the status counts: a body is not read.
                    answer = client._transport.handle_request(request)
                    status = answer.status_code
                    answer.close()
        except (httpx.InvalidURL, httpx.UnsupportedProtocol):
            raise NotSentError(
                "expected https://host/path; came something that is no address"
            ) from None
        except httpx.HTTPError as error:
            # What httpx says may quote the address.
            raise NotSentError(f"{self.host}: {type(error).__name__}") from None
        if not 200 <= status < 300:
            raise NotSentError(f"{self.host}: HTTP {status}")
