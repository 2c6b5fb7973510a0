"""Establishments of a registry extract, and what may be counted of them per area.

Names and numbers of firms stay in core; what leaves are counts, which the marts guard.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from assets.catalogue.models import Source
from assets.core.frames import Edition
from warehouse.tables.core import Establishment, Figure
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
    "working_persons",
)
LARGE = 10
"""Working persons from which an establishment counts in the breakdown `size_10_plus`."""

UNREADABLE = -1
"""Working persons of a row whose number could not be read: out of bounds, so that the gate sets
the row aside with its reason instead of letting it pass as unknown."""
NO_DATE = dt.date(1, 1, 1)
"""Reference date of a row whose date could not be read, for the same reason."""
AREAS = ("municipality_code", "neighbourhood_code")
"""Columns that hold the areas for which we count."""
EARLIEST = dt.date(1900, 1, 1)
"""No register of establishments is older."""


def establishments(edition: Edition) -> pl.DataFrame:
    """One row an establishment in the extract, typed; exact duplicates are dropped.

    Codes of areas get their letters (`0153` and `GM0153` are both `GM0153`), postcodes lose
    their blank, activity codes keep their leading zero.
    """
    import polars as pl

    rows = edition.raw.rows
    lacking = [pl.lit(None, pl.String).alias(name) for name in OPTIONAL if name not in rows.columns]
    date = pl.coalesce(
        *(
            pl.col("reference_date").str.to_date(form, strict=False)
            for form in ("%Y-%m-%d", "%d-%m-%Y", "%Y%m%d")
        )
    )
    postcode = pl.col("postcode").str.replace_all(r"\s+", "").str.to_uppercase()
    digits = re.sub(r"\D", "", edition.edition)
    reference = (
        date
        if "reference_date" in rows.columns
        else pl.lit(digits).str.to_date("%Y%m%d", strict=False)
    )
    return (
        rows.with_columns(lacking)
        .unique(
            subset=[name for name in rows.columns if name != "row_number"],
            keep="first",
            maintain_order=True,
        )
        .with_columns(
            source=pl.lit(edition.source.name),
            edition=pl.lit(edition.edition),
            release_id=pl.lit(edition.release_id),
            postcode=postcode,
            postcode4=postcode.str.extract(r"^(\d{4})", 1),
            municipality_code=_lettered("municipality_code", "GM", 4),
            neighbourhood_code=_lettered("neighbourhood_code", "BU", 8),
            working_persons=_readable(
                pl.col("working_persons").cast(pl.Int64, strict=False),
                "working_persons",
                UNREADABLE,
            ),
            # A year of two digits is read as one of the first century; which was meant is unknown.
            reference_date=pl.when(reference >= EARLIEST)
            .then(reference)
            .otherwise(pl.lit(NO_DATE)),
        )
        .select(polars_schema(Establishment).names())
        .cast(polars_schema(Establishment))
    )


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


def breakdowns_of(source: Source) -> dict[str, pl.Expr]:
    """Which working establishments each breakdown of the figures counts, by its name."""
    import polars as pl

    return {
        "total": pl.col("working_persons") >= 1,
        "size_10_plus": pl.col("working_persons") >= LARGE,
    } | {
        f"sbi_{name}": pl.any_horizontal(
            [pl.col("sbi_code").str.starts_with(prefix) for prefix in prefixes]
        ).fill_null(False)
        for name, prefixes in source.groups_of_codes.items()
    }


def figures(edition: Edition, rows: pl.DataFrame) -> pl.DataFrame:
    """Establishments with at least one working person, and their jobs, by area and breakdown.

    Areas: municipality and neighbourhood, where the supplier gives their codes. Breakdowns:
    `total`, `size_10_plus`, and one for each declared set of activity codes, `sbi_<name>`.
    """
    import polars as pl

    working = rows.lazy().filter(pl.col("working_persons") >= 1)
    counted = [
        working.filter(pl.col(area).is_not_null())
        .group_by(region_code=area, maintain_order=True)
        .agg(
            establishments=condition.cast(pl.Float64).sum(),
            jobs=pl.col("working_persons").filter(condition).sum().cast(pl.Float64),
        )
        .with_columns(breakdown=pl.lit(breakdown))
        for area in AREAS
        for breakdown, condition in breakdowns_of(edition.source).items()
    ]
    return (
        pl.concat(counted)
        .unpivot(index=["region_code", "breakdown"], variable_name="measure", value_name="value")
        .with_columns(
            source=pl.lit(edition.source.name),
            edition=pl.lit(edition.edition),
            period=pl.lit(edition.edition),
            unit=pl.when(pl.col("measure") == "jobs")
            .then(pl.lit("persons"))
            .otherwise(pl.lit("count")),
            status=pl.lit("not_stated"),
            missing_reason=pl.lit(None, pl.String),
            release_id=pl.lit(edition.release_id),
        )
        .select(polars_schema(Figure).names())
        .cast(polars_schema(Figure))
        .collect()
    )
