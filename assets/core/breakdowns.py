"""By what establishments are counted apart: size class, section, declared sets of activities."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assets.catalogue.concordance_models import Shares, by_sector, section_of
from assets.catalogue.models import SIZE_CLASSES, Source

if TYPE_CHECKING:
    import polars as pl

AREAS = ("municipality_code", "neighbourhood_code")
"""Columns that hold the areas for which we count."""
SIZES = dict(zip(SIZE_CLASSES, (1, 9, 49, 99, None), strict=True))
"""Size classes by working persons: the most that each takes in."""
LARGE = ("size_10_49", "size_50_99", "size_100_plus")
"""What `size_10_plus` is made of."""
UNKNOWN, AMBIGUOUS = "unknown", "ambiguous"
"""End of the breakdown of what falls to no section, and to more than one."""
DIGITS_OF_2008 = 4
"""Codes of SBI 2025 have five digits; a register that was recoded keeps four where a firm had ended."""


def working(rows: pl.LazyFrame) -> pl.LazyFrame:
    """The establishments that count: with at least one working person, and not ended by the
    reference date."""
    import polars as pl

    there = pl.col("end_date").is_null() | (pl.col("end_date") > pl.col("reference_date"))
    return rows.filter(pl.col("working_persons") >= 1, there)


def falls_to(source: Source, code: str | None, edition: str) -> Shares:
    """The sections of SBI 2025 to which an activity falls, with their shares; none where none is known.

    A code of SBI 2025 lies in one. For one of SBI 2008 the concordances are asked in their order, and
    the first that says something of it decides.
    """
    if not code:
        return {}
    if edition == "2008" or len(code) == DIGITS_OF_2008:
        told = (concordance.falls_to(code) for concordance in source.concordances)
        return next(filter(None, told), {})
    section = section_of(code)
    return {section: 1.0} if section else {}


def counted_as(kind: str, shares: Shares) -> str:
    """The breakdown in which an activity of these shares is counted: `<kind>_<name>` where all of it
    falls to one, else `<kind>_ambiguous` or `<kind>_unknown`."""
    if not shares:
        return f"{kind}_{UNKNOWN}"
    return f"{kind}_{next(iter(shares)) if len(shares) == 1 else AMBIGUOUS}"


def marked(source: Source, cells: pl.DataFrame) -> pl.DataFrame:
    """`cells` (with `sbi_code` and `sbi_edition`) with their `section`, their `sector` and, for each
    set of activities, whether they are `in_<set>`."""
    import polars as pl

    activity = ["sbi_code", "sbi_edition"]
    kinds = cells.select(activity).unique()
    code = pl.col("sbi_code").cast(pl.String)
    shares = [
        falls_to(source, said, edition)
        for said, edition in kinds.select(pl.col(activity).cast(pl.String)).iter_rows()
    ]
    sections = [counted_as("section", share) for share in shares]
    sectors = [counted_as("sector", by_sector(source.sectors, share)) for share in shares]
    kinds = kinds.with_columns(
        section=pl.Series(sections, dtype=pl.Categorical()),
        sector=pl.Series(sectors, dtype=pl.Categorical()),
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
    """`region_code`, `breakdown` and `counts` of `cells` (with `section`, `sector`, `size`,
    `in_<set>`), for every area of the column `area`.

    Every area has the total, all size classes and sets of activities, be it with 0. Sectors and, where
    there are any, sections are given of municipalities only: in a neighbourhood most are empty or few.
    """
    import polars as pl

    here = cells.filter(pl.col(area).is_not_null())
    large_areas = area == AREAS[0]

    def counted(where: pl.DataFrame, *, name: str = "", by: str = "") -> pl.DataFrame:
        made = where.group_by([area, by] if by else [area]).agg(**counts)
        breakdown = pl.col(by).cast(pl.String) if by else pl.lit(name)
        return made.select(area, breakdown.alias("breakdown"), *counts)

    large = pl.col("size").cast(pl.String).is_in(LARGE)
    found = pl.concat(
        [
            counted(here, name="total"),
            counted(here, by="size"),
            *([counted(here, by="section")] if large_areas else []),
            *([counted(here, by="sector")] if large_areas and source.sectors else []),
            counted(here.filter(large), name="size_10_plus"),
            *(
                counted(here.filter(f"in_{name}"), name=f"sbi_{name}")
                for name in source.groups_of_codes
            ),
        ]
    )
    always = ["total", *SIZES, "size_10_plus", *(f"sbi_{name}" for name in source.groups_of_codes)]
    if large_areas and source.sectors:
        always += [f"sector_{name}" for name in (*source.sectors, AMBIGUOUS)]
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
