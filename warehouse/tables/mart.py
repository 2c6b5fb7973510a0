"""What BI reads. Names and keys here are promised to the outside: change them only with a decision."""

from __future__ import annotations

from warehouse.tables import activities, boundaries, documents, findings
from warehouse.tables.core import MISSING_REASONS, SIDES, STATUSES
from warehouse.tables.operational import (
    OPERATIONAL,
    Dictionary,
    ExpectationResult,
    Publication,
    Quarantine,
    SourceRelease,
    SourceStatus,
)
from warehouse.vocabulary import (
    Code,
    Count,
    Day,
    Euros,
    Flag,
    Hectares,
    Instant,
    LocationCode,
    Mapped,
    Number,
    Period,
    RegionCode,
    Table,
    Text,
    Year,
    field,
    key,
)

LOCATION_KINDS = (
    "site",
    "neighbourhood",
    "district",
    "municipality",
    "corop",
    "province",
    "country",
)
METHODS = (
    "published",
    "exact",
    "address_share",
    "area_share",
    "not_allocatable",
    "aggregated",
    "calculated",
    "counted",
    "from_documents",
)
BOUNDARY_KINDS = ("areas", "postcodes", "polygon")
WEIGHT_METHODS = ("exact", "address_share", "area_share")

OPENED_BY = ("release", "declaration")


class Location(Table):
    """A place that figures and decisions are about: a site, or an official area under its CBS code."""

    __tablename__ = "location"
    __table_args__ = {"schema": "mart"}

    location_id: Mapped[LocationCode] = key(
        "CBS code (`GM0193`), `NL`, or the readable id of a site."
    )
    name: Mapped[Text] = field("Name to show. Never joined on.")
    kind: Mapped[Code] = field("What sort of location.", choices=LOCATION_KINDS)
    municipality_code: Mapped[RegionCode | None] = field("Municipality it lies in.")
    province_code: Mapped[RegionCode | None] = field(
        "Province it lies in; null where no source taken in says so."
    )
    status: Mapped[Code] = field("`active` or `former`.", choices=("active", "former"))
    boundary_status: Mapped[Code] = field(
        "Whether its boundary is known: `official`, `composed` of official areas or register "
        "numbers, `drawn` as a polygon or a list of postcodes, or `none`.",
        choices=("official", "composed", "drawn", "none"),
    )
    boundary_note: Mapped[Text | None] = field(
        "What is known of the boundary and where that comes from."
    )
    name_en: Mapped[Text | None] = field("English name, for sites.")
    clusters: Mapped[Text | None] = field("Clusters of a site, separated by `; `.")
    edition: Mapped[Code | None] = field("Newest edition in which the official area occurs.")


class LocationAlias(Table):
    """A name under which a location is known, from when until when, and who calls it so."""

    __tablename__ = "location_alias"
    __table_args__ = {"schema": "mart"}

    location_id: Mapped[LocationCode] = key("The location.")
    alias: Mapped[Text] = key("The name.")
    valid_from: Mapped[Day | None] = field("First day of use, where known.")
    valid_to: Mapped[Day | None] = field(
        "First day on which it is no longer used; null while in use or unknown."
    )
    source: Mapped[Text] = field("Who calls it so.")


class LocationBoundary(Table):
    """What a site takes in from one day until another: how that is said, by whom, and where it is drawn."""

    __tablename__ = "location_boundary"
    __table_args__ = {"schema": "mart"}

    location_id: Mapped[LocationCode] = key("The site.")
    boundary: Mapped[Count] = key("Number of the boundary, from 1 in order of time.")
    valid_from: Mapped[Day | None] = field(
        "First day on which it holds; null where no earlier one is known."
    )
    valid_to: Mapped[Day | None] = field("First day on which it no longer holds.")
    kind: Mapped[Code] = field("In what it is said.", choices=BOUNDARY_KINDS)
    weight_method: Mapped[Code] = field(
        "How it became areas with weights: `exact` (it is its members), `address_share`, "
        "`area_share`, or `not_allocatable` where there is nothing to work them out by.",
        choices=(*WEIGHT_METHODS, "not_allocatable"),
    )
    geojson: Mapped[Text | None] = field("GeoJSON geometry in EPSG:28992, of a polygon.")
    area_ha: Mapped[Hectares | None] = field("Area that a polygon encloses, hectares.")
    unresolved: Mapped[Text | None] = field("What of it could not be resolved, and why.")
    source: Mapped[Text] = field("Who says that this is the site.")


