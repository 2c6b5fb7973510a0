"""Locations of our own: their names and boundaries with dates, and what is refused of them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, ValidationInfo, model_validator

from assets.catalogue import polygons
from assets.catalogue.entry import FOLDER, Entry, SiteId

if TYPE_CHECKING:
    import shapely


class Alias(Entry):
    """A name, since when and until when, and who calls the location so."""

    name: str
    source: str
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    ambiguous: bool = False
    """Whether other places are called so too: then it is only recognised near the name of its
    municipality."""


class Member(Entry):
    """An official area or a register number that belongs to a site."""

    code: Annotated[str, StringConstraints(pattern=r"^(BU\w{8}|WK\w{6}|GM\d{4}|RIN\d+)$")]
    weight: float = Field(gt=0, le=1)
    share_of: Literal["area", "addresses"] = "area"
    """What a weight below 1 is a share of."""
    source: str


class Polygon(Entry):
    """An area as drawn: GeoJSON here, or in a file beside this one."""

    reference_system: Literal["EPSG:28992", "EPSG:4326"]
    """Of the coordinates: RD metres, or degrees (longitude first)."""
    geometry: dict[str, Any] = {}
    """A GeoJSON Polygon or MultiPolygon."""
    file: str | None = None
    """A file with that, beside the catalogue's file; its content becomes `geometry`."""

    @model_validator(mode="before")
    @classmethod
    def with_its_file(cls, said: Any, info: ValidationInfo) -> Any:
        """The content of `file` is part of the declaration, so that its fingerprint tells."""
        if not isinstance(said, Mapping) or not isinstance(said.get("file"), str):
            return said
        if said.get("geometry"):
            raise ValueError("`geometry` and `file` are both there; keep one")
        folder = (info.context or {}).get(FOLDER)
        if folder is None:
            raise ValueError("a file is only read beside a file of the catalogue; use `geometry`")
        return {**said, "geometry": _geometry_in(Path(folder), said["file"], said)}

    @model_validator(mode="after")
    def can_be_drawn(self) -> Self:
        if not self.geometry:
            raise ValueError("write a GeoJSON `geometry`, or the name of a `file` that holds one")
        try:
            self.drawn()
        except ValueError as error:
            raise ValueError(f"{self.file}: {error}" if self.file else str(error)) from None
        return self

    def drawn(self) -> shapely.MultiPolygon:
        """The area in RD metres."""
        return polygons.drawn(self.geometry, self.reference_system)


def _geometry_in(folder: Path, name: str, said: Mapping[str, Any]) -> Any:
    """The one geometry in a GeoJSON file beside the catalogue's. Raises ValueError."""
    if PurePosixPath(name).name != name or "\\" in name:
        raise ValueError(f"`{name}` is not the name of a file beside this one; put it there")
    try:
        found = json.loads((folder / name).read_text("utf-8"))
    except OSError as error:
        raise ValueError(f"{name} cannot be read ({error.strerror}); put it in {folder}") from None
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{name} is not GeoJSON in UTF-8: {error}") from None
    _refuse_other_system(name, found, said)
    if isinstance(found, dict) and found.get("type") == "FeatureCollection":
        features = found.get("features") or []
        if len(features) != 1:
            raise ValueError(
                f"{name} holds {len(features)} features; expected the one area of the site"
            )
        found = features[0]
    if isinstance(found, dict) and found.get("type") == "Feature":
        found = found.get("geometry")
    if not isinstance(found, dict) or not found:
        raise ValueError(f"{name} holds no geometry; expected a GeoJSON Polygon or MultiPolygon")
    return found


def _refuse_other_system(name: str, found: Any, said: Mapping[str, Any]) -> None:
    """Raises ValueError where a file states another reference system than is declared."""
    stated = found.get("crs") if isinstance(found, dict) else None
    stated = str(((stated or {}).get("properties") or {}).get("name") or "")
    declared = str(said.get("reference_system") or "")
    numbers = {"EPSG:4326": ("4326", "CRS84"), "EPSG:28992": ("28992",)}.get(declared, ())
    if stated and numbers and not stated.endswith(numbers):
        raise ValueError(f"{name} says that it is in {stated}, declared is {declared}; correct one")


