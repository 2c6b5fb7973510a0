"""The invented documents: the drift they are there for, sums that hold, and no sentence of anybody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

import pytest

from assets.catalogue import Catalogue
from assets.sources import anchors
from assets.sources.intake import Taken
from assets.sources.site_crawl import site_of
from samples import performances
from samples.documents import DOCUMENTS, Sample, pages
from tests.publishers import shared
from warehouse.archive import Archive

SITES = "budget_sites"
BY_EDITION = {document.edition: document for document in DOCUMENTS}
SEEDS = shared.folder().parent / "seeds"
SHARED_WORDS = 5
"""So many words in a row of running text are more than a name."""


def said(edition: str) -> str:
    """All words of a document."""
    texts = (anchors.words(page.encode()) for page in pages(BY_EDITION[edition]).values())
    return " ".join(texts)


def top(edition: str) -> str:
    """The page of the performance that all documents have."""
    [page] = [p for path, p in pages(BY_EDITION[edition]).items() if "5-1-2-" in path]
    return unescape(page)


def test_they_are_small() -> None:
    every = [page for document in DOCUMENTS for page in pages(document).values()]
    assert sum(len(page.encode()) for page in every) < 200_000


def test_each_is_declared_where_it_is_published(catalogue: Catalogue) -> None:
    for document in DOCUMENTS:
        site = site_of(catalogue.sources[SITES], document.edition)
        assert (site.host, site.path) == (document.host, document.folder)
        assert site.generation == (1 if document.folder == "/" else 2)


def test_every_page_is_reached_and_every_link_leads_to_one(
    taken_editions: dict[tuple[str, str], Taken],
) -> None:
    for document in DOCUMENTS:
        taken = taken_editions[SITES, document.edition]
        assert {part.url for part in taken.release.parts} == {
            f"https://{document.host}{path}" for path in pages(document)
        }
        assert taken.table.remarks == ()


def test_they_are_marked_as_invented(sample: Archive) -> None:
    releases = sample.releases(SITES)
    assert {release.edition for release in releases} == set(BY_EDITION)
    assert all(release.synthetic for release in releases)


def test_the_performance_is_in_all_six_on_another_page_each_time() -> None:
    paths = [path for document in DOCUMENTS for path in pages(document) if "5-1-2-" in path]
    assert len(paths) == 6
    assert [path.split("/")[1] for path in paths[:5]] == [
        "p16844", "p17995", "p18965", "p20953", "p29152",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("edition", "there", "not_there"),
    [
        (
            "overijssel-jaarverslag-2016",
            ["vier topwerklocaties", "waarbij…", "PS/2016/486", "PS/2016/985", "PS/2016/586",
             "Ecologische Hoofdstructuur/Kwaliteit van Overijssel?<", "Financiën", "HTSM-park"],
            ["Project website", "bedragen"],
        ),
        (
            "overijssel-monitor-2017-1",
            ["Financiƫn", "potentiƫle", "Project website:", "Geen afwijking.", "…",
             "Openbaar lichaam Regionaal Bedrijventerrein Twente"],
            ["Financiën"],
        ),
        (
            "overijssel-begroting-2018",
            ["Natuurnetwerk Nederland / Kwaliteit van Overijssel?<",
             "Statenvoorstel (Top)werklocaties"],
            ["Toelichting op voortgang", "Financi", "Geen afwijking", "Ecologische"],
        ),
        (
            "overijssel-jaarverslag-2017",
            ["PS/2017/798", "Technology Base Twente", "Hessenpoort", "Polymer Science Park",
             "Bedrijvenpark A1", "Deventer Open Innovatie Center", "Tapijtcluster",
             "Kwaliteit van Overijssel:<"],
            ["Overijssel?"],
        ),
        ("overijssel-jaarverslag-2019", ["S/park", "vijf topwerklocaties", "Regio Deal Twente"], []),
        (
            "overijssel-monitor-2020-2",
            ["Terug naar navigatie - Acties", "<p>Begroot 6.310</p>", "<p>Ruimte 285</p>",
             "Inhoudelijke kleurscore", "gebouwd op 11/03/2020 09:12:44", "bedragen x € 1.000"],
            ["Basisinformatie", "Publicatiedatum"],
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_each_has_its_drift(edition: str, there: list[str], not_there: list[str]) -> None:
    page = top(edition)
    assert not [text for text in there if text not in page]
    assert not [text for text in not_there if text in page]


def test_one_number_took_the_place_of_two_and_a_name_is_misspelt() -> None:
    first = said("overijssel-jaarverslag-2016")
    assert "9.0.2" in first and "9.0.9" in first
    assert "Aera Development Twente" in first
    assert "Area Development Twente" in said("overijssel-jaarverslag-2017")
    assert "8.1.5 Technology Base Twente" in said("overijssel-jaarverslag-2019")


@pytest.mark.parametrize("edition", sorted(BY_EDITION))
def test_the_first_page_has_the_goal_tree_and_its_date(edition: str) -> None:
    document = BY_EDITION[edition]
    home = anchors.words(pages(document)[document.folder].encode())
    assert f"Publicatiedatum: {document.published:%d-%m-%Y}" in home
    places = [home.index(title) for title in ("Doelenboom", "Kerntaak 5:", "5.1 ", "5.1.2 ")]
    assert places == sorted(places)
    for performance in document.performances:
        assert f"{performance.code} {performance.title}" in home


def test_the_annual_report_of_2017_came_out_in_april() -> None:
    assert "Publicatiedatum: 24-04-2018" in said("overijssel-jaarverslag-2017")


def test_the_list_states_how_many_performances_there_are() -> None:
    document = BY_EDITION["overijssel-monitor-2020-2"]
    listed = anchors.words(pages(document)["/monitor-2020-ii/projecten"].encode())
    assert f"Prestaties ({len(document.performances)})" in listed


def _amounts(document: Sample) -> Iterator[tuple[int, int, int]]:
    """Budgeted, realised and room of every table row and page that has all three."""
    for performance in document.performances:
        for row in performance.amounts[1:]:
            if len(row) == 4:
                yield tuple(int(cell.replace(".", "")) for cell in row[1:])  # type: ignore[misc]
    figures = re.compile(r"Begroot ([\d.]+) Gerealiseerd ([\d.]+) Ruimte ([\d.]+)")
    for page in pages(document).values():
        for found in figures.finditer(anchors.words(page.encode())):
            yield tuple(int(amount.replace(".", "")) for amount in found.groups())  # type: ignore[misc]


def test_what_is_budgeted_less_what_is_realised_is_the_room() -> None:
    amounts = [amount for document in DOCUMENTS for amount in _amounts(document)]
    assert len(amounts) >= 12
    assert [a for a in amounts if a[0] - a[1] != a[2]] == []


def test_the_figures_of_a_core_task_are_those_of_its_performances_together() -> None:
    document = BY_EDITION["overijssel-monitor-2020-2"]
    for task in performances.TASKS:
        here = [p.figures for p in document.performances if p.code[0] == task and p.figures]
        page = next(p for path, p in pages(document).items() if f"kerntaak-{task}-" in path)
        assert f"Begroot {sum(b for b, _ in here):,}".replace(",", ".") in page


def test_the_portfolio_holder_is_nobody() -> None:
    for document in DOCUMENTS:
        for performance in document.performances:
            holders = [value for label, value in performance.fields if "portefeuille" in label]
            assert set(holders) <= {"Sam Voorbeeld."}


def _runs(text: str) -> set[tuple[str, ...]]:
    """Every row of so many words."""
    words = re.findall(r"[\w./]*\w", text.casefold())
    return {tuple(words[at : at + SHARED_WORDS]) for at in range(len(words) - SHARED_WORDS + 1)}


def _sentences() -> Iterator[str]:
    """All that is no heading, title or label."""
    for document in DOCUMENTS:
        for p in document.performances:
            yield from (*p.intro, p.context, *p.actions, *p.progress, *p.finance)
            yield from (value for _, value in p.fields)


@pytest.mark.skipif(not SEEDS.is_dir(), reason=f"no seeds in {SEEDS}")
def test_no_sentence_is_taken_over() -> None:
    theirs = set().union(*(_runs(path.read_text("utf-8")) for path in SEEDS.glob("*.txt")))
    ours = set().union(*map(_runs, _sentences()))
    assert len(theirs) > 500
    assert len(ours) > 500
    assert ours & theirs == set()
