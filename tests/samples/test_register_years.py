"""The invented register of a year earlier is told of the same firms, and today's is what it was."""

from __future__ import annotations

import hashlib

import polars as pl
import pytest

from assets.catalogue import Catalogue
from assets.core import establishments
from assets.core.flows import FLOWS, flows
from assets.core.frames import Edition
from assets.sources.intake import Taken
from samples.invented import DIRT, FIXED, REGISTER_COLUMNS
from warehouse.archive import Archive

REGISTER = "establishment_register"
BEFORE, NOW = "2025-04-01", "2026-04-01"
TODAYS_FILE = "e69261e76b9d2116922f5c72947bfc0a8440fa731ac4dae17b666196bb7ae852"
"""What the register of 2026 was before there was one of 2025: reports and tests were made of it."""
KENNISPARK = "BU01530703"


@pytest.fixture(scope="module")
def told(
    catalogue: Catalogue, taken_editions: dict[tuple[str, str], Taken]
) -> dict[str, pl.DataFrame]:
    """The rows of core of both dates, without those that are set aside."""
    found = {}
    for edition in (BEFORE, NOW):
        taken = taken_editions[REGISTER, edition]
        made = establishments.establishments(
            Edition(catalogue.sources[REGISTER], edition, taken.release.release_id, taken.table)
        ).frame
        sound = pl.col("postcode").str.contains(r"^[1-9]\d{3}[A-Z]{2}$") & (
            pl.col("working_persons") >= 1
        )
        found[edition] = made.filter(sound)
        assert made.height - found[edition].height == len(DIRT), edition
    return found


def number_in(rows: pl.DataFrame, area: str) -> dict[str, int]:
    """Establishments by area, as whoever counts rows would."""
    counted = rows.group_by(pl.col(area).cast(pl.String)).len()
    return dict(counted.iter_rows())


def test_the_register_of_2026_is_byte_for_byte_what_it_was(sample: Archive) -> None:
    release = sample.latest(REGISTER, NOW)
    assert release is not None
    assert hashlib.sha256(sample.read(release.part("file"))).hexdigest() == TODAYS_FILE
    assert (release.rows, release.fingerprint) == (6_500, TODAYS_FILE[:32])


def test_both_have_one_layout_and_their_own_date(sample: Archive) -> None:
    for edition in (BEFORE, NOW):
        release = sample.latest(REGISTER, edition)
        assert release is not None
        header, *lines = sample.read(release.part("file")).decode().splitlines()
        assert header.split(";") == list(REGISTER_COLUMNS)
        assert {line.rsplit(";", 1)[1] for line in lines} == {edition}


def test_nobody_could_take_those_of_then_for_real(told: dict[str, pl.DataFrame]) -> None:
    then = told[BEFORE]
    assert then["establishment_id"].str.contains(r"^0000\d{8}$").all()
    assert then["establishment_id"].is_unique().all()
    assert then["company_id"].str.contains(r"^0000\d{4}$").all()
    firms = pl.concat([rows.select("company_id", "trade_name") for rows in told.values()])
    assert firms["trade_name"].str.contains(r"^Synthetisch Bedrijf \d{5} B\.V\.$").all()
    assert firms.unique()["company_id"].is_unique().all(), "a firm has one name on both dates"


@pytest.mark.parametrize("area", ["municipality_code", "neighbourhood_code"])
def test_what_was_came_and_went_makes_what_is(area: str, told: dict[str, pl.DataFrame]) -> None:
    """Then + births - deaths + moves in - moves out = now; the sample has nothing else."""
    was, here = number_in(told[BEFORE], area), number_in(told[NOW], area)
    counted = {
        (region, measure): count
        for region, measure, count in flows(told[BEFORE], told[NOW])
        .select("region_code", "measure", "contributors")
        .iter_rows()
    }
    assert {measure for _, measure in counted} == set(FLOWS)
    for place in was.keys() | here.keys():
        of = {measure: counted[place, measure] for measure in FLOWS}
        assert of["previous_establishments"] == was.get(place, 0)
        assert of["other_in"] == of["other_out"] == 0
        made = was.get(place, 0) + of["births"] - of["deaths"] + of["moves_in"] - of["moves_out"]
        assert made == here.get(place, 0), place


def test_a_year_is_a_plausible_one(told: dict[str, pl.DataFrame]) -> None:
    now = told[NOW].height
    of = dict(
        flows(told[BEFORE], told[NOW])
        .filter(pl.col("region_code").str.starts_with("GM"))
        .group_by("measure")
        .agg(pl.col("contributors").sum())
        .iter_rows()
    )
    assert 0.04 < of["births"] / now < 0.07
    assert 0.035 < of["deaths"] / now < 0.06
    assert 50 < of["moves_in"] == of["moves_out"] < 150
    both = told[NOW].join(told[BEFORE], on="establishment_id", suffix="_before")
    assert 100 < (both["neighbourhood_code"] != both["neighbourhood_code_before"]).sum() < 400
    assert 0.005 < (both["sbi_code"] != both["sbi_code_before"]).mean() < 0.03  # type: ignore[operator]
    persons = [rows["working_persons"].sum() for rows in told.values()]
    assert 0.98 < persons[0] / persons[1] < 1
    gone = told[BEFORE].join(told[NOW], on="establishment_id", how="anti")
    again = gone.join(told[NOW], on="company_id", how="semi")
    assert again.height > 5, "some were registered anew under another number"


def test_kennispark_grew_by_births_and_by_who_came(told: dict[str, pl.DataFrame]) -> None:
    of = dict(
        flows(told[BEFORE], told[NOW])
        .filter(region_code=KENNISPARK)
        .select("measure", "contributors")
        .iter_rows()
    )
    assert of["births"] >= 3
    assert of["deaths"] >= 3
    assert of["moves_in"] > of["moves_out"] > 0
    then = told[BEFORE].filter(neighbourhood_code=KENNISPARK)["working_persons"].sum()
    assert 0.85 * FIXED[KENNISPARK].persons < then < FIXED[KENNISPARK].persons
