"""Reorganisations of municipalities, read off the outlines of two years.

Outlines are generalised, and each year anew: every border differs a little between two years. What
tells a change from a redrawn line is how *wide* the land between the two lines is. Between the 340
municipalities that are the same in 2022 and 2026 that land is at most 148 metres wide (a circle of
74 m fits into it), whatever its length and though it measures up to 13 hectares; of the changes
between those years the narrowest is 339 metres wide (a circle of 170 m).
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

RADIUS = 100.0
"""Metres: land between two years' outlines is a change where a circle of this radius fits into it.
Lies between the widest redrawn line and the narrowest change that is known; a correction of less
width is not seen, and is declared by hand."""
HECTARE = 10_000.0
MEASURED = "hectares enclosed by both outlines"
WHOLE = 0.95
"""Least part of an area that its pieces cover together, for shares of it to be known: outlines of a
province say nothing of what lies beyond."""
Pair = tuple[str, str]


@dataclass
class Change:
    """One reorganisation between two years: which municipalities, and the pieces in hectares."""

    kind: str
    title: str
    from_year: int
    to_year: int
    pieces: dict[Pair, float | None]
    """Hectares by (from, to); what stayed where it was too. None where they are not known."""
    begins: frozenset[str] = frozenset()
    """Codes that begin with it."""
    release_from: str | None = None
    release_to: str | None = None


@dataclass(frozen=True)
class _Year:
    """The municipalities of one year."""

    year: int
    shapes: Mapping[str, Any]
    names: Mapping[str, str]
    release_id: str


@dataclass
class _Group:
    """Municipalities that changed land with each other, directly or through others."""

    sources: set[str] = field(default_factory=set)
    targets: set[str] = field(default_factory=set)


def changes(outlines: pl.DataFrame, regions: Sequence[pl.LazyFrame]) -> list[Change]:
    """What changed between each two consecutive years of `outlines`.

    `outlines`: `core.outline` in RD metres, years as editions; `regions`: `core.region`, for the
    names that the outlines' own source gives. Where two sources outline the same year the
    first by name counts. Renames with the same code are among the changes; a name that differs
    only in what stands in brackets (`Hengelo (O.)`) is the same.
    """
    years = list(_years(outlines, regions))
    return [change for before, after in pairwise(years) for change in _between(before, after)]


def years_outlined(outlines: pl.DataFrame) -> list[int]:
    """The years of which there are outlines of municipalities."""
    import polars as pl

    editions = outlines.filter(pl.col("region_code").str.starts_with("GM")).get_column("edition")
    return sorted(
        {int(edition) for edition in editions.unique() if re.fullmatch(r"\d{4}", edition)}
    )


def _years(outlines: pl.DataFrame, regions: Sequence[pl.LazyFrame]) -> Iterator[_Year]:
    import polars as pl
    import shapely

    names = [frame.select("source", "edition", "region_code", "name") for frame in regions]
    for year in years_outlined(outlines):
        here = outlines.filter(
            pl.col("edition") == str(year), pl.col("region_code").str.starts_with("GM")
        )
        source = min(here.get_column("source"))
        here = here.filter(pl.col("source") == source).sort("region_code")
        shapes = shapely.make_valid(shapely.from_geojson(here.get_column("geojson").to_list()))
        named = {
            code: name
            for frame in names
            for code, name in frame.filter(
                pl.col("edition") == str(year), pl.col("source") == source
            )
            .select("region_code", "name")
            .collect()
            .iter_rows()
        }
        yield _Year(
            year,
            dict(zip(here.get_column("region_code"), shapes, strict=True)),
            named,
            str(here.get_column("release_id").first() or ""),
        )


def _between(before: _Year, after: _Year) -> list[Change]:
    """The changes between two years, renames last."""
    moved = _moved(before.shapes, after.shapes)
    found = [_change(before, after, group, moved) for group in _groups(moved)]
    changed = {code for change in found for pair in change.pieces for code in pair}
    for code in sorted((before.shapes.keys() & after.shapes.keys()) - changed):
        old, new = before.names.get(code), after.names.get(code)
        if old and new and _bare(old) != _bare(new):
            found.append(
                Change(
                    "rename",
                    f"{old} is called {new}",
                    before.year,
                    after.year,
                    {(code, code): None},
                    release_from=before.release_id,
                    release_to=after.release_id,
                )
            )
    return found


def _moved(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[Pair, float]:
    """Hectares that lay in one municipality and lie in another, redrawn lines left out; and what
    stayed in those that gave or received."""
    import shapely

    old, new = list(before), list(after)
    near = shapely.STRtree([after[code] for code in new]).query(
        [before[code] for code in old], predicate="intersects"
    )
    found: dict[Pair, float] = {}
    for here, there in sorted(zip(*near.tolist(), strict=True)):
        pair = old[here], new[there]
        if pair[0] != pair[1]:
            size = _change_in(shapely.intersection(before[pair[0]], after[pair[1]]))
            if size:
                found[pair] = size
    for code in sorted({code for pair in found for code in pair} & before.keys() & after.keys()):
        size = _change_in(shapely.intersection(before[code], after[code]))
        if size:
            found[code, code] = size
    return found


def _change_in(common: Any) -> float:
    """Hectares of those parts of a common area that are wider than a redrawn line."""
    import shapely

    least = math.pi * RADIUS**2
    parts = (part for part in shapely.get_parts(common) if part.area >= least)
    wide: float = sum(part.area for part in parts if not part.buffer(-RADIUS).is_empty)
    # To a tenth of a square metre: far below what outlines say, and the same on every machine.
    return round(wide / HECTARE, 5)


def _groups(moved: Iterable[Pair]) -> list[_Group]:
    """The pairs gathered into groups that share a municipality. One that ended and one that began
    under the same code are two, so old and new are told apart; land that stayed ties them."""
    of: dict[tuple[str, str], _Group] = {}
    for source, target in sorted(moved):
        group = of.setdefault(("old", source), _Group())
        other = of.setdefault(("new", target), _Group())
        group.sources |= other.sources | {source}
        group.targets |= other.targets | {target}
        for code in group.sources:
            of["old", code] = group
        for code in group.targets:
            of["new", code] = group
    unique = {id(group): group for group in of.values()}
    return sorted(unique.values(), key=lambda group: sorted(group.sources))


def _change(before: _Year, after: _Year, group: _Group, moved: Mapping[Pair, float]) -> Change:
    """One group as a change."""
    pieces: dict[Pair, float | None] = {
        pair: size for pair, size in sorted(moved.items()) if pair[0] in group.sources
    }
    _forget_uncovered(pieces, before.shapes, 0)
    _forget_uncovered(pieces, after.shapes, 1)
    stays = {source for source, target in pieces if source == target}
    begins = frozenset(target for _, target in pieces if target not in stays)
    kind = _kind(pieces, begins)
    return Change(
        kind,
        _title(kind, pieces, begins, before.names, after.names),
        before.year,
        after.year,
        pieces,
        begins,
        before.release_id,
        after.release_id,
    )


def _forget_uncovered(
    pieces: dict[Pair, float | None], shapes: Mapping[str, Any], side: int
) -> None:
    """Sizes are not known where the pieces of an area leave much of it uncovered."""
    covered: dict[str, float] = defaultdict(float)
    for pair, size in pieces.items():
        covered[pair[side]] += size or 0.0
    for pair in pieces:
        if covered[pair[side]] < WHOLE * shapes[pair[side]].area / HECTARE:
            pieces[pair] = None


def _kind(pieces: Iterable[Pair], begins: frozenset[str]) -> str:
    """What sort of reorganisation the pieces make."""
    targets_of: dict[str, set[str]] = defaultdict(set)
    for source, target in pieces:
        targets_of[source].add(target)
    ended = {source for source, targets in targets_of.items() if source not in targets}
    if not ended and not begins:
        return "border_correction"
    if len(targets_of) == 1 and len(set.union(*targets_of.values())) == 1:
        return "code_change"
    if any(len(targets) > 1 for targets in targets_of.values()):
        return "split"
    return "merger" if begins else "annexation"


def _title(
    kind: str,
    pieces: Iterable[Pair],
    begins: frozenset[str],
    old: Mapping[str, str],
    new: Mapping[str, str],
) -> str:
    """The change in words."""
    pairs = list(pieces)
    stays = {source for source, target in pairs if source == target}
    gone = [old.get(code, code) for code in dict.fromkeys(s for s, _ in pairs) if code not in stays]
    there = [new.get(code, code) for code in dict.fromkeys(t for _, t in pairs)]
    if kind == "border_correction":
        return f"The border between {_listed(there)} is moved"
    if kind == "code_change":
        return f"{_listed(gone)} goes on as {_listed(there)} under another code"
    if kind == "split":
        return f"{_listed(gone or there)} divided over {_listed(there)}"
    received = [new.get(code, code) for code in sorted(begins or {t for _, t in pairs})]
    return f"{_listed(gone)} {'become' if begins else 'joined to'} {_listed(received)}"


def _listed(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _bare(name: str) -> str:
    """A name without what tells it from a namesake: `Hengelo (O.)` is `hengelo`."""
    return " ".join(re.sub(r"\([^)]*\)\s*$", "", name).split()).casefold()
