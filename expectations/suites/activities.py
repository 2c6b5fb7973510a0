"""What must hold of `mart.activity_concordance`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from expectations.claims import between, filled, holds, matches
from expectations.history import nothing_gone
from expectations.rules import Evidence, Rule, Severity
from expectations.views import nothing, projected

if TYPE_CHECKING:
    import polars as pl

CRITICAL, WARNING = Severity.CRITICAL, Severity.WARNING
EXACT = 1e-9
"""By how much weights may miss 1."""
CODE = ("concordance", "from_edition", "from_code")
DIVISIONS = 88
"""Divisions of SBI 2008, as of NACE Rev. 2 (Regulation (EC) 1893/2006)."""


def added_up(evidence: Evidence) -> pl.DataFrame:
    """A row each code: the `sum` of its weights, into how many `sections` it falls."""
    import polars as pl

    return evidence.frame.group_by(CODE).agg(
        sum=pl.col("weight").sum(), sections=pl.col("section").n_unique()
    )


def told(evidence: Evidence) -> pl.DataFrame:
    """A row each code and what it became: whether it is `told_apart` as it should be, whether the
    weight lies `within` its bounds, and whether an assumption is `needed` where one is made."""
    import polars as pl

    sections = pl.col("section").n_unique().over(CODE)
    weight, low, high = pl.col("weight"), pl.col("lower"), pl.col("upper")
    bounds = pl.when("ambiguous").then((low == 0) & (high == 1)).otherwise(low == high)
    return evidence.frame.select(
        *CODE,
        "to_code",
        told_apart=pl.col("ambiguous") == (sections > 1),
        within=bounds & weight.is_between(low, high),
        needed=(pl.col("basis") != "structure") | (pl.len().over(CODE) == 1),
    )


def letters(evidence: Evidence) -> pl.DataFrame:
    """A row each target that is a section: whether `section` names the `same`."""
    import polars as pl

    return evidence.frame.filter(pl.col("to_code").str.contains("^[A-Z]")).select(
        "to_code", same=pl.col("to_code") == pl.col("section")
    )


def divisions(evidence: Evidence) -> pl.DataFrame:
    """One row: how many `divisions` of SBI 2008 anything is said of; none where there is no concordance."""
    import polars as pl

    if evidence.frame.is_empty():
        return nothing()
    return evidence.frame.filter(pl.col("from_edition") == "2008").select(
        divisions=pl.col("from_code").str.slice(0, 2).n_unique().cast(pl.Float64)
    )


def sources(evidence: Evidence) -> pl.DataFrame:
    """The sources, null where they are blank."""
    import polars as pl

    words = pl.col("source").str.strip_chars()
    return evidence.frame.select(source=pl.when(words != "").then(words))


RULES: tuple[Rule, ...] = (
    Rule(
        name="weights_of_a_code_are_one",
        severity=CRITICAL,
        reason="Whatever an activity became, it is 1 together: else establishments are lost or "
        "counted twice when editions are compared (hazard D11).",
        expect=between("sum", 1 - EXACT, 1 + EXACT),
        over=added_up,
    ),
    Rule(
        name="codes_of_activities",
        severity=CRITICAL,
        reason="A code of SBI is two to five digits, leading zeros kept: `1` for `01` finds nothing.",
        expect=matches("from_code", r"^\d{2,5}$"),
        over=projected("from_code"),
    ),
    Rule(
        name="targets_are_sections_or_codes",
        severity=CRITICAL,
        reason="An activity becomes a section, by its letter, or a code.",
        expect=matches("to_code", r"^(?:[A-V]|\d{2,5})$"),
        over=projected("to_code"),
    ),
    Rule(
        name="section_is_that_of_the_target",
        severity=CRITICAL,
        reason="Figures are counted by `section`; one that is not that of its target moves them.",
        expect=holds("same"),
        over=letters,
    ),
    Rule(
        name="ambiguous_is_several_sections",
        severity=CRITICAL,
        reason="What falls to several sections is told as uncertain, and nothing else is.",
        expect=holds("told_apart"),
        over=told,
    ),
    Rule(
        name="weight_within_what_is_possible",
        severity=CRITICAL,
        reason="Of what is ambiguous nothing to all may be in a section; of the rest the weight is.",
        expect=holds("within"),
        over=told,
    ),
    Rule(
        name="structure_gives_whole_codes",
        severity=CRITICAL,
        reason="Structures of two editions tell where a code went whole, never by which weights.",
        expect=holds("needed"),
        over=told,
    ),
    Rule(
        name="all_divisions_are_spoken_of",
        severity=CRITICAL,
        reason="A division of SBI 2008 of which nothing is said has establishments of unknown section.",
        expect=between("divisions", DIVISIONS, DIVISIONS),
        over=divisions,
    ),
    Rule(
        name="concordance_has_a_source",
        severity=CRITICAL,
        reason="Who uses a weight must know whether anybody published it.",
        expect=filled("source"),
        over=sources,
    ),
    nothing_gone(
        "from_code",
        "code",
        WARNING,
        "A code that was mapped and is no longer counts as of unknown section from now on.",
    ),
)
