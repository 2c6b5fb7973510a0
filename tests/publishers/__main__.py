"""`python -m tests.publishers`: serve in the foreground till SIGTERM or the end of standard input.

Writes the settings that point at the publishers into the ready file once every page is rendered.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event, Thread

from tests.publishers import geo, shared
from tests.publishers.house import Publishers
from tests.publishers.synthetic import small_table
from tests.publishers.v3_table import V3Table
from tests.publishers.v4_table import V4Table


def _put_municipalities(house: Publishers) -> None:
    for year, crs in ((2022, geo.CRS84), (2026, geo.RD)):
        features = shared.municipalities(year)
        house.geo.put_features("gemeente_gegeneraliseerd", year, features, crs)


SHARED: dict[str, Callable[[Publishers], object]] = {
    "84799NED": lambda house: house.cbs_v3.put(V3Table.from_shared("84799NED")),
    "45012NED": lambda house: house.third_party.put(V3Table.from_shared("45012NED")),
    "81575NED": lambda house: house.cbs_v4.put(V4Table.establishments(shared.establishments())),
    "municipalities": _put_municipalities,
    "kvk": lambda house: house.kvk.put_bulk(shared.kvk_bulk_csv()),
    "ibis": lambda house: house.ibis.put_features(shared.business_parks()),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve what the arguments name; 0 when asked to stop."""
    parser = argparse.ArgumentParser(prog="python -m tests.publishers", description=__doc__)
    parser.add_argument(
        "--shared",
        action="append",
        default=[],
        choices=sorted(SHARED),
        help="serve this part of the shared data; may be given more than once",
    )
    parser.add_argument("--tables", type=int, default=0, help="invented v3 tables to serve")
    parser.add_argument("--gzip", action="store_true", help="compress for clients that accept it")
    parser.add_argument("--ready-file", type=Path, help="where to write the settings as JSON")
    chosen = parser.parse_args(arguments)

    stop = Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, lambda *_: stop.set())
    with Publishers(gzip=chosen.gzip) as house:
        for name in chosen.shared:
            SHARED[name](house)
        for number in range(1, chosen.tables + 1):
            house.cbs_v3.put(small_table(number))
        for publisher in (house.cbs_v3, house.third_party, house.cbs_v4):
            publisher.warm()
        settings = json.dumps(house.env, indent=1)
        if chosen.ready_file is None:
            print(settings, flush=True)
        else:
            part = chosen.ready_file.with_suffix(".part")
            part.write_text(settings, "utf-8")
            part.replace(chosen.ready_file)
        Thread(target=_until_input_ends, args=(stop,), daemon=True).start()
        stop.wait()
    return 0


def _until_input_ends(stop: Event) -> None:
    while sys.stdin.buffer.read(4096):
        pass
    stop.set()


if __name__ == "__main__":
    # A thread may still be blocked on standard input, which the interpreter would wait for.
    status = main()
    sys.stdout.flush()
    os._exit(status)
