"""Discretion: no firm's name or number in what the gate says, sets aside, prints or logs."""

from __future__ import annotations

import json
import logging
from dataclasses import replace

import polars as pl
import pytest

from expectations.claims import at_least, between, matches
from expectations.gate import judge
from expectations.rules import Evidence, Severity
from expectations.suites import suite
from tests.expectations.small_rules import only, rule
from tests.expectations.sound_core import establishment
from warehouse.tables.core import Establishment
from warehouse.vocabulary import columns

SENSITIVE = [column.name for column in columns(Establishment) if column.sensitive]


def planted() -> tuple[Evidence, list[str]]:
    """An extract in which every value that names a firm is a canary, and wrong in form."""
    sound = establishment()
    numbers = [f"7{n:05}7CANARY" for n in range(600)]
    frame = sound.frame.head(600).with_columns(
        pl.Series(column, [f"{value}{column}" for value in numbers]) for column in SENSITIVE
    )
    frame = frame.with_columns(
        establishment_id=pl.when(pl.row_index() < 300)
        .then("establishment_id")
        .otherwise(pl.Series([f"55{n:09}5" for n in range(600)])),
        working_persons=pl.lit(-1, dtype=pl.Int64),
    )
    # a supplier who writes a firm's name where its place should be
    frame = frame.with_columns(place=pl.col("trade_name"))
    canaries = [str(value) for column in SENSITIVE for value in frame[column]]
    return replace(sound, frame=frame, last_good=frame.head(1)), canaries


def leaking(evidence: Evidence) -> pl.DataFrame:
    """A view that fails on a value, which polars then quotes."""
    return evidence.frame.select(pl.col("establishment_id").cast(pl.Int64, strict=True))


LEAKS = (
    rule(Severity.WARNING, name="errors", over=leaking, expect=at_least("establishment_id", 0)),
    rule(Severity.WARNING, name="names", expect=matches("trade_name", "^x$")),
    rule(
        Severity.WARNING,
        name="renamed",
        over=lambda e: e.frame.select(who="trade_name", number=pl.lit(-1)),
        expect=at_least("number", 0),
    ),
    rule(
        Severity.WARNING,
        name="judges_renamed",
        over=lambda e: e.frame.select(who="trade_name"),
        expect=matches("who", "^x$"),
    ),
    rule(
        Severity.WARNING,
        name="judges_derived_text",
        over=lambda e: e.frame.select(who=pl.format("firm {}", "trade_name")),
        expect=matches("who", "^x$"),
    ),
    rule(
        Severity.WARNING,
        name="as_numbers",
        over=lambda e: e.frame.select(
            number=pl.col("establishment_id").cast(pl.Int64, strict=False)
        ),
        expect=between("number", 0, 1),
    ),
    rule(
        Severity.WARNING,
        name="as_fractions",
        over=lambda e: e.frame.select(
            number=pl.col("establishment_id").cast(pl.Float64, strict=False)
        ),
        expect=between("number", 0, 1),
    ),
    rule(
        Severity.WARNING,
        name="largest_number",
        over=lambda e: e.frame.select(
            number=pl.col("establishment_id").cast(pl.Float64, strict=False)
        ),
        expect=lambda gxe: gxe.ExpectColumnMaxToBeBetween(column="number", max_value=1),
    ),
    rule(
        Severity.WARNING,
        name="compares_texts",
        over=lambda e: e.frame.select(who="trade_name"),
        expect=at_least("who", 0),
    ),
    rule(Severity.WARNING, name="places", expect=matches("place", "^Enschede$")),
)


def test_no_firm_is_named_in_the_verdict_or_in_the_logs(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    evidence, canaries = planted()
    with caplog.at_level(logging.DEBUG):
        blocked = judge(evidence, (*suite(Establishment), *LEAKS))
        aside = judge(
            evidence,
            [
                rule(
                    Severity.ROW,
                    name="persons",
                    over=lambda e: e.frame.select("row_number", "working_persons"),
                    expect=between("row_number", 2, 600),
                )
            ],
        )
    assert blocked.accepted is None
    assert sum(not outcome.success for outcome in blocked.outcomes) > 8
    assert aside.set_aside.height == 1
    printed = capfd.readouterr()
    said = "\n".join(
        [
            *(repr(outcome) for outcome in (*blocked.outcomes, *aside.outcomes)),
            *blocked.set_aside["record"],
            *aside.set_aside["reason"],
            caplog.text,
            printed.out,
            printed.err,
        ]
    )
    record = json.loads(aside.set_aside["record"][0])
    assert {record[column] for column in SENSITIVE} == {"***"}
    said += json.dumps(record)
    found = [canary for canary in canaries if canary in said]
    assert found == []


def test_an_expectation_may_not_name_a_sensitive_column() -> None:
    verdict = judge(establishment(), [rule(Severity.WARNING, expect=matches("trade_name", "x"))])
    assert only(verdict).error == (
        "could not be evaluated: ValueError (message withheld: the table names firms)"
    )
