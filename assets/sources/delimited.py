"""Delimited files as they come: comma or semicolon, UTF-8 or cp1252 or both, zipped or not.

Everything is read as text, block by block, so that a register of millions of lines is never in
memory as text. A line with another number of fields than the header is not bent into shape: it
is set aside with its number.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assets.catalogue.models import Supplier
from assets.sources.characters import Seen, as_utf8
from assets.sources.errors import ContractBroken, Refused
from assets.sources.zipped import PIECE, START, pieces

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    Numbers = np.ndarray[tuple[int], np.dtype[np.int64]]

MAX_HEADER = 64 * 1024
DELIMITERS = (";", ",", "\t", "|")
SHOWN = 20
"""Row numbers named in a remark, and characters of a header in a message (times ten)."""
OPEN = "unexpected end of data"
"""What a reader of quotes says where the text ends in one."""


@dataclass(frozen=True)
class Lines:
    """A delimited file as read."""

    rows: pl.DataFrame
    """Our columns plus `row_number` (the line, from 1 after the header), all text; blank is null."""
    set_aside: pl.DataFrame
    """`row_number`, `reason` of every line that is no row."""
    remarks: tuple[str, ...]


def delimiter_of(header: str) -> str:
    """The delimiter that the header line uses most."""
    return max(DELIMITERS, key=header.count)


def read(name: str, body: bytes, supplier: Supplier) -> tuple[pl.DataFrame, list[str]]:
    """The rows of `read_lines` and its remarks."""
    found = read_lines(name, _cut(body), supplier)
    return found.rows, list(found.remarks)


def _cut(body: bytes) -> Iterator[bytes]:
    """A body piece by piece; a zip whole."""
    if body.startswith(START):
        yield body
        return
    for start in range(0, len(body), PIECE):
        yield body[start : start + PIECE]


def read_lines(name: str, body: Iterator[bytes], supplier: Supplier) -> Lines:
    """The rows of a file that comes piece by piece, under our column names, with remarks: the
    encoding, and how many lines were set
    aside, with their numbers.

    Raises ContractBroken where a required column has none of its headers or one of them twice,
    Refused for what is not a delimited file.
    """
    import polars as pl

    blocks, mark = _blocks(name, pieces(name, body))
    first_block = next(blocks, b"")
    if not first_block.strip(b"\r\n\x1a \t"):
        raise Refused(f"{name}: the file is empty; expected a header and rows")
    seen = Seen()
    first_block = _utf8(name, first_block, mark, seen)
    start = first_block[: MAX_HEADER + 1].decode("utf-8", "ignore")
    if start.lstrip().startswith("<"):
        raise Refused(f"{name}: expected a delimited file, came markup: {start.strip()[:60]!r}")
    first = re.split(r"\r\n|\n|\r", start, maxsplit=1)[0]
    if len(first) > MAX_HEADER:
        length = len(re.split(rb"\r|\n", first_block, maxsplit=1)[0])
        raise Refused(f"{name}: expected a header, came a line of {length} characters")
    delimiter = delimiter_of(first)
    header = [field.strip() for field in next(csv.reader([first], delimiter=delimiter), [])]
    taken = _taken(name, header, supplier)
    reading = _Reading(delimiter, len(header), taken)
    reading.add(first_block, header_in_it=True)
    for block in blocks:
        reading.add(_utf8(name, block, mark, seen))
    rows, ragged = reading.finished()
    said = "utf-16" if mark == "utf-16" else seen.encoding
    remarks = [f"encoding {said}, delimiter {delimiter!r}"]
    if seen.lines and said == "utf-8":
        remarks.append(f"{seen.lines} lines have fields in cp1252 in a file of UTF-8")
    if seen.unreadable:
        remarks.append(f"{seen.unreadable} characters could not be read in cp1252")
    if ragged:
        remarks.append(
            f"{len(ragged)} lines set aside, which have another number of fields than the "
            f"header or a quote that is not closed: rows {[number for number, _ in ragged[:SHOWN]]}"
        )
    aside = pl.DataFrame(ragged, schema={"row_number": pl.Int64, "reason": pl.String}, orient="row")
    return Lines(rows, aside, tuple(remarks))


def _blocks(name: str, found: Iterator[bytes]) -> tuple[Iterator[bytes], str]:
    """The file in blocks of whole lines, without its mark and what stands after its end; and the
    encoding that its mark says, if any."""
    first = next(found, b"")
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        whole = b"".join((first, *found))
        try:
            return iter([whole.decode("utf-16").encode().rstrip(b"\r\n\x1a")]), "utf-16"
        except UnicodeDecodeError as error:
            raise Refused(_not_as_marked(name, error)) from error
    mark = "utf-8" if first.startswith(codecs.BOM_UTF8) else ""
    return _whole_lines(first.removeprefix(codecs.BOM_UTF8), found), mark


def _whole_lines(left: bytes, found: Iterator[bytes]) -> Iterator[bytes]:
    end = b"\n" if b"\n" in left else b"\r"
    waiting: list[bytes] = []
    piece: bytes | None = left
    while piece is not None:
        following = next(found, None)
        if following is None:
            last = b"".join((*waiting, piece)).rstrip(b"\r\n\x1a")
            if last:
                yield last
        else:
            cut = piece.rfind(end) + 1
            if cut:
                yield b"".join((*waiting, piece[:cut]))
                waiting = []
            waiting.append(piece[cut:])
        piece = following


def _utf8(name: str, block: bytes, mark: str, seen: Seen) -> bytes:
    """The block in UTF-8. Raises Refused where its mark says that it is, and it is not."""
    if mark != "utf-8":
        return as_utf8(block, seen)
    try:
        block.decode()
    except UnicodeDecodeError as error:
        raise Refused(_not_as_marked(name, error)) from error
    return block


def _not_as_marked(name: str, error: UnicodeDecodeError) -> str:
    return (
        f"{name}: marked as {error.encoding}, which it is not ({error.reason} at byte "
        f"{error.start}); it is damaged, ask for it again"
    )


def _taken(name: str, header: list[str], supplier: Supplier) -> dict[str, int]:
    """Our column name -> its place in the file. Raises ContractBroken."""
    places: dict[str, list[int]] = {}
    for place, title in enumerate(header):
        places.setdefault(title.casefold(), []).append(place)
    known = {h.casefold() for column in supplier.columns.values() for h in column.header}
    # A line without any known header may be a row, and a row may name a firm: it is not quoted.
    came = (
        f"{', '.join(header)[: SHOWN * 10]}; correct the file, or add the header to the supplier in "
        "the catalogue"
        if known & set(places)
        else f"a first line of {len(header)} fields without any header that is known; is the line with "
        "the headers missing? Put it first, or add the headers to the supplier in the catalogue"
    )
    taken: dict[str, int] = {}
    for ours, column in supplier.columns.items():
        theirs = next((h for h in column.header if h.casefold() in places), None)
        if theirs is None and column.required:
            raise ContractBroken(
                f"{name}: expected a column {' or '.join(column.header)} for `{ours}`, came {came}"
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


NO_ROW = "another number of fields than the header, or a quote that is not closed"
"""Why a line with quotes is set aside: of it the number of fields cannot be told."""


NEWLINE = ord("\n")


@dataclass(frozen=True)
class _Marks:
    """What was seen of a block before it is parsed."""

    ends: Numbers
    """Where its lines end."""
    fields: Numbers
    """How many fields each line has."""
    padded: bool
    """Whether blanks may stand around a field."""


def _blank(text: np.ndarray[tuple[int], np.dtype[np.uint8]]) -> bool:
    """Whether a byte is a blank, or may be part of one that is not ASCII."""
    blank = ((text <= ord(" ")) & (text != NEWLINE)) | (text > ord("~"))
    return bool(blank.any())


class _Reading:
    """Rows so far, and what is needed to go on with the next block."""

    def __init__(self, delimiter: str, fields: int, taken: dict[str, int]) -> None:
        self._delimiter, self._fields, self._taken = delimiter, fields, taken
        self._ahead = ThreadPoolExecutor(1, thread_name_prefix="rows")
        self._frames: list[Future[pl.DataFrame]] = []
        self._ragged: list[tuple[int, str]] = []
        self._lines = 0
        """Lines read so far, the header not among them."""
        self._open = b""
        """The end of the last block, with a quoted field that may go on in the next one."""
        apart = re.escape(delimiter)
        field = rf'(?:"(?:[^"]|"")*"|[^"{apart}\r]*)'
        self._line = rf"^{field}(?:{apart}{field}){{{fields - 1}}}\r?$"

    def add(self, block: bytes, *, header_in_it: bool = False) -> None:
        """Read a block of whole lines, in UTF-8."""
        block, self._open = self._open + block, b""
        quotes = b'"' in block
        # One column is too little to tell a row by; and a lone CR may end a line or stand in one.
        lone = b"\r" in block and block.count(b"\r") > block.count(b"\r\n")
        plain = self._fields > 1 and not lone
        if plain and header_in_it and quotes:
            header = block.split(b"\n", 1)[0].decode()
            plain = bool(re.match(self._line, header))
        if plain and header_in_it:
            _, _, block = block.partition(b"\n")
        if not plain:
            self._slowly(block, header_in_it)
            return
        if not block:
            return
        marks = self._marks(block, quotes)
        if marks is None:
            self._slowly(block, header_in_it=False)
        else:
            self._quickly(block, marks, quotes)

    def finished(self) -> tuple[pl.DataFrame, list[tuple[int, str]]]:
        """All rows, and the lines that are none with why."""
        import polars as pl

        if self._open:
            block, self._open = self._open, b""
            self._slowly(block, header_in_it=False, last=True)
        schema = {"row_number": pl.Int64} | dict.fromkeys(self._taken, pl.String)
        frames = [frame.result() for frame in self._frames]
        self._ahead.shutdown()
        return pl.concat([pl.DataFrame(schema=schema), *frames]), self._ragged

    def _marks(self, block: bytes, quotes: bool) -> _Marks | None:
        """Where lines end and how many fields they have; None where a line with quotes is not by
        itself a row, so that it takes a reader of quotes to see where it ends.

        polars would fill up a short line and cut a long one in silence.
        """
        import numpy as np

        text = np.frombuffer(block, dtype=np.uint8)
        ends = np.flatnonzero(text == NEWLINE)
        if not block.endswith(b"\n"):
            ends = np.append(ends, len(block))
        delimiters = np.flatnonzero(text == ord(self._delimiter))
        fields = np.diff(np.searchsorted(delimiters, ends), prepend=0) + 1
        if quotes:
            quoted = np.unique(np.searchsorted(ends, np.flatnonzero(text == ord('"'))))
            starts = np.concatenate(([0], ends[:-1] + 1))
            if not self._rows_by_themselves(
                [block[starts[line] : ends[line]] for line in quoted.tolist()]
            ):
                return None
            fields[quoted] = self._fields
            return _Marks(ends, fields, padded=True)
        around = text.take(np.concatenate((delimiters - 1, delimiters + 1)), mode="clip")
        edges = text.take(np.concatenate((ends + 1, ends - 1 - (b"\r" in block))), mode="clip")
        return _Marks(ends, fields, padded=_blank(around) or _blank(edges))

    def _rows_by_themselves(self, lines: list[bytes]) -> bool:
        """Whether each of these lines is a row with as many fields as the header."""
        import polars as pl

        said = pl.Series([line.decode() for line in lines], dtype=pl.String)
        return bool(said.str.contains(self._line).all())

    def _quickly(self, block: bytes, marks: _Marks, quotes: bool) -> None:
        """Rows that are lines, by polars, in another thread while the next block is looked at."""
        import numpy as np

        ends, fields = marks.ends, marks.fields
        numbers = np.arange(self._lines + 1, self._lines + 1 + len(ends))
        self._lines += len(ends)
        odd = np.flatnonzero(fields != self._fields)
        if len(odd):
            kept, start = [], 0
            for line in odd.tolist():
                begin = int(ends[line - 1]) + 1 if line else 0
                kept.append(block[start:begin])
                start = int(ends[line]) + 1
                if block[begin : start - 1].strip(b"\r"):  # a blank line is none
                    said = f"{int(fields[line])} fields, where the header has {self._fields}"
                    self._ragged.append((int(numbers[line]), said))
            block = b"".join((*kept, block[start:]))
            numbers = np.delete(numbers, odd)
        if len(numbers):
            padded = marks.padded or quotes
            self._frames.append(self._ahead.submit(self._parsed, block, numbers, padded))
            if len(self._frames) > 1:
                self._frames[-2].result()  # no more than two blocks are in memory as text

    def _parsed(self, block: bytes, numbers: Numbers, padded: bool) -> pl.DataFrame:
        import polars as pl

        frame = pl.read_csv(
            block,
            separator=self._delimiter,
            has_header=False,
            schema={str(place): pl.String for place in range(self._fields)},
            columns=sorted(set(self._taken.values())),
        )
        return self._ours(
            frame.with_columns(pl.Series("row_number", numbers, dtype=pl.Int64)), padded
        )

    def _ours(self, frame: pl.DataFrame, padded: bool = True) -> pl.DataFrame:
        """Columns by their places under our names; `padded`: with blanks around some."""
        import polars as pl

        def field(place: int) -> pl.Expr:
            said = pl.col(str(place))
            return said.str.strip_chars().replace("", None) if padded else said

        return frame.select(
            "row_number", *(field(place).alias(ours) for ours, place in self._taken.items())
        )

    def _slowly(self, block: bytes, header_in_it: bool, *, last: bool = False) -> None:
        """The well-formed rows and the lines that are none, by a reader that follows quotes.

        A row's number is that of its (first) line; blank lines are none. A quoted field that is
        open at the end of the block waits for the next one.
        """
        import polars as pl

        content = io.StringIO(block.decode(), newline="")
        lines = csv.reader(content, delimiter=self._delimiter, strict=True)
        columns = ["row_number", *(str(place) for place in range(self._fields))]
        sound: list[tuple[int | str, ...]] = []
        before = self._lines
        header = 0
        while True:
            start = lines.line_num
            try:
                row = next(lines)
            except StopIteration:
                break
            except csv.Error as error:
                if str(error) == OPEN and not last and start >= header:
                    self._open = b"".join(block.splitlines(keepends=True)[start:])
                    break
                row = []
                self._set_aside(before, start + 1 - header, lines.line_num + 1 - header)
            if start == 0 and header_in_it:
                header = lines.line_num
            elif len(row) == self._fields:
                sound.append((before + start + 1 - header, *row))
            elif row:
                self._set_aside(before, start + 1 - header, lines.line_num + 1 - header)
        self._lines = before + (start if self._open else lines.line_num) - header
        schema = dict.fromkeys(columns, pl.String) | {"row_number": pl.Int64}
        made: Future[pl.DataFrame] = Future()
        made.set_result(self._ours(pl.DataFrame(sound, schema=schema, orient="row")))
        self._frames.append(made)

    def _set_aside(self, before: int, first: int, end: int) -> None:
        self._ragged += [(before + number, NO_ROW) for number in range(first, end)]
