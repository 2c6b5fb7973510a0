"""What must hold of `mart.document` and `mart.document_section`.

Others: `document`, of the sections. What one odd document can bring about sets that document aside,
or shows; and with a document go its sections.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from expectations.claims import at_least, at_most, between, holds, matches, not_less
from expectations.history import kept_rows, nothing_gone
from expectations.rules import Evidence, Rule, Severity, shared
from expectations.suites.document_views import (
    CONTROL,
    FIRST_YEAR,
    HASH,
    LAST_YEAR,
    WEB_ADDRESS,
    known_in,
    without,
)
from expectations.views import nothing, spans

if TYPE_CHECKING:
    import polars as pl

CRITICAL, WARNING, ROW = Severity.CRITICAL, Severity.WARNING, Severity.ROW
ELLIPSIS = r"(?:…|\.\.\.)"
CLOSING = r"\"'’”)\]"
"""What may close behind an ellipsis."""
BELOW_FINANCE = r"(?i) > financi[^ >]* > "
"""A path that goes through a heading on money, whatever the charset made of its last letters."""


@shared
def known_documents(evidence: Evidence) -> pl.DataFrame:
    """The frame row by row: whether a document of a known type says whose it is and of which year
    (`placed`; null of articles and where no type is known), and whether it is the `first` with its
    words: the one that we know most of, else the first by its id."""
    import polars as pl

    planned = pl.col("document_type") != "article"
    placed = pl.col("organisation").is_not_null() & pl.col("year").is_not_null()
    known = [pl.col(name).is_null() for name in ("document_type", "year", "url")]
    return (
        evidence.frame.with_row_index("row")
        .sort(*known, "document_id")
        .with_columns(first=pl.col("text_sha256").is_first_distinct())
        .sort("row")
        .select("document_id", "first", placed=pl.when(planned).then(placed))
    )


def decisions_and_year(evidence: Evidence) -> pl.DataFrame:
    """The documents that refer to decisions and have a year: the `last` year that they can refer
    to, and the newest that they do."""
    import polars as pl

    return evidence.frame.select(
        "document_id", "not_before_year", last=pl.col("year") + 1
    ).drop_nulls()


@shared
def performances_counted(evidence: Evidence) -> pl.DataFrame:
    """The frame row by row: by how many the performances stated and found differ (`distance`; null
    where none are stated), and whether the goal tree names `none_missing`."""
    import polars as pl

    return evidence.frame.select(
        "document_id",
        "performances_stated",
        "performances_found",
        distance=(pl.col("performances_stated") - pl.col("performances_found")).abs(),
        none_missing=pl.col("performances_missing").is_null(),
    )


@shared
def section_texts(evidence: Evidence) -> pl.DataFrame:
    """The frame row by row: whether its path begins with the number of its performance
    (`under_its_performance`; null of others), whether it is marked as cut off where it is
    (`truncation`), and whether it is told from what is said of money (`not_money`)."""
    import polars as pl

    code, path, text = pl.col("performance_code"), pl.col("section"), pl.col("text")
    below = path.str.strip_prefix(code)
    under = path.str.starts_with(code) & (
        (below == "") | below.str.starts_with(" > ") | below.str.starts_with(" [")
    )
    # A part of the text may be cut off in the middle of a section that then goes on.
    somewhere = text.str.contains(rf"(?m){ELLIPSIS}[ \t{CLOSING}]*$")
    at_the_end = text.str.contains(rf"{ELLIPSIS}[\s{CLOSING}]*$")
    return evidence.frame.select(
        "document_id",
        "section",
        under_its_performance=pl.when(code.str.contains(r"^\d")).then(under),
        truncation=pl.when("truncated").then(somewhere).otherwise(~at_the_end),
        not_money=~(path.str.contains(BELOW_FINANCE) & (pl.col("role") == "progress")),
    )


def positions(evidence: Evidence) -> pl.DataFrame:
    """A row each document: how many of its sections stand at the place of another (`doubled`)."""
    import polars as pl

    if not evidence.frame.height:
        return nothing()
    return evidence.frame.group_by("document_id").agg(
        doubled=pl.len().cast(pl.Int64) - pl.col("position").n_unique()
    )


DOCUMENT: tuple[Rule, ...] = (
    *kept_rows(WARNING),
    nothing_gone(
        "document_id",
        "document",
        WARNING,
        "A document that was taken in stays: what was said in it is evidence, also where its "
        "publisher takes it down.",
    ),
    Rule(
        name="one_document_for_the_same_words",
        severity=ROW,
        reason="The same words dropped twice, or under another name, are one document; counted "
        "twice, they would confirm themselves.",
        expect=holds("first"),
        over=known_documents,
        at_most=1.0,
    ),
    Rule(
        name="whose_and_of_which_year",
        severity=WARNING,
        reason="A budget or report whose organisation or year is not known cannot be put in its "
        "series; a line in the catalogue's documents tells.",
        expect=holds("placed"),
        over=known_documents,
    ),
    Rule(
        name="plausible_year",
        severity=ROW,
        reason="A document about a year before 1990 or after 2100 was misread.",
        expect=between("year", FIRST_YEAR, LAST_YEAR),
        at_most=1.0,
    ),
    Rule(
        name="not_older_than_its_decisions",
        severity=WARNING,
        reason="A report on a year is written in the next and can refer to decisions of that; not "
        "to later ones, so the year of one of the two was misread.",
        expect=not_less("last", "not_before_year"),
        over=decisions_and_year,
    ),
    Rule(
        name="performances_of_goal_tree_found",
        severity=WARNING,
        reason="Every performance that the goal tree names is found, or reported missing by name.",
        expect=holds("none_missing"),
        over=performances_counted,
    ),
    Rule(
        name="as_many_performances_as_stated",
        severity=WARNING,
        reason="A document that says how many performances it has, has so many; others were "
        "missed, or a heading was taken for one.",
        expect=at_most("distance", 0),
        over=performances_counted,
    ),
    Rule(
        name="hash_of_bytes",
        severity=CRITICAL,
        reason="We make the hashes of a document's bytes ourselves: SHA-256.",
        expect=matches("sha256", HASH),
    ),
    Rule(
        name="hash_of_words",
        severity=CRITICAL,
        reason="We make the hashes of a document's words ourselves: SHA-256.",
        expect=matches("text_sha256", HASH),
    ),
    Rule(
        name="exported_before_built",
        severity=WARNING,
        reason="A page is built from an export made before; the other way round, day and month "
        "were taken for each other.",
        expect=not_less("built_at", "exported_at"),
        over=spans("exported_at", "built_at", "document_id"),
    ),
    Rule(
        name="document_in_one_charset",
        severity=WARNING,
        reason="Its text was read in a wrong charset before it reached us; it is kept as it is, and "
        "names in it may not be found.",
        expect=at_most("mojibake", 0),
    ),
    Rule(
        name="document_says_something",
        severity=ROW,
        reason="A document without text has nothing to report.",
        expect=at_least("characters", 1),
        at_most=1.0,
    ),
    Rule(
        name="document_from_the_web_or_a_disk",
        severity=ROW,
        reason="An address is shown as a link; one that begins with anything but http, https or "
        "file could run something (hazard S6).",
        expect=matches("url", WEB_ADDRESS),
        at_most=1.0,
    ),
)
DOCUMENT_SECTION: tuple[Rule, ...] = (
    *kept_rows(WARNING),
    Rule(
        name="document_is_known",
        severity=ROW,
        reason="A section belongs to a document; the sections of one that was set aside go with it.",
        expect=holds("known"),
        over=known_in(("document_id",), "document"),
        rows_by=("document_id",),
        at_most=1.0,
    ),
    Rule(
        name="path_begins_with_performance",
        severity=ROW,
        reason="The path tells sections of the same heading apart, and begins with the number of "
        "the performance that the section is filed under.",
        expect=holds("under_its_performance"),
        over=section_texts,
        at_most=0.5,
    ),
    Rule(
        name="truncated_where_it_breaks_off",
        severity=ROW,
        reason="A text that ends in an ellipsis goes on elsewhere and is marked so; another is not.",
        expect=holds("truncation"),
        over=section_texts,
        at_most=0.5,
    ),
    Rule(
        name="money_told_from_progress",
        severity=ROW,
        reason="The explanation of progress stands twice under the same heading; below that on "
        "money it is about money.",
        expect=holds("not_money"),
        over=section_texts,
        at_most=0.5,
    ),
    Rule(
        name="one_section_a_place",
        severity=WARNING,
        reason="Sections are shown in the order of the document, so no two stand at one place.",
        expect=at_most("doubled", 0),
        over=positions,
    ),
    Rule(
        name="section_without_control_characters",
        severity=ROW,
        reason="A text with control characters is no text (hazard R10).",
        expect=holds("clean"),
        over=without("text", CONTROL, "document_id", "section"),
        at_most=1.0,
    ),
    Rule(
        name="section_from_the_web_or_a_disk",
        severity=ROW,
        reason="An address is shown as a link; one that begins with anything but http, https or "
        "file could run something (hazard S6).",
        expect=matches("url", WEB_ADDRESS),
        at_most=1.0,
    ),
)
