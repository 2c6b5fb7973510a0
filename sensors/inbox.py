"""Files landed: extracts of registers and documents are taken in once they are whole.

A file is whole when it lies as it lay at the tick before, or when a file of its name and `.done` lies
beside it. One that is half copied, renamed or replaced meanwhile is waited for; one that is taken away
was never there.
"""

# No postponed annotations here: Dagster reads the types of assets' and ops' parameters.

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import dagster as dg

from assets.edges import Edges
from sensors.intakes import wanted
from sensors.running import in_the_night, status

if TYPE_CHECKING:
    from assets.sources.landing import Landed
    from assets.sources.reading import Listing
    from assets.sources.survey import Survey

PUBLISHER = "inbox"
EVERY = 30
"""Seconds between ticks, and so that a file must have lain still; a tick looks at names and sizes."""
MARKER = ".done"
SEEN, WHOLE, TAKEN = "seen", "whole", "taken"
"""It has been seen as it lies; it lay so for two ticks; what it needs has been asked for."""


@dataclass(frozen=True)
class Lying:
    """One file as it lay at the last tick."""

    size: int
    mark: str
    state: str


def inbox_sensor(jobs: Sequence[Any], *, running: bool = True) -> dg.SensorDefinition:
    """Takes in files that land.

    `jobs`: the intake jobs; `running`: unless somebody switches it off.
    """

    @dg.sensor(
        name="inbox",
        jobs=jobs,
        minimum_interval_seconds=EVERY,
        default_status=status(running=running),
        description="Looks what lies in the inbox and takes in extracts and documents that are whole: unchanged "
        f"since the look before, or with a file of the same name and `{MARKER}` beside them.",
    )
    def inbox(
        context: dg.SensorEvaluationContext, edges: dg.ResourceParam[Edges]
    ) -> dg.SensorResult:
        try:
            files = edges.landed()
        except OSError as error:
            return dg.SensorResult(skip_reason=f"the inbox cannot be looked at: {error}")
        lying = settle(_read(context.cursor), files)
        if all(file.state != WHOLE for file in lying.values()):
            coming = sorted(name for name, file in lying.items() if file.state == SEEN)
            why = f"still coming: {', '.join(coming)}" if coming else "nothing new in the inbox"
            return dg.SensorResult(skip_reason=why, cursor=_write(lying))
        return _take(context, edges, lying)

    return inbox


def settle(before: Mapping[str, Lying], files: "Sequence[Landed]") -> dict[str, Lying]:
    """How each file lies now, after `before`; of markers nothing."""
    names = {file.name for file in files}
    now = {}
    for file in files:
        if file.name.endswith(MARKER):
            continue
        last = before.get(file.name)
        state = SEEN
        if last and (last.size, last.mark) == (file.size, file.mark):
            state = WHOLE if last.state == SEEN else last.state
        elif f"{file.name}{MARKER}" in names:
            state = WHOLE
        now[file.name] = Lying(file.size, file.mark, state)
    return now


def _take(
    context: dg.SensorEvaluationContext, edges: Edges, lying: dict[str, Lying]
) -> dg.SensorResult:
    """Want a run for what the whole files have that is new."""
    if in_the_night(edges):
        why = "a night is running, and looks for itself"
        return dg.SensorResult(skip_reason=why, cursor=_write(lying))
    survey = _survey(edges)
    if survey.failure:
        why = f"the inbox cannot be read: {survey.failure}"
        return dg.SensorResult(skip_reason=why, cursor=_write(lying))
    from assets.sources.survey import news

    here = [x for x in news({PUBLISHER: survey}, edges.archive) if _is_whole(x, lying, edges)]
    want = wanted(edges, context.instance, here)
    if not want.on_their_way:
        for name in _strangers(edges, lying):
            context.log.warning(
                f"{name} in the inbox is of no source: its name fits no `file_pattern` in the catalogue"
            )
        lying = {
            name: Lying(file.size, file.mark, TAKEN if file.state == WHOLE else file.state)
            for name, file in lying.items()
        }
    if not want.runs:
        busy = ", ".join(want.on_their_way)
        why = f"on their way: {busy}" if busy else "what lies in the inbox has been taken in"
        return dg.SensorResult(skip_reason=why, cursor=_write(lying))
    return dg.SensorResult(
        run_requests=want.runs, dynamic_partitions_requests=want.partitions, cursor=_write(lying)
    )


def _survey(edges: Edges) -> "Survey":
    from assets.sources.survey import Survey, survey
    from sensors.asking import patient, sources_of

    sources = sources_of(edges, [PUBLISHER]).get(PUBLISHER)
    if not sources:
        return Survey((), {})
    return survey(sources, patient(edges, PUBLISHER), edges.archive)


def _is_whole(listing: "Listing", lying: Mapping[str, Lying], edges: Edges) -> bool:
    """Whether the files of a listing have all come; of documents, that none is still coming."""
    if edges.catalogue.sources[listing.source].protocol != "dropped_documents":
        file = lying.get(listing.identifier)
        # What the bundled sample has beneath the folder always lies still.
        return file is None or file.state != SEEN
    return not any(file.state == SEEN and _is_document(name) for name, file in lying.items())


def _is_document(name: str) -> bool:
    from assets.documents.formats.reading import SUFFIXES

    return name.lower().endswith(tuple(SUFFIXES))


def _strangers(edges: Edges, lying: Mapping[str, Lying]) -> list[str]:
    """Files that became whole and that nobody takes in."""
    from assets.sources.inbox import matching

    sources = [s for s in edges.catalogue.sources.values() if s.publisher == PUBLISHER]
    return sorted(
        name
        for name, file in lying.items()
        if file.state == WHOLE
        and not _is_document(name)
        and not any(matching(source, name) for source in sources)
    )


def _read(cursor: str | None) -> dict[str, Lying]:
    """The files in a cursor; none in one that is not of this form."""
    try:
        return {name: Lying(*said) for name, said in json.loads(cursor or "{}")["files"].items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}


def _write(lying: Mapping[str, Lying]) -> str:
    return json.dumps({"files": {n: [f.size, f.mark, f.state] for n, f in lying.items()}})
