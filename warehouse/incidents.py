"""Incidents: what is wrong, since when, and whom that was told. A message each, and one when it is over.

    incidents.opened(Kind.BLOCKED, "cbs_kwb 2024", why, at=now, run=run_id)   # as often as it is seen
    incidents.over(Kind.BLOCKED, "cbs_kwb 2024", at=now)                      # as often as it is not

Both may be called by any process at any time and as often as it likes: an incident is opened once
and over once. A message is written down as owed in the same transaction, sent by whoever claims it
first (`owed`, `claimed`), and marked afterwards (`sent`): a process that is killed in between leaves it
owed, so it goes out at least once. Kept in a SQLite file in the state folder, or in a database that
several machines share.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from warehouse.incident_store import IncidentsError as IncidentsError
from warehouse.incident_store import IncidentStore, tables
from warehouse.masking import masked

if TYPE_CHECKING:
    import sqlalchemy as sa

KEPT = 200
"""Incidents that are over and of which everything was told, that are remembered."""
CLAIM = dt.timedelta(minutes=2)
"""For how long a message is left to whoever claimed it; then it is taken to have been killed."""
FIRST_WAIT, LONGEST_WAIT = dt.timedelta(minutes=1), dt.timedelta(hours=1)
"""Before a message that could not be sent is tried again; doubled each time."""
LONGEST_TEXT = 2000


def wait_after(failures: int) -> dt.timedelta:
    """How long to wait after one more failure, where `failures` came before it: doubled each time."""
    return min(LONGEST_WAIT, FIRST_WAIT * (1 << min(failures, 10)))


class Kind(StrEnum):
    """What sort of thing is wrong."""

    BLOCKED = "source_blocked"
    """What came was refused; the subject is `source edition`."""
    UNREACHABLE = "source_unreachable"
    """A publisher cannot be asked; the subject is the publisher."""
    OVERDUE = "source_overdue"
    """Nothing new for longer than declared; the subject is the source."""
    RUN_FAILED = "run_failed"
    """A run failed or crashed; the subject is its job, with its partition where it has one."""
    NOT_PUBLISHED = "publication_failed"
    """The warehouse stays as it was; the subject is `publication`."""


class Phase(StrEnum):
    """What a message says of an incident."""

    OPENED = "opened"
    OVER = "over"


@dataclass(frozen=True)
class Incident:
    """One thing that was or is wrong; moments in UTC without a zone."""

    incident_id: str
    kind: Kind
    subject: str
    text: str
    """What was said of it first."""
    run: str
    """The run in which it was seen first; may be empty."""
    since: dt.datetime
    ended: dt.datetime | None


@dataclass(frozen=True)
class Notice:
    """A message that is owed on one channel."""

    incident: Incident
    phase: Phase
    channel: str
    tries: int
    why: str
    """Why it could not be sent the last time; empty where it was not tried."""


class Incidents:
    """The incidents at `url` (SQLAlchemy: SQLite or PostgreSQL), to be told on `channels`."""

    def __init__(
        self, url: str, channels: Collection[str] = (), secrets: Collection[str] = ()
    ) -> None:
        self._store = IncidentStore(url, secrets)
        self.channels = tuple(channels)

    # -- what goes wrong ---------------------------------------------------------------------
    def opened(
        self,
        kind: Kind,
        subject: str,
        text: str,
        *,
        at: dt.datetime,
        run: str = "",
        after: dt.timedelta = dt.timedelta(0),
    ) -> bool:
        """It is wrong; True where that is new. Told when it has lasted for `after`.

        `text`: what happened, in words without names of firms; secrets are taken out of it. Raises
        IncidentsError.
        """
        import sqlalchemy as sa

        subject = self._named(subject)
        identity = hashlib.sha256(f"{kind}|{subject}|{at.isoformat()}".encode()).hexdigest()[:16]
        row: dict[str, Any] = {
            "incident_id": identity,
            "kind": str(kind),
            "subject": subject,
            "text": masked(text, self._store.secrets)[:LONGEST_TEXT],
            "run": run,
            "since": at,
            "ended": None,
        }
        with self._store.writing() as connection:
            if self._found(connection, kind, subject):
                return False
            try:
                with connection.begin_nested():
                    connection.execute(tables().incident.insert(), row)
            except sa.exc.IntegrityError:
                return False  # another process saw it in this same moment
            for channel in self.channels:
                _owe(connection, identity, Phase.OPENED, channel, at + after)
        return True

    def over(self, kind: Kind, subject: str, *, at: dt.datetime) -> bool:
        """It is no longer wrong; True where it was. Of what was never told nothing is told now.

        Raises IncidentsError.
        """
        if not self._store.exists():
            return False
        with self._store.writing() as connection:
            found = self._found(connection, kind, self._named(subject))
            if not found:
                return False
            this = tables().notice.c.incident_id == found
            connection.execute(
                tables()
                .incident.update()
                .where(tables().incident.c.incident_id == found)
                .values(ended=at)
            )
            # It ended before it was worth a message.
            connection.execute(
                tables()
                .notice.delete()
                .where(this, tables().notice.c.sent.is_(None), tables().notice.c.due > at)
            )
            for (channel,) in connection.execute(
                tables().notice.select().with_only_columns(tables().notice.c.channel).where(this)
            ).fetchall():
                _owe(connection, found, Phase.OVER, channel, at)
            _forget(connection)
        return True

    def stand(
        self,
        kind: Kind,
        wrong: Mapping[str, str],
        *,
        at: dt.datetime,
        among: Callable[[str], bool] = lambda subject: True,
        runs: Mapping[str, str] | None = None,
        after: dt.timedelta = dt.timedelta(0),
    ) -> None:
        """Of this kind exactly `wrong` (subject -> text) is wrong: the rest is over.

        `among`: whether a subject was looked at; of others nothing is concluded. `runs`: subject -> run.
        Raises IncidentsError.
        """
        for subject, text in wrong.items():
            self.opened(kind, subject, text, at=at, run=(runs or {}).get(subject, ""), after=after)
        for incident in self.open():
            still = {self._named(subject) for subject in wrong}
            if incident.kind is kind and among(incident.subject) and incident.subject not in still:
                self.over(kind, incident.subject, at=at)

    def open(self) -> list[Incident]:
        """What is wrong now, the oldest first. Raises IncidentsError."""
        return [incident for incident in self.known() if incident.ended is None]

    def known(self) -> list[Incident]:
        """What is wrong now and what was, the oldest first. Raises IncidentsError."""
        if not self._store.exists():
            return []
        with self._store.reading() as connection:
            rows = connection.execute(
                tables()
                .incident.select()
                .order_by(tables().incident.c.since, tables().incident.c.incident_id)
            )
            return [_incident(row) for row in rows]

    # -- who is told -------------------------------------------------------------------------
    def owed(self, at: dt.datetime) -> list[Notice]:
        """Messages to send now, in the order in which they came to be: that something is over not
        before it was told that it is wrong. Raises IncidentsError."""
        n = tables().notice
        before = n.alias()
        untold = (
            before.select()
            .with_only_columns(before.c.incident_id)
            .where(
                before.c.incident_id == n.c.incident_id,
                before.c.channel == n.c.channel,
                before.c.phase == str(Phase.OPENED),
                before.c.sent.is_(None),
            )
        )
        may = (n.c.phase == str(Phase.OPENED)) | ~untold.exists()
        return self._notices(n.c.due <= at, n.c.next_try <= at, may)

    def undelivered(self, at: dt.datetime) -> list[Notice]:
        """Messages that are due, also those that wait for another try. Raises IncidentsError."""
        return self._notices(tables().notice.c.due <= at)

    def _notices(self, *conditions: sa.ColumnElement[bool]) -> list[Notice]:
        if not self._store.exists():
            return []
        n, i = tables().notice, tables().incident
        query = (
            n.select()
            .join(i, i.c.incident_id == n.c.incident_id)
            .add_columns(i.c.kind, i.c.subject, i.c.text, i.c.run, i.c.since, i.c.ended)
            .where(n.c.sent.is_(None), n.c.channel.in_(self.channels), *conditions)
            .order_by(n.c.due, i.c.since, n.c.phase, n.c.channel)
        )
        with self._store.reading() as connection:
            return [
                Notice(_incident(row), Phase(row.phase), row.channel, row.tries, row.why)
                for row in connection.execute(query)
            ]

    def claimed(self, notice: Notice, at: dt.datetime) -> bool:
        """Take a message to send it; False where another process has it or sent it already.

        Raises IncidentsError.
        """
        n = tables().notice
        with self._store.writing() as connection:
            taken = connection.execute(
                n.update()
                .where(_this(notice), n.c.sent.is_(None), n.c.next_try <= at)
                .values(next_try=at + CLAIM)
            )
        return taken.rowcount == 1

    def sent(self, notice: Notice, at: dt.datetime) -> None:
        """It arrived. Raises IncidentsError."""
        with self._store.writing() as connection:
            connection.execute(
                tables().notice.update().where(_this(notice)).values(sent=at, why="")
            )

    def not_sent(self, notice: Notice, why: str, at: dt.datetime) -> None:
        """It did not arrive; it is tried again, later each time. Raises IncidentsError."""
        with self._store.writing() as connection:
            connection.execute(
                tables()
                .notice.update()
                .where(_this(notice))
                .values(
                    tries=notice.tries + 1,
                    next_try=at + wait_after(notice.tries),
                    why=masked(why, self._store.secrets)[:500],
                )
            )

    def catch_up(self, at: dt.datetime) -> None:
        """Owe what is wrong on a channel that was set since; owe nothing on one that is gone.

        Raises IncidentsError.
        """
        if not self._store.exists():
            return
        n, i = tables().notice, tables().incident
        with self._store.writing() as connection:
            connection.execute(
                n.delete().where(n.c.sent.is_(None), n.c.channel.not_in(self.channels))
            )
            for channel in self.channels:
                told = n.select().with_only_columns(n.c.incident_id).where(n.c.channel == channel)
                for row in connection.execute(
                    i.select().where(i.c.ended.is_(None), i.c.incident_id.not_in(told))
                ).fetchall():
                    others = connection.execute(
                        n.select()
                        .with_only_columns(n.c.due)
                        .where(n.c.incident_id == row.incident_id)
                    ).scalar()
                    _owe(connection, row.incident_id, Phase.OPENED, channel, others or at)

    def _named(self, subject: str) -> str:
        return masked(subject, self._store.secrets)[:300]

    def _found(self, connection: sa.Connection, kind: Kind, subject: str) -> str | None:
        i = tables().incident
        found = connection.execute(
            i.select()
            .with_only_columns(i.c.incident_id)
            .where(i.c.kind == str(kind), i.c.subject == subject, i.c.ended.is_(None))
        ).scalar()
        return str(found) if found else None


def _owe(
    connection: sa.Connection, incident_id: str, phase: Phase, channel: str, due: dt.datetime
) -> None:
    connection.execute(
        tables().notice.insert(),
        {
            "incident_id": incident_id,
            "phase": str(phase),
            "channel": channel,
            "due": due,
            "next_try": due,
            "tries": 0,
            "sent": None,
            "why": "",
        },
    )


def _this(notice: Notice) -> sa.ColumnElement[bool]:
    import sqlalchemy as sa

    n = tables().notice
    return sa.and_(
        n.c.incident_id == notice.incident.incident_id,
        n.c.phase == str(notice.phase),
        n.c.channel == notice.channel,
    )


def _incident(row: Any) -> Incident:
    return Incident(
        row.incident_id, Kind(row.kind), row.subject, row.text, row.run, row.since, row.ended
    )


def _forget(connection: sa.Connection) -> None:
    """Forget what has long been over and told."""
    n, i = tables().notice, tables().incident
    owing = n.select().with_only_columns(n.c.incident_id).where(n.c.sent.is_(None))
    old = [
        incident_id
        for (incident_id,) in connection.execute(
            i.select()
            .with_only_columns(i.c.incident_id)
            .where(i.c.ended.is_not(None), i.c.incident_id.not_in(owing))
            .order_by(i.c.ended.desc())
            .offset(KEPT)
        )
    ]
    for table in (n, i):
        if old:
            connection.execute(table.delete().where(table.c.incident_id.in_(old)))
