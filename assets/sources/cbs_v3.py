"""CBS OData 3, the Feed, on opendata.cbs.nl and dataderden.cbs.nl alike.

The Feed pages 10,000 rows at a time along `odata.nextLink`; the API next to it refuses more
than 10,000. Columns are numbered differently every year, so they are known by the titles in
DataProperties. Keys come padded; the padding is stripped here.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from assets.catalogue.models import EditionOf, Source
from assets.sources import cbs_catalogue, odata, statuses
from assets.sources.errors import Absent, ContractBroken, Incomplete, Unstable
from assets.sources.reading import (
    Keep,
    LastRelease,
    Listing,
    RawTable,
    ReadPart,
    add,
    empty_codes,
    empty_columns,
    text,
)
from assets.sources.transport import Fetcher
from warehouse.archive import Draft, Release

if TYPE_CHECKING:
    import polars as pl

CATALOGUE = "ODataCatalog/Tables"
FIELDS = "Identifier,Title,Modified,Catalog,RecordCount"
NEXT = "odata.nextLink"
JSON = {"$format": "json"}
PROPERTY = ("ID", "Type", "Key", "Title")
"""What DataProperties says of every column, whatever its kind."""
DIMENSIONS = ("Dimension", "TimeDimension", "GeoDimension", "GeoDetail")
READERS = 2


def survey(
    sources: Sequence[Source], fetcher: Fetcher, last: LastRelease, keep: Keep
) -> tuple[list[Listing], dict[tuple[str, str], str]]:
    """One look in the publisher's catalogue for all its sources."""
    tables: list[dict[str, Any]] = []
    url = CATALOGUE
    for number, answer in enumerate(
        odata.follow(fetcher, CATALOGUE, {**JSON, "$select": FIELDS}, NEXT)
    ):
        keep(f"Tables/{number:05}", answer)
        tables += odata.entries(answer.url, answer.content())
        url = answer.url
    return cbs_catalogue.listings(sources, tables, url, "RecordCount")


def fetch(source: Source, listing: Listing, fetcher: Fetcher, draft: Draft) -> Listing:
    """Catalogue row, DataProperties, code lists and all pages of an edition.

    A table that changes while it is read is read once more, then refused as Unstable.
    """
    for _ in range(2):
        before = _listed(source, listing, fetcher, draft, "Tables")
        properties = _whole(fetcher, draft, listing.identifier, "DataProperties")
        odata.described(listing.identifier, properties, *PROPERTY)
        for dimension in (p["Key"] for p in properties if p["Type"] in DIMENSIONS):
            _whole(fetcher, draft, listing.identifier, dimension)
        with contextlib.suppress(Absent):  # a table without groups of codes has none
            _whole(fetcher, draft, listing.identifier, "CategoryGroups")
        first = f"ODataFeed/odata/{listing.identifier}/TypedDataSet"
        for number, answer in enumerate(odata.follow(fetcher, first, JSON, NEXT)):
            add(draft, f"TypedDataSet/{number:05}", answer)
        after = _listed(source, listing, fetcher)
        if after.fingerprint == before.fingerprint:
            # The next survey compares with what the catalogue said, so that is what is kept.
            return replace(before, fingerprint=listing.fingerprint)
        draft.clear()
    raise Unstable(
        f"{source.name} {listing.edition}: {listing.identifier} changed while it was read, twice "
        f"in a row (now {after.fingerprint}); the next night tries again"
    )


def _listed(
    source: Source, listing: Listing, fetcher: Fetcher, draft: Draft | None = None, name: str = ""
) -> Listing:
    """The catalogue's row of one table, as it is now."""
    answer = fetcher.get(
        CATALOGUE, params={**JSON, "$filter": f"Identifier eq '{listing.identifier}'"}
    )
    if draft:
        add(draft, name, answer)
    only = source.model_copy(
        update={"discovery": None, "editions": {listing.edition: EditionOf(id=listing.identifier)}}
    )
    found, _ = cbs_catalogue.listings(
        [only], odata.entries(answer.url, answer.content()), answer.url, "RecordCount"
    )
    if not found:
        raise Absent(
            f"{source.name} {listing.edition}: {listing.identifier} is no longer in the catalogue"
        )
    return found[0]


def _whole(
    fetcher: Fetcher, draft: Draft, identifier: str, entity_set: str
) -> list[dict[str, Any]]:
    """All pages of a small entity set, archived and as dictionaries."""
    found: list[dict[str, Any]] = []
    for number, answer in enumerate(
        odata.follow(fetcher, f"ODataFeed/odata/{identifier}/{entity_set}", JSON, NEXT)
    ):
        add(draft, f"{entity_set}/{number:05}", answer)
        found += odata.entries(answer.url, answer.content())
    return found


