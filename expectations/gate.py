"""The gate: judges a frame by its rules and says which rows go on, which do not, and why.

`judge` is all that the rest of the house calls. Great Expectations lives in `_Judge`, imported
when the first frame is judged, on its pandas engine: polars computes the views, and only the
columns that an expectation names are converted. How an outcome is worded is `wording`'s work,
how rows are found back and masked is `quarantine`'s.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from expectations import quarantine, wording
from expectations.rules import Evidence, Outcome, Rule, Severity, Verdict, View
from warehouse.vocabulary import columns

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Finding:
    """What one expectation said of its view."""

    rule: Rule
    view: pl.DataFrame | None = None
    success: bool = False
    unexpected: tuple[int, ...] = ()
    """Positions in the view of the rows that did not meet it."""
    judged: tuple[str, ...] = ()
    """The columns of the view that the expectation names."""
    vacuous: bool = False
    """Whether there was nothing to judge."""
    observed_value: Any = None
    """What an expectation on a whole column or table saw."""
    error: str | None = None
    expected: str = ""
    """What the expectation asks for, in words, where it is not met."""


def judge(evidence: Evidence, rules: Sequence[Rule]) -> Verdict:
    """The verdict of all rules that apply to the evidence's source.

    A failed critical rule, a critical rule that could not be evaluated, or a row rule that
    would set aside more than its share blocks the frame: then nothing is accepted and nothing
    set aside. Otherwise `accepted` and `set_aside` together are the frame, in its own order.
    """
    applicable = [rule for rule in rules if not rule.sources or evidence.source in rule.sources]
    findings = {id(finding.rule): finding for finding in _findings(evidence, applicable)}
    outcomes: list[Outcome] = []
    reasons_by_row: dict[int, list[str]] = {}
    for rule in applicable:
        finding = findings[id(rule)]
        if rule.severity is Severity.ROW and not finding.success and finding.error is None:
            outcome, rows = _row_outcome(evidence, finding)
            if not outcome.blocks:
                for row in rows:
                    reasons_by_row.setdefault(row, []).append(f"{rule.name}: {rule.reason}")
        else:
            outcome = _outcome(evidence, finding)
        outcomes.append(outcome)
    if any(outcome.blocks for outcome in outcomes):
        return Verdict(None, tuple(outcomes), quarantine.no_rows())
    accepted, set_aside = quarantine.split(evidence, reasons_by_row)
    return Verdict(accepted, tuple(outcomes), set_aside)


def _outcome(evidence: Evidence, finding: Finding) -> Outcome:
    """The outcome of a rule that holds, that judges the frame as a whole, or that errored."""
    rule = finding.rule
    return Outcome(
        rule=rule.name,
        severity=rule.severity,
        reason=rule.reason,
        success=finding.success,
        observed=wording.observed(evidence, finding),
        unexpected_count=0 if finding.success else max(1, len(finding.unexpected)),
        blocks=not finding.success and rule.severity is Severity.CRITICAL,
        error=finding.error,
        failing=wording.failing(evidence, finding),
        expected=finding.expected,
    )


def _row_outcome(evidence: Evidence, finding: Finding) -> tuple[Outcome, list[int]]:
    """The outcome of a failed row rule, and the rows of the frame that it concerns."""
    rule = finding.rule
    try:
        rows = quarantine.rows_meant(evidence, rule, finding.view, finding.unexpected)
    except Exception as error:  # a faulty rule must not stop the others from being judged
        finding = Finding(rule, error=wording.error(evidence, error))
        return _outcome(evidence, finding), []
    share = len(rows) / max(1, evidence.frame.height)
    too_many = share > rule.at_most
    return (
        Outcome(
            rule=rule.name,
            severity=rule.severity,
            reason=rule.reason,
            success=False,
            observed=wording.observed(evidence, finding)
            + wording.share_set_aside(len(rows), share, rule.at_most),
            unexpected_count=len(rows),
            blocks=too_many,
            failing=wording.failing(evidence, finding),
            expected=finding.expected,
        ),
        rows,
    )


def _findings(evidence: Evidence, rules: Sequence[Rule]) -> Iterator[Finding]:
    """A finding for each rule; rules over the same view share one computation and one pass."""
    by_view: dict[View, list[Rule]] = {}
    for rule in rules:
        by_view.setdefault(rule.over, []).append(rule)
    engine = _judge_of_this_thread()
    sensitive = frozenset(c.name for c in columns(evidence.table) if c.sensitive)
    # polars works on the next views, outside the interpreter's lock, while this one is judged
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="views") as ahead:
        coming = {over: ahead.submit(over, evidence) for over in by_view}
        for over, together in by_view.items():
            try:
                view = coming[over].result()
            except Exception as error:  # whatever a view raises, the rule could not be evaluated
                yield from (Finding(r, error=wording.error(evidence, error)) for r in together)
                continue
            claimed: dict[str, tuple[Rule, Any]] = {}
            for number, rule in enumerate(together):
                try:
                    claimed[str(number)] = rule, engine.claim(rule, sensitive)
                except Exception as error:
                    yield Finding(rule, view, error=wording.error(evidence, error))
            try:
                yield from list(engine.judge(evidence, view, claimed))
            except Exception as error:  # a view that is no frame, or that pandas cannot hold
                together = [rule for rule, _ in claimed.values()]
                yield from (Finding(r, error=wording.error(evidence, error)) for r in together)


_threads = threading.local()


def _judge_of_this_thread() -> _Judge:
    """One Great Expectations context a thread: making one costs 20 ms, sharing one is unsafe."""
    if not hasattr(_threads, "judge"):
        _threads.judge = _Judge()
    found: _Judge = _threads.judge
    return found


class _Judge:
    """Great Expectations on its pandas engine, without a context's stores and batch definitions.

    A view goes straight into an execution engine and a validator, as Great Expectations itself
    does below `Batch.validate`: hundreds of views a night are judged a fifth faster for it.
    """

    def __init__(self) -> None:
        import great_expectations as gx
        import great_expectations.expectations as gxe
        from great_expectations.data_context.types.base import ProgressBarsConfig
        from great_expectations.execution_engine import PandasExecutionEngine
        from great_expectations.expectations.expectation import (
            ColumnMapExpectation,
            ColumnPairMapExpectation,
            MulticolumnMapExpectation,
        )
        from great_expectations.validator.validator import Validator

        self._engine_of = PandasExecutionEngine
        self._validator_of = Validator
        self._expectations = gxe
        self._row_by_row = (
            ColumnMapExpectation,
            ColumnPairMapExpectation,
            MulticolumnMapExpectation,
        )
        self._context = gx.get_context(mode="ephemeral")
        self._context.variables.progress_bars = ProgressBarsConfig(globally=False)

    def claim(self, rule: Rule, sensitive: frozenset[str]) -> Any:
        """The rule's expectation. Raises ValueError where it names a sensitive column.

        Great Expectations quotes values in results and messages; a sensitive column reaches it
        only as a view's boolean or count.
        """
        expectation = rule.expect(self._expectations)
        named = sensitive.intersection(_named(expectation))
        if named:
            raise ValueError(
                f"the expectation names the sensitive column(s) {sorted(named)}; judge a view that "
                "says in a boolean or a count whether they are right"
            )
        return expectation

    def judge(
        self, evidence: Evidence, view: pl.DataFrame, claimed: Mapping[str, tuple[Rule, Any]]
    ) -> Iterator[Finding]:
        """Findings on one view. Failing rows are looked for only where an expectation failed."""
        open_claims: dict[str, tuple[Rule, Any]] = {}
        for number, (rule, expectation) in claimed.items():
            if self._has_nothing_to_judge(view, expectation):
                yield Finding(rule, view, success=True, vacuous=True)
            else:
                open_claims[number] = rule, expectation
        if not open_claims:
            return
        frame = self._narrow(view, [expectation for _, expectation in open_claims.values()])
        failed: dict[str, tuple[Rule, Any]] = {}
        for number, result in self._validate(frame, open_claims, "BOOLEAN_ONLY").items():
            rule, expectation = open_claims[number]
            if _raised(result):
                yield Finding(rule, view, error=_message(evidence, result))
            elif result.success:
                yield Finding(rule, view, success=True, judged=_named(expectation))
            else:
                failed[number] = rule, expectation
        for number, result in self._validate(frame, failed, "COMPLETE").items():
            rule, expectation = failed[number]
            seen: Mapping[str, Any] = result.result or {}
            yield Finding(
                rule,
                view,
                unexpected=tuple(seen.get("unexpected_index_list") or ()),
                judged=_named(expectation),
                observed_value=seen.get("observed_value"),
                expected=wording.expected(expectation),
            )

    def _has_nothing_to_judge(self, view: pl.DataFrame, expectation: Any) -> bool:
        """Whether an expectation on rows finds none, or none with a value, which it passes over."""
        if not isinstance(expectation, self._row_by_row):
            return False
        if not view.height:
            return True
        column = getattr(expectation, "column", None)
        asks_for_values = isinstance(expectation, self._expectations.ExpectColumnValuesToNotBeNull)
        if asks_for_values or column not in view.columns:
            return False
        return view[str(column)].null_count() == view.height

    def _narrow(self, view: pl.DataFrame, expectations: Sequence[Any]) -> Any:
        """The view in pandas, cut down to the columns that are named; its index is positional."""
        import pandas as pd

        named = {name for expectation in expectations for name in _named(expectation)}
        narrow = view.select([name for name in view.columns if name in named])
        return narrow.to_pandas() if narrow.width else pd.DataFrame(index=range(view.height))

    def _validate(
        self, frame: Any, claimed: Mapping[str, tuple[Rule, Any]], result_format: str
    ) -> dict[str, Any]:
        """Results by number; they come back in another order, so each carries its number."""
        if not claimed:
            return {}
        for number, (_, expectation) in claimed.items():
            expectation.meta = {"number": number}
        validator = self._validator_of(
            self._engine_of(batch_data_dict={"view": frame}), data_context=self._context
        )
        results = validator.graph_validate(
            [expectation.configuration for _, expectation in claimed.values()],
            {"result_format": {"result_format": result_format}},
        )
        return {result.expectation_config.meta["number"]: result for result in results}


def _named(expectation: Any) -> tuple[str, ...]:
    """The columns that an expectation names."""
    names: list[str] = []
    for field in ("column", "column_A", "column_B"):
        names += [str(getattr(expectation, field))] if getattr(expectation, field, None) else []
    for field in ("column_list", "column_set"):
        names += [str(name) for name in getattr(expectation, field, None) or ()]
    return tuple(names)


def _raised(result: Any) -> bool:
    """Whether the expectation errored: Great Expectations reports that as a failure too."""
    info = result.exception_info or {}
    return bool(info.get("raised_exception", any(isinstance(v, dict) for v in info.values())))


def _message(evidence: Evidence, result: Any) -> str:
    """The message of the exception that an expectation raised."""
    info = result.exception_info
    if "exception_message" not in info:  # errors of a metric are listed under its id
        info = next(iter(info.values()))
    return wording.error(evidence, str(info.get("exception_message")))
