"""Sound evidence for the tables of documents: six invented annual reports of an invented province.

Every place in a text is looked up in the text, so that only what a test damages is wrong.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from functools import cache
from typing import Any

import polars as pl

from expectations.rules import Evidence
from tests.expectations.sound_mart import evidence as beside
from tests.expectations.sound_mart import table_of
from warehouse.tables import core, documents

YEARS = range(2016, 2022)
SOURCE, EDITION = "voorbeeld_site", "jaarverslag-2016"
RELEASE = f"{SOURCE}:{EDITION}:2022-03-26T101500:0a1b2c3d"
ADDRESS = "https://jaarverslag.provincie-voorbeeld.example"

INTRO, CONTEXT, PROGRESS = "5.1.2", "5.1.2 > Context", "5.1.2 > Toelichting op voortgang"
MONEY = "5.1.2 > Financiën > Toelichting op voortgang"
BASICS, MILESTONES = "5.1.2 > Basisinformatie", "5.1.2 > Mijlpalen"
ENERGY, BUDGET = "8.1.5", "8.1.5 > Financiën"
QUOTATION = "Hier groeit de maakindustrie van morgen"
FOUNDER = "Proefbedrijf is oprichter van Modelfabriek"


def texts(year: int) -> dict[str, tuple[str, str, str]]:
    """Role, number and text of the sections of one report, by path."""
    return {
        INTRO: (
            "intro",
            "5.1.2",
            "Er zijn twee terreinen in beeld: Hessenpoort en het A1-terrein.\n\nDeelnemers in het park: "
            "Proefbedrijf (62,5%) en Modelfabriek (37,5%). Verkocht is ruim 14 ha: 7,5 ha in het "
            "noorden, 3 ha in het zuiden en 4 ha langs het spoor.",
        ),
        CONTEXT: ("context", "5.1.2", "De inzet is een vervolg op het plan van een jaar eerder…"),
        PROGRESS: (
            "progress",
            "5.1.2",
            f"Over Hessenpoort is besloten (PS/{year}/101).\n\n‘{QUOTATION}’, aldus wethouder "
            f"Truus Testpersoon, sinds mei {year} in functie. {FOUNDER}.",
        ),
        MONEY: ("finance", "5.1.2", "Geen afwijking."),
        BASICS: (
            "basics",
            "5.1.2",
            f"Verantwoordelijk portefeuillehouder:\nJan Proefpersoon\nLooptijd: tot {year + 4}",
        ),
        MILESTONES: (
            "milestones",
            "5.1.2",
            f"Besluit over Hessenpoort, zie PS/{year}/101\tQ4 {year}\nOpening van het A1-terrein",
        ),
        ENERGY: ("intro", "8.1.5", "Warmte uit de bodem, met € 7,5 miljoen van het Rijk."),
        BUDGET: (
            "finance",
            "8.1.5",
            "Begroot 40.100\nGerealiseerd 39.600\nRuimte 500\nBijdrage € 2 mln",
        ),
    }


def name_of(year: int) -> str:
    """Id of the report of a year."""
    return f"voorbeeld-jaarverslag-{year}"


def hash_of(said: object) -> str:
    """A SHA-256."""
    return hashlib.sha256(str(said).encode()).hexdigest()


def place(year: int, section: str, words: str) -> dict[str, Any]:
    """Where words stand in a report. Raises ValueError where they do not."""
    start = texts(year)[section][2].index(words)
    return {
        "document_id": name_of(year),
        "section": section,
        "quote_start": start,
        "quote_end": start + len(words),
    }


@cache
def pages() -> pl.DataFrame:
    """Twelve pages of one report, a dozen blocks on each."""
    return table_of(
        core.DocumentPage,
        [
            {
                "source": SOURCE,
                "edition": EDITION,
                "page": n,
                "document_id": name_of(2016),
                "name": f"pagina-{n}",
                "url": f"{ADDRESS}/p{n}/pagina-{n}",
                "media_type": "text/html",
                "sha256": hash_of(n),
                "text_sha256": hash_of(-n),
                "bytes": 4000 + n,
                "charset": "utf-8",
                "charset_from": "http",
                "mojibake": 0,
                "release_id": RELEASE,
            }
            for n in range(1, 13)
        ],
    )


def document_page() -> Evidence:
    """Pages."""
    return Evidence(pages(), core.DocumentPage, SOURCE, EDITION, last_good=pages())


def document_block() -> Evidence:
    """Blocks beside their pages."""
    kinds = (("heading", 2, "Kop"), ("paragraph", 0, "Een zin."), ("row", 1, "Begroot\t12"))
    frame = table_of(
        core.DocumentBlock,
        [
            {
                "source": SOURCE,
                "edition": EDITION,
                "page": page,
                "position": position,
                "document_id": name_of(2016),
                "kind": kind,
                "level": level,
                "gap": True,
                "text": text,
                "release_id": RELEASE,
            }
            for page in range(1, 13)
            for position, (kind, level, text) in enumerate(kinds, start=1)
        ],
    )
    others = {"document_page": pages()}
    return Evidence(frame, core.DocumentBlock, SOURCE, EDITION, last_good=frame, others=others)


@cache
def reports() -> pl.DataFrame:
    """A report a year."""
    return table_of(
        documents.Document,
        [
            {
                "document_id": name_of(year),
                "organisation": "provincie-voorbeeld",
                "document_type": "annual_report",
                "year": year,
                "not_before_year": year,
                "title": f"Jaarverslag {year}",
                "name": f"jaarverslag-{year}.html",
                "url": f"{ADDRESS}/{year}",
                "built_at": dt.datetime(year + 1, 4, 24, 12),
                "exported_at": dt.datetime(year + 1, 4, 23, 9),
                "media_type": "text/html",
                "charset": "utf-8",
                "charset_from": "http",
                "mojibake": 0,
                "pages": 1,
                "characters": 900,
                "performances_stated": 2,
                "performances_found": 2,
                "sha256": hash_of(year),
                "text_sha256": hash_of(-year),
                "release_id": RELEASE,
                "synthetic": True,
            }
            for year in YEARS
        ],
    )


@cache
def sections() -> pl.DataFrame:
    """Eight sections a report."""
    return table_of(
        documents.DocumentSection,
        [
            {
                "document_id": name_of(year),
                "section": path,
                "position": position,
                "heading": path.rpartition(" > ")[2],
                "role": role,
                "performance_code": code,
                "text": text,
                "truncated": path == CONTEXT,
                "url": f"{ADDRESS}/{year}",
            }
            for year in YEARS
            for position, (path, (role, code, text)) in enumerate(texts(year).items(), start=1)
        ],
    )


@cache
def fields() -> pl.DataFrame:
    """Two fields a report, and a colour that stands beside them."""
    rows = []
    for year in YEARS:
        text = texts(year)[BASICS][2]
        for means, label, value in (
            ("portfolio_holder", "Verantwoordelijk portefeuillehouder", "Jan Proefpersoon"),
            ("term", "Looptijd", f"tot {year + 4}"),
        ):
            words = text[text.index(label) : text.index(value) + len(value)]
            rows.append(
                {
                    **place(year, BASICS, words),
                    "performance_code": "5.1.2",
                    "label": label,
                    "means": means,
                    "wording": means,
                    "value": value,
                }
            )
    return table_of(documents.PerformanceField, rows)


@cache
def performances() -> pl.DataFrame:
    """Two performances a report: one on track, one with amounts and no status."""
    rows: list[dict[str, Any]] = []
    for year in YEARS:
        usual = {"document_id": name_of(year), "progress_status": "unknown"}
        rows.append(
            usual
            | {
                "code": "5.1.2",
                "performance_id": "terreinen",
                "title": "Ontwikkeling van terreinen",
                "goal_code": "5.1",
                "task_code": "5",
                "progress": texts(year)[PROGRESS][2],
                "progress_status": "deviation",
                "finance": "Geen afwijking.",
                "finance_status": "on_track",
                "portfolio_holder": "Jan Proefpersoon",
            }
        )
        rows.append(
            usual
            | {
                "code": "8.1.5",
                "performance_id": "bodemwarmte",
                "title": "Warmte uit de bodem",
                "goal_code": "8.1",
                "task_code": "8",
                "finance": texts(year)[BUDGET][2],
                "finance_status": "unknown",
            }
        )
    return table_of(documents.Performance, rows)


@cache
def milestones() -> pl.DataFrame:
    """Two milestones a report, one with its decision."""
    rows = []
    for year in YEARS:
        usual = {"performance_code": "5.1.2", "status": "planned"}
        first = f"Besluit over Hessenpoort, zie PS/{year}/101"
        due = {"due": f"Q4 {year}", "due_year": year, "decision": f"PS/{year}/101"}
        line = place(year, MILESTONES, f"{first}\tQ4 {year}")
        rows.append(usual | line | due | {"milestone_id": f"m{year}a", "title": first})
        second = "Opening van het A1-terrein"
        line = place(year, MILESTONES, second)
        rows.append(usual | line | {"milestone_id": f"m{year}b", "title": second})
    return table_of(documents.Milestone, rows)


def document() -> Evidence:
    """The reports."""
    return beside(documents.Document, reports())


def document_section() -> Evidence:
    """Their sections."""
    return beside(documents.DocumentSection, sections(), document=reports())


def performance() -> Evidence:
    """Their performances."""
    return beside(
        documents.Performance,
        performances(),
        document=reports(),
        document_section=sections(),
        performance_field=fields(),
    )


def performance_field() -> Evidence:
    """Fields."""
    return beside(documents.PerformanceField, fields(), document_section=sections())


def performance_name() -> Evidence:
    """One name of each performance for each two years."""
    rows = [
        {
            "performance_id": key,
            "code": code,
            "title": f"{title} {year}",
            "organisation": "provincie-voorbeeld",
            "first_year": year,
            "last_year": year + 1,
            "documents": 2,
            "recognised_by": "number and title",
        }
        for key, code, title in (
            ("terreinen", "5.1.2", "Ontwikkeling van terreinen"),
            ("bodemwarmte", "8.1.5", "Warmte uit de bodem"),
        )
        for year in YEARS[::2]
    ]
    frame = table_of(documents.PerformanceName, rows)
    return beside(documents.PerformanceName, frame, performance=performances())


def performance_succession() -> Evidence:
    """Numbers that merged."""
    rows = [
        {
            "performance_id": "bodemwarmte",
            "former_code": f"9.0.{n}",
            "code": "8.1.5",
            "year": 2016,
            "kind": "merged",
            "source": "Jaarverslag 2016",
        }
        for n in (2, 9, 11)
    ]
    frame = table_of(documents.PerformanceSuccession, rows)
    return beside(documents.PerformanceSuccession, frame)


def milestone() -> Evidence:
    """Milestones."""
    return beside(
        documents.Milestone, milestones(), document_section=sections(), performance=performances()
    )
