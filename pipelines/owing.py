"""What the sensors need to know of the plan: what readers do not have yet, and what is not read yet."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

from assets import origins, stamps
from assets.core import key_of as core_key
from assets.core import tables_of
from assets.edges import Edges
from assets.mart_tables import stamp_of
from assets.origins import stamp_of as core_stamp_of
from assets.publication import KEY, STATUS, owed
from pipelines import plan
from pipelines.standing import as_taken_in
from sensors.catching_up import Unread
from sensors.publication import Owed
from warehouse.frames import content_hash
from warehouse.reading import UnreadableError, is_published


def owing(edges: Edges) -> Owed | None:
    """What is owed to readers: marts out of date, marts made and not published, how sources stand.

    Nothing before the first edition was taken in, because there is nothing to publish.
    """
    standing, before = as_taken_in(edges), edges.frames.read(STATUS)
    if standing["release_id"].drop_nulls().is_empty():
        return None
    stale = plan.marts(edges)
    same = before is not None and before.equals(standing)
    if same and not stale and not owed(edges) and is_there(edges):
        return None
    said = {
        "marts": {"/".join(declared.key): stamp_of(edges, declared) for declared in stale},
        "standing": content_hash(standing, ["source", "edition"]),
        "published": edges.frames.stamp(KEY),
    }
    mark = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:24]
    half_told = plan.half_told(edges)
    return Owed([declared.key for declared in stale], mark, bool(half_told))


def is_there(edges: Edges) -> bool:
    """Whether readers have a warehouse. One that cannot be read is to be published: that tells why."""
    try:
        return is_published(edges.warehouse_url)
    except UnreadableError:
        return False


def unread(edges: Edges) -> Iterator[Unread]:
    """Editions of which something is archived and not read as it would be read now."""
    for item in plan.intakes(edges, {}):
        last = edges.archive.latest(item.source, item.edition)
        assert last
        stamp = stamps.of_release(edges.catalogue, item.source, last.release_id, edges.code_version)
        tables = tables_of(edges.catalogue, item.source).values()
        wanted = {
            table.name: core_stamp_of(edges, item.source, table, item.edition, last.release_id)
            for table in tables
            if core_key(table.name, item.source) in item.keys
        }
        lacking = [
            origin.id
            for table in tables
            for origin in origins.lacking(edges, item.source, table, item.edition)
        ]
        said = json.dumps([stamp, wanted, lacking], sort_keys=True)
        mark = hashlib.sha256(said.encode()).hexdigest()[:24]
        yield Unread(item.source, item.edition, item.keys, item.reason, mark)
