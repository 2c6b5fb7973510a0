"""`python -m benchmarks`: measures everything against the stand-in in one run, prints the table
and writes it to `benchmarks/RESULTS.md`. Needs the published tables (see `tests/publishers/shared`).
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import documents, hostile, unchanged_night
from benchmarks.measuring import RUNS, Row, in_own_process, row
from tests.publishers import publishers_process, shared

RESULTS = Path(__file__).parent / "RESULTS.md"
HEAD = ("what", "median s", "min - max s", "MB above start", "promised")


def rows() -> Iterator[Row]:
    """Every line of the table, as it is measured."""
    with publishers_process(["45012NED"], tables=200) as env:
        budgets, small = env["LM_CBS_THIRD_PARTY_URL"], env["LM_CBS_V3_URL"]
        yield row(
            "45012NED (435,456 rows, 44 pages): fetched, archived, gated, loaded",
            in_own_process("benchmarks.iv3_table", "ours", budgets),
            "1.5 s, 250 MB above the imports",
        )
        yield row(
            "- what the screen shows of it: changes, counts, preview",
            in_own_process("benchmarks.iv3_table", "screen", budgets),
            "5 % of it",
        )
        yield row(
            "- floor: download, hash, parse, load",
            in_own_process("benchmarks.iv3_table", "floor", budgets),
        )
        yield row(
            "- cbsodata to a DataFrame, nothing kept or judged",
            in_own_process("benchmarks.iv3_table", "cbsodata", budgets, runs=2),
        )
        yield row(
            "- a plain pandas loop, nothing kept or judged",
            in_own_process("benchmarks.iv3_table", "pandas", budgets, runs=2),
        )
        yield row(
            "unchanged night over 200 tables (processor time)",
            in_own_process("benchmarks.unchanged_night", "ours", small),
            "3 s",
        )
        yield from _nights(small)
        for what, way, promise in (
            (
                "a backfill of 30 editions, one run, Dagster's records on disk",
                "ours",
                "5 s above the next",
            ),
            ("- floor: the same intakes without Dagster", "work", ""),
        ):
            yield row(what, in_own_process("benchmarks.backfill", way, small, runs=3), promise)
        yield row(
            "- floor: the catalogue asked and parsed",
            in_own_process("benchmarks.unchanged_night", "floor", small),
        )
    yield row(
        "definitions loaded (whole process)",
        in_own_process("benchmarks.definitions", "ours"),
        "2.5 s, 150 MB",
    )
    yield row("- floor: import dagster", in_own_process("benchmarks.definitions", "floor"))
    yield _documents(
        "10,000 documents of 3.5 kB, 5,000 aliases: read, recorded, linked (once)",
        "ours",
        "30 s on 2 cores",
    )
    yield _documents("- the same with 500 aliases (once)", "few")
    yield _documents("- 2,500 documents of four times the length (once)", "long")
    yield _alternation()
    for what, which in hostile.KINDS.items():
        yield row(
            f"{what}: refused",
            in_own_process("benchmarks.hostile", which, runs=2, warm=0),
            "2 s, 300 MB",
        )
    yield from _register()
    yield from _warehouses()


def _nights(url: str) -> Iterator[Row]:
    """Many quiet nights: what the last cost beside the first, in time, memory and state (once)."""
    [said] = in_own_process("benchmarks.unchanged_night", "many", url, runs=1, warm=0)
    for when in ("first", "last"):
        state = said[f"kilobytes {when}"]
        yield row(
            f"- the {when} of {unchanged_night.NIGHTS:,} quiet nights, records on disk; state {state:,.0f} kB (once)",
            [{"seconds": said[f"seconds {when}"], "megabytes": said[f"megabytes {when}"]}],
            "drift under 5 %" if when == "last" else "",
        )


def _register() -> Iterator[Row]:
    """A register extract of full size, beside counts of its clean columns alone: once each."""
    with tempfile.TemporaryDirectory() as folder:
        for what, way, promise in (
            (
                "2,000,000 establishments by 25 columns: from the file to guarded figures (once)",
                "ours",
                "15 s, 1,500 MB",
            ),
            ("- pandas: counts of clean columns, nothing kept or judged (once)", "pandas", ""),
            ("- DuckDB SQL: the same counts (once)", "duckdb", ""),
        ):
            found = in_own_process("benchmarks.registry", way, folder, runs=1, warm=0)
            yield row(what, found, promise)


def _warehouses() -> Iterator[Row]:
    """Publication and questions on either engine: measured once each, because they take long."""
    for engine in ("duckdb", "postgresql"):

        def once(what: str, module: str, *how: str, promise: str = "", engine: str = engine) -> Row:
            return row(
                f"{what} ({engine}, once)",
                in_own_process(f"benchmarks.{module}", engine, *how, runs=1, warm=0),
                promise,
            )

        yield once(
            "1,000,000 changed facts published (2,000,000 rows: closed and new)",
            "publication",
            "ours",
            promise="3 times the bare load",
        )
        yield once("- floor: the same rows loaded bare, key included", "publication", "bare")
        for vintages in ("1", "12", "60"):
            yield once(
                f"a night that revises 10,000 of 100,000 facts, after {vintages} vintages",
                "publication",
                "night",
                vintages,
            )
        yield once(
            "profile of a location as of a moment, 10 million rows in 12 vintages, 95th percentile",
            "as_of",
            promise="0.05 s",
        )


def _documents(what: str, way: str, promise: str = "") -> Row:
    """A row of documents: measured once, because it takes long, in processes forked from this."""
    taken = documents.run(way)
    return row(what, [{"seconds": taken.seconds, "megabytes": taken.megabytes}], promise)


def _alternation() -> Row:
    """What most would write, on so few documents that it ends, and what that comes to for all."""
    taken = documents.run("alternation")
    few, many = documents.WAYS["alternation"][1], documents.WAYS["ours"][1]
    scaled = taken.seconds / few * many
    return row(
        f"- one expression of all 5,000 aliases, names only, {few} documents "
        f"({scaled:,.0f} s for {many:,}; once)",
        [{"seconds": taken.seconds, "megabytes": taken.megabytes}],
    )


def main() -> None:
    """Measure, print, write."""
    if not shared.available():
        sys.exit(
            "the published tables are not here; set LM_SHARED_DATA to the folder that holds them"
        )
    lines = ["| " + " | ".join(HEAD) + " |", "|" + "|".join(["---"] * len(HEAD)) + "|"]
    print("\n".join(lines), flush=True)
    for found in rows():
        lines.append("| " + " | ".join(found.cells) + " |")
        print(lines[-1], flush=True)
    machine = (
        f"{os.cpu_count()} processors, Python {platform.python_version()}, {platform.system()}"
    )
    RESULTS.write_text(
        "# Benchmarks\n\n"
        f"`make bench`, {machine}. Median of {RUNS} runs (2 of the public clients) after one that does not count,\n"
        "each in a process of its own, the publisher in another; memory is the peak above where the process\n"
        "stood when everything was imported (for the definitions: of the whole process). Documents are\n"
        "invented, in the size and the shape of real ones; their rows are of one run, in two processes.\n\n"
        + "\n".join(lines)
        + "\n"
    )


if __name__ == "__main__":
    main()
