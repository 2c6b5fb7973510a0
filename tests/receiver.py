"""A stand-in for whoever is told: takes what is posted, over real HTTP on the loopback address."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Post:
    """What came in one request."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def data(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass
class Receiver:
    """What came, and how it answers."""

    url: str = ""
    posts: list[Post] = field(default_factory=list)
    answers: list[int | str] = field(default_factory=list)
    """For the next requests: a status, `silent`, `endless` or `elsewhere`; then 204."""


@contextmanager
def receiver() -> Iterator[Receiver]:
    """A receiver that listens as long as the block."""
    kept = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", "0")))
            how = kept.answers.pop(0) if kept.answers else 204
            kept.posts.append(Post(self.path, dict(self.headers), body))
            if how == "silent":
                time.sleep(1.5)
                self.close_connection = True
                return
            status = 302 if how == "elsewhere" else 200 if how == "endless" else int(how)
            self.send_response(status)
            if how == "elsewhere":
                self.send_header("Location", f"{kept.url}elsewhere")
            self.end_headers()
            if how == "endless":
                for _ in range(15):
                    time.sleep(0.1)
                    try:
                        self.wfile.write(b"x")
                    except OSError:
                        return

        def log_message(self, *said: object) -> None:
            """Nothing on the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    kept.url = f"http://127.0.0.1:{server.server_port}/"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield kept
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
