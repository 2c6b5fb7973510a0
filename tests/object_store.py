"""An S3 server on loopback, started from its wheel for the first test that asks for it."""

from __future__ import annotations

import contextlib
import itertools
import logging
import os
from collections.abc import Iterator

_numbers = itertools.count()
KEYS = {
    "AWS_ACCESS_KEY_ID": "tester",
    "AWS_SECRET_ACCESS_KEY": "canary-of-a-secret-key",
    "AWS_REGION": "us-east-1",
}


@contextlib.contextmanager
def server() -> Iterator[str]:
    """Run the server; yields its address. It forgets everything when it ends."""
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    running = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    # moto signs requests of its own with whatever keys it finds.
    with _environment(KEYS):
        running.start()
    try:
        host, port = running.get_host_and_port()
        yield f"http://{host}:{port}"
    finally:
        running.stop()


@contextlib.contextmanager
def _environment(said: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in said}
    os.environ.update(said)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def fresh_bucket(address: str) -> str:
    """The URL of a new, empty bucket."""
    import boto3  # type: ignore[import-untyped]

    name = f"bucket-{next(_numbers)}"
    client = boto3.client(
        "s3",
        endpoint_url=address,
        aws_access_key_id=KEYS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=KEYS["AWS_SECRET_ACCESS_KEY"],
        region_name=KEYS["AWS_REGION"],
    )
    client.create_bucket(Bucket=name)
    return f"s3://{name}"
