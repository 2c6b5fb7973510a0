"""Short names for the Great Expectations expectations that the suites claim.

Each function returns what `Rule.expect` wants: a function from the module
`great_expectations.expectations` to one expectation. Nothing is imported and nothing is judged
here; an expectation that is used once is written out in its suite. All of these look at one
row of the view at a time, so a failure can be shown by example.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

Claim = Callable[[Any], Any]


def between(column: str, low: float | None, high: float | None) -> Claim:
    """Every value lies between `low` and `high`, ends included; None leaves an end open."""
    return lambda gxe: gxe.ExpectColumnValuesToBeBetween(
        column=column, min_value=low, max_value=high
    )


def at_least(column: str, low: float) -> Claim:
    """Every value is `low` or more."""
    return between(column, low, None)


def at_most(column: str, high: float) -> Claim:
    """Every value is `high` or less."""
    return between(column, None, high)


def one_of(column: str, values: Sequence[str]) -> Claim:
    """Every value occurs in `values`."""
    return lambda gxe: gxe.ExpectColumnValuesToBeInSet(column=column, value_set=list(values))


def holds(column: str) -> Claim:
    """Every value of the boolean column is true."""
    return lambda gxe: gxe.ExpectColumnValuesToBeInSet(column=column, value_set=[True])


def matches(column: str, pattern: str) -> Claim:
    """Every value matches the regular expression."""
    return lambda gxe: gxe.ExpectColumnValuesToMatchRegex(column=column, regex=pattern)


def filled(column: str) -> Claim:
    """No value is null."""
    return lambda gxe: gxe.ExpectColumnValuesToNotBeNull(column=column)


def distinct(column: str) -> Claim:
    """No value occurs twice."""
    return lambda gxe: gxe.ExpectColumnValuesToBeUnique(column=column)


def equal(left: str, right: str) -> Claim:
    """Both columns say the same, row by row."""
    return lambda gxe: gxe.ExpectColumnPairValuesToBeEqual(column_A=left, column_B=right)


def not_less(left: str, right: str) -> Claim:
    """`left` is as large as `right` or larger, row by row."""
    return lambda gxe: gxe.ExpectColumnPairValuesAToBeGreaterThanB(
        column_A=left, column_B=right, or_equal=True
    )
