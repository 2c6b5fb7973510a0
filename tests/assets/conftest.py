"""The world in which sources are taken in, and real tables taken in once for all tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from assets.catalogue import Catalogue, load_catalogue
from assets.catalogue.models import Source
from assets.core.frames import Edition
from assets.sources.intake import Taken
from tests.assets.material import World
from tests.publishers import Publishers, V3Table


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Publishers that offer nothing yet, in pages of ten rows, and an empty archive."""
    with Publishers(v3_page_size=10, v4_page_size=10) as house:
        made = World(house, tmp_path)
        yield made
        made.close()


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """The catalogue as it is shipped."""
    return load_catalogue()


@dataclass(frozen=True)
class RealTable:
    """A real table as it was put at the publisher, and as it was taken in."""

    source: Source
    edition: str
    put: V3Table
    taken: Taken

    @property
    def on_its_way(self) -> Edition:
        """What core makes its tables from."""
        return Edition(self.source, self.edition, self.taken.release.release_id, self.taken.table)


RealTables = Callable[[str, str, str], RealTable]


@pytest.fixture(scope="session")
def real_table(
    tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue
) -> Callable[[str], RealTable]:
    """Takes in 84799NED or 45012NED, whole, over HTTP; each once a session."""
    known = {"84799NED": ("cbs_kwb", "2020"), "45012NED": ("iv3_provinces", "2013")}
    made: dict[str, RealTable] = {}

    def real_table(identifier: str) -> RealTable:
        if identifier not in made:
            name, edition = known[identifier]
            source = catalogue.sources[name]
            table = V3Table.from_shared(identifier)
            with Publishers() as house:
                world = World(house, tmp_path_factory.mktemp(identifier))
                at = house.cbs_v3 if source.publisher == "cbs_v3" else house.third_party
                at.put(table)
                made[identifier] = RealTable(source, edition, table, world.take(source, edition))
                world.close()
        return made[identifier]

    return real_table


@pytest.fixture(scope="session")
def five_municipalities() -> V3Table:
    """84799NED, cut to the country and five municipalities with their districts and buurten."""
    areas = ("GM0141", "GM0150", "GM0153", "GM0164", "GM0193")
    digits = "|".join(area[2:] for area in areas)
    wanted = pl.col("WijkenEnBuurten").str.contains(rf"^(?:NL00|(?:GM|WK|BU)(?:{digits}))")
    return V3Table.from_shared("84799NED", keep=wanted)
