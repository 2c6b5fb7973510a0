"""One document from blocks to rows: sections, and all that is found in them.

The modules beside this one each find one sort of thing; here they are called in turn, and what
they find gets its keys. What needs several documents at once (which performance is the same
through the years, which decision is named twice) is `assets.marts.documents`' work.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from assets.catalogue import Catalogue
from assets.documents.blocks import Block
from assets.documents.findings import (
    amounts,
    areas,
    people,
    references,
    relations,
    statements,
)
from assets.documents.findings.organisations import Organisations
from assets.documents.findings.shares import Shares
from assets.documents.places import links, sets
from assets.documents.places.gazetteer import Gazetteer
from assets.documents.records import Mention, Parsed, Reference, Section, Span, Unread, identify
from assets.documents.structure import fields, milestones, performances, sections
from assets.documents.wordings import Wordings

Row = dict[str, Any]
PORTFOLIO_HOLDER = "portefeuillehouder"
SURE = 0.95
"""Of a portfolio holder: the field says so."""


@dataclass(frozen=True)
class Vocabulary:
    """What texts are read with, compiled once for all of them."""

    wordings: Wordings
    gazetteer: Gazetteer
    organisations: Organisations
    sites: Mapping[str, str]
    """Site by id of the facility that lies in it."""

    @cached_property
    def shares(self) -> Shares:
        """Reads shares of those organisations."""
        return Shares(self.organisations)

    @classmethod
    def of_catalogue(cls, catalogue: Catalogue, municipalities: Mapping[str, str]) -> Vocabulary:
        """From the declarations, and the names of municipalities by code."""
        return cls(
            Wordings(catalogue.labels.values()),
            Gazetteer.of_catalogue(catalogue, municipalities),
            Organisations(catalogue.organisations.values()),
            {o.id: o.site for o in catalogue.organisations.values() if o.site},
        )


@dataclass(frozen=True)
class Known:
    """What is known of a document beside its words."""

    document_id: str
    organisation: str | None = None
    year: int | None = None
    latest: int | None = None
    """Newest year that a reference in it can have."""

    @property
    def on(self) -> dt.date | None:
        """A day of the document, for names that are dated: the last of its year."""
        return dt.date(self.year, 12, 31) if self.year else None


@dataclass
class Extract:
    """What one document holds: rows by table, each with the columns of that table but for those
    that need other documents. Performances are known here by their number."""

    parsed: Parsed
    rows: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    decisions: list[Row] = field(default_factory=list)
    """Each mention of a decision."""
    organisations: set[str] = field(default_factory=set)
    """Organisations that are named, by id."""
    unread: list[Unread] = field(default_factory=list)


def extract(
    known: Known,
    pages: Sequence[tuple[int, str | None, Sequence[Block]]],
    vocabulary: Vocabulary,
) -> Extract:
    """All records of one document. `pages`: number, address (or name of the file) and blocks of
    each, in order."""
    wordings = vocabulary.wordings
    parsed = sections.parse(pages, wordings)
    found = Extract(parsed, unread=list(parsed.unread))
    found.rows["document_section"] = [_section_row(known, one) for one in parsed.sections]

    fields_of = _fields(known, parsed.sections, wordings, found)
    found.rows["performance"] = performances.read(parsed, fields_of, wordings)
    for section in parsed.sections:
        for row in milestones.read(section, fields_of.get(section.path, ()), wordings):
            key = identify(known.document_id, section.path, row["quote_start"])
            found.rows["milestone"].append({"milestone_id": key, **row})
        rows, unread = amounts.find(section, wordings)
        found.unread += unread
        for row in rows:
            key = identify(known.document_id, section.path, row["quote_start"])
            found.rows["amount"].append({"amount_id": key, **row})

    in_title, places, in_headings, organisations_in = _names(known, parsed, vocabulary)
    found.decisions = references.decisions(parsed.sections, wordings, latest=known.latest)
    references_in = {s.path: references.find(s.text, latest=known.latest) for s in parsed.sections}
    for section in parsed.sections:
        found.unread += references.implausible(section, latest=known.latest)

    _quantities(known, parsed, vocabulary, organisations_in, found)
    _people(known, parsed, vocabulary, places, organisations_in, fields_of, found)
    _statements_and_relations(known, parsed, vocabulary, organisations_in, references_in, found)

    counted = [one for s in parsed.sections for one in sets.find_sets(s, places[s.path])]
    found.rows["location_set"] = [one.row(known.document_id) for one in counted]
    found.rows["evidence"] = links.link(
        known.document_id,
        parsed.sections,
        places,
        references_in,
        organisations_in,
        counted,
        performances={row["code"]: row["code"] for row in found.rows["performance"]},
        subjects=list(_subjects(found)),
        sites=vocabulary.sites,
        relations=found.rows["relation"],
        title=in_title,
        headings=in_headings,
    )
    found.organisations |= {one.id for named in organisations_in.values() for one in named}
    for rows in found.rows.values():
        for row in rows:
            row.setdefault("document_id", known.document_id)
    for row in found.decisions:
        row["document_id"] = known.document_id
    return found


def _section_row(known: Known, section: Section) -> Row:
    return {
        "document_id": known.document_id,
        "section": section.path,
        "position": section.position,
        "heading": section.heading,
        "role": section.role,
        "performance_code": section.code,
        "text": section.text,
        "truncated": section.truncated,
        # Of a dropped file its name stood in for the address.
        "url": section.url if section.url and "://" in section.url else None,
    }


def _fields(
    known: Known, found_in: Sequence[Section], wordings: Wordings, found: Extract
) -> dict[str, list[fields.Field]]:
    """Fields by path of section; each is a row as well, also one whose label nobody declared."""
    by_section = {}
    for section in found_in:
        here, unread = fields.read(section, wordings)
        found.unread += unread
        if not here:
            continue
        by_section[section.path] = here
        found.rows["performance_field"] += [
            {
                "section": section.path,
                "quote_start": one.start,
                "performance_code": section.code,
                "label": one.label,
                "means": one.means,
                "wording": one.wording_id,
                "value": one.value,
                "quote_end": one.end,
            }
            for one in here
        ]
    return by_section


def _names(
    known: Known, parsed: Parsed, vocabulary: Vocabulary
) -> tuple[
    list[Mention], dict[str, list[Mention]], dict[str, list[Mention]], dict[str, list[Mention]]
]:
    """Locations in the title; locations that each section names in its text, and in its heading;
    and organisations that it names, by its path. The name of an organisation within that of a
    location is the location's."""
    texts = [section.text for section in parsed.sections]
    texts += [section.heading for section in parsed.sections]
    in_title, found = vocabulary.gazetteer.document(parsed.title, texts, on=known.on)
    paths = [section.path for section in parsed.sections]
    places = dict(zip(paths, found, strict=False))
    in_headings = dict(zip(paths, found[len(paths) :], strict=True))
    organisations_in = {
        section.path: vocabulary.organisations.find(
            section.text, [(place.start, place.end) for place in places[section.path]]
        )
        for section in parsed.sections
    }
    return in_title, places, in_headings, organisations_in


