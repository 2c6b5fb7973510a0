"""What must hold of `mart.indicator`: the definitions behind every figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from expectations.claims import at_least, filled, holds, matches
from expectations.history import kept_rows, nothing_gone
from expectations.rules import Evidence, Rule, Severity, shared
from expectations.views import projected, promised
from warehouse.tables.mart import LOCATION_KINDS

if TYPE_CHECKING:
    import polars as pl

CRITICAL, WARNING = Severity.CRITICAL, Severity.WARNING

PROMISED_INDICATORS = (
    "inhabitants",
    "area_total",
    "area_land",
    "address_density",
    "urbanity",
    "households",
    "establishments",
    "jobs",
    "area_gross",
    "area_net",
    "area_available",
)
"""Indicators that readers outside rely on by id (design, section 8)."""


@shared
def definitions(evidence: Evidence) -> pl.DataFrame:
    """A row an indicator: lengths of its definitions, and whether its ratio is whole."""
    import polars as pl

    both = pl.col("numerator").is_null() == pl.col("denominator").is_null()
    ratio = pl.col("allocation") == "ratio_of_sums"
    return evidence.frame.select(
        "indicator_id",
        letters_nl=pl.col("definition_nl").str.strip_chars().str.len_chars(),
        letters_en=pl.col("definition_en").str.strip_chars().str.len_chars(),
        ratio_whole=both & (~ratio | pl.col("numerator").is_not_null()),
        translated=pl.col("definition_nl") != pl.col("definition_en"),
    )


def levels(evidence: Evidence) -> pl.DataFrame:
    """A row each level that an indicator names."""
    import polars as pl

    return (
        evidence.frame.select("indicator_id", level=pl.col("levels").str.split("; "))
        .explode("level")
        .select("indicator_id", "level")
    )


def counted_by_us(evidence: Evidence) -> pl.DataFrame:
    """The indicators counted from single establishments: their `minimum_cell`."""
    import polars as pl

    return evidence.frame.filter(pl.col("source").str.contains("establishment_register")).select(
        "indicator_id", "minimum_cell"
    )


def catalogue_codes(evidence: Evidence) -> pl.DataFrame:
    """The codes in the working catalogue, where given."""
    return evidence.frame.select("indicator_id", "catalogue_code").drop_nulls()


def both_names(evidence: Evidence) -> pl.DataFrame:
    """A row an indicator: both names joined, null where one is empty."""
    import polars as pl

    name_nl, name_en = pl.col("name_nl").str.strip_chars(), pl.col("name_en").str.strip_chars()
    return evidence.frame.select(
        "indicator_id",
        both_names=pl.when(name_nl != "", name_en != "").then(name_nl + " / " + name_en),
    )


FILLED = projected("indicator_id", "unit", "source", "licence", "owner", "formula", "unit_factor")

RULES: tuple[Rule, ...] = (
    *kept_rows(WARNING),
    Rule(
        name="promised_indicators_present",
        severity=CRITICAL,
        reason="Reports and tools outside ask for these indicators by id.",
        expect=holds("present"),
        over=promised("indicator_id", PROMISED_INDICATORS),
    ),
    nothing_gone(
        "indicator_id",
        "indicator",
        WARNING,
        "An indicator that was published stays defined, for its figures stay in the history; its "
        "last period is in `valid_to`.",
    ),
    Rule(
        name="indicator_id_form",
        severity=CRITICAL,
        reason="An id is a column name in `location_profile`: small letters, digits, underscores.",
        expect=matches("indicator_id", r"^[a-z][a-z0-9_]*$"),
        over=FILLED,
    ),
    *(
        Rule(
            name=f"{column}_given",
            severity=CRITICAL,
            reason=reason,
            expect=matches(column, r"\S"),
            over=FILLED,
        )
        for column, reason in (
            ("unit", "A figure without a unit is not a figure."),
            ("source", "A figure is defended by its source."),
            ("licence", "Whoever passes a figure on must know the terms of its source."),
            ("owner", "Somebody answers for every definition."),
            ("formula", "How a value is made is written down, or nobody can check it."),
        )
    ),
    Rule(
        name="unit_factor_positive",
        severity=CRITICAL,
        reason="The factor turns the published figure into the unit: 0 or less turns it into "
        "nothing, or around.",
        expect=at_least("unit_factor", 1e-9),
        over=FILLED,
    ),
    Rule(
        name="dutch_definition_says_something",
        severity=CRITICAL,
        reason="A definition of under 20 letters repeats the name and defines nothing.",
        expect=at_least("letters_nl", 20),
        over=definitions,
    ),
    Rule(
        name="english_definition_says_something",
        severity=CRITICAL,
        reason="A definition of under 20 letters repeats the name and defines nothing.",
        expect=at_least("letters_en", 20),
        over=definitions,
    ),
    Rule(
        name="definitions_are_translated",
        severity=WARNING,
        reason="Dutch and English readers each get their own words; the same text in both is one "
        "that was not translated.",
        expect=holds("translated"),
        over=definitions,
    ),
    Rule(
        name="ratio_has_both_sides",
        severity=CRITICAL,
        reason="A numerator without a denominator, or a ratio of sums without either, cannot be "
        "recalculated for a site.",
        expect=holds("ratio_whole"),
        over=definitions,
    ),
    Rule(
        name="levels_are_kinds_of_location",
        severity=CRITICAL,
        reason="Levels are the kinds of location that an indicator exists for.",
        expect=lambda gxe: gxe.ExpectColumnValuesToBeInSet(
            column="level", value_set=list(LOCATION_KINDS)
        ),
        over=levels,
    ),
    Rule(
        name="counts_of_firms_are_guarded",
        severity=CRITICAL,
        reason="A figure counted from fewer than three firms tells a firm's competitor about it "
        "(hazard P1): what we count ourselves has a minimum cell.",
        expect=at_least("minimum_cell", 3),
        over=counted_by_us,
    ),
    Rule(
        name="catalogue_code_form",
        severity=WARNING,
        reason="A code of the working catalogue is a letter for the theme and two digits.",
        expect=matches("catalogue_code", r"^[A-G]\d{2}$"),
        over=catalogue_codes,
    ),
    Rule(
        name="names_in_both_languages",
        severity=CRITICAL,
        reason="Every indicator is shown in Dutch and in English.",
        expect=filled("both_names"),
        over=both_names,
    ),
)
