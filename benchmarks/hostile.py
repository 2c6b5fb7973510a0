"""Refusing what is made to fill a disk or a memory: `python -m benchmarks.hostile WHICH` as JSON."""

from __future__ import annotations

import gzip
import io
import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from benchmarks.measuring import measured

KINDS = {
    "a zip of 4.5 GB of zeros": "zeros",
    "a zip with a million entries": "entries",
    "an answer of 10 MB that unpacks to 10 GB": "gzip",
}


def _bomb(which: str) -> bytes:
    if which == "zeros":
        packed = io.BytesIO()
        with (
            zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
            archive.open("a.csv", "w", force_zip64=True) as stream,
        ):
            for _ in range(4_500):
                stream.write(bytes(1_000_000))
        return packed.getvalue()
    if which == "entries":
        from tests.assets.sources.test_delimited import entries

        return entries(1_000_000)
    one = gzip.compress(bytes(10_000_000))
    return one * 1000


def _refuse(which: str, bomb: bytes) -> None:
    """Raises Refused."""
    from assets.sources import delimited
    from tests.assets.sources.test_delimited import SUPPLIER

    if which != "gzip":
        delimited.read("extract.zip", bomb, SUPPLIER)
        return
    import httpx

    from assets.sources.transport import Fetcher, Policy

    transport = httpx.MockTransport(
        lambda request: httpx.Response(
            200, headers={"Content-Encoding": "gzip"}, stream=httpx.ByteStream(bomb)
        )
    )
    with Fetcher("http://cbs.test", policy=Policy(tries=1), transport=transport) as fetcher:
        fetcher.get("page")


def main(which: str) -> None:
    """Make the bomb in another process, so that only its refusal is measured here."""
    from assets.sources.errors import Refused

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bomb"
        subprocess.run([sys.executable, "-m", "benchmarks.hostile", which, str(path)], check=True)
        bomb = path.read_bytes()
    for attempt in range(2):  # the first one imports what reads
        refused = False
        with measured() as taken:
            try:
                _refuse(which, bomb)
            except Refused:
                refused = True
        assert refused, f"{which} was not refused at attempt {attempt}"
    print(json.dumps({"seconds": taken.seconds, "megabytes": taken.megabytes}))


if __name__ == "__main__":
    if len(sys.argv) > 2:
        Path(sys.argv[2]).write_bytes(_bomb(sys.argv[1]))
    else:
        main(sys.argv[1])
