"""What must hold of `core.figure`, whatever its source; each source's own rules stand beside it.

Facts: `measures` (measure -> declared unit), `row_floor`. Others: `region`, the area list of the
same source and edition, or the core table from which the figures are counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from expectations.claims import at_least, at_most, between, equal, filled, holds, matches
from expectations.history import COUNTED_FROM, floor_on_rows, row_counts, value_counts
from expectations.rules import Evidence, Rule, Severity, shared
from expectations.suites import (
    figure_budgets,
    figure_business_parks,
    figure_companies,
    figure_establishments,
    figure_neighbourhoods,
    figure_register,
)
from expectations.views import distinct, nothing

if TYPE_CHECKING:
    import polars as pl

CRITICAL, WARNING, ROW = Severity.CRITICAL, Severity.WARNING, Severity.ROW

KEY = ("source", "edition", "region_code", "period", "measure", "breakdown")
COUNTED_SOURCES = (
    "cbs_kwb",
    "cbs_establishments",
    "ibis",
    "establishment_register",
    "kvk_open_data",
)
"""Sources whose figures are counts, areas, prices and shares: none of them can be negative."""

DIFFERENCES = ("net_relocation",)
"""Measures that are one count less another."""

REGION_FORMS = {
    "cbs_kwb": r"^(?:NL00|GM\d{4}|WK\d{4}[0-9A-Z]{2}|BU\d{4}[0-9A-Z]{4})$",
    "cbs_establishments": r"^GM\d{4}$",
    "iv3_provinces": r"^PV(?:2\d|3[01])$",
    "ibis": r"^RIN\d{1,12}$",
    "establishment_register": r"^(?:GM\d{4}|BU\d{4}[0-9A-Z]{4})$",
    "kvk_open_data": r"^NL$",
}
"""How each publisher writes its area codes once the padding is off (CBS neighbourhood codes
hold letters since about 2022: `BU0363AF08`)."""

PERIOD_FORM = r"^\d{4}(?:Q[1-4]|-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?$"


def labels(evidence: Evidence) -> pl.DataFrame:
    """A row each source and edition in the frame, beside those under judgement."""
    import polars as pl

    if not evidence.source or not evidence.edition:
        return nothing()
    return (
        evidence.frame.select("source", "edition")
        .unique()
        .with_columns(
            label=pl.col("source") + "/" + pl.col("edition"),
            expected=pl.lit(f"{evidence.source}/{evidence.edition}"),
        )
    )


@shared
def measures_now_and_before(evidence: Evidence) -> pl.DataFrame:
    """A row each measure of the last good frame: figures `filled` and `not_zero`, now and then."""
    import polars as pl

    if evidence.last_good is None:
        return nothing()

    def counted(frame: pl.DataFrame, suffix: str) -> pl.DataFrame:
        value = pl.col("value")
        return frame.group_by("measure").agg(
            value.count().alias(f"filled{suffix}"),
            (value != 0).sum().alias(f"not_zero{suffix}"),
        )

    before = counted(evidence.last_good, "_before")
    return before.join(counted(evidence.frame, ""), on="measure", how="left").fill_null(0)


def measures_once_filled(evidence: Evidence) -> pl.DataFrame:
    """Of `measures_now_and_before` the measures that had figures, with the share still there."""
    import polars as pl

    measures = measures_now_and_before(evidence)
    if not measures.width:
        return measures
    return measures.filter(pl.col("filled_before") > 0).select(
        "measure", "filled", "filled_before", share=pl.col("filled") / pl.col("filled_before")
    )


def measures_once_not_zero(evidence: Evidence) -> pl.DataFrame:
    """Measures that had figures other than 0 and have figures now: how many are `not_zero`."""
    import polars as pl

    measures = measures_now_and_before(evidence)
    if not measures.width:
        return measures
    return measures.filter(pl.col("not_zero_before") > 0, pl.col("filled") > 0).select(
        "measure", "not_zero", "not_zero_before"
    )


@shared
def units(evidence: Evidence) -> pl.DataFrame:
    """A row each measure and unit in the frame, beside the unit that the source declares.

    Empty for figures that we count from another core table: those have measures of our own.
    """
    import polars as pl

    measures = evidence.facts.get("measures")
    if not measures or COUNTED_FROM.intersection(evidence.others):
        return nothing()
    declared = pl.DataFrame(
        {"measure": list(measures), "declared_unit": list(measures.values())},
        schema={"measure": pl.String, "declared_unit": pl.String},
    )
    return (
        evidence.frame.select("measure", "unit").unique().join(declared, on="measure", how="left")
    )


def units_of_declared_measures(evidence: Evidence) -> pl.DataFrame:
    """`units`, of the measures that are declared."""
    found = units(evidence)
    return found.drop_nulls("declared_unit") if found.width else found


def regions(evidence: Evidence) -> pl.DataFrame:
    """A row each area of the frame: whether the area list of this edition `lists` it."""
    import polars as pl

    listed = evidence.others.get("region")
    if listed is None:
        return nothing()
    listed = listed.filter(
        pl.col("source") == evidence.source, pl.col("edition") == evidence.edition
    )
    if not listed.height:
        return nothing()
    codes = listed["region_code"].implode()
    return (
        evidence.frame.select("region_code")
        .unique()
        .with_columns(listed=pl.col("region_code").is_in(codes))
    )


def years_ahead(evidence: Evidence) -> pl.DataFrame:
    """A row each period: how many years it lies ahead of its edition, or, where that is `current`,
    of the moment in the name of its release."""
    import polars as pl

    def year(column: str, form: str) -> pl.Expr:
        return pl.col(column).str.extract(form).cast(pl.Int32)

    told = pl.coalesce(year("edition", r"^(\d{4})"), year("release_id", r"(\d{4})-\d{2}-\d{2}T"))
    return (
        evidence.frame.select("edition", "period", "release_id")
        .unique()
        .select("edition", "period", years_ahead=year("period", r"^(\d{4})") - told)
        .drop_nulls("years_ahead")
    )


def percentages(evidence: Evidence) -> pl.DataFrame:
    """The figures in per cent: their key and `value`."""
    import polars as pl

    return evidence.frame.filter(pl.col("unit") == "%").select(*KEY, "value")


def not_below_zero(evidence: Evidence) -> pl.DataFrame:
    """The figures that cannot be negative: their key and `value`. A difference can."""
    import polars as pl

    return evidence.frame.filter(~pl.col("measure").is_in(DIFFERENCES)).select(*KEY, "value")


RULES: tuple[Rule, ...] = (
    *row_counts(),
    *value_counts("region_code", "regions"),
    floor_on_rows(),
    Rule(
        name="source_and_edition_as_asked",
        severity=CRITICAL,
        reason="A frame replaces one edition of one source; rows of another would be overwritten "
        "by the next run of theirs.",
        expect=equal("label", "expected"),
        over=labels,
    ),
    Rule(
        name="no_measure_emptied",
        severity=CRITICAL,
        reason="CBS fills the newest edition in deliveries and never empties it again: a measure "
        "that had figures and has none now is a renamed column (hazard D3).",
        expect=at_least("filled", 1),
        over=measures_once_filled,
    ),
    Rule(
        name="no_measure_half_emptied",
        severity=WARNING,
        reason="A revision fills cells or withdraws a few; half of a measure's figures do not "
        "vanish at once.",
        expect=at_least("share", 0.5),
        over=measures_once_filled,
    ),
    Rule(
        name="no_measure_zeroed",
        severity=CRITICAL,
        reason="Absent is not zero: a measure that was not zero everywhere and is now has had its "
        "missing values turned into figures (hazard D3).",
        expect=at_least("not_zero", 1),
        over=measures_once_not_zero,
    ),
    Rule(
        name="measures_are_declared",
        severity=CRITICAL,
        reason="A measure that the source does not declare has no unit and no definition: "
        "unknown is loud.",
        expect=filled("declared_unit"),
        over=units,
    ),
    Rule(
        name="unit_is_declared_unit",
        severity=CRITICAL,
        reason="A unit that changed (`x 1 000` to 1) changes every figure a thousandfold while "
        "each still looks right (hazards D1 and D12).",
        expect=equal("unit", "declared_unit"),
        over=units_of_declared_measures,
    ),
    Rule(
        name="regions_are_listed",
        severity=ROW,
        reason="An area that the edition's own area list does not know cannot be placed on a map "
        "or under a municipality.",
        expect=holds("listed"),
        over=regions,
        rows_by=("region_code",),
        at_most=0.01,
    ),
    *(
        Rule(
            name=f"region_codes_of_{source}",
            severity=ROW,
            reason="A code of another form is padded, cut off or of another classification, and "
            "joins with nothing while the query still succeeds.",
            expect=matches("region_code", form),
            over=distinct("region_code"),
            rows_by=("region_code",),
            at_most=0.01,
            sources=(source,),
        )
        for source, form in REGION_FORMS.items()
    ),
    Rule(
        name="periods_have_a_known_form",
        severity=CRITICAL,
        reason="Periods are written `2020`, `2020Q1`, `2020-04` or `2020-04-01`, as promised to "
        "readers; a raw `2020JJ00` would make a series of its own.",
        expect=matches("period", PERIOD_FORM),
        over=distinct("period"),
    ),
    Rule(
        name="periods_not_ahead_of_edition",
        severity=CRITICAL,
        reason="An edition tells of its own year, or with budgets of the next; a later period is "
        "a misread code.",
        expect=at_most("years_ahead", 1),
        over=years_ahead,
    ),
    Rule(
        name="no_negative_figures",
        severity=ROW,
        reason="Counts, areas, prices and shares are not negative; a negative one is a sentinel "
        "such as PDOK's -99997 read as a figure.",
        expect=at_least("value", 0),
        over=not_below_zero,
        rows_by=KEY,
        at_most=0.001,
        sources=COUNTED_SOURCES,
    ),
    Rule(
        name="percentages_within_0_and_100",
        severity=ROW,
        reason="A share of a whole lies between 0 and 100 per cent; a fraction of 1 or a count "
        "under the unit % is another figure.",
        expect=between("value", 0, 100),
        over=percentages,
        rows_by=KEY,
        at_most=0.001,
    ),
    *figure_neighbourhoods.RULES,
    *figure_establishments.RULES,
    *figure_register.RULES,
    *figure_budgets.RULES,
    *figure_business_parks.RULES,
    *figure_companies.RULES,
)
