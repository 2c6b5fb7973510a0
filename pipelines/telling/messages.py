"""What a message on an incident says: what happened, since when, what to do, where to look.

For people who are paged: English, with the labels of the lines in Dutch as well. A message holds no
secret and no name of a firm: reasons are made without them, and pass `warehouse.masking` besides.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from string import Template
from typing import Any
from zoneinfo import ZoneInfo

from warehouse.incidents import Incident, Kind, Notice, Phase

LOCAL = ZoneInfo("Europe/Amsterdam")

TITLES = {
    Kind.BLOCKED: "Source blocked",
    Kind.UNREACHABLE: "Publisher unreachable",
    Kind.OVERDUE: "Source older than expected",
    Kind.RUN_FAILED: "Run failed",
    Kind.NOT_PUBLISHED: "Not published",
}
EFFECTS = {
    Kind.BLOCKED: "Its last good figures stay, marked stale; everything else goes on.",
    Kind.UNREACHABLE: "Its last good figures stay, marked stale; everything else goes on.",
    Kind.OVERDUE: "The figures shown are the newest that were published.",
    Kind.RUN_FAILED: "What was complete is kept; the last publication keeps serving.",
    Kind.NOT_PUBLISHED: "The last publication keeps serving.",
}

MOVED = "Look whether the address moved: `LM_..._URL`, or `path` and `query` of the source."
REFUSED = r"asking again will not change|another origin|private address|expected GeoJSON"

TO_DO: tuple[tuple[Kind, str, str], ...] = (
    (Kind.UNREACHABLE, REFUSED, MOVED),
    (
        Kind.UNREACHABLE,
        r"",
        "Nothing for a night or two. Then look at the publisher's own status page; for a slow one"
        " raise `LM_DEADLINE`.",
    ),
    (
        Kind.BLOCKED,
        r"was blocked at the gate",
        "Read the reason of the rule. Wrong at the publisher: wait for their correction. Right "
        "after all: `docs/running.md`, a large change that is right.",
    ),
    (Kind.BLOCKED, REFUSED, MOVED),
    (
        Kind.BLOCKED,
        r"rows, [\d,]+ arrived",
        "Nothing: asked again next night. If it stays, the publisher's own count is wrong: report"
        " it to them.",
    ),
    (
        Kind.BLOCKED,
        r"changed while it was read",
        "Nothing: asked again next night.",
    ),
    (
        Kind.BLOCKED,
        r"at least [\d,]+ are expected",
        "Look at the publisher's table before lowering `row_floor` in the catalogue.",
    ),
    (
        Kind.BLOCKED,
        r"",
        "Compare with the publisher's table. Add the new title, unit or sign to the source's "
        "entry in the catalogue. The next night reads what is archived again.",
    ),
    (
        Kind.OVERDUE,
        r"",
        "Look at the publisher's own page whether there is a newer edition. If there is none: "
        "nothing; a series that became slower gets a longer `cadence_days`.",
    ),
    (
        Kind.RUN_FAILED,
        r"",
        "Look at the run. Disk, rights and server: `locatiemonitor doctor`. The next night tries "
        "again.",
    ),
    (
        Kind.NOT_PUBLISHED,
        r"",
        "A mart: as blocked at the gate. The file: disk and rights (`doctor`). The next night "
        "tries again.",
    ),
)
"""What to do about it, by kind and by how the reason reads; the words of `docs/running.md`."""

BODY = Template("""\
$title: $subject

Wat is er / What: $what
Sinds / Since: $since
Gevolg / Effect: $effect
Te doen / To do: $to_do
Run: $run
""")
OVER = Template("""\
Over: $title, $subject

Sinds / Since: $since
Voorbij / Over: $ended
Het was / It was: $what
Te doen / To do: nothing.
""")
LONGEST = 1500


@dataclass(frozen=True)
class Message:
    """One message, as every channel gets it."""

    message_id: str
    """The same whenever it is sent again."""
    subject: str
    body: str
    data: dict[str, Any]
    """The same for machines; its `text` is what chat services show."""


def what_to_do(kind: Kind, text: str) -> str:
    """What whoever is paged should do about an incident with the reason `text`."""
    return next(said for of, pattern, said in TO_DO if of is kind and re.search(pattern, text))


def message(notice: Notice, ui_url: str) -> Message:
    """The message that `notice` stands for, with links into the UI at `ui_url`."""
    incident = notice.incident
    title = TITLES[incident.kind]
    over = notice.phase is Phase.OVER
    run = f"{ui_url.rstrip('/')}/runs/{incident.run}" if incident.run and ui_url else "-"
    words = {
        "title": title,
        "subject": incident.subject,
        "what": _short(incident.text),
        "since": _moment(incident.since),
        "ended": _moment(incident.ended) if over and incident.ended else "",
        "effect": EFFECTS[incident.kind],
        "to_do": what_to_do(incident.kind, incident.text),
        "run": run,
    }
    body = (OVER if over else BODY).substitute(words)
    subject = f"[locatiemonitor] {'Over: ' if over else ''}{title}: {incident.subject}"
    message_id = f"{incident.incident_id}-{notice.phase}"
    return Message(
        message_id, _one_line(subject), body, _data(incident, notice, body, words, message_id)
    )


def _data(
    incident: Incident, notice: Notice, body: str, words: dict[str, str], message_id: str
) -> dict[str, Any]:
    return {
        "text": body,
        "type": f"incident.{notice.phase}",
        "id": message_id,
        "incident": incident.incident_id,
        "kind": str(incident.kind),
        "subject": incident.subject,
        "what": words["what"],
        "since": f"{incident.since.isoformat()}Z",
        "ended": f"{incident.ended.isoformat()}Z" if words["ended"] and incident.ended else None,
        "to_do": words["to_do"],
        "run": None if words["run"] == "-" else words["run"],
    }


def _moment(moment: dt.datetime) -> str:
    """A moment in UTC as people here read it."""
    local = moment.replace(tzinfo=dt.UTC).astimezone(LOCAL)
    return f"{local:%Y-%m-%d %H:%M} ({local.tzname()})"


def _short(text: str) -> str:
    plain = _one_line(text)
    return plain if len(plain) <= LONGEST else f"{plain[:LONGEST]} ..."


def _one_line(text: str) -> str:
    """Without line ends or control characters: what a publisher said stands in a header, too."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
