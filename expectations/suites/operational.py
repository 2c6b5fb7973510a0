"""What must hold of the tables that say how the house itself fares, written at publication."""

from __future__ import annotations

from typing import TYPE_CHECKING

from expectations.claims import at_least, at_most, between, distinct, filled, holds, matches
from expectations.history import kept_rows, nothing_gone
from expectations.rules import Evidence, Rule, Severity, shared
from expectations.views import projected, referred

if TYPE_CHECKING:
    import polars as pl

CRITICAL, WARNING = Severity.CRITICAL, Severity.WARNING

SHA256 = r"^[0-9a-f]{64}$"
RELEASE = projected(
    "release_id", "source", "url", "sha256", "bytes", "rows", "licence", "attribution"
)


# -- source_release ----------------------------------------------------------------------------
def release_moments(evidence: Evidence) -> pl.DataFrame:
    """A row each release of which the publisher's moment is known: `hours_ahead` of our fetch."""
    import polars as pl

    ahead = (pl.col("modified_at") - pl.col("fetched_at")).dt.total_hours()
    return evidence.frame.select("release_id", hours_ahead=ahead).drop_nulls()


def one_source_an_edition(evidence: Evidence) -> pl.DataFrame:
    """A row each hash: in how many sources the same bytes were filed."""
    import polars as pl

    return evidence.frame.group_by("sha256").agg(sources=pl.col("source").n_unique())


SOURCE_RELEASE: tuple[Rule, ...] = (
    *kept_rows(),
    nothing_gone(
        "release_id",
        "release",
        CRITICAL,
        "Figures in the history point to their release; the archive is never pruned.",
    ),
    Rule(
        name="licence_given",
        severity=CRITICAL,
        reason="Nothing is published of which we do not know the terms.",
        expect=matches("licence", r"\S"),
        over=RELEASE,
    ),
    Rule(
        name="attribution_given",
        severity=CRITICAL,
        reason="CC BY 4.0, under which most sources come, asks to name the maker.",
        expect=matches("attribution", r"\S"),
        over=RELEASE,
    ),
    Rule(
        name="sha256_form",
        severity=CRITICAL,
        reason="The hash proves which bytes a figure came from: 64 hexadecimal digits.",
        expect=matches("sha256", SHA256),
        over=RELEASE,
    ),
    Rule(
        name="release_has_bytes",
        severity=CRITICAL,
        reason="A release without bytes is not a release.",
        expect=at_least("bytes", 1),
        over=RELEASE,
    ),
    Rule(
        name="release_has_rows",
        severity=CRITICAL,
        reason="A data set without rows is an outage at the publisher, answered with 200.",
        expect=at_least("rows", 1),
        over=RELEASE,
    ),
    Rule(
        name="url_form",
        severity=WARNING,
        reason="Whoever doubts a figure can ask where we asked: an address with a scheme.",
        expect=matches("url", r"^[a-z][a-z0-9+.-]*:\S+$"),
        over=RELEASE,
    ),
    Rule(
        name="modified_before_fetched",
        severity=WARNING,
        reason="A publisher cannot have changed data after we fetched it, a day for time zones "
        "aside: our clock or our reading of theirs is wrong.",
        expect=at_most("hours_ahead", 26),
        over=release_moments,
    ),
    Rule(
        name="same_bytes_one_source",
        severity=WARNING,
        reason="The same bytes under two sources means that one of them asks at the wrong address.",
        expect=at_most("sources", 1),
        over=one_source_an_edition,
    ),
)


# -- source_status -----------------------------------------------------------------------------
def unexplained(evidence: Evidence) -> pl.DataFrame:
    """The editions that are stale or not current: their `reason`."""
    import polars as pl

    return evidence.frame.filter(pl.col("stale") | (pl.col("state") != "current")).select(
        "source", "edition", "state", "reason"
    )


def served(evidence: Evidence) -> pl.DataFrame:
    """The editions that are current: the release they are served from."""
    import polars as pl

    return evidence.frame.filter(pl.col("state") == "current", pl.col("edition") != "*").select(
        "source", "edition", "release_id"
    )


SOURCE_STATUS: tuple[Rule, ...] = (
    *kept_rows(),
    nothing_gone(
        "source",
        "source",
        WARNING,
        "A source that is no longer asked for stays visible, as absent.",
    ),
    Rule(
        name="stale_has_a_reason",
        severity=CRITICAL,
        reason="Whoever is paged reads why a source is stale and what to do, not that it is.",
        expect=filled("reason"),
        over=unexplained,
    ),
    Rule(
        name="current_has_a_release",
        severity=CRITICAL,
        reason="A current edition is served from a release.",
        expect=filled("release_id"),
        over=served,
    ),
    Rule(
        name="release_exists",
        severity=CRITICAL,
        reason="The release that is served is among the releases.",
        expect=holds("known"),
        over=referred("release_id", "source_release", "release_id"),
    ),
    Rule(
        name="cadence_positive",
        severity=CRITICAL,
        reason="Freshness is judged by how often a release is expected.",
        expect=at_least("cadence_days", 1),
        over=projected("source", "edition", "cadence_days"),
    ),
)


