"""Every fault does what its name says, once, to the request it is meant for."""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import polars as pl
import pytest

from tests.publishers import Fault, Publishers, V4Table, small_table
from tests.publishers.cbs_v3 import CbsV3
from tests.publishers_fidelity.material import ASK, PARKS, ROW, areas

CATALOGUE = "/ODataCatalog/Tables?$format=json"
ROWS = "/ODataFeed/odata/90001NED/TypedDataSet?$format=json"


@pytest.fixture
def v3() -> Iterator[CbsV3]:
    """A v3 service with one table of 40 rows in pages of 10."""
    with Publishers(v3_page_size=10) as house:
        house.cbs_v3.put(small_table(1))
        yield house.cbs_v3


def ids(page: dict[str, Any]) -> list[int]:
    """Row numbers of a page."""
    return [row["ID"] for row in page["value"]]


def walk(client: httpx.Client, address: str, most: int = 10) -> list[list[int]]:
    """Row numbers page by page, as a trusting client finds them."""
    found: list[list[int]] = []
    following: str | None = address
    while following is not None and len(found) < most:
        page = client.get(following).json()
        found.append(ids(page))
        following = page.get("odata.nextLink")
    return found


# --- which request is hit


def test_a_fault_strikes_as_often_as_it_says_and_only_where_it_matches(
    v3: CbsV3, client: httpx.Client
) -> None:
    v3.inject(Fault("$skip=10", times=2, kind="status", code=500))
    statuses = [
        client.get(v3.url + ROWS).status_code,
        client.get(v3.url + ROWS + "&$skip=10").status_code,
        client.get(v3.url + ROWS, params={"$format": "json", "$skip": "10"}).status_code,
        client.get(v3.url + ROWS + "&$skip=10").status_code,
    ]
    assert statuses == [200, 500, 500, 200]
    assert [request.status for request in v3.requests] == statuses


def test_faults_queue_up_and_can_be_forgotten(v3: CbsV3, client: httpx.Client) -> None:
    v3.inject(Fault(kind="status", code=429), Fault(kind="status", code=503))
    assert [client.get(v3.url + ROWS).status_code for _ in range(3)] == [429, 503, 200]
    v3.inject(Fault(times=None, kind="status", code=503))
    assert [client.get(v3.url + ROWS).status_code for _ in range(3)] == [503, 503, 503]
    v3.clear_faults()
    assert client.get(v3.url + ROWS).status_code == 200


def test_a_fault_that_makes_no_sense_is_refused(house: Publishers) -> None:
    with pytest.raises(ValueError, match="unknown fault"):
        Fault(kind="gremlin")
    with pytest.raises(ValueError, match="takes"):
        Fault(kind="status", cod=500)
    with pytest.raises(ValueError, match="needs url"):
        Fault(kind="foreign_next")
    with pytest.raises(ValueError, match="content_length"):
        Fault(kind="truncate", content_length="short")
    with pytest.raises(ValueError, match="no fault"):
        house.kvk.inject(Fault(kind="loop_next"))


# --- faults in the answer


def test_status_with_retry_after(v3: CbsV3, client: httpx.Client) -> None:
    moment = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
    v3.inject(
        Fault(kind="status", code=429, retry_after=7, body="later"),
        Fault(kind="status", code=503, retry_after=moment),
        Fault(kind="status", code=503),
    )
    answers = [client.get(v3.url + ROWS) for _ in range(3)]
    assert [answer.headers.get("retry-after") for answer in answers] == [
        "7",
        "Sat, 21 Nov 2026 12:00:00 GMT",
        None,
    ]
    assert answers[0].text == "later"


def test_redirects(v3: CbsV3, client: httpx.Client) -> None:
    v3.inject(
        Fault(kind="redirect", location="http://169.254.169.254/latest"),
        Fault(kind="redirect", code=307),
    )
    away, loop = client.get(v3.url + ROWS), client.get(v3.url + ROWS)
    assert (away.status_code, away.headers["location"]) == (302, "http://169.254.169.254/latest")
    assert (loop.status_code, loop.headers["location"]) == (307, ROWS)


