"""A backfill of 30 editions in one run: what Dagster's orchestration adds to the work itself.

`python -m benchmarks.backfill WAY URL`, WAY one of: ours, work. `work` takes in, reads, judges and keeps
the same editions with the same functions, without Dagster.
"""

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.measuring import Measured, measured
from tests.publishers import small_source

EDITIONS = [str(year) for year in range(2026, 2056)]
SOURCE = "yearly"


def _edges(url: str, home: Path) -> Any:
    from assets.catalogue import load_catalogue
    from assets.catalogue.models import Source
    from pipelines.resources import build_edges
    from pipelines.settings import Settings

    said = small_source(SOURCE, {edition: n for n, edition in enumerate(EDITIONS, 1)})
    catalogue = replace(
        load_catalogue(), sources={SOURCE: Source.model_validate(said)}, indicators={}
    )
    return build_edges(Settings(home=home, sources="live", cbs_v3_url=url), catalogue)


def ours(url: str, home: Path) -> Measured:
    """One run of the intake job over all editions, Dagster's records on disk."""
    import dagster as dg

    import expectations.gate
    from pipelines.definitions import build_definitions
    from pipelines.instance import open_instance
    from pipelines.settings import Settings

    assert expectations.gate
    edges = _edges(url, home)
    with open_instance(Settings(home=home, sources="live")) as instance:
        instance.add_dynamic_partitions(SOURCE, EDITIONS)
        job = build_definitions(edges=edges).resolve_job_def(f"intake_{SOURCE}")
        with measured() as found:
            result = job.execute_in_process(
                instance=instance,
                tags={
                    "dagster/asset_partition_range_start": EDITIONS[0],
                    "dagster/asset_partition_range_end": EDITIONS[-1],
                },
                run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            )
        made = result.get_asset_materialization_events()
    assert len(made) == 3 * len(EDITIONS), len(made)
    assert isinstance(result, dg.ExecuteInProcessResult)
    return found


def work(url: str, home: Path) -> Measured:
    """The same intakes, one after the other, without Dagster."""
    from assets import checks, gated, raw
    from assets.core import SUBJECTS, key_of
    from assets.core_assets import _made
    from assets.sources.intake import take_in
    from expectations.gate import judge

    edges = _edges(url, home)
    source = edges.catalogue.sources[SOURCE]
    with measured() as found:
        for edition in EDITIONS:
            taken = take_in(source, edition, edges.archive, edges.fetcher_of, row_floor=1)
            raw.write(edges, SOURCE, edition, taken.release.release_id, taken.table)
        for core in SUBJECTS[source.subject]:
            rules = checks.rules_for(core.table, SOURCE)
            for edition in EDITIONS:
                made = _made(source, core, edition, edges)
                verdict = judge(made.evidence, rules)
                assert verdict.accepted is not None
                edges.ledger.record("run", f"{core.name}:{edition}", made.release_id, verdict)
                gated._keep(edges, key_of(core.name, SOURCE), made, verdict.accepted)
    return found


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        result = {"ours": ours, "work": work}[sys.argv[1]](sys.argv[2], Path(folder))
    print(json.dumps({"seconds": result.seconds, "megabytes": result.megabytes}))
