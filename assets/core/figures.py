"""Figures of statistical tables: from a wide (v3) or long (v4) table to one row a figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assets.core.frames import (
    Edition,
    numeric,
    period_of,
    published,
    reason_of,
    refuse_unknown_signs,
    said_of_columns,
    status_of,
)
from assets.sources import contract, statuses
from warehouse.tables.core import Figure
from warehouse.vocabulary import polars_schema

if TYPE_CHECKING:
    import polars as pl


def figures(edition: Edition) -> pl.DataFrame:
    """One row an area, period, measure and breakdown, as CBS published it, in base units."""
    import polars as pl

    measured = _long(edition) if edition.raw.long else _wide(edition)
    source = edition.source
    declared = pl.DataFrame(
        [(name, measure.unit, measure.factor) for name, measure in source.measures.items()],
        schema={"measure": pl.String, "unit": pl.String, "factor": pl.Float64},
        orient="row",
    ).lazy()
    empty = pl.col("value").is_null().all().over("measure")
    return (
        measured.join(declared, on="measure", how="left", maintain_order="left")
        .join(_periods(edition).lazy(), on="period_code", how="left", maintain_order="left")
        .join(_said_of_measures(edition), on="measure", how="left", maintain_order="left")
        .with_columns(missing_reason=reason_of(source.missing, "sign", "value"))
        .with_columns(
            missing_reason=pl.when(empty & pl.col("sign").is_null())
            .then(pl.lit(source.missing.empty_column))
            .otherwise("missing_reason"),
            value=pl.col("value") * pl.col("factor"),
            # What is said of a period holds; else what is said of the topic, or of the table.
            status=pl.when(pl.col("status") == "not_stated")
            .then(pl.coalesce("said", "status"))
            .otherwise("status"),
            source=pl.lit(source.name),
            edition=pl.lit(edition.edition),
            release_id=pl.lit(edition.release_id),
        )
        .select(polars_schema(Figure).names())
        .cast(polars_schema(Figure))
        .collect()
    )


def _periods(edition: Edition) -> pl.DataFrame:
    """Period code -> our period and its status; the edition itself where there are no periods."""
    import polars as pl

    if not edition.source.period:
        rows = [(edition.edition, edition.edition, "not_stated")]
    else:
        codes = edition.raw.codes.filter(dimension=edition.source.period)
        rows = [
            (code, period_of(code), _status_of(status, title))
            for code, status, title in codes.select("code", "status", "title").iter_rows()
        ]
    return pl.DataFrame(
        rows, schema=dict.fromkeys(("period_code", "period", "status"), pl.String), orient="row"
    )


def _status_of(status: str | None, title: str | None) -> str:
    """How final a period is: by its field, else by the sign behind its title."""
    said = status_of(status)
    return (statuses.of_title(title) or said) if said == "not_stated" else said


def _said_of_measures(edition: Edition) -> pl.LazyFrame:
    """`measure`, `said`: how final its figures are, where the publisher's words say so."""
    import polars as pl

    resolved = contract.resolve(edition.source, edition.edition, edition.raw).measures
    said = said_of_columns(edition)
    return pl.LazyFrame(
        [(ours, said.get(theirs)) for ours, theirs in resolved.items()],
        schema={"measure": pl.String, "said": pl.String},
        orient="row",
    )


def _dimensions(edition: Edition) -> dict[str, pl.Expr]:
    """Area, period and breakdown as columns of the published table."""
    import polars as pl

    source = edition.source
    return {
        "region_code": pl.col(source.region_of(edition.edition)).cast(pl.String),
        "period_code": pl.col(source.period).cast(pl.String)
        if source.period
        else pl.lit(edition.edition),
        "breakdown": pl.col(source.breakdown).cast(pl.String)
        if source.breakdown
        else pl.lit("total"),
    }


def _wide(edition: Edition) -> pl.LazyFrame:
    """A column a topic -> a row a figure. v3 mostly gives null for every sort of missing value."""
    import polars as pl

    rows = edition.raw.rows
    columns = contract.resolve(edition.source, edition.edition, edition.raw).measures
    dimensions = _dimensions(edition)
    numbers = {ours: theirs for ours, theirs in columns.items() if rows.schema[theirs].is_numeric()}
    return pl.concat(
        [
            rows.lazy()
            .select(
                **dimensions,
                **{ours: pl.col(theirs).cast(pl.Float64) for ours, theirs in numbers.items()},
            )
            .unpivot(
                list(numbers), index=list(dimensions), variable_name="measure", value_name="value"
            )
            .with_columns(sign=pl.lit(None, pl.String)),
            *(
                rows.lazy().select(**dimensions, measure=pl.lit(ours), value=value, sign=sign)
                for ours, theirs in columns.items()
                if ours not in numbers
                for value, sign in [published(edition, theirs)]
            ),
        ]
    )


def _long(edition: Edition) -> pl.LazyFrame:
    """A row an observation -> a row a figure, with the cells that are absent said to be so.

    v4 leaves out cells; those within the areas, periods and breakdowns that the table does have
    become rows without a value, because absent is not zero.
    """
    import polars as pl

    resolved = contract.resolve(edition.source, edition.edition, edition.raw).measures
    codes = {theirs: ours for ours, theirs in resolved.items()}
    rows = edition.raw.rows.filter(pl.col("Measure").is_in(list(codes)))
    # The value of a measure that is a text comes as text; a sign may stand there as well.
    text = pl.col("StringValue")
    number = pl.when(text.is_in(list(edition.source.missing.signs)).not_()).then(
        numeric("StringValue")
    )
    there = rows.select(
        **_dimensions(edition),
        measure=pl.col("Measure").replace_strict(codes, return_dtype=pl.String),
        value=pl.coalesce("Value", number),
        sign=pl.when(pl.col("ValueAttribute") != "None")
        .then("ValueAttribute")
        .when(pl.col("Value").is_null() & number.is_null())
        .then(text),
    )
    refuse_unknown_signs(edition, there.get_column("sign"))
    areas = there.select("region_code").unique(maintain_order=True)
    cells = there.select("period_code", "breakdown", "measure").unique(maintain_order=True)
    return (
        areas.lazy()
        .join(cells.lazy(), how="cross")
        .join(
            there.lazy(),
            on=["region_code", "period_code", "breakdown", "measure"],
            how="left",
            maintain_order="left",
        )
    )
