"""The same performance through the years: our own key for what changes its number and its title.

The catalogue goes first; what it does not declare is recognised by its title, or by its number
together with a similar title. The outcome does not depend on the order of the documents, and two
performances of one document are never made one.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from assets.catalogue.document_models import PerformanceEntry
from assets.documents.records import identify
from assets.documents.structure.headings import slug
from assets.documents.wordings import fold

SIMILAR = 0.5
"""Share of words (those in both, of those in either) from which two titles under one number are
taken for the same performance."""
_WORDS = re.compile(r"\w+")
_REASONS = (
    "declared title",
    "declared number",
    "same title",
    "same number and similar title",
    "seen once",
)
"""Why a performance is taken for what it is, the strongest first."""
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Found:
    """One performance in one document."""

    document_id: str
    organisation: str | None
    year: int | None
    code: str
    title: str


@dataclass
class _Group:
    """Mentions that are one performance."""

    members: list[Found]
    reason: str = "seen once"

    @property
    def documents(self) -> set[str]:
        return {one.document_id for one in self.members}

    def first(self) -> tuple[Any, ...]:
        return min(map(_age, self.members))


@dataclass
class _Joined:
    """Groups by number, with for each the number of the group that it has become part of."""

    groups: list[_Group]
    part_of: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.part_of = list(range(len(self.groups)))

    def root(self, number: int) -> int:
        while self.part_of[number] != number:
            self.part_of[number] = self.part_of[self.part_of[number]]
            number = self.part_of[number]
        return number

    def join(self, one: int, other: int, reason: str) -> None:
        """Make two groups one, unless they have a document in common."""
        into, out = sorted((self.root(one), self.root(other)))
        if into == out or self.groups[into].documents & self.groups[out].documents:
            return
        self.groups[into].members += self.groups[out].members
        self.groups[into].reason = reason
        self.part_of[out] = into


def recognise(
    found: Sequence[Found], entries: Iterable[PerformanceEntry]
) -> tuple[list[str], list[Row], list[Row]]:
    """The key of each performance in `found`, the names that performances have had, and how their
    numbers succeeded each other.

    The first has one key for each of `found`, in its order. The rows have the columns of
    `warehouse.tables.documents.PerformanceName` and `PerformanceSuccession`. Successions are those
    that the catalogue declares, and changes of number from one year to a later one that the
    documents themselves show.
    """
    declared = sorted(entries, key=lambda entry: entry.id)
    distinct = sorted(set(found), key=_order)
    known = _declared(distinct, declared)
    rest = [one for one in distinct if one not in known]
    groups = _by_number(_by_title(rest))
    keys = _keys(groups, {entry.id for entry in declared})
    for key, group in zip(keys, groups, strict=True):
        for one in group.members:
            known[one] = (key, group.reason)
    names = _names(distinct, known)
    return [known[one][0] for one in found], names, _successions(distinct, known, declared)


def _order(one: Found) -> tuple[Any, ...]:
    return (one.document_id, one.organisation or "", one.year or 0, one.code, one.title)


def _age(one: Found) -> tuple[Any, ...]:
    return (one.year is None, one.year or 0, *_order(one))


# -- what the catalogue declares -------------------------------------------------------------
def _declared(
    found: Sequence[Found], entries: Sequence[PerformanceEntry]
) -> dict[Found, tuple[str, str]]:
    """What is recognised by the catalogue. Where it fits two performances of a document equally
    well, or a performance fits two entries so, it says nothing of them."""
    titles = [(entry, [_pattern(title) for title in entry.titles]) for entry in entries]
    fits: dict[tuple[str, str], list[tuple[int, Found]]] = defaultdict(list)
    for one in found:
        said = fold(one.title)
        ranked = []
        for entry, patterns in titles:
            if one.organisation not in (None, entry.organisation):
                continue
            titled = any(_fits(said, pattern) for pattern in patterns)
            numbered = one.code in entry.codes
            if titled:
                ranked.append((0 if numbered else 1, entry.id))
            elif numbered and one.organisation is not None and _within(one.year, entry):
                ranked.append((2, entry.id))
        best = [rank for rank in ranked if rank[0] == min(ranked)[0]]
        if len(best) == 1:
            fits[one.document_id, best[0][1]].append((best[0][0], one))
    known = {}
    for (_, entry_id), candidates in fits.items():
        strongest = min(rank for rank, _ in candidates)
        best_of = [one for rank, one in candidates if rank == strongest]
        if len(best_of) == 1:
            known[best_of[0]] = (entry_id, _REASONS[1] if strongest == 2 else _REASONS[0])
    return known


def _within(year: int | None, entry: PerformanceEntry) -> bool:
    if year is None:
        return False
    return (entry.valid_from or year) <= year <= (entry.valid_to or year)


def _pattern(title: str) -> tuple[str, ...]:
    return tuple(fold(part) for part in title.split("*"))


def _fits(said: str, parts: tuple[str, ...]) -> bool:
    """Whether a title is a declared one; between its parts any words may stand."""
    if len(parts) == 1:
        return said == parts[0]
    if not said.startswith(parts[0]):
        return False
    place = len(parts[0])
    for part in parts[1:-1]:
        at = said.find(part, place)
        if at < 0:
            return False
        place = at + len(part)
    return said.endswith(parts[-1]) and len(said) - len(parts[-1]) >= place


# -- what it does not ------------------------------------------------------------------------
def _by_title(found: Sequence[Found]) -> list[_Group]:
    """Groups of one title in one organisation. Documents of unknown organisation join one where
    only one has the title; a document that has the title twice parts the group by number."""
    titled: dict[str, dict[str | None, list[Found]]] = defaultdict(lambda: defaultdict(list))
    for one in found:
        titled[fold(one.title)][one.organisation].append(one)
    groups = []
    for owners in titled.values():
        named = [owner for owner in owners if owner is not None]
        if None in owners and len(named) == 1:
            owners[named[0]] += owners.pop(None)
        for members in owners.values():
            twice = Counter(one.document_id for one in members).most_common(1)[0][1] > 1
            if not twice:
                groups.append(_Group(members))
                continue
            by_code: dict[str, list[Found]] = defaultdict(list)
            for one in members:
                by_code[one.code].append(one)
            for same in by_code.values():
                alone = Counter(one.document_id for one in same).most_common(1)[0][1] == 1
                groups += [_Group(same)] if alone else [_Group([one]) for one in same]
    for group in groups:
        group.reason = "same title" if len(group.documents) > 1 else "seen once"
    return sorted(groups, key=lambda group: min(map(_order, group.members)))


def _by_number(groups: list[_Group]) -> list[_Group]:
    """Groups of one organisation joined where they share a number and their titles are similar,
    the most similar first."""
    joined = _Joined(groups)
    shared: dict[tuple[str, str], list[int]] = defaultdict(list)
    words = []
    for number, group in enumerate(groups):
        words.append(frozenset(_WORDS.findall(fold(group.members[0].title))))
        for owner, code in sorted(
            {(one.organisation, one.code) for one in group.members if one.organisation},
            key=str,
        ):
            shared[str(owner), code].append(number)
    pairs = set()
    for numbers in shared.values():
        for place, one in enumerate(numbers):
            for other in numbers[place + 1 :]:
                alike = _alike(words[one], words[other])
                if alike >= SIMILAR:
                    pairs.add((-alike, one, other))
    for _, one, other in sorted(pairs):
        joined.join(one, other, "same number and similar title")
    return [group for number, group in enumerate(groups) if joined.root(number) == number]


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one | other else 0.0


def _keys(groups: Sequence[_Group], taken: set[str]) -> list[str]:
    """A readable key for each group: its earliest title, made longer only where two would be the
    same."""
    firsts = [min(group.members, key=_age) for group in groups]
    plain = [slug(one.title) or slug(f"prestatie {one.code}") for one in firsts]
    of_owner = [
        f"{key}-{slug(one.organisation or 'onbekend')}"
        for key, one in zip(plain, firsts, strict=True)
    ]
    numbered = [f"{key}-{slug(one.code)}" for key, one in zip(of_owner, firsts, strict=True)]
    exact = [f"{key}-{identify(*_order(one))}" for key, one in zip(numbered, firsts, strict=True)]
    chosen: list[str] = []
    counts = [Counter(keys) for keys in (plain, of_owner, numbered)]
    for place, last in enumerate(exact):
        levels = (plain[place], of_owner[place], numbered[place])
        free = [
            key
            for key, count in zip(levels, counts, strict=True)
            if count[key] == 1 and key not in taken
        ]
        chosen.append(free[0] if free else last)
    # A key made longer may be another's plain one: then both get their exact key.
    again = Counter(chosen)
    return [key if again[key] == 1 else exact[place] for place, key in enumerate(chosen)]


# -- rows ------------------------------------------------------------------------------------
def _names(found: Sequence[Found], known: dict[Found, tuple[str, str]]) -> list[Row]:
    by_name: dict[tuple[str, str, str], list[Found]] = defaultdict(list)
    for one in found:
        by_name[known[one][0], one.code, one.title].append(one)
    rows = []
    for (key, code, title), members in sorted(by_name.items()):
        owners = sorted({one.organisation for one in members if one.organisation})
        years = [one.year for one in members if one.year is not None]
        reasons = {known[one][1] for one in members}
        rows.append(
            {
                "performance_id": key,
                "code": code,
                "title": title,
                "organisation": owners[0] if len(owners) == 1 else None,
                "first_year": min(years, default=None),
                "last_year": max(years, default=None),
                "documents": len({one.document_id for one in members}),
                "recognised_by": next(reason for reason in _REASONS if reason in reasons),
            }
        )
    return rows


def _successions(
    found: Sequence[Found],
    known: dict[Found, tuple[str, str]],
    entries: Sequence[PerformanceEntry],
) -> list[Row]:
    rows = [
        {"performance_id": entry.id, **succession.model_dump()}
        for entry in entries
        for succession in entry.successions
    ]
    said = {(row["performance_id"], row["former_code"]) for row in rows}
    by_key: dict[str, list[Found]] = defaultdict(list)
    for one in found:
        if one.year is not None and one.organisation is not None:
            by_key[known[one][0]].append(one)
    for key, members in sorted(by_key.items()):
        years: dict[int, dict[str, str]] = defaultdict(dict)
        for one in members:
            assert one.year is not None
            years[one.year].setdefault(one.code, one.document_id)
        single = [
            (year, *next(iter(codes.items())))
            for year, codes in sorted(years.items())
            if len(codes) == 1
        ]
        for (_, former, before), (year, code, after) in pairwise(single):
            if former != code and (key, former) not in said:
                said.add((key, former))
                rows.append(
                    {
                        "performance_id": key,
                        "former_code": former,
                        "code": code,
                        "year": year,
                        "kind": "renumbered",
                        "source": f"{former} in {before}, {code} in {after}",
                    }
                )
    return sorted(rows, key=lambda row: (row["performance_id"], row["former_code"], row["year"]))
