"""The inbox sensor: files are taken in when they are whole, however they come and go."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.sources.landing import Landed, in_folder
from sensors.inbox import MARKER, SEEN, TAKEN, WHOLE, Lying, settle
from tests.living import Life
from tests.sampled import register_file


def put(folder: Path, name: str, content: bytes, age: float = 60) -> None:
    """A file that was written `age` seconds ago."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(content)
    written = time.time() - age
    os.utime(folder / name, (written, written))


@pytest.fixture
def house(small: Life, tmp_path: Path) -> tuple[Life, Path]:
    """A house that knows the shipped sources of the inbox, and its inbox; empty."""
    from assets.catalogue import load_catalogue

    shipped = load_catalogue().sources
    names = ("establishment_register", "dropped_documents")
    catalogue = replace(small.edges.catalogue, sources={name: shipped[name] for name in names})
    from pipelines.definitions import build_definitions

    small.edges = replace(small.edges, catalogue=catalogue)
    small.definitions = build_definitions(edges=small.edges)
    return small, tmp_path / "inbox"


def wanted(house: Life) -> list[tuple[str, str | None]]:
    """Job and edition of what a tick asks for."""
    return [(r.job_name or "", r.partition_key) for r in house.ask("inbox").run_requests or []]


def test_a_file_is_taken_in_when_it_has_lain_still_for_two_ticks(house: tuple[Life, Path]) -> None:
    life, inbox = house
    name, content = register_file()
    assert wanted(life) == []
    put(inbox, name, content[:1000])
    assert wanted(life) == []
    assert life.skipped["inbox"] == f"still coming: {name}"
    put(inbox, name, content, age=30)  # it went on growing
    assert wanted(life) == []
    assert wanted(life) == [("intake_establishment_register", "2026-04-01")]
    assert wanted(life) == []
    assert life.skipped["inbox"] == "nothing new in the inbox"


def test_a_marker_says_that_a_file_is_whole(house: tuple[Life, Path]) -> None:
    life, inbox = house
    name, content = register_file()
    put(inbox, name, content)
    put(inbox, name + MARKER, b"")
    assert wanted(life) == [("intake_establishment_register", "2026-04-01")]


def test_a_replaced_file_is_news_and_a_deleted_one_is_not(house: tuple[Life, Path]) -> None:
    life, inbox = house
    name, content = register_file()
    put(inbox, name, content, age=90)
    wanted(life)
    first = life.ask("inbox").run_requests or []
    put(inbox, name, content + b"\n", age=60)
    assert wanted(life) == []
    second = life.ask("inbox").run_requests or []
    assert first[0].run_key != second[0].run_key
    (inbox / name).unlink()
    assert wanted(life) == []
    assert wanted(life) == []


def test_a_file_that_is_renamed_into_place_is_one_file(house: tuple[Life, Path]) -> None:
    life, inbox = house
    name, content = register_file()
    put(inbox, f"{name}.part", content)
    assert [wanted(life) for _ in range(3)] == [[], [], []]
    (inbox / f"{name}.part").rename(inbox / name)
    assert [len(wanted(life)) for _ in range(3)] == [0, 1, 0]


def test_documents_wait_for_the_one_that_is_still_coming(house: tuple[Life, Path]) -> None:
    life, inbox = house
    put(inbox, "brief.txt", b"Kennispark Twente krijgt 5 miljoen euro.")
    wanted(life)
    put(inbox, "verslag.txt", b"Kennispark", age=40)
    assert wanted(life) == []
    assert wanted(life) == [("intake_dropped_documents", "all")]


def test_a_file_of_no_source_is_told_of_and_starts_nothing(
    house: tuple[Life, Path], caplog: pytest.LogCaptureFixture
) -> None:
    life, inbox = house
    put(inbox, "vakantie.xlsx", b"x")
    assert [wanted(life) for _ in range(4)] == [[], [], [], []]


def test_what_is_on_its_way_is_asked_for_when_that_is_over(house: tuple[Life, Path]) -> None:
    import dagster as dg

    life, inbox = house
    name, content = register_file()
    put(inbox, name, content)
    job = life.definitions.resolve_job_def("intake_establishment_register")
    run = life.instance.create_run_for_job(job, status=dg.DagsterRunStatus.STARTED)
    assert [wanted(life) for _ in range(3)] == [[], [], []]
    life.instance.report_run_failed(run)
    assert wanted(life) == [("intake_establishment_register", "2026-04-01")]


def test_a_folder_is_listed_without_links_hidden_files_or_folders(tmp_path: Path) -> None:
    put(tmp_path, "a.csv", b"12")
    put(tmp_path, ".hidden", b"")
    (tmp_path / "folder").mkdir()
    (tmp_path / "link.csv").symlink_to(tmp_path / "a.csv")
    assert [(file.name, file.size) for file in in_folder(tmp_path)()] == [("a.csv", 2)]
    assert in_folder(tmp_path / "absent")() == []


FILES = st.dictionaries(st.sampled_from("abc"), st.integers(0, 2), max_size=3)


@given(st.lists(FILES, max_size=12))
@settings(max_examples=60, deadline=None)
def test_a_file_is_whole_exactly_when_it_lies_as_it_lay(seen: list[dict[str, int]]) -> None:
    before: dict[str, Lying] = {}
    for last, now in zip([{}, *seen], seen, strict=False):
        after = settle(before, [Landed(name, size, "m") for name, size in now.items()])
        assert after.keys() == now.keys()
        for name, file in after.items():
            assert (file.state == SEEN) == (last.get(name) != now[name])
        before = {
            name: replace(file, state=TAKEN if file.state == WHOLE else file.state)
            for name, file in after.items()
        }
