"""The unchanged night over 200 tables: what it costs to find that there is nothing to do.

`python -m benchmarks.unchanged_night WAY URL`, WAY one of: ours, many, floor. The first night, which
takes the tables in, is not measured; the floor is one request for the catalogue, parsed. `many` lives
a thousand nights with Dagster's records on disk, and tells how the last differ from the first.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.measuring import Measured, measured
from tests.publishers import small_source

TABLES = 200
NIGHTS = int(os.environ.get("LM_BENCH_NIGHTS", "1000"))
SHOWN = 40
"""Nights at either end that are compared: the first are those after which old ones are forgotten."""


def _edges(url: str, home: Path) -> Any:
    from assets.catalogue import load_catalogue
    from assets.catalogue.models import Feed, Source
    from pipelines.resources import build_edges
    from pipelines.settings import Settings

    known = load_catalogue()
    sources = {
        f"small_{n}": Source.model_validate(small_source(f"small_{n}", {"current": n}))
        for n in range(1, TABLES + 1)
    }
    # Indicators that are promised must be there for the marts to pass: one small table feeds them all.
    feed = Feed.model_validate(
        {
            "source": "small_1",
            "measure": "establishments",
            "breakdown": "total",
            "levels": ["municipality"],
        }
    )
    indicators = {
        name: indicator.model_copy(update={"feeds": (feed,)}) if indicator.feeds else indicator
        for name, indicator in known.indicators.items()
    }
    # Counts of documents are fed by whichever source of documents there is: an empty inbox.
    sources["dropped_documents"] = known.sources["dropped_documents"]
    catalogue = replace(known, sources=sources, indicators=indicators)
    edges = build_edges(Settings(home=home, sources="live", cbs_v3_url=url), catalogue)
    _took_in(edges)
    return edges


def ours(url: str, home: Path) -> Measured:
    """A night of the house after one that took in everything; seconds of processor time."""
    import dagster as dg

    from pipelines.run import run_nightly_job

    edges = _edges(url, home)
    with dg.DagsterInstance.ephemeral() as instance:
        run_nightly_job(edges, instance)
        with measured() as found:
            began = time.process_time()
            report = run_nightly_job(edges, instance)
            spent = time.process_time() - began
    assert not report.taken, report
    assert not report.published, report
    found.seconds = spent
    return found


def many(url: str, home: Path) -> dict[str, float]:
    """First and last of many nights: processor seconds, megabytes resident, kilobytes of state."""
    from pipelines.instance import open_instance
    from pipelines.run import run_nightly_job
    from pipelines.settings import Settings

    edges = _edges(url, home)
    spent, resident, state = [], [], []
    with open_instance(Settings(home=home, sources="live")) as instance:
        run_nightly_job(edges, instance)
        for _ in range(NIGHTS):
            began = time.process_time()
            report = run_nightly_job(edges, instance)
            spent.append(time.process_time() - began)
            assert not report.taken, report
            resident.append(_resident())
            state.append(_kilobytes(home))
    said = {}
    for name, values in (("seconds", spent), ("megabytes", resident), ("kilobytes", state)):
        first, last = sorted(values[SHOWN : 2 * SHOWN]), sorted(values[-SHOWN:])
        said[f"{name} first"], said[f"{name} last"] = first[len(first) // 2], last[len(last) // 2]
    return said


def _kilobytes(home: Path) -> float:
    """Size of all files, but of SQLite's journals, which come and go from night to night."""
    files = [f for f in home.rglob("*") if f.is_file() and f.suffix not in (".db-wal", ".db-shm")]
    return sum(file.stat().st_size for file in files) / 1024


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024**2


def _took_in(edges: Any) -> None:
    """What a first night leaves, made without Dagster: the marts of no indicator are not the point."""
    from assets import raw, stamps
    from assets.core import SUBJECTS, key_of
    from assets.core.frames import Edition
    from assets.sources.intake import take_in

    for source in edges.catalogue.sources.values():
        if source.publisher == "inbox":
            continue
        taken = take_in(source, "current", edges.archive, edges.fetcher_of)
        release_id = taken.release.release_id
        raw.write(edges, source.name, "current", release_id, taken.table)
        stamp = stamps.of_release(edges.catalogue, source.name, release_id, edges.code_version)
        for core in SUBJECTS[source.subject]:
            frame = core.make(Edition(source, "current", release_id, taken.table), {})
            edges.frames.write(key_of(core.name, source.name), "current", frame, stamp)


def floor(url: str, home: Path) -> Measured:
    """The cheap question alone."""
    import httpx

    with measured() as found:
        said = httpx.get(f"{url}/ODataCatalog/Tables?$format=json").json()
        assert len(said["value"]) >= TABLES
    return found


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        if sys.argv[1] == "many":
            print(json.dumps(many(sys.argv[2], Path(folder))))
        else:
            result = {"ours": ours, "floor": floor}[sys.argv[1]](sys.argv[2], Path(folder))
            print(json.dumps({"seconds": result.seconds, "megabytes": result.megabytes}))
