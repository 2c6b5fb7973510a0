"""Verbs with which a test damages sound evidence: one change, the rest as it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import polars as pl

from expectations.rules import Evidence

Damage = Callable[[Evidence], Evidence]


def setting(where: pl.Expr, /, **values: Any) -> Damage:
    """Other values in the rows that meet `where`; a value may be an expression."""
    return lambda evidence: replace(evidence, frame=_set(evidence.frame, where, values))


def _set(frame: pl.DataFrame, where: pl.Expr, values: dict[str, Any]) -> pl.DataFrame:
    return frame.with_columns(
        pl.when(where)
        .then(value if isinstance(value, pl.Expr) else pl.lit(value, dtype=frame.schema[name]))
        .otherwise(pl.col(name))
        .cast(frame.schema[name])
        .alias(name)
        for name, value in values.items()
    )


def setting_first(number: int, /, **values: Any) -> Damage:
    """Other values in the first rows."""
    return setting(pl.row_index() < number, **values)


def dropping(where: pl.Expr) -> Damage:
    """Without the rows that meet `where`."""
    return lambda evidence: replace(evidence, frame=evidence.frame.filter(~where))


def keeping_share(share: float) -> Damage:
    """The first rows only."""
    return lambda evidence: replace(
        evidence, frame=evidence.frame.head(int(evidence.frame.height * share))
    )


def repeating(where: pl.Expr, **values: Any) -> Damage:
    """Copies of the rows that meet `where` below the frame, with other values."""

    def damage(evidence: Evidence) -> Evidence:
        copies = _set(evidence.frame.filter(where), pl.lit(True), values)
        return replace(evidence, frame=pl.concat([evidence.frame, copies]))

    return damage


def in_other(table: str, where: pl.Expr, **values: Any) -> Damage:
    """Other values in another frame of the evidence."""

    def damage(evidence: Evidence) -> Evidence:
        changed = _set(evidence.others[table], where, values)
        return replace(evidence, others={**evidence.others, table: changed})

    return damage


def without_in_other(table: str, where: pl.Expr) -> Damage:
    """Without the rows of another frame that meet `where`."""

    def damage(evidence: Evidence) -> Evidence:
        changed = evidence.others[table].filter(~where)
        return replace(evidence, others={**evidence.others, table: changed})

    return damage


def with_fact(name: str, value: Any) -> Damage:
    """Another declared fact."""
    return lambda evidence: replace(evidence, facts={**evidence.facts, name: value})


def all_of(*damages: Damage) -> Damage:
    """One after the other."""

    def damage(evidence: Evidence) -> Evidence:
        for step in damages:
            evidence = step(evidence)
        return evidence

    return damage
