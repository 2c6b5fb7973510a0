"""An outcome in words and numbers, for the person who is paged, without a firm's name or number.

Of a table with sensitive columns only the other declared columns are shown, and what a view
derives from them as numbers, booleans or dates. A value that also stands in a sensitive column
is masked wherever it turns up.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from expectations.quarantine import GUARDED, MASK
from expectations.rules import Failing, shared
from warehouse.vocabulary import columns, key_of

if TYPE_CHECKING:
    import polars as pl

    from expectations.gate import Finding
    from expectations.rules import Evidence, View

EXAMPLES = 3
ROWS_SHOWN = 8
"""Rows in the small table of what failed."""
COLUMNS_SHOWN = 10
LETTERS_SHOWN = 60
DIGITS_OF_A_NUMBER = 5
"""Numbers of firms have at least so many digits; a count with fewer is no number of a firm."""


def observed(evidence: Evidence, finding: Finding) -> str:
    """What was seen: the numbers of a one-line view, or how many rows fail and which."""
    if finding.error is not None:
        return finding.error
    if finding.vacuous:
        return "nothing to judge: there is nothing that the rule speaks about"
    view = finding.view
    if view is None:
        return "does not hold"
    if finding.unexpected:
        count = f"{len(finding.unexpected)} of {view.height} rows unexpected"
        examples = "; ".join(_examples(evidence, finding, view))
        return f"{count}, e.g. {examples}" if examples else count
    if not finding.success:
        value = finding.observed_value
        number = isinstance(value, int | float) and not isinstance(value, bool)
        return f"observed {_value(evidence, float(value))}" if number else "does not hold"
    line = _row(evidence, view.select(_shown(evidence, finding, view))) if view.height == 1 else ""
    return line or f"all {view.height} rows as expected"


def share_set_aside(rows: int, share: float, at_most: float) -> str:
    """How many rows of the frame a row rule concerns, and whether that is too many."""
    if share > at_most:
        return (
            f"; that is {share:.2%} of the frame, more than the {at_most:.2%} that may be set aside"
        )
    return f"; {rows} rows set aside ({share:.2%} of the frame)"


def error(evidence: Evidence, raised: Exception | str) -> str:
    """Why a rule could not be evaluated; of a table that names firms only the kind of error."""
    kind = type(raised).__name__ if isinstance(raised, Exception) else "error"
    if any(column.sensitive for column in columns(evidence.table)):
        return f"could not be evaluated: {kind} (message withheld: the table names firms)"
    message = str(raised).strip().split("\n")[0]
    return f"could not be evaluated: {kind}: {message}"[:300]


def failing(evidence: Evidence, finding: Finding) -> Failing:
    """The first failing rows as texts, in the columns that may be shown."""
    if finding.view is None or not finding.unexpected:
        return Failing()
    rows = _failing(evidence, finding, finding.view, ROWS_SHOWN)
    return Failing(
        tuple(rows.columns),
        tuple(
            tuple("" if value is None else _value(evidence, value) for value in row)
            for row in rows.iter_rows()
        ),
    )


def expected(expectation: Any) -> str:
    """What an expectation of Great Expectations asks for, in words.

    `ExpectColumnValuesToBeBetween(column="nulls", max_value=0)` -> `nulls is at most 0`.
    """
    asked = {
        name: value
        for name, value in expectation.configuration.kwargs.items()
        if name not in _NOT_SAID and value is not None
    }
    kind, column = type(expectation).__name__, asked.get("column")
    match kind:
        case "ExpectColumnValuesToBeBetween":
            low, high = asked.get("min_value"), asked.get("max_value")
            ends = [f"at least {_said(low)}"] if low is not None else []
            ends += [f"at most {_said(high)}"] if high is not None else []
            return f"{column} is {' and '.join(ends)}"
        case "ExpectColumnValuesToBeInSet" if asked.get("value_set") == [True]:
            return f"{column} is yes"
        case "ExpectColumnValuesToBeInSet":
            return f"{column} is one of {_said(asked.get('value_set'))}"
        case "ExpectColumnValuesToNotBeNull":
            return f"{column} has a value"
        case "ExpectColumnValuesToBeUnique":
            return f"no value of {column} occurs twice"
        case "ExpectColumnPairValuesToBeEqual":
            return f"{asked.get('column_A')} equals {asked.get('column_B')}"
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind).lower().removeprefix("expect ")
    said = [f"{name.replace('_', ' ')} {_said(value)}" for name, value in asked.items()]
    return words + (f": {', '.join(said)}" if said else "")


_NOT_SAID = {"batch_id", "result_format", "strict_min", "strict_max", "mostly"}


def _said(value: Any) -> str:
    """A bound or a set of values, shortened."""
    if isinstance(value, list | tuple | set):
        words = [_said(one) for one in list(value)[:COLUMNS_SHOWN]]
        return " / ".join(words) + (" / .." if len(value) > COLUMNS_SHOWN else "")
    return _number(value) if isinstance(value, float) else str(value)[:LETTERS_SHOWN]


def _examples(evidence: Evidence, finding: Finding, view: pl.DataFrame) -> list[str]:
    """Some of the failing rows in one line each."""
    first = _failing(evidence, finding, view, EXAMPLES)
    return [_row(evidence, row) for row in first.iter_slices(1)] if first.width else []


def _failing(evidence: Evidence, finding: Finding, view: pl.DataFrame, most: int) -> pl.DataFrame:
    """Some of the failing rows, the same ones each time: views come in no particular order."""
    import polars as pl

    shown = view[list(finding.unexpected)].select(_shown(evidence, finding, view))
    shown = shown.with_columns(pl.col(pl.Categorical).cast(pl.String))
    plain = [name for name, kind in shown.schema.items() if not kind.is_nested()]
    return (shown.sort(plain) if plain else shown).head(most)


def _row(evidence: Evidence, row: pl.DataFrame) -> str:
    """One row as `column=value` words."""
    values = row.row(0, named=True) if row.width else {}
    return " ".join(
        f"{name}={_value(evidence, value)}" for name, value in values.items() if value is not None
    )


def _shown(evidence: Evidence, finding: Finding, view: pl.DataFrame) -> list[str]:
    """The columns of the view that may and need be shown.

    Of the frame row by row, and of a wide view, only the key and what was judged; source and
    edition not where the asset names them.
    """
    names = view.columns
    key = set(key_of(evidence.table)) - ({"source", "edition"} if evidence.source else set())
    row_by_row = view.height == evidence.frame.height and not key.isdisjoint(names)
    if len(names) > COLUMNS_SHOWN or row_by_row:
        names = [name for name in names if name in key or name in finding.judged] or names
    sensitive = {column.name for column in columns(evidence.table) if column.sensitive}
    if evidence.facts.get(GUARDED) and not sensitive:
        # A number of few establishments stands in no message: disclosure control has not seen it.
        names = [n for n in names if n in key or not view[n].dtype.is_numeric()]
    if sensitive:
        declared = {column.name for column in columns(evidence.table)} - sensitive
        names = [n for n in names if n in declared or (n not in sensitive and _plain(view[n]))]
    return names


def _plain(column: pl.Series) -> bool:
    """Whether a derived column cannot carry words: a number, a boolean or a date."""
    import polars as pl

    return column.dtype.is_numeric() or column.dtype.is_temporal() or column.dtype == pl.Boolean


def _value(evidence: Evidence, value: Any) -> str:
    """A value in few letters, masked where it also stands in a sensitive column."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = _number(value) if isinstance(value, float) else str(value)
    if _stands_in_sensitive_column(evidence, text):
        return MASK
    return text if len(text) <= LETTERS_SHOWN else text[: LETTERS_SHOWN - 2] + ".."


