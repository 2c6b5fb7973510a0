"""What part of an area lies in a site: by the surface that a drawn boundary covers, or by the
addresses in its postcodes.

Both give, for every year in which areas are cut, one row a site's boundary and area that it
touches: `location_id`, `boundary`, `edition`, `member_code`, `weight`, `weight_method`,
`lower_weight`, `upper_weight`, `release_id`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl
    import shapely

Key = tuple[str, int]
"""A site and the number of its boundary."""

FINEST_FIRST = {"neighbourhood": "BU", "district": "WK", "municipality": "GM"}
"""Kinds of areas that a drawn boundary is resolved into, with the letters of their codes."""
SAME_LINE = 10.0
"""Metres within which two lines are one line drawn twice: what is nowhere wider than this is no
part of an area."""
NEAR = 30_000.0
"""Metres: wider than any neighbourhood on land."""
COVERED = 0.99
"""Share of a drawn boundary that areas must cover: figures of a part are never given for the whole."""


def area_shares(drawn: Mapping[Key, shapely.MultiPolygon], outlines: pl.DataFrame) -> pl.DataFrame:
    """Shares of the surface of areas, for boundaries drawn in RD metres.

    `outlines`: `edition`, `region_code`, `geojson` (RD metres), `release_id`. A boundary is
    resolved into the finest kind of areas that cover it in any year; the years in which areas of
    that kind cover it are given, and nothing where none do. An area counts as wholly inside, or as
    not touched at all, where the difference is nowhere wider than `SAME_LINE`.
    """
    import polars as pl

    rows: list[dict[str, Any]] = []
    left = dict(drawn)
    for letters in FINEST_FIRST.values():
        of_kind = outlines.filter(pl.col("region_code").str.starts_with(letters))
        found: list[dict[str, Any]] = []
        if left and of_kind.height:
            for (edition,), areas in of_kind.group_by("edition", maintain_order=True):
                found += [row | {"edition": edition} for row in _of_one_year(left, areas)]
        rows += found
        for key in {(row["location_id"], row["boundary"]) for row in found}:
            del left[key]
    return _table(rows)


def _of_one_year(
    drawn: Mapping[Key, shapely.MultiPolygon], areas: pl.DataFrame
) -> list[dict[str, Any]]:
    """The shares of areas of one kind and year, of the boundaries that they cover.

    To read all outlines of the country takes seconds, so those that begin near a boundary are read
    first; the others only where these do not cover it.
    """
    near = _near(drawn, areas)
    rows = _shares_of(drawn, near)
    covered = {(row["location_id"], row["boundary"]) for row in rows}
    others = {key: shape for key, shape in drawn.items() if key not in covered}
    if others and near.height < areas.height:
        rows += _shares_of(others, areas)
    return rows


def _near(drawn: Mapping[Key, shapely.MultiPolygon], areas: pl.DataFrame) -> pl.DataFrame:
    """The areas whose outline begins no further than `NEAR` from a boundary, without reading it."""
    import polars as pl

    first = areas.select(
        pl.col("geojson").str.extract_groups(r"\[\s*(?<x>-?[\d.]+)\s*,\s*(?<y>-?[\d.]+)")
    ).to_series()
    x, y = (first.struct.field(name).cast(pl.Float64, strict=False) for name in ("x", "y"))
    near = pl.repeat(False, areas.height, eager=True)
    for shape in drawn.values():
        west, south, east, north = shape.bounds
        near |= x.is_between(west - NEAR, east + NEAR) & y.is_between(south - NEAR, north + NEAR)
    return areas.filter(near.fill_null(True))


def _shares_of(
    drawn: Mapping[Key, shapely.MultiPolygon], areas: pl.DataFrame
) -> list[dict[str, Any]]:
    """The shares of `areas`, of the boundaries that they cover."""
    import numpy as np
    import shapely

    shapes = shapely.from_geojson(areas.get_column("geojson").to_numpy())
    tree = shapely.STRtree(shapes)
    codes, releases = areas.get_column("region_code"), areas.get_column("release_id")
    rows: list[dict[str, Any]] = []
    for (site, number), boundary in drawn.items():
        found, covered = [], 0.0
        for place in np.sort(tree.query(boundary, predicate="intersects")):
            # Generalising may let an outline touch itself, which overlaying does not bear.
            area = shapely.make_valid(shapes[place])
            inside = shapely.intersection(area, boundary)
            covered += inside.area
            if _is_a_line(inside):
                continue
            whole = _is_a_line(shapely.difference(area, boundary))
            found.append(
                {
                    "location_id": site,
                    "boundary": number,
                    "member_code": codes[int(place)],
                    "weight": 1.0 if whole else inside.area / area.area,
                    "weight_method": "exact" if whole else "area_share",
                    "release_id": releases[int(place)],
                }
            )
        if covered >= COVERED * boundary.area:
            rows += found
    return rows


def _is_a_line(shape: shapely.Geometry) -> bool:
    """Whether a shape is nowhere wider than two lines drawn along each other."""
    return bool(shape.buffer(-SAME_LINE / 2).is_empty)


def address_shares(
    postcodes: Mapping[Key, tuple[str, ...]], addresses: pl.LazyFrame
) -> pl.DataFrame:
    """Shares of the addresses of neighbourhoods, for boundaries said in postcodes.

    `addresses`: `edition`, `postcode`, `neighbourhood_code`, `addresses`, `release_id`. A postcode
    of four positions stands for all that begin so. A postcode that the table does not have gives
    nothing.
    """
    import polars as pl

    listed = pl.DataFrame(
        [(*key, postcode) for key, codes in postcodes.items() for postcode in codes],
        schema={"location_id": pl.String, "boundary": pl.Int64, "listed": pl.String},
        orient="row",
    ).lazy()
    here = [
        addresses.with_columns(
            listed=pl.col("postcode") if positions == 6 else pl.col("postcode").str.slice(0, 4)
        ).join(listed, on="listed", how="inner")
        for positions in (6, 4)
    ]
    where = ["edition", "neighbourhood_code"]
    all_there = addresses.group_by(where).agg(total=pl.col("addresses").sum())
    share = pl.col("here") / pl.col("total")
    found = (
        pl.concat(here)
        .group_by("location_id", "boundary", *where)
        .agg(here=pl.col("addresses").sum(), release_id=pl.col("release_id").max())
        .join(all_there, on=where, how="left")
        .select(
            "location_id",
            "boundary",
            "edition",
            member_code="neighbourhood_code",
            weight=share,
            weight_method=pl.when(share == 1.0)
            .then(pl.lit("exact"))
            .otherwise(pl.lit("address_share")),
            release_id="release_id",
        )
        .collect()
    )
    return _table(found.to_dicts())


def unlisted(postcodes: tuple[str, ...], addresses: pl.LazyFrame) -> list[str]:
    """The postcodes that no edition of the table has."""
    import polars as pl

    six = [postcode for postcode in postcodes if len(postcode) == 6]
    four = [postcode for postcode in postcodes if len(postcode) == 4]
    there = (
        addresses.select(six="postcode", four=pl.col("postcode").str.slice(0, 4))
        .filter(pl.col("six").is_in(six) | pl.col("four").is_in(four))
        .unique()
        .collect()
    )
    known = {*there.get_column("six"), *there.get_column("four")}
    return [postcode for postcode in postcodes if postcode not in known]


def _table(rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Shares with their bounds, in a fixed order.

    For certain only what lies wholly in the site is there; of the others all of it may be, since
    nobody knows on which side of the line the people and the firms are.
    """
    import polars as pl

    schema = {
        "location_id": pl.String,
        "boundary": pl.Int64,
        "edition": pl.String,
        "member_code": pl.String,
        "weight": pl.Float64,
        "weight_method": pl.String,
        "release_id": pl.String,
    }
    return (
        pl.DataFrame(rows, schema=schema)
        .with_columns(
            lower_weight=(pl.col("weight_method") == "exact").cast(pl.Float64),
            upper_weight=pl.lit(1.0),
        )
        .sort("location_id", "boundary", "edition", "member_code")
    )
