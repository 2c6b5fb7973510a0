"""Invented extracts of a register of establishments, of any size, with the dirt that real ones have.

No firm, number or address here exists, and neither do the neighbourhoods: their codes have the
right form. Two extracts of one register (`Register`) tell of the same firms on two reference
dates: some were founded in between, some ended, some moved. Everything follows from a seed.

`python -m samples.extracts FOLDER [ROWS]` writes two, a year apart.
"""

from __future__ import annotations

import datetime as dt
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    Ints = np.ndarray[tuple[int], np.dtype[np.int64]]

HEADER = (
    "vestigingsnummer",
    "kvk_nummer",
    "rsin",
    "handelsnaam",
    "straat",
    "huisnummer",
    "huisletter",
    "toevoeging",
    "postcode",
    "plaats",
    "gemeentecode",
    "buurtcode",
    "sbi_2025",
    "sbi_2008",
    "nevenactiviteit",
    "hoofdvestiging",
    "rechtsvorm",
    "werkzame_personen",
    "voltijd",
    "deeltijd",
    "datum_aanvang",
    "datum_einde",
    "x_rd",
    "y_rd",
    "peildatum",
)
"""Twenty-five columns, modelled on the registry's establishment profile: a proposal, no published
layout."""
DAYS = (dt.date(2025, 4, 1), dt.date(2026, 4, 1))
MUNICIPALITIES, NEIGHBOURHOODS = 342, 40
"""As many municipalities as there are, and neighbourhoods in each."""
SBI_2008 = ("0111", "1071", "2511", "2611", "2829", "3030", "4120", "4321", "4511", "4520", "4673",
            "4711", "4791", "4941", "5210", "5610", "6201", "6202", "6420", "6820", "6920", "7022",
            "7112", "7211", "7820", "8121", "8411", "8520", "8621", "9001", "9499", "9602")  # fmt: skip
SBI_2025 = ("01110", "10710", "25110", "26110", "28290", "30300", "41000", "43210", "47810", "95310",
            "46730", "47110", "47910", "49410", "52100", "56110", "62100", "62200", "64210", "68110",
            "69200", "70200", "71120", "72100", "78200", "81210", "84110", "85200", "86210", "90110",
            "94990", "96210")  # fmt: skip
"""Activities beside each other in both editions; their digits have the right form and are invented,
and so is it which goes with which: what was one code may be two (`SPLIT`)."""
SPLIT = {8: "46710", 12: "47120", 16: "63100"}
"""Place of an activity -> the other code that some of its firms have in SBI 2025."""
FORMS = ("Eenmanszaak", "Besloten vennootschap", "Vennootschap onder firma", "Stichting")
NAMES = ("Bakkerij", "Café", "Techniek", "Bouw", "Advies", "Logistiek", "Zorg", "Kapsalon", "Ateliér",
         "Machinefabriek")  # fmt: skip
LETTERS = "ABCDEFGHJKLMNPRSTVWXZ"


@dataclass(frozen=True)
class Dirt:
    """Shares of the rows with something wrong."""

    cp1252: float = 0.004
    """In cp1252 where the file is UTF-8."""
    shifted: float = 0.0005
    """With a field more or less than the header."""
    copies: float = 0.001
    """Exact copies of a row before."""
    contradicting: float = 0.0002
    """A second row of an establishment that says something else."""
    postcode: float = 0.05
    """Postcodes with a space or in lower case."""
    unknown_days: float = 0.02
    """Dates with 00 for the day, or for day and month."""


CLEAN = Dirt(0, 0, 0, 0, 0, 0)


