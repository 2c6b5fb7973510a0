"""Features: OGC API Features (PDOK) and GeoServer's WFS (the register of business parks).

Neither states when it was changed in a way that has been verified, so the cheap question is
the pages that are archived (mostly one) under a condition; where one comes again, what counts
is whether its features are the same: a GeoServer stamps every answer with the time, and may
number the features of a view anew, which is not a change.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from assets.catalogue.models import Source
from assets.sources.errors import Absent, Incomplete, Refused
from assets.sources.odata import MOST_PAGES
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
from assets.sources.transport import Answer, Fetcher, address, last_modified
from warehouse.archive import Draft, Part, Release

BETWEEN = "."
"""Between the marks of the pages in a fingerprint."""
JSON = "application/geo+json, application/json"


def survey(
    sources: Sequence[Source], fetcher: Fetcher, last: LastRelease, keep: Keep
) -> tuple[list[Listing], dict[tuple[str, str], str]]:
    """The pages of each edition that may still change, asked conditionally.

    An edition below the newest one is closed: once archived it is not asked again.
    """
    found: list[Listing] = []
    absent: dict[tuple[str, str], str] = {}
    for source in sources:
        newest = max(source.editions, default="")
        for edition, declared in source.editions.items():
            known = last(source.name, edition)
            if known and edition != newest:
                found.append(_listing(source, edition, declared.id, known.fingerprint, known.url))
                continue
            try:
                found.append(_asked(source, edition, fetcher, known))
            except Absent as error:
                absent[source.name, edition] = str(error)
    return found, absent


def _asked(source: Source, edition: str, fetcher: Fetcher, known: Release | None) -> Listing:
    """What the publisher shows of an edition: its first page, and the further ones we know of.

    Raises Absent.
    """
    params = _params(source, edition)
    pages = _items(known) if known else []
    if pages and pages[0].url != fetcher.address(_path(source, edition), params):
        pages = []  # the question is another one now, so what was said to it does not count
    marks = known.fingerprint.split(BETWEEN) if known else []
    old = pages[0] if pages else None
    first = fetcher.get(
        _path(source, edition),
        params=params,
        etag=old.etag if old else None,
        modified=old.last_modified if old else None,
        accept=JSON,
        hold=True,
    )
    said = [marks[0] if first.body is None else fingerprint(first)]
    if said[:1] == marks[:1]:
        said += [
            _mark_of(fetcher, page, mark) for page, mark in zip(pages[1:], marks[1:], strict=False)
        ]
    return _listing(
        source,
        edition,
        source.editions[edition].id,
        BETWEEN.join(said),
        first.url,
        last_modified(first),
    )


def _mark_of(fetcher: Fetcher, page: Part, mark: str) -> str:
    """The mark of a further page as it is now: the one it had, where it has not changed."""
    try:
        answer = fetcher.get(page.url, etag=page.etag, modified=page.last_modified, accept=JSON)
    except Absent:
        return ""
    return mark if answer.body is None else fingerprint(answer)


def _items(release: Release) -> list[Part]:
    """The pages of a release in their order."""
    return [part for part in release.parts if part.name.startswith("items/")]


def _listing(
    source: Source, edition: str, identifier: str, said: str, url: str, modified: Any = None
) -> Listing:
    return Listing(source.name, edition, identifier, said, url, modified_at=modified)


def _path(source: Source, edition: str) -> str:
    """Where the edition is: some layers have all years at one address, some a year an address."""
    return (source.path or "").format(edition=edition)


def _params(source: Source, edition: str) -> dict[str, str]:
    return {name: value.format(edition=edition) for name, value in source.query.items()}


def fingerprint(answer: Answer) -> str:
    """Hash of what a page says: how many features there are, and its own, whatever their order."""
    page = _page(answer.url, answer.content())
    features = sorted(
        json.dumps([feature.get("properties"), feature.get("geometry")], sort_keys=True)
        for feature in page["features"]
    )
    said = json.dumps([_stated(page), features])
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def _page(url: str, body: bytes) -> dict[str, Any]:
    """A page of features. Raises Refused for what is none, Incomplete where it breaks off."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError) as error:
        start = body[:80].decode("utf-8", "replace").strip()
        if not start or start.startswith("{"):
            raise Incomplete(
                f"{url}: the page breaks off or is damaged ({error!s:.200})"
            ) from error
        raise Refused(f"{url}: expected GeoJSON, came {start!r} ({error!s:.200})") from error
    if not isinstance(said, dict) or not _all_objects(said.get("features")):
        raise Refused(
            f"{url}: expected a FeatureCollection with `features`, came {str(said)[:120]}"
        )
    if not _all_objects(said.get("links") or []):
        raise Refused(f"{url}: expected objects under `links`, came {str(said['links'])[:120]}")
    return said


