"""A range of editions in one run: each is tried, what failed is named, and the others are kept."""

from __future__ import annotations

from typing import Any

import dagster as dg

from tests.living import Life
from tests.publishers import Fault, Publishers, small_table
from warehouse.frames import FrameStore


def in_range(life: Life, **config: Any) -> dg.ExecuteInProcessResult:
    """A run of all editions of `yearly`, as a backfill launches it."""
    editions = list(life.edges.catalogue.sources["yearly"].editions)
    life.instance.add_dynamic_partitions("yearly", editions)
    return life.definitions.resolve_job_def("intake_yearly").execute_in_process(
        instance=life.instance,
        asset_selection=[dg.AssetKey(["raw", "yearly"])],
        tags={
            "dagster/asset_partition_range_start": editions[0],
            "dagster/asset_partition_range_end": editions[-1],
        },
        run_config={
            "ops": {"raw__yearly": {"config": {"wait": 0.01, **config}}},
            "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
        },
        raise_on_error=False,
    )


def told(result: dg.ExecuteInProcessResult) -> str:
    """Why the run failed."""
    [event] = [event for event in result.all_events if event.is_step_failure]
    failure = event.step_failure_data.user_failure_data
    assert failure
    return failure.description or ""


def materialised(result: dg.ExecuteInProcessResult) -> list[str | None]:
    events = result.get_asset_materialization_events()
    return sorted(event.materialization.partition or "" for event in events)


def test_an_edition_that_fails_keeps_no_other_from_being_taken_in(
    small: Life, publishers: Publishers
) -> None:
    for number in (1, 3):
        publishers.cbs_v3.put(small_table(number, rows=4))
    result = in_range(small)
    assert not result.success
    assert told(result).startswith("yearly 2027: the publisher does not have this edition")
    assert told(result).endswith("taken in all the same: 2026, 2028")
    assert materialised(result) == ["2026", "2028"]
    frames: FrameStore = small.edges.frames
    assert frames.editions(("raw", "yearly", "rows")) == ["2026", "2028"]
    # What core lacks is asked for by a sensor, one edition a run.
    caught = small.ask("catching_up").run_requests or []
    assert [request.partition_key for request in caught] == ["2026", "2028"]


def test_what_may_pass_is_tried_again_and_what_will_not_is_not(
    small: Life, publishers: Publishers
) -> None:
    for number in (1, 2, 3):
        publishers.cbs_v3.put(small_table(number, rows=4))
    publishers.cbs_v3.inject(Fault("90002NED/TypedDataSet", kind="status", code=503))
    passing = in_range(small)
    assert passing.success
    assert len([e for e in passing.all_events if e.is_step_up_for_retry]) == 1
    publishers.cbs_v3.inject(Fault("90002NED/TypedDataSet", times=None, kind="status", code=403))
    refused = in_range(small, again=True)
    assert not refused.success
    assert not [e for e in refused.all_events if e.is_step_up_for_retry]
    assert told(refused).startswith("yearly 2027: ")


def test_a_data_version_follows_content_and_not_the_run(
    small: Life, publishers: Publishers
) -> None:
    """What Dagster's UI shows as out of date is what really is."""
    small.instance.add_dynamic_partitions("yearly", ["2026"])
    job = small.definitions.resolve_job_def("intake_yearly")

    def run() -> tuple[str, ...]:
        result = job.execute_in_process(instance=small.instance, partition_key="2026")
        return tuple(
            (event.materialization.tags or {})["dagster/data_version"]
            for event in result.get_asset_materialization_events()
        )

    table = publishers.cbs_v3.put(small_table(1, rows=4))
    first = run()
    assert len(first) == 3
    assert run() == first
    publishers.cbs_v3.put(table.a_day_later())
    assert run() != first
