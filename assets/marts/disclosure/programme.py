"""Certificates found by linear programming, one target at a time: for what no exchange protects,
such as an area that lies in several sites by different weights.

The programme is that of Kelly, Golden and Assad (Cell suppression: disclosure protection for
sensitive tabular data, Networks 22, 1992), solved by HiGHS: of all changes that nobody can tell from
the truth and that move the target far enough, the one whose sums cost a reader least.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assets.marts.disclosure.certificates import Wanted, room_of

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from assets.marts.disclosure.grid import Flags, Grid, Numbers, Whole

UNBOUNDED = 1e12
NEAR, FAR = 12, 4
"""How many areas of the own municipality, and of its province and country, take part."""
SLACK = 1e-7
"""Solvers keep their bounds within this. Rooms and doubts are given them as they are, because of one
establishment alone the doubt is all the room there is; `judge` forgives more than this."""


@dataclass(frozen=True)
class _Surroundings:
    """What may be changed around a target, and how far the sums that it is in may move."""

    columns: Whole
    """The atoms."""
    touched: Whole
    """The rows that they are in."""
    near: csr_array
    """These rows by those atoms."""
    target: csr_array
    """The line of the target."""
    less: Numbers
    """By row: how far it may go down, and how far up."""
    more: Numbers


def certificate(
    grid: Grid,
    wanted: Wanted,
    hidden: Flags,
    fixed: Flags,
    *,
    insiders: bool,
    way: int = 0,
    everywhere: bool = False,
) -> csr_array | None:
    """A change of the atoms around the one in `wanted` that protects it; None where there is none.

    `way`: 0 for one that may be added and taken off; 1 or -1 for one that may be added only and makes
    the target more or less; `everywhere`: sought among all areas, which takes seconds in a whole
    country.
    """
    import numpy as np
    from scipy.optimize import linprog
    from scipy.sparse import block_array, coo_array, csr_array, eye_array

    around = _surroundings(grid, wanted, fixed, insiders, way, everywhere)
    if around is None:
        return None
    costs = np.where(grid.rows.published & ~hidden & ~fixed, grid.rows.cost, 0.0)[around.touched]
    dear = np.flatnonzero(costs > 0)
    width, extra = around.near.shape[1], len(dear)
    dear_rows = csr_array(around.near[dear])
    unit = eye_array(extra, format="csr")
    limits = block_array([[dear_rows, -unit], [-dear_rows, -unit]], format="csr")
    none = csr_array((len(around.touched), extra))
    padded = csr_array(block_array([[around.near, none]], format="csr"))
    found = linprog(
        np.concatenate([np.zeros(width), costs[dear]]),
        A_ub=block_array([[padded], [-padded], [limits]], format="csr"),
        b_ub=np.concatenate([around.more, around.less, np.zeros(2 * extra)]),
        A_eq=csr_array(block_array([[around.target, csr_array((1, extra))]], format="csr")),
        b_eq=[float(wanted.doubt[0]) * (1 if way >= 0 else -1)],
        bounds=[(None, None)] * width + [(0.0, None)] * extra,
        method="highs",
    )
    if found.status != 0:
        return None
    change = found.x[:width]
    change[np.abs(change) < SLACK] = 0.0
    lines = np.zeros(width, dtype=np.int64)
    return csr_array(coo_array((change, (lines, around.columns)), shape=(1, grid.sums.shape[1])))


def farthest(grid: Grid, wanted: Wanted, fixed: Flags, way: int) -> float:
    """How far the target can be moved one way, at most by its doubt, whatever else is held back."""
    import numpy as np
    from scipy.optimize import linprog
    from scipy.sparse import block_array

    around = _surroundings(grid, wanted, fixed, False, way, everywhere=True)
    if around is None:
        return 0.0
    found = linprog(
        -way * around.target.toarray()[0],
        A_ub=block_array([[around.near], [-around.near], [way * around.target]], format="csr"),
        b_ub=np.concatenate([around.more, around.less, wanted.doubt]),
        bounds=(None, None),
        method="highs",
    )
    return float(-found.fun) if found.status == 0 else 0.0


def _surroundings(
    grid: Grid, wanted: Wanted, fixed: Flags, insiders: bool, way: int, everywhere: bool
) -> _Surroundings | None:
    import numpy as np
    from scipy.sparse import csr_array

    target, area = int(wanted.row[0]), int(wanted.area[0])
    columns = _atoms_of(grid, area) if everywhere else _atoms_near(grid, target, area)
    near = csr_array(grid.over[columns].T)
    touched = np.flatnonzero(np.diff(near.indptr))
    if target not in touched:
        return None
    near = csr_array(near[touched])
    line = np.zeros(len(touched), dtype=np.int64)
    room = room_of(grid, touched, line, wanted, insiders=insiders)
    less = np.where(fixed[touched], 0.0, np.maximum(room, 0.0))
    # What need not be taken off may be added to anything that is not known, were it nothing so far.
    more = less if way == 0 else np.where(fixed[touched], 0.0, UNBOUNDED)
    return _Surroundings(
        columns, touched, near, csr_array(near[np.flatnonzero(touched == target)]), less, more
    )


def _atoms_of(grid: Grid, area: int) -> Whole:
    """The atoms of all areas of which the same is counted as of `area`."""
    import numpy as np

    same = grid.areas.country == grid.areas.country[area]
    return np.asarray(np.flatnonzero(same[grid.atoms.area]), dtype=np.int64)


def _atoms_near(grid: Grid, target: int, area: int) -> Whole:
    """The atoms that may be changed: those of `target`, and of the largest areas around `area`."""
    import numpy as np

    areas, atoms = grid.areas, grid.atoms
    many = len(areas.municipality)
    chosen = [np.array([area])]
    for group, most in (
        (areas.municipality, NEAR),
        (areas.sites, FAR),
        (areas.province, FAR),
        (areas.country, FAR),
    ):
        if group[area] < 0:
            continue
        members = np.flatnonzero((group == group[area]) & (areas.country == areas.country[area]))
        # Where there is room is what can be exchanged; but what one establishment has is where it is.
        chosen += [
            members[np.argsort(-weight[members], kind="stable")[:most]] for weight in grid.sizes
        ]
    start, end = grid.sums.indptr[target], grid.sums.indptr[target + 1]
    within = np.zeros(many, dtype=bool)
    within[np.concatenate(chosen)] = True
    of_target = atoms.area[grid.sums.indices[start:end]]
    if len(np.unique(of_target)) <= NEAR:
        within[of_target] = True
    return np.asarray(np.flatnonzero(within[atoms.area]), dtype=np.int64)
