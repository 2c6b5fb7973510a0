from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.documents.findings.numbers_nl import parse
from tests.cost import assert_linear


def written(value: int, decimals: str) -> str:
    said = f"{abs(value):,}".replace(",", ".") + (f",{decimals}" if decimals else "")
    return f"-{said}" if value < 0 else said


@settings(max_examples=400)
@given(st.integers(-(10**12), 10**12).filter(bool), st.from_regex(r"\A[0-9]{0,2}\Z"))
def test_a_number_written_in_dutch_is_read_back(value: int, decimals: str) -> None:
    expected = float(f"{abs(value)}.{decimals or 0}") * (1 if value > 0 else -1)
    assert parse(written(value, decimals)) == expected


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("63.274", 63274),
        ("1.550,5", 1550.5),
        ("-152.746.405", -152746405),
        ("(1.234)", -1234),
        ("7,7", 7.7),
        ("0", 0),
        ("−5", -5),
        ("1250", 1250),
        ("vier", 4),
        ("Twaalf", 12),
        ("twintig", 20),
        (" 12 ", 12),
    ],
)
def test_numbers(text: str, value: float) -> None:
    assert parse(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "14.5",
        "1.23",
        "12.3456",
        "0.123",
        "1,5,5",
        "1,234.5",
        "-152.746.405-168.145.691",
        "389.3812.961.949",
        "–",
        "-",
        "",
        "1 234",
        "5%",
        "€ 5",
        "12a",
        "dertien mln",
        "1.",
        ",5",
        "--5",
        "١٢",
    ],
)
def test_what_is_no_number_in_dutch_is_none(text: str) -> None:
    assert parse(text) is None


def test_a_long_text_is_no_number_at_once() -> None:
    assert parse("1." * 500_000) is None
    assert_linear(lambda size: parse("1." * size), 500_000)
