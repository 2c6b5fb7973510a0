"""One policy for every request: what is waited for, what is tried again, and what is refused."""

from __future__ import annotations

import contextlib
import gzip
import socket
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import httpx
import pytest

from assets.sources.errors import Absent, Refused, SourceError, Unreachable
from assets.sources.transport import Answer, Fetcher, Policy, last_modified
from tests.assets.material import ONCE, QUICK, World, areas_table
from tests.publishers import Fault, Publishers

PAGE = "ODataFeed/odata/99020NED/TypedDataSet"
JSON = {"$format": "json"}


@pytest.fixture
def ask(world: World) -> Callable[..., Answer]:
    """Asks the v3 service, which has one small table, for its first page."""
    world.house.cbs_v3.put(areas_table())

    def ask(*faults: Fault, policy: Policy = QUICK, url: str = PAGE) -> Answer:
        world.house.cbs_v3.inject(*faults)
        with Fetcher(world.house.cbs_v3.url, policy=policy) as fetcher:
            return fetcher.get(url, params=JSON)

    return ask


# --- what is tried again

PASSING = [
    pytest.param([Fault(kind="status", code=429)], id="429"),
    pytest.param([Fault(kind="status", code=503), Fault(kind="status", code=500)], id="503, 500"),
    pytest.param([Fault(kind="status", code=408)], id="408"),
    pytest.param([Fault(kind="reset")], id="reset at once"),
    pytest.param([Fault(kind="reset", after=100)], id="reset in the body"),
    pytest.param([Fault(kind="truncate", content_length="right")], id="cut, length told"),
    pytest.param([Fault(kind="truncate", content_length="chunked")], id="cut, in chunks"),
    pytest.param([Fault(kind="status", code=429, retry_after="soon")], id="Retry-After is no time"),
    pytest.param([Fault(kind="status", code=429, retry_after="\u00b2")], id="Retry-After is ²"),
]


@pytest.mark.parametrize("faults", PASSING)
def test_what_may_pass_is_asked_again(
    ask: Callable[..., Answer], world: World, faults: list[Fault]
) -> None:
    whole = ask()
    world.house.clear_requests()
    assert ask(*faults).content() == whole.content()
    assert len(world.house.cbs_v3.requests) == len(faults) + 1


@pytest.mark.parametrize("kind", ["status", "reset"])
def test_what_never_passes_is_given_up_after_the_tries(
    ask: Callable[..., Answer], world: World, kind: str
) -> None:
    with pytest.raises(Unreachable, match=r"after 3 tries\); the next night asks again"):
        ask(Fault(times=None, kind=kind))
    assert len(world.house.cbs_v3.requests) == QUICK.tries


@pytest.mark.parametrize("code", [400, 401, 403, 406, 418, 451])
def test_a_refusal_is_not_asked_again(ask: Callable[..., Answer], world: World, code: int) -> None:
    with pytest.raises(Refused, match=f"HTTP {code}, which asking again will not change"):
        ask(Fault(kind="status", code=code))
    assert len(world.house.cbs_v3.requests) == 1


@pytest.mark.parametrize("code", [404, 410])
def test_what_is_not_there_is_absent(ask: Callable[..., Answer], code: int) -> None:
    with pytest.raises(Absent, match=f"does not have it .HTTP {code}"):
        ask(Fault(kind="status", code=code))


def test_a_closed_port_is_unreachable_and_back_again_is_fine(
    ask: Callable[..., Answer], world: World
) -> None:
    world.house.cbs_v3.down()
    with pytest.raises(Unreachable, match="ConnectError"):
        ask()
    world.house.cbs_v3.up()
    assert ask().body


# --- waiting as long as the publisher asks, and no longer than the deadline


def _in_a_second() -> datetime:
    """A moment in HTTP has whole seconds: the next one that is at least half a second away."""
    return (datetime.now(UTC) + timedelta(seconds=1.5)).replace(microsecond=0)


