"""What every reader of a format yields: a page as a row of blocks, in reading order.

A block says what the markup says, not what the words mean: that a line of plain text is a
heading is for `sections` to find out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import polars as pl

Kind = Literal["heading", "paragraph", "item", "row", "line"]
"""`heading`, `paragraph`, `item` (of a list) and `row` (of a table) come from markup; `line` is a
line of plain text, of which nothing more is known."""
CharsetFrom = Literal["bom", "http", "meta", "utf-8", "guess"]
"""Whence the charset: the byte order mark, the HTTP header, the page itself, that the bytes are
valid UTF-8, or what is left where they are not."""
CELL = "\t"
"""Stands between the cells of a table's row; no cell has one in it."""
CUT_OFF = ("…", "...")
"""With which a publisher ends a text that goes on elsewhere."""


class Unreadable(ValueError):  # noqa: N818 - named for what happened
    """Bytes that are no document we can read; the message says what was expected and what came."""


@dataclass(frozen=True, slots=True)
class Block:
    """One heading, paragraph, list item, table row or line of text."""

    kind: Kind
    text: str
    """Without breaks; blanks collapsed to one; table cells parted by `CELL`."""
    level: int = 0
    """Of a heading 1 to 6; of an item how deep its list is nested, from 1; of a row the number of
    its table on the page, from 1."""
    gap: bool = True
    """Whether it stands apart from the block before: of a line, after an empty line."""
    links: tuple[str, ...] = ()
    """Addresses that the block links to, as written."""


@dataclass(frozen=True)
class Page:
    """One page or file, read."""

    name: str
    """Of the file, or of the last part of the address."""
    url: str | None
    """Where it was fetched, or where it says that it was saved from."""
    media_type: Literal["text/html", "text/plain", "application/pdf"]
    sha256: str
    """Of the bytes as received."""
    bytes: int
    charset: str
    charset_from: CharsetFrom
    mojibake: int
    """How many places look like text that was once read in the wrong charset. Never repaired."""
    title: str | None
    """The title that the format gives (`<title>`); none for plain text."""
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Refusal:
    """A page that could not be read, and why."""

    name: str
    url: str | None
    sha256: str
    bytes: int
    reason: str
    media_type: str = field(default="application/octet-stream")


REFUSED = "refused"
"""Kind of the one row that a refused page has."""


def raw_schema() -> pl.Schema:
    """Columns of raw documents: one row a block, with what is known of its page."""
    import polars as pl

    return pl.Schema(
        {
            "page": pl.Int32,
            "name": pl.String,
            "url": pl.String,
            "media_type": pl.String,
            "sha256": pl.String,
            "bytes": pl.Int64,
            "charset": pl.String,
            "charset_from": pl.String,
            "mojibake": pl.Int64,
            "title": pl.String,
            "position": pl.Int32,
            "kind": pl.String,
            "level": pl.Int32,
            "gap": pl.Boolean,
            "links": pl.String,
            "text": pl.String,
        }
    )


def to_rows(pages: list[Page | Refusal]) -> pl.DataFrame:
    """Pages as raw rows, numbered from 1; links parted by blanks; a refusal is one row `refused`
    with the reason as its text, a page without blocks one empty `paragraph`."""
    import polars as pl

    rows = []
    for number, page in enumerate(pages, start=1):
        if isinstance(page, Refusal):
            known = (page.media_type, page.sha256, page.bytes, None, None, 0, None)
            said: list[tuple[object, ...]] = [(1, REFUSED, 0, True, "", page.reason)]
        else:
            known = (
                page.media_type,
                page.sha256,
                page.bytes,
                page.charset,
                page.charset_from,
                page.mojibake,
                page.title,
            )  # type: ignore[assignment]
            blocks = page.blocks or (Block("paragraph", ""),)
            said = [
                (position, b.kind, b.level, b.gap, " ".join(b.links), b.text)
                for position, b in enumerate(blocks, start=1)
            ]
        rows += [(number, page.name, page.url, *known, *block) for block in said]
    return pl.DataFrame(rows, schema=raw_schema(), orient="row")
