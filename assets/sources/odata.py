"""What OData 3 and 4 share: the envelope around a page of rows, and following pages safely.

A page is parsed twice over, cheaply: its envelope here (everything but the rows), its rows by
polars against the schema that the table's own description gives.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from assets.sources.errors import ContractBroken, Incomplete, Refused
from assets.sources.transport import Answer, Fetcher

if TYPE_CHECKING:
    import polars as pl

BOM = b"\xef\xbb\xbf"
START = b'"value"'


def envelope(url: str, body: bytes) -> dict[str, Any]:
    """Everything of a page but its rows. Raises Refused for what is not OData's JSON."""
    body = body.removeprefix(BOM)
    start, end = body.find(START), body.rfind(b"]")
    if 0 <= start < end:
        opening = body.find(b"[", start)
        try:
            # Links stand before or after the rows; without the rows the page is a few hundred bytes.
            if 0 < opening < end and not body[end + 1 :].strip().startswith((b'"', b"]")):
                return _object(url, body[: opening + 1] + body[end:])
        except Refused:
            pass  # a `]` inside the link: read the page whole
    return _object(url, body)


def _object(url: str, body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except (ValueError, UnicodeDecodeError) as error:
        start = body[:60].decode("utf-8", "replace").strip()
        what = "an HTML page" if start.startswith("<") else f"{start!r}"
        raise Refused(f"{url}: expected JSON, came {what} ({error})") from error
    if not isinstance(said, dict):
        raise Refused(f"{url}: expected a JSON object, came {type(said).__name__}")
    wrong = said.get("odata.error") or said.get("error")
    if wrong:
        raise Refused(f"{url}: the publisher answers with an error: {str(wrong)[:300]}")
    return said


def entries(url: str, body: bytes) -> list[dict[str, Any]]:
    """The rows of a small page as dictionaries. Raises Refused."""
    said = _object(url, body.removeprefix(BOM))
    if not isinstance(said.get("value"), list):
        raise Refused(f"{url}: expected a list under `value`, came {sorted(said)[:8]}")
    return list(said["value"])


def follow(fetcher: Fetcher, url: str, params: dict[str, str], link: str) -> Iterator[Answer]:
    """Every page from `url` on, one after the other, along the links named `link`.

    A link carries all its parameters, so nothing is added to it. Raises Incomplete where a
    link leads back to a page already seen.
    """
    answer = fetcher.get(url, params=params)
    seen = {answer.url}
    while True:
        yield answer
        further = envelope(answer.url, answer.content()).get(link)
        if not further:
            return
        if further in seen:
            raise Incomplete(f"{answer.url}: the next link leads back to a page already read: {further:.200}")
        seen.add(further)
        answer = fetcher.get(further)


def rows(url: str, body: bytes, schema: pl.Schema, table: str) -> pl.DataFrame:
    """The rows of a page in `schema`.

    Raises Incomplete where the page does not parse to its end, ContractBroken where a row has
    other fields than the table's description, which polars alone would pass over in silence.
    """
    import polars as pl

    body = body.removeprefix(BOM)
    first = _first_row(url, body)
    if first is None:
        return pl.DataFrame(schema=schema)
    strange = sorted(set(first) - set(schema))
    lacking = sorted(set(schema) - set(first))
    if strange or lacking:
        raise ContractBroken(
            f"{table}: the rows do not have the columns that the table's own description names: "
            f"unknown {strange or 'none'}, lacking {lacking or 'none'}; look at {url:.200}"
        )
    try:
        page = pl.read_json(body, schema={"value": pl.List(pl.Struct(schema))})
    except (pl.exceptions.PolarsError, OSError, ValueError) as error:
        raise Incomplete(f"{url}: the page does not parse to its end: {str(error)[:300]}") from error
    return page.get_column("value").explode().struct.unnest()


def _first_row(url: str, body: bytes) -> dict[str, Any] | None:
    start = body.find(b"[", body.find(START))
    head = body[start + 1 : start + 1 + 1_000_000].decode("utf-8", "ignore").lstrip()
    if start < 0:
        raise Refused(f"{url}: expected rows under `value`")
    if head.startswith("]"):
        return None
    try:
        row, _ = json.JSONDecoder().raw_decode(head)
    except ValueError as error:
        raise Incomplete(f"{url}: the page breaks off inside its first row ({error})") from error
    if not isinstance(row, dict):
        raise Refused(f"{url}: expected objects under `value`, came {type(row).__name__}")
    return row
