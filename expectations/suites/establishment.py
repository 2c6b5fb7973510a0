"""What must hold of `core.establishment`: extracts of firms' establishments, by several suppliers.

The table names firms, so no sensitive column reaches an expectation: views say in booleans and
counts whether they are right. Layout: number of the company 8 digits and of the establishment 12
in the Handelsregister (KVK API), other registers have numbers of their own; postcode `1234AB`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from expectations.claims import at_least, at_most, between, holds, matches
from expectations.history import floor_on_rows, nothing_gone, row_counts
from expectations.rules import Evidence, Rule, Severity, shared
from expectations.views import distinct, filled_shares, nothing, projected, referred

if TYPE_CHECKING:
    import polars as pl

CRITICAL, WARNING, ROW = Severity.CRITICAL, Severity.WARNING, Severity.ROW


@shared
def forms(evidence: Evidence) -> pl.DataFrame:
    """The frame row by row: whether what identifies a firm has its form; null where not filled."""
    import polars as pl

    return evidence.frame.select(
        "row_number",
        establishment_number=pl.col("establishment_id").str.contains(r"^\d{5,12}$"),
        company_number=pl.col("company_id").str.contains(r"^\d{8}$"),
        postcode_form=pl.col("postcode").str.contains(r"^[1-9]\d{3}[A-Z]{2}$"),
        postcode_agrees=pl.col("postcode").str.slice(0, 4) == pl.col("postcode4"),
    )


def number_lengths(evidence: Evidence) -> pl.DataFrame:
    """One row: how many `lengths` the numbers of establishments have."""
    import polars as pl

    return evidence.frame.select(lengths=pl.col("establishment_id").str.len_chars().n_unique())


@shared
def copies(evidence: Evidence) -> pl.DataFrame:
    """The frame row by row: how many equal rows stood before (all columns but the row number)."""
    import polars as pl

    content = [name for name in evidence.frame.columns if name != "row_number"]
    return evidence.frame.select("row_number", stood_before=pl.int_range(pl.len()).over(content))


def contradictions(evidence: Evidence) -> pl.DataFrame:
    """One row: establishment `numbers`, and how many have rows that say different things."""
    import polars as pl

    different = (
        evidence.frame.drop("row_number").unique().group_by("establishment_id").agg(rows=pl.len())
    )
    return different.select(numbers=pl.len(), contradicting=(pl.col("rows") > 1).sum())


def reference_dates(evidence: Evidence) -> pl.DataFrame:
    """A row each reference date and edition: whether they are the `same_day`."""
    import polars as pl

    return (
        evidence.frame.select("reference_date", "edition")
        .unique()
        .with_columns(same_day=pl.col("reference_date").cast(pl.String) == pl.col("edition"))
    )


def digits(evidence: Evidence) -> pl.DataFrame:
    """A row each activity code and edition: how many digits it is `short` of those it must have."""
    import polars as pl

    return (
        evidence.frame.select("sbi_code", "sbi_edition")
        .drop_nulls()
        .unique()
        .with_columns(
            short=pl.when(pl.col("sbi_edition") == "2025").then(5).otherwise(4)
            - pl.col("sbi_code").str.len_chars().cast(pl.Int64)
        )
    )


def neighbourhoods(evidence: Evidence) -> pl.DataFrame:
    """A row each neighbourhood and municipality given together: does the one `lie in` the other?"""
    import polars as pl

    digits_of = pl.col("municipality_code").str.slice(2, 4)
    return (
        evidence.frame.select("municipality_code", "neighbourhood_code")
        .drop_nulls()
        .unique()
        .with_columns(lies_in=pl.col("neighbourhood_code").str.slice(2, 4) == digits_of)
    )


@shared
def jobs(evidence: Evidence) -> pl.DataFrame:
    """One row: `jobs`, the `largest` establishment and the shares with `none` and `unknown`."""
    import polars as pl

    persons = pl.col("working_persons")
    return evidence.frame.select(
        rows=pl.len(),
        jobs=persons.sum(),
        share_none=(persons == 0).sum() / pl.len(),
        share_unknown=persons.null_count() / pl.len(),
    ).filter(pl.col("rows") > 0)


def jobs_against_last_good(evidence: Evidence) -> pl.DataFrame:
    """One row: `jobs` now and before, `ratio`; empty without a last good frame."""
    import polars as pl

    if evidence.last_good is None or not evidence.last_good["working_persons"].sum():
        return nothing()
    now = int(evidence.frame["working_persons"].sum())
    before = int(evidence.last_good["working_persons"].sum())
    return pl.DataFrame({"jobs": [now], "jobs_before": [before], "ratio": [now / before]})


def divisions(evidence: Evidence) -> pl.DataFrame:
    """One row: `rows`, and in how many divisions (two digits) their activities fall; empty under
    1,000 rows, where few divisions mean little."""
    import polars as pl

    if evidence.frame.height < 1000:
        return nothing()
    return evidence.frame.select(
        rows=pl.len(), divisions=pl.col("sbi_code").str.slice(0, 2).drop_nulls().n_unique()
    )


RULES: tuple[Rule, ...] = (
    *row_counts(),
    floor_on_rows(),
    Rule(
        name="establishment_number_form",
        severity=ROW,
        reason="Establishments are numbered in digits, 12 in the Handelsregister, fewer in other "
        "registers; anything else is a shifted column.",
        expect=holds("establishment_number"),
        over=forms,
        at_most=0.05,
    ),
    Rule(
        name="establishment_numbers_of_one_length",
        severity=WARNING,
        reason="Numbers of one register are equally long; where they are not, leading zeros were "
        "lost in a spreadsheet, and such a number finds nothing.",
        expect=at_most("lengths", 1),
        over=number_lengths,
    ),
    Rule(
        name="company_number_form",
        severity=ROW,
        reason="The register numbers companies with 8 digits, leading zeros kept.",
        expect=holds("company_number"),
        over=forms,
        at_most=0.05,
    ),
    Rule(
        name="postcode_form",
        severity=ROW,
        reason="A Dutch postcode is four digits, not starting with 0, and two letters; others "
        "place an establishment nowhere.",
        expect=holds("postcode_form"),
        over=forms,
        at_most=0.05,
    ),
    Rule(
        name="postcode4_agrees",
        severity=CRITICAL,
        reason="We take the four digits from the postcode ourselves: they cannot differ.",
        expect=holds("postcode_agrees"),
        over=forms,
    ),
    Rule(
        name="no_exact_copies",
        severity=ROW,
        reason="A row that stands twice counts a firm twice; exact copies are dropped and counted "
        "(hazard D2).",
        expect=at_most("stood_before", 0),
        over=copies,
        at_most=0.05,
    ),
    Rule(
        name="no_contradicting_rows",
        severity=CRITICAL,
        reason="Two rows with one establishment number that differ cannot both be true, and "
        "nothing tells which is (hazard D2).",
        expect=at_most("contradicting", 0),
        over=contradictions,
    ),
    Rule(
        name="reference_date_is_edition",
        severity=ROW,
        reason="An extract holds on one reference date, by which it is filed; a row of another "
        "date, or of one that cannot be read, belongs to another extract.",
        expect=holds("same_day"),
        over=reference_dates,
        rows_by=("reference_date", "edition"),
        at_most=0.05,
    ),
    Rule(
        name="working_persons_plausible",
        severity=ROW,
        reason="No establishment in the Netherlands has more than 50,000 working persons, and "
        "none a negative number: such a value is a date, a number or a sentinel.",
        expect=between("working_persons", 0, 50_000),
        over=projected("row_number", "working_persons"),
        at_most=0.02,
    ),
    Rule(
        name="sbi_code_form",
        severity=ROW,
        reason="Activity codes have four or five digits, the leading zero kept (`01241`).",
        expect=matches("sbi_code", r"^\d{4,5}$"),
        over=distinct("sbi_code"),
        rows_by=("sbi_code",),
        at_most=0.05,
    ),
    Rule(
        name="sbi_digits_fit_edition",
        severity=ROW,
        reason="All codes of SBI 2025 have five digits, those of SBI 2008 four or five (register "
        "converted 5-7 September 2025): a short code is of the edition before.",
        expect=at_most("short", 0),
        over=digits,
        rows_by=("sbi_code", "sbi_edition"),
        at_most=0.05,
    ),
    Rule(
        name="municipality_code_form",
        severity=ROW,
        reason="Municipalities are coded `GM` and four digits; without the prefix they join with "
        "nothing.",
        expect=matches("municipality_code", r"^GM\d{4}$"),
        over=distinct("municipality_code"),
        rows_by=("municipality_code",),
        at_most=0.05,
    ),
    Rule(
        name="neighbourhood_lies_in_municipality",
        severity=ROW,
        reason="The four digits after `BU` are the municipality; where a supplier gives two that "
        "differ, one of them is of another boundary year.",
        expect=holds("lies_in"),
        over=neighbourhoods,
        rows_by=("municipality_code", "neighbourhood_code"),
        at_most=0.05,
    ),
    Rule(
        name="municipalities_exist",
        severity=WARNING,
        reason="An establishment in a municipality that no area list knows counts nowhere.",
        expect=holds("known"),
        over=referred("municipality_code", "region", "region_code"),
    ),
    Rule(
        name="establishments_are_placed",
        severity=WARNING,
        reason="An establishment without a municipality is in no figure; more than 2 % of them "
        "makes every figure too low.",
        expect=at_least("share", 0.98),
        over=filled_shares("municipality_code"),
    ),
    Rule(
        name="activities_are_known",
        severity=WARNING,
        reason="Without an activity an establishment is in no cluster; the register has one for "
        "nearly all.",
        expect=at_least("share", 0.95),
        over=filled_shares("sbi_code"),
    ),
    Rule(
        name="some_working_persons",
        severity=CRITICAL,
        reason="An extract in which nobody works is one whose column we misread (hazard D3).",
        expect=at_least("jobs", 1),
        over=jobs,
    ),
    Rule(
        name="working_persons_known",
        severity=WARNING,
        reason="Jobs are counted over establishments that give them; where over 20 % do not, the "
        "sum is no longer the jobs of a place.",
        expect=at_most("share_unknown", 0.2),
        over=jobs,
    ),
    Rule(
        name="few_without_working_persons",
        severity=WARNING,
        reason="Holdings and dormant firms have none, but half an extract with 0 has had its "
        "unknowns written as 0: absent is not zero.",
        expect=at_most("share_none", 0.5),
        over=jobs,
    ),
    Rule(
        name="jobs_near_last_good",
        severity=WARNING,
        reason="A corrected delivery of the same reference date does not move jobs by a quarter.",
        expect=between("ratio", 0.75, 1.25),
        over=jobs_against_last_good,
    ),
    nothing_gone(
        "municipality_code",
        "municipality",
        CRITICAL,
        "A municipality that was in the extract of this date and is not in its new delivery was "
        "left out by the supplier.",
    ),
    Rule(
        name="activities_are_varied",
        severity=WARNING,
        reason="Over a thousand establishments fall in dozens of the 88 divisions; fewer than ten "
        "is a selection, and its totals are no totals.",
        expect=at_least("divisions", 10),
        over=divisions,
    ),
)
