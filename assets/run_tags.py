"""Tags by which a run is found again: of which source, editions and releases it was, and why.

Who starts a run knows the source, seldom the release: that is known when it was taken in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import dagster as dg

NAMED = 6
"""Editions or releases that are named one by one; of more the first, the last and how many."""


def tag_run(
    context: dg.AssetExecutionContext,
    source: str,
    editions: Sequence[str],
    releases: Sequence[str],
) -> None:
    """Add what the run's tags do not say yet, in one write."""
    present = context.run.tags
    wanted = {
        "source": source,
        "edition": _named(editions),
        "release": _named(releases),
        "reason": reason(present),
    }
    lacking = {
        name: said
        for name, said in wanted.items()
        if said and (name == "release" or name not in present) and present.get(name) != said
    }
    if lacking:
        context.instance.add_run_tags(context.run.run_id, lacking)


def reason(tags: Mapping[str, str]) -> str:
    """Why a run was started, from the tags that Dagster gave it."""
    if said := tags.get("reason"):
        return said
    if "dagster/backfill" in tags:
        return "backfill"
    for kind in ("schedule", "sensor"):
        if name := tags.get(f"dagster/{kind}_name"):
            return f"{kind} {name}"
    return "started by hand"


def _named(words: Sequence[str]) -> str:
    words = list(dict.fromkeys(words))
    if len(words) <= NAMED:
        return ", ".join(words)
    return f"{words[0]} .. {words[-1]} ({len(words)})"
