"""Hazard P3: five hundred planted names and numbers of firms are found nowhere outside the archive and core.

A night over the bundled sample with an extract in which every name and number is a canary, and some
rows are wrong; then everything that a reader, an operator or a BI tool could see is searched.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import re
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import duckdb
import polars as pl
import pytest

from assets.catalogue import load_catalogue
from pipelines.instance import register_editions
from pipelines.night import Report
from pipelines.resources import build_edges
from pipelines.run import run_nightly_job
from pipelines.settings import Settings
from tests.sampled import register_file
from warehouse.location import duckdb_path

CANARIES = 500
NAMES = tuple(f"Kanarie{n:04}x Piet" for n in range(CANARIES))
NUMBERS = tuple(f"9177{n:04}3310" for n in range(CANARIES))
COMPANIES = tuple(f"8{n:04}177" for n in range(CANARIES))
WRONG = {
    3: ("buurtcode", "BU9"),
    50: ("werkzame_personen", "-4"),
    51: ("werkzame_personen", "vier"),
    90: ("sbi_code", "ONBEKEND"),
    120: ("peildatum", "00-13-2026"),
}
"""Rows that something is wrong with: what is set aside is shown to people."""


def planted() -> bytes:
    """The sample's extract with 500 rows whose names and numbers are canaries."""
    _, content = register_file()
    lines = content.decode("utf-8").splitlines()
    header = lines[0].split(";")
    columns = {name: at for at, name in enumerate(header)}
    for number in range(CANARIES):
        cells = lines[number + 1].split(";")
        cells[columns["vestigingsnummer"]] = NUMBERS[number]
        cells[columns["kvk_nummer"]] = COMPANIES[number]
        cells[columns["handelsnaam"]] = NAMES[number]
        if number in WRONG:
            column, value = WRONG[number]
            cells[columns[column]] = value
        if number % 100 == 7:
            # A supplier who writes the name where the place should be.
            cells[columns["plaats"]] = NAMES[number]
        lines[number + 1] = ";".join(cells)
    return "\n".join(lines).replace("2026-04-01", "2026-07-01").encode()


def night(home: Path, extract: bytes, events: list[str], source: str | None = None) -> Report:
    """A night over the sample with `extract` in the inbox; what Dagster and the loggers say is added
    to `events`."""
    settings = Settings(home=home, sources="sample")
    inbox = settings.inbox_folder
    inbox.mkdir(parents=True, exist_ok=True)
    dropped = inbox / "synthetic_register_2026-07-01.csv"
    dropped.write_bytes(extract)
    settled = dt.datetime(2026, 7, 20, tzinfo=dt.UTC).timestamp()
    os.utime(dropped, (settled, settled))
    edges = build_edges(settings, load_catalogue())
    handler = logging.Handler()
    handler.emit = lambda said: events.append(f"{said.getMessage()} {said.exc_text}")  # type: ignore[method-assign]
    logging.getLogger().addHandler(handler)
    try:
        with dg.DagsterInstance.ephemeral() as instance:
            register_editions(instance, edges.catalogue)
            report = run_nightly_job(edges, instance, source=source, log=events.append)
            for run in instance.get_runs():
                events += [str(event) for event in instance.all_logs(run.run_id)]
    finally:
        logging.getLogger().removeHandler(handler)
    events.append(str(report))
    return report


MAY_NAME = ("archive", "raw", "establishment", "inbox")
"""Folders that hold what was received: the archive, and the frames in which firms are named."""


def visible(home: Path) -> Iterator[tuple[str, str]]:
    """Name and text of every file that is left, but for those that may name firms; frames and the
    warehouse as rows, because their files are compressed."""
    for path in sorted(home.rglob("*")):
        inside = path.relative_to(home).parts
        if not path.is_file() or set(inside) & set(MAY_NAME):
            continue
        yield str(path), path.read_bytes().decode("utf-8", errors="ignore")
        if path.suffix == ".parquet":
            yield f"rows of {path}", pl.read_parquet(path).write_ndjson()
        if path.suffix == ".duckdb":
            yield from rows_of(path)


def rows_of(path: Path) -> Iterator[tuple[str, str]]:
    """Every row of every table and view of a warehouse."""
    with duckdb.connect(str(path), read_only=True) as connection:
        for schema, table in connection.execute(
            "SELECT table_schema, table_name FROM information_schema.tables"
        ).fetchall():
            rows = connection.execute(f'SELECT * FROM "{schema}"."{table}"').fetchall()
            yield f"rows of {schema}.{table}", "\n".join(map(str, rows))


CANARY = re.compile(
    r"Kanarie\d{4}x|9177\d{4}3310|(?<![0-9a-f.])8\d{4}177(?![0-9a-f])", re.IGNORECASE
)
"""A name, the number of an establishment, the number of a company; not within a longer number or hash."""


def found_in(texts: Iterator[tuple[str, str]]) -> dict[str, list[str]]:
    """The canaries found, by where."""
    return {where: here[:3] for where, text in texts if (here := CANARY.findall(text))}


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str], Report]:
    """A house after a night with the planted extract."""
    home = tmp_path_factory.mktemp("canaries")
    said: list[str] = []
    return home, said, night(home, planted(), said)


def test_the_planted_extract_was_taken_in(lived: tuple[Path, list[str], Report]) -> None:
    home, _, report = lived
    assert report.published
    warehouse = duckdb_path(Settings(home=home, sources="sample").warehouse)
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        [(rows,)] = connection.execute(
            "SELECT count(*) FROM mart.indicator_value WHERE period = '2026-07-01'"
        ).fetchall()
        [(aside,)] = connection.execute(
            "SELECT count(*) FROM mart.quarantine WHERE asset LIKE '%establishment%'"
        ).fetchall()
    assert rows > 0
    assert aside >= 3
    archive = b"".join(p.read_bytes() for p in home.rglob("*.csv"))
    assert NAMES[0].encode() in archive


def test_no_canary_is_left_in_what_anybody_can_see(lived: tuple[Path, list[str], Report]) -> None:
    home, said, _ = lived
    assert len(said) > 50
    assert not found_in(iter([("logs and events", "\n".join(said))]))
    assert not found_in(visible(home))


def test_no_count_of_single_establishments_leaves_core_unguarded(
    lived: tuple[Path, list[str], Report],
) -> None:
    home, _, _ = lived
    warehouse = duckdb_path(Settings(home=home, sources="sample").warehouse)
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        sources = connection.execute("SELECT DISTINCT source FROM core.figure").fetchall()
    assert sources
    assert ("establishment_register",) not in sources


def _without_header(extract: bytes) -> bytes:
    return extract.split(b"\n", 1)[1]


def test_an_extract_without_header_is_refused_without_quoting_it(tmp_path: Path) -> None:
    said: list[str] = []
    night(tmp_path, _without_header(planted()), said, "establishment_register")
    assert not found_in(iter([("logs and events", "\n".join(said))]))
    assert not found_in(visible(tmp_path))
