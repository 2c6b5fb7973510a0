"""What something costs as its input grows, measured against itself: it holds on any machine."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

ATTEMPTS = 4
"""A neighbour may spoil a measurement, not four in a row."""
TOO_SMALL = 0.002
"""Seconds below which the clock says little."""


def _seconds(work: Callable[[int], object], size: int) -> float:
    """Seconds of processor time, without the collector of garbage: how often that goes through all
    that the tests before have left behind says nothing about `work`."""
    collects = gc.isenabled()
    gc.disable()
    try:
        start = time.process_time()
        work(size)
        return time.process_time() - start
    finally:
        if collects:
            gc.enable()


def assert_linear(work: Callable[[int], object], most: int, *, at_most: float = 10) -> None:
    """That `work(most)` takes at most `at_most` times as long as `work(most // 4)`.

    Linear cost gives four times, quadratic sixteen. `most` is a size at which a quadratic part
    would be most of the cost. Raises AssertionError with what was measured.
    """
    measured = []
    work(most // 16)
    for _ in range(ATTEMPTS):
        little, much = _seconds(work, most // 4), _seconds(work, most)
        if much <= at_most * max(little, TOO_SMALL):
            return
        measured.append(f"{most // 4}: {little:.4f} s, {most}: {much:.4f} s")
    raise AssertionError(f"cost grows faster than the input: {'; '.join(measured)}")
