"""What stands behind the figures that are counted from single establishments.

Disclosure control needs of each figure how many establishments contribute to it and how much the
two largest do; it does not need to know which they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assets.core.establishments import AREAS, breakdowns_of
from assets.core.frames import Edition
from warehouse.tables.core import Contribution
from warehouse.vocabulary import polars_schema

if TYPE_CHECKING:
    import polars as pl


def contributions(edition: Edition, rows: pl.DataFrame) -> pl.DataFrame:
    """One row beside each figure that `establishments.figures` counts of the same `rows`.

    To the number of establishments each contributes 1, to jobs its working persons.
    """
    import polars as pl

    persons = pl.col("working_persons")
    working = rows.lazy().filter(persons >= 1)
    counted = [
        working.filter(pl.col(area).is_not_null())
        .group_by(region_code=area, maintain_order=True)
        .agg(
            contributors=condition.sum().cast(pl.Int64),
            top=persons.filter(condition).top_k(2).cast(pl.Float64),
        )
        .with_columns(breakdown=pl.lit(breakdown))
        for area in AREAS
        for breakdown, condition in breakdowns_of(edition.source).items()
    ]
    behind = pl.concat(counted).with_columns(top=pl.col("top").list.sort(descending=True))
    jobs = behind.with_columns(
        measure=pl.lit("jobs"),
        largest=pl.col("top").list.get(0, null_on_oob=True),
        second_largest=pl.col("top").list.get(1, null_on_oob=True),
    )
    establishments = behind.with_columns(
        measure=pl.lit("establishments"),
        largest=pl.col("contributors").clip(upper_bound=1).cast(pl.Float64),
        second_largest=(pl.col("contributors") > 1).cast(pl.Float64),
    )
    return (
        pl.concat([establishments, jobs])
        .with_columns(
            pl.col("largest", "second_largest").fill_null(0.0),
            source=pl.lit(edition.source.name),
            edition=pl.lit(edition.edition),
            period=pl.lit(edition.edition),
            release_id=pl.lit(edition.release_id),
        )
        .select(polars_schema(Contribution).names())
        .cast(polars_schema(Contribution))
        .collect()
    )
