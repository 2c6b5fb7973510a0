"""How areas change through the years: reorganisations of municipalities, figures in other
boundaries than those of their own time, and which neighbourhoods are comparable.
"""

from __future__ import annotations

from warehouse.tables.core import MISSING_REASONS, STATUSES
from warehouse.vocabulary import (
    Code,
    Day,
    Flag,
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

RELATION_KINDS = ("merger", "annexation", "split", "border_correction", "rename", "code_change")
RELATION_METHODS = ("whole", "area_share", "size_share", "unknown")
RECUT_METHODS = ("unchanged", "aggregated", "estimated", "not_allocatable")


class AreaRelation(Table):
    """What of one municipality came to lie in another, or stayed: one row a pair and reorganisation."""

    __tablename__ = "area_relation"
    __table_args__ = {"schema": "mart"}

    from_code: Mapped[RegionCode] = key("Municipality as it was.")
    to_code: Mapped[RegionCode] = key(
        "Municipality as it became; the same code for what stayed where it was."
    )
    from_year: Mapped[Year] = key(
        "Newest boundary year (1 January) that is known to have the old boundaries."
    )
    to_year: Mapped[Year] = key(
        "First boundary year that is known to have the new boundaries, and from which they count."
    )
    valid_from: Mapped[Day | None] = field(
        "First day of the new boundaries; null where only the years between which it lies are known."
    )
    kind: Mapped[Code] = field(
        "`merger` into a new municipality, `annexation` by one that existed, `split`, "
        "`border_correction`, `rename`, or `code_change`.",
        choices=RELATION_KINDS,
    )
    title: Mapped[Text] = field("The reorganisation in words.")
    weight: Mapped[Number | None] = field(
        "Share of `from_code` that lies in `to_code`; together 1. Null where nobody has published it."
    )
    lower: Mapped[Number] = field("Least share that is possible, whatever is counted.")
    upper: Mapped[Number] = field("Greatest share that is possible, whatever is counted.")
    back_weight: Mapped[Number | None] = field(
        "Share of `to_code` that came from `from_code`; together 1. Null where nobody has published it."
    )
    back_lower: Mapped[Number] = field("Least share of `to_code` that is possible.")
    back_upper: Mapped[Number] = field("Greatest share of `to_code` that is possible.")
    begins: Mapped[Flag] = field("Whether `to_code` began with this reorganisation.")
    method: Mapped[Code] = field(
        "How `weight` is known: `whole` (all of it), `area_share` (an estimate by hectares), "
        "`size_share` (an estimate by the sizes that the catalogue gives), `unknown`.",
        choices=RELATION_METHODS,
    )
    measured_in: Mapped[Text | None] = field("What the shares are shares of, and who says so.")
    source: Mapped[Code] = field(
        "Whether the catalogue says so or the outlines of two years.",
        choices=("catalogue", "outlines"),
    )
    reference: Mapped[Text | None] = field("Where the catalogue has it from.")
    release_from: Mapped[Code | None] = field("Release of the older outlines, where they say so.")
    release_to: Mapped[Code | None] = field("Release of the newer outlines, where they say so.")


class IndicatorRecut(Table):
    """A municipal figure in the boundaries of each year that is known, unchanged municipalities too."""

    __tablename__ = "indicator_recut"
    __table_args__ = {"schema": "mart"}

    location_id: Mapped[LocationCode] = key("The municipality, as it is in `boundary_year`.")
    indicator_id: Mapped[Code] = key("The indicator.")
    period: Mapped[Period] = key("What the figure is about.")
    boundary_year: Mapped[Year] = key("Year in whose boundaries (1 January) the value is given.")
    vintage: Mapped[Instant] = key(
        "From when this is what was known, UTC: `known_from` of the figures it is made from."
    )
    value: Mapped[Number | None] = field("The value, in the indicator's unit.")
    lower: Mapped[Number | None] = field(
        "What is certain, where the value is an estimate; null where nothing is."
    )
    upper: Mapped[Number | None] = field(
        "What is possible, where the value is an estimate; null where there is no bound."
    )
    method: Mapped[Code] = field(
        "`unchanged`: published for the same area; `aggregated`: exact, from areas that lie wholly "
        "in it; `estimated`: from parts of areas, by the weights of `area_relation`; "
        "`not_allocatable`: the indicator or the relation does not allow it.",
        choices=RECUT_METHODS,
    )
    status: Mapped[Code] = field("How final it is: as the least final part.", choices=STATUSES)
    missing_reason: Mapped[Code | None] = field(
        "Why there is no value; null where there is one.", choices=MISSING_REASONS
    )
    own_boundary_year: Mapped[Year] = field("Boundary year in which the figures were published.")
    known_to: Mapped[Instant | None] = field(
        "Until when (not included); null while it is what is known."
    )
    release_id: Mapped[Code] = field("The newest release behind the value.")
    synthetic: Mapped[Flag] = field("True where any release behind the value is invented data.")


class AreaComparable(Table):
    """Whether a district or neighbourhood is the same area as the year before, as its publisher says."""

    __tablename__ = "area_comparable"
    __table_args__ = {"schema": "mart"}

    location_id: Mapped[LocationCode] = key("The district or neighbourhood.")
    edition: Mapped[Code] = key("Year in which it is cut.")
    comparable: Mapped[Flag | None] = field(
        "Whether it is the same as the year before (`Indelingswijziging wijken en buurten` is 1 or 2); "
        "null where the publisher does not say."
    )
    since: Mapped[Code] = field(
        "First year of the unbroken row of years, under this code, in which it is the same area: "
        "figures of two years can be compared where `since` is the same."
    )
    release_id: Mapped[Code] = field("The release that says so.")


TABLES: tuple[type[Table], ...] = (AreaRelation, IndicatorRecut, AreaComparable)
