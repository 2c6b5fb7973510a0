"""Views on the figures of Kerncijfers wijken en buurten: an area a row, sums, ratios."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from expectations.rules import Evidence, View, shared
from expectations.views import nothing

if TYPE_CHECKING:
    import polars as pl

SECTORS = (
    "establishments_agriculture",
    "establishments_industry",
    "establishments_trade_hospitality",
    "establishments_transport_information",
    "establishments_finance_property",
    "establishments_business_services",
    "establishments_government_care",
    "establishments_culture_other",
)
COUNTS = (
    "inhabitants",
    "men",
    "women",
    "age_0_15",
    "age_15_25",
    "age_25_45",
    "age_45_65",
    "age_65_plus",
    "households",
    "households_single",
    "households_without_children",
    "households_with_children",
    "dwellings",
    "cars",
    "motorcycles",
    "benefits_social_assistance",
    "benefits_disability",
    "benefits_unemployment",
    "benefits_pension",
    "establishments",
    *SECTORS,
)
AREAS = ("area_total", "area_land", "area_water")
MEASURES = (
    *COUNTS,
    *AREAS,
    "household_size",
    "population_density",
    "urbanity",
    "address_density",
)
WHOLE_COUNTRY = 300
"""From so many municipalities on the table is national (355 in 2020, 342 in 2026), not a cut."""


@shared
def areas(evidence: Evidence) -> pl.DataFrame:
    """A row an area: `region_code`, `kind` (NL, GM, WK, BU), `municipality`, a column a measure."""
    import polars as pl

    figures = evidence.frame.filter(
        pl.col("breakdown") == "total", pl.col("measure").is_in(MEASURES)
    )
    table = figures.pivot(
        on="measure",
        index="region_code",
        values="value",
        aggregate_function="first",
    )
    return table.with_columns(
        *(pl.lit(None, dtype=pl.Float64).alias(m) for m in MEASURES if m not in table.columns),
        kind=pl.col("region_code").str.slice(0, 2),
        municipality="GM" + pl.col("region_code").str.slice(2, 4),
    )


@cache
def parts_against_total(total: str, parts: tuple[str, ...], tolerance: float) -> View:
    """A row an area that has all of them: `total`, `parts`, `difference`, `tolerance`, `beyond`.

    `beyond` is how far the difference exceeds the tolerance, below 0 where it does not.
    `share_off_in_municipalities` is the difference as a share of the total, in municipalities and
    the country, where rounding cannot explain it.
    """

    @shared
    def view(evidence: Evidence) -> pl.DataFrame:
        import polars as pl

        difference = pl.sum_horizontal(parts) - pl.col(total)
        large = pl.col("kind").is_in(["GM", "NL"]) & (pl.col("total") > 0)
        return (
            areas(evidence)
            .drop_nulls([total, *parts])
            .select(
                "region_code",
                "kind",
                total=pl.col(total),
                parts=pl.sum_horizontal(parts),
                difference=difference,
                tolerance=pl.lit(float(tolerance)),
            )
            .with_columns(beyond=pl.col("difference").abs() - tolerance)
            .with_columns(
                share_off_in_municipalities=pl.when(large, pl.col("beyond") > 0)
                .then(pl.col("difference").abs() / pl.col("total"))
                .otherwise(0.0)
            )
            .drop("kind")
        )

    return view


@cache
def members_against_upper(
    member: str, upper: str, measures: tuple[str, ...], rounding: float
) -> View:
    """A row each measure and upper area: its `value`, the `sum` of its members, `difference`.

    The tolerance is `rounding` a member and once for the upper area itself; `beyond` is how far
    the difference exceeds it, below 0 where it does not. `share_beyond` is the difference as a
    share of the value where it is beyond, otherwise 0. Sums with a missing member are left out.
    """

    @shared
    def view(evidence: Evidence) -> pl.DataFrame:
        import polars as pl

        table = areas(evidence)
        below = pl.col("region_code").str.slice(2, 4 if upper == "GM" else 6)
        long = (
            table.filter(pl.col("kind") == member)
            .with_columns(upper_code=upper + below)
            .unpivot(on=measures, index="upper_code", variable_name="measure", value_name="part")
        )
        sums = long.group_by("upper_code", "measure").agg(
            pl.col("part").sum().alias("sum"),
            pl.len().alias("members"),
            pl.col("part").null_count().alias("missing"),
        )
        values = table.filter(pl.col("kind") == upper).unpivot(
            on=measures, index="region_code", variable_name="measure", value_name="value"
        )
        return (
            values.drop_nulls("value")
            .join(
                sums.filter(pl.col("missing") == 0).drop("missing"),
                left_on=["region_code", "measure"],
                right_on=["upper_code", "measure"],
            )
            .with_columns(
                difference=pl.col("sum") - pl.col("value"),
                tolerance=rounding * (pl.col("members") + 1.0),
            )
            .with_columns(beyond=pl.col("difference").abs() - pl.col("tolerance"))
            .with_columns(
                share_beyond=pl.when(pl.col("beyond") > 0)
                .then(pl.col("difference").abs() / pl.max_horizontal("value", pl.lit(1.0)))
                .otherwise(0.0)
            )
        )

    return view


def households_against_inhabitants(evidence: Evidence) -> pl.DataFrame:
    """A row an area that has both: `inhabitants_less_households`."""
    import polars as pl

    return (
        areas(evidence)
        .drop_nulls(["inhabitants", "households"])
        .select(
            "region_code",
            "inhabitants",
            "households",
            inhabitants_less_households=pl.col("inhabitants") - pl.col("households"),
        )
    )


def neighbourhood_areas(evidence: Evidence) -> pl.DataFrame:
    """A row a municipality: `sum` of its neighbourhoods' areas, and the `largest_sum` possible."""
    import polars as pl

    view = members_against_upper("BU", "GM", ("area_total",), 0.5)(evidence)
    return view.select(
        "region_code", "value", "sum", largest_sum=pl.col("value") + pl.col("tolerance")
    )


