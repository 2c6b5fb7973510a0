"""Reads texts in tests as the pipeline does: blocks, sections, fields, rows; and the seeds."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from assets.catalogue.document_models import Label
from assets.catalogue.loading import HERE, _entries
from assets.documents.blocks import Block
from assets.documents.formats import plain_text
from assets.documents.records import Parsed, Section, Unread
from assets.documents.structure import fields, performances, sections
from assets.documents.structure.fields import Field
from assets.documents.wordings import Wordings
from tests.publishers import shared

SEED_PAGE = "003_1e3d8a0e7654ea52.txt"
SEED_ARTICLE = "000_1135969644123190.txt"


@lru_cache
def wordings() -> Wordings:
    """The declared wordings, without the rest of the catalogue."""
    labels, _ = _entries(Path(HERE), "labels", Label, "id")
    return Wordings(labels.values())


@dataclass
class Document:
    """A document as it was read."""

    parsed: Parsed
    fields: dict[str, list[Field]] = field(default_factory=dict)
    unread: list[Unread] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)

    def section(self, path: str) -> Section:
        return next(section for section in self.parsed.sections if section.path == path)

    @property
    def paths(self) -> list[str]:
        return [section.path for section in self.parsed.sections]

    def values(self) -> dict[str | None, str]:
        return {f.means: f.value for found in self.fields.values() for f in found}


def document(*pages: str | list[Block], address: str | None = None) -> Document:
    """One document of pages, each a text or its blocks."""
    read = [
        (number, address, plain_text.read(page) if isinstance(page, str) else page)
        for number, page in enumerate(pages, start=1)
    ]
    made = Document(sections.parse(read, wordings()))
    for section in made.parsed.sections:
        made.fields[section.path], unread = fields.read(section, wordings())
        made.unread += unread
    made.rows = performances.read(made.parsed, made.fields, wordings())
    return made


def seed(name: str) -> Document:
    """A seed text; the test is skipped, and says so, where they are not on this machine."""
    place = shared.folder().parent / "seeds" / name
    if not place.is_file():
        pytest.skip(f"no {place}: the seed texts are not part of the project")
    return document(place.read_text("utf-8"))
