"""Everything that documents say, as tables: each document read by itself, then what needs several.

Pages and blocks come from core; what they mean comes from the catalogue. The same input gives the
same rows, in whatever order documents arrived.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from assets.catalogue import Catalogue
from assets.documents.blocks import Block
from assets.documents.extraction import Extract, Known
from assets.documents.findings import references
from assets.documents.many import Document, extract_all
from assets.documents.structure import likeness, lineage
from assets.documents.structure.openings import UNNUMBERED
from warehouse.tables import documents, findings
from warehouse.vocabulary import key_of as key_of_table
from warehouse.vocabulary import polars_schema

if TYPE_CHECKING:
    import polars as pl

Row = dict[str, Any]
UNREAD = "unread"
"""What no table takes: texts that could not be placed, with the reason; they go to quarantine."""


@dataclass(frozen=True)
class _Facts:
    """What a document is, from its catalogue entry or that of its site."""

    organisation: str | None = None
    document_type: str | None = None
    year: int | None = None
    edition: str | None = None
    url: str | None = None


def records(
    catalogue: Catalogue,
    pages: Sequence[pl.LazyFrame],
    blocks: Sequence[pl.LazyFrame],
    releases: pl.DataFrame,
    areas: Sequence[pl.LazyFrame],
) -> dict[str, pl.DataFrame]:
    """All tables of documents by name, and `unread` (columns `reason`, `record`).

    `pages` and `blocks`: core tables by source; `releases`: `release_id`, `known_from`,
    `synthetic`; `areas`: core regions, for the names of municipalities.
    """
    known_of = {row["release_id"]: row for row in releases.iter_rows(named=True)}
    described: list[tuple[_Facts, list[Row], Row]] = []
    texts: list[Document] = []
    for rows, its_blocks in _by_document(pages, blocks):
        facts = _facts(catalogue, rows)
        release = known_of.get(rows[0]["release_id"], {})
        # A document can announce what its next year will decide, and refer to it by number.
        latest = facts.year or _year_of(release.get("known_from"))
        known = Known(
            rows[0]["document_id"],
            facts.organisation,
            facts.year,
            latest + 1 if latest else None,
        )
        described.append((facts, rows, release))
        texts.append((known, its_blocks))
    found = extract_all(catalogue, _municipalities(areas), texts)
    extracts = [(_document(*of, one), one) for of, one in zip(described, found, strict=True)]
    return _tables(catalogue, extracts)


def _year_of(moment: dt.datetime | None) -> int | None:
    return moment.year if moment else None


def _municipalities(areas: Sequence[pl.LazyFrame]) -> dict[str, str]:
    """Name of each municipality by its code, as the newest list of areas has it."""
    import polars as pl

    if not areas:
        return {}
    named = pl.concat(list(areas)).filter(kind="municipality").sort("edition").collect()
    return dict(named.select("region_code", "name").iter_rows())


def _by_document(
    pages: Sequence[pl.LazyFrame], blocks: Sequence[pl.LazyFrame]
) -> Iterator[tuple[list[Row], list[tuple[int, str | None, list[Block]]]]]:
    """Each document once: rows of its pages, and their blocks, in order."""
    import polars as pl

    if not pages or not blocks:
        return
    order = ["document_id", "source", "edition", "page"]
    all_pages = pl.concat(list(pages)).filter(pl.col("refused").is_null()).sort(order).collect()
    said = pl.concat(list(blocks)).sort([*order, "position"]).collect()
    of_page: dict[tuple[str, str, int], list[Block]] = {}
    for (source, edition, page), rows in groupby(
        said.select(
            "source", "edition", "page", "kind", "text", "level", "gap", "links"
        ).iter_rows(),
        key=lambda row: row[:3],
    ):
        of_page[source, edition, page] = [
            Block(kind, text, level, gap, tuple(links.split()) if links else ())
            for _, _, _, kind, text, level, gap, links in rows
        ]
    named = all_pages.iter_rows(named=True)
    for _, together in groupby(named, key=lambda row: str(row["document_id"])):
        its_pages: list[Row] = list(together)
        # Dropped in two sources at once it is still one document; one dropped twice has no blocks
        # of its own the second time.
        first = (its_pages[0]["source"], its_pages[0]["edition"])
        own = [page for page in its_pages if (page["source"], page["edition"]) == first]
        keys = [(page["source"], page["edition"], page["page"]) for page in own]
        yield (
            own,
            [
                (page["page"], page["url"] or page["name"], of_page[key])
                for page, key in zip(own, keys, strict=True)
                if key in of_page
            ],
        )


def _facts(catalogue: Catalogue, pages: Sequence[Row]) -> _Facts:
    """What is declared of a document: of its edition, or of a file by hash, address or name."""
    page = pages[0]
    source = catalogue.sources[page["source"]]
    declared = source.editions.get(page["edition"])
    if declared and declared.document:
        of = declared.document
        return _Facts(of.organisation, of.document_type, of.year, of.edition, declared.id)
    for entry in catalogue.documents.values():
        address = page["url"] or ""
        if (
            page["sha256"] in entry.sha256
            or (entry.url and _below(address, entry.url))
            or (entry.file_pattern and re.fullmatch(entry.file_pattern, page["name"]))
        ):
            return _Facts(entry.organisation, entry.document_type, entry.year, entry.edition)
    for source in catalogue.sources.values():
        for edition in source.editions.values():
            if edition.document and _below(page["url"] or "", edition.id):
                of = edition.document
                return _Facts(of.organisation, of.document_type, of.year, of.edition)
    return _Facts()


def _below(address: str, site: str) -> bool:
    """Whether an address is that of a site, or lies below it."""
    base = site.rstrip("/")
    return address == base or address.startswith(f"{base}/")


def _document(facts: _Facts, pages: Sequence[Row], release: Row, found: Extract) -> Row:
    """The row of one document."""
    parsed, page = found.parsed, pages[0]
    there = {one.code for one in parsed.performances}
    missing = [one for one in parsed.listed if one.code not in there]
    sort = facts.document_type
    if sort is None and not parsed.performances and found.rows["statement"]:
        sort = "article"
    years = [row["year"] for row in found.decisions if row["year"]]
    return {
        "document_id": page["document_id"],
        "organisation": facts.organisation,
        "document_type": sort,
        "year": facts.year,
        "edition": facts.edition,
        "not_before_year": max(years, default=None),
        "title": parsed.title or page["title"] or page["name"],
        "name": page["name"],
        "url": facts.url or page["url"],
        "published_on": dt.date.fromisoformat(parsed.published_on) if parsed.published_on else None,
        "built_at": dt.datetime.fromisoformat(parsed.built_at) if parsed.built_at else None,
        "exported_at": dt.datetime.fromisoformat(parsed.exported_at)
        if parsed.exported_at
        else None,
        "media_type": _together(row["media_type"] for row in pages),
        "charset": _together(row["charset"] for row in pages),
        "charset_from": _together(row["charset_from"] for row in pages),
        "mojibake": sum(row["mojibake"] for row in pages),
        "pages": len(pages),
        "characters": sum(len(section.text) for section in parsed.sections),
        "performances_stated": parsed.stated_count,
        "performances_found": len(there),
        "performances_missing": "; ".join(f"{one.code} {one.title}" for one in missing) or None,
        "sha256": page["sha256"] if len(pages) == 1 else _hash_of(pages, "sha256"),
        "text_sha256": page["text_sha256"] if len(pages) == 1 else _hash_of(pages, "text_sha256"),
        "release_id": page["release_id"],
        "synthetic": bool(release.get("synthetic")),
    }


def _together(values: Iterable[str | None]) -> str:
    return "; ".join(sorted({value for value in values if value}))


def _hash_of(pages: Sequence[Row], column: str) -> str:
    """One hash for all pages of a document."""
    import hashlib

    said = "\n".join(sorted(str(row[column]) for row in pages))
    return hashlib.sha256(said.encode()).hexdigest()


def _tables(
    catalogue: Catalogue, extracts: Sequence[tuple[Row, Extract]]
) -> dict[str, pl.DataFrame]:
    """What needs all documents at once, and every table in its declared columns."""
    import polars as pl

    key_of, names, successions = _recognised(catalogue, extracts)
    rows: dict[str, list[Row]] = {
        "document": [document for document, _ in extracts],
        "performance_name": names,
        "performance_succession": successions,
        "decision": references.merge(row for _, one in extracts for row in one.decisions),
        "organisation": _organisations(catalogue, extracts),
    }
    for document, one in extracts:
        for name, its in one.rows.items():
            rows.setdefault(name, []).extend(
                _with_keys(name, row, document["document_id"], key_of) for row in its
            )
    tables = {}
    for table in (*documents.TABLES, *findings.TABLES):
        schema = polars_schema(table)
        its = [
            {name: row.get(name) for name in schema} for row in rows.get(table.__tablename__, ())
        ]
        key = key_of_table(table)
        # Most keys are made from a place in a text: the same place twice is one thing found twice.
        frame = pl.DataFrame(its, schema=schema, strict=False).unique(
            key, keep="first", maintain_order=True
        )
        tables[table.__tablename__] = frame.sort(key)
    tables[UNREAD] = _unread(extracts)
    return tables


def _recognised(
    catalogue: Catalogue, extracts: Sequence[tuple[Row, Extract]]
) -> tuple[dict[tuple[str, str], str], list[Row], list[Row]]:
    """Our own key of each performance by document and number; names; successions."""
    found = [
        lineage.Found(
            document["document_id"],
            document["organisation"],
            document["year"],
            row["code"],
            row["title"],
        )
        for document, one in extracts
        for row in one.rows["performance"]
        if row["code"] != UNNUMBERED
    ]
    keys, names, successions = lineage.recognise(found, catalogue.performances.values())
    key_of = {(one.document_id, one.code): key for one, key in zip(found, keys, strict=True)}
    nameless = [
        (document["document_id"], one)
        for document, one in extracts
        if any(row["code"] == UNNUMBERED for row in one.rows["performance"])
    ]
    if nameless:
        known = _runs_by_performance(extracts, key_of)
        for document_id, one in nameless:
            own = likeness.runs(_own_words(one, UNNUMBERED))
            key_of[document_id, UNNUMBERED] = likeness.most_like(own, known) or (
                f"{UNNUMBERED}-{document_id}"
            )
    return key_of, names, successions


def _own_words(one: Extract, code: str) -> list[str]:
    """What a document says of a performance in its own words, without the fields."""
    return [
        section.text
        for section in one.parsed.sections
        if section.code == code and section.role != "basics"
    ]


def _runs_by_performance(
    extracts: Sequence[tuple[Row, Extract]], key_of: Mapping[tuple[str, str], str]
) -> dict[str, frozenset[int]]:
    runs: dict[str, frozenset[int]] = {}
    for document, one in extracts:
        for row in one.rows["performance"]:
            key = key_of.get((document["document_id"], row["code"]))
            if key:
                its = likeness.runs(_own_words(one, row["code"]))
                runs[key] = runs.get(key, frozenset()) | its
    return runs


def _with_keys(
    table: str, row: Row, document_id: str, key_of: Mapping[tuple[str, str], str]
) -> Row:
    """A row with our own keys of performances in the place of their numbers."""
    if table == "performance":
        return {**row, "performance_id": key_of[document_id, row["code"]]}
    if table == "evidence" and row["subject_kind"] == "performance":
        return {**row, "subject_id": key_of[document_id, row["subject_id"]]}
    if table == "relation":
        return row | {
            f"{side}_id": key_of.get((document_id, row[f"{side}_id"]), row[f"{side}_id"])
            for side in ("subject", "object")
            if row[f"{side}_kind"] == "performance"
        }
    return row


def _organisations(catalogue: Catalogue, extracts: Sequence[tuple[Row, Extract]]) -> list[Row]:
    """Declared organisations that a document names or publishes, and those found in texts alone."""
    found: dict[str, Row] = {}
    for _, one in extracts:
        for row in one.rows.get("organisation", ()):
            found.setdefault(row["organisation_id"], row)
    named = {document["organisation"] for document, _ in extracts}.union(
        *(one.organisations for _, one in extracts)
    )
    for entry in catalogue.organisations.values():
        if entry.id in named:
            found[entry.id] = {
                "organisation_id": entry.id,
                "name": entry.name,
                "kind": entry.kind,
                "aliases": "; ".join(entry.aliases) or None,
                "location_id": entry.site,
                "source": entry.source,
            }
    return [found[key] for key in sorted(found)]


def _unread(extracts: Sequence[tuple[Row, Extract]]) -> pl.DataFrame:
    import polars as pl

    rows = [
        (
            f"could_not_be_placed: {unread.reason.rstrip('.')}.",
            json.dumps(
                {
                    "document_id": document["document_id"],
                    "section": unread.section,
                    "text": unread.text,
                },
                ensure_ascii=False,
            ),
        )
        for document, one in extracts
        for unread in one.unread
    ]
    return pl.DataFrame(rows, schema={"reason": pl.String, "record": pl.String}, orient="row")
