"""Every written rule holds on sound data and fails on a defect made for it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from expectations.gate import judge
from expectations.rules import Evidence, Outcome, Rule, Severity
from expectations.suites import suite, written
from tests.expectations import (
    activities,
    boundaries,
    defects_core,
    defects_documents,
    defects_figures,
    defects_findings,
    defects_mart,
)
from tests.expectations.defects_figures import Defect
from warehouse.tables import core, mart
from warehouse.vocabulary import Table

TABLES = (*core.TABLES, *mart.TABLES)
DEFECTS: dict[type[Table], dict[str, Defect]] = {
    core.Figure: defects_figures.DEFECTS,
    **defects_core.DEFECTS,
    **defects_mart.DEFECTS,
    **defects_documents.DEFECTS,
    **defects_findings.DEFECTS,
    **boundaries.DEFECTS,
    **activities.DEFECTS,
}
CASES = [(table, rule) for table in TABLES for rule in written(table)]
SOUND = {sound for defects in DEFECTS.values() for sound, _ in defects.values()}

evidence_of: Callable[[Callable[[], Evidence]], Evidence] = cache(lambda sound: sound())


@cache
def outcomes_of(sound: Callable[[], Evidence]) -> dict[str, Outcome]:
    """What the whole suite says of sound evidence."""
    evidence = evidence_of(sound)
    return {outcome.rule: outcome for outcome in judge(evidence, suite(evidence.table)).outcomes}


def name(case: object) -> str:
    return case.name if isinstance(case, Rule) else getattr(case, "__tablename__", "")


@pytest.mark.parametrize("table", TABLES, ids=name)
def test_every_written_rule_has_a_defect_and_every_defect_a_rule(table: type[Table]) -> None:
    assert set(DEFECTS[table]) == {rule.name for rule in written(table)}


def test_there_is_knowledge_to_speak_of() -> None:
    assert len(CASES) >= 370


@pytest.mark.parametrize("table", TABLES, ids=name)
def test_names_of_rules_are_unique(table: type[Table]) -> None:
    names = [rule.name for rule in suite(table)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("sound", sorted(SOUND, key=lambda s: s.__name__), ids=lambda s: s.__name__)
def test_all_rules_hold_on_sound_data(sound: Callable[[], Evidence]) -> None:
    failed = {
        rule: outcome.observed
        for rule, outcome in outcomes_of(sound).items()
        if not outcome.success
    }
    assert failed == {}


@pytest.mark.parametrize(("table", "rule"), CASES, ids=name)
def test_a_rule_finds_its_defect(table: type[Table], rule: Rule) -> None:
    sound, damage = DEFECTS[table][rule.name]
    assert "nothing to judge" not in outcomes_of(sound)[rule.name].observed
    damaged = damage(evidence_of(sound))
    verdict = judge(damaged, [rule])
    (outcome,) = verdict.outcomes
    assert not outcome.success
    assert outcome.error is None, outcome.error
    assert outcome.unexpected_count > 0
    if rule.severity is Severity.CRITICAL:
        assert verdict.accepted is None
    elif rule.severity is Severity.WARNING:
        assert verdict.accepted is not None
        assert verdict.accepted.equals(damaged.frame)
    else:
        assert verdict.accepted is not None, outcome.observed
        assert verdict.set_aside.height > 0
        assert verdict.accepted.height + verdict.set_aside.height == damaged.frame.height


def test_importing_the_suites_is_cheap() -> None:
    script = "import sys, expectations.suites; print(*sorted(sys.modules))"
    root = Path(__file__).parents[2]
    ran = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=root
    )
    assert {"great_expectations", "pandas", "polars"}.isdisjoint(ran.stdout.split())
