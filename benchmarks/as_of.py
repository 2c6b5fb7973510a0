"""The profile of one location as it was known at some moment, out of ten million rows: 833,280 facts
in 12 vintages each, every vintage a revision of every fact.

`python -m benchmarks.as_of ENGINE [FACTS]`: prints the 95th percentile over 200 questions, each of
another location and moment, asked on an open connection as BI asks them.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.warehouses import FIRST, INDICATORS, figures, publish, store, warehouse

VINTAGES = 12
FACTS = 833_280
QUESTIONS = 200
QUESTION = """
SELECT indicator_id, period, value, missing_reason, status, known_from
FROM mart.indicator_as_of(CAST(:moment AS TIMESTAMP)) WHERE location_id = :location
"""


def seconds(url: str, folder: Path, facts: int = FACTS) -> list[float]:
    """How long each question takes."""
    import datetime as dt

    from warehouse.reading import reading

    files = [
        store(
            figures(facts, vintage, vintage + 1 if vintage < VINTAGES - 1 else None),
            folder / f"{vintage:02}.parquet",
        )
        for vintage in range(VINTAGES)
    ]
    publish(url, folder, 1, files)
    draw = random.Random(1)  # noqa: S311 - which questions are asked is no secret
    found = []
    with reading(url) as reader:
        for _ in range(QUESTIONS):
            moment = FIRST + dt.timedelta(days=draw.uniform(0, VINTAGES))
            location = f"BU{10_000_000 + draw.randrange(facts // INDICATORS)}"
            start = time.perf_counter()
            rows = reader.rows(QUESTION, moment=moment, location=location)
            found.append(time.perf_counter() - start)
            assert len(rows) == INDICATORS
    return found


if __name__ == "__main__":
    with (
        tempfile.TemporaryDirectory() as home,
        warehouse(sys.argv[1], Path(home)) as address,
    ):
        taken = sorted(seconds(address, Path(home), *map(int, sys.argv[2:])))
    print(json.dumps({"seconds": taken[int(len(taken) * 0.95)], "median": taken[len(taken) // 2]}))
