"""Municipal figures in the boundaries of other years, as known at each moment.

Sums are added up by shares, means by their weights, ratios from their parts in the new boundaries.
Over municipalities that were joined that is exact; over one that was divided it is an estimate,
with what is certain and what is possible. A part that is missing makes the whole missing.

Everything is made from published cells and nothing else, so no figure that was suppressed comes
back in another cut.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from assets.catalogue import Catalogue
from assets.catalogue.models import Indicator
from assets.core.frames import least_final
from assets.marts.cuts import Cuts, links
from assets.marts.recut_ratios import ratios_again
from warehouse.tables.boundaries import IndicatorRecut
from warehouse.vocabulary import polars_schema

if TYPE_CHECKING:
    import polars as pl

PLACE = ("location_id", "indicator_id", "period", "boundary_year")
SAID = (
    "value",
    "lower",
    "upper",
    "method",
    "status",
    "missing_reason",
    "own_boundary_year",
    "synthetic",
)
"""What a later vintage has to say otherwise to be one. The release alone is no other figure."""


def indicator_recut(
    catalogue: Catalogue,
    values: pl.DataFrame,
    relations: pl.DataFrame,
    outlines: pl.DataFrame,
    locations: pl.DataFrame,
) -> pl.DataFrame:
    """`mart.indicator_recut` from `mart.indicator_value`, `mart.area_relation` and
    `mart.location_outline`, as far as there are such `mart.location`s.

    A figure without a `boundary_year` of its own is of the year of its period: CBS cuts a yearly
    table in the boundaries of its year, and lists old and new codes in one of many years.
    """
    import polars as pl

    of_its_period = pl.col("period").str.slice(0, 4).cast(pl.Int32)
    municipal = values.filter(pl.col("location_id").str.starts_with("GM")).with_columns(
        boundary_year=pl.coalesce("boundary_year", of_its_period)
    )
    years = boundary_years(outlines, relations)
    found = recut(municipal, catalogue.indicators, relations, years)
    known = locations.select("location_id")
    return found.join(known, on="location_id", how="semi", maintain_order="left")


def boundary_years(outlines: pl.DataFrame, relations: pl.DataFrame) -> list[int]:
    """The years in whose boundaries figures are given: those of which municipalities are outlined
    (`mart.location_outline`), and those on both sides of every reorganisation."""
    import polars as pl

    outlined = outlines.filter(
        pl.col("location_id").str.starts_with("GM"), pl.col("edition").str.contains(r"^\d{4}$")
    )
    editions = outlined.get_column("edition").unique()
    sides = relations.select("from_year", "to_year").rows()
    return sorted({*(int(edition) for edition in editions), *(y for pair in sides for y in pair)})


def recut(
    values: pl.DataFrame,
    indicators: Mapping[str, Indicator],
    relations: pl.DataFrame,
    years: Sequence[int],
) -> pl.DataFrame:
    """`mart.indicator_recut` of municipal figures, for each of `years`.

    `values`: rows of `mart.indicator_value` about municipalities, all vintages, with
    `boundary_year`, in which they are published; `relations`: `mart.area_relation`. A figure of a
    boundary year before the first of `years` or after the last is not given: what changed in
    between is not known.
    """
    import polars as pl

    schema = polars_schema(IndicatorRecut)
    if values.is_empty() or not years:
        return pl.DataFrame(schema=schema)
    cuts = Cuts(relations)
    within = values.filter(pl.col("boundary_year").is_between(min(years), max(years)))
    within = within.with_columns(own_boundary_year=pl.col("boundary_year").cast(pl.Int32))
    changing = pl.col("location_id").is_in(sorted(cuts.codes))
    same = _unchanged(within.filter(~changing), years)
    moving = _in_its_life(within.filter(changing), cuts, years)
    parts = _parts(moving, cuts, years)
    direct = parts.filter("same")
    made = [_shaped(direct)]
    for indicator in indicators.values():
        mixed = parts.filter(~pl.col("same"), pl.col("indicator_id") == indicator.id)
        if indicator.ratio is None and not mixed.is_empty():
            weights = parts.filter(pl.col("indicator_id") == (indicator.weight or ""))
            made.append(_combined(indicator, mixed, weights))
    found = _one_origin(pl.concat(made))
    ratios = [
        ratios_again(indicator, indicator.ratio, found)
        for indicator in indicators.values()
        if indicator.ratio is not None
    ]
    found = _joined_up(_with_ratios(found, ratios))
    whole = pl.concat([same, found.select(same.columns)])
    return whole.select(schema.names()).cast(schema).sort(*PLACE, "vintage")


def _unchanged(values: pl.DataFrame, years: Sequence[int]) -> pl.DataFrame:
    """Figures of municipalities that never changed, in the boundaries of every year."""
    import polars as pl

    every = pl.DataFrame({"to_year": list(years)}, schema={"to_year": pl.Int32})
    crossed = values.join(every, how="cross").with_columns(
        boundary_year="to_year", to_code="location_id"
    )
    return _shaped(crossed)


def _shaped(rows: pl.DataFrame) -> pl.DataFrame:
    """Figures that are published for the very area, as rows of the table."""
    import polars as pl

    return rows.select(
        location_id="to_code",
        indicator_id="indicator_id",
        period="period",
        boundary_year="boundary_year",
        vintage="known_from",
        value="value",
        lower="lower",
        upper="upper",
        method=pl.lit("unchanged"),
        status="status",
        missing_reason="missing_reason",
        own_boundary_year="own_boundary_year",
        known_to="known_to",
        release_id="release_id",
        synthetic="synthetic",
    )


def _in_its_life(values: pl.DataFrame, cuts: Cuts, years: Sequence[int]) -> pl.DataFrame:
    """Figures under codes that exist in the boundary year that they say.

    Tables keep old codes, and give series under new ones. A code that does not exist in its year
    says nothing where its figure is missing; where there is one, its publisher has cut it himself,
    in the nearest year in which the code exists.
    """
    import polars as pl

    span = range(min(years), max(years) + 1)
    alive = {year: cuts.alive(year) for year in span}
    nearest = [
        (code, year, min(lives, key=lambda other: (abs(other - year), other)))
        for code in sorted(cuts.codes)
        if (lives := [year for year in span if code in alive[year]])
        for year in span
    ]
    in_life = pl.DataFrame(
        nearest,
        schema={"location_id": pl.String, "own_boundary_year": pl.Int32, "own_year": pl.Int32},
        orient="row",
    )
    told = pl.col("own_year") == pl.col("own_boundary_year")
    return (
        values.join(in_life, on=["location_id", "own_boundary_year"], how="inner")
        .filter(told | pl.col("value").is_not_null())
        .with_columns(own_boundary_year="own_year")
    )


def _parts(values: pl.DataFrame, cuts: Cuts, years: Sequence[int]) -> pl.DataFrame:
    """Each figure once for each area and boundary year of which it is a part, with its share."""
    own = values.get_column("own_boundary_year").unique().sort().to_list()
    return (
        values.drop("boundary_year")
        .join(
            links(cuts, own, list(years)),
            left_on=["location_id", "own_year"],
            right_on=["from_code", "own_year"],
            how="inner",
        )
        .rename({"location_id": "from_code"})
    )


def _combined(indicator: Indicator, parts: pl.DataFrame, weights: pl.DataFrame) -> pl.DataFrame:
    """One indicator over areas that are made from several, or from parts, at every moment."""
    import polars as pl

    key = ["to_code", "period", "boundary_year", "own_boundary_year"]
    moments = (
        pl.concat(
            [
                frame.select(*key, moment=pl.col(name))
                for frame in (parts, weights)
                for name in ("known_from", "known_to")
            ]
        )
        .drop_nulls("moment")
        .unique()
        .sort(*key, "moment")
        .with_columns(until=pl.col("moment").shift(-1).over(key))
    )
    here = _open_at(moments, parts, key)
    here = here.with_columns(low=pl.coalesce("lower", "value"), high=pl.coalesce("upper", "value"))
    if indicator.allocation == "weighted_mean":
        by = _open_at(moments, weights, key).select(*key, "moment", "from_code", by="value")
        here = here.join(by, on=[*key, "moment", "from_code"], how="left")
    sums = _sums(indicator)
    grouped = here.group_by(*key, "moment", "until", maintain_order=True).agg(
        **sums,
        there=pl.len(),
        parts=pl.col("parts").first(),
        whole=pl.col("whole").first(),
        missing_reason=pl.col("missing_reason").drop_nulls().sort().first(),
        status=least_final(),
        release_id=pl.col("release_id").sort_by("known_from", "release_id").last(),
        synthetic=pl.col("synthetic").any(),
        values_there=pl.col("value").is_not_null().sum(),
    )
    complete = (pl.col("there") == pl.col("parts")) & (pl.col("values_there") == pl.col("parts"))
    return grouped.with_columns(
        value=pl.when(complete & pl.col("made").is_finite()).then("made")
    ).select(
        location_id="to_code",
        indicator_id=pl.lit(indicator.id),
        period="period",
        boundary_year="boundary_year",
        vintage="moment",
        value="value",
        lower=_bound("least"),
        upper=_bound("most"),
        method=pl.when(~complete | pl.col("value").is_not_null())
        .then(pl.when("whole").then(pl.lit("aggregated")).otherwise(pl.lit("estimated")))
        .otherwise(pl.lit("not_allocatable")),
        status="status",
        missing_reason=pl.when(pl.col("value").is_null()).then(
            pl.coalesce(
                "missing_reason",
                pl.when(complete).then(pl.lit("not_allocatable")),
                pl.lit("not_published"),
            )
        ),
        own_boundary_year="own_boundary_year",
        known_to="until",
        release_id="release_id",
        synthetic="synthetic",
    )


def _bound(name: str) -> pl.Expr:
    """A bound of an estimate; none where it is not finite."""
    import polars as pl

    shown = pl.col("value").is_not_null() & ~pl.col("whole") & pl.col(name).is_finite()
    return pl.when(shown).then(name)


def _open_at(moments: pl.DataFrame, parts: pl.DataFrame, key: Sequence[str]) -> pl.DataFrame:
    """For every moment the parts that were what was known then."""
    import polars as pl

    return moments.join(parts, on=list(key), how="inner").filter(
        pl.col("known_from") <= pl.col("moment"),
        pl.col("known_to").is_null() | (pl.col("known_to") > pl.col("moment")),
    )


def _sums(indicator: Indicator) -> dict[str, pl.Expr]:
    """The value (`made`), what is certain (`least`) and what is possible (`most`), by the
    indicator's own rule.

    A mean is a ratio of two sums, the least of which is the least sum over the most weight.
    """
    import polars as pl

    def all_of(expression: pl.Expr) -> pl.Expr:
        return pl.when(expression.is_not_null().all()).then(expression.sum())

    share, least, most = pl.col("share"), pl.col("share_lower"), pl.col("share_upper")
    low, high = pl.col("low"), pl.col("high")
    alone = (pl.len() == 1) & pl.col("whole").first()
    if indicator.allocation == "sum":
        return {
            "made": all_of(share * pl.col("value")),
            "least": pl.min_horizontal(least * low, most * low).sum(),
            "most": pl.max_horizontal(least * high, most * high).sum(),
        }
    if indicator.allocation == "weighted_mean":
        by = pl.col("by")
        return {
            "made": pl.when(alone)
            .then(pl.col("value").first())
            .otherwise(all_of(share * pl.col("value") * by) / all_of(share * by)),
            "least": all_of(least * low * by) / all_of(most * by),
            "most": all_of(most * high * by) / all_of(least * by),
        }
    nothing = pl.lit(None, pl.Float64)
    return {"made": pl.when(alone).then(pl.col("value").first()), "least": nothing, "most": nothing}


def _one_origin(found: pl.DataFrame) -> pl.DataFrame:
    """Where a place has figures of the same period from tables in several cuts: those of the cut
    that has a value, and of these the one nearest to the boundary year."""
    import polars as pl

    place = list(PLACE)
    origins = (
        found.group_by(*place, "own_boundary_year")
        .agg(none=pl.col("value").is_null().all())
        .with_columns(far=(pl.col("own_boundary_year") - pl.col("boundary_year")).abs())
        .sort(*place, "none", "far", "own_boundary_year")
        .unique(place, keep="first", maintain_order=True)
        .select(*place, "own_boundary_year")
    )
    return found.join(origins, on=[*place, "own_boundary_year"], how="semi", maintain_order="left")


def _with_ratios(found: pl.DataFrame, ratios: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """`found` with the ratios that could be made again in the place of published ones."""
    import polars as pl

    if not ratios:
        return found
    again = pl.concat(ratios)
    kept = found.join(again, on=list(PLACE), how="anti", maintain_order="left")
    return pl.concat([kept, again.select(kept.columns).cast(kept.schema)])


def _joined_up(found: pl.DataFrame) -> pl.DataFrame:
    """Rows that follow each other and say the same become one: a part may change and the whole not."""
    import polars as pl

    order = found.columns
    sorted_rows = found.sort(*PLACE, "vintage")
    goes_on = pl.all_horizontal(
        [pl.col(name).eq_missing(pl.col(name).shift(1)) for name in (*PLACE, *SAID)]
    ) & (pl.col("vintage") == pl.col("known_to").shift(1)).fill_null(False)
    return (
        sorted_rows.with_columns(run=(~goes_on).cum_sum())
        .group_by("run", maintain_order=True)
        .agg(
            pl.col("known_to").last(),
            *(pl.col(name).first() for name in order if name != "known_to"),
        )
        .select(order)
    )
