"""What must hold of `core.postcode_area`: addresses by postcode and neighbourhood, from CBS.

There are some 460,000 postcodes and 14,500 neighbourhoods; a postcode lies in one neighbourhood, or
where a line crosses a street in a few.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from expectations.claims import at_least, between, matches
from expectations.history import row_counts, value_counts
from expectations.rules import Evidence, Rule, Severity
from expectations.views import distinct

if TYPE_CHECKING:
    import polars as pl

CRITICAL, WARNING, ROW = Severity.CRITICAL, Severity.WARNING, Severity.ROW


def totals(evidence: Evidence) -> pl.DataFrame:
    """One row: `addresses` of all together, and how many `a_postcode` on average."""
    import polars as pl

    return evidence.frame.select(
        addresses=pl.col("addresses").sum(),
        a_postcode=pl.col("addresses").sum() / pl.col("postcode").n_unique(),
    )


RULES: tuple[Rule, ...] = (
    *row_counts(),
    *value_counts("neighbourhood_code", "neighbourhoods"),
    Rule(
        name="addresses_positive",
        severity=CRITICAL,
        reason="A postcode is listed with a neighbourhood because an address of it lies there.",
        expect=at_least("addresses", 1),
        over=distinct("addresses"),
    ),
    Rule(
        name="addresses_a_postcode_plausible",
        severity=WARNING,
        reason="A postcode is a side of a street: 8 million addresses in 460,000 postcodes are 17 "
        "each; far from that something else was counted.",
        expect=between("a_postcode", 2, 60),
        over=totals,
    ),
    Rule(
        name="postcode_form",
        severity=ROW,
        reason="Postcodes have four digits and two letters, without a space.",
        expect=matches("postcode", r"^[1-9]\d{3}[A-Z]{2}$"),
        over=distinct("postcode"),
        rows_by=("postcode",),
        at_most=0.001,
    ),
    Rule(
        name="neighbourhood_code_form",
        severity=ROW,
        reason="Codes of neighbourhoods have eight positions; a zero that was lost leaves seven.",
        expect=matches("neighbourhood_code", r"^BU\d{4}[0-9A-Z]{4}$"),
        over=distinct("neighbourhood_code"),
        rows_by=("neighbourhood_code",),
        at_most=0.001,
    ),
)
