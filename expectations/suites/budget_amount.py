"""What must hold of `mart.budget_amount`: Iv3 amounts in every vintage.

Others: `location`, `source_release`, `budget_line` (the core rows it is made from).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from expectations.claims import at_most, between, holds, matches
from expectations.history import kept_rows, nothing_gone
from expectations.rules import Evidence, Rule, Severity, shared
from expectations.suites.budget_views import sides
from expectations.views import distinct, nothing, open_rows, overlaps, referred, spans

if TYPE_CHECKING:
    import polars as pl

CRITICAL, WARNING = Severity.CRITICAL, Severity.WARNING

CELL = ("province_code", "year", "report", "function_code", "category_code")


def _ends_later(gxe: Any) -> Any:
    return gxe.ExpectColumnPairValuesAToBeGreaterThanB(column_A="known_to", column_B="known_from")


@shared
def latest_sums(evidence: Evidence) -> pl.DataFrame:
    """A row each province, year, report and side: `cells` and `amount` of what is true now."""
    import polars as pl

    return (
        evidence.frame.filter(pl.col("known_to").is_null())
        .group_by("province_code", "year", "report", "side")
        .agg(cells=pl.len(), amount=pl.col("amount_eur").sum())
    )


@shared
def against_core(evidence: Evidence) -> pl.DataFrame:
    """A row each province, year, report and side in core: what lacks here, in cells and euros."""
    import polars as pl

    core = evidence.others.get("budget_line")
    if core is None:
        return nothing()
    report = ["province_code", "year", "report", "side"]
    return (
        core.with_columns(year=pl.col("edition").cast(pl.String).cast(pl.Int32))
        .group_by(report)
        .agg(cells_core=pl.len(), amount_core=pl.col("amount_eur").sum())
        .join(latest_sums(evidence), on=report, how="left")
        .with_columns(pl.col("cells", "amount").fill_null(0))
        .with_columns(
            cells_lacking=(
                pl.col("cells_core").cast(pl.Int64) - pl.col("cells").cast(pl.Int64)
            ).abs(),
            euros_off=(pl.col("amount_core") - pl.col("amount")).abs(),
        )
    )


def function_costs(evidence: Evidence) -> pl.DataFrame:
    """A row each province's budget and accounts: costs over functions, as is true now."""
    import polars as pl

    return (
        evidence.frame.filter(
            pl.col("known_to").is_null(),
            pl.col("side") == "costs",
            pl.col("report").is_in(["budget", "accounts"]),
            pl.col("function_code").cast(pl.String).str.contains(r"^\d"),
            pl.col("amount_eur").is_not_null(),
        )
        .group_by("province_code", "year", "report")
        .agg(costs=pl.col("amount_eur").sum())
    )


def lost_history(evidence: Evidence) -> pl.DataFrame:
    """One row: how many rows the last good frame had, and how many are gone."""
    import polars as pl

    before = evidence.last_good
    if before is None or not before.height:
        return nothing()
    key = [*CELL, "known_from"]
    lost = before.select(key).join(evidence.frame.select(key), on=key, how="anti")
    return pl.DataFrame({"rows_before": [before.height], "rows_lost": [lost.height]})


RULES: tuple[Rule, ...] = (
    *kept_rows(),
    nothing_gone(
        "province_code",
        "province",
        CRITICAL,
        "A province whose reports were published stays in the table.",
    ),
    nothing_gone(
        "year",
        "year",
        CRITICAL,
        "A budget year that was published stays in the table.",
    ),
    Rule(
        name="province_exists",
        severity=WARNING,
        reason="A province is a location, so that its amounts stand beside its other figures.",
        expect=holds("known"),
        over=referred("province_code", "location", "location_id"),
    ),
    Rule(
        name="province_code_form",
        severity=CRITICAL,
        reason="Provinces are coded PV20 to PV31, unpadded.",
        expect=matches("province_code", r"^PV(?:2\d|3[01])$"),
        over=distinct("province_code"),
    ),
    Rule(
        name="release_exists",
        severity=CRITICAL,
        reason="An amount can be traced to the release that says so.",
        expect=holds("known"),
        over=referred("release_id", "source_release", "release_id"),
    ),
    Rule(
        name="year_plausible",
        severity=CRITICAL,
        reason="Iv3 tables begin with 2010, and a budget is made for the coming year.",
        expect=between("year", 2010, 2100),
        over=distinct("year"),
    ),
    Rule(
        name="known_to_after_known_from",
        severity=CRITICAL,
        reason="What was known was known for a while: the vintage is half-open.",
        expect=_ends_later,
        over=spans("known_from", "known_to", *CELL),
    ),
    Rule(
        name="one_open_row_at_most",
        severity=CRITICAL,
        reason="One amount is true now: two open rows of a cell would be added up.",
        expect=at_most("open", 1),
        over=open_rows(CELL, "known_to"),
    ),
    Rule(
        name="vintages_do_not_overlap",
        severity=CRITICAL,
        reason="`What did the budget say on 1 March?` has one answer.",
        expect=at_most("overlap", 0),
        over=overlaps(CELL, "known_from", "known_to"),
    ),
    Rule(
        name="history_is_kept",
        severity=CRITICAL,
        reason="History is never overwritten: a row once known stays, under its `known_from`.",
        expect=at_most("rows_lost", 0),
        over=lost_history,
    ),
    Rule(
        name="every_core_cell_is_here",
        severity=CRITICAL,
        reason="Every cell of the reports taken in is here once as true now, empty ones included.",
        expect=at_most("cells_lacking", 0),
        over=against_core,
    ),
    Rule(
        name="amounts_are_conserved",
        severity=CRITICAL,
        reason="What is true now adds up to what the reports say, to the euro.",
        expect=at_most("euros_off", 1.0),
        over=against_core,
    ),
    Rule(
        name="side_follows_category",
        severity=CRITICAL,
        reason="Categories with `L` are costs (lasten), with `B` revenues (baten), and Primo and "
        "Ultimo are balances.",
        expect=holds("agree"),
        over=sides,
    ),
    Rule(
        name="amounts_in_euros",
        severity=CRITICAL,
        reason="A province spends 20 million to 50 billion euro a year over its functions: the "
        "factor 1,000 is applied once (hazard D12).",
        expect=between("costs", 20e6, 50e9),
        over=function_costs,
    ),
    Rule(
        name="function_names_given",
        severity=CRITICAL,
        reason="A code is shown with its title: `7.1` means something else in another year.",
        expect=matches("function_name", r"\S"),
        over=distinct("function_name"),
    ),
)
