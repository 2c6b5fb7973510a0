"""What the suites of documents compute: places in texts, sums, words; and how far a bad one reaches."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expectations.gate import judge
from expectations.rules import Evidence
from expectations.suites import suite
from expectations.suites.amounts import adds_up
from expectations.suites.document_views import HASH, REFERENCE, SLUG, WEB_ADDRESS
from expectations.suites.documents import section_texts
from expectations.suites.location_links import UNNAMED
from expectations.suites.organisations import MARKS
from expectations.suites.performances import NUMBER_OR_SLUG
from expectations.suites.quantities import wholes
from expectations.suites.quotations import label_and_value, places, same_digits, same_words
from tests.cost import assert_linear
from tests.expectations import sound_documents, sound_findings
from tests.expectations.sound_mart import table_of
from warehouse.tables import documents, findings

TEXT = st.text(st.sampled_from("aé€ \n𝒳👩‍🌾"), max_size=12)


def linked(
    texts: list[str], spans: list[tuple[int, int, int, str]], in_headings: Sequence[int] = ()
) -> Evidence:
    """Links to places in sections with these texts, which backwards are their headings: number of the
    section, start, end, words. `in_headings`: numbers of the links that are in a heading."""
    sections = [
        {"document_id": "d", "section": str(n), "position": n, "text": text, "heading": text[::-1]}
        for n, text in enumerate(texts)
    ]
    rows = [
        {
            "evidence_id": str(n),
            "document_id": "d",
            "section": str(section),
            "quote_start": start,
            "quote_end": end,
            "quote": words,
            "in_heading": n in in_headings,
        }
        for n, (section, start, end, words) in enumerate(spans)
    ]
    return Evidence(
        frame=table_of(findings.Evidence, rows),
        table=findings.Evidence,
        others={"document_section": table_of(documents.DocumentSection, sections)},
    )


@settings(max_examples=60)
@given(
    texts=st.lists(TEXT, min_size=1, max_size=3),
    spans=st.lists(
        st.tuples(st.integers(0, 3), st.integers(-1, 13), st.integers(-1, 13), TEXT), max_size=8
    ),
    in_headings=st.sets(st.integers(0, 8)),
)
def test_a_place_holds_what_slicing_the_text_gives(
    texts: list[str], spans: list[tuple[int, int, int, str]], in_headings: set[int]
) -> None:
    found = places(same_words, "quote")(linked(texts, spans, sorted(in_headings)))
    assert found.height == len(spans)
    assert found["evidence_id"].to_list() == [str(n) for n in range(len(spans))]
    for number, row in enumerate(found.iter_rows(named=True)):
        section, start, end, words = spans[number]
        assert row["section_known"] == (section < len(texts))
        if not row["section_known"]:
            assert row["within"] is None
            continue
        text = texts[section][::-1] if number in in_headings else texts[section]
        assert row["within"] == (0 <= start < end <= len(text))
        assert row["said"] == ((text[start:end] == words) if row["within"] else None)


def test_without_sections_there_is_nothing_to_judge() -> None:
    assert places(same_words, "quote")(replace(linked(["a"], []), others={})).width == 0


@pytest.mark.parametrize("together", [True, False])
def test_a_great_many_places_are_judged_one_by_one(together: bool) -> None:
    def judged(rows: int) -> None:
        if together:  # one text, quoted from end to end
            texts = ["Hessenpoort é " * rows]
            spans = [(0, 14 * n, 14 * n + 11, "Hessenpoort") for n in range(rows)]
        else:
            texts = ["Over Hessenpoort, en nog eens " * 100] * (rows // 10)
            spans = [(n // 10, 5, 16, "Hessenpoort") for n in range(rows)]
        assert places(same_words, "quote")(linked(texts, spans))["said"].all()

    assert_linear(judged, 32_000)


def test_words_are_judged_at_their_place_alone() -> None:
    text = "Looptijd: tot 2020\nLooptijd:"
    assert label_and_value(text, 0, 18, "Looptijd", "tot 2020")
    assert label_and_value(text, 19, 28, "Looptijd", "")
    assert not label_and_value(text, 0, 18, "Looptijd", "tot 2021")
    assert not label_and_value(text, 0, 18, "Rol", "tot 2020")
    assert not label_and_value("Looptijd", 0, 8, "Looptijd", "tijd")


@pytest.mark.parametrize(
    ("said", "value", "expected"),
    [
        ("63.274", 63_274.0, True),
        ("€ 7,5 miljoen", 7.5, True),
        ("-152.746.405", -152_746_405.0, True),
        ("1.550,50", 1550.5, True),
        ("0,25", 0.25, True),
        ("vier miljoen", 4.0, None),
        ("63.274", 61_724.0, False),
        ("€ 7,5 miljoen", 7.6, False),
    ],
)
def test_digits_of_an_amount(said: str, value: float, expected: bool | None) -> None:
    assert same_digits(f"xx{said}99", 2, 2 + len(said), value) is expected


# -- what stands together ----------------------------------------------------------------------
def thousands(**amounts: float) -> bool | None:
    """Whether these amounts in thousands add up."""
    values = list(amounts.values())
    return adds_up(list(amounts), values, [1e3] * len(values), [v * 1e3 for v in values])


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        ({"budgeted": 63_274, "realised": 61_724, "room": 1_550}, True),
        ({"budgeted": 205_976, "spent_and_committed": 169_956, "room": 36_020}, True),
        ({"budgeted": 39_459, "realised": 25_236, "room": 14_224}, True),  # rounding
        ({"budgeted": 39_459, "realised": 25_236, "room": 14_225}, False),
        ({"budgeted": 253, "realised": 3_139, "room": -2_886}, True),
        ({"budgeted": 253, "realised": 3_139, "room": 2_886}, False),  # a lost minus
        ({"budgeted": -300, "realised": -250, "room": 50}, True),  # costs below zero
        ({"revised_budget": -180_427, "realised": -183_389, "difference": 2_962}, True),
        ({"revised_budget": -180_427, "realised": -183_389, "difference": -2_962}, True),
        ({"revised_budget": -180_427, "realised": -183_389, "difference": 2_000}, False),
        ({"budgeted": 7.5, "realised": 4.2, "room": 3.3}, True),
        ({"budgeted": 7.5, "realised": 4.2, "room": 3.5}, False),
        ({"budgeted": 10.0, "room": 3.0}, None),
        ({"budgeted": 10.0, "realised": 3.0}, None),
    ],
)
def test_room_and_difference(amounts: dict[str, float], expected: bool | None) -> None:
    assert thousands(**amounts) is expected


def test_the_amounts_of_several_years_in_a_row_find_their_own() -> None:
    concepts = ["realised", "primitive_budget", "revised_budget", "realised", "difference"]
    values = [-152_746_405.0, -168_145_691.0, -180_427_432.0, -183_389_381.0, 2_961_949.0]
    assert adds_up(concepts, values, [1.0] * 5, values) is True
    values[-1] += 50
    assert adds_up(concepts, values, [1.0] * 5, values) is False


@settings(max_examples=100)
@given(st.integers(0, 10**9), st.integers(0, 10**9), st.sampled_from([0, 1, 2]))
def test_a_room_that_is_two_last_decimals_off_is_found(plan: int, used: int, decimals: int) -> None:
    unit = 10**decimals
    room = plan - used

    def said(result: int) -> bool | None:
        return thousands(budgeted=plan / unit, realised=used / unit, room=result / unit)

    assert said(room) is True
    if plan % 10 and used % 10:  # so that all decimals are seen
        assert said(room + 2) is False


def test_one_of_a_group_takes_the_group_along() -> None:
    evidence = sound_findings.amount()
    wrong = evidence.frame.with_columns(
        value=pl.when(pl.col("amount_id") == "2016-room").then(5e3).otherwise("value"),
        amount_eur=pl.when(pl.col("amount_id") == "2016-room").then(5e6).otherwise("amount_eur"),
    )
    verdict = judge(
        replace(evidence, frame=wrong), [r for r in suite(findings.Amount) if "add_up" in r.name]
    )
    assert verdict.accepted is not None
    gone = set(evidence.frame["amount_id"]) - set(verdict.accepted["amount_id"])
    assert gone == {"2016-budgeted", "2016-realised", "2016-room"}


# -- one bad document --------------------------------------------------------------------------
def after_a_bad_report() -> Iterator[tuple[str, Evidence, pl.Expr]]:
    """Tables of which all but one report lost what they rest on."""
    bad = pl.col("document_id") != sound_documents.name_of(2016)
    for sound, lost in (
        (sound_documents.document_section, "document"),
        (sound_documents.performance, "document"),
        (sound_documents.performance_field, "document_section"),
        (sound_documents.milestone, "document_section"),
        (sound_findings.amount, "document_section"),
        (sound_findings.quantity, "document_section"),
        (sound_findings.person_role, "document_section"),
        (sound_findings.relation, "document_section"),
        (sound_findings.statement, "document_section"),
        (sound_findings.evidence, "document_section"),
        (sound_findings.location_set, "document_section"),
    ):
        evidence = sound()
        others = {**evidence.others, lost: evidence.others[lost].filter(~bad)}
        yield sound.__name__, replace(evidence, others=others), bad


@pytest.mark.parametrize(("name", "evidence", "bad"), list(after_a_bad_report()))
def test_what_is_set_aside_takes_along_what_rests_on_it_and_no_more(
    name: str, evidence: Evidence, bad: pl.Expr
) -> None:
    verdict = judge(evidence, suite(evidence.table))
    assert verdict.accepted is not None, [o.observed for o in verdict.blocking]
    assert verdict.accepted.equals(evidence.frame.filter(~bad))


def test_of_two_documents_with_the_same_words_the_known_one_stays() -> None:
    evidence = sound_documents.document()
    copy = evidence.frame.head(1).with_columns(
        pl.lit("a-copy").alias("document_id"),
        *(pl.lit(None).cast(evidence.frame.schema[c]).alias(c) for c in ("document_type", "year")),
    )
    frame = pl.concat([copy, evidence.frame])
    verdict = judge(replace(evidence, frame=frame), suite(documents.Document))
    assert verdict.accepted is not None
    assert verdict.accepted.equals(evidence.frame)


def test_a_reference_of_another_form_is_set_aside_and_blocks_nothing() -> None:
    evidence = sound_findings.decision()
    odd = evidence.frame.head(1).with_columns(
        reference=pl.lit("Raadsbesluit 12"), body=pl.lit("council")
    )
    verdict = judge(
        replace(evidence, frame=pl.concat([evidence.frame, odd])), suite(findings.Decision)
    )
    assert verdict.accepted is not None
    assert verdict.accepted.equals(evidence.frame)


# -- words -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("quote", "generic"),
    [
        ("topwerklocaties", True),
        ("Topwerklocaties", True),
        ("het park", True),
        ("Het Park", True),
        ("de spoorzone", True),
        ("kennispark", True),
        ("bedrijvenparken", True),
        ("Kennispark", False),
        ("De Spoorzone", False),
        ("Spoorzone", False),
        ("Bedrijvenpark A1", False),
        ("HTSM-park", False),
    ],
)
def test_generic_words(quote: str, generic: bool) -> None:
    assert pl.Series([quote]).str.contains(UNNAMED).item() is generic


@pytest.mark.parametrize(
    ("code", "possible"),
    [
        ("5.1.2", True),
        ("5.1", True),
        ("8.1.5.10", True),
        ("gebiedsontwikkeling-oost", True),
        ("63.274", False),
        ("5.1.2.", False),
        ("Context", False),
    ],
)
def test_numbers_of_performances(code: str, possible: bool) -> None:
    assert pl.Series([code]).str.contains(NUMBER_OR_SLUG).item() is possible


@pytest.mark.parametrize("pattern", [HASH, MARKS, NUMBER_OR_SLUG, REFERENCE, SLUG, WEB_ADDRESS])
@pytest.mark.parametrize("unit", ["a-", "a", "1.", "PS/", "0", "https://", "‘"])
def test_no_pattern_has_a_worst_case(pattern: str, unit: str) -> None:
    assert_linear(lambda size: re.search(pattern, unit * (size // len(unit)) + "!"), 1_000_000)


@pytest.mark.parametrize("unit", [".", "…", "...\n", "…)'", " > financi", "5.1.2", " "])
def test_a_section_of_a_megabyte_costs_what_its_length_costs(unit: str) -> None:
    evidence = sound_documents.document_section()

    def judged(size: int) -> None:
        long = unit * (size // len(unit))
        frame = evidence.frame.head(4).with_columns(text=pl.lit(long), section=pl.lit(long))
        section_texts(replace(evidence, frame=frame))

    assert_linear(judged, 1_000_000)


# -- parts and wholes --------------------------------------------------------------------------
def off(parts: list[tuple[float, int]], total: tuple[float, int, str] | None, kind: str) -> bool:
    """Whether parts (value, decimals) are beyond rounding off from a total."""
    rows = [{"part": "part", "value": v, "decimals": d, "exactness": "exact"} for v, d in parts]
    if total:
        rows.append(
            {"part": "total", "value": total[0], "decimals": total[1], "exactness": total[2]}
        )
    same = {"document_id": "d", "section": "s", "kind": kind, "statement_group": "g"}
    named = [same | row | {"quantity_id": str(n)} for n, row in enumerate(rows)]
    frame = table_of(findings.Quantity, named)
    return bool((wholes(Evidence(frame=frame, table=findings.Quantity))["off"] > 0).item())


FIVE_SHARES = [(23.0, 0), (23.0, 0), (23.0, 0), (23.0, 0), (8.0, 0)]
FOUR_LOTS = [(7.5, 1), (3.0, 0), (0.8, 1), (3.2, 1)]


def test_shares_make_a_hundred() -> None:
    assert not off(FIVE_SHARES, None, "share")
    assert not off(FIVE_SHARES, (100.0, 0, "exact"), "share")
    assert off(FIVE_SHARES[:4], None, "share")
    assert off([*FIVE_SHARES, (8.0, 0)], None, "share")
    assert not off([(33.3, 1)] * 3, None, "share")
    assert off([(33.0, 1)] * 3, None, "share")


@pytest.mark.parametrize(
    ("total", "expected"),
    [
        ((14.5, 1, "exact"), False),
        ((14.0, 0, "at_least"), False),
        ((15.0, 0, "at_most"), False),
        ((14.0, 0, "about"), False),
        ((15.0, 1, "exact"), True),
        ((15.0, 0, "at_least"), True),
        ((13.0, 0, "at_least"), True),
        ((14.0, 0, "at_most"), True),
        ((12.0, 0, "about"), True),
    ],
)
def test_lots_make_their_total(total: tuple[float, int, str], expected: bool) -> None:
    assert off(FOUR_LOTS, total, "area") is expected
