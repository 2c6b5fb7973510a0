"""Rows that are set aside: found back in the frame, taken out of it, and written down masked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from warehouse.vocabulary import columns

if TYPE_CHECKING:
    import polars as pl

    from expectations.rules import Evidence, Rule

GUARDED = "guarded"
"""Fact about evidence whose numbers are held back until disclosure control has judged them."""
MASK = "***"
"""Stands in a record where a value names a firm or a person."""


def no_rows() -> pl.DataFrame:
    """The shape of rows set aside: `reason` (rule and why it must hold) and `record` (JSON)."""
    import polars as pl

    return pl.DataFrame(schema={"reason": pl.String, "record": pl.String})


def rows_meant(
    evidence: Evidence, rule: Rule, view: pl.DataFrame | None, unexpected: Sequence[int]
) -> list[int]:
    """Positions in the frame of the rows that failing rows of the view stand for.

    Without `rows_by` the view is the frame, row by row; otherwise a row is meant where it has
    the same values in those columns as a failing row of the view, null equal to null.
    """
    import polars as pl

    if view is None:
        raise ValueError(f"rule {rule.name!r}: there is no view to find rows by")
    if not rule.rows_by:
        if view.height != evidence.frame.height:
            raise ValueError(
                f"rule {rule.name!r}: its view has {view.height} rows and the frame "
                f"{evidence.frame.height}; name the columns that identify a row in rows_by"
            )
        return sorted(unexpected)
    keys = list(rule.rows_by)
    failing = view[list(unexpected)].select(keys).unique()
    rows = (
        evidence.frame.select(keys)
        .with_columns(pl.row_index("position of the row"))
        .join(failing, on=keys, how="semi", nulls_equal=True)
    )
    return sorted(rows["position of the row"].to_list())


def split(
    evidence: Evidence, reasons_by_row: Mapping[int, Sequence[str]]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The frame without the rows named, in its own order, and those rows as they are kept."""
    import polars as pl

    if not reasons_by_row:
        return evidence.frame, no_rows()
    rows = sorted(reasons_by_row)
    out = pl.Series(rows, dtype=pl.UInt32)
    goes_on = ~pl.int_range(pl.len(), dtype=pl.UInt32).is_in(out.implode())
    kept = pl.DataFrame(
        {
            "reason": ["; ".join(reasons_by_row[row]) for row in rows],
            "record": _records(evidence, rows),
        },
        schema=no_rows().schema,
    )
    return evidence.frame.filter(goes_on), kept


def _records(evidence: Evidence, rows: Sequence[int]) -> list[str]:
    """The rows as JSON, one each, without the values of sensitive columns.

    A value of a sensitive column is masked in the row's other columns too: suppliers do write a
    firm's name where its place should be. Of what is counted from single establishments, and of
    these, no more is shown than which row it is: place, activity and size together name a firm.
    """
    import polars as pl

    frame = evidence.frame[list(rows)].with_columns(pl.col(pl.Categorical).cast(pl.String))
    if evidence.facts.get(GUARDED):
        telling = [
            column.name
            for column in columns(evidence.table)
            if not (column.is_key or column.choices or column.name == "release_id")
        ]
        frame = frame.with_columns(
            pl.when(pl.col(name).is_not_null()).then(pl.lit(MASK)).alias(name)
            for name in telling
            if name in frame.columns
        )
    sensitive = [c.name for c in columns(evidence.table) if c.sensitive and c.name in frame.columns]
    texts = [
        name for name, kind in frame.schema.items() if kind == pl.String and name not in sensitive
    ]
    mask = pl.lit(MASK)
    if sensitive:
        repeated = {
            name: pl.any_horizontal(pl.col(name) == pl.col(sensitive)).fill_null(False)
            for name in texts
        }
        frame = frame.with_columns(
            *(
                pl.when(~again).then(pl.col(name)).otherwise(mask).alias(name)
                for name, again in repeated.items()
            )
        ).with_columns(
            pl.when(pl.col(name).is_not_null()).then(mask).alias(name) for name in sensitive
        )
    # split on the newline only: `splitlines` would also cut at separators inside a text
    return frame.write_ndjson().rstrip("\n").split("\n")
