"""Indicators counted in documents: what counts, what does not, and when there is no value at all."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest

from assets.catalogue import load_catalogue
from assets.marts.document_counts import counted
from assets.marts.provenance import VALUE
from warehouse.tables import documents, findings
from warehouse.vocabulary import Table, polars_schema

SITE = "hessenpoort"


def frame(table: type[Table], *rows: dict[str, Any]) -> pl.DataFrame:
    """Rows of `table`; what is not named is null."""
    schema = polars_schema(table)
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)


def link(kind: str, subject: str, document: str = "d17", **more: Any) -> dict[str, Any]:
    """A sure link of a subject to the site."""
    usual = {"location_id": SITE, "relation": "subject_of", "confidence": 0.9}
    return usual | {"subject_kind": kind, "subject_id": subject, "document_id": document} | more


def counts(
    evidence: list[dict[str, Any]],
    performances: list[dict[str, Any]] | None = None,
    milestones: list[dict[str, Any]] | None = None,
    decisions: list[dict[str, Any]] | None = None,
) -> dict[str, dict[str, float]]:
    """Value by period of each indicator."""
    tables = {
        "document": frame(
            documents.Document,
            {"document_id": "d17", "year": 2017, "release_id": "r17"},
            {"document_id": "d18", "year": 2018, "release_id": "r18"},
            {"document_id": "undated", "year": None, "release_id": "r18"},
        ),
        "evidence": frame(findings.Evidence, *evidence),
        "performance": frame(documents.Performance, *(performances or [])),
        "milestone": frame(documents.Milestone, *(milestones or [])),
        "decision": frame(findings.Decision, *(decisions or [])),
    }
    releases = pl.DataFrame(
        {
            "release_id": ["r17", "r18"],
            "known_from": [dt.datetime(2018, 5, 1), dt.datetime(2019, 5, 1)],
            "synthetic": [False, True],
        },
        schema_overrides={"known_from": pl.Datetime("us")},
    )
    found = counted(load_catalogue(), tables, releases)
    assert set(found) == {"decisions", "deviations", "milestones_met"}
    assert all(tuple(one.columns) == VALUE for one in found.values())
    return {
        name: dict(one.filter(location_id=SITE).select("period", "value").iter_rows())
        for name, one in found.items()
    }


def test_a_decision_counts_once_in_the_year_of_its_reference() -> None:
    decisions = [{"reference": "PS/2016/1", "year": 2016}, {"reference": "PS/2016/2", "year": 2016}]
    evidence = [
        link("decision", "PS/2016/1"),
        link("decision", "PS/2016/1", "d18", relation="see_also"),
        link("decision", "PS/2016/2"),
    ]
    assert counts(evidence, decisions=decisions)["decisions"] == {"2016": 2}


@pytest.mark.parametrize("weak", [{"confidence": 0.5}, {"relation": "mentioned"}])
def test_a_weak_link_does_not_count(weak: dict[str, Any]) -> None:
    decisions = [{"reference": "PS/2016/1", "year": 2016}]
    evidence = [link("decision", "PS/2016/1", **weak)]
    assert counts(evidence, decisions=decisions)["decisions"] == {}


def test_no_deviation_is_zero_only_where_a_document_says_so() -> None:
    usual = {"performance_id": "p", "code": "5.1.1", "progress_status": "unknown"}
    on_track = usual | {"document_id": "d17", "finance_status": "on_track"}
    silent = usual | {"document_id": "d18", "finance_status": "unknown"}
    evidence = [link("performance", "p"), link("performance", "p", "d18")]
    assert counts(evidence, performances=[on_track, silent])["deviations"] == {"2017": 0}


def test_a_deviation_in_progress_or_money_counts_once() -> None:
    off = {
        "document_id": "d17",
        "performance_id": "p",
        "code": "5.1.1",
        "progress_status": "deviation",
        "finance_status": "deviation",
    }
    evidence = [link("performance", "p"), link("performance", "p", section="other")]
    assert counts(evidence, performances=[off])["deviations"] == {"2017": 1}


def test_a_milestone_repeated_next_year_counts_once_a_year() -> None:
    met = {"title": "Besluit genomen", "status": "met", "due_year": 2017}
    milestones = [
        met | {"milestone_id": "m1", "document_id": "d17"},
        met | {"milestone_id": "m2", "document_id": "d18", "title": "besluit genomen"},
        met | {"milestone_id": "m3", "document_id": "d18", "title": "Kade", "status": "unknown"},
    ]
    evidence = [link("milestone", m["milestone_id"], m["document_id"]) for m in milestones]
    assert counts(evidence, milestones=milestones)["milestones_met"] == {"2017": 1}


def test_a_document_without_a_year_counts_nowhere() -> None:
    off = {"document_id": "undated", "performance_id": "p", "code": "5.1.1"}
    off |= {"progress_status": "deviation", "finance_status": "unknown"}
    evidence = [link("performance", "p", "undated")]
    assert counts(evidence, performances=[off])["deviations"] == {}
