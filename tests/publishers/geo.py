"""PDOK (OGC API Features): collections, items page by page, of CBS Gebiedsindelingen (all years at one
address) and of CBS Wijken en buurten (a year an address).

Here: the routes, the parameters and the next links. Not here: geometry; features are served as
they were put, and nothing is reprojected.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from tests.publishers.paging import PagedPublisher, target
from tests.publishers.wire import Answer, Request

ROOT: Final = "/cbs/gebiedsindelingen/ogc/v1"
_ROOT_OF_YEAR: Final = re.compile(r"/cbs/wijken-en-buurten-(\d{4})/ogc/v1")
CRS84: Final = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
RD: Final = "http://www.opengis.net/def/crs/EPSG/0/28992"
DEFAULT_LIMIT: Final = 10
MAX_LIMIT: Final = 1_000
_KNOWN: Final = frozenset(
    {"f", "jaarcode", "limit", "crs", "cursor", "bbox", "bbox-crs", "statcode"}
)


@dataclass(frozen=True)
class _Item:
    """One feature, ready to be sent."""

    year: int
    crs: str | None
    code: str
    bbox: tuple[float, float, float, float] | None
    body: bytes


class Geo(PagedPublisher):
    """The OGC API with the areas of statistics."""

    rows_member = "features"

    def __init__(self, *, gzip: bool = False) -> None:
        super().__init__(gzip=gzip)
        self._items: dict[str, list[_Item]] = {}

    def put_features(
        self,
        collection: str,
        year: int,
        features: Sequence[dict[str, Any]],
        crs: str | None = None,
    ) -> None:
        """Publish the features of a year, in place of those of that year (and reference system).

        Without `crs` the same coordinates are given whatever system is asked; with it (`CRS84` or
        `RD`, of this module) they are given only to who asks for that one.
        """
        others = [
            item
            for item in self._items.get(collection, [])
            if (item.year, item.crs) != (year, crs) and (item.year != year or crs is not None)
        ]
        self._items[collection] = others + [
            _Item(
                year=year,
                crs=crs,
                code=str(feature.get("properties", {}).get("statcode", "")),
                bbox=_bbox(feature),
                body=json.dumps(feature, ensure_ascii=False, separators=(",", ":")).encode(),
            )
            for feature in features
        ]

    def answer(self, request: Request) -> Answer:
        """The collections, one of them, or a page of its items."""
        of_year = _ROOT_OF_YEAR.match(request.path)
        root = of_year[0] if of_year else ROOT
        segments = [part for part in request.path.removeprefix(root).split("/") if part]
        if not request.path.startswith(root):
            return _problem(404, "Not Found", request.path)
        match segments:
            case []:
                return _json({"title": "CBS Gebiedsindelingen", "links": []})
            case ["collections"]:
                described = [self._described(name) for name in self._items]
                return _json({"links": [], "collections": described})
            case ["collections", name] if name in self._items:
                return _json(self._described(name))
            case ["collections", name, "items"] if name in self._items:
                return self._page(request, name, int(of_year[1]) if of_year else None)
        return _problem(404, "Not Found", f"{request.path} does not exist")

    def _described(self, name: str) -> dict[str, Any]:
        here = f"{self.url}{ROOT}/collections/{name}"
        items = {"rel": "items", "type": "application/geo+json", "href": f"{here}/items?f=json"}
        return {
            "id": name,
            "title": name,
            "itemType": "feature",
            "crs": [CRS84, RD],
            "storageCrs": RD,
            "links": [{"rel": "self", "type": "application/json", "href": here}, items],
        }

    def _page(self, request: Request, name: str, of_year: int | None) -> Answer:
        query = request.query
        if unknown := sorted(query.keys() - _KNOWN):
            return _problem(400, "Bad Request", f"unknown query parameter(s) found: {unknown}")
        if query.get("f", "json") != "json":
            return _problem(400, "Bad Request", f"format '{query['f']}' is not served here")
        crs = query.get("crs", CRS84)
        if crs not in (CRS84, RD):
            return _problem(400, "Bad Request", f"requested crs {crs} is not supported")
        try:
            start, limit = self.page(request)
            box = _box(query.get("bbox"))
            year = int(query["jaarcode"]) if "jaarcode" in query else of_year
        except ValueError as error:
            return _problem(400, "Bad Request", str(error))
        if of_year and not any(item.year == of_year for item in self._items[name]):
            return _problem(404, "Not Found", f"{request.path} does not exist")
        items = [
            item
            for item in self._items[name]
            if (year is None or item.year == year)
            and (item.crs is None or item.crs == crs)
            and query.get("statcode") in (None, item.code)
            and (box is None or item.bbox is None or _overlap(box, item.bbox))
        ]
        chosen = items[start : start + limit]
        links = [self._link("self", request.target)]
        if start + limit < len(items):
            links.append(self._link("next", self.target_at(request, start + limit)))
        opening: dict[str, Any] = {"type": "FeatureCollection", "links": links, "name": name}
        opening |= {"numberMatched": len(items), "numberReturned": len(chosen)}
        if crs != CRS84:
            urn = "urn:ogc:def:crs:EPSG::28992"
            opening["crs"] = {"type": "name", "properties": {"name": urn}}
        head = json.dumps(opening, separators=(",", ":"))[:-1] + ',"features":['
        body = head.encode() + b",".join(item.body for item in chosen) + b"]}"
        headers = {
            "Content-Type": "application/geo+json",
            "Content-Crs": f"<{crs}>",
            "API-Version": "1.0.0",
            "ETag": f'"{hashlib.sha256(body).hexdigest()[:16]}"',
        }
        return Answer(200, headers, (body,))

    def _link(self, relation: str, where: str) -> dict[str, str]:
        kind = "application/geo+json"
        return {"rel": relation, "title": relation, "type": kind, "href": self.url + where}

    # --- faults in the chain of pages

    def page(self, request: Request) -> tuple[int, int]:
        """Where this page starts and how many features it has at most."""
        limit = int(request.query.get("limit", DEFAULT_LIMIT))
        if limit < 1:
            raise ValueError("limit must be a positive number")
        cursor = request.query.get("cursor", "")
        # A cursor is opaque to clients; inside it is a hexadecimal row number.
        return int(cursor.removeprefix("r"), 16) if cursor else 0, min(limit, MAX_LIMIT)

    def target_at(self, request: Request, start: int) -> str:
        """The same question from another feature on."""
        pairs = [pair for pair in request.pairs if pair[0] != "cursor"]
        return target(request.path, [*pairs, ("cursor", f"r{start:06x}")])

    def point_to(self, document: dict[str, Any], url: str) -> None:
        """Set the next link among the links."""
        links = [link for link in document.get("links", []) if link["rel"] != "next"]
        following = {"rel": "next", "title": "next", "type": "application/geo+json", "href": url}
        document["links"] = [*links, following]


def _bbox(feature: dict[str, Any]) -> tuple[float, float, float, float] | None:
    box = feature.get("bbox")
    return (box[0], box[1], box[2], box[3]) if box is not None and len(box) == 4 else None


def _box(text: str | None) -> tuple[float, float, float, float] | None:
    """A bbox of four numbers; PDOK refuses one without an area."""
    if text is None:
        return None
    numbers = [float(part) for part in text.split(",")]
    if len(numbers) != 4:
        raise ValueError("bbox should contain exactly 4 values")
    west, south, east, north = numbers
    if west >= east or south >= north:
        raise ValueError("bbox has no surface area")
    return west, south, east, north


def _overlap(a: Sequence[float], b: Sequence[float]) -> bool:
    return a[0] <= b[2] and b[0] <= a[2] and a[1] <= b[3] and b[1] <= a[3]


def _json(document: object) -> Answer:
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
    return Answer(200, {"Content-Type": "application/json", "ETag": etag}, (body,))


def _problem(status: int, title: str, detail: str) -> Answer:
    document = {"title": title, "status": status, "detail": detail}
    return Answer(
        status, {"Content-Type": "application/problem+json"}, (json.dumps(document).encode(),)
    )
