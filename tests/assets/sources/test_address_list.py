"""The list of all addresses: counted by postcode and neighbourhood, in whatever pieces it comes."""

from __future__ import annotations

import io
import os
import time
import zipfile
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.catalogue import Catalogue
from assets.catalogue.models import Column, Supplier
from assets.core.addresses import postcode_areas
from assets.sources import address_list
from assets.sources.errors import ContractBroken, Refused
from tests.assets.material import World
from warehouse.tables.core import PostcodeArea
from warehouse.vocabulary import polars_schema

SUPPLIER = Supplier(
    file_pattern="",
    columns={
        "postcode": Column(header=("PC6",)),
        "neighbourhood_code": Column(header=("Buurt{edition}", "gwb{edition}_code")),
    },
    synthetic=True,
)
HEADER = "PC6;Huisnummer;Buurt2025;Wijk2025;Gemeente2025\n"
LINES = (
    "5611AA;1;07721110;077211;0772\n"
    "5611AA;3;07721110;077211;0772\n"
    "5611AA;5;0772111B;077211;0772\n"
    "1011AB;99;0363AF01;0363AF;0363\n"
)
COUNTED = [("1011AB", "0363AF01", 1), ("5611AA", "07721110", 2), ("5611AA", "0772111B", 1)]


def read(text: str | bytes, edition: str = "2025") -> list[tuple[Any, ...]]:
    body = text.encode() if isinstance(text, str) else text
    return address_list.read("list.csv", edition, body, SUPPLIER)[0].rows()


def zipped(**members: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name.replace("__", "."), text)
    return packed.getvalue()


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(HEADER + LINES, id="as published"),
        pytest.param("\ufeff" + (HEADER + LINES).replace("\n", "\r\n"), id="mark and CRLF"),
        pytest.param((HEADER + LINES).rstrip("\n"), id="no end of line at the end"),
        pytest.param((HEADER + LINES).replace(";", ","), id="commas"),
        pytest.param(HEADER + LINES.replace("5611AA", "5611 aa"), id="postcodes with a space"),
        pytest.param(
            "pc6;huisnummer;gwb2025_code;wijkcode;gemeentecode\n" + LINES, id="headers of before"
        ),
    ],
)
def test_lines_are_counted_and_leading_zeros_stay(text: str) -> None:
    assert read(text) == COUNTED


def test_the_list_is_found_in_its_zip_beside_lists_of_names() -> None:
    names = "buurtcode;buurtnaam\n07721110;Binnenstad\n"
    body = zipped(**{"pc6hnr20250801_gwb__csv": HEADER + LINES, "buurt2025__csv": names})
    assert read(body) == COUNTED


@settings(max_examples=15)
@given(st.integers(1, 60), st.lists(st.integers(0, 5), min_size=1, max_size=40))
def test_where_the_pieces_are_cut_does_not_matter(piece: int, streets: list[int]) -> None:
    lines = "".join(f"75{n}1AB;{i};0153070{n};015307;0153\n" for i, n in enumerate(streets))
    usual = address_list.PIECE
    address_list.PIECE = max(piece, len(HEADER))
    try:
        found = read(HEADER + lines)
    finally:
        address_list.PIECE = usual
    assert found == [(f"75{n}1AB", f"0153070{n}", streets.count(n)) for n in sorted(set(streets))]


@pytest.mark.parametrize(
    ("text", "error", "says"),
    [
        (HEADER.replace("2025", "2024") + LINES, ContractBroken, "Buurt2025 or gwb2025_code"),
        (HEADER, Refused, "came no line"),
        (HEADER + LINES + "5611AA;1;07721110\n", Refused, "another number of fields"),
        (
            HEADER + "5611AA;1;7721110;77211;772\n",
            ContractBroken,
            "such as 01530703, of 1 lines 1 have another form: postcode 5611AA, neighbourhood 7721110",
        ),
        (zipped(**{"a__csv": "x"}), Refused, "one list of addresses"),
        (zipped(**{"pc6__csv": HEADER + LINES})[:-30], Refused, "damaged or cut off"),
        (
            zipped(**{"pc6__csv": HEADER + "0" * 10_000_000}),
            Refused,
            "more than allowed",
        ),
    ],
)
def test_what_is_no_such_list_is_refused(
    text: str | bytes, error: type[Exception], says: str
) -> None:
    with pytest.raises(error) as caught:
        read(text)
    assert says in str(caught.value)


def test_a_line_in_a_thousand_that_is_no_address_is_left_out_and_told() -> None:
    lines = "7521AB;1;01530703;015307;0153\n" * 2000 + ";2;01530703;015307;0153\n"
    rows, remarks = address_list.read("list.csv", "2025", (HEADER + lines).encode(), SUPPLIER)
    assert rows.rows() == [("7521AB", "01530703", 2000)]
    assert "1 lines left out" in remarks[1]


def test_the_file_of_the_publisher_comes_through_the_inbox(
    world: World, catalogue: Catalogue
) -> None:
    """Under the name and in the form it is published, house numbers invented."""
    source = catalogue.sources["cbs_postcodes"]
    lines = "".join(
        f"7521{'ABCDEFGHJK'[n % 10]}A;{n};0153070{n % 3};015307;0153\n" for n in range(600)
    )
    path: Path = world.inbox / "2025-cbs-pc6huisnr20250801_buurt.zip"
    path.write_bytes(zipped(**{"pc6hnr20250801_gwb__csv": HEADER + lines}))
    os.utime(path, (time.time() - 60, time.time() - 60))
    [listing] = world.survey(source).listings
    assert listing.edition == "2025"
    edition = world.on_its_way(source, "2025", listing=listing)
    made = postcode_areas(edition)
    assert made.schema == polars_schema(PostcodeArea)
    assert made["addresses"].sum() == 600
    assert set(made["neighbourhood_code"]) == {"BU01530700", "BU01530701", "BU01530702"}
    assert "huisnummer" not in {name.casefold() for name in edition.raw.rows.columns}


def test_a_twentieth_of_the_list_is_counted_whole() -> None:
    """The whole list has 8 million lines."""
    numbers = pl.DataFrame({"n": pl.int_range(400_000, eager=True)})
    street = pl.col("n") // 20
    letters = pl.Series(list("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    lines = numbers.select(
        PC6=pl.format("{}A{}", 1000 + street // 26 % 9000, letters.gather(numbers["n"] // 20 % 26)),
        Huisnummer=pl.col("n") % 20,
        Buurt2025=pl.format("{}", street // 40 + 10_000_000),
        Wijk2025=pl.lit("x"),
        Gemeente2025=pl.lit("x"),
    ).write_csv(separator=";")
    rows = address_list.read("list.csv", "2025", lines.encode(), SUPPLIER)[0]
    assert rows["addresses"].sum() == 400_000
