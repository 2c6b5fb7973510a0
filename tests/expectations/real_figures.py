"""Frames as core makes them, from published tables of CBS that lie outside the project.

The folder is found beside the project, or where `LM_SHARED_DATA` says; tests that need it are
skipped, visibly, where it is absent. Keys are padded on the wire and are stripped here.
"""

from __future__ import annotations

import os
from pathlib import Path

import polars as pl
import pytest

from tests.expectations.sound_figures import SAME, UNIT
from warehouse.tables.core import REPORTS, BudgetLine, Figure, Region
from warehouse.vocabulary import polars_schema

DATA = Path(
    os.environ.get("LM_SHARED_DATA") or Path(__file__).parents[2] / ".." / "shared" / "data"
).resolve()
needs_data = pytest.mark.skipif(
    not (DATA / "cbs").is_dir(), reason=f"no published tables under {DATA} (set LM_SHARED_DATA)"
)

COLUMNS = {
    "inhabitants": "AantalInwoners_5",
    "men": "Mannen_6",
    "women": "Vrouwen_7",
    "age_0_15": "k_0Tot15Jaar_8",
    "age_15_25": "k_15Tot25Jaar_9",
    "age_25_45": "k_25Tot45Jaar_10",
    "age_45_65": "k_45Tot65Jaar_11",
    "age_65_plus": "k_65JaarOfOuder_12",
    "households": "HuishoudensTotaal_28",
    "households_single": "Eenpersoonshuishoudens_29",
    "households_without_children": "HuishoudensZonderKinderen_30",
    "households_with_children": "HuishoudensMetKinderen_31",
    "household_size": "GemiddeldeHuishoudensgrootte_32",
    "population_density": "Bevolkingsdichtheid_33",
    "dwellings": "Woningvoorraad_34",
    "home_value": "GemiddeldeWoningwaarde_35",
    "income_per_inhabitant": "GemiddeldInkomenPerInwoner_72",
    "benefits_social_assistance": "PersonenPerSoortUitkeringBijstand_83",
    "benefits_disability": "PersonenPerSoortUitkeringAO_84",
    "benefits_unemployment": "PersonenPerSoortUitkeringWW_85",
    "benefits_pension": "PersonenPerSoortUitkeringAOW_86",
    "establishments": "BedrijfsvestigingenTotaal_91",
    "establishments_agriculture": "ALandbouwBosbouwEnVisserij_92",
    "cars": "PersonenautoSTotaal_99",
    "cars_per_household": "PersonenautoSPerHuishouden_102",
    "motorcycles": "Motorfietsen_104",
    "distance_supermarket": "AfstandTotGroteSupermarkt_106",
    "distance_daycare": "AfstandTotKinderdagverblijf_107",
    "area_total": "OppervlakteTotaal_110",
    "area_land": "OppervlakteLand_111",
    "area_water": "OppervlakteWater_112",
    "urbanity": "MateVanStedelijkheid_115",
    "address_density": "Omgevingsadressendichtheid_116",
}
UNITS = {measure: (UNIT | SAME)[measure][1] for measure in COLUMNS}


def _published(table: str, name: str) -> pl.DataFrame:
    (path,) = (DATA / "cbs" / table).glob(f"*_{name}.parquet")
    return pl.read_parquet(path)


def neighbourhood_figures_2020() -> pl.DataFrame:
    """Kerncijfers wijken en buurten 2020 (84799NED, as of 26 March 2021), 33 measures."""
    missing = pl.col("value").is_null()
    return (
        _published("84799NED", "TypedDataSet")
        .select(
            region_code=pl.col("WijkenEnBuurten").str.strip_chars(),
            **{ours: pl.col(theirs).cast(pl.Float64) for ours, theirs in COLUMNS.items()},
        )
        .unpivot(index="region_code", variable_name="measure", value_name="value")
        .with_columns(
            source=pl.lit("cbs_kwb"),
            edition=pl.lit("2020"),
            period=pl.lit("2020"),
            breakdown=pl.lit("total"),
            unit=pl.col("measure").replace_strict(UNITS),
            status=pl.lit("not_stated"),
            missing_reason=pl.when(missing.all().over("measure"))
            .then(pl.lit("not_published"))
            .when(missing)
            .then(pl.lit("unknown")),
            release_id=pl.lit("cbs_kwb:2020:2021-03-26T00:00:00"),
        )
        .select(polars_schema(Figure).names())
    )


def regions_2020() -> pl.DataFrame:
    """The area list of the same table."""
    kinds = {"NL": "country", "GM": "municipality", "WK": "district", "BU": "neighbourhood"}
    flag = pl.col("IndelingswijzigingWijkenEnBuurten_4")
    comparable = _published("84799NED", "TypedDataSet").select(
        "WijkenEnBuurten",
        comparable=flag.replace_strict({"1": True, "2": True, "3": False}, default=None),
    )
    code = pl.col("Key").str.strip_chars()
    return (
        _published("84799NED", "WijkenEnBuurten")
        .join(comparable, left_on="Key", right_on="WijkenEnBuurten")
        .select(
            source=pl.lit("cbs_kwb"),
            edition=pl.lit("2020"),
            region_code=code,
            name=pl.col("Title").str.strip_chars(),
            kind=code.str.slice(0, 2).replace_strict(kinds),
            municipality_code=pl.when(code != "NL00").then("GM" + code.str.slice(2, 4)),
            comparable="comparable",
            release_id=pl.lit("cbs_kwb:2020:2021-03-26T00:00:00"),
        )
        .cast(dict(polars_schema(Region)))
    )


def budget_lines_2013() -> pl.DataFrame:
    """Provincies 2013 onbewerkte Iv3-data (45012NED), all 435,456 cells, in euros."""
    titles = _published("45012NED", "FunctieKostenplaatsBalanspost").select(
        function_code=pl.col("Key").str.strip_chars(), function_name="Title"
    )
    code, category = pl.col("function_code"), pl.col("category_code")
    amount = pl.coalesce("k_2dePlaatsing_2", "k_1stePlaatsing_1")
    return (
        _published("45012NED", "TypedDataSet")
        .with_columns(
            function_code=pl.col("FunctieKostenplaatsBalanspost").str.strip_chars(),
            category_code=pl.col("Categorie").str.strip_chars(),
            province_code=pl.col("Provincies").str.strip_chars(),
            report=pl.col("Verslagsoort").replace_strict(
                {f"2013X00{n}": report for n, report in enumerate(REPORTS)}
            ),
        )
        .join(titles, on="function_code", maintain_order="left")
        .with_columns(
            source=pl.lit("iv3_provinces"),
            edition=pl.lit("2013"),
            function_kind=pl.when(code.str.contains(r"^\d"))
            .then(pl.lit("function"))
            .when(code.str.starts_with("kp_"))
            .then(pl.lit("cost_centre"))
            .otherwise(pl.lit("balance_item")),
            side=category.str.slice(0, 1).replace_strict(
                {"L": "costs", "B": "revenues", "P": "balance", "U": "balance"}
            ),
            amount_eur=amount * 1000,
            first_amount_eur=pl.col("k_1stePlaatsing_1") * 1000,
            placement=pl.when(pl.col("k_2dePlaatsing_2").is_not_null()).then(pl.lit("second")),
            missing_reason=pl.when(amount.is_null()).then(pl.lit("impossible")),
            status=pl.lit("definitive"),
            release_id=pl.lit("iv3_provinces:2013:2015-09-24T00:00:00"),
        )
        .select(polars_schema(BudgetLine).names())
        .cast(dict(polars_schema(BudgetLine)))
    )
