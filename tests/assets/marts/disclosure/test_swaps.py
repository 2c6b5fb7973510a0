"""With whom an area may exchange: the largest others of its group, and nobody where there are none."""

from __future__ import annotations

import numpy as np

from assets.marts.disclosure.swaps import NOBODY, Largest


def whole(*numbers: int) -> np.ndarray:
    return np.array(numbers, dtype=np.int64)


def test_the_largest_others_of_the_group_come_in_order_and_not_the_area_itself() -> None:
    # Areas 0, 1 and 2 are of group 0, area 3 of group 1; one breakdown; 2 is the largest.
    largest = Largest(whole(0, 0, 0, 1), whole(2, 0, 1, 3), whole(0, 0, 0, 1), 1)
    wanted = whole(0, 1, 2, 3)
    assert largest.choice(wanted, whole(0, 0, 0, 0), 0).tolist() == [2, 2, 0, NOBODY]
    assert largest.choice(wanted, whole(0, 0, 0, 0), 1).tolist() == [1, 0, 1, NOBODY]


def test_where_no_area_lies_in_a_group_there_is_nobody() -> None:
    """As in a house that knows no areas but those of its register."""
    largest = Largest(whole(), whole(), whole(-1, -1), 1)
    assert largest.choice(whole(0, 1), whole(0, 0), 0).tolist() == [NOBODY, NOBODY]
