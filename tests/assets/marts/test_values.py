"""Indicator values: published, allocated to sites, added up to provinces, divided into ratios."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest

from assets.catalogue import Catalogue
from assets.catalogue.models import Indicator, Province, Source
from assets.catalogue.site_models import Boundary, Member, Site
from assets.marts import site_boundaries
from assets.marts.values import values
from warehouse.tables.core import Figure
from warehouse.vocabulary import polars_schema

RELEASED = dt.datetime(2021, 3, 26)
LATER = dt.datetime(2026, 5, 1)


def indicator(name: str, **how: Any) -> Indicator:
    """An indicator fed by `stats`, with whatever is not under test filled in."""
    fields: dict[str, Any] = {
        "id": name,
        "catalogue_code": None,
        "version": "1",
        "name_nl": name,
        "name_en": name,
        "definition_nl": name,
        "definition_en": name,
        "unit": "count",
        "unit_factor": 1.0,
        "direction": "neutral",
        "theme": "test",
        "allocation": "sum",
        "numerator": None,
        "denominator": None,
        "levels": ("site", "neighbourhood", "municipality", "province", "country"),
        "minimum_cell": 0,
        "rounding": "none",
        "sbi_edition": None,
        "valid_from": None,
        "valid_to": None,
        "owner": "test",
        "licence": "CC0",
    }
    if "ratio" not in how:
        fields["feeds"] = (
            {
                "source": "stats",
                "measure": name,
                "levels": ("neighbourhood", "municipality", "country"),
            },
        )
    return Indicator.model_validate(fields | how)


def source(name: str, subject: str, **how: Any) -> Source:
    """A source of `subject`."""
    fields: dict[str, Any] = {
        "name": name,
        "title_nl": name,
        "title_en": name,
        "publisher": "cbs_v3",
        "protocol": "cbs_v3",
        "subject": subject,
        "grain": "x",
        "cadence_days": 1,
        "row_floor": 1,
        "row_ceiling": 9,
        "licence": "CC0",
        "attribution": "test",
        "editions": {"2020": {"id": "1"}},
        "missing": {"signs": {}, "null": "unknown"},
    }
    return Source.model_validate(fields | how)


def site(name: str, *members: tuple[str, float]) -> Site:
    """A site in GM0001 of these members and weights."""
    return Site(
        id=name,
        name=name,
        name_en=name,
        municipality="GM0001",
        status="active",
        clusters=(),
        aliases=(),
        boundaries=(
            Boundary(
                source="test",
                members=tuple(
                    Member(code=code, weight=weight, source="test") for code, weight in members
                ),
            ),
        )
        if members
        else (),
        boundary_note="test",
    )


def figures(
    rows: list[tuple[str, str, float | None]],
    *,
    reason: str = "unknown",
    name: str = "stats",
    **how: str,
) -> pl.LazyFrame:
    """Core figures from (area, measure, value)."""
    base = {
        "source": name,
        "edition": "2020",
        "period": "2020",
        "breakdown": "total",
        "unit": "count",
        "status": "not_stated",
        "release_id": "r1",
    } | how
    made = [
        base
        | {
            "region_code": area,
            "measure": measure,
            "value": value,
            "missing_reason": None if value is not None else reason,
        }
        for area, measure, value in rows
    ]
    return pl.DataFrame(made, schema=polars_schema(Figure)).lazy()


RELEASES = pl.DataFrame(
    {"release_id": ["r1", "r2"], "known_from": [RELEASED, LATER], "synthetic": [False, True]},
    schema_overrides={"known_from": pl.Datetime("us")},
)
AREAS = ("NL00", "GM0001", "GM0002", "BU00010000", "BU00010001", "BU00010002")


def compute(
    indicators: list[Indicator],
    sites: list[Site],
    by_source: dict[str, pl.LazyFrame],
    sources: list[Source] | None = None,
) -> dict[tuple[str, str], dict[str, Any]]:
    """(location, indicator) -> row."""
    catalogue = Catalogue(
        sources={
            s.name: s
            for s in sources
            or [
                source(
                    "stats",
                    "figures",
                    region="R",
                    measures={
                        "x": {"v4": "x", "published_unit": ["x"], "unit": "x", "required": False}
                    },
                )
            ]
        },
        indicators={i.id: i for i in indicators},
        sites={s.id: s for s in sites},
        provinces={
            "PV01": Province(
                code="PV01", name="P", municipalities=("GM0001", "GM0002"), source="test"
            )
        },
    )
    found = values(
        catalogue,
        dict.fromkeys(catalogue.indicators),
        by_source,
        RELEASES,
        site_boundaries.members(catalogue, [], []),
        pl.Series(AREAS),
        contributions={"register": behind(by_source["register"])}
        if "register" in by_source
        else {},
    )
    assert not found.select("location_id", "indicator_id", "period").is_duplicated().any()
    assert (found["value"].is_null() == found["missing_reason"].is_not_null()).all()
    return {(row["location_id"], row["indicator_id"]): row for row in found.iter_rows(named=True)}


def test_a_site_that_is_its_neighbourhood_has_its_exact_figure() -> None:
    found = compute(
        [indicator("n")],
        [site("park", ("BU00010000", 1.0))],
        {"stats": figures([("BU00010000", "n", 7.0)])},
    )
    row = found["park", "n"]
    assert (row["value"], row["method"], row["lower"], row["release_id"], row["known_from"]) == (
        7.0,
        "exact",
        None,
        "r1",
        RELEASED,
    )


def test_a_share_of_a_neighbourhood_is_an_estimate_with_bounds() -> None:
    members = [("BU00010000", 1.0), ("BU00010001", 0.25)]
    found = compute(
        [indicator("n")],
        [site("park", *members)],
        {"stats": figures([("BU00010000", "n", 10.0), ("BU00010001", "n", 8.0)])},
    )
    row = found["park", "n"]
    assert (row["value"], row["method"], row["lower"], row["upper"]) == (
        12.0,
        "area_share",
        10.0,
        18.0,
    )


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([("BU00010000", "n", 10.0), ("BU00010001", "n", None)], "unknown"),
        ([("BU00010000", "n", 10.0)], "not_published"),
    ],
    ids=["one member missing", "one member not there at all"],
)
def test_a_part_is_never_given_for_the_whole(
    rows: list[tuple[str, str, float | None]], reason: str
) -> None:
    park = site("park", ("BU00010000", 1.0), ("BU00010001", 1.0))
    row = compute([indicator("n")], [park], {"stats": figures(rows)})["park", "n"]
    assert (row["value"], row["missing_reason"]) == (None, reason)


def test_a_site_without_a_boundary_says_so_and_is_not_zero() -> None:
    found = compute([indicator("n")], [site("zone")], {"stats": figures([("GM0001", "n", 10.0)])})
    assert (found["zone", "n"]["value"], found["zone", "n"]["missing_reason"]) == (
        None,
        "no_boundary",
    )


def test_a_site_known_in_other_areas_than_the_figure_is_not_allocatable() -> None:
    found = compute(
        [indicator("n")], [site("zone", ("RIN1", 1.0))], {"stats": figures([("GM0001", "n", 10.0)])}
    )
    assert found["zone", "n"]["missing_reason"] == "not_allocatable"


def test_a_mean_is_weighted_and_a_class_is_not_added_up() -> None:
    park = site("park", ("BU00010000", 1.0), ("BU00010001", 1.0))
    rows = [
        ("BU00010000", "homes", 1.0),
        ("BU00010001", "homes", 3.0),
        ("BU00010000", "size", 2.0),
        ("BU00010001", "size", 4.0),
        ("BU00010000", "klass", 1.0),
        ("BU00010001", "klass", 5.0),
    ]
    found = compute(
        [
            indicator("homes"),
            indicator("size", allocation="weighted_mean", weight="homes"),
            indicator("klass", allocation="not_allocatable"),
        ],
        [park, site("one", ("BU00010000", 1.0))],
        {"stats": figures(rows)},
    )
    assert found["park", "size"]["value"] == pytest.approx(3.5)
    assert found["park", "klass"]["missing_reason"] == "not_allocatable"
    assert found["one", "klass"]["value"] == 1.0


def test_a_province_is_the_sum_of_all_its_municipalities_or_nothing() -> None:
    both = figures([("GM0001", "n", 10.0), ("GM0002", "n", 5.0)])
    row = compute([indicator("n", aggregate_to=("province",))], [], {"stats": both})["PV01", "n"]
    assert (row["value"], row["method"]) == (15.0, "aggregated")
    one = compute(
        [indicator("n", aggregate_to=("province",))],
        [],
        {"stats": figures([("GM0001", "n", 10.0)])},
    )
    assert (one["PV01", "n"]["value"], one["PV01", "n"]["missing_reason"]) == (
        None,
        "not_published",
    )


def test_the_country_has_one_id_however_it_is_written() -> None:
    assert (
        compute([indicator("n")], [], {"stats": figures([("NL00", "n", 3.0)])})["NL", "n"]["value"]
        == 3.0
    )


def test_a_ratio_is_made_of_sums_and_carries_the_newest_release() -> None:
    park = site("park", ("BU00010000", 1.0), ("BU00010001", 1.0))
    ratio = indicator(
        "share",
        ratio={"numerator": ["a"], "denominator": ["a", "b"], "factor": 100.0},
        allocation="ratio_of_sums",
    )
    rows = [
        ("BU00010000", "a", 1.0),
        ("BU00010000", "b", 3.0),
        ("BU00010001", "a", 9.0),
        ("BU00010001", "b", 7.0),
    ]
    found = compute([indicator("a"), indicator("b"), ratio], [park], {"stats": figures(rows)})
    assert found["park", "share"]["value"] == pytest.approx(50.0)
    assert found["BU00010000", "share"]["value"] == pytest.approx(25.0)
    zero = compute(
        [indicator("a"), indicator("b"), ratio],
        [],
        {"stats": figures([("GM0001", "a", 0.0), ("GM0001", "b", 0.0)])},
    )
    assert zero["GM0001", "share"]["missing_reason"] == "impossible"


def register(rows: list[tuple[str, str, float]]) -> pl.LazyFrame:
    """Counts of a synthetic register extract."""
    return figures(
        rows, name="register", edition="2026-04-01", period="2026-04-01", release_id="r2"
    )  # type: ignore[arg-type]


def behind(counted: pl.LazyFrame) -> pl.LazyFrame:
    """Contributions to counts of a register, as if all establishments of an area were of one size."""
    count = pl.col("value").filter(pl.col("measure") == "establishments").sum()
    each = pl.col("value") / pl.col("contributors")
    return (
        counted.with_columns(contributors=count.over("region_code"))
        .with_columns(largest=each, second_largest=pl.when(pl.col("contributors") > 1).then(each))
        .with_columns(pl.col("second_largest").fill_null(0.0))
    )


REGISTER = source(
    "register",
    "establishments",
    protocol="inbox",
    publisher="inbox",
    disclosure={"minimum_contributors": 3, "p_percent": 10},
    suppliers={
        "s": {
            "file_pattern": "(?P<edition>.*)",
            "columns": {},
            "sbi_edition": "2025",
            "synthetic": True,
        }
    },
)
STATS = source(
    "stats",
    "figures",
    region="R",
    measures={"x": {"v4": "x", "published_unit": ["x"], "unit": "x", "required": False}},
)
JOBS = indicator(
    "jobs",
    minimum_cell=3,
    feeds=({"source": "register", "measure": "jobs", "levels": ("neighbourhood", "municipality")},),
)


def test_few_establishments_are_not_shown_and_synthetic_is_marked() -> None:
    rows = [
        ("BU00010000", "establishments", 2.0),
        ("BU00010000", "jobs", 90.0),
        ("BU00010001", "establishments", 3.0),
        ("BU00010001", "jobs", 12.0),
    ]
    park = site("park", ("BU00010000", 1.0))
    found = compute([JOBS], [park], {"register": register(rows)}, [STATS, REGISTER])
    assert found["BU00010000", "jobs"]["missing_reason"] == "confidential"
    assert found["park", "jobs"]["missing_reason"] == "confidential"
    assert found["BU00010001", "jobs"]["value"] == 12.0
    assert found["BU00010001", "jobs"]["synthetic"] is True
    assert found["BU00010001", "jobs"]["method"] == "counted"


def test_a_ratio_as_of_takes_the_newest_denominator_that_is_not_later() -> None:
    rows = [("BU00010000", "establishments", 9.0), ("BU00010000", "jobs", 100.0)]
    per_ha = indicator(
        "per_ha",
        allocation="ratio_of_sums",
        ratio={"numerator": ["jobs"], "denominator": ["ha"], "factor": 1.0, "period": "as_of"},
    )
    found = compute(
        [JOBS, indicator("ha"), per_ha],
        [],
        {"register": register(rows), "stats": figures([("BU00010000", "ha", 20.0)])},
        [STATS, REGISTER],
    )
    row = found["BU00010000", "per_ha"]
    assert (row["value"], row["period"], row["known_from"], row["synthetic"]) == (
        5.0,
        "2026-04-01",
        LATER,
        True,
    )


def test_a_definition_holds_only_in_its_own_years() -> None:
    found = compute(
        [indicator("n", valid_to="2019")], [], {"stats": figures([("GM0001", "n", 3.0)])}
    )
    assert ("GM0001", "n") not in found
