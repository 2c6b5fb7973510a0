"""Which mart is shown by which picture."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from assets import pictures
from assets.edges import Edges
from warehouse.tables import findings, mart
from warehouse.vocabulary import Table

if TYPE_CHECKING:
    import polars as pl

Draw = Callable[["pl.DataFrame"], str]


def drawer(edges: Edges, table: type[Table]) -> Draw | None:
    """How a mart's accepted frame is drawn; None where a picture says nothing that a number does not."""
    drawers: dict[type[Table], Draw] = {
        mart.Location: lambda frame: pictures.counted(frame, "kind", "locations by kind"),
        mart.LocationOutline: lambda frame: _municipalities_of_sites(edges, frame),
        mart.IndicatorValue: lambda frame: _by_theme(edges, frame),
        mart.BudgetAmount: lambda frame: _by_year(frame),
        findings.Evidence: lambda frame: pictures.counted(
            frame, "relation", "evidence by relation"
        ),
    }
    return drawers.get(table)


def _by_theme(edges: Edges, frame: pl.DataFrame) -> str:
    """Figures that are true now, by theme; figures that say why they are missing count too."""
    import polars as pl

    themes = {name: entry.theme for name, entry in edges.catalogue.indicators.items()}
    now = frame.filter(pl.col("known_to").is_null()).select(
        theme=pl.col("indicator_id")
        .cast(pl.String)
        .replace_strict(themes, default="no longer declared", return_dtype=pl.String)
    )
    return pictures.counted(now, "theme", "figures made in this run, by theme")


def _by_year(frame: pl.DataFrame) -> str:
    import polars as pl

    now = frame.filter(pl.col("known_to").is_null())
    counts = now.group_by(pl.col("year").cast(pl.String)).len().sort("year")
    return pictures.bars(dict(counts.iter_rows()), "amounts by year")


def _municipalities_of_sites(edges: Edges, frame: pl.DataFrame) -> str:
    """The newest outlines of municipalities, those in which a site lies stand out."""
    import polars as pl

    areas = frame.filter(pl.col("location_id").str.starts_with("GM"))
    if not areas.height:
        return ""
    newest = str(areas["edition"].max())
    areas = areas.filter(edition=newest).sort("location_id")
    holds = {site.municipality for site in edges.catalogue.sites.values()}
    codes = areas["location_id"].to_list()
    marked = {position: code for position, code in enumerate(codes) if code in holds}
    return pictures.outlines(
        areas["geojson"].to_list(),
        f"outlines of {newest}; municipalities that hold a site stand out",
        marked,
        marked,
    )
