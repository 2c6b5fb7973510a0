"""Features from OGC API Features and WFS: every property, geometry as sent, and what is news."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assets.catalogue import Catalogue
from assets.catalogue.models import EditionOf, Source
from assets.sources.errors import Incomplete, Refused
from tests.assets.material import OUTLINES, PARKS, World, municipalities, needs_shared, parks
from tests.publishers import Answer, Publishers, Request, geo, shared

NEWEST = OUTLINES.model_copy(update={"editions": {"2026": OUTLINES.editions["2026"]}})
IN_PAGES = PARKS.model_copy(update={"query": {**PARKS.query, "count": "4"}})


def put(world: World, features: list[dict[str, Any]], year: int = 2026) -> None:
    """Publish areas for a year, in RD metres only."""
    world.house.geo.put_features("gemeente_gegeneraliseerd", year, features, geo.RD)


def test_all_areas_in_several_pages(world: World) -> None:
    areas = municipalities(2026, 10)
    put(world, areas)
    taken = world.take(NEWEST)
    assert taken.table.rows.to_dicts() == [
        {name: str(value) for name, value in sorted(area["properties"].items())}
        | {"geometry": json.dumps(area["geometry"])}
        for area in areas
    ]
    assert (taken.release.rows, taken.table.remarks) == (10, ())
    assert len(taken.release.parts) == 3
    asked = [request.query for request in world.house.geo.requests]
    assert {query["jaarcode"] for query in asked} == {"2026"}
    assert {query["crs"] for query in asked} == {geo.RD}


def test_all_parks_in_several_pages(world: World) -> None:
    rows = parks(10)
    world.house.ibis.put_features(rows)
    taken = world.take(IN_PAGES)
    read = taken.table.rows.drop("geometry").to_dicts()
    assert read == [
        {k: None if v is None else str(v) for k, v in sorted(row.items())} for row in rows
    ]
    assert (taken.release.rows, len(taken.release.parts), taken.table.remarks) == (10, 3, ())


def test_a_service_without_next_links_is_asked_from_where_it_stopped(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A GeoServer that cuts at a limit of its own says how many there are, and links nowhere."""
    world.house.ibis.put_features(parks(10))
    usual = world.house.ibis.answer

    def answer(request: Request) -> Answer:
        query = {name.lower(): value for name, value in request.pairs}
        start = int(query.pop("startindex", 0))
        page = json.loads(usual(Request.read("GET", request.path + _query(query))).body)
        page["features"] = page["features"][start : start + 4]
        page.pop("links", None)
        return Answer(200, {"Content-Type": "application/json"}, (json.dumps(page).encode(),))

    monkeypatch.setattr(world.house.ibis, "answer", answer)
    taken = world.take(PARKS)
    assert taken.table.rows["RIN_NUMMER"].to_list() == [f"23200{n:03}" for n in range(10)]
    assert len(taken.release.parts) == 3


def _query(pairs: dict[str, str]) -> str:
    from urllib.parse import urlencode

    return f"?{urlencode(pairs)}"


@pytest.mark.parametrize("source", [NEWEST, IN_PAGES, PARKS], ids=["ogc", "wfs pages", "wfs"])
def test_what_has_not_changed_is_answered_with_304(world: World, source: Source) -> None:
    put(world, municipalities(2026, 10))
    world.house.ibis.put_features(parks(10))
    at = world.house.geo if source is NEWEST else world.house.ibis
    newest = max(source.editions)
    first = world.take(source, newest)
    pages = len(first.release.parts)
    at.clear_requests()
    again = world.take(source, newest)
    assert (again.fresh, again.release) == (False, first.release)
    assert [request.status for request in at.requests] == [304] * pages


@pytest.mark.parametrize("place", [0, 5, 9], ids=["first page", "second page", "last page"])
@pytest.mark.parametrize("source", [OUTLINES, IN_PAGES], ids=["ogc", "wfs"])
def test_a_change_on_any_page_is_noticed(world: World, source: Source, place: int) -> None:
    def publish(version: str) -> None:
        areas, rows = municipalities(2026, 10), parks(10)
        areas[place]["properties"]["statnaam"] = version
        rows[place]["PLAN_NAAM"] = version
        put(world, areas)
        world.house.ibis.put_features(rows)

    publish("een")
    first = world.take(source, max(source.editions))
    publish("twee")
    second = world.take(source, max(source.editions))
    assert second.fresh
    assert second.release.fingerprint != first.release.fingerprint
    [column] = {"statnaam", "PLAN_NAAM"} & set(second.table.rows.columns)
    assert second.table.rows[column][place] == "twee"
    assert not world.take(source, max(source.editions)).fresh


@pytest.mark.parametrize("count", [9, 11])
def test_one_feature_more_or_less_is_noticed(world: World, count: int) -> None:
    put(world, municipalities(2026, 10))
    world.take(OUTLINES, "2026")
    put(world, municipalities(2026, count))
    assert world.take(OUTLINES, "2026").release.rows == count


