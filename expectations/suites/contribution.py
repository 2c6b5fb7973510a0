"""What must hold of `core.contribution`: what stands behind figures counted from establishments.

That every such figure has one, and fits it, is judged with the figures (`figure_register`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from expectations.claims import at_least, holds, not_less
from expectations.rules import Evidence, Rule, Severity
from expectations.views import projected

if TYPE_CHECKING:
    import polars as pl

CRITICAL = Severity.CRITICAL
KEY = ("source", "edition", "region_code", "period", "measure", "breakdown")


def tops(evidence: Evidence) -> pl.DataFrame:
    """A row each contribution: whether there are as many largest ones as contributors allow."""
    import polars as pl

    count = pl.col("contributors")
    return evidence.frame.select(
        *KEY,
        as_many=((pl.col("largest") > 0) == (count > 0))
        & ((pl.col("second_largest") > 0) == (count > 1)),
    )


RULES: tuple[Rule, ...] = (
    Rule(
        name="contributors_not_negative",
        severity=CRITICAL,
        reason="Contributors are counted; a negative number would pass every threshold below it.",
        expect=at_least("contributors", 0),
        over=projected("contributors"),
    ),
    Rule(
        name="largest_first",
        severity=CRITICAL,
        reason="The largest contribution is not below the next, or dominance is judged by the "
        "wrong one.",
        expect=not_less("largest", "second_largest"),
        over=projected("largest", "second_largest"),
    ),
    Rule(
        name="tops_fit_contributors",
        severity=CRITICAL,
        reason="With no contributor there is no largest one, with one there is no second: else "
        "they are not counted from the same rows.",
        expect=holds("as_many"),
        over=tops,
    ),
)
