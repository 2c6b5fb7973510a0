"""Small invented tables in the true wire formats, the declarations that go with them, and the world
in which they are taken in: publishers on loopback, an archive, one fetcher a publisher.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from assets.catalogue.models import (
    Column,
    Disclosure,
    Discovery,
    EditionOf,
    Measure,
    Missing,
    Source,
    Supplier,
    Titled,
)
from assets.core.frames import Edition
from assets.sources.inbox import BASE as INBOX
from assets.sources.inbox import InboxTransport
from assets.sources.intake import Taken, take_in
from assets.sources.reading import RawTable, empty_codes, empty_columns
from assets.sources.survey import Survey, survey
from assets.sources.transport import Fetcher, Policy
from tests.publishers import Publishers, V3Table, V4Table
from tests.publishers.shared import available, folder
from warehouse.archive import Archive

needs_shared = pytest.mark.skipif(
    not available(), reason=f"no shared data in {folder()}; LM_SHARED_DATA names another place"
)

QUICK = Policy(
    deadline=5, connect=2, silence=2, tries=3, first_wait=0.001, longest_wait=2, redirects=3
)
"""The transport's policy in tests: as in earnest, with hardly a wait between tries."""
ONCE = replace(QUICK, tries=1)

SIGNS = {
    ".": "unknown",
    "": "impossible",
    "x": "confidential",
    "-99997": "unknown",
    "Impossible": "impossible",
    "Confidential": "confidential",
    "NotAvailable": "not_published",
}
MISSING = Missing(signs=SIGNS, null="unknown", empty_column="not_published")

SETTING = {
    "cbs_v3": "LM_CBS_V3_URL",
    "cbs_third_party": "LM_CBS_THIRD_PARTY_URL",
    "cbs_v4": "LM_CBS_URL",
    "kvk": "LM_KVK_URL",
    "geo": "LM_GEO_URL",
    "ibis": "LM_IBIS_URL",
    "budget_documents": "LM_BUDGET_DOCUMENTS_URL",
}
"""The setting with the address of each publisher."""


# --- declarations


def source(**said: Any) -> Source:
    """A declaration with everything that a test does not care about filled in."""
    usual: dict[str, Any] = {
        "name": "trial",
        "title_nl": "Proeftabel",
        "title_en": "Trial table",
        "publisher": "cbs_v3",
        "protocol": "cbs_v3",
        "subject": "figures",
        "grain": "one row per area",
        "cadence_days": 1,
        "row_floor": 1,
        "row_ceiling": 1_000_000,
        "licence": "https://creativecommons.org/licenses/by/4.0/",
        "attribution": "CBS",
        "editions": {"2020": EditionOf(id="99020NED")},
        "missing": MISSING,
    }
    return Source(**(usual | said))


def measure(title: str, published: str = "aantal", **said: Any) -> Measure:
    """A measure known by its title, published in one unit."""
    usual: dict[str, Any] = {
        "titles": (Titled(title=title),),
        "published_unit": (published,),
        "unit": "count",
        "required": True,
    }
    return Measure(**(usual | said))


AREAS = source(
    name="areas",
    editions={"2020": EditionOf(id="99020NED")},
    discovery=Discovery(title_pattern=r"^Gebieden (?P<edition>\d{4})$", catalog="CBS"),
    region="WijkenEnBuurten",
    measures={
        "inhabitants": measure("Aantal inwoners"),
        "home_value": measure(
            "Gemiddelde woningwaarde", "x 1 000 euro", unit="euro", factor=1000, required=False
        ),
        "establishments": measure("Bedrijfsvestigingen totaal", required=False),
    },
    not_taken=("Gemeentenaam", "Indelingswijziging wijken en buurten"),
)
"""A v3 table a year, as Kerncijfers wijken en buurten is."""

SECTORS = source(
    name="sectors",
    publisher="cbs_v4",
    protocol="cbs_v4",
    editions={"current": EditionOf(id="81575NED")},
    region="RegioS",
    period="Perioden",
    breakdown="BedrijfstakkenBranchesSBI2008",
    missing=Missing(signs=SIGNS, null="not_published", empty_column="withdrawn"),
    measures={"establishments": measure("Vestigingen")},
)
"""A v4 table that grows by a year."""

