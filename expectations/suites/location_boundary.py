"""What must hold of `mart.location_boundary`: what sites take in, and when. Others: `location`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from expectations.claims import between, holds, matches
from expectations.history import kept_rows
from expectations.outlines import measured
from expectations.rules import Evidence, Rule, Severity, shared
from expectations.suites.outline import EAST, NORTH, SOUTH, WEST
from expectations.views import distinct, nothing

if TYPE_CHECKING:
    import polars as pl

CRITICAL, WARNING = Severity.CRITICAL, Severity.WARNING
KEY = ("location_id", "boundary")


def kinds(evidence: Evidence) -> pl.DataFrame:
    """A row each location with a boundary: its `kind`; null where it does not exist."""
    import polars as pl

    locations = evidence.others.get("location")
    if locations is None:
        return nothing()
    return (
        evidence.frame.select("location_id")
        .unique()
        .join(locations.select("location_id", "kind"), on="location_id", how="left")
        .with_columns(is_site=(pl.col("kind") == "site").fill_null(False))
    )


@shared
def times(evidence: Evidence) -> pl.DataFrame:
    """A row each boundary: whether it ends `later` than it begins, and whether the `next` one of
    the site begins no sooner than it ends; true where there is no such day."""
    import polars as pl

    following = pl.col("valid_from").shift(-1).over("location_id")
    last = pl.col("boundary") == pl.col("boundary").max().over("location_id")
    return evidence.frame.sort(KEY).select(
        *KEY,
        "valid_from",
        "valid_to",
        later=(pl.col("valid_to") > pl.col("valid_from")).fill_null(True),
        next=last | (following >= pl.col("valid_to")).fill_null(False),
    )


def drawings(evidence: Evidence) -> pl.DataFrame:
    """A row each boundary: whether it is drawn exactly where its kind is `polygon` (`as_said`)."""
    import polars as pl

    there = pl.col("geojson").is_not_null() & pl.col("area_ha").is_not_null()
    return evidence.frame.select(*KEY, "kind", as_said=there == (pl.col("kind") == "polygon"))


@shared
def polygons(evidence: Evidence) -> pl.DataFrame:
    """`measured`, a row a polygon, with `inside`: readable and wholly within the Netherlands."""
    import polars as pl

    drawn = evidence.frame.drop_nulls(["geojson", "area_ha"])
    if drawn.is_empty():
        return nothing()
    return measured(drawn, "location_id").with_columns(
        inside=(
            pl.col("readable")
            & (pl.col("min_x") >= WEST)
            & (pl.col("max_x") <= EAST)
            & (pl.col("min_y") >= SOUTH)
            & (pl.col("max_y") <= NORTH)
        ).fill_null(False)
    )


def resolutions(evidence: Evidence) -> pl.DataFrame:
    """A row each boundary: whether all of it was `resolved`."""
    import polars as pl

    resolved = pl.col("unresolved").is_null() & (pl.col("weight_method") != "not_allocatable")
    return evidence.frame.select(*KEY, "kind", "unresolved", resolved=resolved)


RULES: tuple[Rule, ...] = (
    *kept_rows(WARNING),
    Rule(
        name="boundary_of_a_site",
        severity=CRITICAL,
        reason="Boundaries are ours for sites only; those of official areas are their publisher's.",
        expect=holds("is_site"),
        over=kinds,
    ),
    Rule(
        name="boundary_ends_after_it_begins",
        severity=CRITICAL,
        reason="`valid_to` is the first day on which a boundary no longer holds.",
        expect=holds("later"),
        over=times,
    ),
    Rule(
        name="one_boundary_at_a_time",
        severity=CRITICAL,
        reason="On every day a site takes in one thing: two boundaries would give two figures.",
        expect=holds("next"),
        over=times,
    ),
    Rule(
        name="polygon_is_drawn",
        severity=CRITICAL,
        reason="A polygon is on the map with its area, and only a polygon is.",
        expect=holds("as_said"),
        over=drawings,
    ),
    Rule(
        name="drawn_inside_the_netherlands",
        severity=CRITICAL,
        reason="Boundaries are drawn in RD metres (EPSG:28992); degrees would be a dot off the coast.",
        expect=holds("inside"),
        over=polygons,
    ),
    Rule(
        name="drawn_area_is_enclosed_area",
        severity=CRITICAL,
        reason="A site that grew is told by its area, so it is the area that the polygon encloses.",
        expect=between("area_to_enclosed", 0.999, 1.001),
        over=polygons,
    ),
    Rule(
        name="boundary_resolved",
        severity=WARNING,
        reason="A boundary that could not be resolved into areas gives no figures, or those of a "
        "part; the table says what is missing.",
        expect=holds("resolved"),
        over=resolutions,
    ),
    Rule(
        name="boundary_source_given",
        severity=CRITICAL,
        reason="A figure for a site is defended by saying who drew its line.",
        expect=matches("source", r"\S"),
        over=distinct("source"),
    ),
)
