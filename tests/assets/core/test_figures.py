"""From a published table to one row a figure: units, factors, periods, statuses, keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import polars as pl
import pytest

from assets.catalogue.models import EditionOf
from assets.core import figures, regions
from assets.core.frames import PERIODS, kind_of, period_of, status_of
from assets.sources.errors import ContractBroken
from tests.assets.conftest import RealTable
from tests.assets.material import (
    AREAS,
    SECTORS,
    World,
    areas_table,
    edition_of,
    measure,
    needs_shared,
    sectors_table,
    source,
)
from warehouse.tables.core import Figure, Region
from warehouse.vocabulary import key_of, polars_schema

# --- units and factors

SCALES: list[tuple[str, str, float, float, float]] = [
    ("aantal", "count", 1, 15, 15),
    ("aantal", "persons", 1, 0, 0),
    ("aantal", "persons", 1, -5, -5),
    ("aantal", "count", 1, 2_147_483_648, 2_147_483_648),
    ("x 1 000", "jobs", 1_000, 12.5, 12_500),
    ("x 1 000", "jobs", 1_000, 0.1, 100),
    ("x 1 000", "jobs", 1_000, 8_937.4, 8_937_400),
    ("1 000", "jobs", 1_000, 7, 7_000),
    ("x 1 000 euro", "euro", 1_000, 302, 302_000),
    ("x 1 000 euro", "euro", 1_000, 28.6, 28_600),
    ("x 1 000 euro", "euro", 1_000, 0, 0),
    ("x 1 000 euro", "euro", 1_000, -6, -6_000),
    ("1 000 euro", "euro", 1_000, 22_435, 22_435_000),
    ("x 1 000 000 euro", "euro", 1e6, 1.5, 1_500_000),
    ("x mln euro", "euro", 1e6, 864.061, 864_061_000),
    ("mln euro", "euro", 1e6, 0.000001, 1),
    ("euro", "euro", 1, 1234.56, 1234.56),
    ("euro per inwoner", "euro per person", 1, 512, 512),
    ("%", "%", 1, 12.5, 12.5),
    ("%", "share", 0.01, 12.5, 0.125),
    ("%", "%", 1, 100, 100),
    ("%", "%", 1, -0.4, -0.4),
    ("per 1 000 inwoners", "per 1000 persons", 1, 7.25, 7.25),
    ("per 1 000 inwoners", "per person", 0.001, 7.25, 0.00725),
    ("per 10 000 inwoners", "per 1000 persons", 0.1, 72.5, 7.25),
    ("promille", "%", 0.1, 5, 0.5),
    ("per km²", "per km2", 1, 1_234, 1_234),
    ("per ha", "per km2", 100, 3, 300),
    ("ha", "ha", 1, 601, 601),
    ("ha", "km2", 0.01, 601, 6.01),
    ("m2", "ha", 0.0001, 586_100, 58.61),
    ("km2", "ha", 100, 5.861, 586.1),
    ("km", "km", 1, 0.7, 0.7),
    ("km", "m", 1_000, 0.7, 700),
    ("kWh", "kWh", 1, 2_890, 2_890),
    ("MWh", "kWh", 1_000, 2.89, 2_890),
    ("m³", "m3", 1, 1_380, 1_380),
    ("x 1 000 m³", "m3", 1_000, 1.38, 1_380),
    ("code", "class", 1, 5, 5),
    ("per huishouden", "vehicles per household", 1, 1.1, 1.1),
]


@pytest.mark.parametrize(
    ("published", "unit", "factor", "said", "value"),
    SCALES,
    ids=[f"{s[0]} in {s[1]}, {s[3]}" for s in SCALES],
)
@pytest.mark.parametrize("long", [False, True], ids=["v3", "v4"])
def test_a_figure_is_in_the_declared_unit(
    published: str, unit: str, factor: float, said: float, value: float, long: bool
) -> None:
    declared = source(
        region="Regio", measures={"it": measure("Het", published, unit=unit, factor=factor)}
    )
    if long:
        rows = pl.DataFrame(
            {"Regio": ["GM0153"], "Measure": ["Het"], "ValueAttribute": ["None"],
             "Value": [float(said)], "StringValue": [None]},
            schema_overrides={"StringValue": pl.String},
        )  # fmt: skip
    else:
        rows = pl.DataFrame({"Regio": ["GM0153"], "Het": [float(said)]})
    edition = edition_of(declared, rows, units={"Het": published}, dimensions=("Regio",), long=long)
    [row] = figures.figures(edition).to_dicts()
    assert row["value"] == pytest.approx(value, rel=1e-12)
    assert row["unit"] == unit


def test_the_same_table_in_another_unit_is_refused_and_not_taken_a_thousand_times() -> None:
    declared = source(
        region="Regio", measures={"it": measure("Het", "x 1 000 euro", unit="euro", factor=1000)}
    )
    rows = pl.DataFrame({"Regio": ["GM0153"], "Het": [302_000.0]})
    edition = edition_of(declared, rows, units={"Het": "euro"}, dimensions=("Regio",))
    with pytest.raises(ContractBroken, match="came in unit 'euro'"):
        figures.figures(edition)


# --- what a row says


def test_wide_rows_say_where_they_come_from(world: World) -> None:
    table = world.house.cbs_v3.put(areas_table(12))
    edition = world.on_its_way(AREAS)
    made = figures.figures(edition)
    assert made.schema == polars_schema(Figure)
    assert made.height == 12 * 3
    assert made.select(key_of(Figure)).is_duplicated().sum() == 0
    assert made.filter(measure="inhabitants")["region_code"].to_list() == [
        key.strip() for key in table.rows["WijkenEnBuurten"]
    ]
    for column, value in {
        "source": "areas",
        "edition": "2020",
        "period": "2020",
        "breakdown": "total",
        "status": "not_stated",
        "release_id": edition.release_id,
    }.items():
        assert made[column].unique().to_list() == [value]


def test_long_rows_have_their_period_status_and_breakdown(world: World) -> None:
    world.house.cbs_v4.put(sectors_table(years=3, areas=2, sectors=2))
    made = figures.figures(world.on_its_way(SECTORS))
    assert made.select(key_of(Figure)).is_duplicated().sum() == 0
    assert made["breakdown"].unique().sort().to_list() == ["T001080", "T001081"]
    assert made.select("period", "status").unique().sort("period").rows() == [
        ("2020", "definitive"),
        ("2021", "definitive"),
        ("2022", "provisional"),
    ]
    assert made["unit"].unique().to_list() == ["count"]


CHAIN = [("Voorlopig", 5.0), ("Nader voorlopig", 10.0), ("NaderVoorlopig", 10.0),
         ("Definitief", 15.0)]  # fmt: skip


def test_a_revision_is_a_new_value_with_a_new_status(world: World) -> None:
    """Provisional, revised, definitive: each a release, with its own status and value."""
    table = sectors_table(years=1, areas=1, sectors=1)
    said = []
    for day, (status, value) in enumerate(CHAIN, start=1):
        changed = table.with_cell(pl.col("Id") == 0, "Value", value).with_status("2020JJ00", status)
        world.house.cbs_v4.put(changed.with_modified(f"2026-01-{day:02}T00:00:00+01:00"))
        [row] = figures.figures(world.on_its_way(SECTORS)).to_dicts()
        said.append((row["status"], row["value"]))
    assert said == [("provisional", 5), ("revised", 10), ("revised", 10), ("definitive", 15)]
    assert len(world.archive.releases("sectors")) == 4


def test_an_edition_that_calls_its_dimension_otherwise() -> None:
    declared = source(
        region="WijkenEnBuurten",
        editions={"2013": EditionOf(id="82339NED", region="RegioS"), "2020": EditionOf(id="x")},
        measures={"it": measure("Het")},
    )
    rows = pl.DataFrame({"RegioS": ["GM0153"], "Het": [1.0]})
    edition = edition_of(
        declared, rows, edition="2013", units={"Het": "aantal"}, dimensions=("RegioS",)
    )
    assert figures.figures(edition)["region_code"].to_list() == ["GM0153"]


# --- the words of periods, statuses and areas


@pytest.mark.parametrize(
    ("code", "period"),
    [
        ("2020JJ00", "2020"),
        ("2020KW01", "2020Q1"),
        ("2020KW04", "2020Q4"),
        ("2020MM01", "2020-01"),
        ("2020MM12", "2020-12"),
        ("20200401", "2020-04-01"),
        ("20240229", "2024-02-29"),
        ("2020", "2020"),
    ],
)
def test_periods_that_are_known(code: str, period: str) -> None:
    assert period_of(code) == period


@pytest.mark.parametrize(
    "code",
    ["2020KW05", "2020KW00", "2020MM00", "2020MM13", "2020HJ01", "2020W101", "2020X001",
     "2022G400", "2013X000", "20201301", "20200132", "20200100", "20230229", "20200431",
     "00000101", "2020-01", "2020JJ01", "202", "20200", "", " 2020", "2020\n", "2020JJ00 ", "２０２０"],
)  # fmt: skip
def test_other_periods_are_refused(code: str) -> None:
    with pytest.raises(ContractBroken, match="has a form that is not known"):
        period_of(code)


def test_every_period_form_is_tried() -> None:
    assert len(PERIODS) == 5


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("Definitief", "definitive"),
        ("Voorlopig", "provisional"),
        ("NaderVoorlopig", "revised"),
        ("Nader voorlopig", "revised"),
        (" definitief ", "definitive"),
        (None, "not_stated"),
        ("", "not_stated"),
    ],
)
def test_statuses(said: str | None, status: str) -> None:
    assert status_of(said) == status


def test_another_status_is_refused() -> None:
    with pytest.raises(ContractBroken, match="status 'Geschat', which is not known"):
        status_of("Geschat")


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("NL00", "country"),
        ("NL01", "country"),
        ("NL", "country"),
        ("LD02", "part_of_country"),
        ("PV23", "province"),
        ("CR12", "corop"),
        ("GM0153", "municipality"),
        ("WK015307", "district"),
        ("BU01530703", "neighbourhood"),
        ("BU0363AF08", "neighbourhood"),
        ("RIN23202203", "business_park"),
        ("AM02", "other"),
        ("0153", "other"),
        ("", "other"),
        ("gm0153", "other"),
    ],
)
def test_kinds_of_area(code: str, kind: str) -> None:
    assert pl.select(kind_of_code=pl.lit(code)).select(kind_of("kind_of_code")).item() == kind


# --- areas


@pytest.mark.parametrize(
    ("code", "municipality"),
    [
        ("BU01530703", "GM0153"),
        ("BU0363AF08", "GM0363"),
        ("WK015307", "GM0153"),
        ("GM0153", "GM0153"),
        ("PV23", None),
        ("NL00", None),
    ],
)
def test_the_municipality_of_an_area(code: str, municipality: str | None) -> None:
    frame = pl.DataFrame({"code": [code]})
    assert frame.select(regions.municipality_of("code")).item() == municipality


def test_regions_come_from_the_code_list_with_their_change_flag(world: World) -> None:
    table = areas_table(5)
    flags = pl.Series("IndelingswijzigingWijkenEnBuurten_4", ["1", "2", "3", ".", "1  "])
    object.__setattr__(table, "rows", table.rows.with_columns(flags))
    world.house.cbs_v3.put(table)
    made = regions.regions(world.on_its_way(AREAS))
    assert made.schema == polars_schema(Region)
    assert made["comparable"].to_list() == [True, True, False, None, True]
    assert made.select("region_code", "name", "kind", "municipality_code").rows()[4] == (
        "BU01530004",
        "Büurt 4 ] é",
        "neighbourhood",
        "GM0153",
    )


def test_regions_of_a_long_table_have_no_change_flag(world: World) -> None:
    world.house.cbs_v4.put(sectors_table(areas=2))
    made = regions.regions(world.on_its_way(SECTORS))
    assert made.select("region_code", "name", "comparable").rows() == [
        ("GM0001", "Eén", None),
        ("GM0002", "GM0002", None),
    ]


# --- real figures

KENNISPARK, HESSENPOORT = "BU01530703", "BU01934040"


@needs_shared
@pytest.mark.parametrize(
    ("area", "expected"),
    [
        (KENNISPARK, {"inhabitants": 5, "men": 5, "women": 0, "households": 5,
                      "household_size": 1.8, "cars": 185, "motorcycles": 5, "area_total": 149,
                      "area_land": 132, "area_water": 16, "urbanity": 4, "address_density": 599,
                      "establishments": None, "home_value": None, "population_density": None}),
        (HESSENPOORT, {"inhabitants": 75, "men": 45, "women": 30, "households": 30,
                       "household_size": 2.4, "population_density": 13, "cars": 920,
                       "area_total": 601, "area_land": 571, "area_water": 30, "urbanity": 5,
                       "benefits_pension": 10, "benefits_unemployment": 0,
                       "distance_supermarket": 2.9, "address_density": 42}),
        ("GM0153", {"inhabitants": 159_640, "area_total": 14_272, "cars_per_household": 0.9}),
        ("NL00", {"inhabitants": 17_407_585, "households": 7_997_800, "area_land": 3_367_109}),
    ],
)  # fmt: skip
def test_control_values(
    real_table: Callable[[str], RealTable], area: str, expected: dict[str, float | None]
) -> None:
    """As read off the published table by hand; the densities of a park are not published."""
    made = figures.figures(real_table("84799NED").on_its_way).filter(region_code=area)
    said = dict(made.select("measure", "value").iter_rows())
    assert {name: said[name] for name in expected} == expected


@needs_shared
def test_every_real_cell_is_a_figure_or_says_why_not(
    real_table: Callable[[str], RealTable],
) -> None:
    real = real_table("84799NED")
    made = figures.figures(real.on_its_way)
    assert made.select(key_of(Figure)).is_duplicated().sum() == 0
    assert made.filter(pl.col("value").is_null() == pl.col("missing_reason").is_null()).is_empty()
    columns = {"inhabitants": "AantalInwoners_5", "home_value": "GemiddeldeWoningwaarde_35"}
    for name, start in columns.items():
        column = next(c for c in real.put.rows.columns if c.startswith(start.rsplit("_")[0]))
        said, factor = real.put.rows[column], 1000 if name == "home_value" else 1
        here = made.filter(measure=name)["value"]
        assert here.null_count() == said.null_count()
        assert here.sum() == pytest.approx(float(said.sum() or 0) * factor)
    empty = made.group_by("measure").agg(
        pl.col("value").is_not_null().any(), reasons=pl.col("missing_reason").unique()
    )
    for _, filled, reasons in empty.iter_rows():
        assert filled or reasons == ["not_published"], "68 of its 118 columns were still empty"


@needs_shared
def test_real_regions(real_table: Callable[[str], RealTable]) -> None:
    made = regions.regions(real_table("84799NED").on_its_way)
    assert dict(made.group_by("kind").len().iter_rows()) == {
        "country": 1,
        "municipality": 355,
        "district": 3_177,
        "neighbourhood": 13_808,
    }
    assert dict(made.group_by("comparable").len().iter_rows()) == {
        True: 16_060 + 136,
        False: 789,
        None: 356,
    }
    by_code = {row["region_code"]: row for row in made.to_dicts()}
    assert by_code[KENNISPARK]["name"] == "Kennispark"
    assert by_code["GM0164"]["name"] == "Hengelo", "and Hengelo (O.) elsewhere: join on codes"
    assert by_code["NL00"]["municipality_code"] is None


def test_a_measure_that_is_described_and_not_observed_has_no_figures(world: World) -> None:
    """Absent is not zero, and not a row either: no cell of it is known to exist."""
    table = sectors_table(years=1, areas=2, sectors=1)
    more = table.measures.with_columns(Identifier=pl.lit("M9"), Title=pl.lit("Banen"))
    world.house.cbs_v4.put(replace(table, measures=pl.concat([table.measures, more])))
    declared = SECTORS.model_copy(
        update={"measures": {**SECTORS.measures, "jobs": measure("Banen", required=False)}}
    )
    made = figures.figures(world.on_its_way(declared))
    assert made["measure"].unique().to_list() == ["establishments"]
