"""What must hold of `mart.location_member`: what sites are composed of. Others: `location`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from expectations.claims import at_least, at_most, between, equal, holds, matches, not_less
from expectations.history import kept_rows
from expectations.rules import Evidence, Rule, Severity, shared
from expectations.views import distinct, nothing, referred, spans

if TYPE_CHECKING:
    import polars as pl

CRITICAL, WARNING = Severity.CRITICAL, Severity.WARNING

NAMESAKES = (
    ("spoorzone-zwolle", "RIN688"),
    ("xl-businesspark-twente", "BU01412002"),
)
"""Areas that are called like a site and are another: the park SPOORZONE of the register is in
Raalte, and the neighbourhood Bedrijvenpark Twente in Almelo is not the XL park."""


OFFICIAL = r"^(BU|WK|GM)"


@shared
def locations_and_members(evidence: Evidence) -> pl.DataFrame:
    """A row each location that has members or should: `kind`, `boundary_status`, `members`."""
    import polars as pl

    locations = evidence.others.get("location")
    if locations is None:
        return nothing()
    return (
        locations.select("location_id", "kind", "boundary_status")
        .join(
            evidence.frame.group_by("location_id").agg(members=pl.len()),
            on="location_id",
            how="left",
        )
        .with_columns(pl.col("members").fill_null(0))
        .filter((pl.col("members") > 0) | (pl.col("kind") == "site"))
    )


def composed(evidence: Evidence) -> pl.DataFrame:
    """The locations that are composed by what they say or by what they have."""
    import polars as pl

    found = locations_and_members(evidence)
    if not found.width:
        return found
    return found.filter((pl.col("members") > 0) | (pl.col("boundary_status") == "composed"))


def without_boundary(evidence: Evidence) -> pl.DataFrame:
    """The sites without a boundary."""
    import polars as pl

    found = locations_and_members(evidence)
    return found.filter(pl.col("boundary_status") == "none") if found.width else found


def weights(evidence: Evidence) -> pl.DataFrame:
    """A row each member and day on which a boundary begins: the `weight` that it has in all sites
    together, by the weights of each year of cut apart."""
    import polars as pl

    begins = pl.col("valid_from").fill_null(pl.date(1, 1, 1))
    days = evidence.frame.select(day=begins).unique()
    return (
        evidence.frame.with_columns(begins=begins)
        .join(days, how="cross")
        .filter(
            pl.col("begins") <= pl.col("day"),
            (pl.col("day") < pl.col("valid_to")).fill_null(True),
        )
        .group_by("member_code", "edition", "day")
        .agg(weight=pl.col("weight").sum())
        .select("member_code", "edition", "weight")
        .unique()
    )


def bounds(evidence: Evidence) -> pl.DataFrame:
    """A row each member: how far its weight lies within its bounds at the `least`, and whether it is
    1 where it says so (`as_said`)."""
    import polars as pl

    weight, whole = pl.col("weight"), pl.col("weight_method") == "exact"
    return evidence.frame.select(
        "location_id",
        "member_code",
        "edition",
        least=pl.min_horizontal(weight - pl.col("lower_weight"), pl.col("upper_weight") - weight),
        as_said=~whole | ((weight == 1.0) & (pl.col("lower_weight") == 1.0)),
    )


def places(evidence: Evidence) -> pl.DataFrame:
    """A row each member that is a neighbourhood or district: its municipality and its site's."""
    import polars as pl

    locations = evidence.others.get("location")
    if locations is None:
        return nothing()
    return (
        evidence.frame.filter(pl.col("member_code").str.contains(OFFICIAL))
        .join(locations.select("location_id", "municipality_code"), on="location_id")
        .select(
            "location_id",
            "member_code",
            "municipality_code",
            municipality_of_member="GM" + pl.col("member_code").str.slice(2, 4),
        )
    )


def member_areas(evidence: Evidence) -> pl.DataFrame:
    """A row each member that is an official area: whether it is `known` as a location."""
    import polars as pl

    known = referred("member_code", "location", "location_id")(evidence)
    return known.filter(pl.col("member_code").str.contains(OFFICIAL)) if known.width else known


