"""What a core table is made from: one release as read, and the words shared by all of core.

Padding is gone by now; codes, units, factors and signs for missing values are dealt with in
the modules beside this one, one subject each.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assets.catalogue.models import Missing, Source
from assets.sources.errors import ContractBroken
from assets.sources.reading import RawTable

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Edition:
    """One edition of one source on its way through core."""

    source: Source
    edition: str
    release_id: str
    raw: RawTable
    told_by: str = ""
    """Of the two releases by which is told what changed in a year, the one that came last."""


@dataclass(frozen=True)
class Tidy:
    """A table with what could not become a row of it."""

    frame: pl.DataFrame
    unread: pl.DataFrame
    """`reason`, `record` (JSON): goes to the quarantine beside the rows that the gate sets aside."""


KINDS = {
    "NL": "country",
    "LD": "part_of_country",
    "PV": "province",
    "CR": "corop",
    "GM": "municipality",
    "WK": "district",
    "BU": "neighbourhood",
    "RIN": "business_park",
}
"""Kind of an area by the letters its code starts with."""

PERIODS = (
    (r"^(\d{4})JJ00$", r"\1"),
    (r"^(\d{4})KW0([1-4])$", r"\1Q\2"),
    (r"^(\d{4})MM(0[1-9]|1[0-2])$", r"\1-\2"),
    (r"^(\d{4})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$", r"\1-\2-\3"),
    (r"^(\d{4})$", r"\1"),
)
"""Forms of CBS period codes that we have a word for; half years, weeks and school years are
refused."""

STATUS = {"definitief": "definitive", "nadervoorlopig": "revised", "voorlopig": "provisional"}


LEAST_FINAL_FIRST = ("provisional", "revised", "not_stated", "definitive")
"""A value made from several is no more final than the least final of them."""


def least_final() -> pl.Expr:
    """The `status` of the least final of several rows."""
    import polars as pl

    order = {status: number for number, status in enumerate(LEAST_FINAL_FIRST)}
    return (
        pl.col("status")
        .sort_by(pl.col("status").replace_strict(order, return_dtype=pl.Int8))
        .first()
    )


def said_of_columns(edition: Edition) -> dict[str, str | None]:
    """By published column how final its figures are, where the publisher's words say so."""
    columns = edition.raw.columns
    return dict(columns.select("name", "status").iter_rows()) if "status" in columns.columns else {}


def kind_of(code: str) -> pl.Expr:
    """The kind of area for the codes in column `code`; `other` for letters we do not know."""
    import polars as pl

    letters = pl.col(code).cast(pl.String).str.extract(r"^([A-Z]+)", 1)
    return letters.replace_strict(KINDS, default="other", return_dtype=pl.String)


def period_of(code: str) -> str:
    """Our word for a CBS period code. Raises ContractBroken for a form that we do not know."""
    for form, ours in PERIODS:
        match = re.fullmatch(form, code, re.ASCII)
        if match and (match.lastindex != 3 or _is_day(code)):
            return match.expand(ours)
    raise ContractBroken(
        f"period {code!r} has a form that is not known; "
        "known: 2020JJ00, 2020KW01, 2020MM04, 20200401, 2020"
    )


def _is_day(digits: str) -> bool:
    """Whether eight digits are a day of the calendar."""
    try:
        dt.date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True


def status_of(said: str | None) -> str:
    """Our word for the status that a period table states. Raises ContractBroken for another."""
    word = "".join((said or "").split()).casefold()
    if word and word not in STATUS:
        raise ContractBroken(
            f"a period has the status {said!r}, which is not known; "
            "known: Voorlopig, NaderVoorlopig, Definitief"
        )
    return STATUS.get(word, "not_stated")


def reason_of(missing: Missing, sign: str, value: str) -> pl.Expr:
    """The reason why column `value` is null: by the sign in column `sign`, else what null means.

    Null where there is a value.
    """
    import polars as pl

    by_sign = pl.col(sign).replace_strict(missing.signs, default=None, return_dtype=pl.String)
    return pl.when(pl.col(value).is_null()).then(pl.coalesce(by_sign, pl.lit(missing.null)))


def numeric(column: str) -> pl.Expr:
    """A published text as a number: point or comma for decimals, no thousands; null where none."""
    import polars as pl

    number = pl.col(column).str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    # A parser takes `nan` and `inf` for numbers; they are no figures.
    return pl.when(number.is_finite()).then(number)


def published(edition: Edition, column: str) -> tuple[pl.Expr, pl.Expr]:
    """A topic as numbers, and the sign where one stands in place of a number.

    Topics mostly come as numbers, and then null stands for every sign. One that comes as text is
    read as far as its signs are declared. Raises ContractBroken for another sign.
    """
    import polars as pl

    if edition.raw.rows.schema[column].is_numeric():
        return pl.col(column).cast(pl.Float64), pl.lit(None, pl.String)
    said = edition.raw.rows.select(pl.col(column).cast(pl.String).alias("said"))
    signs = list(edition.source.missing.signs)
    made = said.select(
        value=pl.when(pl.col("said").is_in(signs).not_()).then(numeric("said")),
    ).with_columns(sign=pl.when(pl.col("value").is_null()).then(said.get_column("said")))
    refuse_unknown_signs(edition, made.get_column("sign"))
    return pl.lit(made.get_column("value")), pl.lit(made.get_column("sign"))


def refuse_unknown_signs(edition: Edition, signs: pl.Series) -> None:
    """Raises ContractBroken for a sign of a missing value that the declaration does not name."""
    unknown = sorted(set(signs.drop_nulls().unique().to_list()) - set(edition.source.missing.signs))
    if unknown:
        raise ContractBroken(
            f"{edition.source.name} {edition.edition}: signs {unknown[:5]} stand where a number "
            "should; if they mean that the figure is missing, add them to `missing.signs` of "
            f"`{edition.source.name}` in the catalogue"
        )
