"""What Dagster remembers of nights in which nothing happened: the newest few.

Dagster keeps a file of events for every run for ever. A night that took nothing in and published
nothing is worth remembering for a month, as a sign of life; a thousand of them are only slow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import dagster as dg

QUIET = "locatiemonitor/quiet"
"""Tag of the run of a night in which nothing happened."""
KEPT = 30


def forget_quiet_nights(instance: dg.DagsterInstance, run_id: str, *, kept: int = KEPT) -> None:
    """Tag the run of a night as quiet, and delete the runs of quiet nights but the newest `kept`."""
    import dagster as dg

    instance.add_run_tags(run_id, {QUIET: "true"})
    quiet = instance.get_run_ids(dg.RunsFilter(tags={QUIET: "true"}))
    for old in quiet[kept:]:
        instance.delete_run(old)