@dataclass(frozen=True)
class Register:
    """A register of `size` establishments through the years."""

    size: int
    seed: int = 20260401
    municipalities: int = MUNICIPALITIES
    neighbourhoods: int = NEIGHBOURHOODS

    def rows(self, day: dt.date) -> pl.DataFrame:
        """The establishments on `day` and those that ended in the year before it, as text.

        A twentieth is founded and a twentieth ends each year, one in thirty moves.
        """
        import numpy as np
        import polars as pl

        chance = np.random.default_rng(self.seed)
        count = self.size + self.size // 8
        number = np.arange(count)
        epoch = dt.date(2025, 4, 1)
        # Days from the first reference date: founded up to a year after it, most long before.
        start = np.where(
            number < self.size,
            -(chance.random(count) ** 2 * 14_000).astype(np.int64) - 1,
            chance.integers(0, 365, count) + 1,
        )
        ends = chance.random(count) < 0.05
        end = np.where(ends, np.maximum(chance.integers(-200, 365, count), start + 1), 99_999)
        today = (day - epoch).days
        there = (start <= today) & (end > today - 365)
        weight = chance.random(self.municipalities) ** 2 + 0.02
        town = chance.choice(self.municipalities, count, p=weight / weight.sum())
        part = (chance.random(count) ** 1.6 * self.neighbourhoods).astype(np.int64)
        moves = chance.random(count) < 1 / 30
        moved_on = chance.integers(1, 365, count)
        has_moved = moves & (moved_on <= today) & (start < moved_on) & (end > moved_on)
        new_town = np.where(chance.random(count) < 0.4, chance.permutation(town), town)
        new_part = chance.integers(0, self.neighbourhoods, count)
        town = np.where(has_moved, new_town, town)
        part = np.where(has_moved, new_part, part)
        street = chance.integers(0, 400, count) + has_moved * 1000
        activity = (chance.random(count) ** 1.3 * len(SBI_2008)).astype(np.int64)
        split = chance.random(count) < 0.3
        persons = np.minimum(1 / (1 - chance.random(count)) ** 1.15, 4000).astype(np.int64)
        persons = np.where(chance.random(count) < 0.04, 0, persons)
        persons = np.maximum(
            persons + (today > 0) * (chance.integers(-1, 2, count)) * (persons > 4), 0
        )
        full = (persons * 0.6).astype(np.int64)
        company = number - (chance.random(count) < 0.05) * 1
        name = chance.integers(0, len(NAMES), count)
        form = chance.integers(0, len(FORMS), count)
        letter = chance.integers(0, len(LETTERS) ** 2, count)

        def padded(name: str, width: int) -> pl.Expr:
            return pl.col(name).cast(pl.String).str.zfill(width)

        def text(values: object, name: str) -> pl.Series:
            return pl.Series(name, values)

        frame = pl.DataFrame(
            [
                text(number, "number"), text(company, "company"), text(name, "name"),
                text(street, "street"), text(town, "town"), text(part, "part"),
                text(activity, "activity"), text(split, "split"), text(persons, "persons"),
                text(full, "full"), text(start, "start"), text(end, "end"), text(form, "form"),
                text(letter, "letter"),
            ]
        ).filter(pl.Series(there))  # fmt: skip
        ended = pl.col("end") <= today
        other = pl.col("activity").replace_strict(SPLIT, default=None, return_dtype=pl.String)
        postcode4 = 1000 + (pl.col("town") * self.neighbourhoods + pl.col("part")) * 7919 % 8990

        def day_of(column: str) -> pl.Expr:
            return (pl.lit(epoch) + pl.duration(days=pl.col(column))).dt.strftime("%Y%m%d")

        def of(values: tuple[str, ...], by: str) -> pl.Expr:
            return pl.col(by).replace_strict(dict(enumerate(values)), return_dtype=pl.String)

        return frame.select(
            vestigingsnummer=pl.lit("0000") + padded("number", 8),
            kvk_nummer=padded("company", 8),
            rsin=pl.lit("8") + padded("company", 8),
            handelsnaam=pl.concat_str(
                of(NAMES, "name"), pl.lit(" Synthetisch "), padded("number", 8)
            ),
            straat=pl.concat_str(pl.lit("Verzonnenstraat "), pl.col("street").cast(pl.String)),
            huisnummer=(pl.col("number") % 240 + 1).cast(pl.String),
            huisletter=pl.when(pl.col("number") % 9 == 0).then(pl.lit("A")).otherwise(pl.lit("")),
            toevoeging=pl.lit(""),
            postcode=pl.concat_str(
                postcode4.cast(pl.String),
                of(
                    tuple(a + b for a in LETTERS for b in LETTERS),
                    "letter",
                ),
            ),
            plaats=pl.concat_str(pl.lit("Plaats "), pl.col("town").cast(pl.String)),
            gemeentecode=(pl.col("town") + 1).cast(pl.String).str.zfill(4),
            buurtcode=(pl.col("town") + 1).cast(pl.String).str.zfill(4)
            + pl.col("part").cast(pl.String).str.zfill(4),
            sbi_2025=pl.when("split")
            .then(pl.coalesce(other, of(SBI_2025, "activity")))
            .otherwise(of(SBI_2025, "activity")),
            sbi_2008=of(SBI_2008, "activity"),
            nevenactiviteit=pl.lit(""),
            hoofdvestiging=pl.when(pl.col("company") == pl.col("number"))
            .then(pl.lit("J"))
            .otherwise(pl.lit("N")),
            rechtsvorm=of(FORMS, "form"),
            werkzame_personen=pl.col("persons").cast(pl.String),
            voltijd=pl.col("full").cast(pl.String),
            deeltijd=(pl.col("persons") - pl.col("full")).cast(pl.String),
            datum_aanvang=day_of("start"),
            datum_einde=pl.when(ended).then(day_of("end")).otherwise(pl.lit("")),
            x_rd=(100_000 + pl.col("number") * 97 % 150_000).cast(pl.String),
            y_rd=(400_000 + pl.col("number") * 89 % 150_000).cast(pl.String),
            peildatum=pl.lit(day.isoformat()),
        )


