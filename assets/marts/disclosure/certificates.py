"""Certificates: changes of the atoms that no attacker can tell from the truth.

A certificate is a vector over the atoms. Added to the true atoms, or taken off, it leaves every sum
that can be known as it is, takes no sum below zero, and moves one sensitive sum by the doubt that
it needs. So what an attacker can know holds of the truth and of both altered worlds alike, whatever
linear programme he runs: he cannot bound that sum any closer. The sums that a certificate moves are
those that must be held back.

Respondents are attackers too: each knows its own contribution. So a sum may be moved by no more
than what is left of it without its largest contribution; only the sensitive sum itself and what it
is made of may be moved as far as zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from assets.marts.disclosure.grid import Flags, Grid, Numbers, Whole

NOTHING = 1e-6
"""Changes below this, or below such a part of what is asked, are none: figures are whole numbers, or
shares of them by declared weights."""


@dataclass(frozen=True)
class Judged:
    """Proposed certificates, judged."""

    sound: Flags
    """Whether each is a certificate for its target."""
    moved: Whole
    """Rows that the sound ones move."""


@dataclass(frozen=True)
class Wanted:
    """Sensitive rows that lack a certificate, each with the atom that is moved for it."""

    row: Whole
    area: Whole
    breakdown: Whole
    by: Numbers
    """How far the atom must be moved, and how far the row."""
    doubt: Numbers

    def only(self, keep: Flags | Whole) -> Wanted:
        """Some of them."""
        return Wanted(
            self.row[keep],
            self.area[keep],
            self.breakdown[keep],
            self.by[keep],
            self.doubt[keep],
        )


def judge(
    grid: Grid,
    proposed: csr_array,
    wanted: Wanted,
    fixed: Flags,
    *,
    insiders: bool,
    one_way: bool = False,
) -> Judged:
    """Which of the `proposed` changes (a line each, over the atoms) are certificates for `wanted`.

    `fixed`: rows that can be known, whatever is done; `insiders`: whether respondents are thought of;
    `one_way`: whether it need not hold when taken off, only when added.
    """
    import numpy as np
    from scipy.sparse import csr_array

    moves = csr_array(proposed @ grid.over)
    line = np.repeat(np.arange(moves.shape[0]), np.diff(moves.indptr))
    row, by = moves.indices.astype(np.int64), np.abs(moves.data)
    less = moves.data < 0
    real = by > NOTHING
    line, row, by, less = line[real], row[real], by[real], less[real]
    room = room_of(grid, row, line, wanted, insiders=insiders)
    wrong = fixed[row] | ((by > room + NOTHING) & (less | (not one_way)))
    many = len(wanted.row)
    sound = np.bincount(line[wrong], minlength=many) == 0
    own = row == wanted.row[line]
    reached = np.bincount(line[own], weights=by[own], minlength=many)
    sound &= reached >= wanted.doubt * (1 - NOTHING) - NOTHING
    return Judged(sound, np.unique(row[sound[line]]))


def room_of(grid: Grid, row: Whole, line: Whole, wanted: Wanted, *, insiders: bool) -> Numbers:
    """How far each of `row` may be moved for the entry of `wanted` that is beside it in `line`.

    An insider knows of a sum at most that it is not less than his own part. Where the sum contains
    what is moved for the target, his part is not that, or it is he who is to be protected.
    """
    import numpy as np

    rows = grid.rows
    if not insiders:
        return rows.value[row]
    wholes = np.zeros(grid.breakdowns + 1, dtype=bool)
    wholes[[b for relation in grid.within for b in relation.whole]] = True
    target = wanted.row[line]
    inside = (rows.lies_in[row] == rows.place[target][:, None]).any(axis=1)
    same = rows.breakdown[row] == rows.breakdown[target]
    part = (row == target) | (inside & (same | wholes[rows.breakdown[target]]))
    # Who is to be protected does not attack himself: the largest but one is then the insider.
    himself = (rows.place[row] == rows.place[target]) & rows.leads[row] & rows.leads[target]
    insider = np.where(himself, rows.second[row], rows.largest[row])
    left = np.maximum(rows.value[row] - insider, _contained(grid, row, line, wanted))
    return np.where(part, rows.value[row], np.minimum(left, rows.value[row]))


def _contained(grid: Grid, row: Whole, line: Whole, wanted: Wanted) -> Numbers:
    """How much of each of `row` is what is moved for the target beside it."""
    import numpy as np
    from scipy.sparse import csr_array

    lines, columns, amounts = [], [], []
    for breakdown in np.unique(wanted.breakdown):
        mine = np.flatnonzero(wanted.breakdown == breakdown)
        area = wanted.area[mine]
        wholes = {w for r in grid.within if breakdown in r.parts for w in r.whole}
        for containing in {int(breakdown), *wholes}:
            atom = grid.atom[area, containing]
            there = atom >= 0
            lines.append(mine[there])
            columns.append(atom[there])
            amounts.append(grid.values[area[there], breakdown])
    moved = csr_array(
        (np.concatenate(amounts), (np.concatenate(lines), np.concatenate(columns))),
        shape=(len(wanted.row), len(grid.atoms.area)),
    )
    held = csr_array(moved @ grid.over)
    held.sort_indices()
    # A line of `held` is sorted by row, and lines follow each other: one search finds all entries.
    width = grid.sums.shape[0]
    keys = np.repeat(np.arange(held.shape[0]), np.diff(held.indptr)) * width + held.indices
    if not len(keys):
        return np.zeros(len(row))
    sought = line * width + row
    found = np.minimum(np.searchsorted(keys, sought), len(keys) - 1)
    return np.where(keys[found] == sought, np.maximum(held.data[found], 0.0), 0.0)
