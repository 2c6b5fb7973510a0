"""The history of figures, learned from an archive and core frames: whatever the order of arrival,
the same history; what comes late takes its place; what was closed stays closed."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from assets.catalogue import Catalogue
from assets.catalogue.models import Province
from assets.edges import Edges
from assets.learning import NEVER, history_of, indicator_values
from assets.marts import site_boundaries
from expectations.ledger import Ledger
from tests.assets.marts.test_values import indicator, site, source
from warehouse.archive import Archive
from warehouse.frames import FrameStore, content_hash
from warehouse.incidents import Incidents
from warehouse.tables import mart
from warehouse.tables.core import Figure, Region
from warehouse.vocabulary import polars_schema

PARK = site("park", ("BU00010000", 1.0))
KEY = ["location_id", "indicator_id", "period", "known_from"]


def day(month: int) -> dt.datetime:
    """The first of a month of 2026."""
    return dt.datetime(2026, month, 1)


@dataclass(frozen=True)
class Said:
    """A release of an edition: its month, its values by area, and how final they are."""

    edition: str
    month: int
    values: dict[str, float | None]
    status: str = "provisional"


@dataclass
class House:
    """A store, an archive and a clock, without publishers."""

    folder: Path
    indicators: tuple[Any, ...] = (
        indicator("people"),
        indicator(
            "share",
            allocation="ratio_of_sums",
            ratio={"numerator": ["people"], "denominator": ["people"], "factor": 100.0},
        ),
    )
    clock: dt.datetime = field(default=dt.datetime(2026, 12, 1))
    code: str = "1"

    @property
    def edges(self) -> Edges:
        """The edges of the house as it is now."""
        catalogue = Catalogue(
            sources={"stats": source("stats", "figures", measures=MEASURES, region="area")},
            indicators={one.id: one for one in self.indicators},
            sites={"park": PARK},
            provinces={"PV01": Province(code="PV01", name="P", municipalities=(), source="test")},
        )
        return Edges(
            catalogue=catalogue,
            archive=Archive(self.folder / "archive"),
            frames=FrameStore(self.folder / "frames"),
            ledger=Ledger(self.folder / "ledger"),
            incidents=Incidents(f"sqlite:///{self.folder / 'incidents.sqlite'}"),
            fetcher_of=lambda publisher: pytest.fail("nobody is asked"),
            warehouse_url="duckdb:///none",
            home=self.folder,
            sample=False,
            code_version=self.code,
            now=lambda: self.clock,
        )

    def receive(self, *releases: Said) -> None:
        """Archive releases and keep what core made of them, then learn."""
        for release in releases:
            self._archive(release)
        self.learn()

    def learn(self) -> None:
        """Learn what is new."""
        edges = self.edges
        members = site_boundaries.members(edges.catalogue, [], [])
        found = indicator_values(edges, lambda moment: members, lambda moment: {}, "")
        schema = polars_schema(mart.IndicatorValue)
        assert found.rows.schema == schema
        history_of(edges, mart.IndicatorValue).commit(found.rows, found.since, found.marks)

    def _archive(self, said: Said) -> None:
        edges = self.edges
        with edges.archive.draft("stats", said.edition) as draft:
            body = f"{said.month} {said.values}".encode()
            draft.add("table", "https://stats.test", body, fetched_at=self.clock)
            release = draft.preview(
                identifier="x",
                url="https://stats.test",
                fingerprint=str(said.month),
                modified_at=day(said.month),
                licence="CC0",
                attribution="test",
            )
            release = draft.commit(release, rows=1)
        base = {"source": "stats", "edition": said.edition, "release_id": release.release_id}
        figures = [
            base
            | {
                "region_code": area,
                "period": said.edition,
                "measure": "people",
                "breakdown": "total",
                "value": value,
                "unit": "count",
                "status": said.status,
                "missing_reason": None if value is not None else "unknown",
            }
            for area, value in said.values.items()
        ]
        regions = [
            base | {"region_code": area, "name": area, "kind": "neighbourhood"}
            for area in said.values
        ]
        stamp = {"release_id": release.release_id, "declaration": "d", "code": self.code}
        for table, rows in ((Figure, figures), (Region, regions)):
            key = ("core", str(table.__tablename__), "stats")
            frame = pl.DataFrame(rows, schema=polars_schema(table))
            edges.frames.write(key, said.edition, frame, stamp)
            edges.frames.keep(key, said.edition, release.release_id)

    def rows(self) -> pl.DataFrame:
        """The whole history."""
        found = history_of(self.edges, mart.IndicatorValue).read()
        assert found is not None
        return found

    def as_of(self, moment: dt.datetime, place: str = "BU00010000") -> dict[str, Any]:
        """Value and status of `people` by period, as known at a moment."""
        known = self.rows().filter(
            pl.col("known_from") <= moment,
            pl.col("known_to").is_null() | (pl.col("known_to") > moment),
            location_id=place,
            indicator_id="people",
        )
        return {p: (v, s) for p, v, s in known.select("period", "value", "status").iter_rows()}

    def hash(self) -> str:
        """The content of the history."""
        return history_of(self.edges, mart.IndicatorValue).content_hash()


MEASURES = {
    "people": {
        "titles": [{"title": "People"}],
        "published_unit": ["count"],
        "unit": "count",
        "required": True,
    }
}
CHAIN = (
    Said("2024", 2, {"BU00010000": 100.0, "BU00010001": 50.0}),
    Said("2024", 4, {"BU00010000": 110.0, "BU00010001": 50.0}, "revised"),
    Said("2025", 5, {"BU00010000": 200.0, "BU00010001": None}),
    Said("2024", 9, {"BU00010000": 110.0}, "definitive"),
)
"""Provisional, revised, definitive; one area withdrawn; another year beside it."""


@pytest.fixture
def house(tmp_path: Path) -> House:
    """An empty house."""
    return House(tmp_path)


def test_a_chain_of_releases_is_answered_as_of_every_moment(house: House) -> None:
    house.receive(*CHAIN)
    assert house.as_of(day(1)) == {}
    assert house.as_of(day(3)) == {"2024": (100.0, "provisional")}
    assert house.as_of(day(4)) == {"2024": (110.0, "revised")}
    assert house.as_of(day(6)) == {"2024": (110.0, "revised"), "2025": (200.0, "provisional")}
    assert house.as_of(day(10)) == {"2024": (110.0, "definitive"), "2025": (200.0, "provisional")}
    assert house.as_of(day(6), "BU00010001") == {
        "2024": (50.0, "revised"),
        "2025": (None, "provisional"),
    }
    withdrawn = house.rows().filter(location_id="BU00010001", period="2024", indicator_id="people")
    assert withdrawn["known_to"].to_list()[-1] == day(9)
    assert house.as_of(day(10), "park")["2024"] == (110.0, "definitive")


def test_lived_in_any_order_it_is_the_history_that_is_learned_at_once(
    house: House, tmp_path: Path
) -> None:
    house.receive(*CHAIN)
    for number, order in enumerate(itertools.permutations(CHAIN)):
        other = House(tmp_path / str(number))
        for release in order:
            other.receive(release)
        assert other.rows().sort(KEY).equals(house.rows().sort(KEY)), order
        assert other.hash() == house.hash()


def test_what_is_closed_stays_the_same_file(house: House) -> None:
    house.receive(*CHAIN[:2])
    closed = {path: path.read_bytes() for path in house_segments(house)}
    assert closed
    house.receive(*CHAIN[2:])
    assert closed.items() <= {path: path.read_bytes() for path in house_segments(house)}.items()


def house_segments(house: House) -> list[Path]:
    """The files of closed rows."""
    return history_of(house.edges, mart.IndicatorValue).files()[1:]


def test_an_old_edition_that_comes_late_disturbs_no_other(house: House) -> None:
    house.receive(CHAIN[2])
    before = house.rows().filter(period="2025")
    house.receive(*CHAIN[:2], CHAIN[3])
    assert house.rows().filter(period="2025").sort(KEY).equals(before.sort(KEY))


def test_a_night_without_news_learns_nothing(house: House) -> None:
    house.receive(*CHAIN)
    files = [(path, path.read_bytes()) for path in house_segments(house)]
    members = site_boundaries.members(house.edges.catalogue, [], [])
    found = indicator_values(house.edges, lambda moment: members, lambda moment: {}, "")
    assert found.since == NEVER
    house.learn()
    assert [(path, path.read_bytes()) for path in house_segments(house)] == files


def test_a_new_indicator_is_learned_from_the_first_release_on(house: House) -> None:
    house.receive(*CHAIN)
    later = replace(
        house,
        indicators=(*house.indicators, indicator("crowd", feeds=house.indicators[0].feeds)),
    )
    later.learn()
    names = ["location_id", "period", "known_from", "known_to", "value"]
    crowd = later.rows().filter(indicator_id="crowd").select(names).sort(names)
    people = later.rows().filter(indicator_id="people").select(names).sort(names)
    assert crowd.equals(people)


def test_a_definition_that_changed_opens_a_vintage_now_and_says_why(house: House) -> None:
    house.receive(*CHAIN)
    before = house.rows()
    doubled = indicator("share", allocation="ratio_of_sums", ratio={
        "numerator": ["people"], "denominator": ["people"], "factor": 200.0})  # fmt: skip
    later = replace(house, indicators=(house.indicators[0], doubled))
    later.learn()
    changed = later.rows().filter(known_from=house.clock)
    assert set(changed["indicator_id"]) == {"share"}
    assert set(changed["opened_by"]) == {"declaration"}
    told = later.rows().filter(pl.col("known_from") < house.clock).drop("known_to")
    assert content_hash(told, KEY) == content_hash(before.drop("known_to"), KEY)


def test_a_history_with_other_columns_says_what_to_do(house: House) -> None:
    house.receive(*CHAIN)
    key = ("mart", "indicator_value")
    frames = house.edges.frames
    frames.write(key, "all", house.rows().drop("opened_by"), {})
    with pytest.raises(RuntimeError, match="run `locatiemonitor rebuild`"):
        house.learn()
