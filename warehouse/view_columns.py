"""What the columns of the views are: those of a table as the table says it, the others in words here.

A view takes most of its columns from tables, and says no more of them than the table does. Names
and types are held against what the databases say of the views by a test.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Protocol

from warehouse.tables import boundaries, documents, findings, mart
from warehouse.vocabulary import Column, Kind, Table, columns

Columns = tuple[Column, ...]
TEXT, INTEGER, COUNT, NUMBER, INSTANT, FLAG = (
    Kind.TEXT,
    Kind.INTEGER,
    Kind.COUNT,
    Kind.NUMBER,
    Kind.INSTANT,
    Kind.FLAG,
)


class Named(Protocol):
    """What a column of the profile needs to know of its indicator."""

    @property
    def id(self) -> str: ...
    @property
    def name_nl(self) -> str: ...
    @property
    def name_en(self) -> str: ...
    @property
    def unit(self) -> str: ...


def taken(table: type[Table], *names: str) -> Columns:
    """Columns of a view that are those of `table`; all of them where none is named.

    Raises KeyError for a name that the table does not declare.
    """
    known = {c.name: replace(c, is_key=False, nullable=True) for c in columns(table)}
    return tuple(known[name] for name in names or known)


def said(name: str, kind: Kind, comment: str, choices: tuple[str, ...] = ()) -> Column:
    """A column that only the view has."""
    return Column(name, comment, False, True, choices, False, kind)


def of_views(indicators: Iterable[Named]) -> dict[str, Columns]:
    """View -> its columns in order. `indicators` become columns of `location_profile`, by id."""
    return {
        "indicator_latest": (
            *taken(mart.IndicatorValue),
            said("newest", COUNT, "Always 1: the newest period that has a value, else the newest."),
        ),
        "indicator_change": (
            *taken(mart.IndicatorValue, "location_id", "indicator_id", "period"),
            said("changed_at", INSTANT, "From when it was known otherwise, UTC."),
            said(
                "change",
                TEXT,
                "What happened: never known before, back after it was withdrawn, a value where there was none, "
                "none where there was one, another value, the same value told otherwise, or withdrawn.",
                (
                    "first",
                    "returned",
                    "appeared",
                    "disappeared",
                    "revised",
                    "restated",
                    "withdrawn",
                ),
            ),
            said("value_before", NUMBER, "Value until then; null where there was none."),
            said("value_after", NUMBER, "Value from then on; null where there is none."),
            said(
                "difference", NUMBER, "Value after less value before, in the unit of the indicator."
            ),
            said("status_before", TEXT, "How final it was."),
            said("status_after", TEXT, "How final it is."),
            said("missing_reason_before", TEXT, "Why there was no value."),
            said("missing_reason_after", TEXT, "Why there is no value."),
            *taken(mart.IndicatorValue, "opened_by", "release_id", "synthetic"),
        ),
        "location_profile": (
            *taken(
                mart.Location,
                "location_id",
                "name",
                "name_en",
                "municipality_code",
                "province_code",
                "status",
                "boundary_status",
                "boundary_note",
                "clusters",
            ),
            *(
                said(one.id, NUMBER, f"{one.name_en}, {one.unit}: the newest value.")
                for one in sorted(indicators, key=lambda one: one.id)
            ),
            said(
                "synthetic_indicators",
                TEXT,
                "Indicators of this row whose value rests on invented data, separated by `; `.",
            ),
            said(
                "missing_indicators",
                TEXT,
                "Indicators without a value and why (`jobs: confidential`), separated by `; `.",
            ),
        ),
        "location_benchmark": (
            *taken(mart.IndicatorValue, "location_id"),
            *taken(mart.Location, "name"),
            *taken(mart.IndicatorValue, "indicator_id"),
            *taken(mart.Indicator, "name_nl", "name_en", "unit"),
            *taken(mart.IndicatorValue, "period", "value", "missing_reason", "method", "synthetic"),
            said("municipality_value", NUMBER, "Value of its municipality in the same period."),
            said("municipality_synthetic", FLAG, "True where that value rests on invented data."),
            said("province_value", NUMBER, "Value of its province in the same period."),
            said("province_method", TEXT, "How the value of the province was made.", mart.METHODS),
            said("country_value", NUMBER, "Value of the country in the same period."),
            *taken(mart.Location, "municipality_code", "province_code"),
        ),
        "indicator_newest_boundaries": taken(boundaries.IndicatorRecut),
        "neighbourhood_series": (
            *taken(mart.IndicatorValue, "location_id", "indicator_id"),
            *taken(boundaries.AreaComparable, "since"),
            *taken(
                mart.IndicatorValue,
                "period",
                "value",
                "status",
                "missing_reason",
                "method",
                "release_id",
                "synthetic",
            ),
            *taken(boundaries.AreaComparable, "edition", "comparable"),
        ),
        "source_freshness": (
            *taken(mart.SourceStatus, "source", "edition", "state", "stale", "reason"),
            *taken(
                mart.SourceRelease,
                "release_id",
                "identifier",
                "modified_at",
                "fetched_at",
                "rows",
                "synthetic",
            ),
            *taken(mart.SourceStatus, "cadence_days"),
        ),
        "location_dossier": (
            *taken(findings.Evidence, "location_id"),
            said(
                "year", INTEGER, "Year of the event, as far as `year_is` says; null where unknown."
            ),
            said(
                "year_is",
                TEXT,
                "How far the year is known: as stated, as the earliest it can be, or not.",
                ("stated", "not before", "undated"),
            ),
            said(
                "event",
                TEXT,
                "What happened or was said.",
                ("decided", "planned", "reported", "spent", "said", "takes part"),
            ),
            *taken(findings.Evidence, "subject_kind", "subject_id"),
            said(
                "title", TEXT, "The subject in words: reference, number and title, label, or name."
            ),
            said(
                "status",
                TEXT,
                "How it stands or what it is: kind of decision or statement, progress and finance, "
                "state of the milestone, concept of the amount, relation of the organisation.",
            ),
            said("amount_eur", NUMBER, "Euros, of an amount; of the whole, never a share of it."),
            said(
                "shared_by",
                INTEGER,
                "Locations beside which the same amount is shown; it is divided among none.",
            ),
            *taken(findings.Evidence, "relation", "document_id"),
            said("document_title", TEXT, "Title of the document that says so."),
            *taken(documents.Document, "organisation", "document_type", "edition"),
            *taken(findings.Evidence, "section", "quote_start", "quote_end", "quote", "in_heading"),
            said(
                "quotations",
                COUNT,
                "Quotations of that document for this line, of which the strongest is shown.",
            ),
            said("url", TEXT, "Page of the section, else of the document."),
            *taken(findings.Evidence, "confidence", "reason"),
            *taken(documents.Document, "synthetic"),
        ),
    }
