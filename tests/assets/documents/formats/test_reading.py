"""Bytes to a page: seen from the bytes what they are, and a reason where they are nothing."""

from __future__ import annotations

import gzip
import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.documents.blocks import Page, Refusal, raw_schema, to_rows
from assets.documents.formats.reading import MAX_PDF_BYTES, MAX_TEXT_BYTES, read
from tests.assets.documents.pdf_bytes import pdf
from tests.publishers.shared import available, folder
from warehouse.tables.core import BLOCK_KINDS

SITE = "https://voorbeeld.test/p1/terreinen-2.0"
HTML = b"<!-- x --><!doctype html><title>Titel</title><h1>Kop</h1><p>Tekst"


def page(name: str, body: bytes, **how: str) -> Page:
    """A page that must be read."""
    got = read(name, body, **how)  # type: ignore[arg-type]
    assert isinstance(got, Page), got
    return got


def refusal(name: str, body: bytes, **how: str) -> Refusal:
    """A page that must be refused."""
    got = read(name, body, **how)  # type: ignore[arg-type]
    assert isinstance(got, Refusal), got
    return got


@pytest.mark.parametrize(
    ("name", "body", "how", "media_type"),
    [
        ("a.html", HTML, {}, "text/html"),
        ("a.HTM", b"<p>Tekst", {}, "text/html"),
        ("a.txt", HTML, {}, "text/html"),
        ("a.txt", b"\xef\xbb\xbf  \n" + HTML, {}, "text/html"),
        ("a.txt", b"\xff\xfe" + HTML.decode().encode("utf-16-le"), {}, "text/html"),
        ("a.txt", b"<b>Naam</b> in een tekst", {}, "text/plain"),
        ("a.txt", b"Gewone tekst", {}, "text/plain"),
        ("a.html", b"Gewone tekst: 3 < 4", {}, "text/plain"),
        ("a.pdf", pdf([[(70, 700, 11, 0, "Tekst")]]), {}, "application/pdf"),
        ("a.txt", pdf([[(70, 700, 11, 0, "Tekst")]]), {}, "application/pdf"),
        ("terreinen-2.0", b"<div>Tekst", {"url": SITE}, "text/html"),
        ("", b"<div>Tekst", {"url": SITE, "content_type": "text/html; charset=utf-8"}, "text/html"),
        ("p1", b"<div>Tekst", {"url": SITE, "content_type": "text/plain"}, "text/plain"),
        ("p1.aspx", HTML, {"url": SITE, "content_type": "application/xhtml+xml"}, "text/html"),
    ],
)
def test_the_format_is_seen_from_the_bytes(
    name: str, body: bytes, how: dict[str, str], media_type: str
) -> None:
    got = page(name, body, **how)
    assert got.media_type == media_type
    assert (got.name, got.url, got.bytes) == (name, how.get("url"), len(body))
    assert got.sha256 == hashlib.sha256(body).hexdigest()
    assert "Tekst" in got.blocks[-1].text or "tekst" in got.blocks[-1].text


@pytest.mark.parametrize(
    ("name", "body", "how", "reason"),
    [
        ("a.txt", b"", {}, "came an empty file"),
        ("a.txt", b" \n\t\n", {}, "expected words, came none"),
        ("a.html", b"<html><script>fill()</script>", {}, "save.* from a browser, as text"),
        ("a.docx", b"x", {}, r"ends in \.html, \.htm, \.txt, \.pdf, came 'a\.docx'"),
        ("a", b"x", {}, "expected a file that ends in"),
        ("a.txt", b"PK\x03\x04rest", {}, "came a zip file.*save it as PDF or text"),
        ("a.txt", gzip.compress(b"tekst", mtime=0), {}, "came gzip; unpack it"),
        ("a.pdf", b"\x89PNG\r\n\x1a\n", {}, "came a picture"),
        ("a.pdf", b"Gewone tekst", {}, "does not begin as one"),
        ("a.txt", b"tekst \0\0\0", {}, "3 of them zero"),
        ("a.html", bytes(range(1, 256)) * 9, {}, "characters are none"),
        ("p1", b'{"a": 1}', {"url": SITE, "content_type": "application/json"}, "server sent application/json"),
        ("a.txt", b"x" * (MAX_TEXT_BYTES + 1), {}, "at most 8 MB of text/plain, came 8.0 MB; drop it in parts"),
        ("a.pdf", b"%PDF-" + bytes(MAX_PDF_BYTES), {}, "at most 40 MB of application/pdf"),
        ("a.txt", b"x" * 1_000_000, {}, "line 1 has 1,000,000"),
        ("a.html", b"<div>" * 100_000, {}, "nested at most 500 deep"),
    ],
)  # fmt: skip
def test_what_is_refused_says_what_came_and_what_to_do(
    name: str, body: bytes, how: dict[str, str], reason: str
) -> None:
    import re

    got = refusal(name, body, **how)
    assert re.search(reason, got.reason), got.reason
    assert (got.name, got.url, got.bytes) == (name, how.get("url"), len(body))
    assert got.sha256 == hashlib.sha256(body).hexdigest()
    assert len(got.reason) < 400


