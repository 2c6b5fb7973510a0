"""Reads the catalogue's YAML and refuses a wrong entry with file, line, field and what to write.

Also checks what no single entry can know: that a feed names a source, a measure and a
breakdown that exist, that an indicator's numerator exists, that a name belongs to one location.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from assets.catalogue import families
from assets.catalogue.agreement import apportion, check_together
from assets.catalogue.concordance_models import Concordance
from assets.catalogue.declared import Catalogue, CatalogueError
from assets.catalogue.document_models import (
    DocumentEntry,
    Label,
    OrganisationEntry,
    PerformanceEntry,
)
from assets.catalogue.entry import FOLDER, Entry
from assets.catalogue.models import Indicator, Province, Source
from assets.catalogue.reorganisation_models import Reorganisation
from assets.catalogue.site_models import Site

HERE = Path(__file__).parent
Model = TypeVar("Model", bound=Entry)


NEEDED = ("sources", "indicators", "sites", "provinces")
"""Kinds of entry without which there is no catalogue; the others may be absent."""


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
        for entry in _listed(path, kind):
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


def _listed(path: Path, kind: str) -> Iterator[_Lined]:
    """The entries in a file, those of families one by one."""
    for entry in _read(path):
        try:
            yield from families.members(entry)
        except ValueError as error:
            place = f"{path}:{entry.lines[families.EACH]}"
            raise CatalogueError(f"{place}: {kind}: {families.EACH}: {error}") from None


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
        ("concordances", Concordance, "id"),
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
    # What a further folder says of a code goes before what is said here.
    concordances = tuple(reversed(read["concordances"].values()))
    for name, source in read["sources"].items():
        if source.concordances:
            raise CatalogueError(
                f"{places[f'sources/{name}']}: sources {name}: concordances: these are not declared "
                "with a source; write them in `concordances.yaml`"
            )
        if source.subject == "establishments":
            read["sources"][name] = source.model_copy(update={"concordances": concordances})
    catalogue = Catalogue(**read)
    check_together(catalogue, places)
    apportion(catalogue, places)
    return catalogue