OUTLINES = source(
    name="outlines",
    publisher="geo",
    protocol="ogc_features",
    subject="outlines",
    path="/cbs/gebiedsindelingen/ogc/v1/collections/gemeente_gegeneraliseerd/items",
    query={
        "f": "json",
        "jaarcode": "{edition}",
        "limit": "4",
        "crs": "http://www.opengis.net/def/crs/EPSG/0/28992",
    },
    editions={"2025": EditionOf(id="gemeente"), "2026": EditionOf(id="gemeente")},
    region="statcode",
    not_taken=("statcode", "statnaam", "jrstatcode", "rubriek", "id"),
)

HECTARES = {"published_unit": ("ha",), "unit": "ha", "required": True}
PARKS = source(
    name="parks",
    publisher="ibis",
    protocol="wfs",
    subject="business_parks",
    query={
        "service": "WFS",
        "version": "2.0.0",
        "request": "GetFeature",
        "typeNames": "WarmteAtlas:IBISbedrijventerreinen",
        "outputFormat": "application/json",
    },
    editions={"current": EditionOf(id="parks")},
    region="RIN_NUMMER",
    period="JAAR",
    missing=Missing(
        signs={"": "not_published", "-99997": "unknown", ".": "confidential"}, null="impossible"
    ),
    measures={
        "area_gross": Measure(field="HA_BRUTO", **HECTARES),
        "area_net": Measure(field="HA_NETTO", **HECTARES),
    },
    not_taken=("RIN_NUMMER", "JAAR", "PLAN_NAAM", "GEM_CODES"),
)

COMPANIES = source(
    name="companies",
    publisher="kvk",
    protocol="bulk_file",
    subject="companies",
    path="/download/kvk-open-dataset-basis-bedrijfsgegevens.zip",
    editions={"current": EditionOf(id="kvk")},
    suppliers={
        "kvk": Supplier(
            file_pattern=r".*(?P<edition>)\.csv",
            columns={
                "start_date": Column(header=("Datum aanvang",)),
                "active": Column(header=("Actief",)),
                "insolvency": Column(header=("Insolventie",)),
                "legal_form": Column(header=("Rechtsvorm",)),
                "postcode_region": Column(header=("Postcode regio",)),
                "sbi_codes": Column(header=("SBI activiteiten",)),
                "main_sbi": Column(header=("Hoofdactiviteiten",)),
                "member_state": Column(header=("Lidstaat",)),
            },
            sbi_edition="2025",
            synthetic=False,
        )
    },
)

REGISTER = source(
    name="register",
    publisher="inbox",
    protocol="inbox",
    subject="establishments",
    editions={},
    suppliers={
        "plain": Supplier(
            file_pattern=r"register_.*?(?P<edition>\d{4}-\d{2}-\d{2})\.(?:csv|zip)",
            columns={
                "establishment_id": Column(header=("LISANR", "vestigingsnummer")),
                "trade_name": Column(header=("handelsnaam",), required=False),
                "municipality_code": Column(header=("gemeentecode",), required=False),
                "sbi_code": Column(header=("sbi_code",)),
                "working_persons": Column(header=("werkzame_personen",)),
            },
            sbi_edition="2025",
            synthetic=True,
        )
    },
    groups_of_codes={"htsm": ("26", "62"), "logistics": ("49",)},
    disclosure=Disclosure(minimum_contributors=3, p_percent=10),
)


# --- tables


