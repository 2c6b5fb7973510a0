"""What the two services of CBS have in common: tables on offer, answers kept, tables that change.

Here: `CbsPublisher`. Not here: what either version calls things (`cbs_v3.py`, `cbs_v4.py`).
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Final, Generic, Protocol, Self, TypeVar

from tests.publishers.faults import CHANGE_KINDS, Fault
from tests.publishers.odata_filter import FilterError
from tests.publishers.odata_page import ODataError, Options, Rows, target_at
from tests.publishers.paging import PagedPublisher
from tests.publishers.wire import Answer, Request

_ANSWERS_KEPT: Final = 2_000


class Table(Protocol):
    """What a table of either version can do."""

    @property
    def identifier(self) -> str: ...
    @property
    def sets(self) -> Sequence[str]: ...
    def rows_of(self, name: str) -> Rows: ...
    def page_json(self, name: str, start: int, size: int) -> bytes: ...
    def with_modified(self, iso: str) -> Self: ...
    def a_day_later(self) -> Self: ...


AnyTable = TypeVar("AnyTable", bound=Table)


class CbsPublisher(PagedPublisher, Generic[AnyTable]):
    """A service that offers any number of tables and answers from memory."""

    kinds = PagedPublisher.kinds | frozenset(CHANGE_KINDS)
    options: frozenset[str] = frozenset()
    """The system query options that the service knows."""

    def __init__(self, *, gzip: bool = False) -> None:
        super().__init__(gzip=gzip)
        self._tables: dict[str, AnyTable] = {}
        self._answers: dict[str, Answer] = {}

    # --- what is on offer

    def put(self, table: AnyTable) -> AnyTable:
        """Publish a table, or a new version of it."""
        self._tables = {**self._tables, table.identifier: table}
        self._answers = {}
        return table

    def remove(self, identifier: str) -> None:
        """Withdraw a table: out of the catalogue, 404 from then on."""
        self._tables = {k: v for k, v in self._tables.items() if k != identifier}
        self._answers = {}

    def table(self, identifier: str) -> AnyTable:
        """A table that is on offer; case does not matter."""
        for table in self._tables.values():
            if table.identifier.lower() == identifier.lower():
                return table
        raise ODataError(404, f"Table '{identifier}' not found.")

    def warm(self) -> None:
        """Render every page that a whole download asks for, so that nobody waits for it later."""
        for table in self._tables.values():
            for name in table.sets:
                if name != "UntypedDataSet":
                    limit = self.limit(name)
                    for start in range(0, max(1, table.rows_of(name).height), limit):
                        table.page_json(name, start, limit)

    @abstractmethod
    def limit(self, name: str) -> int:
        """The most rows of a set in one page."""

    # --- answering

    def answer(self, request: Request) -> Answer:
        """The answer, kept until a table changes."""
        answers = self._answers  # of this moment's tables: `put` begins a new dictionary
        kept = answers.get(request.target)
        if kept is not None:
            return kept
        try:
            answer = self.route(request)
        except ODataError as error:
            return self.refusal(error.status, error.message)
        except FilterError as error:
            return self.refusal(400, str(error))
        if len(answers) >= _ANSWERS_KEPT:
            answers.clear()
        answers[request.target] = answer
        return answer

    @abstractmethod
    def route(self, request: Request) -> Answer:
        """Find out what is asked and answer it, or raise the refusal."""

    @abstractmethod
    def refusal(self, status: int, message: str) -> Answer:
        """An error as this version of OData words it."""

    def options_of(self, request: Request) -> Options:
        """The system options of a request."""
        return Options.of(request, self.options)

    def page_value(
        self, table: AnyTable | None, name: str, rows: Rows, options: Options
    ) -> tuple[bytes, int, int | None]:
        """One page of `rows` as JSON; where the next starts, and what is left of `$top`.

        The next starts at 0 when there is none. `rows` are those that the filter let through.
        """
        limit = self.limit(name)
        start = options.skip
        size = limit if options.top is None else min(options.top, limit)
        wanted = rows.height if options.top is None else min(rows.height, start + options.top)
        plain = options.filter is None and options.select is None
        if table is not None and plain and size == limit and start % limit == 0:
            # The way of a whole download: the page comes rendered from the table.
            value = table.page_json(name, start, size)
        else:
            page = rows.cut(start, size)
            value = (page if options.select is None else page.pick(options.select)).json()
        left = None if options.top is None else options.top - size
        return value, start + size if start + size < wanted else 0, left

    # --- faults in the chain of pages

    def page(self, request: Request) -> tuple[int, int]:
        """Where this page starts and how many rows it has at most."""
        options = self.options_of(request)
        limit = self.limit(request.path.rstrip("/").rsplit("/", 1)[-1])
        return options.skip, limit if options.top is None else min(options.top, limit)

    def target_at(self, request: Request, start: int) -> str:
        """The same question from another row on."""
        return target_at(request, start, self.options_of(request).top)

    def spoil(self, answer: Answer, fault: Fault, request: Request) -> Answer:
        """Apply a fault; here also that a table changes while somebody is reading it."""
        if fault.kind not in CHANGE_KINDS:
            return super().spoil(answer, fault, request)
        identifier = request.path.rstrip("/").split("/")[-2]
        table, modified = self.table(identifier), fault.details["modified"]
        changed = fault.details["table"]
        if changed is None:
            changed = (
                table.a_day_later() if modified is None else table.with_modified(str(modified))
            )
        self.put(changed)  # type: ignore[arg-type]
        return answer
