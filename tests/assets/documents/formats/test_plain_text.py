"""Text saved from a browser: its lines, its tables, its doubled title."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.documents.blocks import Block, Unreadable
from assets.documents.formats import plain_text
from assets.documents.formats.plain_text import MAX_BLOCKS, MAX_LINE, read
from tests.cost import assert_linear


def said(text: str) -> list[tuple[str, str, bool]]:
    """Kind, text and gap of each block."""
    return [(block.kind, block.text, block.gap) for block in read(text)]


def test_lines_with_words_and_whether_they_stand_apart() -> None:
    assert said("Titel\n\n\n  Eerste   regel \nTweede\r\nDerde\f  1. Actie\n  * Punt\n") == [
        ("line", "Titel", True),
        ("line", "Eerste regel", True),
        ("line", "Tweede", False),
        ("line", "Derde", False),
        ("line", "1. Actie", True),
        ("line", "* Punt", False),
    ]


def test_a_title_that_is_doubled_at_the_top_stands_once() -> None:
    assert said("\nTitel\n\nTitel\nTekst\n") == [("line", "Titel", True), ("line", "Tekst", True)]
    assert [text for _, text, _ in said("Titel\nTekst\nTekst\nTitel\n")] == [
        "Titel",
        "Tekst",
        "Tekst",
        "Titel",
    ]
    assert [text for _, text, _ in said("Titel\nTitel\nTitel\n")] == ["Titel"]


def test_a_table_keeps_its_cells_and_its_number() -> None:
    text = "Kop\n\tBegroot\tWerkelijk\nLasten\t10\t\t20\t\nBaten \t 1 \t\t2\n\nA\tB\nslot\nC\tD\n"
    assert [(b.kind, b.level, b.text) for b in read(text)] == [
        ("line", 0, "Kop"),
        ("row", 1, "Begroot\tWerkelijk"),
        ("row", 1, "Lasten\t10\t\t20"),
        ("row", 1, "Baten\t1\t\t2"),
        ("row", 2, "A\tB"),
        ("line", 0, "slot"),
        ("row", 3, "C\tD"),
    ]


def test_an_empty_corner_of_a_table_keeps_its_column() -> None:
    """Else 2018 would stand above the names."""
    assert [b.text for b in read("\t2018\t2019\nLasten\t10\t20\n")] == [
        "\t2018\t2019",
        "Lasten\t10\t20",
    ]
    assert [b.text for b in read("\tingesprongen\n\ttekst\t\n")] == ["ingesprongen", "tekst"]
    assert [(b.kind, b.text) for b in read("\t a\tb\n")] == [("row", "a\tb")]


def test_text_stays_text() -> None:
    assert (
        read("<script>alert('x')</script> &amp; <b>\n")[0].text
        == "<script>alert('x')</script> &amp; <b>"
    )


@pytest.mark.parametrize("text", ["", "\n\n", " \t \n\t\t\n", "\f\u200b\xa0\n"])
def test_no_words_no_blocks(text: str) -> None:
    assert read(text) == ()


def test_measure_is_kept() -> None:
    assert len(read("x" * MAX_LINE)) == 1
    with pytest.raises(Unreadable, match=r"line 2 has 1,000,000; save the page as text again"):
        read("kop\n" + "x" * 1_000_000)
    assert len(read("\n".join(map(str, range(MAX_BLOCKS))))) == MAX_BLOCKS
    with pytest.raises(Unreadable, match="more"):
        read("\n".join(map(str, range(MAX_BLOCKS + 1))))
    with pytest.raises(Unreadable, match="empty ones included, came 400,000"):
        read("\n" * 400_000)


@given(st.text(st.sampled_from("ab1. \t\n\f\xa0"), max_size=120))
def test_no_word_is_lost_and_none_is_made(text: str) -> None:
    blocks = read(text)
    words = plain_text.normalise(text).split()
    found = [word for block in blocks for word in block.text.split()]
    doubled = blocks[0].text.split() if blocks else []
    assert found == words or doubled + found == words
    assert all(block.text.strip(" ") == block.text and "  " not in block.text for block in blocks)
    assert all((block.kind == "row") == ("\t" in block.text) for block in blocks)
    assert not blocks or blocks[0].gap


@given(st.text(st.sampled_from("ab1. \t\n"), max_size=120))
def test_blocks_do_not_change_where_blank_lines_are_doubled(text: str) -> None:
    plain = [Block(b.kind, b.text, b.level, b.gap) for b in read(text)]
    assert list(read(text.replace("\n\n", "\n \n\n"))) == plain


@pytest.mark.parametrize("piece", ["\t", "a\t", " ", "\n", "\t\n", "a\n\n", "\f", "\ta\tb\n"])
def test_megabytes_of_anything_take_a_moment(piece: str) -> None:
    def work(size: int) -> None:
        with contextlib.suppress(Unreadable):
            read(piece * (size // len(piece)))

    assert_linear(work, 1_000_000)
