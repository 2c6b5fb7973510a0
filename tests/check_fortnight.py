"""A fortnight of ticks and nights against a publisher that releases, corrects, withdraws, goes down for
three days and comes back with another schema: `make backfill` runs this, `make test` does not.

What must have run, who must have been told what, and what readers must see is written down here by
itself, from the tables that were put with the publisher and nothing of the house.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb
import polars as pl
import pytest

from assets.catalogue import load_catalogue
from assets.catalogue.models import Indicator
from assets.edges import Edges
from pipelines.run import run_nightly_job
from tests.living import Life, life
from tests.publishers import Fault, Publishers, V3Table, small_table
from tests.sensors.conftest import declared, small_edges
from warehouse.incidents import Incidents
from warehouse.location import duckdb_path

START = dt.datetime(2026, 6, 1)
HOURS = (0, 6, 12, 18)
"""At which the sensors tick; the clock's own hour is thinned to keep the fortnight short."""
NIGHT = dt.timedelta(hours=1, minutes=30)
"""Half past three in Amsterdam, in UTC."""
INDICATOR = Indicator.model_validate(
    {
        "id": "trial",
        "catalogue_code": None,
        "version": "1",
        "name_nl": "Proef",
        "name_en": "Trial",
        "definition_nl": "Verzonnen vestigingen, alleen voor deze proef.",
        "definition_en": "Invented establishments, for this trial alone.",
        "unit": "count",
        "unit_factor": 1,
        "direction": "neutral",
        "theme": "jobs_and_firms",
        "feeds": [
            {
                "source": "yearly",
                "measure": "establishments",
                "breakdown": "total",
                "levels": ["municipality"],
            }
        ],
        "levels": ["municipality"],
        "allocation": "not_allocatable",
        "numerator": None,
        "denominator": None,
        "minimum_cell": 0,
        "rounding": "none",
        "sbi_edition": None,
        "valid_from": "2025",
        "valid_to": None,
        "owner": "nobody",
        "licence": "CC0",
    }
)


@dataclass
class Post:
    """Messages as they arrive."""

    arrived: list[tuple[str, str, str]] = field(default_factory=list)
    """Kind, subject and phase."""


def telling(edges: Edges, post: Post) -> Edges:
    """The house, with one channel on which every message arrives."""
    incidents = Incidents(f"sqlite:///{edges.home / 'incidents.sqlite'}", ("post",))

    def tell(now: dt.datetime) -> list[str]:
        for notice in incidents.owed(now):
            if incidents.claimed(notice, now):
                kind, subject = str(notice.incident.kind), notice.incident.subject
                post.arrived.append((kind, subject, str(notice.phase)))
                incidents.sent(notice, now)
        return []

    return replace(edges, incidents=incidents, tell=tell)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[tuple[Life, Publishers, Post]]:
    """A house with a source of two editions and one of one, on its first day."""
    sources = {
        "yearly": declared("yearly", {"2026": 1, "2027": 2}),
        "other": declared("other", {"current": 4}),
    }
    post = Post()
    with Publishers() as publishers:
        edges = small_edges(tmp_path, publishers, sources)
        shipped = load_catalogue()
        catalogue = replace(
            shipped,
            sources=shipped.sources | sources,
            indicators=shipped.indicators | {INDICATOR.id: INDICATOR},
        )
        with life(telling(replace(edges, catalogue=catalogue), post), START) as lived:
            yield lived, publishers, post


def days(life: Life, count: int) -> list[str]:
    """Live for some days; what ran, as `sensor job partition outcome`, and what nights took in."""
    ran = []
    for _ in range(count):
        midnight = life.clock.now
        for hour in HOURS:
            life.clock.now = midnight + dt.timedelta(hours=hour)
            ran += [
                f"{s.sensor}: {s.job} {s.partition} {'done' if s.success else 'failed'}".replace(
                    "  ", " "
                )
                for s in life.hour()
            ]
            if hour == 0:
                life.clock.now = midnight + NIGHT
                report = run_nightly_job(life.edges, life.instance)
                ran += [f"night: {t.source} {t.edition} {t.reason}" for t in report.taken]
                ran += ["night: published"] if report.published else []
        life.clock.now = midnight + dt.timedelta(days=1)
    return ran


def raised(table: V3Table, by: int) -> V3Table:
    """The table a day later, with every figure raised."""
    column = (pl.col("Vestigingen_1") + by).alias("Vestigingen_1")
    return replace(table, rows=table.rows.with_columns(column)).a_day_later()


def figures(table: V3Table) -> dict[tuple[str, str], float]:
    """What a reader must see of a table: location and period -> value."""
    return {
        (row["RegioS"].strip(), row["Perioden"][:4]): float(row["Vestigingen_1"])
        for row in table.rows.iter_rows(named=True)
        if row["Vestigingen_1"] is not None
    }


