"""Reads the catalogue's YAML and refuses a wrong entry with file, line, field and what to write.

Also checks what no single entry can know: that a feed names a source, a measure and a
breakdown that exist, that an indicator's numerator exists, that a name belongs to one location.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from assets.catalogue.document_models import (
    DocumentEntry,
    Label,
    OrganisationEntry,
    PerformanceEntry,
)
from assets.catalogue.entry import Entry
from assets.catalogue.models import (
    COUNTED_MEASURES,
    SECTION_LETTERS,
    SIZE_CLASSES,
    Feed,
    Indicator,
    Province,
    Source,
)
from assets.catalogue.reorganisation_models import Reorganisation, disagreements
from assets.catalogue.site_models import FOLDER, Site

HERE = Path(__file__).parent
Model = TypeVar("Model", bound=Entry)


NEEDED = ("sources", "indicators", "sites", "provinces")
"""Kinds of entry without which there is no catalogue; the others may be absent."""


class CatalogueError(ValueError):
    """A catalogue entry is wrong; the message says where and what to write instead."""


@dataclass(frozen=True)
class Catalogue:
    """All declarations, checked against each other."""

    sources: dict[str, Source]
    indicators: dict[str, Indicator]
    sites: dict[str, Site]
    provinces: dict[str, Province]
    labels: dict[str, Label] = field(default_factory=dict)
    organisations: dict[str, OrganisationEntry] = field(default_factory=dict)
    performances: dict[str, PerformanceEntry] = field(default_factory=dict)
    documents: dict[str, DocumentEntry] = field(default_factory=dict)
    reorganisations: dict[str, Reorganisation] = field(default_factory=dict)

    def province_of(self, municipality: str) -> str | None:
        """The province of a municipality, or None where no entry says so."""
        return self.province_by_municipality.get(municipality)

    @cached_property
    def province_by_municipality(self) -> dict[str, str]:
        """Code of the province of each municipality that an entry places in one."""
        return {gm: p.code for p in self.provinces.values() for gm in p.municipalities}

    def asks_for(self, source: Source) -> bool:
        """Whether a site's boundary needs the source, where it is there for nothing else."""
        kinds = {boundary.kind for site in self.sites.values() for boundary in site.boundaries}
        return source.only_for is None or source.only_for in kinds

    def indicators_fed_by(self, source: str) -> list[Indicator]:
        """Indicators with a feed from `source`."""
        return [i for i in self.indicators.values() if any(f.source == source for f in i.feeds)]


