"""The pages that follow from declarations: up to date, complete, the same every time."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assets.catalogue import load_catalogue
from assets.publication import PUBLISHED_CORE
from docs import generate
from docs.words import PROTOCOLS, PUBLISHERS, REASONS
from warehouse import views
from warehouse.tables import core, mart
from warehouse.vocabulary import Table, columns, comment_of, name_of

CATALOGUE = load_catalogue()
PAGES = generate.rendered(CATALOGUE)


def test_the_pages_in_the_tree_are_not_stale() -> None:
    assert generate.stale(generate.HERE, PAGES) == [], "run `python -m docs.generate`"


def test_a_page_that_is_changed_or_not_there_is_named_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert generate.main([], tmp_path) == 0
    assert generate.main(["--check"], tmp_path) == 0
    capsys.readouterr()
    sources = tmp_path / "sources.md"
    sources.write_text(sources.read_text("utf-8").replace("14,000", "13,000"), "utf-8")
    (tmp_path / "indicators.md").unlink()
    assert generate.main(["--check"], tmp_path) == 1
    said = capsys.readouterr().err
    assert "docs/sources.md is stale" in said
    assert "docs/indicators.md is stale" in said
    assert "data-dictionary.md" not in said
    assert "13,000" in sources.read_text("utf-8")
    assert not (tmp_path / "indicators.md").exists()


def test_another_word_than_check_is_wrong_use(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert generate.main(["--chek"], tmp_path) == 2
    assert "usage" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_the_same_declarations_give_the_same_pages() -> None:
    assert generate.rendered(load_catalogue()) == PAGES


@pytest.mark.parametrize("table", [*core.TABLES, *mart.TABLES], ids=name_of)
def test_every_table_and_column_says_what_it_is(table: type[Table]) -> None:
    assert comment_of(table).endswith(".")
    assert [c.name for c in columns(table) if not c.comment.strip().endswith(".")] == []


@pytest.mark.parametrize("table", [*mart.TABLES, *PUBLISHED_CORE], ids=name_of)
def test_every_published_column_is_in_the_dictionary(table: type[Table]) -> None:
    page = PAGES["data-dictionary.md"]
    start = page.index(f"### `{name_of(table)}`")
    described = page[start : page.find("###", start + 3)]
    assert comment_of(table) in described
    for column in columns(table):
        [line] = [line for line in described.splitlines() if line.startswith(f"| `{column.name}` ")]
        assert column.comment in line
        assert ("may be" in line) == column.nullable
        assert all(f"`{choice}`" in line for choice in column.choices)


def test_every_view_is_in_the_dictionary_with_its_comment() -> None:
    for name, (comment, _) in views.views(CATALOGUE.indicators).items():
        assert f"### `mart.{name}`\n\n{' '.join(comment.split())}\n" in PAGES["data-dictionary.md"]


@pytest.mark.parametrize("name", CATALOGUE.sources)
def test_a_source_says_its_terms_its_measures_and_that_it_was_not_run_live(name: str) -> None:
    source = CATALOGUE.sources[name]
    page = PAGES["sources.md"]
    start = page.index(f"\n## {name}\n")
    described = page[start : page.find("\n## ", start + 4)]
    for said in (source.title_nl, source.title_en, source.licence, source.attribution):
        assert said in described
    assert all(f"`{of.id}`" in described for of in source.editions.values())
    for measure, declared in source.measures.items():
        assert f"| `{measure}` | {declared.unit} |" in described
    assert re.search(r"\| tested against \| .*(not the live service|no real extract)", described)


@pytest.mark.parametrize("name", CATALOGUE.indicators)
def test_an_indicator_says_what_it_is_in_both_languages(name: str) -> None:
    indicator = CATALOGUE.indicators[name]
    page = PAGES["indicators.md"]
    start = page.index(f"\n### {name}\n")
    end = page.find("\n##", start + 4)
    described = page[start : end if end > 0 else None]
    for said in (
        indicator.name_nl,
        indicator.name_en,
        indicator.definition_nl,
        indicator.definition_en,
        indicator.unit,
    ):
        assert " ".join(said.split()) in described
    assert f"| allocation | {indicator.allocation}" in described
    assert f"| levels | {', '.join(indicator.levels)} |" in described


def test_every_reason_publisher_and_protocol_has_words() -> None:
    assert set(REASONS) == set(core.MISSING_REASONS)
    assert {s.publisher for s in CATALOGUE.sources.values()} <= set(PUBLISHERS)
    assert {s.protocol for s in CATALOGUE.sources.values()} <= set(PROTOCOLS)
    stand_in = generate.HERE.parent / "tests" / "publishers"
    assert all((stand_in / module).is_file() for _, module in PROTOCOLS.values() if module)


def test_every_declared_sign_is_among_the_missing_values() -> None:
    page = PAGES["missing-values.md"]
    for source in CATALOGUE.sources.values():
        for sign, reason in source.missing.signs.items():
            shown = f"`{sign}`" if sign else "blank"
            assert f"| `{source.name}` | {shown} | `{reason}` |" in page
