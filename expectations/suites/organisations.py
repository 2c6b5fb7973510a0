"""What must hold of organisations, of people in a role, of relations and of statements.

Others: `location`, of the organisations; `document_section`, of all that rests on a quotation;
`organisation`, of roles and relations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from expectations.claims import at_least, at_most, between, holds, matches
from expectations.history import kept_rows
from expectations.rules import Evidence, Rule, Severity, shared
from expectations.suites.document_views import MARKUP, SLUG, known_in, paddings, sure_of, without
from expectations.suites.quotations import quoted, same_words
from expectations.views import distinct, nothing, projected, referred

if TYPE_CHECKING:
    import polars as pl

CRITICAL, WARNING, ROW = Severity.CRITICAL, Severity.WARNING, Severity.ROW
FEWEST_WORDS = 4
"""Words of a quotation; fewer between quotation marks are a term."""
HOLDER = "portfolio holder"
"""A role whose field holds a name and nothing else, so that a surname alone will do."""
MARKS = r"(?s)^[‘’“”\"„«].*[‘’“”\"»]$"
"""A pair of quotation marks around all the words; one at one end may belong to words inside."""


def namesakes(evidence: Evidence) -> pl.DataFrame:
    """A row each name, capitals aside: how many organisations have it."""
    import polars as pl

    return (
        evidence.frame.group_by(called=pl.col("name").str.to_lowercase().str.strip_chars())
        .agg(organisations=pl.col("organisation_id").n_unique().cast(pl.Int64))
        .select("called", "organisations")
    )


@shared
def people(evidence: Evidence) -> pl.DataFrame:
    """The frame row by row: whether the person has a `full_name` (or a surname that is part of
    another's, or that stands in a field for names), whether since when is dated as the words are
    (`dated`), and whether the first day is `of_the_words`; null without a day."""
    import polars as pl

    person, since = pl.col("person").str.strip_chars(), pl.col("since")
    surname = person.str.extract(r"(\S+)$")
    full = person.str.contains(r"\S\s+\S")
    known = evidence.frame.select(name=surname).filter(evidence.frame.select(full)["person"])
    dated = pl.col("since_precision").fill_null("undated") != "undated"
    year = pl.col("valid_from").dt.year().cast(pl.String)
    return evidence.frame.select(
        "person_role_id",
        "role",
        full_name=full
        | ((pl.col("role") == HOLDER) & person.str.contains(r"\w"))
        | person.is_in(known["name"].unique().implode()),
        dated=since.is_not_null() | ~dated,
        of_the_words=since.fill_null("").str.contains(year, literal=True),
    )


@shared
def ends(evidence: Evidence) -> pl.DataFrame:
    """The frame row by row: whether subject and object are not one thing (`apart`)."""
    import polars as pl

    same = (pl.col("subject_kind") == pl.col("object_kind")) & (
        pl.col("subject_id") == pl.col("object_id")
    )
    return evidence.frame.select("relation_id", "predicate", apart=~same)


def organisations_related(evidence: Evidence) -> pl.DataFrame:
    """A row each organisation that a relation has as its subject or object, with that relation:
    whether it is `known`."""
    import polars as pl

    if "organisation" not in evidence.others:
        return nothing()
    named = pl.concat(
        evidence.frame.filter(pl.col(f"{end}_kind") == "organisation").select(
            "relation_id", organisation_id=f"{end}_id"
        )
        for end in ("subject", "object")
    )
    there = evidence.others["organisation"]["organisation_id"].unique()
    return named.with_columns(known=pl.col("organisation_id").is_in(there.implode()))


@shared
def sayings(evidence: Evidence) -> pl.DataFrame:
    """The frame row by row: how many `words` a quotation has (null of a paraphrase), whether it is
    without its quotation `marks` (`bare`), whether a role has its speaker (`spoken`), and whether
    a time that is not said is undated (`dated`)."""
    import polars as pl

    text = pl.col("text").str.strip_chars()
    quotation = pl.col("kind") == "quotation"
    undated = pl.col("time_precision") == "undated"
    return evidence.frame.select(
        "statement_id",
        "kind",
        words=pl.when(quotation).then(text.str.count_matches(r"\S+").cast(pl.Int64)),
        bare=pl.when(quotation).then(~text.str.contains(MARKS)),
        spoken=pl.col("speaker").is_not_null() | pl.col("speaker_role").is_null(),
        dated=pl.col("time").is_not_null() | undated,
    )


def said_twice(evidence: Evidence) -> pl.DataFrame:
    """A row each beginning of a statement: how `often` one begins there."""
    import polars as pl

    place = ("document_id", "section", "quote_start", "kind")
    return evidence.frame.group_by(place).agg(often=pl.len().cast(pl.Int64))


ORGANISATION: tuple[Rule, ...] = (
    *kept_rows(WARNING),
    Rule(
        name="readable_id",
        severity=ROW,
        reason="An organisation is asked for by a readable id; one made from a document's words "
        "that gives none was no name.",
        expect=matches("organisation_id", SLUG),
        at_most=1.0,
    ),
    Rule(
        name="name_given",
        severity=ROW,
        reason="An organisation that is shown has a name.",
        expect=matches("name", r"\w"),
        at_most=1.0,
    ),
    Rule(
        name="name_without_padding",
        severity=WARNING,
        reason="A name with blanks around it is not found before a comma.",
        expect=at_most("padding", 0),
        over=paddings("name", "organisation_id"),
    ),
    Rule(
        name="name_without_markup",
        severity=ROW,
        reason="A name is shown to people as it is: script in it is no name (hazard S6).",
        expect=holds("clean"),
        over=without("name", MARKUP, "organisation_id"),
        at_most=1.0,
    ),
    Rule(
        name="site_is_a_location",
        severity=CRITICAL,
        reason="The site in which a facility lies is declared in the catalogue, as a location is.",
        expect=holds("known"),
        over=referred("location_id", "location", "location_id"),
    ),
    Rule(
        name="one_organisation_a_name",
        severity=WARNING,
        reason="Two organisations of one name are one that was not recognised.",
        expect=at_most("organisations", 1),
        over=namesakes,
    ),
    Rule(
        name="source_given",
        severity=CRITICAL,
        reason="Who relies on an organisation must be able to see who names it.",
        expect=matches("source", r"\w"),
        over=distinct("source"),
    ),
)
PERSON_ROLE: tuple[Rule, ...] = (
    *kept_rows(WARNING),
    Rule(
        name="person_has_a_name",
        severity=ROW,
        reason="A person is known by a full name; a surname alone is one that the document gives in "
        "full elsewhere, or whose field holds names only. Any other word is no person.",
        expect=holds("full_name"),
        over=people,
        at_most=1.0,
    ),
    Rule(
        name="role_has_words",
        severity=ROW,
        reason="A person is here for a role, as written.",
        expect=matches("role", r"\w"),
        at_most=1.0,
    ),
    Rule(
        name="person_without_markup",
        severity=ROW,
        reason="A name is shown to people as it is: script in it is no name (hazard S6).",
        expect=holds("clean"),
        over=without("person", MARKUP, "person_role_id"),
        at_most=1.0,
    ),
    Rule(
        name="organisation_is_known",
        severity=ROW,
        reason="A role is held in an organisation that is in the list, from the catalogue or from "
        "the same text.",
        expect=holds("known"),
        over=known_in(("organisation_id",), "organisation"),
        rows_by=("organisation_id",),
        at_most=1.0,
    ),
    Rule(
        name="dated_as_the_words_are",
        severity=CRITICAL,
        reason="How precisely a beginning is dated is said of words that name it.",
        expect=holds("dated"),
        over=people,
    ),
    Rule(
        name="first_day_in_the_year_written",
        severity=ROW,
        reason="A first day has the year that the words name; where they name none there is no "
        "first day.",
        expect=holds("of_the_words"),
        over=people,
        at_most=0.5,
    ),
    sure_of("the role"),
    *quoted(),
)
RELATION: tuple[Rule, ...] = (
    *kept_rows(WARNING),
    Rule(
        name="two_different_things",
        severity=ROW,
        reason="Nothing stands in a relation to itself: a name was found twice.",
        expect=holds("apart"),
        over=ends,
        at_most=1.0,
    ),
    Rule(
        name="organisations_are_known",
        severity=ROW,
        reason="A relation is between things that are in the lists.",
        expect=holds("known"),
        over=organisations_related,
        rows_by=("relation_id",),
        at_most=1.0,
    ),
    sure_of("the relation"),
    *quoted(
        "A relation rests on the words that it quotes, which stand where it says.",
        same_words,
        "quote",
    ),
)
STATEMENT: tuple[Rule, ...] = (
    *kept_rows(WARNING),
    Rule(
        name="quotation_is_a_sentence",
        severity=ROW,
        reason="One to three words between quotation marks are a term, and nobody's statement.",
        expect=at_least("words", FEWEST_WORDS),
        over=sayings,
        at_most=1.0,
    ),
    Rule(
        name="words_without_their_marks",
        severity=WARNING,
        reason="Words are kept without their quotation marks; a pair around them was read over.",
        expect=holds("bare"),
        over=sayings,
    ),
    Rule(
        name="role_has_its_speaker",
        severity=CRITICAL,
        reason="The role of a speaker is that of somebody.",
        expect=holds("spoken"),
        over=sayings,
    ),
    Rule(
        name="dated_as_the_words_are",
        severity=CRITICAL,
        reason="A statement that names no time is undated.",
        expect=holds("dated"),
        over=sayings,
    ),
    Rule(
        name="said_once",
        severity=ROW,
        reason="Two statements of one kind that begin at one place are one, told twice.",
        expect=at_most("often", 1),
        over=said_twice,
        rows_by=("document_id", "section", "quote_start", "kind"),
        at_most=0.5,
    ),
    Rule(
        name="confidence_is_a_share",
        severity=CRITICAL,
        reason="How sure we are of the speaker lies between 0, where there is none, and 1.",
        expect=between("confidence", 0, 1),
        over=projected("statement_id", "confidence"),
    ),
    *quoted(
        "A statement is the words that stand where it is quoted, no others.", same_words, "text"
    ),
)
