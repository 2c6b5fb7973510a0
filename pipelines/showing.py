"""Reads the published warehouse for a person: how sources stand, and one location's figures."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from assets.edges import Edges
from warehouse.location import locate
from warehouse.reading import NothingPublishedError, Reader, reading

if TYPE_CHECKING:
    from rich.console import Console


END_OF_TIME = dt.datetime(9999, 1, 1)
"""Stands for "now": later than anything that can be known."""


class NotThereError(LookupError):
    """There is no such location in the warehouse; the message says what there is."""


def status_rows(edges: Edges) -> list[dict[str, Any]]:
    """Rows of `mart.source_freshness`; none before the first publication."""
    try:
        with reading(edges.warehouse_url) as warehouse:
            return warehouse.rows("SELECT * FROM mart.source_freshness ORDER BY source, edition")
    except NothingPublishedError:
        return []


def say_status(rows: list[dict[str, Any]], edges: Edges) -> None:
    """Status as a table."""
    from rich.console import Console
    from rich.table import Table

    console = Console()
    if not rows:
        console.print(
            f"nothing published yet at {locate(edges.warehouse_url)}; run `locatiemonitor nightly`"
        )
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("source", "edition", "state", "released", "fetched", "rows", ""):
        table.add_column(heading)
    for row in (r for r in rows if r["state"] != "absent"):
        table.add_row(
            row["source"],
            row["edition"],
            f"{row['state']}{', STALE' if row['stale'] else ''}",
            f"{row['modified_at']:%Y-%m-%d}" if row["modified_at"] else "not stated",
            f"{row['fetched_at']:%Y-%m-%d %H:%M}" if row["fetched_at"] else "",
            f"{row['rows']:,}" if row["rows"] else "",
            ("synthetic " if row["synthetic"] else "") + (row["reason"] or ""),
        )
    console.print(table)
    absent = [f"{row['source']} {row['edition']}" for row in rows if row["state"] == "absent"]
    if absent:
        console.print(f"not at the publisher: {', '.join(absent)}", soft_wrap=True)


def location_figures(edges: Edges, wanted: str, as_of: str | None) -> dict[str, Any]:
    """A location with its aliases, its figures beside its surroundings, and its dossier, as known on
    `as_of` (a day) or now.

    `wanted`: id, or a name or alias. Raises NotThereError, NothingPublishedError, ValueError for a
    day that is none.
    """
    try:
        moment = dt.datetime.fromisoformat(as_of) + dt.timedelta(days=1) if as_of else None
    except ValueError:
        raise ValueError(f"--as-of: expected a day such as 2021-03-01, came {as_of!r}") from None
    with reading(edges.warehouse_url) as warehouse:
        location_id = _location_id(warehouse, wanted)
        [location] = warehouse.rows(
            "SELECT * FROM mart.location WHERE location_id = :wanted", wanted=location_id
        )
        aliases = warehouse.rows(
            "SELECT * FROM mart.location_alias WHERE location_id = :wanted ORDER BY valid_from, alias",
            wanted=location_id,
        )
        known = {"wanted": location_id, "moment": moment or END_OF_TIME}
        figures = warehouse.rows(_FIGURES, **known)
        dossier = warehouse.rows(_DOSSIER, **known)
        return {
            "location": location,
            "aliases": aliases,
            "as_of": as_of,
            "figures": figures,
            "dossier": dossier,
        }


def _location_id(warehouse: Reader, wanted: str) -> str:
    """The id of the location that is called `wanted`. Raises NotThereError."""
    if warehouse.rows("SELECT 1 FROM mart.location WHERE location_id = :wanted", wanted=wanted):
        return wanted
    # Capitals are made equal here: what an engine does with those beyond ASCII differs.
    called = sorted(
        row["location_id"]
        for row in warehouse.rows("SELECT location_id, alias FROM mart.location_alias")
        if row["alias"].casefold() == wanted.casefold()
    )
    if called:
        return str(called[0])
    sites = warehouse.rows("SELECT location_id FROM mart.location WHERE kind = 'site' ORDER BY 1")
    raise NotThereError(
        f"there is no location {wanted!r}; sites: {', '.join(s['location_id'] for s in sites)}; "
        "or a CBS code such as GM0193 or BU01530703"
    )


_FIGURES = """
WITH known AS (
    SELECT * FROM mart.indicator_value
    WHERE (:moment = TIMESTAMP '9999-01-01' AND known_to IS NULL)
       OR (:moment < TIMESTAMP '9999-01-01' AND known_from < :moment AND (known_to IS NULL OR known_to >= :moment))),
newest AS (
    SELECT * FROM (
        SELECT known.*, row_number() OVER (
                   PARTITION BY indicator_id ORDER BY (value IS NOT NULL) DESC, period DESC) AS place
        FROM known WHERE location_id = :wanted) ranked
    WHERE place = 1)
SELECT i.theme, n.indicator_id, i.name_en, i.name_nl, i.unit, n.period, n.value, n.missing_reason, n.method, n.status,
       n.lower, n.upper, n.synthetic, n.known_from, r.source, r.url,
       m.value AS municipality, p.value AS province, c.value AS country
