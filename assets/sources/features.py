"""Features: OGC API Features (PDOK) and GeoServer's WFS (the register of business parks).

Neither states when it was changed in a way that has been verified, so the cheap question is
the first page under a condition; where it comes again, what counts is whether its features
are the same (a GeoServer stamps every answer with the time, which is not a change).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from assets.catalogue.models import Source
from assets.sources.errors import Absent, Incomplete, Refused
from assets.sources.reading import (
    Keep,
    LastRelease,
    Listing,
    RawTable,
    ReadPart,
    add,
    empty_codes,
    empty_columns,
)
from assets.sources.transport import Answer, Fetcher, last_modified
from warehouse.archive import Draft, Release

if TYPE_CHECKING:
    import polars as pl

FIRST = "items/00000"
JSON = "application/geo+json, application/json"


def survey(
    sources: Sequence[Source], fetcher: Fetcher, last: LastRelease, keep: Keep
) -> tuple[list[Listing], dict[tuple[str, str], str]]:
    """The first page of each edition that may still change, asked conditionally.

    An edition below the newest one is closed: once archived it is not asked again.
    """
    found: list[Listing] = []
    absent: dict[tuple[str, str], str] = {}
    for source in sources:
        newest = max(source.editions)
        for edition, declared in source.editions.items():
            known = last(source.name, edition)
            if known and edition != newest:
                found.append(_listing(source, edition, declared.id, known.fingerprint, known.url))
                continue
            old = known.part(FIRST) if known else None
            try:
                answer = fetcher.get(
                    source.path or "",
                    params=_params(source, edition),
                    etag=old.etag if old else None,
                    modified=old.last_modified if old else None,
                    accept=JSON,
                    hold=True,
                )
                said = (
                    fingerprint(answer)
                    if answer.body is not None
                    else known.fingerprint
                    if known
                    else ""
                )
            except Absent as error:
                absent[source.name, edition] = str(error)
                continue
            found.append(
                _listing(source, edition, declared.id, said, answer.url, last_modified(answer))
            )
    return found, absent


def _listing(
    source: Source, edition: str, identifier: str, said: str, url: str, modified: Any = None
) -> Listing:
    return Listing(source.name, edition, identifier, said, url, modified_at=modified)


def _params(source: Source, edition: str) -> dict[str, str]:
    return {name: value.format(edition=edition) for name, value in source.query.items()}


def fingerprint(answer: Answer) -> str:
    """Hash of the features of a page, whatever else the answer says."""
    features = _page(answer.url, answer.content())["features"]
    return hashlib.sha256(json.dumps(features, sort_keys=True).encode()).hexdigest()[:32]


def _page(url: str, body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except (ValueError, UnicodeDecodeError) as error:
        start = body[:80].decode("utf-8", "replace").strip()
        raise Refused(f"{url}: expected GeoJSON, came {start!r} ({error})") from error
    if not isinstance(said, dict) or not isinstance(said.get("features"), list):
        raise Refused(
            f"{url}: expected a FeatureCollection with `features`, came {str(said)[:120]}"
        )
    return said


def fetch(source: Source, listing: Listing, fetcher: Fetcher, draft: Draft) -> Listing:
    """All pages: along `links[rel=next]` (OGC), or by `startIndex` where the count says more (WFS)."""
    said = None
    for number, answer in enumerate(_pages(source, listing.edition, fetcher)):
        add(draft, f"items/{number:05}", answer)
        said = said or _listing(
            source,
            listing.edition,
            listing.identifier,
            fingerprint(answer),
            answer.url,
            last_modified(answer),
        )
    assert said, "there is always a first page"
    return said


def _pages(source: Source, edition: str, fetcher: Fetcher) -> Iterator[Answer]:
    answer = fetcher.get(source.path or "", params=_params(source, edition), accept=JSON)
    seen, read = {answer.url}, 0
    while True:
        yield answer
        page = _page(answer.url, answer.content())
        read += len(page["features"])
        further = next(
            (link["href"] for link in page.get("links", []) if link.get("rel") == "next"), None
        )
        if not further and source.protocol == "wfs" and page["features"] and read < _stated(page):
            answer = fetcher.get(
                source.path or "",
                params={**_params(source, edition), "startIndex": str(read)},
                accept=JSON,
            )
        elif not further:
            return
        elif further in seen:
            raise Incomplete(f"{answer.url}: the next link leads back to a page already read")
        else:
            seen.add(further)
            answer = fetcher.get(further, accept=JSON)


def _stated(page: dict[str, Any]) -> int:
    """The publisher's own count; 0 where it states none (a GeoServer may say `unknown`)."""
    for name in ("numberMatched", "totalFeatures"):
        if str(page.get(name, "")).isdigit():
            return int(page[name])
    return 0


def read(source: Source, release: Release, part: ReadPart) -> RawTable:
    """One row a feature: its properties as text and `geometry` as GeoJSON (null without one).

    Raises Incomplete where the features do not agree with the publisher's own count.
    """
    import polars as pl

    pages = [
        _page(item.url, part(item)) for item in release.parts if item.name.startswith("items/")
    ]
    features = [feature for page in pages for feature in page["features"]]
    stated = _stated(pages[0])
    if stated and stated != len(features):
        raise Incomplete(
            f"{source.name} {release.edition}: the publisher counts {stated} features, {len(features)} arrived; "
            "asked again next night"
        )
    names = sorted({name for feature in features for name in feature.get("properties", {})})
    records = [
        {name: _text(feature["properties"].get(name)) for name in names}
        | {"geometry": json.dumps(feature["geometry"]) if feature.get("geometry") else None}
        for feature in features
    ]
    rows = pl.DataFrame(records, schema=dict.fromkeys([*names, "geometry"], pl.String))
    columns = pl.DataFrame(
        [
            {
                "name": name,
                "title": name,
                "group": None,
                "unit": None,
                "kind": "measure",
                "datatype": None,
            }
            for name in names
        ],
        schema=empty_columns().schema,
    )
    return RawTable(rows=rows, columns=columns, codes=empty_codes())


def _text(value: Any) -> str | None:
    return None if value is None else str(value).strip()
