"""Delimited files as they come: comma or semicolon, UTF-8 or cp1252, zipped or not.

Everything is read as text. A line with another number of fields than the header is not bent
into shape: it is set aside with its line number. Zips are opened within limits.
"""

from __future__ import annotations

import csv
import io
import zipfile
from typing import TYPE_CHECKING

from assets.catalogue.models import Supplier
from assets.sources.errors import ContractBroken, Refused

if TYPE_CHECKING:
    import polars as pl

MAX_UNPACKED = 2 * 1024**3
MAX_RATIO = 200
"""A CSV shrinks ten- to thirtyfold; what grows two hundredfold is not a register."""
MAX_MEMBERS = 16
DELIMITERS = (";", ",", "\t", "|")


def unpacked(name: str, body: bytes) -> bytes:
    """The one delimited file in `body`, which may be a zip around it. Raises Refused."""
    if not body.startswith(b"PK\x03\x04"):
        return body
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            members = archive.infolist()
            if len(members) > MAX_MEMBERS:
                raise Refused(f"{name}: expected one CSV in the zip, came {len(members)} entries")
            tables = [m for m in members if m.filename.lower().endswith((".csv", ".txt"))]
            if len(tables) != 1:
                raise Refused(
                    f"{name}: expected one CSV in the zip, came {[m.filename for m in members]}"
                )
            [table] = tables
            if table.file_size > min(MAX_UNPACKED, MAX_RATIO * max(table.compress_size, 1024)):
                raise Refused(
                    f"{name}: {table.file_size} bytes unpacked from {table.compress_size} is more than allowed"
                )
            with archive.open(table) as stream:
                content = stream.read(table.file_size + 1)
    except zipfile.BadZipFile as error:
        raise Refused(
            f"{name}: the zip is damaged or cut off ({error}); ask for it again"
        ) from error
    if len(content) != table.file_size:
        raise Refused(f"{name}: {table.filename} is not as long as the zip says")
    return content


def decoded(content: bytes) -> tuple[str, str]:
    """The text and the encoding it was in: UTF-8 where it is that, else cp1252."""
    try:
        return content.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace"), "cp1252"


def delimiter_of(header: str) -> str:
    """The delimiter that the header line uses most."""
    return max(DELIMITERS, key=header.count)


def read(name: str, body: bytes, supplier: Supplier) -> tuple[pl.DataFrame, list[str]]:
    """The rows under our column names plus `row_number` (from 1, as in the file), all text.

    Blank fields become null. Returns the frame and remarks: the encoding, and the numbers of
    lines set aside. Raises ContractBroken where a required column has none of its headers.
    """
    import polars as pl

    content, encoding = decoded(unpacked(name, body))
    first = content.split("\n", 1)[0].strip("\r")
    delimiter = delimiter_of(first)
    header = [field.strip() for field in next(csv.reader([first], delimiter=delimiter), [])]
    taken = _taken(name, header, supplier)
    remarks = [f"encoding {encoding}, delimiter {delimiter!r}"]
    if _even(content, delimiter, len(header)):
        frame = pl.read_csv(content.encode(), separator=delimiter, infer_schema=False)
    else:
        frame, ragged = _without_ragged(content, delimiter, header)
        if ragged:
            remarks.append(
                f"{len(ragged)} lines with another number of fields than the header set aside, rows {ragged[:20]}"
            )
    frame = frame.rename(
        dict(zip(frame.columns, header, strict=True)), strict=False
    ).with_row_index("row_number", 1)
    return (
        frame.select(
            pl.col("row_number").cast(pl.Int64),
            *(
                pl.col(column).str.strip_chars().replace("", None).alias(ours)
                for ours, column in taken.items()
            ),
        ),
        remarks,
    )


def _taken(name: str, header: list[str], supplier: Supplier) -> dict[str, str]:
    """Our column name -> the supplier's header. Raises ContractBroken."""
    by_name = {column.casefold(): column for column in header}
    taken: dict[str, str] = {}
    for ours, column in supplier.columns.items():
        theirs = next(
            (by_name[h.casefold()] for h in column.header if h.casefold() in by_name), None
        )
        if theirs is None and column.required:
            raise ContractBroken(
                f"{name}: expected a column {' or '.join(column.header)} for `{ours}`, came {', '.join(header)}; "
                "correct the file, or add the header to the supplier in the catalogue"
            )
        if theirs is not None:
            taken[ours] = theirs
    return taken


def _even(content: str, delimiter: str, fields: int) -> bool:
    """Whether every line has as many delimiters as the header: polars would fill up a short one."""
    import polars as pl

    lines = pl.Series(content.splitlines())
    return bool((lines.str.count_matches(delimiter, literal=True) == fields - 1).all())


def _without_ragged(
    content: str, delimiter: str, header: list[str]
) -> tuple[pl.DataFrame, list[int]]:
    """The well-formed lines as text, and the numbers of the others."""
    import polars as pl

    lines = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter)
    next(lines)
    sound: list[list[str]] = []
    ragged: list[int] = []
    for number, line in enumerate(lines, start=1):
        if len(line) == len(header):
            sound.append(line)
        else:
            ragged.append(number)
    return pl.DataFrame(sound, schema=dict.fromkeys(header, pl.String), orient="row"), ragged
