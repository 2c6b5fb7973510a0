"""45012NED, 435,456 rows in 44 pages: from the first request to archived, gated and loaded.

`python -m benchmarks.iv3_table WAY URL`, WAY one of: ours, screen, floor, cbsodata, pandas. Everything
that is imported is imported before the clock starts; the publisher is another process.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from benchmarks.measuring import Measured, measured

TABLE = "45012NED"
ROWS = 435_456


def ours(url: str, home: Path) -> Measured:
    """The way of the house: fetch, archive, read, hold against the declaration, core, gate, load."""
    import duckdb
    import polars as pl

    from assets import raw
    from assets.catalogue import load_catalogue
    from assets.core import budgets
    from assets.core.frames import Edition
    from assets.sources.intake import take_in
    from assets.sources.transport import Fetcher
    from expectations.gate import judge
    from expectations.rules import Evidence
    from expectations.suites import suite
    from warehouse.archive import Archive
    from warehouse.duckdb_file import publish
    from warehouse.frames import FrameStore
    from warehouse.tables import core
    from warehouse.vocabulary import polars_schema

    source = load_catalogue().sources["iv3_provinces"]
    rules = suite(core.BudgetLine)
    facts = {"measures": {}, "row_floor": source.row_floor, "sample": False}
    empty = pl.DataFrame(schema=polars_schema(core.BudgetLine))
    judge(
        Evidence(empty, core.BudgetLine, source.name, "2013", facts=facts), rules
    )  # imports the gate
    duckdb.connect().close()
    frames, path = FrameStore(home / "assets"), home / "warehouse.duckdb"
    with measured() as found:
        with Fetcher(url) as fetcher:
            taken = take_in(source, "2013", Archive(home / "archive"), lambda publisher: fetcher)
        frames.write(("raw", source.name, raw.ROWS), "2013", taken.table.rows, {})
        lines = budgets.budget_lines(Edition(source, "2013", taken.release.release_id, taken.table))
        del taken
        verdict = judge(Evidence(lines, core.BudgetLine, source.name, "2013", facts=facts), rules)
        del lines
        assert verdict.accepted is not None, verdict.blocking
        frames.write(("core", source.name), "2013", verdict.accepted, {})
        publish(path, {core.BudgetLine: frames.path(("core", source.name), "2013")}, None)
    with duckdb.connect(str(path), read_only=True) as connection:
        [(rows, total)] = connection.execute(
            "SELECT count(*), sum(amount_eur) FILTER (WHERE province_code = 'PV23' AND report = 'accounts' "
            "AND side = 'costs' AND function_kind = 'function') FROM core.budget_line"
        ).fetchall()
    assert (rows, round(total)) == (ROWS, 1_460_159_000), (rows, total)
    return found


def screen(url: str, home: Path) -> Measured:
    """What the screen shows of it, alone: changes against a release in which one cell in a hundred was
    corrected and a hundred rows were left out, counts and a preview."""
    import polars as pl

    from assets import shown
    from assets.catalogue import load_catalogue
    from assets.core import budgets
    from assets.core.frames import Edition
    from assets.sources.intake import take_in
    from assets.sources.transport import Fetcher
    from expectations.quarantine import no_rows
    from expectations.rules import Evidence, Verdict
    from warehouse.archive import Archive
    from warehouse.tables import core

    source = load_catalogue().sources["iv3_provinces"]
    with Fetcher(url) as fetcher:
        taken = take_in(source, "2013", Archive(home / "archive"), lambda publisher: fetcher)
    lines = budgets.budget_lines(Edition(source, "2013", taken.release.release_id, taken.table))
    number = pl.int_range(pl.len())
    before = lines.filter(~number.is_between(200_000, 200_099)).with_columns(
        amount_eur=pl.col("amount_eur") + (number % 100 == 0).cast(pl.Float64)
    )
    evidence = Evidence(lines, core.BudgetLine, source.name, "2013", last_good=before)
    with measured() as found:
        told = shown.metadata(shown.Passed(evidence, Verdict(lines, (), no_rows()), "release"))
    assert told[shown.ADDED] == 100, told
    assert told[shown.CHANGED] > 1000, told
    return found


def floor(url: str, home: Path) -> Measured:
    """Download, hash, parse and load alone: nothing kept, nothing judged."""
    import hashlib

    import duckdb
    import httpx
    import polars as pl

    from assets.sources import odata

    schema = pl.Schema(
        {
            "ID": pl.Int64,
            "FunctieKostenplaatsBalanspost": pl.String,
            "Categorie": pl.String,
            "Provincies": pl.String,
            "Verslagsoort": pl.String,
            "k_1stePlaatsing_1": pl.Float64,
            "k_2dePlaatsing_2": pl.Float64,
        }
    )
    duckdb.connect().close()
    with measured() as found:
        sha256, pages = hashlib.sha256(), []
        with httpx.Client() as client:
            link: str | None = f"{url}/ODataFeed/odata/{TABLE}/TypedDataSet?$format=json"
            while link:
                body = client.get(link).content
                sha256.update(body)
                pages.append(odata.rows(link, body, schema, TABLE))
                link = odata.envelope(link, body).get("odata.nextLink")
        rows = pl.concat(pages)
        with duckdb.connect(str(home / "floor.duckdb")) as connection:
            connection.register("arrived", rows.to_arrow())
            connection.execute("CREATE TABLE lines AS SELECT * FROM arrived")
    assert rows.height == ROWS
    return found


def cbsodata_client(url: str, home: Path) -> Measured:
    """The public client to a DataFrame: not archived, not judged, not loaded."""
    import cbsodata
    import pandas as pd

    cbsodata.options.catalog_url = url.removeprefix("http://")
    cbsodata.options.use_https = False
    with measured() as found:
        frame = pd.DataFrame(cbsodata.get_data(TABLE))
    assert len(frame) == ROWS
    return found


def pandas_loop(url: str, home: Path) -> Measured:
    """A plain loop over pages into a DataFrame: not archived, not judged, not loaded."""
    import httpx
    import pandas as pd

    with measured() as found:
        pages = []
        link: str | None = f"{url}/ODataFeed/odata/{TABLE}/TypedDataSet?$format=json"
        while link:
            said = httpx.get(link).json()
            pages.append(pd.DataFrame(said["value"]))
            link = said.get("odata.nextLink")
        frame = pd.concat(pages)
    assert len(frame) == ROWS
    return found


WAYS = {
    "ours": ours,
    "screen": screen,
    "floor": floor,
    "cbsodata": cbsodata_client,
    "pandas": pandas_loop,
}

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        result = WAYS[sys.argv[1]](sys.argv[2], Path(folder))
    print(json.dumps({"seconds": result.seconds, "megabytes": result.megabytes}))