def ask(life: Life, query: str) -> list[tuple[object, ...]]:
    """Ask the published warehouse, as BI would."""
    with duckdb.connect(str(duckdb_path(life.edges.warehouse_url)), read_only=True) as connection:
        return connection.execute(query).fetchall()


def known(life: Life) -> dict[tuple[object, object], object]:
    """What readers see now."""
    query = (
        "SELECT location_id, period, value FROM mart.indicator_value "
        "WHERE indicator_id = 'trial' AND known_to IS NULL AND value IS NOT NULL"
    )
    return {(location, period): value for location, period, value in ask(life, query)}


def standing(life: Life) -> dict[object, object]:
    """`source edition` -> state, as published."""
    return dict(
        ask(  # type: ignore[arg-type]
            life,
            "SELECT source || ' ' || edition, state FROM mart.source_status "
            "WHERE source IN ('yearly', 'other') ORDER BY ALL",
        )
    )


@pytest.mark.timeout(1800)
def test_a_fortnight(house: tuple[Life, Publishers, Post]) -> None:
    life, publishers, post = house
    first, second, other = (small_table(number, rows=8) for number in (1, 2, 4))
    second = second.with_modified("2026-06-04T02:00:00")

    publishers.cbs_v3.put(first)
    publishers.cbs_v3.put(other)
    assert days(life, 2) == [
        "releases: intake_yearly 2026 done",
        "releases: intake_other current done",
        "publication: publication done",
        # Only a night knows which declared editions a publisher does not have.
        "night: published",
    ]
    assert known(life) == figures(first)
    # This stand-in has no business parks and never will: one message in the whole fortnight.
    parks = ("source_unreachable", "ibis", "opened")
    assert post.arrived == [parks]

    corrected = publishers.cbs_v3.put(raised(first, 10))
    assert days(life, 1) == [
        "releases: intake_yearly 2026 done",
        "publication: publication done",
    ]
    assert known(life) == figures(corrected)

    publishers.cbs_v3.put(second)
    publishers.cbs_v3.remove("90004NED")
    ran = days(life, 1)
    assert ran == [
        "releases: intake_yearly 2027 done",
        "publication: publication done",
        "night: published",
    ]
    assert known(life) == figures(corrected) | figures(second)
    assert standing(life) == {
        "other current": "absent",
        "yearly 2026": "current",
        "yearly 2027": "current",
    }
    assert post.arrived == [parks]

    publishers.cbs_v3.inject(Fault("", times=None, kind="status", code=503))
    assert days(life, 3) == ["night: published"]
    assert set(standing(life).values()) == {"unreachable"}
    assert known(life) == figures(corrected) | figures(second)
    unreachable = ("source_unreachable", "cbs_v3")
    assert post.arrived == [parks, (*unreachable, "opened")]

    publishers.cbs_v3.clear_faults()
    titles = corrected.properties["Title"].str.replace("Vestigingen", "Banen")
    changed = raised(corrected, 5)
    broken = replace(changed, properties=changed.properties.with_columns(Title=titles))
    publishers.cbs_v3.put(broken)
    ran = days(life, 2)
    assert (
        ran.count("releases: intake_yearly 2026 failed") + ran.count("night: yearly 2026 changed")
        == 1
    )
    assert not [what for what in ran if "2027" in what or "other" in what]
    assert known(life) == figures(corrected) | figures(second)
    assert standing(life)["yearly 2026"] == "blocked"
    blocked = ("source_blocked", "yearly 2026")
    assert post.arrived[:2] == [parks, (*unreachable, "opened")]
    assert sorted(post.arrived[2:]) == [(*blocked, "opened"), (*unreachable, "over")]

    repaired = publishers.cbs_v3.put(raised(changed, 1).a_day_later())
    publishers.cbs_v3.put(other)
    ran = days(life, 5)
    assert ran[:2] == ["releases: intake_yearly 2026 done", "publication: publication done"]
    assert set(ran[2:]) <= {"night: published"}
    assert known(life) == figures(repaired) | figures(second)
    assert set(standing(life).values()) == {"current"}
    assert post.arrived[-1] == (*blocked, "over")
    assert len(post.arrived) == 5
    assert [incident.subject for incident in life.edges.incidents.open()] == ["ibis"]
    assert life.clock.now == START + dt.timedelta(days=14)

    # Nothing lost: what was known before can still be asked for, in the publisher's order of release. The
    # correction of the older edition was released before the newer edition, though it came after it.
    vintages = ask(
        life,
        "SELECT value FROM mart.indicator_value WHERE location_id = 'GM0001' AND period = '2026' "
        "ORDER BY known_from",
    )
    assert [value for (value,) in vintages] == [
        figures(table)["GM0001", "2026"] for table in (first, corrected, repaired, second)
    ]
    releases = ask(
        life, "SELECT source, edition, count(*) FROM mart.source_release GROUP BY ALL ORDER BY ALL"
    )
    assert ("other", "current", 1) in releases
    assert ("yearly", "2027", 1) in releases
