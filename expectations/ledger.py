"""The ledger: what every rule said of every asset, and which rows were set aside.

One small parquet file an asset and kind, replaced whole, so that a reader sees either the old
or the new and two assets never wait for each other. The warehouse reads both as tables.
"""

from __future__ import annotations

import hashlib
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from warehouse.places import Place, place_of
from warehouse.tables.mart import ExpectationResult, Quarantine
from warehouse.vocabulary import polars_schema

if TYPE_CHECKING:
    import polars as pl

    from expectations.rules import Verdict

RUNS_KEPT = 10
"""Runs an asset of which results are kept: enough to see when a rule began to fail."""


class Ledger:
    """Results and rows set aside, under `folder`."""

    def __init__(self, folder: Path | Place) -> None:
        self.place = place_of(folder)
        self.folder = self.place.folder
        self._results = self.folder / "results"
        self._quarantine = self.folder / "quarantine"

    def record(self, run_id: str, asset: str, release_id: str, verdict: Verdict) -> None:
        """Write down a verdict. Rows set aside are of `release_id`, unless they say of which.

        Results are kept of the last ten runs of the asset; a run that judges it again replaces
        its own. Rows set aside are those of the last run that was accepted: where a frame is
        blocked the last good one keeps serving, and so do the rows that are missing from it.
        """
        self._record_results(run_id, asset, verdict)
        if verdict.accepted is not None:
            self._record_set_aside(asset, release_id, verdict)

    def results(self) -> pl.DataFrame:
        """All results kept, in the schema of `mart.expectation_result`, by asset and run."""
        return _together(self.place, self._results, polars_schema(ExpectationResult))

    def set_aside(self) -> pl.DataFrame:
        """All rows set aside, in the schema of `mart.quarantine`, by asset."""
        return _together(self.place, self._quarantine, polars_schema(Quarantine))

    def _record_results(self, run_id: str, asset: str, verdict: Verdict) -> None:
        import polars as pl

        schema = polars_schema(ExpectationResult)
        new = pl.DataFrame(
            [
                {
                    "run_id": run_id,
                    "asset": asset,
                    "expectation": outcome.rule,
                    "severity": outcome.severity.value,
                    "success": outcome.success,
                    "observed": outcome.observed,
                    "unexpected_count": outcome.unexpected_count,
                    "reason": outcome.reason,
                }
                for outcome in verdict.outcomes
            ],
            schema=schema,
        )
        path = self._results / _file_name(asset)
        self.place.here(path)
        if path.exists():
            before = pl.read_parquet(path).filter(pl.col("run_id") != run_id)
            runs = before["run_id"].unique(maintain_order=True).to_list()
            kept = pl.Series(runs[max(0, len(runs) - RUNS_KEPT + 1) :], dtype=pl.String)
            new = pl.concat([before.filter(pl.col("run_id").is_in(kept.implode())), new])
        _replace(self.place, path, new)

    def _record_set_aside(self, asset: str, release_id: str, verdict: Verdict) -> None:
        import polars as pl

        set_aside = verdict.set_aside
        if "release_id" not in set_aside.columns:
            set_aside = set_aside.with_columns(release_id=pl.lit(release_id))
        rows = [
            {
                "quarantine_id": _identify(asset, release, reason, record),
                "asset": asset,
                "release_id": release,
                "reason": reason,
                "record": record,
            }
            for reason, record, release in set_aside.select(
                "reason", "record", "release_id"
            ).iter_rows()
        ]
        table = pl.DataFrame(rows, schema=polars_schema(Quarantine))
        _replace(
            self.place,
            self._quarantine / _file_name(asset),
            table.unique("quarantine_id", keep="first", maintain_order=True),
        )


def _identify(*parts: str) -> str:
    """The id of a row set aside: the same for the same row, reason, release and asset."""
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:32]


def _file_name(asset: str) -> str:
    """A file name for an asset key, one to one and without a path in it."""
    return quote(asset, safe="") + ".parquet"


def _together(place: Place, folder: Path, schema: pl.Schema) -> pl.DataFrame:
    """All tables in a folder below each other; an empty table where there are none."""
    import polars as pl

    paths = place.names(folder, "*.parquet")
    place.here(*paths)
    tables = [pl.read_parquet(path) for path in paths]
    if not tables:
        return schema.to_frame()
    return pl.concat(tables, how="diagonal").select(schema.names())


def _replace(place: Place, path: Path, table: pl.DataFrame) -> None:
    """Write the table whole, durably, in place of the one before."""
    content = BytesIO()
    table.write_parquet(content)
    place.write(path, content.getvalue())
    place.settle([path.parent])
