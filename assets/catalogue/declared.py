"""The catalogue: all declarations together, and the error with which a wrong one is refused."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from assets.catalogue.concordance_models import Concordance
from assets.catalogue.document_models import (
    DocumentEntry,
    Label,
    OrganisationEntry,
    PerformanceEntry,
)
from assets.catalogue.models import Indicator, Province, Source
from assets.catalogue.reorganisation_models import Reorganisation
from assets.catalogue.site_models import Site


class CatalogueError(ValueError):
    """A catalogue entry is wrong; the message says where and what to write instead."""


@dataclass(frozen=True)
class Catalogue:
    """All declarations, checked against each other."""

    sources: dict[str, Source]
    indicators: dict[str, Indicator]
    sites: dict[str, Site]
    provinces: dict[str, Province]
    labels: dict[str, Label] = field(default_factory=dict)
    organisations: dict[str, OrganisationEntry] = field(default_factory=dict)
    performances: dict[str, PerformanceEntry] = field(default_factory=dict)
    documents: dict[str, DocumentEntry] = field(default_factory=dict)
    reorganisations: dict[str, Reorganisation] = field(default_factory=dict)
    concordances: dict[str, Concordance] = field(default_factory=dict)

    def province_of(self, municipality: str) -> str | None:
        """The province of a municipality, or None where no entry says so."""
        return self.province_by_municipality.get(municipality)

    @cached_property
    def province_by_municipality(self) -> dict[str, str]:
        """Code of the province of each municipality that an entry places in one."""
        return {gm: p.code for p in self.provinces.values() for gm in p.municipalities}

    def asks_for(self, source: Source) -> bool:
        """Whether a site's boundary needs the source, where it is there for nothing else."""
        kinds = {boundary.kind for site in self.sites.values() for boundary in site.boundaries}
        return source.only_for is None or source.only_for in kinds

    def indicators_fed_by(self, source: str) -> list[Indicator]:
        """Indicators with a feed from `source`."""
        return [i for i in self.indicators.values() if any(f.source == source for f in i.feeds)]
