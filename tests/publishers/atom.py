"""The Atom answer that OData v3 gives to whoever forgets `$format=json`.

It is here so that forgetting is noticed; nobody reads its content, so it is kept plain.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from tests.publishers.odata_page import Frame, Records, Rows
from tests.publishers.wire import Answer

_NAMESPACES = (
    'xmlns="http://www.w3.org/2005/Atom" '
    'xmlns:d="http://schemas.microsoft.com/ado/2007/08/dataservices" '
    'xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata"'
)


def atom_feed(url: str, base: str, name: str, rows: Rows) -> Answer:
    """One page of an entity set as an Atom feed."""
    if isinstance(rows, Records):
        frame = pl.DataFrame([{k: str(v) for k, v in row.items()} for row in rows.records])
    else:
        assert isinstance(rows, Frame)
        frame = rows.frame
    members = [
        pl.concat_str(pl.lit(f"<d:{column}>"), _text(column), pl.lit(f"</d:{column}>"))
        for column in frame.columns
        if column.isidentifier()
    ]
    start = '<entry><content type="application/xml"><m:properties>'
    end = "</m:properties></content></entry>"
    entries: Iterable[str] = (
        frame.select(pl.concat_str(pl.lit(start), *members, pl.lit(end)).alias("entry"))["entry"]
        if members
        else []
    )
    document = (
        f'<?xml version="1.0" encoding="utf-8"?><feed xml:base="{url}/{base}" {_NAMESPACES}>'
        f'<title type="text">{name}</title>{"".join(entries)}</feed>'
    )
    headers = {
        "Content-Type": "application/atom+xml;type=feed;charset=utf-8",
        "DataServiceVersion": "1.0;",
    }
    return Answer(200, headers, (document.encode(),))


def _text(column: str) -> pl.Expr:
    text = pl.col(column).cast(pl.String).fill_null("")
    for plain, safe in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        text = text.str.replace_all(plain, safe, literal=True)
    return text