def areas_table(count: int = 24, identifier: str = "99020NED", **said: Any) -> V3Table:
    """A v3 table padded as the publisher pads: keys to 10 places, names to 40, some nulls.

    `said`: fields of the catalogue row. Real names and titles, invented figures.
    """
    places = range(count)
    keys = [f"BU0153{place:04}".ljust(10) for place in places]
    properties: list[dict[str, Any]] = [
        {"ID": 0, "Type": "GeoDetail", "Key": "WijkenEnBuurten", "Title": "Wijken en buurten"},
        {"ID": 1, "Type": "TopicGroup", "Key": "", "Title": "Regioaanduiding"},
        topic(2, "Gemeentenaam_1", "Gemeentenaam", "naam", "String", 1),
        topic(
            3,
            "IndelingswijzigingWijkenEnBuurten_4",
            "Indelingswijziging wijken en buurten",
            "code",
            "String",
            1,
        ),
        {"ID": 4, "Type": "TopicGroup", "Key": "", "Title": "Bevolking"},
        topic(5, "AantalInwoners_5", "Aantal inwoners ", "aantal", "Long", 4),
        topic(
            6, "GemiddeldeWoningwaarde_35", "Gemiddelde woningwaarde", "x 1 000 euro", "Double", 4
        ),
        topic(7, "BedrijfsvestigingenTotaal_91", "Bedrijfsvestigingen totaal", "aantal", "Long", 4),
    ]
    return V3Table(
        identifier=identifier,
        catalog_row={
            "Identifier": identifier,
            "Title": "Gebieden 2020 ",
            "Modified": "2021-03-26T02:00:00",
            "Catalog": "CBS",
            "RecordCount": count,
            **said,
        },
        properties=pl.DataFrame(
            [{"odata_type": f"Cbs.OData.{p['Type']}", **p} for p in properties],
            schema={
                "odata_type": pl.String,
                "ID": pl.Int64,
                "ParentID": pl.Int64,
                "Type": pl.String,
                "Key": pl.String,
                "Title": pl.String,
                "Datatype": pl.String,
                "Unit": pl.String,
            },
        ),
        dimensions={
            "WijkenEnBuurten": pl.DataFrame(
                {
                    "Key": keys,
                    "Title": [f"Büurt {place} ] é" for place in places],
                    "Description": [""] * count,
                    "Municipality": ["GM0153    "] * count,
                    "DetailRegionCode": keys,
                }
            )
        },
        rows=pl.DataFrame(
            {
                "ID": places,
                "WijkenEnBuurten": keys,
                "Gemeentenaam_1": ["Enschede".ljust(40)] * count,
                "IndelingswijzigingWijkenEnBuurten_4": [str(place % 3 + 1) for place in places],
                "AantalInwoners_5": [None if place % 7 == 3 else place * 5 for place in places],
                "GemiddeldeWoningwaarde_35": [
                    None if place % 5 == 1 else place + 0.5 for place in places
                ],
                "BedrijfsvestigingenTotaal_91": [place * 10 for place in places],
            },
            schema={
                "ID": pl.Int64,
                "WijkenEnBuurten": pl.String,
                "Gemeentenaam_1": pl.String,
                "IndelingswijzigingWijkenEnBuurten_4": pl.String,
                "AantalInwoners_5": pl.Int64,
                "GemiddeldeWoningwaarde_35": pl.Float64,
                "BedrijfsvestigingenTotaal_91": pl.Int64,
            },
        ),
    )


def topic(
    number: int, key: str, title: str, unit: str | None, datatype: str, group: int | None = None
) -> dict[str, Any]:
    """A topic as DataProperties describes it."""
    return {
        "ID": number,
        "ParentID": group,
        "Type": "Topic",
        "Key": key,
        "Title": title,
        "Datatype": datatype,
        "Unit": unit,
    }


def described(table: V3Table, key: str, **changes: Any) -> V3Table:
    """A copy of a table that says something else of one of its columns."""
    here = pl.col("Key") == key
    return replace(
        table,
        properties=table.properties.with_columns(
            pl.when(here).then(pl.lit(value)).otherwise(pl.col(name)).alias(name)
            for name, value in changes.items()
        ),
    )


def sectors_table(years: int = 3, areas: int = 5, sectors: int = 2) -> V4Table:
    """Establishments by area, year and sector; every seventh cell is missing, by its attribute."""
    cells = [
        {
            "RegioS": f"GM{area:04}",
            "Perioden": f"{2020 + year}JJ00",
            "BedrijfstakkenBranchesSBI2008": f"T00108{sector}",
        }
        for area in range(1, areas + 1)
        for year in range(years)
        for sector in range(sectors)
    ]
    rows = [
        {**cell, "Value": None if place % 7 == 2 else float(place * 5)}
        for place, cell in enumerate(cells)
    ]
    return V4Table.establishments(
        pl.DataFrame(rows, schema_overrides={"Value": pl.Float64}),
        titles={"GM0001": "Eén "},
    )


