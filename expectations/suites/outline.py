"""What must hold of `core.outline`: PDOK's generalised outlines in RD metres (EPSG:28992).

Bounds come from the 342 municipalities of 2026: 779 to 57,527 hectares, together 3.51 million.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from expectations.claims import at_least, between, holds, matches
from expectations.history import floor_on_rows, row_counts
from expectations.outlines import measured
from expectations.rules import Evidence, Rule, Severity, shared
from expectations.views import distinct, nothing, referred

if TYPE_CHECKING:
    import polars as pl

CRITICAL, WARNING, ROW = Severity.CRITICAL, Severity.WARNING, Severity.ROW

WEST, EAST, SOUTH, NORTH = 0.0, 300_000.0, 300_000.0, 625_000.0
"""The Netherlands in RD metres; degrees are far below."""
WHOLE_COUNTRY = 300
OUTLINED = r"^(?:GM\d{4}|WK\d{4}[0-9A-Z]{2}|BU\d{4}[0-9A-Z]{4}|PV\d{2})$"


@shared
def outlines(evidence: Evidence) -> pl.DataFrame:
    """`measured`, a row an outline, with `inside`: wholly within the Netherlands."""
    import polars as pl

    view = measured(evidence.frame, "region_code")
    return view.with_columns(
        inside=(pl.col("min_x") >= WEST)
        & (pl.col("max_x") <= EAST)
        & (pl.col("min_y") >= SOUTH)
        & (pl.col("max_y") <= NORTH)
    )


@shared
def municipalities(evidence: Evidence) -> pl.DataFrame:
    """The outlines of municipalities: `region_code`, `area_ha`."""
    import polars as pl

    return evidence.frame.filter(pl.col("region_code").str.starts_with("GM")).select(
        "region_code", "area_ha"
    )


def shapes(evidence: Evidence) -> pl.DataFrame:
    """The measured outlines of municipalities; smaller areas may be a dyke or scattered islands."""
    import polars as pl

    return outlines(evidence).filter(pl.col("region_code").str.starts_with("GM"))


def municipality_count(evidence: Evidence) -> pl.DataFrame:
    """One row: how many `municipalities` there are; empty where the file has other areas."""
    import polars as pl

    count = municipalities(evidence).height
    return pl.DataFrame({"municipalities": [count]}) if count else nothing()


def whole_country(evidence: Evidence) -> pl.DataFrame:
    """One row: the area of all municipalities of a national file."""
    import polars as pl

    table = municipalities(evidence)
    if table.height < WHOLE_COUNTRY:
        return nothing()
    return table.select(municipalities=pl.len(), area_ha=pl.col("area_ha").sum())


def area_against_last_good(evidence: Evidence) -> pl.DataFrame:
    """A row each area that had an outline: its size now as a share of the size before."""
    import polars as pl

    if evidence.last_good is None:
        return nothing()
    before = evidence.last_good.select("region_code", before_ha="area_ha")
    return (
        evidence.frame.select("region_code", "area_ha")
        .join(before, on="region_code")
        .with_columns(ratio=pl.col("area_ha") / pl.col("before_ha"))
    )


RULES: tuple[Rule, ...] = (
    *row_counts(),
    floor_on_rows(),
    Rule(
        name="outlines_readable",
        severity=CRITICAL,
        reason="An outline is a Polygon or MultiPolygon; a point or a broken text has no area.",
        expect=holds("readable"),
        over=outlines,
    ),
    Rule(
        name="rings_closed",
        severity=CRITICAL,
        reason="GeoJSON rings end where they begin (RFC 7946, 3.1.6); an open one was cut off.",
        expect=holds("closed"),
        over=outlines,
    ),
    Rule(
        name="inside_the_netherlands",
        severity=CRITICAL,
        reason="RD coordinates of the Netherlands run from 0 to 300 km east and 300 to 625 km "
        "north; degrees, or x and y the wrong way round, fall outside.",
        expect=holds("inside"),
        over=outlines,
    ),
    Rule(
        name="municipality_area_plausible",
        severity=CRITICAL,
        reason="Municipalities measure 1 to 1,000 km2 (779 to 57,527 hectares in 2026); outside "
        "that the unit is wrong or parts are missing.",
        expect=between("area_ha", 100, 100_000),
        over=municipalities,
    ),
    Rule(
        name="area_is_enclosed_area",
        severity=CRITICAL,
        reason="We measure the area from the outline; a hundredth off means holes or islands "
        "were forgotten.",
        expect=between("area_to_enclosed", 0.99, 1.01),
        over=outlines,
    ),
    Rule(
        name="area_fits_extent",
        severity=CRITICAL,
        reason="A municipality is smaller than the box around it, and fills a twentieth of it or more "
        "(15 to 78 % for the municipalities of 2026).",
        expect=between("area_to_box", 0.05, 1.0),
        over=shapes,
    ),
    Rule(
        name="municipality_count_plausible",
        severity=WARNING,
        reason="There were 418 municipalities in 2011 and 342 in 2026, and the smallest province "
        "has six: another number is a cut-off page or another layer.",
        expect=between("municipalities", 6, 450),
        over=municipality_count,
    ),
    Rule(
        name="country_area_plausible",
        severity=WARNING,
        reason="All municipalities together measure 3.3 to 4.2 million hectares, open water in or "
        "out (3.51 million in 2026).",
        expect=between("area_ha", 3.3e6, 4.2e6),
        over=whole_country,
    ),
    Rule(
        name="outline_code_form",
        severity=ROW,
        reason="Outlines carry CBS codes; another code joins with no location.",
        expect=matches("region_code", OUTLINED),
        over=distinct("region_code"),
        rows_by=("region_code",),
        at_most=0.02,
    ),
    Rule(
        name="outlined_areas_are_listed",
        severity=WARNING,
        reason="An outline of an area that no area list has is of another boundary year.",
        expect=holds("known"),
        over=referred("region_code", "region", "region_code"),
    ),
    Rule(
        name="sizes_near_last_good",
        severity=WARNING,
        reason="A new generalisation moves borders by metres; an area that changes by a tenth "
        "within one year's cut has lost a part.",
        expect=between("ratio", 0.9, 1.1),
        over=area_against_last_good,
    ),
    Rule(
        name="outlines_have_a_surface",
        severity=CRITICAL,
        reason="The smallest neighbourhoods are a hectare; an outline that encloses next to "
        "nothing is a line.",
        expect=at_least("enclosed_ha", 0.05),
        over=outlines,
    ),
)
