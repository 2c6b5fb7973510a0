"""Imports point one way: pipelines -> sensors -> assets -> expectations -> warehouse."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("pipelines", "sensors", "assets", "expectations", "warehouse")
DAGSTER_FREE = (
    "assets/sources",
    "assets/core",
    "assets/marts",
    "assets/catalogue",
    "expectations",
    "warehouse",
)
FORBIDDEN_NAMES = {"utils", "util", "common", "helpers", "helper", "misc", "other"}
HEAVY = (
    "assets.documents.extraction",
    "duckdb",
    "great_expectations",
    "httpx",
    "lxml",
    "pandas",
    "polars",
    "sqlalchemy",
)
"""What only a run needs: what asks, reads, judges or stores. Every process of Dagster loads the
definitions, so they do without."""


def modules(*rooms: str) -> Iterator[Path]:
    """Every Python file of `rooms`."""
    for room in rooms:
        yield from sorted((ROOT / room).rglob("*.py"))


def imported(path: Path) -> Iterator[str]:
    """Dotted names of the modules that a file imports, wherever in the file."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize("place", range(len(ROOMS)))
def test_a_room_imports_only_the_rooms_below_it(place: int) -> None:
    above = set(ROOMS[:place])
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in modules(ROOMS[place])
        for name in imported(path)
        if name.split(".")[0] in above
    ]
    assert not wrong


def test_no_dagster_below_the_assets() -> None:
    wrong = [
        str(path.relative_to(ROOT))
        for path in modules(*DAGSTER_FREE)
        if any(name.split(".")[0] == "dagster" for name in imported(path))
    ]
    assert not wrong


def test_great_expectations_is_imported_in_the_gate_and_nowhere_else() -> None:
    where = {
        str(path.relative_to(ROOT))
        for path in modules(*ROOMS)
        if any(name.split(".")[0] == "great_expectations" for name in imported(path))
    }
    assert where == {"expectations/gate.py"}


def test_no_room_without_a_subject_and_no_file_that_is_two() -> None:
    paths = list(modules(*ROOMS))
    assert not [path for path in paths if path.stem in FORBIDDEN_NAMES]
    assert not [path for path in paths if path.stem in sys.stdlib_module_names]
    long = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in paths}
    assert not {name: lines for name, lines in long.items() if lines > 400}


def test_loading_definitions_imports_nothing_heavy_and_asks_nobody() -> None:
    said = subprocess.run(
        [
            sys.executable,
            "-c",
            "import socket, sys\n"
            "def refuse(*a, **k): raise AssertionError('network while loading')\n"
            "socket.socket.connect = refuse\n"
            "from pipelines.definitions import defs\n"
            "defs()\n"
            f"print(*[m for m in {HEAVY} if m in sys.modules])",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0, said.stderr
    assert said.stdout.split() == []
