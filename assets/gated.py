"""Makes gated assets: compute a frame, judge it, and only then let it replace the last good one.

Every written rule of the table's suite is an asset check, and its structure is one more. A
failed critical rule fails the step, so that nothing downstream of this source runs; the last
good frame stays where it is.
"""

from __future__ import annotations

import html
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import dagster as dg

from assets.edges import Edges
from expectations.rules import Evidence, Outcome, Rule, Severity, Verdict
from expectations.structure import structural_rules
from expectations.suites import suite
from warehouse.frames import Key, Stamp
from warehouse.vocabulary import Table, columns, comment_of

if TYPE_CHECKING:
    import polars as pl

PREVIEW = 5
"""Rows of a frame shown in the UI, of tables without sensitive columns."""


@dataclass(frozen=True)
class Made:
    """A frame as computed, with all that the gate and the store need."""

    edition: str
    evidence: Evidence
    release_id: str
    stamp: Stamp
    unread: pl.DataFrame | None = None
    """What could not become a row at all (`reason`, `record`): set aside beside the rows that fail."""
    release_of: Mapping[str, str] = field(default_factory=dict)
    """Release by document, for rows that name a document and no release."""
    kept: tuple[Key, str] | None = None
    """Where the frame is kept instead, where that of a newer release goes on serving."""
    store: Callable[[pl.DataFrame], None] | None = None
    """How the accepted frame is kept, where it is not simply replaced."""


def rules_for(table: type[Table], source: str = "") -> tuple[Rule, ...]:
    """The rules of `table` that apply to `source`."""
    return tuple(rule for rule in suite(table) if not rule.sources or source in rule.sources)


STRUCTURE = "structure"
"""The check under which all that follows from a table's declaration is shown as one: Dagster
records every check of every run at some twenty milliseconds apiece."""


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


def column_schema(table: type[Table]) -> dg.TableSchema:
    """The declared columns, for the UI."""
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                column.name,
                type=column.kind.value,
                description=column.comment,
                constraints=dg.TableColumnConstraints(nullable=column.nullable, unique=False),
            )
            for column in columns(table)
        ]
    )


def description(table: type[Table], *more: str) -> str:
    """What a row is, and what else there is to say."""
    return " ".join([comment_of(table), *more])


def pass_gate(
    context: dg.AssetExecutionContext,
    edges: Edges,
    key: Key,
    table: type[Table],
    rules: Sequence[Rule],
    made: Iterable[Made],
) -> Iterator[Any]:
    """Judge each frame; keep what was accepted, record what was said, and fail if any was blocked.

    Yields the asset's check results and, where nothing was blocked, its materialisation.
    """
    import polars as pl

    from expectations.gate import judge

    accepted: list[tuple[Made, pl.DataFrame]] = []
    blocked: dict[str, Verdict] = {}
    outcomes: dict[str, list[tuple[str, Outcome]]] = defaultdict(list)
    set_aside = 0
    for item in made:
        verdict = judge(item.evidence, rules)
        if item.unread is not None and item.unread.height:
            both = pl.concat([verdict.set_aside, item.unread])
            verdict = replace(verdict, set_aside=both)
        verdict = replace(verdict, set_aside=_with_release(verdict.set_aside, item))
        asset = "/".join(key) + (f":{item.edition}" if item.edition != "all" else "")
        if item.kept is None or verdict.accepted is None:
            # Rows set aside from a release that no longer serves are not missing from what serves.
            edges.ledger.record(context.run.run_id, asset, item.release_id, verdict)
        for outcome in verdict.outcomes:
            outcomes[outcome.rule].append((item.edition, outcome))
        if verdict.accepted is None:
            blocked[item.edition] = verdict
            _refuse(edges, key, item, _why(key, {item.edition: verdict}))
            continue
        _keep(edges, key, item, verdict.accepted)
        set_aside += verdict.set_aside.height
        accepted.append((item, verdict.accepted))
    for name, together in checks_of(table, rules).items():
        yield _check_result(
            name, together, [said for rule in together for said in outcomes[rule.name]]
        )
    if blocked:
        for item, _ in accepted:
            context.log_event(dg.AssetMaterialization(list(key), partition=item.edition))
        raise dg.Failure(_why(key, blocked), allow_retries=False)
    yield dg.MaterializeResult(metadata=_metadata(accepted, set_aside))


