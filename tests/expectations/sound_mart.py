"""Sound evidence for the tables of `mart`: small, invented, and right in everything."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl

from expectations.rules import Evidence
from expectations.suites.indicator import PROMISED_INDICATORS
from expectations.suites.location import PROMISED_SITES
from tests.expectations.sound_core import budget_line, square
from warehouse.dictionary import dictionary
from warehouse.tables import mart
from warehouse.vocabulary import Table, polars_schema

MOMENT = dt.datetime(2021, 3, 26)
LATER = dt.datetime(2022, 3, 26)
WITHOUT_BOUNDARY = "spoorzone-zwolle"
ESTIMATED = "hessenpoort"
RELEASE, INVENTED = "cbs_kwb:2001:x", "cbs_kwb:2020:x"


def table_of(table: type[Table], rows: list[dict[str, Any]]) -> pl.DataFrame:
    """A frame in the schema of `table`; what a row does not say is null."""
    return pl.DataFrame(rows, schema=polars_schema(table))


def locations() -> pl.DataFrame:
    """The promised sites in Zwolle, one of them without a boundary, and the areas around them."""
    sites = [
        {
            "location_id": site,
            "name": site.replace("-", " ").title(),
            "kind": "site",
            "municipality_code": "GM0193",
            "province_code": "PV23",
            "status": "active",
            "boundary_status": "none" if site == WITHOUT_BOUNDARY else "composed",
            "boundary_note": "No boundary has been drawn." if site == WITHOUT_BOUNDARY else None,
        }
        for site in PROMISED_SITES
    ]
    official = [
        {
            "location_id": code,
            "name": f"Gebied {code}",
            "kind": kind,
            "municipality_code": "GM0193" if kind in ("municipality", "neighbourhood") else None,
            "province_code": None if kind == "country" else "PV23",
            "status": "active",
            "boundary_status": "official",
        }
        for code, kind in (
            ("NL", "country"),
            ("PV23", "province"),
            ("GM0193", "municipality"),
            *((f"BU019310{n:02}", "neighbourhood") for n in range(20)),
        )
    ]
    return table_of(mart.Location, sites + official)


def members() -> pl.DataFrame:
    """One neighbourhood for each site with a boundary; one lies in its site for half."""
    return table_of(
        mart.LocationMember,
        [
            {
                "location_id": site,
                "boundary": 1,
                "member_code": f"BU019310{n:02}",
                "edition": "2025" if site == ESTIMATED else "all",
                "valid_from": dt.date(2016, 1, 1),
                "valid_to": dt.date(2030, 1, 1) if n == 1 else None,
                "weight": 0.5 if site == ESTIMATED else 1.0,
                "weight_method": "area_share" if site == ESTIMATED else "exact",
                "lower_weight": 0.0 if site == ESTIMATED else 1.0,
                "upper_weight": 1.0,
                "source": "CBS 84799NED",
                "release_id": RELEASE if site == ESTIMATED else None,
            }
            for n, site in enumerate(PROMISED_SITES)
            if site != WITHOUT_BOUNDARY
        ],
    )


def releases() -> pl.DataFrame:
    """Twenty releases."""
    return table_of(
        mart.SourceRelease,
        [
            {
                "release_id": f"cbs_kwb:{2001 + n}:x",
                "source": "cbs_kwb",
                "edition": str(2001 + n),
                "identifier": "84799NED",
                "url": "https://opendata.cbs.nl/ODataApi/odata/84799NED",
                "sha256": f"{n:064x}",
                "bytes": 1000,
                "rows": 17_341,
                "fetched_at": LATER,
                "modified_at": MOMENT,
                "licence": "https://creativecommons.org/licenses/by/4.0/",
                "attribution": "CBS",
                "synthetic": n == 19,
            }
            for n in range(20)
        ],
    )


def evidence(table: type[Table], frame: pl.DataFrame, **others: pl.DataFrame) -> Evidence:
    """Evidence that equals what was last accepted."""
    return Evidence(frame=frame, table=table, last_good=frame, others=others)


def location() -> Evidence:
    """Locations."""
    return evidence(mart.Location, locations())


def location_alias() -> Evidence:
    """Two names a site, the older one ended."""
    rows = [
        row
        for site in PROMISED_SITES
        for row in (
            {
                "location_id": site,
                "alias": f"Oud {site}",
                "valid_from": dt.date(2010, 1, 1),
                "valid_to": dt.date(2016, 1, 1),
                "source": "Jaarverslag 2016",
            },
            {
                "location_id": site,
                "alias": f"Nieuw {site}",
                "valid_from": dt.date(2016, 1, 1),
                "source": "Begroting 2018",
            },
        )
    ]
    return evidence(mart.LocationAlias, table_of(mart.LocationAlias, rows), location=locations())


def boundaries() -> pl.DataFrame:
    """Two boundaries after each other for each site that has one; one site's are drawn."""
    return table_of(
        mart.LocationBoundary,
        [
            {
                "location_id": site,
                "boundary": number,
                "valid_from": dt.date(2020, 1, 1) if number == 2 else None,
                "valid_to": dt.date(2020, 1, 1) if number == 1 else None,
                "kind": "polygon" if site == ESTIMATED else "areas",
                "weight_method": "area_share" if site == ESTIMATED else "exact",
                "source": "Besluit van de raad",
            }
            | (
                {"geojson": square(205_000, 503_000, 800.0 + 200 * number), "area_ha": area}
                if site == ESTIMATED
                else {}
            )
            for site in PROMISED_SITES
            if site != WITHOUT_BOUNDARY
            for number, area in ((1, 100.0), (2, 144.0))
        ],
    )


