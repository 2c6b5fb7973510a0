"""CBS OData v3 (opendata.cbs.nl) and the same software for third parties (dataderden.cbs.nl).

Here: the catalogue, the Feed (pages of 10,000) and the Api (10,000 rows or an error), and what
they refuse. Not here: the tables (`v3_table.py`), the filter grammar (`odata_filter.py`).
"""

from __future__ import annotations

import json
import sys
from typing import Any, Final

from tests.publishers.atom import atom_feed
from tests.publishers.cbs import CbsPublisher
from tests.publishers.faults import error_document
from tests.publishers.odata_filter import (
    Anything,
    Compare,
    Node,
    columns,
    parse,
    rewritten,
)
from tests.publishers.odata_page import ODataError, Options, Records, Rows, target_at
from tests.publishers.v3_table import DATA_SETS, V3Table
from tests.publishers.wire import Answer, Request

API_LIMIT: Final = 10_000
TOO_MANY: Final = f"query returns more than {API_LIMIT} records"
_HEADERS: Final = {
    "Content-Type": "application/json;odata=minimalmetadata;streaming=true;charset=utf-8",
    "DataServiceVersion": "3.0;",
    "Cache-Control": "no-cache",
    "X-Content-Type-Options": "nosniff",
}


class CbsV3(CbsPublisher[V3Table]):
    """The v3 service: a catalogue and any number of tables."""

    options = frozenset({"$filter", "$select", "$top", "$skip", "$format"})
    # Hundreds of `or` were seen to end in a reset; at which length exactly was never measured.
    longest_target = 8_000

    def __init__(self, *, gzip: bool = False, page_size: int = 10_000) -> None:
        super().__init__(gzip=gzip)
        self.page_size = page_size

    def limit(self, name: str) -> int:
        """The most rows in a page of the Feed, whatever the set; the catalogue is one page."""
        return sys.maxsize if name == "Tables" else self.page_size

    def refusal(self, status: int, message: str) -> Answer:
        """An error as OData v3 words it."""
        return Answer(status, _HEADERS, (error_document(message),))

    def route(self, request: Request) -> Answer:
        """Find out what is asked and answer it."""
        segments = [segment for segment in request.path.split("/") if segment]
        match [segment.lower() for segment in segments[:2]]:
            case ["odatacatalog", "tables"] if len(segments) == 2:
                return self._catalog(request)
            case ["odatacatalog"]:
                return self._service(f"{self.url}/ODataCatalog", ("Tables",))
            case ["odatafeed" | "odataapi" as service, "odata"] if len(segments) in (3, 4, 5):
                table = self.table(segments[2])
                if len(segments) == 3:
                    canonical = "ODataFeed" if service == "odatafeed" else "ODataApi"
                    base = f"{self.url}/{canonical}/OData/{table.identifier}"
                    return self._service(base, table.sets)
                name = segments[3]
                if name not in table.sets:
                    raise ODataError(404, f"Resource not found for the segment '{name}'.")
                if segments[4:] == ["$count"]:
                    return self._count(request, table, name)
                if len(segments) == 4 and service == "odatafeed":
                    return self._feed(request, table, name)
                if len(segments) == 4:
                    return self._api(request, table, name)
        raise ODataError(404, f"Resource not found for '{request.path}'.")

    def _catalog_row(self, table: V3Table) -> dict[str, Any]:
        """The row as given, with the addresses of this server in place of the real ones."""
        row = dict(table.catalog_row)
        for key, service in (("ApiUrl", "ODataApi"), ("FeedUrl", "ODataFeed")):
            if key in row:
                row[key] = f"{self.url}/{service}/OData/{table.identifier}"
        return row

    def _service(self, base: str, names: tuple[str, ...]) -> Answer:
        document = {
            "odata.metadata": f"{base}/$metadata",
            "value": [{"name": name, "url": f"{base}/{name}"} for name in names],
        }
        return Answer(200, _HEADERS, (json.dumps(document, separators=(",", ":")).encode(),))

    def _count(self, request: Request, table: V3Table, name: str) -> Answer:
        rows, _ = self._chosen(self.options_of(request), table, name)
        headers = {"Content-Type": "text/plain;charset=utf-8", "DataServiceVersion": "2.0;"}
        return Answer(200, headers, (str(rows.height).encode(),))

    def _chosen(self, options: Options, table: V3Table, name: str) -> tuple[Rows, bool]:
        """The rows that the filter lets through, and whether part of the filter was ignored."""
        rows = table.rows_of(name)
        if options.filter is None:
            return rows, False
        node = parse(options.filter, "v3")
        ignored = False
        if name in DATA_SETS:
            if not table.topics.isdisjoint(columns(node)):
                raise ODataError(500, TOO_MANY)
            node, ignored = _ranges_ignored(node, table)
        return rows.where(node), ignored

    def _catalog(self, request: Request) -> Answer:
        """The catalogue in one answer, as far as the options leave it."""
        options = self.options_of(request)
        rows: Rows = Records([self._catalog_row(table) for table in self._tables.values()])
        if options.filter is not None:
            rows = rows.where(parse(options.filter, "v3"))
        rows = rows.cut(options.skip, options.top)
        if options.select is not None:
            rows = rows.pick(options.select)
        if options.format != "json":
            return atom_feed(self.url, "ODataCatalog", "Tables", rows)
        return self._envelope("ODataCatalog", "Tables", rows.json())

    def _feed(self, request: Request, table: V3Table, name: str) -> Answer:
        """One page of the bulk service, with the address of the next."""
        options = self.options_of(request)
        rows, _ = self._chosen(options, table, name)
        base = f"ODataFeed/OData/{table.identifier}"
        if options.format != "json":
            page = rows.cut(options.skip, self.page(request)[1])
            return atom_feed(self.url, base, name, page)
        value, next_start, left = self.page_value(table, name, rows, options)
        following = self.url + target_at(request, next_start, left) if next_start else None
        return self._envelope(base, name, value, following)

    def _api(self, request: Request, table: V3Table, name: str) -> Answer:
        """All the rows that were asked for, or an error when they are too many."""
        options = self.options_of(request)
        if "$skip" in request.query:
            raise ODataError(500, "The query parameter '$skip' is not supported.")
        rows, ignored = self._chosen(options, table, name)
        rows = rows.cut(0, API_LIMIT if ignored and options.top is None else options.top)
        if rows.height > API_LIMIT:
            raise ODataError(500, TOO_MANY)
        if options.select is not None:
            rows = rows.pick(options.select)
        return self._envelope(f"ODataApi/OData/{table.identifier}", name, rows.json())

    def _envelope(self, base: str, name: str, value: bytes, following: str | None = None) -> Answer:
        kind = name if base == "ODataCatalog" else f"Cbs.OData.WebAPI.{name}"
        start = f'{{"odata.metadata":"{self.url}/{base}/$metadata#{kind}","value":'
        end = "}" if following is None else f',"odata.nextLink":{json.dumps(following)}}}'
        return Answer(200, _HEADERS, (start.encode(), value, end.encode()))

    def point_to(self, document: dict[str, Any], url: str) -> None:
        """Set the address of the next page."""
        document["odata.nextLink"] = url


def _ranges_ignored(node: Node, table: V3Table) -> tuple[Node, bool]:
    """`ge` and its kin count only for periods; elsewhere the service ignores them in silence."""
    found: list[Node] = []

    def change(leaf: Node) -> Node:
        if (
            isinstance(leaf, Compare)
            and leaf.op != "eq"
            and leaf.column not in table.time_dimensions | {"ID"}
        ):
            found.append(leaf)
            return Anything()
        return leaf

    return rewritten(node, change), bool(found)
