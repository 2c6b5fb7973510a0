"""What Dagster remembers of nights in which nothing happened: the newest few.

Dagster keeps a file of events for every run for ever. A night that took nothing in and published
nothing is worth remembering for a month, as a sign of life; a thousand of them are only slow.
"""

from __future__ import annotations

from pathlib import Path
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
        _remove_files(instance, old)


def _remove_files(instance: dg.DagsterInstance, run_id: str) -> None:
    """What deleting a run leaves of it: an empty database of its own, and what it printed."""
    instance.compute_log_manager.delete_logs(prefix=[run_id])
    shard = getattr(instance.event_log_storage, "path_for_shard", None)
    if shard:
        path = Path(shard(run_id))
        for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
            path.with_name(name).unlink(missing_ok=True)