def square(x: float, y: float, side: float) -> list[list[float]]:
    """A closed ring around a square."""
    return [[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]


def municipalities(year: int, count: int) -> list[dict[str, Any]]:
    """Invented municipalities: squares of 1,000 hectares and more in a row, in RD metres."""
    return [
        {
            "type": "Feature",
            "id": f"gemeente_gegeneraliseerd.{year}-{place}",
            "properties": {
                "statcode": f"GM{place:04}",
                "jrstatcode": f"{year}GM{place:04}",
                "statnaam": f"Gemeente {place} é",
                "rubriek": "gemeente",
                "id": place,
            },
            "geometry": {
                "type": "Polygon",
                "coordinates": [square(100_000 + 10_000 * place, 400_000, 1_000 * (place + 1))],
            },
        }
        for place in range(count)
    ]


def parks(count: int, year: int = 2024) -> list[dict[str, Any]]:
    """Invented business parks."""
    return [
        {
            "RIN_NUMMER": f"23200{place:03}",
            "JAAR": year,
            "PLAN_NAAM": f"PARK {place}",
            "GEM_CODES": "GM0153",
            "HA_BRUTO": place + 0.25,
            "HA_NETTO": None if place % 3 == 1 else float(place),
        }
        for place in range(count)
    ]


COMPANY = ("19720516", "J", "", "BV", "89", "64210,68203", "64210", "NL")


# --- the world


@dataclass
class World:
    """Publishers on loopback and an archive; `policy` is that of every fetcher."""

    house: Publishers
    folder: Path
    policy: Policy = QUICK
    _fetchers: dict[str, Fetcher] = field(default_factory=dict)

    @cached_property
    def archive(self) -> Archive:
        """The archive, on disk from the first release on."""
        return Archive(self.folder / "archive")

    @cached_property
    def inbox(self) -> Path:
        """The folder where extracts are dropped."""
        place = self.folder / "inbox"
        place.mkdir()
        return place

    def fetcher_of(self, publisher: str) -> Fetcher:
        """One fetcher a publisher."""
        if publisher not in self._fetchers:
            if publisher == "inbox":
                made = Fetcher(INBOX, policy=self.policy, transport=InboxTransport(self.inbox))
            else:
                made = Fetcher(self.house.env[SETTING[publisher]], policy=self.policy)
            self._fetchers[publisher] = made
        return self._fetchers[publisher]

    def survey(self, *sources: Source) -> Survey:
        """Ask the publisher of these sources what it has."""
        return survey(list(sources), self.fetcher_of(sources[0].publisher), self.archive)

    def take(self, source: Source, edition: str | None = None, **how: Any) -> Taken:
        """Take in an edition: the only one where none is named."""
        chosen = edition or next(iter(source.editions))
        return take_in(source, chosen, self.archive, self.fetcher_of, **how)

    def on_its_way(self, source: Source, edition: str | None = None, **how: Any) -> Edition:
        """An edition, taken in, as core makes its tables from it."""
        taken = self.take(source, edition, **how)
        return Edition(source, taken.release.edition, taken.release.release_id, taken.table)

    def close(self) -> None:
        """Hang up."""
        for fetcher in self._fetchers.values():
            fetcher.close()


# --- raw tables without a publisher


def edition_of(
    declared: Source,
    rows: pl.DataFrame,
    *,
    edition: str = "2020",
    units: dict[str, str | None] | None = None,
    codes: Sequence[dict[str, str | None]] = (),
    dimensions: Sequence[str] = (),
    long: bool = False,
) -> Edition:
    """An edition on its way through core, from rows as they are after reading.

    `units`: title -> unit; a column of that name is a measure.
    """
    said: list[dict[str, str | None]] = [
        {"name": name, "title": name, "kind": "dimension"} for name in dimensions
    ]
    said += [
        {"name": title, "title": title, "kind": "measure", "unit": unit}
        for title, unit in (units or {}).items()
    ]
    columns = pl.DataFrame(said, schema=empty_columns().schema)
    listed = pl.DataFrame(list(codes), schema=empty_codes().schema)
    release_id = f"{declared.name}:{edition}:2026-08-04T040000:0a1b2c3d"
    return Edition(declared, edition, release_id, RawTable(rows, columns, listed, long=long))
