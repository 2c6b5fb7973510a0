"""What must hold of `core.region`: the area lists of the publishers, an edition at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from expectations.claims import at_least, at_most, holds, matches
from expectations.history import row_counts, value_counts, values_of_last_good
from expectations.rules import Evidence, Rule, Severity, shared
from expectations.views import nothing

if TYPE_CHECKING:
    import polars as pl

CRITICAL, WARNING, ROW = Severity.CRITICAL, Severity.WARNING, Severity.ROW

KIND_BY_PREFIX = {
    "NL": "country",
    "LD": "part_of_country",
    "PV": "province",
    "CR": "corop",
    "GM": "municipality",
    "WK": "district",
    "BU": "neighbourhood",
    "RIN": "business_park",
}
CODE_FORM = r"^(?:NL|[A-Z]{2}\d{2}|GM\d{4}|WK\d{4}[0-9A-Z]{2}|BU\d{4}[0-9A-Z]{4}|RIN\d{1,12})$"


@shared
def areas(evidence: Evidence) -> pl.DataFrame:
    """The list row by row: prefix of the code, the kind that it says, and what is right of it.

    `kind_agrees`; `in_municipality` and `in_district` of districts and neighbourhoods, whose
    code holds both; `padding` of code and name; null where there is nothing to say.
    """
    import polars as pl

    code, name, municipality = pl.col("region_code"), pl.col("name"), pl.col("municipality_code")
    prefix = code.str.extract(r"^([A-Z]+)")
    below = pl.col("kind").is_in(["district", "neighbourhood"])
    by_code = prefix.replace_strict(KIND_BY_PREFIX, default="other", return_dtype=pl.String)
    listed = evidence.frame["region_code"].implode()
    return evidence.frame.select(
        "region_code",
        "name",
        "kind",
        "municipality_code",
        kind_agrees=(by_code == pl.col("kind")).fill_null(False),
        in_municipality=pl.when(below).then(
            (municipality == "GM" + code.str.slice(2, 4)).fill_null(False)
        ),
        in_district=pl.when(pl.col("kind") == "neighbourhood").then(
            ("WK" + code.str.slice(2, 6)).is_in(listed)
        ),
        padding_of_code=code.str.len_chars() - code.str.strip_chars().str.len_chars(),
        padding_of_name=name.str.len_chars() - name.str.strip_chars().str.len_chars(),
    )


def municipalities_referred_to(evidence: Evidence) -> pl.DataFrame:
    """A row each municipality that an area below it names: is it `listed` itself?"""
    import polars as pl

    table = evidence.frame
    listed = table.filter(pl.col("kind") == "municipality")["region_code"].implode()
    return (
        table.filter(pl.col("kind").is_in(["district", "neighbourhood"]))
        .select("municipality_code")
        .drop_nulls()
        .unique()
        .with_columns(listed=pl.col("municipality_code").is_in(listed))
    )


def neighbourhoods_per_municipality(evidence: Evidence) -> pl.DataFrame:
    """A row each municipality: how many `neighbourhoods` it has; empty in a list without any, and
    in a sample, which has those of a few municipalities."""
    import polars as pl

    below = evidence.frame.filter(pl.col("kind") == "neighbourhood")
    if not below.height or evidence.facts.get("sample"):
        return nothing()
    counts = below.group_by("municipality_code").agg(neighbourhoods=pl.len())
    return (
        evidence.frame.filter(pl.col("kind") == "municipality")
        .select("region_code", "name")
        .join(counts, left_on="region_code", right_on="municipality_code", how="left")
        .with_columns(pl.col("neighbourhoods").fill_null(0))
    )


def comparability(evidence: Evidence) -> pl.DataFrame:
    """One row: the areas of which the publisher says whether they changed, `share_changed`."""
    import polars as pl

    said = evidence.frame["comparable"].drop_nulls()
    if not said.len():
        return nothing()
    return pl.DataFrame({"areas": [said.len()], "share_changed": [(~said).mean()]})


def municipality_forms(evidence: Evidence) -> pl.DataFrame:
    """A row each municipality code that an area names."""
    return evidence.frame.select("municipality_code").drop_nulls().unique()


def garbled(evidence: Evidence) -> pl.DataFrame:
    """One row: how many names hold letters of a text read in the wrong encoding."""
    import polars as pl

    wrong = pl.col("name").str.contains("\ufffd|Ã[\u0080-\u00bf]|Ä[\u0080-\u00bf]")
    return evidence.frame.select(names=pl.len(), garbled=wrong.sum())


RULES: tuple[Rule, ...] = (
    *row_counts(),
    *value_counts("municipality_code", "municipalities"),
    Rule(
        name="region_code_form",
        severity=ROW,
        reason="A code of another form is of a classification that we do not know, or cut off.",
        expect=matches("region_code", CODE_FORM),
        over=areas,
        at_most=0.01,
    ),
    Rule(
        name="kind_follows_code",
        severity=CRITICAL,
        reason="The letters before the digits say what an area is (`GM` municipality, `WK` "
        "district, `BU` neighbourhood, `RIN` business park); two that disagree are two readings.",
        expect=holds("kind_agrees"),
        over=areas,
    ),
    Rule(
        name="codes_without_padding",
        severity=CRITICAL,
        reason="CBS pads codes to 10 characters; a padded code joins with nothing, and the answer "
        "is empty, not wrong.",
        expect=at_most("padding_of_code", 0),
        over=areas,
    ),
    Rule(
        name="names_without_padding",
        severity=WARNING,
        reason="CBS pads names to 40 characters; shown in a report that breaks the line.",
        expect=at_most("padding_of_name", 0),
        over=areas,
    ),
    Rule(
        name="names_not_empty",
        severity=ROW,
        reason="Every area has a name in its publisher's list; an empty one is a missing row.",
        expect=matches("name", r"\S"),
        over=areas,
        at_most=0.01,
    ),
    Rule(
        name="names_readable",
        severity=WARNING,
        reason="Frisian and Twents names have accents; a name with the signs of a wrong encoding "
        "cannot be shown.",
        expect=at_most("garbled", 0),
        over=garbled,
    ),
    Rule(
        name="area_lies_in_its_municipality",
        severity=ROW,
        reason="The four digits of a district's or neighbourhood's code are its municipality.",
        expect=holds("in_municipality"),
        over=areas,
        at_most=0.01,
    ),
    Rule(
        name="municipality_code_form",
        severity=WARNING,
        reason="Municipalities are coded `GM` and four digits; `GM0000`, which 88 business parks "
        "of 2024 have, is no municipality: their areas count, their place is unknown.",
        expect=matches(
            "municipality_code", r"^GM(?:\d{3}[1-9]|\d{2}[1-9]\d|\d[1-9]\d{2}|[1-9]\d{3})$"
        ),
        over=municipality_forms,
    ),
    Rule(
        name="municipality_is_listed",
        severity=CRITICAL,
        reason="Districts and neighbourhoods are summed to the municipality they name, so that "
        "must be in the same list.",
        expect=holds("listed"),
        over=municipalities_referred_to,
    ),
    Rule(
        name="district_is_listed",
        severity=WARNING,
        reason="The first six digits of a neighbourhood are its district (true of all 13,808 "
        "neighbourhoods of 2020).",
        expect=holds("in_district"),
        over=areas,
    ),
    Rule(
        name="municipality_has_neighbourhoods",
        severity=WARNING,
        reason="CBS divides every municipality into neighbourhoods (true of all 355 in 2020).",
        expect=at_least("neighbourhoods", 1),
        over=neighbourhoods_per_municipality,
    ),
    Rule(
        name="most_areas_comparable",
        severity=WARNING,
        reason="A few per cent of areas change in a year (4.6 % in 2020); with over a third a "
        "series would break everywhere, so look before use.",
        expect=at_most("share_changed", 0.35),
        over=comparability,
    ),
    Rule(
        name="no_area_disappears",
        severity=WARNING,
        reason="The list of an edition does not lose areas once published: what is gone was "
        "recoded or lost.",
        expect=holds("still_there"),
        over=values_of_last_good("region_code"),
    ),
)
