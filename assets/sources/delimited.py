"""Delimited files as they come: comma or semicolon, UTF-8 or cp1252, zipped or not.

Everything is read as text. A line with another number of fields than the header is not bent
into shape: it is set aside with its number. Zips are opened within limits.
"""

from __future__ import annotations

import codecs
import csv
import io
import lzma
import re
import struct
import zipfile
import zlib
from pathlib import PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING

from assets.catalogue.models import Supplier
from assets.sources.errors import ContractBroken, Refused

if TYPE_CHECKING:
    import polars as pl

MAX_UNPACKED = 2 * 1024**3
MAX_RATIO = 200
"""A CSV shrinks ten- to thirtyfold; what grows two hundredfold is not a register."""
MAX_MEMBERS = 16
MAX_DIRECTORY = 64 * 1024
"""Bytes of a zip's list of entries: reading a million of them would take a minute by itself."""
MAX_HEADER = 64 * 1024
DELIMITERS = (";", ",", "\t", "|")
RESOURCE_FORK = "__MACOSX/"
"""What a Mac puts beside every file that it packs."""
SHOWN = 20
"""Row numbers named in a remark, and characters of a header in a message (times ten)."""


def unpacked(name: str, body: bytes) -> bytes:
    """The one delimited file in `body`, which may be a zip around it. Raises Refused."""
    if not body.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return body
    if _directory_size(body) > MAX_DIRECTORY:
        raise Refused(f"{name}: expected one CSV in the zip, came a list of thousands of entries")
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            table = _only_table(name, archive.infolist())
            with archive.open(table) as stream:
                content = stream.read(table.file_size + 1)
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError) as error:
        raise Refused(
            f"{name}: the zip is damaged or cut off ({error}); ask for it again"
        ) from error
    except (RuntimeError, NotImplementedError) as error:
        raise Refused(f"{name}: the zip cannot be opened ({error}); pack it plainly") from error
    if len(content) != table.file_size:
        raise Refused(f"{name}: {table.filename} is not as long as the zip says")
    return content


def _only_table(name: str, members: list[zipfile.ZipInfo]) -> zipfile.ZipInfo:
    """The entry to read, once the list of entries has been looked over. Raises Refused."""
    if len(members) > MAX_MEMBERS:
        raise Refused(f"{name}: expected one CSV in the zip, came {len(members)} entries")
    for member in members:
        # Nothing is written under these names; who makes them has other things in mind as well.
        windows = PureWindowsPath(member.filename)
        if windows.drive or windows.root or ".." in windows.parts:
            raise Refused(f"{name}: the zip has an entry outside itself: {member.filename!r:.80}")
    tables = [
        member
        for member in members
        if PurePosixPath(member.filename).suffix.lower() in (".csv", ".txt")
        and not member.filename.startswith(RESOURCE_FORK)
    ]
    if len(tables) != 1:
        raise Refused(
            f"{name}: expected one CSV in the zip, came {[m.filename[:80] for m in members]}"
        )
    [table] = tables
    if table.file_size > min(MAX_UNPACKED, MAX_RATIO * max(table.compress_size, 1024)):
        raise Refused(
            f"{name}: {table.file_size} bytes unpacked from {table.compress_size} is more than "
            "allowed"
        )
    return table


def _directory_size(body: bytes) -> int:
    """Bytes that a zip's list of entries takes, by its last record; 0 where there is none."""
    end = body.rfind(b"PK\x05\x06")
    if not 0 <= end <= len(body) - 22:
        return 0
    size: int = struct.unpack_from("<L", body, end + 12)[0]
    return size


