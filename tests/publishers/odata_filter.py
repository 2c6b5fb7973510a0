"""The `$filter` language of OData, as far as the publishers understand it.

Here: reading a filter into a small tree and turning the tree into a polars expression. Not here:
what a service forbids on top of the grammar (`cbs_v3.py`: no filter on a topic).

The two dialects are kept apart on purpose: a client that sends `contains` to v3 must be told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import reduce
from typing import Final, Literal, TypeAlias

import polars as pl

Dialect: TypeAlias = Literal["v3", "v4"]
Value: TypeAlias = str | int | float | None


class FilterError(ValueError):
    """A filter that the service would refuse, with the message it would give."""


@dataclass(frozen=True)
class Compare:
    """`column op value`"""

    column: str
    op: str
    value: Value


@dataclass(frozen=True)
class Call:
    """`function(column, text)`; the argument order of substringof is put right in reading."""

    function: str
    column: str
    text: str


@dataclass(frozen=True)
class Among:
    """`column in (value, ...)`"""

    column: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Join:
    """`left and right`, `left or right`, with any number of members."""

    op: Literal["and", "or"]
    members: tuple[Node, ...]


@dataclass(frozen=True)
class Anything:
    """A condition that the service reads and then ignores."""


Node: TypeAlias = Compare | Call | Among | Join | Anything

_OPERATORS: Final[dict[Dialect, frozenset[str]]] = {
    "v3": frozenset({"eq", "ge", "gt", "le", "lt"}),
    "v4": frozenset({"eq", "ge", "gt", "le", "lt"}),
}
_FUNCTIONS: Final[dict[Dialect, frozenset[str]]] = {
    "v3": frozenset({"substringof", "startswith"}),
    "v4": frozenset({"startswith", "contains", "endswith"}),
}
_TOKEN: Final = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<number>-?\d+(?:\.\d+)?)(?![\w])"
    r"|(?P<word>[A-Za-z_][\w.]*)|(?P<mark>[(),]))"
)


def parse(text: str, dialect: Dialect) -> Node:
    """Read a filter; `FilterError` says what the service could not read."""
    return _Reader(text, dialect).read()


def columns(node: Node) -> Iterator[str]:
    """The columns that a filter looks at."""
    match node:
        case Join(members=members):
            for member in members:
                yield from columns(member)
        case Compare(column=column) | Call(column=column) | Among(column=column):
            yield column


def rewritten(node: Node, change: Callable[[Node], Node]) -> Node:
    """The same filter with every leaf passed through `change`."""
    if isinstance(node, Join):
        return Join(node.op, tuple(rewritten(member, change) for member in node.members))
    return change(node)


def mask(node: Node, schema: pl.Schema) -> pl.Expr:
    """The filter as a polars expression over a frame with this schema."""
    for column in columns(node):
        if column not in schema:
            raise FilterError(f"Could not find a property named '{column}'.")
    return _mask(node, schema)


def _mask(node: Node, schema: pl.Schema) -> pl.Expr:
    match node:
        case Join(op=op, members=members):
            masks = [_mask(member, schema) for member in members]
            # A balanced fold: hundreds of members in a row would nest too deep for the engine.
            while len(masks) > 1:
                pairs = [masks[i : i + 2] for i in range(0, len(masks), 2)]
                masks = [
                    reduce((lambda a, b: a & b) if op == "and" else (lambda a, b: a | b), pair)
                    for pair in pairs
                ]
            return masks[0]
        case Compare(column=column, op=op, value=value):
            return _comparison(column, op, value, schema[column])
        case Among(column=column, values=values):
            for value in values:
                _check(column, value, schema[column])
            return pl.col(column).is_in(list(values))
        case Call(function=function, column=column, text=text):
            _check(column, text, schema[column])
            strings = pl.col(column).cast(pl.String).str
            if function == "startswith":
                return strings.starts_with(text).fill_null(False)
            if function == "endswith":
                return strings.ends_with(text).fill_null(False)
            return strings.contains(text, literal=True).fill_null(False)
        case Anything():
            return pl.lit(True)


def _comparison(column: str, op: str, value: Value, dtype: pl.DataType) -> pl.Expr:
    if value is None:
        return pl.col(column).is_null()
    _check(column, value, dtype)
    left, right = pl.col(column), pl.lit(value)
    compared = {
        "eq": left == right,
        "ge": left >= right,
        "gt": left > right,
        "le": left <= right,
        "lt": left < right,
    }[op]
    return compared.fill_null(False)


def _check(column: str, value: Value, dtype: pl.DataType) -> None:
    """Text is compared with text and a number with a number; the service refuses the rest."""
    if dtype == pl.Null or value is None:
        return
    if isinstance(value, str) == dtype.is_numeric():
        raise FilterError(
            "A binary operator with incompatible types was detected. "
            f"Property '{column}' cannot be compared with {value!r}."
        )


class _Reader:
    """Recursive descent: or, and, then a group in brackets, a call or a comparison."""

    def __init__(self, text: str, dialect: Dialect) -> None:
        self.dialect: Dialect = dialect
        self.tokens = self._tokens(text)
        self.place = 0

    def _tokens(self, text: str) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        end = 0
        text = text.rstrip()
        while end < len(text):
            token = _TOKEN.match(text, end)
            if token is None or token.lastgroup is None:
                raise FilterError(f"Syntax error at position {end} in '{text}'.")
            found.append((token.lastgroup, token[token.lastgroup]))
            end = token.end()
        return found

    def read(self) -> Node:
        node = self._joined("or")
        if self.place < len(self.tokens):
            raise FilterError(f"Syntax error: '{self.tokens[self.place][1]}' was not expected.")
        return node

    def _peek(self) -> tuple[str, str]:
        return self.tokens[self.place] if self.place < len(self.tokens) else ("end", "the end")

    def _take(self, kind: str, *texts: str) -> str:
        found, text = self._peek()
        if found != kind or (texts and text not in texts):
            raise FilterError(f"Syntax error: '{text}' was not expected.")
        self.place += 1
        return text

    def _joined(self, op: Literal["and", "or"]) -> Node:
        members = [self._member(op)]
        while self._peek() == ("word", op):
            self.place += 1
            members.append(self._member(op))
        return members[0] if len(members) == 1 else Join(op, tuple(members))

    def _member(self, op: str) -> Node:
        return self._joined("and") if op == "or" else self._single()

    def _single(self) -> Node:
        if self._peek() == ("mark", "("):
            self.place += 1
            node = self._joined("or")
            self._take("mark", ")")
            return node
        name = self._take("word")
        return self._call(name) if self._peek() == ("mark", "(") else self._compared(name)

    def _call(self, function: str) -> Node:
        if function not in _FUNCTIONS[self.dialect]:
            raise FilterError(f"An unknown function with name '{function}' was found.")
        self._take("mark", "(")
        if function == "substringof":
            text = self._text()
            self._take("mark", ",")
            column = self._take("word")
        else:
            column = self._take("word")
            self._take("mark", ",")
            text = self._text()
        self._take("mark", ")")
        if self._peek() == ("word", "eq"):  # the long form: startswith(a,'b') eq true
            self.place += 1
            self._take("word", "true")
        return Call(function, column, text)

    def _compared(self, column: str) -> Node:
        op = self._take("word")
        if op == "in" and self.dialect == "v4":
            self._take("mark", "(")
            values = [self._value()]
            while self._peek() == ("mark", ","):
                self.place += 1
                values.append(self._value())
            self._take("mark", ")")
            return Among(column, tuple(values))
        if op not in _OPERATORS[self.dialect]:
            raise FilterError(f"Syntax error: operator '{op}' is not supported.")
        return Compare(column, op, self._value())

    def _text(self) -> str:
        return self._take("text")[1:-1].replace("''", "'")

    def _value(self) -> Value:
        kind, text = self._peek()
        if kind == "text":
            return self._text()
        if kind == "number":
            self.place += 1
            return float(text) if "." in text else int(text)
        self._take("word", "null")
        return None
