"""The servers themselves: one port for life, really down when down, a process of their own."""

from __future__ import annotations

import socket
import threading
from concurrent.futures import ThreadPoolExecutor

import httpx
import polars as pl
import pytest

from tests.publishers import Publishers, V3Table, publishers_process, small_table
from tests.publishers.odata_filter import FilterError, mask, parse
from tests.publishers_fidelity.material import needs_shared

CATALOGUE = "/ODataCatalog/Tables?$format=json"


def test_down_refuses_connections_and_up_has_the_same_port(
    house: Publishers, client: httpx.Client
) -> None:
    publisher = house.cbs_v3
    address = publisher.url + CATALOGUE
    assert client.get(address).status_code == 200
    for _ in range(3):
        publisher.down()
        with pytest.raises(httpx.TransportError):
            client.get(address)
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", publisher.port), timeout=1)
        publisher.up()
        assert publisher.url + CATALOGUE == address
        assert client.get(address).status_code == 200
    assert client.get(house.third_party.url + CATALOGUE).status_code == 200


def test_everything_is_given_back_at_the_end(client: httpx.Client) -> None:
    before = threading.active_count()
    with Publishers() as house:
        for publisher in house:
            client.get(publisher.url + "/")
        ports = [publisher.port for publisher in house]
        assert len(set(ports)) == 7
    assert threading.active_count() == before
    for port in ports:
        with socket.socket() as sock:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.bind(("127.0.0.1", port))


def test_one_connection_serves_many_requests(house: Publishers) -> None:
    house.cbs_v3.put(small_table(1))
    ask = f"GET {CATALOGUE.replace(' ', '%20')} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    with socket.create_connection(("127.0.0.1", house.cbs_v3.port), timeout=5) as sock:
        sock.sendall(ask * 3)
        sock.shutdown(socket.SHUT_WR)
        got = b"".join(iter(lambda: sock.recv(65_536), b""))
    assert got.count(b"HTTP/1.1 200 OK\r\n") == 3
    assert b"Connection: close" not in got


def test_many_clients_at_once_get_the_same(house: Publishers, client: httpx.Client) -> None:
    table = house.cbs_v3.put(small_table(1))
    address = f"{house.cbs_v3.url}/ODataFeed/odata/{table.identifier}/TypedDataSet?$format=json"
    with ThreadPoolExecutor(8) as pool:
        bodies = set(pool.map(lambda _: client.get(address).content, range(64)))
    assert len(bodies) == 1
    assert len(house.cbs_v3.requests) == 64


def test_a_bug_in_the_stand_in_is_seen(
    house: Publishers, client: httpx.Client, capsys: pytest.CaptureFixture[str]
) -> None:
    table = small_table(1)
    house.cbs_v3.put(
        V3Table(
            identifier="1",
            catalog_row={},
            properties=table.properties.drop("Type"),
            dimensions={},
            rows=table.rows,
        )
    )
    answer = client.get(f"{house.cbs_v3.url}/ODataApi/odata/1/DataProperties")
    assert answer.status_code == 500
    assert "Traceback" in answer.text
    assert "KeyError" in capsys.readouterr().err


def test_a_process_of_its_own_serves_invented_tables(client: httpx.Client) -> None:
    with publishers_process(tables=3) as settings:
        assert sorted(settings) == [
            "LM_BUDGET_DOCUMENTS_URL",
            "LM_CBS_THIRD_PARTY_URL",
            "LM_CBS_URL",
            "LM_CBS_V3_URL",
            "LM_GEO_URL",
            "LM_IBIS_URL",
            "LM_KVK_URL",
            "LM_PAUSE",
        ]
        address = settings["LM_CBS_V3_URL"] + CATALOGUE
        assert len(client.get(address).json()["value"]) == 3
    with pytest.raises(httpx.TransportError):
        client.get(address)


@needs_shared
def test_a_process_of_its_own_serves_the_shared_data(client: httpx.Client) -> None:
    names = ["81575NED", "municipalities", "kvk", "ibis"]
    with publishers_process(shared=names, gzip=True) as settings:
        datasets = client.get(settings["LM_CBS_URL"] + "/CBS/Datasets").json()["value"]
        assert [dataset["ObservationCount"] for dataset in datasets] == [25]


def test_hundreds_of_conditions_do_not_nest_too_deep() -> None:
    frame = pl.DataFrame({"a": [f"{n:04d}" for n in range(3_000)]})
    text = " or ".join(f"a eq '{n:04d}'" for n in range(0, 3_000, 2))
    assert frame.filter(mask(parse(text, "v3"), frame.schema)).height == 1_500


@pytest.mark.parametrize(
    "text",
    ["", "a", "a eq", "a eq 'b", "a eq 'b' and", "(a eq 'b'", "a eq 'b')", "a ne 'b'", "not a",
     "startswith(a)", "substringof(a,'b')", "a eq b", "a eq 'b' 'c'", "1 eq a"],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(FilterError):
        parse(text, "v3")
