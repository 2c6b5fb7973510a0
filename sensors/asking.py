"""Asks publishers what is new, each at its own pace: one that is down is asked less and less often.

How each fares is kept in a sensor's cursor, so a daemon that is started again goes on where it was.
"""

from __future__ import annotations

import copy
import datetime as dt
import json
from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from assets.edges import Edges

if TYPE_CHECKING:
    from assets.catalogue.models import Source
    from assets.sources.survey import Survey
    from assets.sources.transport import Fetcher

TICK = 30.0
"""Seconds for all publishers together; Dagster ends a tick after 60."""
ONE = 15.0
"""Seconds for one answer: who does not give it in that time is asked at the next tick."""
FIRST_PAUSE = dt.timedelta(hours=1)
LONGEST_PAUSE = dt.timedelta(hours=6)
"""Longest time without a question; the night asks besides."""


@dataclass(frozen=True)
class Place:
    """How a publisher fared so far; moments in UTC without a zone, as text."""

    failures: int = 0
    """One after the other, up to now."""
    since: str = ""
    """Since when it cannot be asked; empty where it can."""
    until: str = ""
    """Not asked before."""

    def due(self, now: dt.datetime) -> bool:
        """Whether it is to be asked."""
        return not self.until or dt.datetime.fromisoformat(self.until) <= now

    def after(self, failure: str | None, now: dt.datetime) -> Place:
        """How it fares after it was asked at `now`."""
        if failure is None:
            return Place()
        pause = min(FIRST_PAUSE * 2 ** min(self.failures, 10), LONGEST_PAUSE)
        return Place(self.failures + 1, self.since or now.isoformat(), (now + pause).isoformat())


@dataclass(frozen=True)
class Asked:
    """What came of asking at one tick."""

    surveys: dict[str, Survey]
    """By publisher, of those that were asked."""
    places: dict[str, Place]
    """Of all, for the cursor."""
    fell_silent: dict[str, str]
    """Publisher -> why, of those that could be asked until now."""
    back: dict[str, str]
    """Publisher -> since when it could not be asked, of those that answer again."""


def read_places(cursor: str | None) -> dict[str, Place]:
    """The places in a cursor; none in one that is not of this form, such as an older version's."""
    try:
        said = json.loads(cursor or "{}")["publishers"]
        return {name: Place(**place) for name, place in said.items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}


def write_places(places: Mapping[str, Place]) -> str:
    """A cursor."""
    return json.dumps({"publishers": {name: asdict(place) for name, place in places.items()}})


def ask(
    edges: Edges, publishers: Iterable[str], places: Mapping[str, Place], *, seconds: float = TICK
) -> Asked:
    """Ask those of `publishers` that are due, side by side, once each and for all their sources.

    Who has not answered after `seconds` counts as one that cannot be asked. Never raises for what
    a publisher does.
    """

    now = edges.now()
    sources = sources_of(edges, publishers)
    known = {name: places.get(name, Place()) for name in sources}
    due = [name for name, place in known.items() if place.due(now)]
    surveys: dict[str, Survey] = {}
    if due:
        pool = ThreadPoolExecutor(len(due))
        asking = {name: pool.submit(_ask, edges, name, sources[name]) for name in due}
        wait(asking.values(), timeout=seconds)
        # Who is late is not waited for; what it still says is of no use to this tick.
        pool.shutdown(wait=False, cancel_futures=True)
        surveys = {name: _answer(future, seconds) for name, future in asking.items()}
    after = {name: known[name].after(said.failure, now) for name, said in surveys.items()}
    return Asked(
        surveys,
        {**known, **after},
        {n: s.failure for n, s in surveys.items() if s.failure and not known[n].failures},
        {n: known[n].since for n, s in surveys.items() if not s.failure and known[n].failures},
    )


def sources_of(edges: Edges, publishers: Iterable[str]) -> dict[str, list[Source]]:
    """The sources that are asked for, by publisher."""
    wanted = set(publishers)
    found: dict[str, list[Source]] = {}
    for source in edges.catalogue.sources.values():
        if source.publisher in wanted and edges.catalogue.asks_for(source):
            found.setdefault(source.publisher, []).append(source)
    return found


def _ask(edges: Edges, publisher: str, sources: list[Source]) -> Survey:
    from assets.sources.survey import survey

    return survey(sources, patient(edges, publisher), edges.archive)


def patient(edges: Edges, publisher: str) -> Fetcher:
    """The fetcher of a publisher, with no more patience than a tick has."""
    # Connections are shared with whoever fetches; patience is not.
    fetcher = copy.copy(edges.fetcher_of(publisher))
    policy = fetcher.policy
    fetcher.policy = replace(
        policy, deadline=min(policy.deadline, ONE), connect=min(policy.connect, 5.0), tries=1
    )
    return fetcher


def _answer(future: Future[Survey], seconds: float) -> Survey:
    from assets.sources.survey import Survey

    if not future.done() or future.cancelled():
        return Survey((), {}, failure=f"no answer within {seconds:.0f} s")
    error = future.exception()
    # A fault of ours at one publisher keeps the others from nothing.
    return Survey((), {}, failure=f"{type(error).__name__}: {error}") if error else future.result()
