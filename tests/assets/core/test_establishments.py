"""Establishments of an extract, typed; what cannot be read keeps a sign that the gate sets aside."""

from __future__ import annotations

import datetime as dt
import os
from typing import Any

import polars as pl
import pytest

from assets.catalogue import load_catalogue
from assets.core import contributions, establishments, register_figures
from assets.core.breakdowns import counted_as, falls_to
from tests.assets.material import REGISTER, World, edition_of
from warehouse.tables.core import Establishment, Figure
from warehouse.vocabulary import key_of, polars_schema

DAY = dt.date(2026, 4, 1)


def made(*rows: dict[str, Any], edition: str = "2026-04-01") -> pl.DataFrame:
    """The establishments of these rows; what a row does not say is filled in."""
    usual = {"establishment_id": "1", "sbi_code": "26110", "working_persons": "5"}
    filled = [
        {"row_number": number, "sbi_edition": "2025"} | usual | row
        for number, row in enumerate(rows, start=1)
    ]
    names = dict.fromkeys(["sbi_edition", *usual, *(name for row in filled for name in row)])
    columns = dict.fromkeys(names, pl.String) | {"row_number": pl.Int64}
    raw = pl.DataFrame(filled, schema=columns)
    table = establishments.establishments(edition_of(REGISTER, raw, edition=edition)).frame
    assert table.schema == polars_schema(Establishment)
    return table


FIELDS: list[tuple[str, str | None, Any]] = [
    ("municipality_code", "0153", "GM0153"),
    ("municipality_code", "153", "GM0153"),
    ("municipality_code", "GM0153", "GM0153"),
    ("municipality_code", "gm0153", "GM0153"),
    ("municipality_code", "GM153", "GM0153"),
    ("municipality_code", None, None),
    ("neighbourhood_code", "01530703", "BU01530703"),
    ("neighbourhood_code", "1530703", "BU01530703"),
    ("neighbourhood_code", "BU01530703", "BU01530703"),
    ("neighbourhood_code", "0363AF08", "BU0363AF08"),
    ("neighbourhood_code", "bu0363af08", "BU0363AF08"),
    ("neighbourhood_code", None, None),
    ("postcode", "7521 PA", "7521PA"),
    ("postcode", "7521pa", "7521PA"),
    ("postcode", "7521\u00a0 PA", "7521PA"),
    ("postcode", None, None),
    ("sbi_code", "01241", "01241"),
    ("sbi_code", "6201", "6201"),
    ("sbi_code", None, None),
    ("working_persons", "0", 0),
    ("working_persons", "12", 12),
    ("working_persons", "007", 7),
    ("working_persons", "-3", -3),
    ("working_persons", None, None),
    ("working_persons", "veel", establishments.UNREADABLE),
    ("working_persons", "12,5", establishments.UNREADABLE),
    ("working_persons", "1.234", establishments.UNREADABLE),
    ("working_persons", "1e3", establishments.UNREADABLE),
    ("working_persons", "99999999999999999999", establishments.UNREADABLE),
    ("reference_date", "2026-04-01", DAY),
    ("reference_date", "01-04-2026", DAY),
    ("reference_date", "1-4-2026", DAY),
    ("reference_date", "20260401", DAY),
    ("reference_date", "2026-02-30", establishments.NO_DATE),
    ("reference_date", "01-04-26", establishments.NO_DATE),
    ("reference_date", "1 april", establishments.NO_DATE),
    ("reference_date", "0001-01-01", establishments.NO_DATE),
    ("reference_date", None, establishments.NO_DATE),
    ("trade_name", "Bakkerij é", "Bakkerij é"),
    ("company_id", "01234567", "01234567"),
]


@pytest.mark.parametrize(
    ("field", "said", "expected"), FIELDS, ids=[f"{f[0]} {f[1]}" for f in FIELDS]
)
def test_fields(field: str, said: str | None, expected: Any) -> None:
    assert made({field: said})[field].to_list() == [expected]


