"""A house that lives: its sensors tick as the daemon would have them, on a clock that the test sets.

What a tick asks for is started at once, in this process: partitions are added, a run key starts nothing
twice, and the sensors of runs are told how each ended.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import dagster as dg

from assets.edges import Edges
from pipelines.definitions import build_definitions
from pipelines.plan import standing_refusal
from sensors.runs import failed, succeeded


@dataclass
class Clock:
    """The time that the house goes by; UTC without zone."""

    now: dt.datetime

    def __call__(self) -> dt.datetime:
        return self.now


@dataclass
class Started:
    """One run that a tick asked for."""

    sensor: str
    job: str
    partition: str
    reason: str
    success: bool
    at: dt.datetime
    run_id: str


@dataclass
class Life:
    """A house, its Dagster, and what its sensors started."""

    edges: Edges
    clock: Clock
    instance: dg.DagsterInstance
    definitions: dg.Definitions
    cursors: dict[str, str | None] = field(default_factory=dict)
    keys: set[tuple[str, str]] = field(default_factory=set)
    started: list[Started] = field(default_factory=list)
    skipped: dict[str, str] = field(default_factory=dict)
    """Sensor -> what it said at its last tick when it started nothing."""

    def tick(self, *names: str) -> list[Started]:
        """One tick of each of `names`, in that order; the runs that they started."""
        before = len(self.started)
        for name in names:
            self._tick(name)
        return self.started[before:]

    def ask(self, name: str) -> dg.SensorResult:
        """What one tick of a sensor asks for, with its cursor moved on; nothing is started."""
        sensor = self.definitions.resolve_sensor_def(name)
        context = dg.build_sensor_context(
            instance=self.instance,
            cursor=self.cursors.get(name),
            resources={"edges": self.edges},
        )
        data = sensor(context)
        assert isinstance(data, dg.SensorResult)
        if data.cursor is not None:
            self.cursors[name] = data.cursor
        skip = data.skip_reason
        self.skipped[name] = (
            (skip.skip_message or "") if isinstance(skip, dg.SkipReason) else skip or ""
        )
        for request in data.dynamic_partitions_requests or ():
            assert isinstance(request, dg.AddDynamicPartitionsRequest)
            self.instance.add_dynamic_partitions(
                request.partitions_def_name, list(request.partition_keys)
            )
        return data

    def _tick(self, name: str) -> None:
        for request in self.ask(name).run_requests or ():
            if (name, str(request.run_key)) in self.keys:
                continue
            self.keys.add((name, str(request.run_key)))
            self.run(name, request)

    def run(self, sensor: str, request: dg.RunRequest) -> None:
        """Start what a tick asked for, and tell the sensors of runs how it ended."""
        job = request.job_name or "publication"
        result = self.definitions.resolve_job_def(job).execute_in_process(
            instance=self.instance,
            partition_key=request.partition_key,
            asset_selection=list(request.asset_selection) if request.asset_selection else None,
            run_config=dict(request.run_config)
            | {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            tags=dict(request.tags),
            raise_on_error=False,
        )
        run = self.instance.get_run_by_id(result.run_id)
        assert run
        context = dg.build_sensor_context(instance=self.instance)
        if result.success:
            succeeded(context, self.edges, self.instance, run, standing_refusal)
        else:
            said = [
                event.step_failure_data.user_failure_data.description or ""
                if event.step_failure_data.user_failure_data
                else str(event.step_failure_data.error)
                for event in result.all_events
                if event.is_step_failure
            ]
            failed(context, self.edges, self.instance, run, said, standing_refusal)
        self.edges.tell(self.clock())
        self.started.append(
            Started(
                sensor,
                job,
                request.partition_key or "",
                request.tags.get("reason", ""),
                result.success,
                self.clock(),
                result.run_id,
            )
        )

    def hour(self) -> list[Started]:
        """What happens in an hour: every sensor ticks, and the publication after what it waits for."""
        return self.tick(
            "releases", "documents", "inbox", "catching_up", "publication", "freshness"
        )


@contextmanager
def life(edges: Edges, now: dt.datetime) -> Iterator[Life]:
    """A house that lives from `now` on."""
    clock = Clock(now)
    edges = replace(edges, now=clock)
    with dg.DagsterInstance.ephemeral() as instance:
        yield Life(edges, clock, instance, build_definitions(edges=edges))
