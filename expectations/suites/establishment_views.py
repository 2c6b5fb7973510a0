"""What the rules of `core.establishment` look at: small frames that say of a long register whether
it is right, in booleans and counts, never with what names a firm."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from expectations.rules import Evidence, shared
from expectations.views import nothing

if TYPE_CHECKING:
    import polars as pl

FIRST_START = dt.date(1200, 1, 1)
"""No establishment is older than the oldest brewery; what could not be read is before it."""
FORMS = ("establishment_number", "company_number", "postcode_form", "postcode_agrees")


@shared
def forms(evidence: Evidence) -> pl.DataFrame:
    """Whether what identifies a firm has its form (null where not filled): every row in which
    something has not, and one row for each way of being right. A register is long, and rows that
    are as they should be say all the same."""
    import polars as pl

    said = (
        evidence.frame.lazy()
        .select(
            "row_number",
            establishment_number=pl.col("establishment_id").str.contains(r"^\d{5,12}$"),
            company_number=pl.col("company_id").str.contains(r"^\d{8}$"),
            postcode_form=pl.col("postcode").str.contains(r"^[1-9]\d{3}[A-Z]{2}$"),
            postcode_agrees=pl.col("postcode").str.slice(0, 4)
            == pl.col("postcode4").cast(pl.String),
        )
        .collect()
    )
    return _failing_and_one_of_each(said, FORMS)


def _failing_and_one_of_each(said: pl.DataFrame, flags: tuple[str, ...]) -> pl.DataFrame:
    """Of `said` the rows with a false flag, and of the others one for each combination of flags."""
    import polars as pl

    wrong = pl.any_horizontal(~pl.col(flag) for flag in flags).fill_null(False)
    return pl.concat([said.filter(wrong), said.filter(~wrong).unique(flags, keep="any")])


def number_lengths(evidence: Evidence) -> pl.DataFrame:
    """One row: how many `lengths` the numbers of establishments have."""
    import polars as pl

    return evidence.frame.select(lengths=pl.col("establishment_id").str.len_chars().n_unique())


@shared
def repeated(evidence: Evidence) -> pl.DataFrame:
    """The rows whose establishment number stands in more than one row: how many equal rows
    `stood_before` each, and whether it is `agreed` by all of them; one row with neither where
    every number stands once."""
    import polars as pl

    twice = evidence.frame.filter(pl.col("establishment_id").is_duplicated())
    content = [name for name in twice.columns if name != "row_number"]
    marked = twice.with_columns(
        stood_before=pl.int_range(pl.len()).over(content),
        rows=pl.struct(content).hash().n_unique().over("establishment_id"),
    )
    once = (
        evidence.frame.select("row_number")
        .head(1)
        .with_columns(stood_before=pl.lit(0, pl.Int64), agreed=pl.lit(True))
    )
    found = marked.select("row_number", "stood_before", agreed=pl.col("rows") == 1)
    return found if found.height else once


def starts_and_ends(evidence: Evidence) -> pl.DataFrame:
    """Start, end and reference dates that occur together: whether they are `readable`, `in_order`,
    and the start `not_ahead` (null where a date is not there): those that are not, and one of
    each way of being right."""
    import polars as pl

    start, end, year = pl.col("start_date"), pl.col("end_date"), pl.col("end_known_to") == "year"
    first = pl.lit(FIRST_START)
    # An end that is known to the year is held as its first day.
    order = (
        pl.when(year)
        .then(end.dt.year() >= start.dt.year())
        .otherwise(
            pl.when(pl.col("end_known_to") == "month")
            .then(end.dt.month_start() >= start.dt.month_start())
            .otherwise(end >= start)
        )
    )
    columns = ["start_date", "end_date", "end_known_to", "reference_date"]
    said = (
        evidence.frame.select(columns)
        .unique()
        .with_columns(
            readable=(start >= first).fill_null(True) & (end >= first).fill_null(True),
            in_order=order,
            not_ahead=start <= pl.col("reference_date").dt.offset_by("1y"),
        )
    )
    return _failing_and_one_of_each(said, ("readable", "in_order", "not_ahead"))


def reference_dates(evidence: Evidence) -> pl.DataFrame:
    """A row each reference date and edition: whether they are the `same_day`."""
    import polars as pl

    return (
        evidence.frame.select("reference_date", "edition")
        .unique()
        .with_columns(
            same_day=pl.col("reference_date").cast(pl.String) == pl.col("edition").cast(pl.String)
        )
    )


def digits(evidence: Evidence) -> pl.DataFrame:
    """A row each activity code and edition: how many digits it is `short` of those it must have."""
    import polars as pl

    return (
        evidence.frame.select("sbi_code", "sbi_edition")
        .drop_nulls()
        .unique()
        .with_columns(
            short=pl.when(pl.col("sbi_edition") == "2025").then(5).otherwise(4)
            - pl.col("sbi_code").cast(pl.String).str.len_chars().cast(pl.Int64)
        )
    )


def neighbourhoods(evidence: Evidence) -> pl.DataFrame:
    """A row each neighbourhood and municipality given together: does the one `lie in` the other?"""
    import polars as pl

    digits_of = pl.col("municipality_code").cast(pl.String).str.slice(2, 4)
    return (
        evidence.frame.select("municipality_code", "neighbourhood_code")
        .drop_nulls()
        .unique()
        .with_columns(
            lies_in=pl.col("neighbourhood_code").cast(pl.String).str.slice(2, 4) == digits_of
        )
    )


@shared
def jobs(evidence: Evidence) -> pl.DataFrame:
    """One row: `jobs`, the `largest` establishment and the shares with `none` and `unknown`."""
    import polars as pl

    persons = pl.col("working_persons")
    return evidence.frame.select(
        rows=pl.len(),
        jobs=persons.sum(),
        share_none=(persons == 0).sum() / pl.len(),
        share_unknown=persons.null_count() / pl.len(),
    ).filter(pl.col("rows") > 0)


def jobs_against_last_good(evidence: Evidence) -> pl.DataFrame:
    """One row: `jobs` now and before, `ratio`; empty without a last good frame."""
    import polars as pl

    if evidence.last_good is None or not evidence.last_good["working_persons"].sum():
        return nothing()
    now = int(evidence.frame["working_persons"].sum())
    before = int(evidence.last_good["working_persons"].sum())
    return pl.DataFrame({"jobs": [now], "jobs_before": [before], "ratio": [now / before]})


def divisions(evidence: Evidence) -> pl.DataFrame:
    """One row: `rows`, and in how many divisions (two digits) their activities fall; empty under
    1,000 rows, where few divisions mean little."""
    import polars as pl

    if evidence.frame.height < 1000:
        return nothing()
    return evidence.frame.select(
        rows=pl.len(),
        divisions=pl.col("sbi_code")
        .unique()
        .cast(pl.String)
        .str.slice(0, 2)
        .drop_nulls()
        .n_unique(),
    )
