"""A warehouse of either engine to measure on, and invented figures in as many vintages as wanted."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

FIRST = dt.datetime(2021, 1, 1)
INDICATORS = 70
"""Figures of one location: about as many as there are indicators."""


@contextlib.contextmanager
def warehouse(engine: str, folder: Path) -> Iterator[str]:
    """The URL of an empty warehouse of `engine`."""
    if engine == "duckdb":
        yield f"duckdb:///{folder / 'warehouse' / 'w.duckdb'}"
        return
    from tests.postgres import fresh_database, server

    with server() as url:
        yield fresh_database(url)


def figures(facts: int, vintage: int, until: int | None) -> pl.DataFrame:
    """`facts` figures of `mart.indicator_value`, known from `vintage` (days after the first) until
    `until`, in the order of the key. Synthetic."""
    import polars as pl

    from warehouse.tables import mart
    from warehouse.vocabulary import columns, polars_schema

    def day(number: int | None) -> dt.datetime | None:
        return None if number is None else FIRST + dt.timedelta(days=number)

    number = pl.int_range(facts)
    said: dict[str, Any] = {
        "location_id": pl.format("BU{}", (number // INDICATORS + 10_000_000)),
        "indicator_id": pl.format("indicator_{}", number % INDICATORS + 100),
        "period": pl.lit("2020"),
        "known_from": pl.lit(day(vintage)),
        "value": number.cast(pl.Float64) + vintage,
        "status": pl.lit("definitive"),
        "method": pl.lit("published"),
        "known_to": pl.lit(day(until)),
        "release_id": pl.lit(f"synthetic-{vintage:04}"),
        "synthetic": pl.lit(True),
    }
    schema = polars_schema(mart.IndicatorValue)
    rest = {
        column.name: pl.lit(None)
        if column.nullable
        else pl.lit("" if schema[column.name] != pl.Int64 else 0)
        for column in columns(mart.IndicatorValue)
        if column.name not in said
    }
    made = said | rest
    return pl.select(made[name].cast(kind).alias(name) for name, kind in schema.items())


def publish(url: str, folder: Path, number: int, files: list[Path]) -> None:
    """Publish `files` as the figures of publication `number`, everything else empty."""
    from tests.warehouse.published import contents, seen
    from warehouse.parts import Copies
    from warehouse.publishing import publishing
    from warehouse.tables import mart

    others = contents(number, locations=0)
    with publishing(url, Copies(folder / "copies")) as target:
        target.replace(others | {mart.IndicatorValue: files}, ["indicator_100"], seen(number))


def store(frame: pl.DataFrame, path: Path) -> Path:
    """`frame` as a file of its own, as the house stores one."""
    from warehouse.frames import ROW_GROUP

    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(".part")
    frame.write_parquet(aside, compression="zstd", compression_level=1, row_group_size=ROW_GROUP)
    aside.replace(path)
    return path
