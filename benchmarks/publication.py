"""What a publication costs: a million changed facts beside a bare load of the same rows, and a night
that changes a little after 1, 12 and 60 vintages.

`python -m benchmarks.publication ENGINE WAY [NUMBER]`, ENGINE duckdb or postgresql, WAY one of
  ours [FACTS]       every one of a million published figures is revised: as many rows are closed,
                     as many are new
  bare [FACTS]       the same rows, which is twice as many, into an empty table of the same
                     declaration: COPY on PostgreSQL, INSERT from Parquet on DuckDB
  night VINTAGES     10,000 of 100,000 figures are revised, after that many vintages
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from benchmarks.measuring import Measured, measured
from benchmarks.warehouses import figures, publish, store, warehouse

FACTS = 1_000_000
NIGHT, REVISED = 100_000, 10_000


def ours(url: str, folder: Path, facts: int = FACTS) -> Measured:
    """From the files of the new release to what readers see."""
    before = store(figures(facts, 0, None), folder / "open.parquet")
    publish(url, folder, 1, [before])
    files = _revised(folder, facts)
    with measured() as found:
        publish(url, folder, 2, files)
    _check(url, 2 * facts)
    return found


def _revised(folder: Path, facts: int) -> list[Path]:
    return [
        store(figures(facts, 0, 1), folder / "closed.parquet"),
        store(figures(facts, 1, None), folder / "open.parquet"),
    ]


def _check(url: str, rows: int) -> None:
    from warehouse.reading import reading

    with reading(url) as reader:
        assert reader.rows("SELECT count(*) AS n FROM mart.indicator_value") == [{"n": rows}]


def bare(url: str, folder: Path, facts: int = FACTS) -> Measured:
    """The rows that `ours` writes, loaded by the engine's own fastest word and nothing else."""
    import polars as pl

    from warehouse import ddl
    from warehouse.location import PostgreSQL, locate
    from warehouse.tables import mart

    files = _revised(folder, facts)
    place = locate(url)
    if isinstance(place, PostgreSQL):
        import adbc_driver_postgresql.dbapi as adbc
        from sqlalchemy.dialects.postgresql import dialect

        rows = pl.concat(pl.read_parquet(file) for file in files).sort(
            "location_id", "indicator_id", "period", "known_from"
        )
        with adbc.connect(place.libpq) as connection, connection.cursor() as cursor:
            cursor.execute("CREATE SCHEMA mart")
            cursor.execute(ddl.create_table(mart.IndicatorValue, dialect(), keys=True))  # type: ignore[no-untyped-call]
            connection.commit()
            with measured() as found:
                cursor.adbc_ingest(
                    "indicator_value", rows.to_arrow(), mode="append", db_schema_name="mart"
                )
                connection.commit()
        return found
    import duckdb
    from duckdb_sqlalchemy import Dialect

    place.path.parent.mkdir(parents=True)
    with duckdb.connect(str(place.path)) as connection:
        connection.execute("SET preserve_insertion_order = false; CREATE SCHEMA mart")
        connection.execute(ddl.create_table(mart.IndicatorValue, Dialect(), keys=False))
        listed = ", ".join(ddl.quoted(str(file)) for file in files)
        with measured() as found:
            connection.execute(
                f"INSERT INTO mart.indicator_value SELECT * FROM read_parquet([{listed}]); CHECKPOINT"
            )
    return found


def night(url: str, folder: Path, vintages: int) -> Measured:
    """One more vintage: its segment is new, the open rows are others, older segments are as they were."""
    import polars as pl

    closed: list[Path] = []
    now = figures(NIGHT, 0, None)
    number = 0

    def revise(vintage: int) -> list[Path]:
        nonlocal now
        again = figures(NIGHT, vintage, None).slice((vintage * REVISED) % NIGHT, REVISED)
        key = ["location_id", "indicator_id", "period"]
        ends = now.join(again.select(key), on=key, how="semi").with_columns(
            known_to=again["known_from"][0]
        )
        now = pl.concat([now.join(again.select(key), on=key, how="anti"), again]).sort(key)
        closed.append(store(ends, folder / f"closed-{vintage:03}.parquet"))
        return [*closed, store(now, folder / "open.parquet")]

    files = [store(now, folder / "open.parquet")]
    for vintage in range(1, vintages):
        files = revise(vintage)
    publish(url, folder, 1, files)
    for number in (2, 3):  # the first makes sure that what is measured is not a first time
        files = revise(vintages + number)
        with measured() as found:
            publish(url, folder, number, files)
    _check(url, NIGHT + REVISED * (vintages + 1))
    return found


WAYS = {"ours": ours, "bare": bare, "night": night}

if __name__ == "__main__":
    with (
        tempfile.TemporaryDirectory() as home,
        warehouse(sys.argv[1], Path(home)) as address,
    ):
        result = WAYS[sys.argv[2]](address, Path(home), *map(int, sys.argv[3:]))
    print(json.dumps({"seconds": result.seconds, "megabytes": result.megabytes}))
