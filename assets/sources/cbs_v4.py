"""CBS OData 4: long observations with stable measure codes, described by metadata sets.

At most 100,000 rows come in an answer; the next link carries `$skip`, so once the first page
has shown the stride, the others are asked side by side, a few at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from assets.catalogue.models import EditionOf, Source
from assets.sources import cbs_catalogue, odata, statuses
from assets.sources.errors import Absent, Incomplete, Unstable
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
from assets.sources.transport import Answer, Fetcher, address
from warehouse.archive import Draft, Release

if TYPE_CHECKING:
    import polars as pl

CATALOGUE = "CBS/Datasets"
FIELDS = "Identifier,Title,Modified,Catalog,ObservationCount"
NEXT = "@odata.nextLink"
AT_ONCE = 4


def survey(
    sources: Sequence[Source], fetcher: Fetcher, last: LastRelease, keep: Keep
) -> tuple[list[Listing], dict[tuple[str, str], str]]:
    """One look in the list of data sets for all sources of the publisher."""
    tables: list[dict[str, Any]] = []
    url = CATALOGUE
    for number, answer in enumerate(odata.follow(fetcher, CATALOGUE, {"$select": FIELDS}, NEXT)):
        keep(f"Datasets/{number:05}", answer)
        tables += odata.entries(answer.url, answer.content())
        url = answer.url
    return cbs_catalogue.listings(sources, tables, url, "ObservationCount")


def fetch(source: Source, listing: Listing, fetcher: Fetcher, draft: Draft) -> Listing:
    """Service document, Properties, code lists and all observations of an edition.

    A table that changes while it is read is read once more, then refused as Unstable.
    """
    base = f"CBS/{listing.identifier}"
    for _ in range(2):
        before = _properties(source, listing, fetcher, draft)
        document = fetcher.get(base)
        add(draft, "service", document)
        sets = odata.entries(document.url, document.content())
        odata.described(listing.identifier, sets, "name")
        for entity_set in (str(entry["name"]) for entry in sets):
            if entity_set in ("Properties", "Observations"):
                continue
            for number, answer in enumerate(
                odata.follow(fetcher, f"{base}/{entity_set}", {}, NEXT)
            ):
                add(draft, f"{entity_set}/{number:05}", answer)
        for number, answer in enumerate(
            _observations(fetcher, f"{base}/Observations", before.rows)
        ):
            add(draft, f"Observations/{number:05}", answer)
        after = _properties(source, listing, fetcher)
        if after.fingerprint == before.fingerprint:
            # The next survey compares with what the catalogue said, so that is what is kept.
            return replace(before, fingerprint=listing.fingerprint)
        draft.clear()
    raise Unstable(
        f"{source.name} {listing.edition}: {listing.identifier} changed while it was read, twice "
        f"in a row (now {after.fingerprint}); the next night tries again"
    )


def _properties(
    source: Source, listing: Listing, fetcher: Fetcher, draft: Draft | None = None
) -> Listing:
    """What the table says of itself now."""
    answer = fetcher.get(f"CBS/{listing.identifier}/Properties")
    if draft:
        add(draft, "Properties", answer)
    said = odata.envelope(answer.url, answer.content())
    only = source.model_copy(
        update={"discovery": None, "editions": {listing.edition: EditionOf(id=listing.identifier)}}
    )
    found, _ = cbs_catalogue.listings([only], [said], answer.url, "ObservationCount")
    if not found:
        raise Absent(
            f"{source.name} {listing.edition}: {answer.url} describes {said.get('Identifier')!r}"
        )
    return found[0]


def _observations(fetcher: Fetcher, path: str, count: int | None) -> Iterator[Answer]:
    """All pages in order; side by side where the first next link shows the stride.

    The others are asked under the addresses that follow from the stride. Where a page names
    another next one than was expected, the rest is asked one by one, as the publisher says.
    """
    page = fetcher.get(path)
    yield page
    further = odata.next_link(page, NEXT)
    if further is None:
        return
    _, _, parameters = address(fetcher.address(further))
    stride = dict(parameters).get("$skip", "")
    if not stride.isdigit() or int(stride) == 0 or count is None:
        yield from odata.follow(fetcher, further, {}, NEXT)
        return
    links = [
        further.replace(f"skip={stride}", f"skip={skip}")
        for skip in range(int(stride), count, int(stride))
    ]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for start in range(0, len(links), AT_ONCE):
            asked = links[start : start + AT_ONCE]
            for link, page in zip(asked, pool.map(fetcher.get, asked), strict=True):
                if further != link:
                    break
                yield page
                further = odata.next_link(page, NEXT)
            else:
                continue
            break
    if further is not None:
        yield from odata.follow(fetcher, further, {}, NEXT)


def read(source: Source, release: Release, part: ReadPart) -> RawTable:
    """The table as published: long, one row an observation, dimensions and texts stripped.

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
    described = small("Dimensions")
    odata.described(table, described, "Identifier")
    dimensions = [str(entry["Identifier"]) for entry in described]
    pages = [item for item in release.parts if item.name.startswith("Observations/")]
    rows = pl.concat([_page(item.url, part(item), dimensions, table) for item in pages])
    said = odata.envelope(release.part("Properties").url, part(release.part("Properties")))
    count = said.get("ObservationCount")
    if count is not None and rows.height != int(count):
        raise Incomplete(
            f"{table}: the publisher counts {count} observations, {rows.height} arrived; "
            "asked again next night"
        )
    distinct = rows.get_column("Id").n_unique()
    if distinct != rows.height:
        raise Incomplete(
            f"{table}: {rows.height - distinct} observations came twice; asked again next night"
        )
    measures = small("MeasureCodes")
    odata.described(table, measures, "Identifier", "Title")
    there = {item.name.split("/")[0] for item in release.parts}
    lists = {name: small(f"{name}Codes") for name in dimensions if f"{name}Codes" in there}
    for entries in lists.values():
        odata.described(table, entries, "Identifier")
    codes = _codes(lists)
    odata.known_codes(
        table,
        rows,
        {name: codes.filter(dimension=name)["code"].to_list() for name in lists}
        | {"Measure": [text(entry["Identifier"]) for entry in measures]},
    )
    return RawTable(
        rows=rows.drop("Id"),
        columns=_columns(
            measures, small("MeasureGroups"), dimensions, text(said.get("Description"))
        ),
        codes=codes,
        long=True,
    )


