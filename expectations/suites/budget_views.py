"""Views on Iv3 reports. All but a few build on `cells`, one pass over the half million rows."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from expectations.rules import Evidence, View, shared
from expectations.views import nothing

if TYPE_CHECKING:
    import polars as pl

QUARTERS = ("quarter_1", "quarter_2", "quarter_3", "quarter_4")
NATIONAL = 6
"""With more provinces than this the table is meant to be national, not a cut."""
REPORT = ("province_code", "report")


def grouped(frame: pl.DataFrame) -> pl.DataFrame:
    """A row each province, report, code, kind and side: `cells`, `filled`, `not_zero`, `amount`."""
    import polars as pl

    amount = pl.col("amount_eur")
    return frame.group_by(*REPORT, "function_code", "function_kind", "side").agg(
        cells=pl.len(),
        filled=amount.count(),
        not_zero=(amount != 0).sum(),
        amount=amount.sum(),
    )


@shared
def cells(evidence: Evidence) -> pl.DataFrame:
    """`grouped` of the frame under judgement."""
    return grouped(evidence.frame)


@shared
def cells_before(evidence: Evidence) -> pl.DataFrame:
    """`grouped` of the last good frame; empty where there is none."""
    return nothing() if evidence.last_good is None else grouped(evidence.last_good)


def provinces_before(evidence: Evidence) -> pl.DataFrame:
    """A row each province of the last good frame: whether it is `still_there`."""
    import polars as pl

    before = cells_before(evidence)
    if not before.width:
        return before
    now = cells(evidence)["province_code"].unique().implode()
    return (
        before.select("province_code")
        .unique()
        .with_columns(still_there=pl.col("province_code").is_in(now))
    )


@shared
def reports(evidence: Evidence) -> pl.DataFrame:
    """A row each province and report: how many codes and cells it lacks that others have, and how
    many of its cells are `filled` and `not_zero`."""
    import polars as pl

    all_codes = cells(evidence)["function_code"].n_unique()
    return (
        cells(evidence)
        .group_by(REPORT)
        .agg(
            pl.col("cells", "filled", "not_zero").sum(),
            codes_lacking=all_codes - pl.col("function_code").n_unique(),
        )
        .with_columns(cells_lacking=pl.col("cells").max() - pl.col("cells"))
    )


@shared
def provinces(evidence: Evidence) -> pl.DataFrame:
    """A row a province: how many `reports` it has, costs in its accounts as a share of those in
    its budget, and how far its balance sheet is off; null where that cannot be said."""
    import polars as pl

    delivered = costs_and_revenues(evidence).filter(pl.col("costs") > 0)
    costs = {
        report: delivered.filter(pl.col("report") == report).select(
            "province_code", pl.col("costs").alias(report)
        )
        for report in ("budget", "accounts")
    }
    return (
        reports(evidence)
        .group_by("province_code")
        .agg(reports=pl.len())
        .join(costs["budget"], on="province_code", how="left")
        .join(costs["accounts"], on="province_code", how="left")
        .join(_balance_sheets(evidence), on="province_code", how="left")
        .select(
            "province_code",
            "reports",
            "assets",
            "liabilities",
            accounts_to_budget=pl.col("accounts") / pl.col("budget"),
            balance_off=(pl.col("assets") - pl.col("liabilities")).abs()
            / pl.max_horizontal("assets", "liabilities"),
        )
    )


def _balance_sheets(evidence: Evidence) -> pl.DataFrame:
    """A row each province with a balance in its accounts: `assets` and `liabilities` at its end."""
    import polars as pl

    letter = pl.col("function_code").cast(pl.String).str.slice(0, 1)
    return (
        evidence.frame.lazy()
        .filter(pl.col("side") == "balance")
        .filter(pl.col("category_code") == "Ultimo", pl.col("report") == "accounts")
        .group_by("province_code")
        .agg(
            assets=pl.col("amount_eur").filter(letter == "A").sum(),
            liabilities=pl.col("amount_eur").filter(letter == "P").sum(),
        )
        .filter(pl.max_horizontal("assets", "liabilities") > 0)
        .collect()
    )


def sums(table: pl.DataFrame, *, over: str) -> pl.DataFrame:
    """A row each province and report: `costs` and `revenues` over functions, or over all codes."""
    import polars as pl

    if over == "function":
        table = table.filter(pl.col("function_kind") == "function")
    return table.group_by(REPORT).agg(
        costs=pl.col("amount").filter(pl.col("side") == "costs").sum(),
        revenues=pl.col("amount").filter(pl.col("side") == "revenues").sum(),
        filled=pl.col("filled").sum(),
    )


@shared
def costs_and_revenues(evidence: Evidence) -> pl.DataFrame:
    """A row each delivered budget and accounts: `costs`, `revenues` over functions, `share_off`."""
    import polars as pl

    larger = pl.max_horizontal(pl.col("costs").abs(), pl.col("revenues").abs(), pl.lit(1.0))
    return (
        sums(cells(evidence), over="function")
        .filter(pl.col("report").is_in(["budget", "accounts"]), pl.col("filled") > 0)
        .select(
            *REPORT,
            "costs",
            "revenues",
            share_off=(pl.col("costs") - pl.col("revenues")).abs() / larger,
        )
        .sort(REPORT)
    )


def money_in_reports(evidence: Evidence) -> pl.DataFrame:
    """One row: the `reports` (budgets and accounts with costs), their `median_costs`, and the
    `share_unbalanced`: of reports whose costs and revenues are more than a tenth apart."""
    import polars as pl

    return (
        costs_and_revenues(evidence)
        .filter(pl.col("costs") != 0)
        .select(
            reports=pl.len(),
            median_costs=pl.col("costs").median(),
            share_unbalanced=(pl.col("share_off") > 0.1).mean(),
        )
    )


@cache
def quarters(over: str) -> View:
    """A row each delivered quarter: `costs`, `costs_quarter_before` and their `rise`, over the
    functions or over all codes."""

    @shared
    def view(evidence: Evidence) -> pl.DataFrame:
        import polars as pl

        return (
            sums(cells(evidence), over=over)
            .filter(pl.col("report").is_in(QUARTERS), pl.col("filled") > 0)
            .sort(REPORT)
            .select(
                *REPORT,
                "costs",
                costs_quarter_before=pl.col("costs").shift(1).over("province_code"),
            )
            .with_columns(rise=pl.col("costs") - pl.col("costs_quarter_before"))
        )

    return view


@shared
def whole_table(evidence: Evidence) -> pl.DataFrame:
    """One row: how many `provinces` (null where the table is a cut with few of them), the `largest`
    amount either way, and of the cells placed twice the `share_differing` (null without any)."""
    import polars as pl

    provinces = cells(evidence)["province_code"].n_unique()
    first, amount = pl.col("first_amount_eur"), pl.col("amount_eur")
    twice = (pl.col("placement") == "second") & first.is_not_null()
    differing = (twice & (amount != first)).sum()
    return evidence.frame.select(
        provinces=pl.lit(provinces if provinces > NATIONAL else None, dtype=pl.Int64),
        largest=amount.abs().max(),
        cells_twice=twice.sum(),
        differing=differing,
        share_differing=pl.when(twice.any()).then(differing / twice.sum()),
    )


@shared
def codes(evidence: Evidence) -> pl.DataFrame:
    """A row each code and kind: the kind that its code says, `unknown` where it says none, whether
    both `agree`, and by how many `names` the code goes."""
    import polars as pl

    code = pl.col("function_code").cast(pl.String)
    by_code = (
        pl.when(code.str.contains(r"^\d{1,2}(\.\d{1,2})?$"))
        .then(pl.lit("function"))
        .when(code.str.contains(r"^kp"))
        .then(pl.lit("cost_centre"))
        .when(code.str.contains(r"^[AP]\d"))
        .then(pl.lit("balance_item"))
        .otherwise(pl.lit("unknown"))
    )
    names = evidence.frame.group_by("function_code").agg(names=pl.col("function_name").n_unique())
    return (
        cells(evidence)
        .select("function_code", "function_kind")
        .unique()
        .with_columns(kind_by_code=by_code)
        .with_columns(agree=pl.col("function_kind").cast(pl.String) == pl.col("kind_by_code"))
        .join(names, on="function_code")
    )


def sides(evidence: Evidence) -> pl.DataFrame:
    """A row each side and beginning of a category: the side that this says, and whether both
    `agree`."""
    import polars as pl

    category = pl.col("category")
    by_category = (
        pl.when(category.str.starts_with("L"))
        .then(pl.lit("costs"))
        .when(category.str.contains(r"^B\d"))
        .then(pl.lit("revenues"))
        .when(category.is_in(["Pr", "Ul", "Ba"]))
        .then(pl.lit("balance"))
        .otherwise(pl.lit("unknown"))
    )
    return (
        evidence.frame.group_by("side")
        .agg(category=pl.col("category_code").unique().cast(pl.String).str.slice(0, 2).unique())
        .explode("category")
        .with_columns(side_by_category=by_category)
        .with_columns(agree=pl.col("side").cast(pl.String) == pl.col("side_by_category"))
    )


def share_emptied(evidence: Evidence) -> pl.DataFrame:
    """One row: the `reports` that had amounts, and the share of them that has none any more."""
    import polars as pl

    before = reports_before(evidence)
    if not before.height:
        return nothing()
    emptied = (pl.col("not_zero") == 0).mean()
    return before.select(reports=pl.len(), share_emptied=emptied)


@shared
def reports_before(evidence: Evidence) -> pl.DataFrame:
    """A row each report of the last good frame that had amounts: cells `not_zero` and costs over
    functions, now and before, and the `ratio` of the costs (null where there were none)."""
    import polars as pl

    before = cells_before(evidence)
    if not before.width:
        return nothing()
    counted = {
        when: table.group_by(REPORT)
        .agg(pl.col("not_zero").sum())
        .join(sums(table, over="function").select(*REPORT, "costs"), on=list(REPORT), how="left")
        for when, table in (("now", cells(evidence)), ("before", before))
    }
    return (
        counted["before"]
        .filter(pl.col("not_zero") > 0)
        .rename({"not_zero": "not_zero_before", "costs": "costs_before"})
        .join(counted["now"], on=list(REPORT), how="left")
        .with_columns(
            pl.col("not_zero").fill_null(0),
            ratio=pl.when(pl.col("costs_before") > 0).then(
                pl.col("costs") / pl.col("costs_before")
            ),
        )
    )
