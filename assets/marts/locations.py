"""The one dimension of places: official areas under their CBS code, and sites of our own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assets.catalogue import Catalogue
from assets.catalogue.site_models import Site
from warehouse.tables.mart import Location, LocationAlias, LocationOutline
from warehouse.vocabulary import polars_schema

if TYPE_CHECKING:
    import polars as pl

COUNTRY = "NL"
COUNTRY_CODES = ("NL", "NL00", "NL01")
"""How publishers write the country."""
OFFICIAL = ("neighbourhood", "district", "municipality", "corop", "province")
OWN = "catalogue"


def location_of(code: str) -> pl.Expr:
    """The location that a published area code stands for: the code itself, `NL` for the country."""
    import polars as pl

    return pl.when(pl.col(code).is_in(COUNTRY_CODES)).then(pl.lit(COUNTRY)).otherwise(pl.col(code))


def level_of(location: str) -> pl.Expr:
    """The kind of the locations in column `location`, by their ids: codes begin with capitals, the
    ids of sites do not."""
    import polars as pl

    from assets.core.frames import kind_of

    return (
        pl.when(pl.col(location).str.contains("^[A-Z]"))
        .then(kind_of(location))
        .otherwise(pl.lit("site"))
    )


def known_places(catalogue: Catalogue, areas: pl.Series) -> pl.DataFrame:
    """Where values may be: the official `areas` (codes), provinces, the country and sites, with
    `kind`, `municipality_code` and `province_code`, as far as codes and the catalogue tell them.

    The code of a neighbourhood or district begins with the digits of its municipality.
    """
    import polars as pl

    ids = [COUNTRY, *catalogue.provinces, *catalogue.sites]
    digits = pl.col("location_id").str.slice(2, 4)
    return (
        pl.DataFrame({"location_id": pl.concat([areas, pl.Series(ids, dtype=pl.String)]).unique()})
        .with_columns(location_of("location_id"))
        .unique()
        .sort("location_id")
        .with_columns(kind=level_of("location_id"))
        .with_columns(
            municipality_code=pl.when(
                pl.col("kind").is_in(["neighbourhood", "district", "municipality"])
            ).then(pl.lit("GM") + digits)
        )
        .with_columns(
            province_code=pl.when(pl.col("kind") == "province")
            .then("location_id")
            .otherwise(
                pl.col("municipality_code").replace_strict(
                    catalogue.province_by_municipality, default=None, return_dtype=pl.String
                )
            )
        )
    )


def locations(catalogue: Catalogue, regions: Sequence[pl.LazyFrame]) -> pl.DataFrame:
    """One row a location. An official area takes its name from the newest edition that knows it."""
    import polars as pl

    schema = polars_schema(Location)
    provinces = pl.DataFrame(
        list(catalogue.province_by_municipality.items()),
        schema={"municipality_code": pl.String, "province_code": pl.String},
        orient="row",
    )
    official = (
        pl.concat(
            [
                frame.select("region_code", "name", "kind", "municipality_code", "edition")
                for frame in regions
            ]
        )
        if regions
        else pl.LazyFrame(
            schema=dict.fromkeys(
                ("region_code", "name", "kind", "municipality_code", "edition"), pl.String
            )
        )
    )
    areas = (
        official.filter(pl.col("kind").is_in(OFFICIAL))
        .collect()
        # A rolling table has no year of its own: it never decides over one that has.
        .sort(
            pl.col("edition").str.contains(r"^\d{4}"),
            "edition",
            "region_code",
            "name",
            descending=[True, True, False, False],
        )
        .unique("region_code", keep="first", maintain_order=True)
        .join(provinces, on="municipality_code", how="left", maintain_order="left")
        .select(
            location_id="region_code",
            name=pl.when(pl.col("name") == "").then("region_code").otherwise("name"),
            kind="kind",
            municipality_code="municipality_code",
            province_code="province_code",
            edition="edition",
        )
    )
    known = set(areas.get_column("location_id"))
    added = [
        {"location_id": p.code, "name": p.name, "kind": "province", "province_code": p.code}
        for p in catalogue.provinces.values()
        if p.code not in known
    ] + [
        {
            "location_id": COUNTRY,
            "name": "Nederland",
            "kind": "country",
            "name_en": "The Netherlands",
        }
    ]
    official_rows = pl.concat(
        [areas, pl.DataFrame(added, schema_overrides=dict.fromkeys(schema, pl.String))],
        how="diagonal_relaxed",
    )
    sites = pl.DataFrame(
        [
            {
                "location_id": site.id,
                "name": site.name,
                "name_en": site.name_en,
                "kind": "site",
                "municipality_code": site.municipality,
                "province_code": catalogue.province_of(site.municipality),
                "status": site.status,
                "boundary_status": _boundary_status(site),
                "boundary_note": site.boundary_note,
                "clusters": "; ".join(site.clusters) or None,
            }
            for site in catalogue.sites.values()
        ],
        schema_overrides=dict.fromkeys(schema, pl.String),
    )
    return (
        pl.concat(
            [
                sites,
                official_rows.with_columns(
                    province_code=pl.when(pl.col("kind") == "province")
                    .then("location_id")
                    .otherwise("province_code"),
                    status=pl.lit("active"),
                    boundary_status=pl.lit("official"),
                ),
            ],
            how="diagonal_relaxed",
        )
        .with_columns(
            [
                pl.lit(None, pl.String).alias(name)
                for name in schema
                if name not in {*official_rows.columns, *sites.columns}
            ]
        )
        .select(schema.names())
        .cast(schema)
    )


def _boundary_status(site: Site) -> str:
    """How the newest boundary of a site is said."""
    if not site.boundaries:
        return "none"
    return "composed" if site.boundaries[-1].kind == "areas" else "drawn"


def aliases(catalogue: Catalogue) -> pl.DataFrame:
    """One row a location and name: a site's own name too."""
    import polars as pl

    rows = [
        {
            "location_id": site.id,
            "alias": alias.name,
            "valid_from": alias.valid_from,
            "valid_to": alias.valid_to,
            "source": alias.source,
        }
        for site in catalogue.sites.values()
        for alias in site.aliases
    ] + [
        {
            "location_id": site.id,
            "alias": site.name,
            "valid_from": None,
            "valid_to": None,
            "source": OWN,
        }
        for site in catalogue.sites.values()
        if site.name not in {alias.name for alias in site.aliases}
    ]
    return pl.DataFrame(rows, schema=polars_schema(LocationAlias))


def outlines(found: Sequence[pl.LazyFrame]) -> pl.DataFrame:
    """One row an outlined location and edition."""
    import polars as pl

    schema = polars_schema(LocationOutline)
    if not found:
        return pl.DataFrame(schema=schema)
    return (
        pl.concat(list(found))
        .select(
            location_id="region_code",
            edition="edition",
            geojson="geojson",
            area_ha="area_ha",
            release_id="release_id",
        )
        .sort("location_id", "edition")
        .collect()
        .cast(schema)
    )
