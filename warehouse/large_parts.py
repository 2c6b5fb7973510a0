"""Parts of a release that are too large to hold whole, piece by piece."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import zstandard

from warehouse.archive import Archive, Part

PIECE = 16 * 1024 * 1024
"""Bytes of a part that are in memory at a time."""


def pieces(archive: Archive, part: Part) -> Iterator[bytes]:
    """The bytes of a part, piece by piece.

    Raises ValueError where they are no longer what was archived; of damage that only shows in the
    hash, after the last piece.
    """
    blob = archive._blob(part.sha256)
    again = f"restore it from a copy, or take in {part.url:.200} again"
    seen, size = hashlib.sha256(), 0
    try:
        with blob.open("rb") as packed:
            reader = zstandard.ZstdDecompressor().stream_reader(packed)
            while piece := reader.read(PIECE):
                seen.update(piece)
                size += len(piece)
                yield piece
    except FileNotFoundError as error:
        raise ValueError(f"{blob}: the bytes of {part.name} are gone; {again}") from error
    except zstandard.ZstdError as error:
        raise ValueError(f"{blob}: {part.name} is damaged ({error}); {again}") from error
    if seen.hexdigest() != part.sha256:
        raise ValueError(
            f"{blob}: {part.name} is no longer what was archived: expected {part.bytes} bytes "
            f"of that hash, found {size} of another; {again}"
        )