def test_what_a_server_says_otherwise_of_the_same_features_is_no_news(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A GeoServer stamps each answer, may number the features of a view anew, in any order."""
    world.house.ibis.put_features(parks(10))
    usual, asked = world.house.ibis.answer, 0

    def answer(request: Request) -> Answer:
        nonlocal asked
        asked += 1
        page = json.loads(usual(request).body)
        page["timeStamp"] = f"2026-10-10T00:00:00.{asked:03}Z"
        page["features"].sort(key=lambda feature: feature["id"], reverse=bool(asked % 2))
        for number, feature in enumerate(page["features"]):
            feature["id"] = f"IBIS.fid-{asked:x}-{number}"
        return Answer(200, {"Content-Type": "application/json"}, (json.dumps(page).encode(),))

    monkeypatch.setattr(world.house.ibis, "answer", answer)
    first = world.take(PARKS)
    assert not world.take(PARKS).fresh
    assert not world.take(PARKS).fresh
    assert world.archive.releases("parks") == [first.release]


def test_a_closed_edition_is_not_asked_again(world: World) -> None:
    for year in (2025, 2026):
        put(world, municipalities(year, 4), year)
    for edition in OUTLINES.editions:
        world.take(OUTLINES, edition)
    world.house.clear_requests()
    assert len(world.survey(OUTLINES).listings) == 2
    assert [request.query["jaarcode"] for request in world.house.geo.requests] == ["2026"]


def test_another_question_is_not_answered_by_what_was_said_to_the_last(world: World) -> None:
    world.house.ibis.put_features(parks(3))
    first = world.take(PARKS)
    fewer = PARKS.model_copy(
        update={"query": {**PARKS.query, "propertyName": "RIN_NUMMER,JAAR,HA_BRUTO,HA_NETTO"}}
    )
    second = world.take(fewer)
    assert "PLAN_NAAM" in first.table.rows.columns
    assert "PLAN_NAAM" not in second.table.rows.columns
    assert world.house.ibis.requests[-1].headers.get("If-None-Match") is None


def test_an_edition_that_is_published_later_is_found(world: World) -> None:
    put(world, municipalities(2026, 4))
    world.take(OUTLINES, "2026")
    put(world, municipalities(2027, 5), 2027)
    editions = {**OUTLINES.editions, "2027": EditionOf(id="gemeente")}
    newer = OUTLINES.model_copy(update={"editions": editions})
    assert world.take(newer, "2027").release.rows == 5


# --- answers of another shape

GOOD = {"type": "Feature", "id": "a", "properties": {"RIN_NUMMER": "1"}, "geometry": None}


@pytest.mark.parametrize(
    ("document", "error", "says"),
    [
        ({"features": [5]}, Refused, "FeatureCollection"),
        ({"features": None}, Refused, "FeatureCollection"),
        ([], Refused, "FeatureCollection"),
        ({"features": [GOOD], "links": ["x"]}, Refused, "objects under `links`"),
        ({"features": [GOOD], "links": [{"rel": "next"}]}, Refused, "an address in the next"),
        ({"features": [GOOD | {"properties": ["x"]}]}, Refused, "under `properties`"),
        ({"features": [GOOD, GOOD]}, Incomplete, "came twice"),
        ({"features": [GOOD], "numberMatched": 2}, Incomplete, "counts 2 features, 1 arrived"),
        ({"features": [GOOD], "totalFeatures": 2}, Incomplete, "counts 2 features, 1 arrived"),
    ],
)
def test_what_is_no_collection_is_refused(
    world: World, monkeypatch: pytest.MonkeyPatch, document: Any, error: Any, says: str
) -> None:
    answer = Answer(200, {"Content-Type": "application/json"}, (json.dumps(document).encode(),))
    monkeypatch.setattr(world.house.geo, "answer", lambda request: answer)
    with pytest.raises(error, match=says):
        world.take(OUTLINES, "2026")
    assert world.archive.releases("outlines") == []


@pytest.mark.parametrize("stated", ["unknown", None, True])
def test_a_count_that_is_not_stated_is_not_held_against_the_features(
    world: World, monkeypatch: pytest.MonkeyPatch, stated: Any
) -> None:
    page = {"features": [GOOD, GOOD | {"id": "b", "properties": None}], "numberMatched": stated}
    answer = Answer(200, {"Content-Type": "application/json"}, (json.dumps(page).encode(),))
    monkeypatch.setattr(world.house.geo, "answer", lambda request: answer)
    taken = world.take(OUTLINES.model_copy(update={"not_taken": ("RIN_NUMMER",)}), "2026")
    assert taken.table.rows["RIN_NUMMER"].to_list() == ["1", None]


# --- real features


@needs_shared
def test_all_real_municipalities_and_those_of_overijssel(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    areas = shared.municipalities(2026)
    with Publishers() as house:
        house.geo.put_features("gemeente_gegeneraliseerd", 2026, areas, geo.RD)
        house.ibis.put_features(shared.business_parks())
        world = World(house, tmp_path)
        outlines = world.take(catalogue.sources["cbs_areas"], "2026")
        ibis = world.take(catalogue.sources["ibis"], "current", row_floor=75)
        world.close()
    assert outlines.release.rows == len(areas) == 342
    by_code = {row["statcode"]: row for row in outlines.table.rows.to_dicts()}
    for area in areas:
        row = by_code[area["properties"]["statcode"]]
        assert json.loads(row["geometry"]) == area["geometry"]
        assert row["statnaam"] == area["properties"]["statnaam"]
    assert by_code["GM0164"]["statnaam"] == "Hengelo (O.)"
    assert (outlines.table.remarks, ibis.table.remarks) == ((), ())
    rows = ibis.table.rows
    assert rows.filter(PLAN_NAAM="KENNISPARK")["RIN_NUMMER"].to_list() == ["23202203"]
    assert rows.filter(RIN_NUMMER="688")["GEM_CODES"].item() == "GM0177", "Raalte, not Zwolle"
