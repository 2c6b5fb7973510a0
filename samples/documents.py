"""Six invented planning & control documents of 2016 to 2020, as the sites of both generations
would publish them: `SITES` has host -> path -> page.

What they say is in `performances`; here is how their pages look, as far as a reader of pages can
tell: which headings there are, how blocks are parted, which letters went wrong on the way.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape

from samples import performances
from samples.performances import GOALS, TASKS, THOUSANDS, Performance, Row


@dataclass(frozen=True)
class Sample:
    """One document: an edition of the source `budget_sites`."""

    edition: str
    host: str
    title: str
    published: dt.date
    performances: tuple[Performance, ...]
    folder: str = "/"
    """Below which it stands on its host; another than `/` makes it of the second generation."""
    finance: str = "Financiën"
    """The heading above what is said of money."""

    @property
    def modified(self) -> dt.datetime:
        """When its pages were last changed."""
        return dt.datetime.combine(self.published, dt.time(9, 0), dt.UTC)


DOCUMENTS = (
    Sample(
        "overijssel-jaarverslag-2016",
        "overijssel.jaarverslag-2016.nl",
        "Jaarverslag 2016",
        dt.date(2017, 5, 2),
        performances.ANNUAL_REPORT_2016,
    ),
    Sample(
        "overijssel-monitor-2017-1",
        "monitoroverijssel2017-1.pcportal.nl",
        "Monitor Overijssel 2017-I",
        dt.date(2017, 6, 20),
        performances.MONITOR_2017,
        finance="Financiƫn",
    ),
    Sample(
        "overijssel-begroting-2018",
        "overijssel.begroting-2018.nl",
        "Begroting 2018",
        dt.date(2017, 9, 26),
        performances.BUDGET_2018,
    ),
    Sample(
        "overijssel-jaarverslag-2017",
        "overijssel.jaarverslag-2017.nl",
        "Jaarverslag 2017",
        dt.date(2018, 4, 24),
        performances.ANNUAL_REPORT_2017,
    ),
    Sample(
        "overijssel-jaarverslag-2019",
        "overijssel.jaarverslag-2019.nl",
        "Jaarverslag 2019",
        dt.date(2020, 4, 28),
        performances.ANNUAL_REPORT_2019,
    ),
    Sample(
        "overijssel-monitor-2020-2",
        "destaatvan.overijssel.nl",
        "Monitor 2020-II",
        dt.date(2020, 11, 3),
        performances.MONITOR_2020,
        folder="/monitor-2020-ii/",
    ),
)


def pages(document: Sample) -> dict[str, str]:
    """All pages of a document: path -> HTML."""
    return dict(_first_generation(document) if document.folder == "/" else _second(document))


# -- a page ------------------------------------------------------------------------------------
def _page(title: str, body: Iterable[str], foot: str = "") -> str:
    lines = "\n".join(body)
    return (
        '<!DOCTYPE html>\n<html lang="nl">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{escape(title)}</title>\n</head>\n<body>\n"
        '<nav><ul><li><a href="/">Home</a></li>'
        '<li><a href="https://www.overijssel.nl/">Contact</a></li></ul></nav>\n'
        f"<main>\n{lines}\n</main>\n<footer>{foot}</footer>\n</body>\n</html>\n"
    )


def _paragraphs(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield f"<p>{escape(text, quote=False)}</p>"


def _list(kind: str, items: Iterable[str]) -> str:
    return f"<{kind}>\n" + "\n".join(f"<li>{item}</li>" for item in items) + f"\n</{kind}>"


def _link(path: str, text: str) -> str:
    return f'<a href="{path}">{escape(text, quote=False)}</a>'


def _table(rows: tuple[Row, ...]) -> str:
    head, *body = rows
    lines = ["".join(f"<th>{escape(cell)}</th>" for cell in head)]
    lines += ["".join(f"<td>{escape(cell)}</td>" for cell in row) for row in body]
    inside = "\n".join(f"<tr>{line}</tr>" for line in lines)
    return f"<table>\n<caption>{THOUSANDS}</caption>\n{inside}\n</table>"


def _slug(text: str) -> str:
    letters = text.lower().translate(str.maketrans("ëé", "ee"))
    return "-".join("".join(c if c.isalnum() else " " for c in letters).split())


def _named(performance: Performance) -> str:
    return f"{performance.code} {performance.title}"


def _tree(document: Sample, address: dict[str, str]) -> str:
    """The goal tree as lists in lists: core task, goals, performances with a link each."""
    tasks = []
    for task, task_title in TASKS.items():
        goals = []
        for goal, goal_title in GOALS.items():
            here = [p for p in document.performances if p.code.startswith(f"{goal}.")]
            if here and goal.startswith(f"{task}."):
                below = _list("ul", (_link(address[p.code], _named(p)) for p in here))
                goals.append(f"{goal} {escape(goal_title)}\n{below}")
        tasks.append(f"Kerntaak {task}: {escape(task_title)}\n{_list('ul', goals)}")
    return _list("ul", tasks)


# -- the first generation ----------------------------------------------------------------------
def _first_generation(document: Sample) -> Iterator[tuple[str, str]]:
    """A home page with the goal tree, and a page a performance."""
    address = {p.code: f"/p{p.page}/{_slug(_named(p))}" for p in document.performances}
    yield (
        "/",
        _page(
            document.title,
            [
                f"<h1>{document.title}</h1>",
                f"<p>Publicatiedatum: {document.published:%d-%m-%Y}</p>",
                "<h2>Doelenboom</h2>",
                _tree(document, address),
            ],
        ),
    )
    for p in document.performances:
        yield address[p.code], _page(_named(p), _sections(document, p))


def _sections(document: Sample, p: Performance) -> Iterator[str]:
    yield f"<h1>{_named(p)}</h1>"
    yield from _paragraphs(p.intro)
    if p.context:
        yield "<h2>Context</h2>"
        yield from _paragraphs([p.context])
    yield "<h2>Acties</h2>"
    yield _list("ol", (escape(action) for action in p.actions))
    if p.progress:
        yield "<h2>Toelichting op voortgang</h2>"
        yield from _paragraphs(p.progress)
    if p.finance or p.amounts:
        yield f"<h2>{document.finance}</h2>"
    if p.finance:
        yield "<h3>Toelichting op voortgang</h3>"
        yield from _paragraphs(p.finance)
    if p.amounts:
        yield _table(p.amounts)
    yield "<h2>Basisinformatie</h2>"
    for label, value in p.fields:
        yield from _paragraphs([label, value])


# -- the second generation ---------------------------------------------------------------------
def _second(document: Sample) -> Iterator[tuple[str, str]]:
    """A first page with the goal tree, a list of all performances, a page each, and a page a core
    task with its figures."""
    root = document.folder
    address = {p.code: f"{root}project/{_slug(_named(p))}" for p in document.performances}
    stamp = (
        "<p>Deze pagina is gebouwd op 11/03/2020 09:12:44 met de export van 10/29/2020 16:05:10</p>"
    )
    programmes = {task: f"{root}programma/kerntaak-{task}-{_slug(TASKS[task])}" for task in TASKS}
    yield (
        root,
        _page(
            document.title,
            [
                *_block(document.title, "h1"),
                f"<p>Publicatiedatum: {document.published:%d-%m-%Y}</p>",
                *_block("Doelenboom"),
                _tree(document, address),
                _list("ul", (_link(path, TASKS[task]) for task, path in programmes.items())),
                f"<p>{_link(f'{root}projecten', 'Status prestaties')}</p>",
            ],
            stamp,
        ),
    )
    count = f"Prestaties ({len(document.performances)})"
    links = _list("ul", (_link(address[p.code], _named(p)) for p in document.performances))
    # A filter shows some of the same list: whoever follows all of them asks for it many times.
    chosen = f"<p>{_link(f'{root}projecten?Tag1Id=47183', 'Lees verder')}</p>"
    yield f"{root}projecten", _page(count, [*_block(count), links, chosen], stamp)
    for task, path in programmes.items():
        yield path, _page(TASKS[task], _programme(document, task), stamp)
    for p in document.performances:
        yield address[p.code], _page(_named(p), _project(p), stamp)


def _block(heading: str, tag: str = "h2") -> Iterator[str]:
    yield f"<p>Terug naar navigatie - {escape(heading)}</p>"
    yield f"<{tag}>{escape(heading)}</{tag}>"


def _figures(budgeted: int, realised: int) -> Iterator[str]:
    """The three figures above a page, with dots between the thousands."""
    figures = {"Begroot": budgeted, "Gerealiseerd": realised, "Ruimte": budgeted - realised}
    for name, amount in figures.items():
        yield f"<p>{name} {amount:,}</p>".replace(",", ".")


def _programme(document: Sample, task: str) -> Iterator[str]:
    here = [p for p in document.performances if p.code.startswith(f"{task}.")]
    figures = [p.figures for p in here if p.figures]
    yield from _block(f"Kerntaak {task}: {TASKS[task]}", "h1")
    yield f"<p>{THOUSANDS}</p>"
    yield from _figures(sum(b for b, _ in figures), sum(r for _, r in figures))


def _project(p: Performance) -> Iterator[str]:
    yield from _block(_named(p), "h1")
    if p.figures:
        yield f"<p>{THOUSANDS}</p>"
        yield from _figures(*p.figures)
    yield from _paragraphs(p.intro)
    yield from _block("Acties")
    yield _list("ol", (escape(action) for action in p.actions))
    yield from _block("Toelichting op voortgang")
    yield from _paragraphs(p.progress)
    if p.amounts:
        yield from _block("Financiën")
        yield _table(p.amounts)
    yield from _block("Status")
    for label, value in p.fields:
        yield from _paragraphs([label, value])
