"""Ratios in the boundaries of other years, made again from parts that were cut again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assets.catalogue.calculations import Ratio
from assets.catalogue.concordance_models import EXACT
from assets.catalogue.models import Indicator
from assets.marts.ratios import ratio_of

if TYPE_CHECKING:
    import polars as pl


def ratios_again(indicator: Indicator, ratio: Ratio, found: pl.DataFrame) -> pl.DataFrame:
    """A ratio of what was cut again, at every moment at which one of its parts changed.

    `found`: rows of `mart.indicator_recut` of the indicators it is made from. Its bounds are the
    least numerator over the most denominator, and the other way round; there is none above where
    the denominator may be nothing.
    """
    import polars as pl

    area = ["location_id", "boundary_year"]
    names = tuple(dict.fromkeys((*indicator.made_of, *ratio.denominator)))
    parts = found.filter(pl.col("indicator_id").is_in(names))
    moments = (
        pl.concat([parts.select(*area, moment=pl.col(name)) for name in ("vintage", "known_to")])
        .drop_nulls("moment")
        .unique()
        .sort(*area, "moment")
        .with_columns(
            until=pl.col("moment").shift(-1).over(area),
            # `ratio_of` makes one ratio a place: here a place at one moment, in one cut.
            place=pl.int_range(pl.len()).cast(pl.String),
        )
    )
    here = moments.join(parts, on=area, how="inner").filter(
        pl.col("vintage") <= pl.col("moment"),
        pl.col("known_to").is_null() | (pl.col("known_to") > pl.col("moment")),
    )
    estimated = pl.col("method") == "estimated"
    low = pl.when(estimated).then("lower").otherwise(pl.coalesce("lower", "value"))
    high = pl.when(estimated).then("upper").otherwise(pl.coalesce("upper", "value"))
    value, synthetic = pl.col("value"), pl.col("synthetic")
    made, least, most = (
        _made_at(here, indicator, part, above, below, flag)
        for part, above, below, flag in (
            (ratio, value, value, synthetic),
            # What any part is, the ratio is: told by the same rule as whether any is synthetic.
            (_apportioned_by(ratio, 0.0), low, high, estimated),
            (_apportioned_by(ratio, 1.0), high, low, pl.col("method") != "unchanged"),
        )
    )
    key = ["location_id", "period"]
    own = here.filter(pl.col("indicator_id") == ratio.numerator[0]).select(
        "own_boundary_year", location_id="place", period="period"
    )
    shown = pl.col("value").is_not_null() & pl.col("any_estimated")
    return (
        made.join(least.select(*key, low="value", any_estimated="synthetic"), on=key, how="left")
        .join(most.select(*key, high="value", any_changed="synthetic"), on=key, how="left")
        # What falls to several sectors makes an estimate of what was none.
        .with_columns(
            pl.col("any_estimated")
            | ((pl.col("high") > pl.col("low") + EXACT) & pl.lit(ratio.apportioned is not None))
        )
        .join(own, on=key, how="left")
        .rename({"location_id": "place"})
        .join(moments, on="place", how="inner")
        .select(
            location_id="location_id",
            indicator_id="indicator_id",
            period="period",
            boundary_year="boundary_year",
            vintage="moment",
            value="value",
            lower=pl.when(shown).then("low"),
            upper=pl.when(shown).then("high"),
            method=pl.when("any_estimated")
            .then(pl.lit("estimated"))
            .when("any_changed")
            .then(pl.lit("aggregated"))
            .otherwise(pl.lit("unchanged")),
            status="status",
            missing_reason="missing_reason",
            own_boundary_year="own_boundary_year",
            known_to="until",
            release_id="release_id",
            synthetic="synthetic",
        )
    )


def _apportioned_by(ratio: Ratio, weight: float) -> Ratio:
    """The ratio with another weight for what falls to several sectors, where it takes any of that."""
    if not (ratio.apportioned and ratio.apportioned.weight):
        return ratio
    told = ratio.apportioned.model_copy(update={"weight": weight})
    return ratio.model_copy(update={"apportioned": told})


def _made_at(
    here: pl.DataFrame,
    indicator: Indicator,
    ratio: Ratio,
    above: pl.Expr,
    below: pl.Expr,
    flag: pl.Expr,
) -> pl.DataFrame:
    """The ratio of `above` in the numerator to `below` in the denominator, a row a place and period."""
    import polars as pl

    def side(name: str, value: pl.Expr) -> pl.DataFrame:
        return here.filter(pl.col("indicator_id") == name).select(
            location_id="place",
            indicator_id="indicator_id",
            period="period",
            value=value,
            status="status",
            missing_reason="missing_reason",
            boundary_year="boundary_year",
            release_id="release_id",
            known_from="vintage",
            synthetic=flag,
        )

    # A side may share an indicator with the other; its name tells which of the two is meant.
    made = {f"above {name}": side(name, above) for name in ratio.numerator}
    made |= {f"below {name}": side(name, below) for name in ratio.denominator}
    told = ratio.apportioned
    if told:
        made[f"above {told.of}"] = side(told.of, above)
        told = told.model_copy(update={"of": f"above {told.of}"})
    sided = ratio.model_copy(
        update={
            "apportioned": told,
            "numerator": tuple(f"above {name}" for name in ratio.numerator),
            "denominator": tuple(f"below {name}" for name in ratio.denominator),
        }
    )
    return ratio_of(indicator, sided, made, of_all_kinds=True)
