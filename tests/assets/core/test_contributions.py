"""What stands behind a count of establishments: how many, and the two largest."""

from __future__ import annotations

import polars as pl

from assets.core import contributions, register_figures
from expectations.gate import judge
from expectations.rules import Evidence
from expectations.suites import figure_register
from expectations.suites.figure_register import beside_contributions
from tests.assets.core.test_establishments import PEOPLE, made
from tests.assets.material import REGISTER, edition_of
from warehouse.tables.core import Contribution, Figure
from warehouse.vocabulary import polars_schema

EDITION = edition_of(REGISTER, pl.DataFrame(), edition="2026-04-01")
NAMES = ("establishment_id", "municipality_code", "neighbourhood_code", "sbi_code",
         "working_persons")  # fmt: skip
ROWS = made(*(dict(zip(NAMES, row, strict=True)) for row in PEOPLE))


def test_the_two_largest_of_every_figure() -> None:
    table = contributions.contributions(EDITION, ROWS)
    assert table.schema == polars_schema(Contribution)
    said = {row[:3]: row[3:] for row in table.select(
        "region_code", "measure", "breakdown", "contributors", "largest", "second_largest"
    ).iter_rows()}  # fmt: skip
    assert said["GM0153", "jobs", "total"] == (5, 120, 10)
    assert said["GM0153", "establishments", "total"] == (5, 1, 1)
    assert said["GM0153", "jobs", "sbi_logistics"] == (1, 9, 0)
    assert said["GM0153", "establishments", "sbi_logistics"] == (1, 1, 0)
    assert said["GM0193", "jobs", "sbi_htsm"] == (0, 0, 0)
    assert said["BU01530703", "jobs", "size_10_plus"] == (2, 120, 10)


def test_every_figure_has_its_contribution() -> None:
    evidence = Evidence(
        frame=register_figures.figures(EDITION, ROWS, contributions.contributions(EDITION, ROWS)),
        table=Figure,
        source=REGISTER.name,
        edition="2026-04-01",
        others={"contribution": contributions.contributions(EDITION, ROWS)},
    )
    beside = [rule for rule in figure_register.RULES if rule.over is beside_contributions]
    assert len(beside) == 2
    assert [o.observed for o in judge(evidence, beside).outcomes if not o.success] == []