@pytest.mark.parametrize(("postcode", "four"), [("7521 PA", "7521"), ("7521", "7521"),
                                                ("752", None), ("NL", None), (None, None)])  # fmt: skip
def test_the_four_digits_of_a_postcode(postcode: str | None, four: str | None) -> None:
    assert made({"postcode": postcode})["postcode4"].to_list() == [four]


def test_without_a_column_of_dates_the_date_in_the_name_holds() -> None:
    assert made({})["reference_date"].to_list() == [DAY]
    assert made({}, edition="20260401")["reference_date"].to_list() == [DAY]
    assert made({}, edition="april")["reference_date"].to_list() == [establishments.NO_DATE]


def test_columns_that_a_supplier_does_not_have_are_null() -> None:
    [row] = made({}).to_dicts()
    assert [name for name, value in row.items() if value is None] == [
        "company_id",
        "trade_name",
        "postcode",
        "postcode4",
        "place",
        "municipality_code",
        "neighbourhood_code",
        "sbi_2008",
        "start_date",
        "start_known_to",
        "end_date",
        "end_known_to",
    ]


def test_exact_duplicates_are_dropped_and_nothing_else() -> None:
    table = made(
        {"establishment_id": "1"},
        {"establishment_id": "2"},
        {"establishment_id": "1"},
        {"establishment_id": "1", "working_persons": "6"},
        {"establishment_id": "2"},
    )
    assert table.select("row_number", "establishment_id", "working_persons").rows() == [
        (1, "1", 5),
        (2, "2", 5),
        (4, "1", 6),
    ], "which of two rows about one establishment is right, the gate has to ask"


# --- what is counted

PEOPLE = [
    # id, municipality, neighbourhood, activity, working persons
    ("1", "0153", "01530703", "26110", "5"),
    ("2", "0153", "01530703", "26110", "10"),
    ("3", "0153", "01530703", "62010", "120"),
    ("4", "0153", "01530700", "49410", "9"),
    ("5", "0153", None, "01241", "1"),
    ("6", "0153", "01530703", "26110", "0"),
    ("7", "0153", "01530703", "26110", None),
    ("8", "0153", "01530703", "26110", "veel"),
    ("9", "0193", "01934040", None, "3"),
    ("10", None, None, "26110", "50"),
    ("11", "0193", "01934040", "2", "4"),
]


def counts(rows: list[tuple[str | None, ...]]) -> dict[tuple[str, str], tuple[float, float]]:
    """Area and breakdown -> establishments and jobs."""
    names = ("establishment_id", "municipality_code", "neighbourhood_code", "sbi_code",
             "working_persons")  # fmt: skip
    table = made(*(dict(zip(names, row, strict=True)) for row in rows))
    edition = edition_of(REGISTER, pl.DataFrame(), edition="2026-04-01")
    figures = register_figures.figures(edition, table, contributions.contributions(edition, table))
    assert figures.schema == polars_schema(Figure)
    assert figures.select(key_of(Figure)).is_duplicated().sum() == 0
    assert figures["missing_reason"].null_count() == figures.height
    assert figures["period"].unique().to_list() in ([], ["2026-04-01"])
    units = dict(figures.select("measure", "unit").unique().iter_rows())
    assert units in ({}, {"establishments": "count", "jobs": "persons"})
    if figures.is_empty():
        return {}
    wide = figures.pivot("measure", index=["region_code", "breakdown"], values="value")
    return {
        (region, breakdown): (establishments_, jobs)
        for region, breakdown, establishments_, jobs in wide.select(
            "region_code", "breakdown", "establishments", "jobs"
        ).iter_rows()
    }


