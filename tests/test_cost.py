"""The measure of cost itself: it refuses what is quadratic, and only that."""

from __future__ import annotations

import gc

import pytest

from tests.cost import assert_linear


def _quadratic(size: int) -> int:
    return sum(1 for _ in range(size) for _ in range(size))


def test_linear_passes_and_quadratic_does_not() -> None:
    assert_linear(lambda size: sum(1 for _ in range(size)), 400_000)
    with pytest.raises(AssertionError, match="grows faster"):
        assert_linear(_quadratic, 1_600)


def test_the_collector_of_garbage_is_not_part_of_it() -> None:
    """Otherwise a heap that other tests have filled would be measured with the work: it fails
    where 200,000 small objects set off a whole collection and 50,000 do not."""
    collecting: list[bool] = []
    assert gc.isenabled()
    assert_linear(lambda size: collecting.append(gc.isenabled()), 16)
    assert set(collecting[1:]) == {False}
    assert gc.isenabled()
