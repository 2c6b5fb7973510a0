"""The command line. Exit status: 0 published or nothing new, 1 something was blocked or failed,
2 wrong use. What is shown is made in `reporting` and `showing`; what is done, elsewhere.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from pipelines import warehouse_words

app = typer.Typer(
    name="locatiemonitor",
    help="What is decided and spent on innovation districts and business parks, and what comes of it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(warehouse_words.app, name="warehouse")
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of words.")]
WRONG_USE = 2
FAILED = 1


def _wrong(message: str) -> typer.Exit:
    typer.echo(message, err=True)
    return typer.Exit(WRONG_USE)


def _failed(message: str) -> typer.Exit:
    typer.echo(message, err=True)
    return typer.Exit(FAILED)


def _house() -> tuple[Any, Any]:
    """Settings and edges. Exits with 2 where either is wrong."""
    from pydantic import ValidationError

    from assets.catalogue import CatalogueError, load_catalogue
    from pipelines.executors import executor_of
    from pipelines.instance import records_url
    from pipelines.resources import build_edges
    from pipelines.settings import Settings, load_settings
    from warehouse.location import locate

    def came(error: Any) -> str:
        field = Settings.model_fields.get(str(error["loc"][0]))
        return f" (came {error['input']!r})" if field and field.repr else ""

    try:
        settings = load_settings()
        locate(settings.warehouse)
        records_url(settings.dagster_url)
        executor_of(settings)
        return settings, build_edges(settings, load_catalogue(further=settings.catalogue))
    except ValidationError as error:
        said = "; ".join(
            f"LM_{'_'.join(map(str, e['loc'])).upper()}: {e['msg']}{came(e)}"
            for e in error.errors()
        )
        raise _wrong(f"a setting is wrong: {said}") from None
    except (CatalogueError, ValueError) as error:
        raise _wrong(str(error)) from None


def _night(force: bool, source: str | None, editions: list[str] | None, as_json: bool) -> None:
    settings, edges = _house()
    if source and source not in edges.catalogue.sources:
        raise _wrong(
            f"--source: there is no source {source!r}; known: {', '.join(sorted(edges.catalogue.sources))}"
        )
    import dagster as dg

    from pipelines.instance import open_with_editions
    from pipelines.reporting import progress, say_report
    from pipelines.run import run_nightly_job
    from warehouse.objects import StoreError

    with (
        open_with_editions(settings, edges.catalogue) as instance,
        progress(enabled=not as_json) as (step, log),
    ):
        try:
            report = run_nightly_job(
                edges,
                instance,
                force=force,
                source=source,
                editions=editions,
                step=step,
                log=log,
            )
        except (KeyboardInterrupt, dg.DagsterExecutionInterruptedError):
            raise _failed(
                "stopped; the last publication keeps serving, and the next night goes on from here"
            ) from None
        except StoreError as error:
            raise _failed(
                f"{error}; nothing was published. The last publication keeps serving, and the "
                "next night goes on from here."
            ) from None
        except OSError as error:
            raise _failed(
                f"{error}; nothing could be written below {settings.state}: look at the room on "
                "the disk and the rights there. The last publication keeps serving."
            ) from None
    if editions and not report.taken and not report.unreachable:
        raise _wrong(
            f"--editions: the publisher has none of {', '.join(editions)} of {source}; see `locatiemonitor status`"
        )
    if as_json:
        typer.echo(json.dumps(asdict(report) | {"exit_status": report.exit_status}, default=str))
    else:
        say_report(report, edges)
    raise typer.Exit(report.exit_status)


@app.command()
def nightly(
    force: Annotated[
        bool, typer.Option("--force", help="Take in everything, changed or not.")
    ] = False,
    source: Annotated[str | None, typer.Option(help="Only this source.")] = None,
    as_json: AsJson = False,
) -> None:
    """Refresh what has changed: ask every publisher, take in, judge, publish."""
    _night(force, source, None, as_json)


@app.command()
def backfill(
    source: Annotated[str, typer.Option(help="The source.")],
    editions: Annotated[
        str, typer.Option(help="One edition, a list `2017,2019`, or a range `2017..2020`.")
    ],
    as_json: AsJson = False,
) -> None:
    """Take in editions of a source again, from the publisher, whether or not they changed."""
    from pipelines.editions import parse_editions

    try:
        wanted = parse_editions(editions)
    except ValueError as error:
        raise _wrong(f"--editions: {error}") from None
    _night(True, source, wanted, as_json)


@app.command()
def rebuild(as_json: AsJson = False) -> None:
    """Make everything again from the archive alone, and publish if it is not what is published."""
    settings, edges = _house()
    from pipelines.instance import open_with_editions
    from pipelines.rebuild import rebuild as rebuilt
    from pipelines.reporting import progress, say_report

    with (
        open_with_editions(settings, edges.catalogue) as instance,
        progress(enabled=not as_json) as (step, log),
    ):
        report = rebuilt(edges, instance, step=step, log=log)
    if as_json:
        typer.echo(json.dumps(asdict(report) | {"exit_status": report.exit_status}, default=str))
    else:
        say_report(report, edges)
    raise typer.Exit(report.exit_status)


@app.command()
def status(as_json: AsJson = False) -> None:
    """How every source stands: what is served, since when, and what is stale and why."""
    _, edges = _house()
    from pipelines.showing import say_status, status_rows
    from warehouse.reading import UnreadableError

    try:
        rows = status_rows(edges)
    except UnreadableError as error:
        raise _failed(str(error)) from None
    if as_json:
        typer.echo(json.dumps(rows, default=str))
    else:
        say_status(rows, edges)
    raise typer.Exit(int(any(row["stale"] for row in rows)))


@app.command()
def show(
    location: Annotated[
        str,
        typer.Argument(
            help="Id of a location, such as kennispark-twente or GM0193; or a name of it."
        ),
    ],
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="What was known on this day (2021-03-01).")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """One location: its figures, beside municipality, province and country."""
    _, edges = _house()
    from pipelines.showing import NotThereError, location_figures, say_location
    from warehouse.reading import NothingPublishedError, UnreadableError

    try:
        found = location_figures(edges, location, as_of)
    except (NotThereError, NothingPublishedError, ValueError) as error:
        raise _wrong(str(error)) from None
    except UnreadableError as error:
        raise _failed(str(error)) from None
    if as_json:
        typer.echo(json.dumps(found, default=str))
    else:
        say_location(found)


@app.command()
def export(
    to: Annotated[Path, typer.Option(help="The folder: new, empty, or that of an earlier export.")],
    format_: Annotated[
        list[str] | None,
        typer.Option("--format", help="parquet, csv or xlsx; may be said more than once.  [all]"),
    ] = None,
    table: Annotated[
        list[str] | None,
        typer.Option(help="A table or view; may be said more than once.  [all of mart]"),
    ] = None,
    as_of: Annotated[
        str | None, typer.Option(help="A day: figures as they were known then.  [now]")
    ] = None,
    headings: Annotated[
        str, typer.Option(help="Above the columns of a workbook: names, or nl for Dutch labels.")
    ] = "names",
    bom: Annotated[
        bool, typer.Option("--bom", help="Begin CSV files with the byte order mark Excel asks for.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """The published warehouse as files: Parquet, CSV and XLSX, with licences and hashes."""
    _, edges = _house()
    from pipelines.exporting import ExportFailedError, NothingToExportError, export_to, say_export

    try:
        manifest = export_to(edges, to, format_, table, as_of, headings, bom=bom)
    except NothingToExportError as error:
        raise _wrong(str(error)) from None
    except ExportFailedError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    if as_json:
        typer.echo(json.dumps(manifest))
    else:
        say_export(manifest, to)


@app.command()
def diff(
    start: Annotated[str, typer.Option("--from", help="What was known on this day (2021-03-01).")],
    stop: Annotated[
        str | None, typer.Option("--to", help="And what on this one; today without it.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Which figures were known otherwise on one day than on another, by how much, by which release."""
    _, edges = _house()
    from pipelines.differences import differences, say_differences
    from warehouse.reading import NothingPublishedError

    try:
        rows = differences(edges, start, stop)
    except (NothingPublishedError, ValueError) as error:
        raise _wrong(str(error)) from None
    if as_json:
        typer.echo(json.dumps(rows, default=str))
    else:
        say_differences(rows, start, stop)


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """Check settings, catalogue, state and warehouse, and say what to do about what is wrong."""
    settings, edges = _house()
    from pipelines.doctor import examine, say_findings

    findings = examine(edges, settings)
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in findings]))
    else:
        say_findings(findings)
    raise typer.Exit(int(any(not finding.sound for finding in findings)))


