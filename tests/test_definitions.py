"""The definitions as a reviewed snapshot: a change of the asset graph is a diff that someone reads."""

from __future__ import annotations

import dagster as dg
import pytest

from assets.core import SUBJECTS
from pipelines.definitions import build_definitions
from pipelines.settings import Settings

ASSETS = [
    "core/budget_line/iv3_provinces",
    "core/company/kvk_open_data",
    "core/contribution/establishment_register",
    "core/document_block/budget_sites",
    "core/document_block/dropped_documents",
    "core/document_page/budget_sites",
    "core/document_page/dropped_documents",
    "core/establishment/establishment_register",
    "core/figure/cbs_establishments",
    "core/figure/cbs_kwb",
    "core/figure/establishment_register",
    "core/figure/ibis",
    "core/figure/iv3_provinces",
    "core/figure/kvk_open_data",
    "core/outline/cbs_areas",
    "core/outline/cbs_neighbourhoods",
    "core/postcode_area/cbs_postcodes",
    "core/region/cbs_areas",
    "core/region/cbs_establishments",
    "core/region/cbs_kwb",
    "core/region/cbs_neighbourhoods",
    "core/region/ibis",
    "mart/activity_concordance",
    "mart/amount",
    "mart/area_comparable",
    "mart/area_relation",
    "mart/budget_amount",
    "mart/decision",
    "mart/document",
    "mart/document_section",
    "mart/evidence",
    "mart/indicator",
    "mart/indicator_recut",
    "mart/indicator_value",
    "mart/location",
    "mart/location_alias",
    "mart/location_boundary",
    "mart/location_member",
    "mart/location_outline",
    "mart/location_set",
    "mart/milestone",
    "mart/organisation",
    "mart/performance",
    "mart/performance_field",
    "mart/performance_name",
    "mart/performance_succession",
    "mart/person_role",
    "mart/quantity",
    "mart/relation",
    "mart/statement",
    "raw/budget_sites",
    "raw/cbs_areas",
    "raw/cbs_establishments",
    "raw/cbs_kwb",
    "raw/cbs_neighbourhoods",
    "raw/cbs_postcodes",
    "raw/dropped_documents",
    "raw/establishment_register",
    "raw/ibis",
    "raw/iv3_provinces",
    "raw/kvk_open_data",
    "start_here",
    "warehouse/publication",
]


@pytest.fixture(scope="module")
def defs() -> dg.Definitions:
    """The definitions of the built-in catalogue."""
    return build_definitions()


def test_asset_keys(defs: dg.Definitions) -> None:
    keys = {key.to_user_string() for key in defs.resolve_asset_graph().get_all_asset_keys()}
    assert sorted(keys) == sorted(ASSETS)


def test_every_asset_explains_itself(defs: dg.Definitions) -> None:
    graph = defs.resolve_asset_graph()
    for key in graph.get_all_asset_keys():
        node = graph.get(key)
        assert node.description, key
        groups = ("start_here", "raw", "core", "mart", "mart_documents", "publication")
        assert node.group_name in groups, key
        assert node.kinds, key
        assert node.owners, key
        if key.path[0] in ("core", "mart"):
            assert "dagster/column_schema" in node.metadata, key
            assert node.check_keys, key


def test_every_source_has_its_editions_as_partitions(defs: dg.Definitions) -> None:
    graph = defs.resolve_asset_graph()
    for key in graph.get_all_asset_keys():
        partitions = graph.get(key).partitions_def
        if key.path[0] == "raw":
            assert isinstance(partitions, dg.DynamicPartitionsDefinition)
            assert partitions.name == key.path[1]
        if key.path[0] == "mart":
            assert partitions is None


def test_jobs_schedule_and_sensor(defs: dg.Definitions) -> None:
    jobs = {job.name for job in defs.resolve_all_job_defs() if not job.name.startswith("__")}
    sources = {name.split("/")[1] for name in ASSETS if name.startswith("raw/")}
    assert jobs == {"nightly", "publication"} | {f"intake_{source}" for source in sources}
    [schedule] = list(defs.schedules or [])
    assert schedule.execution_timezone == "Europe/Amsterdam"  # type: ignore[union-attr]
    sensors = {sensor.name: sensor for sensor in defs.sensors or []}
    assert set(sensors) == {
        "releases",
        "documents",
        "inbox",
        "messages",
        "catching_up",
        "publication",
        "freshness",
        "run_failed",
        "run_succeeded",
    }
    assert schedule.default_status is dg.DefaultScheduleStatus.RUNNING
    assert {s.default_status for s in sensors.values()} == {dg.DefaultSensorStatus.RUNNING}


def test_events_can_be_off_from_the_start() -> None:
    defs = build_definitions(Settings(events="off"))
    [schedule] = list(defs.schedules or [])
    assert schedule.default_status is dg.DefaultScheduleStatus.STOPPED
    stopped = dg.DefaultSensorStatus.STOPPED
    # What is owed is told all the same; that starts no run.
    assert {s.name for s in defs.sensors or [] if s.default_status != stopped} == {"messages"}


def test_every_subject_ends_in_the_table_that_status_looks_at() -> None:
    """`pipelines.standing` takes an edition as served when the last table of its subject is."""
    assert {tables[-1].name for tables in SUBJECTS.values()} == {
        "figure",
        "outline",
        "postcode_area",
        "document_block",
    }
