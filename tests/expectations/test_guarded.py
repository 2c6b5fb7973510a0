"""Of what disclosure control has yet to judge no number stands in a message or in the quarantine."""

from __future__ import annotations

import json
from dataclasses import replace

import polars as pl
import pytest

from expectations.gate import judge
from expectations.quarantine import GUARDED, MASK, split
from expectations.rules import Evidence
from expectations.suites import suite
from tests.expectations import sound_core, sound_figures


def guarded(evidence: Evidence) -> Evidence:
    return replace(evidence, facts={**evidence.facts, GUARDED: True})


@pytest.mark.parametrize("sound", [sound_core.establishment, sound_core.contribution])
def test_a_row_set_aside_says_which_row_it_is_and_nothing_of_what_stood_in_it(
    sound: object,
) -> None:
    evidence = guarded(sound())  # type: ignore[operator]
    _, kept = split(evidence, {0: ["wrong"]})
    record = json.loads(kept.get_column("record")[0])
    first = evidence.frame.row(0, named=True)
    for name in ("working_persons", "neighbourhood_code", "sbi_code", "largest", "contributors"):
        if first.get(name) is not None:
            assert record[name] == MASK, name
    assert record["release_id"] == first["release_id"]
    assert record["edition"] == first["edition"]


def test_no_message_quotes_a_number_of_few_establishments() -> None:
    sound = sound_figures.register()
    odd = 123456.0
    wrong = sound.frame.with_columns(
        value=pl.when(pl.col("breakdown") == "sbi_htsm").then(odd).otherwise("value")
    )
    rules = [rule for rule in suite(sound.table) if rule.name == "breakdown_within_total"]
    open_said = judge(replace(sound, frame=wrong), rules).outcomes[0].observed
    said = judge(guarded(replace(sound, frame=wrong)), rules).outcomes[0].observed
    assert "123456" in open_said, "else this shows nothing"
    assert "123456" not in said and "sbi_htsm" in said
