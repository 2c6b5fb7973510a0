"""An export as a whole: what is in the folder, what the manifest says, and what a failure leaves."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import polars as pl
import pytest

from tests.postgres import fresh_database
from warehouse.dictionary import dictionary
from warehouse.exports import csv_file, manifest
from warehouse.exports.exporting import CannotExportError, Request, export
from warehouse.exports.relations import NoSuchTableError
from warehouse.parts import Copies
from warehouse.publishing import Seen, publishing
from warehouse.reading import Reader, reading
from warehouse.tables import mart, published
from warehouse.vocabulary import Table, polars_schema

THEN, LATER = dt.datetime(2021, 3, 26), dt.datetime(2022, 3, 26)


@dataclass(frozen=True)
class Inhabitants:
    """The one indicator."""

    id: str = "inhabitants"
    name_nl: str = "Inwoners"
    name_en: str = "Inhabitants"
    unit: str = "persons"


def value(known_from: dt.datetime, known_to: dt.datetime | None, number: float) -> dict[str, Any]:
    return {
        "location_id": "hessenpoort",
        "indicator_id": "inhabitants",
        "period": "2020",
        "known_from": known_from,
        "value": number,
        "status": "not_stated",
        "method": "exact",
        "known_to": known_to,
        "opened_by": "release",
        "release_id": "r",
        "synthetic": False,
    }


ROWS: dict[type[Table], list[dict[str, Any]]] = {
    mart.Publication: [
        {
            "publication_id": f"{n:06}",
            "published_at": THEN + dt.timedelta(days=n),
            "code_version": "1",
            "content_hash": f"{n:064}",
        }
        for n in (2, 1)
    ],
    mart.SourceRelease: [
        {
            "release_id": release,
            "source": source,
            "edition": "2020",
            "identifier": "x",
            "url": "https://example.org/",
            "sha256": "0" * 64,
            "bytes": 1,
            "fetched_at": THEN,
            "licence": "CC BY 4.0",
            "attribution": "CBS",
            "synthetic": synthetic,
        }
        for release, source, synthetic in (("r", "cbs_kwb", False), ("s", "register", True))
    ],
    mart.Location: [
        {
            "location_id": name,
            "name": text,
            "kind": "site",
            "status": "active",
            "boundary_status": "composed",
        }
        for name, text in (("hessenpoort", "=cmd()"), ("a", "'s-Heerenbroek"), ("b", "-5"))
    ],
    mart.IndicatorValue: [value(THEN, LATER, -1.5), value(LATER, None, 2.0)],
    mart.Dictionary: dictionary(published.READABLE, [Inhabitants()]).to_dicts(),
}


def publish(url: str, folder: Path) -> None:
    """A small warehouse at `url`."""
    contents = {
        t: pl.DataFrame(ROWS.get(t, []), schema=polars_schema(t)) for t in published.READABLE
    }
    with publishing(url, Copies(folder)) as target:
        target.replace(contents, ["inhabitants"], Seen("content", "state"))


@pytest.fixture(scope="module")
def urls(tmp_path_factory: pytest.TempPathFactory, postgres: str) -> dict[str, str]:
    """The small warehouse in both engines."""
    folder = tmp_path_factory.mktemp("warehouse")
    both = {"duckdb": f"duckdb:///{folder / 'w.duckdb'}", "postgresql": fresh_database(postgres)}
    for engine, url in both.items():
        publish(url, folder / engine)
    return both


@pytest.fixture
def warehouse(urls: dict[str, str]) -> Iterator[Reader]:
    """The small warehouse in a file, open."""
    with reading(urls["duckdb"]) as opened:
        yield opened


def test_every_table_and_view_is_there_in_every_format_and_the_manifest_proves_it(
    warehouse: Reader, tmp_path: Path
) -> None:
    told = export(warehouse, tmp_path / "out", Request())
    wanted = [table.__tablename__ for table in mart.TABLES] + [
        row["table_name"]
        for row in ROWS[mart.Dictionary]
        if row["kind"] == "view" and row["column_name"] == "*"
    ]
    files = {f"{name}.{ending}" for name in wanted for ending in ("csv", "parquet", "xlsx")}
    assert {p.name for p in (tmp_path / "out").iterdir()} == files | {"README.md", "manifest.json"}
    assert json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8")) == told
    assert told["complete"]
    assert told["publication"]["publication_id"] == "000002"
    assert {file["file"] for file in told["files"]} == files
    for file in told["files"]:
        content = (tmp_path / "out" / file["file"]).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (
            file["bytes"],
            file["sha256"],
        )
    assert [(s["source"], s["licence"], s["synthetic"]) for s in told["sources"]] == [
        ("cbs_kwb", "CC BY 4.0", False),
        ("register", "CC BY 4.0", True),
    ]
    said = (tmp_path / "out" / "README.md").read_text("utf-8")
    assert f"{2:064}" in said and "invented" in said and "CC BY 4.0" in said


def test_the_same_publication_gives_the_same_bytes(warehouse: Reader, tmp_path: Path) -> None:
    request = Request(tables=("location", "location_profile", "core.region"))
    first, second = (export(warehouse, tmp_path / name, request) for name in "ab")
    assert first == second
    assert {file["file"].split(".")[0] for file in first["files"]} == {
        "location",
        "location_profile",
        "core-region",
    }


def test_both_engines_give_the_same_bytes(urls: dict[str, str], tmp_path: Path) -> None:
    told = {}
    for engine, url in urls.items():
        with reading(url) as opened:
            assert opened.engine == engine
            told[engine] = export(opened, tmp_path / engine, Request(("csv", "parquet")))
            as_of = Request(("csv",), ("indicator_value",), dt.date(2021, 3, 26))
            told[f"{engine} as of"] = export(opened, tmp_path / f"{engine} as of", as_of)
    assert told["duckdb"] == told["postgresql"]
    assert told["duckdb as of"] == told["postgresql as of"]
    assert told["duckdb as of"]["files"][0]["rows"] == 1


def test_texts_are_defused_where_a_spreadsheet_reads_them(
    warehouse: Reader, tmp_path: Path
) -> None:
    told = export(warehouse, tmp_path, Request(tables=("location",)))
    names = ["'s-Heerenbroek", "-5", "=cmd()"]
    assert pl.read_parquet(tmp_path / "location.parquet")["name"].to_list() == names
    safe = ["'s-Heerenbroek", "'-5", "'=cmd()"]
    assert pl.read_csv(tmp_path / "location.csv")["name"].to_list() == safe
    sheet = openpyxl.load_workbook(tmp_path / "location.xlsx")["location"]
    assert [sheet.cell(row, 2).value for row in (2, 3, 4)] == safe
    assert {f["format"]: f["defused_cells"] for f in told["files"]} == {
        "parquet": 0,
        "csv": 2,
        "xlsx": 2,
    }


def test_as_of_a_day_gives_what_was_known_when_it_ended(warehouse: Reader, tmp_path: Path) -> None:
    for day, known in ((25, []), (26, [-1.5])):
        as_of = dt.date(2021, 3, day)
        request = Request(("parquet",), ("indicator_value",), as_of)
        export(warehouse, tmp_path, request)
        assert pl.read_parquet(tmp_path / "indicator_value.parquet")["value"].to_list() == known
    everything = export(warehouse, tmp_path, Request(("csv",), as_of=as_of))
    assert everything["as_of"] == "2021-03-26"
    assert "mart.location_profile" in everything["left_out"]
    with pytest.raises(CannotExportError, match=r"mart.location_profile says what is known now"):
        export(warehouse, tmp_path, Request(tables=("location_profile",), as_of=as_of))


def test_a_workbook_for_people_has_dutch_headings_and_says_whence_it_is(
    warehouse: Reader, tmp_path: Path
) -> None:
    request = Request(("xlsx",), ("location_profile", "person_role"), headings="nl")
    export(warehouse, tmp_path, request)
    book = openpyxl.load_workbook(tmp_path / "location_profile.xlsx")
    headings = [cell.value for cell in book["location_profile"][1]]
    assert headings[:2] == ["Locatie", "Naam"]
    assert "Inwoners" in headings
    told = {row[0]: row[1] for row in book["about"].iter_rows(values_only=True)}
    assert told["publication_id"] == "000002"
    assert told["cbs_kwb"] == "CC BY 4.0"
    assert told["inhabitants"] == "Inhabitants, persons: the newest value."
    for name in ("location_profile", "person_role"):
        [row] = openpyxl.load_workbook(tmp_path / f"{name}.xlsx")[name].iter_rows(
            max_row=1, values_only=True
        )
        assert len(set(row)) == len(row)


def test_a_folder_holds_one_export_and_nothing_of_anybody_else(
    warehouse: Reader, tmp_path: Path
) -> None:
    export(warehouse, tmp_path / "out", Request(("csv",), ("location", "indicator")))
    export(warehouse, tmp_path / "out", Request(("parquet",), ("location",)))
    assert {p.name for p in (tmp_path / "out").iterdir()} == {
        "location.parquet",
        "README.md",
        "manifest.json",
    }
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "README.md").write_text("mine")
    (tmp_path / "file").write_text("mine")
    for name, said in (("other", "holds other files"), ("file", "is a file")):
        with pytest.raises(CannotExportError, match=said):
            export(warehouse, tmp_path / name, Request())
    assert (tmp_path / "other" / "README.md").read_text() == "mine"


def test_a_failure_leaves_whole_files_and_a_manifest_that_says_so(
    warehouse: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = Request(("csv",), ("location", "indicator_value"))
    export(warehouse, tmp_path, request)
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}

    def full(self: csv_file.CsvFile, frame: pl.DataFrame) -> None:
        if "indicator_id" in frame.columns:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(csv_file.CsvFile, "write", full)
    with pytest.raises(OSError, match="No space"):
        export(warehouse, tmp_path, request)
    after = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    assert set(after) == set(before)
    assert after["indicator_value.csv"] == before["indicator_value.csv"]
    assert not json.loads(after[manifest.NAME])["complete"]
    monkeypatch.undo()
    (tmp_path / ".location.csv.1.part").write_text("half")
    export(warehouse, tmp_path, request)
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"formats": ("ods",)}, "expected parquet, csv, xlsx; came ods"),
        ({"headings": "fr"}, "expected names, nl; came fr"),
    ],
)
def test_a_format_or_heading_that_there_is_not_is_refused(asked: Any, said: str) -> None:
    with pytest.raises(CannotExportError, match=said):
        Request(**asked)


def test_a_table_that_there_is_not_is_refused_before_anything_is_written(
    warehouse: Reader, tmp_path: Path
) -> None:
    with pytest.raises(NoSuchTableError, match=r"did you mean mart.location_profile\?"):
        export(warehouse, tmp_path / "out", Request(tables=("location_profle",)))
    assert not (tmp_path / "out").exists()


def test_a_warehouse_of_a_version_without_dictionary_is_told_what_to_do(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "w.duckdb")) as connection:
        connection.execute(
            "CREATE SCHEMA mart; CREATE TABLE mart.publication (publication_id VARCHAR)"
        )
    with (
        reading(f"duckdb:///{tmp_path / 'w.duckdb'}") as opened,
        pytest.raises(NoSuchTableError, match="run `locatiemonitor nightly`"),
    ):
        export(opened, tmp_path / "out", Request())
