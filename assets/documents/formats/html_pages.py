"""HTML as blocks: headings, paragraphs, items of lists, and rows of tables, in reading order.

libxml2 reports tags and text one after the other and no tree is built, so that a page costs what
its text costs. Left out is only what no reader of the page sees: scripts, styles, templates,
drawings, controls of forms, and what is marked as hidden.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from assets.documents.blocks import Block, Unreadable
from assets.documents.formats.decoding import in_one_line
from assets.documents.formats.html_lists import ListOpen
from assets.documents.formats.html_tables import MAX_CELLS, Cell, Grid, too_many

MAX_DEPTH = 500
"""Tags within tags; pages of the known sites have at most forty."""
MAX_MARKS = 200_000
"""Signs `<` and `&`, each of which costs a step; a long page of the known sites has 20,000."""
MAX_BLOCKS = 50_000
MAX_LINES = 250_000
"""Of text that is shown with its breaks."""
MAX_TEXT = 200_000
"""Characters of one block; the longest real paragraph has a few thousand."""
MAX_LINK = 2_000
"""Characters of an address; longer ones are data, not places."""
_LONGEST_HEADING = 500
"""A heading that nobody closed goes on over the text below it: beyond this it is a paragraph."""

_UNSEEN = frozenset([
    "script", "style", "noscript", "template", "svg", "iframe", "input", "select", "option",
    "textarea", "button", "datalist"
])  # fmt: skip
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BREAKING = frozenset([
    "address", "article", "aside", "blockquote", "body", "caption", "center", "details", "dd",
    "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form",
    "header", "hgroup", "hr", "html", "legend", "li", "main", "menu", "nav", "ol", "p", "pre",
    "search", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"
])  # fmt: skip
"""Elements before and after which a new line begins."""
_ENDS_HEADING = frozenset([
    "ul", "ol", "dl", "table", "section", "article", "p", "h1", "h2", "h3", "h4", "h5", "h6"
])  # fmt: skip
_SAVED_FROM = re.compile(r"saved from url=\(\d{1,9}\)\s{0,9}(\S{1,2000})")
_WEB = re.compile(r"https?://[^\s\"'<>]{1,2000}", re.IGNORECASE)
_NO_PLACE = ("javascript:", "data:", "vbscript:")


@dataclass(frozen=True)
class Content:
    """What a page of HTML says."""

    title: str | None
    url: str | None
    """Where it says that it belongs: its canonical address, else where a browser saved it from,
    else the base of its links."""
    blocks: tuple[Block, ...]


def read(text: str) -> Content:
    """The blocks of a page. Raises Unreadable for one that is nested, or long, beyond measure."""
    from lxml import etree

    marks = text.count("<") + text.count("&")
    if marks > MAX_MARKS:
        raise Unreadable(
            f"expected at most {MAX_MARKS:,} tags and entities, came {marks:,}; "
            "save the page as text, or in parts"
        )
    reader = _Reader()
    # Of its own accord the parser stops at a depth of 256 and says nothing.
    parser = etree.HTMLParser(target=reader, encoding="utf-8", huge_tree=True, remove_pis=True)
    try:
        etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.LxmlError as error:
        raise Unreadable(f"expected HTML, the parser says: {error!s:.200}") from error
    url = reader.canonical or reader.saved_from or reader.base
    return Content(in_one_line("".join(reader.title)) or None, url, tuple(reader.page))


@dataclass
class _Table:
    """A table that is open, and where reading stood when it began."""

    grid: Grid
    into: list[Block]
    lists: list[ListOpen]


@dataclass
class _Reader:
    """Takes the parser's reports; `page` is what comes out."""

    page: list[Block] = field(default_factory=list)
    title: list[str] = field(default_factory=list)
    canonical: str | None = None
    base: str | None = None
    saved_from: str | None = None

    def __post_init__(self) -> None:
        self._into = self.page
        self._words: list[str] = []
        self._links: list[str] = []
        self._anchor: str | None = None
        self._depth = 0
        self._unseen = 0
        """Depth of the element in which nothing is seen; 0 where all is."""
        self._heading = 0
        self._heading_depth = 0
        self._lists: list[ListOpen] = []
        self._tables: list[_Table] = []
        self._data_tables = self._cells = 0
        self._room = MAX_CELLS
        """Cells that tables may still have."""
        self._blocks = 0
        self._in_title = self._titled = False
        self._pre = self._breaks = 0
        self._gap = True

    # -- reports of the parser -----------------------------------------------------------------
    def start(self, tag: str, attrib: Mapping[str, str]) -> None:
        """An element begins."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise Unreadable(
                f"expected tags nested at most {MAX_DEPTH} deep, came deeper; "
                "save the page as text instead"
            )
        if self._unseen:
            return
        if tag in _UNSEEN and not (tag == "button" and self._heading):
            self._unseen = self._depth
            return
        if attrib and self._hidden(tag, attrib):
            return
        if tag in _BREAKING or tag in _HEADINGS:
            self._block_begins(tag, attrib)
        elif tag == "br":
            self._break()
        elif tag == "a":
            self._anchor = _link(attrib.get("href"))
        elif tag == "title":
            self._in_title = not self._titled
        elif tag == "base":
            self.base = self.base or _address(attrib.get("href"))
        elif tag == "link" and "canonical" in attrib.get("rel", "").lower().split():
            self.canonical = self.canonical or _address(attrib.get("href"))
        if attrib.get("role") == "heading" and not self._heading:
            self._flush()
            self._open_heading(_HEADINGS.get(f"h{attrib.get('aria-level')}", 2))

    def end(self, tag: str) -> None:
        """An element ends."""
        depth = self._depth
        self._depth -= 1
        if self._unseen:
            if depth == self._unseen:
                self._unseen = 0
            return
        if self._heading and depth == self._heading_depth:
            self._flush()
            self._heading = 0
        if tag in _BREAKING:
            self._block_ends(tag)
        elif tag == "a":
            self._anchor = None
        elif tag == "title" and self._in_title:
            self._in_title, self._titled = False, True

    def data(self, data: str) -> None:
        """Some text; the parser parts it as it likes."""
        if self._unseen:
            return
        if self._in_title:
            self.title.append(data)
            return
        if self._pre and "\n" in data:
            self._lines(data)
        else:
            self._words.append(data)
        if self._anchor and self._anchor not in self._links[-1:] and not data.isspace():
            self._links.append(self._anchor)

    def comment(self, text: str) -> None:
        """A comment: a browser notes there where it saved the page from."""
        if not self.saved_from and len(text) < MAX_LINK and (said := _SAVED_FROM.search(text)):
            self.saved_from = _address(said[1])

    def close(self) -> None:
        """The end of the page."""
        self._flush()
        while self._tables:
            self._table_ends()

    # -- what they come to ---------------------------------------------------------------------
    def _hidden(self, tag: str, attrib: Mapping[str, str]) -> bool:
        """Whether an element is not shown; then nothing in it is read."""
        unread = attrib.get("aria-hidden", "").strip().lower() == "true"
        # What a search in the page may open, it has: a folded section, not a hidden one.
        hidden = attrib.get("hidden", "until-found").strip().lower() != "until-found"
        if not hidden and not unread:
            return False
        if not hidden and tag in ("td", "th") and self._tables:
            # It takes its place all the same: without it the cells after it would shift.
            self._flush()
            self._tables[-1].grid.add(Cell.of(attrib))
        self._unseen = self._depth
        return True

    def _block_begins(self, tag: str, attrib: Mapping[str, str]) -> None:
        if self._heading and tag not in _ENDS_HEADING:
            self._words.append(" ")
            return
        self._flush()
        self._heading = 0
        if tag in _HEADINGS:
            self._open_heading(_HEADINGS[tag])
        elif tag in ("ol", "ul", "menu", "dir"):
            self._lists.append(ListOpen.of(tag, attrib))
        elif tag == "li":
            self._item_begins(attrib)
        elif tag == "dd":
            self._gap = False
        elif tag == "pre":
            self._pre += 1
        elif tag == "table":
            plain = attrib.get("role", "") in ("presentation", "none")
            self._tables.append(_Table(Grid(plain), self._into, self._lists))
            self._lists = []
        elif self._tables and tag == "tr":
            self._tables[-1].grid.new_row()
        elif self._tables and tag in ("td", "th"):
            cell = Cell.of(attrib)
            self._cells += cell.across
            if self._cells > MAX_CELLS:
                raise too_many()
            self._tables[-1].grid.add(cell)
            self._into, self._lists = cell.blocks, []

    def _block_ends(self, tag: str) -> None:
        if self._heading:
            self._words.append(" ")
            return
        self._flush()
        if tag in ("ol", "ul", "menu", "dir"):
            if self._lists:
                self._lists.pop()
        elif tag == "li" and self._lists:
            self._lists[-1].fresh = False
        elif tag == "pre":
            self._pre = max(self._pre - 1, 0)
        elif self._tables and tag in ("td", "th"):
            self._into, self._lists = self._tables[-1].into, []
        elif self._tables and tag == "table":
            self._table_ends()

    def _open_heading(self, level: int) -> None:
        self._heading, self._heading_depth = level, self._depth

    def _item_begins(self, attrib: Mapping[str, str]) -> None:
        if not self._lists:  # an item outside any list
            self._lists.append(ListOpen(False, "1", 0, False))
        its = self._lists[-1]
        its.next_item(attrib)

    def _break(self) -> None:
        if self._heading:
            self._words.append(" ")
        else:
            self._gap = not self._flush()  # after two, what follows stands apart

    def _lines(self, data: str) -> None:
        """Text in which breaks are shown: each line is a block, an empty one sets the next apart."""
        self._breaks += data.count("\n")
        if self._breaks > MAX_LINES:
            raise Unreadable(
                f"expected at most {MAX_LINES:,} lines, there are more; save it in parts"
            )
        first, *others = data.split("\n")
        self._words.append(first)
        for line in others:
            self._gap = not self._flush()
            self._words.append(line)

    def _table_ends(self) -> None:
        table = self._tables.pop()
        self._into, self._lists = table.into, table.lists
        if self._tables:
            self._tables[-1].grid.plain = True
        blocks, cells = table.grid.blocks(self._data_tables + 1, self._room)
        self._data_tables += cells > 0
        self._room -= cells
        self._into += blocks
        self._gap = True

    def _flush(self) -> bool:
        """Make a block of the words so far; whether there were any."""
        if not self._words:
            return False
        text = in_one_line("".join(self._words))
        self._words.clear()
        links, self._links = tuple(dict.fromkeys(self._links)), []
        if not text:
            return False
        if len(text) > MAX_TEXT:
            raise Unreadable(
                f"expected paragraphs of at most {MAX_TEXT:,} characters, one has {len(text):,}; "
                "save the page again, or part it"
            )
        self._blocks += 1
        if self._blocks > MAX_BLOCKS:
            raise Unreadable(
                f"expected at most {MAX_BLOCKS:,} paragraphs, there are more; save it in parts"
            )
        self._into.append(self._block(text, links))
        self._gap = True
        return True

    def _block(self, text: str, links: tuple[str, ...]) -> Block:
        if self._heading and len(text) <= _LONGEST_HEADING:
            return Block("heading", text, level=self._heading, links=links)
        its = self._lists[-1] if self._lists else None
        if its and its.fresh:
            its.fresh = False
            doubled = its.mark and text.startswith(its.mark)
            shown = text if doubled else f"{its.mark}{text}"
            return Block("item", shown, level=len(self._lists), links=links)
        return Block("paragraph", text, gap=self._gap and not its, links=links)


def _link(href: str | None) -> str | None:
    """An address as written, without breaks; None for what leads nowhere."""
    said = (href or "").strip()
    if not said or len(said) > MAX_LINK or said.lower().startswith(_NO_PLACE):
        return None
    return "".join("%20" if c == " " else c for c in said if c == " " or not c.isspace())


def _address(said: str | None) -> str | None:
    """A whole address on the web; None for anything else."""
    said = (said or "").strip()
    return said if _WEB.fullmatch(said) else None
