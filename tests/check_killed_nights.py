"""A night that is killed anywhere leaves what readers see whole, and the next night heals it.

`make crash` kills LM_TEST_KILLS nights, an equal number in each stage; not a part of `make test`.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.nights_apart import FORKED, STAGES, night, readers_see, whole_night
from tests.publishers import Publishers
from tests.sampled import serve_sample
from tests.test_house import KWB, kwb, put_register
from warehouse.leftovers import PART

pytestmark = pytest.mark.timeout(7200)

KILLS = int(os.environ.get("LM_TEST_KILLS", "16"))


@dataclass
class News:
    """Something that the next night finds, and what readers see before and after it."""

    bring: Callable[[Path], None]
    """Puts it where the house at this folder finds it."""
    entered: list[tuple[str, float]]
    """The stages of a night that nobody kills, each with its seconds."""
    before: Any
    after: Any


@pytest.fixture(scope="module")
def publishers() -> Iterator[Publishers]:
    with Publishers() as serving:
        serve_sample(serving)
        yield serving


@pytest.fixture(scope="module")
def lived(publishers: Publishers, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A house after its first night."""
    home = tmp_path_factory.mktemp("lived") / "house"
    put_register(home)
    _, ended = whole_night(home, publishers.env)
    assert ended == [0, True, None]
    return home


@pytest.fixture(scope="module")
def news(
    publishers: Publishers, lived: Path, tmp_path_factory: pytest.TempPathFactory
) -> list[News]:
    """A cell that a publisher corrected, and an extract that a supplier corrected."""
    cell = pl.col("WijkenEnBuurten").str.strip_chars() == "BU01530703"

    def corrected_cell(home: Path) -> None:
        publishers.cbs_v3.put(kwb().with_cell(cell, KWB, 10).a_day_later())

    def corrected_extract(home: Path) -> None:
        publishers.cbs_v3.put(kwb())
        put_register(home, without=7)

    found = []
    for bring in (corrected_cell, corrected_extract):
        home = tmp_path_factory.mktemp("whole") / "house"
        shutil.copytree(lived, home)
        bring(home)
        entered, ended = whole_night(home, publishers.env)
        assert ended == [0, True, None]
        before, after = readers_see(lived), readers_see(home)
        assert before["indicator_value"] != after["indicator_value"]
        found.append(News(bring, entered, before, after))
    return found


def test_every_stage_is_entered(news: list[News]) -> None:
    assert {stage for one in news for stage, _ in one.entered} == set(STAGES)


def test_a_killed_night_is_healed_by_the_next(
    news: list[News], lived: Path, publishers: Publishers, tmp_path: Path
) -> None:
    draw = random.Random(KILLS)
    seen: Counter[tuple[str, str]] = Counter()
    wrong = []
    for number in range(KILLS):
        one = news[number % len(news)]
        stage = list(STAGES)[number // len(news) % len(STAGES)]
        home = tmp_path / "house"
        shutil.copytree(lived, home)
        one.bring(home)
        _killed(home, publishers.env, one, stage, draw)
        found = readers_see(home)
        said = "old" if found == one.before else "new" if found == one.after else "neither"
        seen[stage, said] += 1
        _, ended = whole_night(home, publishers.env)
        left = [path for path in home.rglob("*") if PART.search(path.name)]
        if said == "neither" or left or ended[0] or readers_see(home) != one.after:
            wrong.append((number, stage, said, ended, left))
        shutil.rmtree(home)
    for (stage, said), times in sorted(seen.items()):
        print(f"killed in {stage}: {times} times, readers saw the {said} publication")
    assert not wrong


def _killed(home: Path, env: dict[str, str], one: News, stage: str, draw: random.Random) -> None:
    """Run a night and kill it at a random moment after a random entry of `stage`."""
    places = [place for place, (name, _) in enumerate(one.entered) if name == stage]
    nth = draw.randrange(len(places))
    delay = draw.uniform(0, 1.2 * one.entered[places[nth]][1])
    here, there = FORKED.Pipe()
    process = FORKED.Process(target=night, args=(str(home), env, there))
    process.start()
    there.close()
    entries = 0
    try:
        while entries <= nth:
            kind, *what = here.recv()
            entries += kind == "stage" and what[0] == stage
    except EOFError:
        pass
    process.join(delay)
    if process.exitcode is None and process.pid:
        os.kill(process.pid, signal.SIGKILL)
    process.join()