class LocationMember(Table):
    """What a site is composed of while a boundary holds: areas and register numbers with their weights."""

    __tablename__ = "location_member"
    __table_args__ = {"schema": "mart"}

    location_id: Mapped[LocationCode] = key("The site.")
    boundary: Mapped[Count] = key("Number of the boundary in `mart.location_boundary`.")
    member_code: Mapped[RegionCode] = key("Code of the area or register number that belongs to it.")
    edition: Mapped[Code] = key(
        "Year in which the areas are cut by which the weight was worked out; `all` where it is "
        "declared."
    )
    valid_from: Mapped[Day | None] = field("First day on which the boundary holds.")
    valid_to: Mapped[Day | None] = field("First day on which it no longer holds.")
    weight: Mapped[Number] = field("Share of the member that lies in the site, 0 to 1.")
    weight_method: Mapped[Code] = field(
        "What it is a share of; `exact` where the member lies wholly in the site.",
        choices=WEIGHT_METHODS,
    )
    lower_weight: Mapped[Number] = field("Share that lies in it for certain: 1 or 0.")
    upper_weight: Mapped[Number] = field("Share that may lie in it.")
    source: Mapped[Text] = field("Why this is known.")
    release_id: Mapped[Code | None] = field(
        "The release by which the weight was worked out; null where it is declared."
    )


class LocationOutline(Table):
    """Outline of a location in one year, RD metres (EPSG:28992)."""

    __tablename__ = "location_outline"
    __table_args__ = {"schema": "mart"}

    location_id: Mapped[LocationCode] = key("The location.")
    edition: Mapped[Code] = key("Year in which it is cut.")
    geojson: Mapped[Text] = field("GeoJSON geometry in EPSG:28992.")
    area_ha: Mapped[Hectares] = field("Area enclosed, hectares.")
    release_id: Mapped[Code] = field("The release that says so.")


class Indicator(Table):
    """What is measured: definition, unit, direction, and how it is made."""

    __tablename__ = "indicator"
    __table_args__ = {"schema": "mart"}

    indicator_id: Mapped[Code] = key("Readable id.")
    catalogue_code: Mapped[Code | None] = field("Code in the working catalogue, e.g. `F01`.")
    version: Mapped[Code] = field("Version of the definition.")
    name_nl: Mapped[Text] = field("Dutch name.")
    name_en: Mapped[Text] = field("English name.")
    definition_nl: Mapped[Text] = field("Dutch definition.")
    definition_en: Mapped[Text] = field("English definition.")
    unit: Mapped[Code] = field("Unit of the value.")
    unit_factor: Mapped[Number] = field(
        "Factor by which the published figure was multiplied to get there."
    )
    theme: Mapped[Code] = field("Theme.")
    direction: Mapped[Code] = field(
        "Whether more is better.", choices=("more_is_better", "less_is_better", "neutral")
    )
    source: Mapped[Text] = field("Sources that feed it, separated by `; `.")
    source_tables: Mapped[Text] = field("Publisher's tables and measures.")
    numerator: Mapped[Text | None] = field("Numerator of a ratio.")
    denominator: Mapped[Text | None] = field("Denominator of a ratio.")
    formula: Mapped[Text] = field("How the value is made, in words.")
    levels: Mapped[Text] = field("Kinds of location it exists for, separated by `; `.")
    allocation: Mapped[Code] = field(
        "How a site's value is made from its members.",
        choices=("sum", "weighted_mean", "ratio_of_sums", "not_allocatable"),
    )
    minimum_cell: Mapped[Count] = field(
        "Fewest contributors for which a value is shown; 0 where the publisher guards it."
    )
    rounding: Mapped[Text] = field("How the publisher or we round.")
    sbi_edition: Mapped[Code | None] = field("Edition of the activity codes, where it matters.")
    valid_from: Mapped[Period | None] = field("First period.")
    valid_to: Mapped[Period | None] = field("Last period.")
    owner: Mapped[Text] = field("Who answers for the definition.")
    licence: Mapped[Text] = field("Licence of the sources.")


