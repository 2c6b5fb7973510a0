"""What is written to CSV, Parquet and XLSX is read back the same, and no cell of it is calculated."""

from __future__ import annotations

import csv
import datetime as dt
import math
import re
import sys
import tempfile
import unicodedata
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from warehouse.exports import workbook
from warehouse.exports.csv_file import BYTE_ORDER_MARK, CsvFile
from warehouse.exports.defusing import defused, undone
from warehouse.exports.parquet_file import ParquetFile
from warehouse.exports.relations import Described, Relation
from warehouse.exports.workbook import Workbook

KINDS: dict[str, Any] = {
    "VARCHAR": pl.String,
    "DOUBLE": pl.Float64,
    "BIGINT": pl.Int64,
    "BOOLEAN": pl.Boolean,
    "DATE": pl.Date,
    "TIMESTAMP": pl.Datetime("us"),
}
SCHEMA = {kind.lower(): polars for kind, polars in KINDS.items()}
RELATION = Relation(
    "mart",
    "things",
    False,
    "Things.",
    None,
    tuple(Described(kind.lower(), kind, False, f"A {kind}.", None) for kind in KINDS),
)
CREATED = dt.datetime(2026, 1, 1)
SIGNS = [
    chr(c) for c in range(sys.maxunicode) if unicodedata.normalize("NFKC", chr(c)) in {*"=+-@"}
]

texts = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(
        ["", "", "'", "''", "\ufeff", " ", "\u200b", "\u00a0", "\t", "\r", "\n", "<r>"]
    ),
    st.sampled_from(["", "", *SIGNS, "\u2212", "'", '"', "_x0041_", "\x00", "\x1b"]),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=6),
    st.sampled_from(["", "", "</r>", " ", "\r\n", "\ufffe"]),
)
values = st.fixed_dictionaries(
    {
        "varchar": st.none() | texts,
        "double": st.none() | st.floats(allow_nan=False, allow_infinity=False),
        "bigint": st.none() | st.integers(-(2**63), 2**63 - 1),
        "boolean": st.none() | st.booleans(),
        "date": st.none() | st.dates(),
        "timestamp": st.none() | st.datetimes(),
    }
)
tables = st.lists(values, max_size=6).map(lambda rows: pl.DataFrame(rows, schema=SCHEMA))
NASTY = [
    "=1+1",
    "-1",
    "+31 6 1234",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\uff1d1+1",
    "  =1",
    "\ufeff=1",
    "\u200b-1",
    "'=1",
    "'s-Gravenhage",
    "''",
    "",
    '<r><t>x</t></r></is></c><c r="B9"><f>1+1</f></c><c><is><r></r>',
    "_x000D_",
    'a "quoted" text; =1',
    "http://example.org/",
]
nasty = pl.DataFrame([{"varchar": text} for text in NASTY], schema=SCHEMA)


def made_safe(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(defused(pl.col("varchar")))


def as_xml_holds_it(text: str) -> str:
    """U+FFFE and U+FFFF cannot stand in XML."""
    return text.translate(workbook.NOT_IN_XML)


def unescaped(text: str) -> str:
    """A text of a workbook as Excel reads it: `_x000D_` stands for the character of that number."""
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), text)


def write_workbook(path: Path, frame: pl.DataFrame) -> Workbook:
    book = Workbook(path, "things", list(SCHEMA), list(KINDS), [("about",)], CREATED)
    book.write(frame)
    book.close()
    return book


# -- defusing ----------------------------------------------------------------------------------
UNSEEN = ("Cc", "Cf", "Zl", "Zp", "Zs")
"""Categories of characters that a spreadsheet may look past: controls, no width, blanks."""


@given(st.lists(texts, min_size=1, max_size=20))
@example(NASTY)
@settings(max_examples=80)
def test_defusing_can_be_undone_and_leaves_nothing_active(some: list[str]) -> None:
    column = pl.Series("t", some, dtype=pl.String).to_frame()
    safe = column.select(defused(pl.col("t")))
    assert safe.select(undone(pl.col("t"))).equals(column)
    for text in safe["t"]:
        bare = "".join(c for c in text if unicodedata.category(c) not in UNSEEN)
        plain = unicodedata.normalize("NFKC", bare)
        assert not plain.startswith(("=", "+", "-", "@", "\u2212"))
        assert not text.startswith(("\t", "\r", "\n", "<r>"))


def test_every_form_of_the_signs_is_defused_and_a_name_is_left_alone() -> None:
    assert len(SIGNS) >= 16
    some = pl.DataFrame({"t": [*SIGNS, "\u22121"]}).select(defused(pl.col("t")))["t"]
    assert all(text.startswith("'") for text in some)
    names = pl.DataFrame({"t": ["'s-Gravenhage", "'t Harde", "A-weg", "a=b", "", "1-2", " x"]})
    assert names.select(defused(pl.col("t"))).equals(names)


# -- CSV ---------------------------------------------------------------------------------------
@given(tables)
@example(nasty)
@settings(max_examples=40)
def test_csv_is_read_back_the_same(frame: pl.DataFrame) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "things.csv"
        file = CsvFile(path, SCHEMA, bom=False)
        file.write(made_safe(frame.head(2)))
        file.write(made_safe(frame.slice(2)))
        file.close()
        back = pl.read_csv(path, schema=SCHEMA | {"timestamp": pl.String})
        with path.open(encoding="utf-8", newline="") as stream:
            records = list(csv.reader(stream, strict=True))
    moments = pl.col("timestamp").str.to_datetime("%Y-%m-%d %H:%M:%S%.6f", time_unit="us")
    assert back.with_columns(moments, undone(pl.col("varchar"))).equals(frame)
    assert records[0] == list(SCHEMA)
    assert [record[0] for record in records[1:]] == [
        text or "" for text in made_safe(frame)["varchar"]
    ]


