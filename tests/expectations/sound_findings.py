"""Sound evidence for what is found in documents: the reports of `sound_documents`."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import cache
from typing import Any

import polars as pl

from expectations.rules import Evidence
from tests.expectations.sound_documents import (
    BASICS,
    BUDGET,
    ENERGY,
    FOUNDER,
    INTRO,
    MILESTONES,
    PROGRESS,
    QUOTATION,
    YEARS,
    milestones,
    performances,
    place,
    reports,
    sections,
    texts,
)
from tests.expectations.sound_mart import evidence as beside
from tests.expectations.sound_mart import locations, table_of
from warehouse.tables import findings


@cache
def decisions() -> pl.DataFrame:
    """A decision a year."""
    return table_of(
        findings.Decision,
        [
            {
                "reference": f"PS/{year}/101",
                "kind": "investment_decision",
                "body": "PS",
                "year": year,
                "title": "Hessenpoort",
                "documents": 1,
            }
            for year in YEARS
        ],
    )


@cache
def amounts() -> pl.DataFrame:
    """Three amounts a report that add up, and two that stand alone."""
    rows: list[dict[str, Any]] = []
    for year in YEARS:
        usual = {"performance_code": "8.1.5", "scope": "performance", "confidence": 0.9}
        for concept, label, said, value in (
            ("budgeted", "Begroot", "40.100", 40_100.0),
            ("realised", "Gerealiseerd", "39.600", 39_600.0),
            ("room", "Ruimte", "500", 500.0),
        ):
            rows.append(
                usual
                | place(year, BUDGET, f"{label} {said}")
                | {
                    "amount_id": f"{year}-{concept}",
                    "concept": concept,
                    "label": label,
                    "value": value,
                    "factor": 1000.0,
                    "factor_source": "template",
                    "amount_eur": value * 1000,
                    "period": str(year),
                    "statement_group": "1",
                }
            )
        single = {
            "amount_id": f"{year}-rijk",
            "concept": "contribution",
            "value": 7.5,
            "factor": 1e6,
            "factor_source": "word",
            "amount_eur": 7.5e6,
        }
        rows.append(usual | place(year, ENERGY, "€ 7,5 miljoen") | single)
        share = {"amount_id": f"{year}-bijdrage", "value": 2.0, "amount_eur": 2e6}
        rows.append(usual | single | place(year, BUDGET, "€ 2 mln") | share)
    return table_of(findings.Amount, rows)


@cache
def quantities() -> pl.DataFrame:
    """In each report two shares that make a whole, and three areas that make a rough one."""
    rows: list[dict[str, Any]] = []
    for year in YEARS:
        usual = {"performance_code": "5.1.2", "exactness": "exact", "confidence": 0.9}
        for party, said, value in (
            ("proefbedrijf", "62,5%", 62.5),
            ("modelfabriek", "37,5%", 37.5),
        ):
            share = {"kind": "share", "concept": "share", "unit": "pct", "decimals": 1}
            own = {"name": party, "organisation_id": party, "value": value, "part": "part"}
            rows.append(usual | share | own | place(year, INTRO, said) | {"statement_group": "s"})
        for part, said, value, decimals in (
            ("total", "14 ha", 14.0, 0),
            ("part", "7,5 ha", 7.5, 1),
            ("part", "3 ha", 3.0, 0),
            ("part", "4 ha", 4.0, 0),
        ):
            area = {"kind": "area", "concept": "issued", "unit": "ha", "decimals": decimals}
            own = {"value": value, "part": part, "statement_group": "a"}
            at = place(year, INTRO, f" {said} " if value == 4.0 else said)
            rows.append(usual | area | own | at)
            if part == "total":
                rows[-1]["exactness"] = "at_least"
    named = [
        row | {"quantity_id": f"{row['document_id']}-{row['kind']}-{row['value']:g}"}
        for row in rows
    ]
    return table_of(findings.Quantity, named)


@cache
def organisations() -> pl.DataFrame:
    """Four organisations, one of them lying in a site."""
    named = {
        "provincie-voorbeeld": "Provincie Voorbeeld",
        "provincie-model": "Provincie Model",
        "proefbedrijf": "Proefbedrijf",
        "modelfabriek": "Modelfabriek",
    }
    return table_of(
        findings.Organisation,
        [
            {
                "organisation_id": name,
                "name": shown,
                "kind": "facility" if name == "modelfabriek" else "firm",
                "location_id": "hessenpoort" if name == "modelfabriek" else None,
                "source": "invented",
            }
            for name, shown in named.items()
        ],
    )


@cache
def statements() -> pl.DataFrame:
    """A statement a report."""
    return table_of(
        findings.Statement,
        [
            {
                "statement_id": f"s{year}",
                "kind": "quotation",
                "speaker": "Truus Testpersoon",
                "speaker_role": "wethouder",
                "text": QUOTATION,
                "time": "morgen",
                "time_precision": "undated",
                "confidence": 0.9,
                **place(year, PROGRESS, QUOTATION),
            }
            for year in YEARS
        ],
    )


def decision() -> Evidence:
    """Decisions."""
    return beside(findings.Decision, decisions(), document=reports())


def amount() -> Evidence:
    """Amounts."""
    return beside(
        findings.Amount, amounts(), document_section=sections(), performance=performances()
    )


def amounts_of_a_table() -> Evidence:
    """Of each report a table of one column: 39.600 and 500 make 40.100."""
    rows = {"realised": "Lasten", "room": "Baten", "budgeted": "Totaal"}
    said = amount()
    frame = said.frame.filter(pl.col("concept").is_in(list(rows))).with_columns(
        row_label=pl.col("concept").replace_strict(rows),
        concept=pl.lit("budgeted"),
        label=pl.lit("Begroot"),
        statement_group=pl.lit(None, pl.String),
    )
    return replace(said, frame=frame, last_good=None)


def quantity() -> Evidence:
    """Quantities."""
    return beside(
        findings.Quantity,
        quantities(),
        document_section=sections(),
        performance=performances(),
        organisation=organisations(),
    )


def organisation() -> Evidence:
    """Organisations."""
    return beside(findings.Organisation, organisations(), location=locations())


def person_role() -> Evidence:
    """An alderman from a sentence and a portfolio holder from a field, in each report."""
    rows: list[dict[str, Any]] = []
    for year in YEARS:
        since = {
            "since": f"mei {year}",
            "since_precision": "month",
            "valid_from": dt.date(year, 5, 1),
        }
        rows.append(
            since
            | place(year, PROGRESS, "wethouder Truus Testpersoon")
            | {
                "person_role_id": f"p{year}a",
                "person": "Truus Testpersoon",
                "role": "wethouder",
                "organisation_id": "provincie-voorbeeld",
                "confidence": 0.9,
            }
        )
        rows.append(
            place(year, BASICS, "Jan Proefpersoon")
            | {
                "person_role_id": f"p{year}b",
                "person": "Proefpersoon",
                "role": "portfolio holder",
                "confidence": 0.95,
            }
        )
    frame = table_of(findings.PersonRole, rows)
    return beside(
        findings.PersonRole, frame, document_section=sections(), organisation=organisations()
    )


def relation() -> Evidence:
    """A firm that founded a facility."""
    rows = [
        {
            "relation_id": f"r{year}",
            "subject_kind": "organisation",
            "subject_id": "proefbedrijf",
            "predicate": "founder_of",
            "object_kind": "organisation",
            "object_id": "modelfabriek",
            "quote": FOUNDER,
            "confidence": 0.8,
            **place(year, PROGRESS, FOUNDER),
        }
        for year in YEARS
    ]
    frame = table_of(findings.Relation, rows)
    return beside(
        findings.Relation, frame, document_section=sections(), organisation=organisations()
    )


def statement() -> Evidence:
    """Statements."""
    return beside(findings.Statement, statements(), document_section=sections())


def evidence() -> Evidence:
    """A link from each kind of subject, in each report."""
    rows = []
    for year in YEARS:
        for kind, subject, relation, section in (
            ("decision", f"PS/{year}/101", "subject_of", PROGRESS),
            ("performance", "terreinen", "subject_of", INTRO),
            ("milestone", f"m{year}a", "subject_of", MILESTONES),
            ("organisation", "modelfabriek", "located_in", PROGRESS),
            ("amount", f"{year}-rijk", "mentioned", INTRO),
            ("statement", f"s{year}", "mentioned", PROGRESS),
        ):
            rows.append(
                {
                    "evidence_id": f"{year}-{kind}",
                    "subject_kind": kind,
                    "subject_id": subject,
                    "location_id": "hessenpoort",
                    "relation": relation,
                    "quote": "Hessenpoort",
                    "in_heading": False,
                    "confidence": 0.9,
                    "reason": "same sentence",
                    **place(year, section, "Hessenpoort"),
                }
            )
    frame = table_of(findings.Evidence, rows)
    return beside(
        findings.Evidence,
        frame,
        location=locations(),
        document_section=sections(),
        decision=decisions(),
        performance=performances(),
        milestone=milestones(),
        organisation=organisations(),
        amount=amounts(),
        statement=statements(),
    )


def location_set() -> Evidence:
    """A set of two in each report."""
    rows = [
        {
            "location_set_id": f"l{year}",
            "name": "terreinen",
            "declared_count": 2,
            "found_count": 2,
            "members": "hessenpoort; bedrijvenpark-a1",
            **place(year, INTRO, texts(year)[INTRO][2]),
        }
        for year in YEARS
    ]
    frame = table_of(findings.LocationSet, rows)
    return beside(findings.LocationSet, frame, location=locations(), document_section=sections())