def namesakes(evidence: Evidence) -> pl.DataFrame:
    """A row each known namesake: whether it is kept `apart` from the site."""
    import polars as pl

    pairs = set(evidence.frame.select("location_id", "member_code").rows())
    return pl.DataFrame(
        {
            "location_id": [site for site, _ in NAMESAKES],
            "member_code": [code for _, code in NAMESAKES],
            "apart": [pair not in pairs for pair in NAMESAKES],
        }
    )


RULES: tuple[Rule, ...] = (
    *kept_rows(WARNING),
    Rule(
        name="member_of_a_location",
        severity=CRITICAL,
        reason="What a member belongs to exists.",
        expect=holds("known"),
        over=referred("location_id", "location", "location_id"),
    ),
    Rule(
        name="only_sites_are_composed",
        severity=CRITICAL,
        reason="An official area is what its publisher says; only sites are composed by us.",
        expect=matches("kind", r"^site$"),
        over=composed,
    ),
    Rule(
        name="no_boundary_no_members",
        severity=CRITICAL,
        reason="A site without a boundary is composed of nothing: with a member it would have "
        "figures that nobody can defend.",
        expect=at_most("members", 0),
        over=without_boundary,
    ),
    Rule(
        name="composed_of_something",
        severity=CRITICAL,
        reason="A composed site has the areas or register numbers it is composed of.",
        expect=at_least("members", 1),
        over=composed,
    ),
    Rule(
        name="weight_is_a_share",
        severity=CRITICAL,
        reason="A weight is the share of the member that lies in the site: above 0, at most 1.",
        expect=between("weight", 1e-9, 1.0),
        over=distinct("location_id", "member_code", "weight"),
    ),
    Rule(
        name="weight_within_its_bounds",
        severity=CRITICAL,
        reason="What lies in the site for certain is no more than its weight, and what may lie in "
        "it no less: the bounds of every estimate rest on them.",
        expect=at_least("least", -1e-9),
        over=bounds,
    ),
    Rule(
        name="exact_is_whole",
        severity=CRITICAL,
        reason="A member is called exact where it lies wholly in the site.",
        expect=holds("as_said"),
        over=bounds,
    ),
    Rule(
        name="no_member_counted_twice",
        severity=WARNING,
        reason="Sites may overlap, and each has its own figures; but who adds them up counts an "
        "area that lies in two of them for more than 1 together twice.",
        expect=at_most("weight", 1.000001),
        over=weights,
    ),
    Rule(
        name="member_code_form",
        severity=CRITICAL,
        reason="Members are CBS areas or numbers of the business park register.",
        expect=matches(
            "member_code",
            r"^(?:BU\d{4}[0-9A-Z]{4}|WK\d{4}[0-9A-Z]{2}|GM\d{4}|RIN\d{1,12}|\d{4}[A-Z]{2})$",
        ),
        over=distinct("member_code"),
    ),
    Rule(
        name="member_area_is_a_location",
        severity=WARNING,
        reason="An area that no area list has gives no figures; it was recoded in a "
        "reorganisation, or its list has not been taken in.",
        expect=holds("known"),
        over=member_areas,
    ),
    Rule(
        name="member_in_municipality_of_site",
        severity=WARNING,
        reason="A site lies in one municipality and so do its parts; another one is mostly a "
        "namesake.",
        expect=equal("municipality_code", "municipality_of_member"),
        over=places,
    ),
    Rule(
        name="namesakes_kept_apart",
        severity=CRITICAL,
        reason="Identity never rests on a name: the register's SPOORZONE is in Raalte, and "
        "Bedrijvenpark Twente in Almelo is not the XL Businesspark.",
        expect=holds("apart"),
        over=namesakes,
    ),
    Rule(
        name="membership_ends_after_it_begins",
        severity=CRITICAL,
        reason="`valid_to` is the first day on which a member no longer counts.",
        expect=not_less("valid_to", "valid_from"),
        over=spans("valid_from", "valid_to", "location_id", "member_code"),
    ),
    Rule(
        name="member_source_given",
        severity=CRITICAL,
        reason="A figure for a site is defended by saying why these areas are the site.",
        expect=matches("source", r"\S"),
        over=distinct("source"),
    ),
)