def test_wrong_content_with_status_200(v3: CbsV3, client: httpx.Client) -> None:
    v3.inject(Fault(kind="html"), Fault(kind="odata_error", message="storing"), Fault(kind="bom"))
    html, error, marked = (client.get(v3.url + CATALOGUE) for _ in range(3))
    assert (html.status_code, html.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert html.text.startswith("<!DOCTYPE html>")
    assert (error.status_code, error.headers["content-type"][:16]) == (200, "application/json")
    assert error.json()["odata.error"]["message"]["value"] == "storing"
    assert marked.content.startswith(b"\xef\xbb\xbf{")


def test_wrong_charset_and_a_flipped_bit(v3: CbsV3, client: httpx.Client) -> None:
    table = small_table(1)
    v3.put(table.with_cell(pl.col("ID") == 0, "RegioS", "Fryslân"))
    v3.inject(Fault(kind="charset"), Fault(kind="flip_bit", at=100))
    wrong, flipped, right = (client.get(v3.url + ROWS).content for _ in range(3))
    assert "Fryslân".encode() in right
    assert "Fryslân".encode("latin-1") in wrong
    assert [place for place in range(len(right)) if flipped[place] != right[place]] == [100]


# --- faults in the chain of pages


def test_the_next_link_leads_elsewhere(v3: CbsV3, client: httpx.Client) -> None:
    v3.inject(Fault("TypedDataSet", kind="foreign_next", url="http://user@10.0.0.1/x"))
    page = client.get(v3.url + ROWS).json()
    assert page["odata.nextLink"] == "http://user@10.0.0.1/x"
    assert ids(page) == list(range(10))


def test_the_next_link_leads_to_itself(v3: CbsV3, client: httpx.Client) -> None:
    v3.inject(Fault("$skip=10", times=None, kind="loop_next"))
    assert [page[0] for page in walk(client, v3.url + ROWS, most=5)] == [0, 10, 10, 10, 10]


def test_pages_overlap_or_leave_a_gap(v3: CbsV3, client: httpx.Client) -> None:
    v3.inject(Fault(kind="shift_next", rows=-3))
    assert [(page[0], page[-1]) for page in walk(client, v3.url + ROWS)] == [
        (0, 9), (7, 16), (17, 26), (27, 36), (37, 39),
    ]  # fmt: skip
    v3.inject(Fault(kind="shift_next", rows=10))
    assert [page[0] for page in walk(client, v3.url + ROWS)] == [0, 20, 30]


def test_a_page_comes_twice_in_the_place_of_another(v3: CbsV3, client: httpx.Client) -> None:
    v3.inject(Fault("$skip=20", kind="repeat_page"))
    assert [page[0] for page in walk(client, v3.url + ROWS)] == [0, 10, 10, 30]
    v3.inject(Fault(kind="repeat_page"))
    assert [page[0] for page in walk(client, v3.url + ROWS)] == [0, 0, 10, 20, 30]


def test_a_page_is_empty(v3: CbsV3, client: httpx.Client) -> None:
    v3.inject(Fault("$skip=20", kind="drop_page"))
    assert [len(page) for page in walk(client, v3.url + ROWS)] == [10, 10, 0, 10]


def test_the_chain_breaks_in_the_other_services_too(client: httpx.Client) -> None:
    values = pl.DataFrame(
        [(f"GM{n:04d}", "2026JJ00", "T001081", n) for n in range(30)],
        schema=["RegioS", "Perioden", "BedrijfstakkenBranchesSBI2008", "Value"],
        orient="row",
    )
    with Publishers(v4_page_size=10) as house:
        house.cbs_v4.put(V4Table.establishments(values))
        house.geo.put_features("gemeente_gegeneraliseerd", 2026, areas(2026, 30))
        house.ibis.put_features(PARKS)

        house.cbs_v4.inject(
            Fault(kind="foreign_next", url="file:///etc/passwd"),
            Fault("$skip=10", kind="repeat_page"),
        )
        where = f"{house.env['LM_CBS_URL']}/CBS/81575NED/Observations"
        assert client.get(where).json()["@odata.nextLink"] == "file:///etc/passwd"
        repeated = client.get(where + "?$skip=10").json()
        assert repeated["value"][0]["Id"] == 0
        assert repeated["@odata.nextLink"].endswith("$skip=20")

        items = f"{house.geo_root}/collections/gemeente_gegeneraliseerd/items?limit=10"
        following = client.get(items).json()["links"][1]["href"]
        house.geo.inject(Fault(kind="loop_next"), Fault("cursor", kind="repeat_page"))
        assert client.get(items).json()["links"][1]["href"] == items
        assert client.get(following).json()["features"][0]["properties"]["id"] == 0

        house.ibis.inject(Fault(kind="drop_page"))
        dropped = client.get(house.env["LM_IBIS_URL"], params={**ASK, "count": "2"}).json()
        assert dropped["features"] == []
        assert dropped["links"][0]["rel"] == "next"


def test_a_table_changes_while_it_is_read(v3: CbsV3, client: httpx.Client) -> None:
    def modified() -> str:
        row = client.get(v3.url + CATALOGUE).json()["value"][0]
        return f"{row['Modified'][:10]} {row['RecordCount']}"

    v3.inject(Fault(kind="change_modified_after"))
    assert modified() == "2026-01-15 40"
    assert len(ids(client.get(v3.url + ROWS).json())) == 10
    assert modified() == "2026-01-16 40"

    changed = small_table(1, rows=20).with_modified("2026-03-01T02:00:00")
    v3.inject(Fault("TypedDataSet", kind="change_modified_after", table=changed))
    assert [len(page) for page in walk(client, v3.url + ROWS)] == [10, 10]
    assert modified() == "2026-03-01 20"


def test_a_v4_table_changes_while_it_is_read(house: Publishers, client: httpx.Client) -> None:
    values = pl.DataFrame(
        [("GM0193", "2026JJ00", "T001081", 1)],
        schema=["RegioS", "Perioden", "BedrijfstakkenBranchesSBI2008", "Value"],
        orient="row",
    )
    house.cbs_v4.put(V4Table.establishments(values))
    house.cbs_v4.inject(Fault(kind="change_modified_after", modified="2026-06-01T00:00:00+02:00"))
    root = f"{house.env['LM_CBS_URL']}/CBS/81575NED"
    assert client.get(f"{root}/Properties").json()["Version"] == "202604020000"
    client.get(f"{root}/Observations")
    assert client.get(f"{root}/Properties").json()["Version"] == "202606010000"


# --- faults in the delivery


def received(client: httpx.Client, address: str) -> tuple[bytes, httpx.TransportError | None]:
    """The bytes of a body as far as they came, and what ended it early."""
    got = b""
    try:
        with client.stream("GET", address) as answer:
            for chunk in answer.iter_raw():
                got += chunk
    except httpx.TransportError as error:
        return got, error
    return got, None


def test_a_reset_before_and_in_the_middle_of_the_body(v3: CbsV3, client: httpx.Client) -> None:
    v3.inject(Fault(kind="reset"), Fault(kind="reset", after=500))
    for length in (0, 500):
        got, error = received(client, v3.url + ROWS)
        # A reset is an error in reading; a connection closed in order would be a broken protocol.
        assert isinstance(error, httpx.ReadError)
        assert len(got) == length
    assert received(client, v3.url + ROWS)[1] is None
    assert [request.status for request in v3.requests] == [0, 200, 200]


@pytest.mark.parametrize(
    ("framing", "noticed"),
    [("right", True), ("wrong", False), ("absent", False), ("chunked", True)],
)
def test_a_body_cut_short_under_every_framing(
    v3: CbsV3, client: httpx.Client, framing: str, noticed: bool
) -> None:
    whole = client.get(v3.url + ROWS).content
    for at in (0, 1, 300, len(whole) - 1, 0.5):
        v3.inject(Fault(kind="truncate", at=at, content_length=framing))
        got, error = received(client, v3.url + ROWS)
        assert got == whole[: int(len(whole) * at) if isinstance(at, float) else at]
        assert isinstance(error, httpx.RemoteProtocolError) is noticed


def test_a_slow_body_and_a_late_answer(v3: CbsV3, client: httpx.Client) -> None:
    length = len(client.get(v3.url + ROWS).content)
    v3.inject(Fault(kind="slow", bytes_per_second=length * 5), Fault(kind="slow", delay=5))
    begun = time.monotonic()
    assert len(client.get(v3.url + ROWS).content) == length
    assert time.monotonic() - begun > 0.15
    with pytest.raises(httpx.ReadTimeout):
        client.get(v3.url + ROWS, timeout=0.2)


def test_a_byte_a_second_passes_every_read_timeout(v3: CbsV3, client: httpx.Client) -> None:
    v3.inject(Fault(kind="slow", bytes_per_second=20))
    begun, got = time.monotonic(), b""
    with client.stream("GET", v3.url + ROWS, timeout=1) as answer:
        for chunk in answer.iter_raw():
            got += chunk
            if time.monotonic() - begun > 1.2:
                break  # longer than the time-out of each read, and no error
    assert 1 < len(got) < 40


def test_stopping_does_not_wait_for_a_slow_answer(client: httpx.Client) -> None:
    begun = time.monotonic()
    with Publishers() as house:
        house.cbs_v3.inject(Fault(kind="slow", bytes_per_second=0))
        with client.stream("GET", house.cbs_v3.url + CATALOGUE) as answer:
            house.cbs_v3.down()
            with pytest.raises(httpx.TransportError):
                answer.read()
    assert time.monotonic() - begun < 15


def test_faults_in_a_compressed_body(client: httpx.Client) -> None:
    with Publishers(gzip=True) as house:
        house.kvk.put_bulk([ROW])
        house.cbs_v3.put(small_table(1))
        whole = client.get(house.cbs_v3.url + ROWS)
        assert whole.headers["content-encoding"] == "gzip"
        plain = client.get(house.cbs_v3.url + ROWS, headers={"Accept-Encoding": "identity"})
        assert "content-encoding" not in plain.headers
        assert whole.content == plain.content

        house.cbs_v3.inject(Fault(kind="truncate", at=100, content_length="wrong"))
        with client.stream("GET", house.cbs_v3.url + ROWS) as answer:
            cut = b"".join(answer.iter_raw())
        assert len(cut) == 100
        with pytest.raises(EOFError):
            gzip.decompress(cut)
