"""Publishers of planning & control documents, as the tests of their sources meet them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.assets import material
from tests.assets.material import World
from tests.assets.sources.budget_sites.material import (
    ONE,
    TWO,
    page,
)
from tests.publishers import Publishers
from tests.publishers.budget_sites import BudgetSites


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setitem(material.SETTING, "budget_documents", "LM_BUDGET_DOCUMENTS_URL")
    with Publishers() as house:
        made = World(house, tmp_path)
        yield made
        made.close()


@pytest.fixture
def sites(world: World) -> BudgetSites:
    """One document of each generation: a home page, and four pages below it."""
    sites = world.house.budget_sites
    sites.put_site(
        ONE,
        {
            "/": page("/p10/doel", "/p12/5-1-2-werk", "/p12/5-1-2-werk#acties"),
            "/p10/doel": page("/p11/5-1-1-grond", "/p12/5-1-2-werk", text="Doel"),
            "/p11/5-1-1-grond": page("/", "../p13/5-2-3-geld", text="Grond"),
            "/p12/5-1-2-werk": page(text="Werk"),
            "/p13/5-2-3-geld": page("/p10/doel", text="Geld"),
        },
    )
    root = "/monitor-2020-ii/"
    sites.put_site(
        TWO,
        {
            root: page(
                f"{root}programma/kerntaak-5", f"{root}projecten", "/begroting-2022/projecten"
            ),
            f"{root}programma/kerntaak-5": page(f"{root}project/werk", text="Kerntaak"),
            f"{root}projecten": page(f"{root}projecten?Tag1Id=47183", "project/werk", text="Alle"),
            f"{root}project/werk": page(text="Werk"),
            "/begroting-2022/projecten": page(text="Een ander document"),
        },
    )
    return sites
