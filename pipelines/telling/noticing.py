"""What a night found wrong, or no longer wrong, is written down as incidents and told.

Nothing here fails a night: what cannot be written down or sent is logged, and tried by the next one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

from assets.edges import Edges
from pipelines.metrics import remember_night
from sensors.telling import UNREACHABLE_AFTER
from warehouse.incidents import IncidentsError, Kind

if TYPE_CHECKING:
    from pipelines.night import Report

NIGHT = "nightly"
"""Subject of an incident of the night as a whole: the name of its job."""
PUBLICATION = "publication"


def of_night(
    edges: Edges, report: Report, only: str | None, run: str, log: Callable[[str], None]
) -> None:
    """Open and close the incidents of a night that came to its end, send what is owed, and write down
    how it went.

    `only`: the one source that was asked; of the others nothing is concluded. `run`: of the night.
    """
    now, incidents = edges.now(), edges.incidents
    publisher_of = {name: source.publisher for name, source in edges.catalogue.sources.items()}
    asked = {name: p for name, p in publisher_of.items() if only in (None, name)}
    runs = {f"{t.source} {t.edition}": t.run_id for t in report.taken if t.blocked}
    try:
        incidents.stand(
            Kind.UNREACHABLE,
            report.unreachable,
            at=now,
            # Of a publisher that is no longer in the catalogue nothing is wrong.
            among=lambda publisher: (
                publisher in asked.values() or publisher not in publisher_of.values()
            ),
            runs=dict.fromkeys(report.unreachable, run),
            after=UNREACHABLE_AFTER,
        )

        def looked_at(subject: str) -> bool:
            # A publisher that is down takes nothing back of what it sent and was refused.
            source = subject.partition(" ")[0]
            if source not in publisher_of:
                return True
            return source in asked and asked[source] not in report.unreachable

        incidents.stand(
            Kind.BLOCKED,
            report.blocked,
            at=now,
            among=looked_at,
            runs={name: runs.get(name, run) for name in report.blocked},
        )
        failed = {PUBLICATION: report.publication_failure} if report.publication_failure else {}
        incidents.stand(Kind.NOT_PUBLISHED, failed, at=now, runs={PUBLICATION: run})
        incidents.over(Kind.RUN_FAILED, NIGHT, at=now)
    except IncidentsError as error:
        log(f"incidents could not be written down: {error}")
    _send(edges, now, report, log)


def of_crash(edges: Edges, error: Exception, run: str, log: Callable[[str], None]) -> None:
    """Open the incident of a night that broke off, and send what is owed."""
    now = edges.now()
    try:
        edges.incidents.opened(
            Kind.RUN_FAILED, NIGHT, f"{type(error).__name__}: {error}", at=now, run=run
        )
    except IncidentsError as also:
        log(f"incidents could not be written down: {also}")
    _send(edges, now, None, log)


def _send(
    edges: Edges, now: dt.datetime, report: Report | None, log: Callable[[str], None]
) -> None:
    try:
        remember_night(edges, report)
    except OSError as error:
        log(f"how the night went could not be written down: {error}")
    for line in (*edges.tell(now), *edges.measure(now)):
        log(line)