class Boundary(Entry):
    """What a site takes in, from one day until another, and who says so.

    Said in one way: official areas with weights (`members`), `postcodes`, or a `polygon`. Beside
    the last two, `members` may name register numbers, which have figures of their own.
    """

    valid_from: dt.date | None = None
    """First day on which it holds; left out where it has always been so, as far as known."""
    valid_to: dt.date | None = None
    """First day on which it no longer holds."""
    source: str
    """Who says that this is the site."""
    members: tuple[Member, ...] = ()
    postcodes: tuple[
        Annotated[str, StringConstraints(pattern=r"^[1-9]\d{3}([A-Z]{2})?$")], ...
    ] = ()
    """Postcodes of six positions, or of four for all that begin so."""
    polygon: Polygon | None = None

    @property
    def kind(self) -> str:
        """In what it is said: `areas`, `postcodes` or `polygon`."""
        return "polygon" if self.polygon else "postcodes" if self.postcodes else "areas"

    def holds_before(self, other: Boundary) -> bool:
        """Whether it ends no later than `other` begins."""
        return None not in (self.valid_to, other.valid_from) and self.valid_to <= other.valid_from  # type: ignore[operator]

    @model_validator(mode="after")
    def said_in_one_way(self) -> Self:
        if self.valid_from and self.valid_to and self.valid_to <= self.valid_from:
            raise ValueError(
                f"valid_to {self.valid_to} is not after valid_from {self.valid_from}; it is the "
                "first day on which the boundary no longer holds"
            )
        if self.polygon and self.postcodes:
            raise ValueError("`polygon` and `postcodes` are both there; keep one")
        if not (self.polygon or self.postcodes or self.members):
            raise ValueError(
                "it is empty: write `members`, `postcodes` or a `polygon`, or leave `boundaries` "
                "out where nobody has said what the site takes in"
            )
        areas = [m.code for m in self.members if not m.code.startswith("RIN")]
        if areas and self.kind != "areas":
            raise ValueError(
                f"{areas[0]} stands beside a {self.kind.removesuffix('s')}, which says already "
                "what areas it takes in; beside one, `members` are register numbers (RIN...)"
            )
        _refuse_twice("member", (member.code for member in self.members))
        _refuse_twice("postcode", self.postcodes)
        whole = set(self.postcodes)
        for postcode in self.postcodes:
            if len(postcode) > 4 and postcode[:4] in whole:
                raise ValueError(f"{postcode} lies in {postcode[:4]}, which is there too; keep one")
        return self


def _refuse_twice(what: str, said: Iterable[str]) -> None:
    seen: set[str] = set()
    for one in said:
        if one in seen:
            raise ValueError(f"{what} {one} is written twice; keep one")
        seen.add(one)


class Site(Entry):
    """A location of our own: an innovation district or business park."""

    id: SiteId
    name: str
    name_en: str
    municipality: Annotated[str, StringConstraints(pattern=r"^GM\d{4}$")]
    also_in: tuple[Annotated[str, StringConstraints(pattern=r"^GM\d{4}$")], ...] = ()
    """Other municipalities in which it partly lies, or that texts place it in."""
    status: Literal["active", "former"]
    clusters: tuple[str, ...]
    aliases: tuple[Alias, ...]
    boundaries: tuple[Boundary, ...] = ()
    """What it took in and takes in, in order of time; none where nobody has said so."""
    boundary_note: str
    """Where the boundaries come from, or why there is none."""

    @property
    def members(self) -> tuple[Member, ...]:
        """All areas and register numbers that are named in a boundary, whenever it holds."""
        return tuple(member for boundary in self.boundaries for member in boundary.members)

    @model_validator(mode="after")
    def one_boundary_at_a_time(self) -> Self:
        pairs = zip(self.boundaries, self.boundaries[1:], strict=False)
        for number, (earlier, later) in enumerate(pairs, 1):
            if not earlier.holds_before(later):
                begins = later.valid_from or "the beginning"
                ends = earlier.valid_to or "no end"
                raise ValueError(
                    f"boundaries {number} and {number + 1} hold at the same time: the first has "
                    f"{'valid_to ' if earlier.valid_to else ''}{ends}, the second begins at "
                    f"{begins}; write them in order of time, each with the day on which the next "
                    "one begins as its `valid_to`"
                )
        return self
