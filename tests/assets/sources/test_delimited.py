"""Delimited files as they come: every row and value, or a refusal that says what is wrong."""

from __future__ import annotations

import csv
import io
import random
import resource
import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.catalogue.models import Column, Supplier
from assets.sources import delimited
from assets.sources.errors import ContractBroken, Refused

SUPPLIER = Supplier(
    file_pattern=r"(?P<edition>.*)\.csv",
    columns={
        "number": Column(header=("nummer", "NR")),
        "name": Column(header=("naam",)),
        "place": Column(header=("plaats", "woonplaats"), required=False),
    },
    sbi_edition="2025",
    synthetic=True,
)
ROWS = [("1", "Bakkerij é", "Zwolle"), ("2", "De Hoek", "Olst"), ("03", "Ø", "Wijhe")]
HEADER = ("nummer", "naam", "plaats")


def written(
    rows: list[tuple[str, ...]] = ROWS,
    header: tuple[str, ...] = HEADER,
    delimiter: str = ";",
    end: str = "\n",
    quoting: Any = csv.QUOTE_MINIMAL,
) -> str:
    """A delimited file."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=end, quoting=quoting)
    writer.writerows([header, *rows])
    return text.getvalue()


def zipped(*members: tuple[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these entries."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", how) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return packed.getvalue()


def read(body: bytes, supplier: Supplier = SUPPLIER) -> tuple[list[tuple[Any, ...]], list[str]]:
    """The rows without their numbers, and the remarks."""
    frame, remarks = delimited.read("extract.csv", body, supplier)
    assert frame.schema["row_number"] == pl.Int64
    return frame.drop("row_number").rows(), remarks


# --- every way of writing the same rows


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL], ids=["bare", "quoted"])
@pytest.mark.parametrize("in_zip", [False, True], ids=["plain", "zip"])
def test_however_it_is_written_the_rows_are_the_same(
    encoding: str, delimiter: str, end: str, quoting: int, in_zip: bool
) -> None:
    body = written(delimiter=delimiter, end=end, quoting=quoting).encode(encoding)
    rows, remarks = read(zipped(("register.CSV", body)) if in_zip else body)
    assert rows == ROWS
    said = "utf-8" if encoding == "utf-8-sig" else encoding
    assert remarks == [f"encoding {said}, delimiter {delimiter!r}"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param('1;"a;b";c', [("1", "a;b", "c")], id="delimiter in quotes"),
        pytest.param('1;"a\nb";c\n2;d;e', [("1", "a\nb", "c"), ("2", "d", "e")], id="newline"),
        pytest.param('1;"a\r\nb";c', [("1", "a\r\nb", "c")], id="CRLF in quotes"),
        pytest.param('1;"a ""b""";c', [("1", 'a "b"', "c")], id="quotes in quotes"),
        pytest.param('1;a "b" c;d', [("1", 'a "b" c', "d")], id="quotes inside a bare field"),
        pytest.param("1;  a  ;\tb", [("1", "a", "b")], id="blanks around"),
        pytest.param("1;;", [("1", None, None)], id="blank fields"),
        pytest.param('1;"";" "', [("1", None, None)], id="quoted blank fields"),
        pytest.param("1;a;b\n\n\n2;c;d\n", [("1", "a", "b"), ("2", "c", "d")], id="blank lines"),
        pytest.param("1;a;b\n2;c;d\x1a", [("1", "a", "b"), ("2", "c", "d")], id="end of DOS file"),
        pytest.param("1;a\x85b;c", [("1", "a\x85b", "c")], id="a control character"),
        pytest.param("1;a\u2028b;c", [("1", "a\u2028b", "c")], id="a line separator of Unicode"),
        pytest.param("00012;=1+1;-5", [("00012", "=1+1", "-5")], id="nothing is interpreted"),
    ],
)
def test_fields(text: str, expected: list[tuple[str | None, ...]]) -> None:
    assert read(f"nummer;naam;plaats\n{text}".encode()) == (
        expected,
        ["encoding utf-8, delimiter ';'"],
    )


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        pytest.param("nummer;naam;plaats", ("1", "a", "b"), id="as declared"),
        pytest.param("NUMMER; Naam ;PLAATS", ("1", "a", "b"), id="capitals and blanks"),
        pytest.param('"NR";"naam";"woonplaats"', ("1", "a", "b"), id="other names"),
        pytest.param("nr;naam;overig", ("1", "a"), id="an optional column is not there"),
        pytest.param("nr;naam;", ("1", "a"), id="a column without a name"),
        pytest.param("NR;naam;NAAM2", ("1", "a"), id="an undeclared column"),
    ],
)
def test_headers(header: str, expected: tuple[str, ...]) -> None:
    rows, _ = read(f"{header}\n1;a;b".encode())
    assert rows == [expected]


