"""Lists of HTML: what stands before an item, as a reader of the page sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

_HIGHEST = 1_000_000
"""An item numbered higher is not one of a list that somebody reads."""


@dataclass
class ListOpen:
    """A list that has begun, and which item of it is being read."""

    numbered: bool
    style: str
    """`1`, `a` or `A`: figures or letters. Other styles come out as figures."""
    number: int
    """Of the item."""
    shown: bool
    """Whether the numbers are shown at all."""
    mark: str = ""
    """Before the text of the item: its number as shown."""
    fresh: bool = False
    """Whether the item has had no text yet."""

    @classmethod
    def of(cls, tag: str, attrib: Mapping[str, str]) -> ListOpen:
        """A list as its tag declares it."""
        css = attrib.get("style", "").replace(" ", "").lower()
        shown = "list-style:none" not in css and "list-style-type:none" not in css
        first = _whole(attrib.get("start"), 1)
        return cls(tag == "ol", attrib.get("type", "1"), first - 1, shown)

    def next_item(self, attrib: Mapping[str, str]) -> None:
        """The next item begins."""
        self.number = _whole(attrib.get("value"), self.number + 1)
        self.mark, self.fresh = self._mark(), True

    def _mark(self) -> str:
        if not (self.numbered and self.shown):
            return ""
        if self.style in ("a", "A") and 1 <= self.number <= 26:
            return f"{chr(ord(self.style) + self.number - 1)}. "
        return f"{self.number}. "


def _whole(said: str | None, otherwise: int) -> int:
    """A whole number as an attribute gives it."""
    said = (said or "").strip()
    known = said.isascii() and said.isdigit() and len(said) < 9
    return min(int(said), _HIGHEST) if known else otherwise