def decoded(content: bytes) -> tuple[str, str]:
    """The text and the encoding it was in: as its mark says, UTF-8 where it is that, else cp1252.

    Raises UnicodeDecodeError for a text that is not what its mark says.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16"), "utf-16"
    if content.startswith(codecs.BOM_UTF8):
        return content.decode("utf-8-sig"), "utf-8"
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace"), "cp1252"


def delimiter_of(header: str) -> str:
    """The delimiter that the header line uses most."""
    return max(DELIMITERS, key=header.count)


def read(name: str, body: bytes, supplier: Supplier) -> tuple[pl.DataFrame, list[str]]:
    """The rows under our column names plus `row_number` (from 1, as in the file), all text.

    Blank fields become null. Returns the frame and remarks: the encoding, and how many lines
    were set aside, with their numbers. Raises ContractBroken where a required column has none of
    its headers or one of them twice, Refused for what is not a delimited file.
    """
    import polars as pl

    try:
        content, encoding = decoded(unpacked(name, body))
    except UnicodeDecodeError as error:
        raise Refused(
            f"{name}: marked as {error.encoding}, which it is not ({error.reason} at byte "
            f"{error.start}); it is damaged, ask for it again"
        ) from error
    content = content.rstrip("\r\n\x1a")
    if not content.strip():
        raise Refused(f"{name}: the file is empty; expected a header and rows")
    if content.lstrip().startswith("<"):
        raise Refused(f"{name}: expected a delimited file, came markup: {content.strip()[:60]!r}")
    first = re.split(r"\r\n|\n|\r", content, maxsplit=1)[0]
    if len(first) > MAX_HEADER:
        raise Refused(f"{name}: expected a header, came a line of {len(first)} characters")
    delimiter = delimiter_of(first)
    header = [field.strip() for field in next(csv.reader([first], delimiter=delimiter), [])]
    taken = _taken(name, header, supplier)
    remarks = [f"encoding {encoding}, delimiter {delimiter!r}"]
    if encoding == "cp1252" and "\ufffd" in content:
        remarks.append(f"{content.count(chr(0xFFFD))} characters could not be read in {encoding}")
    if _even(content, delimiter, len(header)):
        frame = pl.read_csv(content.encode(), separator=delimiter, infer_schema=False)
        frame.columns = [str(place) for place in range(frame.width)]
        frame = frame.with_row_index("row_number", 1)
    else:
        frame, ragged = _without_ragged(content, delimiter, len(header))
        if ragged:
            remarks.append(
                f"{len(ragged)} lines set aside, which have another number of fields than the "
                f"header or a quote that is not closed: rows {ragged[:SHOWN]}"
            )
    return (
        frame.select(
            pl.col("row_number").cast(pl.Int64),
            *(
                pl.col(str(place)).str.strip_chars().replace("", None).alias(ours)
                for ours, place in taken.items()
            ),
        ),
        remarks,
    )


def _taken(name: str, header: list[str], supplier: Supplier) -> dict[str, int]:
    """Our column name -> its place in the file. Raises ContractBroken."""
    places: dict[str, list[int]] = {}
    for place, title in enumerate(header):
        places.setdefault(title.casefold(), []).append(place)
    taken: dict[str, int] = {}
    for ours, column in supplier.columns.items():
        theirs = next((h for h in column.header if h.casefold() in places), None)
        if theirs is None and column.required:
            raise ContractBroken(
                f"{name}: expected a column {' or '.join(column.header)} for `{ours}`, came "
                f"{', '.join(header)[: SHOWN * 10]}; correct the file, or add the header to the "
                "supplier in the catalogue"
            )
        if theirs is not None:
            here = places[theirs.casefold()]
            if len(here) > 1:
                raise ContractBroken(
                    f"{name}: the column {theirs} for `{ours}` stands in the file {len(here)} "
                    "times; leave one"
                )
            taken[ours] = here[0]
    return taken


def _even(content: str, delimiter: str, fields: int) -> bool:
    """Whether every line by itself is a row with as many fields as the header.

    Then polars can read the file; it would fill up a short line in silence, and the shape of a
    line with quotes does not follow from counting delimiters. One column is too little to tell.
    """
    import polars as pl

    if fields < 2:
        return False
    apart = re.escape(delimiter)
    field = rf'(?:"(?:[^"]|"")*"|[^"{apart}\r]*)'
    line = rf"^{field}(?:{apart}{field}){{{fields - 1}}}\r?$"
    return bool(pl.Series(content.split("\n")).str.contains(line).all())


def _without_ragged(content: str, delimiter: str, fields: int) -> tuple[pl.DataFrame, list[int]]:
    """The well-formed rows as text with their numbers, and the numbers of the lines set aside.

    A row's number is that of its (first) line, from 1 after the header; blank lines are none.
    """
    import polars as pl

    lines = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter, strict=True)
    columns = ["row_number", *(str(place) for place in range(fields))]
    sound: list[tuple[int | str, ...]] = []
    ragged: list[int] = []
    header = 0
    while True:
        start = lines.line_num
        try:
            row = next(lines)
        except StopIteration:
            break
        except csv.Error:
            row = []
            ragged += range(start + 1 - header, lines.line_num + 1 - header)
        if start == 0:
            header = lines.line_num
        elif len(row) == fields:
            sound.append((start + 1 - header, *row))
        elif row:
            ragged += range(start + 1 - header, lines.line_num + 1 - header)
    schema = dict.fromkeys(columns, pl.String) | {"row_number": pl.Int64}
    return pl.DataFrame(sound, schema=schema, orient="row"), ragged
