"""The pages written by hand do not promise what is not there, and leave out nothing that is."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
import typer.main

from assets.catalogue import Catalogue, load_catalogue
from pipelines.cli import app
from pipelines.settings import Settings
from warehouse import duckdb_file
from warehouse.tables import boundaries, documents, findings, mart
from warehouse.vocabulary import Table, columns, polars_schema

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text("utf-8")
RUNNING = (ROOT / "docs" / "running.md").read_text("utf-8")
REPORTS = (ROOT / "docs" / "bi.md").read_text("utf-8")
COMMANDS: dict[str, Any] = typer.main.get_command(app).commands  # type: ignore[attr-defined]
COMMANDS["warehouse"] = COMMANDS["warehouse"].commands["init"]  # the one word of its group
RELEASED = dt.datetime(2021, 3, 26, 1)


def blocks(page: str, language: str) -> list[str]:
    """The fenced blocks of `page` in `language`."""
    return re.findall(rf"^```{language}\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)


def section(heading: str) -> str:
    """What stands below a heading of the README."""
    return README.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]


def rows(page: str) -> list[list[str]]:
    """The cells of every row of the tables in `page`."""
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in page.splitlines()
        if line.startswith("| ")
    ]


# -- commands and settings -------------------------------------------------------------------
def test_every_command_is_documented_and_every_documented_command_exists() -> None:
    documented = {row[0].strip("`").split()[0] for row in rows(section("Commands"))[1:]}
    assert documented == set(COMMANDS)


@pytest.mark.parametrize("page", [README, RUNNING, REPORTS], ids=["README", "running", "bi"])
def test_every_call_of_the_command_line_is_one_that_it_has(page: str) -> None:
    calls = re.findall(r"locatiemonitor ([a-z]+)([^`\n]*)", " ".join(blocks(page, "console")))
    calls += re.findall(r"`(?:\S*/)?locatiemonitor ([a-z]+)([^`]*)`", page)
    assert calls
    for name, arguments in calls:
        assert name in COMMANDS
        known = {option for parameter in COMMANDS[name].params for option in parameter.opts}
        assert set(re.findall(r"--[a-z-]+", arguments)) <= known


def test_every_option_is_documented_beside_its_command() -> None:
    said = section("Commands")
    cells = {row[0].strip("`").split()[0]: " ".join(row) for row in rows(said)[1:]}
    for name, command in COMMANDS.items():
        options = {option for p in command.params for option in p.opts if option.startswith("--")}
        for option in options - {"--help", "--json"}:
            assert option in cells[name]
        assert ("--json" in options) == (name != "ui")


def test_every_setting_is_documented_with_its_default() -> None:
    table = {row[0].strip("`"): row for row in rows(section("Running on the real publishers"))[1:]}
    assert set(table) == {f"LM_{name.upper()}" for name in Settings.model_fields}
    for name, field in Settings.model_fields.items():
        default = table[f"LM_{name.upper()}"][1].strip("`")
        if field.default not in (None, ""):
            assert default == str(field.default)
        else:
            assert default == "none" or "<LM_HOME>" in default
    derived = Settings(home=Path("/h"))
    assert table["LM_INBOX"][1] == f"`{derived.inbox_folder}`".replace("/h/", "<LM_HOME>/")
    assert table["LM_WAREHOUSE_URL"][1] == f"`{derived.warehouse}`".replace(
        "/h/sample/", "<LM_HOME>/<LM_SOURCES>/"
    )


def test_no_setting_is_named_that_does_not_exist() -> None:
    known = {f"LM_{name.upper()}{end}" for name in Settings.model_fields for end in ("", "_FILE")}
    assert set(re.findall(r"\bLM_[A-Z0-9_]*[A-Z0-9]\b", README + RUNNING + REPORTS)) <= known


def test_the_words_of_the_makefile_are_those_named() -> None:
    words = set(re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = section("Commands").split("`make help` lists the words of the Makefile:")[1]
    assert set(re.findall(r"`([a-z]+)`", named.split("\n\n")[0])) == words - {"help"}


@pytest.mark.parametrize("page", ["README.md", "docs/running.md", "docs/bi.md", "CHANGELOG.md"])
def test_every_link_within_the_project_leads_somewhere(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", text):
        assert ((ROOT / page).parent / target).exists(), target


def test_the_counts_in_the_changelog_are_those_of_the_catalogue() -> None:
    catalogue, changelog = load_catalogue(), (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert f"* {len(catalogue.indicators)} indicators in Dutch and English" in changelog
    assert (len(catalogue.sources), len(catalogue.sites)) == (11, 10)
    assert "* Eleven sources:" in changelog
    assert "* Ten sites in" in changelog


# -- adding a source, an indicator, a location -------------------------------------------------
@pytest.fixture
def extended(tmp_path: Path) -> Catalogue:
    """The catalogue with the README's examples added, each under the name in its first line."""
    examples = blocks(section("Adding a source, an indicator, a location"), "yaml")
    for example in examples:
        name = example.splitlines()[0].removeprefix("# ")
        (tmp_path / name).write_text(example, "utf-8")
    assert len(list(tmp_path.iterdir())) == len(examples) == 4
    return load_catalogue(further=tmp_path)


