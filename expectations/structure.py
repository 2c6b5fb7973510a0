"""Rules that follow from a table's declaration: nobody writes them and no table lacks them.

Views are small: a row a column, or one row for the whole frame. polars counts, Great
Expectations judges the counts.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from expectations.claims import at_most, holds
from expectations.rules import Evidence, Rule, Severity, shared
from warehouse.vocabulary import columns, key_of, polars_schema

if TYPE_CHECKING:
    import polars as pl

    from warehouse.vocabulary import Table

ABSENT = "(none)"
VALUE_COLUMNS = ("value", "amount_eur")
"""Columns that a `missing_reason` explains the absence of."""


@shared
def columns_found(evidence: Evidence) -> pl.DataFrame:
    """A row a position: `declared`, `found`, `declared_type`, `found_type`, and whether each is the
    `same_name` and `same_type`."""
    import polars as pl

    declared = polars_schema(evidence.table)
    found = evidence.frame.schema
    width = max(len(declared), len(found))

    def padded(names: list[str]) -> list[str]:
        return names + [ABSENT] * (width - len(names))

    return pl.DataFrame(
        {
            "declared": padded(list(declared)),
            "found": padded(list(found)),
            "declared_type": padded([str(dtype) for dtype in declared.values()]),
            "found_type": padded([str(found.get(name, ABSENT)) for name in declared]),
        }
    ).with_columns(
        same_name=pl.col("declared") == pl.col("found"),
        same_type=pl.col("declared_type") == pl.col("found_type"),
    )


@shared
def column_contents(evidence: Evidence) -> pl.DataFrame:
    """A row a declared column that is there: counts of `nulls` where they may not be, values
    `outside` the choices, and values that are `not_finite` numbers."""
    import polars as pl

    frame = evidence.frame
    present = [column for column in columns(evidence.table) if column.name in frame.columns]
    outside = frame.select(
        (~pl.col(column.name).is_in(column.choices)).sum()
        for column in present
        if column.choices and frame.schema[column.name] in (pl.String, pl.Categorical)
    )
    not_finite = frame.select(
        (~pl.col(column.name).is_finite()).sum()
        for column in present
        if frame.schema[column.name].is_float()
    )

    def counted(counts: pl.DataFrame) -> list[int]:
        return [int(counts[c.name][0] or 0) if c.name in counts.columns else 0 for c in present]

    return pl.DataFrame(
        {
            "column": [column.name for column in present],
            "nulls": [0 if c.nullable else frame[c.name].null_count() for c in present],
            "outside": counted(outside),
            "not_finite": counted(not_finite),
        }
    )


@shared
def rows_found(evidence: Evidence) -> pl.DataFrame:
    """One row: `rows`, `double_rows` (rows whose key stood before) and `example` of such a key.

    Where the table explains missing values: how many rows have `neither` a value nor a reason,
    how many `both`, and these together as `contradictions`.
    """
    import polars as pl

    keys = evidence.frame.select(key_of(evidence.table))
    # Unequal hashes prove unequal keys; only where hashes coincide are the keys compared.
    if keys.hash_rows().n_unique() == keys.height:
        double, example = 0, None
    else:
        double = keys.height - keys.unique().height
        twice = keys.filter(keys.is_duplicated())
        example = "/".join(str(value) for value in twice.row(0)) if double else None
    found = pl.DataFrame(
        {"rows": [keys.height], "double_rows": [double], "example": [example]},
        schema={"rows": pl.Int64, "double_rows": pl.Int64, "example": pl.String},
    )
    value = _explained_column(evidence.table)
    if value is None:
        return found
    without, unexplained = pl.col(value).is_null(), pl.col("missing_reason").is_null()
    explained = evidence.frame.select(
        neither=(without & unexplained).sum(), both=(~without & ~unexplained).sum()
    )
    return pl.concat([found, explained], how="horizontal").with_columns(
        contradictions=pl.col("neither") + pl.col("both")
    )


def _explained_column(table: type[Table]) -> str | None:
    """The column whose absence the table's `missing_reason` explains; None without one."""
    names = [column.name for column in columns(table)]
    if "missing_reason" not in names:
        return None
    return next((name for name in VALUE_COLUMNS if name in names), None)


@cache
def structural_rules(table: type[Table]) -> tuple[Rule, ...]:
    """The rules that the declaration of `table` implies, all critical."""
    critical = Severity.CRITICAL
    rules = [
        Rule(
            name="columns_as_declared",
            severity=critical,
            reason="Readers rely on exactly the declared columns in the declared order.",
            expect=holds("same_name"),
            over=columns_found,
        ),
        Rule(
            name="types_as_declared",
            severity=critical,
            reason="A column of another type breaks joins and sums downstream without a word.",
            expect=holds("same_type"),
            over=columns_found,
        ),
        Rule(
            name="required_values_present",
            severity=critical,
            reason="A column that is not declared nullable has a value in every row.",
            expect=at_most("nulls", 0),
            over=column_contents,
        ),
        Rule(
            name="numbers_finite",
            severity=critical,
            reason="Not-a-number and infinity are neither a value nor a reason why there is none.",
            expect=at_most("not_finite", 0),
            over=column_contents,
        ),
        Rule(
            name="key_unique",
            severity=critical,
            reason="Two rows under one key are one figure said twice, or two that contradict.",
            expect=at_most("double_rows", 0),
            over=rows_found,
        ),
    ]
    if any(column.choices for column in columns(table)):
        rules.append(
            Rule(
                name="values_within_choices",
                severity=critical,
                reason="A word outside the declared choices is something we do not understand yet.",
                expect=at_most("outside", 0),
                over=column_contents,
            )
        )
    if _explained_column(table) is not None:
        rules.append(
            Rule(
                name="value_or_reason",
                severity=critical,
                reason="Absent is not zero: a row has a value or the reason why there is none, "
                "never neither and never both.",
                expect=at_most("contradictions", 0),
                over=rows_found,
            )
        )
    return tuple(rules)
