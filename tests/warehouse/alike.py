"""Whether two engines answer alike: texts, dates and whole numbers the same, others to 1e-12, and in
whatever order."""

from __future__ import annotations

import decimal
import math
from collections.abc import Sequence
from typing import Any

Row = dict[str, Any]


def differences(one: Sequence[Row], other: Sequence[Row]) -> list[str]:
    """What the answers `one` and `other` do not share, in words; at most ten things."""
    if len(one) != len(other):
        return [f"{len(one)} rows beside {len(other)}"]
    # In whatever order: a column that a revision adds to a table stands last there.
    if one and one[0].keys() != other[0].keys():
        return [f"columns {sorted(one[0])} beside {sorted(other[0])}"]
    found = [
        f"{name}: {a[name]!r} beside {b[name]!r}"
        for a, b in zip(sorted(one, key=_order), sorted(other, key=_order), strict=True)
        for name in a
        if not _same(a[name], b[name])
    ]
    return found[:10]


def _plain(value: Any) -> Any:
    """Sums of whole numbers come as decimals from one engine and as integers from the other."""
    if isinstance(value, decimal.Decimal):
        return int(value) if value == int(value) else float(value)
    return value


def _same(a: Any, b: Any) -> bool:
    a, b = _plain(a), _plain(b)
    if isinstance(a, float) and isinstance(b, float | int):
        return math.isclose(a, b, rel_tol=1e-12) or (math.isnan(a) and math.isnan(b))
    return type(a) is type(b) and bool(a == b)


def _order(row: Row) -> tuple[list[str], list[str]]:
    """Rows are put beside each other by everything exact in them, then by the other numbers."""
    values = [_plain(value) for _, value in sorted(row.items())]
    exact = [repr(value) for value in values if not isinstance(value, float)]
    return exact, [f"{value:.6e}" for value in values if isinstance(value, float)]
