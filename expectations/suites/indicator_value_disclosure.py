"""What must hold of values that are counted from single establishments.

Others: `guarded_figure`, who stands behind each such figure of an official area and what may be shown
of it. The rules judge anew what the marts have held back; that nothing can be computed back is shown
by construction and by the attack in the tests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from expectations.claims import at_most
from expectations.rules import Evidence, Rule, Severity, shared
from expectations.suites.indicator_value_views import FIGURE, latest
from expectations.views import nothing

if TYPE_CHECKING:
    import polars as pl

CRITICAL, WARNING = Severity.CRITICAL, Severity.WARNING


@shared
def shown(evidence: Evidence) -> pl.DataFrame:
    """The values that are shown of guarded figures: whether too `few` stand behind one, and whether
    it tells too `much` of the largest."""
    import polars as pl

    behind = evidence.others.get("guarded_figure")
    if behind is None or not behind.height:
        return nothing()
    rest = pl.col("value") - pl.col("largest") - pl.col("second_largest")
    return (
        latest(evidence)
        .join(behind, on=list(FIGURE))
        .select(
            *FIGURE,
            few=pl.col("contributors").is_between(1, pl.col("minimum") - 1).cast(pl.Int64),
            # A percent of 0 is that of a difference, of which nobody is the largest part.
            much=(
                (pl.col("value") > 0)
                & (pl.col("percent") > 0)
                & (rest + 1e-9 < pl.col("percent") / 100 * pl.col("largest"))
            ).cast(pl.Int64),
        )
    )


def held_back(evidence: Evidence) -> pl.DataFrame:
    """A row each indicator and reason for which a value is missing: `numbers` that are there all the
    same."""
    import polars as pl

    return (
        evidence.frame.filter(pl.col("missing_reason").is_not_null())
        .group_by("indicator_id", "missing_reason")
        .agg(numbers=pl.col("value").count() + pl.col("lower").count() + pl.col("upper").count())
    )


def taken_back(evidence: Evidence) -> pl.DataFrame:
    """The figures that are missing now: in how many earlier vintages one was `shown` that is held back
    now."""
    import polars as pl

    return (
        evidence.frame.group_by(FIGURE)
        .agg(
            pl.col("value").count(),
            reason=pl.col("missing_reason").filter(pl.col("known_to").is_null()).first(),
        )
        .filter(pl.col("reason").is_not_null())
        .select(*FIGURE, shown=pl.when(reason="confidential").then("value").otherwise(0))
    )


RULES: tuple[Rule, ...] = (
    Rule(
        name="few_contributors_are_not_shown",
        severity=CRITICAL,
        reason="A figure behind which stand fewer establishments than declared tells what one of them "
        "does.",
        expect=at_most("few", 0),
        over=shown,
    ),
    Rule(
        name="dominant_contributors_are_not_shown",
        severity=CRITICAL,
        reason="By the p% rule nobody who contributes to a figure may learn from it what the largest "
        "contributes.",
        expect=at_most("much", 0),
        over=shown,
    ),
    Rule(
        name="what_is_held_back_has_no_number",
        severity=CRITICAL,
        reason="A bound says as much as a value: what is confidential has neither.",
        expect=at_most("numbers", 0),
        over=held_back,
    ),
    Rule(
        name="what_is_held_back_was_not_shown_before",
        severity=WARNING,
        reason="What an earlier vintage has shown cannot be taken back: where it was a figure of few, "
        "somebody should know that it is known.",
        expect=at_most("shown", 0),
        over=taken_back,
    ),
)
