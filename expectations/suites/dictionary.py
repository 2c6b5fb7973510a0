"""What must hold of the data dictionary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from expectations.claims import at_least, between, filled, matches
from expectations.rules import Evidence, Rule, Severity, shared
from expectations.views import projected

if TYPE_CHECKING:
    import polars as pl

CRITICAL, WARNING = Severity.CRITICAL, Severity.WARNING
TABLE = ["schema_name", "table_name"]


@shared
def placed(evidence: Evidence) -> pl.DataFrame:
    """A row each table, view and column: how far `position` is `off_by` from its place in the row."""
    import polars as pl

    place = pl.int_range(pl.len()).over(TABLE)
    return evidence.frame.sort(*TABLE, "position").select(
        *TABLE, "column_name", off_by=pl.col("position") - place
    )


def described(evidence: Evidence) -> pl.DataFrame:
    """A row each table and view: how many `columns` of it are described."""
    import polars as pl

    return evidence.frame.group_by(TABLE).agg(columns=(pl.col("column_name") != "*").sum())


RULES: tuple[Rule, ...] = (
    Rule(
        name="columns_in_a_row",
        severity=CRITICAL,
        reason="A table stands at 0 and its columns from 1 without a gap: a gap is a column that "
        "is published and described nowhere.",
        expect=between("off_by", 0, 0),
        over=placed,
    ),
    Rule(
        name="columns_described",
        severity=WARNING,
        reason="Whoever joins a table or view reads here what its columns are.",
        expect=at_least("columns", 1),
        over=described,
    ),
    Rule(
        name="comment_is_a_sentence",
        severity=CRITICAL,
        reason="What a column is, is said in words: they are the comment in the database as well.",
        expect=matches("comment_en", r"\S.*\.$"),
        over=projected(*TABLE, "column_name", "comment_en"),
    ),
    Rule(
        name="dutch_label_given",
        severity=WARNING,
        reason="Reports are Dutch: a column without a label shows its technical name.",
        expect=filled("label_nl"),
        over=projected(*TABLE, "column_name", "label_nl"),
    ),
)
