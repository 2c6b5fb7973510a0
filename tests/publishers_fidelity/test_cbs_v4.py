"""CBS v4: what the public client reads, and how the real service pages, counts and filters."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cbsodata4
import httpx
import polars as pl
import pytest
from cbsodata4.catalogs import get_catalogs
from cbsodata4.datasets import get_datasets
from cbsodata4.httpx_client import fetch_json

from tests.publishers import Publishers, V4Table
from tests.publishers.shared import establishments
from tests.publishers_fidelity.material import needs_shared

SECTOR = "BedrijfstakkenBranchesSBI2008"


@pytest.fixture(autouse=True)
def _no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """The public client remembers answers by address, and asks proxies."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    fetch_json.cache_clear()
    get_datasets.cache_clear()


@pytest.fixture
def house() -> Iterator[Publishers]:
    """Publishers with small pages, so that a small table has several."""
    with Publishers(v4_page_size=10) as publishers:
        yield publishers


@pytest.fixture
def values() -> pl.DataFrame:
    """Invented establishments: 12 regions, two years, one of them without a value."""
    regions = [f"GM{code:04d}" for code in range(12)]
    return pl.DataFrame(
        [
            (region, period, "T001081", None if region == "GM0003" else 100 * place + year)
            for place, region in enumerate(regions)
            for year, period in enumerate(("2025JJ00", "2026JJ00"))
        ],
        schema=["RegioS", "Perioden", SECTOR, "Value"],
        orient="row",
    )


def test_the_public_client_reads_every_observation(
    house: Publishers, values: pl.DataFrame, tmp_path: Path
) -> None:
    table = house.cbs_v4.put(V4Table.establishments(values))
    root = house.env["LM_CBS_URL"]
    read = cbsodata4.get_observations("81575NED", base_url=root, download_dir=str(tmp_path / "t"))

    frame = pl.from_pandas(read, schema_overrides=dict(table.observations.schema))
    assert frame.sort("Id").equals(table.observations)
    pages = [r for r in house.cbs_v4.requests if r.path.endswith("/Observations")]
    assert [page.query.get("$skip") for page in pages] == [None, "10", "20"]

    meta = read.attrs["meta"].meta_dict
    assert read.attrs["meta"].dimension_identifiers == [SECTOR, "RegioS", "Perioden"]
    assert read.attrs["meta"].time_dimension_identifiers == ["Perioden"]
    assert [code["Status"] for code in meta["PeriodenCodes"]] == ["Definitief", "Voorlopig"]
    assert meta["MeasureCodes"][0]["Title"] == "Vestigingen"
    assert meta["Properties"]["ObservationCount"] == 24


def test_the_public_client_reads_the_catalogues(house: Publishers, values: pl.DataFrame) -> None:
    house.cbs_v4.put(V4Table.establishments(values))
    root = house.env["LM_CBS_URL"]
    assert get_catalogs(base_url=root)["value"][0]["Identifier"] == "CBS"
    datasets = get_datasets(base_url=root)
    assert datasets["Identifier"].tolist() == ["81575NED"]
    assert datasets["Distributions"][0][0]["DownloadUrl"] == f"{root}/CBS/81575NED"


@needs_shared
def test_real_metadata_is_served_whole(house: Publishers, client: httpx.Client) -> None:
    observations = pl.DataFrame(
        {"Measure": ["M000200_2"], "Value": [190.0], "WijkenEnBuurten": ["BU01530703"]}
    )
    house.cbs_v4.put(V4Table.from_shared_metadata("83765NED", observations))
    root = f"{house.env['LM_CBS_URL']}/CBS/83765NED"

    properties = client.get(f"{root}/Properties").json()
    assert properties["Title"] == "Kerncijfers wijken en buurten 2017"
    assert properties["ObservationCount"] == 1
    codes = client.get(f"{root}/WijkenEnBuurtenCodes").json()
    assert len(codes["value"]) == 16_667
    assert "@odata.nextLink" not in codes
    measures = client.get(f"{root}/MeasureCodes").json()["value"]
    assert len(measures) == 103
    assert next(m for m in measures if m["Identifier"] == "M000200_2")["Unit"] == "aantal"
    within = client.get(
        f"{root}/WijkenEnBuurtenCodes", params={"$filter": "DimensionGroupId eq 'GM0153'"}
    )
    titles = {code["Identifier"]: code["Title"] for code in within.json()["value"]}
    assert titles["BU01530703"] == "Kennispark"
    assert client.get(f"{root}/Observations").json()["value"] == [
        {
            "Id": 0,
            "Measure": "M000200_2",
            "ValueAttribute": "None",
            "Value": 190.0,
            "WijkenEnBuurten": "BU01530703",
        }
    ]


