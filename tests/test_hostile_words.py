"""Words from outside stay words: identifiers come from declarations alone, all else is a value."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.catalogue import CatalogueError, load_catalogue
from tests.warehouse.published import few, seen
from warehouse import ddl, views
from warehouse.archive import NAME
from warehouse.parts import Copies
from warehouse.publishing import publishing
from warehouse.reading import reading
from warehouse.tables import mart, published
from warehouse.vocabulary import Table, columns, schema_of

HOSTILE = (
    '"; DROP TABLE mart.location; --',
    "'; DROP SCHEMA mart CASCADE; --",
    "x' OR '1'='1",
    "$$; COPY mart.location TO PROGRAM 'id'; $$",
    ":wanted",
    "%(x)s {0} \\' \\\\",
    "../../etc/passwd",
    "<script>alert(1)</script>",
    "a\nb\tc",
)


@pytest.mark.parametrize("table", published.TABLES, ids=lambda table: table.__name__)
def test_every_name_in_a_statement_is_one_that_a_declaration_may_have(table: type[Table]) -> None:
    for name in (schema_of(table), table.__tablename__, *(c.name for c in columns(table))):
        assert ddl.identifier(name) == f'"{name}"'
        assert name.islower()


@pytest.mark.parametrize("name", [*HOSTILE, "", "naïef", "a-b", "a b", 'a"b', "a.b"])
def test_no_other_name_gets_into_a_statement(name: str) -> None:
    with pytest.raises(ValueError, match="is not a name"):
        ddl.identifier(name)
    with pytest.raises(ValueError, match="is not a name"):
        views.views(["jobs", name])
    if name in HOSTILE:
        assert not NAME.fullmatch(name), "no edition, and so no folder and no partition"


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_what_is_a_name_has_nothing_but_letters_digits_and_underscores(name: str) -> None:
    try:
        said = ddl.identifier(name)
    except ValueError:
        return
    assert set(said[1:-1]) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
    assert said[1:-1] == name != ""


@pytest.fixture(params=["duckdb", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A warehouse in which nothing is yet, of either engine."""
    if request.param == "duckdb":
        return f"duckdb:///{tmp_path / 'its' / 'w; DROP.duckdb'}"
    return str(request.getfixturevalue("database"))


def test_hostile_words_are_published_changed_and_asked_for_as_what_they_are(
    url: str, tmp_path: Path
) -> None:
    def contents(number: int, words: tuple[str, ...]) -> dict[type[Table], Any]:
        whole = few(number)
        first = whole[mart.Location].head(len(words))
        return whole | {
            mart.Location: first.with_columns(
                location_id=pl.Series(words), name=pl.Series(reversed(words))
            )
        }

    for number, words in ((1, HOSTILE), (2, HOSTILE[2:]), (3, HOSTILE)):
        with publishing(url, Copies(tmp_path / "copies")) as target:
            target.replace(contents(number, words), None, seen(number))
        with reading(url) as reader:
            rows = reader.rows("SELECT location_id, name FROM mart.location")
            assert {row["location_id"]: row["name"] for row in rows} == dict(
                zip(words, reversed(words), strict=True)
            )
            for word in words:
                [found] = reader.rows(
                    "SELECT location_id FROM mart.location WHERE location_id = :wanted", wanted=word
                )
                assert found["location_id"] == word


@pytest.mark.parametrize(
    "tag",
    [
        "!!python/object/apply:os.system ['touch {0}']",
        "!!python/object/new:subprocess.Popen [['touch', '{0}']]",
        "!!python/name:os.system",
    ],
)
def test_a_catalogue_makes_no_objects(tmp_path: Path, tag: str) -> None:
    (tmp_path / "sites.yaml").write_text(f"- id: {tag.format(tmp_path / 'made')}\n")
    with pytest.raises((CatalogueError, yaml.YAMLError)):
        load_catalogue(further=tmp_path)
    assert not (tmp_path / "made").exists()