def test_a_page_says_where_it_was_saved_from_unless_we_fetched_it() -> None:
    body = b"<!-- saved from url=(0023)https://voorbeeld.test/ -->" + HTML
    assert page("a.html", body).url == "https://voorbeeld.test/"
    assert page("a.html", body, url=SITE).url == SITE
    assert page("a.html", body).title == "Titel"
    assert page("a.txt", b"Titel").title is None


def test_charset_and_damage_are_recorded() -> None:
    garbled = page("a.txt", "Financiƫn\nToelichting (potentiƫle) â€™s".encode())
    assert (garbled.charset, garbled.charset_from, garbled.mojibake) == ("utf-8", "utf-8", 3)
    assert garbled.blocks[0].text == "Financiƫn"
    old = page("a.html", b'<meta charset="iso-8859-1"><p>Financi\xebn')
    assert (old.charset, old.charset_from, old.mojibake) == ("windows-1252", "meta", 0)
    assert (
        page("p1", "<p>één".encode(), url=SITE, content_type="text/html;charset=utf-8").charset_from
        == "http"
    )
    lost = page("a.txt", ("Financi\ufffdn " * 30).encode())
    assert lost.mojibake == 30


def test_a_script_in_a_title_is_only_characters() -> None:
    said = "<script>alert(1)</script> Terreinen"
    assert page("a.txt", said.encode()).blocks[0].text == said
    html = page("a.html", f"<title>{said}</title><h1>&lt;script&gt;</h1>".encode())
    assert (html.title, html.blocks[0].text) == (said, "<script>")


@given(
    st.sampled_from(["a.txt", "a.html", "a", "a.pdf"]),
    st.one_of(st.binary(max_size=200), st.text(max_size=100).map(str.encode)),
    st.sampled_from([None, SITE]),
    st.sampled_from([None, "text/html; charset=utf-16", "text/plain", "x"]),
)
@settings(max_examples=300)
def test_any_bytes_are_a_page_or_a_refusal(
    name: str, body: bytes, url: str | None, content_type: str | None
) -> None:
    if b"%PDF-" in body:
        return
    got = read(name, body, url=url, content_type=content_type)
    assert got == read(name, body, url=url, content_type=content_type)
    if isinstance(got, Page):
        assert got.blocks
        for block in got.blocks:
            assert block.kind in BLOCK_KINDS
            assert block.text.strip(" ") == block.text != ""
            assert "\n" not in block.text
            assert block.kind == "row" or "\t" not in block.text
    frame = to_rows([got])
    assert frame.schema == raw_schema()
    assert frame.height >= 1


@pytest.mark.skipif(
    not available(), reason=f"no shared data in {folder()}; LM_SHARED_DATA names another place"
)
def test_the_texts_that_this_began_with() -> None:
    for path in sorted((folder().parent / "seeds").glob("*.txt")):
        got = page(path.name, path.read_bytes())
        assert (got.charset, got.charset_from, got.mojibake) == ("utf-8", "utf-8", 0)
        assert {block.kind for block in got.blocks} == {"line"}
        title = got.blocks[0].text
        assert [block.text for block in got.blocks].count(title) == 1
        said = " ".join(block.text for block in got.blocks)
        whole = " ".join(path.read_text("utf-8").split())
        assert whole in (said, f"{title} {said}")


def test_the_same_page_as_html_and_as_text_has_the_same_words() -> None:
    html = b"<h1>5.1.2 Terreinen</h1><h2>Acties</h2><ol><li>Een<li>Twee</ol><table><tr><td>a<td>1</table>"
    text = b"5.1.2 Terreinen\n\nActies\n\n  1. Een\n  2. Twee\n\na\t1\n"
    assert [b.text for b in page("a.html", html).blocks] == [
        b.text for b in page("a.txt", text).blocks
    ]
