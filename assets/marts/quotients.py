"""Location quotients and indices of specialisation: calculated from published shares alone.

Each exists for a place and period only where every share that it is made from is published, there and
in the area that it is set beside. So it says nothing that these do not say (docs/disclosure.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from assets.catalogue import Catalogue
from assets.catalogue.calculations import Benchmark, Index, Quotient
from assets.catalogue.models import Indicator
from assets.marts.locations import COUNTRY, level_of
from assets.marts.provenance import VALUE, together

if TYPE_CHECKING:
    import polars as pl

SIDES = ("low", "value", "high")
HUNDRED = 100.0
"""Shares are percentages."""


def surroundings(catalogue: Catalogue, places: pl.DataFrame) -> pl.DataFrame:
    """`places` with the municipality and the province of every site, as the catalogue declares them."""
    import polars as pl

    of_sites = {site.id: site.municipality for site in catalogue.sites.values()}
    municipality = pl.coalesce(
        "municipality_code",
        pl.col("location_id").replace_strict(of_sites, default=None, return_dtype=pl.String),
    )
    province = municipality.replace_strict(
        catalogue.province_by_municipality, default=None, return_dtype=pl.String
    )
    return places.select(
        "location_id",
        municipality_code=municipality,
        province_code=pl.coalesce("province_code", province),
    )


def quotient_of(
    indicator: Indicator,
    quotient: Quotient,
    made: Mapping[str, pl.DataFrame],
    places: pl.DataFrame,
) -> pl.DataFrame:
    """The share of a place over that of the area in which it lies, in the columns of `VALUE`.

    `made`: values by indicator; `places`: `location_id`, `municipality_code`, `province_code`. Where a
    share is an estimate the quotient lies between the least share over the most, and the other way
    round. It is `impossible` where the share around is 0.
    """
    import polars as pl

    here, around = _beside(indicator, [quotient.share], quotient.benchmark, made, places)
    both = _joined(here, around)
    over = {
        "value": pl.col("value") / pl.col("value_around"),
        "low": pl.col("low") / pl.col("high_around"),
        "high": pl.when(pl.col("low_around") > 0).then(pl.col("high") / pl.col("low_around")),
    }
    possible = pl.col("value_around") != 0
    rows = both.with_columns(
        **{name: pl.when(possible).then(part) for name, part in over.items()},
        estimated=pl.col("estimated") | pl.col("estimated_around"),
        missing_reason=pl.coalesce(
            "missing_reason",
            "missing_reason_around",
            pl.when(~possible).then(pl.lit("impossible")),
        ),
    )
    return _together(indicator, rows, both, 1)


def index_of(
    indicator: Indicator, index: Index, made: Mapping[str, pl.DataFrame], places: pl.DataFrame
) -> pl.DataFrame:
    """One number out of the shares of all sectors, in the columns of `VALUE`; see `Index`.

    Where shares are estimates its bounds let each be anywhere between its own, so they are wide.
    """
    import polars as pl

    here, around = _beside(indicator, index.shares, index.benchmark, made, places)
    if index.kind == "herfindahl":
        rows = here.with_columns(**{side: (pl.col(side) / HUNDRED) ** 2 for side in SIDES})
        return _together(indicator, rows, here, len(index.shares))
    both = _joined(here, around)
    apart = pl.max_horizontal(
        pl.col("low") - pl.col("high_around"), pl.col("low_around") - pl.col("high"), pl.lit(0.0)
    )
    most = pl.max_horizontal(
        pl.col("high") - pl.col("low_around"), pl.col("high_around") - pl.col("low")
    )
    rows = both.with_columns(
        value=(pl.col("value") - pl.col("value_around")).abs() / HUNDRED / 2,
        low=apart / HUNDRED / 2,
        high=most / HUNDRED / 2,
        estimated=pl.col("estimated") | pl.col("estimated_around"),
        missing_reason=pl.coalesce("missing_reason", "missing_reason_around"),
    )
    return _together(indicator, rows, both, len(index.shares))


def _beside(
    indicator: Indicator,
    shares: Sequence[str],
    benchmark: Benchmark | None,
    made: Mapping[str, pl.DataFrame],
    places: pl.DataFrame,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The shares of the places for which the indicator exists, and those of the areas around them
    under the names of the places: `share`, what `VALUE` has, and the sides of their bounds."""
    import polars as pl

    said = pl.concat([made[name] for name in shares]).with_columns(
        share=pl.col("indicator_id"),
        estimated=pl.col("lower").is_not_null() & pl.col("upper").is_not_null(),
        # An estimate of which nothing is known but its value has no bounds to go on.
        low=pl.coalesce("lower", "value"),
        high=pl.coalesce("upper", "value"),
    )
    here = said.filter(level_of("location_id").is_in(indicator.levels))
    if benchmark is None:
        return here, said.clear()
    above = {
        "municipality": pl.col("municipality_code"),
        "province": pl.col("province_code"),
        "country": pl.lit(COUNTRY),
    }[benchmark]
    lies_in = places.select("location_id", around=above).drop_nulls()
    around = (
        said.rename({"location_id": "around"})
        .join(lies_in, on="around", maintain_order="left")
        .filter(pl.col("location_id") != pl.col("around"))
        .drop("around")
    )
    return here, around


def _joined(here: pl.DataFrame, around: pl.DataFrame) -> pl.DataFrame:
    """Each share with that of the area around, in columns that end in `_around`."""
    key = ["location_id", "period", "share"]
    return here.join(around, on=key, suffix="_around", maintain_order="left")


def _together(
    indicator: Indicator, rows: pl.DataFrame, said: pl.DataFrame, expected: int
) -> pl.DataFrame:
    """The sum of what was made of each share, a row a place and period in which all are spoken of.

    `rows`: with what is known of the areas around in columns that end in `_around`.
    """
    import polars as pl

    around = [name for name in said.columns if name.endswith("_around")]
    if around:
        # Provenance is that of both: the areas around are further rows of the same place.
        beside = rows.select("location_id", "period", *around).rename(
            {name: name.removesuffix("_around") for name in around}
        )
        known = pl.concat([rows.select(beside.columns), beside])
    else:
        known = rows
    provenance = known.group_by("location_id", "period", maintain_order=True).agg(**together())
    made = rows.group_by("location_id", "period", maintain_order=True).agg(
        there=pl.len(),
        whole=pl.col("value").is_not_null().all(),
        estimated=pl.col("estimated").any(),
        reason=pl.col("missing_reason").drop_nulls().first(),
        **{side: pl.col(side).sum() for side in SIDES},
        unbounded=pl.col("high").is_null().any(),
    )
    shown = pl.col("whole") & pl.col("estimated")
    return (
        made.filter(pl.col("there") == expected)
        .join(provenance, on=["location_id", "period"], how="left", maintain_order="left")
        .with_columns(
            indicator_id=pl.lit(indicator.id),
            value=pl.when("whole").then("value"),
            lower=pl.when(shown).then("low"),
            upper=pl.when(shown & ~pl.col("unbounded")).then("high"),
            missing_reason=pl.when(~pl.col("whole")).then(
                pl.coalesce("reason", pl.lit("impossible"))
            ),
            method=pl.lit("calculated"),
        )
        .select(VALUE)
    )
