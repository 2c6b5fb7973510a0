"""What became of establishments between two reference dates of a register: births, deaths, moves.

For every area: previous establishments + births - deaths + moves in - moves out + other in - other
out = establishments. Each establishment is counted once on each side, so the sum is exact.

* A *birth* is a number that the register did not have a year before, unless it says that the
  establishment started before then; a *death* one that has ended, or is no longer in the register.
* A *move* is an establishment with another postcode, in another area. A firm that lost one number
  and gained one, with the same activity, is the same establishment under a new number: if its
  postcode changed it moved, else nothing happened.
* *Other* is what is neither: areas that were coded anew at the same address, establishments in
  which nobody worked before or works now, and late registrations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assets.core.breakdowns import AREAS, working

if TYPE_CHECKING:
    import polars as pl

PREVIOUS = "previous_establishments"
INTO = ("births", "moves_in", "other_in")
OUT_OF = ("deaths", "moves_out", "other_out")
FLOWS = (PREVIOUS, *INTO, *OUT_OF, "net_relocation")
"""Measures; `net_relocation` is moves in less moves out."""
STAYED = "stayed"
"""Stays of which nothing is told keep an area in the list."""


def flows(before: pl.DataFrame, now: pl.DataFrame) -> pl.DataFrame:
    """`region_code`, `measure`, `breakdown` (`total`), `contributors`, `largest`,
    `second_largest`, for every area that has establishments on either date.

    `before`, `now`: core.establishment of two editions. Contributors of the net relocation are all
    that moved in or out.
    """
    import polars as pl

    was, here = working(before.lazy()).collect(), working(now.lazy()).collect()
    elsewhere, lost, gained = _matched(before, now, was, here)
    found = []
    for area in AREAS:
        was_in = pl.col(f"{area}_before").alias("region_code")
        is_in = pl.col(area).alias("region_code")
        other = elsewhere.filter(pl.col(area).ne_missing(pl.col(f"{area}_before")))
        moved, recoded = other.filter("moved"), other.filter(~pl.col("moved"))
        found += [
            _counted(was.select(is_in), PREVIOUS),
            _counted(here.select(is_in), STAYED),
            _counted(moved.select(was_in), "moves_out"),
            _counted(moved.select(is_in), "moves_in"),
            _counted(recoded.select(was_in), "other_out"),
            _counted(recoded.select(is_in), "other_in"),
            *(
                _counted(rows.filter(pl.col("measure") == measure).select(is_in), measure)
                for rows, measures in ((lost, OUT_OF), (gained, INTO))
                for measure in measures
            ),
        ]
    counted = (
        pl.concat(found)
        .drop_nulls("region_code")
        .group_by("region_code", "measure")
        .agg(pl.col("contributors").sum())
    )
    relocated = (
        counted.filter(pl.col("measure").is_in(["moves_in", "moves_out"]))
        .group_by("region_code")
        .agg(pl.col("contributors").sum())
        .select("region_code", pl.lit("net_relocation").alias("measure"), "contributors")
    )
    counted = pl.concat([counted, relocated])
    every = counted.select(pl.col("region_code").unique()).join(
        pl.DataFrame({"measure": FLOWS}), how="cross"
    )
    count = pl.col("contributors")
    return (
        every.join(counted, on=["region_code", "measure"], how="left")
        .with_columns(count.fill_null(0))
        .select(
            "region_code",
            "measure",
            pl.lit("total").alias("breakdown"),
            "contributors",
            largest=count.clip(upper_bound=1).cast(pl.Float64),
            second_largest=(count > 1).cast(pl.Float64),
        )
    )


def _counted(rows: pl.DataFrame, measure: str) -> pl.DataFrame:
    import polars as pl

    return (
        rows.group_by("region_code")
        .agg(contributors=pl.len().cast(pl.Int64))
        .select(
            pl.col("region_code").cast(pl.String), pl.lit(measure).alias("measure"), "contributors"
        )
    )


def _matched(
    before: pl.DataFrame, now: pl.DataFrame, was: pl.DataFrame, here: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Establishments on both dates in another area (with `<area>_before` and whether they `moved`),
    those lost and those gained, the last two with the `measure` in which each counts.

    `was`, `here`: the working ones of `before` and `now`.
    """
    import polars as pl

    number = _number(before, now)
    place = [number, "postcode", *AREAS]
    both = here.select(place).join(was.select(place), on="number", how="full", suffix="_before")
    lacking = both.filter(pl.col("number").is_null() | pl.col("number_before").is_null())
    gone = _of(was, number, lacking.get_column("number_before"))
    come = _of(here, number, lacking.get_column("number"))
    still = gone.filter(_among(gone, _active(now, number)))
    known = come.filter(_among(come, _active(before, number)))
    gone = gone.join(still, on="number", how="anti")
    come = come.join(known, on="number", how="anti")
    renumbered = _only(come).join(_only(gone), on=["company_id", "sbi_code"], suffix="_before")
    gone = gone.join(renumbered, left_on="number", right_on="number_before", how="anti")
    come = come.join(renumbered, on="number", how="anti")
    other_area = pl.any_horizontal(
        pl.col(area).ne_missing(pl.col(f"{area}_before")) for area in AREAS
    )
    there = pl.col("number").is_not_null() & pl.col("number_before").is_not_null()
    moved = pl.col("postcode").ne_missing(pl.col("postcode_before")).alias("moved")
    places = [*AREAS, *(f"{area}_before" for area in AREAS), moved]
    elsewhere = pl.concat(
        [rows.filter(other_area).select(places) for rows in (both.filter(there), renumbered)]
    )
    day = before.get_column("reference_date").max()
    late = (_latest_start() <= pl.lit(day)).fill_null(False)
    birth = pl.when(late).then(pl.lit("other_in")).otherwise(pl.lit("births"))
    lost = pl.concat(
        [
            gone.select(*AREAS, measure=pl.lit("deaths")),
            still.select(*AREAS, measure=pl.lit("other_out")),
        ]
    )
    gained = pl.concat(
        [come.select(*AREAS, measure=birth), known.select(*AREAS, measure=pl.lit("other_in"))]
    )
    return elsewhere, lost, gained


