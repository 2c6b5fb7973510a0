"""What must hold of `mart.location_outline`: outlines on the map. Others: `location`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from expectations.claims import between, holds, matches
from expectations.history import kept_rows, nothing_gone
from expectations.outlines import measured
from expectations.rules import Evidence, Rule, Severity, shared
from expectations.suites.outline import EAST, NORTH, SOUTH, WEST
from expectations.views import distinct, referred

if TYPE_CHECKING:
    import polars as pl

CRITICAL, WARNING = Severity.CRITICAL, Severity.WARNING


@shared
def outlines(evidence: Evidence) -> pl.DataFrame:
    """`measured`, a row an outline, with `inside`: readable and wholly within the Netherlands."""
    import polars as pl

    return measured(evidence.frame, "location_id").with_columns(
        inside=(
            pl.col("readable")
            & (pl.col("min_x") >= WEST)
            & (pl.col("max_x") <= EAST)
            & (pl.col("min_y") >= SOUTH)
            & (pl.col("max_y") <= NORTH)
        ).fill_null(False)
    )


RULES: tuple[Rule, ...] = (
    *kept_rows(),
    Rule(
        name="outline_of_a_location",
        severity=CRITICAL,
        reason="A map joins outlines to locations.",
        expect=holds("known"),
        over=referred("location_id", "location", "location_id"),
    ),
    Rule(
        name="outline_inside_the_netherlands",
        severity=CRITICAL,
        reason="Outlines are in RD metres (EPSG:28992); degrees would draw a dot off the coast.",
        expect=holds("inside"),
        over=outlines,
    ),
    Rule(
        name="outline_area_is_enclosed_area",
        severity=CRITICAL,
        reason="Densities divide by this area, so it is the area that the outline encloses.",
        expect=between("area_to_enclosed", 0.99, 1.01),
        over=outlines,
    ),
    Rule(
        name="outline_edition_is_a_year",
        severity=CRITICAL,
        reason="Areas are cut by year; a figure is drawn in the cut of its own edition.",
        expect=matches("edition", r"^\d{4}$"),
        over=distinct("edition"),
    ),
    nothing_gone(
        "location_id",
        "outline",
        WARNING,
        "A location that was on the map stays on it, for the years in which it existed.",
    ),
)
