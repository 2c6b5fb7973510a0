"""What must hold of `mart.decision` and `mart.milestone`.

Others: `document`, of the decisions; `document_section` and `performance`, of the milestones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from expectations.claims import at_least, between, equal, holds, matches, not_less
from expectations.history import kept_rows
from expectations.rules import Evidence, Rule, Severity, shared
from expectations.suites.document_views import (
    FIRST_YEAR,
    LAST_YEAR,
    MARKUP,
    PERFORMANCES,
    REFERENCE,
    known_in,
    without,
)
from expectations.suites.quotations import quoted, words_inside

if TYPE_CHECKING:
    import polars as pl

CRITICAL, WARNING, ROW = Severity.CRITICAL, Severity.WARNING, Severity.ROW
TAKEN_IN = r":(\d{4})-\d{2}-\d{2}T\d{6}"
"""In the id of a release: since when it is known."""


@shared
def references(evidence: Evidence) -> pl.DataFrame:
    """The references that have the form of one: `body` and `year` beside those in the reference."""
    import polars as pl

    reference = pl.col("reference")
    return evidence.frame.filter(reference.str.contains(REFERENCE)).select(
        "reference",
        "body",
        "year",
        said_body=reference.str.extract(r"^(\w+)/"),
        said_year=reference.str.extract(r"/(\d{4})/").cast(pl.Int32, strict=False),
    )


def newest_possible(evidence: Evidence) -> pl.DataFrame:
    """The frame row by row: `newest`, the last year that a decision can be of.

    No document refers to a decision of the year after it was taken in, nor of the second year after
    the one it is about; the latter bounds only where every document has a year.
    """
    import polars as pl

    documents = evidence.others.get("document")
    newest = None
    if documents is not None and documents.height:
        taken_in = documents["release_id"].str.extract(TAKEN_IN).cast(pl.Int32, strict=False)
        years = [taken_in] if not taken_in.null_count() else []
        years += [documents["year"] + 1] if not documents["year"].null_count() else []
        newest = min((int(year.max()) for year in years), default=None)  # type: ignore[arg-type]
    return evidence.frame.select(
        "reference", "year", newest=pl.lit(newest, dtype=pl.Int32)
    ).drop_nulls()


def due_years(evidence: Evidence) -> pl.DataFrame:
    """The milestones with a year in which they are due: whether their words or those on when they
    are due have it (`written`)."""
    import polars as pl

    year = pl.col("due_year").cast(pl.String)
    words = pl.concat_str("title", pl.lit(" "), pl.col("due").fill_null(""))
    return evidence.frame.drop_nulls("due_year").select(
        "milestone_id", "due", "due_year", written=words.str.contains(year, literal=True)
    )


DECISION: tuple[Rule, ...] = (
    *kept_rows(WARNING),
    Rule(
        name="reference_form",
        severity=ROW,
        reason="A decision is known by the reference that its body gives it: PS, GS or AB, year and "
        "number.",
        expect=matches("reference", REFERENCE),
        at_most=1.0,
    ),
    Rule(
        name="body_as_in_reference",
        severity=CRITICAL,
        reason="We read the body from the reference.",
        expect=equal("body", "said_body"),
        over=references,
    ),
    Rule(
        name="year_as_in_reference",
        severity=CRITICAL,
        reason="We read the year from the reference.",
        expect=equal("year", "said_year"),
        over=references,
    ),
    Rule(
        name="plausible_year",
        severity=ROW,
        reason="Provinces number their decisions in this way since the nineties; an earlier year is "
        "no year.",
        expect=at_least("year", FIRST_YEAR),
        at_most=1.0,
    ),
    Rule(
        name="decided_before_documents",
        severity=ROW,
        reason="A document refers to what has been decided; a decision of years after it is a year "
        "or a reference misread.",
        expect=not_less("newest", "year"),
        over=newest_possible,
        rows_by=("reference",),
        at_most=1.0,
    ),
    Rule(
        name="referred_to_by_a_document",
        severity=CRITICAL,
        reason="A decision is here because a document refers to it.",
        expect=at_least("documents", 1),
    ),
    Rule(
        name="title_without_markup",
        severity=ROW,
        reason="A title is shown to people as it is (hazard S6).",
        expect=holds("clean"),
        over=without("title", MARKUP, "reference"),
        at_most=1.0,
    ),
)
MILESTONE: tuple[Rule, ...] = (
    *kept_rows(WARNING),
    Rule(
        name="performance_is_known",
        severity=ROW,
        reason="A milestone is one of a performance that the same document reports.",
        expect=holds("known"),
        over=known_in(("document_id", "performance_code"), PERFORMANCES, ("document_id", "code")),
        rows_by=("document_id", "performance_code"),
        at_most=1.0,
    ),
    Rule(
        name="plausible_year",
        severity=ROW,
        reason="A milestone due before 1990 or after 2100 was misread.",
        expect=between("due_year", FIRST_YEAR, LAST_YEAR),
        at_most=1.0,
    ),
    Rule(
        name="due_year_is_written",
        severity=WARNING,
        reason="The year in which a milestone is due stands in the text; one of our own making "
        "deserves a look.",
        expect=holds("written"),
        over=due_years,
    ),
    Rule(
        name="reference_form",
        severity=ROW,
        reason="The decision that a milestone refers to is known by its reference.",
        expect=matches("decision", REFERENCE),
        at_most=1.0,
    ),
    Rule(
        name="milestone_has_words",
        severity=ROW,
        reason="A milestone without words is an empty cell.",
        expect=matches("title", r"\w"),
        at_most=1.0,
    ),
    *quoted(
        "A milestone is quoted with what stands beside it on its line; its words are among those.",
        words_inside,
        "title",
    ),
)
