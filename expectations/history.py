"""How much must come, and what may not be gone: against the declared floor and the last good.

The bounds on rows are those of hazard D3: a table that loses a fifth or doubles is not the
same table; a tenth less or a third more deserves a look.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from expectations.claims import at_least, between, holds
from expectations.rules import Evidence, Rule, Severity, View, shared
from expectations.views import nothing

if TYPE_CHECKING:
    import polars as pl

CRITICAL, WARNING = Severity.CRITICAL, Severity.WARNING

COUNTED_FROM = frozenset({"budget_line", "establishment", "company"})
"""Core tables from which figures of our own are counted."""


@shared
def rows_there(evidence: Evidence) -> pl.DataFrame:
    """One row: `rows`; `rows_before` and their `share`, null without a last good frame;
    `rows_above` the declared floor, null where none is declared for this table.

    The floor is declared for what the publisher sends, so a table that we count from another
    core table (which stands among the others) is not held to it.
    """
    import polars as pl

    rows = evidence.frame.height
    before = evidence.last_good.height if evidence.last_good is not None else 0
    counted = not COUNTED_FROM.isdisjoint(evidence.others)
    floor = None if counted else evidence.facts.get("row_floor")
    return pl.DataFrame(
        {
            "rows": [rows],
            "rows_before": [before or None],
            "share": [rows / before if before else None],
            "row_floor": [floor],
            "rows_above": [rows - floor if floor is not None else None],
        },
        schema={
            "rows": pl.Int64,
            "rows_before": pl.Int64,
            "share": pl.Float64,
            "row_floor": pl.Int64,
            "rows_above": pl.Int64,
        },
    )


@cache
def values_against_last_good(column: str) -> View:
    """One row: distinct values of `column` `now` and `before`, and their `share`."""

    def view(evidence: Evidence) -> pl.DataFrame:
        import polars as pl

        if evidence.last_good is None or not evidence.last_good.height:
            return nothing()
        now = evidence.frame[column].drop_nulls().n_unique()
        before = evidence.last_good[column].drop_nulls().n_unique()
        if not before:
            return nothing()
        return pl.DataFrame({"now": [now], "before": [before], "share": [now / before]})

    return view


@cache
def values_of_last_good(column: str) -> View:
    """A row each value of `column` that was there: whether it is `still_there`."""

    def view(evidence: Evidence) -> pl.DataFrame:
        import polars as pl

        if evidence.last_good is None:
            return nothing()
        there = evidence.frame[column].drop_nulls().unique().cast(pl.String).implode()
        return evidence.last_good.select(
            pl.col(column).drop_nulls().unique().cast(pl.String)
        ).with_columns(still_there=pl.col(column).is_in(there))

    return view


def row_counts() -> tuple[Rule, Rule]:
    """Rows against the last good frame: one rule that blocks, one that shows."""
    return (
        Rule(
            name="rows_against_last_good",
            severity=CRITICAL,
            reason="A release with under 80 % or over 200 % of the rows of the last good one is "
            "cut off, doubled, or another table (hazard D3).",
            expect=between("share", 0.8, 2.0),
            over=rows_there,
        ),
        Rule(
            name="rows_near_last_good",
            severity=WARNING,
            reason="Editions of one source differ little in size, so under 90 % or over 130 % of "
            "the last good rows deserves a look (hazard D3).",
            expect=between("share", 0.9, 1.3),
            over=rows_there,
        ),
    )


def kept_rows(severity: Severity = CRITICAL) -> tuple[Rule, Rule]:
    """Rows against the last good frame, for tables that gather editions and vintages: they may
    grow as they like (a backfill, a new source), but what was there stays.

    `severity`: critical, but for tables that are made of our own catalogue a warning, because
    taking an entry out of it is a decision and no accident.
    """
    return (
        Rule(
            name="rows_against_last_good",
            severity=severity,
            reason="History is never overwritten, so this table does not lose a fifth of its rows.",
            expect=at_least("share", 0.8),
            over=rows_there,
        ),
        Rule(
            name="rows_near_last_good",
            severity=WARNING,
            reason="A tenth of the rows less than last time deserves a look.",
            expect=at_least("share", 0.9),
            over=rows_there,
        ),
    )


def floor_on_rows() -> Rule:
    """At least as many rows as the source declares: for tables that keep every published row."""
    return Rule(
        name="rows_above_floor",
        severity=CRITICAL,
        reason="The source declares how many rows it has at the least, and each gives one or more "
        "here; fewer mean an answer that was cut off.",
        expect=at_least("rows_above", 0),
        over=rows_there,
    )


def value_counts(column: str, what: str) -> tuple[Rule, Rule]:
    """Distinct values of `column` against the last good frame: one blocks, one shows."""
    return (
        Rule(
            name=f"{what}_against_last_good",
            severity=CRITICAL,
            reason=f"Losing over a fifth of the {what}, or doubling them, is a cut-off page or "
            "another classification: a reorganisation changes a few per cent (hazard D3).",
            expect=between("share", 0.8, 2.0),
            over=values_against_last_good(column),
        ),
        Rule(
            name=f"{what}_near_last_good",
            severity=WARNING,
            reason=f"A tenth fewer or a third more {what} than last time is more than any "
            "ordinary reorganisation brings about (hazard D3).",
            expect=between("share", 0.9, 1.3),
            over=values_against_last_good(column),
        ),
    )


def nothing_gone(column: str, what: str, severity: Severity, reason: str) -> Rule:
    """Every value of `column` in the last good frame is still there."""
    return Rule(
        name=f"no_{what}_disappears",
        severity=severity,
        reason=reason,
        expect=holds("still_there"),
        over=values_of_last_good(column),
    )