def additive_against_country(evidence: Evidence) -> pl.DataFrame:
    """A row each additive measure of a national table: `country`, `municipalities`, `share_off`."""
    import polars as pl

    table = areas(evidence)
    municipalities = table.filter(pl.col("kind") == "GM")
    country = table.filter(pl.col("kind") == "NL")
    if municipalities.height < WHOLE_COUNTRY or country.height != 1:
        return nothing()
    additive = [
        measure
        for measure in (*COUNTS, *AREAS)
        if not municipalities[measure].null_count() and country[measure][0]
    ]
    return (
        country.select(additive)
        .unpivot(variable_name="measure", value_name="country")
        .join(
            municipalities.select(additive)
            .sum()
            .unpivot(variable_name="measure", value_name="municipalities"),
            on="measure",
        )
        .with_columns(share_off=(pl.col("municipalities") / pl.col("country") - 1).abs())
    )


def country_rows(evidence: Evidence) -> pl.DataFrame:
    """One row: in how many rows the country stands."""
    import polars as pl

    return areas(evidence).select(country_rows=(pl.col("region_code") == "NL00").sum())


def parents(evidence: Evidence) -> pl.DataFrame:
    """A row each municipality that a district or neighbourhood belongs to: is it `present`?"""
    import polars as pl

    table = areas(evidence)
    there = table.filter(pl.col("kind") == "GM")["region_code"].implode()
    return (
        table.filter(pl.col("kind").is_in(["WK", "BU"]))
        .select("municipality")
        .unique()
        .with_columns(present=pl.col("municipality").is_in(there))
    )


@cache
def of_measure(*measures: str, region: str | None = None) -> View:
    """The figures of these measures that have a value: key, `value` and its `remainder` by 5."""

    def view(evidence: Evidence) -> pl.DataFrame:
        import polars as pl

        wanted = pl.col("measure").is_in(measures) & pl.col("value").is_not_null()
        if region is not None:
            wanted &= pl.col("region_code") == region
        return evidence.frame.filter(wanted).select(
            "region_code",
            "period",
            "measure",
            "breakdown",
            "value",
            remainder=pl.col("value") % 5,
        )

    return view


def urbanity_by_density(evidence: Evidence) -> pl.DataFrame:
    """A row an area with both: `address_density`, `urbanity`, `class_by_density`."""
    import polars as pl

    density = pl.col("address_density")
    by_density = (
        pl.when(density >= 2500)
        .then(1.0)
        .when(density >= 1500)
        .then(2.0)
        .when(density >= 1000)
        .then(3.0)
        .when(density >= 500)
        .then(4.0)
        .otherwise(5.0)
    )
    return (
        areas(evidence)
        .drop_nulls(["address_density", "urbanity"])
        .select("region_code", "address_density", "urbanity", class_by_density=by_density)
    )


def fractions(evidence: Evidence) -> pl.DataFrame:
    """A row each measure that counts: how many of its figures are no whole number."""
    import polars as pl

    return (
        evidence.frame.filter(pl.col("measure").is_in(COUNTS))
        .group_by("measure")
        .agg(fractions=(pl.col("value") % 1 != 0).sum())
    )


@cache
def municipal_ratio(numerator: str, denominator: str) -> View:
    """A row a municipality that has both: `ratio`."""

    def view(evidence: Evidence) -> pl.DataFrame:
        import polars as pl

        return (
            areas(evidence)
            .filter(pl.col("kind") == "GM", pl.col(denominator) > 0)
            .drop_nulls([numerator])
            .select(
                "region_code",
                numerator,
                denominator,
                ratio=pl.col(numerator) / pl.col(denominator),
            )
        )

    return view


def density(evidence: Evidence) -> pl.DataFrame:
    """A row a municipality: published density against inhabitants per km2 of land, as `ratio`."""
    import polars as pl

    return (
        areas(evidence)
        .filter(pl.col("kind") == "GM", pl.col("area_land") > 0, pl.col("inhabitants") > 0)
        .drop_nulls("population_density")
        .select(
            "region_code",
            "population_density",
            ratio=pl.col("population_density") * pl.col("area_land") / 100 / pl.col("inhabitants"),
        )
    )


@cache
def typical(measure: str) -> View:
    """One row: the `median` of a measure over municipalities; empty where none has it."""

    def view(evidence: Evidence) -> pl.DataFrame:
        import polars as pl

        return (
            evidence.frame.filter(
                pl.col("measure") == measure, pl.col("region_code").str.starts_with("GM")
            )
            .select(measure=pl.lit(measure), median=pl.col("value").median())
            .head(1)
            .drop_nulls()
        )

    return view


def sectors_against_total(evidence: Evidence) -> pl.DataFrame:
    """A row an area that has all sectors of the edition: their sum against `establishments`."""
    table = areas(evidence)
    sectors = tuple(name for name in SECTORS if table[name].count())
    if not sectors:
        return nothing()
    return parts_against_total("establishments", sectors, 2.5 * (len(sectors) + 1))(evidence)
