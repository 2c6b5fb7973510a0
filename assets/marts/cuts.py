"""From the boundaries of one year to those of another: reorganisations one after the other.

Shares multiply along the way and add up over the ways, so that the way through a year in between
gives the same as the direct one. Forward the shares are of what was; back in time they are of what
is, and an estimate wherever municipalities were joined.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import polars as pl


class Share(NamedTuple):
    """Which part of one area lies in another: the estimate, the least and the most it can be."""

    weight: float | None
    lower: float
    upper: float

    def times(self, other: Share) -> Share:
        """A share of a share."""
        known = self.weight is not None and other.weight is not None
        weight = self.weight * other.weight if known else None  # type: ignore[operator]
        return Share(weight, self.lower * other.lower, self.upper * other.upper)

    def plus(self, other: Share) -> Share:
        """Two shares of the same area."""
        known = self.weight is not None and other.weight is not None
        weight = self.weight + other.weight if known else None  # type: ignore[operator]
        return Share(weight, self.lower + other.lower, min(1.0, self.upper + other.upper))


WHOLE = Share(1.0, 1.0, 1.0)
Shares = Mapping[str, Mapping[str, Share]]
"""By area, the areas in which it lies."""


@dataclass(frozen=True)
class _Step:
    """What happened at one moment."""

    year: int
    """First boundary year with the new boundaries."""
    forward: Shares
    back: Shares
    begins: frozenset[str]


class Cuts:
    """The municipalities that ever changed, and their shares between any two boundary years."""

    def __init__(self, relations: pl.DataFrame) -> None:
        """`relations`: `mart.area_relation`."""
        self._steps = _steps(relations)
        self.codes = frozenset(
            code for pair in relations.select("from_code", "to_code").rows() for code in pair
        )
        """Municipalities in any reorganisation; all others are the same in every year."""

    def alive(self, year: int) -> frozenset[str]:
        """Those of `codes` that exist in the boundaries of `year`."""
        # What gives or receives before it begins was there from the start.
        seen: set[str] = set()
        began: set[str] = set()
        for step in self._steps:
            taking = {code for targets in step.forward.values() for code in targets}
            seen |= set(step.forward) - began
            began |= (taking & step.begins) - seen
        there = set(self.codes) - began
        for step in self._steps:
            if step.year <= year:
                there = {
                    target for code in there for target in step.forward.get(code, {code: WHOLE})
                }
        return frozenset(there)

    def shares(self, own: int, other: int) -> Shares:
        """Where the areas of boundary year `own` lie in those of `other`."""
        passed = [s for s in self._steps if min(own, other) < s.year <= max(own, other)]
        moves = (
            [step.forward for step in passed]
            if own <= other
            else [step.back for step in reversed(passed)]
        )
        return {code: _followed(code, moves) for code in sorted(self.alive(own))}


def _steps(relations: pl.DataFrame) -> list[_Step]:
    """The reorganisations in the order of their moments; undated ones at the end of their year."""
    moments: dict[tuple[int, dt.date], list[dict[str, object]]] = defaultdict(list)
    for row in relations.to_dicts():
        moments[row["to_year"], row["valid_from"] or dt.date.max].append(row)
    found = []
    for (year, _), rows in sorted(moments.items()):
        forward: dict[str, dict[str, Share]] = defaultdict(dict)
        back: dict[str, dict[str, Share]] = defaultdict(dict)
        for row in rows:
            source, target = str(row["from_code"]), str(row["to_code"])
            forward[source][target] = Share(row["weight"], row["lower"], row["upper"])  # type: ignore[arg-type]
            back[target][source] = Share(
                row["back_weight"],  # type: ignore[arg-type]
                row["back_lower"],  # type: ignore[arg-type]
                row["back_upper"],  # type: ignore[arg-type]
            )
        begins = frozenset(str(row["to_code"]) for row in rows if row["begins"])
        found.append(_Step(year, dict(forward), dict(back), begins))
    return found


def _followed(code: str, moves: Iterable[Shares]) -> Mapping[str, Share]:
    """Where one area lies after all `moves`."""
    here: dict[str, Share] = {code: WHOLE}
    for move in moves:
        there: dict[str, Share] = {}
        for at, share in here.items():
            for target, part in move.get(at, {at: WHOLE}).items():
                more = share.times(part)
                there[target] = there[target].plus(more) if target in there else more
        here = there
    # Divided and joined again is whole again, whatever the shares were.
    return dict.fromkeys(here, WHOLE) if len(here) == 1 else here


def links(cuts: Cuts, own: Sequence[int], others: Sequence[int]) -> pl.DataFrame:
    """One row a pair of areas of `cuts` that share land, for each own and other boundary year.

    Columns `from_code`, `own_year`, `to_code`, `boundary_year`, `share` of `from_code` (null where
    unknown), `share_lower`, `share_upper`, `parts` (how many areas `to_code` is made from), `whole` (all of them lie
    wholly in it) and `same` (it is made from itself alone, wholly).
    """
    import polars as pl

    rows = [
        (source, year, target, other, share.weight, share.lower, share.upper)
        for year in own
        for other in others
        for source, targets in cuts.shares(year, other).items()
        for target, share in targets.items()
    ]
    schema = {
        "from_code": pl.String,
        "own_year": pl.Int32,
        "to_code": pl.String,
        "boundary_year": pl.Int32,
        "share": pl.Float64,
        "share_lower": pl.Float64,
        "share_upper": pl.Float64,
    }
    place = ["own_year", "to_code", "boundary_year"]
    whole = (pl.col("share_lower") == 1.0).all().over(place)
    alone = pl.len().over(place) == 1
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(
        parts=pl.len().over(place),
        whole=whole,
        same=whole & alone & (pl.col("from_code") == pl.col("to_code")),
    )
