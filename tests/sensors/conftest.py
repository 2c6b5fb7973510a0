"""A small house: three tables of one publisher over real HTTP, so that a run is quick."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assets.catalogue import load_catalogue
from assets.catalogue.models import Source
from assets.edges import Edges
from pipelines.resources import build_edges
from pipelines.settings import Settings
from tests.living import Life, life
from tests.publishers import Publishers, small_source

START = dt.datetime(2026, 6, 1, 12)


def declared(name: str, editions: dict[str, int]) -> Source:
    """A source of the stand-in's small tables; `editions`: number of the table by edition."""
    return Source.model_validate(small_source(name, editions))


def small_edges(home: Path, publishers: Publishers, sources: dict[str, Source]) -> Edges:
    """The edges of a house that knows only `sources`, beside the shipped places and sites."""
    known = load_catalogue()
    catalogue = replace(known, sources=sources, indicators={})
    addresses = {name.removeprefix("LM_").lower(): url for name, url in publishers.env.items()}
    settings = Settings(
        home=home, sources="live", tries=1, first_wait=0.01, deadline=5, **addresses
    )  # type: ignore[arg-type]
    return build_edges(settings, catalogue)


@pytest.fixture
def publishers() -> Iterator[Publishers]:
    """Publishers that have nothing yet."""
    with Publishers() as house:
        yield house


@pytest.fixture
def small(tmp_path: Path, publishers: Publishers) -> Iterator[Life]:
    """A house with two sources, `yearly` of three editions and `other` of one."""
    sources = {
        "yearly": declared("yearly", {"2026": 1, "2027": 2, "2028": 3}),
        "other": declared("other", {"current": 4}),
    }
    with life(small_edges(tmp_path, publishers, sources), START) as lived:
        yield lived
