"""A page of OData: read whole or not at all, and nothing in it passed over."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.sources import odata
from assets.sources.errors import ContractBroken, Incomplete, Refused, SourceError
from assets.sources.transport import Answer

URL = "http://cbs.test/TypedDataSet"
SCHEMA = pl.Schema({"ID": pl.Int64, "Regio": pl.String, "Aantal_1": pl.Float64})
ROWS = [
    {"ID": 0, "Regio": "GM0153", "Aantal_1": 12.5},
    {"ID": 1, "Regio": 'Büurt [1] "A": }', "Aantal_1": None},
    {"ID": 2, "Regio": "x ]", "Aantal_1": -3},
]
NEXT = "odata.nextLink"


def page(rows: list[Any] = ROWS, link: str | None = None, **more: Any) -> bytes:
    """A page as the publisher writes it."""
    said: dict[str, Any] = {"odata.metadata": "http://cbs.test/$metadata#Set", "value": rows}
    said |= more | ({} if link is None else {NEXT: link})
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def read(body: bytes) -> list[dict[str, Any]]:
    """A page as the readers read it: its envelope first, its rows after."""
    odata.envelope(URL, body)
    return odata.rows(URL, body, SCHEMA, "trial 2020").to_dicts()


# --- what a page holds

LAYOUTS = [
    pytest.param(page(), id="compact"),
    pytest.param(b"\xef\xbb\xbf" + page(), id="with a BOM"),
    pytest.param(json.dumps(json.loads(page())).encode(), id="escaped, with blanks"),
    pytest.param(json.dumps(json.loads(page()), indent=2).encode(), id="indented"),
    pytest.param(
        json.dumps({NEXT: "http://cbs.test/x", "value": ROWS}).encode(), id="link before the rows"
    ),
    pytest.param(
        json.dumps({"value": [dict(reversed(row.items())) for row in ROWS]}).encode(),
        id="fields in another order",
    ),
    pytest.param(
        json.dumps({"value": ROWS}).replace('":', '" :').encode(), id="blank before colon"
    ),
]


@pytest.mark.parametrize("body", LAYOUTS)
def test_rows_are_as_they_were_sent(body: bytes) -> None:
    assert read(body) == json.loads(body)["value"]


def test_a_page_without_rows_has_none_and_its_columns() -> None:
    empty = odata.rows(URL, page([]), SCHEMA, "trial")
    assert (empty.height, empty.schema) == (0, SCHEMA)


@pytest.mark.parametrize(
    "link",
    [
        None,
        "http://cbs.test/TypedDataSet?$skip=10",
        "http://cbs.test/x?$filter=in(a,[1,2])&$skip=1",
        'http://cbs.test/x?a=]"&b=]',
    ],
)
def test_the_envelope_keeps_the_link_whatever_stands_in_it(link: str | None) -> None:
    answer = Answer(URL, page(link=link), dt.datetime.now(dt.UTC))
    assert odata.next_link(answer, NEXT) == link
    for body in (
        page(link=link, extra=[[1], [2]]),
        json.dumps({"value": ROWS, NEXT: link, "extra": [1]}).encode(),
    ):
        assert odata.envelope(URL, body).get(NEXT) == link


@pytest.mark.parametrize("link", [5, ["http://cbs.test"], {"href": "x"}, True])
def test_a_link_that_is_no_text_is_refused(link: Any) -> None:
    body = json.dumps({"value": [], NEXT: link}).encode()
    with pytest.raises(Refused, match="expected an address"):
        odata.next_link(Answer(URL, body, dt.datetime.now(dt.UTC)), NEXT)


# --- what is no page, or not the whole of one


@pytest.mark.parametrize("body", [page(), page(link=f"{URL}?$skip=3"), page(ROWS[:1])])
def test_no_page_is_accepted_that_lacks_its_end(body: bytes) -> None:
    """At every byte; two in the middle of a character with two bytes."""
    for length in range(len(body)):
        with pytest.raises(SourceError):
            read(body[:length])
        with pytest.raises(SourceError):
            odata.entries(URL, body[:length])


cells = st.fixed_dictionaries(
    {
        "ID": st.integers(0, 10**12),
        "Regio": st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
        "Aantal_1": st.none() | st.floats(allow_nan=False, allow_infinity=False),
    }
)


@settings(max_examples=150)
@given(rows=st.lists(cells, min_size=1, max_size=5), share=st.floats(0, 1, exclude_max=True))
def test_any_page_comes_back_as_it_was_and_no_part_of_it_does(
    rows: list[dict[str, Any]], share: float
) -> None:
    body = page(rows)
    assert read(body) == rows
    with pytest.raises(SourceError):
        read(body[: int(len(body) * share)])


@pytest.mark.parametrize(
    ("body", "kind", "says"),
    [
        pytest.param(b"<!DOCTYPE html><h1>Storing</h1>", Refused, "an HTML page", id="html"),
        pytest.param(b'{"odata.error":{"code":""}}', Refused, "with an error", id="v3 error"),
        pytest.param(b'{"error":{"message":"no"}}', Refused, "with an error", id="v4 error"),
        pytest.param(b"", Incomplete, "breaks off", id="nothing"),
        pytest.param(b"[]", Refused, "a JSON object, came list", id="a list"),
        pytest.param(b"Service Unavailable", Refused, "expected JSON", id="words"),
        pytest.param(b'{"value":5}', Refused, "expected", id="a number for the rows"),
        pytest.param(b'{"value":null}', Refused, "expected", id="null for the rows"),
        pytest.param(b'{"rows":[]}', Refused, "expected", id="rows under another name"),
        pytest.param(page([5]), Refused, "expected objects", id="numbers for rows"),
        pytest.param(b'{"a":' * 100_000, Refused, "nested too deeply", id="nested deeply"),
        pytest.param(page().decode().encode("latin-1"), Refused, "expected UTF-8", id="latin-1"),
    ],
)
def test_what_is_no_page_is_told_apart(body: bytes, kind: type[SourceError], says: str) -> None:
    with pytest.raises(kind, match=says) as caught:
        odata.rows(URL, body, SCHEMA, "trial")
    assert len(str(caught.value)) < 700, "a message, not a page"
    with pytest.raises((Refused, Incomplete)):
        odata.entries(URL, body)


# --- rows that are not what the table says of itself


def changed(place: int, **cells: Any) -> list[dict[str, Any]]:
    """The rows with one of them changed; a cell that is `...` is left out."""
    rows = [dict(row) for row in ROWS]
    rows[place] |= cells
    return [{k: v for k, v in row.items() if v is not ...} for row in rows]


@pytest.mark.parametrize("place", [0, 2], ids=["first row", "last row"])
@pytest.mark.parametrize(
    ("cells", "says"),
    [
        pytest.param({"Aantal_1": ...}, "lacking .'Aantal_1'", id="a field is absent"),
        pytest.param({"Aantal_2": 3}, "unknown .'Aantal_2'", id="a field too many"),
        pytest.param({"Aantal_1": ..., "Aantal_9": 4}, "unknown .'Aantal_9'", id="another field"),
        pytest.param({"Aantal_1": "12"}, "not of the type", id="a text for a number"),
        pytest.param({"Aantal_1": "."}, "not of the type", id="a sign for a number"),
        pytest.param({"Aantal_1": [1]}, "not of the type", id="a list for a number"),
    ],
)
def test_a_row_with_other_fields_breaks_the_contract(
    place: int, cells: dict[str, Any], says: str
) -> None:
    with pytest.raises(ContractBroken, match=says):
        read(page(changed(place, **cells)))


def test_a_row_that_is_null_is_refused() -> None:
    with pytest.raises(Refused, match="a list of objects"):
        read(page([ROWS[0], None, ROWS[2]]))


# --- code lists


@pytest.mark.parametrize(
    ("listed", "says"),
    [
        (["GM0153", "GM0193"], None),
        (["GM0153"], "lacks .'GM0193'"),
        (["GM0153", "GM0193", "GM0193"], "names twice .'GM0193'"),
        ([], "lacks"),
    ],
)
def test_a_code_list_has_every_code_of_the_rows_once(
    listed: list[str | None], says: str | None
) -> None:
    rows = pl.DataFrame({"Regio": ["GM0153", "GM0193", "GM0153"]})
    if says is None:
        odata.known_codes("trial", rows, {"Regio": listed})
    else:
        with pytest.raises(Incomplete, match=says):
            odata.known_codes("trial", rows, {"Regio": listed})


def test_a_description_that_lacks_a_field_breaks_the_contract() -> None:
    with pytest.raises(ContractBroken, match="without Key, Type"):
        odata.described("trial", [{"ID": 1, "Title": "x"}], "ID", "Type", "Key")
