"""What must hold of `mart.location_alias`: names that lead to a location. Others: `location`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from expectations.claims import at_most, holds, matches, not_less
from expectations.history import kept_rows, nothing_gone
from expectations.rules import Evidence, Rule, Severity
from expectations.views import distinct, referred, spans

if TYPE_CHECKING:
    import polars as pl

CRITICAL, WARNING = Severity.CRITICAL, Severity.WARNING


def owners(evidence: Evidence) -> pl.DataFrame:
    """A row each alias, capitals aside: how many locations it belongs to `at_once`."""
    import datetime as dt

    import polars as pl

    always, never = dt.date(1, 1, 1), dt.date(9999, 12, 31)
    named = evidence.frame.select(
        "location_id",
        alias=pl.col("alias").str.to_lowercase(),
        start=pl.col("valid_from").fill_null(always),
        end=pl.col("valid_to").fill_null(never),
    )
    # A name belongs to two at once where another location's period has begun and not ended when
    # this one begins: counting those at every beginning finds every overlap.
    return (
        named.select("alias", "start")
        .unique()
        .join(named.rename({"start": "from"}), on="alias")
        .filter(pl.col("from") <= pl.col("start"), pl.col("start") < pl.col("end"))
        .group_by("alias", "start")
        .agg(at_once=pl.col("location_id").n_unique())
        .select("alias", "at_once")
    )


def edges(evidence: Evidence) -> pl.DataFrame:
    """A row each alias: how many blanks stand around it."""
    import polars as pl

    alias = pl.col("alias")
    return evidence.frame.select(
        "alias", blanks=alias.str.len_chars() - alias.str.strip_chars().str.len_chars()
    )


RULES: tuple[Rule, ...] = (
    *kept_rows(WARNING),
    Rule(
        name="one_location_an_alias",
        severity=CRITICAL,
        reason="A name leads to one location at a time, or a document about one park would be "
        "filed under another (`SPOORZONE` in the park register is in Raalte).",
        expect=at_most("at_once", 1),
        over=owners,
    ),
    Rule(
        name="alias_of_a_location",
        severity=CRITICAL,
        reason="An alias leads to a location that exists.",
        expect=holds("known"),
        over=referred("location_id", "location", "location_id"),
    ),
    Rule(
        name="alias_ends_after_it_begins",
        severity=CRITICAL,
        reason="`valid_to` is the first day on which a name is no longer used.",
        expect=not_less("valid_to", "valid_from"),
        over=spans("valid_from", "valid_to", "location_id", "alias"),
    ),
    Rule(
        name="alias_has_letters",
        severity=CRITICAL,
        reason="An empty alias would be found in every document.",
        expect=matches("alias", r"\w{2}"),
        over=distinct("alias"),
    ),
    Rule(
        name="alias_without_blanks_around",
        severity=WARNING,
        reason="A name with blanks around it is not found inside brackets or before a comma.",
        expect=at_most("blanks", 0),
        over=edges,
    ),
    Rule(
        name="alias_source_given",
        severity=CRITICAL,
        reason="Whoever relies on a name must be able to see who uses it.",
        expect=matches("source", r"\S"),
        over=distinct("source"),
    ),
    nothing_gone(
        "alias",
        "alias",
        WARNING,
        "A name that is no longer used gets an end date, for older documents still use it.",
    ),
)
