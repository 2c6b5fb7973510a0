"""What must hold of `mart.location`: the places that everything else is about.

That sites without a boundary have no members is looked at from the members' side.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from expectations.claims import at_most, between, equal, filled, holds, matches
from expectations.history import kept_rows, nothing_gone
from expectations.rules import Evidence, Rule, Severity, shared
from expectations.views import nothing, promised

if TYPE_CHECKING:
    import polars as pl

CRITICAL, WARNING = Severity.CRITICAL, Severity.WARNING

PROMISED_SITES = (
    "spoorzone-zwolle",
    "kennispark-twente",
    "high-tech-systems-park",
    "technology-base-twente",
    "xl-businesspark-twente",
    "deventer-open-innovatie-centrum",
    "polymer-science-park",
    "hessenpoort",
    "bedrijvenpark-a1",
    "tapijtcluster-genemuiden-hasselt",
)
"""Sites that readers outside rely on by id (design, section 8)."""

KIND_BY_PREFIX = {
    "NL": "country",
    "PV": "province",
    "CR": "corop",
    "GM": "municipality",
    "WK": "district",
    "BU": "neighbourhood",
}


@shared
def kinds(evidence: Evidence) -> pl.DataFrame:
    """A row a location: its `kind` beside the `kind_by_id` that its id says."""
    import polars as pl

    location_id = pl.col("location_id")
    official = location_id.str.contains(r"^(NL|PV\d{2}|CR\d{2}|GM\d{4}|WK\d{4}\w{2}|BU\d{4}\w{4})$")
    readable = location_id.str.contains(r"^[a-z0-9]+(-[a-z0-9]+)*$")
    return evidence.frame.select(
        "location_id",
        "kind",
        kind_by_id=pl.when(official)
        .then(
            location_id.str.slice(0, 2).replace_strict(
                KIND_BY_PREFIX, default="unknown", return_dtype=pl.String
            )
        )
        .when(readable)
        .then(pl.lit("site"))
        .otherwise(pl.lit("unknown")),
    )


def boundaries(evidence: Evidence) -> pl.DataFrame:
    """A row a location: whether its boundary status fits its kind."""
    import polars as pl

    site = pl.col("kind") == "site"
    return evidence.frame.select(
        "location_id",
        "kind",
        "boundary_status",
        official_agrees=site != (pl.col("boundary_status") == "official"),
    )


def notes(evidence: Evidence) -> pl.DataFrame:
    """The sites without a boundary and the former ones: their `boundary_note`."""
    import polars as pl

    unexplained = (pl.col("boundary_status") == "none") | (pl.col("status") == "former")
    return evidence.frame.filter(pl.col("kind") == "site", unexplained).select(
        "location_id", "status", "boundary_status", "boundary_note"
    )


def sites(evidence: Evidence) -> pl.DataFrame:
    """The sites: `location_id`, `municipality_code`."""
    import polars as pl

    return evidence.frame.filter(pl.col("kind") == "site").select(
        "location_id", "municipality_code"
    )


@shared
def places_named(evidence: Evidence) -> pl.DataFrame:
    """A row each municipality or province that a location names: is it a location itself?"""
    import polars as pl

    there = evidence.frame["location_id"].implode()
    named = pl.concat(
        evidence.frame.select(named=pl.col(column)).drop_nulls()
        for column in ("municipality_code", "province_code")
    )
    return named.unique().with_columns(known=pl.col("named").is_in(there))


def municipalities_named(evidence: Evidence) -> pl.DataFrame:
    """Of `places_named` the municipalities."""
    import polars as pl

    return places_named(evidence).filter(pl.col("named").str.starts_with("GM"))


def provinces_named(evidence: Evidence) -> pl.DataFrame:
    """Of `places_named` the provinces."""
    import polars as pl

    return places_named(evidence).filter(pl.col("named").str.starts_with("PV"))


def provinces_of_parts(evidence: Evidence) -> pl.DataFrame:
    """A row a location with a municipality: its province beside that of its municipality."""
    import polars as pl

    table = evidence.frame
    municipalities = table.filter(pl.col("kind") == "municipality").select(
        municipality_code="location_id", province_of_municipality="province_code"
    )
    return (
        table.filter(pl.col("kind") != "municipality")
        .select("location_id", "municipality_code", "province_code")
        .join(municipalities, on="municipality_code")
        .drop_nulls()
    )


def countries(evidence: Evidence) -> pl.DataFrame:
    """One row: how many locations are the country."""
    import polars as pl

    return evidence.frame.select(countries=(pl.col("kind") == "country").sum())


def names(evidence: Evidence) -> pl.DataFrame:
    """A row a location: its name, and how much of it is padding."""
    import polars as pl

    name = pl.col("name")
    return (
        evidence.frame.select(
            "location_id",
            "name",
            padding=name.str.len_chars() - name.str.strip_chars().str.len_chars(),
        )
        if evidence.frame.height
        else nothing()
    )


RULES: tuple[Rule, ...] = (
    *kept_rows(),
    Rule(
        name="promised_sites_present",
        severity=CRITICAL,
        reason="Reports and tools outside ask for these sites by id; a site may become former but "
        "never goes.",
        expect=holds("present"),
        over=promised("location_id", PROMISED_SITES),
    ),
    nothing_gone(
        "location_id",
        "location",
        WARNING,
        "Figures of earlier years are about a location under its id: one that is abolished stays, "
        "as former.",
    ),
    Rule(
        name="kind_follows_id",
        severity=CRITICAL,
        reason="Official areas are known by their CBS code and sites by a readable id; identity "
        "never rests on a name.",
        expect=equal("kind", "kind_by_id"),
        over=kinds,
    ),
    Rule(
        name="names_to_show",
        severity=CRITICAL,
        reason="The name is what people read; an empty one shows nothing.",
        expect=matches("name", r"\S"),
        over=names,
    ),
    Rule(
        name="names_without_padding",
        severity=WARNING,
        reason="CBS pads names to 40 characters; shown in a report that breaks the line.",
        expect=at_most("padding", 0),
        over=names,
    ),
    Rule(
        name="official_areas_have_official_boundaries",
        severity=CRITICAL,
        reason="An official area's boundary is its publisher's, and a site's never is.",
        expect=holds("official_agrees"),
        over=boundaries,
    ),
    Rule(
        name="missing_boundary_is_explained",
        severity=WARNING,
        reason="A site without a boundary, and a former one, says why: the policy adviser must be "
        "able to defend an empty cell.",
        expect=filled("boundary_note"),
        over=notes,
    ),
    Rule(
        name="sites_have_a_municipality",
        severity=CRITICAL,
        reason="A site is compared with the municipality it lies in.",
        expect=filled("municipality_code"),
        over=sites,
    ),
    Rule(
        name="municipalities_are_locations",
        severity=WARNING,
        reason="The municipality that a location lies in is a location itself, or the comparison "
        "with it is empty; true once the area lists have been taken in.",
        expect=holds("known"),
        over=municipalities_named,
    ),
    Rule(
        name="provinces_are_locations",
        severity=CRITICAL,
        reason="The province that a location lies in is a location itself.",
        expect=holds("known"),
        over=provinces_named,
    ),
    Rule(
        name="province_of_municipality",
        severity=CRITICAL,
        reason="A location lies in the province of its municipality.",
        expect=equal("province_code", "province_of_municipality"),
        over=provinces_of_parts,
    ),
    Rule(
        name="one_country",
        severity=CRITICAL,
        reason="Every location is compared with the country, of which there is one.",
        expect=between("countries", 1, 1),
        over=countries,
    ),
)