def test_the_examples_are_accepted_beside_the_built_in_catalogue(extended: Catalogue) -> None:
    assert "portfolio_holder_since_2026" in extended.labels
    built_in = load_catalogue()
    assert set(extended.sources) - set(built_in.sources) == {"cbs_employee_jobs"}
    assert set(extended.indicators) - set(built_in.indicators) == {
        "employee_jobs",
        "jobs_per_establishment",
    }
    assert set(extended.sites) - set(built_in.sites) == {"marslanden"}


def test_the_example_source_has_the_missing_values_of_the_other_cbs_tables(
    extended: Catalogue,
) -> None:
    example, others = extended.sources["cbs_employee_jobs"], extended.sources["cbs_kwb"]
    assert example.missing.signs.items() <= others.missing.signs.items()
    assert example.licence == others.licence


# -- reading it from a BI tool -----------------------------------------------------------------
FIGURES = {
    # location: inhabitants, area_total (84799NED, Kerncijfers wijken en buurten 2020)
    "kennispark-twente": (5, 149),
    "hessenpoort": (75, 601),
    "GM0193": (128_840, 11_936),
    "PV23": (1_162_406, 342_073),
    "NL": (17_407_585, 4_154_338),
}
COSTS = {"7.0": (4916, 4099), "7.1": (36088, 40115), "7.2": (10166, 11221), "7.3": (13233, 15791)}


BLANK: dict[Any, Any] = {pl.Boolean: False, pl.Datetime: RELEASED, pl.Float64: 0.0, pl.Int64: 0}


