"""Runs the nightly job from outside Dagster's daemon: the same job as the schedule's, in process."""

from __future__ import annotations

from collections.abc import Sequence

import dagster as dg

from assets.edges import Edges
from pipelines.night import QUIET, Report, Say, Step, run_night


def run_nightly_job(
    edges: Edges,
    instance: dg.DagsterInstance,
    *,
    force: bool = False,
    source: str | None = None,
    editions: Sequence[str] | None = None,
    step: Step = lambda what, done, of: None,
    log: Say = lambda line: None,
) -> Report:
    """Execute the job `nightly` in `instance`, where the UI shows it, and return its report.

    `step` and `log` are told what is being done while it is done.
    """
    from pipelines.jobs import nightly_job
    from pipelines.launcher import PROCESS, this_process

    reports: list[Report] = []

    def watched(**how: object) -> Report:
        report = run_night(edges, instance, step=step, log=log, **how)  # type: ignore[arg-type]
        reports.append(report)
        return report

    config = {"force": force, "source": source or "", "editions": list(editions or [])}
    result = nightly_job(watched).execute_in_process(
        instance=instance,
        resources={"edges": edges},
        run_config={"ops": {"night": {"config": config}}} | QUIET,
        raise_on_error=True,
        tags={PROCESS: this_process()},
    )
    assert result.success
    [report] = reports
    return report
