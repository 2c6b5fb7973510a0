"""The whole house, night after night, against publishers that answer over real HTTP.

Each test goes on from a house that has lived through its first night (copied, not built again).
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import polars as pl
import pytest

from assets.catalogue import load_catalogue
from assets.edges import Edges
from assets.sources.survey import survey_all
from pipelines import plan
from pipelines.definitions import build_definitions
from pipelines.instance import register_editions
from pipelines.night import Report, take_in
from pipelines.owing import owing
from pipelines.rebuild import rebuild
from pipelines.resources import build_edges
from pipelines.run import run_nightly_job
from pipelines.settings import Settings
from tests.publishers import Fault, Publishers, V3Table
from tests.publishers.synthetic import small_table
from tests.sampled import SAMPLES, register_file, serve_sample, v3_table
from warehouse.archive import Archive
from warehouse.incidents import Kind
from warehouse.location import duckdb_path

KWB = "AantalInwoners_5"


def edges_of(home: Path, env: dict[str, str], catalogue: Path | None = None) -> Edges:
    """The edges of a house at `home` whose publishers answer at the addresses in `env`."""
    addresses = {name.removeprefix("LM_").lower(): url for name, url in env.items()}
    settings = Settings(
        home=home, sources="live", tries=2, first_wait=0.01, deadline=20, **addresses
    )  # type: ignore[arg-type]
    edges = build_edges(settings, load_catalogue(further=catalogue))
    # The publishers here have a cut of the tables, so the floors of the sample hold.
    return replace(edges, sample=True)


@dataclass
class House:
    """One house and its publishers."""

    home: Path
    publishers: Publishers
    catalogue: Path | None = None

    @property
    def edges(self) -> Edges:
        return edges_of(self.home, self.publishers.env, self.catalogue)

    def night(self, **how: Any) -> tuple[Report, list[str], list[str]]:
        """Run a night; returns its report, the assets materialised (`raw/x:2020`), the requests made."""
        self.publishers.clear_requests()
        edges = self.edges
        # Dagster's records in memory: on disk they cost more than the night itself.
        with dg.DagsterInstance.ephemeral() as instance:
            register_editions(instance, edges.catalogue)
            report = run_nightly_job(edges, instance, **how)
            made = []
            for run in instance.get_runs():
                for record in instance.get_records_for_run(
                    run.run_id, of_type=dg.DagsterEventType.ASSET_MATERIALIZATION
                ).records:
                    event = record.event_log_entry.dagster_event
                    if (
                        event
                        and event.event_type_value == "ASSET_MATERIALIZATION"
                        and event.asset_key
                    ):
                        partition = f":{event.partition}" if event.partition else ""
                        made.append("/".join(event.asset_key.path) + partition)
        asked = [
            f"{request.path}" for publisher in self.publishers for request in publisher.requests
        ]
        return report, sorted(made), asked

    def rebuild(self) -> Report:
        """Everything again from the archive."""
        edges = self.edges
        with dg.DagsterInstance.ephemeral() as instance:
            register_editions(instance, edges.catalogue)
            return rebuild(edges, instance)

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """Ask the published warehouse, as BI would."""
        with duckdb.connect(
            str(duckdb_path(self.edges.warehouse_url)), read_only=True
        ) as connection:
            return connection.execute(query).fetchall()

    def value(self, location: str, indicator: str, period: str) -> Any:
        """What is known now."""
        found = self.ask(
            f"SELECT value FROM mart.indicator_value WHERE location_id = '{location}' AND indicator_id = '{indicator}' "
            f"AND period = '{period}' AND known_to IS NULL"
        )
        return found[0][0] if found else "no row"


@pytest.fixture(scope="session")
def first_night(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Report, list[str]]:
    """The state after a first night, its report and what was made."""
    home = tmp_path_factory.mktemp("first") / "house"
    put_register(home)
    with Publishers() as publishers:
        serve_sample(publishers)
        report, made, _ = House(home, publishers).night()
    return home, report, made


def put_register(home: Path, without: int | None = None) -> None:
    """Drop the sample's extracts in the inbox, complete; `without`: the last corrected, this line
    taken out."""
    _put(home, *register_file(at=-2), dt.datetime(2025, 4, 22, tzinfo=dt.UTC))
    name, content = register_file()
    settled = dt.datetime(2026, 4, 20, tzinfo=dt.UTC)
    if without is not None:
        lines = content.splitlines(keepends=True)
        content = b"".join(lines[:without] + lines[without + 1 :])
        settled += dt.timedelta(days=1)
    _put(home, name, content, settled)


def _put(home: Path, name: str, content: bytes, settled: dt.datetime) -> None:
    inbox = home / "inbox"
    inbox.mkdir(parents=True, exist_ok=True)
    (inbox / name).write_bytes(content)
    os.utime(inbox / name, (settled.timestamp(), settled.timestamp()))


@pytest.fixture(scope="session")
def published(first_night: tuple[Path, Report, list[str]]) -> House:
    """The house after its first night, only to be read."""
    return House(first_night[0], Publishers())


@pytest.fixture
def house(first_night: tuple[Path, Report, list[str]], tmp_path: Path) -> Iterator[House]:
    """A house after its first night, with publishers that serve what they served then."""
    home = tmp_path / "house"
    shutil.copytree(first_night[0], home)
    with Publishers() as publishers:
        serve_sample(publishers)
        yield House(home, publishers)


def first_pages(house: House) -> list[str]:
    """The first page of every document that is declared: the one cheap question each is asked."""
    sites = house.edges.catalogue.sources["budget_sites"].editions.values()
    return [f"/{declared.id.removeprefix('https://')}" for declared in sites]


def kwb() -> V3Table:
    """Kerncijfers 2020 as the sample has it."""
    archive = Archive(SAMPLES)
    release = archive.latest("cbs_kwb", "2020")
    assert release
    return v3_table(archive, release)


def test_the_first_night_takes_in_everything_and_publishes(
    first_night: tuple[Path, Report, list[str]],
) -> None:
    _, report, made = first_night
    assert (report.blocked, report.unreachable, report.publication_failure) == ({}, {}, None)
    assert report.exit_status == 0
    assert report.published
    assert {t.source for t in report.taken} == {
        "cbs_areas",
        "cbs_establishments",
        "cbs_kwb",
        "establishment_register",
        "ibis",
        "iv3_provinces",
        "kvk_open_data",
    }
    assert {name for name in report.absent if name.startswith("cbs_kwb")} == {
        f"cbs_kwb {year}" for year in (*range(2013, 2020), *range(2021, 2026))
    }
    assert "warehouse/publication" in made
    assert "raw/cbs_kwb:2020" in made
    assert report.publication_failure is None


CONTROL = [
    ("kennispark-twente", "inhabitants", "2020", 5),
    ("kennispark-twente", "area_total", "2020", 149),
    ("hessenpoort", "inhabitants", "2020", 75),
    ("hessenpoort", "area_total", "2020", 601),
    ("BU01931360", "inhabitants", "2020", 1130),
    ("BU01931360", "address_density", "2020", 1874),
    ("GM0193", "establishments", "2026", 18240),
    ("GM0153", "establishments", "2026", 18425),
    ("xl-businesspark-twente", "area_available", "2024", 13.99),
    ("kennispark-twente", "area_gross", "2024", 58.61),
    ("technology-base-twente", "area_net", "2024", 1.89),
    ("PV23", "province_costs_economy_promotion_accounts", "2013", 40_115_000),
    ("PV23", "province_costs_economy_promotion_budget", "2013", 36_088_000),
]


@pytest.mark.parametrize(("location", "indicator", "period", "expected"), CONTROL)
def test_control_values(
    published: House, location: str, indicator: str, period: str, expected: float
) -> None:
    assert published.value(location, indicator, period) == pytest.approx(expected)


FLOWS = {
    "was": ("register_establishments", "2025-04-01"),
    "births": ("register_births", "2026-04-01"),
    "deaths": ("register_deaths", "2026-04-01"),
    "relocated": ("register_net_relocation", "2026-04-01"),
    "here": ("register_establishments", "2026-04-01"),
}


def test_what_was_came_and_went_makes_what_is_where_all_of_it_is_shown(published: House) -> None:
    columns = ", ".join(
        f"any_value(value) FILTER (indicator_id = '{name}' AND period = '{period}') AS {column}"
        for column, (name, period) in FLOWS.items()
    )
    rows = published.ask(
        f"WITH told AS (SELECT location_id, {columns} FROM mart.indicator_value WHERE known_to IS NULL GROUP BY 1) "
        "SELECT location_id, was + births - deaths + relocated, here FROM told "
        "WHERE was + births - deaths + relocated + here IS NOT NULL"
    )
    assert [row for row in rows if row[1] != row[2]] == []
    assert sum(place.startswith("GM") for place, *_ in rows) >= 5
    for name, least, most in (("register_births", 300, 450), ("register_deaths", 250, 400)):
        assert least < published.value("PV23", name, "2026-04-01") < most
        assert published.value("kennispark-twente", name, "2026-04-01") >= 3
    assert published.value("kennispark-twente", "jobs", "2025-04-01") < published.value(
        "kennispark-twente", "jobs", "2026-04-01"
    )


def put_earlier_without_one(house: House) -> None:
    """Drop the earlier extract again, later than the other: an establishment that both had was not
    there yet, says its supplier now."""
    name, content = register_file(at=-2)
    lines = content.splitlines(keepends=True)
    still = {line.split(b";")[0] for line in register_file()[1].splitlines()}
    lines.remove(next(line for line in lines[1:] if line.split(b";")[0] in still))
    _put(house.home, name, b"".join(lines), dt.datetime(2026, 5, 22, tzinfo=dt.UTC))


def put_later_without_births(house: House, births: int) -> None:
    """Drop the later extract again: some establishments that were new in it are not there after all."""
    before = {line.split(b";")[0] for line in register_file(at=-2)[1].splitlines()}
    name, content = register_file()
    lines = content.splitlines(keepends=True)
    new = [line for line in lines if line.split(b";")[0] not in before and b";0;" not in line]
    for line in new[:births]:
        lines.remove(line)
    _put(house.home, name, b"".join(lines), dt.datetime(2026, 6, 10, tzinfo=dt.UTC))


def test_what_changed_in_a_year_is_told_anew_from_when_either_extract_was_corrected(
    house: House,
) -> None:
    assert house.value("PV23", "register_births", "2026-04-01") == 353
    put_earlier_without_one(house)
    report, made, _ = house.night()
    assert (report.exit_status, report.published) == (0, True)
    assert [t.edition for t in report.taken] == ["2025-04-01", "2026-04-01"]
    assert "core/contribution/establishment_register:2026-04-01" in made
    assert "raw/establishment_register:2026-04-01" not in made
    assert house.value("PV23", "register_births", "2026-04-01") == 354
    assert house.night()[1] == []
    put_later_without_births(house, 2)
    report, _, _ = house.night()
    assert (report.exit_status, report.published) == (0, True)
    told = (
        "SELECT value, known_from, opened_by, release_id FROM mart.indicator_value "
        "WHERE location_id = 'PV23' AND indicator_id = 'register_births' "
        "AND period = '2026-04-01' ORDER BY known_from"
    )
    history, [(rows, lived)] = house.ask(told), house.ask(CONTENT)
    assert [(value, at.date().isoformat(), why) for value, at, why, _ in history] == [
        (353, "2026-04-20", "release"),
        (354, "2026-05-22", "release"),
        (352, "2026-06-10", "release"),
    ]
    assert [release.split(":")[1] for *_, release in history] == [
        "2026-04-01",
        "2025-04-01",
        "2026-04-01",
    ]
    duckdb_path(house.edges.warehouse_url).unlink()
    rebuilt = house.rebuild()
    assert (rebuilt.publication_failure, rebuilt.published) == (None, True)
    assert house.ask(told) == history
    assert house.ask(CONTENT) == [(rows, lived)], "what was lived is what the archive gives"
    assert house.night()[1] == []


def test_a_publication_waits_for_what_is_told_of_both_extracts(house: House) -> None:
    put_earlier_without_one(house)
    edges = house.edges
    register = "establishment_register"
    surveys = survey_all(edges.catalogue, edges.fetcher_of, edges.archive, only=register)
    [item] = plan.intakes(edges, surveys, only=register)
    with dg.DagsterInstance.ephemeral() as instance:
        register_editions(instance, edges.catalogue)
        definitions = build_definitions(edges=edges)
        assert take_in(definitions, instance, item, "").blocked is None
        owed = owing(edges)
        assert owed and owed.half_told
        [later] = plan.half_told(edges, register)
        assert take_in(definitions, instance, later, "").blocked is None
        owed = owing(edges)
        assert owed and not owed.half_told


def test_what_is_missing_and_what_is_invented_is_said(published: House) -> None:
    said = dict(
        published.ask(
            "SELECT indicator_id, missing_reason FROM mart.indicator_latest WHERE location_id = 'spoorzone-zwolle'"
        )
    )
    assert said
    assert set(said.values()) == {"no_boundary"}
    [(boundary, note)] = published.ask(
        "SELECT boundary_status, boundary_note FROM mart.location WHERE location_id = 'spoorzone-zwolle'"
    )
    assert boundary == "none"
    assert note
    synthetic = {
        row[0] for row in published.ask("SELECT source FROM mart.source_release WHERE synthetic")
    }
    assert "establishment_register" in synthetic
    unmarked = published.ask(
        "SELECT count(*) FROM mart.indicator_value v JOIN mart.source_release r USING (release_id) "
        "WHERE r.synthetic AND NOT v.synthetic"
    )
    assert unmarked == [(0,)]
    assert (
        published.ask(
            "SELECT count(*) FROM mart.indicator_value WHERE synthetic AND value IS NOT NULL"
        )[0][0]
        > 0
    )


def test_a_series_stands_in_the_boundaries_of_every_year(published: House) -> None:
    assert published.ask(
        "SELECT boundary_year, value, method FROM mart.indicator_recut "
        "WHERE location_id = 'GM0193' AND indicator_id = 'inhabitants' ORDER BY 1"
    ) == [
        (year, published.value("GM0193", "inhabitants", "2020"), "unchanged")
        for year in (2017, 2018, 2019, 2020, 2021, 2022, 2023, 2026)
    ]
    of_overijssel = "FROM mart.area_relation r JOIN mart.location l ON l.location_id IN (r.from_code, r.to_code)"
    assert published.ask(f"SELECT count(*) {of_overijssel}") == [(0,)], "nothing was reorganised"
    assert published.ask(
        "SELECT DISTINCT source, kind FROM mart.area_relation WHERE to_year > 2022 ORDER BY 2"
    ) == [("catalogue", kind) for kind in ("annexation", "border_correction", "merger")]
    assert published.ask(
        "SELECT count(*) FROM mart.neighbourhood_series WHERE location_id = 'BU01530703' "
        "AND indicator_id = 'inhabitants' AND since = '2020'"
    ) == [(1,)]


def test_iv3_balances_in_the_warehouse(published: House) -> None:
    totals = published.ask(
        "SELECT report, side, sum(amount_eur) / 1000 FROM mart.budget_amount "
        "WHERE province_code = 'PV23' AND year = 2013 "
        "AND regexp_matches(function_code, '^[0-9]') AND report IN ('budget', 'accounts') AND side <> 'balance' "
        "GROUP BY ALL ORDER BY ALL"
    )
    assert [(r, s, round(t)) for r, s, t in totals] == [
        ("accounts", "costs", 1_460_159),
        ("accounts", "revenues", 1_460_159),
        ("budget", "costs", 864_061),
        ("budget", "revenues", 864_061),
    ]
    assert published.ask(
        "SELECT count(*) FROM mart.budget_amount WHERE amount_eur IS NULL AND missing_reason IS NULL"
    ) == [(0,)]


def test_a_second_night_asks_cheaply_runs_nothing_and_publishes_nothing(house: House) -> None:
    before = duckdb_path(house.edges.warehouse_url).read_bytes()
    report, made, asked = house.night()
    assert (report.exit_status, report.taken, report.published, made) == (0, [], False, [])
    assert sorted(asked) == sorted(
        [
            "/odata/v1/CBS/Datasets",
            "/ODataCatalog/Tables",
            "/ODataCatalog/Tables",
            "/download/kvk-open-dataset-basis-bedrijfsgegevens.zip",
            "/cbs/gebiedsindelingen/ogc/v1/collections/gemeente_gegeneraliseerd/items",
            "/geoserver/WarmteAtlas/wfs",
            *first_pages(house),
        ]
    )
    assert duckdb_path(house.edges.warehouse_url).read_bytes() == before


def test_one_changed_cell_rebuilds_exactly_what_depends_on_it(house: House) -> None:
    changed = kwb().with_cell(pl.col("WijkenEnBuurten").str.strip_chars() == "BU01530703", KWB, 10)
    house.publishers.cbs_v3.put(changed.a_day_later())
    report, made, _ = house.night()
    assert (report.blocked, report.unreachable, report.publication_failure) == ({}, {}, None)
    assert report.exit_status == 0
    assert made == [
        "core/figure/cbs_kwb:2020",
        "core/region/cbs_kwb:2020",
        "mart/area_comparable",
        "mart/area_relation",
        "mart/indicator_recut",
        "mart/indicator_value",
        "mart/location",
        "raw/cbs_kwb:2020",
        "warehouse/publication",
    ]
    history = house.ask(
        "SELECT value, known_from, known_to FROM mart.indicator_value WHERE location_id = 'kennispark-twente' "
        "AND indicator_id = 'inhabitants' ORDER BY known_from"
    )
    assert [row[0] for row in history] == [5, 10]
    assert history[0][2] == history[1][1]
    assert history[1][2] is None
    [(rows, lived)] = house.ask(CONTENT)
    duckdb_path(house.edges.warehouse_url).unlink()
    rebuilt = house.rebuild()
    assert (rebuilt.blocked, rebuilt.publication_failure, rebuilt.published) == ({}, None, True)
    assert house.ask(CONTENT) == [(rows, lived)], "what was lived is what the archive gives"
    report, made, _ = house.night()
    assert (made, report.taken, report.published) == ([], [], False)


CONTENT = """
SELECT (SELECT count(*) FROM mart.indicator_value), content_hash
FROM mart.publication ORDER BY publication_id DESC LIMIT 1
"""


def _column_renamed(house: House) -> str:
    house.publishers.cbs_v3.put(kwb().renamed(KWB, "Zielental_5", "Zielental").a_day_later())
    return "inhabitants"


def _third_of_the_rows_gone(house: House) -> str:
    house.publishers.cbs_v3.put(kwb().without_rows(1 / 3).a_day_later())
    return "rows"


def _unit_changed(house: House) -> str:
    table = kwb()
    properties = table.properties.with_columns(
        Unit=pl.when(pl.col("Key") == KWB).then(pl.lit("x 1 000")).otherwise("Unit")
    )
    house.publishers.cbs_v3.put(replace(table, properties=properties).a_day_later())
    return "unit"


def _page_cut_off(house: House) -> str:
    house.publishers.cbs_v3.put(kwb().a_day_later())
    house.publishers.cbs_v3.inject(
        Fault("TypedDataSet", times=None, kind="truncate", at=0.5, content_length="wrong")
    )
    return "TypedDataSet"


def _html_instead(house: House) -> str:
    house.publishers.cbs_v3.put(kwb().a_day_later())
    house.publishers.cbs_v3.inject(Fault("TypedDataSet", times=None, kind="html"))
    return "HTML"


@pytest.mark.parametrize(
    "mishap",
    [_column_renamed, _third_of_the_rows_gone, _unit_changed, _page_cut_off, _html_instead],
    ids=lambda f: f.__name__,
)
def test_a_source_in_trouble_is_named_the_others_go_on_and_the_old_figures_stay(
    house: House, mishap: Any
) -> None:
    word = mishap(house)
    archive = Archive(SAMPLES)
    release = archive.latest("iv3_provinces", "2013")
    assert release
    budgets = v3_table(archive, release)
    here = (pl.col("FunctieKostenplaatsBalanspost").str.strip_chars() == "7.1") & (
        pl.col("Verslagsoort") == "2013X001"
    )
    here &= pl.col("Categorie").str.strip_chars() == "L1.1"
    house.publishers.third_party.put(
        budgets.with_cell(here, "k_2dePlaatsing_2", 123.0).a_day_later()
    )
    report, made, _ = house.night()
    assert report.exit_status == 1
    assert list(report.blocked) == ["cbs_kwb 2020"]
    assert word.casefold() in report.blocked["cbs_kwb 2020"].casefold()
    assert "cbs_kwb" in report.blocked["cbs_kwb 2020"]
    assert report.published
    assert house.value("kennispark-twente", "inhabitants", "2020") == 5
    assert house.ask(
        "SELECT state, stale FROM mart.source_freshness WHERE source = 'cbs_kwb' AND edition = '2020'"
    ) == [("blocked", True)]
    assert house.ask("SELECT stale FROM mart.source_freshness WHERE source = 'iv3_provinces'") == [
        (False,)
    ]
    assert "mart/budget_amount" in made
    assert house.ask(
        "SELECT amount_eur FROM mart.budget_amount WHERE report = 'quarter_1' AND function_code = '7.1' "
        "AND category_code = 'L1.1' AND known_to IS NULL"
    ) == [(123_000,)]


def test_a_publisher_that_is_down_is_stale_and_heals(house: House) -> None:
    house.publishers.cbs_v3.down()
    report, made, _ = house.night()
    assert report.exit_status == 1
    assert list(report.unreachable) == ["cbs_v3"]
    assert made == ["warehouse/publication"]
    [incident] = house.edges.incidents.open()
    assert (incident.kind, incident.subject) == (Kind.UNREACHABLE, "cbs_v3")
    assert house.ask(
        "SELECT state, stale FROM mart.source_freshness WHERE source = 'cbs_kwb' AND edition = '2020'"
    ) == [("unreachable", True)]
    assert house.value("kennispark-twente", "inhabitants", "2020") == 5
    house.publishers.cbs_v3.up()
    report, made, _ = house.night()
    assert (report.exit_status, made) == (0, ["warehouse/publication"])
    assert house.edges.incidents.open() == []
    assert house.ask(
        "SELECT state, stale FROM mart.source_freshness WHERE source = 'cbs_kwb' AND edition = '2020'"
    ) == [("current", False)]


def test_what_was_refused_is_not_tried_again_until_something_changes(house: House) -> None:
    _column_renamed(house)
    first, _, _ = house.night()
    second, made, _ = house.night()
    assert first.exit_status == second.exit_status == 1
    assert second.taken == []
    assert made == []
    assert second.blocked == first.blocked
    [incident] = house.edges.incidents.open()
    assert (incident.kind, incident.subject) == (Kind.BLOCKED, *first.blocked)
    assert incident.run == first.taken[0].run_id
    house.publishers.cbs_v3.put(kwb().a_day_later().a_day_later())
    healed, _, _ = house.night()
    assert healed.exit_status == 0
    assert house.edges.incidents.open() == []


NEW_SOURCE = """
- name: proef
  title_nl: Proeftabel
  title_en: Trial table
  publisher: cbs_v3
  protocol: cbs_v3
  subject: figures
  grain: one row a municipality and year
  cadence_days: 365
  row_floor: 10
  row_ceiling: 1000
  licence: https://creativecommons.org/licenses/by/4.0/
  attribution: invented for a test
  editions: {current: {id: 90007NED}}
  region: RegioS
  period: Perioden
  missing: {signs: {".": unknown}, "null": unknown}
  measures:
    trials: {titles: [{title: Vestigingen}], published_unit: [aantal], unit: count, required: true}
  not_taken: [Aandeel]
