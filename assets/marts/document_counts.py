"""Indicators counted in documents: what was decided, met or off course, by site and year.

A count exists only where documents that were taken in speak of the site in that year: silence is
no zero. Zero is said of deviations and milestones where their state is known and none is so.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from assets.catalogue import Catalogue
from assets.marts.provenance import VALUE

if TYPE_CHECKING:
    import polars as pl

    from assets.catalogue.models import Indicator

SURE = 0.6
"""Links less sure than this are not counted."""
ABOUT = ("subject_of", "see_also")


def counted(
    catalogue: Catalogue, documents: Mapping[str, pl.DataFrame], releases: pl.DataFrame
) -> dict[str, pl.DataFrame]:
    """Values of every indicator that is counted in documents, by id; columns of `VALUE`.

    `documents`: the tables `document`, `performance`, `milestone`, `decision` and `evidence`;
    `releases`: `release_id`, `known_from`, `synthetic`.
    """
    import polars as pl

    count = {"decisions": _decisions, "deviations": _deviations, "milestones_met": _milestones_met}
    links = (
        documents["evidence"]
        .filter(pl.col("relation").is_in(ABOUT), pl.col("confidence") >= SURE)
        .join(
            documents["document"].select("document_id", "year", "release_id"),
            on="document_id",
            how="inner",
        )
        .join(releases.select("release_id", "known_from", "synthetic"), on="release_id", how="left")
        .sort("known_from", "release_id")
    )
    return {
        indicator.id: _valued(indicator, count[indicator.counted](documents, links))
        for indicator in catalogue.indicators.values()
        if indicator.counted
    }


def _valued(indicator: Indicator, found: pl.DataFrame) -> pl.DataFrame:
    """Counts in the columns of a value. `found`: location_id, on_year, value and the provenance."""
    import polars as pl

    return found.select(
        location_id="location_id",
        indicator_id=pl.lit(indicator.id),
        period=pl.col("on_year").cast(pl.String),
        value=pl.col("value").cast(pl.Float64),
        status=pl.lit("not_stated"),
        missing_reason=pl.lit(None, pl.String),
        method=pl.lit("from_documents"),
        lower=pl.lit(None, pl.Float64),
        upper=pl.lit(None, pl.Float64),
        boundary_year=pl.lit(None, pl.Int32),
        release_id="release_id",
        known_from="known_from",
        synthetic="synthetic",
    ).select(VALUE)


def _counts(rows: pl.DataFrame, value: pl.Expr) -> pl.DataFrame:
    """`value` by site and year, with the newest release behind it."""
    import polars as pl

    return (
        rows.filter(pl.col("on_year").is_not_null())
        .group_by("location_id", "on_year")
        .agg(
            value=value,
            release_id=pl.col("release_id").last(),
            known_from=pl.col("known_from").last(),
            synthetic=pl.col("synthetic").any(),
        )
        .sort("location_id", "on_year")
    )


def _linked(links: pl.DataFrame, kind: str) -> pl.DataFrame:
    import polars as pl

    return links.filter(pl.col("subject_kind") == kind)


def _decisions(documents: Mapping[str, pl.DataFrame], links: pl.DataFrame) -> pl.DataFrame:
    """Different decisions about the site, in the year of their reference."""
    import polars as pl

    years = documents["decision"].select(subject_id="reference", on_year="year")
    rows = _linked(links, "decision").join(
        years, on="subject_id", how="inner", maintain_order="left"
    )
    return _counts(rows, pl.col("subject_id").n_unique())


def _deviations(documents: Mapping[str, pl.DataFrame], links: pl.DataFrame) -> pl.DataFrame:
    """Performances about the site that a document of the year reports as off course, among those
    of which any document of the year says how they stand."""
    import polars as pl

    said = pl.concat_list("progress_status", "finance_status")
    states = documents["performance"].select(
        "document_id",
        subject_id="performance_id",
        off=said.list.contains("deviation"),
        known=said.list.set_difference(["unknown"]).list.len() > 0,
    )
    rows = (
        _linked(links, "performance")
        .join(states, on=["document_id", "subject_id"], how="inner", maintain_order="left")
        .filter("known")
        .rename({"year": "on_year"})
    )
    return _counts(rows, pl.col("subject_id").filter(pl.col("off")).n_unique())


def _milestones_met(documents: Mapping[str, pl.DataFrame], links: pl.DataFrame) -> pl.DataFrame:
    """Milestones of the site that were met, among those of which a document says how they stand,
    in the year that they were due or else of the document."""
    import polars as pl

    states = (
        documents["milestone"]
        .filter(pl.col("status") != "unknown")
        .select(
            "due_year",
            subject_id="milestone_id",
            # The next year's document repeats it: a milestone is recognised by its words.
            milestone=pl.col("title").str.to_lowercase(),
            met=pl.col("status") == "met",
        )
    )
    rows = (
        _linked(links, "milestone")
        .join(states, on="subject_id", how="inner", maintain_order="left")
        .with_columns(on_year=pl.coalesce("due_year", "year"))
    )
    return _counts(rows, pl.col("milestone").filter(pl.col("met")).n_unique())
