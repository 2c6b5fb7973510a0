"""Establishments of a registry extract, typed. Names and numbers of firms stay in core."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import TYPE_CHECKING

from assets.core.frames import Edition, Tidy
from warehouse.tables.core import Establishment
from warehouse.vocabulary import polars_schema

if TYPE_CHECKING:
    import polars as pl

OPTIONAL = (
    "company_id",
    "trade_name",
    "postcode",
    "place",
    "municipality_code",
    "neighbourhood_code",
    "sbi_2008",
    "working_persons",
    "start_date",
    "end_date",
)
UNREADABLE = -1
"""Working persons of a row whose number could not be read: out of bounds, so that the gate sets
the row aside with its reason instead of letting it pass as unknown."""
NO_DATE = dt.date(1, 1, 1)
"""Reference date of a row whose date could not be read, for the same reason."""
BLANKS = (" ", "\u00a0", "\t")
"""What stands in postcodes between digits and letters."""
EARLIEST_START = dt.date(1200, 1, 1)
"""No establishment is older than the oldest brewery."""
SHOWN = 20
"""Row numbers named of copies."""
EARLIEST = dt.date(1900, 1, 1)
"""No register of establishments is older."""


def establishments(edition: Edition) -> Tidy:
    """One row an establishment in the extract, typed; what is no row is told of.

    Codes of areas get their letters (`0153` and `GM0153` are both `GM0153`), postcodes lose
    their blank, activity codes keep their leading zero. Of a date with `00` for what is not known
    (`20150300`) the first day is kept, with how exactly it is known. Exact copies of a row are
    dropped and counted; two rows that differ are both kept, for the gate to judge.
    """
    import polars as pl

    schema = polars_schema(Establishment)
    rows = edition.raw.rows
    copies = _copies(rows)
    lacking = [pl.lit(None, pl.String).alias(name) for name in OPTIONAL if name not in rows.columns]
    postcode = pl.col("postcode")
    for blank in BLANKS:
        postcode = postcode.str.replace_all(blank, "", literal=True)
    postcode = postcode.str.to_uppercase()
    digits = re.sub(r"\D", "", edition.edition)
    reference = (
        _day("reference_date")
        if "reference_date" in rows.columns
        else pl.lit(digits).str.to_date("%Y%m%d", strict=False)
    )
    start, start_known_to = _as_far_as_known("start_date")
    end, end_known_to = _as_far_as_known("end_date")
    by_value = _ByValue(rows)
    # A year of two digits is read as one of the first century; which was meant is unknown.
    reference = pl.when(reference >= EARLIEST).then(reference).otherwise(pl.lit(NO_DATE))
    frame = (
        rows.lazy()
        .filter(~pl.col("row_number").is_in(copies.implode()))
        .with_columns(lacking)
        .select(
            "row_number",
            "establishment_id",
            "company_id",
            "trade_name",
            "place",
            "sbi_code",
            "sbi_edition",
            "sbi_2008",
            source=pl.lit(edition.source.name),
            edition=pl.lit(edition.edition),
            release_id=pl.lit(edition.release_id),
            postcode=postcode,
            postcode4=postcode.str.extract(r"^(\d{4})", 1),
            municipality_code=by_value(
                "municipality_code", _lettered("municipality_code", "GM", 4)
            ),
            neighbourhood_code=by_value(
                "neighbourhood_code", _lettered("neighbourhood_code", "BU", 8)
            ),
            working_persons=_readable(
                pl.col("working_persons").cast(pl.Int64, strict=False),
                "working_persons",
                UNREADABLE,
            ),
            start_date=by_value("start_date", start),
            start_known_to=by_value("start_date", start_known_to),
            end_date=by_value("end_date", end),
            end_known_to=by_value("end_date", end_known_to),
            reference_date=by_value("reference_date", reference),
        )
        .select(schema.names())
        .cast(schema)
        .collect(engine="streaming")
    )
    return Tidy(frame, _told(edition, copies))


class _ByValue:
    """Computes an expression once for each value that occurs in a column of `rows`.

    Two million rows have some hundreds of municipalities and some thousands of dates.
    """

    def __init__(self, rows: pl.DataFrame) -> None:
        self._rows = rows
        self._values: dict[str, pl.DataFrame] = {}

    def __call__(self, column: str, expression: pl.Expr) -> pl.Expr:
        import polars as pl

        if column not in self._rows.columns:
            return expression
        if column not in self._values:
            self._values[column] = self._rows.select(pl.col(column).unique())
        values = self._values[column]
        made = values.select(expression).to_series()
        if made.dtype == pl.String:
            made = made.cast(pl.Categorical())
        return pl.col(column).replace_strict(
            values.to_series(), made, default=None, return_dtype=made.dtype
        )


def _copies(rows: pl.DataFrame) -> pl.Series:
    """The numbers of rows that are exact copies of a row before.

    Only rows whose establishment stands in another row too are compared column by column.
    """
    import polars as pl

    twice = rows.filter(pl.col("establishment_id").is_duplicated())
    content = [name for name in rows.columns if name != "row_number"]
    kept = twice.unique(subset=content, keep="first", maintain_order=True)
    return twice.join(kept, on="row_number", how="anti").get_column("row_number")


def _told(edition: Edition, copies: pl.Series) -> pl.DataFrame:
    """What is no row of the table, for the quarantine; without a word of what stood in it, for
    in a line that is shifted any field may be a name."""
    import polars as pl

    told = []
    if copies.len():
        said = {"rows": copies.len(), "row_numbers": copies.sort().head(SHOWN).to_list()}
        told.append(("exact_copies: The same row stands before it, so it was dropped.", said))
    lines = edition.raw.set_aside
    if lines is not None:
        told += [
            (f"line_is_no_row: It has not the form of a row ({reason}); a shifted column is never bent.",
             {"row_number": number})
            for number, reason in lines.select("row_number", "reason").iter_rows()
        ]  # fmt: skip
    return pl.DataFrame(
        [(reason, json.dumps(record)) for reason, record in told],
        schema={"reason": pl.String, "record": pl.String},
        orient="row",
    )


FORMS_OF_DATES = ("%Y-%m-%d", "%d-%m-%Y", "%Y%m%d")


def _day(column: str) -> pl.Expr:
    """A date in one of the forms that suppliers write; null where it is none."""
    import polars as pl

    return pl.coalesce(*(pl.col(column).str.to_date(form, strict=False) for form in FORMS_OF_DATES))


def _as_far_as_known(column: str) -> tuple[pl.Expr, pl.Expr]:
    """A date of which day, or day and month, may be `00`, and to what it is known.

    `20150300` is known to the month. Where the year is not known (`00000000`) there is no date;
    a text that is no date is `NO_DATE`, so that the gate sets the row aside.
    """
    import polars as pl

    text = pl.col(column).str.replace_all("-", "", literal=True)
    turned = pl.col(column).str.contains(r"^\d{1,2}-\d{1,2}-\d{4}$")
    text = (
        pl.when(turned)
        .then(
            pl.col(column).str.replace(r"^(\d)-", "0$1-").str.replace(r"-(\d)-", "-0$1-")
            .str.replace(r"^(\d\d)-(\d\d)-(\d{4})$", "$3$2$1")
        )
        .otherwise(text)
    )  # fmt: skip
    known_to = (
        pl.when(text.str.ends_with("0000"))
        .then(pl.lit("year"))
        .when(text.str.ends_with("00"))
        .then(pl.lit("month"))
        .otherwise(pl.lit("day"))
    )
    filled = (
        pl.when(known_to == "year")
        .then(text.str.slice(0, 4) + "0101")
        .when(known_to == "month")
        .then(text.str.slice(0, 6) + "01")
        .otherwise(text)
    )
    date = filled.str.to_date("%Y%m%d", strict=False)
    there = text.is_not_null() & (text != "00000000")
    found = pl.when(there).then(pl.when(date >= EARLIEST_START).then(date).otherwise(NO_DATE))
    return found, pl.when(there).then(known_to)


def _readable(parsed: pl.Expr, column: str, sign: int) -> pl.Expr:
    """`parsed`, with `sign` where there was something that could not be read."""
    import polars as pl

    return (
        pl.when(parsed.is_null() & pl.col(column).is_not_null())
        .then(pl.lit(sign))
        .otherwise(parsed)
    )


def _lettered(column: str, letters: str, width: int) -> pl.Expr:
    """A CBS code with its letters, whether it came with or without them, zeros restored."""
    import polars as pl

    bare = pl.col(column).str.to_uppercase().str.strip_prefix(letters).str.zfill(width)
    return pl.when(pl.col(column).is_not_null()).then(pl.concat_str(pl.lit(letters), bare))
