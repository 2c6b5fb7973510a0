"""Looks whether the house is sound, and says what to do about what is not."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass

from assets.edges import Edges
from pipelines.settings import unknown_settings
from warehouse.location import DuckDBFile, locate
from warehouse.reading import NothingPublishedError, UnreadableError, reading

ENOUGH_DISK = 1024**3


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    what: str
    sound: bool
    said: str


def examine(edges: Edges) -> list[Finding]:
    """Settings, catalogue, state, disk, archive and warehouse. Asks no publisher."""
    return [
        _settings(),
        _catalogue(edges),
        _state(edges),
        _archive(edges),
        _warehouse(edges),
        _stale(edges),
    ]


def _settings() -> Finding:
    unknown = unknown_settings()
    said = (
        f"{', '.join(unknown)} mean nothing; see the settings in the README"
        if unknown
        else "all LM_ variables are known"
    )
    return Finding("settings", not unknown, said)


def _catalogue(edges: Edges) -> Finding:
    c = edges.catalogue
    return Finding(
        "catalogue",
        True,
        f"{len(c.sources)} sources, {len(c.indicators)} indicators, {len(c.sites)} sites",
    )


def _state(edges: Edges) -> Finding:
    existing = next(path for path in (edges.home, *edges.home.parents) if path.exists())
    if not os.access(existing, os.W_OK):
        return Finding(
            "state", False, f"{existing} cannot be written; change its rights or LM_HOME"
        )
    free = shutil.disk_usage(existing).free
    said = f"{edges.home}, {free / 1024**3:.0f} GiB free"
    return Finding(
        "state",
        free >= ENOUGH_DISK,
        said if free >= ENOUGH_DISK else f"{said}: make room, 1 GiB is needed",
    )


def _archive(edges: Edges) -> Finding:
    releases = edges.archive.releases()
    lost = [
        f"{release.release_id} {part.name}"
        for release in releases
        for part in release.parts
        if not edges.archive.holds(part)
    ]
    said = (
        f"{len(releases)} releases, every part there"
        if not lost
        else f"parts lost: {', '.join(lost[:5])}; take in these editions again"
    )
    return Finding("archive", not lost, said)


def _warehouse(edges: Edges) -> Finding:
    place = locate(edges.warehouse_url)
    try:
        with reading(edges.warehouse_url) as warehouse:
            [found] = warehouse.rows(
                "SELECT max(publication_id) AS number, max(published_at) AS moment FROM mart.publication"
            )
    except NothingPublishedError:
        return Finding("warehouse", False, f"nothing at {place}; run `locatiemonitor nightly`")
    except UnreadableError as error:
        what = (
            "remove it and run `locatiemonitor nightly`"
            if isinstance(place, DuckDBFile)
            else "see that the server runs and that the role may log in and read"
        )
        return Finding("warehouse", False, f"{error}; {what}")
    number, moment = found["number"] or "none", found["moment"]
    return Finding(
        "warehouse", True, f"{place}, publication {number} of {moment:%Y-%m-%d %H:%M} UTC"
    )


def _stale(edges: Edges) -> Finding:
    from pipelines.showing import status_rows

    try:
        rows = status_rows(edges)
    except UnreadableError:
        return Finding("sources", False, "not known, because the warehouse cannot be read")
    stale = [f"{row['source']} {row['edition']}" for row in rows if row["stale"]]
    said = (
        f"stale: {', '.join(stale)}; `locatiemonitor status` says why"
        if stale
        else "nothing is stale"
    )
    return Finding("sources", not stale, said)


def say_findings(findings: list[Finding]) -> None:
    """Findings as lines."""
    for finding in findings:
        print(f"{'ok  ' if finding.sound else 'WRONG'} {finding.what}: {finding.said}")
