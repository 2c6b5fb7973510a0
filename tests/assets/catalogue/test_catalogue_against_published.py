"""The catalogue against real tables of the publishers: every column of them is accounted for.

The tables are not part of the project; without them these tests skip.
"""

from __future__ import annotations

import csv
import json
import re
from dataclasses import dataclass

import polars as pl
import pytest

from assets.catalogue import load_catalogue
from assets.catalogue.models import Measure, Source
from tests.publishers import shared

pytestmark = pytest.mark.skipif(
    not shared.available(), reason="the real tables are not on this machine (LM_SHARED_DATA)"
)
CATALOGUE = load_catalogue()
KWB = CATALOGUE.sources["cbs_kwb"]


@dataclass(frozen=True)
class Topic:
    """A topic of v3 or a measure of v4, as a reader sees it: text without padding."""

    code: str
    title: str
    group: str
    unit: str


def topics_v3(identifier: str) -> list[Topic]:
    """Topics of a v3 table with the title of the group they stand directly under."""
    rows = shared.v3_files(identifier).frame("DataProperties").to_dicts()
    titles = {row["ID"]: row["Title"].strip() for row in rows}
    return [
        Topic(
            row["Key"], row["Title"].strip(), titles.get(row["ParentID"], ""), row["Unit"].strip()
        )
        for row in rows
        if row["Type"] == "Topic"
    ]


def topics_v4(identifier: str) -> list[Topic]:
    """Measures of a v4 table with the title of their group."""
    files = shared.v4_files(identifier)
    titles = {r["Id"]: r["Title"].strip() for r in files.frame("MeasureGroups").to_dicts()}
    return [
        Topic(
            row["Identifier"],
            row["Title"].strip(),
            titles.get(row["MeasureGroupId"], ""),
            row["Unit"].strip(),
        )
        for row in files.frame("MeasureCodes").to_dicts()
    ]


def is_titled(measure: Measure, topic: Topic) -> bool:
    """Whether the measure has been published under this topic's title."""
    return any(
        said.title == topic.title and said.group in (None, topic.group) for said in measure.titles
    )


def is_left_out(source: Source, topic: Topic) -> bool:
    """Whether the topic is declared as not taken, by itself or with its group."""
    return topic.title in source.not_taken or f"{topic.group}: *" in source.not_taken


TABLES = {"84799NED": topics_v3, "83765NED": topics_v4}


@pytest.mark.parametrize("identifier", TABLES)
def test_every_topic_is_taken_once_or_known_and_left_out(identifier: str) -> None:
    topics = TABLES[identifier](identifier)
    assert len(topics) > 100
    for topic in topics:
        takers = [name for name, measure in KWB.measures.items() if is_titled(measure, topic)]
        assert len(takers) + is_left_out(KWB, topic) == 1, (topic, takers)


@pytest.mark.parametrize("identifier", TABLES)
def test_every_measure_finds_one_topic_in_a_known_unit(identifier: str) -> None:
    topics = TABLES[identifier](identifier)
    absent = set()
    for name, measure in KWB.measures.items():
        found = [topic for topic in topics if is_titled(measure, topic)]
        if not found:
            absent.add(name)
            continue
        [topic] = found
        assert topic.unit in measure.published_unit, name
    # Sections O-Q came with the edition of 2021.
    assert absent == {"establishments_government_care"}


def test_measure_codes_are_those_of_the_titles() -> None:
    by_code = {topic.code: topic for topic in topics_v4("83765NED")}
    # The value of homes has had another code since it was renamed.
    without = {name for name, m in KWB.measures.items() if m.v4 is None or m.v4 not in by_code}
    assert without == {"home_value", "establishments_government_care"}
    for name, measure in KWB.measures.items():
        if name not in without:
            assert measure.v4 and is_titled(measure, by_code[measure.v4]), name


@pytest.mark.parametrize(("source", "identifier"), [(KWB, "84799NED"), (None, "45012NED")])
def test_real_tables_lie_between_floor_and_ceiling(source: Source | None, identifier: str) -> None:
    source = source or CATALOGUE.sources["iv3_provinces"]
    rows = pl.scan_parquet(f"{shared.v3_files(identifier).prefix}_TypedDataSet.parquet")
    height = rows.select(pl.len()).collect().item()
    assert source.row_floor <= height <= source.row_ceiling


def test_budget_table_is_accounted_for() -> None:
    source = CATALOGUE.sources["iv3_provinces"]
    topics = topics_v3("45012NED")
    assert len(topics) == len(source.measures) == 2
    for measure in source.measures.values():
        [topic] = [topic for topic in topics if is_titled(measure, topic)]
        assert topic.unit in measure.published_unit
    dimensions = shared.v3_files("45012NED").frame("DataProperties")["Key"].to_list()
    assert {source.region, source.period} <= set(dimensions)
    title = shared.v3_files("45012NED").record("Metadata")["Title"].strip()
    assert source.discovery
    match = re.match(source.discovery.title_pattern, title)
    assert match and source.editions[match["edition"]].id == "45012NED"


def test_title_of_the_key_figures_is_the_one_looked_for() -> None:
    assert KWB.discovery
    for identifier, files in (("84799NED", shared.v3_files), ("83765NED", shared.v4_files)):
        title = files(identifier).record("Metadata")["Title"].strip()
        match = re.match(KWB.discovery.title_pattern, title)
        assert match and KWB.editions[match["edition"]].id == identifier


def test_header_of_the_bulk_file_is_the_suppliers() -> None:
    file = shared.path("kvk/kvk-open-dataset-basis-bedrijfsgegevens.sample.csv")
    with file.open(encoding="utf-8") as stream:
        header = next(csv.reader(stream, delimiter=";"))
    [supplier] = CATALOGUE.sources["kvk_open_data"].suppliers.values()
    assert [h for column in supplier.columns.values() for h in column.header] == header


def test_register_numbers_are_parks_in_the_municipality_of_the_site() -> None:
    with shared.path("ibis/ibis_2024_overijssel_subset.csv").open(encoding="utf-8") as stream:
        parks = {f"RIN{row['rin']}": row for row in csv.DictReader(stream)}
    for site in CATALOGUE.sites.values():
        for member in site.members:
            if member.code.startswith("RIN"):
                park = parks[member.code]
                assert f"GM{park['gemeentecode']}" == site.municipality, site.id
                assert park["plan_naam"] in member.source, "the source names the park"
                assert f"{park['ha_bruto']} ha gross" in member.source


def test_neighbourhood_members_exist_with_the_area_that_is_noted() -> None:
    rows = pl.read_parquet(f"{shared.v3_files('84799NED').prefix}_TypedDataSet.parquet")
    area = dict(
        rows.select(
            pl.col("WijkenEnBuurten").str.strip_chars(), "OppervlakteTotaal_110"
        ).iter_rows()
    )
    for site in CATALOGUE.sites.values():
        for member in site.members:
            if member.code.startswith("BU"):
                assert f"{area[member.code]} ha" in member.source, member.code


def test_provinces_and_municipalities_are_the_publishers() -> None:
    rows = shared.v3_files("45012NED").frame("Provincies").to_dicts()
    published = {r["Key"].strip(): r["Title"].strip().removesuffix(" (PV)") for r in rows}
    assert {p.code: p.name for p in CATALOGUE.provinces.values()} == published
    outlines = json.loads(
        shared.path("geo/gemeenten_overijssel_2026_rd.geojson").read_text("utf-8")
    )
    codes = {feature["properties"]["statcode"] for feature in outlines["features"]}
    assert set(CATALOGUE.provinces["PV23"].municipalities) == codes