def _refuse(edges: Edges, key: Key, item: Made, reason: str) -> None:
    """Remember that this was refused: what a release gave, or a mart, which is of none."""
    if item.release_id:
        older = item.kept is not None
        edges.frames.refuse_release(key, item.release_id, item.stamp, reason, older=older)
    else:
        edges.frames.refuse(key, item.edition, item.stamp, reason)


def _keep(edges: Edges, key: Key, item: Made, accepted: pl.DataFrame) -> None:
    """Put an accepted frame in its place, and keep it as what its release said."""
    if item.store:
        item.store(accepted)
    elif item.kept:
        edges.frames.write(*item.kept, accepted, item.stamp)
    else:
        edges.frames.write(key, item.edition, accepted, item.stamp)
        if item.release_id:
            edges.frames.keep(key, item.edition, item.release_id)


def _with_release(set_aside: pl.DataFrame, item: Made) -> pl.DataFrame:
    """Rows set aside with the release in which each can be found back (`release_id`): the one that
    the row names, that of its document, else that of the frame; of a row that was made from
    several documents the newest."""
    import polars as pl

    newest = max(item.release_of.values(), default="", key=lambda name: name.split(":", 2)[-1])
    found = []
    for record in set_aside.get_column("record"):
        row = json.loads(record)
        of_document = item.release_of.get(row.get("document_id") or "")
        found.append(row.get("release_id") or of_document or item.release_id or newest)
    return set_aside.with_columns(release_id=pl.Series(found, dtype=pl.String))


def _check_result(
    name: str, rules: Sequence[Rule], said: Sequence[tuple[str, Outcome]]
) -> dg.AssetCheckResult:
    failed = [(edition, outcome) for edition, outcome in said if not outcome.success]
    warns = all(rule.severity is Severity.WARNING for rule in rules)
    lines = [
        f"- {edition}: {f'{outcome.rule}: ' if len(rules) > 1 else ''}{outcome.error or outcome.observed}"
        for edition, outcome in (failed or said)
    ]
    return dg.AssetCheckResult(
        check_name=name,
        passed=not failed,
        severity=dg.AssetCheckSeverity.WARN if warns else dg.AssetCheckSeverity.ERROR,
        description=" ".join(dict.fromkeys(outcome.reason for _, outcome in (failed or said))),
        metadata={
            "what it does": ", ".join(sorted({rule.severity.value for rule in rules})),
            "observed": dg.MetadataValue.md("\n".join(lines) or "nothing was judged"),
            "unexpected": sum(outcome.unexpected_count for _, outcome in said),
        },
    )


def _why(key: Key, blocked: Mapping[str, Verdict]) -> str:
    """What blocked which edition, in a sentence that someone can act on."""
    said = [
        f"{edition}: {outcome.rule} ({outcome.error or outcome.observed}); {outcome.reason}"
        for edition, verdict in blocked.items()
        for outcome in verdict.blocking
    ]
    return f"{'/'.join(key)} was blocked at the gate, the last good version stays. " + " | ".join(
        said
    )


def _metadata(accepted: Sequence[tuple[Made, pl.DataFrame]], set_aside: int) -> dict[str, Any]:
    found: dict[str, Any] = {
        "dagster/row_count": sum(frame.height for _, frame in accepted),
        "set aside": set_aside,
        "release": ", ".join(
            dict.fromkeys(item.release_id for item, _ in accepted if item.release_id)
        )
        or "none",
    }
    if accepted and not any(column.sensitive for column in columns(accepted[-1][0].evidence.table)):
        found["preview"] = dg.MetadataValue.md(_as_markdown(accepted[-1][1].head(PREVIEW)))
    return found


def _as_markdown(frame: pl.DataFrame) -> str:
    lines = [" | ".join(frame.columns), " | ".join("---" for _ in frame.columns)]
    lines += [" | ".join(map(_cell, row)) for row in frame.iter_rows()]
    return "\n".join(f"| {line} |" for line in lines)


def _cell(value: object) -> str:
    """A value as it may stand in a table of Markdown: others' texts are shown, never rendered."""
    shown = " ".join(str(value)[:60].split())
    return html.escape(shown).replace("|", "&#124;").replace("`", "&#96;").replace("[", "&#91;")
