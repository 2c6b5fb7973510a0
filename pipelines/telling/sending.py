"""Sends what is owed, to people and to machines, and never raises: what fails is tried again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from pipelines.telling.messages import Message, message
from pipelines.telling.webhook import NotSentError
from warehouse.incidents import Incidents, IncidentsError

if TYPE_CHECKING:
    from pipelines.settings import Settings

Send = Callable[[Message], None]
"""Sends one message; raises NotSentError."""


def channels(settings: Settings) -> list[str]:
    """Names of the channels on which people are told."""
    found = []
    if settings.notify_email_to and settings.smtp_url:
        found.append("email")
    if settings.notify_webhook_url:
        found.append("webhook")
    return found


def senders(settings: Settings) -> dict[str, Send]:
    """What sends on each channel that is set."""
    from pipelines.telling.mail import Mail
    from pipelines.telling.webhook import Webhook

    hook = Webhook(settings.notify_webhook_url, settings.notify_webhook_secret)
    mail = Mail(
        settings.smtp_url,
        tuple(one.strip() for one in settings.notify_email_to.split(",") if one.strip()),
        settings.notify_email_from,
    )
    every: dict[str, Send] = {
        "email": mail.send,
        "webhook": lambda said: hook.post(said.message_id, said.data),
    }
    return {name: every[name] for name in channels(settings)}


def teller(settings: Settings, incidents: Incidents) -> Callable[[dt.datetime], list[str]]:
    """Sends all that is owed at a moment; returns a line on everything that could not be sent."""

    def tell(at: dt.datetime) -> list[str]:
        return send_notices(
            incidents, senders(settings), settings.ui_url, at
        ) + announce_publications(settings, at)

    return tell


def announce_publications(settings: Settings, at: dt.datetime) -> list[str]:
    """Announce to the machine that is set, if any; lines on what could not be announced."""
    if not settings.publication_webhook_url:
        return []
    from pipelines.telling.announcing import announce
    from pipelines.telling.webhook import Webhook
    from warehouse.deliveries import Deliveries

    webhook = Webhook(settings.publication_webhook_url, settings.publication_webhook_secret)
    deliveries = Deliveries(settings.incidents, settings.secrets())
    return announce(webhook, settings.warehouse, deliveries, at)


def send_notices(
    incidents: Incidents, senders: Mapping[str, Send], ui_url: str, at: dt.datetime
) -> list[str]:
    """Send the messages on incidents that are owed, in order; lines on what could not be sent.

    A channel that fails is left alone until the next call: what is owed on it stays owed.
    """
    failed: dict[str, str] = {}
    try:
        incidents.catch_up(at)
        while owed := [notice for notice in incidents.owed(at) if notice.channel not in failed]:
            moved = False
            for notice in owed:
                if notice.channel in failed or not incidents.claimed(notice, at):
                    continue
                moved = True
                try:
                    senders[notice.channel](message(notice, ui_url))
                except NotSentError as error:
                    failed[notice.channel] = str(error)
                    incidents.not_sent(notice, str(error), at)
                else:
                    incidents.sent(notice, at)
            if not moved:
                break  # another process is sending these
    except IncidentsError as error:
        return [f"messages could not be sent: {error}"]
    return [
        f"a message by {name} could not be sent and is tried again: {why}"
        for name, why in failed.items()
    ]
