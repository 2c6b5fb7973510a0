"""Announces publications to machines: the events of the outbox, signed, in order, until each arrived."""

from __future__ import annotations

import datetime as dt
from typing import Any

from pipelines.telling.webhook import NotSentError, Webhook
from warehouse.deliveries import Deliveries
from warehouse.incident_store import IncidentsError
from warehouse.outbox import events, owed
from warehouse.reading import UnreadableError

RECEIVER = "publication webhook"


def owed_now(warehouse_url: str, deliveries: Deliveries) -> list[dict[str, Any]]:
    """Events that did not arrive yet, oldest first. Raises UnreadableError and IncidentsError."""
    return owed(events(warehouse_url), deliveries.of(RECEIVER).last)


def announce(
    webhook: Webhook, warehouse_url: str, deliveries: Deliveries, at: dt.datetime
) -> list[str]:
    """Post every event that is owed, oldest first; a line where one could not be delivered.

    The first that fails keeps back those after it, so a receiver never sees them out of order; it
    may see one twice, with the same id.
    """
    try:
        if not owed_now(warehouse_url, deliveries) or not deliveries.claimed(RECEIVER, at):
            return []
        # Read again now that nobody else delivers.
        for event in owed_now(warehouse_url, deliveries):
            try:
                webhook.post(event["id"], event)
            except NotSentError as error:
                deliveries.failed(RECEIVER, str(error), at)
                return [f"publication {event['publication']} could not be announced: {error}"]
            deliveries.arrived(RECEIVER, event["id"], at)
        deliveries.let_go(RECEIVER, at)
    except (IncidentsError, UnreadableError) as error:
        return [f"publications could not be announced: {error}"]
    return []
