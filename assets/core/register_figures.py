"""Figures counted from a register of establishments: stocks by breakdown, and what changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assets.core.breakdowns import AREAS, by_breakdown
from assets.core.contributions import counted_cells
from assets.core.flows import FLOWS
from assets.core.frames import Edition
from warehouse.tables.core import Figure
from warehouse.vocabulary import polars_schema

if TYPE_CHECKING:
    import polars as pl


def figures(edition: Edition, rows: pl.DataFrame, behind: pl.DataFrame) -> pl.DataFrame:
    """Establishments with at least one working person, their jobs, and what changed in a year.

    `behind`: core.contribution of the same rows, which has the counts of what changed. Areas:
    municipality and neighbourhood, where the supplier gives their codes. Breakdowns: `total`, size
    classes, sections of SBI 2025 (`section_C`; `section_unknown` and `section_ambiguous` for the
    rest), and one for each declared set of activity codes, `sbi_<name>`.
    """
    import polars as pl

    schema = polars_schema(Figure)
    return (
        pl.concat(
            [
                _stock(edition, rows).with_columns(release_id=pl.lit(edition.release_id)),
                _flows(behind),
            ]
        )
        .with_columns(
            source=pl.lit(edition.source.name),
            edition=pl.lit(edition.edition),
            period=pl.lit(edition.edition),
            unit=pl.when(pl.col("measure") == "jobs")
            .then(pl.lit("persons"))
            .otherwise(pl.lit("count")),
            status=pl.lit("not_stated"),
            missing_reason=pl.lit(None, pl.String),
        )
        .select(schema.names())
        .cast(schema)
    )


def _stock(edition: Edition, rows: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    cells = counted_cells(edition, rows)
    counts = {
        "establishments": pl.col("count").sum().cast(pl.Float64),
        "jobs": pl.col("jobs").sum().cast(pl.Float64),
    }
    found = [by_breakdown(edition.source, cells, area, counts) for area in AREAS]
    return pl.concat(found).unpivot(
        index=["region_code", "breakdown"], variable_name="measure", value_name="value"
    )


def _flows(behind: pl.DataFrame) -> pl.DataFrame:
    """Counts of what changed: as many as contribute, of the net relocation in less out."""
    import polars as pl

    changed = behind.filter(pl.col("measure").is_in(FLOWS))
    sign = pl.when(pl.col("measure") == "moves_in").then(1.0).otherwise(-1.0)
    net = (
        changed.filter(pl.col("measure").is_in(["moves_in", "moves_out"]))
        .group_by("region_code", "release_id")
        .agg(value=(pl.col("contributors") * sign).sum())
        .select(
            "region_code",
            pl.lit("total").alias("breakdown"),
            pl.lit("net_relocation").alias("measure"),
            "value",
            pl.col("release_id").cast(pl.String),
        )
    )
    counts = changed.filter(pl.col("measure") != "net_relocation").select(
        "region_code",
        "breakdown",
        "measure",
        pl.col("contributors").cast(pl.Float64).alias("value"),
        pl.col("release_id").cast(pl.String),
    )
    return pl.concat([counts, net])
