"""A suite a table: what its declaration implies, and what we know of its subject.

Importing this imports neither Great Expectations nor pandas nor polars: rules are declarations,
and views are functions that are called when a frame is judged.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from expectations.structure import structural_rules
from expectations.suites import (
    activities,
    amounts,
    boundaries,
    budget_amount,
    budget_line,
    company,
    contribution,
    decisions,
    dictionary,
    document_pages,
    documents,
    establishment,
    figure,
    indicator,
    indicator_recut,
    indicator_value,
    location,
    location_alias,
    location_boundary,
    location_links,
    location_member,
    location_outline,
    operational,
    organisations,
    outline,
    performances,
    postcode_area,
    quantities,
    region,
)
from warehouse.tables import activities as activity_tables
from warehouse.tables import boundaries as boundary_tables
from warehouse.tables import core, findings, mart
from warehouse.tables import documents as document_tables

if TYPE_CHECKING:
    from expectations.rules import Rule
    from warehouse.vocabulary import Table

_WRITTEN: dict[type[Table], tuple[Rule, ...]] = {
    core.Figure: figure.RULES,
    core.Region: region.RULES,
    core.Outline: outline.RULES,
    core.PostcodeArea: postcode_area.RULES,
    core.BudgetLine: budget_line.RULES,
    core.Establishment: establishment.RULES,
    core.Contribution: contribution.RULES,
    core.Company: company.RULES,
    core.DocumentPage: document_pages.DOCUMENT_PAGE,
    core.DocumentBlock: document_pages.DOCUMENT_BLOCK,
    mart.Location: location.RULES,
    mart.LocationAlias: location_alias.RULES,
    mart.LocationBoundary: location_boundary.RULES,
    mart.LocationMember: location_member.RULES,
    mart.LocationOutline: location_outline.RULES,
    mart.Indicator: indicator.RULES,
    mart.IndicatorValue: indicator_value.RULES,
    mart.BudgetAmount: budget_amount.RULES,
    boundary_tables.AreaRelation: boundaries.AREA_RELATION,
    boundary_tables.IndicatorRecut: indicator_recut.RULES,
    boundary_tables.AreaComparable: boundaries.AREA_COMPARABLE,
    activity_tables.ActivityConcordance: activities.RULES,
    document_tables.Document: documents.DOCUMENT,
    document_tables.DocumentSection: documents.DOCUMENT_SECTION,
    document_tables.Performance: performances.PERFORMANCE,
    document_tables.PerformanceField: performances.PERFORMANCE_FIELD,
    document_tables.PerformanceName: performances.PERFORMANCE_NAME,
    document_tables.PerformanceSuccession: performances.PERFORMANCE_SUCCESSION,
    document_tables.Milestone: decisions.MILESTONE,
    findings.Decision: decisions.DECISION,
    findings.Amount: amounts.RULES,
    findings.Quantity: quantities.RULES,
    findings.Organisation: organisations.ORGANISATION,
    findings.PersonRole: organisations.PERSON_ROLE,
    findings.Relation: organisations.RELATION,
    findings.Statement: organisations.STATEMENT,
    findings.Evidence: location_links.EVIDENCE,
    findings.LocationSet: location_links.LOCATION_SET,
    mart.SourceRelease: operational.SOURCE_RELEASE,
    mart.SourceStatus: operational.SOURCE_STATUS,
    mart.ExpectationResult: operational.EXPECTATION_RESULT,
    mart.Quarantine: operational.QUARANTINE,
    mart.Publication: operational.PUBLICATION,
    mart.Dictionary: dictionary.RULES,
}


def written(table: type[Table]) -> tuple[Rule, ...]:
    """The rules that somebody wrote for `table`. Raises KeyError where it has no suite."""
    return _WRITTEN[table]


@cache
def suite(table: type[Table]) -> tuple[Rule, ...]:
    """All rules of `table`: those that follow from its declaration, then the written ones."""
    return (*structural_rules(table), *written(table))
