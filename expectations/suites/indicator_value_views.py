"""Views on indicator values: vintages, estimates, and what hangs together across indicators."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from expectations.rules import Evidence, View, shared
from expectations.views import nothing

if TYPE_CHECKING:
    import polars as pl

FIGURE = ("location_id", "indicator_id", "period")
KEY = (*FIGURE, "known_from")
COUNTED = (
    "inhabitants",
    "households",
    "establishments",
    "jobs",
    "area_total",
    "area_land",
    "area_gross",
    "area_net",
    "area_available",
    "address_density",
)
ADDITIVE = ("inhabitants", "households", "establishments", "jobs", "area_land")
MAY_EXCEED_100 = "execution|growth|change|index"
"""Indicators in per cent that are no share of a whole: rates against a plan, and growth."""


@shared
def latest(evidence: Evidence) -> pl.DataFrame:
    """The rows that are true now and have a value: figure and `value`."""
    import polars as pl

    return evidence.frame.filter(
        pl.col("known_to").is_null(), pl.col("value").is_not_null()
    ).select(*FIGURE, "value")


def lost_history(evidence: Evidence) -> pl.DataFrame:
    """One row: how many rows of the last good frame there were, and how many are gone."""
    import polars as pl

    before = evidence.last_good
    if before is None or not before.height:
        return nothing()
    lost = before.select(KEY).join(evidence.frame.select(KEY), on=list(KEY), how="anti")
    return pl.DataFrame({"rows_before": [before.height], "rows_lost": [lost.height]})


def changed_history(evidence: Evidence) -> pl.DataFrame:
    """One row: how many rows stand in both frames, and in how many value or reason changed."""
    import polars as pl

    if evidence.last_good is None or not evidence.last_good.height:
        return nothing()
    said = ["value", "missing_reason"]
    both = evidence.last_good.select(*KEY, *said).join(
        evidence.frame.select(*KEY, *said), on=list(KEY), suffix="_now"
    )
    changed = pl.any_horizontal(pl.col(c).ne_missing(pl.col(f"{c}_now")) for c in said)
    return both.select(rows=pl.len(), rows_changed=changed.sum())


@shared
def estimates(evidence: Evidence) -> pl.DataFrame:
    """The estimated values: figure, and whether each is `bounded` below and above."""
    import polars as pl

    return evidence.frame.filter(
        pl.col("method").is_in(["address_share", "area_share"]), pl.col("value").is_not_null()
    ).select(
        *FIGURE,
        "method",
        bounded=pl.col("lower").is_not_null() & pl.col("upper").is_not_null(),
    )


@shared
def bounds(evidence: Evidence) -> pl.DataFrame:
    """The values with both bounds: how far each is `below` and `above` them; 0 within a billionth
    of the value, which is floating point."""
    import polars as pl

    value = pl.col("value")
    slack = 1e-9 * pl.max_horizontal(value.abs(), pl.lit(1.0))
    return (
        evidence.frame.select(*FIGURE, "value", "lower", "upper")
        .drop_nulls(["value", "lower", "upper"])
        .with_columns(
            below=pl.max_horizontal(pl.col("lower") - value - slack, pl.lit(0.0)),
            above=pl.max_horizontal(value - pl.col("upper") - slack, pl.lit(0.0)),
        )
    )


def not_allocatable(evidence: Evidence) -> pl.DataFrame:
    """A row each indicator that could not be allocated: its `rows`, how many `with_value`."""
    import polars as pl

    return (
        evidence.frame.filter(pl.col("method") == "not_allocatable")
        .group_by("indicator_id")
        .agg(rows=pl.len(), with_value=pl.col("value").count())
    )


def _rows_by_boundary(evidence: Evidence) -> pl.DataFrame | None:
    """The rows with their location's `kind` and `boundary_status`; None without locations.

    What is counted in documents needs no boundary.
    """
    import polars as pl

    locations = evidence.others.get("location")
    if locations is None:
        return None
    drawn = evidence.frame.filter(pl.col("method") != "from_documents")
    return drawn.select("location_id", "value", "missing_reason").join(
        locations.select("location_id", "kind", "boundary_status"), on="location_id"
    )


def unbounded_sites(evidence: Evidence) -> pl.DataFrame:
    """A row a site without a boundary: its `rows`, and how many say `otherwise` than so."""
    import polars as pl

    rows = _rows_by_boundary(evidence)
    if rows is None:
        return nothing()
    otherwise = pl.col("value").is_not_null() | (
        pl.col("missing_reason").fill_null("none") != "no_boundary"
    )
    return (
        rows.filter(pl.col("boundary_status") == "none")
        .group_by("location_id")
        .agg(rows=pl.len(), otherwise=otherwise.sum())
    )


def explained_official(evidence: Evidence) -> pl.DataFrame:
    """A row each kind of official area: its `rows`, and how many are `without_boundary`."""
    import polars as pl

    rows = _rows_by_boundary(evidence)
    if rows is None:
        return nothing()
    return (
        rows.filter(pl.col("boundary_status") == "official")
        .group_by("kind")
        .agg(rows=pl.len(), without_boundary=(pl.col("missing_reason") == "no_boundary").sum())
    )


def marked_synthetic(evidence: Evidence) -> pl.DataFrame:
    """A row each invented release and flag that stand together."""
    import polars as pl

    invented = list(evidence.facts.get("synthetic_releases") or ())
    return (
        evidence.frame.select("release_id", "synthetic")
        .unique()
        .filter(pl.col("release_id").is_in(invented))
    )


def percentages(evidence: Evidence) -> pl.DataFrame:
    """The values of indicators in per cent that are shares of a whole."""
    import polars as pl

    indicators = evidence.others.get("indicator")
    if indicators is None:
        return nothing()
    shares = indicators.filter(
        pl.col("unit") == "%", ~pl.col("indicator_id").str.contains(MAY_EXCEED_100)
    )["indicator_id"].implode()
    return (
        evidence.frame.filter(pl.col("indicator_id").is_in(shares))
        .select(*FIGURE, "value")
        .drop_nulls("value")
    )


def counted(evidence: Evidence) -> pl.DataFrame:
    """A row each indicator that counts or measures: its lowest `value`, and where."""
    import polars as pl

    return (
        evidence.frame.filter(pl.col("indicator_id").is_in(COUNTED), pl.col("value").is_not_null())
        .group_by("indicator_id")
        .agg(
            pl.col("value").min(),
            pl.col("location_id", "period").sort_by("value").first(),
        )
    )


def urbanity(evidence: Evidence) -> pl.DataFrame:
    """The values of urbanity."""
    import polars as pl

    return (
        evidence.frame.filter(pl.col("indicator_id") == "urbanity")
        .select(*FIGURE, "value")
        .drop_nulls("value")
    )


@cache
def larger_and_smaller(larger: str, smaller: str, tolerance: float = 0.0) -> View:
    """A row each location and period that has both now: `larger` (and tolerance), `smaller`."""

    def view(evidence: Evidence) -> pl.DataFrame:
        import polars as pl

        place = ["location_id", "period"]

        def values(indicator: str, name: str) -> pl.DataFrame:
            return (
                latest(evidence)
                .filter(pl.col("indicator_id") == indicator)
                .select(*place, pl.col("value").alias(name))
            )

        return (
            values(larger, "larger")
            .join(values(smaller, "smaller"), on=place)
            .with_columns(pl.col("larger") + tolerance)
        )

    return view


def sites_and_municipalities(evidence: Evidence) -> pl.DataFrame:
    """A row each site, additive indicator and period that its municipality has too."""
    import polars as pl

    locations = evidence.others.get("location")
    if locations is None:
        return nothing()
    sites = locations.filter(pl.col("kind") == "site").select("location_id", "municipality_code")
    what = ["indicator_id", "period"]
    values = latest(evidence).filter(pl.col("indicator_id").is_in(ADDITIVE))
    municipalities = values.select(*what, municipality_code="location_id", municipality="value")
    return (
        values.join(sites, on="location_id")
        .rename({"value": "site"})
        .join(municipalities, on=[*what, "municipality_code"])
    )
