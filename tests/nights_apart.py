"""Nights in processes of their own, which may be killed or run out of disk, and what readers see.

A night says when it enters a stage, so that a kill can be aimed at each of them.
"""

from __future__ import annotations

import functools
import importlib
import multiprocessing
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

STAGES = {
    "fetch": ("assets.sources.transport", "Fetcher", "_once"),
    "archive": ("warehouse.archive", "Draft", "commit"),
    "parse": ("assets.raw", "", "write"),
    "tidy": ("assets.core_assets", "", "_made"),
    "gate": ("expectations.gate", "_Judge", "judge"),
    "load": ("warehouse.frames", "FrameStore", "write"),
    "learn": ("warehouse.history", "History", "commit"),
    "publish": ("warehouse.duckdb_file", "_Held", "replace"),
}
"""Where each stage begins: module, class, function."""

# Imported once, before the fork: a process that has used polars must not be forked, one that has
# only imported it may.
FORKED = multiprocessing.get_context("forkserver")
FORKED.set_forkserver_preload(
    [
        "tests.nights_apart",
        "tests.test_house",
        "great_expectations",
        "polars",
        "pandas",
        "duckdb",
        "duckdb_sqlalchemy",
        "pipelines.definitions",
        *sorted({module for module, _, _ in STAGES.values()}),
    ]
)


def night(home: str, env: dict[str, str], said: Connection) -> None:
    """A night of the house at `home`; says the stages it enters, and how it ended."""
    import dagster as dg

    from pipelines.instance import register_editions
    from pipelines.run import run_nightly_job
    from tests.test_house import edges_of

    for stage in STAGES:
        _announce(stage, said)
    edges = edges_of(Path(home), env)
    with dg.DagsterInstance.ephemeral() as instance:
        register_editions(instance, edges.catalogue)
        try:
            report = run_nightly_job(edges, instance)
        except OSError as error:  # as the command line does
            said.send(("end", 1, False, str(error)))
            return
    said.send(("end", report.exit_status, report.published, report.publication_failure))


def _announce(stage: str, said: Connection) -> None:
    module_name, class_name, name = STAGES[stage]
    module = importlib.import_module(module_name)
    owner = getattr(module, class_name) if class_name else module
    real: Callable[..., Any] = getattr(owner, name)

    @functools.wraps(real)
    def announced(*args: Any, **kwargs: Any) -> Any:
        said.send(("stage", stage))
        return real(*args, **kwargs)

    setattr(owner, name, announced)


def whole_night(home: Path, env: dict[str, str]) -> tuple[list[tuple[str, float]], Any]:
    """Run a night to its end; the stages it entered, each with its seconds, and how it ended."""
    here, there = FORKED.Pipe()
    process = FORKED.Process(target=night, args=(str(home), env, there))
    process.start()
    there.close()
    entered: list[tuple[str, float]] = []
    ended: Any = None
    last = time.monotonic()
    try:
        while True:
            kind, *what = here.recv()
            now = time.monotonic()
            if entered:
                entered[-1] = entered[-1][0], now - last
            last = now
            if kind == "end":
                ended = what
                break
            entered.append((what[0], 0.0))
    except EOFError:
        pass
    process.join()
    return entered, ended


def readers_see(home: Path) -> dict[str, tuple[int, str]]:
    """Rows and a hash of the content of every mart that readers see, whatever its order.

    Left out is what tells of the runs and not of the world: when, and under which number.
    """
    import duckdb

    from tests.test_house import edges_of
    from warehouse.location import duckdb_path

    apart = {
        "source_release": "EXCLUDE (fetched_at)",
    }
    path = duckdb_path(edges_of(home, {}).warehouse_url)
    with duckdb.connect(str(path), read_only=True) as connection:
        tables = connection.execute(
            "SELECT table_name FROM information_schema.tables "
            "WHERE table_schema = 'mart' AND table_type = 'BASE TABLE' ORDER BY 1"
        ).fetchall()
        return {
            table: connection.execute(
                f"SELECT count(*), CAST(bit_xor(hash(t)) AS VARCHAR) "
                f"FROM (SELECT * {apart.get(table, '')} FROM mart.{table}) t"
            ).fetchone()  # type: ignore[misc]
            for (table,) in tables
            if table not in {"expectation_result", "source_status", "publication"}
        }
