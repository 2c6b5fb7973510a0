"""Rules that follow from a declaration: each fails on its own defect, on several tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import polars as pl
import pytest

from expectations.gate import judge
from expectations.rules import Evidence
from expectations.structure import structural_rules
from tests.expectations import sound_core, sound_figures, sound_mart
from tests.expectations.damage import Damage, repeating, setting_first
from warehouse.tables import core, mart
from warehouse.vocabulary import Table


def to_frame(change: Callable[[pl.DataFrame], pl.DataFrame]) -> Damage:
    """A change to the frame as a whole."""
    return lambda evidence: replace(evidence, frame=change(evidence.frame))


FIRST = pl.row_index() == 0
CASES: list[tuple[str, Callable[[], Evidence], Damage]] = [
    ("columns_as_declared", sound_figures.kwb, to_frame(lambda f: f.with_columns(more=pl.lit(1)))),
    ("columns_as_declared", sound_figures.kwb, to_frame(lambda f: f.select(sorted(f.columns)))),
    ("columns_as_declared", sound_core.budget_line, to_frame(lambda f: f.drop("placement"))),
    ("columns_as_declared", sound_mart.location, to_frame(lambda f: f.rename({"name": "naam"}))),
    (
        "types_as_declared",
        sound_figures.kwb,
        to_frame(lambda f: f.with_columns(pl.col("value").cast(pl.Float32))),
    ),
    (
        "types_as_declared",
        sound_mart.indicator_value,
        to_frame(lambda f: f.with_columns(pl.col("known_from").cast(pl.Datetime("ms")))),
    ),
    ("required_values_present", sound_figures.kwb, setting_first(1, unit=None)),
    ("required_values_present", sound_mart.location, setting_first(1, name=None)),
    ("numbers_finite", sound_figures.kwb, setting_first(1, value=float("nan"))),
    ("numbers_finite", sound_core.budget_line, setting_first(1, amount_eur=float("inf"))),
    ("key_unique", sound_figures.kwb, repeating(FIRST)),
    ("key_unique", sound_core.budget_line, repeating(FIRST, amount_eur=1.0)),
    ("values_within_choices", sound_figures.kwb, setting_first(1, status="final")),
    ("values_within_choices", sound_core.budget_line, setting_first(1, side="lasten")),
    ("value_or_reason", sound_figures.kwb, setting_first(1, value=None)),
    ("value_or_reason", sound_figures.kwb, setting_first(1, missing_reason="unknown")),
    ("value_or_reason", sound_core.budget_line, setting_first(1, amount_eur=None)),
    ("value_or_reason", sound_mart.indicator_value, setting_first(1, missing_reason="unknown")),
]


@pytest.mark.parametrize(("name", "sound", "damage"), CASES)
def test_a_structural_rule_finds_its_defect(
    name: str, sound: Callable[[], Evidence], damage: Damage
) -> None:
    evidence = sound()
    rules = structural_rules(evidence.table)
    assert all(outcome.success for outcome in judge(evidence, rules).outcomes)
    verdict = judge(damage(evidence), rules)
    outcomes = {outcome.rule: outcome for outcome in verdict.outcomes}
    assert not outcomes[name].success
    assert outcomes[name].error is None
    assert verdict.accepted is None


def test_what_was_seen_names_the_column_and_the_key() -> None:
    evidence = sound_figures.kwb()
    rules = structural_rules(core.Figure)
    said = {
        o.rule: o.observed for o in judge(setting_first(1, unit=None)(evidence), rules).outcomes
    }
    assert "column=unit nulls=1" in said["required_values_present"]
    said = {o.rule: o.observed for o in judge(repeating(FIRST)(evidence), rules).outcomes}
    assert "double_rows=1 example=cbs_kwb/2020/NL00/2020/inhabitants/total" in said["key_unique"]


@pytest.mark.parametrize("table", [*core.TABLES, *mart.TABLES], ids=lambda t: t.__tablename__)
def test_an_empty_frame_in_the_declared_schema_has_the_right_structure(table: type[Table]) -> None:
    from warehouse.vocabulary import polars_schema

    evidence = Evidence(frame=polars_schema(table).to_frame(), table=table)
    failed = [o.rule for o in judge(evidence, structural_rules(table)).outcomes if not o.success]
    assert failed == []


def test_only_tables_that_explain_missing_values_are_asked_to() -> None:
    def names(table: type[Table]) -> set[str]:
        return {rule.name for rule in structural_rules(table)}

    assert "value_or_reason" in names(core.Figure)
    assert "value_or_reason" in names(mart.BudgetAmount)
    assert "value_or_reason" not in names(mart.SourceStatus)
    assert "values_within_choices" not in names(core.Outline)
