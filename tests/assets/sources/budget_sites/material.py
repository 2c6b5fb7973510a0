"""Two sites of planning & control documents to be asked by tests, and what is seen of them."""

from __future__ import annotations

from assets.catalogue.document_models import DocumentType
from assets.catalogue.models import EditionOf, SiteOfDocument, Source
from assets.sources.site_crawl import Site
from tests.assets.material import source
from tests.publishers.budget_sites import BudgetSites

ONE, TWO = "overijssel.jaarverslag-2016.nl", "destaatvan.overijssel.nl"
FIRST_SITE = Site(ONE, "/", 1, 100)
SECOND_SITE = Site(TWO, "/monitor-2020-ii/", 2, 100)


def edition(
    address: str, generation: int, kind: DocumentType = "annual_report", most: int = 20
) -> EditionOf:
    return EditionOf(
        id=address,
        document=SiteOfDocument(
            organisation="provincie-overijssel",
            document_type=kind,
            year=2016,
            generation=generation,  # type: ignore[arg-type]
            max_pages=most,
        ),
    )


def documents(**editions: EditionOf) -> Source:
    return source(
        name="sites",
        publisher="budget_documents",
        protocol="budget_site",
        subject="documents",
        editions=editions,
    )


SITES = documents(
    first=edition(f"https://{ONE}/", 1), second=edition(f"https://{TWO}/monitor-2020-ii/", 2)
)
ONLY_FIRST = documents(first=SITES.editions["first"])


def page(*links: str, text: str = "Tekst", head: str = "") -> str:
    anchors = "".join(f'<li><a class="x" href="{link}">verder</a></li>' for link in links)
    return (
        f"<!DOCTYPE html><html><head>{head}</head><body><h1>{text}</h1><p>{text} op deze plek.</p>"
        f"<ul>{anchors}</ul></body></html>"
    )


def asked(sites: BudgetSites) -> list[str]:
    return [f"{request.status} {request.target}" for request in sites.requests]


def texts(taken: object) -> list[tuple[str, str]]:
    rows = taken.table.rows  # type: ignore[attr-defined]
    return list(rows.select("url", "text").unique(maintain_order=True).iter_rows())