def frame(table: type[Table], found: list[dict[str, Any]]) -> pl.DataFrame:
    """Rows of `table`; what is not named is null where it may be, else blank."""
    schema = polars_schema(table)
    blank = {
        column.name: None if column.nullable else BLANK.get(schema[column.name].base_type(), "")
        for column in columns(table)
    }
    return pl.DataFrame([blank | row for row in found], schema=schema)


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse with the few published figures that the README shows."""
    catalogue = load_catalogue()
    release = {"release_id": "r", "source": "cbs_kwb", "edition": "2020", "modified_at": RELEASED}
    sites = [
        {"location_id": name, "name": name, "kind": "site", "municipality_code": "GM0193"}
        | {"province_code": "PV23"}
        for name in ("kennispark-twente", "hessenpoort")
    ]
    areas = [{"location_id": name, "name": name} for name in ("GM0193", "PV23", "NL")]
    indicators = [
        {"indicator_id": name, "name_nl": found.name_nl, "name_en": found.name_en}
        | {"unit": found.unit, "theme": found.theme}
        for name in ("inhabitants", "area_total")
        for found in [catalogue.indicators[name]]
    ]
    values = [
        {"location_id": name, "indicator_id": indicator, "period": "2020", "value": float(value)}
        | {"known_from": RELEASED, "release_id": "r", "synthetic": False}
        for name, pair in FIGURES.items()
        for indicator, value in zip(("inhabitants", "area_total"), pair, strict=True)
    ]
    again = {"location_id": "GM0193", "indicator_id": "inhabitants", "period": "2020"}
    amounts = [
        {"province_code": "PV23", "year": 2013, "report": report, "function_code": code}
        | {"function_name": code, "side": "costs", "amount_eur": amount * 1000.0}
        for code, pair in COSTS.items()
        for report, amount in zip(("budget", "accounts"), pair, strict=True)
    ]
    status = {"source": "cbs_kwb", "edition": "2020", "state": "current", "release_id": "r"}
    failed = {"run_id": "x", "asset": "core/figure/cbs_kwb:2020", "expectation": "rows_above_floor"}
    decided = {"subject_kind": "decision", "subject_id": "PS/2016/486", "relation": "subject_of"}
    contents: dict[type[Table], Any] = {table: frame(table, []) for table in mart.TABLES} | {
        mart.Location: frame(mart.Location, sites + areas),
        mart.Indicator: frame(mart.Indicator, indicators),
        mart.IndicatorValue: frame(mart.IndicatorValue, values),
        boundaries.IndicatorRecut: frame(
            boundaries.IndicatorRecut,
            [again | {"boundary_year": 2026, "own_boundary_year": 2020, "vintage": RELEASED}],
        ),
        mart.BudgetAmount: frame(mart.BudgetAmount, amounts),
        mart.SourceRelease: frame(mart.SourceRelease, [release]),
        documents.Document: frame(documents.Document, [{"document_id": "d", "year": 2016}]),
        findings.Decision: frame(
            findings.Decision,
            [{"reference": "PS/2016/486", "year": 2016, "title": "TecBase Twente"}],
        ),
        findings.Evidence: frame(
            findings.Evidence,
            [decided | {"location_id": "technology-base-twente", "document_id": "d"}],
        ),
        mart.SourceStatus: frame(mart.SourceStatus, [status]),
        mart.ExpectationResult: frame(
            mart.ExpectationResult, [failed | {"severity": "critical", "success": False}]
        ),
    }
    path = tmp_path_factory.mktemp("warehouse") / "locatiemonitor.duckdb"
    duckdb_file.publish(path, contents, catalogue.indicators)
    return path


QUERIES = blocks(README, "sql") + blocks(RUNNING, "sql")


def asked(path: Path, query: str) -> list[dict[str, Any]]:
    """The answer of the warehouse to `query`."""
    with duckdb.connect(str(path), read_only=True) as connection:
        found = connection.execute(query)
        names = [column[0] for column in found.description or []]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


@pytest.mark.parametrize("query", QUERIES, ids=range(len(QUERIES)))
def test_every_query_runs_and_finds_something(warehouse: Path, query: str) -> None:
    assert asked(warehouse, query)


def the_query_on(table: str) -> str:
    """The one query of the README that reads `table`."""
    [query] = [query for query in blocks(README, "sql") if f"FROM {table}" in query]
    return query


def test_the_benchmark_shows_the_surroundings(warehouse: Path) -> None:
    inhabitants = asked(warehouse, the_query_on("mart.location_benchmark"))[1]
    assert (inhabitants["name_nl"], inhabitants["value"]) == ("Inwoners", 75)
    assert inhabitants["municipality_value"] == 128_840
    assert inhabitants["province_value"] == 1_162_406
    assert inhabitants["country_value"] == 17_407_585


def test_the_budget_is_the_one_that_the_first_page_shows(warehouse: Path) -> None:
    shown = {
        row[0].split()[0]: tuple(int(cell.replace(",", "")) for cell in row[1:])
        for row in rows(section("What you get"))
        if re.match(r"7\.\d ", row[0])
    }
    asked_for = {
        row["function_code"]: (row["budget_1000_eur"], row["accounts_1000_eur"])
        for row in asked(warehouse, the_query_on("mart.budget_amount"))
    }
    assert shown == asked_for == COSTS


def test_the_dossier_shows_the_decision(warehouse: Path) -> None:
    [line] = asked(warehouse, the_query_on("mart.location_dossier"))
    assert (line["year"], line["event"], line["title"]) == (
        2016,
        "decided",
        "PS/2016/486 TecBase Twente",
    )


def test_before_it_was_released_a_figure_was_not_known(warehouse: Path) -> None:
    query = the_query_on("mart.indicator_as_of")
    [row] = asked(warehouse, query)
    assert (row["value"], row["known_from"]) == (5, RELEASED)
    assert asked(warehouse, query.replace("2021-04-01", "2021-03-01")) == []
