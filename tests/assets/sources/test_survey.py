"""The cheap question: one request a publisher, what it has, what is new, and what it has not."""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assets.catalogue import Catalogue
from assets.catalogue.models import Discovery, EditionOf
from assets.catalogue.site_models import Site
from assets.sources import cbs_catalogue
from assets.sources.errors import Absent, Refused
from assets.sources.survey import CATALOGUE, news, survey_all
from tests.assets.material import (
    AREAS,
    COMPANIES,
    COMPANY,
    OUTLINES,
    PARKS,
    REGISTER,
    SECTORS,
    World,
    areas_table,
    municipalities,
    parks,
    sectors_table,
    source,
)
from tests.publishers import Fault

OTHERS = source(
    name="others",
    editions={},
    region="RegioS",
    measures=AREAS.measures,
    discovery=Discovery(title_pattern=r"^Anders (?P<edition>\d{4})$"),
)


def named(identifier: str, title: str, **said: Any) -> dict[str, Any]:
    """A row of the catalogue."""
    usual = {"Modified": "2026-01-15T02:00:00", "Catalog": "CBS", "RecordCount": 40}
    return usual | {"Identifier": identifier, "Title": title} | said


def test_one_request_answers_for_all_sources_of_a_publisher(world: World) -> None:
    world.house.cbs_v3.put(areas_table())
    world.house.cbs_v3.put(areas_table(identifier="99099NED", Title="Anders 2024"))
    answer = world.survey(AREAS, OTHERS)
    assert [(x.source, x.edition, x.identifier) for x in answer.listings] == [
        ("areas", "2020", "99020NED"),
        ("others", "2024", "99099NED"),
    ]
    [request] = world.house.cbs_v3.requests
    assert request.path == "/ODataCatalog/Tables"


TITLES = {
    "99021NED": ("Gebieden 2021", "CBS", "2021"),
    "99022NED": ("Gebieden 2022 ", "CBS", "2022"),
    "99023NED": ("  Gebieden 2023", "CBS", "2023"),
    "99024NED": ("Gebieden 2024", "IV3", None),
    "99025NED": ("Gebieden 2025", None, "2025"),
    "99026NED": ("Gebieden 2026 (oud)", "CBS", None),
    "99027NED": ("De Gebieden 2027", "CBS", None),
    "99028NED": ("gebieden 2028", "CBS", None),
}


def test_editions_are_discovered_by_their_title(world: World) -> None:
    for identifier, (title, catalog, _) in TITLES.items():
        world.house.cbs_v3.put(areas_table(identifier=identifier, Title=title, Catalog=catalog))
    answer = world.survey(AREAS)
    found = {listing.identifier: listing.edition for listing in answer.listings}
    assert found == {name: said[2] for name, said in TITLES.items() if said[2]}
    assert answer.absent.keys() == {("areas", "2020")}
    assert "99020NED is not listed" in answer.absent["areas", "2020"]


def test_a_discovered_edition_is_taken_in_as_any_other(world: World) -> None:
    table = areas_table(identifier="99022NED", Title="Gebieden 2022 ")
    world.house.cbs_v3.put(table)
    taken = world.take(AREAS, "2022")
    assert (taken.release.edition, taken.release.identifier) == ("2022", "99022NED")
    with pytest.raises(Absent, match=r"areas 2031: .*neither declared nor discovered"):
        world.take(AREAS, "2031")


def test_the_declared_id_goes_before_the_title() -> None:
    tables = [named("99020NED", "Ingetrokken"), named("77777NED", "Gebieden 2020")]
    found, absent = cbs_catalogue.listings([AREAS], tables, "http://cbs.test", "RecordCount")
    assert [listing.identifier for listing in found] == ["99020NED"]
    assert absent == {}


def test_two_tables_of_one_title_are_not_chosen_between() -> None:
    tables = [named("88888NED", "Gebieden 2024"), named("77777NED", "Gebieden 2024 ")]
    found, absent = cbs_catalogue.listings([AREAS], tables, "http://cbs.test", "RecordCount")
    assert found == []
    assert "88888NED and 77777NED have the same title" in absent["areas", "2024"]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("2015-09-24T02:00:00", dt.datetime(2015, 9, 24, 0, tzinfo=dt.UTC)),
        ("2021-01-24T02:00:00", dt.datetime(2021, 1, 24, 1, tzinfo=dt.UTC)),
        ("2020-11-06T00:00:00+01:00", dt.datetime(2020, 11, 5, 23, tzinfo=dt.UTC)),
        ("2026-04-02T00:00:00Z", dt.datetime(2026, 4, 2, tzinfo=dt.UTC)),
        ("2026-04-02", dt.datetime(2026, 4, 1, 22, tzinfo=dt.UTC)),
        (None, None),
        ("", None),
    ],
)
def test_moments_without_a_zone_are_dutch(said: str | None, expected: dt.datetime | None) -> None:
    moment = cbs_catalogue.moment(said)
    assert moment == expected


@pytest.mark.parametrize(
    "said",
    [{"Modified": "gisteren"}, {"Modified": 5}, {"RecordCount": "veel"}, {"RecordCount": [1]}],
)
def test_a_catalogue_row_that_cannot_be_read_is_a_failure_of_that_publisher(
    said: dict[str, Any],
) -> None:
    tables = [named("99020NED", "Gebieden 2020", **said)]
    with pytest.raises(Refused, match="areas 2020: 99020NED is listed with"):
        cbs_catalogue.listings([AREAS], tables, "http://cbs.test", "RecordCount")


# --- all publishers together


