"""IBIS, the register of business parks, on a GeoServer (WFS 2.0, GetFeature).

Here: the parameters of GetFeature, pages, hits. Not here: GetCapabilities, filters, geometry.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final
from xml.sax.saxutils import quoteattr

from tests.publishers.paging import PagedPublisher, target
from tests.publishers.wire import Answer, Request

PATH: Final = "/geoserver/WarmteAtlas/wfs"
TYPE_NAME: Final = "WarmteAtlas:IBISbedrijventerreinen"
_GEOMETRY: Final = "geom"
_KNOWN: Final = frozenset(
    {
        "service",
        "version",
        "request",
        "typenames",
        "outputformat",
        "propertyname",
        "count",
        "startindex",
        "resulttype",
        "srsname",
    }
)
_MOMENT: Final = "2026-10-10T00:00:00.000Z"


class Ibis(PagedPublisher):
    """The web feature service with the business parks."""

    rows_member = "features"

    def __init__(self, *, gzip: bool = False) -> None:
        super().__init__(gzip=gzip)
        self._parks: list[dict[str, Any]] = []

    def put_features(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Publish these parks: attributes by name, and `geometry` where there is one."""
        self._parks = [dict(row) for row in rows]

    def answer(self, request: Request) -> Answer:
        """A page of features, their number, or an exception report."""
        if request.path != PATH:
            return Answer(404, {"Content-Type": "text/html"}, (b"<h1>404 Not Found</h1>",))
        query = _lowered(request)
        if unknown := sorted(query.keys() - _KNOWN):
            return _exception("OperationNotSupported", f"not served here: {unknown}", unknown[0])
        if query.get("service", "").upper() != "WFS":
            return _exception("MissingParameterValue", "Could not determine service", "service")
        if query.get("request", "").lower() != "getfeature":
            return _exception("InvalidParameterValue", "Only GetFeature is served", "request")
        if query.get("typenames") != TYPE_NAME:
            name = query.get("typenames", "")
            return _exception("InvalidParameterValue", f"Feature type {name} unknown", "typeName")
        if query.get("resulttype") == "hits":
            return self._hits()
        if query.get("outputformat") not in ("application/json", "json"):
            return _exception("InvalidParameterValue", "only JSON is served", "outputFormat")
        return self._features(request, query)

    def _features(self, request: Request, query: dict[str, str]) -> Answer:
        wanted = [name for name in query.get("propertyname", "").split(",") if name]
        names = list(dict.fromkeys(name for row in self._parks for name in row))
        if unknown := [name for name in wanted if name not in (*names, _GEOMETRY)]:
            return _exception(
                "InvalidParameterValue",
                f"Requested property: {unknown[0]} is not available for {TYPE_NAME}.",
                "propertyName",
            )
        try:
            start, size = self.page(request)
        except ValueError as error:
            return _exception("InvalidParameterValue", str(error), "count")
        chosen = self._parks[start : start + size]
        document: dict[str, Any] = {
            "type": "FeatureCollection",
            "features": [
                _feature(start + number, row, wanted) for number, row in enumerate(chosen, 1)
            ],
            "totalFeatures": len(self._parks),
            "numberMatched": len(self._parks),
            "numberReturned": len(chosen),
            "timeStamp": _MOMENT,
            "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::28992"}},
        }
        if start + size < len(self._parks):
            self.point_to(document, self.url + self.target_at(request, start + size))
        body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
        headers = {
            "Content-Type": "application/json;charset=UTF-8",
            "ETag": f'"{hashlib.sha256(body).hexdigest()[:32]}"',
        }
        return Answer(200, headers, (body,))

    def _hits(self) -> Answer:
        document = (
            '<?xml version="1.0" encoding="UTF-8"?><wfs:FeatureCollection '
            'xmlns:wfs="http://www.opengis.net/wfs/2.0" '
            f'numberMatched="{len(self._parks)}" numberReturned="0" timeStamp="{_MOMENT}"/>'
        )
        return Answer(200, {"Content-Type": "text/xml; subtype=gml/3.2"}, (document.encode(),))

    # --- faults in the chain of pages

    def page(self, request: Request) -> tuple[int, int]:
        """Where this page starts and how many features it has at most."""
        query = _lowered(request)
        start, size = int(query.get("startindex", 0)), int(query.get("count", len(self._parks)))
        if start < 0 or size < 0:
            raise ValueError("startIndex and count cannot be negative")
        return start, size

    def target_at(self, request: Request, start: int) -> str:
        """The same question from another feature on."""
        pairs = [(name.upper(), value) for name, value in request.pairs]
        kept = [pair for pair in pairs if pair[0] != "STARTINDEX"]
        return target(request.path, [*kept, ("STARTINDEX", str(start))])

    def point_to(self, document: dict[str, Any], url: str) -> None:
        """Set the next link, which GeoServer gives when there is more."""
        link = {"title": "next page", "type": "application/json", "rel": "next", "href": url}
        document["links"] = [link]


def _lowered(request: Request) -> dict[str, str]:
    """The parameters by lower-case name: WFS does not care about case; typeName is typeNames."""
    query = {name.lower(): value for name, value in request.pairs}
    if "typename" in query:
        query.setdefault("typenames", query.pop("typename"))
    return query


def _feature(number: int, row: Mapping[str, Any], wanted: Sequence[str]) -> dict[str, Any]:
    """One feature; the geometry is left out when only other properties are asked."""
    attributes = {name: value for name, value in row.items() if name != "geometry"}
    shown = attributes if not wanted else {k: v for k, v in attributes.items() if k in wanted}
    with_geometry = not wanted or _GEOMETRY in wanted
    return {
        "type": "Feature",
        "id": f"IBISbedrijventerreinen.{number}",
        "geometry": row.get("geometry") if with_geometry else None,
        **({"geometry_name": _GEOMETRY} if with_geometry else {}),
        "properties": shown,
    }


def _exception(code: str, text: str, locator: str) -> Answer:
    document = (
        '<?xml version="1.0" encoding="UTF-8"?><ows:ExceptionReport '
        'xmlns:ows="http://www.opengis.net/ows/1.1" version="2.0.0">'
        f"<ows:Exception exceptionCode={quoteattr(code)} locator={quoteattr(locator)}>"
        f"<ows:ExceptionText>{text}</ows:ExceptionText></ows:Exception></ows:ExceptionReport>"
    )
    return Answer(400, {"Content-Type": "application/xml"}, (document.encode(),))
