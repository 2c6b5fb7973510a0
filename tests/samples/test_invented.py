"""Invented firms are recognisable as such, plausible in their numbers, and dirty where meant."""

from __future__ import annotations

import io
import zipfile

import polars as pl
import pytest

from assets.catalogue import Catalogue
from assets.core import companies, establishments
from assets.core.frames import Edition
from assets.sources.intake import Taken
from expectations.rules import Evidence, Verdict
from samples.invented import DIRT, FIXED, REGISTER_COLUMNS
from warehouse.archive import Archive
from warehouse.tables.core import Company, Establishment
from warehouse.vocabulary import polars_schema

REGISTER = "establishment_register"
BULK = "kvk_open_data"
KENNISPARK, HESSENPOORT = "BU01530703", "BU01934040"


def _edition(source: str, catalogue: Catalogue, taken: dict[str, Taken]) -> Edition:
    release = taken[source].release
    return Edition(
        catalogue.sources[source], release.edition, release.release_id, taken[source].table
    )


@pytest.fixture(scope="module")
def register(catalogue: Catalogue, taken: dict[str, Taken]) -> pl.DataFrame:
    """The register as core has it, its categories as texts."""
    return as_text(establishments.establishments(_edition(REGISTER, catalogue, taken)).frame)


def as_text(made: pl.DataFrame) -> pl.DataFrame:
    """Categories as the texts that they are."""
    return made.with_columns(pl.col(pl.Categorical).cast(pl.String))


@pytest.fixture(scope="module")
def sound(register: pl.DataFrame) -> pl.DataFrame:
    """The register without the rows that are wrong on purpose."""
    return register.filter(~pl.col("row_number").is_in(list(DIRT)))


@pytest.fixture(scope="module")
def bulk(catalogue: Catalogue, taken: dict[str, Taken]) -> pl.DataFrame:
    """The bulk file as core has it."""
    return companies.companies(_edition(BULK, catalogue, taken))


def test_there_are_enough_establishments_in_every_municipality(
    register: pl.DataFrame, catalogue: Catalogue
) -> None:
    by_municipality = dict(register.group_by("municipality_code").len().iter_rows())
    assert register.height >= 6_000
    assert set(by_municipality) == set(catalogue.provinces["PV23"].municipalities)
    assert min(by_municipality.values()) >= 100


def test_nobody_could_take_them_for_real(register: pl.DataFrame) -> None:
    assert register["trade_name"].str.contains(r"^Synthetisch Bedrijf \d{5} B\.V\.$").all()
    assert register["establishment_id"].str.contains(r"^0000\d{8}$").all()
    assert register["company_id"].str.contains(r"^0000\d{4}$").all()
    named = register.select("company_id", "trade_name").unique()
    assert named["company_id"].is_unique().all()


def test_they_satisfy_what_is_asked_of_a_register(sound: pl.DataFrame) -> None:
    assert sound["establishment_id"].is_unique().all()
    assert sound["postcode"].str.contains(r"^[1-9]\d{3}[A-Z]{2}$").all()
    assert sound["working_persons"].min() == 1
    assert sound["sbi_code"].str.contains(r"^\d{5}$").all()
    assert (
        sound["neighbourhood_code"].str.slice(2, 4) == sound["municipality_code"].str.slice(2)
    ).all()
    assert sound["reference_date"].unique().cast(pl.String).to_list() == ["2026-04-01"]


def test_postcodes_are_those_of_the_neighbourhoods(
    sound: pl.DataFrame, taken: dict[str, Taken]
) -> None:
    areas = taken["cbs_kwb"].table.rows.select(
        neighbourhood_code=pl.col("WijkenEnBuurten").cast(pl.String),
        common=pl.col("MeestVoorkomendePostcode_113").cast(pl.String),
    )
    both = sound.join(areas, on="neighbourhood_code")
    assert both.height > 2_500
    assert (both["postcode4"] == both["common"]).all()


def test_most_are_small_some_are_not(sound: pl.DataFrame) -> None:
    persons = sound["working_persons"]
    assert (persons < 10).mean() > 0.8  # type: ignore[operator]
    assert 0.05 < persons.is_between(10, 99).mean() < 0.18  # type: ignore[operator]
    assert 10 < (persons >= 100).sum() < 100


