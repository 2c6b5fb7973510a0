"""The release sensor: starts the night for news, once, and says what it could not ask."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import dagster as dg
import pytest

from assets.catalogue import load_catalogue
from assets.edges import Edges
from assets.sources.errors import Unreachable
from assets.sources.intake import take_in
from assets.sources.survey import Survey, news, survey_all
from pipelines.resources import build_edges
from pipelines.settings import Settings
from sensors import releases


@pytest.fixture
def edges(tmp_path: Path) -> Edges:
    """A house on the sample that has taken in nothing yet."""
    return build_edges(Settings(home=tmp_path), load_catalogue())


def tick(edges: Edges) -> dg.RunRequest | dg.SkipReason:
    """What one tick asks for."""
    context = dg.build_sensor_context(resources={"edges": edges})
    said = releases.release_sensor()(context)
    assert isinstance(said, dg.RunRequest | dg.SkipReason)
    return said


def test_the_same_news_has_the_same_run_key(edges: Edges) -> None:
    first, second = tick(edges), tick(edges)
    assert isinstance(first, dg.RunRequest)
    assert isinstance(second, dg.RunRequest)
    assert first.run_key == second.run_key


def test_news_of_less_is_other_news(edges: Edges) -> None:
    before = tick(edges)
    take_in(
        edges.catalogue.sources["ibis"], "current", edges.archive, edges.fetcher_of, row_floor=1
    )
    after = tick(edges)
    assert isinstance(before, dg.RunRequest)
    assert isinstance(after, dg.RunRequest)
    assert before.run_key != after.run_key


def test_without_news_nothing_runs(edges: Edges) -> None:
    for item in news(survey_all(edges.catalogue, edges.fetcher_of, edges.archive), edges.archive):
        source = edges.catalogue.sources[item.source]
        take_in(source, item.edition, edges.archive, edges.fetcher_of, row_floor=1)
    said = tick(edges)
    assert isinstance(said, dg.SkipReason)
    assert said.skip_message == "nothing new"


def test_a_publisher_that_is_down_is_named(edges: Edges, monkeypatch: pytest.MonkeyPatch) -> None:
    down = Survey((), {}, failure=str(Unreachable("no answer")))
    monkeypatch.setattr("assets.sources.survey.survey_all", lambda *a, **k: {"cbs_v3": down})
    said = tick(replace(edges))
    assert isinstance(said, dg.SkipReason)
    assert said.skip_message == "nothing new; could not ask cbs_v3: no answer"
