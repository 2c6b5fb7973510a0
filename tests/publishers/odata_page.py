"""What OData v3 and v4 have in common: system options, rows to choose from, links to what follows.

Here: reading `$filter`, `$select`, `$top`, `$skip`, `$count`, and `Rows`, which a table hands out
as a `Frame` (for data) or as `Records` (for the few rows whose members differ by kind).
Not here: what each version calls things and forbids (`cbs_v3.py`, `cbs_v4.py`).
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import polars as pl

from tests.publishers.odata_filter import Node, columns, mask
from tests.publishers.paging import target
from tests.publishers.wire import Request


class ODataError(Exception):
    """A refusal, with the status and the message the service would give."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


@dataclass(frozen=True)
class Options:
    """The system options of one request."""

    filter: str | None = None
    select: tuple[str, ...] | None = None
    top: int | None = None
    skip: int = 0
    count: bool = False
    format: str | None = None

    @classmethod
    def of(cls, request: Request, known: frozenset[str]) -> Options:
        """Read the options; one given twice, or not known to the service, is refused."""
        names = [name for name, _ in request.pairs]
        for name in names:
            if names.count(name) > 1:
                raise ODataError(
                    400,
                    f"Query parameter '{name}' is specified, but it should be specified "
                    "exactly once.",
                )
            if name.startswith("$") and name not in known:
                raise ODataError(400, f"The query parameter '{name}' is not supported.")
        query = request.query
        select = query.get("$select")
        return cls(
            filter=query.get("$filter") or None,
            select=None
            if select in (None, "", "*")
            else tuple(name.strip() for name in str(select).split(",")),
            top=_whole(query, "$top"),
            skip=_whole(query, "$skip") or 0,
            count=query.get("$count") == "true",
            format=query.get("$format"),
        )


def _whole(query: dict[str, str], name: str) -> int | None:
    text = query.get(name)
    if text is None:
        return None
    if not text.isascii() or not text.isdigit():
        raise ODataError(400, f"Incorrect format for {name} argument '{text}'.")
    return int(text)


class Rows(ABC):
    """Rows to be narrowed down and written as JSON."""

    @property
    @abstractmethod
    def height(self) -> int:
        """How many rows there are."""

    @abstractmethod
    def where(self, node: Node) -> Rows:
        """The rows that a filter lets through."""

    @abstractmethod
    def cut(self, start: int, size: int | None) -> Rows:
        """Rows that follow each other; all that are left when no size is given."""

    @abstractmethod
    def pick(self, names: Sequence[str]) -> Rows:
        """Some columns, in the order of the table, as the services do."""

    @abstractmethod
    def json(self) -> bytes:
        """The rows as a JSON array."""


class Frame(Rows):
    """Rows of a frame: fast, and every row has every member."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self.frame = frame

    @property
    def height(self) -> int:
        return self.frame.height

    def where(self, node: Node) -> Rows:
        return Frame(self.frame.filter(mask(node, self.frame.schema)))

    def cut(self, start: int, size: int | None) -> Rows:
        return Frame(self.frame.slice(start, size))

    def pick(self, names: Sequence[str]) -> Rows:
        _refuse_unknown(names, self.frame.columns)
        return Frame(self.frame.select([c for c in self.frame.columns if c in names]))

    def json(self) -> bytes:
        if self.frame.is_empty():
            return b"[]"
        buffer = BytesIO()
        self.frame.write_json(buffer)
        return buffer.getvalue()


class Records(Rows):
    """Rows whose members differ by kind, kept as dictionaries; None is null, absent is absent."""

    def __init__(self, records: Sequence[dict[str, Any]]) -> None:
        self.records = list(records)

    @property
    def height(self) -> int:
        return len(self.records)

    def where(self, node: Node) -> Rows:
        names = [
            name for name in set(columns(node)) if any(name in record for record in self.records)
        ]
        if not self.records:
            return self
        frame = pl.DataFrame(
            {name: [record.get(name) for record in self.records] for name in names} or {"": []},
            strict=False,
        )
        kept = frame.select(mask(node, frame.schema).alias("kept"))["kept"]
        return Records([record for record, keep in zip(self.records, kept, strict=True) if keep])

    def cut(self, start: int, size: int | None) -> Rows:
        return Records(self.records[start : None if size is None else start + size])

    def pick(self, names: Sequence[str]) -> Rows:
        if self.records:
            _refuse_unknown(names, {name for record in self.records for name in record})
        return Records([{k: v for k, v in record.items() if k in names} for record in self.records])

    def json(self) -> bytes:
        return json.dumps(self.records, ensure_ascii=False, separators=(",", ":")).encode()


def _refuse_unknown(names: Sequence[str], known: Collection[str]) -> None:
    for name in names:
        if name not in known:
            raise ODataError(400, f"Could not find a property named '{name}'.")


def target_at(request: Request, start: int, top: int | None) -> str:
    """Path and query of the same question from another row on, carrying every other option."""
    pairs = [(name, value) for name, value in request.pairs if name not in ("$skip", "$top")]
    if top is not None:
        pairs.append(("$top", str(top)))
    pairs.append(("$skip", str(start)))
    return target(request.path, pairs)