"""
NEW_INDICATOR = """
- id: trials
  catalogue_code: null
  version: "1"
  name_nl: Proeven
  name_en: Trials
  definition_nl: Aantal proeven per gemeente op 1 januari.
  definition_en: Number of trials a municipality on 1 January.
  unit: count
  unit_factor: 1
  direction: neutral
  theme: test
  feeds: [{source: proef, measure: trials, levels: [municipality]}]
  levels: [municipality]
  allocation: sum
  numerator: null
  denominator: null
  minimum_cell: 0
  rounding: none
  sbi_edition: null
  valid_from: null
  valid_to: null
  owner: test
  licence: https://creativecommons.org/licenses/by/4.0/
"""


def test_a_source_and_an_indicator_are_added_by_yaml_alone(house: House, tmp_path: Path) -> None:
    added = tmp_path / "own"
    added.mkdir()
    (added / "sources.yaml").write_text(NEW_SOURCE)
    (added / "indicators.yaml").write_text(NEW_INDICATOR)
    house.catalogue = added
    table = small_table(7)
    house.publishers.cbs_v3.put(table)
    report, made, _ = house.night()
    assert report.publication_failure is None
    assert (report.blocked, report.unreachable, report.publication_failure) == ({}, {}, None)
    assert report.exit_status == 0
    assert "core/figure/proef:current" in made
    row = next(r for r in table.rows.iter_rows(named=True) if r["Vestigingen_1"] is not None)
    assert house.value(row["RegioS"].strip(), "trials", row["Perioden"][:4]) == row["Vestigingen_1"]
    assert house.ask(
        "SELECT name_nl, source FROM mart.indicator WHERE indicator_id = 'trials'"
    ) == [("Proeven", "proef")]
    missing = next(r for r in table.rows.iter_rows(named=True) if r["Vestigingen_1"] is None)
    assert house.ask(
        f"SELECT missing_reason FROM mart.indicator_value WHERE indicator_id = 'trials' "
        f"AND location_id = '{missing['RegioS'].strip()}' AND period = '{missing['Perioden'][:4]}'"
    ) == [("unknown",)]


def test_every_check_is_visible_in_the_warehouse(published: House) -> None:
    [(checks, assets)] = published.ask(
        "SELECT count(*), count(DISTINCT asset) FROM mart.expectation_result"
    )
    assert checks > 200
    assert assets > 15
    assert published.ask(
        "SELECT count(*) FROM mart.expectation_result WHERE NOT success AND severity = 'critical'"
    ) == [(0,)]
    assert published.ask("SELECT count(*) FROM mart.quarantine")[0][0] >= 1
    text = " ".join(row[0] for row in published.ask("SELECT record FROM mart.quarantine"))
    assert "Synthetisch" not in text


def test_a_reader_has_the_old_or_the_new_during_a_publication(house: House) -> None:
    path = duckdb_path(house.edges.warehouse_url)
    with path.open("rb") as reader:
        old = reader.read()
        house.publishers.cbs_v3.put(
            kwb().with_cell(pl.col("ID") == 0, KWB, 17_407_586).a_day_later()
        )
        start = time.monotonic()
        report, _, _ = house.night()
        assert report.published, (report, time.monotonic() - start)
        reader.seek(0)
        assert reader.read() == old
    assert house.ask("SELECT count(*) FROM mart.publication") == [(2,)]
