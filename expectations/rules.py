"""The words in which a suite is written: a rule, what it looks at, and what its failure does.

A rule's `over` is a pure polars function from the evidence to a small frame, the *view*; its
`expect` is a Great Expectations expectation on that view. So polars does the heavy lifting
(sums, joins, distinct values) and Great Expectations judges, and a rule over half a million
rows costs milliseconds. No rule is evaluated here: see `gate`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

    from warehouse.vocabulary import Table


class Severity(StrEnum):
    """What the failure of a rule does."""

    CRITICAL = "critical"
    """Blocks the asset and all downstream; the last good version keeps serving."""
    WARNING = "warning"
    """Passes and shows."""
    ROW = "row"
    """Sets the failing rows aside in quarantine and goes on, up to the declared share."""


@dataclass(frozen=True)
class Evidence:
    """All that a rule may look at."""

    frame: pl.DataFrame
    """The frame under judgement, in the table's declared schema."""
    table: type[Table]
    source: str = ""
    edition: str = ""
    last_good: pl.DataFrame | None = None
    """The same asset and edition as last accepted; None where there is none."""
    others: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    """Frames that the table's rules compare with, by table name (`region` for `figure`)."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """Declared facts of the source, such as `row_floor` or `expected_periods`."""
    computed: dict[Any, pl.DataFrame] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """Views already computed on this evidence; see `shared`."""


View = Callable[[Evidence], "pl.DataFrame"]


def shared(view: View) -> View:
    """A view that is computed once per evidence: for views on which others are built."""

    @functools.wraps(view)
    def once(evidence: Evidence) -> pl.DataFrame:
        if once not in evidence.computed:
            evidence.computed[once] = view(evidence)
        return evidence.computed[once]

    return once


def whole_frame(evidence: Evidence) -> pl.DataFrame:
    """The frame itself: for rules whose failing rows are set aside one by one."""
    return evidence.frame


@dataclass(frozen=True)
class Rule:
    """One thing that must hold of a table, and why.

    `expect` receives the module `great_expectations.expectations` and returns an expectation
    on the columns of the view that `over` makes. A rule of severity `row` names in `rows_by`
    the columns in which a failing row of its view is recognised in the frame (empty: the view
    is the frame itself, row by row) and in `at_most` the share of rows that may be set aside
    before the whole frame is blocked; 1.0 where any share may, for then the rows have nothing to
    do with each other (one page that cannot be read says nothing of the next).
    """

    name: str
    severity: Severity
    reason: str
    expect: Callable[[Any], Any]
    over: View = whole_frame
    rows_by: tuple[str, ...] = ()
    at_most: float = 0.0
    sources: tuple[str, ...] = ()
    """Sources to which the rule applies; empty for all."""

    def __post_init__(self) -> None:
        if not self.reason.endswith("."):
            raise ValueError(f"rule {self.name!r}: say in a sentence why it must hold")
        if self.severity is Severity.ROW and not 0 < self.at_most <= 1:
            raise ValueError(f"rule {self.name!r}: at_most of a row rule is above 0, at most 1")


@dataclass(frozen=True)
class Failing:
    """The first rows that fail a rule, in words: key and offending values, nothing of a firm."""

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What one rule said."""

    rule: str
    severity: Severity
    reason: str
    success: bool
    observed: str
    """In words and numbers; never the content of a sensitive column."""
    unexpected_count: int
    blocks: bool = False
    """True where this outcome blocks the frame: a failed critical rule, a row rule over its
    share, or a critical rule that could not be evaluated."""
    error: str | None = None
    """Set where the rule could not be evaluated: an error is not a failure of the data."""
    failing: Failing = Failing()
    """Some of what failed; empty where the rule holds or was not evaluated."""
    expected: str = ""
    """What the rule expects, in words; empty where it holds."""


@dataclass(frozen=True)
class Verdict:
    """The gate's answer on one frame."""

    accepted: pl.DataFrame | None
    """The frame without the rows set aside; None where it is blocked."""
    outcomes: tuple[Outcome, ...]
    set_aside: pl.DataFrame
    """Columns `reason`, `record` (JSON, sensitive fields masked); one row a row set aside."""

    @property
    def blocking(self) -> tuple[Outcome, ...]:
        """The outcomes that blocked the frame; empty where it was accepted."""
        return tuple(o for o in self.outcomes if o.blocks)
