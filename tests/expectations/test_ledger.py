"""The ledger: keeps what was said, of the last runs only, and never half a file."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from expectations.ledger import RUNS_KEPT, Ledger
from expectations.rules import Outcome, Severity, Verdict
from warehouse.tables.mart import ExpectationResult, Quarantine
from warehouse.vocabulary import key_of, polars_schema

KWB, IV3 = "core/figure/cbs_kwb:2020", "core/budget_line/iv3_provinces:2013"


def verdict(
    *records: str, accepted: bool = True, observed: str = "all 3 rows as expected"
) -> Verdict:
    """A verdict that sets these records aside."""
    return Verdict(
        accepted=pl.DataFrame({"x": [1]}) if accepted else None,
        outcomes=(
            Outcome(
                "named", Severity.ROW, "Every area has a name.", not records, observed, len(records)
            ),
            Outcome(
                "whole", Severity.CRITICAL, "Counts are whole.", accepted, "x", 0 if accepted else 1
            ),
        ),
        set_aside=pl.DataFrame(
            {"reason": ["named: Every area has a name."] * len(records), "record": list(records)},
            schema={"reason": pl.String, "record": pl.String},
        ),
    )


def test_an_empty_ledger_has_tables_without_rows(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "not there")
    assert ledger.results().schema == polars_schema(ExpectationResult)
    assert ledger.set_aside().schema == polars_schema(Quarantine)
    assert ledger.results().height == ledger.set_aside().height == 0


def test_what_was_recorded_is_read_back(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    ledger.record("run-1", KWB, "cbs_kwb:2020:a", verdict('{"name": ""}', observed="1 of 3"))
    ledger.record("run-1", IV3, "iv3:2013:a", verdict())
    results = ledger.results()
    assert results.schema == polars_schema(ExpectationResult)
    assert results.height == 4
    assert not results.select(key_of(ExpectationResult)).is_duplicated().any()
    row = results.row(
        by_predicate=(pl.col("asset") == KWB) & (pl.col("expectation") == "named"), named=True
    )
    assert row == {
        "run_id": "run-1",
        "asset": KWB,
        "expectation": "named",
        "severity": "row",
        "success": False,
        "observed": "1 of 3",
        "unexpected_count": 1,
        "reason": "Every area has a name.",
    }
    aside = ledger.set_aside()
    assert aside.schema == polars_schema(Quarantine)
    assert aside.select("asset", "release_id", "reason", "record").rows() == [
        (KWB, "cbs_kwb:2020:a", "named: Every area has a name.", '{"name": ""}')
    ]
    assert len(aside["quarantine_id"][0]) == 32


def test_the_last_runs_are_kept(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    for number in range(RUNS_KEPT + 3):
        ledger.record(f"run-{number}", KWB, "r", verdict())
    runs = ledger.results()["run_id"].unique(maintain_order=True).to_list()
    assert runs == [f"run-{number}" for number in range(3, RUNS_KEPT + 3)]


def test_a_run_that_judges_again_replaces_its_own_results(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    ledger.record("run-1", KWB, "r", verdict(observed="before"))
    ledger.record("run-1", KWB, "r", verdict(observed="after"))
    assert ledger.results().filter(expectation="named")["observed"].to_list() == ["after"]


def test_rows_set_aside_are_those_of_the_last_accepted_run(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    ledger.record("run-1", KWB, "r1", verdict('{"n": 1}', '{"n": 2}'))
    ledger.record("run-2", KWB, "r2", verdict('{"n": 3}'))
    assert ledger.set_aside()["record"].to_list() == ['{"n": 3}']
    ledger.record("run-3", KWB, "r3", verdict(accepted=False))
    assert ledger.set_aside()["record"].to_list() == ['{"n": 3}']
    ledger.record("run-4", KWB, "r4", verdict())
    assert ledger.set_aside().height == 0


def test_the_same_row_twice_is_one_row(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    ledger.record("run-1", KWB, "r", verdict('{"n": 1}', '{"n": 1}'))
    ledger.record("run-1", IV3, "r", verdict('{"n": 1}'))
    assert ledger.set_aside().height == 2
    assert ledger.set_aside()["quarantine_id"].n_unique() == 2


@pytest.mark.parametrize("asset", ["a/b:c", "../../etc/x", "a b", "é", "a/b", "a%2Fb", "."])
def test_any_asset_key_is_one_file_inside_the_folder(tmp_path: Path, asset: str) -> None:
    ledger = Ledger(tmp_path / "ledger")
    ledger.record("run-1", asset, "r", verdict())
    ledger.record("run-1", asset + "x", "r", verdict())
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {path.parent for path in files} == {
        tmp_path / "ledger" / "results",
        tmp_path / "ledger" / "quarantine",
    }
    assert len(files) == 4
    assert ledger.results()["asset"].unique().sort().to_list() == sorted([asset, asset + "x"])


def test_a_write_that_fails_leaves_the_last_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = Ledger(tmp_path)
    ledger.record("run-1", KWB, "r", verdict())

    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("warehouse.durable.os.fsync", fail)
    with pytest.raises(OSError, match="disk full"):
        ledger.record("run-2", KWB, "r", verdict())
    assert ledger.results()["run_id"].unique().to_list() == ["run-1"]
    assert not list(tmp_path.rglob("*.part"))
