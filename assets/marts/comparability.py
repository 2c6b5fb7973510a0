"""Which years of a district or neighbourhood may be compared: as its publisher says, year by year."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from warehouse.tables.boundaries import AreaComparable
from warehouse.vocabulary import polars_schema

if TYPE_CHECKING:
    import polars as pl

BELOW_MUNICIPALITY = ("district", "neighbourhood")


def comparable(regions: Sequence[pl.LazyFrame]) -> pl.DataFrame:
    """`mart.area_comparable`: one row a district or neighbourhood and year.

    `regions`: `core.region` of all sources; where several list an area in the same year, the one
    that says whether it is comparable, and of these the first by name. The row of years is broken
    where the publisher says that the area changed or says nothing, where a year is not taken in,
    and where the code is new: a year speaks only of the year before.
    """
    import polars as pl

    schema = polars_schema(AreaComparable)
    if not regions:
        return pl.DataFrame(schema=schema)
    listed = (
        pl.concat(
            [
                frame.select("source", "edition", "region_code", "kind", "comparable", "release_id")
                for frame in regions
            ]
        )
        .filter(
            pl.col("kind").is_in(BELOW_MUNICIPALITY), pl.col("edition").str.contains(r"^\d{4}$")
        )
        .sort(pl.col("comparable").is_null(), "source")
        .unique(["region_code", "edition"], keep="first", maintain_order=True)
        .sort("region_code", "edition")
        .collect()
    )
    year = pl.col("edition").cast(pl.Int32)
    goes_on = (
        pl.col("comparable").fill_null(False) & (year.shift(1).over("region_code") == year - 1)
    ).fill_null(False)
    return (
        listed.with_columns(row=(~goes_on).cum_sum().over("region_code"))
        .with_columns(since=pl.col("edition").first().over("region_code", "row"))
        .select(
            location_id="region_code",
            edition="edition",
            comparable="comparable",
            since="since",
            release_id="release_id",
        )
        .cast(schema)
    )