def soiled(rows: pl.DataFrame, dirt: Dirt, seed: int = 7) -> pl.DataFrame:
    """`rows` with what is wrong in fields and with rows too many; no row is taken away.

    Contradicting and copied rows come last.
    """
    import numpy as np
    import polars as pl

    chance = np.random.default_rng(seed)

    def some(share: float) -> pl.Expr:
        return pl.lit(pl.Series(chance.random(rows.height) < share))

    postcode = pl.col("postcode")
    spaced = pl.concat_str(postcode.str.slice(0, 4), pl.lit(" "), postcode.str.slice(4))
    start = pl.col("datum_aanvang")
    found = rows.with_columns(
        postcode=pl.when(some(dirt.postcode))
        .then(spaced)
        .when(some(dirt.postcode))
        .then(postcode.str.to_lowercase())
        .otherwise(postcode),
        datum_aanvang=pl.when(some(dirt.unknown_days))
        .then(start.str.slice(0, 6) + "00")
        .when(some(dirt.unknown_days))
        .then(start.str.slice(0, 4) + "0000")
        .otherwise(start),
    )

    def drawn(share: float) -> pl.DataFrame:
        return found[np.sort(chance.choice(found.height, round(found.height * share), False))]

    contradicting = drawn(dirt.contradicting).with_columns(werkzame_personen=pl.lit("777"))
    return pl.concat([found, contradicting, drawn(dirt.copies)])


def write(path: Path, rows: pl.DataFrame, dirt: Dirt = CLEAN, seed: int = 8) -> None:
    """Write an extract: semicolons, UTF-8, and in some lines cp1252 or another number of fields."""
    import numpy as np

    text: bytes = rows.write_csv(separator=";", quote_style="never").encode()
    if dirt.cp1252 or dirt.shifted:
        chance = np.random.default_rng(seed)
        lines = text.split(b"\n")
        count = len(lines) - 2
        for place in chance.choice(count, round(count * dirt.cp1252), False) + 1:
            lines[place] = lines[place].decode().encode("cp1252")
        for place in chance.choice(count, round(count * dirt.shifted), False) + 1:
            # Every second one has a semicolon in its name, the others lack their street.
            cut = b";" if place % 2 else b""
            lines[place] = (
                lines[place]
                .replace(b";Verzonnen", cut + b" Verzonnen", 1)
                .replace(b" Synth", b"; Synth" if cut else b" Synth", 1)
            )
        text = b"\n".join(lines)
    path.write_bytes(text)


def extract(folder: Path, register: Register, day: dt.date, dirt: Dirt | None = None) -> Path:
    """Write the extract of `day` to `folder`, under the name that its supplier gives it."""
    dirt = dirt or Dirt()
    path = folder / f"synthetic_extract_{day}.csv"
    write(path, soiled(register.rows(day), dirt), dirt)
    return path


if __name__ == "__main__":
    target = Path(sys.argv[1])
    whole = Register(int(sys.argv[2]) if len(sys.argv) > 2 else 2_000_000)
    for when in DAYS:
        print(extract(target, whole, when))