def _number(*frames: pl.DataFrame) -> pl.Expr:
    """The number of an establishment, as a number where all are: then two million of them are found
    back in a third of the time."""
    import polars as pl

    said = pl.col("establishment_id")
    as_number = said.cast(pl.UInt64, strict=False)
    whole = all(frame.select(as_number.is_not_null().all()).item() for frame in frames)
    return (as_number if whole else said).alias("number")


def _of(rows: pl.DataFrame, number: pl.Expr, numbers: pl.Series) -> pl.DataFrame:
    """What is looked at of the rows with these numbers."""
    import polars as pl

    names = ("company_id", "postcode", "sbi_code", *AREAS, "start_date", "start_known_to")
    seen = rows.select(number, *names)
    return seen.filter(pl.col("number").is_in(numbers.drop_nulls().implode()))


def _among(rows: pl.DataFrame, numbers: pl.Series) -> pl.Series:
    """Whether each of a few rows has a number that stands among very many."""
    import polars as pl

    few = rows.get_column("number")
    there = numbers.filter(numbers.is_in(few.implode()))
    return rows.select(pl.col("number").is_in(there.implode())).to_series()


def _active(rows: pl.DataFrame, number: pl.Expr) -> pl.Series:
    """Numbers in the register that have not ended by its reference date, whoever works there."""
    import polars as pl

    there = pl.col("end_date").is_null() | (pl.col("end_date") > pl.col("reference_date"))
    return rows.lazy().filter(there).select(number).collect().to_series()


def _only(rows: pl.DataFrame) -> pl.DataFrame:
    """Of firms that have one row here, that row."""
    import polars as pl

    return rows.drop_nulls(["company_id", "sbi_code"]).filter(pl.col("company_id").is_unique())


def _latest_start() -> pl.Expr:
    """The last day on which an establishment can have started, by how exactly that is known."""
    import polars as pl

    start, known_to = pl.col("start_date"), pl.col("start_known_to").cast(pl.String)
    return (
        pl.when(known_to == "year")
        .then(pl.date(start.dt.year(), 12, 31))
        .when(known_to == "month")
        .then(start.dt.month_end())
        .otherwise(start)
    )
