"""One policy for every request: a total deadline, a cap on bytes, same origin, few redirects,
retries of what may pass.

What a URL means is the business of the readers; what is kept, of the archive.
"""

from __future__ import annotations

import copy
import datetime as dt
import email.utils
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl

import httpx
import stamina

from assets.sources.deadline import Deadline
from assets.sources.errors import Absent, Refused, TransientError, Unreachable
from assets.sources.gzipped import unpacked
from assets.sources.reach import credentials, only_public

USER_AGENT = "locatiemonitor/0.1 (regional economic open data; nightly)"
TRANSIENT_STATUS = frozenset({408, 429})
SYNTHETIC = "x-locatiemonitor-synthetic"
"""Header with which a replayed archive marks invented data."""
REDIRECTS = frozenset({301, 302, 303, 307, 308})
ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*://")
"""How a link starts that names its host; another may still have an address in its parameters."""


def _tell(details: stamina.instrumentation.RetryDetails) -> None:
    """Say that something is asked again, and why."""
    logging.getLogger(__name__).warning(
        "%s; asked again in %.1f s", details.caused_by, details.wait_for
    )


# By itself stamina tells of a retry on standard output, where `--json` puts its answer.
stamina.instrumentation.set_on_retry_hooks([_tell])


@dataclass(frozen=True)
class Policy:
    """The figures of the transport policy; seconds and bytes."""

    deadline: float = 120.0
    """For one answer, from the request to its last byte."""
    connect: float = 10.0
    silence: float = 30.0
    """Longest wait for a next byte."""
    max_bytes: int = 512 * 1024 * 1024
    tries: int = 5
    first_wait: float = 0.5
    longest_wait: float = 60.0
    redirects: int = 3
    connections: int = 4
    pause: float = 0.0
    """Between the pages of one site, where many are asked one after the other."""
    private_hosts: frozenset[str] = frozenset()
    """Names that may be at a private address."""


@dataclass(frozen=True)
class Answer:
    """One complete answer. `body` is None where the publisher said that nothing changed (304)."""

    url: str
    """The address that was asked, also where a redirect led elsewhere on the publisher's host."""
    body: bytes | None
    fetched_at: dt.datetime
    content_type: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    synthetic: bool = False
    """True where a replayed archive says that this was invented data."""

    def content(self) -> bytes:
        """The body. Raises Refused for a 304 that nobody asked for."""
        if self.body is None:
            raise Refused(
                f"{self.url}: expected a body, came 304 without a condition having been set"
            )
        return self.body


Address = tuple[str, str, tuple[tuple[str, str], ...]]


def address(url: str | httpx.URL) -> Address:
    """A URL as it is recognised: host, path, and its parameters in any order and spelling."""
    parsed = httpx.URL(url)
    return (
        parsed.host,
        parsed.path,
        tuple(sorted(parse_qsl(parsed.query.decode(), keep_blank_values=True))),
    )


