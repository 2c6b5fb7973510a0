"""Quiet nights are forgotten but for the newest; nothing else is."""

from __future__ import annotations

from pathlib import Path

import dagster as dg

from pipelines.retention import forget_quiet_nights


def test_the_newest_quiet_nights_stay_and_every_other_run_does() -> None:
    @dg.job
    def nightly() -> None:
        pass

    with dg.DagsterInstance.ephemeral() as instance:
        busy = instance.create_run_for_job(nightly).run_id
        quiet = []
        for _ in range(5):
            quiet.append(instance.create_run_for_job(nightly).run_id)
            forget_quiet_nights(instance, quiet[-1], kept=3)
        assert {run.run_id for run in instance.get_runs()} == {busy, *quiet[-3:]}


def test_nothing_of_a_forgotten_night_stays_on_disk(tmp_path: Path) -> None:
    @dg.op
    def look() -> None:
        pass

    @dg.job
    def nightly() -> None:
        look()

    quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        runs = []
        for _ in range(4):
            runs.append(nightly.execute_in_process(instance=instance, run_config=quiet).run_id)
            forget_quiet_nights(instance, runs[-1], kept=2)
        there = {
            run
            for run in runs
            for path in tmp_path.rglob("*")
            if run in str(path) and path.is_file()
        }
    assert there == set(runs[-2:])
