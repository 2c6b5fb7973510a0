"""What must hold of the counts that we make from registry extracts (`establishment_register`)."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from expectations.claims import equal, holds, matches, not_less
from expectations.rules import Evidence, Rule, Severity, View, shared
from expectations.views import distinct, nothing

if TYPE_CHECKING:
    import polars as pl

CRITICAL, WARNING = Severity.CRITICAL, Severity.WARNING
KEY = ("source", "edition", "region_code", "period", "measure", "breakdown")
REGISTER = ("establishment_register",)


def parts_and_totals(evidence: Evidence) -> pl.DataFrame:
    """A row each figure of a breakdown: its `value` and the `total` of the same area and period."""
    import polars as pl

    place = ["region_code", "period", "measure"]
    total = evidence.frame.filter(pl.col("breakdown") == "total").select(*place, total="value")
    return (
        evidence.frame.filter(pl.col("breakdown") != "total")
        .select(*place, "breakdown", "value")
        .join(total, on=place)
        .drop_nulls(["value", "total"])
    )


@cache
def jobs_and_establishments(breakdown: str, persons: int) -> View:
    """A row each area: `jobs` and the `fewest` that its establishments of a size class have."""

    def view(evidence: Evidence) -> pl.DataFrame:
        import polars as pl

        place = ["region_code", "period"]
        figures = evidence.frame.filter(pl.col("breakdown") == breakdown).drop_nulls("value")
        jobs = figures.filter(pl.col("measure") == "jobs").select(*place, jobs="value")
        count = figures.filter(pl.col("measure") == "establishments")
        return count.select(*place, fewest=pl.col("value") * persons).join(jobs, on=place)

    return view


def neighbourhoods_and_municipality(evidence: Evidence) -> pl.DataFrame:
    """A row each municipality, measure and breakdown: its `value`, the `sum` of neighbourhoods."""
    import polars as pl

    what = ["region_code", "period", "measure", "breakdown"]
    # A move between two neighbourhoods of one municipality is none for the municipality.
    within = ("moves_in", "moves_out", "other_in", "other_out", "net_relocation")
    figures = evidence.frame.filter(~pl.col("measure").is_in(within))
    figures = figures.select(*what, "value").drop_nulls("value")
    sums = (
        figures.filter(pl.col("region_code").str.starts_with("BU"))
        .with_columns(region_code="GM" + pl.col("region_code").str.slice(2, 4))
        .group_by(what)
        .agg(sum=pl.col("value").sum())
    )
    return figures.filter(pl.col("region_code").str.starts_with("GM")).join(sums, on=what)


@shared
def beside_contributions(evidence: Evidence) -> pl.DataFrame:
    """A row each figure or contribution: does the other `stand_beside` it, and what is `left` of
    the figure without its two largest contributors. Empty where the evidence has none."""
    import polars as pl

    if "contribution" not in evidence.others:
        return nothing()
    top = pl.col("largest") + pl.col("second_largest")
    net = pl.col("measure") == "net_relocation"  # in less out: no sum of what contributes
    return (
        evidence.frame.select(*KEY, "value", said=True)
        .join(
            evidence.others["contribution"].with_columns(counted=True),
            on=KEY,
            how="full",
            coalesce=True,
        )
        .select(
            *KEY,
            "value",
            stands_beside=(pl.col("counted") & pl.col("said")).fill_null(False),
            left=pl.when(~net).then(pl.col("value") - top),
            others=pl.when(~net).then(pl.col("contributors") - 2),
        )
    )


def establishments_counted(evidence: Evidence) -> pl.DataFrame:
    """A row each number of establishments: the figure's `value`, its `contributors`."""
    import polars as pl

    if "contribution" not in evidence.others:
        return nothing()
    return (
        evidence.frame.filter(pl.col("measure") == "establishments")
        .join(evidence.others["contribution"], on=KEY)
        .select(*KEY, "value", contributors=pl.col("contributors").cast(pl.Float64))
    )


@cache
def parts_of_total(form: str) -> View:
    """A row each area and measure that is split so: its `value`, the `sum` of its parts."""

    def view(evidence: Evidence) -> pl.DataFrame:
        import polars as pl

        what = ["region_code", "period", "measure"]
        parts = evidence.frame.filter(pl.col("breakdown").str.contains(form))
        sums = parts.group_by(what).agg(sum=pl.col("value").sum())
        totals = evidence.frame.filter(pl.col("breakdown") == "total").select(*what, "value")
        return sums.join(totals, on=what)

    return view


