"""Business parks of the national register (IBIS): one area a register number, hectares by year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assets.core.frames import Edition, numeric, reason_of, refuse_unknown_signs
from assets.sources import contract
from warehouse.tables.core import Figure, Region
from warehouse.vocabulary import polars_schema

if TYPE_CHECKING:
    import polars as pl

NAME = "PLAN_NAAM"
MUNICIPALITY = "GEM_CODES"
UNKNOWN_MUNICIPALITY = "GM0000"
"""What the register writes for a park that it has not placed."""


def regions(edition: Edition) -> pl.DataFrame:
    """One row a register number, under its name in the newest year it occurs in."""
    import polars as pl

    municipality = pl.col(MUNICIPALITY).str.extract(r"^(GM\d{4})$", 1)
    return (
        _parks(edition)
        .sort("period", descending=True, maintain_order=True)
        .unique("region_code", keep="first", maintain_order=True)
        .with_columns(
            source=pl.lit(edition.source.name),
            edition=pl.lit(edition.edition),
            name=pl.col(NAME),
            kind=pl.lit("business_park"),
            municipality_code=pl.when(municipality != UNKNOWN_MUNICIPALITY).then(municipality),
            comparable=pl.lit(None, pl.Boolean),
            release_id=pl.lit(edition.release_id),
        )
        .select(polars_schema(Region).names())
        .cast(polars_schema(Region))
    )


def figures(edition: Edition) -> pl.DataFrame:
    """One row a register number, year and measure; a park listed twice alike counts once."""
    import polars as pl

    source = edition.source
    columns = contract.resolve(source, edition.edition, edition.raw).measures
    index = ["region_code", "period"]
    # A code for "no data" such as -99997 is a number to a parser and a sign to us; where the
    # property has decimals it comes as -99997.0.
    number = numeric("said")
    whole = pl.when(number == number.round()).then(number.cast(pl.Int64, strict=False))
    sign = pl.coalesce(whole.cast(pl.String), "said")
    said = (
        _parks(edition)
        .select(*index, **{ours: pl.col(theirs) for ours, theirs in columns.items()})
        .unpivot(list(columns), index=index, variable_name="measure", value_name="said")
        .with_columns(value=pl.when(sign.is_in(list(source.missing.signs)).not_()).then(number))
        .with_columns(sign=pl.when(pl.col("value").is_null()).then(sign))
    )
    refuse_unknown_signs(edition, said.get_column("sign"))
    factor = {name: measure.factor for name, measure in source.measures.items()}
    unit = {name: measure.unit for name, measure in source.measures.items()}
    return (
        said.drop("said")
        .unique(maintain_order=True)
        .with_columns(
            missing_reason=reason_of(source.missing, "sign", "value"),
            value=pl.col("value")
            * pl.col("measure").replace_strict(factor, return_dtype=pl.Float64),
            unit=pl.col("measure").replace_strict(unit, return_dtype=pl.String),
            source=pl.lit(source.name),
            edition=pl.lit(edition.edition),
            breakdown=pl.lit("total"),
            status=pl.lit("not_stated"),
            release_id=pl.lit(edition.release_id),
        )
        .select(polars_schema(Figure).names())
        .cast(polars_schema(Figure))
    )


def _parks(edition: Edition) -> pl.DataFrame:
    """The register's rows with our area code and period; `v1900` for a year is `1900`."""
    import polars as pl

    return edition.raw.rows.with_columns(
        region_code=pl.concat_str(pl.lit("RIN"), pl.col(edition.source.region_of(edition.edition))),
        period=pl.col(edition.source.period or "").str.extract(r"(\d{4})", 1),
    )
