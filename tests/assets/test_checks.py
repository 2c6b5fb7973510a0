"""What a check says on the screen: rule, reason, expectation, the rows that failed; an error is no failure."""

from __future__ import annotations

import dagster as dg
import polars as pl
import pytest

from assets import markdown
from assets.checks import check_result, check_specs
from expectations.claims import at_least, at_most, holds
from expectations.gate import judge
from expectations.rules import Evidence, Rule, Severity
from warehouse.tables.core import Outline
from warehouse.vocabulary import polars_schema

KEY = ("core", "outline", "somewhere")


def outline(code: str, area: float) -> dict[str, object]:
    return {
        "source": "s", "edition": "2020", "region_code": code, "geojson": "{}", "area_ha": area,
        "release_id": "s:2020:r",
    }  # fmt: skip


def said(rule: Rule, *rows: dict[str, object]) -> dg.AssetCheckResult:
    frame = pl.DataFrame(rows, schema=polars_schema(Outline))
    verdict = judge(Evidence(frame=frame, table=Outline, source="s", edition="2020"), [rule])
    return check_result(rule.name, KEY, [rule], [("2020", verdict.outcomes[0])])


def shown(result: dg.AssetCheckResult) -> dict[str, str]:
    return {name: str(value.value) for name, value in (result.metadata or {}).items()}


def rule(severity: Severity, **how: object) -> Rule:
    how = {
        "expect": at_least("area_ha", 1),
        "at_most": 0.5 if severity is Severity.ROW else 0.0,
    } | how
    return Rule("area_positive", severity, "Land has an extent.", **how)  # type: ignore[arg-type]


def test_a_critical_rule_says_what_failed_where_and_why() -> None:
    result = said(rule(Severity.CRITICAL), outline("GM0001", 5.0), outline("GM0002", -3.25))
    assert not result.passed
    assert result.severity is dg.AssetCheckSeverity.ERROR
    assert result.description == (
        "Rule “area positive” does not hold: nothing of this passes, the last good version keeps "
        "serving. It must hold because: Land has an extent."
    )
    found = shown(result)
    assert found["expected"] == "area positive: area_ha is at least 1"
    assert "GM0002 | -3.25" in found["what failed"]
    assert "GM0001" not in found["what failed"]
    assert "'core/outline/somewhere:2020'" in found["where to look"]
    assert "mart.expectation_result" in found["where to look"]


def test_rows_set_aside_are_yellow_and_lead_to_quarantine() -> None:
    result = said(rule(Severity.ROW), outline("GM0001", 5.0), outline("GM0002", -3.25))
    assert not result.passed
    assert result.severity is dg.AssetCheckSeverity.WARN
    assert "those are set aside, the rest passes" in (result.description or "")
    assert "FROM mart.quarantine" in shown(result)["where to look"]


def test_a_warning_is_yellow_and_everything_passes() -> None:
    result = said(rule(Severity.WARNING), outline("GM0002", -3.25))
    assert result.severity is dg.AssetCheckSeverity.WARN
    assert "a warning, everything passes" in (result.description or "")


def test_a_rule_that_broke_is_told_apart_from_data_that_fails() -> None:
    result = said(rule(Severity.CRITICAL, expect=holds("nowhere")), outline("GM0001", 5.0))
    assert not result.passed
    assert "the rule itself broke, which says nothing of the data" in (result.description or "")
    assert "what failed" not in shown(result)


def test_what_holds_says_why_and_nothing_more() -> None:
    result = said(rule(Severity.CRITICAL, expect=at_most("area_ha", 9)), outline("GM0001", 5.0))
    assert result.passed
    assert result.description == "Land has an extent."
    assert set(shown(result)) == {"what it does", "observed", "unexpected"}


def test_a_check_is_described_by_its_reason() -> None:
    [spec] = check_specs(KEY, Outline, [rule(Severity.WARNING)])
    assert spec.description == "Land has an extent."


@pytest.mark.parametrize(
    "said_by_others",
    [
        "<script>x</script>",
        "[a](http://elsewhere)",
        "a | b",
        "`code`",
        "**bold**",
        "![x](y)",
        "a\nb",
    ],
)
def test_texts_of_others_are_shown_and_never_rendered(said_by_others: str) -> None:
    for escaped in (markdown.cell(said_by_others), markdown.plain(said_by_others)):
        assert not set("<>[`*") & set(escaped)
    assert "|" not in markdown.cell(said_by_others)
    assert "\n" not in markdown.cell(said_by_others)


def test_a_preview_leaves_out_what_the_page_says_and_counts_the_rest() -> None:
    wide = pl.DataFrame({f"c{number}": [number] for number in range(12)})
    text = markdown.preview(wide, 5, left_out=("c0",))
    assert "c0" not in text.split("\n")[0].split(" | ")
    assert text.endswith("and 3 more columns")