def _stands_in_sensitive_column(evidence: Evidence, text: str) -> bool:
    """Whether a sensitive column holds this value, or this number with zeros before it.

    Looked up by hash: in two million rows that takes a thousandth of comparing texts, and of a
    coincidence nothing worse comes than a value that is masked without need.
    """
    import polars as pl

    def among(view: View, said: str) -> bool:
        hashes = view(evidence)
        return bool(hashes.height and (hashes["hash"] == pl.Series([said]).hash().item()).any())

    if among(_sensitive_values, text):
        return True
    number = text.isdigit() and len(text) >= DIGITS_OF_A_NUMBER
    return number and among(_sensitive_numbers, text.lstrip("0"))


@shared
def _sensitive_values(evidence: Evidence) -> pl.DataFrame:
    """The `hash` of every value in a sensitive column."""
    return _hashes(evidence, zeros=True)


@shared
def _sensitive_numbers(evidence: Evidence) -> pl.DataFrame:
    """The `hash` of every value in a sensitive column, without the zeros before it."""
    return _hashes(evidence, zeros=False)


def _hashes(evidence: Evidence, *, zeros: bool) -> pl.DataFrame:
    import polars as pl

    found = []
    for column in columns(evidence.table):
        if column.sensitive and column.name in evidence.frame.columns:
            values = evidence.frame[column.name].cast(pl.String, strict=False).drop_nulls()
            values = values if zeros else values.str.strip_chars_start("0")
            found.append(values.hash().alias("hash").to_frame())
    return pl.concat(found) if found else pl.DataFrame(schema={"hash": pl.UInt64})


def _number(value: float) -> str:
    """A number as people write it: no exponent, at most four decimals."""
    return f"{value:.4f}".rstrip("0").rstrip(".") if value == value else "nan"
