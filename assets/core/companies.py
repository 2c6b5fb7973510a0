"""Companies of the registry's open bulk file: anonymous, BV and NV only, placed no finer than
the first two digits of a postcode. So what is counted of them is counted for the country.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assets.core.frames import Edition
from warehouse.tables.core import Company, Figure
from warehouse.vocabulary import polars_schema

if TYPE_CHECKING:
    import polars as pl

YEARS = 15
"""Years of company starts that are counted; older ones survive too selectively to compare."""


def companies(edition: Edition) -> pl.DataFrame:
    """One row a company in the file, typed. Of a start date with 00 in it, what is known counts."""
    import polars as pl

    date = pl.col("start_date")
    year = date.str.slice(0, 4).cast(pl.Int32, strict=False)
    return (
        edition.raw.rows.with_columns(
            source=pl.lit(edition.source.name),
            edition=pl.lit(edition.edition),
            release_id=pl.lit(edition.release_id),
            start_year=pl.when(year > 0).then(year),
            start_date=date.str.to_date("%Y%m%d", strict=False),
            active=pl.col("active").replace_strict(
                {"J": True, "N": False}, default=None, return_dtype=pl.Boolean
            ),
        )
        .select(polars_schema(Company).names())
        .cast(polars_schema(Company))
    )


def figures(edition: Edition, rows: pl.DataFrame) -> pl.DataFrame:
    """Active companies on the day of the file, and companies started by year, for the country."""
    import polars as pl

    day = _day_of(edition)
    active = rows.select(
        measure=pl.lit("companies_active"),
        period=pl.lit(day),
        value=pl.col("active").sum().cast(pl.Float64),
    )
    newest = int(day[:4])
    starts = (
        rows.filter(pl.col("start_year").is_between(newest - YEARS, newest - 1))
        .group_by("start_year")
        .agg(value=pl.len().cast(pl.Float64))
        .sort("start_year")
        .select(
            measure=pl.lit("company_starts"),
            period=pl.col("start_year").cast(pl.String),
            value="value",
        )
    )
    return (
        pl.concat([active, starts])
        .with_columns(
            source=pl.lit(edition.source.name),
            edition=pl.lit(edition.edition),
            region_code=pl.lit("NL"),
            breakdown=pl.lit("total"),
            unit=pl.lit("count"),
            status=pl.lit("not_stated"),
            missing_reason=pl.lit(None, pl.String),
            release_id=pl.lit(edition.release_id),
        )
        .select(polars_schema(Figure).names())
        .cast(polars_schema(Figure))
    )


def _day_of(edition: Edition) -> str:
    """The day of the file, from its release: `kvk_open_data:current:2026-08-04T...`."""
    return edition.release_id.split(":")[2][:10]