def location_boundary() -> Evidence:
    """Boundaries beside their locations."""
    return evidence(mart.LocationBoundary, boundaries(), location=locations())


def location_member() -> Evidence:
    """Members beside their locations."""
    return evidence(mart.LocationMember, members(), location=locations())


def location_outline() -> Evidence:
    """A square for each neighbourhood."""
    rows = [
        {
            "location_id": f"BU019310{n:02}",
            "edition": "2026",
            "geojson": square(200_000 + 500 * n, 500_000, 400.0),
            "area_ha": 16.0,
            "release_id": RELEASE,
        }
        for n in range(20)
    ]
    frame = table_of(mart.LocationOutline, rows)
    return evidence(mart.LocationOutline, frame, location=locations())


def indicators() -> pl.DataFrame:
    """The promised indicators, a share and an execution rate."""
    usual = {
        "version": "1",
        "definition_nl": "Aantal personen dat op 1 januari is ingeschreven.",
        "definition_en": "Number of persons registered on 1 January.",
        "unit_factor": 1.0,
        "theme": "people",
        "direction": "neutral",
        "source": "cbs_kwb",
        "source_tables": "cbs_kwb.inhabitants",
        "formula": "as published",
        "levels": "site; neighbourhood; municipality",
        "allocation": "sum",
        "minimum_cell": 0,
        "rounding": "to 5",
        "owner": "regional economy",
        "licence": "CC BY 4.0",
    }
    rows = [
        usual
        | {
            "indicator_id": name,
            "catalogue_code": "F01",
            "name_nl": f"Naam {name}",
            "name_en": f"Name {name}",
            "unit": "count",
        }
        for name in PROMISED_INDICATORS
    ]
    rows += [
        usual
        | {
            "indicator_id": name,
            "name_nl": f"Naam {name}",
            "name_en": f"Name {name}",
            "unit": "%",
            "allocation": "ratio_of_sums",
            "numerator": "jobs",
            "denominator": "jobs",
            "source": "establishment_register",
            "minimum_cell": 3,
        }
        for name in ("htsm_jobs_share", "economy_execution_rate")
    ]
    return table_of(mart.Indicator, rows)


def indicator() -> Evidence:
    """The definitions."""
    return evidence(mart.Indicator, indicators())


def indicator_value() -> Evidence:
    """Every indicator for every place that has a boundary, revised once for the municipality."""
    amounts = dict.fromkeys(PROMISED_INDICATORS, 100.0) | {
        "inhabitants": 1000.0,
        "households": 450.0,
        "urbanity": 2.0,
        "area_total": 240.0,
        "area_land": 200.0,
        "area_gross": 60.0,
        "area_net": 40.0,
        "htsm_jobs_share": 12.5,
        "economy_execution_rate": 111.0,
    }
    rows: list[dict[str, Any]] = []
    for place in ("GM0193", *PROMISED_SITES):
        for name, amount in amounts.items():
            usual = {
                "location_id": place,
                "indicator_id": name,
                "period": "2020",
                "known_from": MOMENT,
                "opened_by": "release",
                "boundary_year": 2020,
                "status": "definitive",
                "release_id": RELEASE,
                "synthetic": False,
            }
            if place == WITHOUT_BOUNDARY:
                rows.append(usual | {"missing_reason": "no_boundary", "method": "not_allocatable"})
            elif place == ESTIMATED:
                span = {"lower": amount * 0.9, "upper": amount * 1.1}
                rows.append(usual | {"value": amount, "method": "area_share", **span})
            elif place == "GM0193":
                larger = amount * 40 if name not in ("urbanity", "htsm_jobs_share") else amount
                before = usual | {"value": larger, "method": "published", "known_to": LATER}
                now = usual | {"value": larger, "method": "published", "known_from": LATER}
                rows += [before, now | {"release_id": INVENTED, "synthetic": True}]
            else:
                rows.append(usual | {"value": amount, "method": "exact"})
    frame = table_of(mart.IndicatorValue, rows)
    return Evidence(
        frame=frame,
        table=mart.IndicatorValue,
        last_good=frame,
        others={
            "location": locations(),
            "indicator": indicators(),
            "source_release": releases(),
            "guarded_figure": guarded_figures(),
        },
        facts={"synthetic_releases": [INVENTED]},
    )


