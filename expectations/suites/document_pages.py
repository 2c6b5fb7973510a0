"""What must hold of `core.document_page` and `core.document_block`: documents as they were received.

Others: `document_page`, of the blocks. Nothing about a single page is critical: one that cannot be
read must not stop the others, and what is wrong with a publisher's page is no error of ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from expectations.claims import at_least, at_most, between, holds, matches
from expectations.history import kept_rows
from expectations.rules import Evidence, Rule, Severity, shared
from expectations.suites.document_views import (
    CONTROL_IN_A_LINE,
    HASH,
    WEB_ADDRESS,
    known_in,
    without,
)
from expectations.views import nothing

if TYPE_CHECKING:
    import polars as pl

WARNING, ROW = Severity.WARNING, Severity.ROW
HEADINGS = 6
"""Levels of heading that HTML has."""


@shared
def pages(evidence: Evidence) -> pl.DataFrame:
    """The frame row by row: whether each is `readable`, and if it is, whether what is known of a
    page that was read is there: how it was read (`charset_known`) and a good hash of its words
    (`words_hashed`)."""
    import polars as pl

    readable = pl.col("refused").is_null()
    hashed = pl.col("text_sha256").str.contains(HASH).fill_null(False)
    charset = (pl.col("charset").fill_null("") != "") & pl.col("charset_from").is_not_null()
    return evidence.frame.select(
        "page",
        readable=readable,
        charset_known=pl.when(readable).then(charset),
        words_hashed=pl.when(readable).then(hashed),
    )


def refused_together(evidence: Evidence) -> pl.DataFrame:
    """One row: `pages`, and the share of them that were refused."""
    import polars as pl

    if not evidence.frame.height:
        return nothing()
    return evidence.frame.select(
        pages=pl.len(), share_refused=pl.col("refused").is_not_null().mean()
    )


@shared
def blocks(evidence: Evidence) -> pl.DataFrame:
    """The frame row by row: how many `letters` each has, whether its cells are parted as a row's
    are (`cells_in_rows`), and the level of a heading (`heading`; null of other blocks)."""
    import polars as pl

    return evidence.frame.select(
        "page",
        "position",
        letters=pl.col("text").str.strip_chars().str.len_chars().cast(pl.Int64),
        cells_in_rows=(pl.col("kind") == "row") | ~pl.col("text").str.contains("\t", literal=True),
        heading=pl.when(pl.col("kind") == "heading").then("level"),
    )


DOCUMENT_PAGE: tuple[Rule, ...] = (
    *kept_rows(WARNING),
    Rule(
        name="page_can_be_read",
        severity=ROW,
        reason="A page that is refused waits in quarantine; why, is in the field `refused` of its "
        "record.",
        expect=holds("readable"),
        over=pages,
        at_most=1.0,
    ),
    Rule(
        name="most_pages_can_be_read",
        severity=WARNING,
        reason="Where half of the pages cannot be read, the site has changed or the reader has.",
        expect=at_most("share_refused", 0.5),
        over=refused_together,
    ),
    Rule(
        name="hash_of_bytes",
        severity=ROW,
        reason="The bytes of a page are found in the archive by their SHA-256.",
        expect=matches("sha256", HASH),
        at_most=1.0,
    ),
    Rule(
        name="hash_of_words",
        severity=ROW,
        reason="That two files are one document is seen from the hash of their words, which every "
        "page that was read has.",
        expect=holds("words_hashed"),
        over=pages,
        at_most=1.0,
    ),
    Rule(
        name="charset_known_where_read",
        severity=ROW,
        reason="Bytes become text in one charset or another; who reads the text must be able to see "
        "in which, and whence we have it.",
        expect=holds("charset_known"),
        over=pages,
        at_most=1.0,
    ),
    Rule(
        name="page_has_bytes",
        severity=ROW,
        reason="A page without a single byte was not received.",
        expect=at_least("bytes", 1),
        at_most=1.0,
    ),
    Rule(
        name="page_in_one_charset",
        severity=WARNING,
        reason="The text of the page was read in a wrong charset before it reached us; it is kept as "
        "it is, and names in it may not be found.",
        expect=at_most("mojibake", 0),
    ),
    Rule(
        name="page_from_the_web_or_a_disk",
        severity=ROW,
        reason="An address is shown as a link; one that begins with anything but http, https or "
        "file could run something (hazard S6).",
        expect=matches("url", WEB_ADDRESS),
        at_most=1.0,
    ),
)
DOCUMENT_BLOCK: tuple[Rule, ...] = (
    *kept_rows(WARNING),
    Rule(
        name="block_has_words",
        severity=ROW,
        reason="A block without words is no block: readers leave it out.",
        expect=at_least("letters", 1),
        over=blocks,
        at_most=1.0,
    ),
    Rule(
        name="page_of_block_is_known",
        severity=ROW,
        reason="Words belong to a page that was taken in, and to the document that it belongs to; "
        "those of a page that was set aside go with it.",
        expect=holds("known"),
        over=known_in(("page", "document_id"), "document_page"),
        rows_by=("page", "document_id"),
        at_most=1.0,
    ),
    Rule(
        name="cells_only_in_rows",
        severity=ROW,
        reason="A tab parts the cells of a table's row and stands nowhere else, or words would be "
        "read as columns.",
        expect=holds("cells_in_rows"),
        over=blocks,
        at_most=1.0,
    ),
    Rule(
        name="block_without_control_characters",
        severity=ROW,
        reason="A text with control characters is no text (hazard R10), and a block is one line.",
        expect=holds("clean"),
        over=without("text", CONTROL_IN_A_LINE, "page", "position"),
        at_most=1.0,
    ),
    Rule(
        name="level_of_heading",
        severity=ROW,
        reason="Sections are nested by the level of their headings, of which there are six.",
        expect=between("heading", 1, HEADINGS),
        over=blocks,
        at_most=1.0,
    ),
    Rule(
        name="positions_from_one",
        severity=ROW,
        reason="Blocks are numbered from 1 in the order in which one reads them.",
        expect=at_least("position", 1),
        at_most=1.0,
    ),
)
