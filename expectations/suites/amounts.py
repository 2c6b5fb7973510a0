"""What must hold of `mart.amount`: money that documents state.

Others: `document_section`, `performance`. That what stands together adds up (hazard D10) is asked
of the amounts of one `statement_group`: plan - used = room, changed plan - realised = difference.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from expectations.claims import at_most, holds, matches
from expectations.history import kept_rows
from expectations.rules import Evidence, Rule, Severity
from expectations.suites.document_views import PERFORMANCES, SECTIONS, known_in, sure_of
from expectations.suites.quotations import quoted, same_digits
from expectations.views import nothing, projected

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

CRITICAL, WARNING, ROW = Severity.CRITICAL, Severity.WARNING, Severity.ROW
FACTORS = (1.0, 1e3, 1e6, 1e9)
GROUP = ("document_id", "section", "statement_group")
PLANS = ("budgeted", "primitive_budget", "revised_budget")
USED = ("realised", "spent_and_committed")
LARGEST_GROUP = 12
"""Amounts that stand together in a row of a table; of more it is not known which belong together,
and trying all would cost more with every one."""
CENT = 0.01


def identities(evidence: Evidence) -> pl.DataFrame:
    """A row each group with a room or a difference, and with amounts that it can be of: whether it
    `adds_up`, within the rounding of the decimals published."""
    import polars as pl

    together = (
        evidence.frame.drop_nulls("statement_group")
        .group_by(GROUP)
        .agg("concept", "value", "factor", "amount_eur")
        .filter(
            pl.col("concept").list.len() <= LARGEST_GROUP,
            pl.col("concept").list.contains("room") | pl.col("concept").list.contains("difference"),
        )
    )
    rows = [
        (*group, adds_up(concepts, values, factors, euros))
        for *group, concepts, values, factors, euros in together.iter_rows()
    ]
    schema = dict.fromkeys(GROUP, pl.String) | {"adds_up": pl.Boolean}
    return pl.DataFrame(rows, schema=schema, orient="row").drop_nulls("adds_up")


def adds_up(
    concepts: Sequence[str],
    values: Sequence[float],
    factors: Sequence[float],
    euros: Sequence[float],
) -> bool | None:
    """Whether every room and difference follows from two other amounts of the group; None where
    there are no two such amounts.

    Any two will do, because a row may show several years. A room has the sign of the plan less what
    was used, of costs written as negative amounts the other way round; publishers differ in the
    sign of a difference. Rounding: half of the last decimal of each of the three.
    """
    decimals: dict[float, int] = {}
    for value, factor in zip(values, factors, strict=True):
        shown = -int(Decimal(repr(abs(value))).normalize().as_tuple().exponent)
        decimals[factor] = max(decimals.get(factor, 0), shown)
    rounding = [0.5 * factor * 10.0 ** -decimals[factor] for factor in factors]
    amounts = list(zip(concepts, euros, rounding, strict=True))
    judged = None
    for concept, result, half in amounts:
        if concept not in ("room", "difference"):
            continue
        distances = [
            abs(sign * (plan - used) - result) - half - half_plan - half_used
            for of, plan, half_plan in amounts
            for by, used, half_used in amounts
            if of in PLANS and by in USED
            for sign in ((1, -1) if concept == "difference" or plan < 0 else (1,))
        ]
        if distances:
            judged = judged is not False and min(distances) <= CENT
    return judged


def in_euros(evidence: Evidence) -> pl.DataFrame:
    """The frame row by row: by how much `amount_eur` is off from value times factor, beyond what
    floating point explains (`off`)."""
    import polars as pl

    product = pl.col("value") * pl.col("factor")
    return evidence.frame.select(
        "amount_id",
        "value",
        "factor",
        "amount_eur",
        off=(pl.col("amount_eur") - product).abs() - product.abs() * 1e-9,
    )


def beside_a_status(evidence: Evidence) -> pl.DataFrame:
    """The single amounts in a section on money: whether the performance's finance says more than a
    status (`more_than_a_status`)."""
    import polars as pl

    if not {SECTIONS, PERFORMANCES} <= set(evidence.others):
        return nothing()
    on_money = evidence.others[SECTIONS].filter(pl.col("role") == "finance")
    only_status = (pl.col("finance_status") == "on_track") & ~pl.col("finance").fill_null(
        ""
    ).str.contains(r"\d")
    status = evidence.others[PERFORMANCES].select(
        "document_id", performance_code="code", more_than_a_status=~only_status
    )
    return (
        evidence.frame.filter(pl.col("statement_group").is_null())
        .join(on_money, on=["document_id", "section"], how="semi")
        .join(status, on=["document_id", "performance_code"])
        .select("amount_id", "document_id", "performance_code", "more_than_a_status")
    )


TOTAL = r"(?i)^\s*totaa?l\b"


def totals(evidence: Evidence) -> pl.DataFrame:
    """A row each column of a table with one row `Totaal` and two or more others: by how much the
    total is `off` the sum of those, beyond the rounding of as many figures."""
    import polars as pl

    total = pl.col("row_label").str.contains(TOTAL)
    column = ["document_id", "section", "concept", "label", "period", "factor"]
    return (
        evidence.frame.drop_nulls("row_label")
        .with_columns(total=total)
        .group_by(column)
        .agg(
            totals=pl.col("total").sum(),
            parts=(~pl.col("total")).sum(),
            sum=pl.col("value").filter(~pl.col("total")).sum(),
            stated=pl.col("value").filter("total").first(),
        )
        .filter(pl.col("totals") == 1, pl.col("parts") >= 2)
        .with_columns(off=(pl.col("stated") - pl.col("sum")).abs() - 0.5 * (pl.col("parts") + 1))
        .select("document_id", "section", "label", "parts", "sum", "stated", "off")
    )


def known_factor(gxe: Any) -> Any:
    """The factor is one of those that publishers use."""
    return gxe.ExpectColumnValuesToBeInSet(column="factor", value_set=list(FACTORS))


RULES: tuple[Rule, ...] = (
    *kept_rows(WARNING),
    Rule(
        name="amounts_add_up",
        severity=ROW,
        reason="What stands together adds up within rounding: budgeted - realised = room, changed "
        "budget - realised = difference; if it does not, one was read from another column (hazard "
        "D10).",
        expect=holds("adds_up"),
        over=identities,
        rows_by=GROUP,
        at_most=1.0,
    ),
    Rule(
        name="euros_are_value_times_factor",
        severity=CRITICAL,
        reason="We multiply ourselves: thousands and millions become euros once (hazard D12).",
        expect=at_most("off", CENT),
        over=in_euros,
    ),
    Rule(
        name="factor_of_publishers",
        severity=CRITICAL,
        reason="Money is written in euros, thousands, millions or billions (hazard D12).",
        expect=known_factor,
        over=projected("amount_id", "factor"),
    ),
    sure_of("the amount"),
    Rule(
        name="period_is_a_year",
        severity=ROW,
        reason="An amount is put in order by the year that it is about.",
        expect=matches("period", r"^(?:19|20)\d{2}$"),
        at_most=1.0,
    ),
    Rule(
        name="performance_is_known",
        severity=ROW,
        reason="An amount of a performance is one of a performance that the same document reports.",
        expect=holds("known"),
        over=known_in(("document_id", "performance_code"), PERFORMANCES, ("document_id", "code")),
        rows_by=("document_id", "performance_code"),
        at_most=1.0,
    ),
    Rule(
        name="no_amount_in_a_status",
        severity=WARNING,
        reason="Where all that is said of money is that it is on track, no amount is stated: absent "
        "is not zero, and a figure beside it deserves a look.",
        expect=holds("more_than_a_status"),
        over=beside_a_status,
    ),
    Rule(
        name="parts_make_the_total",
        severity=WARNING,
        reason="The rows of a table make its stated total within rounding; where they do not, a row "
        "was missed, or some are parts of others.",
        expect=at_most("off", 0),
        over=totals,
    ),
    *quoted(
        "The digits of an amount stand where it is quoted, or it is not the amount of that place.",
        same_digits,
        "value",
    ),
)
