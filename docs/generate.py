"""Writes the pages that follow from declarations, so that they cannot say something else.

    python -m docs.generate            writes the pages beside this file
    python -m docs.generate --check    writes nothing; exit status 1 names what is stale

Tables and views come from `warehouse`, sources and indicators from the catalogue. What is
written by hand (running.md, decisions/) is not touched here. A page holds no date: it changes
when a declaration changes and at no other time.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from assets.catalogue import Catalogue, load_catalogue
from assets.catalogue.models import COUNTED_MEASURES, Indicator, Measure, Source
from assets.marts.indicators import indicators as indicator_rows
from assets.marts.indicators import sources_of
from docs.words import PROTOCOLS, PUBLISHERS, REASONS
from warehouse.dictionary import dictionary
from warehouse.tables import core, mart
from warehouse.tables.core import MISSING_REASONS
from warehouse.vocabulary import name_of

HERE = Path(__file__).parent
GENERATED = "<!-- Made by `python -m docs.generate`; edit the declarations, not this page. -->"

Lines = Iterator[str]


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Lines:
    """A Markdown table; nothing at all where there are no rows."""
    lines = [" | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in row) for row in rows]
    if lines:
        yield f"| {' | '.join(headings)} |"
        yield f"|{'---|' * len(headings)}"
        yield from (f"| {line} |" for line in lines)
        yield ""


def code(text: str) -> str:
    """`text` as Markdown code; empty stays empty."""
    return f"`{text}`" if text else ""


# -- the data dictionary ---------------------------------------------------------------------
def data_dictionary(catalogue: Catalogue) -> Lines:
    """Every table that is published, and the views: `mart.dictionary` as a page."""
    from assets.publication import PUBLISHED_CORE

    kept = [name_of(other) for other in core.TABLES if other not in PUBLISHED_CORE]
    rows = dictionary((*mart.TABLES, *PUBLISHED_CORE), catalogue.indicators.values()).to_dicts()
    by_table: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for row in rows:
        place = (row["schema_name"], row["kind"], row["table_name"])
        by_table.setdefault(place, []).append(row)
    yield from (
        "# Data dictionary",
        "",
        "Every table and view of the published warehouse. The same is in the database, as comments "
        "and as the table `mart.dictionary`. Moments are UTC, stored without a zone. Keys are judged "
        "by the gate before publication; DuckDB holds no key constraints. Types are as DuckDB names "
        "them; PostgreSQL says `double precision` for `DOUBLE`.",
        "",
        "Three clocks: `period` is what a figure is about, `edition` the year in which its area is "
        "cut, and `known_from` to `known_to` (half-open) when it was what we knew. What is known "
        "now has `known_to IS NULL`.",
        "",
        f"Core tables that are not published (some name firms; what readers need of them is in "
        f"`mart`): {', '.join(map(code, kept))}.",
        "",
    )
    for heading, schema, kind in (
        ("Schema `mart`", "mart", "table"),
        ("Views in `mart`", "mart", "view"),
        ("Schema `core`: figures as published, before they become indicators", "core", "table"),
    ):
        yield from (f"## {heading}", "")
        for place, found in by_table.items():
            if place[:2] == (schema, kind):
                yield from _described(found, catalogue.indicators)


def _described(found: Sequence[Mapping[str, Any]], indicators: Container[str]) -> Lines:
    whole, *of_columns = found
    view = whole["kind"] == "view"
    yield from (f"### `{whole['schema_name']}.{whole['table_name']}`", "")
    yield from (whole["comment_en"], "", f"Nederlands: {whole['label_nl']}.", "")
    if keys := [code(column["column_name"]) for column in of_columns if column["is_key"]]:
        yield from (f"Key: {', '.join(keys)}.", "")
    rows = []
    for column in of_columns:
        if view and column["column_name"] in indicators:
            continue
        said = column["comment_en"]
        if column["choices"]:
            said += f" One of {', '.join(map(code, column['choices'].split('; ')))}."
        null = "may be" if column["nullable"] and not view else ""
        rows.append(
            (code(column["column_name"]), column["type"], null, said, column["label_nl"] or "")
        )
    yield from table(("column", "type", "null", "what it is", "Nederlands"), rows)
    if len(rows) < len(of_columns):
        yield from (
            "And a column an indicator, `DOUBLE`, named by its id ([indicators.md](indicators.md)).",
            "",
        )


# -- the sources -----------------------------------------------------------------------------
def sources(catalogue: Catalogue) -> Lines:
    """Every source of the catalogue."""
    yield from (
        "# Sources",
        "",
        "What each source is, what is expected of it, and what it was tested against.",
        "",
        "Tested against: a stand-in for the publishers (`tests/publishers/`), real HTTP servers on "
        "loopback that speak the wire formats as documented and as others recorded them. "
        "**None of this has been run against the live services.** Expect the first live night to "
        "find differences; they block the source concerned and say what was expected.",
        "",
        "An edition with fewer rows than the floor is refused; more than the ceiling is told as a "
        "remark. The floor for the bundled sample is lower, because the sample is a cut. "
        "Signs for missing values: [missing-values.md](missing-values.md).",
        "",
    )
    yield from table(
        ("source", "what", "publisher", "licence"),
        (
            (
                f"[`{s.name}`](#{s.name})",
                f"{s.title_nl} / {s.title_en}",
                PUBLISHERS[s.publisher][0],
                s.licence,
            )
            for s in catalogue.sources.values()
        ),
    )
    for source in catalogue.sources.values():
        yield from _source(catalogue, source)


def _source(catalogue: Catalogue, source: Source) -> Lines:
    publisher, setting = PUBLISHERS[source.publisher]
    protocol, _ = PROTOCOLS[source.protocol]
    fed = [indicator.id for indicator in catalogue.indicators_fed_by(source.name)]
    found = source.discovery
    facts = [
        ("Dutch", source.title_nl),
        ("English", source.title_en),
        ("publisher", f"{publisher} (`{setting}`)"),
        ("protocol", protocol),
        ("path", code(source.path or "")),
        ("subject", source.subject),
        ("grain", source.grain),
        ("area, period, split", ", ".join(map(code, filter(None, _dimensions(source))))),
        ("cadence", f"{source.cadence_days} days"),
        ("rows in an edition", f"{source.row_floor:,} to {source.row_ceiling:,}"),
        ("floor on the sample", f"{source.sample_row_floor:,}" if source.sample_row_floor else ""),
        ("licence", source.licence),
        ("attribution", source.attribution),
        ("discovery", f"titles like `{found.title_pattern}`" if found else ""),
        (
            "asked",
            f"where a site has a boundary said in {source.only_for}" if source.only_for else "",
        ),
        ("tested against", _tested(source)),
        ("feeds", ", ".join(f"[`{name}`](indicators.md#{name})" for name in fed) or "no indicator"),
    ]
    yield from (f"## {source.name}", "")
    yield from table(("", ""), (fact for fact in facts if fact[1]))
    yield from _editions(source)
    yield from table(
        ("measure", "unit", "published as", "published unit", "factor", "must be there"),
        (_measure(name, measure) for name, measure in source.measures.items()),
    )
    if counted := COUNTED_MEASURES.get(source.subject):
        made = ", ".join(map(code, counted))
        yield from (f"Measures that we add up or count from its rows: {made}.", "")
    for name, prefixes in source.groups_of_codes.items():
        said = ", ".join(prefixes)
        yield from (f"Breakdown `sbi_{name}`: activity codes that start with {said}.", "")
    for name, supplier in source.suppliers.items():
        about = [f"SBI {supplier.sbi_edition}"] if supplier.sbi_edition else []
        about += ["invented data"] if supplier.synthetic else []
        said = "; ".join(about)
        yield from (
            f"Supplier `{name}`{said and f' ({said})'}, file names like `{supplier.file_pattern}`:",
            "",
        )
        yield from table(
            ("column", "header", "must be there"),
            (
                (code(column), " or ".join(map(code, told.header)), "yes" if told.required else "")
                for column, told in supplier.columns.items()
            ),
        )
    if source.not_taken:
        left_out = "; ".join(map(code, source.not_taken))
        yield from (f"Known and kept out of core: {left_out}.", "")


def _dimensions(source: Source) -> tuple[str | None, ...]:
    return source.region, source.period, source.breakdown


def _tested(source: Source) -> str:
    speaks = PROTOCOLS[source.protocol][1]
    if not speaks:
        return "files dropped in a folder; no real extract has been seen"
    return f"the stand-in, `tests/publishers/{speaks}`; not the live service"


def _editions(source: Source) -> Lines:
    if not source.editions:
        yield from ("Editions: none declared; they are found in the inbox.", "")
    yield from table(
        ("edition", "id", ""),
        ((edition, code(of.id), of.note or "") for edition, of in source.editions.items()),
    )


def _measure(name: str, measure: Measure) -> tuple[str, ...]:
    published = [f"v4 `{measure.v4}`"] if measure.v4 else []
    published += [f"{t.group}: {t.title}" if t.group else t.title for t in measure.titles]
    published += [f"property `{measure.field}`"] if measure.field else []
    units = dict.fromkeys(unit.strip() for unit in measure.published_unit)
    return (
        code(name),
        measure.unit,
        " or ".join(published),
        " or ".join(units),
        f"{measure.factor:g}",
        "yes" if measure.required else "",
    )


# -- the indicators --------------------------------------------------------------------------
def indicators(catalogue: Catalogue) -> Lines:
    """Every indicator, by theme."""
    formulas = dict(indicator_rows(catalogue).select("indicator_id", "formula").iter_rows())
    by_theme: dict[str, list[Indicator]] = {}
    for indicator in catalogue.indicators.values():
        by_theme.setdefault(indicator.theme, []).append(indicator)
    yield from (
        "# Indicators",
        "",
        f"{len(catalogue.indicators)} indicators in {len(by_theme)} themes, with their definition "
        "in Dutch and English. `allocation` says how the value of a site is made from the areas "
        "it is composed of. All of this is in `mart.indicator` too.",
        "",
    )
    yield from table(
        ("theme", "indicators"),
        (
            (theme, ", ".join(f"[`{one.id}`](#{one.id})" for one in together))
            for theme, together in sorted(by_theme.items())
        ),
    )
    for theme, together in sorted(by_theme.items()):
        yield from (f"## Theme {theme}", "")
        for indicator in together:
            yield from _indicator(catalogue, indicator, formulas[indicator.id])


def _indicator(catalogue: Catalogue, indicator: Indicator, formula: str) -> Lines:
    weight = f" (weighted by `{indicator.weight}`)" if indicator.weight else ""
    valid = f"{indicator.valid_from or 'the first'} to {indicator.valid_to or 'the newest'} period"
    fed = ", ".join(
        f"[`{name}`](sources.md#{name})" for name in sorted(sources_of(catalogue, indicator))
    )
    facts = [
        ("Nederlands", f"**{indicator.name_nl}.** {indicator.definition_nl}"),
        ("English", f"**{indicator.name_en}.** {indicator.definition_en}"),
        ("unit", f"{indicator.unit}; {indicator.direction.replace('_', ' ')}"),
        ("levels", ", ".join(indicator.levels)),
        ("allocation", f"{indicator.allocation}{weight}"),
        ("formula", formula),
        ("sources", fed),
        ("rounding", indicator.rounding),
        ("minimum cell", str(indicator.minimum_cell) if indicator.minimum_cell else ""),
        ("SBI edition", indicator.sbi_edition or ""),
        ("valid", valid),
        ("owner, licence", f"{indicator.owner}; {indicator.licence}"),
        ("working catalogue", indicator.catalogue_code or ""),
    ]
    yield from (f"### {indicator.id}", "")
    yield from table(("", ""), (fact for fact in facts if fact[1]))


# -- missing values --------------------------------------------------------------------------
def missing_values(catalogue: Catalogue) -> Lines:
    """The reasons, and what each publisher's signs mean in them."""
    yield from (
        "# Missing values",
        "",
        "Absent is not zero. A figure that is not there has no value and a `missing_reason`; a "
        "figure that is there has a value and no reason.",
        "",
    )
    yield from table(
        ("reason", "Nederlands", "English"),
        ((code(reason), *REASONS[reason]) for reason in MISSING_REASONS),
    )
    yield from (
        "`no_boundary` and `not_allocatable` are ours: they are said of a site, never by a "
        "publisher. `confidential` is ours too where disclosure control holds a count back.",
        "",
        "## Signs by source",
        "",
        "As declared under `missing` of each source. Where a number should stand, a sign that is "
        "not listed stops the source, or in an extract sets the row aside; nothing is guessed.",
        "",
    )
    yield from table(
        ("source", "sign", "reason"),
        (row for source in catalogue.sources.values() for row in _signs(source)),
    )


