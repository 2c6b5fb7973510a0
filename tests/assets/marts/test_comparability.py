"""Which years of a neighbourhood may be compared."""

from __future__ import annotations

import polars as pl

from assets.marts.comparability import comparable
from warehouse.tables.boundaries import AreaComparable
from warehouse.tables.core import Region
from warehouse.vocabulary import polars_schema


def listed(flags: dict[str, bool | None], code: str = "BU01530703") -> pl.LazyFrame:
    """`core.region` of one neighbourhood, by edition."""
    return pl.LazyFrame(
        [
            {
                "source": "cbs_kwb",
                "edition": edition,
                "region_code": code,
                "kind": "neighbourhood",
                "comparable": flag,
                "release_id": f"cbs_kwb:{edition}",
            }
            for edition, flag in flags.items()
        ],
        schema=polars_schema(Region),
    )


def since(flags: dict[str, bool | None]) -> dict[str, str]:
    made = comparable([listed(flags)])
    assert made.schema == polars_schema(AreaComparable)
    return dict(made.select("edition", "since").rows())


def test_a_series_goes_on_until_the_publisher_says_that_the_area_changed() -> None:
    flags = {"2018": True, "2019": True, "2020": False, "2021": True}
    assert since(flags) == {"2018": "2018", "2019": "2018", "2020": "2020", "2021": "2020"}


def test_silence_and_a_year_that_was_not_taken_in_break_it() -> None:
    assert since({"2018": True, "2019": None}) == {"2018": "2018", "2019": "2019"}
    # 2020 was held against 2019, of which nothing is known here.
    assert since({"2018": True, "2020": True}) == {"2018": "2018", "2020": "2020"}


def test_codes_do_not_run_into_each_other_and_tables_without_a_year_say_nothing() -> None:
    made = comparable(
        [
            listed({"2019": True}),
            listed({"2020": True}, "BU01530704"),
            listed({"current": True}, "BU01530705"),
        ]
    )
    assert made.select("location_id", "since").rows() == [
        ("BU01530703", "2019"),
        ("BU01530704", "2020"),
    ]


def test_of_two_lists_the_one_that_says_something_counts() -> None:
    silent = listed({"2020": None}).with_columns(source=pl.lit("another"))
    made = comparable([silent, listed({"2019": True, "2020": True})])
    assert made.filter(edition="2020").select("comparable", "since").rows() == [(True, "2019")]
