"""The trade register, PDOK and IBIS: what they send, and when they say that nothing is new."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime

import httpx
import pytest

from tests.publishers import Publishers, shared
from tests.publishers.geo import CRS84, RD
from tests.publishers.kvk import BULK_PATH
from tests.publishers_fidelity.material import ASK, PARKS, ROW, areas, needs_shared

MODIFIED = datetime(2026, 8, 4, 4, 0, tzinfo=UTC)


# --- the trade register


def test_the_bulk_file_is_a_zip_with_one_quoted_csv(
    house: Publishers, client: httpx.Client
) -> None:
    house.kvk.put_bulk([ROW], modified=MODIFIED)
    answer = client.get(house.env["LM_KVK_URL"] + BULK_PATH)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        (name,) = archive.namelist()
        lines = archive.read(name).decode().splitlines()
    assert lines[0].startswith('"Datum aanvang";"Actief";"Insolventie"')
    assert lines[1] == '"19720516";"J";"";"BV";"89";"64210,68203";"64210";"NL"'


@needs_shared
def test_the_real_sample_goes_through_unchanged(house: Publishers, client: httpx.Client) -> None:
    house.kvk.put_bulk(shared.kvk_bulk_csv(), modified=MODIFIED)
    answer = client.get(house.kvk.url + BULK_PATH)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.read(archive.namelist()[0]) == shared.kvk_bulk_csv()


def test_an_unchanged_bulk_file_is_not_sent_again(house: Publishers, client: httpx.Client) -> None:
    house.kvk.put_bulk([ROW], modified=MODIFIED)
    address = house.kvk.url + BULK_PATH
    first = client.get(address)
    assert first.headers["last-modified"] == "Tue, 04 Aug 2026 04:00:00 GMT"

    for header, value in (
        ("If-None-Match", first.headers["etag"]),
        ("If-Modified-Since", first.headers["last-modified"]),
    ):
        again = client.get(address, headers={header: value})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]

    # The same rows at the same moment are the same bytes; other rows are another file.
    house.kvk.put_bulk([ROW], modified=MODIFIED)
    assert client.head(address).headers["etag"] == first.headers["etag"]
    house.kvk.put_bulk([ROW, ROW], modified=datetime(2026, 8, 5, tzinfo=UTC))
    assert client.get(address, headers={"If-None-Match": first.headers["etag"]}).status_code == 200
    since = {"If-Modified-Since": first.headers["last-modified"]}
    assert client.get(address, headers=since).status_code == 200


def test_head_tells_the_length_and_sends_nothing(house: Publishers, client: httpx.Client) -> None:
    house.kvk.put_bulk([ROW], modified=MODIFIED)
    address = house.kvk.url + BULK_PATH
    head, whole = client.head(address), client.get(address)
    assert head.content == b""
    assert int(head.headers["content-length"]) == len(whole.content)
    assert [request.method for request in house.kvk.requests] == ["HEAD", "GET"]
    house.kvk.remove()
    assert client.head(address).status_code == 404


# --- PDOK


def test_areas_come_page_by_page_and_year_by_year(house: Publishers, client: httpx.Client) -> None:
    collection = "gemeente_gegeneraliseerd"
    house.geo.put_features(collection=collection, year=2022, features=areas(2022, 30))
    house.geo.put_features(collection=collection, year=2026, features=areas(2026, 25))
    address = f"{house.geo_root}/collections/{collection}/items"

    found: list[str] = []
    following: str | None = f"{address}?f=json&jaarcode=2026&limit=10&crs={RD}"
    while following is not None:
        page = client.get(following).json()
        assert page["numberMatched"] == 25
        assert page["numberReturned"] == len(page["features"])
        assert page["crs"]["properties"]["name"] == "urn:ogc:def:crs:EPSG::28992"
        found += [feature["properties"]["jrstatcode"] for feature in page["features"]]
        following = next((link["href"] for link in page["links"] if link["rel"] == "next"), None)
    assert found == [f"2026GM{place:04d}" for place in range(25)]

    both = client.get(address, params={"f": "json", "limit": "1000"}).json()
    assert both["numberMatched"] == 55
    assert "crs" not in both
    assert len(client.get(address).json()["features"]) == 10
    boxed = client.get(address, params={"jaarcode": "2026", "bbox": "3.2,0.2,4.8,0.8"}).json()
    assert [f["properties"]["statcode"] for f in boxed["features"]] == ["GM0003", "GM0004"]


def test_unchanged_areas_are_not_sent_again(house: Publishers, client: httpx.Client) -> None:
    house.geo.put_features("gemeente_gegeneraliseerd", 2026, areas(2026, 3))
    address = f"{house.geo_root}/collections/gemeente_gegeneraliseerd/items?f=json"
    tag = client.get(address).headers["etag"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
    house.geo.put_features("gemeente_gegeneraliseerd", 2026, areas(2026, 4))
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 200


def test_collections_and_what_pdok_refuses(house: Publishers, client: httpx.Client) -> None:
    house.geo.put_features("gemeente_gegeneraliseerd", 2026, areas(2026, 3))
    collections = client.get(f"{house.geo_root}/collections?f=json").json()["collections"]
    assert [collection["id"] for collection in collections] == ["gemeente_gegeneraliseerd"]
    items = f"{house.geo_root}/collections/gemeente_gegeneraliseerd/items"
    assert (
        client.get(f"{house.geo_root}/collections/buurt_gegeneraliseerd/items").status_code == 404
    )
    for query in ("bbox=1,1,1,1", "limit=0", "limit=all", "crs=EPSG:4326", "cql_filter=a=b"):
        assert client.get(f"{items}?{query}").status_code == 400, query


@needs_shared
def test_the_real_municipalities_of_two_years(house: Publishers, client: httpx.Client) -> None:
    name = "gemeente_gegeneraliseerd"
    house.geo.put_features(name, 2022, shared.municipalities(2022), crs=CRS84)
    house.geo.put_features(name, 2026, shared.municipalities(2026), crs=RD)
    items = f"{house.geo_root}/collections/{name}/items?f=json&limit=1000"
    assert client.get(f"{items}&jaarcode=2022").json()["numberMatched"] == 345
    page = client.get(f"{items}&jaarcode=2026&crs={RD}").json()
    assert page["features"] == shared.municipalities(2026)
    assert client.get(f"{items}&jaarcode=2026").json()["features"] == []


# --- IBIS


def test_business_parks_with_the_properties_asked(house: Publishers, client: httpx.Client) -> None:
    house.ibis.put_features(PARKS)
    address = house.env["LM_IBIS_URL"]
    some = client.get(address, params={**ASK, "propertyName": "RIN_NUMMER,HA_NETTO"}).json()
    assert some["numberMatched"] == some["numberReturned"] == 5
    assert some["features"][2]["properties"] == {"RIN_NUMMER": "2", "HA_NETTO": 0.5}
    assert some["features"][2]["geometry"] is None
    whole = client.get(address, params=ASK).json()
    assert whole["features"][2]["geometry"] == {"type": "Point", "coordinates": [2, 0]}
    assert whole["features"][2]["id"] == "IBISbedrijventerreinen.3"


def test_business_parks_page_by_page(house: Publishers, client: httpx.Client) -> None:
    house.ibis.put_features(PARKS)
    page = client.get(house.env["LM_IBIS_URL"], params={**ASK, "count": "2"}).json()
    found = [feature["properties"]["RIN_NUMMER"] for feature in page["features"]]
    while "links" in page:
        page = client.get(page["links"][0]["href"]).json()
        found += [feature["properties"]["RIN_NUMMER"] for feature in page["features"]]
    assert found == ["0", "1", "2", "3", "4"]


def test_hits_validators_and_exceptions(house: Publishers, client: httpx.Client) -> None:
    house.ibis.put_features(PARKS)
    address = house.env["LM_IBIS_URL"]
    assert 'numberMatched="5"' in client.get(address, params={**ASK, "resultType": "hits"}).text
    tag = client.get(address, params=ASK).headers["etag"]
    again = client.get(address, params=ASK, headers={"If-None-Match": tag})
    assert again.status_code == 304
    for wrong in ({"typeNames": "a:b"}, {"propertyName": "NAAM"}, {"cql_filter": "a=1"}):
        answer = client.get(address, params={**ASK, **wrong})
        assert answer.status_code == 400
        assert "ExceptionReport" in answer.text


@needs_shared
def test_the_real_parks_have_the_field_names_of_the_service() -> None:
    parks = {park["RIN_NUMMER"]: park for park in shared.business_parks()}
    assert len(parks) == 75
    assert parks["23202203"]["PLAN_NAAM"] == "KENNISPARK"
    assert parks["23202203"]["GEM_CODES"] == "GM0153"


# --- sites of planning & control documents


def test_sites_are_folders_of_one_server(house: Publishers, client: httpx.Client) -> None:
    house.budget_sites.put_site("een.nl", {"/": "<html>een</html>", "/p1/x": "<html>x</html>"})
    house.budget_sites.put_site("een.nl.twee.nl", {"/": "<html>twee</html>"})
    base = house.env["LM_BUDGET_DOCUMENTS_URL"]
    assert client.get(f"{base}/een.nl/").text == "<html>een</html>"
    assert client.get(f"{base}/een.nl.twee.nl/").text == "<html>twee</html>"
    assert client.get(f"{base}/een.nl/p1/x").headers["content-type"].startswith("text/html")
    for path in ("/", "/een.nl", "/drie.nl/", "/een.nl/p2/x", "/een.nl/robots.txt", "/een.nl/?a=1"):
        assert client.get(base + path).status_code == 404, path
    house.budget_sites.put_robots("een.nl", "User-agent: *")
    assert client.get(f"{base}/een.nl/robots.txt").text == "User-agent: *"
    house.budget_sites.remove("een.nl")
    assert client.get(f"{base}/een.nl/").status_code == 404
    assert client.get(f"{base}/een.nl.twee.nl/").status_code == 200


def test_an_unchanged_page_is_not_sent_again(house: Publishers, client: httpx.Client) -> None:
    sites = house.budget_sites
    sites.put_page("een.nl", "/", "<html>een</html>", MODIFIED)
    address = f"{sites.url}/een.nl/"
    first = client.get(address)
    for header, value in (
        ("If-None-Match", first.headers["etag"]),
        ("If-Modified-Since", first.headers["last-modified"]),
    ):
        assert client.get(address, headers={header: value}).status_code == 304
    sites.put_page("een.nl", "/", "<html>twee</html>", MODIFIED)
    assert client.get(address, headers={"If-None-Match": first.headers["etag"]}).status_code == 200
    sites.put_page("een.nl", "/", "<html>drie</html>", None, etag=False)
    assert not {"etag", "last-modified"} & set(client.get(address).headers)


@pytest.mark.parametrize(
    "name", ["cbs_v4", "cbs_v3", "third_party", "kvk", "geo", "ibis", "budget_sites"]
)
def test_every_publisher_keeps_its_log(house: Publishers, client: httpx.Client, name: str) -> None:
    publisher = getattr(house, name)
    client.get(publisher.url + "/nowhere", params={"a": "b c"}, headers={"X-Test": "yes"})
    (request,) = publisher.requests
    assert (request.method, request.path, request.status) == ("GET", "/nowhere", 404)
    assert request.query == {"a": "b c"}
    assert request.headers["X-TEST"] == "yes"
    house.clear_requests()
    assert publisher.requests == []
