"""What the first night on the sample left for the screen: the numbers, pictures and tags of its events."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from assets.raw import key_of as raw_key
from pipelines.instance import register_editions
from warehouse.archive import Archive
from warehouse.frames import FrameStore

KWB = dg.AssetKey(["core", "figure", "cbs_kwb"])
REGISTER = dg.AssetKey(["core", "establishment", "establishment_register"])


@pytest.fixture(scope="module")
def instance(sample_home: Path) -> Iterator[dg.DagsterInstance]:
    """The records of the first night."""
    with dg.DagsterInstance.from_config(str(sample_home / "sample" / "dagster")) as found:
        yield found


def shown(
    instance: dg.DagsterInstance, key: dg.AssetKey, partition: str | None = None
) -> dict[str, Any]:
    """The metadata of an asset's only materialisation, by name."""
    records = instance.fetch_materializations(
        dg.AssetRecordsFilter(key, asset_partitions=[partition] if partition else None), limit=5
    ).records
    assert records, key
    materialised = records[0].asset_materialization
    assert materialised
    return {name: value.value for name, value in materialised.metadata.items()}


def test_a_raw_edition_shows_what_came_and_when_the_publisher_said_so(
    instance: dg.DagsterInstance,
) -> None:
    found = shown(instance, dg.AssetKey(list(raw_key("cbs_kwb"))), "2020")
    assert found["dagster/row_count"] == 436
    assert found["released"] == "2021-03-26 01:00 UTC"
    assert found["table at the publisher"] == "84799NED"
    assert found["bytes"] > 0
    assert "NL00" in found["preview"]


def test_a_core_edition_shows_what_is_new_and_how_it_was_judged(
    instance: dg.DagsterInstance, sample_home: Path
) -> None:
    found = shown(instance, KWB, "2020")
    frame = FrameStore(sample_home / "sample" / "assets").read(
        ("core", "figure", "cbs_kwb"), "2020"
    )
    assert frame is not None
    assert found["dagster/row_count"] == found["rows added"] == frame.height
    assert found["rows changed"] == found["rows removed"] == found["rows set aside"] == 0
    assert found["gate"].startswith("all ")
    assert "| NL00 |" in found["preview"]
    lineage = found["dagster/column_lineage"].deps_by_column
    assert [dep.column_name for dep in lineage["region_code"]] == ["WijkenEnBuurten"]
    assert "AantalInwoners_5" in {dep.column_name for dep in lineage["value"]}


def test_editions_have_their_own_numbers(instance: dg.DagsterInstance) -> None:
    key = dg.AssetKey(["core", "outline", "cbs_areas"])
    for edition in ("2022", "2026"):
        found = shown(instance, key, edition)
        assert found["release"].startswith(f"cbs_areas:{edition}:")
        assert "data:image/svg+xml" in found["picture"]


def test_marts_have_pictures_and_what_came_straight_from_core(instance: dg.DagsterInstance) -> None:
    outlines = shown(instance, dg.AssetKey(["mart", "location_outline"]))
    assert "data:image/svg+xml" in outlines["picture"]
    [dep, *_] = outlines["dagster/column_lineage"].deps_by_column["geojson"]
    assert dep.asset_key.path[:2] == ["core", "outline"]
    assert "by theme" in shown(instance, dg.AssetKey(["mart", "indicator_value"]))["picture"]


def test_rows_that_were_set_aside_are_counted_and_of_firms_nothing_is_shown(
    instance: dg.DagsterInstance,
) -> None:
    found = shown(instance, REGISTER, "2026-04-01")
    assert found["rows set aside"] > 0
    assert "preview" not in found
    assert "preview" not in shown(instance, dg.AssetKey(list(raw_key("establishment_register"))))
    failed = [
        check
        for run in instance.get_runs(dg.RunsFilter(tags={"source": "establishment_register"}))
        for record in instance.get_records_for_run(
            run.run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION
        ).records
        if record.event_log_entry.dagster_event
        and not (check := record.event_log_entry.dagster_event.asset_check_evaluation_data).passed
        and check.asset_key == REGISTER
    ]
    assert failed
    for check in failed:
        assert check.severity is dg.AssetCheckSeverity.WARN
        assert "It must hold because" in (check.description or "")
        assert "mart.quarantine" in str(check.metadata["where to look"].value)


def test_every_intake_says_of_which_source_edition_and_release_it_was_and_why(
    instance: dg.DagsterInstance,
) -> None:
    runs = [run for run in instance.get_runs() if run.job_name.startswith("intake_")]
    assert runs
    for run in runs:
        for name in ("source", "edition", "release", "reason"):
            assert run.tags.get(name), (run.job_name, name)
        assert run.tags["release"].startswith(f"{run.tags['source']}:{run.tags['edition']}:")


def test_the_sample_offers_the_editions_that_it_holds(instance: dg.DagsterInstance) -> None:
    assert instance.get_dynamic_partitions("cbs_kwb") == ["2020"]
    assert instance.get_dynamic_partitions("cbs_areas") == ["2022", "2026"]


def test_elsewhere_every_declared_edition_is_offered() -> None:
    from assets.catalogue import load_catalogue

    catalogue = load_catalogue()
    with dg.DagsterInstance.ephemeral() as elsewhere:
        register_editions(elsewhere, catalogue)
        offered = elsewhere.get_dynamic_partitions("cbs_kwb")
    assert set(offered) == set(catalogue.sources["cbs_kwb"].editions)
    assert Archive(Path(__file__).resolve().parents[1] / "samples").editions("cbs_kwb") == ["2020"]