@pytest.mark.parametrize(
    ("retry_after", "least", "most"),
    [
        pytest.param(lambda: 1, 1.0, 15.0, id="seconds"),
        pytest.param(_in_a_second, 0.4, 15.0, id="a date"),
        pytest.param(lambda: format_datetime(_in_a_second()), 0.4, 15.0, id="a date, -0000"),
        pytest.param(lambda: 0, 0.0, 15.0, id="none"),
        pytest.param(
            lambda: datetime.now(UTC) - timedelta(days=1), 0.0, 15.0, id="a date that is past"
        ),
    ],
)
def test_retry_after_is_honoured(
    ask: Callable[..., Answer],
    retry_after: Callable[[], object],
    least: float,
    most: float,
) -> None:
    start = time.monotonic()
    ask(Fault(kind="status", code=429, retry_after=retry_after()))
    assert least <= time.monotonic() - start <= most


def test_retry_after_of_a_day_is_cut_to_the_longest_wait(ask: Callable[..., Answer]) -> None:
    policy = replace(QUICK, longest_wait=0.1)
    start = time.monotonic()
    ask(Fault(kind="status", code=503, retry_after=86_400), policy=policy)
    assert 0.1 <= time.monotonic() - start < 15


HASTY = replace(ONCE, deadline=0.4, silence=0.3)


@pytest.mark.parametrize(
    ("details", "policy"),
    [
        pytest.param({"bytes_per_second": 100.0}, HASTY, id="bytes that never stop dripping"),
        pytest.param({"bytes_per_second": 0}, HASTY, id="headers and then nothing"),
        pytest.param({"delay": 30.0}, HASTY, id="nothing at all"),
        pytest.param({"delay": 30.0}, replace(HASTY, silence=30), id="silence allowed for longer"),
    ],
)
def test_a_slow_answer_is_aborted_by_the_deadline(
    ask: Callable[..., Answer], details: dict[str, float], policy: Policy
) -> None:
    start = time.monotonic()
    with pytest.raises(Unreachable, match="ReadTimeout"):
        ask(Fault(kind="slow", **details), policy=policy)
    assert time.monotonic() - start < 15


@pytest.fixture
def dripping() -> Iterator[str]:
    """A server that sends its headers one by one without end, as no publisher would by itself."""
    listener = socket.create_server(("127.0.0.1", 0))
    gone = threading.Event()

    def drip() -> None:
        with contextlib.suppress(OSError):
            sock, _ = listener.accept()
            with sock:
                sock.sendall(b"HTTP/1.1 200 OK\r\n")
                while not gone.wait(0.02):
                    sock.sendall(b"X-Drip: 1\r\n")

    thread = threading.Thread(target=drip, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    gone.set()
    listener.close()
    thread.join(timeout=2)


def test_dripping_headers_are_aborted_by_the_deadline_as_well(dripping: str) -> None:
    start = time.monotonic()
    with Fetcher(dripping, policy=HASTY) as fetcher, pytest.raises(Unreachable):
        fetcher.get("anything")
    assert time.monotonic() - start < 15


def test_the_deadline_is_of_one_answer_and_not_of_the_client(ask: Callable[..., Answer]) -> None:
    policy = replace(HASTY, deadline=3, silence=3)
    for _ in range(3):
        ask(Fault(kind="slow", delay=1.1, bytes_per_second=1e9), policy=policy)


def test_more_bytes_than_allowed_are_refused(ask: Callable[..., Answer]) -> None:
    with pytest.raises(Refused, match="more than the 500 bytes allowed"):
        ask(policy=replace(QUICK, max_bytes=500))


def test_a_gzip_bomb_is_refused_before_it_has_gone_off() -> None:
    headers = {"Content-Encoding": "gzip"}
    bomb = gzip.compress(bytes(200_000_000), compresslevel=1)
    transport = httpx.MockTransport(
        lambda request: httpx.Response(200, headers=headers, stream=httpx.ByteStream(bomb))
    )
    policy = replace(QUICK, max_bytes=2_000_000)
    tracemalloc.start()
    with (
        Fetcher("http://cbs.test", policy=policy, transport=transport) as fetcher,
        pytest.raises(Refused, match="bytes allowed"),
    ):
        fetcher.get("page")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10_000_000


def test_what_unpacks_to_far_more_than_came_is_refused_whatever_is_allowed() -> None:
    bomb = gzip.compress(bytes(200_000_000), compresslevel=1)
    transport = httpx.MockTransport(
        lambda request: httpx.Response(
            200, headers={"Content-Encoding": "gzip"}, stream=httpx.ByteStream(bomb)
        )
    )
    with (
        Fetcher("http://cbs.test", policy=QUICK, transport=transport) as fetcher,
        pytest.raises(Refused, match="200 times as many"),
    ):
        fetcher.get("page")


BODY = b'{"value":[{"ID":0,"A":12.5}]}' * 20


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda body, at: body[:at] + bytes([body[at] ^ 4]) + body[at + 1 :], id="bit"),
        pytest.param(lambda body, at: body[:at], id="cut"),
    ],
)
def test_a_packed_body_that_is_damaged_or_cut_never_passes(
    spoil: Callable[[bytes, int], bytes],
) -> None:
    """Not even where the length agrees: the checksum at the end has to be reached and be right."""
    packed = gzip.compress(BODY, mtime=0)
    outcomes = []
    for place in range(len(packed)):
        body = spoil(packed, place)

        def respond(request: httpx.Request, body: bytes = body) -> httpx.Response:
            headers = {"Content-Encoding": "gzip", "Content-Length": str(len(body))}
            return httpx.Response(200, headers=headers, stream=Stream(body))

        transport = httpx.MockTransport(respond)
        with Fetcher("http://cbs.test", policy=ONCE, transport=transport) as fetcher:
            try:
                outcomes.append(fetcher.get("page").content())
            except Unreachable:
                outcomes.append(b"")
    assert set(outcomes) <= {b"", BODY}, "at worst the time of packing in its head was hit"
    assert outcomes.count(b"") > len(packed) - 10


