"""What a night shows while it runs and when it is done: bars on a terminal, plain lines elsewhere."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator

from assets.edges import Edges
from pipelines.night import Report, Say, Step
from warehouse.location import locate


@contextlib.contextmanager
def progress(*, enabled: bool = True) -> Iterator[tuple[Step, Say]]:
    """A step and a log function: a progress bar where standard error is a terminal, else lines."""
    if not enabled:
        yield (lambda what, done, of: None), (lambda line: None)
        return
    if not sys.stderr.isatty():
        yield (
            lambda what, done, of: print(f"[{done + 1}/{of}] {what}", file=sys.stderr, flush=True),
            lambda line: print(f"      {line}", file=sys.stderr, flush=True),
        )
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        SpinnerColumn,
        TextColumn,
        TimeElapsedColumn,
    )

    with Progress(
        SpinnerColumn(),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
        console=Console(stderr=True),
        transient=True,
    ) as bars:
        task = bars.add_task("asking the publishers", total=1)
        yield (
            lambda what, done, of: bars.update(task, description=what, completed=done, total=of),
            lambda line: bars.console.print(line, highlight=False, markup=False, soft_wrap=True),
        )


def say_report(report: Report, edges: Edges) -> None:
    """The closing summary: what changed, what was blocked and why, what is stale, what to do next."""
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=True)
    taken = [t for t in report.taken if not t.blocked]
    if taken:
        console.print(f"[bold]Taken in[/] ({len(taken)}):")
        for item in taken:
            release = edges.archive.latest(item.source, item.edition)
            rows = f"{release.rows:,} rows" if release and release.rows is not None else ""
            mark = ", synthetic" if release and release.synthetic else ""
            console.print(
                f"  {item.source} {item.edition}: {item.reason}, {rows}{mark} ({item.seconds:.1f} s)"
            )
    tonight = {f"{t.source} {t.edition}" for t in report.taken if t.blocked}
    for name, why in report.blocked.items():
        console.print(
            f"[bold red]{'Blocked' if name in tonight else 'Still blocked'}[/] {name}: ", end=""
        )
        console.print(why, markup=False)
    for publisher, why in report.unreachable.items():
        console.print(f"[bold red]Unreachable[/] {publisher}: ", end="")
        console.print(why, markup=False)
    if report.stale:
        console.print(f"[bold yellow]Stale[/], last good figures stay: {', '.join(report.stale)}")
    if report.absent:
        console.print(f"Not at the publisher (no failure): {_absent(report.absent)}")
    place = locate(edges.warehouse_url)
    if report.publication_failure:
        console.print("[bold red]Not published[/], the last publication keeps serving: ", end="")
        console.print(report.publication_failure, markup=False)
    elif report.published:
        console.print(
            f"[bold green]Published[/] {place} (made: {', '.join(report.marts) or 'status only'})"
        )
    else:
        console.print(f"Nothing new: {place} stands as it was.")
    console.print(
        f"{report.seconds:.1f} s. Next: locatiemonitor show kennispark-twente | status | make ui"
    )
    if report.blocked:
        console.print(
            "To do: correct what is named above. A release that was refused is tried again when the publisher, the "
            "catalogue or the code changes, or with: locatiemonitor nightly --force --source SOURCE"
        )
    if report.unreachable:
        console.print("The next night asks again by itself.")


def _absent(absent: dict[str, str]) -> str:
    by_source: dict[str, list[str]] = {}
    for name in absent:
        source, _, edition = name.partition(" ")
        by_source.setdefault(source, []).append(edition)
    return "; ".join(f"{source} {', '.join(editions)}" for source, editions in by_source.items())
