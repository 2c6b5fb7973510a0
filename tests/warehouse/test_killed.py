"""A publication that is killed leaves the old or the new whole, on either engine.

A few kills here; `make crash` has a hundred on each (LM_TEST_KILLS).
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.warehouse.killed import killed

KILLS = int(os.environ.get("LM_TEST_KILLS", "3"))


@pytest.mark.timeout(120 + 5 * KILLS)
@pytest.mark.parametrize("engine", ["duckdb", "postgresql"])
def test_readers_see_the_old_or_the_new_whole_and_a_re_run_ends_as_expected(
    engine: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = (
        f"duckdb:///{tmp_path / 'warehouse' / 'w.duckdb'}"
        if engine == "duckdb"
        else str(request.getfixturevalue("database"))
    )
    found = killed(url, tmp_path / "copies", KILLS, seed=KILLS)
    assert not found.wrong
    assert found.looks >= KILLS
    assert found.before + found.after == KILLS
    print(
        f"{engine}: {found.before} old, {found.after} new ({found.ended} had ended), {found.looks} looks"
    )
    # Nothing is left over of those that were killed.
    assert {path.name for path in (tmp_path / "warehouse").glob("*")} <= {"w.duckdb"}
    assert not list((tmp_path / "copies").glob("*/.*"))
