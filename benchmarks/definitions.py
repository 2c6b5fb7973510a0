"""Loading the definitions, as every Dagster process does: seconds and the whole process's memory."""

from __future__ import annotations

import json
import resource
import sys
import time

if __name__ == "__main__":
    start = time.perf_counter()
    if sys.argv[1] == "ours":
        from pipelines.definitions import defs

        defs()
    else:
        import dagster  # noqa: F401 - the floor: what Dagster itself costs
    print(
        json.dumps(
            {
                "seconds": time.perf_counter() - start,
                "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            }
        )
    )