@pytest.fixture
def everything(world: World) -> Catalogue:
    """A source of every protocol, each with something to give."""
    world.house.cbs_v3.put(areas_table())
    world.house.cbs_v4.put(sectors_table())
    world.house.kvk.put_bulk([COMPANY] * 3)
    world.house.geo.put_features("gemeente_gegeneraliseerd", 2025, municipalities(2025, 4))
    world.house.geo.put_features("gemeente_gegeneraliseerd", 2026, municipalities(2026, 4))
    world.house.ibis.put_features(parks(3))
    (world.inbox / "register_2026-04-01.csv").write_text(
        "LISANR;sbi_code;werkzame_personen\n1;26110;5\n"
    )
    _age(world.inbox / "register_2026-04-01.csv")
    sources = (AREAS, SECTORS, OUTLINES, PARKS, COMPANIES, REGISTER)
    return Catalogue({s.name: s for s in sources}, {}, {}, {})


def _age(path: Path) -> None:
    os.utime(path, (1_700_000_000, 1_700_000_000))


def test_a_second_night_without_news_asks_once_and_fetches_nothing(
    world: World, everything: Catalogue
) -> None:
    first = survey_all(everything, world.fetcher_of, world.archive)
    assert {name: answer.failure for name, answer in first.items()} == dict.fromkeys(first)
    found = news(first, world.archive)
    assert len(found) == 7
    for listing in found:
        world.take(everything.sources[listing.source], listing.edition, listing=listing)
    releases = world.archive.releases()

    for _ in range(2):
        world.house.clear_requests()
        again = survey_all(everything, world.fetcher_of, world.archive)
        assert news(again, world.archive) == []
        asked = {type(at).__name__: [r.status for r in at.requests] for at in world.house}
        assert asked == {
            "CbsV4": [200],
            "CbsV3": [],  # the third party, of whom there is no source here
            "Kvk": [304],
            "Geo": [304],  # the newest edition; the one before it is closed
            "Ibis": [304],
            "BudgetSites": [],  # none is among the sources here
        }
        assert [r.status for r in world.house.cbs_v3.requests] == [200]
    assert world.archive.releases() == releases


def test_only_the_publisher_of_one_source_is_asked(world: World, everything: Catalogue) -> None:
    answers = survey_all(everything, world.fetcher_of, world.archive, only="sectors")
    assert list(answers) == ["cbs_v4"]
    assert not world.house.cbs_v3.requests


def test_a_source_for_drawn_sites_is_asked_where_one_is_drawn_or_by_name(
    world: World, everything: Catalogue
) -> None:
    needed = OUTLINES.model_copy(update={"name": "needed", "only_for": "polygon"})
    world.house.geo.put_features("gemeente_gegeneraliseerd", 2026, municipalities(2026, 3))
    corners = [[255e3, 472e3], [256e3, 472e3], [256e3, 473e3], [255e3, 473e3], [255e3, 472e3]]
    drawn = {
        "reference_system": "EPSG:28992",
        "geometry": {"type": "Polygon", "coordinates": [corners]},
    }
    site = Site.model_validate(
        {
            "id": "park",
            "name": "Park",
            "name_en": "Park",
            "municipality": "GM0001",
            "status": "active",
            "clusters": (),
            "aliases": (),
            "boundaries": ({"source": "test", "polygon": drawn},),
            "boundary_note": "test",
        }
    )

    def found(sites: dict[str, Site], only: str | None = None) -> set[str]:
        sources = {"needed": needed, "outlines": OUTLINES}
        catalogue = replace(everything, sources=sources, sites=sites)
        answers = survey_all(catalogue, world.fetcher_of, world.archive, only=only)
        return {listing.source for listing in answers["geo"].listings}

    assert found({}) == {"outlines"}
    assert found({}, only="needed") == {"needed"}
    assert found({"park": site}) == {"needed", "outlines"}


def test_a_publisher_that_fails_is_told_of_and_the_others_go_on(
    world: World, everything: Catalogue
) -> None:
    world.house.cbs_v4.down()
    world.house.geo.inject(Fault(kind="html", times=None))
    answers = survey_all(everything, world.fetcher_of, world.archive)
    failed = {name: answer.failure for name, answer in answers.items() if answer.failure}
    assert failed.keys() == {"cbs_v4", "geo"}
    assert "ConnectError" in str(failed["cbs_v4"])
    assert "expected GeoJSON, came" in str(failed["geo"])
    assert {x.source for x in news(answers, world.archive)} == {
        "areas",
        "parks",
        "companies",
        "register",
    }


def test_what_the_catalogue_said_is_archived_when_it_says_something_else(world: World) -> None:
    table = world.house.cbs_v3.put(areas_table())
    for later in (table, table, table.a_day_later(), table.a_day_later()):
        world.house.cbs_v3.put(later)
        world.survey(AREAS)
    kept = world.archive.releases(CATALOGUE)
    assert [release.edition for release in kept] == ["cbs_v3", "cbs_v3"]
    assert b"2021-03-27" in world.archive.read(kept[-1].parts[0])


def test_absent_files_and_features_are_told_of(world: World) -> None:
    assert world.survey(COMPANIES).absent.keys() == {("companies", "current")}
    assert world.survey(OUTLINES).absent.keys() == {("outlines", "2025"), ("outlines", "2026")}
    with pytest.raises(Absent, match=r"companies current: .*HTTP 404"):
        world.take(COMPANIES)


def test_a_source_without_editions_has_none(world: World) -> None:
    bare = {"editions": {}}
    assert world.survey(OUTLINES.model_copy(update=bare)).listings == ()
    assert world.survey(COMPANIES.model_copy(update=bare)).listings == ()
    declared = {"editions": {"2031": EditionOf(id="99031NED")}}
    answer = world.survey(AREAS.model_copy(update=declared))
    assert answer.absent.keys() == {("areas", "2031")}
