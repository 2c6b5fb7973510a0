"""Checks as the analyst reads them: which rule, why it must hold, what it expects, what failed.

Every written rule of a table's suite is an asset check, and its structure is one more.
"""

from __future__ import annotations

from collections.abc import Sequence

import dagster as dg

from assets.markdown import table as as_table
from expectations.rules import Outcome, Rule, Severity
from expectations.structure import structural_rules
from expectations.suites import suite
from warehouse.frames import Key
from warehouse.vocabulary import Table

STRUCTURE = "structure"
"""The check under which all that follows from a table's declaration is shown as one: Dagster
records every check of every run at some twenty milliseconds apiece."""

DOES = {
    Severity.CRITICAL: "critical: nothing passes, the last good version keeps serving",
    Severity.WARNING: "warning: passes, and shows",
    Severity.ROW: "row: the rows that fail are set aside in quarantine, the rest passes",
}


def rules_for(table: type[Table], source: str = "") -> tuple[Rule, ...]:
    """The rules of `table` that apply to `source`."""
    return tuple(rule for rule in suite(table) if not rule.sources or source in rule.sources)


def checks_of(table: type[Table], rules: Sequence[Rule]) -> dict[str, list[Rule]]:
    """The rules by the check that shows them, in order."""
    derived = {rule.name for rule in structural_rules(table)}
    shown: dict[str, list[Rule]] = {}
    for rule in rules:
        shown.setdefault(STRUCTURE if rule.name in derived else rule.name, []).append(rule)
    return shown


def check_specs(key: Key, table: type[Table], rules: Sequence[Rule]) -> list[dg.AssetCheckSpec]:
    """The asset checks of a table, each described by its reason."""
    return [
        dg.AssetCheckSpec(
            name,
            asset=list(key),
            description=" ".join(dict.fromkeys(rule.reason for rule in together)),
            metadata={"severity": ", ".join(sorted({rule.severity.value for rule in together}))},
        )
        for name, together in checks_of(table, rules).items()
    ]


def check_result(
    name: str, key: Key, rules: Sequence[Rule], said: Sequence[tuple[str, Outcome]]
) -> dg.AssetCheckResult:
    """What a check says. `said`: outcomes of its rules, each with the edition it was judged on.

    Red is what blocked, or could not be judged and so blocked; yellow what passed and shows.
    """
    failed = [(edition, outcome) for edition, outcome in said if not outcome.success]
    blocks = any(outcome.blocks for _, outcome in failed)
    return dg.AssetCheckResult(
        check_name=name,
        passed=not failed,
        severity=dg.AssetCheckSeverity.ERROR if blocks else dg.AssetCheckSeverity.WARN,
        description=_headline(failed) if failed else _reasons(said),
        metadata={
            "what it does": "; ".join(dict.fromkeys(DOES[rule.severity] for rule in rules)),
            "observed": _observed(rules, failed or said),
            **_what_failed(key, failed),
            "unexpected": sum(outcome.unexpected_count for _, outcome in said),
        },
    )


def in_words(rule: str) -> str:
    """A rule's name as words."""
    return rule.replace("_", " ")


def _reasons(said: Sequence[tuple[str, Outcome]]) -> str:
    return " ".join(dict.fromkeys(outcome.reason for _, outcome in said))


def _headline(failed: Sequence[tuple[str, Outcome]]) -> str:
    """The failing rules in words, each with its reason and what became of it."""
    by_rule: dict[str, list[Outcome]] = {}
    for _, outcome in failed:
        by_rule.setdefault(outcome.rule, []).append(outcome)
    return " ".join(
        f"Rule “{in_words(rule)}” {_became(together)}. It must hold because: {together[0].reason}"
        for rule, together in by_rule.items()
    )


def _became(outcomes: Sequence[Outcome]) -> str:
    if any(outcome.error for outcome in outcomes):
        return "could not be judged: the rule itself broke, which says nothing of the data"
    if any(outcome.blocks for outcome in outcomes):
        return "does not hold: nothing of this passes, the last good version keeps serving"
    if outcomes[0].severity is Severity.ROW:
        return "does not hold for some rows: those are set aside, the rest passes"
    return "does not hold: a warning, everything passes"


def _observed(rules: Sequence[Rule], said: Sequence[tuple[str, Outcome]]) -> str:
    lines = [
        f"{_of(edition)}{f'{in_words(outcome.rule)}: ' if len(rules) > 1 else ''}"
        f"{outcome.error or outcome.observed}"
        for edition, outcome in said
    ]
    return "; ".join(lines) or "nothing was judged"


def _what_failed(
    key: Key, failed: Sequence[tuple[str, Outcome]]
) -> dict[str, dg.MarkdownMetadataValue | str]:
    if not failed:
        return {}
    found: dict[str, dg.MarkdownMetadataValue | str] = {}
    tables = [
        f"**{_of(edition)}{in_words(outcome.rule)}**: first {len(outcome.failing.rows)} of "
        f"{outcome.unexpected_count}\n\n{as_table(outcome.failing.columns, outcome.failing.rows)}"
        for edition, outcome in failed
        if outcome.failing.rows
    ]
    expected = dict.fromkeys(
        f"{in_words(outcome.rule)}: {outcome.expected}" for _, outcome in failed if outcome.expected
    )
    if expected:
        found["expected"] = "; ".join(expected)
    if tables:
        found["what failed"] = dg.MetadataValue.md("\n\n".join(tables))
    found["where to look"] = dg.MetadataValue.md(_where(key, failed))
    return found


def _where(key: Key, failed: Sequence[tuple[str, Outcome]]) -> str:
    """Where the rest of what failed is found, and what to do about it."""
    asset = "/".join(key)
    assets = sorted({asset if edition == "all" else f"{asset}:{edition}" for edition, _ in failed})
    named = ", ".join(f"'{name}'" for name in assets[:20])
    set_aside = any(o.severity is Severity.ROW and not o.blocks for _, o in failed)
    table, columns = (
        ("mart.quarantine", "reason, record, release_id")
        if set_aside
        else ("mart.expectation_result", "expectation, observed, reason, run_id")
    )
    held = "" if set_aside else "NOT success AND "
    return (
        f"```sql\nSELECT {columns}\nFROM {table}\nWHERE {held}asset IN ({named});\n```\n\n"
        "In the warehouse after the next publication. What to do, by kind: `docs/running.md`, "
        "“What to do”."
    )


def _of(edition: str) -> str:
    return "" if edition == "all" else f"{edition}: "
