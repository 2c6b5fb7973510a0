"""Certificates found by exchange: what one area gains another of the same group loses, so that every
sum over the group stays as it is. Vectorised, for a whole country at once.

An exchange has a pattern: by how much each breakdown moves. A part alone where the rest of its
total is not published, a part against another part, or a total with one part of every kind.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assets.marts.disclosure.certificates import NOTHING, Wanted

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from assets.marts.disclosure.grid import Flags, Grid, Numbers, Whole

PATTERNS = 6
"""A breakdown alone, against one of its siblings, or with its totals; see `proposals`."""
CHOICES = 4
"""Areas that are tried to exchange with: the largest of the group."""
SIBLINGS = PATTERNS - 2
"""Parts that are tried to exchange against: the largest of their kind."""
NOBODY = -1


@dataclass(frozen=True)
class Largest:
    """The largest areas of each group for each breakdown, largest first."""

    key: Whole
    """Group and breakdown in one number, sorted."""
    area: Whole
    """The areas of each key, largest first."""
    group: Whole
    breakdowns: int

    def choice(self, area: Whole, breakdown: Whole, number: int) -> Whole:
        """The areas that are number `number` (from 0) of the group of `area`; -1 where none.

        The area itself is passed over.
        """
        import numpy as np

        if not len(self.key):
            return np.full(len(area), NOBODY, dtype=np.int64)
        key = self.group[area] * self.breakdowns + breakdown
        first = np.searchsorted(self.key, key)
        found = np.full(len(area), NOBODY, dtype=np.int64)
        left = np.full(len(area), number)
        for step in range(number + 2):
            at = np.minimum(first + step, len(self.key) - 1)
            here = (first + step < len(self.key)) & (self.key[at] == key)
            other = here & (self.area[at] != area) & (self.group[area] >= 0)
            take = other & (left == 0)
            found[take] = self.area[at[take]]
            left = left - other
        return found


def largest_of(grid: Grid, group: Whole, fixed: Flags) -> Largest:
    """The areas of each `group` (a number an area, -1 for none), by the room of their atoms, as far
    as these are not `fixed` rows."""
    import numpy as np

    atoms = grid.atoms
    key = group[atoms.area] * grid.breakdowns + atoms.breakdown
    keep = (group[atoms.area] >= 0) & (atoms.room > 0) & ~fixed[atoms.row]
    order = np.lexsort((atoms.area[keep], -atoms.room[keep], key[keep]))
    return Largest(key[keep][order], atoms.area[keep][order], group, grid.breakdowns)


def proposals(grid: Grid, wanted: Wanted, pattern: int, other: Whole | None) -> csr_array:
    """The change of `pattern` for each of `wanted`: gained by its area, lost by the area `other`.

    A line each over the atoms; a line of zeros where the pattern does not apply or `other` is
    `NOBODY`. Without `other` altogether nobody loses what is gained, and all larger sums move.
    """
    import numpy as np
    from scipy.sparse import csr_array

    shape = np.zeros((len(wanted.row), grid.breakdowns))
    line = np.arange(len(wanted.row))
    shape[line, wanted.breakdown] = wanted.by
    applies = np.ones(len(line), dtype=bool) if other is None else other != NOBODY
    if 1 <= pattern <= SIBLINGS:
        sibling = _siblings(grid)[wanted.breakdown, pattern - 1]
        applies = applies & (sibling >= 0)
        shape[line[applies], sibling[applies]] -= wanted.by[applies]
    elif pattern == SIBLINGS + 1:
        _with_totals(grid, wanted, other, shape)
    at_line, atom, by = _over_atoms(grid, wanted.area, shape, applies)
    if other is not None:
        lost_line, lost, less = _over_atoms(grid, np.maximum(other, 0), -shape, applies)
        at_line = np.concatenate([at_line, lost_line])
        atom, by = np.concatenate([atom, lost]), np.concatenate([by, less])
    for more_line, more, change in _above(grid, wanted.area, other, shape, applies):
        at_line = np.concatenate([at_line, more_line])
        atom, by = np.concatenate([atom, more]), np.concatenate([by, change])
    sound = np.ones(len(line), dtype=bool)
    sound[at_line[atom < 0]] = False
    keep = sound[at_line]
    return csr_array(
        (by[keep], (at_line[keep], atom[keep])), shape=(len(wanted.row), len(grid.atoms.area))
    )


def _siblings(grid: Grid) -> Whole:
    """By breakdown: the other parts of the same whole, largest first; -1 fills up."""
    import numpy as np

    totals = grid.values.sum(axis=0)
    found = np.full((grid.breakdowns, SIBLINGS), -1, dtype=np.int64)
    for breakdown in range(grid.breakdowns):
        others = {
            part
            for relation in grid.within
            if breakdown in relation.parts
            for part in relation.parts
            if part != breakdown
        }
        ranked = sorted(others, key=lambda part: (-totals[part], part))[:SIBLINGS]
        found[breakdown, : len(ranked)] = ranked
    return found


def _with_totals(grid: Grid, wanted: Wanted, other: Whole | None, shape: Numbers) -> None:
    """Moves the wholes of what is moved along with it, and in each kind of parts of a whole that has
    no rest to take the difference the part of which both areas have most."""
    import numpy as np

    line = np.arange(len(wanted.row))
    shared = grid.values[wanted.area]
    if other is not None:
        shared = np.minimum(shared, grid.values[np.maximum(other, 0)])
    for _ in range(2):
        for relation in grid.within:
            whole, parts = np.array(relation.whole), np.array(relation.parts)
            over = shape[:, parts].sum(axis=1) - shape[:, whole].sum(axis=1)
            rest = grid.values[:, whole].sum(axis=1) - grid.values[:, parts].sum(axis=1)
            takes = rest[wanted.area]
            if other is not None:
                takes = np.minimum(takes, rest[np.maximum(other, 0)])
            up = over > NOTHING
            at = whole[np.argmax(shared[:, whole], axis=1)]
            shape[line[up], at[up]] += over[up]
            down = (over < -NOTHING) & (takes < -over)
            at = parts[np.argmax(shared[:, parts], axis=1)]
            shape[line[down], at[down]] -= over[down]


def _above(
    grid: Grid, area: Whole, other: Whole | None, shape: Numbers, applies: Flags
) -> Iterator[tuple[Whole, Whole, Numbers]]:
    """Entries (line, atom, change) for parts of which only municipalities have figures: where a total
    moves from one to another, the part of which both have most moves along."""
    import numpy as np

    up = grid.areas.above[area]
    down = grid.areas.above[np.maximum(other, 0)] if other is not None else up
    there = applies & (up >= 0) & (down >= 0)
    crossing = there & (up != down) if other is not None else there
    if not crossing.any():
        return
    for relation in grid.within:
        whole, parts = np.array(relation.whole), np.array(relation.parts)
        change = shape[:, whole].sum(axis=1)
        only_above = (grid.atom[area][:, parts] < 0).all(axis=1) & (
            grid.atom[up][:, parts] >= 0
        ).any(axis=1)
        line = np.flatnonzero(crossing & only_above & (np.abs(change) > NOTHING))
        if not len(line):
            continue
        shared = np.minimum(grid.values[up[line]], grid.values[down[line]])[:, parts]
        part = parts[np.argmax(shared, axis=1)]
        yield line, grid.atom[up[line], part], change[line]
        if other is not None:
            yield line, grid.atom[down[line], part], -change[line]


def _over_atoms(
    grid: Grid, area: Whole, shape: Numbers, applies: Flags
) -> tuple[Whole, Whole, Numbers]:
    """Entries (line, atom, change) of `shape` in `area`; the atom is -1 where there is none."""
    import numpy as np

    line, breakdown = np.nonzero(shape * applies[:, None])
    return line, grid.atom[area[line], breakdown], shape[line, breakdown]
