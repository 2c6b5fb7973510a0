"""How far the events of the outbox were delivered, by receiver; kept beside the incidents.

Events are delivered in order, so the last one that arrived tells which are owed. Whoever delivers
claims the receiver for a while; a process that is killed meanwhile leaves its event owed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from warehouse.incident_store import IncidentStore, tables
from warehouse.incidents import CLAIM, wait_after
from warehouse.masking import masked

LONG_AGO = dt.datetime(1970, 1, 1)


@dataclass(frozen=True)
class Delivery:
    """How a receiver stands."""

    last: str | None = None
    """Id of the last event that arrived."""
    tries: int = 0
    """Failures since then."""
    next_try: dt.datetime = LONG_AGO
    why: str = ""
    """Of the last failure."""


class Deliveries:
    """Deliveries, in the database of the incidents at `url`. Every method raises IncidentsError."""

    def __init__(self, url: str, secrets: Collection[str] = ()) -> None:
        self._store = IncidentStore(url, secrets)

    def of(self, receiver: str) -> Delivery:
        """How `receiver` stands."""
        if not self._store.exists():
            return Delivery()
        d = tables().delivery
        with self._store.reading() as connection:
            row = connection.execute(d.select().where(d.c.receiver == receiver)).first()
        return Delivery(row.last, row.tries, row.next_try, row.why) if row else Delivery()

    def claimed(self, receiver: str, at: dt.datetime) -> bool:
        """Take `receiver` for a while; False where another process has it or it is left alone."""
        import sqlalchemy as sa

        d = tables().delivery
        with self._store.writing() as connection:
            here = d.c.receiver == receiver
            if connection.execute(d.select().where(here)).first() is None:
                new = {"receiver": receiver, "last": None, "tries": 0, "why": ""}
                try:
                    with connection.begin_nested():
                        connection.execute(d.insert(), new | {"next_try": LONG_AGO})
                except sa.exc.IntegrityError:
                    pass  # made by another process in this same moment
            taken = connection.execute(
                d.update().where(here, d.c.next_try <= at).values(next_try=at + CLAIM)
            )
        return taken.rowcount == 1

    def arrived(self, receiver: str, event_id: str, at: dt.datetime) -> None:
        """An event arrived; the claim goes on for the next one."""
        d = tables().delivery
        with self._store.writing() as connection:
            connection.execute(
                d.update()
                .where(d.c.receiver == receiver)
                .values(last=event_id, tries=0, why="", next_try=at + CLAIM)
            )

    def let_go(self, receiver: str, at: dt.datetime) -> None:
        """Nothing more is owed for now."""
        d = tables().delivery
        with self._store.writing() as connection:
            connection.execute(d.update().where(d.c.receiver == receiver).values(next_try=at))

    def failed(self, receiver: str, why: str, at: dt.datetime) -> None:
        """An event did not arrive; it is tried again, later each time."""
        d = tables().delivery
        tries = self.of(receiver).tries
        with self._store.writing() as connection:
            connection.execute(
                d.update()
                .where(d.c.receiver == receiver)
                .values(
                    tries=tries + 1,
                    why=masked(why, self._store.secrets)[:500],
                    next_try=at + wait_after(tries),
                )
            )
