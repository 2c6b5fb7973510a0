"""By what establishments are counted apart: size class, section, declared sets of activities."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assets.catalogue.models import SIZE_CLASSES, Source

if TYPE_CHECKING:
    import polars as pl

AREAS = ("municipality_code", "neighbourhood_code")
"""Columns that hold the areas for which we count."""
SIZES = dict(zip(SIZE_CLASSES, (1, 9, 49, 99, None), strict=True))
"""Size classes by working persons: the most that each takes in."""
LARGE = ("size_10_49", "size_50_99", "size_100_plus")
"""What `size_10_plus` is made of."""
SECTIONS = {
    "A": (1, 3), "B": (5, 9), "C": (10, 33), "D": (35, 35), "E": (36, 39), "F": (41, 43),
    "G": (46, 47), "H": (49, 53), "I": (55, 56), "J": (58, 60), "K": (61, 63), "L": (64, 66),
    "M": (68, 68), "N": (69, 75), "O": (77, 82), "P": (84, 84), "Q": (85, 85), "R": (86, 88),
    "S": (90, 93), "T": (94, 96), "U": (97, 98), "V": (99, 99),
}  # fmt: skip
"""Sections of SBI 2025 by their first and last division, as in NACE Rev. 2.1 (Delegated Regulation
(EU) 2023/137), of which SBI 2025 is the Dutch form."""
TAKEN_APART = "45"
"""Division of SBI 2008 that SBI 2025 does not have: trade in and repair of motor vehicles went to 46,
47 and 95, so of its establishments the section cannot be told."""
UNKNOWN, AMBIGUOUS = "section_unknown", "section_ambiguous"


def working(rows: pl.LazyFrame) -> pl.LazyFrame:
    """The establishments that count: with at least one working person, and not ended by the
    reference date."""
    import polars as pl

    there = pl.col("end_date").is_null() | (pl.col("end_date") > pl.col("reference_date"))
    return rows.filter(pl.col("working_persons") >= 1, there)


def section_of(code: str | None, edition: str) -> str:
    """The section in which an activity is counted, as a breakdown.

    Divisions have the same number in both editions of SBI where they have the same subject, so a
    code of either is counted in sections of 2025; one that was taken apart is `section_ambiguous`.
    """
    division = (code or "")[:2]
    if not division.isdigit() or len(division) < 2:
        return UNKNOWN
    if edition == "2008" and division == TAKEN_APART:
        return AMBIGUOUS
    for section, (first, last) in SECTIONS.items():
        if first <= int(division) <= last:
            return f"section_{section}"
    return UNKNOWN


def marked(source: Source, cells: pl.DataFrame) -> pl.DataFrame:
    """`cells` (with `sbi_code` and `sbi_edition`) with their `section` and, for each set of
    activities, whether they are `in_<set>`."""
    import polars as pl

    activity = ["sbi_code", "sbi_edition"]
    kinds = cells.select(activity).unique()
    code = pl.col("sbi_code").cast(pl.String)
    sections = [
        section_of(said, edition)
        for said, edition in kinds.select(pl.col(activity).cast(pl.String)).iter_rows()
    ]
    kinds = kinds.with_columns(
        section=pl.Series(sections, dtype=pl.Categorical()),
        **{
            f"in_{name}": pl.any_horizontal(
                [code.str.starts_with(prefix) for prefix in prefixes]
            ).fill_null(False)
            for name, prefixes in source.groups_of_codes.items()
        },
    )
    return cells.join(kinds, on=activity, how="left", nulls_equal=True)


def size_class() -> pl.Expr:
    """The size class of an establishment by its `working_persons`."""
    import polars as pl

    persons = pl.col("working_persons")
    found: pl.Expr = pl.lit(None, pl.String)
    for name, most in reversed(SIZES.items()):
        here = pl.lit(name)
        found = here if most is None else pl.when(persons <= most).then(here).otherwise(found)
    return found.cast(pl.Categorical())


def by_breakdown(
    source: Source, cells: pl.DataFrame, area: str, counts: dict[str, pl.Expr]
) -> pl.DataFrame:
    """`region_code`, `breakdown` and `counts` of `cells` (with `section`, `size`, `in_<set>`), for
    every area of the column `area`.

    Every area has the total, all size classes and sets of activities, be it with 0; sections are
    given where there are any.
    """
    import polars as pl

    here = cells.filter(pl.col(area).is_not_null())

    def counted(where: pl.DataFrame, *, name: str = "", by: str = "") -> pl.DataFrame:
        made = where.group_by([area, by] if by else [area]).agg(**counts)
        breakdown = pl.col(by).cast(pl.String) if by else pl.lit(name)
        return made.select(area, breakdown.alias("breakdown"), *counts)

    large = pl.col("size").cast(pl.String).is_in(LARGE)
    found = pl.concat(
        [
            counted(here, name="total"),
            counted(here, by="size"),
            counted(here, by="section"),
            counted(here.filter(large), name="size_10_plus"),
            *(
                counted(here.filter(f"in_{name}"), name=f"sbi_{name}")
                for name in source.groups_of_codes
            ),
        ]
    )
    always = ["total", *SIZES, "size_10_plus", *(f"sbi_{name}" for name in source.groups_of_codes)]
    every = here.select(pl.col(area).unique()).join(
        pl.DataFrame({"breakdown": always}), how="cross"
    )
    lacking = every.join(found, on=[area, "breakdown"], how="anti")
    return (
        pl.concat([found, lacking], how="diagonal")
        .with_columns(pl.exclude(area, "breakdown").fill_null(0))
        .with_columns(pl.col(area).cast(pl.String).alias("region_code"))
        .drop(area)
    )
