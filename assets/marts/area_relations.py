"""Reorganisations as dated, weighted relations between municipalities: what the catalogue declares,
and besides what the outlines of two years show.

A municipality whose reorganisation is declared is taken from the catalogue, whatever the outlines
say of it in the same years; they then still give the sizes that the catalogue does not have.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from assets.catalogue import Catalogue
from assets.catalogue.reorganisation_models import Reorganisation
from assets.marts.reorganisations import MEASURED, Change, changes
from warehouse.tables.boundaries import AreaRelation
from warehouse.vocabulary import polars_schema

if TYPE_CHECKING:
    import polars as pl

GRAIN = 2.0**-50
"""Shares are whole multiples of this, so that those of one area add up to exactly 1."""
Bounds = tuple[float, float]


@dataclass(frozen=True)
class _Piece:
    """What of one municipality came to lie in another, in one reorganisation."""

    from_code: str
    to_code: str
    from_year: int
    to_year: int
    valid_from: dt.date | None
    kind: str
    title: str
    size: float | None
    given: Bounds
    begins: bool
    measured_in: str | None
    source: str
    reference: str | None = None
    release_from: str | None = None
    release_to: str | None = None

    @property
    def step(self) -> tuple[int, dt.date | None]:
        """What happens at the same moment."""
        return self.to_year, self.valid_from


def relations(
    catalogue: Catalogue, outlines: Sequence[pl.LazyFrame], regions: Sequence[pl.LazyFrame]
) -> pl.DataFrame:
    """`mart.area_relation` from the catalogue, `core.outline` and `core.region` of all sources."""
    import polars as pl

    seen = changes(pl.concat(outlines).collect(), regions) if outlines else []
    declared = [
        piece for entry in catalogue.reorganisations.values() for piece in _declared(entry, seen)
    ]
    pieces = _with_those_that_stay([*declared, *_seen(seen, declared)])
    rows = _weighed(pieces)
    return pl.DataFrame(rows, schema=polars_schema(AreaRelation)).sort(
        "to_year", "valid_from", "from_code", "to_code", nulls_last=True
    )


def _declared(entry: Reorganisation, seen: Iterable[Change]) -> list[_Piece]:
    """The pieces of a declared reorganisation; sizes from outlines where it gives none."""
    pairs = [(piece.from_code, piece.to_code) for piece in entry.pieces]
    pieces = [
        _Piece(
            from_code=piece.from_code,
            to_code=piece.to_code,
            from_year=entry.boundary_year - 1,
            to_year=entry.boundary_year,
            valid_from=entry.date,
            kind=entry.kind,
            title=entry.title,
            size=piece.size,
            given=(piece.lower or 0.0, 1.0 if piece.upper is None else piece.upper),
            begins=piece.to_code in entry.creates,
            measured_in=entry.sizes,
            source="catalogue",
            reference=entry.source,
        )
        for piece in entry.pieces
    ]
    if entry.sizes:
        return pieces
    for change in seen:
        if change.from_year < entry.boundary_year <= change.to_year and set(pairs) <= set(
            change.pieces
        ):
            return [
                replace(
                    piece,
                    size=change.pieces[piece.from_code, piece.to_code],
                    measured_in=MEASURED,
                    release_from=change.release_from,
                    release_to=change.release_to,
                )
                for piece in pieces
            ]
    return pieces


def _seen(seen: Iterable[Change], declared: Sequence[_Piece]) -> list[_Piece]:
    """The pieces that only the outlines show."""
    spoken_of: dict[int, set[str]] = defaultdict(set)
    for piece in declared:
        spoken_of[piece.to_year] |= {piece.from_code}
        if not piece.begins:
            spoken_of[piece.to_year] |= {piece.to_code}
    found = []
    for change in seen:
        years = range(change.from_year + 1, change.to_year + 1)
        known: set[str] = set().union(*(spoken_of[year] for year in years))
        found += [
            _Piece(
                from_code=source,
                to_code=target,
                from_year=change.from_year,
                to_year=change.to_year,
                valid_from=None,
                kind=change.kind,
                title=change.title,
                size=size,
                given=(0.0, 1.0),
                begins=target in change.begins,
                measured_in=MEASURED,
                source="outlines",
                release_from=change.release_from,
                release_to=change.release_to,
            )
            for (source, target), size in change.pieces.items()
            if source not in known
        ]
    return found


def _with_those_that_stay(pieces: Sequence[_Piece]) -> list[_Piece]:
    """The pieces, and for each municipality that receives, existed before and gives nothing: itself."""
    giving = {(piece.step, piece.from_code) for piece in pieces}
    added: dict[tuple[Any, str], _Piece] = {}
    for piece in pieces:
        place = piece.step, piece.to_code
        if not piece.begins and place not in giving and place not in added:
            added[place] = replace(piece, from_code=piece.to_code, size=None, given=(0.0, 1.0))
    return [*pieces, *added.values()]


def _weighed(pieces: Sequence[_Piece]) -> list[dict[str, Any]]:
    """Rows of the table: shares both ways, with the bounds that follow from them."""
    forward = _shares(pieces, [(piece.step, piece.from_code) for piece in pieces])
    back = _shares(pieces, [(piece.step, piece.to_code) for piece in pieces], open_ended=True)
    return [
        {
            "from_code": piece.from_code,
            "to_code": piece.to_code,
            "from_year": piece.from_year,
            "to_year": piece.to_year,
            "valid_from": piece.valid_from,
            "kind": piece.kind,
            "title": piece.title,
            "weight": ahead[0],
            "lower": ahead[1],
            "upper": ahead[2],
            "back_weight": behind[0],
            "back_lower": behind[1],
            "back_upper": behind[2],
            "begins": piece.begins,
            "method": _method(ahead[0], ahead[1], piece),
            "measured_in": piece.measured_in,
            "source": piece.source,
            "reference": piece.reference,
            "release_from": piece.release_from,
            "release_to": piece.release_to,
        }
        for piece, ahead, behind in zip(pieces, forward, back, strict=True)
    ]


def _method(weight: float | None, lower: float, piece: _Piece) -> str:
    if lower == 1.0:
        return "whole"
    if weight is None:
        return "unknown"
    return "area_share" if piece.measured_in == MEASURED else "size_share"


def _shares(
    pieces: Sequence[_Piece], groups: Sequence[Any], *, open_ended: bool = False
) -> list[tuple[float | None, float, float]]:
    """For each piece its share of its group, with the least and the greatest that it can be.

    The only piece of a group is all of it. Of several the shares are known where all have a size,
    measured alike; else they are None. `open_ended`: the declared bounds are of the other side.
    """
    together: dict[Any, list[int]] = defaultdict(list)
    for number, group in enumerate(groups):
        together[group].append(number)
    found: list[tuple[float | None, float, float]] = [(1.0, 1.0, 1.0)] * len(pieces)
    for numbers in together.values():
        if len(numbers) == 1:
            continue
        here = [pieces[number] for number in numbers]
        weights = _divided(here)
        given = [(0.0, 1.0) if open_ended else piece.given for piece in here]
        for place, number in enumerate(numbers):
            others = [bounds for other, bounds in enumerate(given) if other != place]
            least = max(given[place][0], 1.0 - sum(upper for _, upper in others))
            most = min(given[place][1], 1.0 - sum(lower for lower, _ in others))
            weight = weights[place]
            if weight is not None:
                # A declared bound that the sizes contradict gives way to them.
                least, most = min(least, weight), max(most, weight)
            found[number] = weight, least, most
    return found


def _divided(pieces: Sequence[_Piece]) -> Sequence[float | None]:
    """The pieces' shares of their sum, adding up to exactly 1; None where they are not known."""
    sizes = [piece.size for piece in pieces]
    known = [size for size in sizes if size is not None]
    if len(known) < len(sizes) or len(Counter(piece.measured_in for piece in pieces)) > 1:
        return [None] * len(pieces)
    total = sum(known)
    shares = [round(size / total / GRAIN) * GRAIN for size in known]
    largest = shares.index(max(shares))
    shares[largest] += 1.0 - sum(shares)
    return shares
