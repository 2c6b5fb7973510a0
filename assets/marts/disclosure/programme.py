"""Certificates found by linear programming, one target at a time: for what no exchange protects,
such as an area that lies in several sites by different weights.

The programme is that of Kelly, Golden and Assad (Cell suppression: disclosure protection for
sensitive tabular data, Networks 22, 1992), solved by HiGHS: of all changes that nobody can tell from
the truth and that move the target far enough, the one whose sums cost a reader least.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assets.marts.disclosure.certificates import Wanted, room_of

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from assets.marts.disclosure.grid import Flags, Grid, Whole

UNBOUNDED = 1e12
NEAR, FAR = 12, 4
"""How many areas of the own municipality, and of its province and country, take part."""
SLACK = 1e-7
"""Solvers keep their bounds within this; rooms are taken that much smaller, doubts larger."""


def certificate(
    grid: Grid, wanted: Wanted, hidden: Flags, fixed: Flags, *, insiders: bool, way: int = 0
) -> csr_array | None:
    """A change of the atoms around the one in `wanted` that protects it; None where there is none.

    `way`: 0 for one that may be added and taken off; 1 or -1 for one that may be added only and makes
    the target more or less, sought among all areas of the province.
    """
    import numpy as np
    from scipy.optimize import linprog
    from scipy.sparse import block_array, coo_array, csr_array, eye_array

    target = int(wanted.row[0])
    columns = _atoms_near(grid, target, int(wanted.area[0]), wide=way != 0)
    near = csr_array(grid.over[columns].T)
    touched = np.flatnonzero(np.diff(near.indptr))
    near = csr_array(near[touched])
    if target not in touched:
        return None
    line = np.zeros(len(touched), dtype=np.int64)
    room = room_of(grid, touched, line, wanted, insiders=insiders)
    room = np.where(fixed[touched], 0.0, np.maximum(room - SLACK, 0.0))
    most = np.where((room > 0) & (way != 0), UNBOUNDED, room)
    costs = np.where(grid.rows.published & ~hidden & ~fixed, grid.rows.cost, 0.0)[touched]
    dear = np.flatnonzero(costs > 0)
    width, extra = near.shape[1], len(dear)
    dear_rows = csr_array(near[dear])
    unit = eye_array(extra, format="csr")
    limits = block_array([[dear_rows, -unit], [-dear_rows, -unit]], format="csr")
    padded = csr_array(block_array([[near, csr_array((len(touched), extra))]], format="csr"))
    at = int(np.flatnonzero(touched == target)[0])
    moved = csr_array(padded[[at]])
    found = linprog(
        np.concatenate([np.zeros(width), costs[dear]]),
        A_ub=block_array([[padded], [-padded], [limits]], format="csr"),
        b_ub=np.concatenate([most, room, np.zeros(2 * extra)]),
        A_eq=moved,
        b_eq=[float(wanted.doubt[0]) * ((1 + SLACK) if way >= 0 else SLACK - 1)],
        bounds=[(None, None)] * width + [(0.0, None)] * extra,
        method="highs",
    )
    if found.status != 0:
        return None
    change = found.x[:width]
    change[np.abs(change) < SLACK] = 0.0
    lines = np.zeros(width, dtype=np.int64)
    return csr_array(coo_array((change, (lines, columns)), shape=(1, grid.sums.shape[1])))


def _atoms_near(grid: Grid, target: int, area: int, *, wide: bool) -> Whole:
    """The atoms that may be changed: those of `target`, and of the largest areas around `area`."""
    import numpy as np

    areas, atoms = grid.areas, grid.atoms
    many = len(areas.municipality)
    chosen = [np.array([area])]
    for group, most in (
        (areas.municipality, NEAR),
        (areas.sites, FAR),
        (areas.province, len(areas.province) if wide else FAR),
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
