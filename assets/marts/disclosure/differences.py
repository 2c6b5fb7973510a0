"""Figures that are one count less another, such as what moved in less what moved out.

They may be below zero, so nobody can use that they are not; they are of nobody in particular, so
nobody dominates them: few contributors are what makes one sensitive. And what one area gains another
has lost: of all areas of an extract together they are known, whatever is published.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assets.marts.disclosure.sheets import named_in_sheet
from assets.marts.locations import COUNTRY
from expectations.suites.figure import DIFFERENCES

if TYPE_CHECKING:
    import polars as pl

BIRTHS_AND_DEATHS = ("births", "deaths")
"""Measures that with the stocks of two dates tell the difference, and it them."""
ALOFT = 10_000.0
"""How far a difference is lifted at least."""


def percent_of(measure: str, percent: float) -> float:
    """The p of the p% rule for a measure: 0 for a difference, of which nobody is the largest part."""
    return 0.0 if measure in DIFFERENCES else percent


def is_difference() -> pl.Expr:
    """Whether a row is a difference."""
    import polars as pl

    return pl.col("percent") == 0


def something(nothing: float) -> pl.Expr:
    """Whether a value is there at all: more than `nothing`, or of a difference less than that too."""
    import polars as pl

    value = pl.col("value")
    return (value > nothing) | (is_difference() & (value < -nothing))


def at_least_so_many() -> pl.Expr:
    """Contributors of what is left of a total: of a difference no fewer than it counts, and how many
    more is not known, because who moves between the parts counts in each of them."""
    import polars as pl

    return pl.when(is_difference()).then(pl.col("value").abs()).otherwise("contributors")


def with_all_together(areas: pl.DataFrame) -> pl.DataFrame:
    """`areas` and the sum over all municipalities of each difference, and of births and deaths, as
    something that is known.

    What leaves the extract is not seen to move, so all differences together are known to be what they
    are; and with the stocks of two dates so are births less deaths.
    """
    import polars as pl

    measure = named_in_sheet()["measure"]
    municipal = areas.filter(
        measure.is_in([*DIFFERENCES, *BIRTHS_AND_DEATHS]), pl.col("place").str.starts_with("GM")
    )
    together = municipal.group_by("sheet", "breakdown", maintain_order=True).agg(
        pl.col("value").sum(),
        pl.col("minimum").max(),
        pl.col("percent").max(),
        place=pl.lit(COUNTRY),
        # It is nobody's secret, so that it needs no protection itself.
        contributors=pl.lit(0.0),
        published=pl.lit(False),
        known=pl.lit(True),
        held=pl.lit(False),
    )
    told = ["sheet", "breakdown", "place"]
    return pl.concat([areas, together.join(areas, on=told, how="anti")], how="diagonal")


def lifted(atoms: pl.DataFrame) -> tuple[pl.Series, pl.Series]:
    """By how much each atom is lifted so that all are far above zero, and the room it then has.

    Lifting all smallest parts moves what they add up to along with them, so everything that holds of
    sums of counts holds of these. Those with few contributors have the most room, because they are
    held back anyway.
    """
    import polars as pl

    count, value = pl.col("contributors"), pl.col("value")
    few = (count > 0) & (count < pl.col("minimum"))
    up = pl.when(is_difference()).then(ALOFT + value.abs().max()).otherwise(0.0)
    own = (value - pl.col("largest").fill_null(0.0)).clip(lower_bound=0.0)
    room = pl.when(is_difference()).then(ALOFT + few.fill_null(True).cast(pl.Float64))
    both = atoms.select(lift=up, room=room.otherwise(own))
    return both.get_column("lift"), both.get_column("room")


def with_what_tells_it(hidden: pl.DataFrame) -> pl.DataFrame:
    """`hidden` (`source`, `measure`, `breakdown`, `location_id`, `period`), and wherever births or deaths
    are held back the net relocation of the same place and period.

    With the stocks of two dates it would give them away. And nothing gives it away itself: what can be
    added to births without anybody seeing it can be taken off the net relocation of the same places,
    and then their sum stays as it is too.
    """
    import polars as pl

    told = hidden.filter(pl.col("measure").is_in(BIRTHS_AND_DEATHS))
    others = [told.with_columns(measure=pl.lit(name)) for name in DIFFERENCES]
    return pl.concat([hidden, *others]).unique(maintain_order=True)
