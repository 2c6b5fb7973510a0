"""A table as a CSV file, RFC 4180: UTF-8, comma, CRLF, quotes doubled.

Numbers stand bare; every other value stands between quotes, so that an empty text is `""` and a
value that is not there is nothing. Moments are UTC, to the microsecond.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

ENDING = "csv"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
MOMENTS = "%Y-%m-%d %H:%M:%S%.6f"


class CsvFile:
    """Written frame by frame; `path` holds the whole table once `close` has returned."""

    def __init__(self, path: Path, schema: dict[str, Any], *, bom: bool) -> None:
        import polars as pl

        self._stream = path.open("wb")
        if bom:
            self._stream.write(BYTE_ORDER_MARK)
        self._put(pl.DataFrame(schema=schema), header=True)

    def write(self, frame: pl.DataFrame) -> None:
        """Add the rows of `frame`."""
        self._put(frame, header=False)

    def close(self) -> None:
        """Finish the file."""
        self._stream.close()

    def _put(self, frame: pl.DataFrame, *, header: bool) -> None:
        frame.write_csv(
            self._stream,
            include_header=header,
            line_terminator="\r\n",
            quote_style="non_numeric",
            datetime_format=MOMENTS,
        )
