"""The one table in what came, which may be a zip around it; zips are opened within limits.

Nothing is ever written under the names that a zip gives, so its links and paths lead nowhere; a path
outside the zip is refused all the same, for what it says of who packed it.
"""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath, PureWindowsPath
from typing import IO, BinaryIO

from assets.sources.errors import Refused

MAX_UNPACKED = 2 * 1024**3
MAX_RATIO = 200
"""A CSV shrinks ten- to thirtyfold; what grows two hundredfold is not a register."""
MAX_MEMBERS = 32
MAX_DIRECTORY = 64 * 1024
"""Bytes of a zip's list of entries: reading a million of them would take a minute by itself."""
RESOURCE_FORK = "__MACOSX/"
"""What a Mac puts beside every file that it packs."""
START, EMPTY = b"PK\x03\x04", b"PK\x05\x06"
"""How a zip begins."""
LAST_RECORD = 22 + 0xFFFF
"""Bytes at the end of a zip within which its last record begins, whatever comment follows it."""
PIECE = 16 * 1024 * 1024
"""Bytes that are read at a time."""


def pieces(name: str, found: Iterator[bytes]) -> Iterator[bytes]:
    """The bytes of the one delimited file in what comes in `found`. Raises Refused."""
    first = next(found, b"")
    if not first.startswith((START, EMPTY)):
        yield first
        yield from found
        return
    packed = io.BytesIO(b"".join((first, *found)))
    with opened(name, packed, _is_delimited, "one CSV") as (stream, size):
        came = 0
        while piece := stream.read(PIECE):
            came += len(piece)
            if came > size:
                break
            yield piece
    if came != size:
        raise Refused(f"{name}: its CSV is not as long as the zip says")


@contextmanager
def opened(
    name: str, packed: BinaryIO, is_table: Callable[[str], bool], expected: str
) -> Iterator[tuple[IO[bytes], int]]:
    """The one entry of a zip of which `is_table` says yes to its name, and the bytes that it should
    have. Raises Refused, also while it is read, for a zip that is damaged, packs too much or has
    another number of such entries; `expected`: what was, in words."""
    if _directory_size(packed) > MAX_DIRECTORY:
        raise Refused(
            f"{name}: expected {expected} in the zip, came a list of thousands of entries"
        )
    with _said_of(name), zipfile.ZipFile(packed) as archive:
        table = _only_table(name, archive.infolist(), is_table, expected)
        with archive.open(table) as stream:
            yield stream, table.file_size


def _is_delimited(member: str) -> bool:
    path = PurePosixPath(member)
    return path.suffix.lower() in (".csv", ".txt") and not member.startswith(RESOURCE_FORK)


@contextmanager
def _said_of(name: str) -> Iterator[None]:
    """What goes wrong with a zip, in words."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError) as error:
        raise Refused(
            f"{name}: the zip is damaged or cut off ({error}); ask for it again"
        ) from error
    except (RuntimeError, NotImplementedError) as error:
        raise Refused(f"{name}: the zip cannot be opened ({error}); pack it plainly") from error


def _only_table(
    name: str, members: list[zipfile.ZipInfo], is_table: Callable[[str], bool], expected: str
) -> zipfile.ZipInfo:
    """The entry to read, once the list of entries has been looked over. Raises Refused."""
    if len(members) > MAX_MEMBERS:
        raise Refused(f"{name}: expected {expected} in the zip, came {len(members)} entries")
    for member in members:
        windows = PureWindowsPath(member.filename)
        if windows.drive or windows.root or ".." in windows.parts:
            raise Refused(f"{name}: the zip has an entry outside itself: {member.filename!r:.80}")
    tables = [member for member in members if is_table(member.filename)]
    if len(tables) != 1:
        raise Refused(
            f"{name}: expected {expected} in the zip, came {[m.filename[:80] for m in members]}"
        )
    [table] = tables
    if table.file_size > min(MAX_UNPACKED, MAX_RATIO * max(table.compress_size, 1024)):
        raise Refused(
            f"{name}: {table.file_size} bytes unpacked from {table.compress_size} is more than "
            "allowed"
        )
    return table


def _directory_size(packed: BinaryIO) -> int:
    """Bytes that a zip's list of entries takes, by its last record; 0 where there is none."""
    packed.seek(max(0, packed.seek(0, io.SEEK_END) - LAST_RECORD))
    last = packed.read()
    end = last.rfind(EMPTY)
    if not 0 <= end <= len(last) - 22:
        return 0
    size: int = struct.unpack_from("<L", last, end + 12)[0]
    return size