def _columns(
    measures: list[dict[str, Any]],
    groups: list[dict[str, Any]],
    dimensions: list[str],
    words: str | None,
) -> pl.DataFrame:
    """The columns; `words`: the description of the table."""
    import polars as pl

    of_all = statuses.of_table(words)

    titles = {group.get("Id"): text(group.get("Title")) for group in groups}
    said: list[dict[str, str | None]] = [
        {
            "name": text(entry["Identifier"]),
            "title": text(entry["Title"]),
            "group": titles.get(entry.get("MeasureGroupId")),
            "unit": text(entry.get("Unit")),
            "kind": "measure",
            "datatype": text(entry.get("DataType")),
            "status": statuses.of_topic(text(entry.get("Description"))) or of_all,
        }
        for entry in measures
    ]
    said += [{"name": name, "title": name, "kind": "dimension"} for name in dimensions]
    return pl.DataFrame(said, schema=empty_columns().schema)


def _codes(lists: dict[str, list[dict[str, Any]]]) -> pl.DataFrame:
    import polars as pl

    said = [
        {
            "dimension": name,
            "code": text(entry["Identifier"]),
            "title": text(entry.get("Title")),
            "status": text(entry.get("Status")),
            "parent": text(entry.get("DimensionGroupId")),
        }
        for name, entries in lists.items()
        for entry in entries
    ]
    return pl.DataFrame(said, schema=empty_codes().schema)


def _page(url: str, body: bytes, dimensions: list[str], table: str) -> pl.DataFrame:
    """One page of observations; tables without texts leave out `StringValue`."""
    import polars as pl

    fields: dict[str, Any] = {
        "Id": pl.Int64,
        "Measure": pl.String,
        "ValueAttribute": pl.String,
        "Value": pl.Float64,
    }
    if b'"StringValue"' in body[:5_000]:
        fields["StringValue"] = pl.String
    page = odata.rows(url, body, pl.Schema(fields | dict.fromkeys(dimensions, pl.String)), table)
    if "StringValue" not in fields:
        page = page.with_columns(StringValue=pl.lit(None, pl.String))
    return page.select(
        "Id", "Measure", "ValueAttribute", "Value", "StringValue", *dimensions
    ).with_columns(pl.col(pl.String).str.strip_chars())
