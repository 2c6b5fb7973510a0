"""What must hold of `mart.evidence` and `mart.location_set`: what leads from a text to a location.

Others: `location` and `document_section`; of the evidence also the tables of its subjects. A wrong
link is worse than a missing one, so what rests on nothing is set aside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from expectations.claims import at_most, holds, matches
from expectations.history import kept_rows
from expectations.rules import Evidence, Rule, Severity, shared
from expectations.suites.document_views import sure_of
from expectations.suites.quotations import quoted, same_words
from expectations.views import distinct, nothing, referred

if TYPE_CHECKING:
    import polars as pl

CRITICAL, WARNING, ROW = Severity.CRITICAL, Severity.WARNING, Severity.ROW

SUBJECTS = {
    "decision": ("decision", "reference"),
    "performance": ("performance", "performance_id"),
    "milestone": ("milestone", "milestone_id"),
    "organisation": ("organisation", "organisation_id"),
    "amount": ("amount", "amount_id"),
    "statement": ("statement", "statement_id"),
}
"""The table and column in which a subject of each kind is found."""
OF_ORGANISATIONS = ("partner_in", "located_in")
MOST_SITES_OF_A_DECISION = 3
GENERIC = (
    "bedrijventerrein(?:en)?",
    "bedrijvenpark(?:en)?",
    "businesspark(?:en)?",
    "campus(?:sen)?",
    "centrum",
    "gebied(?:en)?",
    "innovatiecampus",
    "innovatiedistrict(?:en)?",
    "innovatiepark",
    "kennisparken",
    "(?:(?:top)?werk|top)?locaties?",
    "park(?:en)?",
    "regio",
    "technologiepark",
    "terrein(?:en)?",
)
"""Words for a kind of place. They name none, not at the beginning of a sentence either."""
NAMES_TOO = ("kennispark", "spoorzone", "tapijtcluster")
"""Words that are a name with a capital, and a kind of place without."""
ARTICLES = "(?:(?:de|het|een|dit|deze|dat|die) )?"
UNNAMED = f"^(?:(?i:{ARTICLES}(?:{'|'.join(GENERIC)}))|{ARTICLES}(?:{'|'.join(NAMES_TOO)}))$"


def subjects_known(evidence: Evidence) -> pl.DataFrame:
    """A row each subject whose table is among the others: whether it is `known`. A performance is
    to be known in the document that speaks of it."""
    import polars as pl

    said = evidence.frame.select(
        "subject_kind",
        "subject_id",
        "document_id",
        of=pl.when(pl.col("subject_kind") == "performance")
        .then("document_id")
        .otherwise(pl.lit("")),
    ).unique()
    there = [
        evidence.others[table].select(
            pl.lit(kind).alias("subject_kind"),
            pl.col(column).alias("subject_id"),
            (pl.col("document_id") if kind == "performance" else pl.lit("")).alias("of"),
        )
        for kind, (table, column) in SUBJECTS.items()
        if table in evidence.others
    ]
    if not there:
        return nothing()
    judged = [kind for kind, (table, _) in SUBJECTS.items() if table in evidence.others]
    known = pl.concat(there).unique().with_columns(known=pl.lit(True))
    return (
        said.filter(pl.col("subject_kind").is_in(judged))
        .join(known, on=["subject_kind", "subject_id", "of"], how="left")
        .select("subject_kind", "subject_id", "document_id", pl.col("known").fill_null(False))
    )


@shared
def links(evidence: Evidence) -> pl.DataFrame:
    """The frame row by row: whether its quotation names more than a kind of place (`named`), and
    whether its relation is one that its subject can have (`possible`)."""
    import polars as pl

    organisation = pl.col("subject_kind") == "organisation"
    return evidence.frame.select(
        "evidence_id",
        "relation",
        "subject_kind",
        named=~pl.col("quote").str.strip_chars().str.contains(UNNAMED),
        possible=~pl.col("relation").is_in(OF_ORGANISATIONS) | organisation,
    )


def sites_of_decisions(evidence: Evidence) -> pl.DataFrame:
    """A row each decision and document: of how many `locations` it is said to be the subject."""
    import polars as pl

    return (
        evidence.frame.filter(
            pl.col("subject_kind") == "decision", pl.col("relation") == "subject_of"
        )
        .group_by("document_id", "subject_id")
        .agg(locations=pl.col("location_id").n_unique().cast(pl.Int64))
    )


def sites_of_amounts(evidence: Evidence) -> pl.DataFrame:
    """A row each amount that is linked to a location: to how many `locations`."""
    import polars as pl

    return (
        evidence.frame.filter(pl.col("subject_kind") == "amount")
        .group_by("subject_kind", "subject_id")
        .agg(locations=pl.col("location_id").n_unique().cast(pl.Int64))
    )


@shared
def members(evidence: Evidence) -> pl.DataFrame:
    """The frame row by row: by how many the count that the text declares differs from that found
    (`distance`; null where it declares none), and the latter from the members (`miscounted`)."""
    import polars as pl

    listed = pl.col("members").str.split("; ").list.eval(pl.element().filter(pl.element() != ""))
    return evidence.frame.select(
        "location_set_id",
        "declared_count",
        "found_count",
        distance=(pl.col("declared_count") - pl.col("found_count")).abs(),
        miscounted=(pl.col("found_count") - listed.list.n_unique().cast(pl.Int64)).abs(),
    )


def members_known(evidence: Evidence) -> pl.DataFrame:
    """A row each location that is a member of a set: whether it is `known`."""
    import polars as pl

    if "location" not in evidence.others:
        return nothing()
    there = evidence.others["location"]["location_id"].unique()
    return (
        evidence.frame.select(location_id=pl.col("members").str.split("; ").explode())
        .filter(pl.col("location_id") != "")
        .unique()
        .with_columns(known=pl.col("location_id").is_in(there.implode()))
    )


EVIDENCE: tuple[Rule, ...] = (
    *kept_rows(WARNING),
    Rule(
        name="location_is_known",
        severity=CRITICAL,
        reason="A link leads to a location that exists: the gazetteer is made from the same list.",
        expect=holds("known"),
        over=referred("location_id", "location", "location_id"),
    ),
    Rule(
        name="subject_is_known",
        severity=ROW,
        reason="A link leads from something that documents report; what was set aside takes its "
        "links along.",
        expect=holds("known"),
        over=subjects_known,
        rows_by=("subject_kind", "subject_id", "document_id"),
        at_most=1.0,
    ),
    Rule(
        name="no_generic_word_is_a_name",
        severity=CRITICAL,
        reason="Words for a kind of place (`topwerklocaties`, `het park`) name no location; a link "
        "that rests on one is a guess.",
        expect=holds("named"),
        over=links,
    ),
    Rule(
        name="relation_fits_subject",
        severity=ROW,
        reason="Only organisations are partner in a site or lie in one.",
        expect=holds("possible"),
        over=links,
        at_most=0.5,
    ),
    Rule(
        name="decision_about_few_locations",
        severity=WARNING,
        reason="A decision is about one site or a few; one that a document links to more than three "
        "may have been linked to a list that it stands beside.",
        expect=at_most("locations", MOST_SITES_OF_A_DECISION),
        over=sites_of_decisions,
    ),
    Rule(
        name="amount_is_never_split",
        severity=ROW,
        reason="An amount that covers several locations stays with the performance: linked to each, "
        "it would be counted as often.",
        expect=at_most("locations", 1),
        over=sites_of_amounts,
        rows_by=("subject_kind", "subject_id"),
        at_most=0.5,
    ),
    Rule(
        name="reason_given",
        severity=CRITICAL,
        reason="Who doubts a link must be able to see why it was made.",
        expect=matches("reason", r"\w"),
        over=distinct("reason"),
    ),
    sure_of("the link"),
    *quoted(
        "A link rests on words, and these stand where it says that they do.", same_words, "quote"
    ),
)
LOCATION_SET: tuple[Rule, ...] = (
    *kept_rows(WARNING),
    Rule(
        name="as_many_as_the_text_says",
        severity=WARNING,
        reason="A text that speaks of four top locations lists four; one more or fewer was misread, "
        "or is a name that the catalogue does not have.",
        expect=at_most("distance", 0),
        over=members,
    ),
    Rule(
        name="members_are_counted",
        severity=CRITICAL,
        reason="We count the members ourselves, each once.",
        expect=at_most("miscounted", 0),
        over=members,
    ),
    Rule(
        name="members_are_locations",
        severity=CRITICAL,
        reason="A member is a location that exists: the gazetteer is made from the same list.",
        expect=holds("known"),
        over=members_known,
    ),
    *quoted(),
)
