"""Reorganisations of municipalities that are declared by hand, and what is refused among them.

A reorganisation is a list of pieces: what of one municipality came to lie in which. The sizes of
the pieces, in whatever they were measured, give the shares both ways; a piece without a size has
an unknown share, unless it is the only one of its municipality.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from assets.catalogue.entry import Entry, SiteId

MunicipalityCode = Annotated[str, StringConstraints(pattern=r"^GM\d{4}$")]
Words = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class Piece(Entry):
    """What of one municipality came to lie in another, or stayed in it."""

    from_code: MunicipalityCode
    to_code: MunicipalityCode
    size: float | None = Field(default=None, gt=0)
    """How large the piece is, in what `sizes` says; none where nobody has published it."""
    lower: float | None = Field(default=None, ge=0, le=1)
    upper: float | None = Field(default=None, ge=0, le=1)
    """Least and greatest share of `from_code` that the piece can be, whatever is counted, where a
    source says so; nothing (0) and all of it (1) where none does."""


class Reorganisation(Entry):
    """One reorganisation on one day."""

    id: SiteId
    title: Words
    kind: Literal["merger", "annexation", "split", "border_correction", "rename", "code_change"]
    date: dt.date
    """First day on which the new boundaries hold."""
    creates: tuple[MunicipalityCode, ...] = ()
    """Codes that begin. A code that receives and is not named here existed before and stays."""
    pieces: tuple[Piece, ...] = Field(min_length=1)
    sizes: Words | None = None
    """What the sizes of the pieces are, and who published them."""
    source: Words

    @model_validator(mode="after")
    def agrees_with_itself(self) -> Self:
        pairs = [(piece.from_code, piece.to_code) for piece in self.pieces]
        if twice := sorted({pair for pair in pairs if pairs.count(pair) > 1}):
            raise ValueError(f"{' to '.join(twice[0])} is written twice; add the pieces up")
        sources, targets = {pair[0] for pair in pairs}, {pair[1] for pair in pairs}
        if idle := sorted(set(self.creates) - targets):
            raise ValueError(f"nothing goes to {idle}; write its pieces or leave it out of creates")
        if both := sorted(set(self.creates) & sources):
            raise ValueError(
                f"{both} begins and gives away on the same day; a code that existed before is not "
                "in creates"
            )
        if any(piece.size is not None for piece in self.pieces) and not self.sizes:
            raise ValueError("say in `sizes` what the sizes of the pieces are, and who says so")
        for piece in self.pieces:
            if (piece.lower or 0.0) > (1.0 if piece.upper is None else piece.upper):
                raise ValueError(f"{piece.from_code} to {piece.to_code}: lower is above upper")
        same_code = all(left == right for left, right in pairs)
        if (self.kind == "rename") != same_code:
            raise ValueError(
                "a rename keeps its code (from_code and to_code are the same), and nothing else "
                "does only that; with a new code write kind: code_change"
            )
        return self

    @property
    def boundary_year(self) -> int:
        """First year whose 1 January has the new boundaries."""
        first = self.date.month == 1 and self.date.day == 1
        return self.date.year if first else self.date.year + 1

    @property
    def staying(self) -> tuple[str, ...]:
        """Codes that receive, existed before, and give nothing away."""
        giving = {piece.from_code for piece in self.pieces}
        receiving = dict.fromkeys(piece.to_code for piece in self.pieces)
        return tuple(code for code in receiving if code not in giving | set(self.creates))


def disagreements(
    reorganisations: Iterable[Reorganisation], places: Mapping[str, str]
) -> Iterable[str]:
    """What does not hold between reorganisations, in the order of their dates: in words, with the
    place in the file (`places` by id) and what to write instead."""
    ended: dict[str, Reorganisation] = {}
    giving: dict[tuple[str, dt.date], str] = {}
    pairs: dict[tuple[str, str, int], str] = {}
    for each in sorted(reorganisations, key=lambda entry: (entry.date, entry.id)):
        place = f"{places[each.id]}: reorganisations {each.id}: pieces"
        for piece in each.pieces:
            for code in (piece.from_code, piece.to_code):
                before = ended.get(code)
                again = before and before.date == each.date and code == piece.from_code
                if before and code not in each.creates and not again:
                    yield (
                        f"{place}: {code} ended on {before.date} ({before.id}); a code that is used "
                        "again is named in `creates`"
                    )
            other = giving.setdefault((piece.from_code, each.date), each.id)
            if other != each.id:
                yield (
                    f"{place}: {piece.from_code} is divided on {each.date} by {other} too; "
                    "write all its pieces in one of the two"
                )
            pair = (piece.from_code, piece.to_code, each.boundary_year)
            other = pairs.setdefault(pair, each.id)
            if other != each.id:
                yield (
                    f"{place}: {piece.from_code} to {piece.to_code} is written by {other} too, for "
                    f"the same boundary year {each.boundary_year}; add the two up"
                )
        for code in each.creates:
            ended.pop(code, None)
        kept = {piece.from_code for piece in each.pieces if piece.from_code == piece.to_code}
        for code in {piece.from_code for piece in each.pieces} - kept:
            ended[code] = each
