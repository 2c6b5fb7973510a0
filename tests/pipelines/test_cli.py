"""The command line, on the bundled sample: what it shows, and with what status it ends, on either
engine; and that both engines answer alike."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner, Result

from assets.catalogue import load_catalogue
from pipelines.cli import app
from tests.docs.test_readme import QUERIES
from tests.postgres import fresh_database
from tests.warehouse.alike import differences
from warehouse import views
from warehouse.parts import Copies
from warehouse.publishing import Seen, publishing
from warehouse.reading import reading
from warehouse.tables import mart, published
from warehouse.vocabulary import name_of, polars_schema

Run = Callable[..., Result]


@pytest.fixture
def run(sample_home: Path) -> Run:
    """Runs a command on a home after its first night."""

    def invoke(*arguments: str, **env: str) -> Result:
        return CliRunner().invoke(
            app, list(arguments), env={"LM_HOME": str(sample_home), "COLUMNS": "200", **env}
        )

    return invoke


def test_the_second_night_says_that_nothing_is_new(run: Run) -> None:
    result = run("nightly")
    assert result.exit_code == 0
    assert "Nothing new" in result.output
    said: dict[str, Any] = json.loads(run("nightly", "--json").stdout.splitlines()[-1])
    assert (said["exit_status"], said["taken"], said["published"]) == (0, [], False)


def test_show_gives_figures_with_their_surroundings_and_says_what_is_missing(run: Run) -> None:
    result = run("show", "kennispark-twente")
    assert result.exit_code == 0
    assert "149" in result.output
    assert "SYNTHETIC" in result.output
    assert "no figure (not_published)" in result.output
    zone = run("show", "spoorzone-zwolle")
    assert "no figure (no_boundary)" in zone.output
    assert "boundary: none" in zone.output


def test_show_gives_the_dossier_beside_the_figures(run: Run) -> None:
    printed = run("show", "technology-base-twente").output
    assert "decided: PS/2016/486 TecBase Twente (investment decision; SYNTHETIC)" in printed
    dossier = json.loads(run("show", "technology-base-twente", "--json").stdout)["dossier"]
    assert {line["event"] for line in dossier} >= {"decided", "planned", "reported", "spent"}
    years = [line["year"] for line in dossier if line["year"]]
    assert years == sorted(years) and set(years) == {2016, 2017, 2018, 2019, 2020}
    assert all(line["quote"] and line["document_id"] and line["section"] for line in dossier)
    then = run("show", "technology-base-twente", "--as-of", "2018-12-31", "--json")
    known = {line["document_id"] for line in json.loads(then.stdout)["dossier"]}
    assert known < {line["document_id"] for line in dossier}


def test_show_knows_a_location_by_its_aliases(run: Run) -> None:
    said = json.loads(run("show", "HTSM-park", "--json").stdout)
    assert said["location"]["location_id"] == "high-tech-systems-park"


def test_show_as_of_answers_as_it_would_have_then(run: Run) -> None:
    before = json.loads(run("show", "kennispark-twente", "--as-of", "2021-01-01", "--json").stdout)
    after = json.loads(run("show", "kennispark-twente", "--as-of", "2021-12-31", "--json").stdout)
    inhabitants = [f["value"] for f in after["figures"] if f["indicator_id"] == "inhabitants"]
    assert inhabitants == [5]
    assert "inhabitants" not in {f["indicator_id"] for f in before["figures"]}


def test_every_query_for_reports_gives_the_same_answer_in_both_engines(
    sample_home: Path, database: str, tmp_path: Path
) -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "bi.md").read_text("utf-8")
    queries = re.findall(r"^```sql\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert len(queries) >= 18
    contents: dict[Any, Any] = {}
    with reading(f"duckdb:///{sample_home / 'sample' / 'locatiemonitor.duckdb'}") as file:
        for table in published.READABLE:
            schema = polars_schema(table)
            frames = list(file.batches(f"SELECT * FROM {name_of(table)}", schema))
            contents[table] = pl.concat([pl.DataFrame(schema=schema), *frames])
        from_file = [file.rows(query) for query in queries]
    with publishing(database, Copies(tmp_path)) as target:
        ids = contents[mart.Indicator]["indicator_id"].to_list()
        target.replace(contents, ids, Seen("content", "state"))
    with reading(database) as server:
        from_server = [server.rows(query) for query in queries]
    assert [query for query, rows in zip(queries, from_file, strict=True) if not rows] == []
    for query, one, other in zip(queries, from_file, from_server, strict=True):
        assert told(one) == told(other), query


def told(rows: list[dict[str, Any]]) -> list[str]:
    """Rows as text, in an order that no collation changes, sums to twelve digits."""
    return sorted(
        str([f"{v:.12g}" if isinstance(v, float | Decimal) else v for v in row.values()])
        for row in rows
    )


def test_export_writes_what_was_published(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "out"
    wanted = ["--table", "location_profile", "--table", "indicator_value", "--format", "csv"]
    result = run("export", "--to", str(out), *wanted)
    assert result.exit_code == 0, result.output
    assert "2 files" in result.output and "synthetic" in result.output
    assert (out / "location_profile.csv").read_bytes().count(b"\r\n") == 11
    told = json.loads(run("export", "--to", str(out), *wanted, "--json").stdout)
    assert told["files"][0]["rows"] == 10
    assert told == json.loads((out / "manifest.json").read_text("utf-8"))


def test_status_and_doctor_find_the_house_sound(run: Run) -> None:
    status = run("status", "--json")
    assert status.exit_code == 0
    current = {row["source"] for row in json.loads(status.stdout) if row["state"] == "current"}
    assert len(current) == 8
    doctor = run("doctor")
    assert doctor.exit_code == 0, doctor.output
    assert "WRONG" not in doctor.output


def test_doctor_names_a_setting_that_means_nothing(run: Run) -> None:
    result = run("doctor", LM_HOEM="x")
    assert result.exit_code == 1
    assert "LM_HOEM" in result.output


@pytest.mark.parametrize(
    ("arguments", "env", "said"),
    [
        (["show", "atlantis"], {}, "kennispark-twente"),
        (["show", "NL", "--as-of", "2021-13-01"], {}, "expected a day such as"),
        (["nightly", "--source", "cbs_kbw"], {}, "cbs_kwb"),
        (["backfill", "--source", "cbs_kwb", "--editions", "2020..2017"], {}, "upwards"),
        (["backfill", "--source", "cbs_kwb", "--editions", "2050"], {}, "has none of 2050"),
        (["export", "--to", "x", "--format", "ods"], {}, "expected parquet, csv, xlsx"),
        (["export", "--to", "x", "--table", "locatoin"], {}, "mart.location"),
        (["export", "--to", "x", "--as-of", "yesterday"], {}, "expected a day such as"),
        (["export", "--to", "/proc/version"], {}, "is a file"),
        (["nightly"], {"LM_SOURCES": "lvie"}, "LM_SOURCES"),
        (["nightly"], {"LM_WAREHOUSE_URL": "mysql://u:secret@h/d"}, "expected duckdb:///"),
        (["nightly"], {"LM_WAREHOUSE_URL": "postgresql+psycopg2://u:secret@h/d"}, "psycopg"),
        (["nightly", "--nonsense"], {}, "No such option"),
    ],
)
def test_wrong_use_ends_with_2_and_says_what_to_write(
    run: Run, arguments: list[str], env: dict[str, str], said: str
) -> None:
    result = run(*arguments, **env)
    assert result.exit_code == 2
    assert said in result.output
    assert "secret" not in result.output


def test_backfill_takes_an_edition_in_again(run: Run) -> None:
    result = run("backfill", "--source", "ibis", "--editions", "current", "--json")
    said = json.loads(result.stdout.splitlines()[-1])
    assert result.exit_code == 0
    assert [(t["source"], t["reason"]) for t in said["taken"]] == [("ibis", "forced")]


@pytest.fixture(scope="session")
def on_server(
    sample_home: Path, postgres: str, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """The same house published to a server: the settings that say so."""
    home = tmp_path_factory.mktemp("server") / "house"
    shutil.copytree(sample_home, home)
    (home / "sample" / "locatiemonitor.duckdb").unlink()
    env = {"LM_HOME": str(home), "LM_WAREHOUSE_URL": fresh_database(postgres)}
    ready = CliRunner().invoke(app, ["warehouse", "init"], env=env)
    assert ready.exit_code == 0, ready.output
    assert "lm_reader reads mart and core" in ready.output
    night = CliRunner().invoke(app, ["nightly"], env=env)
    assert night.exit_code == 0, night.output
    assert "Published" in night.output
    return env


@pytest.mark.parametrize(
    "arguments",
    [
        ["status", "--json"],
        ["show", "kennispark-twente", "--json"],
        ["show", "technology-base-twente", "--json"],
        ["show", "HTSM-park", "--json", "--as-of", "2021-12-31"],
        ["show", "GM0193", "--json"],
    ],
)
def test_the_words_say_the_same_on_a_server(
    run: Run, on_server: dict[str, str], arguments: list[str]
) -> None:
    assert json.loads(run(*arguments, **on_server).stdout) == json.loads(run(*arguments).stdout)


def test_a_server_is_sound_and_a_second_night_publishes_nothing(
    run: Run, on_server: dict[str, str]
) -> None:
    doctor = run("doctor", **on_server)
    assert doctor.exit_code == 0, doctor.output
    assert "Nothing new" in run("nightly", **on_server).output


def test_a_server_that_is_not_there_is_told_without_the_password(run: Run) -> None:
    nowhere = {"LM_WAREHOUSE_URL": "postgresql://u:secret@127.0.0.1:1/d"}
    for arguments in (["doctor"], ["status"], ["show", "NL"], ["warehouse", "init"]):
        result = run(*arguments, **nowhere)
        assert result.exit_code == 1
        assert "127.0.0.1" in result.output
        assert "secret" not in result.output


OF_ITS_OWN = ("mart.publication", "mart.expectation_result")
"""Tables that say when and in which run a warehouse was published: another on each engine."""
ASKED = [
    *(name_of(table) for table in published.READABLE if name_of(table) not in OF_ITS_OWN),
    *(f"mart.{name}" for name in views.views(load_catalogue().indicators)),
    *(
        f"mart.indicator_as_of(TIMESTAMP '{day}')"
        for day in ("2021-01-01", "2021-12-31", "2027-01-01")
    ),
]


@pytest.fixture(scope="session")
def both(sample_home: Path, on_server: dict[str, str]) -> tuple[str, str]:
    """The URLs of the same publication on either engine."""
    file = f"duckdb:///{sample_home / 'sample' / 'locatiemonitor.duckdb'}"
    return file, on_server["LM_WAREHOUSE_URL"]


@pytest.mark.parametrize(
    "query",
    [*(f"SELECT * FROM {asked}" for asked in ASKED), *QUERIES],
    ids=[*ASKED, *(f"query {number}" for number in range(len(QUERIES)))],
)
def test_both_engines_answer_alike(both: tuple[str, str], query: str) -> None:
    answers = []
    for url in both:
        with reading(url) as warehouse:
            answers.append(warehouse.rows(query))
    assert not differences(*answers)


def test_a_bucket_that_is_not_there_is_no_full_disk(bucket: str, tmp_path: Path) -> None:
    """`bucket` puts the keys to a store into the environment."""
    env = {"LM_HOME": str(tmp_path), "LM_ARCHIVE_URL": "s3://nowhere-at-all/archive"}
    result = CliRunner().invoke(app, ["nightly"], env=env)
    said = " ".join(result.output.split())
    assert result.exit_code == 1
    assert "no such bucket" in said and "The last publication keeps serving" in said
    assert "disk" not in said