def last_modified(answer: Answer) -> dt.datetime | None:
    """The Last-Modified of an answer, or None where there is none or it is not a date."""
    return _moment(answer.last_modified)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Fetcher:
    """Asks one publisher at one base address, under one policy.

    A publisher that is many hosts has an empty base: of it only `at` is used.
    """

    def __init__(
        self,
        base: str,
        *,
        policy: Policy | None = None,
        transport: httpx.BaseTransport | None = None,
        clock: Callable[[], dt.datetime] = _now,
    ) -> None:
        self.base, self._auth = credentials(base.rstrip("/"))
        self.policy = policy or Policy()
        self._clock = clock
        self._origin = _origin(httpx.URL(self.base))
        self._below = ""
        self._held: dict[str, Answer] = {}
        self._client = httpx.Client(
            transport=transport,
            # Nothing but this origin is ever asked; reading the world's certificates takes 30 ms.
            # Without a base it is not known yet what will be asked.
            verify=self._origin[0] in ("https", ""),
            follow_redirects=False,
            headers={
                "User-Agent": USER_AGENT,
                "Accept": "application/json",
                "Accept-Encoding": "gzip",
            },
            timeout=httpx.Timeout(self.policy.silence, connect=self.policy.connect),
            limits=httpx.Limits(max_connections=self.policy.connections),
        )
        self._deadline = Deadline()
        self._deadline.bind(self._client)
        only_public(self._client, self.policy.private_hosts)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._client.close()

    def at(self, base: str, policy: Policy | None = None) -> Fetcher:
        """A fetcher of another base address of the same publisher, which leaves it neither by a
        link nor by a redirect: not its origin, not the folder that the base is.

        It shares connections, clock, held answers and, where none is given, policy with this one,
        and closes with it. Raises Refused where this one has a base of another origin.
        """
        other = copy.copy(self)
        other.base = base.rstrip("/")
        other._origin = _origin(httpx.URL(other.base))
        other._below = httpx.URL(other.base).path.rstrip("/")
        if self.base and other._origin != self._origin:
            raise Refused(f"{self.base}: refused to ask at another origin: {base:.200}")
        other.policy = policy or self.policy
        return other

    def get(
        self,
        url: str,
        *,
        params: dict[str, str] | None = None,
        etag: str | None = None,
        modified: str | None = None,
        accept: str | None = None,
        hold: bool = False,
    ) -> Answer:
        """GET an address below the base (a path) or a link the publisher gave (absolute).

        With `etag` or `modified` the question is conditional. With `hold` a whole answer is kept
        for the next unconditional question to the same address, once: a file that came as the
        answer to whether it changed is not downloaded again to be taken in. Raises Absent (404,
        410), Refused (any other permanent failure, a link to another origin), Unreachable
        (transient failures to the last try).
        """
        target = self._asked(url, params)
        if not (etag or modified or hold) and str(target) in self._held:
            return self._held.pop(str(target))
        headers = {
            name: value
            for name, value in (
                ("If-None-Match", etag),
                ("If-Modified-Since", modified),
                ("Accept", accept),
            )
            if value
        }
        tries = 0
        try:
            for attempt in stamina.retry_context(
                on=self._may_pass,
                attempts=self.policy.tries,
                timeout=None,
                wait_initial=self.policy.first_wait,
                wait_max=self.policy.longest_wait,
                wait_jitter=self.policy.first_wait,
            ):
                with attempt:
                    tries += 1
                    answer = self._once(target, headers)
                    if hold:
                        # Of an earlier answer nothing may be left where the file is now another.
                        self._held.pop(str(target), None)
                        if answer.body is not None:
                            self._held[str(target)] = answer
                    return answer
        except TransientError as error:
            raise Unreachable(
                f"{error} (after {tries} tries); the next night asks again"
            ) from error
        raise AssertionError("a retry ends with an answer or an error")

    def _may_pass(self, error: Exception) -> bool | float:
        if not isinstance(error, TransientError):
            return False
        if error.retry_after is not None:
            return min(error.retry_after, self.policy.longest_wait)
        return True

    def address(self, url: str, params: dict[str, str] | None = None) -> str:
        """The whole address under which a question is asked, as `Answer.url` gives it."""
        return str(self._asked(url, params))

    def _asked(self, url: str, params: dict[str, str] | None) -> httpx.URL:
        target = self._within(url)
        return target.copy_merge_params(params) if params else target

    def _within(self, url: str) -> httpx.URL:
        """The absolute address, checked to be of this publisher. Raises Refused."""
        below = f"{self.base}/{url.lstrip('/')}" if url else self.base
        try:
            target = httpx.URL(url if ABSOLUTE.match(url) else below)
        except httpx.InvalidURL as error:
            raise Refused(f"{self.base}: not an address: {url:.200} ({error})") from error
        if target.userinfo or _origin(target) != self._origin:
            raise Refused(
                f"{self.base}: refused to follow a link to another origin: "
                f"{_without_password(target):.200}; "
                f"expected one at {self._origin[0]}://{self._origin[1]}:{self._origin[2]}"
            )
        # `%2e%2e` is a step upwards to many servers, and none to a parser of addresses.
        upwards = "/../" in f"{target.path}/"
        if self._below and (upwards or not f"{target.path}/".startswith(f"{self._below}/")):
            raise Refused(
                f"{self.base}: refused to follow a link out of it: {target!s:.200}; "
                f"expected one below {self._below}/"
            )
        return target

    def _once(self, asked: httpx.URL, headers: dict[str, str]) -> Answer:
        """One try: the answer to a question, along a few redirects, before the deadline."""
        target = asked
        with self._deadline.of(self.policy.deadline):
            for _ in range(self.policy.redirects + 1):
                try:
                    with self._client.stream(
                        "GET", target, headers=headers, auth=self._auth
                    ) as response:
                        if response.status_code in REDIRECTS:
                            said = response.headers.get("location", "")
                            target = self._within(str(target.join(said)))
                            continue
                        _judge_status(response)
                        body = None if response.status_code == 304 else self._body(response)
                        return Answer(
                            # Asked again at another time, or of an archive, it is asked by this.
                            url=str(asked),
                            body=body,
                            fetched_at=self._clock(),
                            content_type=response.headers.get("content-type"),
                            etag=response.headers.get("etag"),
                            last_modified=response.headers.get("last-modified"),
                            synthetic=response.headers.get(SYNTHETIC) == "true",
                        )
                except (httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
                    raise Refused(f"{target}: {error}") from error
                except httpx.TimeoutException as error:
                    raise TransientError(
                        f"{target}: {type(error).__name__}: nothing for {self.policy.silence:g} s, "
                        f"or not complete within {self.policy.deadline:g} s"
                    ) from error
                except httpx.TransportError as error:
                    raise TransientError(f"{target}: {type(error).__name__}: {error}") from error
        raise Refused(f"{asked}: more than {self.policy.redirects} redirects, the last to {target}")

    def _body(self, response: httpx.Response) -> bytes:
        chunks: list[bytes] = []
        size = 0
        for chunk in unpacked(response):
            size += len(chunk)
            if size > self.policy.max_bytes:
                raise Refused(
                    f"{response.url}: more than the {self.policy.max_bytes} bytes allowed for "
                    "one answer"
                )
            chunks.append(chunk)
        return b"".join(chunks)


def _without_password(url: httpx.URL) -> str:
    """An address as it may be shown in a log."""
    return str(url.copy_with(username=None, password=None)) if url.userinfo else str(url)


def _origin(url: httpx.URL) -> tuple[str, str, int]:
    return url.scheme, url.host, url.port or {"https": 443, "http": 80}.get(url.scheme, 0)


def _judge_status(response: httpx.Response) -> None:
    status = response.status_code
    if status in (200, 304):
        return
    if status in (404, 410):
        raise Absent(f"{response.url}: the publisher does not have it (HTTP {status})")
    if status in TRANSIENT_STATUS or status >= 500:
        raise TransientError(
            f"{response.url}: HTTP {status}", retry_after=_retry_after(response.headers)
        )
    raise Refused(f"{response.url}: HTTP {status}, which asking again will not change")


def _retry_after(headers: httpx.Headers) -> float | None:
    """Seconds to wait, from a Retry-After in seconds or as a date; None where it is neither."""
    said = headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit():
        return float(said)
    moment = _moment(said)
    if moment is None:
        return None
    return max(0.0, (moment - dt.datetime.now(dt.UTC)).total_seconds())


def _moment(said: str | None) -> dt.datetime | None:
    """A moment as HTTP writes it; None where it is none."""
    try:
        moment = email.utils.parsedate_to_datetime(said or "")
    except (ValueError, IndexError, TypeError):
        return None
    # `-0000` says UTC without knowing the local zone, and is parsed as having none.
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
