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
from assets.sources.reading import Listing

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def moment(said: str | None) -> dt.datetime | None:
    """A moment as a CBS catalogue writes it; without a zone it is Dutch time (v3). Raises ValueError."""
    if not said:
        return None
    parsed = dt.datetime.fromisoformat(said)
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=AMSTERDAM)


def listings(
    sources: Sequence[Source], tables: Sequence[Mapping[str, Any]], url: str, count: str
) -> tuple[list[Listing], dict[tuple[str, str], str]]:
    """The editions of `sources` among the catalogue's `tables`.

    `count`: the field that holds the number of rows. An edition is known by its declared id,
    or discovered by its title (stripped: some end in a blank). Returns listings, and declared
    editions that the catalogue does not list with the reason.
    """
    by_id = {str(table["Identifier"]): table for table in tables if table.get("Identifier")}
    found: list[Listing] = []
    absent: dict[tuple[str, str], str] = {}
    for source in sources:
        ids = {edition: declared.id for edition, declared in source.editions.items()}
        if source.discovery:
            for identifier, table in by_id.items():
                title = re.match(
                    source.discovery.title_pattern, str(table.get("Title", "")).strip()
                )
                catalog = source.discovery.catalog
                if title and (not catalog or table.get("Catalog") in (catalog, None)):
                    ids.setdefault(title["edition"], identifier)
        for edition, identifier in sorted(ids.items()):
            table = by_id.get(identifier)
            if table is None:
                absent[source.name, edition] = (
                    f"{identifier} is not listed in the publisher's catalogue ({url:.120})"
                )
                continue
            rows = table.get(count)
            found.append(
                Listing(
                    source=source.name,
                    edition=edition,
                    identifier=identifier,
                    fingerprint=f"{table.get('Modified')}/{rows}",
                    url=url,
                    modified_at=moment(table.get("Modified")),
                    rows=int(rows) if rows is not None else None,
                )
            )
    return found, absent
