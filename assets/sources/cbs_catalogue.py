"""The catalogues of CBS: which tables there are and when each was last changed.

One request a publisher answers for all its sources: that is the cheap question of a night.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from assets.catalogue.models import Source
from assets.sources.errors import Refused
from assets.sources.reading import Listing

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def moment(said: str | None) -> dt.datetime | None:
    """A moment as a CBS catalogue writes it; without a zone it is Dutch time (v3).

    Raises ValueError.
    """
    if not said:
        return None
    parsed = dt.datetime.fromisoformat(said)
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=AMSTERDAM)


def listings(
    sources: Sequence[Source], tables: Sequence[Mapping[str, Any]], url: str, count: str
) -> tuple[list[Listing], dict[tuple[str, str], str]]:
    """The editions of `sources` among the catalogue's `tables`.

    `count`: the field that holds the number of rows. An edition is known by its declared id,
    or discovered by its title (stripped: some end in a blank). Returns listings, and editions
    with the reason why there is none: a declared one that the catalogue does not list, one that
    several tables claim by their title. Raises Refused for a row that cannot be read.
    """
    by_id = {str(table["Identifier"]): table for table in tables if table.get("Identifier")}
    found: list[Listing] = []
    absent: dict[tuple[str, str], str] = {}
    for source in sources:
        ids = {edition: [declared.id] for edition, declared in source.editions.items()}
        for edition, identifiers in _discovered(source, by_id).items():
            ids.setdefault(edition, identifiers)
        for edition, (identifier, *others) in sorted(ids.items()):
            table = by_id.get(identifier)
            if others:
                absent[source.name, edition] = (
                    f"{' and '.join([identifier, *others])} have the same title; declare the one "
                    f"that is meant under `editions` of `{source.name}`"
                )
            elif table is None:
                absent[source.name, edition] = (
                    f"{identifier} is not listed in the publisher's catalogue"
                )
            else:
                found.append(_listing(source, edition, identifier, table, url, count))
    return found, absent


def _discovered(source: Source, by_id: Mapping[str, Mapping[str, Any]]) -> dict[str, list[str]]:
    """Edition -> the ids of the tables that have its title."""
    found: dict[str, list[str]] = {}
    if source.discovery:
        for identifier, table in by_id.items():
            title = re.match(source.discovery.title_pattern, str(table.get("Title", "")).strip())
            catalog = source.discovery.catalog
            if title and (not catalog or table.get("Catalog") in (catalog, None)):
                found.setdefault(title["edition"], []).append(identifier)
    return found


def _listing(
    source: Source, edition: str, identifier: str, table: Mapping[str, Any], url: str, count: str
) -> Listing:
    modified, rows = table.get("Modified"), table.get(count)
    try:
        return Listing(
            source=source.name,
            edition=edition,
            identifier=identifier,
            fingerprint=f"{modified}/{rows}",
            url=url,
            modified_at=moment(modified),
            rows=int(rows) if rows is not None else None,
        )
    except (ValueError, TypeError) as error:
        raise Refused(
            f"{source.name} {edition}: {identifier} is listed with `Modified` {modified!r:.40} and "
            f"`{count}` {rows!r:.40}; expected a moment and a number ({url:.120})"
        ) from error