class IndicatorValue(Table):
    """One figure: an indicator for a location and period, as known from one moment until another."""

    __tablename__ = "indicator_value"
    __table_args__ = {"schema": "mart"}

    location_id: Mapped[LocationCode] = key("The location.")
    indicator_id: Mapped[Code] = key("The indicator.")
    period: Mapped[Period] = key("What the figure is about.")
    known_from: Mapped[Instant] = key("From when this is what was known, UTC.")
    value: Mapped[Number | None] = field("The value, in the indicator's unit.")
    status: Mapped[Code] = field("How final it is.", choices=STATUSES)
    missing_reason: Mapped[Code | None] = field(
        "Why there is no value; null where there is one.", choices=MISSING_REASONS
    )
    method: Mapped[Code] = field(
        "`published` as such, `exact` (the site is its members), `address_share`/`area_share` "
        "(estimated), `aggregated` from smaller areas, `calculated` from other indicators, "
        "`counted` from single records, `from_documents` counted in what documents say of the site.",
        choices=METHODS,
    )
    lower: Mapped[Number | None] = field("Lower bound, where the value is an estimate.")
    upper: Mapped[Number | None] = field("Upper bound, where the value is an estimate.")
    known_to: Mapped[Instant | None] = field(
        "Until when (not included); null while it is what is known."
    )
    opened_by: Mapped[Code] = field(
        "Why it came to be known: a publisher's `release`, or a `declaration` of ours that changed.",
        choices=OPENED_BY,
    )
    boundary_year: Mapped[Year | None] = field(
        "Year in whose boundaries its area is cut; null where the publisher does not say."
    )
    release_id: Mapped[Code] = field("The newest release behind the value.")
    synthetic: Mapped[Flag] = field("True where any release behind the value is invented data.")


class BudgetAmount(Table):
    """One cell of a province's Iv3 report, as known from one moment until another."""

    __tablename__ = "budget_amount"
    __many_rows__ = True
    __table_args__ = {"schema": "mart"}

    province_code: Mapped[LocationCode] = key("Province.")
    year: Mapped[Year] = key("Budget year.")
    report: Mapped[Code] = key(
        "Which report; quarters are cumulative.",
    )
    function_code: Mapped[Code] = key("Function, cost centre or balance item.")
    category_code: Mapped[Code] = key("Economic category.")
    known_from: Mapped[Instant] = key("From when this is what was known, UTC.")
    function_name: Mapped[Text] = field("Title of the function as published.")
    side: Mapped[Code] = field("Which side of the books.", choices=SIDES)
    amount_eur: Mapped[Euros | None] = field("Euros; second placement where there is one.")
    status: Mapped[Code] = field("How final the publisher says it is.", choices=STATUSES)
    missing_reason: Mapped[Code | None] = field("Why there is no amount.", choices=MISSING_REASONS)
    known_to: Mapped[Instant | None] = field(
        "Until when (not included); null while it is what is known."
    )
    opened_by: Mapped[Code] = field(
        "Why it came to be known: a publisher's `release`, or a `declaration` of ours that changed.",
        choices=OPENED_BY,
    )
    release_id: Mapped[Code] = field("The release that says so.")


BUILT: tuple[type[Table], ...] = (
    Location,
    LocationAlias,
    LocationBoundary,
    LocationMember,
    LocationOutline,
    Indicator,
    IndicatorValue,
    BudgetAmount,
    *boundaries.TABLES,
    *activities.TABLES,
    *documents.TABLES,
    *findings.TABLES,
)
"""Tables that are assets, built from core."""

TABLES: tuple[type[Table], ...] = (*BUILT, *OPERATIONAL)

__all__ = [
    "BUILT",
    "LOCATION_KINDS",
    "METHODS",
    "OPENED_BY",
    "OPERATIONAL",
    "TABLES",
    "BudgetAmount",
    "Dictionary",
    "ExpectationResult",
    "Indicator",
    "IndicatorValue",
    "Location",
    "LocationAlias",
    "LocationBoundary",
    "LocationMember",
    "LocationOutline",
    "Publication",
    "Quarantine",
    "SourceRelease",
    "SourceStatus",
]
