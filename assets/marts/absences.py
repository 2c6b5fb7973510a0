"""Why a site has no figure: a row that says so, instead of none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from assets.catalogue import Catalogue
from assets.marts.provenance import KEY, VALUE

if TYPE_CHECKING:
    import polars as pl


def unexplained(
    catalogue: Catalogue,
    found: pl.DataFrame,
    fed: Mapping[str, pl.DataFrame],
    members: pl.DataFrame,
) -> pl.DataFrame:
    """For each site and each period of an indicator in which it has no row: one that says why.

    `found`: the values that there are; `fed`: by indicator what they were made from; `members`: of
    which areas sites are composed. `no_boundary` where nobody has said what the site is,
    `not_allocatable` where it is known but not in areas of a sort for which there are figures,
    `not_published` where these have none, or where no document speaks of it.
    """
    import polars as pl

    from assets.core.frames import kind_of

    # Of official areas where there are any: how another site was shared says nothing of this one.
    official = ~pl.col("location_id").is_in(list(catalogue.sites))
    periods = (
        found.sort(official, "known_from", "release_id")
        .group_by("indicator_id", "period", maintain_order=True)
        .agg(*(pl.col(name).last() for name in ("release_id", "known_from", "synthetic")))
    )
    if periods.is_empty():
        return found.clear()
    for_sites = pl.DataFrame(
        [
            (indicator.id, site, bool(indicator.counted))
            for indicator in map(catalogue.indicators.__getitem__, periods["indicator_id"].unique())
            if "site" in indicator.levels
            for site in catalogue.sites
        ],
        schema={"indicator_id": pl.String, "location_id": pl.String, "counted": pl.Boolean},
        orient="row",
    )
    bounded = pl.Series([s.id for s in catalogue.sites.values() if s.boundaries], dtype=pl.String)
    composed = members.select(location_id="location_id", level=kind_of("member_code")).unique()
    spoken_of = pl.concat(
        [frame.select("indicator_id", "period", "level").unique() for name, frame in fed.items()]
        or [pl.DataFrame(schema=dict.fromkeys(("indicator_id", "period", "level"), pl.String))]
    )
    in_its_areas = composed.join(spoken_of, on="level").select(
        "location_id", "indicator_id", "period", spoken_of=True
    )
    reason = (
        pl.when("counted")
        .then(pl.lit("not_published"))
        .when(pl.col("location_id").is_in(bounded.implode()).not_())
        .then(pl.lit("no_boundary"))
        # The areas that it is composed of are of a sort that has figures, and these have none.
        .when(pl.col("spoken_of").is_not_null())
        .then(pl.lit("not_published"))
        .otherwise(pl.lit("not_allocatable"))
    )
    return (
        periods.join(for_sites, on="indicator_id")
        .join(found, on=list(KEY), how="anti")
        .join(in_its_areas.unique(), on=list(KEY), how="left")
        .with_columns(
            value=pl.lit(None, pl.Float64),
            status=pl.lit("not_stated"),
            missing_reason=reason,
            method=pl.when("counted")
            .then(pl.lit("from_documents"))
            .otherwise(pl.lit("not_allocatable")),
            lower=pl.lit(None, pl.Float64),
            upper=pl.lit(None, pl.Float64),
            boundary_year=pl.lit(None, pl.Int32),
        )
        .select(VALUE)
        .sort(KEY)
    )
