"""Pages and blocks of documents: which document a page belongs to, and what it holds.

A site publishes one document, spread over pages; a dropped file is a document of its own, and
the same words dropped twice are one.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from assets.core.frames import Edition
from assets.documents.blocks import REFUSED
from warehouse.tables.core import DocumentBlock, DocumentPage
from warehouse.vocabulary import polars_schema

if TYPE_CHECKING:
    import polars as pl

SPREAD_OVER_PAGES = "budget_site"
"""The protocol whose release is one document."""


def pages(edition: Edition) -> pl.DataFrame:
    """One row a page, refused ones included."""
    import polars as pl

    schema = polars_schema(DocumentPage)
    raw = edition.raw.rows
    refused = pl.col("kind") == REFUSED
    return (
        raw.unique("page", keep="first", maintain_order=True)
        .join(_words(raw), on="page", how="left", maintain_order="left")
        .with_columns(
            source=pl.lit(edition.source.name),
            edition=pl.lit(edition.edition),
            release_id=pl.lit(edition.release_id),
            refused=pl.when(refused).then("text"),
            text_sha256=pl.when(~refused).then("text_sha256"),
        )
        .with_columns(document_id=_document_of(edition))
        .select(schema.names())
        .cast(schema)
    )


def blocks(edition: Edition, pages: pl.DataFrame) -> pl.DataFrame:
    """One row a block that has words; of a document that was dropped twice, the blocks of the first."""
    import polars as pl

    schema = polars_schema(DocumentBlock)
    read = pages.filter(pl.col("refused").is_null())
    if edition.source.protocol != SPREAD_OVER_PAGES:
        read = read.unique("document_id", keep="first", maintain_order=True)
    return (
        edition.raw.rows.with_columns(pl.col("page").cast(pl.Int64))
        .join(read.select("page", "document_id"), on="page", how="inner", maintain_order="left")
        .filter(pl.col("text") != "")
        .with_columns(
            source=pl.lit(edition.source.name),
            edition=pl.lit(edition.edition),
            release_id=pl.lit(edition.release_id),
            links=pl.when(pl.col("links") != "").then("links"),
        )
        .select(schema.names())
        .cast(schema)
    )


def _document_of(edition: Edition) -> pl.Expr:
    import polars as pl

    if edition.source.protocol == SPREAD_OVER_PAGES:
        return pl.lit(edition.edition)
    mark = pl.coalesce("text_sha256", "sha256").str.slice(0, 12)
    return pl.concat_str(pl.lit("text-"), mark)


def _words(raw: pl.DataFrame) -> pl.DataFrame:
    """A row a page: the hash of its words, blanks and breaks aside."""
    import polars as pl

    said = (
        raw.group_by("page", maintain_order=True)
        .agg(pl.col("text").str.join(" "))
        .select("page", words=pl.col("text").str.replace_all(r"\s+", " ").str.strip_chars())
    )
    hashes = [hashlib.sha256(words.encode()).hexdigest() for words in said.get_column("words")]
    return said.select("page").with_columns(text_sha256=pl.Series(hashes, dtype=pl.String))