def guarded_figures() -> pl.DataFrame:
    """Forty establishments behind the jobs of Zwolle, the largest with a tenth of them."""
    return pl.DataFrame(
        {
            "location_id": ["GM0193"],
            "indicator_id": ["jobs"],
            "period": ["2020"],
            "contributors": [40.0],
            "largest": [400.0],
            "second_largest": [300.0],
            "minimum": [3],
            "percent": [10.0],
        }
    )


def budget_amount() -> Evidence:
    """The invented reports of 2013, one province's budget revised once."""
    core = budget_line().frame
    now = core.with_columns(
        year=pl.col("edition").cast(pl.String).cast(pl.Int32),
        known_from=pl.lit(LATER, dtype=pl.Datetime("us")),
        known_to=pl.lit(None, dtype=pl.Datetime("us")),
        opened_by=pl.lit("release"),
        release_id=pl.lit(RELEASE),
    )
    before = now.filter(pl.col("province_code") == "PV20", pl.col("report") == "budget")
    before = before.with_columns(
        known_from=pl.lit(MOMENT, dtype=pl.Datetime("us")),
        known_to=pl.lit(LATER, dtype=pl.Datetime("us")),
    )
    schema = polars_schema(mart.BudgetAmount)
    other_year = now.with_columns(
        pl.lit(2014, dtype=pl.Int32).alias("year"),
    ).filter(pl.col("province_code") == "PV23")
    frame = pl.concat([before, now, other_year]).select(schema.names()).cast(dict(schema))
    provinces = table_of(
        mart.Location, [{"location_id": f"PV{n}", "kind": "province"} for n in range(20, 32)]
    )
    return evidence(
        mart.BudgetAmount,
        frame,
        location=provinces,
        source_release=releases(),
        budget_line=core,
    )


def source_release() -> Evidence:
    """The releases."""
    return evidence(mart.SourceRelease, releases())


def source_status() -> Evidence:
    """One source a year; the last is stale, and says why."""
    rows = [
        {
            "source": f"source_{n}",
            "edition": "2020",
            "state": "unreachable" if n == 9 else "current",
            "stale": n == 9,
            "reason": "Did not answer within 60 s; ask again tomorrow." if n == 9 else None,
            "release_id": RELEASE,
            "cadence_days": 366,
        }
        for n in range(10)
    ]
    frame = table_of(mart.SourceStatus, rows)
    return evidence(mart.SourceStatus, frame, source_release=releases())


def expectation_result() -> Evidence:
    """Results of one run, one of them a failure."""
    rows = [
        {
            "run_id": "run",
            "asset": "core/figure/cbs_kwb:2020",
            "expectation": f"rule_{n}",
            "severity": "warning",
            "success": n > 0,
            "observed": "3 of 416 rows unexpected" if n == 0 else "all 416 rows as expected",
            "unexpected_count": 3 if n == 0 else 0,
            "reason": "Absent is not zero.",
        }
        for n in range(10)
    ]
    return evidence(mart.ExpectationResult, table_of(mart.ExpectationResult, rows))


def quarantine() -> Evidence:
    """A few rows set aside."""
    rows = [
        {
            "quarantine_id": f"{n:032x}",
            "asset": "core/figure/cbs_kwb:2020",
            "release_id": RELEASE,
            "reason": "no_negative_figures: Counts are not negative.",
            "record": '{"value": -99997}',
        }
        for n in range(5)
    ]
    frame = table_of(mart.Quarantine, rows)
    return evidence(mart.Quarantine, frame, source_release=releases())


def publication() -> Evidence:
    """Five publications, a day apart."""
    rows = [
        {
            "publication_id": f"{n:06}",
            "published_at": MOMENT + dt.timedelta(days=n),
            "code_version": "0.1.0",
            "content_hash": f"{n:064x}",
        }
        for n in range(1, 6)
    ]
    return evidence(mart.Publication, table_of(mart.Publication, rows))


def data_dictionary() -> Evidence:
    """The dictionary of the values and the views, as their declarations make it."""
    frame = dictionary((mart.Indicator, mart.IndicatorValue), [])
    return evidence(mart.Dictionary, frame)
