"""Concordances: what the activity codes of one edition of SBI became in the next, with weights.

A code that went to one section whole is certain; one that was taken apart is *ambiguous*, and its
weights say how it is shared where a number is wanted all the same. A table of a statistical office
is dropped in as a CSV file beside the catalogue's own.
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, ValidationError, ValidationInfo, model_validator

from assets.catalogue.entry import FOLDER, Entry, Identifier

SECTIONS = {
    "A": (1, 3), "B": (5, 9), "C": (10, 33), "D": (35, 35), "E": (36, 39), "F": (41, 43),
    "G": (46, 47), "H": (49, 53), "I": (55, 56), "J": (58, 60), "K": (61, 63), "L": (64, 66),
    "M": (68, 68), "N": (69, 75), "O": (77, 82), "P": (84, 84), "Q": (85, 85), "R": (86, 88),
    "S": (90, 93), "T": (94, 96), "U": (97, 98), "V": (99, 99),
}  # fmt: skip
"""Sections of SBI 2025 by their first and last division, as in NACE Rev. 2.1 (Delegated Regulation
(EU) 2023/137), of which SBI 2025 is the Dutch form."""
NUMBERED = (
    (1, 3), (5, 9), (10, 33), (35, 39), (41, 43), (45, 47), (49, 53), (55, 56), (58, 66), (68, 75),
    (77, 82), (84, 88), (90, 99),
)  # fmt: skip
"""First and last of the divisions of SBI 2008, which is the Dutch form of NACE Rev. 2 (Regulation
(EC) 1893/2006); numbers in between are not given out."""
EXACT = 1e-9
"""By how much weights that should be 1 together may miss it."""
Basis = Literal["official", "structure", "assumed"]
Shares = dict[str, float]
"""How an activity falls to sections: share by letter, together 1."""


def section_of(code: str) -> str | None:
    """Letter of the section of SBI 2025 in which a code lies, or which it is; None for another."""
    if code in SECTIONS:
        return code
    division = int(code[:2]) if re.fullmatch(r"\d\d.*", code[:2], re.ASCII) else -1
    found = (letter for letter, (first, last) in SECTIONS.items() if first <= division <= last)
    return next(found, None)


def by_sector(sectors: Mapping[str, Sequence[str]], shares: Shares) -> Shares:
    """Shares of sections as shares of the sectors that they are part of."""
    found: Shares = {}
    for sector, sections in sectors.items():
        share = sum(shares.get(section, 0.0) for section in sections)
        if share > EXACT:
            found[sector] = share
    return found


def _is_division(code: str) -> bool:
    return any(first <= int(code[:2]) <= last for first, last in NUMBERED)


class Share(Entry):
    """What of one activity became another."""

    from_code: Annotated[str, StringConstraints(pattern=r"^\d{2,5}$")]
    """Division, group, class or full code: whatever begins with it, unless a longer one is given."""
    to_code: Annotated[str, StringConstraints(pattern=r"^([A-V]|\d{2,5})$")]
    """Section, or a code of it."""
    weight: float = Field(gt=0, le=1)
    basis: Basis
    """`official`: published by a statistical office; `structure`: whole, as the structures of both
    editions have it; `assumed`: ours, for want of figures."""


class Concordance(Entry):
    """What the codes of one edition became in another."""

    id: Identifier
    from_edition: Literal["2008"]
    to_edition: Literal["2025"]
    source: Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
    """Who says so, and what the weights rest on."""
    shares: tuple[Share, ...] = ()
    file: str | None = None
    """A CSV file beside the catalogue's file with `from_code,to_code,weight,basis`; its content
    becomes `shares`."""

    @model_validator(mode="before")
    @classmethod
    def with_its_file(cls, said: Any, info: ValidationInfo) -> Any:
        """The content of `file` is part of the declaration, so that its fingerprint tells."""
        if not isinstance(said, Mapping) or not isinstance(said.get("file"), str):
            return said
        folder = (info.context or {}).get(FOLDER)
        if folder is None:
            raise ValueError("a file is only read beside a file of the catalogue; use `shares`")
        if said.get("shares"):
            raise ValueError("write `shares` or `file`, not both")
        return {**said, "shares": _shares_in(Path(folder), said["file"])}

    @model_validator(mode="after")
    def adds_up(self) -> Self:
        if not self.shares:
            raise ValueError("write `shares`, or the name of a `file` that holds them")
        if wrong := next(disagreements(self.shares), None):
            raise ValueError(wrong[1])
        return self

    def falls_to(self, code: str) -> Shares:
        """The sections to which an activity falls; none where nothing is said of it.

        The longest code that it begins with decides. One that has fewer digits than all that is
        said of it is shared over these, each alike.
        """
        by_code = self._by_code
        for digits in range(len(code), 1, -1):
            if found := by_code.get(code[:digits]):
                return found
        finer = [
            shares for said, shares in by_code.items() if len(code) > 1 and said.startswith(code)
        ]
        together: defaultdict[str, float] = defaultdict(float)
        for shares in finer:
            for section, share in shares.items():
                together[section] += share / len(finer)
        return dict(together)

    @property
    def _by_code(self) -> dict[str, Shares]:
        """Shares by section of each code."""
        cached: dict[str, Shares] | None = self.__dict__.get("_shares_by_code")
        if cached is None:
            cached = {}
            for share in self.shares:
                to = cached.setdefault(share.from_code, {})
                section = section_of(share.to_code) or ""
                to[section] = to.get(section, 0.0) + share.weight
            self.__dict__["_shares_by_code"] = cached
        return cached

    def ambiguous(self) -> dict[str, Shares]:
        """The codes that fall to more than one section, with their shares."""
        return {code: shares for code, shares in self._by_code.items() if len(shares) > 1}


def disagreements(shares: Iterable[Share]) -> Iterator[tuple[str, str]]:
    """What is wrong between shares: the code that it is about, and a sentence."""
    sums: defaultdict[str, float] = defaultdict(float)
    seen: set[tuple[str, str]] = set()
    for share in shares:
        pair = share.from_code, share.to_code
        if not _is_division(share.from_code):
            yield (
                share.from_code,
                (
                    f"from_code {share.from_code}: SBI 2008 has no division {share.from_code[:2]}; write "
                    "a code of one that it has"
                ),
            )
        if section_of(share.to_code) is None:
            yield (
                share.from_code,
                (
                    f"to_code {share.to_code}: SBI 2025 has no division {share.to_code[:2]}; write a code "
                    "of one that it has, or the letter of a section"
                ),
            )
        if pair in seen:
            yield share.from_code, (f"{pair[0]} to {pair[1]} is written twice; add the weights up")
        seen.add(pair)
        sums[share.from_code] += share.weight
        if share.basis == "structure" and abs(share.weight - 1.0) > EXACT:
            yield (
                share.from_code,
                (
                    f"{pair[0]} to {pair[1]}: a weight of {share.weight:g} does not follow from the "
                    "structure; its basis is `official` or `assumed`"
                ),
            )
    for code, total in sums.items():
        if abs(total - 1.0) > EXACT:
            yield (
                code,
                (
                    f"the weights of {code} are {total:.12g} together; whatever an activity became, it "
                    "is 1 together"
                ),
            )


COLUMNS = ("from_code", "to_code", "weight", "basis")


def _shares_in(folder: Path, name: str) -> tuple[Share, ...]:
    """The shares in a CSV file. Raises ValueError naming file, line and field."""
    if PurePosixPath(name).name != name:
        raise ValueError(
            f"file {name!r}: write the name of a file beside this one, without folders"
        )
    try:
        text = (folder / name).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ValueError(f"{folder / name}: there is no such file") from None
    except UnicodeDecodeError as error:
        raise ValueError(f"{folder / name}: not UTF-8 ({error.reason}); save it as UTF-8") from None
    rows = csv.reader(io.StringIO(text), delimiter=";" if ";" in text.partition("\n")[0] else ",")
    header = next(rows, [])
    if tuple(header) != COLUMNS:
        raise ValueError(
            f"{folder / name}:1: expected the columns {', '.join(COLUMNS)}; came: {', '.join(header)}"
        )
    found: list[Share] = []
    line_of: dict[str, int] = {}
    for row in rows:
        place = f"{folder / name}:{rows.line_num}"
        if not row:
            continue
        if len(row) != len(COLUMNS):
            raise ValueError(f"{place}: expected {len(COLUMNS)} fields; came: {len(row)}")
        said: dict[str, Any] = dict(zip(COLUMNS, row, strict=True))
        try:
            said["weight"] = float(said["weight"].replace(",", "."))
        except ValueError:
            raise ValueError(f"{place}: weight: {said['weight']!r} is no number") from None
        try:
            share = Share.model_validate(said, strict=True)
        except ValidationError as error:
            wrong_field = error.errors()[0]
            where = str(wrong_field["loc"][0])
            raise ValueError(f"{place}: {where}: {said[where]!r}: {wrong_field['msg']}") from None
        line_of.setdefault(share.from_code, rows.line_num)
        found.append(share)
    if wrong := next(disagreements(found), None):
        raise ValueError(f"{folder / name}:{line_of[wrong[0]]}: {wrong[1]}")
    return tuple(found)
