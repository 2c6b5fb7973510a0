"""The typed models of what is needed to read documents: wordings, organisations, performances
through the years, and facts about single documents.

All of these are data that an analyst extends when a publisher words something anew.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from assets.catalogue.entry import Entry, Identifier, SiteId
from warehouse.tables import documents, findings

DocumentType = Literal["budget", "monitor", "annual_report", "perspective", "programme", "article"]
OrganisationKind = Literal[
    "government",
    "firm",
    "development_company",
    "university",
    "network",
    "facility",
    "committee",
    "other",
]
assert set(DocumentType.__args__) == set(documents.DOCUMENT_TYPES)  # type: ignore[attr-defined]
assert set(OrganisationKind.__args__) == set(findings.ORGANISATION_KINDS)  # type: ignore[attr-defined]

MEANINGS: dict[str, tuple[str, ...]] = {
    "heading": documents.ROLES,
    "field": documents.FIELDS,
    "status": documents.STATUSES,
    "amount": findings.CONCEPTS,
    "decision": findings.DECISION_KINDS,
    "milestone": ("met", "planned", "late", "dropped", "unknown"),
}
"""What a label of each kind can mean."""


class Wording(Entry):
    """A way in which a publisher writes something: since when, until when, and where it was seen."""

    text: str
    """As written, without closing colon or question mark. A `*` stands for any words. Capitals,
    accents, and blanks around a slash make no difference."""
    source: str
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None


class Label(Entry):
    """What a heading, the label of a field, a status, or the name of an amount means."""

    id: Identifier
    kind: Literal["heading", "field", "status", "amount", "decision", "milestone"]
    means: str
    wordings: tuple[Wording, ...] = Field(min_length=1)
    lines: Literal["one", "many"] = "many"
    """Whether the value of a field is one line; a line after it then belongs to no label."""

    @model_validator(mode="after")
    def known_meaning(self) -> Self:
        if self.means not in MEANINGS[self.kind]:
            raise ValueError(
                f"means: a {self.kind} can mean {', '.join(MEANINGS[self.kind])}; not {self.means!r}"
            )
        return self


class OrganisationEntry(Entry):
    """An organisation, committee or facility, under all its names."""

    id: SiteId
    name: str
    kind: OrganisationKind
    aliases: tuple[str, ...] = ()
    site: SiteId | None = None
    """Site in which it lies, of a facility."""
    source: str


class Succession(Entry):
    """A number under which a performance went on, or that merged into it."""

    former_code: str
    code: str
    year: int
    """First year of the new number."""
    kind: Literal["renumbered", "merged", "split", "renamed"]
    source: str


class PerformanceEntry(Entry):
    """A performance that is followed through the years: the numbers and titles it has had."""

    id: SiteId
    organisation: SiteId
    titles: tuple[str, ...] = Field(min_length=1)
    """Titles, capitals and accents aside; a `*` stands for any words."""
    codes: tuple[str, ...] = ()
    """Numbers it has had. A number alone recognises it only in documents of its organisation."""
    valid_from: int | None = None
    valid_to: int | None = None
    """First and last year for which its numbers hold."""
    successions: tuple[Succession, ...] = ()


class DocumentEntry(Entry):
    """What is known of a document that does not say it itself: whose, what, of which year."""

    id: SiteId
    organisation: SiteId
    document_type: DocumentType
    year: int
    edition: Annotated[str, StringConstraints(pattern=r"^[1-9]$")] | None = None
    url: str | None = None
    sha256: tuple[Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")], ...] = ()
    """Hashes of files that are this document."""
    file_pattern: str | None = None
    """Regular expression on the whole name of a dropped file."""
    source: str

    @model_validator(mode="after")
    def recognisable(self) -> Self:
        if not (self.sha256 or self.file_pattern or self.url):
            raise ValueError(
                "say how the document is recognised: `sha256: [...]`, `file_pattern: ...` or `url: ...`"
            )
        return self
