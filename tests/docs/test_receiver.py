"""The receiver on the page for whoever makes reports does what the page says, byte for byte."""

from __future__ import annotations

import re
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from pipelines.telling.signing import signed
from pipelines.telling.webhook import NotSentError, Webhook
from tests.receiver import Receiver, receiver

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "bi.md").read_text("utf-8")
EVENT = {"type": "publication", "id": "e1", "rows_changed": 3}


@pytest.fixture
def tool() -> Iterator[Receiver]:
    """A stand-in for the BI tool."""
    with receiver() as running:
        yield running


@pytest.fixture
def url(tool: Receiver, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The receiver of the page, listening."""
    [code] = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    for name, value in {
        "RECEIVER_SECRET": "geheim",
        "REFRESH_URL": tool.url,
        "REFRESH_TOKEN": "t",
    }.items():
        monkeypatch.setenv(name, value)
    made: dict[str, Any] = {"__name__": "page"}
    exec(code, made)  # noqa: S102 - this is the page under test
    made["Receiver"].log_message = lambda *said: None
    server = ThreadingHTTPServer(("127.0.0.1", 0), made["Receiver"])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_an_event_refreshes_once_however_often_it_is_sent(tool: Receiver, url: str) -> None:
    for _ in range(2):
        Webhook(url, "geheim").post("e1", EVENT)
    [asked] = tool.posts
    assert asked.headers["Authorization"] == "Bearer t"
    Webhook(url, "geheim").post("e2", EVENT)
    assert len(tool.posts) == 2


def test_where_the_tool_does_not_take_it_the_event_is_sent_again(tool: Receiver, url: str) -> None:
    tool.answers.append(500)
    with pytest.raises(NotSentError, match="HTTP 503"):
        Webhook(url, "geheim").post("e1", EVENT)
    Webhook(url, "geheim").post("e1", EVENT)
    assert len(tool.posts) == 2


@pytest.mark.parametrize(
    "headers",
    [
        lambda: signed("another", "e1", int(time.time()), b"{}"),
        lambda: signed("geheim", "e1", int(time.time()), b"{ }"),
        lambda: signed("geheim", "e1", int(time.time()) - 400, b"{}"),
        lambda: signed("", "e1", int(time.time()), b"{}"),
    ],
    ids=["forged", "changed", "old", "unsigned"],
)
def test_what_is_not_genuine_refreshes_nothing(
    tool: Receiver, url: str, headers: Callable[[], dict[str, str]]
) -> None:
    asked = urllib.request.Request(url, data=b"{}", headers=headers(), method="POST")
    with pytest.raises(urllib.error.HTTPError, match="401"):
        urllib.request.urlopen(asked, timeout=20)
    assert tool.posts == []
