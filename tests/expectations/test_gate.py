"""The gate: three ways to fail, errors told from failures, and nothing lost or told in passing."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from expectations.claims import at_least, at_most, holds, matches
from expectations.gate import judge
from expectations.rules import Evidence, Severity, shared
from expectations.views import distinct, nothing
from tests.expectations.small_rules import only, regions, rule


# -- three ways to fail ------------------------------------------------------------------------
def test_what_holds_is_accepted_as_it_is() -> None:
    evidence = regions(["Zwolle", "Almelo"])
    verdict = judge(evidence, [rule(severity) for severity in Severity])
    assert verdict.accepted is not None
    assert verdict.accepted.equals(evidence.frame)
    assert not verdict.blocking
    assert verdict.set_aside.height == 0
    assert [o.observed for o in verdict.outcomes] == ["all 2 rows as expected"] * 3


def test_a_critical_failure_blocks_and_sets_nothing_aside() -> None:
    verdict = judge(
        regions(["Zwolle", "", "Almelo"]),
        [rule(Severity.CRITICAL), rule(Severity.ROW, name="also")],
    )
    assert verdict.accepted is None
    assert [o.rule for o in verdict.blocking] == ["named"]
    assert verdict.set_aside.height == 0
    assert verdict.set_aside.columns == ["reason", "record"]
    assert verdict.outcomes[0].unexpected_count == 1
    assert "1 of 3 rows unexpected, e.g. region_code=GM0001" in verdict.outcomes[0].observed


def test_a_warning_passes_and_shows() -> None:
    evidence = regions(["Zwolle", ""])
    verdict = judge(evidence, [rule(Severity.WARNING)])
    assert verdict.accepted is not None
    assert verdict.accepted.equals(evidence.frame)
    assert not only(verdict).success
    assert not only(verdict).blocks


def test_a_failing_row_is_set_aside_and_the_rest_keeps_its_order() -> None:
    verdict = judge(regions(["Zwolle", "", "Almelo", " "]), [rule(Severity.ROW)])
    assert verdict.accepted is not None
    assert verdict.accepted["name"].to_list() == ["Zwolle", "Almelo"]
    assert verdict.set_aside["reason"].to_list() == ["named: Every area has a name."] * 2
    records = [json.loads(record) for record in verdict.set_aside["record"]]
    assert [record["region_code"] for record in records] == ["GM0001", "GM0003"]
    assert only(verdict).unexpected_count == 2
    assert only(verdict).observed.endswith("; 2 rows set aside (50.00% of the frame)")


def test_rows_are_found_by_the_columns_that_identify_them() -> None:
    by_name = rule(Severity.ROW, over=distinct("name"), rows_by=("name",), at_most=0.9)
    verdict = judge(regions(["", "Zwolle", "", "Almelo"]), [by_name])
    assert verdict.accepted is not None
    assert verdict.accepted["name"].to_list() == ["Zwolle", "Almelo"]
    assert only(verdict).unexpected_count == 2


def test_rows_without_a_value_are_found_too() -> None:
    by_municipality = rule(
        Severity.ROW,
        over=lambda e: e.frame.select("municipality_code", here=pl.lit(False)).unique(),
        expect=holds("here"),
        rows_by=("municipality_code",),
        at_most=0.99,
    )
    with_one = regions(["Zwolle", "Almelo", "Hengelo"])
    with_one = replace(
        with_one,
        frame=with_one.frame.with_columns(
            municipality_code=pl.when(pl.row_index() == 2).then(pl.lit("GM0002"))
        ),
    )
    only_null = replace(
        by_municipality,
        over=lambda e: (
            e.frame.select("municipality_code")
            .unique()
            .with_columns(here=pl.col("municipality_code").is_not_null())
        ),
    )
    verdict = judge(with_one, [only_null])
    assert verdict.accepted is not None
    assert verdict.accepted["name"].to_list() == ["Hengelo"]


def test_too_many_rows_block() -> None:
    verdict = judge(regions(["", "", "Zwolle"]), [rule(Severity.ROW, at_most=0.5)])
    assert verdict.accepted is None
    assert only(verdict).blocks
    assert (
        "66.67% of the frame, more than the 50.00% that may be set aside" in only(verdict).observed
    )


def test_a_row_that_fails_two_rules_is_set_aside_once_for_both_reasons() -> None:
    short = rule(Severity.ROW, name="long_enough", expect=matches("name", r"\w{3}"))
    verdict = judge(regions(["Zwolle", "Almelo", ""]), [rule(Severity.ROW), short])
    assert verdict.set_aside["reason"].to_list() == [
        "named: Every area has a name.; long_enough: Every area has a name."
    ]


# -- what is not a failure of the data ---------------------------------------------------------
def broken(_: Evidence) -> pl.DataFrame:
    raise ZeroDivisionError("the view is wrong")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"over": broken}, "could not be evaluated: ZeroDivisionError: the view is wrong"),
        ({"over": lambda _: None}, "could not be evaluated: AttributeError"),
        ({"expect": matches("no_such_column", "x")}, "could not be evaluated: error: "),
        ({"expect": lambda gxe: gxe.ExpectNothing()}, "could not be evaluated: AttributeError"),
    ],
)
@pytest.mark.parametrize("severity", Severity)
def test_an_error_is_told_from_a_failure(
    severity: Severity, changes: dict[str, Any], said: str
) -> None:
    evidence = regions(["Zwolle"])
    verdict = judge(evidence, [rule(severity, **changes), rule(Severity.WARNING, name="sound")])
    errored, sound = verdict.outcomes
    assert errored.error is not None
    assert errored.observed.startswith(said)
    assert not errored.success
    assert (verdict.accepted is None) == (severity is Severity.CRITICAL)
    assert sound.success


def test_a_row_rule_whose_view_is_not_the_frame_says_what_it_lacks() -> None:
    verdict = judge(
        regions(["", "", "Zwolle"]), [rule(Severity.ROW, over=distinct("name"), at_most=0.9)]
    )
    assert verdict.accepted is not None
    assert "name the columns that identify a row in rows_by" in (only(verdict).error or "")


def test_an_empty_view_holds_and_says_so() -> None:
    verdict = judge(regions(["Zwolle"]), [rule(Severity.CRITICAL, over=lambda _: nothing())])
    assert only(verdict).success
    assert only(verdict).observed.startswith("nothing to judge")


def test_an_expectation_on_the_whole_table_is_judged_on_an_empty_view() -> None:
    some = rule(
        Severity.CRITICAL, expect=lambda gxe: gxe.ExpectTableRowCountToBeBetween(min_value=1)
    )
    verdict = judge(regions([]), [some])
    assert verdict.accepted is None
    assert only(verdict).observed == "observed 0"


def test_rules_of_other_sources_are_not_applied() -> None:
    verdict = judge(regions([""]), [rule(Severity.CRITICAL, sources=("ibis",))])
    assert verdict.outcomes == ()
    assert verdict.accepted is not None


# -- economy -----------------------------------------------------------------------------------
def test_rules_over_one_view_share_one_computation() -> None:
    calls: list[Evidence] = []

    def lengths(evidence: Evidence) -> pl.DataFrame:
        calls.append(evidence)
        return evidence.frame.select(letters=pl.col("name").str.len_chars())

    judge(
        regions(["Zwolle"]),
        [
            rule(Severity.WARNING, over=lengths, expect=at_least("letters", 3)),
            rule(Severity.CRITICAL, name="short", over=lengths, expect=at_most("letters", 40)),
        ],
    )
    assert len(calls) == 1


def test_a_shared_view_is_computed_once_per_evidence() -> None:
    calls: list[Evidence] = []

    @shared
    def base(evidence: Evidence) -> pl.DataFrame:
        calls.append(evidence)
        return evidence.frame

    evidence = regions(["Zwolle"])
    assert base(evidence) is base(evidence)
    base(replace(evidence, edition="2021"))
    assert len(calls) == 2


def test_several_threads_judge_at_once() -> None:
    said: list[bool] = []

    def work(name: str) -> None:
        for _ in range(5):
            blocked = judge(regions([name]), [rule(Severity.CRITICAL)]).accepted is None
            said.append(blocked == (name == ""))

    threads = [threading.Thread(target=work, args=(name,)) for name in ("", "Zwolle", "")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said == [True] * 15


# -- conservation ------------------------------------------------------------------------------
NAMES = st.lists(
    st.sampled_from(
        ["Zwolle", "", " ", "Almelo", "line\nbreak", "sep\u2028arator", 'quote"d', None]
    ),
    min_size=1,
    max_size=30,
)


@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(names=NAMES, share=st.floats(0.05, 0.95))
def test_nothing_is_lost(names: list[str | None], share: float) -> None:
    evidence = regions(names)
    rules = [
        rule(Severity.ROW, at_most=share),
        rule(
            Severity.ROW,
            name="known",
            over=lambda e: (
                e.frame.select("name").unique().with_columns(known=pl.col("name").is_not_null())
            ),
            expect=holds("known"),
            rows_by=("name",),
            at_most=share,
        ),
    ]
    verdict = judge(evidence, rules)
    if verdict.accepted is None:
        assert max(o.unexpected_count for o in verdict.outcomes) / len(names) > share
        return
    aside = [json.loads(record)["region_code"] for record in verdict.set_aside["record"]]
    kept = verdict.accepted["region_code"].to_list()
    assert sorted(kept + aside) == evidence.frame["region_code"].to_list()
    assert kept == sorted(kept)
    expected = [n is not None and bool(n.strip()) for n in names]
    assert [
        evidence.frame["region_code"].to_list()[i] for i, ok in enumerate(expected) if ok
    ] == kept
    original = {row["region_code"]: row for row in evidence.frame.iter_rows(named=True)}
    for record in verdict.set_aside["record"]:
        assert json.loads(record) == original[json.loads(record)["region_code"]]


def test_the_same_data_in_another_order_gets_the_same_words() -> None:
    evidence = regions(["Zwolle", *[""] * 20])
    shuffled = replace(evidence, frame=evidence.frame.sample(fraction=1, shuffle=True, seed=3))
    by_name = [
        rule(Severity.WARNING),
        rule(Severity.WARNING, name="codes", over=distinct("region_code", "name")),
    ]
    assert judge(evidence, by_name).outcomes == judge(shuffled, by_name).outcomes


def test_all_rows_may_be_set_aside_where_the_rule_says_so() -> None:
    verdict = judge(regions(["", " "]), [rule(Severity.ROW, at_most=1.0)])
    assert verdict.accepted is not None
    assert verdict.accepted.height == 0
    assert verdict.set_aside.height == 2
    assert not verdict.blocking


# -- what a rule must say ----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("severity", "changes"),
    [
        (Severity.CRITICAL, {"reason": "because"}),
        (Severity.ROW, {"at_most": 0.0}),
        (Severity.ROW, {"at_most": 1.01}),
    ],
)
def test_a_rule_without_a_reason_or_a_share_is_refused(
    severity: Severity, changes: dict[str, Any]
) -> None:
    with pytest.raises(ValueError, match="rule 'named'"):
        rule(severity, **changes)