def read(source: Source, release: Release, part: ReadPart) -> RawTable:
    """The table as published: wide, keys and texts stripped, topics under their numbered names.

    Raises Incomplete where the rows do not agree with the publisher's own count or code lists,
    ContractBroken where they are not what the table says of itself.
    """
    import polars as pl

    def small(name: str) -> list[dict[str, Any]]:
        return [
            entry
            for item in release.parts
            if item.name.split("/")[0] == name
            for entry in odata.entries(item.url, part(item))
        ]

    table = f"{source.name} {release.edition} ({release.identifier})"
    properties = small("DataProperties")
    odata.described(table, properties, *PROPERTY)
    fields = [p for p in properties if p["Type"] != "TopicGroup"]
    schema = pl.Schema({"ID": pl.Int64} | {p["Key"]: _type(table, p) for p in fields})
    pages = [item for item in release.parts if item.name.startswith("TypedDataSet/")]

    def page(item: Any) -> pl.DataFrame:
        return odata.rows(item.url, part(item), schema, table).with_columns(
            pl.col(pl.String).str.strip_chars().cast(pl.Categorical)
        )

    with ThreadPoolExecutor(READERS) as pool:
        rows = pl.concat(pool.map(page, pages))
    expected = _stated_count(release, small("Tables"))
    if expected is not None and rows.height != expected:
        raise Incomplete(
            f"{table}: the publisher counts {expected} rows, {rows.height} arrived; "
            "asked again next night"
        )
    distinct = rows.get_column("ID").n_unique()
    if distinct != rows.height:
        raise Incomplete(
            f"{table}: {rows.height - distinct} rows came twice; asked again next night"
        )
    lists = {p["Key"]: small(p["Key"]) for p in properties if p["Type"] in DIMENSIONS}
    for entries in lists.values():
        odata.described(table, entries, "Key")
    codes = _codes(lists)
    odata.known_codes(
        table, rows, {name: codes.filter(dimension=name)["code"].to_list() for name in lists}
    )
    words = _description(release, small("Tables"))
    return RawTable(rows=rows.drop("ID"), columns=_columns(properties, words), codes=codes)


def _type(table: str, prop: dict[str, Any]) -> Any:
    import polars as pl

    kinds = {"Long": pl.Float64, "Integer": pl.Float64, "Double": pl.Float64, "Float": pl.Float64}
    said = prop.get("Datatype")
    if prop["Type"] in DIMENSIONS or said == "String":
        return pl.String
    if said not in kinds:
        raise ContractBroken(
            f"{table}: topic `{prop['Title']}` has datatype {said!r}; "
            f"known: String, {', '.join(kinds)}"
        )
    return kinds[said]


def _stated_count(release: Release, tables: list[dict[str, Any]]) -> int | None:
    for table in tables:
        if table.get("Identifier") == release.identifier and table.get("RecordCount") is not None:
            return int(table["RecordCount"])
    return None


def _description(release: Release, tables: list[dict[str, Any]]) -> str | None:
    """What the publisher writes of the table."""
    said = (t for t in tables if t.get("Identifier") == release.identifier)
    return next((text(t.get("ShortDescription")) for t in said), None)


def _columns(properties: list[dict[str, Any]], words: str | None) -> pl.DataFrame:
    """The columns; `words`: the description of the table."""
    import polars as pl

    of_all = statuses.of_table(words)
    titles = {p["ID"]: text(p["Title"]) for p in properties}
    return pl.DataFrame(
        [
            {
                "name": p["Key"],
                "title": text(p["Title"]),
                "group": titles.get(p.get("ParentID")),
                "unit": text(p.get("Unit")),
                "kind": "dimension" if p["Type"] in DIMENSIONS else "measure",
                "datatype": text(p.get("Datatype")),
                "status": None
                if p["Type"] in DIMENSIONS
                else statuses.of_topic(text(p.get("Description"))) or of_all,
            }
            for p in properties
            if p["Type"] != "TopicGroup"
        ],
        schema=empty_columns().schema,
    )


def _codes(lists: dict[str, list[dict[str, Any]]]) -> pl.DataFrame:
    import polars as pl

    return pl.DataFrame(
        [
            {
                "dimension": name,
                "code": text(entry["Key"]),
                "title": text(entry.get("Title")),
                "status": text(entry.get("Status")),
                "parent": text(entry.get("Municipality") or entry.get("CategoryGroupID")),
            }
            for name, entries in lists.items()
            for entry in entries
        ],
        schema=empty_codes().schema,
    )
