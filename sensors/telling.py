"""What a tick finds wrong is written down as an incident; a ledger that cannot be written stops no tick."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Protocol

from assets.edges import Edges

if TYPE_CHECKING:
    import logging

    from warehouse.incidents import Kind

AT_ONCE = dt.timedelta(0)
UNREACHABLE_AFTER = dt.timedelta(hours=20)
"""A publisher that is down is told when it is down the second night: one that was down at half past
three and answers again is nobody's business."""


class Ticking(Protocol):
    """A sensor's tick, as far as it is logged."""

    @property
    def log(self) -> logging.Logger: ...


def opened(
    context: Ticking,
    edges: Edges,
    kind: Kind,
    subject: str,
    text: str,
    *,
    run: str = "",
    after: dt.timedelta = AT_ONCE,
) -> bool:
    """It is wrong; true where that is new."""
    from warehouse.incidents import IncidentsError

    try:
        return edges.incidents.opened(kind, subject, text, at=edges.now(), run=run, after=after)
    except IncidentsError as error:
        context.log.warning(f"an incident could not be written down: {error}")
        return False


def over(context: Ticking, edges: Edges, kind: Kind, subject: str) -> bool:
    """It is no longer wrong; true where it was."""
    from warehouse.incidents import IncidentsError

    try:
        return edges.incidents.over(kind, subject, at=edges.now())
    except IncidentsError as error:
        context.log.warning(f"an incident could not be written down: {error}")
        return False


def send(context: Ticking, edges: Edges) -> None:
    """Send what is owed."""
    for line in edges.tell(edges.now()):
        context.log.warning(line)
