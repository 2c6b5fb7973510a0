"""The night: ask every publisher, take in what changed source by source, publish what changed.

A source that is blocked or cannot be reached keeps its last good figures, marked stale; all
others go on. What happened comes back as a `Report`, on which the exit status rests.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

import dagster as dg

from assets.edges import Edges
from assets.mart_tables import MartTable
from assets.publication import KEY as PUBLICATION
from assets.publication import owed
from assets.raw import key_of as raw_key
from assets.sources.survey import survey_all
from pipelines import plan
from pipelines.launcher import PROCESS, this_process
from pipelines.owing import is_there
from pipelines.retention import forget_quiet_nights
from pipelines.standing import keep_status, source_status
from pipelines.stopping import stops_when_asked
from pipelines.telling import noticing
from sensors.intakes import job_of
from sensors.runs import why_failed
from warehouse.location import locate

if TYPE_CHECKING:
    import polars as pl

Say = Callable[[str], None]
Step = Callable[[str, int, int], None]
"""Told of every step: what is being done, how many steps are done, of how many."""


QUIET: dict[str, Any] = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
"""Run configuration that keeps Dagster's log lines off the terminal; the instance has them all."""


@dataclass
class Taken:
    """What became of one edition."""

    source: str
    edition: str
    reason: str
    blocked: str | None = None
    """Why it was blocked; None where it was taken in."""
    run_id: str = ""
    seconds: float = 0.0


@dataclass
class Report:
    """What a night did."""

    taken: list[Taken] = field(default_factory=list)
    unreachable: dict[str, str] = field(default_factory=dict)
    """Publisher -> why it could not be asked."""
    absent: dict[str, str] = field(default_factory=dict)
    """`source edition` -> reason."""
    blocked: dict[str, str] = field(default_factory=dict)
    """`source edition` -> reason, of what is blocked, tonight or since an earlier night."""
    stale: dict[str, str] = field(default_factory=dict)
    """`source edition` -> reason, of what is served but older than the publisher has or may have."""
    marts: list[str] = field(default_factory=list)
    published: bool = False
    publication_failure: str | None = None
    warehouse: str = ""
    seconds: float = 0.0

    @property
    def exit_status(self) -> int:
        """0 published or nothing new, 1 something was blocked or failed."""
        return int(bool(self.blocked or self.unreachable or self.publication_failure))


def run_night(
    edges: Edges,
    instance: dg.DagsterInstance,
    *,
    only: str | None = None,
    editions: Sequence[str] | None = None,
    force: bool = False,
    parent_run: str = "",
    log: Say = lambda line: None,
    step: Step = lambda what, done, of: None,
) -> Report:
    """Run one night against `instance`; never raises for what a source does.

    Waits for another night on the same state to end.
    """
    try:
        with (
            stops_when_asked(),
            edges.alone(
                lambda: log("another night is running on this state; waiting for it to end")
            ),
        ):
            report = _night(edges, instance, only, editions, force, parent_run, log, step)
    except Exception as error:
        noticing.of_crash(edges, error, parent_run, log)
        raise
    noticing.of_night(edges, report, only, parent_run, log)
    if parent_run and not (report.taken or report.published or report.exit_status):
        forget_quiet_nights(instance, parent_run)
    return report


def _night(
    edges: Edges,
    instance: dg.DagsterInstance,
    only: str | None,
    editions: Sequence[str] | None,
    force: bool,
    parent_run: str,
    log: Say,
    step: Step,
) -> Report:
    from pipelines.definitions import build_definitions

    start = time.monotonic()
    report = Report(warehouse=str(locate(edges.warehouse_url)))
    step("asking the publishers", 0, 1)
    surveys = survey_all(edges.catalogue, edges.fetcher_of, edges.archive, only=only)
    report.unreachable = {publisher: s.failure for publisher, s in surveys.items() if s.failure}
    for publisher, why in report.unreachable.items():
        log(f"{publisher} cannot be asked: {why}")
    for survey in surveys.values():
        report.absent |= {
            f"{source} {edition}": why for (source, edition), why in survey.absent.items()
        }
    todo = plan.intakes(edges, surveys, only=only, editions=editions, force=force)
    # Made once, and not at all in a night without news.
    definitions = cache(lambda: build_definitions(edges=edges))
    for number, item in enumerate(todo):
        step(f"{item.source} {item.edition} ({item.reason})", number, len(todo) + 1)
        report.taken.append(take_in(definitions(), instance, item, parent_run))
        blocked = report.taken[-1].blocked
        log(
            f"{item.source} {item.edition}: {f'BLOCKED: {blocked}' if blocked else f'taken in ({item.reason})'}"
        )
    for item in plan.unread(edges, only=only, editions=editions):
        report.taken.append(take_in(definitions(), instance, item, parent_run))
        log(f"{item.source} {item.edition}: {item.release or item.reason} read")
    for source in sorted({taken.source for taken in report.taken}):
        for item in plan.half_told(edges, source):
            report.taken.append(take_in(definitions(), instance, item, parent_run))
            log(f"{item.source} {item.edition}: {item.reason}")
    # An older release that is refused takes nothing away from what serves.
    tonight = {
        (t.source, t.edition): t.blocked
        for t in report.taken
        if t.blocked and t.reason != plan.OLDER
    }
    status = source_status(edges, surveys, tonight, only)
    report.blocked = {
        f"{row['source']} {row['edition']}": row["reason"]
        for row in status.iter_rows(named=True)
        if row["state"] == "blocked"
    }
    report.stale = {
        f"{row['source']} {row['edition']}": row["reason"]
        for row in status.iter_rows(named=True)
        if row["stale"] and row["release_id"]
    }
    _publish(
        edges,
        definitions,
        instance,
        status,
        report,
        parent_run,
        log,
        lambda what: step(what, len(todo), len(todo) + 1),
    )
    report.seconds = time.monotonic() - start
    return report


