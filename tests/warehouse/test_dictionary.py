"""The data dictionary: whole, as the database itself says it, and written into the database."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl
import pytest

from warehouse import duckdb_file, dutch, views
from warehouse.dictionary import WHOLE, comments_on_view_columns, dictionary
from warehouse.tables import core, mart
from warehouse.vocabulary import Table, columns, comment_of, polars_schema

PUBLISHED = (*mart.TABLES, core.Figure, core.Region)


@dataclass(frozen=True)
class Indicator:
    """An indicator, as far as the dictionary is concerned."""

    id: str
    name_nl: str
    name_en: str
    unit: str


INDICATORS = [
    Indicator("jobs", "Banen", "Jobs", "jobs"),
    Indicator("inhabitants", "Inwoners", "Inhabitants' number", "persons"),
]
DICTIONARY = dictionary(PUBLISHED, INDICATORS)


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every published table, empty but for the dictionary."""
    path = tmp_path_factory.mktemp("dictionary") / "w.duckdb"
    contents: dict[type[Table], pl.DataFrame] = {
        table: pl.DataFrame(schema=polars_schema(table)) for table in PUBLISHED
    }
    contents[mart.Dictionary] = DICTIONARY
    duckdb_file.publish(path, contents, [one.id for one in INDICATORS])
    return path


def test_every_published_column_is_described_once_and_in_order() -> None:
    for table in PUBLISHED:
        name = (pl.col("schema_name") == table.__table__.schema) & (
            pl.col("table_name") == table.__tablename__
        )
        whole, *found = DICTIONARY.filter(name).sort("position").to_dicts()
        assert whole["comment_en"] == " ".join(comment_of(table).split())
        assert [(f["column_name"], f["comment_en"], f["is_key"], f["nullable"]) for f in found] == [
            (c.name, c.comment, c.is_key, c.nullable) for c in columns(table)
        ]
        assert [f["choices"] for f in found] == [
            "; ".join(c.choices) or None for c in columns(table)
        ]
    assert not DICTIONARY.select("schema_name", "table_name", "column_name").is_duplicated().any()


def test_columns_and_types_are_those_of_the_database(warehouse: Path) -> None:
    """Of tables and of views: a view whose columns are not declared, or declared otherwise, fails here."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        really = connection.execute(
            "SELECT schema_name, table_name, column_name, data_type FROM duckdb_columns() "
            "WHERE NOT internal ORDER BY ALL"
        ).fetchall()
        in_order = connection.execute(
            "SELECT table_name, list(column_name ORDER BY column_index) FROM duckdb_columns() "
            "WHERE NOT internal GROUP BY table_name"
        ).fetchall()
    described = DICTIONARY.filter(pl.col("column_name") != WHOLE)
    said = (
        described.select("schema_name", "table_name", "column_name", "type").sort(pl.all()).rows()
    )
    assert said == sorted(really)
    declared = described.sort("position").group_by("table_name").agg("column_name")
    assert dict(declared.rows()) == dict(in_order)


def test_the_comments_on_views_and_their_columns_are_in_the_database(warehouse: Path) -> None:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        told = dict(
            connection.execute(
                "SELECT table_name || '.' || column_name, comment FROM duckdb_columns() "
                "WHERE schema_name = 'mart'"
            ).fetchall()
        )
    of_views = DICTIONARY.filter(pl.col("kind") == "view", pl.col("column_name") != WHOLE)
    assert len(list(comments_on_view_columns(DICTIONARY))) == of_views.height > 70
    for row in of_views.iter_rows(named=True):
        assert told[f"{row['table_name']}.{row['column_name']}"] == row["comment_en"]
    assert told["location_profile.inhabitants"] == "Inhabitants' number, persons: the newest value."


def test_an_indicator_is_a_column_of_the_profile_with_its_own_names_and_unit() -> None:
    [row] = DICTIONARY.filter(
        pl.col("table_name") == "location_profile", pl.col("column_name") == "inhabitants"
    ).to_dicts()
    assert (row["label_nl"], row["unit"], row["type"]) == ("Inwoners", "persons", "DOUBLE")


def test_money_and_areas_say_their_unit() -> None:
    units = dict(DICTIONARY.filter(kind="table").select("column_name", "unit").rows())
    assert (units["amount_eur"], units["area_ha"], units["value"]) == ("euro", "ha", None)


def test_every_view_and_column_has_a_dutch_label_and_every_label_a_column() -> None:
    without = DICTIONARY.filter(pl.col("label_nl").is_null())
    assert without.select("table_name", "column_name").rows() == [], "add it to warehouse/dutch.py"
    names = set(DICTIONARY["column_name"])
    places = {f"{t}.{c}" for t, c in DICTIONARY.select("table_name", "column_name").rows()}
    assert set(dutch.COLUMNS) <= names | places
    assert set(dutch.TABLES) == set(DICTIONARY["table_name"])


def test_every_view_is_described() -> None:
    described = set(DICTIONARY.filter(kind="view")["table_name"])
    assert described == set(views.views(["jobs"]))
