"""Companies of the open bulk file: dates with 00 in them, and counts for the country."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest

from assets.core import companies
from tests.assets.material import COMPANIES, COMPANY, World, edition_of
from warehouse.tables.core import Company, Figure
from warehouse.vocabulary import polars_schema

FIELDS = ("start_date", "active", "insolvency", "legal_form", "postcode_region", "sbi_codes",
          "main_sbi", "member_state")  # fmt: skip


def made(*rows: dict[str, Any]) -> pl.DataFrame:
    """The companies of these rows; what a row does not say is as usual."""
    usual = dict(zip(FIELDS, COMPANY, strict=True))
    filled = [{"row_number": n} | usual | row for n, row in enumerate(rows, start=1)]
    raw = pl.DataFrame(filled, schema={"row_number": pl.Int64, **dict.fromkeys(FIELDS, pl.String)})
    table = companies.companies(edition_of(COMPANIES, raw, edition="current"))
    assert table.schema == polars_schema(Company)
    return table


@pytest.mark.parametrize(
    ("said", "year", "date"),
    [
        ("19720516", 1972, dt.date(1972, 5, 16)),
        ("20240229", 2024, dt.date(2024, 2, 29)),
        ("20060700", 2006, None),
        ("20060000", 2006, None),
        ("00000000", None, None),
        ("20230229", 2023, None),
        ("2006", 2006, None),
        ("16-05-1972", None, None),
        ("", None, None),
        (None, None, None),
    ],
)
def test_start_dates(said: str | None, year: int | None, date: dt.date | None) -> None:
    [row] = made({"start_date": said}).to_dicts()
    assert (row["start_year"], row["start_date"]) == (year, date)


@pytest.mark.parametrize(("said", "active"), [("J", True), ("N", False), ("X", None), (None, None)])
def test_active_or_not(said: str | None, active: bool | None) -> None:
    assert made({"active": said})["active"].to_list() == [active]


def test_codes_stay_as_they_are() -> None:
    [row] = made({"main_sbi": "01241", "postcode_region": "01", "insolvency": "SURS"}).to_dicts()
    assert (row["main_sbi"], row["postcode_region"], row["insolvency"]) == ("01241", "01", "SURS")


def test_counts_are_for_the_country_on_the_day_of_the_file() -> None:
    table = made(
        *({"start_date": f"{year}0101", "active": "N"} for year in (2009, 2010, 2011, 2025, 2026)),
        {"start_date": "20250000"},
        {"start_date": None},
        {"active": None},
    )
    figures = companies.figures(edition_of(COMPANIES, pl.DataFrame(), edition="current"), table)
    assert figures.schema == polars_schema(Figure)
    assert figures.select("region_code", "period", "measure", "value").rows() == [
        ("NL", "2026-08-04", "companies_active", 2.0),
        ("NL", "2011", "company_starts", 1.0),
        ("NL", "2025", "company_starts", 2.0),
    ], "fifteen years, and not the running one"


def test_from_the_wire(world: World) -> None:
    world.house.kvk.put_bulk([COMPANY, ("20060700", "N", "FAIL", "NV", "92", "", "", "NL")])
    edition = world.on_its_way(COMPANIES)
    table = companies.companies(edition)
    assert table.select("row_number", "start_year", "active", "insolvency", "main_sbi").rows() == [
        (1, 1972, True, None, "64210"),
        (2, 2006, False, "FAIL", None),
    ]
    active = companies.figures(edition, table).filter(measure="companies_active")
    assert active.select("period", "value").rows() == [("2026-08-04", 1.0)]
