"""From the bytes of a file or an answer to a page of blocks, whatever the format; or a refusal.

What the bytes are is seen from the bytes; the name and what a server says of them count where the
bytes leave it open. The limits keep any input within two seconds and 300 MB.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import PurePosixPath
from typing import Literal

from assets.documents.blocks import Block, Page, Refusal, Unreadable
from assets.documents.formats import html_pages, pdf_pages, plain_text
from assets.documents.formats.decoding import Decoded, decode, mojibake, normalise

MAX_TEXT_BYTES = 8 * 1024 * 1024
"""Of HTML and plain text: ten annual reports of 350 pages."""
MAX_PDF_BYTES = 40 * 1024 * 1024
"""Of PDF, most of which is pictures."""
SUFFIXES = (".html", ".htm", ".txt", ".pdf")
"""Of files that can be dropped."""
MAX_CONTROLS = 0.002
"""Share of control characters beyond which bytes are no text: text has none, or a few stray ones."""

Format = Literal["text/html", "text/plain", "application/pdf"]
_CONTROLS = re.compile("[\x01-\x08\x0e-\x1f\x7f]")
_PAGE_START = re.compile(
    r"(?:<!--[^>]{0,2000}-->\s*|<\?xml[^>]{0,500}>\s*)?<(?:!doctype\s+html|html)\b", re.I
)
_TAG_START = re.compile(r"<(?:!--|[a-z][a-z0-9]{0,10}[\s/>])", re.I)
_TAG = re.compile(r"</?[a-z][a-z0-9]{0,10}[\s/>]", re.I)
_WORD = re.compile(r"\w")
_OTHERS = (
    (b"\x1f\x8b", "gzip", "unpack it first"),
    (b"PK\x03\x04", "a zip file, as .docx and .xlsx are", "save it as PDF or text"),
    (b"\xd0\xcf\x11\xe0", "an old Office file", "save it as PDF or text"),
    (b"{\\rtf", "rich text (RTF)", "save it as PDF or text"),
    (b"\x89PNG", "a picture (PNG)", "have its text recognised (OCR) and drop that"),
    (b"\xff\xd8\xff", "a picture (JPEG)", "have its text recognised (OCR) and drop that"),
    (b"GIF8", "a picture (GIF)", "have its text recognised (OCR) and drop that"),
    (b"BZh", "bzip2", "unpack it first"),
    (b"\xfd7zXZ", "xz", "unpack it first"),
    (b"7z\xbc\xaf", "a 7z file", "unpack it first"),
    (b"\x28\xb5\x2f\xfd", "zstandard", "unpack it first"),
    (b"%!PS", "PostScript", "save it as PDF"),
)
"""How formats that we do not read begin, what they are called, what to do."""


def read(
    name: str, body: bytes, *, url: str | None = None, content_type: str | None = None
) -> Page | Refusal:
    """The page that `body` is, or why it cannot be read. Never raises for what is in `body`.

    `name`: of the file, or the last part of the address; `url`: where it was fetched, None for a
    file; `content_type`: what the server said. Time and memory are bounded for any input.
    """
    sha256 = hashlib.sha256(body).hexdigest()
    try:
        kind = _format(name, body, url, content_type)
        if kind == "application/pdf":
            title, blocks = pdf_pages.read(body)
            said = Decoded("", "unicode", "meta")  # fonts say which character a sign is
        else:
            said = decode(body, content_type=content_type, markup=kind == "text/html")
            _must_be_text(said.text)
            title, saved_from, blocks = _content(kind, said.text)
            url = url or saved_from
        if not any(_WORD.search(block.text) for block in blocks):
            raise Unreadable(
                "expected words, came none; a page that its own scripts fill is to be saved from "
                "a browser, as text"
            )
    except Unreadable as reason:
        return Refusal(name, url, sha256, len(body), str(reason), _called(body))
    except MemoryError:
        reason_of_size = "expected a page that fits in memory, this one does not; drop it in parts"
        return Refusal(name, url, sha256, len(body), reason_of_size, _called(body))
    return Page(
        name=name,
        url=url,
        media_type=kind,
        sha256=sha256,
        bytes=len(body),
        charset=said.charset,
        charset_from=said.charset_from,
        mojibake=mojibake("\n".join([title or "", *(block.text for block in blocks)])),
        title=title,
        blocks=blocks,
    )


def _content(kind: Format, text: str) -> tuple[str | None, str | None, tuple[Block, ...]]:
    """Title, the address that the page gives itself, and blocks."""
    if kind == "text/html":
        said = html_pages.read(normalise(text))
        return said.title, said.url, said.blocks
    return None, None, plain_text.read(text)


def _called(body: bytes) -> str:
    """The media type of bytes that were refused, as far as their beginning says."""
    if body[:1024].lstrip().startswith(b"%PDF-"):
        return "application/pdf"
    if _PAGE_START.match(_beginning(body)):
        return "text/html"
    return "application/octet-stream"


def _beginning(body: bytes) -> str:
    """The first characters, as far as markup goes: one byte a character, those of UTF-16 too."""
    head = body[:8192].replace(b"\0", b"").decode("latin-1")
    return head.lstrip("\ufeffÿþï»¿ \t\r\n\f")


def _format(name: str, body: bytes, url: str | None, content_type: str | None) -> Format:
    """What the bytes are. Raises Unreadable for what is too large, or nothing that we read."""
    if not body:
        raise Unreadable("expected a document, came an empty file; drop or fetch it again")
    suffix = PurePosixPath(name).suffix.lower()
    from_site = bool(url and url.lower().startswith(("http://", "https://")))
    if suffix not in SUFFIXES and not from_site:
        raise Unreadable(
            f"expected a file that ends in {', '.join(SUFFIXES)}, came {name[-80:]!r}; save it as one"
        )
    said = (content_type or "").split(";")[0].strip().lower()
    found = _seen(body, suffix, said, from_site)
    most = MAX_PDF_BYTES if found == "application/pdf" else MAX_TEXT_BYTES
    if len(body) > most:
        raise Unreadable(
            f"expected at most {most / 2**20:.0f} MB of {found}, came {len(body) / 2**20:.1f} MB; "
            "drop it in parts"
        )
    return found


def _seen(body: bytes, suffix: str, said: str, from_site: bool) -> Format:
    """The format by the first bytes, else by suffix and what the server said."""
    for magic, what, do in _OTHERS:
        if body.startswith(magic):
            raise Unreadable(f"expected HTML, text or PDF, came {what}; {do}")
    head = body[:1024]
    if head.lstrip().startswith(b"%PDF-") or (suffix == ".pdf" and b"%PDF-" in head):
        return "application/pdf"
    if suffix == ".pdf" and not from_site:
        raise Unreadable("expected a PDF, the file does not begin as one; fetch it again")
    start = _beginning(body)
    if _PAGE_START.match(start):
        return "text/html"
    if suffix == ".txt" or said == "text/plain":
        return "text/plain"
    if said not in ("", "text/html", "application/xhtml+xml", "application/octet-stream"):
        raise Unreadable(f"expected HTML, text or PDF, the server sent {said:.60}; leave it out")
    if _TAG_START.match(start) or _TAG.search(body[:65536].replace(b"\0", b"").decode("latin-1")):
        return "text/html"
    return "text/plain"


def _must_be_text(text: str) -> None:
    """Raises Unreadable for characters that are in no text."""
    nothing = text.count("\0")
    if nothing:
        raise Unreadable(
            f"expected text, came bytes that are none ({nothing:,} of them zero); see what the file "
            "is, and save it as HTML, text or PDF"
        )
    controls = sum(1 for _ in _CONTROLS.finditer(text))
    if controls > 5 and controls > MAX_CONTROLS * len(text):
        raise Unreadable(
            f"expected text, {controls:,} of {len(text):,} characters are none; see what the file "
            "is, and save it as HTML, text or PDF"
        )
