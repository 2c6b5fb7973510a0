"""A list of areas, and a rule on their names: the least that a gate can judge."""

from __future__ import annotations

from typing import Any

import polars as pl

from expectations.claims import matches
from expectations.rules import Evidence, Outcome, Rule, Severity, Verdict
from warehouse.tables.core import Region
from warehouse.vocabulary import polars_schema


def regions(names: list[str | None]) -> Evidence:
    """A list of areas with these names, in the order given."""
    frame = pl.DataFrame(
        [
            {
                "source": "cbs_kwb",
                "edition": "2020",
                "region_code": f"GM{n:04}",
                "name": name,
                "kind": "municipality",
                "release_id": "r",
            }
            for n, name in enumerate(names)
        ],
        schema=polars_schema(Region),
    )
    return Evidence(frame=frame, table=Region, source="cbs_kwb", edition="2020")


def rule(severity: Severity, **changes: Any) -> Rule:
    """Names are not empty."""
    usual = {
        "name": "named",
        "severity": severity,
        "reason": "Every area has a name.",
        "expect": matches("name", r"\S"),
        "at_most": 0.5 if severity is Severity.ROW else 0.0,
    }
    return Rule(**(usual | changes))


def only(verdict: Verdict) -> Outcome:
    (outcome,) = verdict.outcomes
    return outcome
