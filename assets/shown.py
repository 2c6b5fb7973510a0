"""What a materialisation shows of a frame that passed its gate: how much, what is new, what it looks
like. Numbers have the same names every time, so that Dagster draws them through time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import dagster as dg

from assets import markdown
from assets.changes import Changes, changes
from assets.checks import in_words
from expectations.quarantine import GUARDED
from warehouse.vocabulary import columns, key_of

if TYPE_CHECKING:
    import polars as pl

    from expectations.rules import Evidence, Verdict

PREVIEW = 5
"""Rows of a frame shown in the UI, of tables without sensitive columns."""
ADDED, CHANGED, REMOVED = "rows added", "rows changed", "rows removed"
SET_ASIDE = "rows set aside"


@dataclass
class Spent:
    """Seconds that the parts of one frame took."""

    computing: float = 0.0
    judging: float = 0.0
    keeping: float = 0.0

    def shown(self) -> dict[str, float]:
        """As metadata."""
        return {
            "seconds computing": round(self.computing, 3),
            "seconds judging": round(self.judging, 3),
            "seconds keeping": round(self.keeping, 3),
        }


@dataclass(frozen=True)
class Passed:
    """One frame that passed, with what there is to show of it."""

    evidence: Evidence
    verdict: Verdict
    release_id: str
    spent: Spent = field(default_factory=Spent)
    serves: bool = True
    """False for a frame of an older release: that of a newer one goes on serving."""
    picture: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)


def metadata(passed: Passed) -> dict[str, Any]:
    """The metadata of one edition's materialisation, or of a table without editions."""
    frame, table = passed.verdict.accepted, passed.evidence.table
    assert frame is not None
    found: dict[str, Any] = {"dagster/row_count": frame.height}
    if passed.serves:
        found |= _changed(_compared(passed.evidence, frame))
    found[SET_ASIDE] = passed.verdict.set_aside.height
    found["bytes in memory"] = int(frame.estimated_size())
    found["release"] = passed.release_id or "none: made from what core has of all releases"
    if not passed.serves:
        found["serves"] = (
            "no: this release is older than the one that serves, which goes on serving"
        )
    found |= dict(passed.more)
    found["gate"] = dg.MetadataValue.md(_ruling(passed.verdict))
    found |= passed.spent.shown()
    if passed.picture:
        found["picture"] = dg.MetadataValue.md(passed.picture)
    # What disclosure control has yet to judge is not shown either.
    guarded = passed.evidence.facts.get(GUARDED)
    if not guarded and not any(column.sensitive for column in columns(table)):
        found["preview"] = dg.MetadataValue.md(
            markdown.preview(frame, PREVIEW, _same(passed)) or "no rows"
        )
    return found


def _same(passed: Passed) -> tuple[str, ...]:
    """Columns that the page names already, and outlines: a line of coordinates says nothing."""
    named = ("source", "edition", "release_id") if passed.evidence.source else ()
    return (*named, "geojson")


def _changed(found: Changes | None) -> dict[str, Any]:
    if found is None:
        return {"changes": "not counted: the table is too large to compare row by row"}
    return {ADDED: found.added, CHANGED: found.changed, REMOVED: found.removed}


def _compared(evidence: Evidence, frame: pl.DataFrame) -> Changes | None:
    """Changes since the last good frame; of a table that keeps history, of what is true now."""
    before = evidence.last_good
    if "known_to" in frame.columns:
        frame = frame.filter(frame["known_to"].is_null())
        before = None if before is None else before.filter(before["known_to"].is_null())
    return changes(before, frame, key_of(evidence.table))


def _ruling(verdict: Verdict) -> str:
    """How many rules held, and those that did not."""
    failed = [outcome for outcome in verdict.outcomes if not outcome.success]
    held = len(verdict.outcomes) - len(failed)
    if not failed:
        return f"all {held} rules hold"
    lines = [
        f"- {in_words(o.rule)} ({o.severity.value}): {o.unexpected_count} unexpected"
        for o in failed
    ]
    return f"{held} rules hold, {len(failed)} do not (see Checks):\n\n" + "\n".join(lines)
