"""Milestones: one a line, due and standing only where the line says so."""

from __future__ import annotations

import pytest

from assets.documents.formats.plain_text import MAX_BLOCKS as MOST_LINES
from assets.documents.records import Section
from assets.documents.structure import fields, milestones
from tests.assets.documents.reading_of_text import SEED_PAGE, seed, wordings
from tests.cost import assert_linear
from warehouse.tables.documents import Milestone


def section(text, role="milestones"):
    return Section(1, "5.1.2 > Mijlpalen", "Mijlpalen", role, "5.1.2", text, False, 1, None)


def read(text, role="milestones"):
    here = section(text, role)
    rows = milestones.read(here, fields.read(here, wordings())[0], wordings())
    for row in rows:
        assert row["title"] in text[row["quote_start"] : row["quote_end"]]
    return rows


def test_a_row_has_the_columns_of_its_table():
    (row,) = read("Besluit over het park")
    expected = {c.name for c in Milestone.__table__.columns} - {"document_id", "milestone_id"}
    assert set(row) == expected
    assert (row["performance_code"], row["due"], row["status"]) == ("5.1.2", None, "unknown")


@pytest.mark.parametrize(
    ("line", "due", "year"),
    [
        ("Besluit over het park Q4 2017", "Q4 2017", 2017),
        ("Besluit over het park, december 2018", "december 2018", 2018),
        ("Opening: 31-12-2018", "31-12-2018", 2018),
        ("Opening in het 2e kwartaal 2019", "2e kwartaal 2019", 2019),
        ("Opening vierde kwartaal van 2019", "vierde kwartaal van 2019", 2019),
        ("Opening medio 2019", "medio 2019", 2019),
        ("Opening 12 mei 2019", "12 mei 2019", 2019),
        ("Opening (2019)", "2019", 2019),
        ("Opening\t2020\tgepland", "2020", 2020),
        ("Statenvoorstel park, zie PS/2016/486", None, None),
        ("Evaluatie van de proeven in 2016 en 2017", None, None),
        ("Programma 2016-2019", None, None),
    ],
)
def test_when_it_is_due_is_as_written(line, due, year):
    (row,) = read(line)
    assert (row["due"], row["due_year"]) == (due, year)


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("Bestemmingsplan (gereed)", "met"),
        ("Bestemmingsplan is vastgesteld", "met"),
        ("Bestemmingsplan\tQ1 2018\tGereed", "met"),
        ("Gereed: bestemmingsplan", "met"),
        ("Opening - vertraagd", "late"),
        ("Opening (vervallen)", "dropped"),
        ("Opening\t2019\tgepland", "planned"),
        ("Opening nog niet gereed", "unknown"),
        ("Opening (nog niet gereed)", "unknown"),
        ("Plan voor afgerond wonen in de wijk", "unknown"),
        ("Vervallen panden opknappen", "unknown"),
        ("Opening\tgereed\tvertraagd", "unknown"),
    ],
)
def test_how_it_stands_is_said_in_declared_words(line, status):
    assert [row["status"] for row in read(line)] == [status]


def test_each_line_is_one_and_lines_that_announce_or_deny_are_none():
    rows = read(
        "In 2018:\n\n1. Besluit A (PS/2018/12)\n2. Besluit B\n• Opening C\n\nGeen.\n\nn.v.t."
    )
    assert [row["title"] for row in rows] == ["Besluit A (PS/2018/12)", "Besluit B", "Opening C"]
    assert [row["decision"] for row in rows] == ["PS/2018/12", None, None]
    assert read("Besluiten PS/2018/12 en PS/2018/13")[0]["decision"] is None
    assert read("Mijlpaal\tPlanning\tStatus\nOpening\tQ1 2018\tgereed")[0]["title"] == "Opening"


def test_the_field_of_the_basics_gives_them_and_nothing_else_there_does():
    rows = read(
        "Rol provincie:\n\nRegisseur.\n\nMijlpalen:\n\nOpening Q4 2017\n\nSluiting", "basics"
    )
    assert [row["title"] for row in rows] == ["Opening Q4 2017", "Sluiting"]
    assert read("Wij openen in Q4 2017.", "progress") == []


def test_the_seed_page_has_one():
    made = seed(SEED_PAGE)
    here = made.section("5.1.2 > Basisinformatie")
    (row,) = milestones.read(here, made.fields[here.path], wordings())
    assert (row["decision"], row["due"], row["status"]) == ("PS/2016/486", None, "unknown")
    assert here.text[row["quote_start"] : row["quote_end"]] == row["title"]


@pytest.mark.parametrize(
    "unit", ["Opening Q4 2017\n", "2e ", "(", "gereed - ", "1. ", "in 2", "12 mei "]
)
def test_a_megabyte_takes_linear_time(unit):
    def work(size: int) -> None:
        here = section(unit * min(size // len(unit), MOST_LINES if "\n" in unit else size))
        milestones.read(here, (), wordings())

    assert_linear(work, 1_000_000)