def test_counts_by_area_and_breakdown() -> None:
    """Only who has at least one working person counts; unread and unknown numbers do not."""
    found = {
        (area, breakdown): said
        for (area, breakdown), said in counts(PEOPLE).items()
        if breakdown in ("total", "size_10_plus") or breakdown.startswith("sbi_")
    }
    assert found == {
        ("GM0153", "total"): (5, 145),
        ("GM0153", "size_10_plus"): (2, 130),
        ("GM0153", "sbi_htsm"): (3, 135),
        ("GM0153", "sbi_logistics"): (1, 9),
        ("GM0193", "total"): (2, 7),
        ("GM0193", "size_10_plus"): (0, 0),
        ("GM0193", "sbi_htsm"): (0, 0),
        ("GM0193", "sbi_logistics"): (0, 0),
        ("BU01530703", "total"): (3, 135),
        ("BU01530703", "size_10_plus"): (2, 130),
        ("BU01530703", "sbi_htsm"): (3, 135),
        ("BU01530703", "sbi_logistics"): (0, 0),
        ("BU01530700", "total"): (1, 9),
        ("BU01530700", "size_10_plus"): (0, 0),
        ("BU01530700", "sbi_htsm"): (0, 0),
        ("BU01530700", "sbi_logistics"): (1, 9),
        ("BU01934040", "total"): (2, 7),
        ("BU01934040", "size_10_plus"): (0, 0),
        ("BU01934040", "sbi_htsm"): (0, 0),
        ("BU01934040", "sbi_logistics"): (0, 0),
    }


def test_size_classes_and_sections_are_all_of_an_area() -> None:
    found = {key[1]: said for key, said in counts(PEOPLE).items() if key[0] == "GM0153"}
    assert {name: said for name, said in found.items() if name.startswith("size_")} == {
        "size_0_1": (1, 1),
        "size_2_9": (2, 14),
        "size_10_49": (1, 10),
        "size_50_99": (0, 0),
        "size_100_plus": (1, 120),
        "size_10_plus": (2, 130),
    }
    assert {name: said for name, said in found.items() if name.startswith("section_")} == {
        "section_A": (1, 1),
        "section_C": (2, 15),
        "section_H": (1, 9),
        "section_K": (1, 120),
    }


SECTIONS = [
    ("26110", "2025", "section_C"),
    ("2611", "2008", "section_C"),
    ("58110", "2025", "section_J"),
    ("6201", "2008", "section_K"),  # J in SBI 2008
    ("47110", "2025", "section_G"),
    ("4520", "2008", "section_T"),  # repair of cars
    ("4511", "2008", "section_G"),  # their sale
    ("4540", "2008", "section_ambiguous"),  # sale and repair of motorcycles
    ("45", "2008", "section_ambiguous"),
    ("4520", "2025", "section_T"),  # four digits are of 2008, whatever column they stand in
    ("45200", "2025", "section_unknown"),
    ("34000", "2025", "section_unknown"),  # there is no such division
    ("2", "2025", "section_unknown"),
    (None, "2025", "section_unknown"),
]


@pytest.mark.parametrize(("code", "edition", "section"), SECTIONS)
def test_sections_are_those_of_2025_whatever_the_edition(
    code: str | None, edition: str, section: str
) -> None:
    register = load_catalogue().sources["establishment_register"]
    assert counted_as("section", falls_to(register, code, edition)) == section


def test_what_has_ended_does_not_count() -> None:
    table = made(
        {"municipality_code": "0153", "end_date": "20260401"},
        {"establishment_id": "2", "municipality_code": "0153", "end_date": "20260402"},
        {"establishment_id": "3", "municipality_code": "0153", "end_date": "20260000"},
    )
    edition = edition_of(REGISTER, pl.DataFrame(), edition="2026-04-01")
    behind = contributions.contributions(edition, table)
    assert behind.filter(measure="jobs", breakdown="total")["contributors"].to_list() == [1]