def test_csv_is_rfc_4180_with_a_byte_order_mark_on_request(tmp_path: Path) -> None:
    file = CsvFile(tmp_path / "t.csv", {"name": pl.String, "value": pl.Float64}, bom=True)
    file.write(pl.DataFrame({"name": ['a "b"', None, ""], "value": [-1.5, None, 2.0]}))
    file.close()
    said = (tmp_path / "t.csv").read_bytes()
    assert said == BYTE_ORDER_MARK + b'"name","value"\r\n"a ""b""",-1.5\r\n,\r\n"",2.0\r\n'


# -- Parquet -----------------------------------------------------------------------------------
@given(tables)
@example(nasty)
@settings(max_examples=30)
def test_parquet_is_read_back_the_same_with_its_comments(frame: pl.DataFrame) -> None:
    import pyarrow.parquet as pq

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "things.parquet"
        file = ParquetFile(path, RELATION, {"publication_id": "000001"})
        file.write(frame.head(2))
        file.write(frame.slice(2))
        file.close()
        assert pl.read_parquet(path).equals(frame)
        schema = pq.read_schema(path)
    assert schema.metadata[b"publication_id"] == b"000001"
    assert schema.metadata[b"comment"] == b"Things."
    assert schema.field("double").metadata[b"comment"] == b"A DOUBLE."


# -- XLSX --------------------------------------------------------------------------------------
@given(tables)
@example(nasty)
@settings(max_examples=40)
def test_a_workbook_is_read_back_the_same_and_no_cell_of_it_is_active(frame: pl.DataFrame) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "things.xlsx"
        write_workbook(path, made_safe(frame))
        with zipfile.ZipFile(path) as parts:
            sheet = parts.read("xl/worksheets/sheet1.xml").decode()
            assert not [name for name in parts.namelist() if "rels/sheet" in name]
        assert "<f>" not in sheet.replace("&lt;f&gt;", "")
        book = openpyxl.load_workbook(path)
        assert book.sheetnames == ["things", "about"]
        heading, *cells = book["things"].iter_rows(max_col=len(SCHEMA))
        assert [cell.value for cell in heading] == list(SCHEMA)
        cells += [()] * (frame.height - len(cells))
        for row, expected in zip(cells, frame.iter_rows(), strict=True):
            found = [cell.value for cell in row] or [None] * len(SCHEMA)
            assert "f" not in {cell.data_type for cell in row}
            same_row(found, expected)
        book.close()


def same_row(found: list[Any], expected: tuple[Any, ...]) -> None:
    """A row of the workbook against what went in, as far as a workbook can hold it."""
    text, double, integer, truth, day, moment = expected
    if text:
        [back] = pl.select(undone(pl.lit(unescaped(found[0])))).row(0)
        assert back == as_xml_holds_it(text)
    else:
        assert not found[0]  # a workbook has no other empty text than an empty cell
    assert found[1] == double
    assert found[2] == integer or (
        integer is not None and abs(integer) > 2**53 and found[2] == str(integer)
    )
    assert found[3] == truth
    if day is not None:
        assert str(found[4]).removesuffix(" 00:00:00") == str(day)
    if moment is None:
        assert found[5] is None
    elif isinstance(found[5], dt.datetime):
        assert abs(found[5] - moment) <= dt.timedelta(milliseconds=1)
    else:
        assert moment.date() < workbook.FIRST_DAY and found[5] == str(moment)


def test_numbers_keep_every_digit_and_their_sign(tmp_path: Path) -> None:
    numbers = [-1.5, 0.1 + 0.2, 1e300, -5e-324, 2**53 - 1.0, -0.0, math.nan, math.inf]
    frame = pl.DataFrame({"double": numbers}).select(
        [
            pl.lit(None, kind).alias(name) if name != "double" else pl.col("double")
            for name, kind in SCHEMA.items()
        ]
    )
    write_workbook(tmp_path / "t.xlsx", frame)
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx")["things"]
    cells = [cell for (cell,) in sheet.iter_rows(min_row=2, min_col=2, max_col=2)]
    assert [cell.value for cell in cells] == [*numbers[:6], "nan", "inf"]
    assert {cell.data_type for cell in cells[:6]} == {"n"}


def test_more_rows_than_a_sheet_has_go_on_on_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 4)
    frame = pl.DataFrame({"bigint": range(7)}).select(
        [
            pl.lit(None, kind).alias(name) if name != "bigint" else pl.col(name)
            for name, kind in SCHEMA.items()
        ]
    )
    book = write_workbook(tmp_path / "t.xlsx", frame)
    assert book.sheets == ["things", "things (2)", "things (3)"]
    sheets = openpyxl.load_workbook(tmp_path / "t.xlsx")
    found = []
    for name in book.sheets:
        heading, *cells = sheets[name].iter_rows(min_col=3, max_col=3, values_only=True)
        assert heading == ("bigint",)
        found += [value for (value,) in cells]
    assert found == list(range(7))


def test_a_text_that_no_cell_can_hold_is_cut_and_says_so(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        [{"varchar": text} for text in ("x" * 32_767, "y" * 32_768, "\U0001f600" * 16_384)],
        schema=SCHEMA,
    )
    book = write_workbook(tmp_path / "t.xlsx", frame)
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx")["things"]
    fits, long, wide = (sheet.cell(row, 1).value for row in (2, 3, 4))
    assert fits == "x" * 32_767
    assert book.altered == 2
    for text, characters in ((long, "32,768"), (wide, "16,384")):
        assert text.endswith(
            f"[... cut: {characters} characters; the CSV and Parquet files hold all]"
        )
        assert len(text.encode("utf-16-le")) // 2 <= 32_767
