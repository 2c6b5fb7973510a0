"""Disclosure control: which figures that are counted from single establishments are held back, so
that nobody can compute back what one of them contributes.

`guarding` is the way in; it works on frames. `grid` turns them into sums of atoms, `rules` says which
sums are sensitive, `suppression` finds what else must be held back, with `swaps` and `programme`.
"""
