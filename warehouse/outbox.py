"""The outbox: an event for every publication, written in the same step as the publication itself.

So there is none without the other, however a run ends; who delivers them, and what became of that,
is kept elsewhere (`warehouse.deliveries`). On PostgreSQL the same event is also sent by `NOTIFY`, which
the server does when it commits: `LISTEN locatiemonitor_publication`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from warehouse.tables.bookkeeping import PublicationEvent
from warehouse.vocabulary import columns, name_of, polars_schema

if TYPE_CHECKING:
    import polars as pl

KEPT = 200
"""Events that are kept: more than half a year of nights in which nobody could be reached."""
CHANNEL = "locatiemonitor_publication"
"""What to LISTEN to."""
LONGEST = 7900
"""Bytes that PostgreSQL sends in one notification are fewer than 8000."""


def event(publications: pl.DataFrame, changed: Mapping[str, int]) -> pl.DataFrame:
    """The event of the last of `publications` (rows of `mart.publication`), one row of the outbox.

    `changed`: rows written or taken away, by table.
    """
    import polars as pl

    said = publications.sort("publication_id").row(-1, named=True)
    row = said | {
        "event_id": f"publication-{said['publication_id']}-{said['content_hash'][:12]}",
        "tables": json.dumps({name: rows for name, rows in sorted(changed.items()) if rows}),
    }
    schema = polars_schema(PublicationEvent)
    return pl.DataFrame([{name: row[name] for name in schema}], schema=schema)


def with_event(stood: pl.DataFrame | None, new: pl.DataFrame) -> pl.DataFrame:
    """The outbox after a publication: the newest `KEPT` events.

    Where publications count on from an earlier one, because the state was put back from a copy, the
    events of those that came after it go: what they told of is no longer so.
    """
    import polars as pl

    if stood is None:
        return new
    earlier = pl.col("publication_id") < new.item(0, "publication_id")
    return pl.concat([stood.filter(earlier), new]).sort("publication_id").tail(KEPT)


def said(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the outbox as it is told to machines."""
    tables: dict[str, int] = json.loads(row["tables"])
    return {
        "type": "publication",
        "id": row["event_id"],
        "publication": row["publication_id"],
        "published_at": f"{row['published_at'].isoformat()}Z",
        "code_version": row["code_version"],
        "content_hash": row["content_hash"],
        "rows_changed": sum(tables.values()),
        "tables": tables,
    }


def notification(new: pl.DataFrame) -> str:
    """An event as PostgreSQL may send it: without the tables where these would be too long."""
    told = said(new.row(0, named=True))
    text = json.dumps(told)
    return text if len(text.encode()) <= LONGEST else json.dumps(told | {"tables": None})


def events(url: str) -> list[dict[str, Any]]:
    """The outbox of the warehouse at `url`, oldest first, each as `said`; none where nothing was ever
    published. Raises UnreadableError."""
    import sqlalchemy as sa

    from warehouse.reading import NothingPublishedError, UnreadableError, reading

    names = ", ".join(column.name for column in columns(PublicationEvent))
    query = f"SELECT {names} FROM {name_of(PublicationEvent)} ORDER BY publication_id"
    try:
        with reading(url) as warehouse:
            return [said(row) for row in warehouse.rows(query)]
    except NothingPublishedError:
        return []
    except sa.exc.DBAPIError as error:
        if "publication_event" in str(error.orig) and "not exist" in str(error.orig):
            return []  # of a release before there was an outbox: the next publication makes it
        raise UnreadableError(" ".join(str(error.orig).split())) from None


def owed(events: Sequence[dict[str, Any]], last: str | None) -> list[dict[str, Any]]:
    """Those of `events` that come after the one with id `last`; all where nothing was delivered yet, or
    where the warehouse counts anew because it was lost."""
    ids = [one["id"] for one in events]
    if last in ids:
        return list(events[ids.index(last) + 1 :])
    number = last.split("-")[1] if last else ""
    later = [one for one in events if one["publication"] > number]
    return later or list(events)
