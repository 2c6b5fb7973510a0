"""Which document a page belongs to, and what of it goes on."""

from __future__ import annotations

import hashlib

import polars as pl

from assets.catalogue import load_catalogue
from assets.core import documents
from assets.core.frames import Edition
from assets.documents.blocks import Page, Refusal, to_rows
from assets.documents.formats import reading
from assets.sources.reading import RawTable, empty_codes, empty_columns

CATALOGUE = load_catalogue()
TEXT = "Een verzonnen tekst\n\nEen verzonnen tekst\n\nWaarin iets over een park wordt gezegd."


def edition(source: str, name: str, *pages: Page | Refusal) -> Edition:
    """A release with these pages."""
    raw = RawTable(to_rows(list(pages)), empty_columns(), empty_codes())
    return Edition(CATALOGUE.sources[source], name, "r1", raw)


def read(name: str, text: str) -> Page | Refusal:
    """One file as it is read."""
    return reading.read(name, text.encode())


def test_the_same_words_are_one_document_whatever_the_bytes() -> None:
    twice = edition(
        "dropped_documents",
        "all",
        read("a.txt", TEXT),
        read("b.txt", TEXT.replace("\n", "\r\n")),
        read("c.txt", TEXT.replace("Een verzonnen tekst\n\nEen", "Een")),  # its title line once
        read("d.txt", TEXT + " En meer."),
    )
    pages = documents.pages(twice)
    assert pages.height == 4
    assert pages["sha256"].n_unique() == 4
    ids = pages["document_id"].to_list()
    assert ids[0] == ids[1] == ids[2] != ids[3]
    assert all(one.startswith("text-") for one in ids)
    blocks = documents.blocks(twice, pages)
    assert blocks["page"].unique().sort().to_list() == [1, 4]


def test_the_pages_of_a_site_are_one_document() -> None:
    site = edition(
        "budget_sites", "overijssel-jaarverslag-2016", read("a.html", TEXT), read("b.txt", TEXT)
    )
    pages = documents.pages(site)
    assert pages["document_id"].unique().to_list() == ["overijssel-jaarverslag-2016"]
    assert documents.blocks(site, pages)["page"].unique().sort().to_list() == [1, 2]


def test_a_refused_page_keeps_its_hash_and_reason_and_has_no_blocks() -> None:
    junk = bytes(range(256)) * 100
    made = edition("dropped_documents", "all", reading.read("junk.txt", junk), read("a.txt", TEXT))
    pages = documents.pages(made)
    [refused] = pages.filter(pl.col("refused").is_not_null()).to_dicts()
    assert refused["sha256"] == hashlib.sha256(junk).hexdigest()
    assert refused["text_sha256"] is None
    assert documents.blocks(made, pages)["page"].unique().to_list() == [2]
