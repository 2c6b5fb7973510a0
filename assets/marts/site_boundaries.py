"""The boundaries of sites, and the areas and weights into which they are resolved."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from assets.catalogue import Catalogue
from assets.catalogue.site_models import Boundary
from assets.marts.shares import Key, address_shares, area_shares, unlisted
from warehouse.tables.mart import LocationBoundary, LocationMember
from warehouse.vocabulary import polars_schema

if TYPE_CHECKING:
    import polars as pl

DECLARED = "all"
"""Edition of a weight that is declared: it holds in the cut of every year."""
SQUARE_METRES = 10_000
"""In a hectare."""
SHOWN = 5
"""Postcodes named where some were not found."""
BY_SURFACE = "worked out by surface from the outlines of CBS"
BY_ADDRESSES = "worked out by addresses from the postcodes of CBS"


def _all(catalogue: Catalogue) -> Iterator[tuple[Key, Boundary]]:
    for site in catalogue.sites.values():
        for number, boundary in enumerate(site.boundaries, 1):
            yield (site.id, number), boundary


def members(
    catalogue: Catalogue, outlines: Sequence[pl.LazyFrame], addresses: Sequence[pl.LazyFrame]
) -> pl.DataFrame:
    """`mart.location_member`: one row a boundary, year of cut and area or register number.

    `outlines`: core outlines; `addresses`: core postcode areas; each as far as taken in. What a
    boundary declares stands as it is (edition `all`); a polygon is resolved by surface, postcodes
    by addresses. Where there is nothing to do that by, the boundary has no such rows.
    """
    import polars as pl

    schema = polars_schema(LocationMember)
    declared = pl.DataFrame(
        [
            {
                "location_id": site,
                "boundary": number,
                "member_code": member.code,
                "edition": DECLARED,
                "weight": member.weight,
                "weight_method": "exact"
                if member.weight == 1
                else {"area": "area_share", "addresses": "address_share"}[member.share_of],
                "lower_weight": 1.0 if member.weight == 1 else 0.0,
                "upper_weight": 1.0,
                "source": member.source,
            }
            for (site, number), boundary in _all(catalogue)
            for member in boundary.members
        ],
        schema={name: kind for name, kind in schema.items() if not name.startswith("valid_")},
    )
    parts = [declared]
    drawn = {key: b.polygon.drawn() for key, b in _all(catalogue) if b.polygon}
    if drawn and outlines:
        wanted = ["edition", "region_code", "geojson", "release_id"]
        there = pl.concat([frame.select(wanted) for frame in outlines]).collect()
        parts.append(area_shares(drawn, there).with_columns(source=pl.lit(BY_SURFACE)))
    postcodes = {key: b.postcodes for key, b in _all(catalogue) if b.postcodes}
    if postcodes and addresses:
        parts.append(
            address_shares(postcodes, pl.concat(list(addresses))).with_columns(
                source=pl.lit(BY_ADDRESSES)
            )
        )
    held = pl.DataFrame(
        [(*key, boundary.valid_from, boundary.valid_to) for key, boundary in _all(catalogue)],
        schema={
            name: schema[name] for name in ("location_id", "boundary", "valid_from", "valid_to")
        },
        orient="row",
    )
    return (
        pl.concat(parts, how="diagonal")
        .join(held, on=["location_id", "boundary"], how="left", maintain_order="left")
        .select(schema.names())
        .cast(schema)
    )


def boundaries(
    catalogue: Catalogue, resolved: pl.DataFrame, addresses: Sequence[pl.LazyFrame]
) -> pl.DataFrame:
    """`mart.location_boundary`: one row a site and boundary.

    `resolved`: what `members` gave for the same catalogue; `addresses`: as there.
    """
    import polars as pl

    areas = resolved.filter(~pl.col("member_code").str.starts_with("RIN"))
    methods: dict[Key, set[str]] = {}
    for site, number, method in areas.select(
        "location_id", "boundary", "weight_method"
    ).iter_rows():
        methods.setdefault((site, number), set()).add(method)
    rows = []
    for key, boundary in _all(catalogue):
        method = _method(boundary, methods.get(key, set()))
        rows.append(
            {
                "location_id": key[0],
                "boundary": key[1],
                "valid_from": boundary.valid_from,
                "valid_to": boundary.valid_to,
                "kind": boundary.kind,
                "weight_method": method,
                "unresolved": _unresolved(boundary, method, addresses),
                "source": boundary.source,
                **_drawn(boundary),
            }
        )
    return pl.DataFrame(rows, schema=polars_schema(LocationBoundary))


def _method(boundary: Boundary, methods: set[str]) -> str:
    """How a boundary became areas; one that is only register numbers is what it says."""
    if boundary.kind == "areas":
        methods = methods or {"exact"}
    for method in ("area_share", "address_share", "exact"):
        if method in methods:
            return method
    return "not_allocatable"


def _unresolved(boundary: Boundary, method: str, addresses: Sequence[pl.LazyFrame]) -> str | None:
    """What could not be resolved, and what to do about it."""
    import polars as pl

    if boundary.kind == "polygon" and method == "not_allocatable":
        return (
            "no areas whose outlines have been taken in cover the polygon; take in outlines of "
            "neighbourhoods (source cbs_neighbourhoods)"
        )
    if boundary.kind == "postcodes":
        if not addresses:
            return "no table of postcodes has been taken in (source cbs_postcodes)"
        missing = unlisted(boundary.postcodes, pl.concat(list(addresses)))
        if missing:
            more = f" and {len(missing) - SHOWN} more" if len(missing) > SHOWN else ""
            return (
                f"no table of postcodes has {', '.join(missing[:SHOWN])}{more}; correct the "
                "postcode, or leave out one that does not exist any more"
            )
    return None


def _drawn(boundary: Boundary) -> dict[str, Any]:
    """The geometry of a polygon in RD metres, to the centimetre, and what it encloses."""
    import shapely

    if boundary.polygon is None:
        return {"geojson": None, "area_ha": None}
    shape = boundary.polygon.drawn()
    shown = shapely.geometry.mapping(shape.geoms[0] if len(shape.geoms) == 1 else shape)
    return {
        "geojson": json.dumps(_rounded(shown), separators=(",", ":")),
        "area_ha": shape.area / SQUARE_METRES,
    }


def _rounded(value: Any) -> Any:
    """Coordinates rounded, wherever they stand."""
    if isinstance(value, float):
        return round(value, 2)
    if isinstance(value, dict):
        return {name: _rounded(part) for name, part in value.items()}
    return [_rounded(part) for part in value] if isinstance(value, list | tuple) else value