FROM newest n
JOIN mart.indicator i USING (indicator_id)
JOIN mart.location l ON l.location_id = n.location_id
LEFT JOIN mart.source_release r USING (release_id)
LEFT JOIN known m ON m.location_id = l.municipality_code AND m.indicator_id = n.indicator_id AND m.period = n.period
     AND l.kind <> 'municipality'
LEFT JOIN known p ON p.location_id = l.province_code AND p.indicator_id = n.indicator_id AND p.period = n.period
     AND l.kind <> 'province'
LEFT JOIN known c ON c.location_id = 'NL' AND c.indicator_id = n.indicator_id AND c.period = n.period
     AND l.kind <> 'country'
ORDER BY i.theme, n.indicator_id
"""


_DOSSIER = """
SELECT d.* FROM mart.location_dossier d
JOIN mart.document o USING (document_id)
LEFT JOIN mart.source_release r USING (release_id)
WHERE d.location_id = :wanted
  AND (:moment = TIMESTAMP '9999-01-01' OR coalesce(r.modified_at, r.fetched_at) < :moment)
ORDER BY d.year NULLS LAST,
         CASE d.event WHEN 'decided' THEN 1 WHEN 'planned' THEN 2 WHEN 'reported' THEN 3
                      WHEN 'spent' THEN 4 WHEN 'takes part' THEN 5 ELSE 6 END,
         d.document_id, d.section, d.quote_start, d.subject_id
"""


def say_location(found: dict[str, Any]) -> None:
    """One location as a page of text."""
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    location = found["location"]
    console.print(f"[bold]{location['name']}[/] ({location['location_id']}, {location['kind']})")
    console.print(
        f"municipality {location['municipality_code'] or '-'}, province {location['province_code'] or '-'}"
    )
    if location["boundary_note"]:
        console.print(
            f"boundary: {location['boundary_status']}. {location['boundary_note']}", soft_wrap=True
        )
    if found["aliases"]:
        console.print(
            f"also known as: {'; '.join(a['alias'] for a in found['aliases'])}", soft_wrap=True
        )
    if found["as_of"]:
        console.print(f"as known on {found['as_of']}")
    table = Table(box=None, pad_edge=False)
    for heading in (
        "indicator",
        "period",
        "value",
        "unit",
        "municipality",
        "province",
        "country",
        "",
    ):
        table.add_column(
            heading,
            justify="right"
            if heading in ("value", "municipality", "province", "country")
            else "left",
        )
    shown = [row for row in found["figures"] if row["value"] is not None]
    for row in shown:
        remarks = [
            row["method"] if row["method"] not in ("published", "exact") else "",
            f"{_number(row['lower'])} to {_number(row['upper'])}"
            if row["lower"] is not None and row["upper"] is not None
            else "",
            "SYNTHETIC" if row["synthetic"] else "",
        ]
        table.add_row(
            row["name_en"],
            row["period"],
            _number(row["value"]),
            row["unit"],
            *(_number(row[name]) for name in ("municipality", "province", "country")),
            " ".join(filter(None, remarks)),
        )
    console.print(table)
    reasons: dict[str, list[str]] = {}
    for row in found["figures"]:
        if row["value"] is None:
            reasons.setdefault(row["missing_reason"], []).append(row["indicator_id"])
    for reason, names in sorted(reasons.items()):
        console.print(f"no figure ({reason}): {', '.join(names)}", soft_wrap=True)
    _say_dossier(console, found["dossier"])


def _say_dossier(console: Console, lines: list[dict[str, Any]]) -> None:
    """What documents say, in order of time; each line with its source and the place of its words.

    Texts come from others: whatever they hold is printed as characters, never as markup.
    """
    from rich.text import Text

    if not lines:
        console.print("no document taken in speaks of it")
        return
    console.print(f"dossier: {len(lines)} lines from documents")
    for line in lines:
        year = str(line["year"]) if line["year"] else "undated"
        if line["year_is"] == "not before":
            year = f"{year} or later"
        amount = f", {line['amount_eur']:,.0f} euro" if line["amount_eur"] is not None else ""
        shared = line["shared_by"] or 1
        remarks = [
            line["status"].replace("_", " ") + amount,
            f"of the whole performance, in {shared} locations" if shared > 1 else "",
            "SYNTHETIC" if line["synthetic"] else "",
        ]
        console.print(
            Text(
                f"  {year}  {line['event']}: {line['title']} ({'; '.join(filter(None, remarks))})"
            ),
            soft_wrap=True,
        )
        place = f"{line['section']}, {line['quote_start']}-{line['quote_end']}"
        place += " of the heading" if line["in_heading"] else ""
        console.print(
            Text(
                f"      {line['relation'].replace('_', ' ')}, {line['confidence']:.2f}: "
                f"\u201c{line['quote']}\u201d in {line['document_id']}, {place}"
            ),
            style="dim",
            soft_wrap=True,
        )


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if value == int(value) else f"{value:,.2f}"
