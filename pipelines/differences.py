"""What was known otherwise on one day than on another: which figures, by how much, by which release."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

from assets.edges import Edges
from warehouse.changes import BETWEEN
from warehouse.reading import reading

SHOWN = 40
"""Changes that are shown on a terminal; all with `--json`."""


def differences(edges: Edges, start: str, stop: str | None) -> list[dict[str, Any]]:
    """The figures that were known otherwise at the end of `stop` (a day; today) than at that of `start`.

    A row a figure: value, status and reason before and after, `difference` in the indicator's unit,
    and the release of the last change. Raises ValueError for a day that is none, or two in the wrong
    order, NothingPublishedError before the first publication.
    """
    first, last = _day("--from", start), _day("--to", stop or edges.now().date().isoformat())
    if first > last:
        raise ValueError(f"--from {start} is later than --to {last}; write the earlier day first")
    one = dt.timedelta(days=1)
    with reading(edges.warehouse_url) as warehouse:
        return warehouse.rows(BETWEEN, start=_midnight(first + one), stop=_midnight(last + one))


def _day(option: str, said: str) -> dt.date:
    try:
        return dt.date.fromisoformat(said)
    except ValueError:
        raise ValueError(f"{option}: expected a day such as 2021-03-01, came {said!r}") from None


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time())


def say_differences(rows: list[dict[str, Any]], start: str, stop: str | None) -> None:
    """The differences as a table, after how many there are of each sort."""
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    counts = Counter(row["change"] for row in rows)
    said = ", ".join(f"{number:,} {change}" for change, number in counts.most_common())
    console.print(f"from {start} to {stop or 'today'}: {said or 'nothing changed'}")
    table = Table(box=None, pad_edge=False)
    for heading in ("location", "indicator", "period", "before", "after", "difference", "by"):
        right = heading in ("before", "after", "difference")
        table.add_column(heading, justify="right" if right else "left")
    for row in rows[:SHOWN]:
        table.add_row(
            row["name"],
            row["name_en"],
            row["period"],
            _said(row, "before"),
            _said(row, "after"),
            "" if row["difference"] is None else f"{row['difference']:+,.6g}",
            row["release_id"] or row["opened_by"],
        )
    if rows:
        console.print(table)
    if len(rows) > SHOWN:
        console.print(
            f"and {len(rows) - SHOWN:,} more; all of them with --json, or in mart.indicator_change"
        )


def _said(row: dict[str, Any], when: str) -> str:
    value = row[f"value_{when}"]
    status = row[f"status_{when}"]
    if value is None:
        return str(row[f"missing_reason_{when}"] or "")
    return f"{value:,.6g}" + ("" if status == "not_stated" else f" {status}")
