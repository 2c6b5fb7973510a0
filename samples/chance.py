"""Chance from `random.random` alone, which gives the same numbers on every version of Python, where
the other functions of `random` need not."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import TypeVar

Chosen = TypeVar("Chosen")


def below(end: int, chance: Random) -> int:
    """A whole number from 0, less than `end`."""
    return int(end * chance.random())


def one_of(choices: tuple[str, ...] | str, chance: Random) -> str:
    """One of `choices`, each as likely."""
    return choices[below(len(choices), chance)]


def weighed(weights: Mapping[Chosen, float], chance: Random) -> Chosen:
    """One of the keys of `weights`, each as likely as it weighs."""
    left = sum(weights.values()) * chance.random()
    for choice, weight in weights.items():
        left -= weight
        if left < 0:
            return choice
    return next(reversed(list(weights)))
