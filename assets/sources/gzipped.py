"""The body of an answer piece by piece, out of the gzip that it may have come in."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from assets.sources.errors import Refused, TransientError

if TYPE_CHECKING:
    import httpx

PIECE = 1024 * 1024
"""Bytes unpacked at a time, so that the cap is noticed before a bomb has gone off."""
MAX_RATIO = 200
"""Tables shrink some fifteen- to fortyfold."""
UNSUSPECTED = 64 * 1024**2
"""Bytes that any answer may unpack to."""
GZIP = 16 + zlib.MAX_WBITS
"""What zlib calls the format of gzip."""


def unpacked(response: httpx.Response) -> Iterator[bytes]:
    """The body piece by piece, out of its gzip where it came in one.

    Raises TransientError where the packed body is damaged or does not come to its end: only
    there is its checksum, and httpx does not look whether it was reached. Raises Refused where it
    came packed in another way, or unpacks to more than a table does.
    """
    if response.is_stream_consumed:  # made whole in memory, by a transport that is not the network
        yield from response.iter_bytes()
        return
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding == "identity":
        yield from response.iter_raw()
        return
    if encoding != "gzip":
        raise Refused(f"{response.url}: asked for gzip or nothing, came packed as {encoding!r:.40}")
    unpacker = zlib.decompressobj(GZIP)
    taken = went = 0
    try:
        for packed in response.iter_raw():
            while packed:
                if unpacker.eof:  # one gzip after the other is one gzip
                    unpacker = zlib.decompressobj(GZIP)
                piece = unpacker.decompress(packed, PIECE)
                left = unpacker.unconsumed_tail or unpacker.unused_data
                taken, went = taken + len(packed) - len(left), went + len(piece)
                if went > max(UNSUSPECTED, MAX_RATIO * taken):
                    raise Refused(
                        f"{response.url}: {taken} bytes unpack to more than {MAX_RATIO} times as "
                        "many, which no table does"
                    )
                yield piece
                packed = left
    except zlib.error as error:
        raise TransientError(
            f"{response.url}: the answer could not be unpacked: {error}"
        ) from error
    if not unpacker.eof:
        raise TransientError(f"{response.url}: the packed answer breaks off")