def _run_config(item: plan.Intake) -> dict[str, Any]:
    key = raw_key(item.source)
    if key not in item.keys:
        return {}
    # A night does not wait for a publisher: it asks again tomorrow, and the sensors before that.
    config: dict[str, Any] = {"ask": item.ask, "again": item.reason == "forced", "tries": 1}
    if item.release:
        config["release"] = item.release
    if item.listing:
        config |= {"identifier": item.listing.identifier, "fingerprint": item.listing.fingerprint}
    return {"ops": {"__".join(key): {"config": config}}}


def take_in(
    definitions: dg.Definitions, instance: dg.DagsterInstance, item: plan.Intake, parent_run: str
) -> Taken:
    """Take in one edition, in a run of its own. Never raises for what a source does."""
    start = time.monotonic()
    instance.add_dynamic_partitions(item.source, [item.edition])
    result = definitions.resolve_job_def(job_of(item.source)).execute_in_process(
        instance=instance,
        partition_key=item.edition,
        asset_selection=[dg.AssetKey(list(key)) for key in item.keys],
        run_config=_run_config(item) | QUIET,
        raise_on_error=False,
        tags={
            "source": item.source,
            "edition": item.edition,
            "reason": item.reason,
            "night": parent_run,
            PROCESS: this_process(),
        },
    )
    return Taken(
        item.source,
        item.edition,
        item.reason,
        _failure(result),
        result.run_id,
        time.monotonic() - start,
    )


def _failure(result: dg.ExecuteInProcessResult) -> str | None:
    """Why a run failed, in the words of the step that failed; None where it succeeded.

    Raises dg.DagsterExecutionInterruptedError where it was asked to stop: that is no failure of a
    source, and the night is to stop with it.
    """
    if result.success:
        return None
    for event in result.all_events:
        if event.is_step_failure:
            data = event.step_failure_data
            if data.error and data.error.cls_name == dg.DagsterExecutionInterruptedError.__name__:
                raise dg.DagsterExecutionInterruptedError("asked to stop")
            return why_failed(event)
    return "the run failed before its first step"


def _publish(
    edges: Edges,
    definitions: Callable[[], dg.Definitions],
    instance: dg.DagsterInstance,
    status: pl.DataFrame,
    report: Report,
    parent_run: str,
    log: Say,
    step: Callable[[str], None],
) -> None:
    """Make the marts that are out of date, and publish if anything that readers see changed."""
    changed = keep_status(edges, status)
    stale = plan.marts(edges)
    if not (stale or changed or report.taken or owed(edges) or not is_there(edges)):
        return
    step("making and publishing the marts")
    publish_marts(definitions, instance, stale, report, parent_run, log)


def publish_marts(
    definitions: Callable[[], dg.Definitions],
    instance: dg.DagsterInstance,
    stale: Sequence[MartTable],
    report: Report,
    parent_run: str,
    log: Say,
) -> None:
    """Make the marts `stale` and publish, in one run, and write down in `report` what came of it."""
    keys = [*(declared.key for declared in stale), PUBLICATION]
    result = (
        definitions()
        .resolve_job_def("publication")
        .execute_in_process(
            instance=instance,
            asset_selection=[dg.AssetKey(list(key)) for key in keys],
            run_config=QUIET,
            raise_on_error=False,
            tags={"night": parent_run, PROCESS: this_process()},
        )
    )
    report.marts = ["/".join(declared.key) for declared in stale]
    report.publication_failure = _failure(result)
    if report.publication_failure:
        log(f"NOT PUBLISHED: {report.publication_failure}")
        return
    for event in result.get_asset_materialization_events():
        if event.asset_key == dg.AssetKey(list(PUBLICATION)):
            report.published = bool(event.materialization.metadata["published"].value)
    log(
        "published"
        if report.published
        else "nothing that readers can see has changed: not published"
    )