def _all_objects(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def fetch(source: Source, listing: Listing, fetcher: Fetcher, draft: Draft) -> Listing:
    """All pages: along `links[rel=next]` (OGC), or by `startIndex` where more is said (WFS)."""
    answers = _pages(source, listing.edition, fetcher)
    first = next(answers)
    marks = []
    for number, answer in enumerate(chain([first], answers)):
        add(draft, f"items/{number:05}", answer)
        marks.append(fingerprint(answer))
    return _listing(
        source,
        listing.edition,
        listing.identifier,
        BETWEEN.join(marks),
        first.url,
        last_modified(first),
    )


def _pages(source: Source, edition: str, fetcher: Fetcher) -> Iterator[Answer]:
    answer = fetcher.get(_path(source, edition), params=_params(source, edition), accept=JSON)
    seen, read = {address(answer.url)}, 0
    while True:
        yield answer
        page = _page(answer.url, answer.content())
        read += len(page["features"])
        further = _next(answer.url, page)
        if not further and source.protocol == "wfs" and page["features"] and read < _stated(page):
            answer = fetcher.get(
                _path(source, edition),
                params={**_params(source, edition), "startIndex": str(read)},
                accept=JSON,
            )
        elif not further:
            return
        elif (place := address(fetcher.address(further))) in seen:
            raise Incomplete(f"{answer.url}: the next link leads back to a page already read")
        elif not page["features"]:
            raise Incomplete(f"{answer.url}: a page without features names a next one")
        elif len(seen) >= MOST_PAGES:
            raise Incomplete(f"{answer.url}: after {MOST_PAGES} pages there is still a next one")
        else:
            seen.add(place)
            answer = fetcher.get(further, accept=JSON)


def _next(url: str, page: dict[str, Any]) -> str | None:
    """The address of the page after this one, where a link names it. Raises Refused."""
    for link in page.get("links") or []:
        if link.get("rel") == "next":
            if isinstance(link.get("href"), str):
                return str(link["href"])
            raise Refused(f"{url}: expected an address in the next link, came {str(link)[:120]}")
    return None


def _stated(page: dict[str, Any]) -> int:
    """The publisher's own count; 0 where it states none (a GeoServer may say `unknown`)."""
    for name in ("numberMatched", "totalFeatures"):
        stated = page.get(name)
        if isinstance(stated, int) and not isinstance(stated, bool):
            return stated
    return 0


def read(source: Source, release: Release, part: ReadPart) -> RawTable:
    """One row a feature: its properties as text and `geometry` as GeoJSON (null without one).

    Raises Incomplete where the features do not agree with the publisher's own count, or came
    twice.
    """
    import polars as pl

    pages = [_page(item.url, part(item)) for item in _items(release)]
    features = [feature for page in pages for feature in page["features"]]
    table = f"{source.name} {release.edition}"
    stated = _stated(pages[0])
    if stated and stated != len(features):
        raise Incomplete(
            f"{table}: the publisher counts {stated} features, {len(features)} arrived; "
            "asked again next night"
        )
    # A page that came twice makes up for one that did not come, so the count does not tell.
    ids = [feature["id"] for feature in features if feature.get("id") is not None]
    marks = [mark for mark in release.fingerprint.split(BETWEEN) if len(pages) > 1]
    if len({str(number) for number in ids}) != len(ids) or len(set(marks)) != len(marks):
        raise Incomplete(f"{table}: features came twice; asked again next night")
    said = [feature.get("properties") or {} for feature in features]
    if not _all_objects(said):
        raise Refused(f"{table}: expected an object under `properties` of every feature")
    names = sorted({name for properties in said for name in properties})
    records = [
        {name: _text(properties.get(name)) for name in names}
        | {"geometry": json.dumps(feature["geometry"]) if feature.get("geometry") else None}
        for properties, feature in zip(said, features, strict=True)
    ]
    rows = pl.DataFrame(records, schema=dict.fromkeys([*names, "geometry"], pl.String))
    columns = pl.DataFrame(
        [{"name": name, "title": name, "kind": "measure"} for name in names],
        schema=empty_columns().schema,
    )
    return RawTable(rows=rows, columns=columns, codes=empty_codes())


def _text(value: Any) -> str | None:
    return None if value is None else str(value).strip()
