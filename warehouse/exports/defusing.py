"""Texts that a spreadsheet would take for a formula, and how they are kept from it.

A cell of a CSV file that begins with `=`, `+`, `-` or `@` is calculated when a spreadsheet opens
it, and may start a program or send the sheet away. Blanks, a byte order mark and characters
without a width do not stop that, nor do the full-width forms of these signs; a tab or an end of line
in front makes a cell of what follows. Such a text gets an apostrophe in front, and so does one that
has apostrophes in front of all this already: taking one away gives back every text as it was.
`'s-Gravenhage` stays as it is.

Only texts are defused. A negative number is a number in every format, and stays one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

MARK = "'"
BLANK = r"[\s\p{Z}\p{Cc}\p{Cf}]"
"""Blanks, control characters and characters without a width (the byte order mark is one)."""
SIGNS = (
    "=+@\u2212"
    "\uff1d\uff0b\uff0d\uff20"  # full width
    "\ufe66\ufe62\ufe63\ufe6b"  # small
    "\u207a\u207b\u207c\u208a\u208b\u208c"  # superscript and subscript
    "\ufb29"  # Hebrew
)
"""The signs, the minus sign, and every character that is one of them in another form (NFKC). The
hyphen stands in the pattern."""
ACTIVE = rf"(?:[\t\r\n]|<r>|{BLANK}*[{SIGNS}\-])"
"""What gets a mark. `<r>` because the writer of workbooks takes a text between `<r>` and `</r>` for
formatting of its own and writes it as markup, unescaped."""


def is_active(column: pl.Expr) -> pl.Expr:
    """Whether a text is to be defused; null for null."""
    return column.str.contains(rf"^{MARK}*{ACTIVE}")


def defused(column: pl.Expr) -> pl.Expr:
    """The text with an apostrophe in front where it needs one."""
    import polars as pl

    return pl.when(is_active(column)).then(column.str.replace("^", MARK)).otherwise(column)


def undone(column: pl.Expr) -> pl.Expr:
    """The text as it was before `defused`."""
    return column.str.replace(rf"^{MARK}({MARK}*{ACTIVE})", "${1}")
