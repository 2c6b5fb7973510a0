"""The areas that an edition knows, in the cut of that edition, from its code lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assets.core.frames import Edition, kind_of
from warehouse.tables.core import Region
from warehouse.vocabulary import polars_schema

if TYPE_CHECKING:
    import polars as pl

CHANGE_FLAG = "Indelingswijziging wijken en buurten"
"""Topic in which Kerncijfers says whether an area is the same as a year before: 1 it is, 2 only
its code changed, 3 it is not comparable, `.` does not apply."""


def regions(edition: Edition) -> pl.DataFrame:
    """One row an area in the code list of the table's region dimension."""
    import polars as pl

    codes = edition.raw.codes.filter(dimension=edition.source.region_of(edition.edition))
    return (
        codes.select(region_code="code", name="title")
        .with_columns(kind=kind_of("region_code"))
        .with_columns(municipality_code=municipality_of("region_code"))
        .join(_comparable(edition), on="region_code", how="left", maintain_order="left")
        .with_columns(
            source=pl.lit(edition.source.name),
            edition=pl.lit(edition.edition),
            release_id=pl.lit(edition.release_id),
        )
        .select(polars_schema(Region).names())
        .cast(polars_schema(Region))
    )


def municipality_of(code: str) -> pl.Expr:
    """The municipality in a district's or neighbourhood's code, or itself; null above that."""
    import polars as pl

    digits = pl.col(code).str.extract(r"^(?:BU|WK|GM)(\d{4})", 1)
    return pl.when(digits.is_not_null()).then(pl.concat_str(pl.lit("GM"), digits))


def _comparable(edition: Edition) -> pl.DataFrame:
    """Area -> whether it is the same as in the edition before, where the table says so."""
    import polars as pl

    flag = edition.raw.columns.filter(pl.col("title") == CHANGE_FLAG).get_column("name").to_list()
    if not flag or edition.raw.long:
        return pl.DataFrame(schema={"region_code": pl.String, "comparable": pl.Boolean})
    said = (
        pl.col(flag[0])
        .cast(pl.String)
        .replace_strict({"1": True, "2": True, "3": False}, default=None, return_dtype=pl.Boolean)
    )
    return edition.raw.rows.select(
        region_code=pl.col(edition.source.region_of(edition.edition)).cast(pl.String),
        comparable=said,
    )
