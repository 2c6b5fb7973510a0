"""What a change reaches: the indicators that are made, at one or more removes, from a source."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from assets.catalogue import Catalogue
from assets.catalogue.models import Indicator
from assets.marts.vintages import Scope, together


def reached(
    catalogue: Catalogue, changed: Iterable[str], periods: frozenset[str] | None
) -> dict[str, frozenset[str] | None]:
    """Every indicator, and the periods of it, that can change where the indicators `changed` do in
    `periods` (None: in all): they, the means weighted by them and the ratios made of them.

    A ratio over the newest denominator that is not later can change in any later period.
    """
    found: dict[str, frozenset[str] | None] = dict.fromkeys(changed, periods)
    grown = True
    while grown:
        grown = False
        for indicator in catalogue.indicators.values():
            before = found.get(indicator.id, frozenset())
            after = _touched(indicator, found, before)
            if after != before:
                found[indicator.id] = after
                grown = True
    return found


def _touched(
    indicator: Indicator,
    found: Scope,
    before: frozenset[str] | None,
) -> frozenset[str] | None:
    """`before`, and the periods in which a part of `indicator` changed."""
    ratio = indicator.ratio
    parts = [found[name] for name in (*indicator.made_of, indicator.weight or "") if name in found]
    below = [found[name] for name in (ratio.denominator if ratio else ()) if name in found]
    if below and ratio and ratio.period == "as_of":
        return None
    for periods in (*parts, *below):
        before = None if periods is None or before is None else before | periods
    return before


def needed(catalogue: Catalogue, scope: Scope) -> dict[str, frozenset[str] | None]:
    """Every indicator, and the periods of it, that must be there to make those of `scope`."""
    found: dict[str, frozenset[str] | None] = dict(scope)
    todo = list(scope)
    while todo:
        indicator = catalogue.indicators[todo.pop()]
        periods = found[indicator.id]
        ratio = indicator.ratio
        below = None if ratio and ratio.period == "as_of" else periods
        parts: dict[str, frozenset[str] | None] = dict.fromkeys(indicator.made_of, periods)
        if ratio:
            parts |= dict.fromkeys(ratio.denominator, below)
        if indicator.weight:
            parts[indicator.weight] = periods
        for name, asked in parts.items():
            before = found.get(name, frozenset())
            after = None if asked is None or before is None else before | asked
            if name not in found or after != before:
                found[name] = after
                todo.append(name)
        if not todo:
            todo = _held_back_together(catalogue, found)
    return found


def _held_back_together(catalogue: Catalogue, found: dict[str, frozenset[str] | None]) -> list[str]:
    """Adds to `found` whatever is counted of the same single establishments: what must be held back
    of one is decided with all others before the eyes. Returns what was added."""
    added = []
    for source in catalogue.sources.values():
        names = fed_by(catalogue, [source.name]) if source.disclosure else []
        asked = [found[name] for name in names if name in found]
        if not asked:
            continue
        periods = together({"": one} for one in asked)[""]
        for name in names:
            if name not in found or found[name] != periods:
                found[name] = periods
                added.append(name)
    return added


def fed_by(catalogue: Catalogue, sources: Collection[str]) -> list[str]:
    """Indicators with a feed from one of `sources`."""
    return [
        indicator.id
        for indicator in catalogue.indicators.values()
        if any(feed.source in sources for feed in indicator.feeds)
    ]
