"""The marts that keep history, learned moment by moment from core as it was known at each.

What was learned already, and by which declarations, stands in the stamp of the history; so a night
learns only what is new. A release that comes late is learned at its own place in the publisher's
order: from there on the figures that it touches, and no others, are learned again.

A change of our own declarations (an indicator, the sites, a version of the code) is a moment too:
the one at which we changed our mind. An indicator that is new is learned from the first release on.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from assets.catalogue import Catalogue
from assets.catalogue.loading import fingerprint
from assets.core import SUBJECTS
from assets.edges import Edges
from assets.known import Accepted, Areas, Known, releases
from assets.marts import budgets
from assets.marts.reach import fed_by, needed, reached
from assets.marts.values import values
from assets.marts.vintages import Current, Moment, Scope, Within, first, forget, learn
from warehouse.archive import file_name
from warehouse.frames import Stamp
from warehouse.history import History
from warehouse.tables import mart
from warehouse.tables.core import Region
from warehouse.vocabulary import Table, key_of, polars_schema

if TYPE_CHECKING:
    import polars as pl

NEVER = dt.datetime(9999, 1, 1)
LEARNED, DECLARED = "learned", "declared"
CHRONICLE = ("known_from", "known_to", "opened_by", "release_id")
"""Columns of a history that say when and by what it was known, and not what."""


@dataclass(frozen=True)
class Learned:
    """A history after what is new, as far as it was touched."""

    rows: pl.DataFrame
    """The open rows, and those closed at `since` or later."""
    before: pl.DataFrame | None
    """The same rows before, as far as they must still be there."""
    since: dt.datetime
    marks: Stamp
    """What is learned by now, for the stamp."""


def history_of(edges: Edges, table: type[Table]) -> History:
    """The history of a mart."""
    return History(edges.frames, ("mart", str(table.__tablename__)), tuple(key_of(table)))


@dataclass(frozen=True)
class Lesson:
    """How a history is learned: what changed what, and what was known at a moment."""

    table: type[Table]
    moments: list[Moment]
    current: Current
    within: Within
    marks: Stamp

    def learned(self, history: History) -> Learned:
        """The history after all that is new in it."""
        schema = polars_schema(self.table)
        since = first(self.moments)
        before = history.since(since or NEVER)
        if before is not None and set(before.columns) != set(schema):
            raise RuntimeError(
                f"{'/'.join(history.key)} was made by an earlier release, with other columns; run "
                "`locatiemonitor rebuild`, which makes every vintage again from the archive"
            )
        rows = schema.to_frame() if before is None else before.cast(schema)
        rows = kept = forget(rows, self.moments, self.within)
        key = [name for name in key_of(self.table) if name != "known_from"]
        said = [name for name in schema.names() if name not in (*key, *CHRONICLE)]
        if since is not None:
            rows = learn(rows, self.moments, self.current, self.within, key, said)
        return Learned(
            rows.select(schema.names()),
            None if before is None else kept,
            since or NEVER,
            self.marks,
        )


@dataclass
class Past:
    """What was learned before, as the stamp of a history has it, and what is now."""

    history: History
    learned: dict[str, str] = field(default_factory=dict)
    """Releases, or two that were read beside one another, and how each was read."""
    declared: dict[str, str] = field(default_factory=dict)
    """Fingerprints of declarations."""

    @cached_property
    def _before(self) -> Stamp:
        return self.history.stamp() or {}

    @cached_property
    def releases(self) -> dict[str, str]:
        """What `learned` was."""
        return dict(json.loads(self._before.get(LEARNED, "{}")))

    @cached_property
    def declarations(self) -> dict[str, str]:
        """What `declared` was."""
        return dict(json.loads(self._before.get(DECLARED, "{}")))

    def note(self, one: Accepted) -> tuple[bool, bool]:
        """Whether a release is new, and whether it is known and read otherwise than before."""
        name = f"{one.table}/{one.release.source}/{one.release.edition}/{file_name(one.origin.id)}"
        self.learned[name] = hashlib.sha256(one.mark.encode()).hexdigest()[:8]
        before = self.releases.get(name)
        return before is None, before not in (None, self.learned[name])

    def changed(self, name: str, said: str) -> bool:
        """Whether something that was declared before is declared otherwise now."""
        self.declared[name] = said
        return self.declarations.get(name) not in (None, said)

    def marks(self) -> Stamp:
        """What to remember."""
        return {
            LEARNED: json.dumps(self.learned, sort_keys=True),
            DECLARED: json.dumps(self.declared, sort_keys=True),
        }


# -- indicator values -------------------------------------------------------------------------
def indicator_values(
    edges: Edges,
    members_at: Callable[[dt.datetime], pl.DataFrame],
    counted_at: Callable[[dt.datetime], dict[str, pl.DataFrame]],
    read_by: str,
) -> Learned:
    """`mart.indicator_value` after all releases of figures and documents that were accepted.

    `members_at`: of which areas sites are composed, as far as can be told at a moment; `counted_at`:
    values counted in the documents known at one; `read_by`: fingerprint of what documents are read
    by.
    """
    catalogue = edges.catalogue
    history = history_of(edges, mart.IndicatorValue)
    past = Past(history)
    figures, pages = Known(edges, "figure"), Known(edges, "document_page")
    contributions = Known(edges, "contribution")
    areas = Areas.of(Known(edges, "region"))
    counted = [i.id for i in catalogue.indicators.values() if i.counted]
    after = _after(edges, (figures, pages))
    moments: list[Moment] = []

    new, changed = [], []
    for indicator in catalogue.indicators.values():
        rules = [catalogue.sources[feed.source].disclosure for feed in indicator.feeds]
        said = f"{fingerprint(indicator, *filter(None, rules))} {edges.code_version}"
        if past.changed(indicator.id, said):
            changed.append(indicator.id)
        if indicator.id not in past.declarations:
            new.append(indicator.id)
    of_sites = [i.id for i in catalogue.indicators.values() if "site" in i.levels]
    placed = fingerprint(*catalogue.sites.values(), *catalogue.provinces.values())
    if past.changed(" places", placed):
        changed += of_sites + [i.id for i in catalogue.indicators.values() if i.aggregate_to]
    if past.changed(" documents", read_by):
        changed += counted
    if changed:
        moments.append(Moment(after, reached(catalogue, changed, None), declared=True))

    for source, editions in figures.accepted.items():
        fed = fed_by(catalogue, [source])
        if not fed:
            continue
        for accepted in editions.values():
            for number, one in enumerate(accepted):
                pair = accepted[max(0, number - 1) : number + 1]
                moments += _of_release(
                    past,
                    one,
                    lambda pair=pair, fed=fed: reached(catalogue, fed, _periods(figures, pair)),  # type: ignore[misc]
                    new,
                    after,
                )
    for one in pages.every:
        moments += _of_release(past, one, lambda: dict.fromkeys(counted), new, after)
    for one in _resolving(edges):
        moments += _of_release(past, one, lambda: reached(catalogue, of_sites, None), new, after)
    elsewhere = fed_by(catalogue, _listing_no_areas(catalogue))
    for one in areas.adding():
        moments += _of_release(past, one, lambda: reached(catalogue, elsewhere, None), new, after)

    known = releases(edges)

    def current(at: dt.datetime, scope: Scope, so_far: pl.DataFrame) -> pl.DataFrame:
        import polars as pl

        wanted = {
            feed.source
            for name in needed(catalogue, scope)
            for feed in catalogue.indicators[name].feeds
        }
        said = counted_at(at) if any(name in scope for name in counted) else {}
        found = values(
            catalogue,
            scope,
            figures.at(at, wanted),
            known,
            members_at(at),
            areas.at(at),
            said,
            contributions.at(at, wanted),
            so_far,
        )
        schema = polars_schema(mart.IndicatorValue)
        return found.select(
            pl.col(name).cast(kind) for name, kind in schema.items() if name in found.columns
        )

    return Lesson(
        mart.IndicatorValue, _relevant(moments), current, _indicators_within, past.marks()
    ).learned(history)


def _resolving(edges: Edges) -> list[Accepted]:
    """Releases by which boundaries of sites are resolved into areas; none where all are declared."""
    boundaries = [b for site in edges.catalogue.sites.values() for b in site.boundaries]
    tables = ["outline"] * any(b.polygon for b in boundaries)
    tables += ["postcode_area"] * any(b.postcodes for b in boundaries)
    return [one for table in tables for one in Known(edges, table).every]


def _listing_no_areas(catalogue: Catalogue) -> list[str]:
    """Sources of figures about areas that only other sources list."""
    return [
        source.name
        for source in catalogue.sources.values()
        if Region not in (table.table for table in SUBJECTS[source.subject])
    ]


def _of_release(
    past: Past,
    one: Accepted,
    scope: Callable[[], Scope],
    new_subjects: Iterable[str],
    after: dt.datetime,
) -> list[Moment]:
    """The moments that a release makes: its own, and that at which it was read otherwise."""
    is_new, read_anew = past.note(one)
    reach = scope()
    moments = []
    added = {name: periods for name, periods in reach.items() if is_new or name in new_subjects}
    rest = {name: periods for name, periods in reach.items() if name not in added}
    at = one.known_from
    if added:
        moments.append(Moment(at, added))
    if rest:
        moments.append(Moment(at, rest, new=False))
    if read_anew:
        moments.append(Moment(after, reach, declared=True))
    return moments


def _relevant(moments: list[Moment]) -> list[Moment]:
    """The moments from the first new one on."""
    since = first(moments)
    return [] if since is None else [moment for moment in moments if moment.at >= since]


def _after(edges: Edges, tables: Iterable[Known]) -> dt.datetime:
    """Now; or, where a publisher is ahead of our clock, just after its newest release."""
    known = [one.known_from for table in tables for one in table.every]
    return max([edges.now(), *(moment + dt.timedelta(microseconds=1) for moment in known)])


def _periods(figures: Known, releases: Iterable[Accepted]) -> frozenset[str]:
    """The periods that releases of a source have figures about."""
    import polars as pl

    paths = [figures.path(one) for one in releases]
    found = pl.scan_parquet(paths).select(pl.col("period").unique()).collect()
    return frozenset(found.get_column("period"))


def _indicators_within(scope: Scope) -> pl.Expr:
    import polars as pl

    by_periods: dict[frozenset[str] | None, list[str]] = {}
    for name, periods in scope.items():
        by_periods.setdefault(periods, []).append(name)
    found = pl.lit(False)
    for periods, names in by_periods.items():
        here = pl.col("indicator_id").is_in(names)
        found |= here if periods is None else here & pl.col("period").is_in(sorted(periods))
    return found


# -- budget amounts ---------------------------------------------------------------------------
def budget_amounts(edges: Edges) -> Learned:
    """`mart.budget_amount` after all releases of Iv3 tables that were accepted."""
    history = history_of(edges, mart.BudgetAmount)
    past = Past(history)
    lines = Known(edges, "budget_line")
    after = _after(edges, [lines])
    moments = [
        moment
        for one in lines.every
        for moment in _of_release(past, one, lambda one=one: {one.release.edition: None}, (), after)  # type: ignore[misc]
    ]

    def current(at: dt.datetime, scope: Scope, so_far: pl.DataFrame) -> pl.DataFrame:
        return budgets.amounts(list(lines.at(at).values()), scope)

    def within(scope: Scope) -> pl.Expr:
        import polars as pl

        return pl.col("year").is_in([int(edition) for edition in scope])

    return Lesson(mart.BudgetAmount, _relevant(moments), current, within, past.marks()).learned(
        history
    )