# -- expectation_result ------------------------------------------------------------------------
@shared
def results(evidence: Evidence) -> pl.DataFrame:
    """A row each result: whether its count fits its success, and what it says."""
    import polars as pl

    return evidence.frame.select(
        "asset",
        "expectation",
        "observed",
        "reason",
        "unexpected_count",
        consistent=pl.col("success") == (pl.col("unexpected_count") == 0),
    )


def failures(evidence: Evidence) -> pl.DataFrame:
    """The results that failed: what was `observed`."""
    import polars as pl

    return evidence.frame.filter(~pl.col("success")).select("asset", "expectation", "observed")


EXPECTATION_RESULT: tuple[Rule, ...] = (
    Rule(
        name="count_fits_success",
        severity=CRITICAL,
        reason="A rule that held has no unexpected rows, and one that failed has some.",
        expect=holds("consistent"),
        over=results,
    ),
    Rule(
        name="unexpected_count_not_negative",
        severity=CRITICAL,
        reason="Rows are counted.",
        expect=at_least("unexpected_count", 0),
        over=results,
    ),
    Rule(
        name="failure_says_what_was_seen",
        severity=CRITICAL,
        reason="A failure without what was observed cannot be acted upon.",
        expect=filled("observed"),
        over=failures,
    ),
    Rule(
        name="rule_has_a_reason",
        severity=CRITICAL,
        reason="Every rule says in a sentence why it must hold.",
        expect=matches("reason", r"\S.*\.$"),
        over=results,
    ),
)


# -- quarantine --------------------------------------------------------------------------------
@shared
def records(evidence: Evidence) -> pl.DataFrame:
    """A row each row set aside: its id, reason, and whether its record is a JSON object."""
    import polars as pl

    record = pl.col("record").str.strip_chars()
    return evidence.frame.select(
        "quarantine_id",
        "asset",
        "reason",
        whole_record=record.str.starts_with("{") & record.str.ends_with("}"),
    )


QUARANTINE: tuple[Rule, ...] = (
    Rule(
        name="quarantine_id_form",
        severity=CRITICAL,
        reason="The id is a hash, so that the same row set aside twice is one row.",
        expect=matches("quarantine_id", r"^[0-9a-f]{32}$"),
        over=records,
    ),
    Rule(
        name="quarantine_reason_given",
        severity=CRITICAL,
        reason="Nothing is set aside in silence: the reason names the rule and why it must hold.",
        expect=matches("reason", r"^[a-z0-9_]+: \S.*\."),
        over=records,
    ),
    Rule(
        name="quarantine_record_whole",
        severity=CRITICAL,
        reason="The row is kept whole, as a JSON object, so that it can be put right.",
        expect=holds("whole_record"),
        over=records,
    ),
    Rule(
        name="quarantine_release_exists",
        severity=CRITICAL,
        reason="A row set aside can be found back in the bytes it came from.",
        expect=holds("known"),
        over=referred("release_id", "source_release", "release_id"),
    ),
)


# -- publication -------------------------------------------------------------------------------
@shared
def sequence(evidence: Evidence) -> pl.DataFrame:
    """A row each publication by number: how far that is `off_by` from its place in the row, and
    `seconds_since` the one before."""
    import polars as pl

    number = pl.col("publication_id").cast(pl.Int64, strict=False)
    return (
        evidence.frame.with_columns(number=number)
        .sort("number")
        .select(
            "publication_id",
            "content_hash",
            "code_version",
            off_by=(pl.col("number") - pl.int_range(1, pl.len() + 1)).fill_null(-1),
            seconds_since=pl.col("published_at").diff().dt.total_seconds(),
        )
    )


PUBLICATION: tuple[Rule, ...] = (
    nothing_gone(
        "publication_id",
        "publication",
        CRITICAL,
        "What was published was published.",
    ),
    Rule(
        name="publications_counted_from_one",
        severity=CRITICAL,
        reason="Publications are numbered from 1 without a gap: a gap is one that was lost.",
        expect=between("off_by", 0, 0),
        over=sequence,
    ),
    Rule(
        name="one_publication_an_id",
        severity=CRITICAL,
        reason="A number stands for one state of the warehouse.",
        expect=distinct("publication_id"),
        over=sequence,
    ),
    Rule(
        name="published_in_order",
        severity=CRITICAL,
        reason="A later number was published later.",
        expect=at_least("seconds_since", 0),
        over=sequence,
    ),
    Rule(
        name="content_hash_form",
        severity=CRITICAL,
        reason="The hash says whether two publications hold the same: 64 hexadecimal digits.",
        expect=matches("content_hash", SHA256),
        over=sequence,
    ),
    Rule(
        name="code_version_given",
        severity=CRITICAL,
        reason="A figure can be made again with the code that made it.",
        expect=matches("code_version", r"\S"),
        over=sequence,
    ),
)
