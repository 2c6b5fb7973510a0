"""What must hold of `core.company`: the registry's anonymous open bulk file of BVs and NVs.

Layout and codes as in the published file: `Datum aanvang` as YYYYMMDD with 00 for an unknown
part, `Actief` J or N, insolvency FAIL, SSAN or SURS, postcode region two digits. Row rules look
at distinct values, because the file has millions of rows and few different ones.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from expectations.claims import at_least, at_most, between, holds, matches, one_of
from expectations.history import floor_on_rows, row_counts
from expectations.rules import Evidence, Rule, Severity, shared
from expectations.views import distinct, filled_shares, nothing

if TYPE_CHECKING:
    import polars as pl

CRITICAL, WARNING, ROW = Severity.CRITICAL, Severity.WARNING, Severity.ROW

SBI_2025_SINCE = "2025-09-08"
"""The register was converted on 5 to 7 September 2025; files from then on have five digits."""
ENOUGH = 1000
"""Companies in a file from which shares say anything."""
DAY = r"(\d{4}-\d{2}-\d{2})"


def day_of(evidence: Evidence) -> str:
    """Day of the file: its edition, or where that is `current` the day in its release's name."""
    named = [evidence.edition, *evidence.frame["release_id"].head(1)]
    return next((found[0] for found in map(re.compile(DAY).search, named) if found), "")


@shared
def active_shares(evidence: Evidence) -> pl.DataFrame:
    """One row: `companies`, share `active`, share of the active that are `insolvent`, that have
    `no_activity`, and whose activity has five digits; empty for a file of a few companies."""
    import polars as pl

    if evidence.frame.height < ENOUGH:
        return nothing()
    active = pl.col("active")
    return evidence.frame.select(
        companies=pl.len(),
        active=active.mean(),
        insolvent=pl.col("insolvency").is_not_null().mean(),
        no_activity=pl.col("main_sbi").filter(active).is_null().mean(),
        five_digits=(pl.col("main_sbi").filter(active).str.len_chars() == 5).mean(),
    )


def converted_shares(evidence: Evidence) -> pl.DataFrame:
    """`active_shares` of a file from after the register was converted to SBI 2025."""
    return active_shares(evidence) if day_of(evidence) >= SBI_2025_SINCE else nothing()


@shared
def starts(evidence: Evidence) -> pl.DataFrame:
    """A row each start year: `companies`, and `years_ahead` of the file."""
    import polars as pl

    edition = pl.lit(int(day_of(evidence)[:4] or 0) or None, dtype=pl.Int32)
    return (
        evidence.frame.drop_nulls("start_year")
        .group_by("start_year")
        .agg(companies=pl.len())
        .with_columns(years_ahead=pl.col("start_year") - edition)
    )


def recent_years(evidence: Evidence) -> pl.DataFrame:
    """A row each of the five years before the file's: how many `companies` started in it; empty
    for a file of a few companies."""
    import polars as pl

    day = day_of(evidence)
    if not day or evidence.frame.height < ENOUGH:
        return nothing()
    year = int(day[:4])
    years = pl.DataFrame({"start_year": range(year - 5, year)}, schema={"start_year": pl.Int32})
    return (
        years.join(starts(evidence), on="start_year", how="left")
        .select("start_year", pl.col("companies").fill_null(0))
        .sort("start_year")
    )


def dates_and_years(evidence: Evidence) -> pl.DataFrame:
    """A row each start date and start year that stand together: do they `agree`?"""
    import polars as pl

    return (
        evidence.frame.select("start_date", "start_year")
        .drop_nulls("start_date")
        .unique()
        .with_columns(
            agree=(pl.col("start_date").dt.year() == pl.col("start_year")).fill_null(False)
        )
    )


RULES: tuple[Rule, ...] = (
    *row_counts(),
    floor_on_rows(),
    Rule(
        name="only_bv_and_nv",
        severity=CRITICAL,
        reason="The open file holds BVs and NVs only; another legal form would be a person's "
        "business, which we may not publish and must not have.",
        expect=one_of("legal_form", ("BV", "NV")),
        over=distinct("legal_form"),
    ),
    Rule(
        name="start_year_plausible",
        severity=ROW,
        reason="The first Dutch company with shares started in 1602, and a company registers its "
        "start a year ahead at the most.",
        expect=at_least("start_year", 1600),
        over=starts,
        rows_by=("start_year",),
        at_most=0.01,
    ),
    Rule(
        name="start_year_not_ahead",
        severity=ROW,
        reason="A company registers its start a year ahead at the most; a later year is a slip.",
        expect=at_most("years_ahead", 1),
        over=starts,
        rows_by=("start_year",),
        at_most=0.01,
    ),
    Rule(
        name="start_date_in_start_year",
        severity=ROW,
        reason="Date and year are read from the same eight digits.",
        expect=holds("agree"),
        over=dates_and_years,
        rows_by=("start_date", "start_year"),
        at_most=0.01,
    ),
    Rule(
        name="start_years_known",
        severity=WARNING,
        reason="The register knows the year in which nearly every company started; only day and "
        "month of old ones may be 00.",
        expect=at_least("share", 0.95),
        over=filled_shares("start_year"),
    ),
    Rule(
        name="companies_started_every_year",
        severity=WARNING,
        reason="Tens of thousands of BVs start every year; a recent year without one means that "
        "the file is cut off or its dates are misread.",
        expect=at_least("companies", 1),
        over=recent_years,
    ),
    Rule(
        name="main_sbi_form",
        severity=ROW,
        reason="Activity codes have four digits (SBI 2008) or five (SBI 2025), the leading zero "
        "kept; a code that lost it is another activity.",
        expect=matches("main_sbi", r"^\d{4,5}$"),
        over=distinct("main_sbi"),
        rows_by=("main_sbi",),
        at_most=0.01,
    ),
    Rule(
        name="active_have_activity",
        severity=WARNING,
        reason="An active company has a main activity in the register.",
        expect=at_most("no_activity", 0.05),
        over=active_shares,
    ),
    Rule(
        name="active_have_new_codes",
        severity=WARNING,
        reason="Since the conversion of September 2025 active companies carry five digits; only "
        "inactive ones keep old codes.",
        expect=at_least("five_digits", 0.9),
        over=converted_shares,
    ),
    Rule(
        name="postcode_region_form",
        severity=ROW,
        reason="The file gives the first two digits of the postcode, 10 to 99; more digits would "
        "make companies recognisable.",
        expect=matches("postcode_region", r"^[1-9]\d$"),
        over=distinct("postcode_region"),
        rows_by=("postcode_region",),
        at_most=0.01,
    ),
    Rule(
        name="postcode_regions_known",
        severity=WARNING,
        reason="Nearly every company has an address in the Netherlands, and with it a region.",
        expect=at_least("share", 0.8),
        over=filled_shares("postcode_region"),
    ),
    Rule(
        name="active_share_plausible",
        severity=WARNING,
        reason="The file holds active and dissolved companies; all of one kind means that the "
        "column `Actief` is misread.",
        expect=between("active", 0.1, 0.99),
        over=active_shares,
    ),
    Rule(
        name="few_insolvent",
        severity=WARNING,
        reason="Bankruptcies and suspensions are a few per cent of all companies; more means a "
        "shifted column.",
        expect=at_most("insolvent", 0.2),
        over=active_shares,
    ),
)
