"""A table as an Excel workbook: a sheet of rows (or more, where it has too many), and one that says
what they are.

Every cell is written as what it is, text, number, date or truth value, and never guessed from what it
looks like: no cell of an exported workbook is a formula or a link.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

ENDING = "xlsx"
MOST_ROWS = 1_048_576
"""Rows of a sheet, header included."""
MOST_CHARACTERS = 32_767
"""Of a cell, in UTF-16 code units."""
LARGEST_INTEGER = 2**53
"""Above this a spreadsheet, whose numbers are all doubles, does not hold every integer."""
FIRST_DAY = dt.date(1900, 3, 1)
"""Before this day Excel's calendar is off by one."""
NOT_IN_XML = str.maketrans({"\ufffe": "\ufffd", "\uffff": "\ufffd"})
WIDTHS = {"VARCHAR": 28, "TIMESTAMP": 24}
SHEET_NAME = 31


class Workbook:
    """Written frame by frame in constant memory; `path` holds the whole once `close` has returned.

    `headings`: what stands above the columns. `types`: their types in the dictionary. `about`: rows of
    texts for the sheet that says what this is. `created`: the moment the workbook says it was made.
    """

    def __init__(
        self,
        path: Path,
        name: str,
        headings: Sequence[str],
        types: Sequence[str],
        about: Iterable[Sequence[str]],
        created: dt.datetime,
    ) -> None:
        import xlsxwriter
        from xlsxwriter.worksheet import Worksheet

        class Exact(Worksheet):  # type: ignore[misc]
            """A sheet whose numbers are written with all their digits; the library writes sixteen."""

            def _xml_number_element(self, number: float, attributes: Any = ()) -> None:
                said = "".join(f' {key}="{value}"' for key, value in attributes)
                self.fh.write(f"<c{said}><v>{number!r}</v></c>")

        self.altered = 0
        """Cells that a workbook could not hold as they are."""
        self.sheets: list[str] = []
        self._kind = Exact
        self._name, self._headings, self._types, self._about = name, headings, types, about
        self._book = xlsxwriter.Workbook(
            str(path),
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "use_zip64": True,
            },
        )
        self._book.set_properties({"title": name, "created": created})
        self._bold = self._book.add_format({"bold": True})
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._moment = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss.000"})
        self._writers = [self._writer_of(kind) for kind in types]
        self._row = MOST_ROWS
        self._next_sheet()

    def write(self, frame: pl.DataFrame) -> None:
        """Add the rows of `frame`, on a further sheet where this one is full."""
        for row in frame.iter_rows():
            if self._row == MOST_ROWS:
                self._next_sheet()
            for column, value in enumerate(row):
                if value is not None:
                    self._writers[column](self._row, column, value)
            self._row += 1

    def close(self) -> None:
        """Finish the workbook."""
        self._finish_sheet()
        self._sheet = self._book.add_worksheet("about")
        self._sheet.set_column(0, 0, 28)
        self._sheet.set_column(1, 3, 60)
        for row, texts in enumerate(self._about):
            for column, text in enumerate(texts):
                self._text(row, column, text)
        self._book.close()

    def _next_sheet(self) -> None:
        if self.sheets:
            self._finish_sheet()
        number = f" ({len(self.sheets) + 1})" if self.sheets else ""
        self.sheets.append(self._name[: SHEET_NAME - len(number)] + number)
        self._sheet = self._book.add_worksheet(self.sheets[-1], worksheet_class=self._kind)
        self._sheet.freeze_panes(1, 0)
        for column, (heading, kind) in enumerate(zip(self._headings, self._types, strict=True)):
            self._sheet.set_column(column, column, max(WIDTHS.get(kind, 12), len(heading) + 3))
            self._sheet.write_string(0, column, heading, self._bold)
        self._row = 1

    def _finish_sheet(self) -> None:
        self._sheet.autofilter(0, 0, self._row - 1, len(self._headings) - 1)

    def _writer_of(self, kind: str) -> Callable[[int, int, Any], None]:
        writers: dict[str, Callable[[int, int, Any], None]] = {
            "VARCHAR": self._text,
            "DOUBLE": self._number,
            "BIGINT": self._number,
            "INTEGER": self._number,
            "BOOLEAN": self._truth,
            "DATE": self._date,
            "TIMESTAMP": self._date,
        }
        return writers[kind]

    def _text(self, row: int, column: int, text: str) -> None:
        if len(text) * 2 > MOST_CHARACTERS:
            text = self._cut(text)
        if "\ufffe" in text or "\uffff" in text:
            self.altered += 1
            text = text.translate(NOT_IN_XML)
        self._sheet.write_string(row, column, text)

    def _cut(self, text: str) -> str:
        units = text.encode("utf-16-le")
        if len(units) // 2 <= MOST_CHARACTERS:
            return text
        self.altered += 1
        note = f" [... cut: {len(text):,} characters; the CSV and Parquet files hold all]"
        kept = units[: 2 * (MOST_CHARACTERS - len(note))].decode("utf-16-le", "ignore")
        return kept + note

    def _number(self, row: int, column: int, value: float) -> None:
        if (isinstance(value, int) and abs(value) > LARGEST_INTEGER) or not math.isfinite(value):
            self._sheet.write_string(row, column, str(value))
        else:
            self._sheet.write_number(row, column, value)

    def _truth(self, row: int, column: int, value: bool) -> None:
        self._sheet.write_boolean(row, column, value)

    def _date(self, row: int, column: int, value: dt.date) -> None:
        day = value.date() if isinstance(value, dt.datetime) else value
        if day < FIRST_DAY:
            self._sheet.write_string(row, column, str(value))
        else:
            format_ = self._moment if isinstance(value, dt.datetime) else self._day
            self._sheet.write_datetime(row, column, value, format_)