@pytest.mark.parametrize(
    ("code", "divisions", "share"),
    [
        (KENNISPARK, ("26", "27", "28", "29", "30", "62", "71", "72"), 0.6),
        (HESSENPOORT, ("49", "50", "51", "52", "53"), 0.35),
    ],
    ids=["Kennispark, high tech", "Hessenpoort, logistics"],
)
def test_the_two_sites_are_what_they_are_about(
    code: str, divisions: tuple[str, ...], share: float, register: pl.DataFrame
) -> None:
    site = register.filter(neighbourhood_code=code)
    assert site.height == FIXED[code].establishments
    assert site["working_persons"].sum() == FIXED[code].persons
    # No firm so large that the figure would be about it.
    assert site["working_persons"].max() < 0.25 * FIXED[code].persons  # type: ignore[operator]
    theirs = site.filter(pl.col("sbi_code").str.slice(0, 2).is_in(divisions))
    assert theirs["working_persons"].sum() > share * FIXED[code].persons


@pytest.mark.parametrize("code", ["BU01640600", "BU01640700", "BU01412002"])
def test_industrial_neighbourhoods_have_industry(code: str, register: pl.DataFrame) -> None:
    area = register.filter(neighbourhood_code=code)
    industry = area.filter(pl.col("sbi_code").str.slice(0, 2).cast(pl.Int8).is_between(10, 43))
    assert area.height >= 10
    assert industry.height > 0.3 * area.height


def _judged(
    table: type[Establishment] | type[Company], frame: pl.DataFrame, source: str
) -> Verdict:
    from expectations.gate import judge
    from expectations.suites import suite

    evidence = Evidence(frame, table, source=source, edition=str(frame["edition"][0]))
    return judge(evidence, suite(table))


def test_the_gate_sets_aside_the_wrong_rows_and_no_others(register: pl.DataFrame) -> None:
    verdict = _judged(Establishment, register.cast(dict(polars_schema(Establishment))), REGISTER)
    assert verdict.accepted is not None
    aside = set(register["row_number"]) - set(verdict.accepted["row_number"])
    assert aside == set(DIRT)
    assert verdict.set_aside.height == len(DIRT)
    assert [o.rule for o in verdict.outcomes if not o.success and o.severity == "critical"] == []


def test_the_gate_accepts_the_bulk_file(bulk: pl.DataFrame) -> None:
    verdict = _judged(Company, bulk, BULK)
    assert verdict.accepted is not None
    assert verdict.set_aside.height == 0


def test_the_bulk_file_has_the_real_layout(sample: Archive) -> None:
    release = sample.latest(BULK, "current")
    assert release is not None
    with zipfile.ZipFile(io.BytesIO(sample.read(release.part("file")))) as packed:
        [name] = packed.namelist()
        lines = packed.read(name).decode().splitlines()
    assert name == "kvk-open-dataset-basis-bedrijfsgegevens.csv"
    assert lines[0] == (
        '"Datum aanvang";"Actief";"Insolventie";"Rechtsvorm";"Postcode regio";'
        '"SBI activiteiten";"Hoofdactiviteiten";"Lidstaat"'
    )
    assert all(line.count('";"') == 7 and line[0] == line[-1] == '"' for line in lines)


def test_the_bulk_file_has_the_oddities_of_the_real_one(
    bulk: pl.DataFrame, taken: dict[str, Taken]
) -> None:
    raw = taken[BULK].table.rows
    assert raw["start_date"].str.contains(r"^\d{4}0000$").sum() > 20
    assert raw["start_date"].str.contains(r"^\d{4}(0[1-9]|1[0-2])00$").sum() > 20
    assert raw.filter(start_date="00000000").height > 0
    assert set(bulk["insolvency"].drop_nulls()) == {"FAIL", "SSAN", "SURS"}
    assert set(bulk["legal_form"]) == {"BV", "NV"}
    short = pl.col("main_sbi").str.len_chars() == 4
    assert bulk.filter("active", short).is_empty()
    assert bulk.filter(~pl.col("active"), short).height > 500
    assert bulk.filter(~pl.col("active"), ~short).height > 50


def test_the_register_has_no_addresses(sample: Archive) -> None:
    release = sample.latest(REGISTER, "2026-04-01")
    assert release is not None
    header = sample.read(release.part("file")).decode().splitlines()[0]
    assert header.split(";") == list(REGISTER_COLUMNS)
