"""From what a frame was made, as a few short words: the means by which nothing is made twice.

An asset is out of date exactly when the stamp it would get now differs from the one its frame
carries. What to run in a night is decided from stamps alone (`pipelines.plan`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from assets.catalogue import Catalogue
from assets.catalogue.loading import fingerprint
from warehouse.frames import FrameStore, Key, Stamp


def of_release(catalogue: Catalogue, source: str, release_id: str, code_version: str) -> Stamp:
    """Stamp of raw and core frames: the release, its source's declaration and the code."""
    return {
        "release_id": release_id,
        "declaration": fingerprint(catalogue.sources[source]),
        "code": code_version,
    }


def of_inputs(
    catalogue: Catalogue,
    frames: FrameStore,
    inputs: Iterable[Key],
    declared: Iterable[str],
    code_version: str,
) -> Stamp:
    """Stamp of a mart: all that it reads, edition by edition, and the parts of the catalogue it is
    made from (`declared`: names of its kinds of entry, such as `sites`)."""
    read = {
        "/".join(key): {edition: frames.stamp(key, edition) for edition in frames.editions(key)}
        | {"releases": frames.releases_kept(key)}
        for key in sorted(inputs)
    }
    entries = [entry for part in declared for entry in getattr(catalogue, part).values()]
    return {
        "inputs": hashlib.sha256(json.dumps(read, sort_keys=True).encode()).hexdigest()[:16],
        "catalogue": fingerprint(*entries),
        "code": code_version,
    }
