"""An extract of 2,000,000 establishments by 25 columns: from the file to guarded figures.

`python -m benchmarks.registry WAY FOLDER`, WAY one of: ours, pandas, duckdb. FOLDER holds the extract
(`samples.extracts`), with all that real ones have wrong. Ours archives, reads, types and judges
every row, counts all areas by size, section and set, and makes the marts; the other two read the
clean columns of the same file and count establishments and jobs by neighbourhood and division.
Everything that is imported is imported before the clock starts.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.measuring import Measured, measured

if TYPE_CHECKING:
    import polars as pl

ROWS = 2_000_000
SIZE = 1_804_200
"""Establishments a year before, of which come so many rows."""
DAY = "2026-04-01"


def extract(folder: Path) -> Path:
    """The extract, written once into `folder`."""
    import datetime as dt

    from samples.extracts import Register
    from samples.extracts import extract as written

    path = folder / f"synthetic_extract_{DAY}.csv"
    if not path.exists():
        written(folder, Register(SIZE), dt.date.fromisoformat(DAY))
        os.utime(path, (1_780_000_000, 1_780_000_000))
    return path


def ours(folder: Path, home: Path) -> Measured:
    """The way of the house: archived, read, typed, judged, counted, judged, made into marts."""
    import polars as pl

    from assets.catalogue import load_catalogue
    from assets.core import contributions, establishments, register_figures
    from assets.core.frames import Edition
    from assets.marts.values import values
    from assets.sources.inbox import BASE, InboxTransport
    from assets.sources.intake import take_in
    from assets.sources.reading import RawTable, empty_codes, empty_columns
    from assets.sources.transport import Fetcher
    from expectations.gate import judge
    from expectations.rules import Evidence
    from expectations.suites import suite
    from warehouse.archive import Archive
    from warehouse.frames import FrameStore
    from warehouse.tables import core, mart
    from warehouse.vocabulary import Table, polars_schema

    catalogue = load_catalogue()
    source = catalogue.sources["establishment_register"]
    empty = pl.DataFrame(schema=polars_schema(core.Establishment))
    judge(Evidence(empty, core.Establishment), suite(core.Establishment))  # imports the gate
    frames = FrameStore(home / "assets")
    of_register = [
        indicator.id
        for indicator in catalogue.indicators.values()
        if any(feed.source == source.name for feed in indicator.feeds)
    ]

    def gated(table: type[Table], frame: pl.DataFrame, **others: pl.DataFrame) -> pl.DataFrame:
        facts = {"measures": {}, "row_floor": source.row_floor, "sample": False}
        verdict = judge(
            Evidence(frame, table, source.name, DAY, others=others, facts=facts), suite(table)
        )
        assert verdict.accepted is not None, verdict.blocking
        frames.write(("core", table.__tablename__, source.name), DAY, verdict.accepted, {})
        return verdict.accepted

    with measured() as found:
        with Fetcher(BASE, transport=InboxTransport(folder)) as fetcher:
            taken = take_in(source, DAY, Archive(home / "archive"), lambda publisher: fetcher)
        release = taken.release
        frames.write(("raw", source.name, "rows"), DAY, taken.table.rows, {})
        edition = Edition(source, DAY, release.release_id, taken.table)
        del taken
        tidy = establishments.establishments(edition)
        edition = Edition(
            source, DAY, release.release_id, RawTable(empty, empty_columns(), empty_codes())
        )
        rows = gated(core.Establishment, tidy.frame)
        del tidy
        behind = gated(core.Contribution, contributions.contributions(edition, rows))
        figures = gated(
            core.Figure,
            register_figures.figures(edition, rows, behind),
            establishment=rows.head(0),
            contribution=behind,
        )
        made = values(
            catalogue,
            dict.fromkeys(of_register),
            {source.name: figures.lazy()},
            pl.DataFrame(
                {
                    "release_id": [release.release_id],
                    "known_from": [release.known_from],
                    "synthetic": [True],
                },
                schema_overrides={"known_from": pl.Datetime("us")},
            ),
            pl.DataFrame(schema=polars_schema(mart.LocationMember)),
            figures.get_column("region_code").unique(),
            contributions={source.name: behind.lazy()},
        )
        frames.write(("mart", "indicator_value"), "all", made, {})
    total = made.filter(
        pl.col("indicator_id") == "register_establishments",
        pl.col("location_id").str.starts_with("GM"),
    ).get_column("value")
    assert total.sum() > ROWS * 0.85, total.sum()
    assert made.height > 100_000, made.height
    return found


def pandas_way(folder: Path, home: Path) -> Measured:
    """A read and a group-by in pandas: lines that are not rows skipped, nothing kept or judged."""
    import pandas as pd

    with measured() as found:
        frame = pd.read_csv(
            folder / f"synthetic_extract_{DAY}.csv",
            sep=";",
            dtype=str,
            usecols=["buurtcode", "sbi_2025", "werkzame_personen", "datum_einde"],
            encoding_errors="replace",
            on_bad_lines="skip",
        )
        frame["persons"] = pd.to_numeric(frame["werkzame_personen"], errors="coerce")
        frame["division"] = frame["sbi_2025"].str[:2]
        working = frame[(frame["persons"] >= 1) & frame["datum_einde"].isna()]
        counted = working.groupby(["buurtcode", "division"])["persons"].agg(["size", "sum", "max"])
        counted.to_csv(home / "counted.csv")
    assert counted["size"].sum() > ROWS * 0.85
    return found


def duckdb_way(folder: Path, home: Path) -> Measured:
    """The same in SQL: lines that are not rows skipped, nothing kept or judged."""
    import duckdb

    with duckdb.connect(str(home / "floor.duckdb")) as connection, measured() as found:
        connection.execute(
            """
            CREATE TABLE counted AS
            SELECT buurtcode, left(sbi_2025, 2) AS division, count(*) AS establishments,
                   sum(try_cast(werkzame_personen AS BIGINT)) AS jobs,
                   max(try_cast(werkzame_personen AS BIGINT)) AS largest
            FROM read_csv(?, delim = ';', header = true, all_varchar = true, ignore_errors = true,
                          quote = '', encoding = 'utf-8')
            WHERE try_cast(werkzame_personen AS BIGINT) >= 1 AND datum_einde IS NULL
            GROUP BY ALL
            """,
            [str(folder / f"synthetic_extract_{DAY}.csv")],
        )
        [(count,)] = connection.execute("SELECT sum(establishments) FROM counted").fetchall()
    assert count > ROWS * 0.85
    return found


WAYS = {"ours": ours, "pandas": pandas_way, "duckdb": duckdb_way}

if __name__ == "__main__":
    given = Path(sys.argv[2])
    extract(given)
    with tempfile.TemporaryDirectory(dir=given) as name:
        result = WAYS[sys.argv[1]](given, Path(name))
    print(json.dumps({"seconds": result.seconds, "megabytes": result.megabytes}))
