"""Budget sites have new documents: one conditional request for the first page of each, and one for
the home page of each site that holds several.

What changed is taken in. What a home page leads to and nobody declared is told of: a document is
declared by a person, because only a person can say what it is.
"""

# No postponed annotations here: Dagster reads the types of assets' and ops' parameters.

import json
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import dagster as dg

from assets.edges import Edges
from assets.raw import key_of
from sensors.releases import look
from sensors.running import status

if TYPE_CHECKING:
    from assets.catalogue.models import Source

PUBLISHER = "budget_documents"
EVERY = 6 * 3600
"""Seconds between ticks: a document that is out hardly changes, and a site is asked as rarely as is useful."""
OF_A_YEAR = re.compile(r"/[^/]*20\d\d[^/]*/", re.ASCII)
"""A folder at the root of a site that is named for a year: that is how documents are."""
MOST_HOSTS = 20


def document_sensor(jobs: Sequence[Any], *, running: bool = True) -> dg.SensorDefinition:
    """Takes in documents that changed, and tells of documents that nobody declared.

    `jobs`: the intake jobs; `running`: unless somebody switches it off.
    """

    @dg.sensor(
        name="documents",
        jobs=jobs,
        minimum_interval_seconds=EVERY,
        default_status=status(running=running),
        description="Asks the sites of budgets and reports for the first page of every document, takes in those that "
        "changed, and tells of documents on the sites' home pages that are not in the catalogue.",
    )
    def documents(
        context: dg.SensorEvaluationContext, edges: dg.ResourceParam[Edges]
    ) -> dg.SensorResult:
        result = look(context, edges, [PUBLISHER])
        if result.cursor is None:
            return result
        told = set(_told(context.cursor))
        observed = []
        for source in edges.catalogue.sources.values():
            if source.publisher != PUBLISHER:
                continue
            for url in undeclared(source, edges):
                if url not in told:
                    told.add(url)
                    context.log.warning(f"{url} looks like a document that nobody declared")
                    observed.append(
                        dg.AssetObservation(
                            list(key_of(source.name)),
                            description=f"{url} looks like a document; to have it taken in, add it to `editions` of "
                            f"{source.name} in the catalogue",
                        )
                    )
        cursor = json.dumps(json.loads(result.cursor) | {"told": sorted(told)})
        return result._replace(cursor=cursor, asset_events=[*observed])

    return documents


def _told(cursor: str | None) -> list[str]:
    try:
        return list(json.loads(cursor or "{}").get("told", []))
    except (ValueError, AttributeError):
        return []


def undeclared(source: "Source", edges: Edges) -> list[str]:
    """Addresses of folders named for a year that a home page leads to and that are of no edition.

    Only of sites on which several documents are folders. A site that does not answer has none.
    """
    from assets.sources import anchors
    from assets.sources.errors import SourceError
    from assets.sources.site_crawl import site_of
    from sensors.asking import patient

    folders: dict[str, set[str]] = {}
    edition_at: dict[str, str] = {}
    for edition in source.editions:
        try:
            site = site_of(source, edition)
        except SourceError:
            continue
        if site.path != "/":
            folders.setdefault(site.host, set()).add(site.path)
            edition_at.setdefault(site.host, edition)
    found = []
    for host in sorted(folders)[:MOST_HOSTS]:
        site = site_of(source, edition_at[host])
        try:
            page = site.under(patient(edges, PUBLISHER)).get("/", accept="text/html")
            links = anchors.links(page.content(), site.url("/"))
        except SourceError:
            continue
        for link in links:
            parts = urlsplit(link)
            folder = OF_A_YEAR.match(parts.path if parts.path.endswith("/") else f"{parts.path}/")
            if parts.netloc != host or not folder:
                continue
            if not any(
                folder[0] == known or known.startswith(folder[0]) for known in folders[host]
            ):
                found.append(site.url(folder[0]))
    return list(dict.fromkeys(found))
