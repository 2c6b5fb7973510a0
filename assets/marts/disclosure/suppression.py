"""What is held back: what is sensitive, and what would give it away.

Every sensitive sum gets a certificate: a change of the smallest parts that nobody can tell from the
truth (`certificates`). The sums that it moves are held back too. So the pattern is safe by
construction; that it holds back little is the business of the order in which certificates are tried:
exchanges within a municipality first, then within a province and the country, then linear programmes,
and last a change that nobody makes up for, for which all larger sums must go.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assets.marts.disclosure.certificates import NOTHING, Wanted, judge
from assets.marts.disclosure.programme import certificate, farthest
from assets.marts.disclosure.rules import dominated, doubt, too_few
from assets.marts.disclosure.swaps import (
    CHOICES,
    PATTERNS,
    TOTALS,
    Largest,
    largest_of,
    proposals,
)

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from assets.marts.disclosure.grid import Flags, Grid, Whole

PROGRAMMES = 40
"""Linear programmes that are solved at most each time, of some hundredths of a second; what is left
after that gets the certificate that is always there and holds back more."""

SHOWN, MINIMUM, DOMINANCE, SECONDARY, EARLIER = "", "minimum", "dominance", "secondary", "earlier"


@dataclass(frozen=True)
class Outcome:
    """What is held back, and why."""

    hidden: Flags
    """By row of the grid."""
    minimum: Flags
    dominance: Flags
    exposed: Flags
    """Sensitive rows that nothing protects: an earlier vintage has published too much."""

    def why(self, row: int) -> str:
        """Why a row is held back; empty where it is not."""
        if not self.hidden[row]:
            return SHOWN
        if self.minimum[row]:
            return MINIMUM
        return DOMINANCE if self.dominance[row] else SECONDARY


def suppress(grid: Grid, *, secondary: bool = True) -> Outcome:
    """The rows of `grid` that must be held back.

    `secondary=False` stops at what is sensitive by itself: for showing what that gives away.
    """
    rows = grid.rows
    few = too_few(rows.contributors, rows.minimum)
    much = dominated(rows.value, rows.largest, rows.second, rows.percent) & ~few
    search = _Search(grid, few | much)
    if secondary:
        search.run()
    return Outcome(_together(grid, search.hidden), few, much, search.exposed)


def _together(grid: Grid, hidden: Flags) -> Flags:
    """A value and its bounds are held back together."""
    import numpy as np

    figures = np.zeros(grid.rows.figure.max(initial=-1) + 1, dtype=bool)
    figures[grid.rows.figure[hidden]] = True
    return np.asarray(figures[grid.rows.figure] & grid.rows.published)


class _Search:
    """The state of one search: what is hidden so far, and what still lacks a certificate."""

    def __init__(self, grid: Grid, sensitive: Flags) -> None:
        import numpy as np

        rows = grid.rows
        self.grid = grid
        self.hidden: Flags = (sensitive | rows.held) & rows.published
        self.fixed = rows.known
        self.exposed = np.zeros(len(rows.value), dtype=bool)
        self.doubts = doubt(rows.value, rows.percent)
        lacking = np.flatnonzero(sensitive & (self.doubts > 0))
        self.exposed[lacking[self.fixed[lacking]]] = True
        self.lacking: Whole = lacking[~self.fixed[lacking]]

    def run(self) -> None:
        """Finds a certificate for every sensitive row, or says that there is none."""
        if not len(self.lacking):
            return
        areas = self.grid.areas
        self._alone(free=True)
        self._exchange(areas.municipality, same_sites=True)
        self._exchange(areas.province, same_sites=True)
        if len(self.lacking) <= PROGRAMMES:
            self._programmes()
        self._exchange(areas.country, same_sites=True)
        self._exchange(areas.municipality)
        self._exchange(areas.country)
        self._programmes()
        for group in (areas.municipality, areas.province, areas.country):
            self._exchange(group, insiders=False)
        self._programmes(insiders=False)
        self._alone()
        self._alone(insiders=False)
        self._one_way_each()

    def _wanted(self) -> Wanted:
        """For each row that lacks a certificate the atom to move: its largest, or of what is left of
        a total the largest part."""
        import numpy as np

        atoms = self.grid.atoms
        sums = self.grid.sums[self.lacking]
        line = np.repeat(np.arange(len(self.lacking)), np.diff(sums.indptr))
        atom, by = sums.indices, sums.data
        off = (by < 0) & (atoms.room[atom] >= self.doubts[self.lacking][line])
        order = np.lexsort((-atom, np.abs(by) * atoms.value[atom], off, line))
        last = order[np.searchsorted(line[order], np.arange(len(self.lacking)), side="right") - 1]
        picked, scale = atom[last], np.abs(by[last])
        doubts = self.doubts[self.lacking]
        return Wanted(
            self.lacking, atoms.area[picked], atoms.breakdown[picked], doubts / scale, doubts
        )

    def _settle(
        self,
        proposed: csr_array,
        wanted: Wanted,
        *,
        insiders: bool,
        free: bool = False,
        one_way: bool = False,
    ) -> Flags:
        """Takes up the sound ones, `free`: those that hold back nothing more; returns which."""
        still = self.grid.rows.published & ~self.hidden if free else False
        judged = judge(
            self.grid, proposed, wanted, self.fixed | still, insiders=insiders, one_way=one_way
        )
        self.hidden[judged.moved] |= self.grid.rows.published[judged.moved]
        return judged.sound

    def _exchange(self, group: Whole, *, same_sites: bool = False, insiders: bool = True) -> None:
        """Tries the exchanges within each group, pattern by pattern."""
        import numpy as np

        if same_sites:
            sites = self.grid.areas.sites
            group = np.where(group >= 0, group * (sites.max(initial=0) + 1) + sites, -1)
        largest = largest_of(self.grid, group, self.fixed)
        wanted = self._wanted()
        for pattern in range(PATTERNS):
            for number in range(CHOICES):
                if not len(wanted.row):
                    break
                other = largest.choice(wanted.area, wanted.breakdown, number)
                proposed = proposals(self.grid, wanted, pattern, other)
                wanted = wanted.only(~self._settle(proposed, wanted, insiders=insiders))
        for pattern in range(PATTERNS):
            if not len(wanted.row):
                break
            proposed = self._with_several(wanted, pattern, largest)
            wanted = wanted.only(~self._settle(proposed, wanted, insiders=insiders))
        self.lacking = wanted.row

    def _with_several(self, wanted: Wanted, pattern: int, largest: Largest) -> csr_array:
        """The exchange with the largest areas of the group together, each a like part: for what is
        too much for any of them alone."""
        part = replace(wanted, by=wanted.by / CHOICES)
        found: csr_array | None = None
        for number in range(CHOICES):
            other = largest.choice(wanted.area, wanted.breakdown, number)
            one = proposals(self.grid, part, pattern, other)
            found = one if found is None else found + one
        assert found is not None
        return found

    def _alone(self, *, insiders: bool = True, free: bool = False) -> None:
        """What nobody makes up for: all larger sums must go, or, where `free`, are gone or not there."""
        wanted = self._wanted()
        for pattern in (TOTALS, *(p for p in range(PATTERNS) if p != TOTALS)):
            if not len(wanted.row):
                break
            proposed = proposals(self.grid, wanted, pattern, None)
            wanted = wanted.only(~self._settle(proposed, wanted, insiders=insiders, free=free))
        self.lacking = wanted.row

    def _programmes(self, *, insiders: bool = True) -> None:
        """A linear programme for each of the first."""
        import numpy as np

        wanted = self._wanted()
        left = np.ones(len(wanted.row), dtype=bool)
        for number in range(min(len(wanted.row), PROGRAMMES)):
            one = wanted.only(np.array([number]))
            found = certificate(self.grid, one, self.hidden, self.fixed, insiders=insiders)
            if found is not None:
                left[number] = not self._settle(found, one, insiders=insiders)[0]
        self.lacking = wanted.row[left]

    def _one_way(self, one: Wanted, way: int) -> bool:
        """Holds back what a change one way moves, or as far as there is one; whether it goes far
        enough."""
        import numpy as np

        if any(self._taken_up(one, way, everywhere=everywhere) for everywhere in (False, True)):
            return True
        reach = farthest(self.grid, one, self.fixed, way) * (1 - NOTHING)
        if reach > NOTHING:
            self._taken_up(replace(one, doubt=np.array([reach])), way, everywhere=True)
        return False

    def _taken_up(self, one: Wanted, way: int, *, everywhere: bool) -> bool:
        """Whether there is a change one way, of which what it moves is held back."""
        found = certificate(
            self.grid,
            one,
            self.hidden,
            self.fixed,
            insiders=False,
            way=way,
            everywhere=everywhere,
        )
        return found is not None and bool(self._settle(found, one, insiders=False, one_way=True)[0])

    def _one_way_each(self) -> None:
        """For what earlier vintages leave no certificate: one change for more and one for less, as far
        as there are any. Where one is missing, what was published before gives it away."""
        import numpy as np

        wanted = self._wanted()
        for number, row in enumerate(wanted.row):
            one = wanted.only(np.array([number]))
            for way in (1, -1):
                self.exposed[row] |= not self._one_way(one, way)
        self.lacking = wanted.row[self.exposed[wanted.row]]