DATES = [
    ("20150300", dt.date(2015, 3, 1), "month"),
    ("20150000", dt.date(2015, 1, 1), "year"),
    ("2015-03-14", dt.date(2015, 3, 14), "day"),
    ("14-03-2015", dt.date(2015, 3, 14), "day"),
    ("1-3-2015", dt.date(2015, 3, 1), "day"),
    ("00-03-2015", dt.date(2015, 3, 1), "month"),
    ("2015-00-00", dt.date(2015, 1, 1), "year"),
    ("00000000", None, None),
    (None, None, None),
]


@pytest.mark.parametrize(("said", "expected", "known_to"), DATES)
def test_dates_are_known_as_far_as_they_are_written(
    said: str | None, expected: dt.date | None, known_to: str | None
) -> None:
    [row] = made({"start_date": said}).select("start_date", "start_known_to").rows()
    assert row == (expected, known_to)


@pytest.mark.parametrize("said", ["20151345", "lang geleden", "20150230"])
def test_a_date_that_cannot_be_read_is_kept_as_a_sign(said: str) -> None:
    assert made({"end_date": said})["end_date"].to_list() == [establishments.NO_DATE]


@pytest.mark.parametrize("rows", [[], [PEOPLE[5]], [PEOPLE[9]]], ids=["none", "idle", "nowhere"])
def test_where_nobody_works_there_is_no_figure(rows: list[tuple[str | None, ...]]) -> None:
    assert counts(rows) == {}


def test_the_order_of_the_rows_does_not_matter() -> None:
    assert counts(PEOPLE) == counts(PEOPLE[::-1])


# --- all the way from a file


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_from_a_dropped_file_to_counts(world: World, encoding: str) -> None:
    lines = ["vestigingsnummer;handelsnaam;gemeentecode;sbi_code;werkzame_personen"]
    lines += [f"{n:012};Bedrijf é {n};0153;26110;{n}" for n in range(1, 21)]
    lines += ["kapot;regel", lines[3]]
    path = world.inbox / "register_2026-04-01.csv"
    path.write_bytes("\r\n".join(lines).encode(encoding))
    os.utime(path, (1_775_000_000, 1_775_000_000))

    edition = world.on_its_way(REGISTER, "2026-04-01")
    assert [remark.split()[0] for remark in edition.raw.remarks] == ["encoding", "1"]
    table = establishments.establishments(edition).frame
    assert table.height == 20, "the broken line set aside, the repeated one dropped"
    assert table["trade_name"][0] == "Bedrijf é 1"
    assert table["establishment_id"][0] == "000000000001"
    assert table["row_number"].to_list() == list(range(1, 21))
    figures = register_figures.figures(edition, table, contributions.contributions(edition, table))
    said = {row[:3]: row[3] for row in figures.select(
        "region_code", "measure", "breakdown", "value").iter_rows()}  # fmt: skip
    assert said["GM0153", "establishments", "total"] == 20
    assert said["GM0153", "jobs", "total"] == sum(range(1, 21))
    assert said["GM0153", "establishments", "size_10_plus"] == 11


def test_what_is_no_row_is_told_of_as_the_quarantine_wants_it(world: World) -> None:
    lines = ["vestigingsnummer;handelsnaam;gemeentecode;sbi_code;werkzame_personen"]
    lines += [f"{n:012};Bedrijf {n};0153;26110;{n}" for n in range(1, 5)]
    lines += ["Geheim B.V.;0153;26110;3", lines[2]]
    path = world.inbox / "register_2026-04-01.csv"
    path.write_text("\n".join(lines))
    os.utime(path, (1_775_000_000, 1_775_000_000))
    told = establishments.establishments(world.on_its_way(REGISTER, "2026-04-01")).unread
    assert told["reason"].str.contains(r"^[a-z0-9_]+: \S.*\.").all()
    assert told["record"].to_list() == ['{"rows": 1, "row_numbers": [6]}', '{"row_number": 5}']
    assert not told["reason"].str.contains("Geheim").any(), (
        "any field of a shifted line may be a name"
    )
