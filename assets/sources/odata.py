"""What OData 3 and 4 share: the envelope around a page of rows, and following pages safely.

A page is parsed twice over, cheaply: its envelope here (everything but the rows), its rows by
polars against the schema that the table's own description gives.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from assets.sources.errors import ContractBroken, Incomplete, Refused
from assets.sources.transport import Answer, Fetcher, address

if TYPE_CHECKING:
    import polars as pl

BOM = b"\xef\xbb\xbf"
START = b'"value"'
LINK = b'nextLink"'
EMPTY = re.compile(rb'^[^\[]*"value"\s*:\s*\[\s*\]')
MOST_PAGES = 10_000
"""Pages of one entity set after which the chain of links is taken to have no end."""


def envelope(url: str, body: bytes) -> dict[str, Any]:
    """Everything of a page but its rows.

    Raises Refused for what is not OData's JSON, Incomplete where it is but breaks off.
    """
    body = body.removeprefix(BOM)
    start, end = body.find(START), body.rfind(b"]")
    if 0 <= start < end:
        opening = body.find(b"[", start)
        try:
            # Links stand before or after the rows; without them a page is a few hundred bytes.
            if (
                0 < opening < end
                and not body[end + 1 :].strip().startswith((b'"', b"]"))
                and LINK not in body[opening:end]
            ):
                return _object(url, body[: opening + 1] + body[end:])
        except (Refused, Incomplete):
            pass  # a `]` inside the link: read the page whole
    return _object(url, body)


def _object(url: str, body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError) as error:
        start = body[:60].decode("utf-8", "replace").strip()
        if isinstance(error, RecursionError):
            raise Refused(f"{url}: expected a page of rows, came JSON nested too deeply") from error
        if isinstance(error, UnicodeDecodeError) and error.reason != "unexpected end of data":
            raise Refused(f"{url}: expected UTF-8, came {start!r} ({error.reason})") from error
        if not start or start.startswith(("{", "[")):
            raise Incomplete(
                f"{url}: the page breaks off or is damaged ({error!s:.200})"
            ) from error
        what = "an HTML page" if start.startswith("<") else f"{start!r}"
        raise Refused(f"{url}: expected JSON, came {what} ({error!s:.200})") from error
    if not isinstance(said, dict):
        raise Refused(f"{url}: expected a JSON object, came {type(said).__name__}")
    wrong = said.get("odata.error") or said.get("error")
    if wrong:
        raise Refused(f"{url}: the publisher answers with an error: {str(wrong)[:300]}")
    return said


def entries(url: str, body: bytes) -> list[dict[str, Any]]:
    """The rows of a small page as dictionaries. Raises Refused, or Incomplete."""
    said = _object(url, body.removeprefix(BOM))
    value = said.get("value")
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise Refused(f"{url}: expected a list of objects under `value`, came {sorted(said)[:8]}")
    return value


def follow(fetcher: Fetcher, url: str, params: dict[str, str], link: str) -> Iterator[Answer]:
    """Every page from `url` on, one after the other, along the links named `link`.

    A link carries all its parameters, so nothing is added to it. Raises Incomplete where a
    link leads back to a page already seen, or the links do not end: after a page without rows
    there is nothing more to come.
    """
    answer = fetcher.get(url, params=params)
    seen = {address(answer.url)}
    while True:
        yield answer
        further = next_link(answer, link)
        if further is None:
            return
        place = address(fetcher.address(further))
        if place in seen:
            raise Incomplete(
                f"{answer.url}: the next link leads back to a page already read: {further:.200}"
            )
        if EMPTY.search(answer.content()):
            raise Incomplete(f"{answer.url}: a page without rows names a next one: {further:.200}")
        if len(seen) >= MOST_PAGES:
            raise Incomplete(f"{answer.url}: after {MOST_PAGES} pages there is still a next one")
        seen.add(place)
        answer = fetcher.get(further)


def next_link(answer: Answer, link: str) -> str | None:
    """The address of the page after this one; None on the last. Raises Refused."""
    further = envelope(answer.url, answer.content()).get(link)
    if not further:
        return None
    if not isinstance(further, str):
        raise Refused(f"{answer.url}: expected an address under `{link}`, came {further!r:.80}")
    return further


def rows(url: str, body: bytes, schema: pl.Schema, table: str) -> pl.DataFrame:
    """The rows of a page in `schema`.

    Raises Incomplete where the page does not parse to its end, ContractBroken where a row has
    other fields than the table's description or a field another type: polars alone would pass
    over the one in silence, and take the other for damage.
    """
    import polars as pl

    body = body.removeprefix(BOM)
    first = _first_row(url, body)
    if first is None:
        return pl.DataFrame(schema=schema)
    _same_fields(url, first, schema, table)
    try:
        page = pl.read_json(body, schema={"value": pl.List(pl.Struct(schema))})
    except (pl.exceptions.PolarsError, OSError, ValueError) as error:
        entries(url, body)  # raises where the page is at fault, and not what stands in it
        raise ContractBroken(
            f"{table}: a value is not of the type that the table's own description names: "
            f"{str(error).splitlines()[0]:.200}; look at {url:.200}"
        ) from error
    found = page.get_column("value").explode().struct.unnest()
    if not _told_whole(found, body, envelope(url, body)):
        for entry in entries(url, body):
            _same_fields(url, entry, schema, table)
    return found


def _told_whole(found: pl.DataFrame, body: bytes, around: dict[str, Any]) -> bool:
    """Whether every field of every row was there to be read, judged without parsing again.

    A field that a row lacks becomes a null, one too many is dropped. So there must be as many
    keys as the rows have fields, and as many nulls as were read, besides those around the rows.
    A key is followed by `":`, which within a text would be `\\":`. Where a text deceives, or
    the publisher writes with other blanks, the answer is no and the rows are looked at singly.
    """
    keys = body.count(b'":') - body.count(b'\\":') - len(around)
    nulls = body.count(b":null") - sum(value is None for value in around.values())
    return keys == found.height * found.width and nulls == sum(found.null_count().row(0))


def _same_fields(url: str, row: dict[str, Any], schema: pl.Schema, table: str) -> None:
    """Raises ContractBroken for a row that has other fields than `schema`."""
    strange = sorted(set(row) - set(schema))
    lacking = sorted(set(schema) - set(row))
    if strange or lacking:
        raise ContractBroken(
            f"{table}: the rows do not have the columns that the table's own description names: "
            f"unknown {strange or 'none'}, lacking {lacking or 'none'}; look at {url:.200}"
        )


def _first_row(url: str, body: bytes) -> dict[str, Any] | None:
    named = body.find(START)
    start = body.find(b"[", named)
    if named < 0 or start < 0:
        _object(url, body)  # says what it is instead
        raise Refused(f"{url}: expected rows under `value`")
    head = body[start + 1 : start + 1 + 1_000_000].decode("utf-8", "ignore").lstrip()
    if head.startswith("]"):
        return None
    try:
        row, _ = json.JSONDecoder().raw_decode(head)
    except ValueError as error:
        raise Incomplete(f"{url}: the page breaks off inside its first row ({error})") from error
    if not isinstance(row, dict):
        raise Refused(f"{url}: expected objects under `value`, came {type(row).__name__}")
    return row


def described(table: str, entries: list[dict[str, Any]], key: str, *fields: str) -> None:
    """Holds the entries of a table's description to having a key and certain fields.

    Raises ContractBroken for an entry that lacks one of them, Incomplete for a key that comes
    twice, as with a page that does.
    """
    for entry in entries:
        lacking = sorted({key, *fields} - set(entry))
        if lacking:
            raise ContractBroken(
                f"{table}: its description has an entry without {', '.join(lacking)}: "
                f"{entry!s:.200}"
            )
    distinct = len({str(entry[key]) for entry in entries})
    if distinct != len(entries):
        raise Incomplete(
            f"{table}: {len(entries) - distinct} entries of its description came twice, by their "
            f"{key}; asked again next night"
        )


def known_codes(table: str, rows: pl.DataFrame, lists: dict[str, list[str | None]]) -> None:
    """Holds the codes in the columns of `rows` against the code list of each.

    Raises Incomplete where a list names a code twice, or lacks one that the rows have: nothing
    counts the rows of a code list, so this is how it is seen that a page of one went missing.
    """
    import polars as pl

    for column, listed in lists.items():
        there = pl.Series(listed, dtype=pl.String)
        twice = there.filter(there.is_duplicated()).unique(maintain_order=True).to_list()
        used = rows.get_column(column).unique().cast(pl.String).drop_nulls().to_list()
        lacking = sorted(set(used) - set(listed))
        if twice or lacking:
            raise Incomplete(
                f"{table}: the code list of {column} names twice {twice[:5] or 'none'}, lacks "
                f"{lacking[:5] or 'none'} of what the rows have; asked again next night"
            )
