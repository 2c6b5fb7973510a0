"""A gazetteer of the shipped locations, and sections to look in."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from types import SimpleNamespace
from typing import Any

import yaml

from assets.catalogue.loading import HERE
from assets.catalogue.site_models import Site
from assets.documents.places.gazetteer import Gazetteer
from assets.documents.records import Mention, Reference, Role, Section

MUNICIPALITIES = {
    "GM0141": "Almelo",
    "GM0147": "Borne",
    "GM0150": "Deventer",
    "GM0153": "Enschede",
    "GM0164": "Hengelo (O.)",
    "GM0177": "Raalte",
    "GM0193": "Zwolle",
    "GM0546": "Leiden",
    "GM0855": "Tilburg",
    "GM1735": "Hof van Twente",
    "GM1896": "Zwartewaterland",
}


@cache
def gazetteer() -> Gazetteer:
    """Of the shipped sites; read on their own, so that no other entry can be in the way."""
    sites: dict[str, Site] = {}
    for path in sorted((HERE / "sites").glob("*.yaml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")):
            site = Site.model_validate(entry)
            sites[site.id] = site
    catalogue: Any = SimpleNamespace(sites=sites)
    return Gazetteer.of_catalogue(catalogue, MUNICIPALITIES)


def ids(text: str, **more: Any) -> list[str]:
    """Locations found in a text, in order."""
    return [mention.id for mention in gazetteer().find(text, **more)]


def quotes(text: str, **more: Any) -> list[str]:
    """The words that name them."""
    return [text[m.start : m.end] for m in gazetteer().find(text, **more)]


def section(
    text: str, role: Role = "progress", path: str = "5.1.2 > A", code: str | None = "5.1.2"
) -> Section:
    return Section(1, path, "A", role, code, text, False, 1, None)


def organisations(text: str, **names: str) -> list[Mention]:
    """Mentions of organisations by name: `id="Name"`, underscores for hyphens."""
    found = [
        Mention(identity.replace("_", "-"), name, at.start(), at.end(), 0.95, "as declared")
        for identity, name in names.items()
        for at in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text)
    ]
    return sorted(found, key=lambda mention: mention.start)


def references(text: str) -> list[Reference]:
    """References to decisions of Provinciale Staten."""
    return [
        Reference(
            "decision",
            at[0],
            int(at[1]),
            "PS",
            at.start(),
            at.end(),
            bool(re.search(r"[Zz]ie (ook )?$", text[max(0, at.start() - 8) : at.start()])),
        )
        for at in re.finditer(r"PS/(\d{4})/\d+", text)
    ]


DAY = dt.date(2017, 12, 31)