def changes(evidence: Evidence) -> pl.DataFrame:
    """A row each area whose change in a year is told: `establishments` now, and the `sum` of those
    a year before, what came in and what went out."""
    import polars as pl

    what = ["region_code", "period"]
    wide = evidence.frame.filter(pl.col("breakdown") == "total", pl.col("measure") != "jobs").pivot(
        "measure", index=what, values="value"
    )
    if "births" not in wide.columns:
        return nothing()
    if "establishments" not in wide.columns:
        wide = wide.with_columns(establishments=pl.lit(None, pl.Float64))
    into = ("previous_establishments", "births", "moves_in", "other_in")
    out_of = ("deaths", "moves_out", "other_out")
    return wide.select(
        *what,
        # An area that has no establishments left has no figure of them.
        establishments=pl.col("establishments").fill_null(0),
        sum=pl.sum_horizontal(into) - pl.sum_horizontal(out_of),
        net=pl.col("net_relocation"),
        relocated=pl.col("moves_in") - pl.col("moves_out"),
    )


RULES: tuple[Rule, ...] = (
    Rule(
        name="breakdowns_of_register",
        severity=CRITICAL,
        reason="The register is counted in total, by size class, section, sector and set of "
        "activities; another breakdown would be read as a sector.",
        expect=matches(
            "breakdown",
            r"^(?:total|size_\d+_(?:plus|\d+)|section_(?:[A-V]|unknown|ambiguous)|(?:sbi|sector)_[a-z][a-z0-9_]*)$",
        ),
        over=distinct("breakdown"),
        sources=REGISTER,
    ),
    Rule(
        name="breakdown_within_total",
        severity=CRITICAL,
        reason="A size class or a set of activities is a part of all establishments of the same "
        "area, and we count both from the same rows.",
        expect=not_less("total", "value"),
        over=parts_and_totals,
        sources=REGISTER,
    ),
    Rule(
        name="ten_plus_has_ten_jobs_each",
        severity=CRITICAL,
        reason="An establishment in the class of 10 and more has ten working persons at least.",
        expect=not_less("jobs", "fewest"),
        over=jobs_and_establishments("size_10_plus", 10),
        sources=REGISTER,
    ),
    Rule(
        name="neighbourhood_counts_within_municipality",
        severity=CRITICAL,
        reason="Every establishment counted in a neighbourhood is counted in its municipality "
        "too; those without a known neighbourhood only there.",
        expect=not_less("value", "sum"),
        over=neighbourhoods_and_municipality,
        sources=REGISTER,
    ),
    Rule(
        name="size_classes_make_total",
        severity=CRITICAL,
        reason="Every establishment that counts is in one size class: the classes are all of them.",
        expect=equal("sum", "value"),
        over=parts_of_total(r"^size_\d+_\d+$|^size_100_plus$"),
        sources=REGISTER,
    ),
    Rule(
        name="sections_of_register_make_total",
        severity=CRITICAL,
        reason="Every establishment is in one section, or its section is unknown or cannot be told "
        "from the edition of its code: nothing is lost in between (hazard D11).",
        expect=equal("sum", "value"),
        over=parts_of_total(r"^section_"),
        sources=REGISTER,
    ),
    Rule(
        name="sectors_of_register_make_total",
        severity=CRITICAL,
        reason="Every establishment is in one sector, or its sector is unknown or cannot be told from "
        "the edition of its code: sectors that overlap or leave a section out do not add up (D11).",
        expect=equal("sum", "value"),
        over=parts_of_total(r"^sector_"),
        sources=REGISTER,
    ),
    Rule(
        name="changes_make_stock",
        severity=CRITICAL,
        reason="What was there, and births, less deaths, moves and the rest, is what is there: an "
        "establishment that is counted on one side only was matched wrongly (hazard D10).",
        expect=equal("establishments", "sum"),
        over=changes,
        sources=REGISTER,
    ),
    Rule(
        name="net_relocation_is_in_less_out",
        severity=CRITICAL,
        reason="The net relocation is what moved in less what moved out of the same area.",
        expect=equal("net", "relocated"),
        over=changes,
        sources=REGISTER,
    ),
    Rule(
        name="every_figure_has_its_contribution",
        severity=CRITICAL,
        reason="A figure without its contributors cannot be guarded, and contributors without a "
        "figure guard nothing.",
        expect=holds("stands_beside"),
        over=beside_contributions,
        sources=REGISTER,
    ),
    Rule(
        name="contributions_fit_in_figure",
        severity=CRITICAL,
        reason="The two largest are a part of the figure, and every other contributor adds 1 at "
        "the least.",
        expect=not_less("left", "others"),
        over=beside_contributions,
        sources=REGISTER,
    ),
    Rule(
        name="establishments_are_their_contributors",
        severity=CRITICAL,
        reason="Each establishment contributes 1 to the number of establishments.",
        expect=equal("value", "contributors"),
        over=establishments_counted,
        sources=REGISTER,
    ),
)