@app.command()
def metrics(
    to: Annotated[
        Path | None, typer.Option(help="A file, replaced whole; without it they are printed.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """How the house fares, as figures that Prometheus reads: freshness, publications, what is wrong."""
    settings, edges = _house()
    from pipelines.metrics import metrics_text, samples, write_metrics

    if to is not None:
        try:
            write_metrics(settings, edges, to, edges.now())
        except OSError as error:
            raise _failed(f"--to: {error}") from None
    elif as_json:
        typer.echo(json.dumps(samples(settings, edges, edges.now())))
    else:
        typer.echo(metrics_text(settings, edges, edges.now()), nl=False)


@app.command()
def ui(
    port: Annotated[int, typer.Option(help="Port on the loopback address.")] = 3000,
) -> None:
    """Dagster's webserver and daemon on 127.0.0.1, on the same instance as the command line."""
    settings, edges = _house()
    from pipelines.instance import open_with_editions
    from pipelines.settings import HERE

    with open_with_editions(settings, edges.catalogue):
        pass
    os.environ["LM_HOME"] = str(settings.home)
    dagster = str(Path(sys.executable).with_name("dagster"))
    typer.echo(f"http://127.0.0.1:{port} (stop with Ctrl-C); state in {settings.home}")
    os.execv(  # noqa: S606 - the webserver takes this process's place, so Ctrl-C reaches it
        dagster,
        [dagster, "dev", "-h", "127.0.0.1", "-p", str(port), "-w", str(HERE / "workspace.yaml")],
    )


def main() -> None:
    """Entry point of the `locatiemonitor` command."""
    # Dagster's own console logging would interleave with the progress bar.
    os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "1")
    import warnings

    warnings.filterwarnings("ignore", module="dagster")
    try:
        app()
    except KeyboardInterrupt:
        typer.echo(
            "stopped; what was complete is kept, the last publication keeps serving", err=True
        )
        sys.exit(1)


if __name__ == "__main__":
    main()