def fingerprint(*entries: Entry) -> str:
    """Hash of declarations: changes exactly when what they say changes."""
    said = json.dumps([entry.model_dump(mode="json") for entry in entries], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


class _Lined(dict[str, Any]):
    """A mapping that remembers on which line each of its keys stands."""

    lines: dict[str, int]
    line: int


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML's safe loader (in C where there is one: ten times as fast), remembering lines,
    refusing a key that is written twice, and giving lists as tuples, as the models have them."""


def _sequence(loader: _Loader, node: yaml.SequenceNode) -> tuple[Any, ...]:
    return tuple(loader.construct_object(item, deep=True) for item in node.value)


def _mapping(loader: _Loader, node: yaml.MappingNode) -> _Lined:
    mapping = _Lined()
    mapping.line = node.start_mark.line + 1
    mapping.lines = {}
    for key_node, value_node in node.value:
        place = f"{node.start_mark.name}:{key_node.start_mark.line + 1}"
        name = loader.construct_object(key_node, deep=True)
        if isinstance(name, _Lined | tuple):
            raise CatalogueError(f"{place}: a list or mapping cannot be a field; write its name")
        if name in mapping:
            raise CatalogueError(f"{place}: `{name}` is written twice; keep one")
        mapping[name] = loader.construct_object(value_node, deep=True)
        mapping.lines[str(name)] = key_node.start_mark.line + 1
    return mapping


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)
_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_SEQUENCE_TAG, _sequence)


def _read(path: Path) -> tuple[_Lined, ...]:
    try:
        with path.open(encoding="utf-8") as stream:
            entries = yaml.load(stream, Loader=_Loader)  # noqa: S506 - a SafeLoader
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise CatalogueError(f"{path}: not valid YAML in UTF-8: {error}") from error
    if not (entries and isinstance(entries, tuple) and all(isinstance(e, _Lined) for e in entries)):
        raise CatalogueError(f"{path}: expected a list of entries, each starting with `- `")
    return entries


def _line_of(entry: _Lined, path: tuple[int | str, ...]) -> int:
    """The line of the innermost field on `path` that stands in the file."""
    line, here = entry.line, entry
    for step in path:
        if isinstance(here, _Lined) and str(step) in here.lines:
            line = here.lines[str(step)]
        try:
            here = here[step]  # type: ignore[index]
        except (KeyError, IndexError, TypeError):
            break
        if isinstance(here, _Lined) and isinstance(step, int):
            line = here.line
    return line


_WRITE_INSTEAD = {
    "string_type": "write text, between quotes where it looks like a number or a date",
    "bool_type": "write true or false",
    "int_type": "write a whole number, without quotes",
    "float_type": "write a number, without quotes",
    "date_type": "write a date as 2018-01-31, without quotes",
    "tuple_type": "write a list: `[...]`, or lines that start with `- `",
    "dict_type": "write `field: value` below it",
    "model_type": "write `field: value` below it",
    "invalid_key": "write the name between quotes; without them YAML does not read it as text",
}
"""What to write where the value is of another type than the field, by pydantic's name for it."""


def _what_to_write(error: Any, model: type[Entry]) -> str:
    """The refusal in words, with what is allowed."""
    kind, where = error["type"], error["loc"]
    if kind == "extra_forbidden":
        allowed = sorted(_fields_at(model, where[:-1]))
        close = get_close_matches(str(where[-1]), allowed, n=1)
        meant = f"did you mean `{close[0]}`? " if close else ""
        return f"unknown field; {meant}allowed: {', '.join(allowed)}"
    if kind == "missing":
        return "this field is required; write it"
    if kind == "literal_error":
        return f"write one of {error['ctx']['expected']}, not {error['input']!r}"
    if kind == "string_pattern_mismatch":
        return f"{error['input']!r} does not have the form {error['ctx']['pattern']}"
    if kind == "value_error":
        return str(error["msg"]).removeprefix("Value error, ")
    return f"{_WRITE_INSTEAD.get(kind, error['msg'])} (came: {error['input']!r})"


def _fields_at(model: type[Entry], path: tuple[int | str, ...]) -> set[str]:
    """Names of the fields allowed at `path` inside `model`."""
    fields: set[str] = set(model.model_fields)
    for step in path:
        info = model.model_fields.get(str(step))
        if info is None:
            continue
        for part in _models_in(info.annotation):
            model, fields = part, set(part.model_fields)
    return fields


def _models_in(annotation: Any) -> Iterator[type[Entry]]:
    if isinstance(annotation, type) and issubclass(annotation, Entry):
        yield annotation
    for part in getattr(annotation, "__args__", ()):
        yield from _models_in(part)


def _refusal(path: Path, kind: str, key: str, entry: _Lined, error: Any, model: type[Entry]) -> str:
    """One line of a refusal: file, line, entry, field, what to write instead."""
    field = ".".join(str(step) for step in error["loc"]) or "entry"
    subject = f"{kind} {entry[key]}" if entry.get(key) else kind
    line = _line_of(entry, error["loc"])
    return f"{path}:{line}: {subject}: {field}: {_what_to_write(error, model)}"


def _entries(
    folder: Path, kind: str, model: type[Model], key: str
) -> tuple[dict[str, Model], dict[str, str]]:
    """The entries of `kind` in `folder` (`<kind>.yaml` or `<kind>/*.yaml`), and their places."""
    files = sorted((folder / kind).glob("*.yaml")) or [folder / f"{kind}.yaml"]
    if not files[0].is_file():
        raise CatalogueError(f"{folder}: no {kind}; write `{kind}.yaml` or files in `{kind}/`")
    found: dict[str, Model] = {}
    places: dict[str, str] = {}
    for path in files:
        for entry in _read(path):
            try:
                item = model.model_validate(entry, strict=True, context={FOLDER: path.parent})
            except ValidationError as error:
                lines = [_refusal(path, kind, key, entry, e, model) for e in error.errors()]
                raise CatalogueError("\n".join(lines)) from None
            name = getattr(item, key)
            place = f"{path}:{entry.line}"
            if name in found:
                raise CatalogueError(
                    f"{place}: {kind} {name}: {key}: already declared at {places[name]}; "
                    "choose another"
                )
            found[name], places[name] = item, place
    return found, places


def _must_exist(place: str, field: str, name: str, known: dict[str, Any], what: str) -> None:
    if name not in known:
        close = get_close_matches(name, known, n=1)
        meant = f"did you mean `{close[0]}`? " if close else ""
        raise CatalogueError(
            f"{place}: {field}: there is no {what} `{name}`; "
            f"{meant}known: {', '.join(sorted(known))}"
        )


def load_catalogue(folder: Path = HERE, *, further: Path | None = None) -> Catalogue:
    """Read and check the whole catalogue.

    `further` is a second folder of the same shape whose entries are added (never replacing):
    the place for a province's own sources, indicators and locations (`LM_CATALOGUE`).

    Raises CatalogueError for the first file with wrong entries, naming file, line and field.
    """
    kinds: list[tuple[str, type[Any], str]] = [
        ("sources", Source, "name"),
        ("indicators", Indicator, "id"),
        ("sites", Site, "id"),
        ("provinces", Province, "code"),
        ("labels", Label, "id"),
        ("organisations", OrganisationEntry, "id"),
        ("performances", PerformanceEntry, "id"),
        ("documents", DocumentEntry, "id"),
        ("reorganisations", Reorganisation, "id"),
    ]
    read: dict[str, dict[str, Any]] = {}
    places: dict[str, str] = {}
    for kind, model, key in kinds:
        there = kind in NEEDED or (folder / kind).is_dir() or (folder / f"{kind}.yaml").is_file()
        read[kind], where = _entries(folder, kind, model, key) if there else ({}, {})
        places |= {f"{kind}/{name}": place for name, place in where.items()}
        if further and ((further / kind).is_dir() or (further / f"{kind}.yaml").is_file()):
            more, where = _entries(further, kind, model, key)
            for name in more:
                if name in read[kind]:
                    raise CatalogueError(
                        f"{where[name]}: {kind} {name}: {key}: already declared at "
                        f"{places[f'{kind}/{name}']}; choose another"
                    )
            read[kind] |= more
            places |= {f"{kind}/{name}": place for name, place in where.items()}
    catalogue = Catalogue(**read)
    _check_together(catalogue, places)
    return catalogue


def _check_together(catalogue: Catalogue, places: dict[str, str]) -> None:
    """What holds between entries. Raises CatalogueError."""
    for indicator in catalogue.indicators.values():
        place = f"{places[f'indicators/{indicator.id}']}: indicators {indicator.id}"
        for feed in indicator.feeds:
            _check_feed(catalogue, place, feed)
        _check_levels(place, indicator)
        if indicator.ratio:
            for name in (*indicator.ratio.numerator, *indicator.ratio.denominator):
                _must_exist(place, "ratio", name, catalogue.indicators, "indicator")
                if catalogue.indicators[name].ratio:
                    raise CatalogueError(
                        f"{place}: ratio: `{name}` is itself a ratio; "
                        "name the indicators it is made from"
                    )
        if indicator.weight:
            _must_exist(place, "weight", indicator.weight, catalogue.indicators, "indicator")
    _check_names(catalogue, places)
    of_reorganisations = {
        name: places[f"reorganisations/{name}"] for name in catalogue.reorganisations
    }
    for wrong in disagreements(catalogue.reorganisations.values(), of_reorganisations):
        raise CatalogueError(wrong)
    province_of: dict[str, str] = {}
    for province in catalogue.provinces.values():
        for municipality in province.municipalities:
            other = province_of.setdefault(municipality, province.code)
            if other != province.code:
                raise CatalogueError(
                    f"{places[f'provinces/{province.code}']}: provinces {province.code}: "
                    f"municipalities: {municipality} already lies in {other}; "
                    "keep it in one province"
                )


def _check_feed(catalogue: Catalogue, place: str, feed: Feed) -> None:
    """A feed names a source, one of its measures, and a breakdown that can occur there."""
    _must_exist(place, "feeds.source", feed.source, catalogue.sources, "source")
    source = catalogue.sources[feed.source]
    known = dict.fromkeys(COUNTED_MEASURES.get(source.subject, tuple(source.measures)))
    _must_exist(place, "feeds.measure", feed.measure, known, f"measure of {source.name}")
    if source.subject == "budgets":
        if not re.fullmatch(r"(budget|quarter_[1-4]|accounts)/\S+", feed.breakdown):
            raise CatalogueError(
                f"{place}: feeds.breakdown: `{feed.breakdown}` is not `<report>/<function>`; "
                "write for instance `budget/7.1` or `accounts/total`"
            )
    elif not source.breakdown:
        groups = [f"sbi_{name}" for name in source.groups_of_codes]
        sections = [f"section_{letter}" for letter in SECTION_LETTERS]
        ours = ["size_10_plus", *SIZE_CLASSES, *sections, *groups]
        counted = ours if source.subject == "establishments" else []
        breakdowns = dict.fromkeys(["total", *counted])
        what = f"breakdown of {source.name}"
        _must_exist(place, "feeds.breakdown", feed.breakdown, breakdowns, what)


def _check_levels(place: str, indicator: Indicator) -> None:
    """An indicator that is fed exists on the levels that are fed or added up, and no others.

    A site is made from its members, so it may always be listed; a ratio exists where its parts do.
    """
    if indicator.ratio or indicator.counted:
        return
    fed = {level for feed in indicator.feeds for level in feed.levels}
    made = fed | set(indicator.aggregate_to)
    if missing := made - set(indicator.levels):
        raise CatalogueError(f"{place}: levels: add {sorted(missing)}, which is fed or aggregated")
    if idle := set(indicator.levels) - made - {"site"}:
        raise CatalogueError(
            f"{place}: levels: nothing makes {sorted(idle)}; add it to a feed or leave it out"
        )


def _check_names(catalogue: Catalogue, places: dict[str, str]) -> None:
    """A name, whatever its capitals, resolves to one location."""
    owner_of: dict[str, str] = {}
    for site in catalogue.sites.values():
        place = f"{places[f'sites/{site.id}']}: sites {site.id}: aliases"
        own: set[str] = set()
        for alias in site.aliases:
            if alias.name.casefold() in own:
                raise CatalogueError(f"{place}: `{alias.name}` is written twice; keep one")
            own.add(alias.name.casefold())
        for name in (site.name, *(alias.name for alias in site.aliases)):
            other = owner_of.setdefault(name.casefold(), site.id)
            if other != site.id:
                raise CatalogueError(
                    f"{place}: `{name}` already belongs to `{other}`; "
                    "a name resolves to one location"
                )
