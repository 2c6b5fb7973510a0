"""What stands behind the figures that are counted from single establishments.

Disclosure control needs of each figure how many establishments contribute to it and how much the
two largest do; it does not need to know which they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assets.core.breakdowns import AREAS, by_breakdown, marked, size_class, working
from assets.core.flows import flows
from assets.core.frames import Edition
from warehouse.tables.core import Contribution
from warehouse.vocabulary import polars_schema

if TYPE_CHECKING:
    import polars as pl

CELL = ("municipality_code", "neighbourhood_code", "sbi_code", "sbi_edition", "size")


def contributions(
    edition: Edition, rows: pl.DataFrame, before: pl.DataFrame | None = None
) -> pl.DataFrame:
    """One row beside each figure that is counted of `rows`, and of what changed since `before`.

    To a number of establishments each contributes 1, to jobs its working persons.
    """
    import polars as pl

    schema = polars_schema(Contribution)
    counted = [_stock(edition, rows).with_columns(release_id=pl.lit(edition.release_id))]
    if before is not None:
        told_by = pl.lit(edition.told_by or edition.release_id)
        counted.append(flows(before, rows).with_columns(release_id=told_by))
    return (
        pl.concat(counted)
        .with_columns(
            source=pl.lit(edition.source.name),
            edition=pl.lit(edition.edition),
            period=pl.lit(edition.edition),
        )
        .select(schema.names())
        .cast(schema)
    )


def _stock(edition: Edition, rows: pl.DataFrame) -> pl.DataFrame:
    """`region_code`, `measure`, `breakdown`, `contributors`, `largest`, `second_largest`."""
    import polars as pl

    cells = counted_cells(edition, rows, tops=True).sort("first", descending=True)
    first, second = pl.col("first"), pl.col("second")
    behind = {
        "contributors": pl.col("count").sum().cast(pl.Int64),
        "largest": first.first(),
        # The second of all is the second of the firsts, or stands behind the first in its cell.
        "second_largest": pl.max_horizontal(first.slice(1, 1).first(), second.max()),
    }
    found = [by_breakdown(edition.source, cells, area, behind) for area in AREAS]
    jobs = pl.concat(found).with_columns(
        pl.col("largest", "second_largest").cast(pl.Float64).fill_null(0.0)
    )
    establishments = jobs.with_columns(
        largest=pl.col("contributors").clip(upper_bound=1).cast(pl.Float64),
        second_largest=(pl.col("contributors") > 1).cast(pl.Float64),
    )
    return pl.concat(
        [
            establishments.with_columns(measure=pl.lit("establishments")),
            jobs.with_columns(measure=pl.lit("jobs")),
        ]
    ).select("region_code", "measure", "breakdown", "contributors", "largest", "second_largest")


def counted_cells(edition: Edition, rows: pl.DataFrame, *, tops: bool = False) -> pl.DataFrame:
    """The working establishments by area, activity and size: their `count`, their `jobs` and, with
    `tops`, the working persons of the `first` and the `second` largest; and for each cell its
    `section` and, for each set of activities, whether it is `in_<set>`.

    Some hundred thousand cells in place of two million rows; all breakdowns are sums of them.
    """
    import polars as pl

    columns = [*AREAS, *_activity(rows), "working_persons"]
    persons = pl.col("working_persons")
    counting = (
        working(rows.lazy()).select(columns).with_columns(persons.cast(pl.Int32), size=size_class())
    )
    if tops:
        counting = counting.sort("working_persons", descending=True)
    largest = {"first": persons.first(), "second": persons.slice(1, 1).first()} if tops else {}
    cells = (
        counting.group_by(CELL)
        .agg(
            count=pl.len(),
            jobs=persons.cast(pl.Int64).sum(),
            **largest,
        )
        .collect()
    )
    return marked(edition.source, cells)


def _activity(rows: pl.DataFrame) -> list[pl.Expr]:
    """The code by which a row is counted, and its edition: its own, or where it has none that of SBI
    2008 which its supplier gives beside it. Never both, so that no establishment counts twice."""
    import polars as pl

    code, edition, other = pl.col("sbi_code"), pl.col("sbi_edition"), pl.col("sbi_2008")
    column = rows.get_column
    if not column("sbi_code").null_count() or column("sbi_2008").null_count() == rows.height:
        return [code, edition]
    lacking = code.is_null() & other.is_not_null()
    said = pl.when(lacking).then(pl.lit("2008")).otherwise(edition.cast(pl.String))
    return [
        pl.coalesce(code.cast(pl.String), other.cast(pl.String)).alias("sbi_code"),
        said.alias("sbi_edition"),
    ]
