"""What must hold of a place in a text: its section is there, it lies within, and the words are.

Others: `document_section`. The same three rules for every table whose rows rest on a quotation;
what the words are, and how they must agree with the place, is for the table to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from expectations.claims import holds
from expectations.rules import Evidence, Rule, Severity, View
from expectations.suites.document_views import SECTIONS
from expectations.views import nothing
from warehouse.vocabulary import key_of

if TYPE_CHECKING:
    import polars as pl

Agrees = Callable[..., bool | None]
"""From a text, start and end of the place in it, and the words of the row, whether they are there;
None where that cannot be told."""

PLACE = ("document_id", "section")
TEXTS_AT_ONCE = 64
"""Sections whose text is held outside polars at one time."""
LONGEST_NUMBER = 200
"""Characters of a quotation in which the digits of an amount are looked for."""


def same_words(text: str, start: int, end: int, words: str) -> bool:
    """The words of the place are exactly these."""
    return len(words) == end - start and text.startswith(words, start)


def words_inside(text: str, start: int, end: int, words: str) -> bool:
    """The place has these words in it: the row of a table is quoted as a whole."""
    return text.find(words, start, end) >= 0


def label_and_value(text: str, start: int, end: int, label: str, value: str) -> bool:
    """The place begins with the label and ends with the value."""
    begins = end - len(value)
    return (
        text.startswith(label, start)
        and begins >= start + len(label)
        and text.startswith(value, begins)
    )


def same_digits(text: str, start: int, end: int, value: float) -> bool | None:
    """The digits of the number stand at the place; None where it has none, as number words."""
    said = "".join(filter(str.isdigit, text[start : min(end, start + LONGEST_NUMBER)]))
    digits = f"{abs(value):.4f}".rstrip("0").rstrip(".").replace(".", "")
    return digits in said if said else None


@cache
def places(agrees: Agrees | None = None, *words: str) -> View:
    """The frame row by row: its key, and whether its section is there (`section_known`), it lies
    `within` the section's text, and what it claims is `said` there, each null where the one before
    does not hold. Empty where the evidence has no sections.

    A place is found by counting characters, which polars does from the beginning of a text each
    time; Python's texts are counted once, so that the cost is linear in text and rows.
    """

    def view(evidence: Evidence) -> pl.DataFrame:
        import polars as pl

        if SECTIONS not in evidence.others:
            return nothing()
        rows = evidence.frame.height
        known = [False] * rows
        within: list[bool | None] = [None] * rows
        said: list[bool | None] = [None] * rows
        for text, row, start, end, claimed in _quotations(evidence, words):
            known[row] = True
            within[row] = start is not None and end is not None and 0 <= start < end <= len(text)
            if within[row] and agrees is not None and None not in claimed:
                said[row] = agrees(text, start, end, *claimed)
        return evidence.frame.select(key_of(evidence.table)).with_columns(
            pl.Series("section_known", known, pl.Boolean),
            pl.Series("within", within, pl.Boolean),
            pl.Series("said", said, pl.Boolean),
        )

    return view


def _quotations(
    evidence: Evidence, words: tuple[str, ...]
) -> Iterator[tuple[str, int, Any, Any, tuple[Any, ...]]]:
    """Of every row whose section is there: the section's text (or its heading, where the row is
    `in_heading`), the number of the row, where its place begins and ends, and its words. Each text
    is taken from polars once."""
    import polars as pl

    sections = evidence.others[SECTIONS].select(*PLACE, "text", "heading").unique(PLACE)
    texts = sections.select(*PLACE, "text", in_heading=pl.lit(False))
    in_heading = pl.lit(False).alias("in_heading")
    if "in_heading" in evidence.frame.columns:
        in_heading = pl.col("in_heading")
        of_headings = sections.select(*PLACE, text="heading", in_heading=pl.lit(True))
        texts = pl.concat([texts, of_headings])

    claimed = [pl.col(name).alias(f"words {n}") for n, name in enumerate(words)]
    by_section = (
        evidence.frame.select(
            *PLACE, in_heading, *claimed, pl.row_index("row"), start="quote_start", end="quote_end"
        )
        .group_by(*PLACE, "in_heading")
        .agg(pl.all())
        .join(texts, on=[*PLACE, "in_heading"])
        .select("text", "row", "start", "end", *(f"words {n}" for n in range(len(words))))
    )
    for text, numbers, starts, ends, *columns in by_section.iter_rows(buffer_size=TEXTS_AT_ONCE):
        claims = list(zip(*columns, strict=True)) if columns else [()] * len(numbers)
        for row, start, end, claim in zip(numbers, starts, ends, claims, strict=True):
            yield text, row, start, end, claim


def quoted(reason: str = "", agrees: Agrees | None = None, *words: str) -> tuple[Rule, ...]:
    """The rules on the places of a table. With `agrees` also that the columns `words` are said
    there, for the `reason` given."""
    over = places(agrees, *words)
    rules = [
        Rule(
            name="section_is_known",
            severity=Severity.ROW,
            reason="What rests on a section that is not there, or was set aside, rests on nothing.",
            expect=holds("section_known"),
            over=over,
            at_most=1.0,
        ),
        Rule(
            name="span_within_section",
            severity=Severity.ROW,
            reason="A quotation lies within the text of its section; many that do not mean that "
            "places are counted wrongly.",
            expect=holds("within"),
            over=over,
            at_most=0.5,
        ),
    ]
    if agrees is not None:
        rules.append(
            Rule(
                name="words_at_their_place",
                severity=Severity.ROW,
                reason=reason,
                expect=holds("said"),
                over=over,
                at_most=0.5,
            )
        )
    return tuple(rules)
