"""CBS v3: what the public client reads, and the traps of the real service one by one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import cbsodata
import httpx
import polars as pl
import pytest

from tests.publishers import Publishers, V3Table, small_table
from tests.publishers.cbs_v3 import CbsV3
from tests.publishers_fidelity.material import needs_shared


@pytest.fixture
def asked() -> Iterator[Any]:
    """The public client, pointed at a publisher by calling this, and put back afterwards.

    In version 1.3.5 `typed` works the other way round: without it comes TypedDataSet.
    """
    before = (cbsodata.options.catalog_url, cbsodata.options.use_https, cbsodata.options.requests)
    cbsodata.options.use_https = False
    cbsodata.options.requests = {"proxies": {}}

    def point(publisher: CbsV3) -> Any:
        cbsodata.options.catalog_url = f"127.0.0.1:{publisher.port}"
        return cbsodata

    yield point
    cbsodata.options.catalog_url, cbsodata.options.use_https, cbsodata.options.requests = before


def feed(publisher: CbsV3, table: V3Table, name: str = "TypedDataSet", query: str = "") -> str:
    """Address of an entity set in the bulk service."""
    return f"{publisher.url}/ODataFeed/odata/{table.identifier}/{name}?$format=json{query}"


def api(publisher: CbsV3, table: V3Table, name: str = "TypedDataSet", query: str = "") -> str:
    """Address of an entity set in the small service."""
    return f"{publisher.url}/ODataApi/odata/{table.identifier}/{name}?{query}"


# --- what the public client reads


@needs_shared
def test_the_public_client_reads_every_row_of_a_real_table(
    house: Publishers, asked: Any, neighbourhoods: V3Table
) -> None:
    house.cbs_v3.put(neighbourhoods)
    read = asked(house.cbs_v3).download_data("84799NED")

    rows = pl.DataFrame(read["TypedDataSet"], schema=neighbourhoods.rows.schema)
    assert rows.equals(neighbourhoods.rows)
    assert len(read["WijkenEnBuurten"]) == 17_341
    assert read["WijkenEnBuurten"][0]["Key"] == "NL00      "
    # 17,341 rows are two pages, of the data and of the code list alike.
    assert [r.query["$skip"] for r in house.cbs_v3.requests if "$skip" in r.query] == ["10000"] * 2


@needs_shared
def test_the_public_client_reads_a_cut_of_a_third_party_table(
    house: Publishers, asked: Any, budgets: V3Table
) -> None:
    house.third_party.put(budgets)
    read = asked(house.third_party).get_data("45012NED")

    titles = budgets.dimensions["Provincies"]
    expected = budgets.rows["Provincies"].replace_strict(titles["Key"], titles["Title"])
    assert [row["ID"] for row in read] == budgets.rows["ID"].to_list()
    assert [row["Provincies"] for row in read] == expected.to_list()
    assert [row["k_2dePlaatsing_2"] for row in read] == budgets.rows["k_2dePlaatsing_2"].to_list()
    pages = [r for r in house.third_party.requests if r.path.endswith("/TypedDataSet")]
    assert [page.query.get("$skip") for page in pages] == [None, "10000", "20000"]


@needs_shared
def test_the_public_client_reads_the_catalogue_and_the_columns(
    house: Publishers, asked: Any, neighbourhoods: V3Table
) -> None:
    house.cbs_v3.put(neighbourhoods)
    house.cbs_v3.put(small_table(1))
    read = asked(house.cbs_v3)

    listed = read.get_table_list(select=["Identifier", "RecordCount"])
    assert listed == [
        {"Identifier": "84799NED", "RecordCount": 17_341},
        {"Identifier": "90001NED", "RecordCount": 40},
    ]
    assert read.get_info("84799NED")["Title"] == "Kerncijfers wijken en buurten 2020"
    columns = read.get_meta("84799NED", "DataProperties")
    kinds = {column["odata.type"] for column in columns}
    assert kinds == {"Cbs.OData.GeoDetail", "Cbs.OData.Topic", "Cbs.OData.TopicGroup"}
    topics = [column["Key"] for column in columns if column["Type"] == "Topic"]
    assert topics == neighbourhoods.rows.columns[2:]
    group = next(column for column in columns if column["Type"] == "TopicGroup")
    assert group["Key"] == ""
    assert "Position" not in group


def test_untyped_rows_are_text_with_a_point_for_a_missing_value(
    house: Publishers, asked: Any, table: V3Table
) -> None:
    house.cbs_v3.put(table)
    read = asked(house.cbs_v3).get_data(table.identifier, typed=True)

    assert read[0] == {
        "ID": 0,
        "RegioS": "GM0001",
        "Perioden": "2025",
        "Vestigingen_1": "       1",
        "Aandeel_2": "     0.0",
    }
    assert read[3]["Vestigingen_1"] == "       ."
    assert read[5]["Aandeel_2"] == "       ."


# --- the catalogue


def test_the_catalogue_can_be_filtered(house: Publishers, client: httpx.Client) -> None:
    for number in (1, 2, 11):
        house.cbs_v3.put(small_table(number))

    def identifiers(condition: str) -> list[str]:
        where = f"{house.cbs_v3.url}/ODataCatalog/Tables"
        answer = client.get(where, params={"$format": "json", "$filter": condition})
        return [row["Identifier"] for row in answer.json()["value"]]

    assert identifiers("Identifier eq '90002NED'") == ["90002NED"]
    assert identifiers("substringof('tabel 1',Title)") == ["90001NED", "90011NED"]
    assert identifiers("Catalog eq 'CBS' and (ID eq 90002 or ID eq 90011)") == [
        "90002NED",
        "90011NED",
    ]
    assert identifiers("Catalog eq 'IV3'") == []


def test_the_catalogue_names_this_server_and_forgets_what_is_removed(
    house: Publishers, client: httpx.Client, table: V3Table
) -> None:
    house.cbs_v3.put(table)
    catalogue = f"{house.cbs_v3.url}/ODataCatalog/Tables?$format=json"
    row = client.get(catalogue).json()["value"][0]
    assert row["FeedUrl"] == f"{house.cbs_v3.url}/ODataFeed/OData/90001NED"

    house.cbs_v3.remove("90001NED")
    assert client.get(catalogue).json()["value"] == []
    assert client.get(feed(house.cbs_v3, table)).status_code == 404


# --- traps


@needs_shared
def test_a_key_of_the_wrong_width_finds_nothing_and_says_ok(
    house: Publishers, client: httpx.Client, neighbourhoods: V3Table
) -> None:
    house.cbs_v3.put(neighbourhoods)
    for address in (feed, api):
        right = address(
            house.cbs_v3, neighbourhoods, query="&$filter=WijkenEnBuurten eq 'GM0193    '"
        )
        wrong = address(house.cbs_v3, neighbourhoods, query="&$filter=WijkenEnBuurten eq 'GM0193'")
        assert [r["Gemeentenaam_1"].strip() for r in client.get(right).json()["value"]] == [
            "Zwolle"
        ]
        answer = client.get(wrong)
        assert (answer.status_code, answer.json()["value"]) == (200, [])


@needs_shared
def test_the_api_refuses_long_answers_and_filters_on_topics(
    house: Publishers, client: httpx.Client, neighbourhoods: V3Table
) -> None:
    house.cbs_v3.put(neighbourhoods)
    refused = [
        "",
        "$top=10001",
        "$filter=SoortRegio_2 eq 'Gemeente  '",
        "$filter=startswith(WijkenEnBuurten,'BU')",
    ]
    for query in refused:
        answer = client.get(api(house.cbs_v3, neighbourhoods, query=query))
        assert answer.status_code == 500, query
        message = answer.json()["odata.error"]["message"]["value"]
        assert message == "query returns more than 10000 records"
    assert client.get(api(house.cbs_v3, neighbourhoods, query="$skip=10&$top=5")).status_code == 500

    whole = client.get(api(house.cbs_v3, neighbourhoods, query="$top=10000&$select=ID")).json()
    assert len(whole["value"]) == 10_000
    assert "odata.nextLink" not in whole
    districts = api(
        house.cbs_v3, neighbourhoods, query="$filter=startswith(WijkenEnBuurten,'WK')&$select=ID"
    )
    assert len(client.get(districts).json()["value"]) == 3_177


@needs_shared
def test_a_range_on_regions_is_ignored_in_silence(
    house: Publishers, client: httpx.Client, neighbourhoods: V3Table
) -> None:
    house.cbs_v3.put(neighbourhoods)
    address = api(house.cbs_v3, neighbourhoods, query="$filter=WijkenEnBuurten ge 'WK'&$select=ID")
    answer = client.get(address)
    assert answer.status_code == 200
    assert [row["ID"] for row in answer.json()["value"]] == list(range(10_000))


def test_a_range_on_periods_works(house: Publishers, client: httpx.Client, table: V3Table) -> None:
    house.cbs_v3.put(table)
    rows = client.get(api(house.cbs_v3, table, query="$filter=Perioden ge '2026JJ00'")).json()
    assert {row["Perioden"] for row in rows["value"]} == {"2026JJ00"}


def test_the_chain_of_pages_is_complete_and_carries_every_option(client: httpx.Client) -> None:
    with Publishers(v3_page_size=7) as house:
        table = house.cbs_v3.put(small_table(1))
        question = "&$filter=Perioden eq '2026JJ00' or startswith(RegioS,'GM000')&$select=ID"
        address: str | None = feed(house.cbs_v3, table, query=question)
        found: list[int] = []
        while address is not None:
            page = client.get(address).json()
            found += [row["ID"] for row in page["value"]]
            address = page.get("odata.nextLink")
            assert address is None or "$filter=" in address
        expected = table.rows.filter(
            (pl.col("Perioden") == "2026JJ00") | pl.col("RegioS").str.starts_with("GM000")
        )
        assert found == expected["ID"].to_list()


def test_top_and_skip_on_the_feed(client: httpx.Client) -> None:
    with Publishers(v3_page_size=7) as house:
        table = house.cbs_v3.put(small_table(1))
        first = client.get(feed(house.cbs_v3, table, query="&$top=10&$skip=20")).json()
        rest = client.get(first["odata.nextLink"]).json()
        ids = [row["ID"] for row in first["value"] + rest["value"]]
        assert ids == list(range(20, 30))
        assert "odata.nextLink" not in rest


def test_adding_an_option_that_the_next_link_carries_breaks_it(client: httpx.Client) -> None:
    with Publishers(v3_page_size=7) as house:
        table = house.cbs_v3.put(small_table(1))
        following = client.get(feed(house.cbs_v3, table)).json()["odata.nextLink"]
        assert client.get(following).status_code == 200
        assert client.get(following + "&$format=json").status_code == 400


def test_the_feed_answers_xml_to_whoever_forgets_the_format(
    house: Publishers, client: httpx.Client, table: V3Table
) -> None:
    house.cbs_v3.put(table)
    answer = client.get(f"{house.cbs_v3.url}/ODataFeed/odata/{table.identifier}/TypedDataSet")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    assert answer.text.count("<entry>") == 40
    catalogue = client.get(f"{house.cbs_v3.url}/ODataCatalog/Tables")
    assert catalogue.text.startswith("<?xml")


def test_count_is_plain_text(house: Publishers, client: httpx.Client, table: V3Table) -> None:
    house.cbs_v3.put(table)
    address = f"{house.cbs_v3.url}/ODataFeed/OData/{table.identifier}/TypedDataSet/$count"
    assert client.get(address).text == "40"
    assert client.get(address, params={"$filter": "Perioden eq '2026JJ00'"}).text == "20"


def test_the_filter_language_of_v3_has_no_contains(
    house: Publishers, client: httpx.Client, table: V3Table
) -> None:
    house.cbs_v3.put(table)
    for condition in ("contains(RegioS,'GM')", "RegioS in ('GM0001')", "RegioS eq", "Regio eq 'a'"):
        answer = client.get(api(house.cbs_v3, table, query=f"$filter={condition}"))
        assert answer.status_code == 400, condition
        assert "odata.error" in answer.json()


def test_a_very_long_address_is_reset(
    house: Publishers, client: httpx.Client, table: V3Table
) -> None:
    house.cbs_v3.put(table)
    condition = " or ".join(f"RegioS eq 'GM{code:04d}'" for code in range(600))
    with pytest.raises(httpx.TransportError):
        client.get(api(house.cbs_v3, table, query=f"$filter={condition}"))
    assert house.cbs_v3.requests[-1].status == 0


def test_service_document_names_every_set(
    house: Publishers, client: httpx.Client, table: V3Table
) -> None:
    house.cbs_v3.put(table)
    sets = client.get(f"{house.cbs_v3.url}/ODataApi/OData/90001ned/").json()["value"]
    assert [entry["name"] for entry in sets] == [
        "TableInfos",
        "UntypedDataSet",
        "TypedDataSet",
        "DataProperties",
        "CategoryGroups",
        "RegioS",
        "Perioden",
    ]
    assert sets[2]["url"] == f"{house.cbs_v3.url}/ODataApi/OData/90001NED/TypedDataSet"


# --- copies of tables


def test_a_changed_copy_leaves_the_original_alone(table: V3Table) -> None:
    changed = table.with_cell(pl.col("ID") == 0, "Vestigingen_1", 9_999)
    assert changed.rows["Vestigingen_1"][0] == 9_999
    assert table.rows["Vestigingen_1"][0] == 1
    with pytest.raises(ValueError, match="no row"):
        table.with_cell(pl.col("ID") == -1, "Vestigingen_1", 0)

    fewer = table.without_rows(0.3)
    assert fewer.rows.height == fewer.catalog_row["RecordCount"] == 28

    later = table.with_modified("2026-02-01T02:00:00")
    assert later.catalog_row["Modified"] == "2026-02-01T02:00:00"
    assert later.a_day_later().catalog_row["Modified"] == "2026-02-02T02:00:00"
    assert json.loads(later.rows_of("TableInfos").json())[0]["Modified"] == "2026-02-01T02:00:00"


def test_a_renamed_column_is_renamed_everywhere(table: V3Table) -> None:
    renamed = table.renamed("Vestigingen_1", "BedrijfsvestigingenTotaal_7", "Vestigingen totaal")
    properties = json.loads(renamed.rows_of("DataProperties").json())
    assert ("BedrijfsvestigingenTotaal_7", "Vestigingen totaal") in [
        (column["Key"], column["Title"]) for column in properties
    ]
    assert "BedrijfsvestigingenTotaal_7" in renamed.rows.columns
    dimension = table.renamed("RegioS", "Gemeenten", "Gemeenten")
    assert "Gemeenten" in dimension.sets
    assert "RegioS" not in dimension.sets
