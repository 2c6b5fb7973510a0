"""Provincial budgets: Iv3 cells as lines in euros, and their sums by function.

Amounts come in thousands of euros. Of the two placements (10 and 70 days after the deadline)
the second is taken where there is one. Quarters are cumulative. Cost centres and balance items
are kept but never added to spending: internal charges would be counted twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assets.core.frames import Edition, least_final, published, said_of_columns
from assets.sources import contract
from assets.sources.errors import ContractBroken
from warehouse.tables.core import BudgetLine, Figure
from warehouse.vocabulary import polars_schema

if TYPE_CHECKING:
    import polars as pl

REPORT_OF = {
    "0": "budget",
    "1": "quarter_1",
    "2": "quarter_2",
    "3": "quarter_3",
    "4": "quarter_4",
    "5": "accounts",
}
"""Last digit of a `Verslagsoort` such as 2013X005 -> report."""

FUNCTION = ("Functie", "Taakveld")
"""How the dimension of functions starts: functions until 2016, task fields since."""


def budget_lines(edition: Edition) -> pl.DataFrame:
    """One row a province, report, function or balance item and category, in euros."""
    import polars as pl

    raw, source = edition.raw, edition.source
    columns = contract.resolve(source, edition.edition, raw).measures
    function = _dimension(edition, *FUNCTION)
    category = _dimension(edition, "Categorie")
    province = _dimension(edition, "Provincies")
    report = _dimension(edition, "Verslagsoort")
    first, first_sign = _euros(edition, "first_placement", columns["first_placement"])
    second, second_sign = _euros(edition, "second_placement", columns["second_placement"])
    sign = pl.coalesce(second_sign, first_sign)
    words = said_of_columns(edition)
    said = {measure: words.get(column) or "not_stated" for measure, column in columns.items()}
    # A province that did not deliver a report has a figure in no cell of it.
    delivered = pl.col("amount_eur").is_not_null().any().over(province, report)
    not_delivered = source.missing.signs.get(".", source.missing.null)
    reason = (
        pl.when(sign.is_not_null())
        .then(sign.replace_strict(source.missing.signs, default=None, return_dtype=pl.String))
        .when(delivered)
        .then(pl.lit(source.missing.null))
        .otherwise(pl.lit(not_delivered))
    )
    return (
        raw.rows.lazy()
        .with_columns(amount_eur=pl.coalesce(second, first), first_amount_eur=first)
        .with_columns(
            # As CBS says it, of both placements: that the second may differ makes neither provisional.
            status=pl.when(second.is_null() & first.is_not_null())
            .then(pl.lit(said["first_placement"]))
            .otherwise(pl.lit(said["second_placement"])),
            placement=pl.when(second.is_not_null())
            .then(pl.lit("second"))
            .when(first.is_not_null())
            .then(pl.lit("first")),
            missing_reason=pl.when(pl.col("amount_eur").is_null()).then(reason),
        )
        .join(_functions(edition, function).lazy(), on=function, how="left", maintain_order="left")
        .join(_categories(edition, category).lazy(), on=category, how="left", maintain_order="left")
        .join(_reports(edition, report).lazy(), on=report, how="left", maintain_order="left")
        .with_columns(
            source=pl.lit(source.name),
            edition=pl.lit(edition.edition),
            province_code=pl.col(province),
            function_code=pl.col(function),
            category_code=pl.col(category),
            release_id=pl.lit(edition.release_id),
        )
        .select(polars_schema(BudgetLine).names())
        .cast(polars_schema(BudgetLine))
        .collect()
    )


def _euros(edition: Edition, measure: str, column: str) -> tuple[pl.Expr, pl.Expr]:
    """A placement in euros, and the sign where one stands in place of an amount."""
    amount, sign = published(edition, column)
    return amount * edition.source.measures[measure].factor, sign


def _dimension(edition: Edition, *starts: str) -> str:
    """The dimension whose key starts with one of `starts`. Raises ContractBroken."""
    names = edition.raw.columns.filter(kind="dimension").get_column("name").to_list()
    for name in names:
        if name.startswith(starts):
            return str(name)
    raise ContractBroken(
        f"{edition.source.name} {edition.edition}: expected a dimension {' or '.join(starts)}, "
        f"the table has {', '.join(names)}"
    )


def _codes(edition: Edition, dimension: str, **made: pl.Expr) -> pl.DataFrame:
    """A code list as a frame to join on `dimension`, typed as that column is."""
    import polars as pl

    codes = edition.raw.codes.filter(dimension=dimension)
    return codes.select(
        pl.col("code").cast(edition.raw.rows.schema[dimension]).alias(dimension), **made
    )


def _functions(edition: Edition, dimension: str) -> pl.DataFrame:
    """Code -> title and kind: digits are functions, `kp_` cost centres, `A`, `P` balance items."""
    import polars as pl

    code = pl.col("code")
    kind = (
        pl.when(code.str.contains(r"^\d"))
        .then(pl.lit("function"))
        .when(code.str.starts_with("kp_"))
        .then(pl.lit("cost_centre"))
        .when(code.str.contains(r"^[AP]\d"))
        .then(pl.lit("balance_item"))
    )
    found = _codes(edition, dimension, function_name=pl.col("title"), function_kind=kind)
    return _all_known(edition, dimension, found, "function_kind", "a digit, kp_, A or P")


def _categories(edition: Edition, dimension: str) -> pl.DataFrame:
    """Code -> side of the books: `L` costs, `B` revenues, balance at start and end of the year."""
    import polars as pl

    code = pl.col("code")
    side = (
        pl.when(code.str.starts_with("L"))
        .then(pl.lit("costs"))
        .when(code.str.contains(r"^B\d"))
        .then(pl.lit("revenues"))
        .when(code.is_in(["Primo", "Ultimo"]) | code.str.starts_with("Balans"))
        .then(pl.lit("balance"))
    )
    return _all_known(
        edition, dimension, _codes(edition, dimension, side=side), "side", "L, B, Primo or Ultimo"
    )


def _reports(edition: Edition, dimension: str) -> pl.DataFrame:
    """`2013X005` -> `accounts`."""
    import polars as pl

    report = (
        pl.col("code")
        .str.extract(r"^\d{4}X00([0-5])$", 1)
        .replace_strict(REPORT_OF, default=None, return_dtype=pl.String)
    )
    return _all_known(
        edition,
        dimension,
        _codes(edition, dimension, report=report),
        "report",
        "2013X000 to 2013X005",
    )


def _all_known(
    edition: Edition, dimension: str, found: pl.DataFrame, column: str, forms: str
) -> pl.DataFrame:
    import polars as pl

    unknown = found.filter(pl.col(column).is_null()).get_column(dimension).cast(pl.String).to_list()
    if unknown:
        raise ContractBroken(
            f"{edition.source.name} {edition.edition}: {dimension} has codes that are not known: "
            f"{unknown[:8]}; expected {forms}"
        )
    return found


def figures(edition: Edition, lines: pl.DataFrame) -> pl.DataFrame:
    """Costs and revenues a province, report and function; also a main function and all functions.

    The breakdown reads `<report>/<function>`: `accounts/7.1`, `accounts/7`, `accounts/total`.
    """
    import polars as pl

    spent = lines.lazy().filter(pl.col("function_kind") == "function", pl.col("side") != "balance")
    by = ["province_code", "report", "function_code", "side"]
    functions = (
        spent.group_by(by, maintain_order=True)
        .agg(_sum(), pl.col("missing_reason").drop_nulls().first(), least_final())
        .with_columns(pl.col(pl.Categorical).cast(pl.String))
    )
    main = functions.filter(pl.col("function_code").str.contains(".", literal=True)).with_columns(
        function_code=pl.col("function_code").str.extract(r"^(\d+)", 1)
    )
    total = functions.with_columns(function_code=pl.lit("total"))
    sums = [
        frame.group_by(by, maintain_order=True).agg(
            pl.when(pl.col("value").is_not_null().any()).then(pl.col("value").sum()).alias("value"),
            pl.col("missing_reason").drop_nulls().first(),
            least_final(),
        )
        for frame in (main, total)
    ]
    return (
        pl.concat([functions, *sums])
        .with_columns(
            missing_reason=pl.when(pl.col("value").is_null()).then(
                pl.coalesce("missing_reason", pl.lit("not_published"))
            ),
            source=pl.lit(edition.source.name),
            edition=pl.lit(edition.edition),
            region_code=pl.col("province_code"),
            period=pl.lit(edition.edition),
            measure=pl.col("side"),
            breakdown=pl.concat_str("report", pl.lit("/"), "function_code"),
            unit=pl.lit("euro"),
            release_id=pl.lit(edition.release_id),
        )
        .select(polars_schema(Figure).names())
        .cast(polars_schema(Figure))
        .collect()
    )


def _sum() -> pl.Expr:
    """Sum of the amounts there are; null where there is none."""
    import polars as pl

    amount = pl.col("amount_eur")
    return pl.when(amount.is_not_null().any()).then(amount.sum()).alias("value")
