"""Views that suites of several tables of documents look at: references to other tables, text, and
how sure we are."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from expectations.claims import holds
from expectations.rules import Evidence, Rule, Severity, View
from expectations.views import nothing

if TYPE_CHECKING:
    import polars as pl

HASH = r"^[0-9a-f]{64}$"
"""SHA-256, in hexadecimal digits."""
SLUG = r"^[a-z0-9]+(?:-[a-z0-9]+)*$"
"""A readable id."""
REFERENCE = r"^(?:PS|GS|AB)/\d{4}/\d{1,8}$"
"""A reference as its body writes it."""
WEB_ADDRESS = r"^(?:https?|file)://\S"
"""An address that a browser opens without running anything; `file` is a page saved from disk."""
FIRST_YEAR, LAST_YEAR = 1990, 2100
"""Years that a planning & control document, a decision or a plan can be about."""
SECTIONS, PERFORMANCES = "document_section", "performance"
CONTROL = r"[\x00-\x08\x0B-\x1F\x7F\x{80}-\x{9F}]"
"""Control characters other than a tab and a line break; in the syntax of polars."""
CONTROL_IN_A_LINE = r"[\x00-\x08\x0A-\x1F\x7F\x{80}-\x{9F}]"
"""The same and a line break, of a text that is one line."""
MARKUP = r"[<>\x00-\x1F\x7F]"
"""What no name has: signs of markup, and control characters; in the syntax of polars."""


@cache
def known_in(columns: tuple[str, ...], other: str, other_columns: tuple[str, ...] = ()) -> View:
    """A row each combination of values in `columns`, none of them null: whether it is `known` in
    `other_columns` (the same names unless given) of the table `other`.

    Empty where the evidence has no such table.
    """

    def view(evidence: Evidence) -> pl.DataFrame:
        import polars as pl

        if other not in evidence.others:
            return nothing()
        there = evidence.others[other].select(
            pl.col(its).alias(ours)
            for ours, its in zip(columns, other_columns or columns, strict=True)
        )
        return (
            evidence.frame.select(columns)
            .drop_nulls()
            .unique()
            .join(there.unique().with_columns(known=pl.lit(True)), on=list(columns), how="left")
            .with_columns(pl.col("known").fill_null(False))
        )

    return view


@cache
def without(column: str, pattern: str, *shown: str) -> View:
    """The frame row by row: `shown`, and whether `column` is `clean`, that is has no match of
    `pattern`; null where it has no value."""

    def view(evidence: Evidence) -> pl.DataFrame:
        import polars as pl

        return evidence.frame.select(*shown, clean=~pl.col(column).str.contains(pattern))

    return view


@cache
def paddings(column: str, *shown: str) -> View:
    """The frame row by row: `shown`, `letters` that `column` has without the blanks around it, and
    how many such blanks it has (`padding`)."""

    def view(evidence: Evidence) -> pl.DataFrame:
        import polars as pl

        letters = pl.col(column).str.strip_chars().str.len_chars().cast(pl.Int64)
        return evidence.frame.select(
            *shown,
            letters=letters,
            padding=pl.col(column).str.len_chars().cast(pl.Int64) - letters,
        )

    return view


def confidences(evidence: Evidence) -> pl.DataFrame:
    """A row each confidence that occurs: `sure`, whether it lies above 0 and is at most 1."""
    import polars as pl

    return (
        evidence.frame.select("confidence")
        .unique()
        .with_columns(sure=(pl.col("confidence") > 0) & (pl.col("confidence") <= 1))
    )


def sure_of(what: str) -> Rule:
    """The confidence in each row is a number above 0 and at most 1."""
    return Rule(
        name="confidence_is_a_share",
        severity=Severity.CRITICAL,
        reason=f"How sure we are of {what} lies above 0, or the row would not be there, and is at "
        "most 1.",
        expect=holds("sure"),
        over=confidences,
    )
