"""What must hold of performances: as documents report them, their fields, names and successions.

Others: `document`, `document_section` and, to see on what a status rests that no text gives,
`performance_field`, of the performances; `document_section` of the fields; `performance` of the
names.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from expectations.claims import at_least, at_most, between, holds, matches, not_less
from expectations.history import kept_rows
from expectations.rules import Evidence, Rule, Severity, View, shared
from expectations.suites.document_views import (
    FIRST_YEAR,
    LAST_YEAR,
    MARKUP,
    SECTIONS,
    known_in,
    without,
)
from expectations.suites.quotations import label_and_value, quoted
from expectations.views import spans

if TYPE_CHECKING:
    import polars as pl

CRITICAL, WARNING, ROW = Severity.CRITICAL, Severity.WARNING, Severity.ROW
NUMBER_OR_SLUG = r"^(?:\d{1,2}(?:\.\d{1,2}){1,3}|[a-z0-9]+(?:-[a-z0-9]+)*)$"


@cache
def grounds(what: str) -> View:
    """The performances with a status of `what` (`finance`, `progress`) that is known: whether there
    are words or a colour that say so (`said`).

    Where the evidence has no fields a status without words cannot be judged: null.
    """

    def view(evidence: Evidence) -> pl.DataFrame:
        import polars as pl

        known = evidence.frame.filter(pl.col(f"{what}_status") != "unknown")
        in_words = pl.col(what).str.contains(r"\w").fill_null(False)
        shown = known.select("document_id", "code", status=f"{what}_status", in_words=in_words)
        if "performance_field" not in evidence.others:
            return shown.with_columns(said=pl.when("in_words").then(True))
        fields = (
            evidence.others["performance_field"]
            .filter(pl.col("means") == f"{what}_colour", pl.col("value").str.contains(r"\w"))
            .select("document_id", code="performance_code")
            .unique()
            .with_columns(coloured=pl.lit(True))
        )
        return shown.join(fields, on=["document_id", "code"], how="left").with_columns(
            said=pl.col("in_words") | pl.col("coloured").fill_null(False)
        )

    return view


@shared
def hierarchy(evidence: Evidence) -> pl.DataFrame:
    """The frame row by row: whether its number lies `below_goal`, and the goal's `below_task`; null
    where one of the two has no number."""
    import polars as pl

    def below(lower: str, upper: str) -> pl.Expr:
        numbered = pl.col(lower).str.contains(r"^\d") & pl.col(upper).str.contains(r"^\d")
        return pl.when(numbered).then(
            pl.col(lower).str.starts_with(pl.concat_str(pl.col(upper), pl.lit(".")))
        )

    return evidence.frame.select(
        "document_id",
        "code",
        below_goal=below("code", "goal_code"),
        below_task=below("goal_code", "task_code"),
    )


def same_performance(evidence: Evidence) -> pl.DataFrame:
    """A row each performance in a document: under how many `codes` it is reported there."""
    import polars as pl

    return (
        evidence.frame.group_by("document_id", "performance_id")
        .agg(codes=pl.col("code").n_unique())
        .select("document_id", "performance_id", pl.col("codes").cast(pl.Int64))
    )


@shared
def declared(evidence: Evidence) -> pl.DataFrame:
    """The frame row by row: whether its label `is_known`, and whether what it means and the entry
    that says so go together (`explained`)."""
    import polars as pl

    means, wording = pl.col("means").is_not_null(), pl.col("wording").is_not_null()
    return evidence.frame.select(
        "document_id",
        "section",
        "quote_start",
        "label",
        "means",
        is_known=means,
        explained=means == wording,
    )


def shared_numbers(evidence: Evidence) -> pl.DataFrame:
    """A row each number of an organisation in a year: how many `performances` have it then."""
    import polars as pl

    named = evidence.frame.drop_nulls(["organisation", "first_year", "last_year"]).filter(
        pl.col("code").str.contains(r"^\d"),
        # years that are no years are another rule's subject, and would make a row each here
        pl.col("first_year").is_between(FIRST_YEAR, LAST_YEAR),
        pl.col("last_year").is_between(FIRST_YEAR, LAST_YEAR),
    )
    return (
        named.with_columns(
            year=pl.int_ranges(pl.col("first_year"), pl.col("last_year") + 1, dtype=pl.Int32)
        )
        .explode("year")
        .drop_nulls("year")
        .group_by("organisation", "code", "year")
        .agg(performances=pl.col("performance_id").n_unique().cast(pl.Int64))
    )


def successions(evidence: Evidence) -> pl.DataFrame:
    """The frame row by row: whether the number `changes`, or only the name does."""
    import polars as pl

    return evidence.frame.select(
        "performance_id",
        "former_code",
        "code",
        "year",
        changes=(pl.col("kind") == "renamed") | (pl.col("code") != pl.col("former_code")),
    )


PERFORMANCE: tuple[Rule, ...] = (
    *kept_rows(WARNING),
    Rule(
        name="document_is_known",
        severity=ROW,
        reason="A performance is reported by a document; those of one that was set aside go with "
        "it.",
        expect=holds("known"),
        over=known_in(("document_id",), "document"),
        rows_by=("document_id",),
        at_most=1.0,
    ),
    Rule(
        name="performance_has_a_section",
        severity=ROW,
        reason="A performance is one where there is text under its number; the goal tree alone only "
        "names it.",
        expect=holds("known"),
        over=known_in(("document_id", "code"), SECTIONS, ("document_id", "performance_code")),
        rows_by=("document_id", "code"),
        at_most=1.0,
    ),
    Rule(
        name="number_or_slug",
        severity=ROW,
        reason="A performance has a number of two to four parts (`5.1.2`), or a slug where its "
        "publisher numbers none; anything else is a heading that was misread.",
        expect=matches("code", NUMBER_OR_SLUG),
        at_most=1.0,
    ),
    Rule(
        name="title_without_markup",
        severity=ROW,
        reason="A title is shown to people as it is (hazard S6).",
        expect=holds("clean"),
        over=without("title", MARKUP, "document_id", "code"),
        at_most=1.0,
    ),
    Rule(
        name="title_given",
        severity=ROW,
        reason="A performance without a title was opened by a number that stands alone.",
        expect=matches("title", r"\w"),
        at_most=1.0,
    ),
    Rule(
        name="finance_status_rests_on_words",
        severity=CRITICAL,
        reason="An empty field is unknown and never on track: a status of money rests on words or "
        "on a colour.",
        expect=holds("said"),
        over=grounds("finance"),
    ),
    Rule(
        name="progress_status_rests_on_words",
        severity=CRITICAL,
        reason="An empty field is unknown and never on track: a status of progress rests on words "
        "or on a colour.",
        expect=holds("said"),
        over=grounds("progress"),
    ),
    Rule(
        name="number_lies_below_goal",
        severity=WARNING,
        reason="Performance 5.1.2 serves goal 5.1; another goal was taken from another page.",
        expect=holds("below_goal"),
        over=hierarchy,
    ),
    Rule(
        name="goal_lies_below_task",
        severity=WARNING,
        reason="Goal 5.1 belongs to core task 5.",
        expect=holds("below_task"),
        over=hierarchy,
    ),
    Rule(
        name="performance_once_in_a_document",
        severity=WARNING,
        reason="Two performances of one document are two, whatever their titles; declared as one, "
        "each would be shown twice.",
        expect=at_most("codes", 1),
        over=same_performance,
    ),
)
PERFORMANCE_FIELD: tuple[Rule, ...] = (
    *kept_rows(WARNING),
    Rule(
        name="label_is_known",
        severity=ROW,
        reason="Nobody has declared what the field `label` of the record means: an analyst resolves "
        "it by adding a line to the catalogue's labels.",
        expect=holds("is_known"),
        over=declared,
        at_most=1.0,
    ),
    Rule(
        name="meaning_has_its_wording",
        severity=CRITICAL,
        reason="What a label means is what an entry of the catalogue says; we make up no meaning.",
        expect=holds("explained"),
        over=declared,
    ),
    *quoted(
        "A field is quoted from its label to the end of its value, as written.",
        label_and_value,
        "label",
        "value",
    ),
)
PERFORMANCE_NAME: tuple[Rule, ...] = (
    *kept_rows(WARNING),
    Rule(
        name="performance_is_known",
        severity=ROW,
        reason="A name is that of a performance that a document reports.",
        expect=holds("known"),
        over=known_in(("performance_id",), "performance"),
        rows_by=("performance_id",),
        at_most=1.0,
    ),
    Rule(
        name="years_of_name_in_order",
        severity=CRITICAL,
        reason="We count ourselves from which year to which a performance is called so.",
        expect=not_less("last_year", "first_year"),
        over=spans("first_year", "last_year", "performance_id", "code", "title"),
    ),
    Rule(
        name="name_found_in_a_document",
        severity=CRITICAL,
        reason="A name is one that a document gives.",
        expect=at_least("documents", 1),
    ),
    Rule(
        name="recognition_explained",
        severity=CRITICAL,
        reason="Who follows a performance through the years must see why two names are taken for "
        "one performance.",
        expect=matches("recognised_by", r"\w"),
    ),
    Rule(
        name="one_performance_a_number",
        severity=WARNING,
        reason="In one year an organisation has one performance of a number; two mean that the same "
        "one was not recognised, or its number was misread.",
        expect=at_most("performances", 1),
        over=shared_numbers,
    ),
)
PERFORMANCE_SUCCESSION: tuple[Rule, ...] = (
    *kept_rows(WARNING),
    Rule(
        name="succession_changes_the_number",
        severity=CRITICAL,
        reason="A performance goes on under another number, or is renamed; declared otherwise the "
        "catalogue says nothing.",
        expect=holds("changes"),
        over=successions,
    ),
    Rule(
        name="plausible_year",
        severity=CRITICAL,
        reason="A number that changed before 1990 or after 2100 is a slip in the catalogue.",
        expect=between("year", FIRST_YEAR, LAST_YEAR),
    ),
    Rule(
        name="numbers_of_performances",
        severity=CRITICAL,
        reason="A former number is one that a performance can have had.",
        expect=matches("former_code", NUMBER_OR_SLUG),
    ),
    Rule(
        name="source_given",
        severity=CRITICAL,
        reason="That two numbers are one performance is somebody's word; the catalogue says whose.",
        expect=matches("source", r"\w"),
    ),
)
