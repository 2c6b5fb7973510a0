"""Quiet nights are forgotten but for the newest; nothing else is."""

from __future__ import annotations

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
