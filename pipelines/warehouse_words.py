"""`locatiemonitor warehouse ...`: words for the database behind the published warehouse."""

from __future__ import annotations

import json
from typing import Annotated

import typer

app = typer.Typer(help="The database that readers use.", no_args_is_help=True)


@app.command()
def init(
    reader: Annotated[
        str, typer.Option(help="Name of the role that BI tools log in as.")
    ] = "lm_reader",
    writer: Annotated[
        str, typer.Option(help="Name of the role that the pipeline logs in as.")
    ] = "lm_writer",
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document instead of words.")
    ] = False,
) -> None:
    """Make a PostgreSQL database ready: schemas, tables, roles and rights. May be run again."""
    from pydantic import ValidationError

    from pipelines.settings import load_settings
    from warehouse.location import DuckDBFile, locate
    from warehouse.migrations import MigrationError
    from warehouse.roles import initialise

    try:
        place = locate(load_settings().warehouse)
        if isinstance(place, DuckDBFile):
            said = [
                f"{place} is a DuckDB file, which needs no preparing: `locatiemonitor nightly` makes it"
            ]
        else:
            said = initialise(place, reader, writer)
    except (ValidationError, ValueError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    except MigrationError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    typer.echo(json.dumps({"warehouse": str(place), "done": said}) if as_json else "\n".join(said))