@needs_shared
def test_the_real_establishments_of_overijssel(house: Publishers, client: httpx.Client) -> None:
    house.cbs_v4.put(V4Table.establishments(establishments()))
    answer = client.get(
        f"{house.env['LM_CBS_URL']}/CBS/81575NED/Observations",
        params={
            "$filter": f"{SECTOR} eq 'T001081' and Perioden eq '2026JJ00' "
            "and startswith(RegioS,'GM')",
            "$select": "RegioS,Value",
            "$count": "true",
            "$top": "5",
        },
    ).json()
    assert answer["@odata.count"] == 25
    assert answer["value"][0] == {"Value": 8395.0, "RegioS": "GM0141"}
    assert len(answer["value"]) == 5
    assert "@odata.nextLink" not in answer


def test_the_chain_of_pages_is_complete(
    house: Publishers, values: pl.DataFrame, client: httpx.Client
) -> None:
    house.cbs_v4.put(V4Table.establishments(values))
    address = f"{house.env['LM_CBS_URL']}/CBS/81575NED/Observations?$skip=3&$top=17&$select=Id"
    found: list[Any] = []
    sizes = []
    following: str | None = address
    while following is not None:
        page = client.get(following).json()
        sizes.append(len(page["value"]))
        found += [row["Id"] for row in page["value"]]
        following = page.get("@odata.nextLink")
    assert found == list(range(3, 20))
    assert sizes == [10, 7]


@pytest.mark.parametrize(
    ("condition", "count"),
    [
        ("RegioS eq 'GM0001'", 2),
        ("RegioS in ('GM0001','GM0002')", 4),
        ("RegioS eq 'GM0001' or RegioS eq 'GM0002' and Perioden eq '2026JJ00'", 3),
        ("(RegioS eq 'GM0001' or RegioS eq 'GM0002') and Perioden eq '2026JJ00'", 2),
        ("contains(RegioS,'001')", 6),
        ("endswith(RegioS,'1')", 4),
        ("startswith(Perioden,'2025')", 12),
        ("Value eq null", 2),
        ("ValueAttribute eq 'Impossible'", 2),
        ("Value eq 101", 1),
        ("RegioS eq 'GM''s'", 0),
        ("RegioS eq 'GM0001  '", 0),
    ],
)
def test_filters(
    house: Publishers, values: pl.DataFrame, client: httpx.Client, condition: str, count: int
) -> None:
    house.cbs_v4.put(V4Table.establishments(values))
    where = f"{house.env['LM_CBS_URL']}/CBS/81575NED/Observations"
    answer = client.get(where, params={"$filter": condition, "$count": "true"})
    assert answer.json()["@odata.count"] == count


def test_what_is_refused(house: Publishers, values: pl.DataFrame, client: httpx.Client) -> None:
    house.cbs_v4.put(V4Table.establishments(values))
    root = house.env["LM_CBS_URL"]
    table = f"{root}/CBS/81575NED"
    assert client.get(f"{root}/CBS/00000NED").status_code == 404
    assert client.get(f"{root}/CBS-asd/81575NED").status_code == 404
    assert client.get(f"{table}/Nothing").status_code == 404
    for query in (
        "$filter=substringof('a',RegioS)",
        "$filter=Regio eq 'a'",
        "$filter=RegioS eq 1",
        "$select=Nothing",
        "$orderby=Id",
        "$top=many",
        "$skip=1&$skip=2",
    ):
        answer = client.get(f"{table}/Observations?{query}")
        assert answer.status_code == 400, query
        assert answer.json()["error"]["message"]
    assert client.get(table, headers={"Accept": "text/html"}).status_code == 406


def test_service_document_and_singleton(
    house: Publishers, values: pl.DataFrame, client: httpx.Client
) -> None:
    house.cbs_v4.put(V4Table.establishments(values))
    table = f"{house.env['LM_CBS_URL']}/CBS/81575NED"
    sets = {entry["name"]: entry for entry in client.get(table).json()["value"]}
    assert {"MeasureGroups", "MeasureCodes", "Dimensions", "Observations"} < sets.keys()
    assert {"RegioSCodes", "RegioSGroups", "PeriodenCodes"} < sets.keys()
    assert sets["Observations"]["url"] == "Observations"
    properties = client.get(f"{table}/Properties").json()
    assert "value" not in properties
    dimensions = client.get(f"{table}/Dimensions").json()["value"]
    assert dimensions[2]["@odata.type"] == "#Cbs.Ccb.Models.TimeDimension"
    assert dimensions[2]["ContainsCodes"] is True


def test_changed_copies(values: pl.DataFrame) -> None:
    table = V4Table.establishments(values)
    later = table.with_modified("2026-05-01T00:00:00+02:00")
    assert later.properties["Version"] == "202605010000"
    assert later.a_day_later().properties["Modified"] == "2026-05-02T00:00:00+02:00"
    definitive = table.with_status("2026JJ00", "Definitief")
    assert definitive.codes["Perioden"]["Status"].to_list() == ["Definitief", "Definitief"]
    assert table.without_rows(0.5).properties["ObservationCount"] == 12
    changed = table.with_cell(pl.col("RegioS") == "GM0001", "Value", 7)
    assert changed.observations.filter(pl.col("Value") == 7).height == 2
