"""Makes gated assets: compute a frame, judge it, and only then let it replace the last good one.

A failed critical rule fails the step, so that nothing downstream of this source runs; the last
good frame stays where it is. What is seen of it in the UI is made in `checks` and `shown`.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import dagster as dg

from assets import shown
from assets.checks import check_result, checks_of
from assets.edges import Edges
from expectations.rules import Evidence, Outcome, Rule, Verdict
from warehouse.frames import WHOLE, Key, Stamp, kept_as
from warehouse.vocabulary import Table

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Made:
    """A frame as computed, with all that the gate and the store need."""

    edition: str
    evidence: Evidence
    release_id: str
    stamp: Stamp
    unread: pl.DataFrame | None = None
    """What could not become a row at all (`reason`, `record`): set aside beside the rows that fail."""
    release_of: Mapping[str, str] = field(default_factory=dict)
    """Release by document, for rows that name a document and no release."""
    origin: str = ""
    """What the frame is kept as beside those of other releases (`origins.Origin.id`)."""
    older: bool = False
    """Whether a frame of a newer release goes on serving, so that this one is only kept."""
    store: Callable[[pl.DataFrame], None] | None = None
    """How the accepted frame is kept, where it is not simply replaced."""
    picture: Callable[[pl.DataFrame], str] | None = None
    """Draws the accepted frame for the screen, once it is kept; Markdown, empty for none."""
    shown: Mapping[str, Any] = field(default_factory=dict)
    """What else the materialisation shows."""


def pass_gate(
    context: dg.AssetExecutionContext,
    edges: Edges,
    key: Key,
    table: type[Table],
    rules: Sequence[Rule],
    made: Iterable[Made],
) -> Iterator[Any]:
    """Judge each frame; keep what was accepted, record what was said, and fail if any was blocked.

    Yields the asset's check results and, where nothing was blocked, its materialisation.
    """
    import polars as pl

    from expectations.gate import judge

    accepted: dict[str, dict[str, Any]] = {}
    blocked: dict[str, Verdict] = {}
    contents: dict[str, str] = {}
    outcomes: dict[str, list[tuple[str, Outcome]]] = defaultdict(list)
    clock = time.perf_counter()
    for item in made:
        spent = shown.Spent(computing=time.perf_counter() - clock)
        clock = time.perf_counter()
        verdict = judge(item.evidence, rules)
        if item.unread is not None and item.unread.height:
            both = pl.concat([verdict.set_aside, item.unread])
            verdict = replace(verdict, set_aside=both)
        verdict = replace(verdict, set_aside=_with_release(verdict.set_aside, item))
        asset = "/".join(key) + (f":{item.edition}" if item.edition != WHOLE else "")
        if not item.older or verdict.accepted is None:
            # Rows set aside from a release that no longer serves are not missing from what serves.
            edges.ledger.record(context.run.run_id, asset, item.release_id, verdict)
        spent.judging = time.perf_counter() - clock
        for outcome in verdict.outcomes:
            outcomes[outcome.rule].append((item.edition, outcome))
        clock = time.perf_counter()
        if verdict.accepted is None:
            blocked[item.edition] = verdict
            _refuse(edges, key, item, _why(key, {item.edition: verdict}))
            continue
        _keep(edges, key, item, verdict.accepted)
        spent.keeping = time.perf_counter() - clock
        accepted[item.edition] = _metadata(context, item, verdict, spent)
        # Of several frames of one edition the last is the one that serves.
        contents[item.edition] = _content(item.edition, verdict.accepted)
        clock = time.perf_counter()
    for name, together in checks_of(table, rules).items():
        yield check_result(
            name, key, together, [said for rule in together for said in outcomes[rule.name]]
        )
    if blocked:
        for edition, said in accepted.items():
            # Yielded, because what is only logged is lost with the failure.
            yield dg.AssetMaterialization(list(key), partition=edition, metadata=said)
        raise dg.Failure(_why(key, blocked), allow_retries=False)
    # Each edition has its own numbers, also where one run took in many.
    whole = accepted.pop(WHOLE, {})
    for edition, said in accepted.items():
        context.add_asset_metadata(said, partition_key=edition)
    version = hashlib.sha256("\n".join(sorted(contents.values())).encode()).hexdigest()[:16]
    yield dg.MaterializeResult(metadata=whole, data_version=dg.DataVersion(version))


def _content(edition: str, frame: pl.DataFrame) -> str:
    """What an edition holds, the same for the same rows in whatever order: by this Dagster tells
    what is really out of date. Of one version of polars; after another all is out of date once."""
    import polars as pl

    if not frame.width:
        return f"{edition} {frame.height} 0"
    # The order of categories depends on what the process has seen; that of their texts does not.
    texts = frame.select(sorted(frame.columns)).with_columns(pl.col(pl.Categorical).cast(pl.String))
    return f"{edition} {frame.height} {texts.hash_rows().sum()}"


def _metadata(
    context: dg.AssetExecutionContext, item: Made, verdict: Verdict, spent: shown.Spent
) -> dict[str, Any]:
    """What the materialisation shows. What cannot be drawn must not fail what was accepted."""
    assert verdict.accepted is not None
    picture = ""
    if item.picture:
        try:
            picture = item.picture(verdict.accepted)
        except Exception as error:
            context.log.warning(f"no picture of {item.edition}: {type(error).__name__}: {error}")
    return shown.metadata(
        shown.Passed(
            item.evidence,
            verdict,
            item.release_id,
            spent,
            serves=not item.older,
            picture=picture,
            more=item.shown,
        )
    )


def _refuse(edges: Edges, key: Key, item: Made, reason: str) -> None:
    """Remember that this was refused: what a release gave, or a mart, which is of none."""
    if item.origin:
        edges.frames.refuse_release(key, item.origin, item.stamp, reason, older=item.older)
    else:
        edges.frames.refuse(key, item.edition, item.stamp, reason)


def _keep(edges: Edges, key: Key, item: Made, accepted: pl.DataFrame) -> None:
    """Put an accepted frame in its place, and keep it as what its release said."""
    if item.store:
        item.store(accepted)
    elif item.older:
        edges.frames.write(*kept_as(key, item.origin), accepted, item.stamp)
    else:
        edges.frames.write(key, item.edition, accepted, item.stamp)
        if item.origin:
            edges.frames.keep(key, item.edition, item.origin)


def _with_release(set_aside: pl.DataFrame, item: Made) -> pl.DataFrame:
    """Rows set aside with the release in which each can be found back (`release_id`): the one that
    the row names, that of its document, else that of the frame; of a row that was made from
    several documents the newest."""
    import polars as pl

    newest = max(item.release_of.values(), default="", key=lambda name: name.split(":", 2)[-1])
    found = []
    for record in set_aside.get_column("record"):
        row = json.loads(record)
        of_document = item.release_of.get(row.get("document_id") or "")
        found.append(row.get("release_id") or of_document or item.release_id or newest)
    return set_aside.with_columns(release_id=pl.Series(found, dtype=pl.String))


def _why(key: Key, blocked: Mapping[str, Verdict]) -> str:
    """What blocked which edition, in a sentence that someone can act on."""
    said = [
        f"{edition}: {outcome.rule} ({outcome.error or outcome.observed}); {outcome.reason}"
        for edition, verdict in blocked.items()
        for outcome in verdict.blocking
    ]
    return f"{'/'.join(key)} was blocked at the gate, the last good version stays. " + " | ".join(
        said
    )
