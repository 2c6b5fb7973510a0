"""Tables of HTML: cells under their headings, whatever spans columns or rows.

A table that only places text on the page is not a table: its cells are read as paragraphs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from assets.documents.blocks import CELL, Block, Unreadable

MAX_SPAN = 100
"""Columns or rows that one cell takes at most; a table of the known sites has twelve columns."""
MAX_CELLS = 50_000
"""Cells of the tables of one page, those included over which another cell spans."""
_MOST_IN_A_CELL = 20
"""Blocks in one cell beyond which it is a part of the page, not a cell."""


def too_many() -> Unreadable:
    """Why a page with more cells is refused."""
    return Unreadable(
        f"expected tables of at most {MAX_CELLS:,} cells in all, there are more; "
        "save the page as text instead"
    )


@dataclass
class Cell:
    """One cell and what stands in it."""

    across: int = 1
    down: int = 1
    blocks: list[Block] = field(default_factory=list)

    @classmethod
    def of(cls, attrib: Mapping[str, str]) -> Cell:
        """An empty cell with the spans that its tag declares."""
        return cls(_span(attrib.get("colspan")), _span(attrib.get("rowspan")))

    @property
    def text(self) -> str:
        return " ".join(block.text for block in self.blocks)


def _span(said: str | None) -> int:
    said = (said or "").strip()
    if not (said.isascii() and said.isdigit() and len(said) < 9):
        return 1
    return min(max(int(said), 1), MAX_SPAN)


@dataclass
class Grid:
    """A table as it is being read."""

    plain: bool = False
    """Whether it is there for the layout only: it says so, or holds another table."""
    rows: list[list[Cell]] = field(default_factory=list)

    def new_row(self) -> None:
        """A row begins."""
        self.rows.append([])

    def add(self, cell: Cell) -> None:
        """A cell of the last row; of a first row where none has begun."""
        if not self.rows:
            self.new_row()
        self.rows[-1].append(cell)

    def blocks(self, number: int, room: int) -> tuple[list[Block], int]:
        """What the table yields: its rows, numbered as table `number`, and how many cells they
        have, at most `room`; or, of one that only places text, the blocks in its cells, and 0."""
        if self._places_text():
            return [block for row in self.rows for cell in row for block in cell.blocks], 0
        return self._as_rows(number, room)

    def _places_text(self) -> bool:
        if self.plain or max(map(len, self.rows), default=0) < 2:
            return True
        return any(
            len(cell.blocks) > _MOST_IN_A_CELL
            or (len(cell.blocks) > 1 and any(block.kind == "heading" for block in cell.blocks))
            for row in self.rows
            for cell in row
        )

    def _as_rows(self, number: int, room: int) -> tuple[list[Block], int]:
        made: list[Block] = []
        above: dict[int, int] = {}
        count = 0
        for row in self.rows:
            count += len(above)
            texts, above = _placed(row, above)
            count += len(texts)
            if count > room:
                raise too_many()
            if any(texts):
                links = dict.fromkeys(link for cell in row for b in cell.blocks for link in b.links)
                made.append(Block("row", CELL.join(texts), level=number, links=tuple(links)))
        return made, count


def _placed(row: list[Cell], above: dict[int, int]) -> tuple[list[str], dict[int, int]]:
    """The texts of a row, one a column, empty where a cell reaches over; and what reaches further.

    `above`: column -> how many rows a cell from above still takes there.
    """
    texts: list[str] = []
    below: dict[int, int] = {}
    for cell in (*row, None):
        while left := above.pop(len(texts), 0):
            if left > 1:
                below[len(texts)] = left - 1
            texts.append("")
        if cell is None:
            break
        for place in range(cell.across):
            above.pop(len(texts), None)
            if cell.down > 1:
                below[len(texts)] = cell.down - 1
            texts.append("" if place else cell.text)
    return texts, below | {column: left - 1 for column, left in above.items() if left > 1}
