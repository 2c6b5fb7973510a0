"""A disk that is full: the night says so, the old publication serves, and with room it goes on.

`make crash` fills it at LM_TEST_KILLS points; not a part of `make test`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import polars as pl
import pytest

from tests.nights_apart import whole_night
from tests.publishers import Publishers
from tests.sampled import serve_sample
from tests.test_house import KWB, kwb, put_register

POINTS = int(os.environ.get("LM_TEST_KILLS", "8")) // 2


@pytest.mark.timeout(7200)
def test_a_disk_that_fills_up_leaves_the_old_publication(tmp_path: Path) -> None:
    home, disk = tmp_path / "house", tmp_path / "disk"
    disk.mkdir()
    put_register(home)
    with Publishers() as publishers:
        serve_sample(publishers)
        assert whole_night(home, publishers.env)[1] == [0, True, None]
        cell = pl.col("WijkenEnBuurten").str.strip_chars() == "BU01530703"
        publishers.cbs_v3.put(kwb().with_cell(cell, KWB, 10).a_day_later())
        command = ["unshare", "-rm", sys.executable, "-m", "tests.full_disk"]
        done = subprocess.run(
            [*command, str(home), str(disk), json.dumps(publishers.env), str(POINTS)],
            capture_output=True,
            text=True,
            check=False,
        )
    print(done.stdout)
    assert done.returncode == 0, done.stderr[-3000:]
    found = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert len(found) == POINTS
    for one in found:
        assert one["seen"] in ("old", "new"), one
        assert one["healed"] and one["healed"][0] == 0, one
        assert one["as expected"], one
        assert not one["left over"], one
        if one["seen"] == "old":  # it did not go as it should, and said so
            assert one["ended"] and one["ended"][0] == 1, one
    assert Counter(one["seen"] for one in found)["old"] >= POINTS // 2
