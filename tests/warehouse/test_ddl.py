"""One declaration, many products: DDL for both engines, polars schemas, comments."""

from __future__ import annotations

import pytest
from duckdb_sqlalchemy import Dialect as DuckDB
from sqlalchemy.dialects.postgresql import dialect as postgresql

from warehouse import ddl
from warehouse.tables import core, mart
from warehouse.vocabulary import Table, columns, key_of, name_of, polars_schema

ALL = (*core.TABLES, *mart.TABLES)


@pytest.mark.parametrize("table", ALL, ids=name_of)
def test_every_table_is_declared_whole(table: type[Table]) -> None:
    assert table.__doc__
    assert key_of(table)
    assert all(column.comment.strip() for column in columns(table))
    assert polars_schema(table).names() == [column.name for column in columns(table)]
    assert not any(
        column.is_key and column.nullable and column.name not in ("valid_from", "valid_to")
        for column in columns(table)
    )


@pytest.mark.parametrize("table", ALL, ids=name_of)
@pytest.mark.parametrize("engine", ["duckdb", "postgresql"])
def test_every_table_compiles_for_both_engines(table: type[Table], engine: str) -> None:
    said = ddl.create_table(
        table, DuckDB() if engine == "duckdb" else postgresql(), keys=engine == "postgresql"
    )
    assert said.startswith(f"CREATE TABLE {name_of(table)}")
    assert ("PRIMARY KEY" in said) == (engine == "postgresql")
    assert "TIMESTAMP WITH TIME ZONE" not in said


def test_promised_columns_are_there() -> None:
    promised = {
        mart.Location: "location_id name kind municipality_code province_code status boundary_status",
        mart.LocationAlias: "location_id alias valid_from valid_to source",
        mart.Indicator: "indicator_id name_nl name_en definition_nl definition_en unit theme direction source licence",
        mart.IndicatorValue: "location_id indicator_id period known_from value status missing_reason "
        "method lower upper known_to release_id",
        mart.BudgetAmount: "province_code year report function_code category_code known_from function_name side "
        "amount_eur known_to release_id",
        mart.SourceRelease: "release_id source edition url sha256 bytes rows fetched_at modified_at licence "
        "attribution synthetic",
        mart.ExpectationResult: "run_id asset expectation severity success observed unexpected_count",
        mart.Quarantine: "quarantine_id asset release_id reason record",
        mart.Publication: "publication_id published_at code_version content_hash",
    }
    for table, names in promised.items():
        assert set(names.split()) <= {column.name for column in columns(table)}
    assert key_of(mart.IndicatorValue) == ["location_id", "indicator_id", "period", "known_from"]
    assert key_of(mart.ExpectationResult) == ["run_id", "asset", "expectation"]