class Stream(httpx.SyncByteStream):
    """A body as it comes from a socket, some bytes at a time."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def __iter__(self) -> Iterator[bytes]:
        for start in range(0, len(self._body), 7):
            yield self._body[start : start + 7]


@pytest.mark.parametrize(
    ("encoding", "body", "content"),
    [
        ("gzip", gzip.compress(b"one") + gzip.compress(b"two"), b"onetwo"),
        ("identity", b"plain", b"plain"),
    ],
    ids=["two gzips", "plain"],
)
def test_encodings(encoding: str, body: bytes, content: bytes) -> None:
    transport = httpx.MockTransport(
        lambda request: httpx.Response(
            200, headers={"Content-Encoding": encoding}, stream=Stream(body)
        )
    )
    with Fetcher("http://cbs.test", policy=ONCE, transport=transport) as fetcher:
        assert fetcher.get("page").content() == content


def test_an_encoding_that_was_not_asked_for_is_refused() -> None:
    headers = {"Content-Encoding": "br"}
    transport = httpx.MockTransport(
        lambda request: httpx.Response(200, headers=headers, stream=Stream(b"x"))
    )
    with (
        Fetcher("http://cbs.test", policy=QUICK, transport=transport) as fetcher,
        pytest.raises(Refused, match="packed as 'br'"),
    ):
        fetcher.get("page")


def test_a_publisher_that_packs_is_read_as_one_that_does_not(tmp_path: Path) -> None:
    with Publishers(gzip=True) as house:
        house.cbs_v3.put(areas_table())
        with Fetcher(house.cbs_v3.url, policy=QUICK) as fetcher:
            packed = fetcher.get(PAGE, params=JSON).content()
        plain = httpx.get(
            f"{house.cbs_v3.url}/{PAGE}", params=JSON, headers={"Accept-Encoding": "identity"}
        )
        assert house.cbs_v3.requests[0].headers["Accept-Encoding"] == "gzip"
    assert packed == plain.content


# --- where a link or a redirect may lead


def test_redirects_on_the_same_host_are_followed_three_times(
    ask: Callable[..., Answer], world: World
) -> None:
    fault = Fault("hop", kind="redirect", location=f"/{PAGE}?$format=json", times=None)
    whole, asked = ask(), f"{world.house.cbs_v3.url}/hop/0?%24format=json"
    hops = [Fault(f"hop/{n}", kind="redirect", location=f"/hop/{n + 1}") for n in range(2)]
    answer = ask(*hops, fault, url="hop/0")
    assert answer.content() == whole.content()
    assert answer.url == asked, "an archive is asked under the address that was asked"


@pytest.mark.parametrize(
    ("location", "says"),
    [
        pytest.param(None, "more than 3 redirects", id="to itself"),
        pytest.param("", "more than 3 redirects", id="to nowhere"),
        pytest.param("http://169.254.169.254/latest", "another origin", id="another host"),
        pytest.param("https://127.0.0.1/", "another origin", id="another scheme"),
    ],
)
def test_other_redirects_are_refused(
    ask: Callable[..., Answer], world: World, location: str | None, says: str
) -> None:
    with pytest.raises(Refused, match=says):
        ask(Fault(kind="redirect", location=location, times=None))
    assert len(world.house.cbs_v3.requests) <= QUICK.redirects + 1


FOREIGN = [
    "http://elsewhere.test/ODataFeed",
    "http://169.254.169.254/latest/meta-data",
    "https://127.0.0.1:{port}/",
    "http://127.0.0.1:1/",
    "http://127.0.0.1:{port}@elsewhere.test/",
    "http://user:canary@127.0.0.1:{port}/",
    "file:///etc/passwd",
    "ftp://127.0.0.1:{port}/",
    "http://[::1",
    "http://127.0.0.1:99999/",
]


@pytest.mark.parametrize("link", FOREIGN)
def test_a_link_to_another_origin_is_refused_without_a_request(world: World, link: str) -> None:
    publisher = world.house.cbs_v3
    with Fetcher(publisher.url, policy=QUICK) as fetcher, pytest.raises(Refused) as caught:
        fetcher.get(link.format(port=publisher.port))
    assert not publisher.requests
    assert "canary" not in str(caught.value), "no password in a message"


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("//elsewhere.test/x", "/base/elsewhere.test/x"),
        ("items?crs=http://www.opengis.net/def/crs", "/base/items"),
        ("", "/base"),
        ("/x", "/base/x"),
    ],
)
def test_a_path_stays_below_the_base(url: str, path: str) -> None:
    with Fetcher("http://cbs.test/base", policy=QUICK) as fetcher:
        asked = httpx.URL(fetcher.address(url))
    assert (asked.host, asked.path) == ("cbs.test", path)


# --- conditions, and what is held


def test_an_answer_that_came_as_news_is_not_downloaded_twice(world: World) -> None:
    world.house.kvk.put_file(b"one")
    fetcher, path = world.fetcher_of("kvk"), "download/kvk-open-dataset-basis-bedrijfsgegevens.zip"
    first = fetcher.get(path, hold=True)
    assert fetcher.get(path) is first, "held, and given once"
    assert fetcher.get(path).content() == b"one"
    assert len(world.house.kvk.requests) == 2

    world.house.kvk.put_file(b"two")
    held = fetcher.get(path, hold=True)
    unchanged = fetcher.get(path, hold=True, etag=held.etag)
    assert unchanged.body is None
    with pytest.raises(Refused, match="304"):
        unchanged.content()
    assert fetcher.get(path) is not held, "what was held is older than the last question"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (None, None),
        ("yesterday", None),
        ("Sat, 21 Nov 2026 12:00:00 GMT", datetime(2026, 11, 21, 12, tzinfo=UTC)),
        ("Sat, 21 Nov 2026 12:00:00 -0000", datetime(2026, 11, 21, 12, tzinfo=UTC)),
        ("Sat, 21 Nov 2026 13:00:00 +0100", datetime(2026, 11, 21, 12, tzinfo=UTC)),
    ],
)
def test_last_modified(said: str | None, expected: datetime | None) -> None:
    answer = Answer("http://cbs.test", b"", datetime.now(UTC), last_modified=said)
    assert last_modified(answer) == expected


def test_a_redirect_to_no_address_fails_as_every_failure_does(ask: Callable[..., Answer]) -> None:
    """As a source's error, that is, so that it blocks one source and never the night."""
    with pytest.raises(SourceError, match="Invalid"):
        ask(Fault(kind="redirect", location="http://[::1", times=None))


def test_a_retry_is_told_where_no_answer_stands(
    ask: Callable[..., Answer],
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    ask(Fault(kind="status", code=503, retry_after=0))
    assert capsys.readouterr().out == ""
    [record] = [r for r in caplog.records if r.name == "assets.sources.transport"]
    assert record.getMessage().endswith(": HTTP 503; asked again in 0.0 s")
