"""CBS OData v4 (datasets.cbs.nl): catalogues, datasets and the entity sets of a table.

Here: routes, pages of 100,000, `$count`, and what the service refuses. Not here: the tables
(`v4_table.py`), the filter grammar (`odata_filter.py`).
"""

from __future__ import annotations

import json
from typing import Any, Final

from tests.publishers.cbs import CbsPublisher
from tests.publishers.odata_filter import parse
from tests.publishers.odata_page import ODataError, Options, Records, Rows, target_at
from tests.publishers.v4_table import V4Table
from tests.publishers.wire import Answer, Request

ROOT: Final = "/odata/v1"
_HEADERS: Final = {
    "Content-Type": "application/json; odata.metadata=minimal; odata.streaming=true; charset=utf-8",
    "OData-Version": "4.0",
}
_PUBLISHER: Final = "https://standaarden.overheid.nl/owms/terms/Centraal_Bureau_voor_de_Statistiek"
CATALOGS: Final[list[dict[str, Any]]] = [
    {
        "Identifier": "CBS",
        "Index": 1,
        "Title": "CBS databank",
        "Description": "Catalogus van het CBS",
        "Publisher": _PUBLISHER,
        "Language": "nl",
        "License": "https://creativecommons.org/licenses/by/4.0/",
        "Homepage": "https://www.cbs.nl/",
        "Authority": _PUBLISHER,
        "ContactPoint": "infoservice@cbs.nl",
    }
]


class CbsV4(CbsPublisher[V4Table]):
    """The v4 service: one catalogue and any number of tables."""

    options = frozenset({"$filter", "$select", "$top", "$skip", "$count", "$format"})

    def __init__(
        self, *, gzip: bool = False, page_size: int = 100_000, list_page_size: int = 100_000
    ) -> None:
        super().__init__(gzip=gzip)
        self.page_size = page_size
        self.list_page_size = list_page_size

    def limit(self, name: str) -> int:
        """The most rows in a page: observations can be given smaller pages than code lists."""
        return self.page_size if name == "Observations" else self.list_page_size

    def answer(self, request: Request) -> Answer:
        """The answer, unless the client says that it takes no JSON."""
        accept = request.headers.get("Accept") or "*/*"
        if "json" not in accept and "*/*" not in accept:
            return self.refusal(406, f"Cannot answer with '{accept}'.")
        return super().answer(request)

    def refusal(self, status: int, message: str) -> Answer:
        """An error as OData v4 words it."""
        document = {"error": {"code": "", "message": message}}
        return Answer(status, _HEADERS, (json.dumps(document, ensure_ascii=False).encode(),))

    def route(self, request: Request) -> Answer:
        """Find out what is asked and answer it."""
        if not request.path.startswith(ROOT):
            raise ODataError(404, f"Resource not found for '{request.path}'.")
        segments = [part for part in request.path.removeprefix(ROOT).split("/") if part]
        root = f"{self.url}{ROOT}"
        match segments:
            case []:
                return self._service(root, ("Catalogs", "Datasets"))
            case ["Catalogs"]:
                return self._page(request, f"{root}/$metadata#Catalogs", Records(CATALOGS))
            case ["Datasets"]:
                return self._page(request, f"{root}/$metadata#Datasets", self._datasets())
            case [catalog, "Datasets"]:
                context = f"{root}/{catalog}/$metadata#Datasets"
                return self._page(request, context, self._datasets(catalog))
            case [catalog, identifier, *rest] if len(rest) <= 2:
                table = self.table(identifier)
                if table.properties.get("Catalog", "CBS") != catalog:
                    raise ODataError(404, f"Dataset '{identifier}' not found in '{catalog}'.")
                return self._of_table(request, table, f"{root}/{catalog}/{table.identifier}", rest)
        raise ODataError(404, f"Resource not found for '{request.path}'.")

    def _of_table(self, request: Request, table: V4Table, base: str, rest: list[str]) -> Answer:
        match rest:
            case []:
                return self._service(base, (*table.sets, "Properties"))
            case ["Properties"]:
                context = {"@odata.context": f"{base}/$metadata#Properties"}
                return _json({**context, **table.properties})
            case [name] if name in table.sets:
                return self._page(
                    request, f"{base}/$metadata#{name}", table.rows_of(name), table, name
                )
            case [name, "$count"] if name in table.sets:
                options = self.options_of(request)
                rows = _chosen(options, table.rows_of(name))
                headers = {**_HEADERS, "Content-Type": "text/plain"}
                return Answer(200, headers, (str(rows.height).encode(),))
        raise ODataError(404, f"Resource not found for the segment '{rest[0]}'.")

    def _service(self, base: str, names: tuple[str, ...]) -> Answer:
        kinds = {"Properties": "Singleton"}
        sets = [{"name": n, "kind": kinds.get(n, "EntitySet"), "url": n} for n in names]
        return _json({"@odata.context": f"{base}/$metadata", "value": sets})

    def _datasets(self, catalog: str | None = None) -> Rows:
        """The properties of every table, with where to get it."""
        rows = []
        for table in self._tables.values():
            mine = table.properties.get("Catalog", "CBS")
            if catalog in (None, mine):
                url = f"{self.url}{ROOT}/{mine}/{table.identifier}"
                links = [{"Title": None, "Format": "odata", "DownloadUrl": url}]
                rows.append({**table.properties, "Distributions": links})
        return Records(rows)

    def _page(
        self,
        request: Request,
        context: str,
        rows: Rows,
        table: V4Table | None = None,
        name: str = "",
    ) -> Answer:
        """One page in its envelope, with the address of the next."""
        options = self.options_of(request)
        rows = _chosen(options, rows)
        value, next_start, left = self.page_value(table, name, rows, options)
        if options.select is not None:
            context += f"({','.join(options.select)})"
        opening = f'{{"@odata.context":{json.dumps(context)},'
        if options.count:
            opening += f'"@odata.count":{rows.height},'
        closing = "}"
        if next_start:
            following = self.url + target_at(request, next_start, left)
            closing = f',"@odata.nextLink":{json.dumps(following)}}}'
        return Answer(200, _HEADERS, (f'{opening}"value":'.encode(), value, closing.encode()))

    def point_to(self, document: dict[str, Any], url: str) -> None:
        """Set the address of the next page."""
        document["@odata.nextLink"] = url


def _chosen(options: Options, rows: Rows) -> Rows:
    return rows if options.filter is None else rows.where(parse(options.filter, "v4"))


def _json(document: object) -> Answer:
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    return Answer(200, _HEADERS, (body,))
