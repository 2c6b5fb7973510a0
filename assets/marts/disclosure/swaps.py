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
from assets.marts.disclosure.grid import SIBLINGS

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from assets.marts.disclosure.grid import Flags, Grid, Numbers, Whole, Within

TOTALS, AMONG = SIBLINGS + 1, SIBLINGS + 2
PATTERNS = AMONG + 1
"""A breakdown alone, against one of its siblings, with its totals, or with its own parts against
other parts of its totals; see `proposals`."""
CHOICES = 4
"""Areas that are tried to exchange with: the largest of the group."""
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
        sibling = grid.siblings[wanted.breakdown, pattern - 1]
        applies = applies & (sibling >= 0)
        shape[line[applies], sibling[applies]] -= wanted.by[applies]
    elif pattern == TOTALS:
        _with_totals(grid, wanted, other, shape)
    elif pattern == AMONG:
        _among_parts(grid, wanted, other, shape)
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


def _with_totals(grid: Grid, wanted: Wanted, other: Whole | None, shape: Numbers) -> None:
    """Moves the wholes of what is moved along with it, and in each kind of parts of a whole that has
    no rest to take the difference the part of which both areas have most."""
    import numpy as np

    line = np.arange(len(wanted.row))
    shared = _shared(grid, wanted, other)
    for _ in range(2):
        for relation in grid.within:
            whole = np.array(relation.whole)
            # Of some breakdowns only larger areas have figures: those are for `_above`.
            there = (grid.atom[wanted.area][:, whole] >= 0).any(axis=1)
            over = _over(relation, shape)
            up = there & (over > NOTHING)
            at = whole[np.argmax(shared[:, whole], axis=1)]
            shape[line[up], at[up]] += over[up]
            _filled(grid, relation, wanted, other, shared, shape, over)


def _among_parts(grid: Grid, wanted: Wanted, other: Whole | None, shape: Numbers) -> None:
    """Moves along what is moved the parts that it is made of, and takes from other parts of its
    totals what these gain, so that the totals stay: from one class of size to another, say."""
    import numpy as np

    shared = _shared(grid, wanted, other)
    for relation in grid.within:
        _filled(grid, relation, wanted, other, shared, shape, _over(relation, shape))
    for breakdown in np.unique(wanted.breakdown):
        mine = np.flatnonzero(wanted.breakdown == breakdown)
        own = {p for relation in grid.within if breakdown in relation.whole for p in relation.parts}
        for relation in grid.within:
            others = np.array(sorted(set(relation.parts) - own - {int(breakdown)}), dtype=np.int64)
            over = _over(relation, shape[mine])
            line = mine[over > NOTHING]
            if len(others) and len(line):
                at = others[np.argmax(shared[line][:, others], axis=1)]
                shape[line, at] -= over[over > NOTHING]


def _shared(grid: Grid, wanted: Wanted, other: Whole | None) -> Numbers:
    """What both areas of an exchange have of each breakdown."""
    import numpy as np

    here = grid.values[wanted.area]
    return here if other is None else np.minimum(here, grid.values[np.maximum(other, 0)])


def _over(relation: Within, shape: Numbers) -> Numbers:
    """By how much the parts are moved more than the whole."""
    parts, whole = list(relation.parts), list(relation.whole)
    moved: Numbers = shape[:, parts].sum(axis=1) - shape[:, whole].sum(axis=1)
    return moved


def _filled(
    grid: Grid,
    relation: Within,
    wanted: Wanted,
    other: Whole | None,
    shared: Numbers,
    shape: Numbers,
    over: Numbers,
) -> None:
    """Where the whole is moved more than its parts and the rest cannot take it, moves the part of
    which both areas have most along."""
    import numpy as np

    parts = np.array(relation.parts)
    line = np.flatnonzero(over < -NOTHING)
    takes = _rest(grid, relation, wanted.area[line])
    if other is not None:
        takes = np.minimum(takes, _rest(grid, relation, np.maximum(other[line], 0)))
    line = line[takes < -over[line]]
    at = parts[np.argmax(shared[line][:, parts], axis=1)]
    shape[line, at] -= over[line]


def _rest(grid: Grid, relation: Within, area: Whole) -> Numbers:
    """What is left of the whole in each area when the parts are taken off."""
    values = grid.values[area]
    whole, parts = list(relation.whole), list(relation.parts)
    left: Numbers = values[:, whole].sum(axis=1) - values[:, parts].sum(axis=1)
    return left


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
        shared = np.minimum(grid.values[up[line]], grid.values[down[line]])
        for inner in grid.within:
            # What moves already as a part of some of them moves along with one of those.
            if set(inner.whole) < set(relation.parts):
                others = np.setdiff1d(parts, inner.whole)
                moved = np.abs(shape[line][:, np.array(inner.parts)].sum(axis=1)) > NOTHING
                shared[np.ix_(moved, others)] = -1.0
        part = parts[np.argmax(shared[:, parts], axis=1)]
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
