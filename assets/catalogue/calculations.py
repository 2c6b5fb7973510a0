"""How an indicator is calculated from others: ratios, quotients with a benchmark, indices of shares.

All of them are calculated from what is published, after disclosure control, and exist only where
everything that they are made from is published: they say nothing that it does not.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, Self

from pydantic import Field, model_validator

from assets.catalogue.concordance_models import Concordance, Shares, by_sector
from assets.catalogue.entry import Entry, Identifier

Benchmark = Literal["municipality", "province", "country"]
"""The area that a place is set beside: the one of this kind in which it lies."""


class Apportioned(Entry):
    """What cannot be told apart, shared by the weights of the concordances."""

    of: Identifier
    """The indicator that counts what falls to several sectors."""
    to: Identifier
    """The sector of which the ratio is."""
    weight: float | None = None
    """The part of it that is taken to be of that sector; filled in from the concordances."""


class Ratio(Entry):
    """An indicator calculated from others of the same location and period.

    value = factor * sum(numerator) / sum(denominator), null where either is missing or the
    denominator is 0. What is `apportioned` adds its weight to the numerator, and bounds to the value:
    nothing of it, and all of it.
    """

    numerator: tuple[Identifier, ...]
    denominator: tuple[Identifier, ...]
    factor: float
    period: Literal["same", "as_of"] = "same"
    """Whether the denominator is of the same period, or the newest that is not later."""
    apportioned: Apportioned | None = None


class Quotient(Entry):
    """A share in a place over the same share in a larger area: a location quotient.

    value = (x_is / x_s) / (X_i / X); above 1 the sector weighs more in the place than around it.
    """

    share: Identifier
    benchmark: Benchmark


class Index(Entry):
    """One number out of the shares of all sectors (as parts of 1, not percentages).

    `herfindahl`: sum of their squares; 1 where everything is in one sector, 1/n where all are alike.
    `krugman`: half the sum of the absolute differences with the same shares in the benchmark; 0 where
    they are alike, 1 where they have no sector in common (Krugman, Geography and Trade, 1991, without
    the half).
    """

    kind: Literal["herfindahl", "krugman"]
    shares: tuple[Identifier, ...] = Field(min_length=2)
    """Indicators, in percent, that are all of a whole together, each once."""
    benchmark: Benchmark | None = None

    @model_validator(mode="after")
    def beside_something(self) -> Self:
        if (self.kind == "krugman") != (self.benchmark is not None):
            raise ValueError(
                "a krugman index says in `benchmark` what it is set beside; a herfindahl index is "
                "set beside nothing"
            )
        if twice := sorted({name for name in self.shares if self.shares.count(name) > 1}):
            raise ValueError(f"shares: `{twice[0]}` is written twice; keep one")
        return self


def pooled(concordances: Iterable[Concordance], sectors: dict[str, tuple[str, ...]]) -> Shares:
    """How what falls to several sectors is shared: the mean of the weights of all such codes.

    Counts by code are too small to be published, so one weight holds for all of them together.
    """
    shares = [
        by_sector(sectors, share)
        for concordance in concordances
        for share in concordance.ambiguous().values()
    ]
    shares = [share for share in shares if len(share) > 1]
    return {
        sector: sum(share.get(sector, 0.0) for share in shares) / len(shares) if shares else 0.0
        for sector in sectors
    }
