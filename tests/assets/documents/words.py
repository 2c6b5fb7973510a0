"""The shipped wordings and organisations, sections to read with them, and the given texts."""

from __future__ import annotations

from functools import cache

import pytest

from assets.catalogue import load_catalogue
from assets.documents.findings.organisations import Organisations
from assets.documents.records import Mention, Role, Section
from assets.documents.wordings import Wordings
from tests.publishers import shared


@cache
def wordings() -> Wordings:
    return Wordings(load_catalogue().labels.values())


@cache
def organisations() -> Organisations:
    return Organisations(load_catalogue().organisations.values())


def section(
    text: str, code: str | None = None, path: str = "tekst", role: Role = "other"
) -> Section:
    """One section with this text."""
    return Section(1, path, "", role, code, text, truncated=False, page=1, url=None)


def named(*sections: Section) -> dict[str, list[Mention]]:
    """Organisations of each section, by its path."""
    return {one.path: organisations().find(one.text) for one in sections}


def given_text(beginning: str) -> str:
    """One of the texts that the project started from; skips where they are not on the machine."""
    found = sorted((shared.folder().parent / "seeds").glob(f"{beginning}_*.txt"))
    if not found:
        pytest.skip(f"no given texts beside {shared.folder()}")
    return found[0].read_text(encoding="utf-8")