def test_columns_without_a_name_and_twice_the_same_are_no_harm_where_they_are_not_meant() -> None:
    rows, _ = read(b"nummer;x;x;naam;;\n1;b;c;a;d;e\n2;f;g;h;i\n")
    assert rows == [("1", "a")]


fields = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs"], exclude_characters="\x00\r"), max_size=8
)


@settings(max_examples=150)
@given(
    rows=st.lists(st.tuples(fields, fields, fields), max_size=6),
    delimiter=st.sampled_from([";", ",", "\t", "|"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_any_rows_come_back(
    rows: list[tuple[str, str, str]], delimiter: str, quoting: int, end: str
) -> None:
    """Whatever stands in them, blanks around a field apart."""
    whole = [("1", "eerste", "rij"), *rows, ("9", "laatste", "rij")]
    body = written(whole, delimiter=delimiter, quoting=quoting, end=end).encode()
    bare = pl.DataFrame(whole, schema=["a", "b", "c"], orient="row").select(
        pl.all().str.strip_chars().replace("", None)
    )
    got, remarks = read(body)
    assert (got, remarks[1:]) == (bare.rows(), [])


# --- lines that are not as long as the header


def test_ragged_lines_are_set_aside_with_their_number() -> None:
    text = "nummer;naam;plaats\n1;a;b\n2;c\n3;d;e;f\n4;g;h\n;\n5;i;j\n"
    frame, remarks = delimited.read("extract.csv", text.encode(), SUPPLIER)
    assert frame.rows() == [(1, "1", "a", "b"), (4, "4", "g", "h"), (6, "5", "i", "j")]
    assert remarks[1:] == [
        "3 lines set aside, which have another number of fields than the header or a quote that "
        "is not closed: rows [2, 3, 5]"
    ]


@pytest.mark.parametrize(
    ("text", "kept", "aside"),
    [
        pytest.param('1;a;b\n2;"c;d\n3;e;f', [1], 2, id="a quote that is never closed"),
        pytest.param('1;a;b\n2;"c;d\n3;e"\n4;g;h', [1, 4], 2, id="a quote closed a line too late"),
        pytest.param('1;a;b\n2;"c" d;e\n3;f;g', [1, 3], 1, id="words after a closing quote"),
        pytest.param('1;"x;y";z\n2;"p;q"\n3;r;s', [1, 3], 1, id="delimiters only seem to fit"),
        pytest.param("1;a;b\n2;c;", [1, 2], 0, id="a blank last field is no ragged line"),
        pytest.param("1;a;b\n2;c", [1], 1, id="a last line that is cut off"),
    ],
)
def test_a_line_is_never_bent_into_shape(text: str, kept: list[int], aside: int) -> None:
    frame, remarks = delimited.read("extract.csv", f"nummer;naam;plaats\n{text}".encode(), SUPPLIER)
    assert frame["row_number"].to_list() == kept
    assert [remark.split()[0] for remark in remarks[1:]] == ([str(aside)] if aside else [])


def test_a_remark_names_the_count_and_not_ten_thousand_numbers() -> None:
    body = ("nummer;naam;plaats\n" + "1;a\n" * 10_000 + "2;b;c\n").encode()
    frame, remarks = delimited.read("extract.csv", body, SUPPLIER)
    assert frame.rows() == [(10_001, "2", "b", "c")]
    assert remarks[1].startswith("10000 lines set aside")
    assert len(remarks[1]) < 300


def test_an_open_quote_does_not_swallow_a_whole_register() -> None:
    """Half of the rows at most: a field has a limit, after which lines are read again."""
    lines = [f"{number};naam van een bedrijf;plaats" for number in range(40_000)]
    lines[100] = '100;"open;plaats'
    body = "\n".join(["nummer;naam;plaats", *lines]).encode()
    frame, remarks = delimited.read("extract.csv", body, SUPPLIER)
    aside = int(remarks[1].split()[0])
    assert frame.height + aside == 40_000, "each line is either read or counted"
    assert frame.height > 35_000


@settings(max_examples=300)
@given(text=st.text(st.sampled_from("ab;;\n"), max_size=40))
def test_every_line_is_read_or_told_of(text: str) -> None:
    frame, remarks = delimited.read("x", f"nummer;naam;plaats\n{text}".encode(), SUPPLIER)
    aside = sum(int(remark.split()[0]) for remark in remarks[1:])
    assert frame.height + aside == sum(bool(line) for line in text.split("\n"))
    assert frame.height == sum(line.count(";") == 2 for line in text.split("\n"))


@settings(max_examples=300)
@given(text=st.text(st.sampled_from('ab;;"\n'), max_size=40))
def test_no_heap_of_quotes_is_more_than_can_be_read(text: str) -> None:
    frame, remarks = delimited.read("x", f"nummer;naam;plaats\n{text}".encode(), SUPPLIER)
    aside = sum(int(remark.split()[0]) for remark in remarks[1:])
    assert frame.height + aside <= len(text.split("\n"))
    assert frame["row_number"].is_unique().all()


# --- what is refused


@pytest.mark.parametrize(
    ("body", "error", "says"),
    [
        pytest.param(b"", Refused, "the file is empty", id="empty"),
        pytest.param(b"\n\n \n", Refused, "the file is empty", id="blank lines"),
        pytest.param(b"\xef\xbb\xbf", Refused, "the file is empty", id="only a mark"),
        pytest.param(b"<!DOCTYPE html><html>", Refused, "came markup", id="html"),
        pytest.param(b"nummer;plaats\n1;b", ContractBroken, "expected a column naam", id="lacking"),
        pytest.param(b"1;a;b\n2;c;d", ContractBroken, "expected a column nummer or NR", id="bare"),
        pytest.param(b"nummer;naam;naam\n1;a;b", ContractBroken, "2 times; leave one", id="twice"),
        pytest.param(
            b"\xef\xbb\xbfnummer;naam\n1;\xe9", Refused, "marked as utf-8", id="not utf-8"
        ),
        pytest.param(b"\xff\xfen\x00u\x00m", Refused, "marked as utf-16", id="odd utf-16"),
        pytest.param(b"%PDF-1.7 ...", ContractBroken, "expected a column", id="another format"),
        pytest.param(b"a" * 1_000_000, Refused, "line of 1000000 characters", id="a long line"),
    ],
)
def test_what_cannot_be_read_is_refused(body: bytes, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says) as caught:
        delimited.read("extract.csv", body, SUPPLIER)
    assert "extract.csv" in str(caught.value)
    assert len(str(caught.value)) < 600


def test_a_header_alone_is_a_file_without_rows() -> None:
    frame, _ = delimited.read("extract.csv", b"nummer;naam;plaats\n", SUPPLIER)
    assert (frame.height, frame.columns) == (0, ["row_number", "number", "name", "place"])


def test_bytes_in_no_known_encoding_are_counted() -> None:
    rows, remarks = read(b"nummer;naam;plaats\n1;caf\xe9 \x81\x8d;b")
    assert rows == [("1", "café \ufffd\ufffd", "b")]
    assert remarks[1:] == ["2 characters could not be read in cp1252"]


# --- zips

GOOD = written().encode()


def test_a_table_in_a_folder_beside_a_note_and_what_a_mac_adds() -> None:
    packed = zipped(
        ("data/", b""),
        ("data/register.txt", GOOD),
        ("data/leesmij.pdf", b"x"),
        ("__MACOSX/data/._register.csv", b"x"),
    )
    assert read(packed)[0] == ROWS


def lying(packed: bytes, size: int) -> bytes:
    """A zip whose list of entries gives another size for its first one."""
    place = packed.index(b"PK\x01\x02")
    return packed[: place + 24] + struct.pack("<L", size) + packed[place + 28 :]


def encrypted(packed: bytes) -> bytes:
    """A zip that says that its first entry is encrypted."""
    place = packed.index(b"PK\x01\x02")
    return packed[: place + 8] + b"\x01\x00" + packed[place + 10 :]


PACKED = zipped(("a.csv", GOOD * 50))


@pytest.mark.parametrize(
    ("packed", "says"),
    [
        pytest.param(zipped(("a.csv", GOOD), ("b.csv", GOOD)), "expected one CSV", id="two tables"),
        pytest.param(zipped(("a.pdf", GOOD)), "expected one CSV", id="no table"),
        pytest.param(zipped(), "expected one CSV", id="nothing"),
        pytest.param(zipped(("a.csv", zipped(("b.csv", GOOD)))), "expected a column", id="nested"),
        pytest.param(zipped(*((f"{n}.pdf", b"") for n in range(33))), "33 entries", id="many"),
        pytest.param(zipped(("../../etc/x.csv", GOOD)), "outside itself", id="two folders up"),
        pytest.param(zipped(("/etc/x.csv", GOOD)), "outside itself", id="absolute"),
        pytest.param(zipped(("C:\\x.csv", GOOD)), "outside itself", id="a drive"),
        pytest.param(zipped(("..\\x.csv", GOOD)), "outside itself", id="up, of Windows"),
        pytest.param(zipped(("a.csv", GOOD), ("../x.pdf", b"")), "outside itself", id="the other"),
        pytest.param(PACKED[:-30], "damaged or cut off", id="cut at the end"),
        pytest.param(PACKED[:60], "damaged or cut off", id="cut in the middle"),
        pytest.param(b"PK\x03\x04", "damaged or cut off", id="only the first bytes"),
        pytest.param(encrypted(PACKED), "cannot be opened", id="encrypted"),
        pytest.param(lying(PACKED, 10), "damaged or cut off", id="longer than it says"),
        pytest.param(lying(PACKED, 60_000), "not as long as", id="shorter than it says"),
    ],
)
def test_zips_that_are_refused(packed: bytes, says: str) -> None:
    with pytest.raises((Refused, ContractBroken), match=says):
        delimited.read("extract.zip", packed, SUPPLIER)


def test_no_damage_to_a_zip_passes() -> None:
    """Every byte turned over, and every length: the rows are right or the zip is refused."""
    packed = zipped(("a.csv", GOOD))
    right = 0
    for place in range(len(packed)):
        for spoilt in (
            packed[:place],
            packed[:place] + bytes([packed[place] ^ 0x10]) + packed[place + 1 :],
        ):
            try:
                rows, _ = read(spoilt)
            except (Refused, ContractBroken):
                continue
            assert rows == ROWS
            right += 1
    assert right < len(packed) / 2, "what passes are dates, rights and the like"


def entries(count: int) -> bytes:
    """A zip with very many entries, made quickly: one that is listed again and again."""
    one = zipped(("a.csv", b"x"), how=zipfile.ZIP_STORED)
    start, end = one.index(b"PK\x01\x02"), one.index(b"PK\x05\x06")
    listed = one[start:end] * count
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, len(listed), start, 0)
    return one[:start] + listed + tail


@pytest.mark.parametrize(
    "bomb",
    [
        pytest.param(lambda: zipped(("a.csv", bytes(50_000_000))), id="zeros"),
        pytest.param(lambda: zipped(("a.csv", b"1;a;b\n" * 8_000_000)), id="rows"),
        pytest.param(lambda: lying(PACKED, 0xFFFFFFF0), id="says 4 GB"),
        pytest.param(lambda: lying(zipped(("a.csv", bytes(50_000_000))), 100), id="says 100 bytes"),
        pytest.param(lambda: entries(1_000_000), id="a million entries"),
    ],
)
def test_a_zip_bomb_is_refused_at_once(bomb: Callable[[], bytes]) -> None:
    packed = bomb()
    tracemalloc.start()
    with pytest.raises(Refused):
        delimited.read("extract.zip", packed, SUPPLIER)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 50_000_000


# --- size


def test_two_hundred_thousand_rows_of_the_open_bulk_file_are_read_quickly() -> None:
    """All fields quoted, codes with commas in them: still the fast way."""
    random.seed(1)
    rows = [
        ("19720516", f"{random.randint(0, 9)}", f"{n % 99999:05},{n % 9999:04}")
        for n in range(200_000)
    ]
    body = written(rows, quoting=csv.QUOTE_ALL).encode()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    got, remarks = read(body)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_utime - before < 2
    assert (got[0], got[-1], len(got), remarks[1:]) == (rows[0], rows[-1], 200_000, [])


def test_a_first_line_that_may_be_a_row_is_not_quoted() -> None:
    with pytest.raises(ContractBroken, match="missing") as refused:
        read(b"000012345;Bakkerij Jansen;Zwolle\n000012346;Smederij Smit;Raalte")
    assert "Jansen" not in str(refused.value)
