"""Addresses by postcode and neighbourhood: by which the postcodes of a site become shares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assets.core.frames import Edition
from warehouse.tables.core import PostcodeArea
from warehouse.vocabulary import polars_schema

if TYPE_CHECKING:
    import polars as pl


def postcode_areas(edition: Edition) -> pl.DataFrame:
    """One row a postcode and neighbourhood, with how many addresses of the one lie in the other.

    The list names neighbourhoods without the letters that the tables of CBS put before them.
    """
    import polars as pl

    schema = polars_schema(PostcodeArea)
    return (
        edition.raw.rows.select(
            source=pl.lit(edition.source.name),
            edition=pl.lit(edition.edition),
            postcode="postcode",
            neighbourhood_code="BU" + pl.col("neighbourhood_code"),
            addresses="addresses",
            release_id=pl.lit(edition.release_id),
        )
        .select(schema.names())
        .cast(schema)
    )