def _quantities(
    known: Known,
    parsed: Parsed,
    vocabulary: Vocabulary,
    organisations_in: Mapping[str, Sequence[Mention]],
    found: Extract,
) -> None:
    """Shares of parties and areas of land; a party named by its bare name counts as named."""
    titles = {one.code: one.title for one in parsed.performances}
    for section in parsed.sections:
        title = titles.get(section.code or "", "") or parsed.title
        rows, unread = vocabulary.shares.find(
            section, organisations_in[section.path], title, known.organisation
        )
        of_land, more = areas.find(section)
        found.unread += [*unread, *more]
        for row in (*rows, *of_land):
            key = identify(known.document_id, section.path, row["quote_start"], row["name"])
            found.rows["quantity"].append({"quantity_id": key, **row})
            found.organisations |= {row["organisation_id"], row["of_organisation_id"]} - {None}


def _people(
    known: Known,
    parsed: Parsed,
    vocabulary: Vocabulary,
    places: Mapping[str, Sequence[Mention]],
    organisations_in: dict[str, list[Mention]],
    fields_of: Mapping[str, Sequence[fields.Field]],
    found: Extract,
) -> None:
    """People in their roles: portfolio holders from the fields, others from the prose; and the
    organisations that are named only with them."""
    about = _about(places)
    rows = [
        {
            "person": one.value.rstrip(" ."),
            "role": PORTFOLIO_HOLDER,
            "organisation_id": known.organisation,
            "location_id": None,
            "performance_code": section.code,
            "since": None,
            "since_precision": None,
            "valid_from": None,
            "section": section.path,
            "quote_start": one.value_start,
            "quote_end": one.value_start + len(one.value.rstrip(" .")),
            "confidence": SURE,
        }
        for section in parsed.sections
        for one in fields_of.get(section.path, ())
        if one.means == "portfolio_holder" and one.value.strip(" .")
    ]
    said = people.find(parsed.sections, organisations_in, vocabulary.organisations.places, places)
    rows += [{"location_id": about, **row} for row in said.roles]
    found.rows["organisation"] = [
        {"source": f"document {known.document_id}", **row} for row in said.organisations
    ]
    for path, mentions in said.mentions.items():
        organisations_in[path] = sorted(
            [*organisations_in.get(path, ()), *mentions], key=lambda mention: mention.start
        )
    found.rows["person_role"] = [
        {
            "person_role_id": identify(
                known.document_id, row["person"], row["role"], row["section"], row["quote_start"]
            ),
            **row,
        }
        for row in rows
    ]


def _about(places: Mapping[str, Sequence[Mention]]) -> str | None:
    """The location that a document is about, where it names one and no other."""
    named = {mention.id for mentions in places.values() for mention in mentions}
    return named.pop() if len(named) == 1 else None


def _statements_and_relations(
    known: Known,
    parsed: Parsed,
    vocabulary: Vocabulary,
    organisations_in: Mapping[str, Sequence[Mention]],
    references_in: Mapping[str, Sequence[Reference]],
    found: Extract,
) -> None:
    for row in statements.find(
        parsed.sections, found.rows["person_role"], vocabulary.organisations.places
    ):
        key = identify(known.document_id, row["section"], row["quote_start"], row["kind"])
        found.rows["statement"].append({"statement_id": key, **row})
    said = relations.find(
        parsed.sections, organisations_in, found.rows["person_role"], references_in
    )
    for row in said:
        key = identify(
            known.document_id,
            row["subject_id"],
            row["predicate"],
            row["object_id"],
            row["section"],
            row["quote_start"],
        )
        found.rows["relation"].append({"relation_id": key, **row})


def _subjects(found: Extract) -> Iterable[tuple[str, str, Span]]:
    """What may be linked to a location by its own place in the text."""
    for kind in ("milestone", "amount", "statement"):
        for row in found.rows[kind]:
            place = Span(row["section"], row["quote_start"], row["quote_end"])
            yield kind, row[f"{kind}_id"], place