def _signs(source: Source) -> Iterator[tuple[str, str, str]]:
    name = code(source.name)
    for sign, reason in source.missing.signs.items():
        yield name, code(sign) or "blank", code(reason)
    yield name, "null, or no such cell", code(source.missing.null)
    if source.subject == "figures":
        yield (
            name,
            "a measure that is null in every row of an edition",
            code(source.missing.empty_column),
        )


# -- writing and checking --------------------------------------------------------------------
PAGES: dict[str, Callable[[Catalogue], Lines]] = {
    "data-dictionary.md": data_dictionary,
    "sources.md": sources,
    "indicators.md": indicators,
    "missing-values.md": missing_values,
}


def rendered(catalogue: Catalogue) -> dict[str, str]:
    """File name -> what the page must say."""
    return {
        name: "\n".join((GENERATED, *page(catalogue))).rstrip() + "\n"
        for name, page in PAGES.items()
    }


def stale(folder: Path, pages: dict[str, str]) -> list[str]:
    """Names of the pages in `folder` that say something else, or are not there."""
    return [
        name
        for name, text in pages.items()
        if not (folder / name).is_file() or (folder / name).read_text("utf-8") != text
    ]


def main(arguments: Sequence[str], folder: Path = HERE) -> int:
    """Write the pages, or with `--check` say which are stale; the exit status."""
    if any(argument != "--check" for argument in arguments):
        sys.stderr.write("usage: python -m docs.generate [--check]\n")
        return 2
    pages = rendered(load_catalogue())
    wrong = stale(folder, pages)
    for name in wrong:
        if arguments:
            sys.stderr.write(f"docs/{name} is stale; run `.venv/bin/python -m docs.generate`\n")
        else:
            (folder / name).write_text(pages[name], "utf-8")
            sys.stdout.write(f"wrote docs/{name}\n")
    return int(bool(wrong and arguments))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
