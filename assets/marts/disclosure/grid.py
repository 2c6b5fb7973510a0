"""All that is published of single establishments, as sums of the smallest parts: what an attacker
would write down before he starts to add and subtract.

A row is a sum that somebody can know: a figure, a bound of an estimate, or what is left of a total
when its published parts are taken off. An atom is the figure of a smallest area, or what is left of
a larger area when its smaller ones are taken off.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    Numbers = NDArray[np.float64]
    Whole = NDArray[np.int64]
    Flags = NDArray[np.bool_]

SIBLINGS = 4
"""Parts of the same whole that are tried to exchange against: the largest."""


@dataclass(frozen=True)
class Within:
    """The sum of some breakdowns is at most that of others, because it counts a part of them.

    Breakdowns are numbers of the grid. Parts do not overlap each other, nor do wholes.
    """

    whole: tuple[int, ...]
    parts: tuple[int, ...]


@dataclass(frozen=True)
class Rows:
    """The sums, one entry each."""

    value: Numbers
    contributors: Numbers
    largest: Numbers
    second: Numbers
    leads: Flags
    """Whether its largest contributor is the largest of the place, and alone of that size: then it is
    the same one in all such rows of the place."""
    minimum: Numbers
    """Fewest contributors that may be shown."""
    percent: Numbers
    """The p of the p% rule."""
    place: Whole
    lies_in: Whole
    """A line a row: the places it lies in, itself among them, as numbers of places; -1 fills up."""
    breakdown: Whole
    """-1 for what is left of a total."""
    published: Flags
    """Whether it would be published; what is left of a total is not, but can be computed."""
    known: Flags
    """Whether an earlier vintage published the same value: holding it back hides nothing."""
    held: Flags
    """Whether an earlier vintage held it back, or it cannot be accounted for: stays back."""
    cost: Numbers
    """What holding it back takes from a reader."""
    figure: Whole
    """Rows of one figure (a value and its bounds) are published or held back together."""


@dataclass(frozen=True)
class Atoms:
    """The smallest parts, one entry each."""

    area: Whole
    """Area of one sheet: a place in one measure and period."""
    breakdown: Whole
    value: Numbers
    room: Numbers
    """Value less the largest contribution: how far it can be off without anybody knowing better."""
    row: Whole
    """The row that is this atom alone."""


@dataclass(frozen=True)
class Areas:
    """The smallest areas by sheet, one entry each, with the groups in which an exchange between two
    areas leaves the sums of the group as they are."""

    municipality: Whole
    province: Whole
    country: Whole
    sites: Whole
    """Areas that lie in the same sites by the same weights share a number."""
    above: Whole
    """The municipality in which an area lies, as an area itself: of some breakdowns municipalities are
    the smallest areas. -1 where there is none of those."""


@dataclass(frozen=True)
class Grid:
    """Sums, atoms, and how the sums are made of the atoms."""

    rows: Rows
    atoms: Atoms
    areas: Areas
    sums: csr_array
    """Rows by atoms: the coefficients."""
    within: tuple[Within, ...]
    breakdowns: int
    """How many breakdowns there are."""

    @cached_property
    def over(self) -> csr_array:
        """Atoms by rows: the sums that each atom is in."""
        from scipy.sparse import csr_array

        return csr_array(self.sums.T)

    @cached_property
    def atom(self) -> Whole:
        """Areas by breakdowns: the number of the atom; -1 where there is none."""
        import numpy as np

        found = np.full((len(self.areas.municipality), self.breakdowns), -1, dtype=np.int64)
        found[self.atoms.area, self.atoms.breakdown] = np.arange(len(self.atoms.area))
        return found

    @cached_property
    def values(self) -> Numbers:
        """Areas by breakdowns: the value; 0 where there is no atom."""
        import numpy as np

        found = np.zeros((len(self.areas.municipality), self.breakdowns))
        found[self.atoms.area, self.atoms.breakdown] = self.atoms.value
        return found

    @cached_property
    def siblings(self) -> Whole:
        """By breakdown: `SIBLINGS` other parts of the same wholes, largest first; -1 fills up."""
        import numpy as np

        totals = self.values.sum(axis=0)
        found = np.full((self.breakdowns, SIBLINGS), -1, dtype=np.int64)
        for breakdown in range(self.breakdowns):
            kinds = [set(r.parts) for r in self.within if breakdown in r.parts]
            others = set().union(*kinds) - {breakdown}
            ranked = sorted(others, key=lambda part: (-totals[part], part))[:SIBLINGS]
            found[breakdown, : len(ranked)] = ranked
        return found

    @cached_property
    def sizes(self) -> tuple[Numbers, Numbers]:
        """By area: room and value of all its atoms together."""
        import numpy as np

        many = len(self.areas.municipality)

        def together(by: Numbers) -> Numbers:
            return np.bincount(self.atoms.area, weights=by, minlength=many).astype(np.float64)

        return together(self.atoms.room), together(self.atoms.value)
