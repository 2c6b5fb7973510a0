"""Ranges of editions as a person writes them."""

from __future__ import annotations

import pytest

from pipelines.editions import parse_editions


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2020", ["2020"]),
        ("2017..2020", ["2017", "2018", "2019", "2020"]),
        ("2019, 2017,2019", ["2019", "2017"]),
        ("current", ["current"]),
        ("2026-04-01", ["2026-04-01"]),
    ],
)
def test_what_is_meant(said: str, meant: list[str]) -> None:
    assert parse_editions(said) == meant


@pytest.mark.parametrize("said", ["", "2020..2017", "a..b", "2017..", ",,"])
def test_what_is_refused(said: str) -> None:
    with pytest.raises(ValueError, match=r"range|edition"):
        parse_editions(said)
