"""What must hold of `mart.quantity`: shares of parties, and areas of land, that documents state.

Others: `document_section`, `performance`, `organisation`. That the parts make the whole is asked of
the quantities of one `statement_group`: shares make 100, areas the total that the text states.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from expectations.claims import at_most, holds
from expectations.history import kept_rows
from expectations.rules import Evidence, Rule, Severity
from expectations.suites.document_views import PERFORMANCES, known_in, sure_of
from expectations.suites.quotations import quoted, same_digits

if TYPE_CHECKING:
    import polars as pl

WARNING, ROW = Severity.WARNING, Severity.ROW
GROUP = ("document_id", "section", "kind", "statement_group")
LARGEST_AREA = 600_000
"""Hectares: no Dutch province is larger, water included."""
ROUGHLY = 0.05
"""Share of a total by which `circa` may be off."""
FLOATING = 1e-9


def wholes(evidence: Evidence) -> pl.DataFrame:
    """A row each group of parts: their `sum`, the total that is `stated` (100 of shares that state
    none), and by how much these differ beyond rounding (`off`).

    Rounding: half of the last decimal of each part, in as many decimals as any of them has (`7,5 + 3`
    is `7,5 + 3,0`), and of an exact total. `ruim 14` is anything from 14 to 15, `bijna 14` from 13
    to 14, `circa 14` a twentieth more or less.
    """
    import polars as pl

    part, total = pl.col("part") == "part", pl.col("part") == "total"
    unit = pl.lit(10.0).pow(-pl.col("decimals").cast(pl.Float64))
    groups = (
        evidence.frame.drop_nulls("statement_group")
        .with_columns(unit=unit)
        .group_by(GROUP, maintain_order=True)
        .agg(
            parts=part.sum(),
            totals=total.sum(),
            sum=pl.col("value").filter(part).sum(),
            total=pl.col("value").filter(total).first(),
            exactness=pl.col("exactness").filter(total).first().fill_null("exact"),
            unit=pl.col("unit").filter(total).first(),
            rounding=0.5 * part.sum() * pl.col("unit").filter(part).min(),
            of_total=0.5 * pl.col("unit").filter(total & (pl.col("exactness") == "exact")).sum(),
        )
        .with_columns(
            stated=pl.when(pl.col("kind") == "share")
            .then(pl.col("total").fill_null(100.0))
            .otherwise("total")
        )
        .filter(pl.col("parts") >= 2, pl.col("totals") <= 1, pl.col("stated").is_not_null())
    )
    above = pl.col("sum") - pl.col("stated")
    apart = (
        pl.when(pl.col("exactness") == "at_least")
        .then(pl.max_horizontal(-above, above - pl.col("unit")))
        .when(pl.col("exactness") == "at_most")
        .then(pl.max_horizontal(above, -above - pl.col("unit")))
        .when(pl.col("exactness") == "about")
        .then(above.abs() - ROUGHLY * pl.col("stated"))
        .otherwise(above.abs())
    )
    return groups.select(
        *GROUP[:3],
        "parts",
        "sum",
        "stated",
        off=apart - pl.col("rounding") - pl.col("of_total") - FLOATING,
    )


def possible(evidence: Evidence) -> pl.DataFrame:
    """The frame row by row: whether its value is `possible`: a share of more than 0 and at most
    100 percent, an area of more than 0 and no larger than a province."""
    import polars as pl

    most = pl.when(pl.col("kind") == "share").then(100.0).otherwise(float(LARGEST_AREA))
    return evidence.frame.select(
        "quantity_id",
        "kind",
        "value",
        possible=(pl.col("value") > 0) & (pl.col("value") <= most),
    )


RULES: tuple[Rule, ...] = (
    *kept_rows(WARNING),
    Rule(
        name="parts_make_the_whole",
        severity=WARNING,
        reason="Shares of one whole make 100 percent and parts of an area its stated total, within "
        "the rounding of the decimals published; where they do not, a party or a lot was missed, or "
        "the document is wrong.",
        expect=at_most("off", 0),
        over=wholes,
    ),
    Rule(
        name="quantity_is_possible",
        severity=ROW,
        reason="A share lies above 0 and is at most 100 percent; no land is larger than a province. "
        "What does not was read from something else.",
        expect=holds("possible"),
        over=possible,
        at_most=0.5,
    ),
    sure_of("the quantity"),
    Rule(
        name="party_is_known",
        severity=ROW,
        reason="A declared party of which nothing is known cannot be joined to its other roles.",
        expect=holds("known"),
        over=known_in(("organisation_id",), "organisation"),
        rows_by=("organisation_id",),
        at_most=1.0,
    ),
    Rule(
        name="performance_is_known",
        severity=ROW,
        reason="A quantity of a performance is one of a performance that the same document reports.",
        expect=holds("known"),
        over=known_in(("document_id", "performance_code"), PERFORMANCES, ("document_id", "code")),
        rows_by=("document_id", "performance_code"),
        at_most=1.0,
    ),
    *quoted(
        "The digits of a quantity stand where it is quoted, or it is not the quantity of that place.",
        same_digits,
        "value",
    ),
)
