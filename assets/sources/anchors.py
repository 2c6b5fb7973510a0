"""What a crawl needs of a page of HTML: where its anchors lead, and the words that are seen.

Not a parser of HTML: that is for whoever reads the page. Each pattern looks at a character a
bounded number of times, whatever the page has in it.
"""

from __future__ import annotations

import html
import re
from urllib.parse import urljoin

from assets.sources.errors import Refused

UNSEEN = re.compile(rb"<!--|<(script|style)\b", re.IGNORECASE)
"""Starts of what nobody sees; a link in there is not one that the site has."""
HREF = r"""[^<>]*?\bhref\s*=\s*(?:"([^"<>]*)"|'([^'<>]*)'|([^\s"'<>]+))"""
ANCHOR = re.compile(rf"<a\s{HREF}", re.IGNORECASE)
BASE = re.compile(rf"<base\s{HREF}", re.IGNORECASE)
MOST_LINKS = 20_000
"""Different ones on one page; a site map of a long document has a few hundred."""
TAG = re.compile(r"<[^<>]*>")
HOSTLESS = re.compile(r"https?:(?!//[^/\\])", re.IGNORECASE)
"""Starts of addresses in which a browser sees another host than `urljoin` does."""
BUILT = re.compile(r"gebouwd op \d{1,2}/\d{1,2}/\d{4} \d{1,2}:\d{2}(?::\d{2})?")
"""The moment at which a page was built says nothing of what is on it; the moment of the export
that it was built with does."""


def whole(page: bytes) -> bool:
    """Whether a page has come to its end: one that opens as HTML also closes."""
    said = page.lower()
    return b"<html" not in said or b"</html" in said


def links(page: bytes, url: str) -> list[str]:
    """Absolute addresses that the anchors of the page at `url` lead to, without fragments; each
    once, in order. Raises Refused for a page with more than `MOST_LINKS`."""
    seen = _seen(page)
    base = BASE.search(seen)
    root = _joined(url, _href(base)) if base else url
    written = dict.fromkeys(_href(anchor) for anchor in ANCHOR.finditer(seen))
    if len(written) > MOST_LINKS:
        raise Refused(f"{url}: {len(written)} links on one page, at most {MOST_LINKS} are followed")
    found = (_joined(root or url, link).partition("#")[0] for link in written)
    return [link for link in dict.fromkeys(found) if link]


def words(page: bytes) -> str:
    """The text of a page, blanks collapsed, without the moment at which it was built."""
    text = html.unescape(TAG.sub(" ", _seen(page)))
    return BUILT.sub("gebouwd op", " ".join(text.split()))


def _seen(page: bytes) -> str:
    """A page without comments, scripts and styles; its letters may be wrong, its marks are not."""
    lowered, kept, at = page.lower(), [], 0
    while found := UNSEEN.search(page, at):
        kept.append(page[at : found.start()])
        closing = b"</" + found[1].lower() if found[1] else b"-->"
        end = lowered.find(closing, found.end())
        if end < 0:
            at = len(page)
            break
        at = end + len(closing)
    kept.append(page[at:])
    return b" ".join(kept).decode("utf-8", "replace")


def _href(anchor: re.Match[str]) -> str:
    return html.unescape(anchor[1] or anchor[2] or anchor[3] or "").strip()


def _joined(base: str, link: str) -> str:
    """An absolute address; empty for what is none."""
    try:
        return "" if HOSTLESS.match(link) else urljoin(base, link)
    except ValueError:
        return ""
