"""How every edition of every source stands: current, absent, blocked or unreachable, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from assets.core import SUBJECTS
from assets.core import key_of as core_key
from assets.edges import Edges
from assets.publication import STATUS
from assets.sources.survey import Survey
from pipelines import plan
from warehouse.frames import WHOLE
from warehouse.tables.mart import SourceStatus
from warehouse.vocabulary import polars_schema

if TYPE_CHECKING:
    import polars as pl


def source_status(
    edges: Edges,
    surveys: Mapping[str, Survey],
    blocked: Mapping[tuple[str, str], str],
    only: str | None = None,
) -> pl.DataFrame:
    """How every edition stands after tonight's intake, in the schema of `mart.source_status`.

    `blocked`: source and edition -> reason, of what was blocked tonight. Of sources that were not
    asked tonight (`only`) the earlier rows stay.
    """
    import polars as pl

    schema = polars_schema(SourceStatus)
    rows: list[dict[str, Any]] = []
    for source in edges.catalogue.sources.values():
        if only not in (None, source.name):
            continue
        survey = surveys[source.publisher]
        served = {}
        for edition in edges.archive.editions(source.name):
            key = core_key(SUBJECTS[source.subject][-1].name, source.name)
            served[edition] = (edges.frames.stamp(key, edition) or {}).get("release_id")
        base = {"source": source.name, "cadence_days": source.cadence_days}
        for edition, release_id in served.items():
            state, reason = "current", None
            if survey.failure:
                state, reason = "unreachable", survey.failure
            elif why := blocked.get((source.name, edition)) or plan.standing_refusal(
                edges, source.name, edition
            ):
                state, reason = "blocked", why
            elif (source.name, edition) in survey.absent:
                state, reason = "absent", survey.absent[source.name, edition]
            rows.append(base | _row(edition, state, reason, release_id))
        for (name, edition), why in survey.absent.items():
            if name == source.name and edition not in served:
                rows.append(base | _row(edition, "absent", why, None))
        for (name, edition), why in blocked.items():
            if name == source.name and edition not in served:
                rows.append(base | _row(edition, "blocked", why, None))
        if survey.failure and not served:
            rows.append(base | _row("*", "unreachable", survey.failure, None))
    earlier = edges.frames.read(STATUS)
    frame = _said_once(pl.DataFrame(rows, schema=schema), earlier)
    if only and earlier is not None:
        frame = pl.concat([earlier.filter(pl.col("source") != only), frame])
    return frame.sort("source", "edition")


def refresh(edges: Edges) -> bool:
    """Bring `mart.source_status` up to what has been taken in since the night that wrote it; true
    where that changed anything.

    What only a publisher can tell (unreachable, absent) stays as the last night found it.
    """
    return keep_status(edges, as_taken_in(edges))


def keep_status(edges: Edges, status: pl.DataFrame) -> bool:
    """Let `status` take the place of how sources stood; true where that is something else."""
    before = edges.frames.read(STATUS)
    if before is not None and before.equals(status):
        return False
    edges.frames.write(STATUS, WHOLE, status, {})
    return True


def as_taken_in(edges: Edges) -> pl.DataFrame:
    """How every edition stands by what is archived, accepted and refused, in the schema of
    `mart.source_status`; publishers are not asked."""
    import polars as pl

    schema = polars_schema(SourceStatus)
    earlier = edges.frames.read(STATUS)
    known = (
        {}
        if earlier is None
        else {(row["source"], row["edition"]): row for row in earlier.iter_rows(named=True)}
    )
    rows = {key: row for key, row in known.items() if key[0] in edges.catalogue.sources}
    for source in edges.catalogue.sources.values():
        key = core_key(SUBJECTS[source.subject][-1].name, source.name)
        for edition in edges.archive.editions(source.name):
            served = (edges.frames.stamp(key, edition) or {}).get("release_id")
            before = known.get((source.name, edition))
            why = plan.standing_refusal(edges, source.name, edition)
            base = {"source": source.name, "cadence_days": source.cadence_days}
            if why:
                rows[source.name, edition] = base | _row(edition, "blocked", why, served)
            elif before is None or before["release_id"] != served:
                rows[source.name, edition] = base | _row(edition, "current", None, served)
    frame = _said_once(pl.DataFrame(list(rows.values()), schema=schema), earlier)
    return frame.sort("source", "edition")


def _said_once(frame: pl.DataFrame, earlier: pl.DataFrame | None) -> pl.DataFrame:
    """An edition that stays in a state keeps the reason it was first given: the same trouble in
    slightly other words (a port, a count of bytes) is no news for readers."""
    import polars as pl

    if earlier is None:
        return frame
    was = earlier.select("source", "edition", "state", "release_id", first="reason")
    return (
        frame.join(
            was,
            on=["source", "edition", "state", "release_id"],
            how="left",
            nulls_equal=True,
            maintain_order="left",
        )
        .with_columns(
            reason=pl.when(pl.col("state") == "blocked")
            .then("reason")
            .otherwise(pl.coalesce("first", "reason"))
        )
        .drop("first")
    )


def _row(edition: str, state: str, reason: str | None, release_id: str | None) -> dict[str, Any]:
    return {
        "edition": edition,
        "state": state,
        "stale": state in ("blocked", "unreachable"),
        "reason": reason,
        "release_id": release_id,
    }
